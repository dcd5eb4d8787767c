"""Borrowers are told by mail when the day changes on which they bring a loan back, once a mail server is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import notifications
from cbo_desk.mail_server import mail_server
from cbo_desk.people.rules import full_name
from cbo_desk.property.custody.rules import Kind
from cbo_desk.property.rules import State
from db.custody import Handover
from db.people import Person
from db.records import Notification

UNDO_FOR = timedelta(seconds=20)
"""So long a message waits, so that a deed that is undone at once is told to nobody."""
ABOUT = Handover.audited_as


def tell_borrower(
    session: Session, handover: Handover, lines: Sequence[Mapping[str, Any]]
) -> tuple[str, tuple[int, ...]]:
    """Tell whoever has the assets of a handover's lines that they are due on another day than before.

    Returns what is to be added to the sentence of the deed, and the messages that were written or taken back. Where
    the handover reverses one that the borrower was not told of yet, that message is taken back instead.
    """
    moved = [line for line in lines if _is_moved(line)]
    if not moved:
        return "", ()
    waiting = _waiting(session, handover.reverses_id) if handover.kind == Kind.REVERSAL else ()
    if waiting:
        notifications.withdraw(session, waiting)
        return " The borrower was not told yet, and is not.", waiting
    if mail_server(session) is None:
        return "", ()
    person = session.get(Person, moved[0]["to_person_id"])
    if person is None:
        return "", ()
    if not notifications.is_address(person.email):
        return f" {person.sort_name} has no e-mail address and is not told.", ()
    name = full_name(person.family_name, person.given_name)
    message = notifications.queue(
        session, notifications.address_of(name, person.email), _subject(handover, moved),
        _letter(name, handover, moved), person_id=person.id, record_kind=ABOUT, record_id=handover.id, after=UNDO_FOR,
    )  # fmt: skip
    return f" {person.sort_name} is told by mail.", (message,)


def _is_moved(line: Mapping[str, Any]) -> bool:
    lent = line["from_state"] == line["to_state"] == State.ON_LOAN
    return lent and line["to_due_on"] is not None and line["from_due_on"] != line["to_due_on"]


def _waiting(session: Session, handover_id: int | None) -> tuple[int, ...]:
    wanted = select(Notification.id).where(
        Notification.record_kind == ABOUT, Notification.record_id == handover_id, Notification.state == "waiting"
    )
    return tuple(session.scalars(wanted.order_by(Notification.id).with_for_update()))


def _subject(handover: Handover, lines: Sequence[Mapping[str, Any]]) -> str:
    what = lines[0]["inventory_no"] if len(lines) == 1 else f"{len(lines)} assets"
    if handover.kind == Kind.EXTEND:
        return f"Your loan is extended to {handover.due_on:%-d %b %Y}: {what}"
    return f"Your loan is due on another day: {what}"


def _letter(name: str, handover: Handover, lines: Sequence[Mapping[str, Any]]) -> str:
    extended = handover.kind == Kind.EXTEND
    news = "your loan has been extended" if extended else "the extension of your loan was taken back"
    days = [
        f"- {line['inventory_no']}, {line['description']}: due on {line['to_due_on']:%-d %b %Y}{_before(line)}"
        for line in lines
    ]
    return "\n".join(
        [f"Dear {name},", "", f"{news} ({handover.reference}). Please bring back:", "", *days, "",
         "You need not answer this message.", ""]
    )  # fmt: skip


def _before(line: Mapping[str, Any]) -> str:
    return f", and no longer on {line['from_due_on']:%-d %b %Y}" if line["from_due_on"] else ""
