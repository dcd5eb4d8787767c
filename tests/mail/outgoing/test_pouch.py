"""The pouch: limits and forbidden contents in sentences, shut when certified, a case for every seal, need-to-know."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from cbo_desk import audit, search
from cbo_desk.charges import ChargeList
from cbo_desk.errors import Faults, Refusal
from cbo_desk.mail import MailList, outgoing, pouch
from cbo_desk.mail.outgoing import HIDDEN, OutgoingFilter, OutgoingList, State, outgoing_card, outgoing_rows
from cbo_desk.mail.pouch import BagState, CaseWhat, SealFound, WayBillLine, bag_card, rules
from cbo_desk.permissions import Actor, Role
from cbo_desk.refusals import sentence_for
from cbo_desk.tags import subjects
from db import triggers
from db.records import AuditEntry, ChangeLog, SearchEntry
from tests.conftest import MORNING
from tests.mail.outgoing.conftest import CUT_OFF, bag, for_pouch, hand_in
from tests.writing import insert


def stands(office, ident):
    return office.read(bag_card, ident).row.state


def clerk(office, **roles):
    """Somebody at the counter, who has no right on the pouch unless it is given."""
    return office.signed_in(Actor("eve", "Eve", {"mail": Role.CLERK, "people": Role.VIEWER, **roles}, "DESK-2"))


# --- going out


def test_from_the_counter_to_geneva_and_charged_by_weight(office, desk):
    one, two = for_pouch(office, desk), for_pouch(office, desk, entity_id=desk.wfp, weight_g=1_115)
    ident = bag(office, desk)
    packed = office.write(pouch.pack, ident, [one])
    assert packed.said == "1 package into PB-0001: 2.4 kg of 30 kg."
    office.write(pouch.pack, ident, [two])
    office.write(pouch.certify, ident)
    office.write(pouch.seal, ident, "un 448 120")
    done = office.write(pouch.dispatch, ident, "KQ 112 of 24 August")
    assert done.said == "PB-0001 dispatched with KQ 112 of 24 August."
    lines = [line.row for line in office.read(ChargeList().first)]
    # By hand: 14.50 a kilogram; 1.115 kg are 16.1675.
    assert {(one.entity, one.amount) for one in lines} == {("UNEP", Decimal("34.80")), ("WFP", Decimal("16.17"))}
    assert office.read(outgoing_card, one).state is State.DISPATCHED
    office.write(pouch.confirm_delivery, ident)
    card = office.read(outgoing_card, one)
    assert (card.state, card.holder, card.bag) == (State.DELIVERED, "UNOG Geneva", "PB-0001")
    assert office.read(audit.verify).bad_seq is None


def test_what_the_pouch_refuses_in_sentences(office, desk):
    ident = bag(office, desk)
    asked = {
        for_pouch(office, desk, weight_g=16_001): r"O-000001 weighs 16\.001 kg: the pouch carries at most 16 kg in one "
        r"package \(ST/AI/368\)\.",
        for_pouch(office, desk, contents="two Lithium battery packs"): "O-000002 holds something that the pouch does "
        r"not carry: lithium batteries \(ST/AI/368\)\.",
        for_pouch(office, desk, desk.nyc): "O-000003 is for NYC, and PB-0001 goes to UNOG Geneva",
        hand_in(office, desk): "O-000004 goes by a carrier, not by pouch",
    }
    for item, said in asked.items():
        with pytest.raises(Refusal, match=said):
            office.write(pouch.pack, ident, [item])
    assert office.read(bag_card, ident).row.count == 0
    with pytest.raises(Refusal, match="There is nothing in PB-0001"):
        office.write(pouch.certify, ident)
    with pytest.raises(Refusal, match=r"not certified\. The pouch officer certifies it before it is sealed"):
        office.write(pouch.seal, ident, "UN 1")
    with pytest.raises(Refusal, match="PB-0001 is not certified: a bag is certified and sealed before"):
        office.write(pouch.dispatch, ident, "KQ 112")
    heavy = [for_pouch(office, desk, weight_g=15_000) for _ in range(2)]
    office.write(pouch.pack, ident, heavy)
    last = for_pouch(office, desk, weight_g=1)
    with pytest.raises(Refusal, match=r"PB-0001 holds 30 kg of 30 kg: with this it would be 0\.001 kg over"):
        office.write(pouch.pack, ident, [last])
    office.write(pouch.certify, ident)
    for command, args in ((pouch.pack, (ident, [last])), (pouch.unpack, ([heavy[0]],))):
        with pytest.raises(Refusal, match="PB-0001 is certified: nothing goes in or out"):
            office.write(command, *args)
    office.write(pouch.seal, ident, "UN 448120")
    for command, args in ((pouch.pack, (ident, [last])), (pouch.unpack, ([heavy[0]],))):
        with pytest.raises(Refusal, match="PB-0001 is sealed: nothing goes in or out any more"):
            office.write(command, *args)
    other = bag(office, desk)
    office.write(pouch.pack, other, [last])
    office.write(pouch.certify, other)
    with pytest.raises(Refusal, match="The seal UN 448120 is on PB-0001"):
        office.write(pouch.seal, other, "un 448120")


@pytest.mark.parametrize(
    ("contents", "thing"),
    [
        ("CASH in an envelope", "cash"),
        ("cashew nuts", ""),
        ("cashier's report", ""),
        ("one bottle of Alcohol", "alcohol"),
        ("a lithium-battery", "lithium batteries"),
        ("lithium grease", ""),
        ("Médicine", "medicine"),
        ("glass samples", ""),
        ("", ""),
    ],
)
def test_forbidden_things_are_whole_words(contents, thing):
    assert rules.forbidden_in(contents, ("cash", "alcohol", "lithium batteries", "medicine", "glas")) == thing


def test_undo_and_the_certificate_taken_back(office, desk):
    one, ident = for_pouch(office, desk), bag(office, desk)
    packed = office.write(pouch.pack, ident, [one])
    certified = office.write(pouch.certify, ident)
    with pytest.raises(Refusal, match="certified"):
        office.write(packed.undo.command, *packed.undo.args)
    office.write(certified.undo.command, *certified.undo.args)
    out = office.write(packed.undo.command, *packed.undo.args)
    assert office.read(outgoing_card, one).state is State.HANDED_IN
    office.write(out.undo.command, *out.undo.args)
    assert office.read(bag_card, ident).row.count == 1
    with pytest.raises(Refusal, match="can no longer be taken back"):
        office.write(pouch.drop_bag, ident)
    office.write(pouch.drop_bag, bag(office, desk))


def test_a_limit_counts_from_its_day_and_an_open_bag_keeps_its_own(office, desk, clock):
    first = bag(office, desk)
    day = MORNING.date() + timedelta(days=1)
    office.write(pouch.set_pouch_limit, desk.gva, Decimal("12.5"), day, "airline’s letter")
    clock.now += timedelta(days=1)
    assert office.read(bag_card, first).row.limit_g == 30_000
    assert office.read(bag_card, bag(office, desk)).row.limit_g == 12_500
    assert office.read(bag_card, bag(office, desk, desk.nyc)).row.limit_g == 30_000
    with pytest.raises(Refusal, match="Say where this limit comes from"):
        office.write(pouch.set_pouch_limit, desk.gva, Decimal(20), day, " ")


# --- coming in

LINES = (
    WayBillLine("GVA-001", 900, "Amina Yusuf, UNEP", "signed treaty"),
    WayBillLine("GVA-002", 1_400, "Samir Haddad, WFP", "audit files"),
    WayBillLine("GVA-003", 300, "Registry", "letters"),
)


def announced(office, desk, lines=LINES, seal="GE 7001"):
    return office.write(pouch.announce, desk.gva, "gva/118", seal, CUT_OFF, lines).ids[0]


def test_a_bag_comes_in_is_counted_and_becomes_mail(office, desk):
    ident = announced(office, desk)
    with pytest.raises(Refusal, match="PB-0001 has not arrived yet, so it cannot be counted"):
        office.write(pouch.count, ident, "GVA-001")
    office.write(pouch.take_in, ident, SealFound.INTACT, "ge  7001")
    assert office.write(pouch.count, ident, "gva-001").said == "GVA-001 counted, 2 to go."
    with pytest.raises(Refusal, match="GVA-001 has been counted already"):
        office.write(pouch.count, ident, "GVA-001")
    office.write(pouch.count, ident, "GVA-002")
    with pytest.raises(Refusal, match="PB-0001: 1 package is not counted"):
        office.write(pouch.confirm, ident)
    last = office.write(pouch.count, ident, "GVA-003")
    assert last.said == "GVA-003 counted, PB-0001 is complete."
    office.write(last.undo.command, *last.undo.args)
    office.write(pouch.count, ident, "GVA-003")
    done = office.write(pouch.confirm, ident)
    assert done.said == "PB-0001 confirmed: 3 packages are mail to be handed out now."
    rows = [line.row for line in office.read(MailList().first)]
    assert [(row.number, row.addressee, row.carrier, row.missing) for row in rows] == [
        (f"M-00000{n}", "", "Pouch", "addressee") for n in (1, 2, 3)
    ]
    assert office.read(bag_card, ident).cases == ()
    with pytest.raises(Refusal, match="has come in and is confirmed"):
        office.write(pouch.count, ident, "GVA-004")


@pytest.mark.parametrize(
    ("found", "seal", "what", "note"),
    [
        (SealFound.BROKEN, "", CaseWhat.SEAL_BROKEN, ""),
        (SealFound.BROKEN, "GE 9999", CaseWhat.SEAL_BROKEN, "Way bill: GE 7001. On the bag: GE 9999."),
        (SealFound.MISSING, "", CaseWhat.SEAL_MISSING, ""),
        (SealFound.INTACT, "GE 9999", CaseWhat.SEAL_OTHER, "Way bill: GE 7001. On the bag: GE 9999."),
    ],
)
def test_a_seal_that_is_not_as_it_should_be_makes_a_case(office, desk, found, seal, what, note):
    ident = announced(office, desk)
    with pytest.raises(Refusal, match="A seal that is missing has no number"):
        office.write(pouch.take_in, ident, SealFound.MISSING, "GE 9999")
    said = office.write(pouch.take_in, ident, found, seal).said
    [case] = office.read(bag_card, ident).cases
    assert (case.what, case.note) == (what, note)
    assert "case PC-0001 is open" in said
    with pytest.raises(Refusal, match="Say how the case ended"):
        office.write(pouch.close_case, case.id, "")
    office.write(pouch.close_case, case.id, "sender told, contents whole")
    with pytest.raises(Refusal, match="closed already"):
        office.write(pouch.close_case, case.id, "again")


def test_one_package_is_spoken_of_as_one(office, desk):
    made = office.write(pouch.announce, desk.gva, "gva/119", "GE 7001", CUT_OFF, LINES[:1])
    assert made.said.endswith("announced with 1 package.")
    office.write(pouch.take_in, made.ids[0], SealFound.INTACT, "GE 7001")
    office.write(pouch.count, made.ids[0], LINES[0].reference)
    said = office.write(pouch.confirm, made.ids[0]).said
    assert said == "PB-0001 confirmed: 1 package is mail to be handed out now."


def test_missing_and_extra_packages_make_a_case(office, desk):
    ident = announced(office, desk)
    office.write(pouch.take_in, ident, SealFound.INTACT, "GE 7001")
    office.write(pouch.count, ident, "GVA-001")
    assert "not on the way bill: counted as extra" in office.write(pouch.count, ident, "NBO-9").said
    assert "2 packages are missing from PB-0001: case PC-0001 is open" in office.write(pouch.mark_missing, ident).said
    office.write(pouch.confirm, ident)
    card = office.read(bag_card, ident)
    assert {line.reference: line.found for line in card.lines} == {
        "GVA-001": "here", "GVA-002": "missing", "GVA-003": "missing", "NBO-9": "extra",
    }  # fmt: skip
    assert [line.item_id is not None for line in card.lines] == [True, False, False, True]


def test_a_package_too_many_is_a_case_also_where_the_seal_was_one(office, desk):
    ident = announced(office, desk)
    office.write(pouch.take_in, ident, SealFound.BROKEN)
    [seal] = office.read(bag_card, ident).cases
    office.write(pouch.close_case, seal.id, "sender told")
    for code in ("GVA-001", "GVA-002", "GVA-003", "NBO-9"):
        office.write(pouch.count, ident, code)
    office.write(pouch.confirm, ident)
    cases = office.read(bag_card, ident).cases
    assert {(case.what, case.closed_at is None) for case in cases} == {
        (CaseWhat.SEAL_BROKEN, False), (CaseWhat.COUNT, True),
    }  # fmt: skip


def test_whatever_a_scanner_sends_is_counted_or_refused_in_words(office, desk):
    ident = announced(office, desk)
    office.write(pouch.take_in, ident, SealFound.INTACT, "GE 7001")
    office.write(pouch.count, ident, "\x00gva-001\r\n")
    office.write(pouch.count, ident, "X" * 10_000)
    with pytest.raises(Refusal, match="has been counted already"):
        office.write(pouch.count, ident, "X" * 9_000)
    with pytest.raises(Refusal, match="Scan the package"):
        office.write(pouch.count, ident, "\x1d \x00")
    found = {line.reference: line.found for line in office.read(bag_card, ident).lines}
    assert found == {"GVA-001": "here", "GVA-002": "", "GVA-003": "", "X" * 80: "extra"}


def test_a_way_bill_that_is_not_as_it_should_be(office, desk):
    with pytest.raises(Faults) as refused:
        office.write(pouch.announce, 99, " ", "!", CUT_OFF, ())
    assert set(refused.value.faults) == {"origin", "their_number", "seal", "lines"}
    for lines, said in (
        ((WayBillLine("A", 1), WayBillLine("a", 2)), "Line 2: A stands there twice"),
        ((WayBillLine(" ", 1),), "Line 1 has no number"),
        ((WayBillLine("A", 0),), "Line 1: a weight is more than nothing"),
    ):
        with pytest.raises(Faults, match=said):
            announced(office, desk, lines)


# --- need-to-know

SECRETS = ("Chief, Registry", "signed agreements", "Amina Yusuf", "signed treaty", "official correspondence")


def everything_told(office, item, ident):
    """Whatever a person can be shown of an item and a bag: card, list, search, scan, files, history."""
    told = [office.read(outgoing_card, item), office.read(bag_card, ident), office.read(outgoing_rows, [item])]
    told += [line.row for line in office.read(OutgoingList().first)]
    for words in ("Registry", "agreements", "treaty", "UNEP", "correspondence"):
        told += office.read(search.find, words)
        told += [line.row for line in office.read(OutgoingList(OutgoingFilter(words)).first)]
    told += [line.row for line in office.read(OutgoingList(OutgoingFilter(entities=("UNEP",))).first)]
    return "\n".join(map(repr, told))


def test_who_lacks_the_right_sees_number_and_weight(office, desk):
    item, ident = for_pouch(office, desk), bag(office, desk)
    office.write(pouch.pack, ident, [item])
    coming = announced(office, desk)
    eve = clerk(office)
    told = everything_told(eve, item, ident) + repr(eve.read(bag_card, coming))
    assert not [secret for secret in SECRETS if secret in told]
    card = eve.read(bag_card, ident)
    assert (card.hidden, card.lines, card.row.number, card.row.weight_g, card.row.count) == (
        True, (), "PB-0001", 2400, 1,
    )  # fmt: skip
    [row] = eve.read(outgoing_rows, [item])
    assert (row.number, row.weight_g, row.recipient, row.entity) == ("O-000001", 2400, HIDDEN, HIDDEN)
    assert [line.row.number for line in eve.read(OutgoingList(OutgoingFilter("O-000001")).first)] == ["O-000001"]
    # The control: with the right all of it is there.
    officer = clerk(office, pouch=Role.VIEWER)
    told = everything_told(officer, item, ident) + repr(officer.read(bag_card, coming))
    assert [secret for secret in SECRETS if secret in told] == list(SECRETS)


def test_the_order_by_entity_hints_at_nothing(office, desk):
    """Whose package it is cannot be told from its place between others, on no page and in no direction."""
    kinds = [hand_in, for_pouch, hand_in, for_pouch]
    made = [kind(office, desk, entity_id=entity) for kind in kinds for entity in (desk.unep, desk.wfp)]
    secret = {ident for ident, kind in zip(made, [one for kind in kinds for one in (kind, kind)], strict=True)
              if kind is for_pouch}  # fmt: skip

    def order(who, descending=False):
        listing = OutgoingList(sort="entity", descending=descending)
        outline = who.read(listing.outline)
        lines = who.read(listing.page, outline.starts[0], 50)
        assert [line.id for line in who.read(listing.first)] == [line.id for line in lines]
        assert [line.id for line in who.read(listing.among, made)] == [line.id for line in lines]
        assert who.read(listing.between, outline.starts[0], lines[-1].key) == len(lines) - 1 == outline.total - 1
        assert who.read(listing.ids, 50) == [line.id for line in lines]
        return [line.id for line in lines], {line.key[0] for line in lines if line.id in secret}

    eve = clerk(office)
    shown, keys = order(eve)
    assert (set(shown[:4]), keys) == (secret, {""})
    assert shown[:4] == sorted(secret)
    assert order(eve, descending=True)[0] == shown[::-1]
    known, keys = order(clerk(office, pouch=Role.VIEWER))
    assert keys == {"UNEP", "WFP"}, "the control: with the right they stand among the others"
    assert set(known[:4]) != secret


def test_who_lacks_the_right_can_neither_pack_nor_certify(office, desk):
    item, ident = for_pouch(office, desk), bag(office, desk)
    with pytest.raises(Refusal, match="You may not pack bags: it needs the role clerk on the Diplomatic pouch desk"):
        clerk(office).write(pouch.pack, ident, [item])
    packer = clerk(office, pouch=Role.CLERK)
    packer.write(pouch.pack, ident, [item])
    with pytest.raises(Refusal, match="You may not certify bags: it needs the role supervisor"):
        packer.write(pouch.certify, ident)
    clerk(office, pouch=Role.SUPERVISOR).write(pouch.certify, ident)


def test_audit_search_and_feed_hold_nothing_of_it_for_anybody(office, desk):
    item, ident = for_pouch(office, desk), bag(office, desk)
    office.write(pouch.pack, ident, [item])
    card = office.read(outgoing_card, item)
    form = card.form.__class__(**{**card.form.__dict__, "contents": "a second treaty"})
    undo = office.write(outgoing.edit_outgoing, for_pouch(office, desk), 1, form).undo
    office.write(undo.command, *undo.args)
    announced(office, desk)
    kept = "\n".join(
        repr(tuple(row))
        for table in (AuditEntry, SearchEntry, ChangeLog)
        for row in insert(office, lambda session, t=table: session.execute(t.__table__.select()).all())
    )
    for secret in (*SECRETS, "second treaty", "audit files"):
        assert secret not in kept, secret
    told = insert(office, lambda session: subjects.describe(session, outgoing.OUTGOING, [item]))[item]
    assert (told.number, told.name, told.entity) == ("O-000001", "Pouch", "")


# --- attacks by SQL

AT = "'2026-08-24T07:00:00.000000Z'"
LINE = "INSERT INTO mail_bag_line (bag_id, outgoing_id, reference, weight_g) VALUES "
ATTACKS = {
    "add to a sealed bag": LINE + "({sealed}, {free}, 'O-000003', 2400)",
    "add to a certified bag": LINE + "({certified}, {free}, 'O-000003', 2400)",
    "put it into a second bag": LINE + "({open}, {in_sealed}, 'O-000001', 2400)",
    "put in what is no item": LINE + "({open}, NULL, 'X', 2400)",
    "make it lighter on the way in": LINE + "({open}, {free}, 'O-000003', 1)",
    "put in too heavy a package": LINE + "({open}, {heavy}, 'O-000004', 17000)",
    "take out of a sealed bag": "DELETE FROM mail_bag_line WHERE bag_id = {sealed}",
    "take out of a certified bag": "DELETE FROM mail_bag_line WHERE bag_id = {certified}",
    "make a package lighter": "UPDATE mail_bag_line SET weight_g = 1 WHERE bag_id = {sealed}",
    "swap what is in it": "UPDATE mail_bag_line SET outgoing_id = {free} WHERE bag_id = {sealed}",
    "move it to another bag": "UPDATE mail_bag_line SET bag_id = {open} WHERE bag_id = {sealed}",
    "change the seal": "UPDATE mail_bag SET seal = 'X' WHERE id = {sealed}",
    "break the seal": "UPDATE mail_bag SET sealed_at = NULL, certified_at = NULL, certified_by = '' "
    "WHERE id = {sealed}",
    "raise the limit": "UPDATE mail_bag SET limit_g = 99999 WHERE id = {open}",
    "send it elsewhere": "UPDATE mail_bag SET destination = 'Eve' WHERE id = {sealed}",
    "seal without a certificate": f"UPDATE mail_bag SET sealed_at = {AT}, seal = 'E 1' WHERE id = {{open}}",
    "certify an empty bag": f"UPDATE mail_bag SET certified_at = {AT}, certified_by = 'eve' WHERE id = {{open}}",
    "dispatch without a seal": f"UPDATE mail_bag SET dispatched_at = {AT}, carried_by = 'e' WHERE id = {{certified}}",
    "confirm what never left": f"UPDATE mail_bag SET confirmed_at = {AT}, confirmed_by = 'e' WHERE id = {{sealed}}",
    "delete a bag": "DELETE FROM mail_bag WHERE id = {sealed}",
    "confirm a bag that is not counted": f"UPDATE mail_bag SET confirmed_at = {AT}, confirmed_by = 'e' "
    "WHERE id = {coming}",
    "say the seal was intact": "UPDATE mail_bag SET seal_found = 'intact' WHERE id = {coming}",
    "change the way bill": "UPDATE mail_bag_line SET weight_g = 1 WHERE bag_id = {coming}",
    "take a line off the way bill": "DELETE FROM mail_bag_line WHERE bag_id = {coming}",
    "drop the case": "DELETE FROM mail_bag_case",
    "say it was about something else": "UPDATE mail_bag_case SET what = 'count'",
    "unpack by an event": "INSERT INTO mail_outgoing_event (item_id, at, by, workstation, what, before, state) "
    f"VALUES ({{in_sealed}}, {AT}, 'eve', 'X', 'unpack', 'bagged', 'handed_in')",
    "dispatch by an event": "INSERT INTO mail_outgoing_event (item_id, at, by, workstation, what, before, state, "
    f"bag_id) VALUES ({{in_sealed}}, {AT}, 'eve', 'X', 'dispatch', 'bagged', 'dispatched', {{sealed}})",
}
ON_FILE = {
    "replace a package": "INSERT OR REPLACE" + LINE[6:] + "({open}, {in_sealed}, 'O-000001', 2400)",
    "replace a bag": "INSERT OR REPLACE INTO mail_bag (id, number, direction, destination_id, destination, made_at, "
    f"cut_off_at, limit_g, package_most_g) VALUES ({{sealed}}, 'X', 'out', {{gva}}, 'x', {AT}, {AT}, 1, 1)",
}
ON_SERVER = {"empty the bags": "TRUNCATE mail_bag CASCADE", "empty their packages": "TRUNCATE mail_bag_line"}
CONTROLS = (
    "add to a sealed bag", "take out of a certified bag", "make a package lighter", "change the seal",
    "say the seal was intact", "certify an empty bag", "change the way bill", "raise the limit",
)  # fmt: skip


@pytest.fixture
def bags(office, desk):
    """A sealed bag, a certified one, an open one, and one that came in with a broken seal."""
    items = [for_pouch(office, desk, weight_g=weight) for weight in (2400, 2400, 2400, 17_000)]
    sealed, certified, empty = (bag(office, desk) for _ in range(3))
    for ident, item in ((sealed, items[0]), (certified, items[1])):
        office.write(pouch.pack, ident, [item])
        office.write(pouch.certify, ident)
    office.write(pouch.seal, sealed, "UN 1")
    coming = announced(office, desk)
    office.write(pouch.take_in, coming, SealFound.BROKEN)
    return {
        "sealed": sealed, "certified": certified, "open": empty, "coming": coming, "in_sealed": items[0],
        "free": items[2], "heavy": items[3], "gva": desk.gva,
    }  # fmt: skip


def run(office, statement):
    with office.engine.begin() as connection:
        connection.exec_driver_sql(statement.replace("%", "%%"))


def test_no_sql_opens_a_bag_that_is_shut(office, bags):
    before = [office.read(bag_card, bags[name]) for name in ("sealed", "certified", "open", "coming")]
    server = office.engine.dialect.name == "postgresql"
    for attack, statement in {**ATTACKS, **(ON_SERVER if server else ON_FILE)}.items():
        with pytest.raises(IntegrityError) as refusal:
            run(office, statement.format(**bags))
        said = sentence_for(refusal.value)
        assert not said.startswith("The database refuses"), (attack, said)
    assert [office.read(bag_card, bags[name]) for name in ("sealed", "certified", "open", "coming")] == before
    office.write(pouch.dispatch, bags["sealed"], "KQ 112")
    assert stands(office, bags["sealed"]) is BagState.DISPATCHED


def test_without_the_triggers_the_attacks_work(office, bags):
    """The control: it is the triggers that refuse, not a slip in the statements."""
    server = office.engine.dialect.name == "postgresql"
    for item in triggers.for_server() if server else triggers.for_sqlite():
        if item.table.startswith("mail_") and "moves" not in item.name:
            run(office, f"DROP TRIGGER {item.name}" + (f" ON {item.table}" if server else ""))
    for attack in CONTROLS:
        run(office, ATTACKS[attack].format(**bags))
