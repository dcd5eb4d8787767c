"""What a phase makes of layouts, written into the spaces' own: for as long as it lasts, or from its end on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cbo_desk.conference.relocating.basis import DAY, Seats, Span
from cbo_desk.conference.rules import LIVE, Layout, Slot
from cbo_desk.conference.spaces import LayoutForm, add_layout, change_capacity, end_layout
from cbo_desk.errors import Refusal
from db.conference import Booking, ConferenceSpace, SpaceLayout

Seating = tuple[tuple[int, Layout], ...]
"""Layouts of some spaces, each with the number of its space, as they stand at a moment."""


def seating_of(session: Session, spaces: Iterable[int]) -> Seating:
    """The layouts of some spaces as they stand now."""
    rows = select(SpaceLayout).where(SpaceLayout.space_id.in_(set(spaces))).order_by(SpaceLayout.id)
    return tuple(
        (row.space_id, Layout(row.id, row.kind, row.capacity, row.setup_minutes, row.cleardown_minutes, row.valid_from,
                              row.valid_to))
        for row in session.scalars(rows.execution_options(populate_existing=True))
    )  # fmt: skip


def put_seats_back(session: Session, before: Seating, after: Seating) -> tuple[int, ...]:
    """Let spaces have the layouts again that they had before a deed, unless these were changed since then.

    Bookings of layouts that the deed made go back to those that were there, if these seat them.
    """
    spaces = tuple(sorted({space for space, _ in (*before, *after)}))
    if seating_of(session, spaces) != after:
        raise Refusal("The layouts of its spaces were changed since then. Change them back first.")
    rows = {row.id: row for row in session.scalars(select(SpaceLayout).where(SpaceLayout.space_id.in_(spaces)))}
    stood = {layout.id: (space, layout) for space, layout in before}
    for ident, (space, layout) in stood.items():
        if ident not in rows:
            rows[ident] = SpaceLayout(id=ident, space_id=space)
            session.add(rows[ident])
        row = rows[ident]
        row.kind, row.capacity, row.setup_minutes = layout.kind, layout.capacity, layout.setup
        row.cleardown_minutes, row.valid_from, row.valid_to = layout.cleardown, layout.valid_from, layout.valid_to
    made = [row for ident, row in rows.items() if ident not in stood]
    # First the days are given back, then the bookings go over, then what was made goes.
    session.flush()
    for row in made:
        _leave(session, row, [layout for space, layout in before if space == row.space_id])
        session.delete(row)
    session.flush()
    return spaces


def _leave(session: Session, row: SpaceLayout, layouts: list[Layout]) -> None:
    """Let the bookings of a layout have the one of its kind that was there before on their days."""
    for booking in session.scalars(select(Booking).where(Booking.layout_id == row.id).order_by(Booking.starts)):
        slot = Slot(booking.starts, booking.ends)
        live = booking.status in LIVE
        fits = (
            each.id
            for each in layouts
            if each.kind == row.kind and (not live or (each.is_valid(slot) and each.capacity >= booking.people))
        )
        target = next(fits, None)
        if target is None:
            code = session.scalar(select(ConferenceSpace.code).where(ConferenceSpace.id == row.space_id))
            raise Refusal(f"{booking.reference} needs {booking.people} seats in {code}. Move it first.")
        session.execute(
            update(Booking).where(Booking.id == booking.id).values(layout_id=target, version=Booking.version + 1),
            execution_options={"synchronize_session": "fetch"},
        )


def seat_during(session: Session, seats: Seats, span: Span) -> SpaceLayout | None:
    """Give a space the layout that it has while a phase lasts, unless it has it already."""
    found = _layout_on(session, seats, span.first)
    if found is not None and found.capacity == seats.capacity:
        return found
    if found is None:
        return give_seats(session, seats, span)
    restored = found.capacity
    if seats.capacity == 0:
        ends = found.valid_to
        end_layout(session, found.id, span.first - DAY)
        if ends is None or ends > span.last:
            again = LayoutForm(
                found.kind, restored, found.setup_minutes, found.cleardown_minutes, span.last + DAY, ends
            )
            add_layout(session, seats.space_id, again)
        return None
    if found.valid_from < span.first:
        change_capacity(session, found.id, span.first, seats.capacity)
        found = _layout_on(session, seats, span.first)
        assert found is not None
        if found.valid_to is None or found.valid_to > span.last:
            change_capacity(session, found.id, span.last + DAY, restored)
    return found


def give_seats(session: Session, seats: Seats, span: Span) -> SpaceLayout | None:
    """A space gets a layout that it did not have; one that it has from then on changes its capacity."""
    if seats.capacity == 0:
        return None
    last = None if span.last == date.max else span.last
    there = _layout_on(session, seats, span.first)
    if there is not None:
        if there.capacity != seats.capacity and there.valid_from < span.first:
            change_capacity(session, there.id, span.first, seats.capacity)
        return _layout_on(session, seats, span.first)
    later = select(SpaceLayout).where(
        SpaceLayout.space_id == seats.space_id, SpaceLayout.kind == seats.kind, SpaceLayout.valid_from > span.first
    )
    after = session.scalar(later.order_by(SpaceLayout.valid_from).limit(1))
    if after is not None and (last is None or after.valid_from <= last):
        last = after.valid_from - DAY
    form = LayoutForm(seats.kind, seats.capacity, seats.setup, seats.cleardown, span.first, last)
    add_layout(session, seats.space_id, form)
    return _layout_on(session, seats, span.first)


def _layout_on(session: Session, seats: Seats, day: date) -> SpaceLayout | None:
    wanted = select(SpaceLayout).where(
        SpaceLayout.space_id == seats.space_id, SpaceLayout.kind == seats.kind, SpaceLayout.valid_from <= day,
        (SpaceLayout.valid_to.is_(None)) | (SpaceLayout.valid_to >= day),
    )  # fmt: skip
    return session.scalar(wanted.order_by(SpaceLayout.id.desc()).limit(1))
