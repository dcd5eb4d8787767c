"""What a phase makes of layouts, written into the spaces' own: for as long as it lasts, or from its end on."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.conference.relocating.basis import DAY, Seats, Span
from cbo_desk.conference.spaces import LayoutForm, add_layout, change_capacity, end_layout
from db.conference import SpaceLayout


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
