"""Tables of shuttles: services by timetable, their stops, and the seats kept on each day's run."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, SortText, UTCDateTime


class Shuttle(Base):
    """A service that runs by timetable on certain weekdays, with so many seats. Times are minutes of the site's day."""

    __tablename__ = "shuttle"
    __table_args__ = (
        CheckConstraint("code <> ''", name="code_given"),
        CheckConstraint("weekdays <> ''", name="weekdays_given"),
        CheckConstraint("seats > 0", name="seats_positive"),
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="dates_in_order"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "transport.shuttle"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(SortText, unique=True)
    name: Mapped[str] = mapped_column(SortText)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    weekdays: Mapped[str] = mapped_column(Text)
    seats: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}


class ShuttleStop(Base):
    """A stop of a shuttle's timetable."""

    __tablename__ = "shuttle_stop"
    __table_args__ = (CheckConstraint("minute BETWEEN 0 AND 1439", name="minute"),)

    shuttle_id: Mapped[int] = mapped_column(ForeignKey("shuttle.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"))
    place: Mapped[str] = mapped_column(Text, default="", server_default="")
    minute: Mapped[int]


class ShuttleSeat(Base):
    """A seat kept on one day's shuttle; seats are numbered from 1 and no more are given than the shuttle has."""

    __tablename__ = "shuttle_seat"
    __table_args__ = (
        UniqueConstraint("shuttle_id", "day", "seat"),
        CheckConstraint("seat > 0", name="seat_positive"),
        CheckConstraint("name <> ''", name="name_given"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "transport.seat"

    id: Mapped[int] = mapped_column(primary_key=True)
    shuttle_id: Mapped[int] = mapped_column(ForeignKey("shuttle.id"))
    day: Mapped[date]
    seat: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
