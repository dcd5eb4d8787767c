"""Figures of the head of outgoing mail: what waits to go out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from cbo_desk.mail.outgoing.rules import State
from cbo_desk.permissions import reads
from db.mail_outgoing import MailManifest, MailOutgoing


@dataclass(frozen=True)
class OutgoingFigures:
    """Figures of the page's head: items by state, how many have no carrier yet, manifests that wait for a pick-up."""

    by_state: dict[str, int]
    no_carrier: int
    manifests_open: int
    manifests_waiting: int


@reads("mail", "look at outgoing mail")
def outgoing_figures(session: Session) -> OutgoingFigures:
    """Count what waits to go out."""
    states = select(MailOutgoing.state, func.count()).group_by(MailOutgoing.state)
    loose = and_(MailOutgoing.way == "carrier", MailOutgoing.carrier_id.is_(None))
    still_open = MailManifest.closed_at.is_(None)
    closed = and_(MailManifest.closed_at.is_not(None), MailManifest.collected_at.is_(None))
    return OutgoingFigures(
        {row[0]: int(row[1]) for row in session.execute(states)},
        _count(session, MailOutgoing, and_(MailOutgoing.state == State.HANDED_IN, loose)),
        _count(session, MailManifest, still_open),
        _count(session, MailManifest, closed),
    )


def _count(session: Session, table: type[MailOutgoing] | type[MailManifest], where: ColumnElement[bool]) -> int:
    return int(session.scalar(select(func.count()).select_from(table).where(where)) or 0)
