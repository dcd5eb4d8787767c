"""What the capital project's pages show: phases, capacity by month, plans with their moves, problems to be solved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk import audit
from cbo_desk.conference.project.capacity import (
    DayCapacity,
    Month,
    Room,
    Seating,
    Shut,
    by_month,
    capacity_on,
)
from cbo_desk.conference.project.gathering import (
    Effects,
    affected_bookings,
    cell_codes,
    effects_of,
    gather,
    gather_basis,
    span_of,
)
from cbo_desk.conference.project.phases import PHASE, PhaseForm, form_of
from cbo_desk.conference.relocating.basis import DAY, WEEK, Basis, Span
from cbo_desk.conference.relocating.problem import Problem
from cbo_desk.conference.rules import LIVE, check_day, day_of, midnight
from cbo_desk.context import today
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from db.capital_project import ProjectPhase, RelocationMove, RelocationPlan
from db.conference import Booking, CellClosure, ConferenceCell, ConferenceSpace, SpaceCell, SpaceLayout


@dataclass(frozen=True)
class PhaseRow:
    """One phase: its three pairs of days, what it closes, and how many bookings it displaces that are still there."""

    id: int
    version: int
    code: str
    name: str
    planned: Span
    forecast: Span | None
    actual_from: date | None
    actual_to: date | None
    contract: Span | None
    span: Span
    cells: tuple[str, ...]
    affected: int
    notes: str

    @property
    def late_weeks(self) -> int:
        """Weeks that it starts or ends later than planned, whichever is more."""
        late = max(self.span.first - self.planned.first, self.span.last - self.planned.last)
        return max(0, round(late / WEEK))

    @property
    def state(self) -> str:
        """planned, under way, or over."""
        if self.actual_to is not None:
            return "over"
        return "under way" if self.actual_from is not None else "planned"


@dataclass(frozen=True)
class Outlook:
    """The phases, and seats against demand by month; `rooms` lets any day be reckoned without asking again."""

    phases: tuple[PhaseRow, ...]
    months: tuple[Month, ...]
    rooms: tuple[Room, ...]
    today: date


@dataclass(frozen=True)
class PhaseCard:
    """A phase with what it changes: seats before it, while it lasts, and after it; and its history in sentences."""

    row: PhaseRow
    form: PhaseForm
    before: DayCapacity
    during: DayCapacity
    after: DayCapacity
    history: tuple[audit.HistoryLine, ...]


@dataclass(frozen=True)
class AffectedRow:
    """A booking that a phase displaces."""

    id: int
    reference: str
    title: str
    people: int
    rank: int
    starts: datetime
    ends: datetime
    space: str
    layout: str


@dataclass(frozen=True)
class PlanRow:
    """A plan as it is compared with others; `measures` are goal, value and bound, the last two by rank for unplaced."""

    id: int
    name: str
    first: str
    span: Span
    measures: tuple[tuple[str, tuple[int, ...], tuple[int, ...]], ...]
    seconds: float
    made_at: datetime
    made_by: str
    counts: Mapping[str, int]


@reads("conference", "look at the capital project")
def outlook(session: Session, first: date, months: int = 36) -> Outlook:
    """The phases, and what can be seated in each month from the one of `first` on."""
    check_day(first, "first")
    rows = phases(session)
    rooms = _rooms(session, rows)
    until = _later(first, months)
    booked = session.execute(
        select(Booking.starts, Booking.ends, Booking.people).where(
            Booking.status.in_(LIVE), Booking.ends > midnight(first), Booking.starts < midnight(until)
        )
    )
    people = [(row.starts, row.ends, row.people) for row in booked]
    return Outlook(tuple(rows), by_month(rooms, people, first, months), rooms, today(session))


@reads("conference", "look at the capital project")
def phases(session: Session) -> list[PhaseRow]:
    """All phases in the order in which they begin."""
    found = [_row(session, phase) for phase in session.scalars(select(ProjectPhase))]
    return sorted(found, key=lambda row: (row.span.first, row.code))


@reads("conference", "look at the capital project")
def phase_card(session: Session, phase_id: int) -> PhaseCard:
    """One phase with everything about it."""
    phase = session.get(ProjectPhase, phase_id)
    if phase is None:
        raise Refusal("This phase is no longer there.")
    rows = phases(session)
    rooms = _rooms(session, rows)
    row = next(each for each in rows if each.id == phase_id)
    days = (row.span.first - DAY, row.span.first, row.span.last + DAY)
    before, during, after = (capacity_on(rooms, day) for day in days)
    history = tuple(audit.history(session, PHASE, phase_id))
    return PhaseCard(row, form_of(session, phase), before, during, after, history)


@reads("conference", "look at the capital project")
def affected(session: Session, phase_id: int) -> list[AffectedRow]:
    """The bookings that a phase displaces on the days that are known now."""
    phase = session.get(ProjectPhase, phase_id)
    if phase is None:
        raise Refusal("This phase is no longer there.")
    names = {row[0]: row[1] for row in session.execute(select(ConferenceSpace.id, ConferenceSpace.code))}
    return [
        AffectedRow(b.id, b.reference, b.title, b.people, b.rank, b.starts, b.ends, names.get(b.space_id or 0, ""),
                    b.layout_kind)
        for b in affected_bookings(session, phase_id, span_of(phase))
    ]  # fmt: skip


@reads("conference", "look at the capital project")
def titles_of(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Bookings' numbers and titles by their ids, such as "B-000012 Governing council"."""
    wanted = select(Booking.id, Booking.reference, Booking.title).where(Booking.id.in_(ids))
    return {row.id: f"{row.reference} {row.title}" for row in session.execute(wanted)}


@reads("conference", "plan relocations")
def problem_of(session: Session, phase_id: int, span: Span, first: str = "times") -> Problem:
    """What the planner is asked for a phase on some days."""
    return gather(session, phase_id, span, first)


@reads("conference", "plan relocations")
def basis_of(session: Session, phase_id: int, earliest: Span, latest: Span) -> Basis:
    """What the planner is asked for a phase, whenever it begins between two spans."""
    return gather_basis(session, phase_id, earliest, latest)


@reads("conference", "look at the capital project")
def plans(session: Session, phase_id: int) -> list[PlanRow]:
    """The plans for a phase, the newest first."""
    rows = session.scalars(
        select(RelocationPlan).where(RelocationPlan.phase_id == phase_id).order_by(RelocationPlan.id.desc())
    ).all()
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    grouped = select(RelocationMove.plan_id, RelocationMove.decision, func.count()).group_by(
        RelocationMove.plan_id, RelocationMove.decision
    )
    for plan_id, decision, count in session.execute(grouped.where(RelocationMove.plan_id.in_([r.id for r in rows]))):
        counts[plan_id][decision] = count
    return [
        PlanRow(row.id, row.name, row.first, Span(row.starts_on, row.ends_on),
                tuple((goal, tuple(value), tuple(bound)) for goal, value, bound in row.measures),
                row.seconds, row.made_at, row.made_by, counts[row.id])
        for row in rows
    ]  # fmt: skip


def _row(session: Session, phase: ProjectPhase) -> PhaseRow:
    def pair(first: date | None, last: date | None) -> Span | None:
        return Span(first, last) if first is not None and last is not None else None

    span = span_of(phase)
    left = len(affected_bookings(session, phase.id, span)) if phase.actual_to is None else 0
    return PhaseRow(
        phase.id, phase.version, phase.code, phase.name, Span(phase.planned_from, phase.planned_to),
        pair(phase.forecast_from, phase.forecast_to), phase.actual_from, phase.actual_to,
        pair(phase.contract_from, phase.contract_to), span,
        cell_codes(session, effects_of(session, phase.id).cells), left, phase.notes,
    )  # fmt: skip


def _rooms(session: Session, rows: Sequence[PhaseRow]) -> tuple[Room, ...]:
    """Every room by itself, with what phases that are not effective yet will do to it laid over what is there."""
    effects = {row.id: effects_of(session, row.id) for row in rows}
    cells: defaultdict[int, list[int]] = defaultdict(list)
    for space_id, cell_id in session.execute(select(SpaceCell.space_id, SpaceCell.cell_id)):
        cells[space_id].append(cell_id)
    layouts: defaultdict[int, list[Seating]] = defaultdict(list)
    for layout in session.scalars(select(SpaceLayout).order_by(SpaceLayout.valid_from.desc())):
        layouts[layout.space_id].append(Seating(layout.kind, layout.capacity, layout.valid_from, layout.valid_to))
    shut: defaultdict[int, list[Shut]] = defaultdict(list)
    for closure in session.scalars(select(CellClosure)):
        first, last = day_of(closure.starts), day_of(closure.ends) - DAY
        if first <= last:
            shut[closure.cell_id].append(Shut(first, last))
    codes = {row[0]: row[1] for row in session.execute(select(ConferenceCell.id, ConferenceCell.code))}
    for row in rows:
        for cell in effects[row.id].cells if row.actual_from is None else ():
            shut[cell].append(Shut(row.span.first, row.span.last))
    rooms = []
    for space in session.scalars(select(ConferenceSpace).where(ConferenceSpace.gone_at.is_(None))):
        if len(cells[space.id]) == 1:
            [cell] = cells[space.id]
            seatings = [*_seatings(space.id, rows, effects), *layouts[space.id]]
            rooms.append(Room(space.id, codes[cell], tuple(seatings), tuple(shut[cell])))
    return tuple(rooms)


def _seatings(space_id: int, rows: Sequence[PhaseRow], effects: Mapping[int, Effects]) -> list[Seating]:
    found = []
    for row in rows:
        for seats in effects[row.id].seats:
            if seats.space_id != space_id or (row.actual_to is not None if seats.afterwards else row.actual_from):
                continue
            first, last = (row.span.last + DAY, None) if seats.afterwards else (row.span.first, row.span.last)
            found.append(Seating(seats.kind, seats.capacity, first, last))
    return found[::-1]


def _later(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
