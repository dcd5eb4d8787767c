"""The moves of a plan as a list, read by pages, and as a table for a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import QueryableAttribute, Session

from cbo_desk import search
from cbo_desk.conference.booking import KIND
from cbo_desk.conference.conflicts import when
from cbo_desk.conference.rules import Slot
from cbo_desk.office import Office
from cbo_desk.paging import PAGE, PagedList, Sort
from cbo_desk.permissions import reads
from cbo_desk.tabular import Column
from db.capital_project import BookingTerms, RelocationMove
from db.conference import Booking, ConferenceSpace


@dataclass(frozen=True)
class MoveRow:
    """Where a plan sends a booking. Without `to_slot` it finds no place, and `why` says why not."""

    id: int
    reference: str
    title: str
    people: int
    rank: int
    contact: str
    from_space: str
    from_kind: str
    from_slot: Slot
    to_space: str
    to_kind: str
    to_slot: Slot | None
    decision: str
    why: str
    instead: tuple[str, ...]


_COLUMNS = (
    Booking.id, Booking.reference, Booking.title, Booking.people, Booking.rank, Booking.contact, RelocationMove.before,
    RelocationMove.after, RelocationMove.decision, RelocationMove.why, RelocationMove.instead,
)  # fmt: skip


def _lines(plan_id: int) -> Select[Any]:
    own = and_(RelocationMove.booking_id == Booking.id, RelocationMove.plan_id == plan_id)
    return select(*_COLUMNS).join_from(Booking, RelocationMove, own)


SORTS: dict[str, QueryableAttribute[Any]] = {
    "reference": Booking.reference,
    "title": Booking.title,
    "starts": Booking.starts,
    "people": Booking.people,
}


@reads("conference", "look at the capital project")
class MoveList(PagedList[MoveRow]):
    """The moves of one plan, in the order of their old times unless told otherwise."""

    kind = KIND

    def __init__(
        self, plan_id: int, names: dict[int, str], words: str = "", sort: str = "starts", descending: bool = False
    ) -> None:
        self.plan_id, self._names, self._words = plan_id, names, words
        order = Sort((SORTS[sort], Booking.id), descending)
        own = select(RelocationMove.booking_id).where(RelocationMove.plan_id == plan_id)
        super().__init__(_lines(plan_id), Booking.id, order, Booking.id.in_(own))

    def condition(self, session: Session) -> ColumnElement[bool]:
        """The plan, and the words that a booking must hold."""
        found = search.matching(session, KIND, self._words)
        return self._where if found is None else and_(self._where, Booking.id.in_(found))

    def row_of(self, values: Any) -> MoveRow:
        """One line."""
        ident, reference, title, people, rank, contact, before, after, decision, why, instead = values[:11]
        return MoveRow(
            ident, reference, title, people, rank, contact, self._names.get(before["space_id"], ""), before["kind"],
            _slot(before), self._names.get(after["space_id"], "") if after else "", after["kind"] if after else "",
            _slot(after) if after else None, decision, why, tuple(each["told"] for each in instead),
        )  # fmt: skip


@reads("conference", "look at the capital project")
def space_names(session: Session) -> dict[int, str]:
    """The name of every space, those retired included."""
    return {row[0]: row[1] for row in session.execute(select(ConferenceSpace.id, ConferenceSpace.name))}


@reads("conference", "look at the capital project")
def moves(session: Session, plan_id: int) -> list[MoveRow]:
    """All moves of a plan, whoever finds no place first."""
    listing = MoveList(plan_id, space_names(session))
    lines = session.execute(_lines(plan_id)).all()
    found = [listing.row_of(values) for values in lines]
    return sorted(found, key=lambda row: (row.decision != "unplaced", row.from_slot.starts, row.reference))


@reads("conference", "look at the capital project")
def unplaced(session: Session, plan_id: int) -> list[int]:
    """The bookings for which a plan found no place, the first one first."""
    wanted = select(Booking.id).join(RelocationMove, RelocationMove.booking_id == Booking.id)
    wanted = wanted.where(RelocationMove.plan_id == plan_id, RelocationMove.decision == "unplaced")
    return list(session.scalars(wanted.order_by(Booking.rank, Booking.starts, Booking.id)))


@reads("conference", "look at the capital project")
def terms_of(session: Session, booking_id: int) -> tuple[str, int, str]:
    """Which other times a booking's client allows, and the booths and features it needs wherever it goes."""
    row = session.get(BookingTerms, booking_id)
    return (row.other_time, row.booths, row.features) if row is not None else ("no", 0, "")


COLUMNS = (
    Column("Ref"), Column("Title"), Column("People"), Column("Rank"), Column("Room before"), Column("Time before"),
    Column("Room after"), Column("Time after"), Column("Decision"), Column("Why"),
)  # fmt: skip


def rows(office: Office, listing: MoveList) -> Iterator[tuple[Any, ...]]:
    """Every move of a list in its order, page by page."""
    for start in office.read(listing.outline).starts:
        for line in office.read(listing.page, start, PAGE):
            row = line.row
            yield (
                row.reference, row.title, str(row.people), str(row.rank), f"{row.from_space}, {row.from_kind}",
                when(row.from_slot), f"{row.to_space}, {row.to_kind}" if row.to_slot else "",
                when(row.to_slot) if row.to_slot else "", row.decision, row.why,
            )  # fmt: skip


def _slot(placing: Any) -> Slot:
    return Slot(datetime.fromisoformat(placing["slot"][0]), datetime.fromisoformat(placing["slot"][1]))
