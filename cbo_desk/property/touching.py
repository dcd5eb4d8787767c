"""What every deed on assets shares: finding them, telling what happened, and naming them in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cbo_desk.context import actor, now, today
from cbo_desk.errors import Refusal
from cbo_desk.property import rules
from cbo_desk.property.rules import WORDS, State
from db.property import Asset, AssetEvent

KIND = "property.asset"


def assets_of(session: Session, ids: Sequence[int]) -> list[Asset]:
    """The assets with these ids, locked, in the order given; Refusal where one is gone."""
    unique = list(dict.fromkeys(ids))
    if not unique:
        raise Refusal("Choose at least one asset.")
    found: dict[int, Asset] = {}
    for start in range(0, len(unique), 500):
        wanted = select(Asset).where(Asset.id.in_(unique[start : start + 500])).with_for_update()
        found.update({asset.id: asset for asset in session.scalars(wanted)})
    if len(found) != len(unique):
        raise Refusal("One of these assets is no longer in the register. Look at the list anew.")
    return [found[ident] for ident in unique]


def set_state(session: Session, asset: Asset, state: State) -> None:
    """Put an asset into a state from today on, unless it is in it already.

    Refuses what is in an open disposal case: it is taken out of the case first.
    """
    if asset.state != state:
        if asset.state == State.AWAITING_DISPOSAL:
            _check_no_case(session, asset)
        asset.state, asset.state_since = state, today(session)


def _check_no_case(session: Session, asset: Asset) -> None:
    from db.disposal import DisposalCase, DisposalItem  # a start does without the tables of disposal

    wanted = select(DisposalCase.reference).join(DisposalItem).where(DisposalItem.asset_id == asset.id)
    reference = session.scalar(wanted.where(DisposalItem.live))
    if reference is not None:
        raise Refusal(f"{asset.inventory_no} is in the disposal case {reference}. Take it out of the case first.")


def tell(session: Session, assets: Sequence[Asset], what: str, said: str) -> None:
    """Add what happened to the assets' events."""
    rows = [
        {
            "asset_id": asset.id,
            "at": now(session),
            "by": actor(session).login,
            "what": what,
            "state": str(asset.state),
            "place_code": asset.place_code,
            "custodian_name": asset.custodian_name,
            "said": said,
        }
        for asset in assets
    ]
    if rows:
        session.execute(insert(AssetEvent), rows)


def check_not_ended(asset: Asset) -> None:
    """Refuse to touch what has been disposed of or taken back."""
    if State(asset.state) in rules.ENDED:
        ended = WORDS[State(asset.state)].lower()
        raise Refusal(f"{asset.inventory_no} has been {ended} and can no longer be changed.")


def these(assets: Sequence[Asset]) -> str:
    """The assets in a sentence: the number of one, the count of several."""
    return assets[0].inventory_no if len(assets) == 1 else f"{len(assets):,} assets"
