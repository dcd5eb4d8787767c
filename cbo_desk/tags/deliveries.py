"""Deliveries: tags that were given together, so that a person can print them together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.permissions import reads
from cbo_desk.tags.queries import TagLine, is_never_printed, lines_of
from db.tags import Tag


@dataclass(frozen=True)
class Delivery:
    """Tags that were given together and never printed: when, how many, the number of the first."""

    made_at: datetime
    tags: int
    first: str


@reads("tags")
def deliveries(session: Session, kind: str, most: int = 12) -> list[Delivery]:
    """The deliveries of which tags were never printed, newest first."""
    wanted = select(Tag.made_at, func.count(), func.min(Tag.id)).where(is_never_printed(kind))
    found = session.execute(wanted.group_by(Tag.made_at).order_by(Tag.made_at.desc()).limit(most)).all()
    firsts = session.scalars(select(Tag).where(Tag.id.in_([first for _at, _count, first in found]))).all()
    numbers = {line.tag_id: line.subject.number or line.subject.name for line in lines_of(session, firsts)}
    return [Delivery(at, count, numbers.get(first, "")) for at, count, first in found]


@reads("tags")
def tags_of_delivery(session: Session, kind: str, made_at: datetime) -> list[TagLine]:
    """The tags of a delivery that were never printed, in their order."""
    wanted = select(Tag).where(is_never_printed(kind), Tag.made_at == made_at)
    return lines_of(session, session.scalars(wanted.order_by(Tag.id)).all())
