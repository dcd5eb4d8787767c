"""The lists of custody: handovers, loans, what somebody holds, and who has confirmed what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from cbo_desk import search
from cbo_desk.context import today
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import reads
from cbo_desk.property.custody.commands import HANDOVER
from cbo_desk.property.custody.rules import Kind
from cbo_desk.property.rules import ENDED, State
from cbo_desk.property.touching import KIND
from db.custody import CustodyAnswer, Handover, HandoverItem
from db.people import Person
from db.property import Asset

LOAN = "property.loan"
_LOOSE = tuple(sorted(ENDED))


@dataclass(frozen=True)
class HandoverRow:
    """One handover of the list."""

    id: int
    reference: str
    kind: Kind
    at: datetime
    giver: str
    taker: str
    place: str
    items: int
    due_on: date | None
    signed_by: str
    on_paper: bool
    by: str


_HANDOVER = select(
    Handover.id, Handover.reference, Handover.kind, Handover.at, Handover.giver_name, Handover.taker_name,
    Handover.place_code, Handover.items, Handover.due_on, Handover.signed_by, Handover.on_paper, Handover.by,
)  # fmt: skip
HANDOVER_SORTS: dict[str, Any] = {
    "reference": Handover.reference,
    "at": Handover.at,
    "giver": Handover.giver_name,
    "taker": Handover.taker_name,
    "place": Handover.place_code,
    "kind": Handover.kind,
}


@reads("property", "look at handovers")
class HandoverList(PagedList[HandoverRow]):
    """Handovers that hold words, the newest first; `unsigned` leaves only those nobody has signed yet."""

    kind = HANDOVER

    def __init__(self, words: str = "", sort: str = "at", descending: bool = True, *, unsigned: bool = False) -> None:
        self._words = words
        where: ColumnElement[bool] = Handover.items > 0
        if unsigned:
            needed = Handover.kind.not_in((Kind.REVERSAL, Kind.EXTEND))  # an extension is often agreed from afar
            where = and_(Handover.signed_at.is_(None), needed, ~_reversed())
        super().__init__(_HANDOVER, Handover.id, Sort((HANDOVER_SORTS[sort], Handover.id), descending), where)

    def condition(self, session: Session) -> ColumnElement[bool]:
        """Words are looked up the engine's own way."""
        found = search.matching(session, HANDOVER, self._words)
        return self._where if found is None else and_(self._where, Handover.id.in_(found))

    def row_of(self, values: Any) -> HandoverRow:
        """One line."""
        ident, reference, kind, *rest = values[:12]
        return HandoverRow(ident, reference, Kind(kind), *rest)


def _reversed() -> ColumnElement[bool]:
    back = aliased(Handover)
    return exists().where(back.reverses_id == Handover.id)


@dataclass(frozen=True)
class LoanRow:
    """One asset on loan; `late` is the number of days since it was due, 0 while it is not."""

    id: int
    asset_id: int
    inventory_no: str
    description: str
    person_id: int
    person: str
    due_on: date
    reference: str
    late: int


LOAN_SORTS: dict[str, Any] = {
    "due": HandoverItem.to_due_on,
    "person": HandoverItem.to_name,
    "inventory_no": HandoverItem.inventory_no,
}
_LOAN = select(
    HandoverItem.id, HandoverItem.asset_id, HandoverItem.inventory_no, HandoverItem.description,
    HandoverItem.to_person_id, HandoverItem.to_name, HandoverItem.to_due_on, Handover.reference,
).join(Handover, Handover.id == HandoverItem.handover_id)  # fmt: skip


def open_loans() -> ColumnElement[bool]:
    """The lines of handovers that are loans still: nothing was written of the asset since, and it is on loan."""
    later = aliased(HandoverItem)
    return and_(
        HandoverItem.to_due_on.is_not(None),
        ~exists().where(later.asset_id == HandoverItem.asset_id, later.id > HandoverItem.id),
        exists().where(Asset.id == HandoverItem.asset_id, Asset.state == State.ON_LOAN),
    )


@reads("property", "look at loans")
class LoanList(PagedList[LoanRow]):
    """What is on loan, what is due first on top; `due_before` leaves only what is due before a day."""

    kind = LOAN

    def __init__(
        self, words: str = "", sort: str = "due", descending: bool = False, *, due_before: date | None = None
    ) -> None:
        self._words = words
        where = open_loans()
        if due_before is not None:
            where = and_(where, HandoverItem.to_due_on < due_before)
        super().__init__(_LOAN, HandoverItem.id, Sort((LOAN_SORTS[sort], HandoverItem.id), descending), where)
        self._today: date | None = None

    def condition(self, session: Session) -> ColumnElement[bool]:
        """Words are those of the asset, or a part of the borrower's name."""
        self._today = today(session)
        found = search.matching(session, KIND, self._words)
        if found is None:
            return self._where
        named = func.lower(HandoverItem.to_name).contains(self._words.lower(), autoescape=True)
        return and_(self._where, or_(HandoverItem.asset_id.in_(found), named))

    def row_of(self, values: Any) -> LoanRow:
        """One line."""
        due = values[6]
        late = max(0, (self._today - due).days) if self._today else 0
        ident, asset, number, words, person, name, _due, reference = values[:8]
        return LoanRow(ident, asset, number, words, person, name, due, reference, late)


@dataclass(frozen=True)
class HolderRow:
    """One person who holds something: how much, how much of it is confirmed, and how much is disputed."""

    id: int
    person: str
    entity: str
    email: str
    holds: int
    confirmed: int
    disputed: int

    @property
    def open(self) -> int:
        """How much nobody has said anything of."""
        return self.holds - self.confirmed - self.disputed


def _said(answer: str, since: datetime) -> ColumnElement[bool]:
    """The last word of an asset's present custodian on it, if it is not too old."""
    later = aliased(CustodyAnswer)
    return exists().where(
        CustodyAnswer.asset_id == Asset.id,
        CustodyAnswer.person_id == Asset.custodian_id,
        CustodyAnswer.answer == answer,
        CustodyAnswer.at >= since,
        ~exists().where(
            later.asset_id == CustodyAnswer.asset_id,
            later.person_id == CustodyAnswer.person_id,
            later.id > CustodyAnswer.id,
        ),
    )


def _held(*more: ColumnElement[bool]) -> Any:
    wanted = select(func.count()).where(Asset.custodian_id == Person.id, Asset.state.not_in(_LOOSE), *more)
    return wanted.correlate(Person).scalar_subquery()


HOLDER_SORTS: dict[str, tuple[Any, ...]] = {
    "person": (Person.sort_name, Person.id),
    "entity": (Person.entity_code, Person.id),
}


@reads("property", "look at what people hold")
class HolderList(PagedList[HolderRow]):
    """Everybody who holds something; `unconfirmed` leaves those who have not confirmed all of it since `since`."""

    kind = "people.person"

    def __init__(
        self,
        words: str = "",
        sort: str = "person",
        descending: bool = False,
        *,
        since: datetime,
        unconfirmed: bool = False,
    ) -> None:
        self._words = words
        mine = and_(Asset.custodian_id == Person.id, Asset.state.not_in(_LOOSE))
        where = exists().where(mine)
        confirmed = _said("confirmed", since)
        if unconfirmed:
            where = exists().where(mine, ~confirmed)
        lines = select(
            Person.id, Person.sort_name, Person.entity_code, Person.email, _held(), _held(confirmed),
            _held(_said("disputed", since)),
        )  # fmt: skip
        super().__init__(lines, Person.id, Sort(HOLDER_SORTS[sort], descending), where)

    def condition(self, session: Session) -> ColumnElement[bool]:
        """Words are looked up the engine's own way."""
        found = search.matching(session, "people.person", self._words)
        return self._where if found is None else and_(self._where, Person.id.in_(found))

    def row_of(self, values: Any) -> HolderRow:
        """One line."""
        return HolderRow(*values[:7])


@dataclass(frozen=True)
class OwnRow:
    """One asset in the hands of the person at work, and what they last said of it."""

    id: int
    inventory_no: str
    description: str
    serial: str
    place: str
    state: State
    answer: str
    answered_at: datetime | None
    note: str


OWN_SORTS: dict[str, Any] = {"inventory_no": Asset.inventory_no, "description": Asset.description}


@reads("property", "look at what you hold")
class OwnList(PagedList[OwnRow]):
    """What one person holds, with their last word on each."""

    kind = KIND

    def __init__(
        self, words: str = "", sort: str = "inventory_no", descending: bool = False, *, person_id: int
    ) -> None:
        self._words = words
        last = (
            select(func.max(CustodyAnswer.id))
            .where(CustodyAnswer.asset_id == Asset.id, CustodyAnswer.person_id == person_id)
            .correlate(Asset)
            .scalar_subquery()
        )
        lines = select(
            Asset.id, Asset.inventory_no, Asset.description, Asset.serial, Asset.place_code, Asset.state,
            CustodyAnswer.answer, CustodyAnswer.at, CustodyAnswer.note,
        ).outerjoin(CustodyAnswer, CustodyAnswer.id == last)  # fmt: skip
        where = and_(Asset.custodian_id == person_id, Asset.state.not_in(_LOOSE))
        super().__init__(lines, Asset.id, Sort((OWN_SORTS[sort], Asset.id), descending), where)

    def condition(self, session: Session) -> ColumnElement[bool]:
        """Words are looked up the engine's own way."""
        found = search.matching(session, KIND, self._words)
        return self._where if found is None else and_(self._where, Asset.id.in_(found))

    def row_of(self, values: Any) -> OwnRow:
        """One line."""
        ident, number, words, serial, place, state, answer, at, note = values[:9]
        return OwnRow(ident, number, words, serial, place, State(state), answer or "", at, note or "")
