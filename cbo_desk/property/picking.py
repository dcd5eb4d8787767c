"""Assets by what was scanned or typed for them: a tag, an inventory number, a serial, one a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from cbo_desk.property.touching import KIND
from cbo_desk.tags import resolve
from db.property import Asset
from db.tags import Tag


@dataclass(frozen=True)
class PickedAsset:
    """One asset as a form lists it."""

    id: int
    inventory_no: str
    description: str
    entity_id: int = 0


class NotKnown(Refusal):
    """Nothing here answers to what was scanned: it is kept, to be resolved later."""


def retired_words(session: Session, code: str, title: str) -> str:
    """That a tag is retired: whatever it is stuck on may be another thing by now; "" for one that is in use."""
    tag = session.execute(select(Tag.retired_at, Tag.retired_why).where(Tag.code == code)).one_or_none()
    if tag is None or tag.retired_at is None:
        return ""
    return f"This tag of {title} is retired: {tag.retired_why} Scan the new one, or type the number."


@reads("property", "look at the register")
def pick_assets(session: Session, texts: Sequence[str], field: str = "asset_ids") -> list[PickedAsset]:
    """The assets these texts mean, each once, in order; Refusal beside `field` names the first that means none.

    `NotKnown` says that nothing at all answers to a text.
    """
    found: dict[int, PickedAsset] = {}
    for text in texts:
        if not text.strip():
            continue
        answer = resolve(session, text.strip())
        opened = answer.opened
        if opened is None and answer.choices:
            raise Refusal(answer.why, field)
        if opened is None:
            raise NotKnown(f"Nothing here has the tag or number {text.strip()[:40]}. Scan it again.", field)
        if opened.kind != KIND:
            raise Refusal(f"{opened.title or text.strip()[:40]} is no asset. Scan the tag of the thing.", field)
        retired = retired_words(session, answer.code, opened.title)
        if retired:
            raise Refusal(retired, field)
        asset = session.get(Asset, opened.record_id)
        if asset is not None:
            found[asset.id] = PickedAsset(asset.id, asset.inventory_no, asset.description, asset.entity_id)
    return list(found.values())


@reads("property", "look at the register")
def named_assets(session: Session, ids: Sequence[int]) -> list[PickedAsset]:
    """Assets by their ids, as far as they are there, in their order."""
    rows = (session.get(Asset, ident) for ident in dict.fromkeys(ids))
    return [PickedAsset(row.id, row.inventory_no, row.description, row.entity_id) for row in rows if row is not None]
