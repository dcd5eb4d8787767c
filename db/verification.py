"""Tables of physical verification: a campaign, its frozen list, what was counted, and the rooms it goes through.

What was counted is only ever added to; once a campaign or a room is closed the database refuses every change to it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, SortText, UTCDateTime
from db.property import CONDITIONS
from db.records import BigKey

WHATS = ("here", "elsewhere", "not_expected", "unknown", "exception", "missing", "taken_back")


class Campaign(Base):
    """One physical count. `expected` is empty until its list is frozen; with `closed_at` the whole stands still."""

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("(closed_at IS NULL) = (closed_by = '')", name="closed_by_somebody"),
    )
    audited_as = "property.campaign"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(SortText, unique=True)
    name: Mapped[str] = mapped_column(Text)
    # What was chosen: places, entities, categories, share in hundredths of a percent; by value.
    scope: Mapped[Any] = mapped_column(Json)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_by: Mapped[str] = mapped_column(Text)
    expected: Mapped[int | None]
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by: Mapped[str] = mapped_column(Text, default="", server_default="")


class CampaignRoom(Base):
    """A room of a campaign, by value; `place_id` 0 stands for the assets that the register has nowhere."""

    __tablename__ = "campaign_room"
    __table_args__ = (CheckConstraint("expected >= 0", name="expected_counted"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    place_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place_code: Mapped[str] = mapped_column(SortText)
    building: Mapped[str] = mapped_column(SortText, default="", server_default="")
    floor: Mapped[str] = mapped_column(SortText, default="", server_default="")
    expected: Mapped[int] = mapped_column(default=0, server_default=sql("0"))
    counting_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    counting_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CampaignItem(Base):
    """One asset that a campaign expects, as the register had it when the list was frozen."""

    __tablename__ = "campaign_item"
    __table_args__ = (
        ForeignKeyConstraint(
            ["campaign_id", "room_id"],
            ["campaign_room.campaign_id", "campaign_room.place_id"],
            name="fk_campaign_item_room",
        ),
        Index("ix_campaign_item_campaign_id_room_id", "campaign_id", "room_id"),
    )

    campaign_id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), primary_key=True)
    # The room that is counted: a shelf's item belongs to the store around it.
    room_id: Mapped[int]
    inventory_no: Mapped[str] = mapped_column(SortText)
    description: Mapped[str] = mapped_column(Text)
    entity_code: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    place_code: Mapped[str] = mapped_column(Text)
    custodian_name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    condition: Mapped[str] = mapped_column(Text)


class CampaignCount(Base):
    """One thing that a counter saw, missed or took back. Rows are only ever added; `undoes_id` takes an earlier back.

    `before_id` is the sighting of the same asset that somebody had already; `listed_code` where the register had it.
    """

    __tablename__ = "campaign_count"
    __table_args__ = (
        ForeignKeyConstraint(
            ["campaign_id", "room_id"],
            ["campaign_room.campaign_id", "campaign_room.place_id"],
            name="fk_campaign_count_room",
        ),
        Index("ix_campaign_count_room", "campaign_id", "room_id", "id"),
        Index("ix_campaign_count_asset", "campaign_id", "asset_id", "id"),
        CheckConstraint(f"what IN {WHATS!r}", name="what"),
        CheckConstraint(f"condition IN {CONDITIONS!r}", name="condition"),
        CheckConstraint("(what = 'taken_back') = (undoes_id IS NOT NULL)", name="undoes_one"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    campaign_id: Mapped[int]
    room_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(Text)
    workstation: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    by_number: Mapped[bool] = mapped_column(default=False, server_default=sql("false"))
    condition: Mapped[str] = mapped_column(Text, default="", server_default="")
    text: Mapped[str] = mapped_column(Text, default="", server_default="")
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    listed_code: Mapped[str] = mapped_column(Text, default="", server_default="")
    before_id: Mapped[int | None] = mapped_column(ForeignKey("campaign_count.id"))
    # The tag that this sighting queued to be printed again.
    reprint_id: Mapped[int | None] = mapped_column(BigKey)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("campaign_count.id"), unique=True)
