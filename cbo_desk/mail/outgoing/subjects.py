"""How outgoing mail looks on labels and in the answers of a scan; of the pouch only the number is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from cbo_desk.mail.outgoing.rules import State
from cbo_desk.mail.outgoing.standing import OUTGOING
from cbo_desk.tags import Subject, register
from cbo_desk.tags.codes import Kind
from db.mail_outgoing import MailOutgoing


def describe(session: Session, ids: Sequence[int]) -> Mapping[int, Subject]:
    """Number, destination and entity of items, by id."""
    columns = (MailOutgoing.id, MailOutgoing.number, MailOutgoing.way, MailOutgoing.country, MailOutgoing.entity_code)
    known = and_(MailOutgoing.id.in_(ids), MailOutgoing.state != State.WITHDRAWN)
    return {
        ident: Subject(number, "Pouch") if way == "pouch" else Subject(number, country, entity)
        for ident, number, way, country, entity in session.execute(select(*columns).where(known))
    }


def enlist() -> None:
    """Let outgoing items carry tags."""
    register(OUTGOING, Kind.MAIL_ITEM, "outgoing mail item", describe)
