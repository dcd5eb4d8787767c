"""What a scan meets: the room that is counted and the asset behind a tag of ours, read by one statement.

Most scans of a count are of this kind, and there are many of them: everything else is asked for only where this
statement does not answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, literal, select
from sqlalchemy.orm import Session

from cbo_desk.property.rules import State
from cbo_desk.property.touching import KIND
from cbo_desk.tags import our_code
from db.base import table_of
from db.prepared import Prepared
from db.property import Asset
from db.tags import Tag
from db.verification import CampaignItem, CampaignRoom


@dataclass(frozen=True)
class AssetMet:
    """An asset of the register, and the room and place that the frozen list has it in.

    `listed_room` is None where the list does not hold it; `listed_code` then says where the register has it.
    """

    id: int
    inventory_no: str
    description: str
    state: str
    listed_room: int | None
    listed_code: str


@dataclass(frozen=True)
class Met:
    """The room as its table has it, None where nothing was counted in it yet; the asset where the scan is its tag."""

    room: Any
    asset: AssetMet | None = None
    retired: bool = False


_ROOM, _TAG, _ASSET, _ITEM = (table_of(model).c for model in (CampaignRoom, Tag, Asset, CampaignItem))
_ABOUT_ROOM = tuple(
    _ROOM[name] for name in ("campaign_id", "place_id", "place_code", "counting_by", "finished_at", "closed_at")
)
_ABOUT_ASSET = (
    _ASSET.id.label("asset_id"), _ASSET.inventory_no, _ASSET.description, _ASSET.state,
    _ASSET.place_code.label("stands"), _ITEM.room_id.label("listed_room"), _ITEM.place_code.label("listed_code"),
)  # fmt: skip
_ON_LIST = and_(_ITEM.campaign_id == bindparam("campaign"), _ITEM.asset_id == _ASSET.id)
_THE_ROOM = and_(_ROOM.campaign_id == bindparam("campaign"), _ROOM.place_id == bindparam("room"))
_OF_TAG = and_(_ASSET.id == _TAG.subject_id, _TAG.subject_kind == KIND, _ASSET.state != State.TAKEN_BACK.value)
_ONE = select(literal(1).label("one")).subquery()
# Built once: putting a statement together takes longer than asking the database.
_MEET = Prepared(
    select(*_ABOUT_ROOM, _TAG.retired_at, *_ABOUT_ASSET).select_from(
        _ONE.outerjoin(table_of(CampaignRoom), _THE_ROOM)
        .outerjoin(table_of(Tag), _TAG.code == bindparam("code"))
        .outerjoin(table_of(Asset), _OF_TAG)
        .outerjoin(table_of(CampaignItem), _ON_LIST)
    )
)
_ASSET_ALONE = Prepared(
    select(*_ABOUT_ASSET)
    .select_from(table_of(Asset).outerjoin(table_of(CampaignItem), _ON_LIST))
    .where(_ASSET.id == bindparam("asset"))
)


def meet(session: Session, campaign_id: int, room_id: int, scanned: str) -> Met:
    """Read the room, and the asset where `scanned` is a tag of ours on one that the register still has."""
    asked = {"campaign": campaign_id, "room": room_id, "code": our_code(scanned)}
    row = _MEET.one(session.connection(), asked)
    room = row if row.place_id is not None else None
    if row.asset_id is None:
        return Met(room)
    return Met(room, _asset(row), row.retired_at is not None)


def asset_met(session: Session, campaign_id: int, asset_id: int) -> AssetMet | None:
    """One asset by its id; None where the register has it no more."""
    asked = {"campaign": campaign_id, "asset": asset_id}
    row = _ASSET_ALONE.one_or_none(session.connection(), asked)
    return _asset(row) if row is not None else None


def _asset(row: Any) -> AssetMet:
    listed = row.listed_code if row.listed_room is not None else row.stands
    return AssetMet(row.asset_id, row.inventory_no, row.description, row.state, row.listed_room, listed)
