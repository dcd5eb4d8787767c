"""What can be done with a disposal case, each in one transaction, up to the final action that cannot be undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import search
from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, local, now, today
from cbo_desk.dated import Declared, declare
from cbo_desk.dated import value_on as setting_on
from cbo_desk.errors import Refusal
from cbo_desk.numbers import next_reference
from cbo_desk.permissions import Role, deed
from cbo_desk.property import rules as register
from cbo_desk.property.disposal import rules
from cbo_desk.property.disposal.contents import check_inside, entity_code, items_of, let_go, put_in
from cbo_desk.property.disposal.rules import WORDS, CaseState, Decided, DecisionForm, FinalForm
from cbo_desk.property.offers import OPEN_CASE
from cbo_desk.property.rules import State
from cbo_desk.property.touching import KIND, assets_of, tell, these
from db.disposal import DisposalCase, DisposalDecision
from db.people import Entity
from db.property import Asset

CASE = "property.disposal_case"
_ORDER = "Financial Regulations and Rules, rule 105.22 (property survey boards); ST/AI/2015/4"
REVIEW = declare(Declared("disposal_review", "Disposals go before a review body", True, "", _ORDER, confirm=True))
REVIEW_FROM = declare(
    Declared(
        "disposal_review_from",
        "A review body decides about things that cost at least",
        1500,
        "USD a unit",
        _ORDER,
        confirm=True,
        least=0,
    )
)
REVIEW_DAYS = declare(
    Declared("disposal_review_days", "A review body sits within", 30, "days", "shipped", confirm=True, least=1)
)
ACTION_DAYS = declare(
    Declared(
        "disposal_action_days", "An approved case is carried out within", 60, "days", "shipped", confirm=True, least=1
    )
)


@deed(OPEN_CASE.name, OPEN_CASE.phrase)
def open_case(session: Session, entity_id: int, reason: str, ids: Sequence[int] = ()) -> Changes:
    """Open a case of an entity, with assets in it where some are chosen already."""
    entity = session.get(Entity, entity_id)
    if entity is None:
        raise Refusal("Choose the entity the things belong to.", "entity_id")
    if not reason.strip():
        raise Refusal("Say why these things are to go, such as: worn out beyond repair.", "reason")
    case = DisposalCase(
        reference=next_reference(session, "DISP"),
        entity_id=entity.id,
        reason=reason.strip(),
        review_from_cents=review_from(session, entity.code),
        opened_at=now(session),
        opened_by=actor(session).login,
    )
    session.add(case)
    session.flush()
    assets = put_in(session, case, ids) if ids else []
    search.enter(session, [search.Findable(CASE, case.id, case.reference, f"{case.reason} · {entity.code}")])
    said = f"{case.reference} opened" + (f" with {these(assets)}." if assets else ".")
    return _changes(case, said, assets, Deed(cancel_case, (case.id,)))


@deed("property.add_to_case", "change disposal cases")
def add_to_case(session: Session, case_id: int, ids: Sequence[int]) -> Changes:
    """Put assets into a case that is being prepared; each waits for disposal from then on, at its value of today."""
    case = _case(session, case_id)
    rules.check_state(case.reference, CaseState(case.state), {CaseState.OPEN}, "changed")
    assets = put_in(session, case, ids)
    return _changes(
        case, f"{these(assets)}: in {case.reference}.", assets, Deed(take_out_of_case, (case_id, tuple(ids)))
    )


@deed("property.take_out_of_case", "change disposal cases")
def take_out_of_case(session: Session, case_id: int, ids: Sequence[int]) -> Changes:
    """Take assets out of a case that is being prepared; they stand as before."""
    case = _case(session, case_id)
    rules.check_state(case.reference, CaseState(case.state), {CaseState.OPEN}, "changed")
    assets = let_go(session, case, set(ids))
    if len(assets) != len(set(ids)):
        raise Refusal(f"One of these is not in {case.reference}. Look at the case anew.", "asset_ids")
    return _changes(
        case, f"{these(assets)}: out of {case.reference}.", assets, Deed(add_to_case, (case_id, tuple(ids)))
    )


@deed("property.submit_case", "submit disposal cases")
def submit_case(session: Session, case_id: int) -> Changes:
    """Close the list of a case and lay it before the review body, or make it ready where none is demanded."""
    case = _case(session, case_id)
    rules.check_state(case.reference, CaseState(case.state), {CaseState.OPEN}, "submitted again")
    if not items_of(session, case.id):
        raise Refusal(f"{case.reference} holds nothing. Scan what is to go.")
    case.review_from_cents = rules.stricter(case.review_from_cents, review_from(session, entity_code(session, case)))
    needed = needs_review(session, case)
    case.state, case.submitted_at = CaseState.SUBMITTED, now(session)
    case.due_on = _within(session, REVIEW_DAYS if needed else ACTION_DAYS, case)
    told = "submitted to the review body" if needed else "ready: the policy demands no review"
    return _changes(case, f"{case.reference} {told}.", [], Deed(recall_case, (case_id,)))


@deed("property.recall_case", "submit disposal cases")
def recall_case(session: Session, case_id: int) -> Changes:
    """Take a case back from the review body to change it."""
    case = _case(session, case_id)
    rules.check_state(case.reference, CaseState(case.state), {CaseState.SUBMITTED, CaseState.REFUSED}, "taken back")
    case.state, case.submitted_at, case.due_on = CaseState.OPEN, None, None
    return _changes(case, f"{case.reference} is being prepared again.", [], Deed(submit_case, (case_id,)))


@deed("property.record_decision", "record decisions", Role.SUPERVISOR)
def record_decision(session: Session, case_id: int, form: DecisionForm) -> Changes:
    """Record what the review body decided, with its minutes. It stands: a later decision is recorded after it."""
    case = _case(session, case_id)
    allowed = {CaseState.SUBMITTED, CaseState.APPROVED, CaseState.REFUSED}
    rules.check_state(case.reference, CaseState(case.state), allowed, "decided about")
    assert case.submitted_at is not None
    rules.check_decision(form, local(case.submitted_at).date(), today(session))
    newest = max((item.id for item in items_of(session, case.id)), default=0)
    decision = DisposalDecision(
        case_id=case.id,
        decision=form.decision,
        body=form.body.strip(),
        minutes=form.minutes.strip(),
        decided_on=form.decided_on,
        last_item_id=newest,
        remarks=form.remarks.strip(),
        at=now(session),
        by=actor(session).login,
    )
    session.add(decision)
    session.flush()
    states = {Decided.APPROVED: CaseState.APPROVED, Decided.REFUSED: CaseState.REFUSED}
    case.state = states.get(form.decision, CaseState.SUBMITTED)
    ahead = {Decided.APPROVED: ACTION_DAYS, Decided.DEFERRED: REVIEW_DAYS}.get(form.decision)
    case.due_on = None if ahead is None else _within(session, ahead, case)
    return _changes(case, f"{case.reference}: {form.decision} by {decision.body}, minutes {decision.minutes}.")


@deed("property.complete_case", "carry out disposals", Role.SUPERVISOR)
def complete_case(session: Session, case_id: int, form: FinalForm) -> Changes:
    """Carry a case out: its things are disposed of. This cannot be undone.

    Refused without the review body's approval where the policy in force on this day, or on that of the opening,
    demands it.
    """
    case = _case(session, case_id)
    state = CaseState(case.state)
    if state in rules.ENDED:
        rules.check_state(case.reference, state, (), "carried out")
    if state is CaseState.REFUSED:
        raise Refusal(f"{case.reference} was refused by the review body. Take it back and change it, or cancel it.")
    case.review_from_cents = rules.stricter(case.review_from_cents, review_from(session, entity_code(session, case)))
    if needs_review(session, case) and state is not CaseState.APPROVED:
        raise Refusal(
            f"{case.reference} needs the review body's decision first: the policy in force demands it for things that "
            f"cost {_money(case.review_from_cents)} or more. Record the decision with its minutes."
        )
    rules.check_state(case.reference, state, {CaseState.SUBMITTED, CaseState.APPROVED}, "carried out")
    rules.check_final(form, local(case.opened_at).date(), today(session))
    items = items_of(session, case.id)
    assets = assets_of(session, [item.asset_id for item in items])
    for asset in assets:
        register.check_move(asset.inventory_no, State(asset.state), State.DISPOSED)
        check_inside(session, asset)
    case.method, case.recipient, case.certificate = form.how, form.recipient.strip(), form.certificate.strip()
    case.proceeds_cents, case.currency, case.done_on = form.proceeds_cents, form.currency, form.done_on
    case.due_on = None
    _close(session, case, CaseState.COMPLETE)
    # The case is complete before its things end: the database lets them end in no other order.
    session.flush()
    words = rules.HOW_WORDS[form.how]
    for asset in assets:
        asset.state, asset.state_since, asset.changed_at = State.DISPOSED, form.done_on, now(session)
        asset.custodian_id, asset.custodian_name = None, ""
    session.flush()
    to = f" to {case.recipient}" if case.recipient else ""
    tell(session, assets, "disposed", f"{words}{to} on {form.done_on:%-d %B %Y} ({case.reference}).")
    return _changes(case, f"{case.reference} complete: {these(assets)} {words.lower()}{to}.", assets)


@deed("property.cancel_case", "cancel disposal cases")
def cancel_case(session: Session, case_id: int) -> Changes:
    """Give a case up; its things stand as before."""
    case = _case(session, case_id)
    state = CaseState(case.state)
    if state in rules.ENDED:
        raise Refusal(f"{case.reference} is {WORDS[state].lower()} and can no longer be changed.")
    assets = let_go(session, case, None)
    case.due_on = None
    _close(session, case, CaseState.CANCELLED)
    session.flush()
    return _changes(case, f"{case.reference} cancelled.", assets)


def review_from(session: Session, entity_code: str) -> int | None:
    """From which cost in US cents the policy in force today demands a review; None where it demands none."""
    day = today(session)
    if not setting_on(session, REVIEW.name, day, entity_code):
        return None
    return int(setting_on(session, REVIEW_FROM.name, day, entity_code)) * 100


def needs_review(session: Session, case: DisposalCase) -> bool:
    """Whether a case goes before the review body."""
    return rules.demands_review(case.review_from_cents, [item.cost_cents for item in items_of(session, case.id)])


def _close(session: Session, case: DisposalCase, state: CaseState) -> None:
    case.state, case.closed_at, case.closed_by = state, now(session), actor(session).login


def _case(session: Session, case_id: int) -> DisposalCase:
    case = session.scalars(select(DisposalCase).where(DisposalCase.id == case_id).with_for_update()).one_or_none()
    if case is None:
        raise Refusal("This disposal case is not there.")
    return case


def _within(session: Session, setting: Declared, case: DisposalCase) -> date:
    days = setting_on(session, setting.name, today(session), entity_code(session, case))
    return today(session) + timedelta(days=int(days))


def _money(cents: int | None) -> str:
    return f"{(cents or 0) // 100:,} USD"


def _changes(case: DisposalCase, said: str, assets: Sequence[Asset] = (), undo: Deed | None = None) -> Changes:
    also = {KIND: tuple(asset.id for asset in assets)} if assets else {}
    return Changes(CASE, (case.id,), said, undo, also)
