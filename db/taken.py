"""Which deeds that a workstation gave an id were taken: once each, whoever brings them and however often."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, UTCDateTime

FACTS = {"taken_deed": "id"}


class TakenDeed(Base):
    """One deed with the id that its workstation gave it, written in the transaction of its effect.

    `digest` is over what was ordered, so that a copy that was changed meanwhile is told apart. `record_id` is the first
    record that the deed touched: what later deeds of the same tray mean by it.
    """

    __tablename__ = "taken_deed"
    __table_args__ = (
        CheckConstraint("length(id) = 32", name="id_whole"),
        CheckConstraint("outcome IN ('done', 'dropped')", name="outcome"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    record_kind: Mapped[str] = mapped_column(Text, default="", server_default="")
    record_id: Mapped[int | None] = mapped_column(BigInteger)
    said: Mapped[str] = mapped_column(Text)
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(Text)
    workstation: Mapped[str] = mapped_column(Text)
