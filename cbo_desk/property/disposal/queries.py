"""What can be looked up of disposal: the list of cases, one with everything in it, what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from cbo_desk import audit, search
from cbo_desk.attachments import AttachmentRow, attachments_of
from cbo_desk.context import local
from cbo_desk.errors import Refusal
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import reads
from cbo_desk.property.disposal import rules
from cbo_desk.property.disposal.commands import CASE
from cbo_desk.property.disposal.rules import CaseState
from db.disposal import DisposalCase, DisposalDecision, DisposalItem
from db.people import Entity


@dataclass(frozen=True)
class CaseRow:
    """One case in the list; the value in US cents of the things in it."""

    id: int
    reference: str
    entity: str
    reason: str
    state: CaseState
    items: int
    value: int
    due_on: date | None
    opened_at: datetime


@dataclass(frozen=True)
class ItemRow:
    """One thing in a case; money in US cents, None where nobody can tell."""

    asset_id: int
    inventory_no: str
    description: str
    condition: str
    cost: int | None
    value: int | None
    valued_on: date


@dataclass(frozen=True)
class DecisionRow:
    """One decision of the review body."""

    decision: str
    body: str
    minutes: str
    decided_on: date
    remarks: str
    by: str


@dataclass(frozen=True)
class CaseCard:
    """A case with everything its card shows; `needs_review` says that the policy demands a decision."""

    id: int
    reference: str
    entity: str
    entity_name: str
    reason: str
    state: CaseState
    needs_review: bool
    review_from: int | None
    due_on: date | None
    opened_on: date
    opened_by: str
    items: tuple[ItemRow, ...]
    decisions: tuple[DecisionRow, ...]
    papers: tuple[AttachmentRow, ...]
    deeds: tuple[audit.HistoryLine, ...]
    how: str
    recipient: str
    certificate: str
    proceeds: int
    currency: str
    done_on: date | None

    @property
    def value(self) -> int:
        """What everything in it is worth, as frozen, in US cents."""
        return sum(item.value or 0 for item in self.items)

    @property
    def cost(self) -> int:
        """What everything in it cost, in US cents."""
        return sum(item.cost or 0 for item in self.items)


_COUNT = (
    select(func.count())
    .where(DisposalItem.case_id == DisposalCase.id, DisposalItem.live)
    .correlate(DisposalCase)
    .scalar_subquery()
)
_VALUE = (
    select(func.coalesce(func.sum(DisposalItem.value_cents), 0))
    .where(DisposalItem.case_id == DisposalCase.id, DisposalItem.live)
    .correlate(DisposalCase)
    .scalar_subquery()
)
_ENTITY = select(Entity.code).where(Entity.id == DisposalCase.entity_id).correlate(DisposalCase).scalar_subquery()
SORTS: dict[str, Any] = {"reference": DisposalCase.reference, "state": DisposalCase.state}


@reads("property", "look at disposal cases")
class CaseList(PagedList[CaseRow]):
    """Disposal cases, narrowed by words and to those not closed; the newest first unless told otherwise."""

    kind = CASE

    def __init__(
        self, words: str = "", sort: str = "reference", descending: bool = True, *, closed: bool = False
    ) -> None:
        self._words = words
        ended = [str(state) for state in rules.ENDED]
        where = DisposalCase.state.in_(ended) if closed else DisposalCase.state.not_in(ended)
        columns = select(
            DisposalCase.id, DisposalCase.reference, _ENTITY.label("entity"), DisposalCase.reason, DisposalCase.state,
            _COUNT.label("items"), _VALUE.label("worth"), DisposalCase.due_on, DisposalCase.opened_at,
        )  # fmt: skip
        super().__init__(columns, DisposalCase.id, Sort((SORTS[sort], DisposalCase.id), descending), where)

    def condition(self, session: Session) -> ColumnElement[bool]:
        """The state, and the words as search knows them."""
        found = search.matching(session, CASE, self._words)
        return self._where if found is None else and_(self._where, DisposalCase.id.in_(found))

    def row_of(self, values: Any) -> CaseRow:
        """One line."""
        parts = list(values[:9])
        parts[4], parts[5], parts[6] = CaseState(parts[4]), int(parts[5]), int(parts[6])
        return CaseRow(*parts)


@reads("property", "look at disposal cases")
def case_card(session: Session, case_id: int) -> CaseCard:
    """Everything about a case; Refusal where there is none."""
    case = session.get(DisposalCase, case_id)
    if case is None:
        raise Refusal("This disposal case is not there.")
    entity = session.get_one(Entity, case.entity_id)
    items = session.scalars(
        select(DisposalItem).where(DisposalItem.case_id == case_id, DisposalItem.live).order_by(DisposalItem.id)
    ).all()
    decisions = session.scalars(
        select(DisposalDecision).where(DisposalDecision.case_id == case_id).order_by(DisposalDecision.id.desc())
    ).all()
    return CaseCard(
        id=case.id,
        reference=case.reference,
        entity=entity.code,
        entity_name=entity.name,
        reason=case.reason,
        state=CaseState(case.state),
        needs_review=rules.demands_review(case.review_from_cents, [item.cost_cents for item in items]),
        review_from=case.review_from_cents,
        due_on=case.due_on,
        opened_on=local(case.opened_at).date(),
        opened_by=case.opened_by,
        items=tuple(
            ItemRow(
                item.asset_id, item.inventory_no, item.description, item.condition, item.cost_cents, item.value_cents,
                item.valued_on,
            )
            for item in items
        ),
        decisions=tuple(
            DecisionRow(one.decision, one.body, one.minutes, one.decided_on, one.remarks, one.by) for one in decisions
        ),
        papers=tuple(attachments_of(session, CASE, case_id)),
        deeds=tuple(audit.history(session, CASE, case_id)),
        how=case.method,
        recipient=case.recipient,
        certificate=case.certificate,
        proceeds=case.proceeds_cents,
        currency=case.currency,
        done_on=case.done_on,
    )  # fmt: skip


@dataclass(frozen=True)
class OpenCase:
    """A case that is being prepared, into which things can still be put."""

    id: int
    reference: str
    entity_id: int
    reason: str


@reads("property", "look at disposal cases")
def cases_prepared(session: Session, most: int = 50) -> list[OpenCase]:
    """The cases that are being prepared, the newest first."""
    wanted = select(DisposalCase).where(DisposalCase.state == CaseState.OPEN).order_by(DisposalCase.id.desc())
    return [OpenCase(row.id, row.reference, row.entity_id, row.reason) for row in session.scalars(wanted.limit(most))]


@reads("property", "look at disposal cases")
def case_of_asset(session: Session, asset_id: int) -> tuple[int, str] | None:
    """The case an asset is in, as id and reference; None where it is in none."""
    wanted = select(DisposalCase.id, DisposalCase.reference).join(DisposalItem)
    row = session.execute(wanted.where(DisposalItem.asset_id == asset_id, DisposalItem.live)).first()
    return None if row is None else (row.id, row.reference)


@dataclass(frozen=True)
class DueCase:
    """A case whose next step has a day."""

    id: int
    reference: str
    entity: str
    reason: str
    state: CaseState
    due_on: date
    items: int


@reads("property", "look at disposal cases")
def due_cases(session: Session) -> list[DueCase]:
    """The cases whose next step has a day, the earliest first."""
    wanted = (
        select(
            DisposalCase.id, DisposalCase.reference, _ENTITY, DisposalCase.reason, DisposalCase.state,
            DisposalCase.due_on, _COUNT,
        )
        .where(DisposalCase.due_on.is_not(None))
        .order_by(DisposalCase.due_on, DisposalCase.id)
    )  # fmt: skip
    return [DueCase(r[0], r[1], r[2], r[3], CaseState(r[4]), r[5], int(r[6])) for r in session.execute(wanted)]
