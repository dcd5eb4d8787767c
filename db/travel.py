"""Tables of travel times: zones, the bands of the day, and how long it takes from zone to zone in each of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, SortText, UTCDateTime

SOURCES = ("given", "learnt", "routed", "assumed")
"""Where a travel time comes from, the most trusted first."""


class Zone(Base):
    """An area that trips start and end in: the compound, an airport. Journeys are reckoned from zone to zone."""

    __tablename__ = "zone"
    __table_args__ = (
        CheckConstraint("code <> ''", name="code_given"),
        CheckConstraint("latitude IS NULL OR abs(latitude) <= 90", name="latitude"),
        CheckConstraint("longitude IS NULL OR abs(longitude) <= 180", name="longitude"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "transport.zone"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(SortText, unique=True)
    name: Mapped[str] = mapped_column(SortText)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    # Away from the duty station: such trips need a security clearance.
    upcountry: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}


class TravelBand(Base):
    """A part of the day with traffic of its own, from a minute of the day until the next band begins."""

    __tablename__ = "travel_band"
    __table_args__ = (
        CheckConstraint("from_minute BETWEEN 0 AND 1439", name="minute"),
        CheckConstraint("speed_kmh > 0", name="speed_positive"),
    )
    audited_as = "transport.band"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(SortText, unique=True)
    from_minute: Mapped[int] = mapped_column(unique=True)
    # What is assumed where no travel time is known: kilometres an hour on the road.
    speed_kmh: Mapped[int]


class TravelTime(Base):
    """How long it takes from one zone to another in a band, how far it is, and how we know."""

    __tablename__ = "travel_time"
    __table_args__ = (
        CheckConstraint("seconds >= 0", name="seconds_not_negative"),
        CheckConstraint("metres >= 0", name="metres_not_negative"),
        CheckConstraint(f"source IN {SOURCES!r}", name="source"),
        CheckConstraint("trips >= 0", name="trips_not_negative"),
    )

    from_zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"), primary_key=True)
    to_zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"), primary_key=True)
    band_id: Mapped[int] = mapped_column(ForeignKey("travel_band.id"), primary_key=True)
    seconds: Mapped[int]
    metres: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    # Of a learnt time: from how many closed trips.
    trips: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)
