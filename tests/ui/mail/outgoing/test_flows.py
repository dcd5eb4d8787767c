"""Outgoing mail and the pouch in the real window: by keys and by scanner alone, from the counter to the signature."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from cbo_desk.mail import outgoing, pouch
from cbo_desk.mail.outgoing import State, outgoing_card
from cbo_desk.mail.pouch import BagState, WayBillLine, bag_card
from cbo_desk.permissions import Actor, Role
from cbo_desk.tags import unknown_scans
from tests.conftest import MORNING
from tests.mail.outgoing.conftest import CUT_OFF, bag, for_pouch, hand_in
from tests.tampering import change_mail
from tests.ui.mail.test_page import sign
from tests.ui.places.conftest import CONTROL
from ui.kit.labels import Label

Key = Qt.Key


def words_of(card):
    return " | ".join(label.words() for label in card.findChildren(Label) if label.isVisible())


def tab(clerk, text=None):
    """On to the next field, and type there."""
    clerk.press(Key.Key_Tab)
    if text is not None:
        clerk.type(text)


def test_from_the_counter_to_the_drivers_signature_by_keys(at, desk, sqlite_office):
    clerk = at("outgoing")
    clerk.press(Key.Key_N, CONTROL)
    form = clerk.form()
    clerk.press(Key.Key_Down)  # the entity
    tab(clerk, "Erik Lindqvist")
    tab(clerk, "Permanent Mission of Norway")
    clerk.save()
    clerk.until(lambda: clerk.fault("country"))
    clerk.until(lambda: clerk.fault("weight"))
    form.editors["country"].line.setFocus()
    clerk.pick("switz")
    tab(clerk, "Chemin 1, Geneva")
    tab(clerk)
    tab(clerk, "0.32")
    tab(clerk, "official correspondence")
    clerk.save()
    clerk.gone()
    clerk.until(lambda: clerk.page.card.card is not None)
    clerk.until(lambda: "Which carrier takes it" in words_of(clerk.page.card))
    clerk.until(lambda: "42.50 USD" in words_of(clerk.page.card))
    clerk.page.focus_body()
    clerk.press(Key.Key_1)
    clerk.until(lambda: clerk.page.card.card.carrier == "DHL Express")
    item = clerk.page.card.card
    assert (item.carrier, item.price_cents, item.form.country) == ("DHL Express", 4250, "Switzerland")
    clerk.press(Key.Key_M)
    clerk.still()
    clerk.until(lambda: sqlite_office.read(outgoing_card, item.id).state is State.MANIFESTED)
    clerk.press(Key.Key_S)  # its manifest
    clerk.until(lambda: clerk.page.title.words() == "Manifests" and clerk.page.card.card is not None)
    clerk.page.focus_body()
    clerk.press(Key.Key_C)
    clerk.until(lambda: clerk.window.shell._overlay is not None)
    clerk.press(Key.Key_Tab)
    clerk.press(Key.Key_Space)
    clerk.still()
    clerk.until(lambda: clerk.page.card.card.row.closed_at is not None)
    clerk.page.focus_body()
    clerk.press(Key.Key_H)
    form = clerk.form()
    clerk.type("Otieno, driver")
    clerk.save()
    clerk.until(lambda: "signs for it" in clerk.fault("name"))
    from ui.kit.signature import SignaturePad

    sign(clerk, form.findChild(SignaturePad))
    clerk.save()
    clerk.gone()
    clerk.still()
    card = sqlite_office.read(outgoing_card, item.id)
    assert (card.state, card.holder) == (State.COLLECTED, "Otieno, driver, DHL Express")
    clerk.scan(sqlite_office.read(outgoing_card, hand_in(sqlite_office, desk, desk.dhl)).code)
    clerk.until(lambda: "MF-0001 is closed: O-000002 is not put on it." in clerk.told())
    assert len(card.events[-1].proof.strokes) == 2
    assert [str(line.amount) for line in card.charges] == ["42.50"]


def test_a_manifest_is_filled_by_scanner_and_a_label_names_its_item(at, desk, sqlite_office):
    ids = [hand_in(sqlite_office, desk, carrier) for carrier in (desk.dhl, desk.dhl, desk.posta)]
    tags = [sqlite_office.read(outgoing_card, ident).code for ident in ids]
    clerk = at("outgoing")
    clerk.scan(tags[0])
    clerk.until(lambda: clerk.page.card.card is not None and clerk.page.card.card.id == ids[0])
    clerk.scan("3318810025")  # what DHL calls it
    clerk.until(lambda: sqlite_office.read(outgoing_card, ids[0]).carrier_number == "3318810025")
    sheet = sqlite_office.write(outgoing.open_manifest, desk.dhl).ids[0]
    clerk.window.shell.actions_.run("mail.manifests")
    clerk.page.open_at(f"mail.manifest:{sheet}")
    clerk.until(lambda: clerk.page.card.card is not None)
    for code in tags[:2]:
        clerk.scan(code)
    clerk.until(lambda: len(clerk.page.card.card.lines) == 2)
    clerk.page.focus_body()
    clerk.undo()
    states = [State.MANIFESTED, State.HANDED_IN, State.HANDED_IN]
    clerk.until(lambda: [sqlite_office.read(outgoing_card, ident).state for ident in ids] == states)
    clerk.scan(tags[2])
    clerk.until(lambda: "goes with Posta Kenya, and MF-0001 is for DHL Express" in clerk.told())
    clerk.scan("NOSUCH 1")
    clerk.until(lambda: "No outgoing item has NOSUCH 1." in clerk.told())
    assert type(clerk.window.shell.page()).__name__ == "ManifestsPage"  # nothing is received by the way
    assert [one.text for one in sqlite_office.read(unknown_scans)] == ["NOSUCH 1"]


def test_a_bag_by_scanner_alone_and_what_it_refuses_is_said_at_the_bag(at, desk, sqlite_office):
    items = [for_pouch(sqlite_office, desk, weight_g=weight) for weight in (2400, 15_000, 17_000, 13_000)]
    bad = for_pouch(sqlite_office, desk, contents="cash")
    ident = bag(sqlite_office, desk)
    clerk = at("pouch")
    clerk.scan(sqlite_office.read(outgoing_card, items[0]).code)
    clerk.scan(sqlite_office.read(bag_card, ident).code)
    clerk.until(lambda: clerk.page.card.card is not None)
    for item in items[:2]:
        clerk.scan(sqlite_office.read(outgoing_card, item).code)
    clerk.until(lambda: clerk.page.card.card.row.weight_g == 17_400)
    clerk.scan(sqlite_office.read(outgoing_card, items[2]).code)
    clerk.until(lambda: "at most 16 kg in one package" in clerk.page.card.fault.words())
    clerk.scan(sqlite_office.read(outgoing_card, items[3]).code)
    over = "PB-0001 holds 17.4 kg of 30 kg: with this it would be 0.4 kg over."
    clerk.until(lambda: over in clerk.page.card.fault.words())
    clerk.scan(sqlite_office.read(outgoing_card, bad).code)
    clerk.until(lambda: "the pouch does not carry: cash" in clerk.page.card.fault.words())
    clerk.page.focus_body()
    clerk.press(Key.Key_C)
    clerk.still()
    clerk.until(lambda: clerk.page.card.card.row.state is BagState.CERTIFIED)
    clerk.until(lambda: clerk.page.card.fault.words() == "")  # what was refused before is past
    clerk.scan(sqlite_office.read(outgoing_card, bad).code)
    clerk.until(lambda: "PB-0001 is certified: nothing goes in or out" in clerk.page.card.fault.words())
    clerk.press(Key.Key_S)
    clerk.form()
    clerk.type("x")
    clerk.save()
    clerk.until(lambda: "three characters at least" in clerk.fault("seal"))
    clerk.type("UN 448120")
    clerk.save()
    clerk.gone()
    clerk.until(lambda: clerk.page.card.card.row.state is BagState.SEALED)
    clerk.scan(sqlite_office.read(outgoing_card, items[3]).code)
    clerk.until(lambda: "PB-0001 is sealed: nothing goes in or out any more" in clerk.page.card.fault.words())
    clerk.page.focus_body()
    clerk.press(Key.Key_D)
    clerk.form()
    clerk.type("KQ 112")
    clerk.save()
    clerk.gone()
    clerk.still()
    clerk.until(lambda: sqlite_office.read(outgoing_card, items[0]).state is State.DISPATCHED)


def test_a_bag_that_came_in_is_counted_by_scanner(at, desk, sqlite_office):
    lines = (WayBillLine("GVA-001", 900, "Registry", "letters"), WayBillLine("GVA-002", 700))
    ident = sqlite_office.write(pouch.announce, desk.gva, "GVA/118", "GE 7001", CUT_OFF, lines).ids[0]
    clerk = at("pouch")
    clerk.scan(sqlite_office.read(bag_card, ident).code)
    clerk.until(lambda: clerk.page.card.card is not None)
    clerk.page.focus_body()
    clerk.press(Key.Key_T)
    form = clerk.form()
    form.set_values({"found": pouch.SealFound.INTACT, "seal": "ge 7001"})
    clerk.save()
    clerk.gone()
    clerk.until(lambda: clerk.page.card.card.row.state is BagState.ARRIVED)
    clerk.scan("GVA-001")
    clerk.scan("GVA-001")
    clerk.until(lambda: "GVA-001 has been counted already" in clerk.page.card.fault.words())
    clerk.scan("GVA-002")
    clerk.until(lambda: clerk.page.card.card.left == 0)
    clerk.page.focus_body()
    clerk.press(Key.Key_K)
    clerk.until(lambda: clerk.window.shell._overlay is not None)
    clerk.press(Key.Key_Tab)
    clerk.press(Key.Key_Space)
    clerk.still()
    clerk.until(lambda: sqlite_office.read(bag_card, ident).row.state is BagState.CONFIRMED)


def test_a_broken_seal_is_taken_in_by_keys_alone_and_is_a_case(at, desk, sqlite_office):
    lines = (WayBillLine("GVA-001", 900, "Registry", "letters"),)
    ident = sqlite_office.write(pouch.announce, desk.gva, "GVA/119", "GE 7002", CUT_OFF, lines).ids[0]
    clerk = at("pouch")
    clerk.scan(sqlite_office.read(bag_card, ident).code)
    clerk.until(lambda: clerk.page.card.card is not None)
    clerk.page.focus_body()
    clerk.press(Key.Key_T)
    clerk.form()
    clerk.save()
    assert clerk.fault("found"), "nothing is said to be intact by Enter alone"
    clerk.press(Key.Key_Down)  # intact
    clerk.press(Key.Key_Down)  # broken
    tab(clerk, "GE 7002")
    clerk.save()
    clerk.gone()
    clerk.until(lambda: clerk.page.card.card.cases)
    [case] = sqlite_office.read(bag_card, ident).cases
    assert (case.what, case.closed_at) == (pouch.CaseWhat.SEAL_BROKEN, None)
    clerk.scan("GVA-001")
    clerk.until(lambda: clerk.page.card.card.left == 0)
    clerk.page.focus_body()
    clerk.press(Key.Key_E)
    clerk.form()
    clerk.type("The courier tore it; photographed.")
    clerk.save()
    clerk.gone()
    clerk.until(lambda: clerk.page.card.card.cases[0].closed_at is not None)
    clerk.still()


def test_who_lacks_the_right_is_shown_number_and_weight(at, desk, sqlite_office):
    item, ident = for_pouch(sqlite_office, desk), bag(sqlite_office, desk)
    sqlite_office.write(pouch.pack, ident, [item])
    roles = {"mail": Role.CLERK, "people": Role.VIEWER, "tags": Role.CLERK}
    eve = sqlite_office.signed_in(Actor("eve", "Eve", roles, "DESK-2"))
    clerk = at("pouch", eve)
    clerk.page.open_at(f"mail.bag:{ident}")
    clerk.until(lambda: clerk.page.card.card is not None)
    said = words_of(clerk.page.card)
    assert "Need-to-know" in said
    assert "2.4 kg of 30 kg" in said
    assert "Registry" not in said
    known = {action.id for action in clerk.window.shell.actions_.of("mail")}
    assert not {"mail.certify", "mail.seal", "mail.open_bag"} & known
    clerk.window.shell.actions_.run("mail.outgoing")
    clerk.page.open_at(f"mail.outgoing:{item}")
    clerk.until(lambda: clerk.page.card.card is not None)
    said = words_of(clerk.page.card)
    assert "Contents are need-to-know" in said
    assert "agreements" not in said


def test_a_broken_way_stands_in_red(at, desk, sqlite_office):
    ident = hand_in(sqlite_office, desk, desk.dhl)
    clerk = at("outgoing")
    clerk.page.open_at(f"mail.outgoing:{ident}")
    clerk.until(lambda: clerk.page.card.card is not None and "chain whole" in words_of(clerk.page.card))
    change_mail(sqlite_office, "UPDATE mail_outgoing SET holder = 'Eve'")
    clerk.page._read(ident)
    clerk.until(lambda: "is said to be with Eve, but its steps end with Ada" in words_of(clerk.page.card))
    assert "chain whole" not in words_of(clerk.page.card)


@pytest.mark.parametrize("page", ["outgoing", "manifests", "rates", "pouch"])
def test_an_empty_page_says_what_to_do(at, desk, sqlite_office, page, monkeypatch):
    clerk = at(page)
    if page == "rates":
        assert clerk.page.list.model.rowCount() == 5
        clerk.page.list.find_words("posta registered")
        clerk.still()
        clerk.until(lambda: clerk.page.list.model.rowCount() == 1)
    else:
        clerk.until(lambda: clerk.page.list.states.state is not None)
        assert clerk.page.list.states.state.kind == "empty"


def test_a_price_is_confirmed_and_a_used_one_stands(at, desk, sqlite_office, clock):
    hand_in(sqlite_office, desk, desk.dhl)
    clerk = at("rates")
    clerk.until(lambda: clerk.page.line is not None)
    used = next(row for row in sqlite_office.read(outgoing.rate_card, desk.dhl) if row.price_cents == 4250)
    clerk.page.list.show_record(used.id)
    clerk.until(lambda: clerk.page.line is not None and clerk.page.line.id == used.id)
    clerk.page.focus_body()
    clerk.press(Key.Key_E)
    form = clerk.form()
    form.set_values({"price": 44, "valid_from": used.valid_from})
    clerk.save()
    clerk.until(lambda: "Save again to put yours in its place" in clerk.fault("valid_from"))
    clerk.save()
    clerk.until(lambda: "Mail went out at this price" in clerk.fault("valid_from"))
    form.set_values({"valid_from": MORNING.date() + timedelta(days=3)})
    clerk.save()
    clerk.gone()
    clerk.still()
    clerk.until(lambda: len(sqlite_office.read(outgoing.rate_card, desk.dhl)) == 4)


def test_today_leads_to_what_waits(at, desk, sqlite_office, clock):
    for _ in range(4):
        bag(sqlite_office, desk)
    sheet = sqlite_office.write(outgoing.open_manifest, desk.dhl).ids[0]
    clock.now += timedelta(hours=12)
    clerk = at("outgoing")
    today = clerk.window.shell.go("today")
    clerk.until(lambda: {"bag_cut_off", "manifest_waits"} <= {str(row.need.what) for row in today.showing()})
    lines = {str(row.need.what): row for row in today.showing()}
    assert lines["bag_cut_off"].title == "4 bags are not certified before the cut-off"
    assert lines["manifest_waits"].title == "MF-0001 was not collected"
    today.do(lines["bag_cut_off"])
    clerk.until(lambda: clerk.page.title.words() == "Pouch")
    assert clerk.page.tabs.current() == "packing"
    today.do(lines["manifest_waits"])
    clerk.until(lambda: clerk.page.title.words() == "Manifests" and clerk.page.card.card is not None)
    assert clerk.page.card.card.row.id == sheet
