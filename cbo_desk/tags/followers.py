"""A place or a person that is added gets its tag in the same transaction; one that is removed gives it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import after
from cbo_desk.tags.commands import give_tags, take_tags
from db.tags import Tag

FOLLOWED = ("places.place", "people.person")


def _give(kind: str) -> after.Follower:
    def give(session: Session, ids: Sequence[int]) -> Mapping[str, tuple[int, ...]]:
        wanted = select(Tag.subject_id).where(
            Tag.subject_kind == kind, Tag.subject_id.in_(ids), Tag.ours, Tag.retired_at.is_(None)
        )
        tagged = set(session.scalars(wanted))
        give_tags(session, kind, [ident for ident in ids if ident not in tagged])
        return {}

    return give


def _take(kind: str) -> after.Follower:
    def take(session: Session, ids: Sequence[int]) -> Mapping[str, tuple[int, ...]]:
        take_tags(session, kind, ids)
        return {}

    return take


for _kind in FOLLOWED:
    after.after_adding(_kind)(_give(_kind))
    after.after_removing(_kind)(_take(_kind))
