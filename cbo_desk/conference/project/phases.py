"""Phases of the building work as they are planned: entered, changed, forecast, and taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.conference.project.gathering import affected_bookings, effects_of, span_of
from cbo_desk.conference.relocating.basis import DAY, Span
from cbo_desk.conference.rules import check_day, midnight
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed
from cbo_desk.versions import check_version
from db.capital_project import PhaseCell, PhaseClosure, PhaseSeats, ProjectPhase
from db.conference import CellClosure, ConferenceCell, ConferenceSpace

PHASE = "conference.phase"
LABELS = {
    "code": "the code", "name": "the name", "planned_from": "the planned start", "planned_to": "the planned end",
    "forecast_from": "the forecast start", "forecast_to": "the forecast end", "notes": "the notes",
}  # fmt: skip


@dataclass(frozen=True)
class SeatsForm:
    """What a phase makes of a layout, as it is entered; a capacity of 0 takes the layout away."""

    space: str
    kind: str
    capacity: int
    afterwards: bool = False
    setup: int = 0
    cleardown: int = 0


@dataclass(frozen=True)
class PhaseForm:
    """A phase as it is entered; `cells` are the codes of the cells that it closes."""

    code: str
    name: str
    planned_from: date
    planned_to: date
    forecast_from: date | None = None
    forecast_to: date | None = None
    contract_from: date | None = None
    contract_to: date | None = None
    cells: tuple[str, ...] = ()
    seats: tuple[SeatsForm, ...] = ()
    notes: str = ""


@deed("conference.add_phase", "plan the capital project", Role.SUPERVISOR)
def add_phase(session: Session, form: PhaseForm) -> Changes:
    """Plan a phase. It changes nothing that can be booked until it is made effective."""
    _check(form)
    if session.scalar(select(ProjectPhase.id).where(ProjectPhase.code == form.code.strip())) is not None:
        raise Refusal(f"There is a phase {form.code} already.", "code")
    phase = ProjectPhase()
    _write(session, phase, form)
    said = f"{phase.code} is planned from {phase.planned_from:%-d %b %Y}."
    return Changes(PHASE, (phase.id,), said, Deed(remove_phase, (phase.id,)))


@deed("conference.remove_phase", "plan the capital project", Role.SUPERVISOR)
def remove_phase(session: Session, phase_id: int) -> Changes:
    """Take a phase away that is not effective, and for which nothing was planned yet."""
    phase = phase_of(session, phase_id)
    refuse_under_way(phase)
    before = form_of(session, phase)
    for table in (PhaseCell, PhaseSeats):
        session.execute(delete(table).where(table.phase_id == phase_id))
    session.delete(phase)
    return Changes(PHASE, (phase_id,), f"{phase.code} is taken out.", Deed(add_phase, (before,)))


@deed("conference.edit_phase", "plan the capital project", Role.SUPERVISOR)
def edit_phase(session: Session, phase_id: int, version: int, form: PhaseForm) -> Changes:
    """Change a phase. Of one that is under way only names, notes and the forecast end change."""
    phase = phase_of(session, phase_id)
    check_version(session, phase, version, phase.code, LABELS)
    _check(form)
    twin = select(ProjectPhase.id).where(ProjectPhase.code == form.code.strip(), ProjectPhase.id != phase_id)
    if session.scalar(twin) is not None:
        raise Refusal(f"There is a phase {form.code} already.", "code")
    before = form_of(session, phase)
    if phase.actual_from is not None and (set(form.cells), set(form.seats)) != (set(before.cells), set(before.seats)):
        raise Refusal(f"{phase.code} is under way, so its rooms and seats stay as they are.", "cells")
    if phase.actual_from is not None and phase.actual_to is None:
        _stretch(session, phase, form.forecast_to or form.planned_to)
    _write(session, phase, form)
    undo = Deed(edit_phase, (phase_id, phase.version, before))
    return Changes(PHASE, (phase_id,), f"{phase.code} saved.", undo)


@deed("conference.forecast_phase", "plan the capital project", Role.SUPERVISOR)
def forecast_phase(session: Session, phase_id: int, version: int, first: date, last: date) -> Changes:
    """Let a phase be expected from a day to a day: what a what-if showed is adopted."""
    phase = phase_of(session, phase_id)
    check_version(session, phase, version, phase.code, LABELS)
    refuse_under_way(phase)
    if last < first:
        raise Refusal("The forecast ends on or after the day on which it begins.", "forecast_to")
    before = (phase.forecast_from or phase.planned_from, phase.forecast_to or phase.planned_to)
    phase.forecast_from, phase.forecast_to = first, last
    session.flush()
    undo = Deed(forecast_phase, (phase_id, phase.version, *before))
    return Changes(PHASE, (phase_id,), f"{phase.code} is expected from {first:%-d %b %Y}.", undo)


def form_of(session: Session, phase: ProjectPhase) -> PhaseForm:
    """A phase as its form shows it."""
    effects = effects_of(session, phase.id)
    codes = {row[0]: row[1] for row in session.execute(select(ConferenceSpace.id, ConferenceSpace.code))}
    cells = select(ConferenceCell.code).where(ConferenceCell.id.in_(effects.cells)).order_by(ConferenceCell.code)
    return PhaseForm(
        phase.code, phase.name, phase.planned_from, phase.planned_to, phase.forecast_from, phase.forecast_to,
        phase.contract_from, phase.contract_to, tuple(session.scalars(cells)),
        tuple(SeatsForm(codes[s.space_id], s.kind, s.capacity, s.afterwards, s.setup, s.cleardown)
              for s in effects.seats),
        phase.notes,
    )  # fmt: skip


def _check(form: PhaseForm) -> None:
    if not form.code.strip():
        raise Refusal("Give the phase a code, such as Phase 2.", "code")
    if not form.name.strip():
        raise Refusal("Say in a few words what the phase is about.", "name")
    for what, first, last in (
        ("planned", form.planned_from, form.planned_to),
        ("forecast", form.forecast_from, form.forecast_to),
        ("contract", form.contract_from, form.contract_to),
    ):
        if (first is None) != (last is None):
            raise Refusal("Give both days, or neither.", f"{what}_to" if last is None else f"{what}_from")
        for day, end in ((first, "from"), (last, "to")):
            if day is not None:
                check_day(day, f"{what}_{end}")
        if first is not None and last is not None and last < first:
            raise Refusal("The end comes on or after the start.", f"{what}_to")
    if not form.cells and not form.seats:
        raise Refusal("Name at least one room that the phase closes, or a layout that it changes.", "cells")
    if len({(each.space, each.kind, each.afterwards) for each in form.seats}) < len(form.seats):
        raise Refusal("One layout is named twice.", "seats")


def _write(session: Session, phase: ProjectPhase, form: PhaseForm) -> None:
    phase.code, phase.name, phase.notes = form.code.strip(), form.name.strip(), form.notes
    phase.planned_from, phase.planned_to = form.planned_from, form.planned_to
    phase.forecast_from, phase.forecast_to = form.forecast_from, form.forecast_to
    phase.contract_from, phase.contract_to = form.contract_from, form.contract_to
    session.add(phase)
    session.flush()
    if phase.actual_from is not None:
        return
    for table in (PhaseCell, PhaseSeats):
        session.execute(delete(table).where(table.phase_id == phase.id))
    for cell_id in _cell_ids(session, form.cells):
        session.add(PhaseCell(phase_id=phase.id, cell_id=cell_id))
    for each in form.seats:
        space = session.scalar(select(ConferenceSpace.id).where(ConferenceSpace.code == each.space))
        if space is None:
            raise Refusal(f"There is no space {each.space}.", "seats")
        session.add(PhaseSeats(
            phase_id=phase.id, space_id=space, kind=each.kind, capacity=each.capacity, setup_minutes=each.setup,
            cleardown_minutes=each.cleardown, afterwards=each.afterwards,
        ))  # fmt: skip
    session.flush()


def _cell_ids(session: Session, codes: Sequence[str]) -> list[int]:
    found = {row[0]: row[1] for row in session.execute(select(ConferenceCell.code, ConferenceCell.id))}
    for code in codes:
        if code not in found:
            raise Refusal(f"There is no room {code}.", "cells")
    return [found[code] for code in dict.fromkeys(codes)]


def _stretch(session: Session, phase: ProjectPhase, last: date) -> None:
    """Let the closures of a phase under way last to another day; the database refuses where somebody is booked then."""
    if phase.actual_from is not None and last < phase.actual_from:
        raise Refusal("The forecast ends on or after the day on which the phase began.", "forecast_to")
    assert phase.actual_from is not None
    span = Span(phase.actual_from, last)
    left = affected_bookings(session, phase.id, span)
    if left:
        raise Refusal(f"{left[0].reference} {left[0].title} is booked until then. Relocate it first.", "forecast_to")
    if last >= span_of(phase).last:
        cover(session, phase.id, last)
        return
    phase.forecast_from, phase.forecast_to = phase.forecast_from or phase.planned_from, last
    session.flush()
    cover(session, phase.id, last)


def cover(session: Session, phase_id: int, last: date) -> tuple[int, ...]:
    """Let the closures of a phase end with a day; the database refuses where somebody is booked until then."""
    own = select(CellClosure).join(PhaseClosure, PhaseClosure.closure_id == CellClosure.id)
    ids = []
    for closure in session.scalars(own.where(PhaseClosure.phase_id == phase_id)):
        closure.ends = midnight(last + DAY)
        ids.append(closure.id)
    session.flush()
    return tuple(ids)


def phase_of(session: Session, phase_id: int) -> ProjectPhase:
    """A phase, or a refusal where it is no longer there."""
    phase = session.get(ProjectPhase, phase_id)
    if phase is None:
        raise Refusal("This phase is no longer there.")
    return phase


def refuse_under_way(phase: ProjectPhase) -> None:
    """Refuse what a phase allows only until it has begun."""
    if phase.actual_from is not None:
        state = "over" if phase.actual_to is not None else "under way"
        raise Refusal(f"{phase.code} is {state}.")
