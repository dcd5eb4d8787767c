"""What a booking's contact is told by mail, with the meeting for their calendar: written in the deed's transaction.

A message about one meeting is an invitation or its withdrawal. One about several meetings of a series tells of all that
its contact has in that series, under the series' own name, so that mail programs bring the calendar up to date by
themselves (RFC 5546, 3.2.2 and 3.2.5).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import notifications
from cbo_desk.conference.calendars import Written, write
from cbo_desk.conference.conflicts import when
from cbo_desk.conference.events import event_of, events_of
from cbo_desk.conference.rules import LIVE, Slot, Status
from cbo_desk.context import local, now
from cbo_desk.errors import Refusal
from cbo_desk.mail_server import mail_server
from db.conference import Booking, BookingSeries, ConferenceSpace

KIND = "conference.booking"
What = Literal["given", "confirmed", "moved", "cancelled", "lapsed", "waits"]
_WITHDRAWN = ("cancelled", "lapsed", "waits")
_AGREED = (Status.CONFIRMED, Status.IN_SESSION, Status.DONE)
_SUBJECTS = {
    "given": "Space for {title}",
    "confirmed": "Confirmed: {title}",
    "moved": "Moved: {title}",
    "cancelled": "Cancelled: {title}",
    "lapsed": "No longer held: {title}",
    "waits": "On the waitlist again: {title}",
}
_BODIES = {
    "given": "{title} ({reference}) now has {where}: {when}.\n\nIt is held for you until {until}. Please confirm by "
    "then.\n",
    "confirmed": "{title} ({reference}) is confirmed: {where}, {when}.\n",
    "moved": "{title} ({reference}) has moved: it is now in {where}, {when}.\n",
    "cancelled": "{title} ({reference}), {when}, is cancelled.\n",
    "lapsed": "{title} ({reference}), {when}, was not confirmed in time, so its space is free. Write to us if "
    "you still need it.\n",
    "waits": "{title} ({reference}), {when}, is on the waitlist again: the space that we told you of is taken after "
    "all. We are sorry, and shall write when there is space.\n",
}
_LEFT_SUBJECT = "Changed: {title}"
_LEFT_BODY = (
    "{title}: some of its meetings have moved, and a message of their own says when and where they are. This one takes "
    "them out of your calendar at their former times.\n"
)


def tell(session: Session, booking: Booking, what: What) -> bool:
    """Queue a message to a booking's contact; False where the contact is no address."""
    to = address_in(booking.contact)
    if not to:
        return False
    words = _words(session, booking)
    calendar = invitation(session, booking, cancelled=what in _WITHDRAWN)
    return _queue(session, to, _SUBJECTS[what].format(**words), _BODIES[what].format(**words), calendar, booking)


def tell_together(session: Session, bookings: Iterable[Booking], what: What) -> None:
    """Tell the contacts of several bookings: one message for each booking, and one for all those of a series."""
    shared: defaultdict[tuple[str, int], list[Booking]] = defaultdict(list)
    for booking in bookings:
        shared[address_in(booking.contact), booking.series_id or -booking.id].append(booking)
    for (to, _whose), own in shared.items():
        if len(own) == 1:
            tell(session, own[0], what)
        elif to:
            own.sort(key=lambda each: each.starts)
            words = [_words(session, each) for each in own]
            subject = f"{_SUBJECTS[what].format(title=_title(own))}, {len(own)} meetings"
            body = "\n".join(_BODIES[what].format(**each) for each in words)
            _queue(session, to, subject, body, _of_series(session, own[0].series_id, to, own[0]), own[0])


def tell_left(session: Session, left: Collection[int], bookings: Sequence[Booking]) -> None:
    """Tell the contacts of bookings that have left series for another that these no longer hold them."""
    for series_id in sorted(left):
        for to in sorted({address_in(each.contact) for each in bookings} & _informed(session, [series_id], bookings)):
            own = [each for each in bookings if address_in(each.contact) == to]
            words = {"title": _title(own)}
            calendar = _of_series(session, series_id, to, own[0])
            _queue(session, to, _LEFT_SUBJECT.format(**words), _LEFT_BODY.format(**words), calendar, own[0])


def knowing(session: Session, bookings: Sequence[Booking]) -> list[Booking]:
    """Those of whose contacts was told: they are confirmed, or another occurrence for the same contact is."""
    informed = _informed(session, {each.series_id for each in bookings if each.series_id}, bookings)
    return [
        each
        for each in bookings
        if each.status == Status.CONFIRMED
        or (each.status == Status.HOLD and each.series_id and address_in(each.contact) in informed)
    ]


def invitation(session: Session, booking: Booking, *, cancelled: bool = False) -> str:
    """A booking as an iCalendar message: an invitation, or its withdrawal (RFC 5546, 3.2)."""
    series = session.get(BookingSeries, booking.series_id) if booking.series_id else None
    if series is not None:
        series.told += 1
    space = session.get(ConferenceSpace, booking.space_id) if booking.space_id else None
    room = space.name if space is not None else ""
    state = "CANCELLED" if cancelled else ""
    return _message(session, [event_of(booking, series, room, status=state)], address_in(booking.contact), cancelled)


def address_in(contact: str) -> str:
    """The first e-mail address among what is written of a contact, such as "Haddad, S., ext. 24420, s@un.example"."""
    found = next((part.strip("<>,;()") for part in contact.split() if "@" in part), "")
    return found if notifications.is_address(found) else ""


def _of_series(session: Session, series_id: int | None, to: str, one: Booking) -> str:
    """All that a contact has in a series, as an iCalendar message; its withdrawal, named like one, where that is none.

    What is held there is tentative.
    """
    session.flush()
    series = session.get_one(BookingSeries, series_id)
    series.told += 1
    wanted = select(Booking).where(Booking.series_id == series_id, Booking.status.in_(LIVE))
    own = [each for each in session.scalars(wanted.order_by(Booking.occurrence)) if address_in(each.contact) == to]
    spaces = {each.space_id for each in own}
    named = select(ConferenceSpace.id, ConferenceSpace.name).where(ConferenceSpace.id.in_(spaces))
    events = events_of(series, own, {each.id: each.name for each in session.execute(named)})
    if events:
        return _message(session, events, to, cancelled=False)
    gone = Written(
        series.uid, one.title, Slot(one.starts, one.ends), status="CANCELLED", sequence=series.told, zone=series.zone
    )
    return _message(session, [gone], to, cancelled=True)


def _message(session: Session, events: Sequence[Written], to: str, cancelled: bool) -> str:
    server = mail_server(session)
    method = "CANCEL" if cancelled else "REQUEST"
    sender = server.sender if server else ""
    return write(events, now(session), method=method, organizer=sender, to=to).decode()


def _informed(session: Session, series: Collection[int], bookings: Iterable[Booking]) -> set[str]:
    """The contacts that have a confirmed meeting in some series, or among some bookings: they were written to."""
    wanted = select(Booking.contact).where(Booking.series_id.in_(series), Booking.status.in_(_AGREED)).distinct()
    contacts = {*session.scalars(wanted), *(each.contact for each in bookings if each.status in _AGREED)}
    return {address_in(each) for each in contacts} - {""}


def _queue(session: Session, to: str, subject: str, body: str, calendar: str, booking: Booking) -> bool:
    # A contact that no mail can reach is no reason to keep the space from them.
    with suppress(Refusal):
        notifications.queue(session, to, subject, body, calendar=calendar, record_kind=KIND, record_id=booking.id)
        return True
    return False


def _title(bookings: Sequence[Booking]) -> str:
    titles = list(dict.fromkeys(each.title for each in bookings))
    return titles[0] if len(titles) == 1 else f"{titles[0]} and others"


def _words(session: Session, booking: Booking) -> dict[str, str]:
    space = session.get(ConferenceSpace, booking.space_id) if booking.space_id else None
    return {
        "title": booking.title, "reference": booking.reference, "when": when(Slot(booking.starts, booking.ends)),
        "until": f"{local(booking.hold_until):%-d %B %Y, %H:%M}" if booking.hold_until else "",
        "where": space.name if space is not None else "no room yet",
    }  # fmt: skip
