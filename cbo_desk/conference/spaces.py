"""Cells, spaces, layouts, units, closures and ceilings: what the staff enters before anything can be booked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select, update
from sqlalchemy.orm import Session

from cbo_desk import after, holdings, search
from cbo_desk.changes import Changes, Deed
from cbo_desk.conference.rules import LIVE, MOST_AROUND, MOST_PEOPLE, Slot, midnight
from cbo_desk.context import now, today
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed
from cbo_desk.places import PLACE, way_to
from cbo_desk.tags import codes, give_tags, subjects
from db.conference import (
    Booking,
    BookingCell,
    CellClosure,
    ConferenceCell,
    ConferenceSpace,
    ConferenceUnit,
    SiteCeiling,
    SpaceCell,
    SpaceDoor,
    SpaceLayout,
)

SPACE = "conference.space"
CLOSURE = "conference.closure"
CEILING = "conference.ceiling"
UNIT = "conference.unit"


@dataclass(frozen=True)
class LayoutForm:
    """A layout as it is entered; without a first day it is valid from today."""

    kind: str
    capacity: int
    setup: int = 0
    cleardown: int = 0
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class SpaceForm:
    """A space as it is entered; `cells` are codes, new ones are made.

    `place_id` is where its door is: its building is then the one around that place.
    """

    code: str
    name: str
    cells: tuple[str, ...]
    layouts: tuple[LayoutForm, ...] = ()
    building_id: int | None = None
    booths: int = 0
    features: str = ""
    equipment: str = ""
    place_id: int | None = None


@deed("conference.add_space", "set up conference spaces", Role.SUPERVISOR)
def add_space(session: Session, form: SpaceForm) -> Changes:
    """Make a space of one or more cells, with its layouts."""
    if not form.cells:
        raise Refusal("A space consists of one cell at least.", "cells")
    if session.scalar(select(ConferenceSpace.id).where(ConferenceSpace.code == form.code)) is not None:
        raise Refusal(f"There is a space {form.code} already.", "code")
    space = ConferenceSpace(
        code=form.code, name=form.name or form.code, building_id=form.building_id, booths=form.booths,
        features=" ".join(sorted(form.features.split())), equipment=words_apart(form.equipment),
    )  # fmt: skip
    session.add(space)
    session.flush()
    put_door(session, space, form.place_id)
    for code in dict.fromkeys(form.cells):
        cell = session.scalar(select(ConferenceCell).where(ConferenceCell.code == code))
        if cell is None:
            cell = ConferenceCell(code=code, name=code)
            session.add(cell)
            session.flush()
        session.add(SpaceCell(space_id=space.id, cell_id=cell.id))
    session.flush()
    for layout in form.layouts:
        _add_layout(session, space.id, layout)
    search.enter(session, [search.Findable(SPACE, space.id, space.code, space.name)])
    give_tags(session, SPACE, [space.id])
    return Changes(SPACE, (space.id,), f"{space.code} can be booked.", Deed(retire_space, (space.id,)))


@deed("conference.retire_space", "set up conference spaces", Role.SUPERVISOR)
def retire_space(session: Session, space_id: int) -> Changes:
    """Let a space no longer be booked; refused while bookings are to come."""
    space = _space(session, space_id)
    coming = select(Booking.reference).where(
        Booking.space_id == space_id, Booking.status.in_(LIVE), Booking.ends > now(session)
    )
    first = session.scalar(coming.order_by(Booking.starts).limit(1))
    if first is not None:
        raise Refusal(f"{space.code} is booked: {first} is still to come. Move it first.")
    space.gone_at = now(session)
    search.withdraw(session, SPACE, [space_id])
    return Changes(SPACE, (space_id,), f"{space.code} can no longer be booked.", Deed(bring_back_space, (space_id,)))


@deed("conference.bring_back_space", "set up conference spaces", Role.SUPERVISOR)
def bring_back_space(session: Session, space_id: int) -> Changes:
    """Let a retired space be booked again."""
    space = _space(session, space_id)
    space.gone_at = None
    search.enter(session, [search.Findable(SPACE, space.id, space.code, space.name)])
    return Changes(SPACE, (space_id,), f"{space.code} can be booked again.", Deed(retire_space, (space_id,)))


@deed("conference.add_layout", "set up conference spaces", Role.SUPERVISOR)
def add_layout(session: Session, space_id: int, form: LayoutForm) -> Changes:
    """Give a space a further layout. A kind it has already is changed from a day on by `change_capacity`."""
    space = _space(session, space_id)
    layout = _add_layout(session, space_id, form)
    said = f"{space.code} seats {form.capacity} as {form.kind}."
    return Changes(SPACE, (space_id,), said, Deed(end_layout, (layout.id, layout.valid_from - timedelta(days=1))))


@deed("conference.end_layout", "set up conference spaces", Role.SUPERVISOR)
def end_layout(session: Session, layout_id: int, last: date) -> Changes:
    """Let a layout be valid no longer than to a day, or remove it where that lies before its first."""
    layout = session.get(SpaceLayout, layout_id)
    if layout is None:
        raise Refusal("This layout is no longer there.")
    undo = Deed(end_layout_on, (layout_id, layout.valid_to))
    if last >= layout.valid_from:
        layout.valid_to = last
    elif session.scalar(select(Booking.id).where(Booking.layout_id == layout_id).limit(1)) is not None:
        raise Refusal("There are bookings with this layout. Move them first.")
    else:
        form = LayoutForm(layout.kind, layout.capacity, layout.setup_minutes, layout.cleardown_minutes,
                          layout.valid_from, layout.valid_to)  # fmt: skip
        undo = Deed(add_layout, (layout.space_id, form))
        session.delete(layout)
    return Changes(SPACE, (layout.space_id,), f"The layout {layout.kind} ends.", undo)


@deed("conference.end_layout_on", "set up conference spaces", Role.SUPERVISOR)
def end_layout_on(session: Session, layout_id: int, last: date | None) -> Changes:
    """Let a layout that ends be valid to a day again, or for good; refused where another has taken its days."""
    layout = session.get(SpaceLayout, layout_id)
    if layout is None or layout.valid_to is None:
        raise Refusal("This layout no longer ends.")
    ended = layout.valid_to
    _refuse_same(session, layout.space_id, layout.kind, ended + timedelta(days=1), last)
    layout.valid_to = last
    session.flush()
    again = Deed(end_layout, (layout_id, ended))
    return Changes(SPACE, (layout.space_id,), f"The layout {layout.kind} goes on.", again)


@deed("conference.change_capacity", "set up conference spaces", Role.SUPERVISOR)
def change_capacity(session: Session, layout_id: int, start: date, capacity: int) -> Changes:
    """Let a layout seat another number from a day on: a further row. Bookings from then on go along, if they fit."""
    old = session.get(SpaceLayout, layout_id)
    if old is None:
        raise Refusal("This layout is no longer there.")
    if start <= old.valid_from or (old.valid_to is not None and start > old.valid_to):
        raise Refusal("Choose a day after the layout's first and not after its last.", "start")
    if capacity > MOST_PEOPLE:
        raise Refusal(f"This is more than {MOST_PEOPLE:,} seats. Look at the number again.", "capacity")
    after = (Booking.layout_id == layout_id, Booking.status.in_(LIVE), Booking.ends > midnight(start))
    for reference, people, starts in session.execute(
        select(Booking.reference, Booking.people, Booking.starts).where(*after).order_by(Booking.starts)
    ):
        if people > capacity:
            raise Refusal(f"{reference} needs {people} seats. Move it first.", "capacity")
        if starts < midnight(start):
            raise Refusal(f"{reference} lasts over that day. Choose another day, or move it.", "start")
    new = SpaceLayout(
        space_id=old.space_id, kind=old.kind, capacity=capacity, setup_minutes=old.setup_minutes,
        cleardown_minutes=old.cleardown_minutes, valid_from=start, valid_to=old.valid_to,
    )  # fmt: skip
    session.add(new)
    session.flush()
    # First the bookings, then the old row's end: the database lets no booking be without a valid layout in between.
    session.execute(
        update(Booking).where(*after).values(layout_id=new.id, version=Booking.version + 1),
        execution_options={"synchronize_session": "fetch"},
    )
    old.valid_to = start - timedelta(days=1)
    said = f"{_space(session, old.space_id).code} seats {capacity} as {old.kind} from {start:%-d %B %Y}."
    return Changes(SPACE, (old.space_id,), said, Deed(put_capacity_back, (layout_id, new.id)))


@deed("conference.put_capacity_back", "set up conference spaces", Role.SUPERVISOR)
def put_capacity_back(session: Session, layout_id: int, later_id: int) -> Changes:
    """Let a layout seat what it seated before a change, which is taken away; its bookings go back along."""
    old, later = session.get(SpaceLayout, layout_id), session.get(SpaceLayout, later_id)
    if old is None or later is None or old.valid_to != later.valid_from - timedelta(days=1):
        raise Refusal("The layout has been changed again since then.")
    again = Deed(change_capacity, (layout_id, later.valid_from, later.capacity))
    moved = select(Booking.reference, Booking.people).where(Booking.layout_id == later_id, Booking.status.in_(LIVE))
    for reference, people in session.execute(moved.order_by(Booking.starts)):
        if people > old.capacity:
            raise Refusal(f"{reference} needs {people} seats. Move it first.", "capacity")
    old.valid_to = later.valid_to
    session.flush()
    session.execute(
        update(Booking).where(Booking.layout_id == later_id).values(layout_id=layout_id, version=Booking.version + 1),
        execution_options={"synchronize_session": "fetch"},
    )
    session.delete(later)
    session.flush()
    said = f"{_space(session, old.space_id).code} seats {old.capacity} as {old.kind}, as before."
    return Changes(SPACE, (old.space_id,), said, again)


@deed("conference.close_cells", "close conference rooms", Role.SUPERVISOR)
def close_cells(session: Session, codes: Sequence[str], slot: Slot, reason: str) -> Changes:
    """Close cells for a time; refused while a booking occupies one of them then."""
    if not codes:
        raise Refusal("Say which cells are closed.", "cells")
    cells = session.scalars(select(ConferenceCell).where(ConferenceCell.code.in_(codes)).order_by(ConferenceCell.id))
    closures = []
    for cell in cells:
        first = first_booked(session, [cell.id], slot)
        if first is not None:
            raise Refusal(f"{cell.code} is booked then: {first.reference}. Move it first.", "starts")
        closures.append(CellClosure(cell_id=cell.id, starts=slot.starts, ends=slot.ends, reason=reason.strip()))
    if len(closures) != len(set(codes)):
        raise Refusal("Not every one of these cells is there.", "cells")
    session.add_all(closures)
    session.flush()
    ids = tuple(closure.id for closure in closures)
    return Changes(CLOSURE, ids, f"{', '.join(codes)} closed.", Deed(open_cells, (ids,)))


def first_booked(session: Session, cells: Iterable[int], slot: Slot) -> Booking | None:
    """The first booking that occupies one of some cells within a time."""
    held = select(Booking).join(BookingCell, BookingCell.booking_id == Booking.id).where(
        BookingCell.cell_id.in_(cells), BookingCell.live.is_(True), BookingCell.ends > slot.starts,
        BookingCell.starts < slot.ends,
    )  # fmt: skip
    return session.scalar(held.order_by(Booking.starts, Booking.id).limit(1))


@deed("conference.open_cells", "close conference rooms", Role.SUPERVISOR)
def open_cells(session: Session, ids: Sequence[int]) -> Changes:
    """End closures as if they had never been."""
    closed = []
    for closure in session.scalars(select(CellClosure).where(CellClosure.id.in_(ids)).order_by(CellClosure.id)):
        cell = session.get_one(ConferenceCell, closure.cell_id)
        closed.append((cell.code, Slot(closure.starts, closure.ends), closure.reason))
        session.delete(closure)
    session.flush()
    return Changes(CLOSURE, tuple(ids), "Open again.", Deed(close_again, (tuple(closed),)))


@deed("conference.close_again", "close conference rooms", Role.SUPERVISOR)
def close_again(session: Session, closed: Sequence[tuple[str, Slot, str]]) -> Changes:
    """Close cells again as they were, each by its code for a time and a reason; refused where one is booked since."""
    ids = tuple(ident for code, slot, reason in closed for ident in close_cells(session, [code], slot, reason).ids)
    return Changes(CLOSURE, ids, "Closed again.", Deed(open_cells, (ids,)))


@deed("conference.add_unit", "set up teams and sets", Role.SUPERVISOR)
def add_unit(session: Session, code: str, kind: str, name: str = "", speaks: str = "") -> Changes:
    """Add a team or set that can be booked; `speaks` are its languages, such as "en fr"."""
    if session.scalar(select(ConferenceUnit.id).where(ConferenceUnit.code == code)) is not None:
        raise Refusal(f"There is a team or set {code} already.", "code")
    unit = ConferenceUnit(code=code, kind=kind, name=name or code, speaks=" ".join(sorted(speaks.split())))
    session.add(unit)
    session.flush()
    return Changes(UNIT, (unit.id,), f"{code} can be booked.", Deed(retire_unit, (unit.id,)))


@deed("conference.retire_unit", "set up teams and sets", Role.SUPERVISOR)
def retire_unit(session: Session, unit_id: int) -> Changes:
    """Let a team or set no longer be booked; bookings that have it keep it."""
    unit = session.get(ConferenceUnit, unit_id)
    if unit is None:
        raise Refusal("This team or set is no longer there.")
    unit.gone_at = now(session)
    return Changes(UNIT, (unit_id,), f"{unit.code} can no longer be booked.", Deed(bring_back_unit, (unit_id,)))


@deed("conference.bring_back_unit", "set up teams and sets", Role.SUPERVISOR)
def bring_back_unit(session: Session, unit_id: int) -> Changes:
    """Let a retired team or set be booked again."""
    unit = session.get(ConferenceUnit, unit_id)
    if unit is None:
        raise Refusal("This team or set is no longer there.")
    unit.gone_at = None
    return Changes(UNIT, (unit_id,), f"{unit.code} can be booked again.", Deed(retire_unit, (unit_id,)))


@deed("conference.set_ceiling", "set ceilings of people", Role.SUPERVISOR)
def set_ceiling(
    session: Session, kind: str, most: int, start: date, end: date | None = None, building_id: int | None = None
) -> Changes:
    """Let the compound, or a building, take no more people at once ("people") or in an hour at the gates ("gate").

    Or no more cars at once ("parking").
    """
    if most > MOST_PEOPLE:
        raise Refusal(f"This is more than {MOST_PEOPLE:,}. Look at the number again.", "most")
    row = SiteCeiling(kind=kind, building_id=building_id, ceiling=most, valid_from=start, valid_to=end)
    session.add(row)
    session.flush()
    what = {"people": "people at once", "gate": "people an hour at the gates", "parking": "cars at once"}[kind]
    said = f"At most {most:,} {what} from {start:%-d %B %Y}."
    return Changes(CEILING, (row.id,), said, Deed(remove_ceiling, (row.id,)))


@deed("conference.remove_ceiling", "set ceilings of people", Role.SUPERVISOR)
def remove_ceiling(session: Session, ceiling_id: int) -> Changes:
    """Take a ceiling away."""
    row = session.get(SiteCeiling, ceiling_id)
    if row is None:
        raise Refusal("This ceiling is no longer there.")
    session.delete(row)
    again = Deed(set_ceiling, (row.kind, row.ceiling, row.valid_from, row.valid_to, row.building_id))
    return Changes(CEILING, (ceiling_id,), "The ceiling is taken away.", again)


def put_door(session: Session, space: ConferenceSpace, place_id: int | None) -> None:
    """Say at which place a space's door is; the database puts it into the building that the place is or stands in.

    Refuses a place that is not there.
    """
    door = session.get(SpaceDoor, space.id)
    if (door.place_id if door is not None else None) == place_id:
        return
    if place_id is None:
        session.delete(door)
    else:
        if not way_to(session, place_id):
            raise Refusal("This place is no longer there. Choose another one.", "place")
        session.merge(SpaceDoor(space_id=space.id, place_id=place_id))
    session.flush()
    session.refresh(space, ["building_id"])  # the database's own doing


@after.before_leaving(PLACE)
def _stay(session: Session, ids: Sequence[int]) -> Mapping[str, tuple[int, ...]]:
    """Refuse that a place comes to be in another building while the door of a space with bookings is there.

    Their people were counted in the building that it is in.
    """
    held = select(ConferenceSpace.code).join(SpaceDoor, SpaceDoor.space_id == ConferenceSpace.id).where(
        SpaceDoor.place_id.in_(ids), exists().where(Booking.space_id == ConferenceSpace.id)
    )  # fmt: skip
    code = session.scalar(held.order_by(ConferenceSpace.code).limit(1))
    if code is not None:
        raise Refusal(
            f"The door of {code} is there, and its bookings are counted in the building that it is in. "
            "Give the space another door first.", "parent",
        )  # fmt: skip
    return {}


@after.after_moving(PLACE)
def _go_along(session: Session, ids: Sequence[int]) -> Mapping[str, tuple[int, ...]]:
    """Spaces whose doors are there are shown anew; the database itself has put them into the buildings around."""
    there = select(SpaceDoor.space_id).where(SpaceDoor.place_id.in_(ids)).order_by(SpaceDoor.space_id)
    return {SPACE: tuple(session.scalars(there))}


def words_apart(text: str) -> str:
    """What is listed between commas or blanks in one way: in small letters, sorted, each once."""
    return ", ".join(sorted({" ".join(each.split()).casefold() for each in text.split(",") if each.strip()}))


def _space(session: Session, space_id: int) -> ConferenceSpace:
    space = session.get(ConferenceSpace, space_id)
    if space is None:
        raise Refusal("This space is no longer there.")
    return space


def _add_layout(session: Session, space_id: int, form: LayoutForm) -> SpaceLayout:
    start = form.valid_from or today(session)
    if form.capacity > MOST_PEOPLE:
        raise Refusal(f"This is more than {MOST_PEOPLE:,} seats. Look at the number again.", "capacity")
    if max(form.setup, form.cleardown) > MOST_AROUND:
        raise Refusal("Set-up and clear-down last a day each at most.", "setup")
    _refuse_same(session, space_id, form.kind, start, form.valid_to)
    layout = SpaceLayout(
        space_id=space_id, kind=form.kind, capacity=form.capacity, setup_minutes=form.setup,
        cleardown_minutes=form.cleardown, valid_from=start, valid_to=form.valid_to,
    )  # fmt: skip
    session.add(layout)
    session.flush()
    return layout


def _refuse_same(session: Session, space_id: int, kind: str, first: date, last: date | None) -> None:
    """Refuse a kind of layout on days on which the space has it already."""
    same = select(SpaceLayout).where(SpaceLayout.space_id == space_id, SpaceLayout.kind == kind)
    for other in session.scalars(same):
        if (last is None or other.valid_from <= last) and (other.valid_to is None or first <= other.valid_to):
            raise Refusal(f"There is a layout {kind} on these days already. Change its capacity instead.", "kind")


def _describe(session: Session, ids: Sequence[int]) -> dict[int, subjects.Subject]:
    """How a space's door tag names it."""
    rows = session.scalars(select(ConferenceSpace).where(ConferenceSpace.id.in_(ids)))
    return {row.id: subjects.Subject(row.code, row.name) for row in rows}


subjects.register(SPACE, codes.Kind.PLACE, "conference space", _describe)


def _doors_at(session: Session, places: Select[Any]) -> dict[int, int]:
    at = SpaceDoor.place_id
    wanted = select(at, func.count()).where(at.in_(places)).group_by(at)
    return {int(row[0]): int(row[1]) for row in session.execute(wanted)}


holdings.register(holdings.Holding(PLACE, SPACE, "conference space", "conference spaces", _doors_at))
