"""Assets that are part of others: what may be part of what, and which parts go along when the whole is moved."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.errors import Refusal
from cbo_desk.property.rules import ENDED, WORDS, State
from db.property import Asset

DEEPEST = 50
"""So far up a chain of wholes is followed; a ring would have no end."""
_AT_ONCE = 500


def check_parent(session: Session, asset_id: int | None, parent_id: int) -> None:
    """Refuse a whole that is gone, has ended, or is itself a part of the asset, near or far."""
    parent = session.get(Asset, parent_id)
    if parent is None or State(parent.state) is State.TAKEN_BACK:
        raise Refusal("What it is part of is no longer in the register. Choose again.", "parent_id")
    if parent.id == asset_id:
        raise Refusal(f"{parent.inventory_no} cannot be part of itself.", "parent_id")
    if State(parent.state) in ENDED:
        ended = WORDS[State(parent.state)].lower()
        raise Refusal(f"{parent.inventory_no} has been {ended}: nothing can be part of it.", "parent_id")
    above: Asset | None = parent
    for _ in range(DEEPEST):
        if above is None or above.parent_id is None:
            return
        if above.parent_id == asset_id:
            words = f"{parent.inventory_no} is itself a part of this asset. Choose something else, or free it first."
            raise Refusal(words, "parent_id")
        above = session.get(Asset, above.parent_id)


def parts_along(session: Session, assets: Sequence[Asset]) -> list[Asset]:
    """The parts of assets, and theirs, that stand where their whole stands: what goes along when it is moved.

    What has been put elsewhere, or has ended, stays. In the order of their numbers, none of `assets` among them.
    """
    known = {asset.id for asset in assets}
    found: list[Asset] = []
    above = {asset.id: asset for asset in assets}
    while above:
        below: dict[int, Asset] = {}
        ids = list(above)
        for start in range(0, len(ids), _AT_ONCE):
            wanted = select(Asset).where(Asset.parent_id.in_(ids[start : start + _AT_ONCE])).with_for_update()
            for part in session.scalars(wanted):
                whole = above[part.parent_id or 0]
                if part.id in known or State(part.state) in ENDED or part.place_id != whole.place_id:
                    continue
                below[part.id] = part
        known |= set(below)
        found += below.values()
        above = below
    return sorted(found, key=lambda part: part.inventory_no)
