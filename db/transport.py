"""Tables of the transport desk: requests with their passengers and approvals, trips with stops and events.

A request is somebody's wish to be driven; a trip is one vehicle with one driver, out and back, carrying the requests
that name it. Neither vehicle nor driver is in two trips at once: see `db.transport_rules`.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, SortText, UTCDateTime

TRIP_STATES = ("planned", "on_road", "done", "cancelled")
LIVE = ("planned", "on_road", "done")
"""States in which a trip has its vehicle and its driver for itself."""
REQUEST_STATES = ("requested", "approved", "planned", "on_road", "done", "declined", "cancelled", "no_show")
IN_TRIP = ("planned", "on_road", "done")
PRIORITIES = 5
EVENTS = (
    "planned", "changed", "locked", "unlocked", "departed", "picked_up", "dropped_off", "no_show", "returned",
    "taken_back", "cancelled", "charged", "incident", "noted",
)  # fmt: skip
RETURNS = ("none", "wait", "separate")
"""No way back; the vehicle waits for it; or a request of its own, that any vehicle may serve."""


class TripRequest(Base):
    """Who wants to be driven from where to where, when, and for whose account. `priority` counts from 1, the highest.

    They are ready from `pickup_from` on and wait until `pickup_to`; `drop_by` is when they must be there. Of a waiting
    return, `return_at` is when it starts back.
    """

    __tablename__ = "trip_request"
    __table_args__ = (
        ForeignKeyConstraint(
            ["entity_id", "entity_code"],
            ["entity.id", "entity.code"],
            onupdate="CASCADE",
            name="fk_trip_request_entity",
        ),
        CheckConstraint("requester <> ''", name="requester_given"),
        CheckConstraint("purpose <> ''", name="purpose_given"),
        CheckConstraint("people > 0", name="people_positive"),
        CheckConstraint("wheelchairs >= 0 AND luggage >= 0", name="room_not_negative"),
        CheckConstraint("wheelchairs <= people", name="wheelchairs_of_people"),
        CheckConstraint("pickup_from <= pickup_to", name="window_in_order"),
        CheckConstraint("drop_by IS NULL OR drop_by > pickup_from", name="drop_after_pickup"),
        CheckConstraint("return_at IS NULL OR return_at > pickup_from", name="return_after_pickup"),
        CheckConstraint(f"way_back IN {RETURNS!r}", name="way_back"),
        CheckConstraint("(way_back = 'wait') = (return_at IS NOT NULL)", name="return_time"),
        CheckConstraint(f"priority BETWEEN 1 AND {PRIORITIES}", name="priority"),
        CheckConstraint(f"state IN {REQUEST_STATES!r}", name="state"),
        CheckConstraint(f"(trip_id IS NOT NULL) = (state IN {IN_TRIP!r})", name="trip_while_planned"),
        CheckConstraint("(shuttle_id IS NULL) = (service_day IS NULL)", name="day_of_shuttle"),
        UniqueConstraint("shuttle_id", "service_day"),
        UniqueConstraint("outward_id"),
        Index("ix_trip_request_pickup_from_id", "pickup_from", "id", "state"),
        Index("ix_trip_request_state_pickup_from", "state", "pickup_from"),
        Index("ix_trip_request_entity_code_id", "entity_code", "id"),
        Index("ix_trip_request_trip_id", "trip_id"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "transport.request"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(SortText, unique=True)
    entity_id: Mapped[int]
    entity_code: Mapped[str] = mapped_column(SortText)
    charge_code: Mapped[str] = mapped_column(Text, default="", server_default="")
    requester_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    requester: Mapped[str] = mapped_column(SortText)
    contact: Mapped[str] = mapped_column(Text, default="", server_default="")
    email: Mapped[str] = mapped_column(Text, default="", server_default="")
    purpose: Mapped[str] = mapped_column(Text)
    from_zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"))
    from_place: Mapped[str] = mapped_column(Text, default="", server_default="")
    to_zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"))
    to_place: Mapped[str] = mapped_column(Text, default="", server_default="")
    # As lists show and sort it: "Gigiri gate 1 → JKIA T1A".
    route: Mapped[str] = mapped_column(SortText)
    pickup_from: Mapped[datetime] = mapped_column(UTCDateTime)
    pickup_to: Mapped[datetime] = mapped_column(UTCDateTime)
    drop_by: Mapped[datetime | None] = mapped_column(UTCDateTime)
    way_back: Mapped[str] = mapped_column(Text, default="none", server_default="none")
    return_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Of a separate way back: the request that it is the way back of.
    outward_id: Mapped[int | None] = mapped_column(ForeignKey("trip_request.id"))
    people: Mapped[int]
    wheelchairs: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    luggage: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    needs: Mapped[str] = mapped_column(Text, default="", server_default="")
    # Languages and skills that whoever drives must have.
    driver_needs: Mapped[str] = mapped_column(Text, default="", server_default="")
    pooled: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    official: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    priority: Mapped[int] = mapped_column(default=3, server_default=text("3"))
    clearance: Mapped[str] = mapped_column(Text, default="", server_default="")
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    state: Mapped[str] = mapped_column(SortText)
    trip_id: Mapped[int | None] = mapped_column(ForeignKey("trip.id"))
    shuttle_id: Mapped[int | None] = mapped_column(ForeignKey("shuttle.id"))
    service_day: Mapped[date | None]
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}


class TripPassenger(Base):
    """Somebody who travels on a request; who is not of the UN signs a release form before the trip."""

    __tablename__ = "trip_passenger"
    __table_args__ = (CheckConstraint("name <> ''", name="name_given"),)

    request_id: Mapped[int] = mapped_column(ForeignKey("trip_request.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
    of_un: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    released: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class ApprovalStep(Base):
    """One step of an entity's approval chain: whose word is needed, in the order of `seq`."""

    __tablename__ = "approval_step"
    __table_args__ = (
        UniqueConstraint("entity_id", "seq"),
        CheckConstraint("seq > 0", name="seq_positive"),
        CheckConstraint("title <> ''", name="title_given"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "transport.approval_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    seq: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    # Nothing where any supervisor of the transport desk may speak.
    login: Mapped[str] = mapped_column(Text, default="", server_default="")


class RequestDecision(Base):
    """What somebody decided about a request at a step of its chain: a fact."""

    __tablename__ = "request_decision"
    __table_args__ = (
        CheckConstraint("what IN ('approved', 'declined', 'taken_back')", name="what"),
        CheckConstraint("what <> 'declined' OR note <> ''", name="reason_given"),
        Index("ix_request_decision_request_id", "request_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("trip_request.id"))
    seq: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(Text)


class Trip(Base):
    """One vehicle with one driver, out and back. `starts` and `ends` are the time that both are taken for."""

    __tablename__ = "trip"
    __table_args__ = (
        CheckConstraint("starts < ends", name="starts_before_ends"),
        CheckConstraint(f"state IN {TRIP_STATES!r}", name="state"),
        CheckConstraint("NOT (state IN ('on_road', 'done')) OR departed_at IS NOT NULL", name="departed"),
        CheckConstraint("(state = 'done') = (returned_at IS NOT NULL)", name="returned"),
        CheckConstraint("returned_at IS NULL OR departed_at <= returned_at", name="returned_after"),
        CheckConstraint("private_km >= 0", name="private_km_not_negative"),
        Index("ix_trip_starts_id", "starts", "id", "state"),
        Index("ix_trip_vehicle_id", "vehicle_id", "ends", "starts"),
        Index("ix_trip_driver_id", "driver_id", "ends", "starts"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "transport.trip"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(SortText, unique=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"))
    driver_id: Mapped[int] = mapped_column(ForeignKey("driver.id"))
    starts: Mapped[datetime] = mapped_column(UTCDateTime)
    ends: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(SortText)
    # Frozen by the dispatcher: no plan moves it.
    locked: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    departed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    returned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    private_km: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}


class TripStop(Base):
    """Where a trip halts, in order: who gets in or out there, and when by plan and in fact."""

    __tablename__ = "trip_stop"
    __table_args__ = (
        CheckConstraint("kind IN ('pickup', 'dropoff')", name="kind"),
        CheckConstraint("leg IN (1, 2)", name="leg"),
        UniqueConstraint("trip_id", "request_id", "leg", "kind"),
        Index("ix_trip_stop_request_id", "request_id"),
    )

    trip_id: Mapped[int] = mapped_column(ForeignKey("trip.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    request_id: Mapped[int] = mapped_column(ForeignKey("trip_request.id"))
    # 1 on the way out, 2 on the way back of a request that the vehicle waits for.
    leg: Mapped[int]
    kind: Mapped[str] = mapped_column(Text)
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"))
    place: Mapped[str] = mapped_column(Text, default="", server_default="")
    arrives: Mapped[datetime] = mapped_column(UTCDateTime)
    leaves: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TripEvent(Base):
    """What happened to a trip: a fact, in the order in which it was noted."""

    __tablename__ = "trip_event"
    __table_args__ = (
        CheckConstraint(f"what IN {EVENTS!r}", name="what"),
        Index("ix_trip_event_trip_id", "trip_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    trip_id: Mapped[int] = mapped_column(ForeignKey("trip.id"))
    what: Mapped[str] = mapped_column(Text)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("trip_request.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="", server_default="")


class Incident(Base):
    """An accident, breakdown, theft or other mishap of a vehicle; photos hang on it as attachments."""

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint("kind IN ('accident', 'breakdown', 'theft', 'security', 'other')", name="kind"),
        CheckConstraint("what <> ''", name="what_given"),
        Index("ix_incident_vehicle_id", "vehicle_id", "at"),
        Index("ix_incident_at_id", "at", "id"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "transport.incident"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(SortText, unique=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"))
    driver_id: Mapped[int | None] = mapped_column(ForeignKey("driver.id"))
    trip_id: Mapped[int | None] = mapped_column(ForeignKey("trip.id"))
    kind: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    place: Mapped[str] = mapped_column(Text, default="", server_default="")
    what: Mapped[str] = mapped_column(Text)
    injured: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    police: Mapped[str] = mapped_column(Text, default="", server_default="")
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}
