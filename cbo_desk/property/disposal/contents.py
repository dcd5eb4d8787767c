"""What is in a disposal case: putting assets in, each at its value of the day, and letting them go as they stood."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.context import actor, now, today
from cbo_desk.errors import Refusal
from cbo_desk.property import rules as register
from cbo_desk.property.rules import State
from cbo_desk.property.touching import assets_of, check_not_ended, set_state, tell
from cbo_desk.property.value.queries import value_of
from db.disposal import DisposalCase, DisposalItem
from db.gate import GateLine, GatePass
from db.people import Entity
from db.property import Asset


def put_in(session: Session, case: DisposalCase, ids: Sequence[int]) -> list[Asset]:
    """Put assets into a case, their value frozen as of today; refuses what cannot be disposed of now."""
    assets = assets_of(session, ids)
    held = select(DisposalItem.asset_id, DisposalCase.reference).join(DisposalCase).where(DisposalItem.live)
    rows = session.execute(held.where(DisposalItem.asset_id.in_([asset.id for asset in assets])))
    elsewhere = {row.asset_id: row.reference for row in rows}
    for asset in assets:
        try:
            _check_may_go_in(session, case, asset, elsewhere.get(asset.id, ""))
        except Refusal as refusal:
            raise Refusal(str(refusal), "asset_ids") from refusal
        worth = value_of(session, asset, today(session))
        session.add(
            DisposalItem(
                case_id=case.id,
                asset_id=asset.id,
                inventory_no=asset.inventory_no,
                description=asset.description,
                condition=asset.condition,
                state_before=asset.state,
                cost_cents=worth.cost_usd,
                value_cents=worth.value_usd,
                valued_on=today(session),
                added_at=now(session),
                added_by=actor(session).login,
            )
        )
        set_state(session, asset, State.AWAITING_DISPOSAL)
        asset.changed_at = now(session)
    session.flush()
    tell(session, assets, "for_disposal", f"To be disposed of: {case.reason} ({case.reference}).")
    return assets


def _check_may_go_in(session: Session, case: DisposalCase, asset: Asset, elsewhere: str) -> None:
    """Refuse what cannot be put into a case; `elsewhere` is the open case that it is in."""
    check_not_ended(asset)
    if elsewhere:
        where = "already in" if elsewhere == case.reference else "in another case,"
        raise Refusal(f"{asset.inventory_no} is {where} {elsewhere}.")
    if asset.entity_id != case.entity_id:
        raise Refusal(
            f"{asset.inventory_no} belongs to {asset.entity_code}, but {case.reference} is of "
            f"{entity_code(session, case)}. Open a case of its own."
        )
    if asset.state != State.AWAITING_DISPOSAL:
        register.check_move(asset.inventory_no, State(asset.state), State.AWAITING_DISPOSAL)
    check_inside(session, asset)


def let_go(session: Session, case: DisposalCase, ids: set[int] | None) -> list[Asset]:
    """Take assets out of a case, all of them for None, and put each into the state it had."""
    items = [item for item in items_of(session, case.id) if ids is None or item.asset_id in ids]
    if not items:
        return []
    assets = assets_of(session, [item.asset_id for item in items])
    for item in items:
        item.live = False
    session.flush()
    for asset, item in zip(assets, items, strict=True):
        set_state(session, asset, State(item.state_before))
        asset.changed_at = now(session)
    session.flush()
    tell(session, assets, "kept", f"Not to be disposed of after all ({case.reference}).")
    return assets


def check_inside(session: Session, asset: Asset) -> None:
    """Refuse what is out of the compound."""
    wanted = select(GatePass.reference).join(GateLine).where(GateLine.asset_id == asset.id, GateLine.state == "out")
    reference = session.scalar(wanted)
    if reference is not None:
        raise Refusal(f"{asset.inventory_no} is out of the compound on {reference}. Wait until it is back.")


def items_of(session: Session, case_id: int) -> list[DisposalItem]:
    """What is in a case now, in the order of entering."""
    wanted = select(DisposalItem).where(DisposalItem.case_id == case_id, DisposalItem.live).order_by(DisposalItem.id)
    return list(session.scalars(wanted))


def entity_code(session: Session, case: DisposalCase) -> str:
    """The entity that a case is of."""
    return str(session.scalar(select(Entity.code).where(Entity.id == case.entity_id)))
