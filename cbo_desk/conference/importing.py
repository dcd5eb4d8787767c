"""Brings in bookings from a calendar or a conference schedule: saves what fits, and says why the rest does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.conference import waiting
from cbo_desk.conference.booking import (
    KIND,
    SERIES,
    BookingForm,
    Standing,
    add,
    check_may,
    enter_search,
    put_back,
    these_bookings,
)
from cbo_desk.conference.calendars import Event, Schedule
from cbo_desk.conference.conflicts import check_placings
from cbo_desk.conference.finding import Placing
from cbo_desk.conference.rules import Layout, Status
from cbo_desk.conference.spaces import LayoutForm, SpaceForm, add_space
from cbo_desk.errors import Refusal
from cbo_desk.numbers import one_after_the_other
from cbo_desk.permissions import deed
from cbo_desk.plurals import Count
from cbo_desk.refusals import sentence_for
from db.conference import Booking, ConferenceSpace, SpaceLayout

MADE_KIND = "theatre"


@dataclass(frozen=True)
class Unsaved:
    """An event that was not saved, and why, in a sentence; `strange_room` where its room is not known."""

    event: Event
    why: str
    strange_room: bool = False


@dataclass(frozen=True)
class Imported(Changes):
    """What an import came to: bookings made, those that were there before, and those refused."""

    unchanged: int = 0
    refused: tuple[Unsaved, ...] = ()


@deed("conference.import_bookings", "bring in bookings")
def import_bookings(session: Session, schedule: Schedule, make_spaces: bool = False) -> Imported:
    """Save every event that fits its room; of two that overlap the one that starts first is saved.

    A file that is brought in again changes nothing. Times are blocked as the file has them, without set-up.
    `make_spaces` makes a space of each room that is not known, with one seat more than its largest event needs.
    """
    spaces = _spaces(session)
    if make_spaces:
        _make(session, spaces, schedule.events)
    known = _known(session, [event.key for event in schedule.events])
    one_after_the_other(session, SERIES)
    made: list[Booking] = []
    refused: list[Unsaved] = []
    for event in schedule.events:
        if event.key in known:
            continue
        answer = _save(session, event, spaces)
        if isinstance(answer, Booking):
            made.append(answer)
        else:
            refused.append(Unsaved(event, answer, bool(event.room) and _folded(event.room) not in spaces))
    enter_search(session, made)
    ids = tuple(booking.id for booking in made)
    said = f"{Count(len(made)):booking|bookings} brought in"
    said += f", {len(refused)} refused." if refused else "."
    undo = Deed(withdraw_import, (ids,)) if ids else None
    return Imported(
        KIND, ids, said, undo, everything=True, unchanged=sum(event.key in known for event in schedule.events),
        refused=tuple(refused),
    )  # fmt: skip


@deed("conference.withdraw_import", "cancel bookings")
def withdraw_import(session: Session, ids: Sequence[int]) -> Changes:
    """Take an import back: its bookings are cancelled and give up their keys, so that the file can be brought in again.

    Nobody is written to, since nobody was told of them. Whoever waits is given the space that frees.
    """
    bookings = these_bookings(session, ids)
    keys = tuple((booking.id, booking.import_key) for booking in bookings)
    before = tuple((booking.id, Status(booking.status), booking.hold_until) for booking in bookings)
    for booking in bookings:
        check_may(booking, Status.CANCELLED)
        booking.status, booking.hold_until, booking.import_key = Status.CANCELLED, None, None
    session.flush()
    placed, waited = waiting.fill(session)
    touched = (*ids, *(booking.id for booking in placed))
    said = f"{{count:booking|bookings}} of the import cancelled.{' ' + waiting.told(placed) if placed else ''}"
    undo = Deed(bring_back_import, (keys, (*waited, *before)))
    return Changes(KIND, touched, said.format(count=Count(len(ids))), undo, everything=True)


@deed("conference.bring_back_import", "bring in bookings")
def bring_back_import(
    session: Session, keys: Sequence[tuple[int, str | None]], standing: Sequence[Standing]
) -> Changes:
    """Take the taking back of an import back; refused where the file was brought in again meanwhile."""
    if _known(session, [key for _ident, key in keys if key is not None]):
        raise Refusal("This file was brought in again since then.")
    done = put_back(session, standing)
    for booking, (_ident, key) in zip(these_bookings(session, [each for each, _ in keys]), keys, strict=True):
        booking.import_key = key
    session.flush()
    ids = tuple(ident for ident, _key in keys)
    return Changes(KIND, done.ids, done.said, Deed(withdraw_import, (ids,)), everything=True)


def _save(session: Session, event: Event, spaces: dict[str, int]) -> Booking | str:
    """The booking of an event, or why it cannot be one."""
    if not event.room:
        return "No room is named."
    space_id = spaces.get(_folded(event.room))
    if space_id is None:
        near = get_close_matches(_folded(event.room), spaces, 1)
        meant = f" Is it {near[0].upper()}?" if near else " Add it, or let the import make spaces."
        return f"No space is called {event.room}.{meant}"
    people = max(event.people, 1)
    layout = _layout(session, space_id, event)
    if layout is None:
        return f"{event.room} has no layout on that day."
    if people > layout.capacity:
        return f"{event.room} seats {layout.capacity}, not {people}."
    placing = Placing(event.slot, space_id, layout.id, layout.kind, event.slot)
    form = BookingForm(event.title, people, contact=event.contact, notes=event.notes, kind=layout.kind)
    try:
        with session.begin_nested():
            booking = add(session, form, placing, Status.CONFIRMED)
            booking.import_key = event.key
            session.flush()
            return booking
    except Refusal as refusal:
        return str(refusal)
    except IntegrityError as error:
        found = check_placings(session, people, [placing])
        return found[0].sentence if found else sentence_for(error)


def _layout(session: Session, space_id: int, event: Event) -> Layout | None:
    """The largest layout of a space that is valid on the event's days."""
    rows = session.scalars(select(SpaceLayout).where(SpaceLayout.space_id == space_id))
    layouts = [
        Layout(row.id, row.kind, row.capacity, row.setup_minutes, row.cleardown_minutes, row.valid_from, row.valid_to)
        for row in rows
    ]
    valid = [layout for layout in layouts if layout.is_valid(event.slot)]
    return max(valid, key=lambda layout: (layout.capacity, -layout.id), default=None)


def _spaces(session: Session) -> dict[str, int]:
    """Spaces by code and by name; a code outweighs another space's name."""
    wanted = select(ConferenceSpace.id, ConferenceSpace.code, ConferenceSpace.name).where(
        ConferenceSpace.gone_at.is_(None)
    )
    rows = session.execute(wanted.order_by(ConferenceSpace.id.desc())).all()
    return {_folded(row.name): row.id for row in rows} | {_folded(row.code): row.id for row in rows}


def _make(session: Session, spaces: dict[str, int], events: Sequence[Event]) -> None:
    most: dict[str, int] = {}
    names: dict[str, str] = {}
    first = min((event.slot.starts.date() for event in events), default=None)
    for event in events:
        room = _folded(event.room)
        if room and room not in spaces:
            names.setdefault(room, " ".join(event.room.split()))
            most[room] = max(most.get(room, 0), event.people)
    for room, name in names.items():
        layout = LayoutForm(MADE_KIND, most[room] + 1, valid_from=first)
        cell = name
        spaces[room] = add_space(session, SpaceForm(name, name, (cell,), (layout,))).ids[0]


def _known(session: Session, keys: Iterable[str]) -> set[str]:
    wanted = sorted(set(keys))
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        some = Booking.import_key.in_(wanted[start : start + 500])
        found |= {str(key) for key in session.scalars(select(Booking.import_key).where(some))}
    return found


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
