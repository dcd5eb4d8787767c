"""What a booking's contact is told by mail, with the meeting for their calendar: written in the deed's transaction."""

from __future__ import annotations

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
    space = session.get(ConferenceSpace, booking.space_id) if booking.space_id else None
    slot = Slot(booking.starts, booking.ends)
    until = f"{local(booking.hold_until):%-d %B %Y, %H:%M}" if booking.hold_until else ""
    words = {
        "title": booking.title, "reference": booking.reference, "when": when(slot), "until": until,
        "where": space.name if space is not None else "no room yet",
    }  # fmt: skip
    # A contact that no mail can reach is no reason to keep the space from them.
    with suppress(Refusal):
        notifications.queue(
            session, to, _SUBJECTS[what].format(**words), _BODIES[what].format(**words),
            calendar=invitation(session, booking, cancelled=what in ("cancelled", "lapsed", "waits")), record_kind=KIND,
            record_id=booking.id,
        )  # fmt: skip
        return True
    return False


def invitation(session: Session, booking: Booking, *, cancelled: bool = False) -> str:
    """A booking as an iCalendar message: an invitation, or its withdrawal (RFC 5546, 3.2)."""
    space = session.get(ConferenceSpace, booking.space_id) if booking.space_id else None
    state = "CONFIRMED" if booking.status in (Status.CONFIRMED, Status.IN_SESSION, Status.DONE) else "TENTATIVE"
    item = Written(
        f"{booking.reference}@cbo-desk", booking.title, Slot(booking.starts, booking.ends),
        space.name if space is not None else "", status="CANCELLED" if cancelled else state, sequence=booking.version,
    )  # fmt: skip
    server = mail_server(session)
    method = "CANCEL" if cancelled else "REQUEST"
    sender = server.sender if server else ""
    return write([item], now(session), method=method, organizer=sender, to=address_in(booking.contact)).decode()


def address_in(contact: str) -> str:
    """The first e-mail address among what is written of a contact, such as "Haddad, S., ext. 24420, s@un.example"."""
    found = next((part.strip("<>,;()") for part in contact.split() if "@" in part), "")
    return found if notifications.is_address(found) else ""
