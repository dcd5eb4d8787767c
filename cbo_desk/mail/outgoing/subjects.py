"""How outgoing mail looks on labels and in the answers of a scan; of the pouch only the number is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from cbo_desk import attachments
from cbo_desk.mail.outgoing.manifests import MANIFEST
from cbo_desk.mail.outgoing.rules import State
from cbo_desk.mail.outgoing.standing import LOOK_INSIDE, OUTGOING
from cbo_desk.permissions import Rule
from cbo_desk.tags import Subject, register
from cbo_desk.tags.codes import Kind
from db.mail_outgoing import MailManifest, MailOutgoing


def describe(session: Session, ids: Sequence[int]) -> Mapping[int, Subject]:
    """Number, destination and entity of items, by id."""
    columns = (MailOutgoing.id, MailOutgoing.number, MailOutgoing.way, MailOutgoing.country, MailOutgoing.entity_code)
    known = and_(MailOutgoing.id.in_(ids), MailOutgoing.state != State.WITHDRAWN)
    return {
        ident: Subject(number, "Pouch") if way == "pouch" else Subject(number, country, entity)
        for ident, number, way, country, entity in session.execute(select(*columns).where(known))
    }


def _manifests(session: Session, ids: Sequence[int]) -> Mapping[int, Subject]:
    wanted = select(MailManifest.id, MailManifest.number, MailManifest.carrier).where(MailManifest.id.in_(ids))
    return {row.id: Subject(row.number, row.carrier) for row in session.execute(wanted)}


def _need(session: Session, ident: int) -> Rule | None:
    """Photos and papers of what goes by pouch are for those who may know what is in it."""
    way = session.scalar(select(MailOutgoing.way).where(MailOutgoing.id == ident))
    return None if way == "carrier" else LOOK_INSIDE


def enlist() -> None:
    """Let outgoing items and manifests carry tags, and items photos and papers."""
    attachments.close_to_others(OUTGOING, _need)
    register(OUTGOING, Kind.MAIL_ITEM, "outgoing mail item", describe)
    register(MANIFEST, Kind.MANIFEST, "manifest", _manifests)
