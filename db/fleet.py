"""Tables of the fleet: vehicles, drivers, their papers and times, readings of the odometer, fuel and upkeep.

Money is whole cents of the compound's currency, distance whole kilometres, fuel whole millilitres: sums stay exact.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, SortText, UTCDateTime

FUELS = ("diesel", "petrol", "hybrid", "electric")
PAPERS_OF_VEHICLES = ("insurance", "inspection", "moss")
PAPERS_OF_DRIVERS = ("licence", "permit", "medical")
NEEDED = {"vehicle": ("insurance", "inspection"), "driver": ("licence",)}
"""Papers without which nothing is driven. Of the other kinds, one that was handed in must not have run out."""
READINGS = ("departure", "return", "fuel", "service", "manual")
TIMES = ("shift", "leave", "sick", "training")


class Vehicle(Base):
    """A vehicle of the fleet, known by its plate. `features` are words such as "4x4 lift".

    `licence` is the class its driver must hold ("" for any), `driver_needs` what else they must have, as words.
    """

    __tablename__ = "vehicle"
    __table_args__ = (
        CheckConstraint("plate <> ''", name="plate_given"),
        CheckConstraint("seats > 0", name="seats_positive"),
        CheckConstraint("wheelchairs >= 0 AND luggage >= 0 AND tank_ml >= 0", name="room_not_negative"),
        CheckConstraint("day_cents >= 0 AND km_cents >= 0", name="cost_not_negative"),
        CheckConstraint(f"fuel IN {FUELS!r}", name="fuel"),
        CheckConstraint("service_km IS NULL OR service_km > 0", name="service_km_positive"),
        CheckConstraint("service_days IS NULL OR service_days > 0", name="service_days_positive"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "transport.vehicle"

    id: Mapped[int] = mapped_column(primary_key=True)
    plate: Mapped[str] = mapped_column(SortText, unique=True)
    make: Mapped[str] = mapped_column(SortText, default="", server_default="")
    model: Mapped[str] = mapped_column(SortText, default="", server_default="")
    # Passengers beside the driver.
    seats: Mapped[int]
    wheelchairs: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    luggage: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    features: Mapped[str] = mapped_column(Text, default="", server_default="")
    licence: Mapped[str] = mapped_column(Text, default="", server_default="")
    driver_needs: Mapped[str] = mapped_column(Text, default="", server_default="")
    fuel: Mapped[str] = mapped_column(Text, default="diesel", server_default="diesel")
    tank_ml: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    home_zone_id: Mapped[int | None] = mapped_column(ForeignKey("zone.id"))
    day_cents: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    km_cents: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    service_km: Mapped[int | None]
    service_days: Mapped[int | None]
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}


class VehicleOutage(Base):
    """A vehicle cannot be used from an instant to another: it is in the workshop, or kept for somebody."""

    __tablename__ = "vehicle_outage"
    __table_args__ = (
        CheckConstraint("starts < ends", name="starts_before_ends"),
        CheckConstraint("reason <> ''", name="reason_given"),
        Index("ix_vehicle_outage_vehicle_id", "vehicle_id", "ends"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "transport.outage"

    id: Mapped[int] = mapped_column(primary_key=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"))
    starts: Mapped[datetime] = mapped_column(UTCDateTime)
    ends: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text)


class Driver(Base):
    """A person who drives for the compound. Licence classes and languages are words such as "B C1" and "en sw"."""

    __tablename__ = "driver"
    __table_args__ = (
        ForeignKeyConstraint(
            ["person_id", "sort_name"], ["person.id", "person.sort_name"], onupdate="CASCADE", name="fk_driver_person"
        ),
        UniqueConstraint("person_id"),
        CheckConstraint("classes <> ''", name="classes_given"),
        Index("ix_driver_sort_name", "sort_name", "id"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "transport.driver"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    sort_name: Mapped[str] = mapped_column(SortText)
    classes: Mapped[str] = mapped_column(Text, default="B", server_default="B")
    languages: Mapped[str] = mapped_column(Text, default="", server_default="")
    skills: Mapped[str] = mapped_column(Text, default="", server_default="")
    phone: Mapped[str] = mapped_column(Text, default="", server_default="")
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}


class DriverPattern(Base):
    """The hours a driver is on duty each week: `weekdays` such as "12345" (Monday is 1), minutes of the site's day.

    A shift that ends at or before the minute it starts at ends on the next day.
    """

    __tablename__ = "driver_pattern"
    __table_args__ = (
        CheckConstraint("weekdays <> ''", name="weekdays_given"),
        CheckConstraint("from_minute BETWEEN 0 AND 1439 AND to_minute BETWEEN 0 AND 1440", name="minutes"),
        CheckConstraint("break_minutes >= 0", name="break_not_negative"),
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="dates_in_order"),
        Index("ix_driver_pattern_driver_id", "driver_id", "valid_from"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "transport.pattern"

    id: Mapped[int] = mapped_column(primary_key=True)
    driver_id: Mapped[int] = mapped_column(ForeignKey("driver.id"))
    weekdays: Mapped[str] = mapped_column(Text)
    from_minute: Mapped[int]
    to_minute: Mapped[int]
    break_minutes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class DriverTime(Base):
    """One time of one driver: an extra shift, which stands in place of the week's pattern that day, or an absence."""

    __tablename__ = "driver_time"
    __table_args__ = (
        CheckConstraint(f"kind IN {TIMES!r}", name="kind"),
        CheckConstraint("starts < ends", name="starts_before_ends"),
        Index("ix_driver_time_driver_id", "driver_id", "ends"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "transport.time"

    id: Mapped[int] = mapped_column(primary_key=True)
    driver_id: Mapped[int] = mapped_column(ForeignKey("driver.id"))
    kind: Mapped[str] = mapped_column(Text)
    starts: Mapped[datetime] = mapped_column(UTCDateTime)
    ends: Mapped[datetime] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(Text, default="", server_default="")


class TransportPaper(Base):
    """A paper of a vehicle or a driver, valid from a day to a day, both included; a renewal is a further row.

    `points` are the items of a MOSS checklist: a name, and whether it was there.
    """

    __tablename__ = "transport_paper"
    __table_args__ = (
        CheckConstraint("(vehicle_id IS NULL) <> (driver_id IS NULL)", name="one_holder"),
        CheckConstraint(
            f"(vehicle_id IS NOT NULL AND kind IN {PAPERS_OF_VEHICLES!r}) OR "
            f"(driver_id IS NOT NULL AND kind IN {PAPERS_OF_DRIVERS!r})",
            name="kind",
        ),
        CheckConstraint("valid_from <= expires", name="dates_in_order"),
        Index("ix_transport_paper_vehicle_id", "vehicle_id", "kind", "expires"),
        Index("ix_transport_paper_driver_id", "driver_id", "kind", "expires"),
        Index("ix_transport_paper_expires", "expires", "id"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "transport.paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicle.id"))
    driver_id: Mapped[int | None] = mapped_column(ForeignKey("driver.id"))
    kind: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text, default="", server_default="")
    valid_from: Mapped[date]
    expires: Mapped[date]
    points: Mapped[Any] = mapped_column(Json, default=dict)
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    # Entered by mistake, or withdrawn by whoever gave it: it no longer counts, and is kept.
    void: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class OdometerReading(Base):
    """What a vehicle's odometer showed at an instant: a fact. `explained` says why it went backwards or jumped."""

    __tablename__ = "odometer_reading"
    __table_args__ = (
        CheckConstraint("km >= 0", name="km_not_negative"),
        CheckConstraint(f"source IN {READINGS!r}", name="source"),
        Index("ix_odometer_reading_vehicle_id", "vehicle_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    km: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    trip_id: Mapped[int | None] = mapped_column(ForeignKey("trip.id"))
    explained: Mapped[str] = mapped_column(Text, default="", server_default="")
    by: Mapped[str] = mapped_column(Text)


class FuelFill(Base):
    """Fuel that went into a vehicle, bought by ticket or taken from our own stock: a fact."""

    __tablename__ = "fuel_fill"
    __table_args__ = (
        CheckConstraint("millilitres > 0", name="millilitres_positive"),
        CheckConstraint("cents >= 0", name="cents_not_negative"),
        CheckConstraint("source IN ('ticket', 'stock')", name="source"),
        Index("ix_fuel_fill_vehicle_id", "vehicle_id", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    millilitres: Mapped[int]
    cents: Mapped[int]
    reading_id: Mapped[int] = mapped_column(ForeignKey("odometer_reading.id"))
    full: Mapped[bool]
    source: Mapped[str] = mapped_column(Text)
    ticket: Mapped[str] = mapped_column(Text, default="", server_default="")
    # A fill entered by mistake is cancelled by a second row that names it.
    cancels_id: Mapped[int | None] = mapped_column(ForeignKey("fuel_fill.id"), unique=True)
    by: Mapped[str] = mapped_column(Text)


class VehicleService(Base):
    """A service, repair or change of tyres that was done: a fact with its reading and cost."""

    __tablename__ = "vehicle_service"
    __table_args__ = (
        CheckConstraint("kind IN ('service', 'repair', 'tyres')", name="kind"),
        CheckConstraint("cents >= 0", name="cents_not_negative"),
        Index("ix_vehicle_service_vehicle_id", "vehicle_id", "kind", "done_on"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"))
    kind: Mapped[str] = mapped_column(Text)
    done_on: Mapped[date]
    reading_id: Mapped[int] = mapped_column(ForeignKey("odometer_reading.id"))
    cents: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    by: Mapped[str] = mapped_column(Text)
