"""Mail on a vehicle: handed over once, seen from both desks, and nothing is lost with a cancelled trip."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cbo_desk.errors import Refusal
from cbo_desk.handoffs import (
    day_sheets_with_mail,
    give_bag,
    give_manifest,
    load_of,
    loads_of,
    move_load,
    put_round,
    take_round_off,
    ticket_with_mail,
    trips_to_load,
)
from cbo_desk.mail import ROUND, Taken, close_round, outgoing, plan_round, pouch
from cbo_desk.mail.outgoing import MANIFEST, State, outgoing_card
from cbo_desk.mail.pouch import BAG, BagState, bag_card
from cbo_desk.refusals import SENTENCES, sentence_for
from cbo_desk.transport import depart, return_trip, take_off
from cbo_desk.transport.ticket import write_day_sheets, write_ticket
from tests.handoffs.vehicles import fill_trips
from tests.mail.outgoing.conftest import STROKES, bag, desk, for_pouch, hand_in
from tests.rows import undo
from tests.transport.test_papers import read as text_and_codes
from tests.writing import insert

__all__ = ["desk"]
DRIVER = Taken("Otieno, J.", strokes=STROKES)


@pytest.fixture
def road(office, desk):  # noqa: F811 - the fixture of that name
    return insert(office, fill_trips)


def sealed(office, desk):  # noqa: F811
    ident = bag(office, desk)
    office.write(pouch.pack, ident, [for_pouch(office, desk)])
    office.write(pouch.certify, ident)
    office.write(pouch.seal, ident, f"UN {ident:04}")
    return ident


def test_a_bag_goes_with_a_trip_and_both_desks_see_it(office, desk, road, clock):  # noqa: F811
    first, second = road.trips
    offered = office.read(trips_to_load)
    assert [(one.reference, one.plate, one.driver, one.route) for one in offered] == [
        ("TT-0001", "UN 041", "Otieno J.", "Gigiri → JKIA"), ("TT-0002", "UN 022", "Mwangi J.", "Gigiri → JKIA"),
    ]  # fmt: skip
    assert [one.id for one in office.read(trips_to_load, "mwangi jkia")] == [second]
    unsealed, ident = bag(office, desk), sealed(office, desk)
    with pytest.raises(Refusal, match="PB-0001 is not certified: a bag is certified and sealed before it is disp"):
        office.write(give_bag, unsealed, first)
    assert office.read(loads_of, first) == [], "nothing half done"
    done = office.write(give_bag, ident, first)
    assert done.said.startswith("PB-0002 goes with TT-0001 (UN 041, Otieno J.), which leaves 24 Aug at ")
    card = office.read(bag_card, ident)
    assert (card.row.state, card.carried_by) == (BagState.DISPATCHED, "TT-0001 (UN 041, Otieno J.)")
    [load] = office.read(loads_of, first)
    assert (load.number, load.said) == ("PB-0002", "Pouch bag to UNOG Geneva, 2.4 kg"), "nothing of what is in it"
    assert office.read(load_of, BAG, ident) == load
    with pytest.raises(Refusal, match="has been dispatched"):
        office.write(give_bag, ident, second)
    with pytest.raises(Refusal, match="This trip carries mail. Let that go with another trip first"):
        office.write(take_off, [road.requests[0]])
    with pytest.raises(Refusal, match="Say why"):
        office.write(move_load, load.id, second, " ")
    moved = office.write(move_load, load.id, second, "UN 041 broke down")
    assert office.read(loads_of, first) == []
    undo(office, moved)
    assert office.read(load_of, BAG, ident).trip.id == first
    office.write(depart, first)
    assert office.read(load_of, BAG, ident).trip.on_road
    clock.now += (office.read(trips_to_load)[0].starts - clock.now) * 3
    office.write(return_trip, first, 30)
    [load] = office.read(loads_of, first)
    assert not load.moves
    with pytest.raises(Refusal, match="PB-0002 has been brought: its trip is back"):
        office.write(move_load, load.id, second, "late")
    with pytest.raises(Refusal, match="TT-0001 is back: nothing can be put on it any more"):
        office.write(give_bag, sealed(office, desk), first)


def test_a_manifest_is_collected_by_the_driver_and_a_round_rides_along(office, desk, road):  # noqa: F811
    first, second = road.trips
    sheet = office.write(outgoing.open_manifest, desk.dhl).ids[0]
    item = hand_in(office, desk, desk.dhl)
    office.write(outgoing.list_items, [item], sheet)
    with pytest.raises(Refusal, match="Close MF-0001 before it is collected"):
        office.write(give_manifest, sheet, first, DRIVER)
    office.write(outgoing.close_manifest, sheet)
    with pytest.raises(Refusal, match="signs for it"):
        office.write(give_manifest, sheet, first, Taken("Otieno"))
    office.write(give_manifest, sheet, first, DRIVER)
    assert office.read(outgoing_card, item).state is State.COLLECTED
    assert office.read(load_of, MANIFEST, sheet).said == "For DHL Express, 1 item, 0.32 kg"
    tour = office.write(plan_round, "North blocks", "Kamau S.").ids[0]
    done = office.write(put_round, tour, first)
    assert [load.number for load in office.read(loads_of, first)] == ["MF-0001", "R-0001"]
    with pytest.raises(Refusal, match="R-0001 goes with TT-0001 already"):
        office.write(put_round, tour, second)
    undo(office, done)
    assert office.read(load_of, ROUND, tour) is None
    office.write(put_round, tour, second)
    with pytest.raises(Refusal, match="MF-0001 is the vehicle's to carry"):
        office.write(take_round_off, office.read(load_of, MANIFEST, sheet).id, "why")
    other = office.write(plan_round, "South blocks", "Kamau S.").ids[0]
    office.write(close_round, other)
    with pytest.raises(Refusal, match="This round is closed"):
        office.write(put_round, other, first)


def test_the_ticket_lists_the_mail_aboard_with_its_seals(office, desk, road, tmp_path):  # noqa: F811
    first, second = road.trips
    paper = tmp_path / "ticket.pdf"

    def printed(trip):
        write_ticket("Gigiri", office.read(ticket_with_mail, trip), paper)
        return " ".join(text_and_codes(paper)[0].split())

    assert "Mail aboard" not in printed(first), "the control: a trip without mail says nothing of it"
    bags = [sealed(office, desk), sealed(office, desk)]
    for ident in bags:
        office.write(give_bag, ident, first)
    sheet = office.write(outgoing.open_manifest, desk.dhl).ids[0]
    office.write(outgoing.list_items, [hand_in(office, desk, desk.dhl)], sheet)
    office.write(outgoing.close_manifest, sheet)
    office.write(give_manifest, sheet, first, DRIVER)
    office.write(put_round, office.write(plan_round, "North blocks", "Kamau S.").ids[0], first)
    said = printed(first)
    lines = (
        "PB-0001 Pouch bag to UNOG Geneva, 2.4 kg seal UN 0001",
        "PB-0002 Pouch bag to UNOG Geneva, 2.4 kg seal UN 0002",
        "MF-0001 For DHL Express, 1 item, 0.32 kg no seal", "R-0001 North blocks · Kamau S. no seal", "4 loads",
    )  # fmt: skip
    assert [line for line in lines if line not in said] == []
    assert "agreements" not in said, "what is in the pouch is need-to-know"
    office.write(move_load, office.read(load_of, BAG, bags[1]).id, second, "UN 041 is full")
    assert "PB-0002" not in printed(first), "what went with another trip stands on that one's ticket"
    assert "PB-0002" in printed(second)
    # The drivers' day sheets say the same, each trip its own.
    sheets = office.read(day_sheets_with_mail, office.read(ticket_with_mail, first).starts.date())
    aboard = {sheet.driver: [load.number for shown in sheet.tickets for load in shown.aboard] for sheet in sheets}
    assert aboard == {"Otieno, J.": ["PB-0001", "MF-0001", "R-0001"], "Mwangi, J.": ["PB-0002"]}
    write_day_sheets("Gigiri", sheets, paper)
    pages = " ".join(text_and_codes(paper)[0].split())
    assert [line for line in (*lines[:4], "aboard [ ]") if line not in pages] == []
    assert "agreements" not in pages


ATTACKS = {
    "twice": ("uq_trip_load_once", "INSERT INTO trip_load (trip_id, kind, record_id, number, at, by, workstation) "
              "SELECT {second}, kind, record_id, number, at, by, workstation FROM trip_load"),
    "cancelled": ("trip_is_loaded", "UPDATE trip SET state = 'cancelled' WHERE id = {second}"),
    "another trip": ("trip_load_stands", "UPDATE trip_load SET trip_id = {first}"),
    "another thing": ("trip_load_stands", "UPDATE trip_load SET number = 'R-9999'"),
    "gone": ("trip_load is append-only", "DELETE FROM trip_load"),
    "off by nobody": ("ck_trip_load_off_by_somebody_who_said_why", "UPDATE trip_load SET off_at = at"),
    "of another kind": ("ck_trip_load_kind", "INSERT INTO trip_load (trip_id, kind, record_id, number, at, by, "
                        "workstation) SELECT trip_id, 'property.asset', 1, 'A', at, by, workstation FROM trip_load"),
}  # fmt: skip


def test_the_database_itself_refuses(office, desk, road):  # noqa: F811
    """What no tool can do on either engine; the controls are the last lines, which each of the rules lets through."""
    first, second = road.trips
    tour = office.write(plan_round, "North blocks", "Kamau S.").ids[0]
    ident = office.write(put_round, tour, second).also["transport.load"][0]
    for word, statement in ATTACKS.values():
        refused = sql(office, second, statement.format(first=first, second=second))
        assert word in str(refused) or sentence_for(refused) == SENTENCES.get(word), word
    assert sql(office, first, f"UPDATE trip SET state = 'cancelled' WHERE id = {first}") is None
    again = f"INSERT INTO trip_load (trip_id, kind, record_id, number, at, by, workstation) SELECT {first}, kind, 9, "
    assert "trip_load_trip_over" in str(sql(office, first, again + "'R-9', at, by, workstation FROM trip_load"))
    office.write(take_round_off, ident, "not needed")
    assert sql(office, second, f"UPDATE trip SET state = 'cancelled' WHERE id = {second}") is None


def sql(office, trip_id, statement):
    """Run a statement past the program on a trip whose requests were taken off; the database's refusal, or None."""
    try:
        with office.engine.execution_options(writes=True).begin() as connection:
            if "SET state" in statement:
                freed = "UPDATE trip_request SET trip_id = NULL, state = 'approved' WHERE trip_id = :trip"
                connection.execute(text(freed), {"trip": trip_id})
            connection.execute(text(statement))
    except IntegrityError as refused:
        return refused
    return None
