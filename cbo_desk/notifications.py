"""The outbox: messages written in the deed's own transaction and sent later, each once.

A desk queues a message inside its own deed, and nothing is ever sent in a transaction:

    notifications.queue(
        session, address_of(person.name, person.email), "Room 4 is yours", "Dear colleague, …",
        calendar=text,            # an iCalendar text; METHOD:REQUEST invites, METHOD:CANCEL calls off (RFC 6047)
        files=[Paper("sheet.pdf", "application/pdf", content)],
        person_id=person.id,      # the bell of this person shows it
        record_kind="conference.booking", record_id=booking.id,
    )

The calendar must carry METHOD, UID, SEQUENCE and DTSTAMP; the sender's own address should be its ORGANIZER, and is put
in on sending where a meeting has none, because no mail server was named when it was written. It goes out as an
alternative to the words, so that mail programs offer to accept it, and a later message with the same UID and a higher
SEQUENCE changes or calls off the earlier one.

A worker (`cbo_desk.sending`) claims one message, hands it to the mail server outside any transaction, and marks the
outcome. A worker that dies in between leaves the message in the state "sending": nobody knows whether it went out, so
it is shown to a person and never sent a second time by itself (docs/decisions/0055).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import getaddresses
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed, reads
from cbo_desk.plurals import Count
from db.records import Notification, NotificationFile

KIND = "notification"
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]]{1,64}@[^\s@<>,;:\"()\[\]]{1,255}")
_METHOD = re.compile(r"^METHOD:([A-Za-z]+)\r?$", re.MULTILINE)
MOST_TRIES = 12
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
LEASE = timedelta(minutes=10)
LARGEST_PAPERS = 10_000_000
"""Bytes of all papers of one message together: mail servers commonly take 25 MB, and base64 adds a third."""
WITHDRAWN = "Taken back before it was sent."
UNKNOWN = "It is not known whether this was sent. Look in the sent mail, then send it again or leave it."


@dataclass(frozen=True)
class Paper:
    """A file that goes along with a message, for instance a PDF."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """One message with its state: waiting, sending, sent or failed."""

    id: int
    message_id: str
    to: str
    subject: str
    body: str
    calendar: str | None
    record_kind: str
    record_id: int
    state: str
    tries: int
    due_at: datetime
    sent_at: datetime | None
    trouble: str


def queue(
    session: Session,
    to: str,
    subject: str,
    body: str,
    *,
    calendar: str | None = None,
    files: Sequence[Paper] = (),
    person_id: int | None = None,
    record_kind: str = "",
    record_id: int = 0,
    after: timedelta = timedelta(0),
) -> int:
    """Write a message in the transaction of the deed it tells of; `calendar` is an iCalendar text. Returns its id.

    It is not sent before a time `after` this deed has passed, so that the deed can still be undone.

    Raises Refusal for an address that is none, a calendar that no mail program understands, and papers over 10 MB.
    """
    if not is_address(to) or any(letter in to + subject for letter in "\r\n"):
        raise Refusal(f"{' '.join(to.split())[:80] or 'Nothing'} is no e-mail address.", "to")
    if calendar is not None:
        method_of(calendar)
    if sum(len(paper.content) for paper in files) > LARGEST_PAPERS:
        raise Refusal("The papers of one message are 10 MB together at most.", "files")
    row = Notification(
        message_id=f"<{uuid4().hex}@cbo-desk>",
        to=to,
        subject=subject,
        body=body,
        calendar=calendar,
        record_kind=record_kind,
        record_id=record_id,
        state="waiting",
        due_at=now(session) + after,
        person_id=person_id,
    )
    session.add(row)
    session.flush()
    for paper in files:
        own = {"name": paper.name, "media_type": paper.media_type, "content": paper.content}
        session.add(NotificationFile(notification_id=row.id, **own))
    return row.id


def address_of(name: str, address: str) -> str:
    """A name with its address, as a message's To has it; what would end the name early is left out of it."""
    plain = " ".join(re.sub(r'["\\<>\r\n]', " ", name).split())
    return f'"{plain}" <{address}>' if plain else address


def withdraw(session: Session, ids: Sequence[int]) -> None:
    """Let messages that still wait go unsent, as part of undoing the deed they tell of; Refusal where one is out."""
    rows = session.scalars(select(Notification).where(Notification.id.in_(ids)).with_for_update()).all()
    if any(row.state != "waiting" for row in rows):
        raise Refusal("The message has been sent already, so this can no longer be undone.")
    for row in rows:
        row.state, row.trouble = "failed", WITHDRAWN


def is_address(to: str) -> bool:
    """Whether mail can be sent there: a name before it is allowed, several addresses are not."""
    found = getaddresses([to])
    return len(found) == 1 and _ADDRESS.fullmatch(found[0][1]) is not None


def method_of(calendar: str) -> str:
    """What an iCalendar text asks for, such as REQUEST or CANCEL; Refusal where it says nothing of it."""
    found = _METHOD.search(calendar)
    if found is None or "BEGIN:VCALENDAR" not in calendar.upper():
        raise Refusal("An invitation is an iCalendar text with its METHOD.", "calendar")
    return found[1].upper()


@reads("settings", "see the outbox", Role.ADMINISTRATOR)
def due(session: Session, most: int = 20) -> list[Message]:
    """The messages a worker would claim now, the oldest first."""
    wanted = select(Notification).where(Notification.state == "waiting", Notification.due_at <= now(session))
    return [_message(row) for row in session.scalars(wanted.order_by(Notification.due_at, Notification.id).limit(most))]


@reads("settings", "see the outbox", Role.ADMINISTRATOR)
def messages(session: Session, ids: Sequence[int]) -> list[Message]:
    """The messages with these ids, in that order."""
    rows = {row.id: row for row in session.scalars(select(Notification).where(Notification.id.in_(ids)))}
    return [_message(rows[ident]) for ident in ids if ident in rows]


@reads("settings", "see the outbox")
def outbox(session: Session, states: Sequence[str] = (), most: int = 200) -> list[Message]:
    """The newest messages, of certain states or of all: what the outbox page shows."""
    wanted = select(Notification).order_by(Notification.id.desc()).limit(most)
    if states:
        wanted = wanted.where(Notification.state.in_(states))
    return [_message(row) for row in session.scalars(wanted)]


@reads("settings", "see the outbox", Role.ADMINISTRATOR)
def papers_of(session: Session, ident: int) -> list[Paper]:
    """What goes along with a message, in its order."""
    wanted = select(NotificationFile).where(NotificationFile.notification_id == ident).order_by(NotificationFile.id)
    return [Paper(row.name, row.media_type, row.content) for row in session.scalars(wanted)]


@reads("people", "see messages")
def concerning(session: Session, kind: str, ident: int) -> list[Message]:
    """The messages about a record, newest first."""
    wanted = select(Notification).where(Notification.record_kind == kind, Notification.record_id == ident)
    return [_message(row) for row in session.scalars(wanted.order_by(Notification.id.desc()))]


@reads("settings", "see the outbox", Role.ADMINISTRATOR)
def overdue(session: Session) -> bool:
    """Whether a worker claimed a message and never told what became of it."""
    wanted = select(Notification.id).where(Notification.state == "sending", Notification.due_at < now(session))
    return session.scalar(wanted.limit(1)) is not None


@deed("settings.send_trial_message", "send a trial message", Role.SUPERVISOR)
def send_trial(session: Session, to: str) -> Changes:
    """Queue a message that says nothing but that messages arrive."""
    body = f"This message was sent on trial by {actor(session).name}. What you read this in receives our messages.\n"
    ident = queue(session, to.strip(), "CBO Desk: a trial message", body)
    return Changes(KIND, (ident,), f"A trial message goes to {to.strip()}.")


@deed("settings.claim_messages", "send messages", Role.ADMINISTRATOR)
def claim(session: Session, most: int = 20) -> Changes:
    """Take the messages that are due; no two workers are given the same. The ids are those of the changes."""
    wanted = select(Notification).where(Notification.state == "waiting", Notification.due_at <= now(session))
    wanted = wanted.order_by(Notification.due_at, Notification.id).limit(most)
    rows = session.scalars(wanted.with_for_update(skip_locked=True)).all()
    for row in rows:
        row.state, row.tries, row.due_at = "sending", row.tries + 1, now(session) + LEASE
    return Changes(KIND, tuple(row.id for row in rows), f"{Count(len(rows)):message is|messages are} being sent.")


@deed("settings.mark_sent", "send messages", Role.ADMINISTRATOR)
def mark_sent(session: Session, ident: int) -> Changes:
    """The mail server took a claimed message; true also where a person was asked about it in the meantime."""
    row = session.get(Notification, ident, with_for_update=True)
    if row is None or row.state == "sent" or not row.tries:
        raise Refusal("This message is not being sent by anybody.")
    row.state, row.sent_at, row.trouble = "sent", now(session), ""
    return Changes(KIND, (ident,), f"Sent to {row.to}.")


@deed("settings.mark_failed", "send messages", Role.ADMINISTRATOR)
def mark_failed(session: Session, ident: int, trouble: str, final: bool = False) -> Changes:
    """The mail server did not take a claimed message: try later, twice as late each time, or give up."""
    row = _in_hand(session, ident)
    row.trouble = trouble
    if final or row.tries >= MOST_TRIES:
        row.state = "failed"
        return Changes(KIND, (ident,), f"Given up: {row.to}. {trouble}")
    row.state = "waiting"
    row.due_at = now(session) + min(FIRST_WAIT * 2 ** (row.tries - 1), LONGEST_WAIT)
    return Changes(KIND, (ident,), f"Not sent to {row.to} yet. {trouble}")


@deed("settings.note_lost_messages", "send messages", Role.ADMINISTRATOR)
def note_lost(session: Session) -> Changes:
    """Show a person what a worker claimed and never told the outcome of; it may have been sent."""
    wanted = select(Notification).where(Notification.state == "sending", Notification.due_at < now(session))
    rows = session.scalars(wanted.with_for_update(skip_locked=True)).all()
    for row in rows:
        row.state, row.trouble = "failed", UNKNOWN
    return Changes(KIND, tuple(row.id for row in rows), f"{Count(len(rows)):message needs|messages need} a look.")


@deed("settings.send_again", "send messages again", Role.SUPERVISOR)
def send_again(session: Session, ident: int) -> Changes:
    """Put a failed message back into the queue, with the same message id."""
    row = session.get(Notification, ident, with_for_update=True)
    if row is None or row.state != "failed":
        raise Refusal("Only a message that failed can be sent again.")
    row.state, row.tries, row.due_at = "waiting", 0, now(session)
    return Changes(KIND, (ident,), f"Will be sent to {row.to} again.", Deed(give_up, (ident,)))


@deed("settings.give_up_message", "give up messages", Role.SUPERVISOR)
def give_up(session: Session, ident: int) -> Changes:
    """Let a waiting message go unsent; it stays visible."""
    row = session.get(Notification, ident, with_for_update=True)
    if row is None or row.state != "waiting":
        raise Refusal("Only a message that waits can be given up.")
    row.state, row.trouble = "failed", "Given up by hand."
    return Changes(KIND, (ident,), f"The message to {row.to} will not be sent.", Deed(send_again, (ident,)))


def _in_hand(session: Session, ident: int) -> Notification:
    row = session.get(Notification, ident, with_for_update=True)
    if row is None or row.state != "sending":
        raise Refusal("This message is not being sent by anybody.")
    return row


def _message(row: Notification) -> Message:
    return Message(
        row.id, row.message_id, row.to, row.subject, row.body, row.calendar, row.record_kind, row.record_id, row.state,
        row.tries, row.due_at, row.sent_at, row.trouble,
    )  # fmt: skip
