"""Disposal cases on both engines: the flow, the review body's gate in command and database, what can be undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cbo_desk.attachments import attach
from cbo_desk.dated import set_value
from cbo_desk.errors import Faults, Refusal
from cbo_desk.permissions import Actor, Role
from cbo_desk.property import State, asset_card, change_state, move_assets, receive_assets
from cbo_desk.property.disposal import (
    CASE,
    CaseList,
    CaseState,
    Decided,
    DecisionForm,
    FinalForm,
    How,
    add_to_case,
    cancel_case,
    case_card,
    case_of_asset,
    complete_case,
    due_cases,
    open_case,
    recall_case,
    record_decision,
    submit_case,
    take_out_of_case,
)
from cbo_desk.property.disposal import rules as disposal_rules
from cbo_desk.property.disposal.papers import rows, write_board_pack
from cbo_desk.search import find
from tests.property.conftest import compound, laptop

__all__ = ["compound", "laptop"]
TODAY = date(2026, 8, 24)
APPROVED = DecisionForm(Decided.APPROVED, "Local Property Survey Board", "LPSB/2026/14", TODAY, "Sell by tender.")
SOLD = FinalForm(How.SOLD, TODAY, "Kibera Metal Works", "INV-77", 12_500)


@pytest.fixture
def stock(office, laptop):
    """A laptop of 1,684.00 from January 2026 and a mouse of 20.00."""
    dear, cheap = (
        office.write(receive_assets, replace(laptop, **changes)).ids[0]
        for changes in ({}, {"inventory_no": "UNEP-2", "serial": "", "cost_cents": 2_000, "condition": "broken"})
    )
    return dear, cheap


def opened(office, compound, *ids):
    return office.write(open_case, compound.unep, "Worn out beyond repair", ids).ids[0]


def state(office, asset):
    return office.read(asset_card, asset).state


def undo(office, changes):
    return office.write(changes.undo.command, *changes.undo.args)


def test_a_case_from_the_first_scan_to_the_end(office, compound, stock, tmp_path, clock):
    dear, cheap = stock
    case = opened(office, compound)
    assert office.write(add_to_case, case, [dear]).said == "UNEP-1: in DISP-0001."
    office.write(add_to_case, case, [cheap])
    card = office.read(case_card, case)
    # 168,400 less 7 of 60 months; 2,000 less 7 of 60: 2,000 × 7/60 = 233.33 -> 233.
    assert [(item.inventory_no, item.cost, item.value) for item in card.items] == [
        ("UNEP-1", 168_400, 148_753),
        ("UNEP-2", 2_000, 1_767),
    ]
    assert (card.items[1].condition, card.needs_review, card.value) == ("broken", True, 150_520)
    assert state(office, dear) is State.AWAITING_DISPOSAL
    assert office.read(case_of_asset, dear) == (case, "DISP-0001")
    assert office.write(submit_case, case).said == "DISP-0001 submitted to the review body."
    [due] = office.read(due_cases)
    assert (due.reference, due.due_on) == ("DISP-0001", date(2026, 9, 23))
    with pytest.raises(Refusal, match="needs the review body's decision first.*1,500 USD or more"):
        office.write(complete_case, case, SOLD)
    office.write(attach, CASE, case, "minutes.txt", b"Approved unanimously.")
    said = office.write(record_decision, case, APPROVED).said
    assert said == "DISP-0001: approved by Local Property Survey Board, minutes LPSB/2026/14."
    done = office.write(complete_case, case, SOLD)
    assert done.said == "DISP-0001 complete: 2 assets sold to Kibera Metal Works."
    assert done.undo is None
    assert state(office, dear) is State.DISPOSED
    assert "Sold to Kibera Metal Works on 24 August 2026 (DISP-0001)." in office.read(asset_card, dear).events[0].said
    card = office.read(case_card, case)
    assert (card.state, card.proceeds, card.papers[0].name) == (CaseState.COMPLETE, 12_500, "minutes.txt")
    assert office.read(due_cases) == []
    pack = tmp_path / "pack.pdf"
    assert write_board_pack(office, case, pack) == 1
    assert pack.read_bytes().startswith(b"%PDF")


def test_what_the_policy_spares_goes_without_a_decision(office, compound, stock):
    case = opened(office, compound, stock[1])
    assert "demands no review" in office.write(submit_case, case).said
    office.write(complete_case, case, FinalForm(How.SCRAPPED, TODAY, certificate="C-1"))
    assert state(office, stock[1]) is State.DISPOSED


def test_a_policy_made_stricter_meanwhile_counts(office, compound, stock):
    case = opened(office, compound, stock[1])
    office.write(submit_case, case)
    office.write(set_value, "disposal_review_from", TODAY, 10, "UNEP", "Circular 7")
    with pytest.raises(Refusal, match="10 USD or more"):
        office.write(complete_case, case, FinalForm(How.SCRAPPED, TODAY, certificate="C-1"))


def test_a_policy_made_looser_meanwhile_does_not(office, compound, stock):
    case = opened(office, compound, stock[0])
    office.write(submit_case, case)
    office.write(set_value, "disposal_review", TODAY, False, "", "Circular 8")
    with pytest.raises(Refusal, match="needs the review body's decision"):
        office.write(complete_case, case, SOLD)


def test_a_refusal_and_a_second_sitting(office, compound, stock, clock):
    case = opened(office, compound, *stock)
    office.write(submit_case, case)
    office.write(record_decision, case, replace(APPROVED, decision=Decided.REFUSED))
    with pytest.raises(Refusal, match="was refused by the review body"):
        office.write(complete_case, case, SOLD)
    office.write(recall_case, case)
    office.write(take_out_of_case, case, [stock[1]])
    assert state(office, stock[1]) is State.IN_STORE
    office.write(submit_case, case)
    office.write(record_decision, case, replace(APPROVED, decision=Decided.DEFERRED))
    assert office.read(case_card, case).state is CaseState.SUBMITTED
    office.write(record_decision, case, APPROVED)
    assert [one.decision for one in office.read(case_card, case).decisions] == ["approved", "deferred", "refused"]
    with pytest.raises(Refusal, match="It was approved as it stands"):
        office.write(recall_case, case)
    office.write(complete_case, case, SOLD)


def test_what_is_added_after_a_decision_was_not_decided_about(office, compound, stock):
    """Refused, taken back, one thing more, submitted: an approval of before would not count."""
    case = opened(office, compound, stock[0])
    office.write(submit_case, case)
    office.write(record_decision, case, APPROVED)
    with pytest.raises(Refusal, match="approved as it stands"):
        office.write(add_to_case, case, [stock[1]])
    with pytest.raises(IntegrityError, match="disposal_case_not_open"):
        attack(office, "UPDATE disposal_case SET state = 'submitted'", ITEM.format(case=case, asset=stock[1]))
    with pytest.raises(IntegrityError, match="disposal_not_submitted"):
        attack(office, "UPDATE disposal_case SET state = 'open'")


def test_deeds_are_undone(office, compound, stock):
    dear, cheap = stock
    changes = office.write(open_case, compound.unep, "Obsolete", [dear])
    case = changes.ids[0]
    added = office.write(add_to_case, case, [cheap])
    undo(office, added)
    assert state(office, cheap) is State.IN_STORE
    submitted = office.write(submit_case, case)
    undo(office, submitted)
    assert office.read(case_card, case).state is CaseState.OPEN
    undo(office, changes)
    assert office.read(case_card, case).state is CaseState.CANCELLED
    assert state(office, dear) is State.IN_STORE
    assert opened(office, compound, dear), "free for another case"


def test_bad_input(office, compound, stock, laptop):
    dear, cheap = stock
    case = opened(office, compound, dear)
    with pytest.raises(Refusal, match="UNEP-1 is already in DISP-0001"):
        office.write(add_to_case, case, [dear])
    with pytest.raises(Refusal, match="UNEP-1 is in another case, DISP-0001"):
        opened(office, compound, dear)
    other = office.write(receive_assets, replace(laptop, entity_id=compound.wfp, inventory_no="W-1", serial="9")).ids[0]
    with pytest.raises(Refusal, match="W-1 belongs to WFP, but DISP-0001 is of UNEP") as refused:
        office.write(add_to_case, case, [other])
    assert refused.value.field == "asset_ids"  # a form says it beside its things
    with pytest.raises(Refusal, match="UNEP-1 is in the disposal case DISP-0001"):
        office.write(change_state, [dear], State.IN_STORE)
    office.write(move_assets, [dear], compound.places["S1"])  # to the yard it may go
    empty = opened(office, compound)
    with pytest.raises(Refusal, match="holds nothing"):
        office.write(submit_case, empty)
    with pytest.raises(Refusal, match="Say why"):
        office.write(open_case, compound.unep, " ")
    with pytest.raises(Refusal, match="still being prepared"):
        office.write(record_decision, case, APPROVED)
    office.write(submit_case, case)
    with pytest.raises(Faults) as faults:
        office.write(record_decision, case, DecisionForm(Decided.APPROVED, "", "", date(2026, 8, 25)))
    assert set(faults.value.faults) == {"body", "minutes", "decided_on"}
    office.write(record_decision, case, APPROVED)
    with pytest.raises(Faults) as faults:
        office.write(complete_case, case, FinalForm(How.SOLD, date(2026, 8, 25), proceeds_cents=-1, currency="usd"))
    assert set(faults.value.faults) == {"recipient", "proceeds_cents", "currency", "done_on"}
    with pytest.raises(Faults, match="brings no proceeds"):
        office.write(complete_case, case, FinalForm(How.DONATED, TODAY, "School", proceeds_cents=5))
    office.write(complete_case, case, SOLD)
    for deed, args in ((cancel_case, ()), (add_to_case, ([cheap],)), (complete_case, (SOLD,)), (recall_case, ())):
        with pytest.raises(Refusal, match="is complete and can no longer be changed"):
            office.write(deed, case, *args)


def test_a_clerk_prepares_and_a_supervisor_carries_out(office, compound, stock):
    office.actor = Actor("cleo", "Cleo", {"property": Role.CLERK, "people": Role.VIEWER})
    case = opened(office, compound, stock[1])
    office.write(submit_case, case)
    for deed, form in ((record_decision, APPROVED), (complete_case, SOLD)):
        with pytest.raises(Refusal, match="needs the role supervisor"):
            office.write(deed, case, form)


def test_cases_are_listed_found_and_exported(office, compound, stock):
    case = opened(office, compound, stock[0])
    opened(office, compound, stock[1])
    listing = CaseList()
    assert [line.row.reference for line in office.read(listing.first)] == ["DISP-0002", "DISP-0001"]
    assert office.read(listing.first)[1].row.value == 148_753
    assert [row[0] for row in rows(office, CaseList("worn", "reference", False))] == ["DISP-0001", "DISP-0002"]
    assert [hit.title for hit in office.read(find, "disp-0002")] == ["DISP-0002"]
    office.write(cancel_case, case)
    assert [line.row.reference for line in office.read(CaseList(closed=True).first)] == ["DISP-0001"]


# --- by SQL, with the application's own rights

ITEM = (
    "INSERT INTO disposal_item (case_id, asset_id, inventory_no, description, state_before, cost_cents, valued_on, "
    "added_at, added_by) VALUES ({case}, {asset}, 'x', 'x', 'in_store', 5, '2026-01-01', "
    "'2026-01-01 00:00:00.000000Z', 'x')"
)
DECIDED = (
    "INSERT INTO disposal_decision (case_id, decision, body, minutes, decided_on, last_item_id, at, by) "
    "VALUES ({case}, 'approved', 'Me', 'none', '2026-01-01', {last}, '2026-01-01 00:00:00.000000Z', 'x')"
)
COMPLETE = "UPDATE disposal_case SET state = 'complete', method = 'sold', done_on = '2026-08-24' WHERE id = {case}"


def attack(office, *statements):
    with office.engine.execution_options(writes=True).begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


ATTACKS = (
    ([COMPLETE], "disposal_not_approved"),
    (["UPDATE disposal_case SET state = 'approved'"], "disposal_not_approved"),
    (["UPDATE disposal_case SET review_from_cents = NULL", COMPLETE], "disposal_review_stands"),
    (["UPDATE disposal_case SET review_from_cents = 99999999"], "disposal_review_stands"),
    (["UPDATE disposal_item SET cost_cents = 1"], "disposal_item_frozen"),
    (["UPDATE disposal_item SET value_cents = 1"], "disposal_item_frozen"),
    (["DELETE FROM disposal_item"], "append-only"),
    (["DELETE FROM disposal_case"], "append-only"),
    (["UPDATE asset SET state = 'disposed'"], "asset_disposed_by_case"),
    (["UPDATE asset SET state = 'in_store'"], "asset_in_open_case"),
    ([DECIDED.replace("{last}", "0")], "disposal_not_approved"),
    ([ITEM], "disposal_case_not_open|uq_disposal_item_asset_id|UNIQUE"),
    (["UPDATE disposal_case SET state = 'cancelled'"], "disposal_items_still_in"),
    (["UPDATE disposal_case SET reference = 'X'"], "disposal_case_frozen"),
)


def test_the_database_holds_the_gate_itself(office, compound, stock):
    case = opened(office, compound, stock[0])
    office.write(submit_case, case)
    for statements, word in ATTACKS:
        with pytest.raises(IntegrityError, match=word):
            attack(office, *(one.format(case=case, asset=stock[0]) for one in statements))
        assert office.read(case_card, case).state is CaseState.SUBMITTED, statements


def test_with_a_decision_the_same_statement_passes(office, compound, stock):
    """The control: what the gate waits for is the decision and nothing else."""
    case = opened(office, compound, stock[0])
    office.write(submit_case, case)
    office.write(record_decision, case, APPROVED)
    attack(office, COMPLETE.format(case=case), "UPDATE asset SET state = 'disposed' WHERE id = " + str(stock[0]))
    assert state(office, stock[0]) is State.DISPOSED
    for statement in (
        "UPDATE disposal_case SET proceeds_cents = 1",
        "UPDATE disposal_item SET live = false",
        "UPDATE disposal_decision SET decision = 'refused'",
        "DELETE FROM disposal_decision",
        "UPDATE asset SET state = 'in_store' WHERE id = " + str(stock[0]),
    ):
        with pytest.raises(IntegrityError, match="closed|append-only|disposed_for_good"):
            attack(office, statement)


def test_two_cases_cannot_hold_one_thing_even_by_sql(office, compound, stock):
    opened(office, compound, stock[0])
    other = opened(office, compound)
    with pytest.raises(IntegrityError, match="uq_disposal_item_asset_id"):
        attack(office, ITEM.format(case=other, asset=stock[0]))
    attack(office, ITEM.format(case=other, asset=stock[1]))  # the control


@pytest.mark.parametrize(
    ("limit", "costs", "demanded"),
    [(None, [10**9], False), (0, [0], True), (0, [], False), (150_000, [149_999], False), (150_000, [150_000], True),
     (150_000, [1, None], True)],
)  # fmt: skip
def test_what_demands_a_review(limit, costs, demanded):
    assert disposal_rules.demands_review(limit, costs) is demanded


def test_the_stricter_limit_counts():
    assert [disposal_rules.stricter(a, b) for a, b in ((None, None), (5, None), (None, 5), (5, 7))] == [None, 5, 5, 5]
