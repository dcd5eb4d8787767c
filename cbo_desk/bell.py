"""What the bell rings for: the messages about one's own affairs that one has not seen yet.

It stands apart from the outbox, whose lists are heavy to import: a window asks for it as it opens.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes
from cbo_desk.context import actor, now
from cbo_desk.notifications import KIND, Message, messages
from cbo_desk.permissions import Role, deed, reads
from db.records import Notification

SHOWN_AT_ONCE = 30


@reads("people", "see messages to oneself")
def for_me(session: Session) -> list[Message]:
    """What concerns the person signed in and was not seen yet, the oldest first: what the bell shows."""
    me = actor(session).person_id
    if me is None:
        return []
    wanted = select(Notification.id).where(Notification.person_id == me, Notification.seen_at.is_(None))
    newest = session.scalars(wanted.order_by(Notification.id.desc()).limit(SHOWN_AT_ONCE)).all()
    return messages(session, sorted(newest))


@deed("people.see_messages", "see messages to oneself", Role.VIEWER)
def see_messages(session: Session, ids: tuple[int, ...]) -> Changes:
    """Note that the person signed in has seen messages to them; others' are left as they are."""
    me = actor(session).person_id
    wanted = select(Notification).where(
        Notification.id.in_(ids), Notification.person_id == me, Notification.seen_at.is_(None)
    )
    for row in session.scalars(wanted) if me is not None else ():
        row.seen_at = now(session)
    return Changes(KIND, ids)
