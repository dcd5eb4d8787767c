"""Series: previewed before they are saved, changed from one occurrence on, skipped and added again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.conference.booking import (
    KIND,
    SERIES,
    BookingForm,
    add,
    cancel_bookings,
    enter_search,
    form_of,
    placing_of,
    settle,
    these_bookings,
)
from cbo_desk.conference.conflicts import Conflict, check_placings, told_obstacle, told_units
from cbo_desk.conference.equipping import units_called
from cbo_desk.conference.finding import Need, Obstacle, Placing, place
from cbo_desk.conference.looking import calendar_around, check_slot
from cbo_desk.conference.recurrence import Recurrence, occurrences, read_rule, split, zone_of
from cbo_desk.conference.rules import LIVE, Load, Slot, Status
from cbo_desk.conference.series_rule import keep, recurrence_of, start_of
from cbo_desk.conference.telling import knowing, tell_left, tell_together
from cbo_desk.errors import Refusal
from cbo_desk.numbers import expect
from cbo_desk.permissions import deed, reads
from db.conference import Booking, BookingSeries, BookingUnit

Scope = Literal["this", "future", "all"]


@dataclass(frozen=True)
class SeriesReport:
    """A series before it is saved: the times that can be had, and those that cannot, each with what is in the way."""

    free: tuple[Placing, ...]
    conflicts: tuple[Conflict, ...]


Stood = tuple[int, int, datetime, Placing | None]
"""An occurrence, its series, when that meant it to start, and where it was if it held its space."""


@dataclass(frozen=True)
class SeriesStood:
    """How a series stood before it was moved."""

    series_id: int
    known: Recurrence
    rows: tuple[Stood, ...]


@reads("conference", "look for space")
def preview_series(
    session: Session, form: BookingForm, recurrence: Recurrence, space_id: int, units: Sequence[str] = ()
) -> SeriesReport:
    """Which occurrences of a series could be saved in a space, with the same teams and sets each, by their codes.

    The others are told with what is in the way of them.
    """
    slots = recurrence.slots()
    return report(session, form, slots, space_id, units=_each(slots, units_called(session, units)))


@deed("conference.make_series", "book space")
def make_series(
    session: Session, form: BookingForm, recurrence: Recurrence, space_id: int, skip: Iterable[datetime] = (),
    status: Status = Status.HOLD, units: Sequence[str] = (),
) -> Changes:  # fmt: skip
    """Book a series; the occurrences that start at an instant in `skip` are left out and can be added again.

    Each has the teams and sets with the codes in `units`. Refused as long as another occurrence has something in the
    way.
    """
    slots = recurrence.slots()
    left_out = set(skip)
    called = units_called(session, units)
    kept = [slot for slot in slots if slot.starts not in left_out]
    found = report(session, form, kept, space_id, units=_each(kept, called))
    refuse_all(found.conflicts, len(slots))
    if not found.free:
        raise Refusal("No occurrence of this series is left.", "rule")
    series = BookingSeries(uid=f"{uuid4().hex}@cbo-desk")
    zone = zone_of(recurrence.zone)
    skipped = [slot for slot in slots if slot.starts in left_out]
    starts = frozenset(slot.starts.astimezone(zone).replace(tzinfo=None) for slot in skipped)
    keep(session, series, replace(recurrence, skipped=recurrence.skipped | starts))
    expect(session, SERIES, len(found.free) + len(skipped))
    made = [add(session, form, placing, status, (series.id, placing.slot.starts)) for placing in found.free]
    for slot in skipped:
        booking = add(session, form, slot, Status.CANCELLED, (series.id, slot.starts))
        booking.space_id = space_id
        session.flush()
        # What it would have had: taken up again, it asks for it.
        session.add_all(
            BookingUnit(booking_id=booking.id, unit_id=unit, starts=slot.starts, ends=slot.ends, live=False)
            for unit in called
        )
        made.append(booking)
    session.flush()
    enter_search(session, made)
    ids = tuple(booking.id for booking in made)
    live = tuple(booking.id for booking in made if booking.status in LIVE)
    left = f", {len(skipped)} skipped" if skipped else ""
    said = f"{len(live)} occurrences of {form.title.strip()} booked{left}."
    return Changes(KIND, ids, said, Deed(cancel_bookings, (live,)))


@deed("conference.skip_occurrence", "change bookings")
def skip_occurrence(session: Session, booking_id: int) -> Changes:
    """Leave one occurrence out: its space is free, and the series goes on without it."""
    from cbo_desk.conference.series_cancelling import cancel_occurrences  # which stands on this module

    done = cancel_occurrences(session, booking_id, "this")
    return replace(done, said=done.said.replace(" is cancelled.", " is skipped.", 1))


@deed("conference.add_again", "change bookings")
def add_again(session: Session, booking_id: int) -> Changes:
    """Take an occurrence that was skipped up again, held, if its space is free."""
    [booking] = these_bookings(session, [booking_id])
    series = series_of(session, booking)
    if booking.status in LIVE or booking.space_id is None:
        raise Refusal(f"{booking.reference} is not skipped.")
    slot = Slot(booking.starts, booking.ends)
    has = {slot.starts: _units(session, [booking.id]).get(booking.id, ())}
    found = report(session, form_of(booking), [slot], booking.space_id, units=has)
    refuse_all(found.conflicts, 1)
    settle(session, booking, found.free[0], Status.HOLD)
    known = recurrence_of(series)
    keep(session, series, replace(known, skipped=known.skipped - {start_of(booking, known)}))
    return Changes(KIND, (booking_id,), f"{booking.reference} is held again.", Deed(skip_occurrence, (booking_id,)))


@deed("conference.move_occurrences", "change bookings")
def move_occurrences(
    session: Session, booking_id: int, scope: Scope, minutes: int = 0, space_id: int | None = None
) -> Changes:
    """Move one occurrence, it and those to come, or all, by minutes or to another space: all of them or none.

    Those to come become a series of their own (THISANDFUTURE).
    """
    [chosen] = these_bookings(session, [booking_id])
    series = series_of(session, chosen)
    rows = reached(session, chosen, series, scope)
    without = [row.id for row in rows]
    placings: list[Placing] = []
    conflicts: list[Conflict] = []
    live = [row for row in rows if row.status in LIVE]
    teams = _units(session, without)
    for target in dict.fromkeys(space_id or row.space_id for row in live):
        assert target is not None
        here = [row for row in live if (space_id or row.space_id) == target]
        slots = [Slot(row.starts, row.ends).moved(minutes) for row in here]
        # Whoever has a team or set keeps it, if it is free at the new time.
        has = {slot.starts: teams.get(row.id, ()) for row, slot in zip(here, slots, strict=True)}
        found = report(session, form_of(chosen), slots, target, without, has)
        placings += found.free
        conflicts += found.conflicts
    refuse_all(conflicts, len(live))
    undo = Deed(put_series_back, (_standing(session, rows, series),))
    stood = {row.id: (row.starts, row.space_id) for row in live}
    at = {(placing.slot.starts, placing.space_id): placing for placing in placings}
    if scope != "this" and minutes:
        _split(session, chosen, series, rows, scope, minutes)
    # Later ones first where they move later, so that none meets one of its own that still has to go.
    for row in sorted(live, key=lambda each: each.starts, reverse=minutes > 0):
        settle(session, row, at[row.starts + timedelta(minutes=minutes), space_id or row.space_id or 0])
    session.flush()
    _tell_moved(session, live, stood, {series.id})
    said = f"{len(live)} occurrences moved." if len(live) != 1 else f"{live[0].reference} moved."
    return Changes(KIND, tuple(without), said, undo)


@deed("conference.put_series_back", "change bookings")
def put_series_back(session: Session, stood: SeriesStood) -> Changes:
    """Take the move of a series back: its rule and every occurrence as they stood; refused where a time is taken."""
    ids = [ident for ident, *_ in stood.rows]
    rows = {row.id: row for row in these_bookings(session, ids)}
    live = [(rows[ident], placing) for ident, _series, _at, placing in stood.rows if placing is not None]
    for row, placing in live:
        found = check_placings(session, row.people, [placing], ids, row.cars)
        refuse_all(found, 1)
    before = _standing(session, list(rows.values()), None)
    series = session.get(BookingSeries, stood.series_id)
    if series is None:
        raise Refusal("This series is no longer there.")
    again = Deed(put_series_back, (replace(before, series_id=stood.series_id, known=recurrence_of(series)),))
    keep(session, series, stood.known)
    was = {row.id: (row.starts, row.space_id) for row, _placing in live}
    left = {row.series_id for row, _placing in live if row.series_id}
    for row, placing in sorted(live, key=lambda each: each[1].slot.starts, reverse=_went_earlier(live)):
        settle(session, row, placing)
    # Two occurrences of one series never begin at one instant, not even while they change places.
    for ident, series_id, occurrence, _placing in _apart(stood.rows, rows):
        rows[ident].series_id, rows[ident].occurrence = series_id, occurrence
        session.flush()
    _tell_moved(session, [row for row, _placing in live], was, left)
    return Changes(KIND, tuple(ids), f"{len(ids)} occurrences are as before.", again)


def _tell_moved(
    session: Session, rows: Sequence[Booking], stood: Mapping[int, tuple[datetime, int | None]], series: Collection[int]
) -> None:
    """Tell the contacts that know of them, and are elsewhere than they stood; they were in some series before."""
    moved = knowing(session, [row for row in rows if (row.starts, row.space_id) != stood[row.id]])
    tell_together(session, moved, "moved")
    tell_left(session, set(series) - {row.series_id for row in rows}, moved)


def _went_earlier(live: Sequence[tuple[Booking, Placing]]) -> bool:
    """Whether occurrences go back to later times: then the last goes first."""
    return bool(live) and live[0][1].slot.starts > live[0][0].starts


def _apart(stood: Sequence[Stood], rows: dict[int, Booking]) -> list[Stood]:
    later = bool(stood) and stood[0][2] > (rows[stood[0][0]].occurrence or stood[0][2])
    return sorted(stood, key=lambda each: each[2], reverse=later)


def _standing(session: Session, rows: Sequence[Booking], series: BookingSeries | None) -> SeriesStood:
    """How occurrences stand, with the rule of their series, to be put back."""
    found: list[Stood] = []
    for row in rows:
        assert row.series_id is not None
        assert row.occurrence is not None
        placing = placing_of(session, row) if row.status in LIVE else None
        found.append((row.id, row.series_id, row.occurrence, placing))
    known = recurrence_of(series) if series is not None else Recurrence("", rows[0].starts, 1)
    return SeriesStood(series.id if series is not None else 0, known, tuple(found))


def report(
    session: Session, form: BookingForm, slots: Sequence[Slot], space_id: int, without: Iterable[int] = (),
    units: Mapping[datetime, tuple[int, ...]] | None = None,
) -> SeriesReport:  # fmt: skip
    """What can be had of some times in a space, as if those before each were saved, and what is in the way.

    `units` are the teams and sets that a time needs, by its start.
    """
    for slot in slots:
        check_slot(slot)
    calendar = calendar_around(session, slots, without)
    space = next((each for each in calendar.spaces if each.id == space_id), None)
    if space is None:
        raise Refusal("This space can no longer be booked. Choose another one.", "space_id")
    free: list[Placing] = []
    conflicts = []
    loads = list(calendar.loads)
    for slot in slots:
        answer = place(replace(calendar, loads=loads), space, Need(form.people, (slot,), form.kind, cars=form.cars))
        if isinstance(answer, Obstacle):
            conflicts.append(told_obstacle(session, space, form.people, slot, answer))
            continue
        placing = replace(answer[0], units=(units or {}).get(slot.starts, ()))
        held = told_units(session, calendar, placing)
        if held is not None:
            conflicts.append(held)
        elif free and placing.blocks.overlaps(free[-1].blocks):
            conflicts.append(Conflict(slot, "Set-up or clear-down of this occurrence overlaps that of the one before."))
        else:
            free.append(placing)
            loads.append(Load(slot, form.people, space.building_id, form.cars))
    return SeriesReport(tuple(free), tuple(conflicts))


def _each(slots: Iterable[Slot], units: tuple[int, ...]) -> dict[datetime, tuple[int, ...]]:
    return {slot.starts: units for slot in slots}


def _units(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """The teams and sets that bookings have, or had before they were cancelled."""
    wanted = select(BookingUnit.booking_id, BookingUnit.unit_id).where(BookingUnit.booking_id.in_(ids))
    found: dict[int, tuple[int, ...]] = {}
    for booking_id, unit_id in session.execute(wanted.order_by(BookingUnit.booking_id, BookingUnit.unit_id)):
        found[booking_id] = (*found.get(booking_id, ()), unit_id)
    return found


def refuse_all(conflicts: Sequence[Conflict], of: int, field: str = "space_id") -> None:
    """Refuse so many occurrences as a whole where one has something in the way; the first is told."""
    if conflicts:
        more = "" if of == 1 else f" {len(conflicts)} of {of} occurrences have something in the way."
        raise Refusal(conflicts[0].sentence + more, field)


def series_of(session: Session, booking: Booking) -> BookingSeries:
    """The series of a booking; refuses one that is part of none."""
    series = session.get(BookingSeries, booking.series_id) if booking.series_id else None
    if series is None:
        raise Refusal(f"{booking.reference} is not part of a series.")
    return series


def reached(session: Session, chosen: Booking, series: BookingSeries, scope: Scope) -> list[Booking]:
    """The occurrences that a scope means, in their order; of several, those that have not begun."""
    wanted = select(Booking).where(Booking.series_id == series.id)
    if scope == "this":
        return [chosen]
    if scope == "future":
        wanted = wanted.where(Booking.occurrence >= chosen.occurrence)
    begun = (Status.DONE, Status.IN_SESSION)
    rows = session.scalars(wanted.order_by(Booking.occurrence).with_for_update())
    return [row for row in rows if row.status not in begun]


def _split(
    session: Session, chosen: Booking, series: BookingSeries, rows: Sequence[Booking], scope: Scope, minutes: int
) -> None:
    """Give the moved occurrences a series of their own, whose rule says their new times."""
    known = recurrence_of(series)
    at = start_of(rows[0], known)
    zone = zone_of(known.zone)
    before, rest = split(known, at) if known.rule and at > known.starts else (None, known)
    moved = _moved(rest, minutes)
    if before is None:
        target = series
    else:
        keep(session, series, before)
        target = BookingSeries(uid=f"{uuid4().hex}@cbo-desk")
    keep(session, target, moved)
    for row in sorted(rows, key=lambda each: each.starts, reverse=minutes > 0):
        start = start_of(row, known) + timedelta(minutes=minutes)
        row.series_id, row.occurrence = target.id, start.replace(tzinfo=zone)
        session.flush()
    assert chosen.series_id == target.id or scope == "all"


def _moved(known: Recurrence, minutes: int) -> Recurrence:
    """A series by minutes later; where the days change with it, it is told by its starts alone."""
    by = timedelta(minutes=minutes)
    starts = occurrences(replace(known, skipped=frozenset(), added=frozenset()))
    shifted = replace(
        known, starts=known.starts + by, skipped=frozenset(each + by for each in known.skipped),
        added=frozenset(each + by for each in known.added),
    )  # fmt: skip
    if known.rule and (known.starts + by).date() == known.starts.date():
        parts = read_rule(known.rule)
        parts.pop("UNTIL", None)
        parts["COUNT"] = str(len(starts))
        return replace(shifted, rule=";".join(f"{name}={value}" for name, value in parts.items()))
    return replace(shifted, rule="", added=shifted.added | {each + by for each in starts})
