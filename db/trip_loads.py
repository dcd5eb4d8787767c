"""The table of what a trip carries beside its passengers: a pouch bag, a manifest, a round of mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, UTCDateTime

KINDS = ("mail.bag", "mail.manifest", "mail.round")


class TripLoad(Base):
    """One thing on one trip, by value; on one vehicle at a time. What moves to another trip gets a row of its own."""

    __tablename__ = "trip_load"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS!r}", name="kind"),
        CheckConstraint("number <> '' AND by <> ''", name="named"),
        CheckConstraint(
            "(off_at IS NULL) = (off_by = '') AND (off_at IS NULL) = (why = '')", name="off_by_somebody_who_said_why"
        ),
        Index("ix_trip_load_trip_id", "trip_id", "id"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "transport.load"

    id: Mapped[int] = mapped_column(primary_key=True)
    trip_id: Mapped[int] = mapped_column(ForeignKey("trip.id"))
    kind: Mapped[str] = mapped_column(Text)
    record_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[str] = mapped_column(Text)
    # What the driver may know of it: where it goes and what it weighs, nothing of what is in it.
    said: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(Text)
    workstation: Mapped[str] = mapped_column(Text)
    off_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    off_by: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    why: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
