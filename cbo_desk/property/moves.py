"""Moving assets between places and states, and taking a move back; between people they move by handovers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import now
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed
from cbo_desk.property import rules
from cbo_desk.property.family import parts_along
from cbo_desk.property.rules import WORDS, State
from cbo_desk.property.touching import KIND, assets_of, check_not_ended, set_state, tell, these
from db.places import Place
from db.property import Asset


@deed("property.move_assets", "move assets")
def move_assets(session: Session, ids: Sequence[int], place_id: int) -> Changes:
    """Put assets somewhere else, with the parts that stand with them; with whom they are does not change."""
    place = session.get(Place, place_id)
    if place is None:
        raise Refusal("Choose the place to move to.", "place_id")

    elsewhere = [asset for asset in assets_of(session, ids) if asset.place_id != place.id]
    if not elsewhere:
        raise Refusal(f"{these(assets_of(session, ids))}: already in {place.code}.", "place_id")
    along = parts_along(session, elsewhere)

    def put(asset: Asset) -> None:
        asset.place_id, asset.place_code = place.id, place.code

    changes = _change_many(session, [a.id for a in (*elsewhere, *along)], "moved", f"moved to {place.code}", put)
    if along:
        parts = "1 part" if len(along) == 1 else f"{len(along):,} parts"
        return replace(changes, said=f"{these(elsewhere)} with {parts} moved to {place.code}.")
    return changes


@deed("property.change_state", "change the state of assets")
def change_state(session: Session, ids: Sequence[int], state: State, why: str = "") -> Changes:
    """Send assets to repair, bring them back, or say that they are missing; `why` goes into the history."""
    if state in rules.ENDED:
        raise Refusal("An asset is disposed of through a disposal case.")
    if state is State.ON_LOAN:
        raise Refusal("An asset is lent through a handover, which says to whom and until when.")

    def turn(asset: Asset) -> None:
        rules.check_move(asset.inventory_no, State(asset.state), state)
        set_state(session, asset, state)

    words = f"now {WORDS[state].lower()}" + (f": {why.strip()}" if why.strip() else "")
    changes = _change_many(session, ids, "state", words, turn)
    if state is State.UNDER_REPAIR and why.strip():
        _note_fault(session, ids, why.strip())
    return changes


def _note_fault(session: Session, ids: Sequence[int], fault: str) -> None:
    """What is broken goes with the repair, which the database began when the state changed."""
    from db.maintenance import AssetRepair  # a start does without the tables of maintenance

    open_ones = AssetRepair.ended_on.is_(None) & (AssetRepair.fault == "")
    for start in range(0, len(ids), 500):
        some = AssetRepair.asset_id.in_(ids[start : start + 500])
        session.execute(update(AssetRepair).where(some, open_ones).values(fault=fault))


@dataclass(frozen=True)
class Standing:
    """Where an asset stood before or after a deed."""

    asset_id: int
    state: str
    state_since: Any
    place_id: int | None
    place_code: str
    custodian_id: int | None
    custodian_name: str


_STANDING = tuple(f.name for f in fields(Standing) if f.name != "asset_id")


@deed("property.put_back", "move assets")
def put_back(session: Session, before: Sequence[Standing], after: Sequence[Standing], again: bool = False) -> Changes:
    """Undo a move or a change of state, if the assets still stand as the deed left them.

    `again` says that an undone deed is done once more.
    """
    assets = assets_of(session, [standing.asset_id for standing in before])
    for asset, then, left in zip(assets, before, after, strict=True):
        if _standing(asset) != left:
            raise Refusal(f"{asset.inventory_no} has been changed since, so this can no longer be undone.")
        for name in _STANDING:
            setattr(asset, name, getattr(then, name))
        asset.changed_at = now(session)
    session.flush()
    told = "Done again: the undone deed holds after all." if again else "Put back: the deed before was undone."
    tell(session, assets, "put_back", told)
    redo = Deed(put_back, (tuple(after), tuple(before), not again))
    said = f"{these(assets)}: done again." if again else f"{these(assets)} put back."
    return Changes(KIND, tuple(asset.id for asset in assets), said, redo)


def _change_many(
    session: Session, ids: Sequence[int], what: str, words: str, change: Callable[[Asset], None]
) -> Changes:
    assets = assets_of(session, ids)
    before = [_standing(asset) for asset in assets]
    for asset in assets:
        check_not_ended(asset)
        change(asset)
        asset.changed_at = now(session)
    session.flush()
    tell(session, assets, what, f"{words[0].upper()}{words[1:]}.")
    undo = Deed(put_back, (tuple(before), tuple(_standing(asset) for asset in assets)))
    return Changes(KIND, tuple(a.id for a in assets), f"{these(assets)} {words}.", undo)


def _standing(asset: Asset) -> Standing:
    return Standing(asset.id, *(getattr(asset, name) for name in _STANDING))
