"""Tables of maintenance: service plans of assets, the services done, and repairs with what they cost."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, SortText, UTCDateTime
from db.records import BigKey


class ServicePlan(Base):
    """When an asset is to be serviced: every so many months, or once on a day where `every_months` is None.

    `next_due` of an ended plan is the day for which it was made last.
    """

    __tablename__ = "service_plan"
    __table_args__ = (
        CheckConstraint("every_months BETWEEN 1 AND 240", name="rhythm"),
        CheckConstraint("name <> ''", name="name_given"),
        Index("ix_service_plan_next_due_id", "next_due", "id"),
        Index("ix_service_plan_name_id", "name", "id"),
    )
    audited_as = "property.service_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), index=True)
    name: Mapped[str] = mapped_column(SortText)
    every_months: Mapped[int | None]
    next_due: Mapped[date]
    supplier: Mapped[str] = mapped_column(Text, default="", server_default="")
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    ended: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}


class ServiceDone(Base):
    """A service as it was done. Rows are only added; one done by mistake is taken back and stays."""

    __tablename__ = "service_done"
    __table_args__ = (CheckConstraint("cost_cents >= 0", name="cost_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("service_plan.id"), index=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), index=True)
    done_on: Mapped[date]
    due_before: Mapped[date]
    supplier: Mapped[str] = mapped_column(Text, default="", server_default="")
    cost_cents: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    currency: Mapped[str] = mapped_column(Text, default="USD", server_default="USD")
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(Text)
    taken_back: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class AssetRepair(Base):
    """A repair of an asset from the day it went under repair to the day it was back; at most one is under way.

    The database opens and ends it by itself when the asset's state changes: whatever changes it, the downtime is true.
    """

    __tablename__ = "asset_repair"
    __table_args__ = (
        CheckConstraint("ended_on >= began_on", name="days_in_order"),
        CheckConstraint("cost_cents >= 0", name="cost_not_negative"),
        Index("ix_asset_repair_began_on_id", "began_on", "id"),
        Index("ix_asset_repair_asset_id_id", "asset_id", "id"),
    )
    audited_as = "property.repair"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    began_on: Mapped[date]
    ended_on: Mapped[date | None]
    fault: Mapped[str] = mapped_column(Text, default="", server_default="")
    supplier: Mapped[str] = mapped_column(Text, default="", server_default="")
    cost_cents: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    currency: Mapped[str] = mapped_column(Text, default="USD", server_default="USD")
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}
