"""The tag in use of one record: what its card shows, and what its papers carry."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from db.tags import Tag

# Built once: every card asks for it.
_OWN_TAG = (
    select(Tag.code)
    .where(
        Tag.subject_kind == bindparam("of"), Tag.subject_id == bindparam("ident"), Tag.ours, Tag.retired_at.is_(None)
    )
    .order_by(Tag.id.desc())
    .limit(1)
)


def tag_of(session: Session, kind: str, ident: int) -> str:
    """The code of a record's own tag in use, for its card and its papers; "" where it has none."""
    return session.connection().execute(_OWN_TAG, {"of": kind, "ident": ident}).scalar() or ""
