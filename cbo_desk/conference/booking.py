"""Bookings: made, moved, confirmed, cancelled, taken up again. Each meets the same constraint each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cbo_desk import dated, search
from cbo_desk.changes import Changes, Deed
from cbo_desk.conference import rules
from cbo_desk.conference.conflicts import check_placings, when, when_all
from cbo_desk.conference.finding import Placing
from cbo_desk.conference.looking import check_slot
from cbo_desk.conference.rules import LIVE, MOST_CARS, MOST_LETTERS, MOST_PEOPLE, RANKS, Slot, Status
from cbo_desk.conference.telling import What, knowing, tell_together
from cbo_desk.context import actor, now, today
from cbo_desk.errors import Refusal
from cbo_desk.numbers import expect, next_reference_at_once
from cbo_desk.permissions import deed
from cbo_desk.versions import check_version
from db.capital_project import BookingTerms
from db.conference import Booking, BookingUnit, ConferenceSpace
from db.people import Entity

KIND = "conference.booking"
SERIES = "B"
HOLD_DAYS = dated.declare(
    dated.Declared("conference.hold_days", "Days that a space is held without confirmation", 7, "days", least=1)
)
Standing = tuple[int, Status, datetime | None]
"""A booking, its state, and until when it is held."""
LABELS = {
    "title": "the title",
    "people": "the number of people",
    "entity_code": "the entity",
    "starts": "the start",
    "ends": "the end",
    "status": "the state",
    "space_id": "the space",
}


@dataclass(frozen=True)
class BookingForm:
    """What is written about a meeting. `rank` counts from 1, the highest; `kind` is the layout wished for.

    `visitors` are those of the people planned who do not work on the compound.
    """

    title: str
    people: int
    rank: int = 6
    entity_id: int | None = None
    contact: str = ""
    kind: str = ""
    notes: str = ""
    registered: int = 0
    cars: int = 0
    languages: str = ""
    equipment: str = ""
    visitors: int = 0


@deed("conference.make_bookings", "book space")
def make_bookings(
    session: Session, form: BookingForm, placings: Sequence[Placing], status: Status = Status.HOLD
) -> Changes:
    """Book one or several times, all or none; a hold expires by itself."""
    if status not in (Status.HOLD, Status.CONFIRMED):
        raise Refusal("A space is held or confirmed.", "status")
    refuse_conflicts(session, form.people, placings, cars=form.cars)
    expect(session, SERIES, len(placings))
    bookings = [add(session, form, placing, status) for placing in placings]
    enter_search(session, bookings)
    ids = tuple(booking.id for booking in bookings)
    word = rules.WORDS[status]
    rooms = session.scalars(
        select(ConferenceSpace.name).where(ConferenceSpace.id.in_({each.space_id for each in placings}))
    ).all()
    where = f" in {rooms[0]}" if len(rooms) == 1 else ""
    said = f"{these(bookings)} {word}{where}: {when_all([each.slot for each in placings])}."
    return Changes(KIND, ids, said, Deed(cancel_bookings, (ids,)))


@deed("conference.note_bookings", "book space")
def note_bookings(
    session: Session, form: BookingForm, times: Sequence[Slot], status: Status = Status.WAITLIST,
    features: Sequence[str] = (),
) -> Changes:  # fmt: skip
    """Write down enquiries, or put meetings on the waitlist: they have no space yet.

    The space that they are given, or moved to, has these `features`.
    """
    if status not in (Status.WAITLIST, Status.ENQUIRY):
        raise Refusal("Without a space it is an enquiry, or on the waitlist.", "status")
    expect(session, SERIES, len(times))
    bookings = [add(session, form, slot, status) for slot in times]
    if features:
        named = " ".join(sorted(features))
        session.add_all(BookingTerms(booking_id=booking.id, features=named) for booking in bookings)
    enter_search(session, bookings)
    ids = tuple(booking.id for booking in bookings)
    said = f"{these(bookings)} {rules.WORDS[status]}: {when_all(times)}."
    if len(ids) > 1 and status is Status.ENQUIRY:
        said = f"{len(ids)} enquiries: {when_all(times)}."
    return Changes(KIND, ids, said, Deed(cancel_bookings, (ids,)))


@deed("conference.edit_booking", "change bookings")
def edit_booking(session: Session, booking_id: int, version: int, form: BookingForm) -> Changes:
    """Change what is written about a booking; `version` is the one the form was filled from."""
    [booking] = these_bookings(session, [booking_id])
    check_version(session, booking, version, booking.reference, LABELS)
    before = form_of(booking)
    if (form.people > booking.people or form.cars > booking.cars) and booking.status in LIVE:
        refuse_conflicts(session, form.people, [placing_of(session, booking)], [booking_id], form.cars)
    write(session, booking, form)
    session.flush()
    enter_search(session, [booking])
    undo = Deed(edit_booking, (booking_id, booking.version, before))
    return Changes(KIND, (booking_id,), f"{booking.reference} saved.", undo)


@deed("conference.move_booking", "change bookings")
def move_booking(session: Session, booking_id: int, version: int, placing: Placing) -> Changes:
    """Move a booking to another time or space; without a space so far, it is held there."""
    [booking] = these_bookings(session, [booking_id])
    check_version(session, booking, version, booking.reference, LABELS)
    if booking.status in (Status.DONE, Status.CANCELLED):
        raise Refusal(f"{booking.reference} is {rules.WORDS[Status(booking.status)]}, so it cannot be moved.")
    refuse_conflicts(session, booking.people, [placing], [booking_id], booking.cars)
    before = placing_of(session, booking) if booking.layout_id else None
    asked = (Slot(booking.starts, booking.ends), Status(booking.status), booking.layout_kind)
    settle(session, booking, placing, None if booking.status in LIVE else Status.HOLD)
    tell_together(session, knowing(session, [booking]), "moved")
    undo = Deed(move_booking, (booking_id, booking.version, before))
    if asked[1] not in LIVE:
        undo = Deed(give_up_space, (booking_id, booking.version, *asked))
    return Changes(KIND, (booking_id,), f"{booking.reference} is now {when(placing.slot)}.", undo)


@deed("conference.give_up_space", "change bookings")
def give_up_space(session: Session, booking_id: int, version: int, slot: Slot, status: Status, kind: str) -> Changes:
    """Let a booking be without a space again, an enquiry or on the waitlist, at the time it was asked for."""
    [booking] = these_bookings(session, [booking_id])
    check_version(session, booking, version, booking.reference, LABELS)
    before = placing_of(session, booking)
    session.execute(delete(BookingUnit).where(BookingUnit.booking_id == booking_id))
    booking.status, booking.hold_until, booking.layout_kind = status, None, kind
    booking.space_id = booking.layout_id = None
    booking.starts, booking.ends = booking.blocks_from, booking.blocks_to = slot.starts, slot.ends
    session.flush()
    said = f"{booking.reference} is {rules.WORDS[status]} again."
    return Changes(KIND, (booking_id,), said, Deed(move_booking, (booking_id, booking.version, before)))


@deed("conference.cancel_bookings", "cancel bookings")
def cancel_bookings(session: Session, ids: Sequence[int]) -> Changes:
    """Cancel bookings: their space is free at once, and goes to whoever waits for it."""
    from cbo_desk.conference import waiting  # which stands on this module

    changes = _become(session, ids, Status.CANCELLED)
    placed, before = waiting.fill(session)
    if not placed:
        return changes
    assert changes.undo is not None
    # Those who were given the space wait again before it is taken back.
    undo = Deed(put_back, ((*before, *changes.undo.args[0]),))
    ids = (*changes.ids, *(booking.id for booking in placed))
    return Changes(KIND, ids, f"{changes.said} {waiting.told(placed)}", undo)


@deed("conference.change_status", "change bookings")
def change_status(session: Session, ids: Sequence[int], status: Status, hold_until: datetime | None = None) -> Changes:
    """Let bookings stand otherwise; one that takes its space up again meets every rule again."""
    return _become(session, ids, status, hold_until)


@deed("conference.put_back", "change bookings")
def put_back(session: Session, standing: Sequence[Standing]) -> Changes:
    """Take a change of state back; refused where the space is somebody else's by now."""
    bookings = these_bookings(session, [ident for ident, _, _ in standing])
    before = [(each.id, Status(each.status), each.hold_until) for each in bookings]
    for booking, (_ident, status, until) in zip(bookings, standing, strict=True):
        _stand(session, booking, status, until)
    session.flush()
    _tell_changed(session, bookings, [stood for _ident, stood, _until in before], _told_again)
    ids = tuple(booking.id for booking in bookings)
    return Changes(KIND, ids, f"{these(bookings)}: as before.", Deed(put_back, (before,)))


def _told_again(stood: Status, stands: Status) -> What | None:
    """Whoever was told of a change is told that it was taken back."""
    if stood is Status.CANCELLED and stands in (Status.HOLD, Status.CONFIRMED):
        return "confirmed" if stands is Status.CONFIRMED else "given"
    if stood is Status.HOLD and stands is Status.WAITLIST:
        return "waits"
    return "cancelled" if stands is Status.CANCELLED and stood in (Status.HOLD, Status.CONFIRMED) else None


def _told(stood: Status, stands: Status) -> What | None:
    """What a contact is told of a change of state."""
    if stands is Status.CONFIRMED and stood is Status.HOLD:
        return "confirmed"
    return "cancelled" if stands is Status.CANCELLED and stood in (Status.HOLD, Status.CONFIRMED) else None


def _tell_changed(
    session: Session, bookings: Sequence[Booking], stood: Sequence[Status],
    told: Callable[[Status, Status], What | None],
) -> None:  # fmt: skip
    """Tell each contact once what became of all their bookings that changed alike."""
    changed: defaultdict[What, list[Booking]] = defaultdict(list)
    for booking, before in zip(bookings, stood, strict=True):
        what = told(before, Status(booking.status))
        if what is not None:
            changed[what].append(booking)
    for what, own in changed.items():
        tell_together(session, own, what)


def refuse_conflicts(
    session: Session, people: int, placings: Sequence[Placing], without: Iterable[int] = (), cars: int = 0
) -> None:
    """Refuse what cannot be had, naming what is in the way: the friendly word before the database's own."""
    for placing in placings:
        check_slot(placing.slot)
    found = check_placings(session, people, placings, without, cars)
    if found:
        more = f" And {len(found) - 1} more." if len(found) > 1 else ""
        raise Refusal(found[0].sentence + more, "space_id")


def add(
    session: Session, form: BookingForm, at: Placing | Slot, status: Status, series: tuple[int, datetime] | None = None
) -> Booking:
    """Insert one booking, with its units; the database adds its cells. `series` is its series and occurrence."""
    slot = at.slot if isinstance(at, Placing) else at
    check_slot(slot)
    booking = Booking(
        reference=next_reference_at_once(session, SERIES, 6), status=status, starts=slot.starts, ends=slot.ends,
        blocks_from=slot.starts, blocks_to=slot.ends, made_at=now(session), made_by=actor(session).login,
        hold_until=held_until(session) if status is Status.HOLD else None,
    )  # fmt: skip
    if series is not None:
        booking.series_id, booking.occurrence = series
    write(session, booking, form)
    if isinstance(at, Placing):
        settle(session, booking, at)
    session.add(booking)
    session.flush()
    return booking


def settle(session: Session, booking: Booking, placing: Placing, status: Status | None = None) -> None:
    """Put a booking where and when a placing says, with its units, and let it stand as `status` from now on."""
    until = held_until(session) if status is Status.HOLD else booking.hold_until
    # Units that it gives up must be free before those of its new time are taken.
    if booking.id is not None:
        gone = delete(BookingUnit).where(BookingUnit.booking_id == booking.id)
        session.execute(gone.where(BookingUnit.unit_id.not_in(placing.units)))
    booking.status, booking.hold_until = status or booking.status, until
    booking.starts, booking.ends = placing.slot.starts, placing.slot.ends
    booking.blocks_from, booking.blocks_to = placing.blocks.starts, placing.blocks.ends
    booking.space_id, booking.layout_id = placing.space_id, placing.layout_id
    booking.layout_kind = placing.kind or booking.layout_kind
    session.add(booking)
    session.flush()
    had = set(session.scalars(select(BookingUnit.unit_id).where(BookingUnit.booking_id == booking.id)))
    for unit_id in sorted(set(placing.units) - had):
        session.add(
            BookingUnit(
                booking_id=booking.id,
                unit_id=unit_id,
                starts=booking.blocks_from,
                ends=booking.blocks_to,
                live=booking.status in LIVE,
            )  # fmt: skip
        )
    session.flush()


def write(session: Session, booking: Booking, form: BookingForm) -> None:
    """Write the words of a form into a booking."""
    if not _line(form.title):
        raise Refusal("Give the booking a title.", "title")
    if form.people < 1:
        raise Refusal("Say how many people come: one at least.", "people")
    if form.cars < 0 or form.registered < 0:
        raise Refusal("A number of people or cars is not below zero.", "cars" if form.cars < 0 else "registered")
    if not 0 <= form.visitors <= form.people:
        raise Refusal(f"Of {form.people:,} people, none to all are visitors.", "visitors")
    for name, most in (("people", MOST_PEOPLE), ("registered", MOST_PEOPLE), ("cars", MOST_CARS)):
        if getattr(form, name) > most:
            raise Refusal(f"This is more than {most:,}. Look at the number again.", name)
    for name, most in MOST_LETTERS.items():
        if len(getattr(form, name)) > most:
            raise Refusal(f"This is longer than {most:,} letters. Shorten it, or put the rest into a paper.", name)
    if form.rank not in RANKS:
        raise Refusal(f"A rank is a number from 1 to {len(RANKS)}.", "rank")
    entity = session.get(Entity, form.entity_id) if form.entity_id else None
    if form.entity_id and entity is None:
        raise Refusal("This entity is no longer there.", "entity_id")
    booking.title, booking.people, booking.rank = _line(form.title), form.people, form.rank
    booking.entity_id, booking.entity_code = (entity.id, entity.code) if entity else (None, None)
    booking.contact, booking.registered = _line(form.contact), form.registered
    booking.notes = "\n".join(map(_shown, form.notes.splitlines()))
    booking.cars, booking.visitors, booking.equipment = form.cars, form.visitors, " ".join(form.equipment.split())
    booking.languages = " ".join(sorted(set(form.languages.lower().replace(",", " ").split())))
    booking.layout_kind = form.kind or booking.layout_kind or ""


def _shown(text: str) -> str:
    """A line without what no screen shows and no server keeps, such as characters of control."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _line(text: str) -> str:
    return " ".join(_shown(text).split())


def form_of(booking: Booking) -> BookingForm:
    """What is written about a booking, as its form shows it."""
    return BookingForm(
        booking.title, booking.people, booking.rank, booking.entity_id, booking.contact, booking.layout_kind,
        booking.notes, booking.registered, booking.cars, booking.languages, booking.equipment,
        booking.visitors,
    )  # fmt: skip


def placing_of(session: Session, booking: Booking) -> Placing:
    """Where and when a booking is."""
    assert booking.space_id is not None
    assert booking.layout_id is not None
    units = session.scalars(
        select(BookingUnit.unit_id).where(BookingUnit.booking_id == booking.id).order_by(BookingUnit.unit_id)
    )
    blocks = Slot(booking.blocks_from, booking.blocks_to)
    slot = Slot(booking.starts, booking.ends)
    return Placing(slot, booking.space_id, booking.layout_id, booking.layout_kind, blocks, tuple(units))


def these_bookings(session: Session, ids: Sequence[int]) -> list[Booking]:
    """The bookings with these ids, in their order, locked until the deed is done."""
    found = {
        each.id: each
        for each in session.scalars(select(Booking).where(Booking.id.in_(ids)).order_by(Booking.id).with_for_update())
    }
    if len(found) != len(set(ids)) or not ids:
        raise Refusal("This booking is no longer there.")
    return [found[ident] for ident in dict.fromkeys(ids)]


def these(bookings: Sequence[Booking]) -> str:
    """One booking by its reference, several by their number."""
    return bookings[0].reference if len(bookings) == 1 else f"{len(bookings)} bookings"


def held_until(session: Session) -> datetime:
    """When a hold that is made now expires."""
    return now(session) + timedelta(days=dated.value_on(session, HOLD_DAYS.name, today(session)))


def enter_search(session: Session, bookings: Iterable[Booking]) -> None:
    """Make bookings findable by reference, title, entity and contact."""
    search.enter(
        session,
        [
            search.Findable(KIND, each.id, each.reference, each.title, (each.entity_code or "", each.contact))
            for each in bookings
        ],
    )


def _become(session: Session, ids: Sequence[int], status: Status, until: datetime | None = None) -> Changes:
    bookings = these_bookings(session, ids)
    before = [(each.id, Status(each.status), each.hold_until) for each in bookings]
    for booking in bookings:
        check_may(booking, status)
        _stand(session, booking, status, until)
    session.flush()
    _tell_changed(session, bookings, [stood for _ident, stood, _until in before], _told)
    said = f"{these(bookings)} {'are' if len(bookings) > 1 else 'is'} {rules.WORDS[status]}."
    return Changes(KIND, tuple(each.id for each in bookings), said, Deed(put_back, (before,)))


def check_may(booking: Booking, status: Status) -> None:
    """Refuse a state that does not follow on the one a booking is in."""
    if not rules.may_become(Status(booking.status), status):
        stood, wanted = rules.WORDS[Status(booking.status)], rules.WORDS[status]
        raise Refusal(f"{booking.reference} is {stood}, so it cannot become {wanted}.")


def _stand(session: Session, booking: Booking, status: Status, until: datetime | None) -> None:
    if status in LIVE and booking.status not in LIVE:
        if booking.layout_id is None:
            raise Refusal(f"{booking.reference} has no space yet. Choose one first.", "space_id")
        refuse_conflicts(session, booking.people, [placing_of(session, booking)], [booking.id], booking.cars)
    booking.status = status
    booking.hold_until = (until or held_until(session)) if status is Status.HOLD else None
    session.flush()
