"""How bags look on tags and in the answers of a scan: their number and where they go, nothing of what is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import attachments
from cbo_desk.mail.outgoing import LOOK_INSIDE
from cbo_desk.mail.pouch.packing import BAG
from cbo_desk.tags import Subject, register
from cbo_desk.tags.codes import Kind
from db.mail_pouch import MailBag


def describe(session: Session, ids: Sequence[int]) -> Mapping[int, Subject]:
    """Number and destination of bags, by id."""
    wanted = select(MailBag.id, MailBag.number, MailBag.destination).where(MailBag.id.in_(ids))
    return {row.id: Subject(row.number, row.destination) for row in session.execute(wanted)}


def enlist() -> None:
    """Let bags carry tags, and photos and papers for those who may know what is in them."""
    attachments.close_to_others(BAG, lambda _session, _ident: LOOK_INSIDE)
    register(BAG, Kind.BAG, "pouch bag", describe)
