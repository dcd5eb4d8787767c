"""Tables of the property desk: categories, assets and the events that add up to the register."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, SortText, UTCDateTime
from db.records import BigKey

STATES = ("in_store", "in_service", "on_loan", "under_repair", "missing", "awaiting_disposal", "disposed", "taken_back")
CONDITIONS = ("", "new", "good", "fair", "poor", "broken")


class Category(Base):
    """A class of property, such as laptops; useful life in months."""

    __tablename__ = "property_category"
    __table_args__ = (CheckConstraint("useful_life_months >= 0", name="life_positive"),)
    audited_as = "property.category"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(SortText, unique=True)
    name: Mapped[str] = mapped_column(Text)
    useful_life_months: Mapped[int] = mapped_column(default=60, server_default=text("60"))
    # Small, portable and wanted by others: tracked from a lower cost.
    attractive: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Asset(Base):
    """One thing on the register.

    `entity_code`, `place_code` and `custodian_name` repeat what they refer to, so that a list of a million rows is
    sorted and shown from one table; composite foreign keys with ON UPDATE CASCADE keep them true.
    """

    __tablename__ = "asset"
    __table_args__ = (
        UniqueConstraint("entity_id", "inventory_no"),
        ForeignKeyConstraint(
            ["entity_id", "entity_code"], ["entity.id", "entity.code"], onupdate="CASCADE", name="fk_asset_entity"
        ),
        ForeignKeyConstraint(
            ["place_id", "place_code"], ["place.id", "place.code"], onupdate="CASCADE", name="fk_asset_place"
        ),
        ForeignKeyConstraint(
            ["custodian_id", "custodian_name"],
            ["person.id", "person.sort_name"],
            onupdate="CASCADE",
            name="fk_asset_custodian",
        ),
        CheckConstraint(f"state IN {STATES!r}", name="state"),
        CheckConstraint(f"condition IN {CONDITIONS!r}", name="condition"),
        CheckConstraint("cost_cents >= 0", name="cost_not_negative"),
        CheckConstraint("inventory_no <> ''", name="inventory_no_given"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_part"),
        CheckConstraint("(place_id IS NULL) = (place_code = '')", name="place_named"),
        CheckConstraint("(custodian_id IS NULL) = (custodian_name = '')", name="custodian_named"),
        # One for each order of the register. The state goes along, since every list asks for it: the length of a list
        # and the keys of its pages are then read from the index alone.
        Index("ix_asset_inventory_no_id", "inventory_no", "id", "state"),
        Index("ix_asset_description_id", "description", "id", "state"),
        Index("ix_asset_entity_code_id", "entity_code", "id", "state"),
        Index("ix_asset_place_code_id", "place_code", "id", "state"),
        Index("ix_asset_custodian_name_id", "custodian_name", "id", "state"),
        Index("ix_asset_cost_cents_id", "cost_cents", "id", "state"),
        Index("ix_asset_state_id", "state", "id"),
        Index("ix_asset_changed_at_id", "changed_at", "id", "state"),
        Index("ix_asset_place_id", "place_id"),
        Index("ix_asset_custodian_id", "custodian_id"),
        Index("ix_asset_serial", "serial", "id", "state"),
        Index("ix_asset_parent_id", "parent_id"),
        Index("ix_asset_warranty_until", "warranty_until", "id", "state"),
        # An id is never another asset's, so that a tag can never open a thing that it was not printed for.
        {"sqlite_autoincrement": True},
    )
    audited_as = "property.asset"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    entity_id: Mapped[int]
    entity_code: Mapped[str] = mapped_column(SortText)
    inventory_no: Mapped[str] = mapped_column(SortText)
    description: Mapped[str] = mapped_column(SortText)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("property_category.id"), index=True)
    maker: Mapped[str] = mapped_column(Text, default="", server_default="")
    model: Mapped[str] = mapped_column(Text, default="", server_default="")
    serial: Mapped[str] = mapped_column(SortText, default="", server_default="")
    fund: Mapped[str] = mapped_column(Text, default="", server_default="")
    purchase_order: Mapped[str] = mapped_column(Text, default="", server_default="")
    acquired_on: Mapped[date | None]
    # Whole cents, so that totals add up exactly.
    cost_cents: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    currency: Mapped[str] = mapped_column(Text, default="USD", server_default="USD")
    received_on: Mapped[date | None]
    condition: Mapped[str] = mapped_column(Text, default="", server_default="")
    state: Mapped[str] = mapped_column(SortText)
    state_since: Mapped[date | None]
    place_id: Mapped[int | None]
    place_code: Mapped[str] = mapped_column(SortText, default="", server_default="")
    custodian_id: Mapped[int | None]
    custodian_name: Mapped[str] = mapped_column(SortText, default="", server_default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    warranty_until: Mapped[date | None]
    useful_life_months: Mapped[int | None]
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    custom: Mapped[Any] = mapped_column(Json, default=dict, server_default=text("'{}'"))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}


class AssetEvent(Base):
    """One thing that happened to an asset. Rows are only ever added: the register is what they add up to."""

    __tablename__ = "asset_event"
    __table_args__ = (Index("ix_asset_event_asset_id_id", "asset_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    place_code: Mapped[str] = mapped_column(Text, default="", server_default="")
    custodian_name: Mapped[str] = mapped_column(Text, default="", server_default="")
    said: Mapped[str] = mapped_column(Text)
