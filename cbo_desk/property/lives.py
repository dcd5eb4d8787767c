"""All things of the register: every asset stands in the state in which what happened to it last left it."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from cbo_desk.lives import Lives, stretches
from cbo_desk.permissions import reads
from cbo_desk.property.rules import WORDS, State
from db.property import Asset, AssetEvent

AT_ONCE = 10_000
"""So many assets are looked through in one statement."""
_OTHER = aliased(AssetEvent)
_LAST = select(func.max(_OTHER.id)).where(_OTHER.asset_id == Asset.id).correlate(Asset).scalar_subquery()
_DIFFER = (
    select(Asset.inventory_no, Asset.state, AssetEvent.state)
    .join(AssetEvent, AssetEvent.id == _LAST, isouter=True)
    .where(or_(AssetEvent.id.is_(None), AssetEvent.state != Asset.state))
    .order_by(Asset.id)
    .limit(1)
)


@reads("settings", "check the database")
def asset_lives(session: Session) -> Lives:
    """Look through every asset."""
    count = 0
    for first, last, those in stretches(session, Asset.id, AT_ONCE):
        found = session.execute(_DIFFER.where(Asset.id.between(first, last))).one_or_none()
        if found is not None:
            return Lives(count, _told(*found))
        count += those
    return Lives(count)


def _told(number: str, stands: str, ended: str | None) -> str:
    if ended is None:
        return f"{number} stands in the register, and nothing ever happened to it."
    told = f"stands as {WORDS[State(stands)].lower()}, but what happened to it ends as {WORDS[State(ended)].lower()}."
    return f"{number} {told}"
