"""Mail goes out: its price, one manifest, frozen when closed, collected by signature, charged to the cent."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from cbo_desk import audit, charges
from cbo_desk.charges import ChargeFilter, ChargeList, charge_totals
from cbo_desk.errors import Faults, Refusal
from cbo_desk.mail import Taken, outgoing
from cbo_desk.mail.outgoing import (
    OUTGOING,
    State,
    Wanted,
    What,
    choose_carrier,
    close_manifest,
    collect_manifest,
    compare,
    edit_outgoing,
    give_back_outgoing,
    list_items,
    lose_outgoing,
    manifest_card,
    open_manifest,
    outgoing_card,
    rules,
    unlist_items,
    withdraw_outgoing,
)
from cbo_desk.mail.outgoing.rules import RateRow
from cbo_desk.refusals import sentence_for
from db import mail_outgoing, mail_outgoing_rules, triggers
from tests.conftest import MORNING
from tests.mail.outgoing.conftest import DAY, STROKES, hand_in, handed, price

DRIVER = Taken("Otieno, DHL driver", strokes=STROKES)


def stands(office, ident):
    return office.read(outgoing_card, ident).state


# --- ordinary days


def test_from_the_counter_to_the_driver_and_charged(office, desk):
    one = hand_in(office, desk, desk.dhl, item_class="express", weight_g=320, declared_cents=50_050)
    two = hand_in(office, desk, desk.dhl, entity_id=desk.wfp, weight_g=1_200)
    sheet = office.write(open_manifest, desk.dhl).ids[0]
    office.write(list_items, [one, two], sheet)
    closed = office.write(close_manifest, sheet)
    assert closed.said == "MF-0001 closed: 2 items for DHL Express, charged to 2 entities."
    assert closed.undo is None
    office.write(collect_manifest, sheet, DRIVER)
    card = office.read(outgoing_card, one)
    assert (card.state, card.holder) == (State.COLLECTED, "Otieno, DHL driver, DHL Express")
    assert [event.what for event in card.events] == [What.HAND_IN, What.LIST, What.COLLECT]
    assert (card.events[0].from_hand, card.events[0].to_hand) == ("Erik Lindqvist", "Ada Achieng")
    assert card.events[2].proof.strokes == STROKES
    # By hand: 42.50 and 1.25 % of 500.50, which is 6.25625.
    assert [(line.amount, line.unit) for line in card.charges] == [
        (Decimal("42.50"), "item"),
        (Decimal("6.26"), "USD insured"),
    ]
    assert card.price_cents == 4876
    totals = {one.entity: one.amount for one in office.read(charge_totals, ChargeFilter())}
    assert totals == {"UNEP": Decimal("48.76"), "WFP": Decimal("189.90")}
    sheet = office.read(manifest_card, sheet)
    assert sheet.totals == {"USD": 4876 + 18990}
    assert (sheet.row.count, sheet.row.weight_g, sheet.proof.taken_by) == (2, 1520, "Otieno, DHL driver")
    assert office.read(audit.verify).bad_seq is None


def test_carriers_side_by_side_with_the_reason_why_not(office, desk):
    offers = office.read(compare, Wanted("express", "europe", 320, 0))
    assert [(one.carrier, one.price_cents, one.currency) for one in offers] == [
        ("DHL Express", 4250, "USD"),
        ("Posta Kenya", 320_000, "KES"),
    ]
    asked = {
        ("express", "europe", 2_500, 0): "Posta Kenya takes up to 2 kg there, and this weighs 2.5 kg.",
        ("express", "europe", 320, 100): "Posta Kenya does not insure express mail to Europe.",
        ("express", "europe", 320, 150_000): "DHL Express insures up to 1,000.00 USD there, and this is worth "
        "1,500.00 USD.",
        ("express", "asia", 320, 0): "Posta Kenya does not serve Asia and Pacific.",
        ("registered", "europe", 320, 0): "DHL Express takes no registered mail to Europe.",
        ("express", "europe", 20_001, 0): "DHL Express takes up to 20 kg there, and this weighs 20.001 kg.",
    }
    for wanted, why in asked.items():
        assert why in [one.why_not for one in office.read(compare, Wanted(*wanted))]
    with pytest.raises(Refusal, match="Posta Kenya does not insure"):
        hand_in(office, desk, desk.posta, declared_cents=100)


def test_a_price_counts_from_its_day_and_what_was_handed_in_keeps_its_own(office, desk, clock):
    first = hand_in(office, desk, desk.dhl)
    price(office, desk.dhl, "express", "europe", 500, 4400, day=MORNING.date() + timedelta(days=1))
    assert office.read(outgoing_card, hand_in(office, desk, desk.dhl)).price_cents == 4250
    clock.now += timedelta(days=1)
    assert office.read(outgoing_card, hand_in(office, desk, desk.dhl)).price_cents == 4400
    assert office.read(outgoing_card, first).price_cents == 4250
    price(office, desk.dhl, "express", "europe", 500, None, day=MORNING.date() + timedelta(days=2))
    clock.now += timedelta(days=1)
    # No longer carried in that band: the next one up.
    assert office.read(outgoing_card, hand_in(office, desk, desk.dhl)).price_cents == 18990


BANDS = st.lists(
    st.tuples(st.integers(1, 30_000), st.integers(0, 40), st.one_of(st.none(), st.integers(0, 99_999))), max_size=8
)


@given(BANDS, st.integers(1, 31_000), st.integers(0, 45))
def test_the_offer_is_that_of_a_plain_search(bands, weight, day):
    """Against a brute search: the lightest weight in force that holds it, at its newest price begun by the day."""
    rows = [
        RateRow(n, 1, "express", "europe", up_to, DAY + timedelta(days=begins), cents, "USD", 0, 0, "s", True)
        for n, (up_to, begins, cents) in enumerate({(b[0], b[1]): b for b in bands}.values())
    ]
    on = DAY + timedelta(days=day)
    best = None
    for up_to in sorted({row.up_to_g for row in rows}):
        begun = [row for row in rows if row.up_to_g == up_to and row.valid_from <= on]
        newest = max(begun, key=lambda row: row.valid_from, default=None)
        if best is None and newest is not None and newest.price_cents is not None and up_to >= weight:
            best = newest
    found = rules.offer(1, "DHL", rules.in_force(rows, on), Wanted("express", "europe", weight, 0))
    assert found.rate_id == (best.id if best else None)
    assert found.price_cents == (best.price_cents if best else None)
    assert bool(found.why_not) == (best is None)


def test_what_the_form_refuses_beside_its_fields(office, desk):
    with pytest.raises(Faults) as refused:
        office.write(
            outgoing.hand_in,
            handed(desk, entity_id=None, recipient=" ", country="Atlantis", weight_g=0, purpose="", size_mm="big"),
        )
    assert set(refused.value.faults) == {"entity_id", "recipient", "country", "weight", "purpose", "size_mm"}
    for other, field in (
        ({"item_class": "insured"}, "declared"),
        ({"weight_g": 2_000_000}, "weight"),
        ({"declared_cents": -1}, "declared"),
        ({"item_class": "pigeon"}, "item_class"),
        ({"entity_id": 999}, "entity_id"),
    ):
        with pytest.raises(Faults) as refused:
            hand_in(office, desk, **other)
        assert list(refused.value.faults) == [field]
    # Nothing was half saved, and no number was lost.
    assert office.read(outgoing_card, hand_in(office, desk, country="ch")).number == "O-000001"


def test_undo_and_correction_as_long_as_it_waits_here(office, desk):
    made = office.write(outgoing.hand_in, handed(desk), desk.dhl)
    one = made.ids[0]
    card = office.read(outgoing_card, one)
    office.write(edit_outgoing, one, card.version, handed(desk, weight_g=900))
    assert office.read(outgoing_card, one).price_cents == 18990
    with pytest.raises(Refusal, match="Somebody else changed O-000001"):
        office.write(edit_outgoing, one, card.version, handed(desk))
    card = office.read(outgoing_card, one)
    done = office.write(edit_outgoing, one, card.version, handed(desk, country="Japan"))
    assert "DHL Express does not serve Asia and Pacific. Choose another one" in done.said
    assert office.read(outgoing_card, one).carrier == ""
    office.write(done.undo.command, *done.undo.args)
    office.write(choose_carrier, [one], desk.dhl)
    sheet = office.write(open_manifest, desk.dhl).ids[0]
    listed = office.write(list_items, [one], sheet)
    with pytest.raises(Refusal, match="O-000001 is on a manifest, so it cannot be taken back"):
        office.write(made.undo.command, *made.undo.args)
    office.write(listed.undo.command, *listed.undo.args)
    office.write(made.undo.command, *made.undo.args)
    assert stands(office, one) is State.WITHDRAWN
    assert [event.what for event in office.read(outgoing_card, one).events] == [
        What.HAND_IN, What.LIST, What.UNLIST, What.WITHDRAW,
    ]  # fmt: skip


def test_an_item_belongs_to_one_manifest_of_its_carrier(office, desk):
    one = hand_in(office, desk, desk.dhl)
    first, second = (office.write(open_manifest, desk.dhl).ids[0] for _ in range(2))
    other = office.write(open_manifest, desk.posta).ids[0]
    with pytest.raises(Refusal, match="O-000001 goes with DHL Express, and MF-0003 is for Posta Kenya"):
        office.write(list_items, [one], other)
    office.write(list_items, [one], first)
    with pytest.raises(Refusal, match="O-000001 is on a manifest, so it cannot be put on a manifest"):
        office.write(list_items, [one], second)
    with pytest.raises(Refusal, match="There is nothing on MF-0002"):
        office.write(close_manifest, second)
    with pytest.raises(Refusal, match="Close MF-0001 before it is collected"):
        office.write(collect_manifest, first, DRIVER)
    office.write(close_manifest, first)
    for command, args in ((unlist_items, ([one],)), (close_manifest, (first,)), (outgoing.drop_manifest, (first,))):
        with pytest.raises(Refusal, match="MF-0001 is closed"):
            office.write(command, *args)
    two = hand_in(office, desk, desk.dhl)
    with pytest.raises(Refusal, match="MF-0001 is closed"):
        office.write(list_items, [two], first)
    with pytest.raises(Refusal, match="Whoever collects MF-0001 signs for it"):
        office.write(collect_manifest, first, Taken("Otieno"))
    office.write(collect_manifest, first, Taken("Otieno", badge=True))
    with pytest.raises(Refusal, match="MF-0001 was collected on 24 Aug at 09:00"):
        office.write(collect_manifest, first, DRIVER)


def test_what_the_carrier_brings_back_is_no_longer_charged(office, desk):
    one = hand_in(office, desk, desk.dhl, declared_cents=10_000)
    sheet = office.write(open_manifest, desk.dhl).ids[0]
    office.write(list_items, [one], sheet)
    office.write(close_manifest, sheet)
    office.write(collect_manifest, sheet, DRIVER)
    with pytest.raises(Refusal, match="Say why O-000001 is given back"):
        office.write(give_back_outgoing, [one], "")
    done = office.write(give_back_outgoing, [one], "address unknown")
    assert done.said == "O-000001 given back. Their charges are reversed."
    assert sum(line.row.amount for line in office.read(ChargeList().first)) == 0
    assert len(done.touched()[charges.KIND]) == 2
    with pytest.raises(Refusal, match="was given back to its sender, so it cannot be reported lost"):
        office.write(lose_outgoing, [one], "x")


def test_a_closing_that_fails_half_way_charges_nothing(office, desk, monkeypatch):
    ids = [hand_in(office, desk, desk.dhl) for _ in range(3)]
    sheet = office.write(open_manifest, desk.dhl).ids[0]
    office.write(list_items, ids, sheet)
    charge, made = charges.charge, []

    def third_fails(session, *args):
        made.append(args)
        if len(made) == 3:
            raise Refusal("no more")
        return charge(session, *args)

    monkeypatch.setattr(charges, "charge", third_fails)
    with pytest.raises(Refusal, match="no more"):
        office.write(close_manifest, sheet)
    monkeypatch.undo()
    assert office.read(ChargeList().outline).total == 0
    assert office.read(manifest_card, sheet).row.closed_at is None
    office.write(close_manifest, sheet)
    assert office.read(ChargeList().outline).total == 3


def test_rules_and_database_know_the_same_moves():
    said = {f"{before}>{what}>{after}" for what, move in rules.MOVES.items() for before, after in move.ends.items()}
    assert said == set(mail_outgoing.MOVES)
    assert {str(state) for state in State} == set(mail_outgoing.STATES)
    assert {str(what) for what in What} == set(mail_outgoing.WHATS)
    assert {str(what) for what, move in rules.MOVES.items() if move.reasoned} == set(mail_outgoing.REASONED)


# --- attacks by SQL

AT = "'2026-08-24T07:00:00.000000Z'"
LINE = (
    "INSERT INTO mail_manifest_line (outgoing_id, manifest_id, number, entity, recipient, country, item_class, "
    "weight_g, price_cents, currency) VALUES "
)
EVENT = (
    "INSERT INTO mail_outgoing_event (item_id, at, by, workstation, what, before, state, manifest_id, proof_id, "
    f"reason) VALUES ({{item}}, {AT}, 'eve', 'X', "
)
ATTACKS = {
    "add a line to a closed manifest": LINE + "({free}, {sheet}, 'O', 'U', 'r', 'c', 'express', 320, 4250, 'USD')",
    "put an item on a second manifest": LINE + "({item}, {open}, 'O', 'U', 'r', 'c', 'express', 320, 4250, 'USD')",
    "list it under another weight": LINE + "({free}, {open}, 'O', 'U', 'r', 'c', 'express', 1, 4250, 'USD')",
    "list it at another price": LINE + "({free}, {open}, 'O', 'U', 'r', 'c', 'express', 320, 1, 'USD')",
    "change a line of a closed manifest": "UPDATE mail_manifest_line SET price_cents = 1 WHERE manifest_id = {sheet}",
    "move a line elsewhere": "UPDATE mail_manifest_line SET manifest_id = {open} WHERE manifest_id = {sheet}",
    "take a line off a closed manifest": "DELETE FROM mail_manifest_line WHERE manifest_id = {sheet}",
    "open it again": "UPDATE mail_manifest SET closed_at = NULL, closed_by = '' WHERE id = {sheet}",
    "give it another carrier": "UPDATE mail_manifest SET carrier = 'Eve', carrier_id = {other} WHERE id = {sheet}",
    "give it another day": f"UPDATE mail_manifest SET pickup_at = {AT} WHERE id = {{sheet}}",
    "delete it": "DELETE FROM mail_manifest WHERE id = {sheet}",
    "say it was collected": f"UPDATE mail_manifest SET collected_at = {AT} WHERE id = {{sheet}}",
    "collect it by name alone": f"UPDATE mail_manifest SET collected_at = {AT}, proof_id = {{named}} "
    "WHERE id = {sheet}",
    "close an empty one": f"UPDATE mail_manifest SET closed_at = {AT}, closed_by = 'eve' WHERE id = {{open}}",
    "renumber one that is open": "UPDATE mail_manifest SET number = 'X' WHERE id = {open}",
    "change an event": "UPDATE mail_outgoing_event SET by = 'eve'",
    "delete an event": "DELETE FROM mail_outgoing_event",
    "say where it is": "UPDATE mail_outgoing SET state = 'collected' WHERE id = {item}",
    "take it off its manifest": "UPDATE mail_outgoing SET manifest_id = NULL WHERE id = {item}",
    "make it lighter": "UPDATE mail_outgoing SET weight_g = 1 WHERE id = {item}",
    "make it another's": "UPDATE mail_outgoing SET entity_id = {wfp}, entity_code = 'WFP' WHERE id = {item}",
    "make it cheaper": "UPDATE mail_outgoing SET price_cents = 1 WHERE id = {item}",
    "delete an item": "DELETE FROM mail_outgoing",
    "take it off by an event": EVENT + "'unlist', 'manifested', 'handed_in', NULL, NULL, '')",
    "collect it without the carrier": EVENT + "'collect', 'manifested', 'collected', {sheet}, {named}, '')",
    "move it from elsewhere": EVENT + "'give_back', 'collected', 'returned', NULL, NULL, 'x')",
    "go where no deed leads": EVENT + "'collect', 'handed_in', 'collected', {sheet}, NULL, '')",
}
ON_FILE = {
    "replace a line": "INSERT OR REPLACE"
    + LINE[6:]
    + "({item}, {open}, 'O', 'U', 'r', 'c', 'express', 320, 4250, 'USD')",
    "replace a manifest": "INSERT OR REPLACE INTO mail_manifest (id, number, carrier_id, carrier, pickup_at, made_at) "
    f"VALUES ({{sheet}}, 'X', {{other}}, 'Eve', {AT}, {AT})",
    "replace it by its number": "INSERT OR REPLACE INTO mail_manifest (number, carrier_id, carrier, pickup_at, "
    f"made_at) VALUES ('MF-0001', {{other}}, 'Eve', {AT}, {AT})",
}
ON_SERVER = {"empty the lines": "TRUNCATE mail_manifest_line", "empty the manifests": "TRUNCATE mail_manifest CASCADE"}
# The control of each: without the triggers these do harm.
CONTROLS = (
    "add a line to a closed manifest", "change a line of a closed manifest", "take a line off a closed manifest",
    "open it again", "say where it is", "make it cheaper", "change an event",
)  # fmt: skip


@pytest.fixture
def closed(office, desk):
    """A closed manifest with one item, an open and empty one, a free item, and a proof by name alone."""
    item, free = hand_in(office, desk, desk.dhl), hand_in(office, desk, desk.dhl)
    sheet, empty = (office.write(open_manifest, desk.dhl).ids[0] for _ in range(2))
    office.write(list_items, [item], sheet)
    office.write(close_manifest, sheet)
    run(office, f"INSERT INTO mail_proof (id, at, by, workstation, how, taken_by, strokes) VALUES (90, {AT}, 'eve', "
        "'X', 'name', 'Eve', '[]')")  # fmt: skip
    return {
        "item": item,
        "free": free,
        "sheet": sheet,
        "open": empty,
        "other": desk.posta,
        "wfp": desk.wfp,
        "named": 90,
    }


def run(office, statement):
    with office.engine.begin() as connection:
        connection.exec_driver_sql(statement.replace("%", "%%"))


def test_no_sql_changes_a_closed_manifest(office, closed):
    before = office.read(manifest_card, closed["sheet"])
    server = office.engine.dialect.name == "postgresql"
    for attack, statement in {**ATTACKS, **(ON_SERVER if server else ON_FILE)}.items():
        with pytest.raises(IntegrityError) as refusal:
            run(office, statement.format(**closed))
        said = sentence_for(refusal.value)
        assert not said.startswith("The database refuses"), (attack, said)
    assert office.read(manifest_card, closed["sheet"]) == before
    assert stands(office, closed["item"]) is State.MANIFESTED
    # The program itself goes on from there.
    office.write(collect_manifest, closed["sheet"], DRIVER)


def test_without_the_triggers_the_attacks_work(office, closed):
    """The control: it is the triggers that refuse, not a slip in the statements."""
    server = office.engine.dialect.name == "postgresql"
    for item in triggers.for_server() if server else triggers.for_sqlite():
        if item.table.startswith("mail_") and "moves" not in item.name:
            run(office, f"DROP TRIGGER {item.name}" + (f" ON {item.table}" if server else ""))
    for attack in CONTROLS:
        run(office, ATTACKS[attack].format(**closed))


def test_every_rule_of_the_database_has_its_sentence():
    from cbo_desk.refusals import SENTENCES
    from db import mail_pouch_rules

    for rule in (*mail_outgoing_rules.ON_FILE, *mail_pouch_rules.ON_FILE):
        assert rule[4] in SENTENCES or "append-only" in rule[4]


def test_search_finds_it_by_its_words_until_it_is_taken_back(office, desk):
    from cbo_desk import search

    one = hand_in(office, desk, desk.dhl)
    office.write(outgoing.number_outgoing, one, "1234 5678 90")
    for words in ("Norway", "1234567890", "O-000001", "correspondence"):
        assert [(hit.kind, hit.record_id) for hit in office.read(search.find, words)] == [(OUTGOING, one)]
    office.write(withdraw_outgoing, [one])
    assert office.read(search.find, "O-000001") == []
