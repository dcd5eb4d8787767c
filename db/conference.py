"""Tables of the conference desk: cells, spaces and layouts, named units, bookings, series, and ceilings of the site.

A cell is a floor area that is never divided; a space is one or more cells that are booked together. Only the database
itself writes which cells a booking occupies (see `db.conference_rules`), so nobody can hold a booking without them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, SortText, UTCDateTime

LIVE = ("hold", "confirmed", "in_session", "done")
"""States in which a booking occupies its cells and units, and its people count."""
STATUSES = ("enquiry", "waitlist", *LIVE, "cancelled")
CEILINGS = ("people", "gate", "parking")
"""`people`: how many are there at once. `gate`: how many are screened in any one hour, reckoned by the starts.
`parking`: how many cars stand there at once."""
RANKS = 7
LONGEST_DAYS = 31
"""Days that one booking blocks at most, set-up and clear-down included; what goes on for longer is a series."""


class ConferenceCell(Base):
    """A floor area that is never divided, such as one room between two movable walls."""

    __tablename__ = "conference_cell"
    __table_args__ = (CheckConstraint("code <> ''", name="code_given"), {"sqlite_autoincrement": True})
    audited_as = "conference.cell"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(SortText, unique=True)
    name: Mapped[str] = mapped_column(SortText, default="", server_default="")
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))


class CellClosure(Base):
    """A cell is closed from an instant to another, for building work or repairs; no booking may occupy it then."""

    __tablename__ = "cell_closure"
    __table_args__ = (
        CheckConstraint("starts < ends", name="starts_before_ends"),
        CheckConstraint("reason <> ''", name="reason_given"),
        Index("ix_cell_closure_cell_id", "cell_id", "ends"),
    )
    audited_as = "conference.closure"

    id: Mapped[int] = mapped_column(primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("conference_cell.id"))
    starts: Mapped[datetime] = mapped_column(UTCDateTime)
    ends: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text)


class ConferenceSpace(Base):
    """What is booked: a room, or rooms joined. `features` are words such as "accessible daylight streaming".

    `building_id`, the building around its door, is what ceilings are counted by; `equipment` is what is built into it.
    """

    __tablename__ = "conference_space"
    __table_args__ = (
        CheckConstraint("code <> ''", name="code_given"),
        CheckConstraint("booths >= 0", name="booths_not_negative"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "conference.space"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(SortText, unique=True)
    name: Mapped[str] = mapped_column(SortText)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    booths: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    features: Mapped[str] = mapped_column(Text, default="", server_default="")
    equipment: Mapped[str] = mapped_column(Text, default="", server_default="")
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}


class SpaceDoor(Base):
    """The place at which the door of a space is."""

    __tablename__ = "space_door"

    space_id: Mapped[int] = mapped_column(ForeignKey("conference_space.id"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)


class SpaceCell(Base):
    """A cell that belongs to a space."""

    __tablename__ = "space_cell"

    space_id: Mapped[int] = mapped_column(ForeignKey("conference_space.id"), primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("conference_cell.id"), primary_key=True, index=True)


class SpaceLayout(Base):
    """How many people a space seats in one arrangement, from a day to a day, both included; a change is a further row.

    Capacities are never added up: rooms joined have layouts of their own.
    """

    __tablename__ = "space_layout"
    __table_args__ = (
        # The pair is what bookings refer to: a layout is always one of the booked space.
        UniqueConstraint("id", "space_id"),
        CheckConstraint("kind <> ''", name="kind_given"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
        CheckConstraint("setup_minutes >= 0 AND cleardown_minutes >= 0", name="minutes_not_negative"),
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="dates_in_order"),
        Index("ix_space_layout_space_id_kind", "space_id", "kind"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "conference.layout"

    id: Mapped[int] = mapped_column(primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("conference_space.id"))
    kind: Mapped[str] = mapped_column(SortText)
    capacity: Mapped[int]
    setup_minutes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    cleardown_minutes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class ConferenceUnit(Base):
    """Something counted one by one: an interpretation team, a portable booth, an AV set; `speaks` are its languages."""

    __tablename__ = "conference_unit"
    __table_args__ = (
        CheckConstraint("code <> ''", name="code_given"),
        CheckConstraint("kind <> ''", name="kind_given"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "conference.unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(SortText, unique=True)
    name: Mapped[str] = mapped_column(SortText, default="", server_default="")
    kind: Mapped[str] = mapped_column(SortText)
    speaks: Mapped[str] = mapped_column(Text, default="", server_default="")
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class BookingSeries(Base):
    """A rule by which bookings recur, on the clock of its zone. Its occurrences are bookings, one row each.

    `skipped` and `added` are starts on that clock, without zone. `uid` is what calendars know it by; `told` counts the
    messages about it, so that each has a higher number than the one before.
    """

    __tablename__ = "booking_series"
    __table_args__ = (CheckConstraint("minutes > 0", name="minutes_positive"),)
    audited_as = "conference.series"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(SortText, unique=True)
    rule: Mapped[str] = mapped_column(Text)
    zone: Mapped[str] = mapped_column(Text)
    starts: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int]
    skipped: Mapped[Any] = mapped_column(Json, default=list)
    added: Mapped[Any] = mapped_column(Json, default=list)
    told: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}


class Booking(Base):
    """A meeting: who, how many, when, where. `blocks_from` and `blocks_to` add set-up and clear-down to its times.

    `rank` counts from 1, the highest. `occurrence` is the instant at which its series meant it to start.
    """

    __tablename__ = "booking"
    __table_args__ = (
        ForeignKeyConstraint(
            ["entity_id", "entity_code"], ["entity.id", "entity.code"], onupdate="CASCADE", name="fk_booking_entity"
        ),
        ForeignKeyConstraint(
            ["layout_id", "space_id"], ["space_layout.id", "space_layout.space_id"], name="fk_booking_layout_of_space"
        ),
        UniqueConstraint("series_id", "occurrence"),
        CheckConstraint("title <> ''", name="title_given"),
        CheckConstraint("people > 0", name="people_positive"),
        CheckConstraint(f"rank BETWEEN 1 AND {RANKS}", name="rank"),
        CheckConstraint(f"status IN {STATUSES!r}", name="status"),
        CheckConstraint("starts < ends", name="starts_before_ends"),
        CheckConstraint("blocks_from <= starts AND ends <= blocks_to", name="blocks_around"),
        CheckConstraint("layout_id IS NULL OR space_id IS NOT NULL", name="layout_with_space"),
        CheckConstraint(
            f"NOT (status IN {LIVE!r}) OR (space_id IS NOT NULL AND layout_id IS NOT NULL)", name="live_has_space"
        ),
        CheckConstraint("status <> 'hold' OR hold_until IS NOT NULL", name="hold_has_expiry"),
        CheckConstraint("(series_id IS NULL) = (occurrence IS NULL)", name="occurrence_of_series"),
        # Each order of the list; the first also answers the sums over time by itself. None begins with the status:
        # SQLite would take it for those sums, and read every booking there is for each one that is saved.
        Index("ix_booking_starts_id", "starts", "id", "status", "ends", "people", "space_id"),
        Index("ix_booking_title_id", "title", "id", "status"),
        Index("ix_booking_entity_code_id", "entity_code", "id"),
        Index("ix_booking_space_id_starts", "space_id", "starts"),
        Index("ix_booking_layout_id", "layout_id"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "conference.booking"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(SortText, unique=True)
    title: Mapped[str] = mapped_column(SortText)
    entity_id: Mapped[int | None]
    entity_code: Mapped[str | None] = mapped_column(SortText)
    contact: Mapped[str] = mapped_column(Text, default="", server_default="")
    people: Mapped[int]
    registered: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    cars: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    # Of the people planned, those who do not work on the compound.
    visitors: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    # Codes, such as "ar en fr", and words, such as "projector recording".
    languages: Mapped[str] = mapped_column(Text, default="", server_default="")
    equipment: Mapped[str] = mapped_column(Text, default="", server_default="")
    space_id: Mapped[int | None] = mapped_column(ForeignKey("conference_space.id"))
    layout_id: Mapped[int | None]
    layout_kind: Mapped[str] = mapped_column(SortText, default="", server_default="")
    rank: Mapped[int]
    status: Mapped[str] = mapped_column(SortText)
    starts: Mapped[datetime] = mapped_column(UTCDateTime)
    ends: Mapped[datetime] = mapped_column(UTCDateTime)
    blocks_from: Mapped[datetime] = mapped_column(UTCDateTime)
    blocks_to: Mapped[datetime] = mapped_column(UTCDateTime)
    hold_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Of a meeting that ended early: when it was to end. And whether nobody came.
    planned_ends: Mapped[datetime | None] = mapped_column(UTCDateTime)
    no_show: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("booking_series.id"))
    occurrence: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Of an imported booking: the calendar's own name of it, so that a file brought in twice is not booked twice.
    import_key: Mapped[str | None] = mapped_column(SortText, unique=True)
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}


class BookingCell(Base):
    """A cell that a booking occupies, or would if it were `live`. Written by the database from the booking alone."""

    __tablename__ = "booking_cell"
    __table_args__ = (
        CheckConstraint("starts < ends", name="starts_before_ends"),
        Index("ix_booking_cell_cell_id", "cell_id", "live", "ends", "starts", "booking_id"),
        Index("ix_booking_cell_live_starts", "live", "starts", "ends", "cell_id", "booking_id"),
    )

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("conference_cell.id"), primary_key=True)
    starts: Mapped[datetime] = mapped_column(UTCDateTime)
    ends: Mapped[datetime] = mapped_column(UTCDateTime)
    live: Mapped[bool]


class BookingUnit(Base):
    """A named unit that a booking uses, for as long as the booking blocks its space."""

    __tablename__ = "booking_unit"
    __table_args__ = (
        CheckConstraint("starts < ends", name="starts_before_ends"),
        Index("ix_booking_unit_unit_id", "unit_id", "live", "ends", "starts", "booking_id"),
    )

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("conference_unit.id"), primary_key=True)
    starts: Mapped[datetime] = mapped_column(UTCDateTime)
    ends: Mapped[datetime] = mapped_column(UTCDateTime)
    live: Mapped[bool]


class SiteCeiling(Base):
    """How many people the compound, or one building, takes from a day to a day, both included; see `CEILINGS`."""

    __tablename__ = "site_ceiling"
    __table_args__ = (
        CheckConstraint(f"kind IN {CEILINGS!r}", name="kind"),
        CheckConstraint("ceiling >= 0", name="ceiling_not_negative"),
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="dates_in_order"),
    )
    audited_as = "conference.ceiling"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    # Nothing for the whole compound.
    building_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    ceiling: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class RankOrder(Base):
    """In which order ranks come from a day on, the highest first: `ranks` are pairs of number and name."""

    __tablename__ = "rank_order"
    audited_as = "conference.rank_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(unique=True)
    ranks: Mapped[Any] = mapped_column(Json)
