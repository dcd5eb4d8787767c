"""What a text scanned during a count is: an asset, a door, something that is no asset, or nothing known."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.property.touching import KIND
from cbo_desk.property.verification.rules import What
from cbo_desk.tags import resolve
from cbo_desk.tags.subjects import word_of
from db.tags import Tag
from db.verification import CampaignItem

_PLACE = "places.place"


@dataclass(frozen=True)
class Recognised:
    """An asset with how it was known, a place, or neither; then `what` and `why` say what the text is instead."""

    asset_id: int | None = None
    place_id: int | None = None
    by_number: bool = False
    retired: bool = False
    what: What = What.UNKNOWN
    why: str = ""


def recognise(session: Session, campaign_id: int, scanned: str) -> Recognised:
    """Say what a scanned text is; among several assets of one number the one on the campaign's list is meant."""
    answer = resolve(session, scanned)
    opened = answer.opened
    if opened is None:
        ids = [choice.record_id for choice in answer.choices if choice.kind == KIND]
        listed = session.scalars(
            select(CampaignItem.asset_id).where(CampaignItem.campaign_id == campaign_id, CampaignItem.asset_id.in_(ids))
        ).all()
        return Recognised(asset_id=listed[0], by_number=True) if len(listed) == 1 else Recognised(why=answer.why)
    if not opened.title:
        return Recognised(why=opened.said)
    if opened.kind == KIND:
        tag = session.execute(select(Tag.retired_at).where(Tag.code == answer.code)).one_or_none()
        retired = tag is not None and tag.retired_at is not None
        return Recognised(asset_id=opened.record_id, by_number=tag is None, retired=retired)
    if opened.kind == _PLACE:
        return Recognised(place_id=opened.record_id)
    why = f"{opened.title}: this is the tag of a {word_of(opened.kind)}, and no asset. It is kept for the supervisor."
    return Recognised(what=What.EXCEPTION, why=why)
