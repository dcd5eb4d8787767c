"""Mails to requesters: written in the deed they tell of, sent by the outbox; without an address nobody is told."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cbo_desk import notifications
from cbo_desk.transport.kinds import REQUEST
from db.transport import TripRequest


def tell(session: Session, row: TripRequest, subject: str, news: str) -> None:
    """Tell the requester of one request."""
    if row.email:
        body = f"{row.reference}: {row.route}\n{news}\n"
        notifications.queue(session, row.email, subject, body, record_kind=REQUEST, record_id=row.id)
