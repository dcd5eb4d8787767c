"""Tables of the gate: passes, what may go out on them, and what went out and came in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, SortText, UTCDateTime
from db.records import BigKey

LINE_STATES = ("listed", "out", "in")


class GatePass(Base):
    """Leave to take things out of the compound; `return_on` is None where they do not come back."""

    __tablename__ = "gate_pass"
    __table_args__ = (
        CheckConstraint("bearer <> ''", name="bearer_named"),
        CheckConstraint("return_on IS NULL OR return_on >= valid_until", name="dates_in_order"),
        CheckConstraint("(cancelled_at IS NULL) = (cancelled_why = '')", name="cancelled_why"),
        Index("ix_gate_pass_return_on", "return_on"),
    )
    audited_as = "property.gate_pass"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(SortText, unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    bearer: Mapped[str] = mapped_column(SortText)
    purpose: Mapped[str] = mapped_column(Text, default="", server_default="")
    destination: Mapped[str] = mapped_column(Text, default="", server_default="")
    # The last day on which things may go out on it.
    valid_until: Mapped[date]
    return_on: Mapped[date | None]
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    issued_by: Mapped[str] = mapped_column(Text)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancelled_why: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}


class GateLine(Base):
    """One thing on a pass: an asset, or personal property in the bearer's own words.

    An asset is out on one pass only: the partial index says so.
    """

    __tablename__ = "gate_line"
    __table_args__ = (
        UniqueConstraint("pass_id", "position"),
        UniqueConstraint("pass_id", "asset_id"),
        CheckConstraint(f"state IN {LINE_STATES!r}", name="state"),
        CheckConstraint("count >= 1", name="count_positive"),
        CheckConstraint("asset_id IS NULL OR count = 1", name="asset_is_one"),
        CheckConstraint("description <> ''", name="description_given"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    pass_id: Mapped[int] = mapped_column(ForeignKey("gate_pass.id"))
    position: Mapped[int]
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    inventory_no: Mapped[str] = mapped_column(Text, default="", server_default="")
    description: Mapped[str] = mapped_column(Text)
    serial: Mapped[str] = mapped_column(Text, default="", server_default="")
    code: Mapped[str] = mapped_column(Text, default="", server_default="")
    count: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    state: Mapped[str] = mapped_column(Text, default="listed", server_default="listed")


class GateEvent(Base):
    """One thing that went out or came in at a gate, or a scan taken back. Rows are only ever added."""

    __tablename__ = "gate_event"
    __table_args__ = (
        CheckConstraint("what IN ('out', 'in', 'out_taken_back', 'in_taken_back')", name="what"),
        Index("ix_gate_event_line_id_id", "line_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("gate_line.id"))
    what: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(Text)
    workstation: Mapped[str] = mapped_column(Text)
