"""What a booking's contact is told by mail, with the meeting for their calendar: written in the deed's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Literal

from sqlalchemy.orm import Session

from cbo_desk import notifications
from cbo_desk.conference.calendars import Written, write
from cbo_desk.conference.conflicts import when
from cbo_desk.conference.rules import Slot, Status
from cbo_desk.context import local, now
from cbo_desk.errors import Refusal
from cbo_desk.mail_server import mail_server
from db.conference import Booking, ConferenceSpace

KIND = "conference.booking"
What = Literal["given", "confirmed", "moved", "cancelled", "lapsed", "waits"]
_WITHDRAWN = ("cancelled", "lapsed", "waits")
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


def tell(session: Session, booking: Booking, what: What) -> bool:
    """Queue a message to a booking's contact; False where the contact is no address."""
    to = address_in(booking.contact)
    if not to:
        return False
    words = _words(session, booking)
    # A contact that no mail can reach is no reason to keep the space from them.
    with suppress(Refusal):
        notifications.queue(
            session, to, _SUBJECTS[what].format(**words), _BODIES[what].format(**words),
            calendar=invitation(session, booking, cancelled=what in _WITHDRAWN), record_kind=KIND, record_id=booking.id,
        )  # fmt: skip
        return True
    return False


def tell_together(session: Session, bookings: Iterable[Booking], what: What) -> None:
    """Queue one message to each contact of several bookings, with all of their meetings for the calendar."""
    of_contact: defaultdict[str, list[Booking]] = defaultdict(list)
    for booking in bookings:
        of_contact[address_in(booking.contact)].append(booking)
    for to, own in of_contact.items():
        if len(own) == 1:
            tell(session, own[0], what)
        elif to:
            own.sort(key=lambda each: each.starts)
            _tell_all(session, to, own, what)


def _tell_all(session: Session, to: str, bookings: Sequence[Booking], what: What) -> None:
    titles = list(dict.fromkeys(each.title for each in bookings))
    called = titles[0] if len(titles) == 1 else f"{titles[0]} and others"
    subject = f"{_SUBJECTS[what].format(title=called)}, {len(bookings)} meetings"
    withdrawn = what in _WITHDRAWN
    server = mail_server(session)
    # Only what is published may hold several meetings: an invitation, or its withdrawal, is about one (RFC 5546, 3.2).
    calendar = write(
        [_item(session, each, cancelled=withdrawn) for each in bookings], now(session), method="PUBLISH",
        organizer=server.sender if server else "",
    ).decode()  # fmt: skip
    body = "\n".join(_BODIES[what].format(**_words(session, each)) for each in bookings)
    with suppress(Refusal):
        notifications.queue(session, to, subject, body, calendar=calendar, record_kind=KIND, record_id=bookings[0].id)


def _words(session: Session, booking: Booking) -> dict[str, str]:
    space = session.get(ConferenceSpace, booking.space_id) if booking.space_id else None
    return {
        "title": booking.title, "reference": booking.reference, "when": when(Slot(booking.starts, booking.ends)),
        "until": f"{local(booking.hold_until):%-d %B %Y, %H:%M}" if booking.hold_until else "",
        "where": space.name if space is not None else "no room yet",
    }  # fmt: skip


def invitation(session: Session, booking: Booking, *, cancelled: bool = False) -> str:
    """A booking as an iCalendar message: an invitation, or its withdrawal (RFC 5546, 3.2)."""
    server = mail_server(session)
    method = "CANCEL" if cancelled else "REQUEST"
    sender = server.sender if server else ""
    item = _item(session, booking, cancelled=cancelled)
    return write([item], now(session), method=method, organizer=sender, to=address_in(booking.contact)).decode()


def _item(session: Session, booking: Booking, *, cancelled: bool) -> Written:
    space = session.get(ConferenceSpace, booking.space_id) if booking.space_id else None
    state = "CONFIRMED" if booking.status in (Status.CONFIRMED, Status.IN_SESSION, Status.DONE) else "TENTATIVE"
    return Written(
        f"{booking.reference}@cbo-desk", booking.title, Slot(booking.starts, booking.ends),
        space.name if space is not None else "", status="CANCELLED" if cancelled else state, sequence=booking.version,
    )  # fmt: skip


def address_in(contact: str) -> str:
    """The first e-mail address among what is written of a contact, such as "Haddad, S., ext. 24420, s@un.example"."""
    found = next((part.strip("<>,;()") for part in contact.split() if "@" in part), "")
    return found if notifications.is_address(found) else ""
