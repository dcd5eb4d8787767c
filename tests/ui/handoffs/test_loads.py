"""Mail goes on a vehicle by scanner: the sealed bag and the trip's ticket, in either order; both desks show it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from cbo_desk.handoffs import load_of, loads_of
from cbo_desk.mail import ROUND, outgoing, plan_round, round_card
from cbo_desk.mail.outgoing import MANIFEST, manifest_card
from cbo_desk.mail.pouch import BAG, BagState, bag_card
from cbo_desk.tags import give_tags
from tests.conftest import MORNING
from tests.handoffs.test_loads import sealed
from tests.handoffs.vehicles import fill_trips
from tests.mail.outgoing.conftest import hand_in
from tests.ui.mail.outgoing.conftest import at, desk, open_window
from tests.ui.mail.test_page import sign
from tests.writing import insert
from ui.kit.labels import Label
from ui.kit.signature import SignaturePad

__all__ = ["at", "desk", "open_window"]
Key = Qt.Key


@pytest.fixture
def road(sqlite_office, desk):  # noqa: F811 - the fixture of that name

    def fill(session):
        session.info["now"] = MORNING
        made = fill_trips(session)
        made.tickets = give_tags(session, "transport.trip", made.trips)
        return made

    return insert(sqlite_office, fill)


def words_of(piece):
    return " | ".join(label.words() for label in piece.findChildren(Label))


def test_bag_manifest_and_round_go_with_a_trip_and_both_desks_show_it(at, desk, road, sqlite_office):  # noqa: F811
    office, (first, second) = sqlite_office, road.trips
    bags = [sealed(office, desk), sealed(office, desk)]
    codes = [office.read(bag_card, ident).code for ident in bags]
    clerk = at("pouch")
    clerk.scan(codes[0])
    clerk.until(lambda: clerk.page.card.card is not None and clerk.page.card.card.row.state is BagState.SEALED)
    clerk.scan(road.tickets[0])
    clerk.until(lambda: office.read(load_of, BAG, bags[0]) is not None)
    clerk.until(lambda: clerk.page.card.card.row.state is BagState.DISPATCHED)
    clerk.until(lambda: clerk.page.card.goes_with.load is not None)
    assert "TT-0001 · UN 041 · Otieno J." in words_of(clerk.page.card.goes_with)

    tour = office.write(plan_round, "North blocks", "Kamau S.").ids[0]
    clerk.scan(office.read(round_card, tour).code)
    clerk.until(lambda: clerk.page.title.words() == "Rounds" and clerk.page.card.card is not None)
    clerk.scan(road.tickets[0])
    clerk.until(lambda: office.read(load_of, ROUND, tour) is not None)

    sheet = office.write(outgoing.open_manifest, desk.dhl).ids[0]
    office.write(outgoing.list_items, [hand_in(office, desk, desk.dhl)], sheet)
    office.write(outgoing.close_manifest, sheet)
    clerk.scan(office.read(manifest_card, sheet).code)
    clerk.until(lambda: clerk.page.title.words() == "Manifests" and clerk.page.card.card is not None)
    clerk.scan(road.tickets[0])
    form = clerk.form()
    assert form.values()["name"] == "Otieno J."
    sign(clerk, form.findChild(SignaturePad))
    clerk.save()
    clerk.gone()
    clerk.until(lambda: office.read(load_of, MANIFEST, sheet) is not None)

    clerk.until(lambda: clerk.page.card.goes_with.load is not None)
    clerk.page.card.goes_with.open_trip()
    clerk.until(lambda: clerk.page.title.words() == "Vehicle dispatch")
    clerk.until(lambda: len(clerk.page.card.aboard.loads) == 3)
    said = words_of(clerk.page.card.aboard)
    assert all(number in said for number in ("PB-0001", "R-0001", "MF-0001"))
    assert "agreements" not in said, "what is in the pouch is need-to-know"

    clerk.window.bench.open_record("transport.trip", second)
    clerk.until(lambda: clerk.page.card.card is not None and clerk.page.card.card.row.trip_id == second)
    clerk.still()
    clerk.scan(codes[1])  # at the vehicle: the trip is in hand, and the bag is scanned
    clerk.until(lambda: [load.number for load in office.read(loads_of, second)] == ["PB-0002"])
    clerk.until(lambda: [load.number for load in clerk.page.card.aboard.loads] == ["PB-0002"])

    clerk.page.card.aboard._open(clerk.page.card.aboard.loads[0])
    clerk.until(lambda: clerk.page.title.words() == "Pouch" and clerk.page.card.card is not None)
    clerk.until(lambda: clerk.page.card.card.row.id == bags[1] and clerk.page.card.goes_with.load is not None)
    clerk.page.card.goes_with.ask_move()
    form = clerk.form()
    form.editors["trip"].line.setFocus()
    clerk.pick("otieno")
    form.set_values({"why": "UN 022 broke down"})
    clerk.save()
    clerk.gone()
    clerk.until(lambda: office.read(load_of, BAG, bags[1]).trip.id == first)
    clerk.still()


def test_a_bag_is_dispatched_by_the_form_with_a_trip_or_somebody_never_both(at, desk, road, sqlite_office):  # noqa: F811
    ident = sealed(sqlite_office, desk)
    clerk = at("pouch")
    clerk.scan(sqlite_office.read(bag_card, ident).code)
    clerk.until(lambda: clerk.page.card.card is not None)
    clerk.page.focus_body()
    clerk.press(Key.Key_D)
    form = clerk.form()
    clerk.save()
    clerk.until(lambda: "Say who or what carries the bag" in clerk.fault("carried_by"))
    clerk.type("KQ 112")
    form.editors["trip"].line.setFocus()
    clerk.pick("UN 041")
    clerk.save()
    clerk.until(lambda: "not both" in clerk.fault("carried_by"))
    form.set_values({"carried_by": ""})
    clerk.save()
    clerk.gone()
    clerk.until(lambda: sqlite_office.read(load_of, BAG, ident) is not None)
    assert sqlite_office.read(bag_card, ident).carried_by == "TT-0001 (UN 041, Otieno J.)"
    clerk.still()
