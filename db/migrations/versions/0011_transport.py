"""The transport desk: fleet, drivers, papers, requests, trips, shuttles and travel times"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import Json, SortText, UTCDateTime
from db.transport_rules import EXCLUSIONS

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "travel_band",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", SortText(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("speed_kmh", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_minute BETWEEN 0 AND 1439", name=op.f("ck_travel_band_minute")),
        sa.CheckConstraint("speed_kmh > 0", name=op.f("ck_travel_band_speed_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_travel_band")),
        sa.UniqueConstraint("code", name=op.f("uq_travel_band_code")),
        sa.UniqueConstraint("from_minute", name=op.f("uq_travel_band_from_minute")),
    )
    op.create_table(
        "zone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", SortText(), nullable=False),
        sa.Column("name", SortText(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("upcountry", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("gone_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("code <> ''", name=op.f("ck_zone_code_given")),
        sa.CheckConstraint("latitude IS NULL OR abs(latitude) <= 90", name=op.f("ck_zone_latitude")),
        sa.CheckConstraint("longitude IS NULL OR abs(longitude) <= 180", name=op.f("ck_zone_longitude")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone")),
        sa.UniqueConstraint("code", name=op.f("uq_zone_code")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "approval_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_approval_step_title_given")),
        sa.CheckConstraint("seq > 0", name=op.f("ck_approval_step_seq_positive")),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name=op.f("fk_approval_step_entity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_step")),
        sa.UniqueConstraint("entity_id", "seq", name=op.f("uq_approval_step_entity_id_seq")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "shuttle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", SortText(), nullable=False),
        sa.Column("name", SortText(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("gone_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("code <> ''", name=op.f("ck_shuttle_code_given")),
        sa.CheckConstraint("weekdays <> ''", name=op.f("ck_shuttle_weekdays_given")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_shuttle_seats_positive")),
        sa.CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_shuttle_dates_in_order")),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name=op.f("fk_shuttle_entity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shuttle")),
        sa.UniqueConstraint("code", name=op.f("uq_shuttle_code")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "travel_time",
        sa.Column("from_zone_id", sa.Integer(), nullable=False),
        sa.Column("to_zone_id", sa.Integer(), nullable=False),
        sa.Column("band_id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("trips", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("noted_at", UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("source IN ('given', 'learnt', 'routed', 'assumed')", name=op.f("ck_travel_time_source")),
        sa.CheckConstraint("metres >= 0", name=op.f("ck_travel_time_metres_not_negative")),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_travel_time_seconds_not_negative")),
        sa.CheckConstraint("trips >= 0", name=op.f("ck_travel_time_trips_not_negative")),
        sa.ForeignKeyConstraint(["band_id"], ["travel_band.id"], name=op.f("fk_travel_time_band_id")),
        sa.ForeignKeyConstraint(["from_zone_id"], ["zone.id"], name=op.f("fk_travel_time_from_zone_id")),
        sa.ForeignKeyConstraint(["to_zone_id"], ["zone.id"], name=op.f("fk_travel_time_to_zone_id")),
        sa.PrimaryKeyConstraint("from_zone_id", "to_zone_id", "band_id", name=op.f("pk_travel_time")),
    )
    op.create_table(
        "vehicle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plate", SortText(), nullable=False),
        sa.Column("make", SortText(), server_default="", nullable=False),
        sa.Column("model", SortText(), server_default="", nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("wheelchairs", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("luggage", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("features", sa.Text(), server_default="", nullable=False),
        sa.Column("fuel", sa.Text(), server_default="diesel", nullable=False),
        sa.Column("tank_ml", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("home_zone_id", sa.Integer(), nullable=True),
        sa.Column("day_cents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("km_cents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("service_km", sa.Integer(), nullable=True),
        sa.Column("service_days", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("gone_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("fuel IN ('diesel', 'petrol', 'hybrid', 'electric')", name=op.f("ck_vehicle_fuel")),
        sa.CheckConstraint("plate <> ''", name=op.f("ck_vehicle_plate_given")),
        sa.CheckConstraint("day_cents >= 0 AND km_cents >= 0", name=op.f("ck_vehicle_cost_not_negative")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_vehicle_seats_positive")),
        sa.CheckConstraint("service_days IS NULL OR service_days > 0", name=op.f("ck_vehicle_service_days_positive")),
        sa.CheckConstraint("service_km IS NULL OR service_km > 0", name=op.f("ck_vehicle_service_km_positive")),
        sa.CheckConstraint(
            "wheelchairs >= 0 AND luggage >= 0 AND tank_ml >= 0", name=op.f("ck_vehicle_room_not_negative")
        ),
        sa.ForeignKeyConstraint(["home_zone_id"], ["zone.id"], name=op.f("fk_vehicle_home_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicle")),
        sa.UniqueConstraint("plate", name=op.f("uq_vehicle_plate")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "shuttle_stop",
        sa.Column("shuttle_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("zone_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.CheckConstraint("minute BETWEEN 0 AND 1439", name=op.f("ck_shuttle_stop_minute")),
        sa.ForeignKeyConstraint(["shuttle_id"], ["shuttle.id"], name=op.f("fk_shuttle_stop_shuttle_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_shuttle_stop_zone_id")),
        sa.PrimaryKeyConstraint("shuttle_id", "seq", name=op.f("pk_shuttle_stop")),
    )
    op.create_table(
        "vehicle_outage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("starts", UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends", UTCDateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_vehicle_outage_reason_given")),
        sa.CheckConstraint("starts < ends", name=op.f("ck_vehicle_outage_starts_before_ends")),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicle.id"], name=op.f("fk_vehicle_outage_vehicle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicle_outage")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_vehicle_outage_vehicle_id", "vehicle_outage", ["vehicle_id", "ends"], unique=False)
    op.create_table(
        "driver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sort_name", SortText(), nullable=False),
        sa.Column("classes", sa.Text(), server_default="B", nullable=False),
        sa.Column("languages", sa.Text(), server_default="", nullable=False),
        sa.Column("skills", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("gone_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("classes <> ''", name=op.f("ck_driver_classes_given")),
        sa.ForeignKeyConstraint(
            ["person_id", "sort_name"], ["person.id", "person.sort_name"], name="fk_driver_person", onupdate="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_driver")),
        sa.UniqueConstraint("person_id", name=op.f("uq_driver_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_driver_sort_name", "driver", ["sort_name", "id"], unique=False)
    op.create_table(
        "shuttle_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shuttle_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_shuttle_seat_name_given")),
        sa.CheckConstraint("seat > 0", name=op.f("ck_shuttle_seat_seat_positive")),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name=op.f("fk_shuttle_seat_entity_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shuttle_seat_person_id")),
        sa.ForeignKeyConstraint(["shuttle_id"], ["shuttle.id"], name=op.f("fk_shuttle_seat_shuttle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shuttle_seat")),
        sa.UniqueConstraint("shuttle_id", "day", "seat", name=op.f("uq_shuttle_seat_shuttle_id_day_seat")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "driver_pattern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("driver_id", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.Text(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("to_minute", sa.Integer(), nullable=False),
        sa.Column("break_minutes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("weekdays <> ''", name=op.f("ck_driver_pattern_weekdays_given")),
        sa.CheckConstraint("break_minutes >= 0", name=op.f("ck_driver_pattern_break_not_negative")),
        sa.CheckConstraint(
            "from_minute BETWEEN 0 AND 1439 AND to_minute BETWEEN 0 AND 1440", name=op.f("ck_driver_pattern_minutes")
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_driver_pattern_dates_in_order")),
        sa.ForeignKeyConstraint(["driver_id"], ["driver.id"], name=op.f("fk_driver_pattern_driver_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_driver_pattern")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_driver_pattern_driver_id", "driver_pattern", ["driver_id", "valid_from"], unique=False)
    op.create_table(
        "driver_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("driver_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts", UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends", UTCDateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("kind IN ('shift', 'leave', 'sick', 'training')", name=op.f("ck_driver_time_kind")),
        sa.CheckConstraint("starts < ends", name=op.f("ck_driver_time_starts_before_ends")),
        sa.ForeignKeyConstraint(["driver_id"], ["driver.id"], name=op.f("fk_driver_time_driver_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_driver_time")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_driver_time_driver_id", "driver_time", ["driver_id", "ends"], unique=False)
    op.create_table(
        "transport_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=True),
        sa.Column("driver_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), server_default="", nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.Column("points", Json, nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("void", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "(vehicle_id IS NOT NULL AND kind IN ('insurance', 'inspection', 'moss')) OR (driver_id IS NOT NULL AND kind IN ('licence', 'permit', 'medical'))",
            name=op.f("ck_transport_paper_kind"),
        ),
        sa.CheckConstraint("(vehicle_id IS NULL) <> (driver_id IS NULL)", name=op.f("ck_transport_paper_one_holder")),
        sa.CheckConstraint("valid_from <= expires", name=op.f("ck_transport_paper_dates_in_order")),
        sa.ForeignKeyConstraint(["driver_id"], ["driver.id"], name=op.f("fk_transport_paper_driver_id")),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicle.id"], name=op.f("fk_transport_paper_vehicle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transport_paper")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_transport_paper_driver_id", "transport_paper", ["driver_id", "kind", "expires"], unique=False)
    op.create_index("ix_transport_paper_expires", "transport_paper", ["expires", "id"], unique=False)
    op.create_index("ix_transport_paper_vehicle_id", "transport_paper", ["vehicle_id", "kind", "expires"], unique=False)
    op.create_table(
        "trip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", SortText(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("driver_id", sa.Integer(), nullable=False),
        sa.Column("starts", UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends", UTCDateTime(timezone=True), nullable=False),
        sa.Column("state", SortText(), nullable=False),
        sa.Column("locked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("departed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("returned_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("private_km", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("(state = 'done') = (returned_at IS NOT NULL)", name=op.f("ck_trip_returned")),
        sa.CheckConstraint(
            "NOT (state IN ('on_road', 'done')) OR departed_at IS NOT NULL", name=op.f("ck_trip_departed")
        ),
        sa.CheckConstraint("state IN ('planned', 'on_road', 'done', 'cancelled')", name=op.f("ck_trip_state")),
        sa.CheckConstraint("private_km >= 0", name=op.f("ck_trip_private_km_not_negative")),
        sa.CheckConstraint("returned_at IS NULL OR departed_at <= returned_at", name=op.f("ck_trip_returned_after")),
        sa.CheckConstraint("starts < ends", name=op.f("ck_trip_starts_before_ends")),
        sa.ForeignKeyConstraint(["driver_id"], ["driver.id"], name=op.f("fk_trip_driver_id")),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicle.id"], name=op.f("fk_trip_vehicle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trip")),
        sa.UniqueConstraint("reference", name=op.f("uq_trip_reference")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_trip_driver_id", "trip", ["driver_id", "ends", "starts"], unique=False)
    op.create_index("ix_trip_starts_id", "trip", ["starts", "id", "state"], unique=False)
    op.create_index("ix_trip_vehicle_id", "trip", ["vehicle_id", "ends", "starts"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", SortText(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("driver_id", sa.Integer(), nullable=True),
        sa.Column("trip_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("injured", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("police", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('accident', 'breakdown', 'theft', 'security', 'other')", name=op.f("ck_incident_kind")
        ),
        sa.CheckConstraint("what <> ''", name=op.f("ck_incident_what_given")),
        sa.ForeignKeyConstraint(["driver_id"], ["driver.id"], name=op.f("fk_incident_driver_id")),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"], name=op.f("fk_incident_trip_id")),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicle.id"], name=op.f("fk_incident_vehicle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("reference", name=op.f("uq_incident_reference")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_incident_at_id", "incident", ["at", "id"], unique=False)
    op.create_index("ix_incident_vehicle_id", "incident", ["vehicle_id", "at"], unique=False)
    op.create_table(
        "odometer_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("km", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("trip_id", sa.Integer(), nullable=True),
        sa.Column("explained", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "source IN ('departure', 'return', 'fuel', 'service', 'manual')", name=op.f("ck_odometer_reading_source")
        ),
        sa.CheckConstraint("km >= 0", name=op.f("ck_odometer_reading_km_not_negative")),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"], name=op.f("fk_odometer_reading_trip_id")),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicle.id"], name=op.f("fk_odometer_reading_vehicle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_odometer_reading")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_odometer_reading_vehicle_id", "odometer_reading", ["vehicle_id", "id"], unique=False)
    op.create_table(
        "trip_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", SortText(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("entity_code", SortText(), nullable=False),
        sa.Column("charge_code", sa.Text(), server_default="", nullable=False),
        sa.Column("requester_id", sa.Integer(), nullable=True),
        sa.Column("requester", SortText(), nullable=False),
        sa.Column("contact", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("from_zone_id", sa.Integer(), nullable=False),
        sa.Column("from_place", sa.Text(), server_default="", nullable=False),
        sa.Column("to_zone_id", sa.Integer(), nullable=False),
        sa.Column("to_place", sa.Text(), server_default="", nullable=False),
        sa.Column("route", SortText(), nullable=False),
        sa.Column("pickup_from", UTCDateTime(timezone=True), nullable=False),
        sa.Column("pickup_to", UTCDateTime(timezone=True), nullable=False),
        sa.Column("drop_by", UTCDateTime(timezone=True), nullable=True),
        sa.Column("way_back", sa.Text(), server_default="none", nullable=False),
        sa.Column("return_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("outward_id", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("wheelchairs", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("luggage", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("needs", sa.Text(), server_default="", nullable=False),
        sa.Column("pooled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("official", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("priority", sa.Integer(), server_default=sa.text("3"), nullable=False),
        sa.Column("clearance", sa.Text(), server_default="", nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("state", SortText(), nullable=False),
        sa.Column("trip_id", sa.Integer(), nullable=True),
        sa.Column("shuttle_id", sa.Integer(), nullable=True),
        sa.Column("service_day", sa.Date(), nullable=True),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(trip_id IS NOT NULL) = (state IN ('planned', 'on_road', 'done'))",
            name=op.f("ck_trip_request_trip_while_planned"),
        ),
        sa.CheckConstraint("(way_back = 'wait') = (return_at IS NOT NULL)", name=op.f("ck_trip_request_return_time")),
        sa.CheckConstraint("purpose <> ''", name=op.f("ck_trip_request_purpose_given")),
        sa.CheckConstraint("requester <> ''", name=op.f("ck_trip_request_requester_given")),
        sa.CheckConstraint(
            "state IN ('requested', 'approved', 'planned', 'on_road', 'done', 'declined', 'cancelled', 'no_show')",
            name=op.f("ck_trip_request_state"),
        ),
        sa.CheckConstraint("way_back IN ('none', 'wait', 'separate')", name=op.f("ck_trip_request_way_back")),
        sa.CheckConstraint("(shuttle_id IS NULL) = (service_day IS NULL)", name=op.f("ck_trip_request_day_of_shuttle")),
        sa.CheckConstraint("drop_by IS NULL OR drop_by > pickup_from", name=op.f("ck_trip_request_drop_after_pickup")),
        sa.CheckConstraint("people > 0", name=op.f("ck_trip_request_people_positive")),
        sa.CheckConstraint("pickup_from <= pickup_to", name=op.f("ck_trip_request_window_in_order")),
        sa.CheckConstraint("priority BETWEEN 1 AND 5", name=op.f("ck_trip_request_priority")),
        sa.CheckConstraint(
            "return_at IS NULL OR return_at > pickup_from", name=op.f("ck_trip_request_return_after_pickup")
        ),
        sa.CheckConstraint("wheelchairs <= people", name=op.f("ck_trip_request_wheelchairs_of_people")),
        sa.CheckConstraint("wheelchairs >= 0 AND luggage >= 0", name=op.f("ck_trip_request_room_not_negative")),
        sa.ForeignKeyConstraint(
            ["entity_id", "entity_code"],
            ["entity.id", "entity.code"],
            name="fk_trip_request_entity",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["from_zone_id"], ["zone.id"], name=op.f("fk_trip_request_from_zone_id")),
        sa.ForeignKeyConstraint(["outward_id"], ["trip_request.id"], name=op.f("fk_trip_request_outward_id")),
        sa.ForeignKeyConstraint(["requester_id"], ["person.id"], name=op.f("fk_trip_request_requester_id")),
        sa.ForeignKeyConstraint(["shuttle_id"], ["shuttle.id"], name=op.f("fk_trip_request_shuttle_id")),
        sa.ForeignKeyConstraint(["to_zone_id"], ["zone.id"], name=op.f("fk_trip_request_to_zone_id")),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"], name=op.f("fk_trip_request_trip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trip_request")),
        sa.UniqueConstraint("outward_id", name=op.f("uq_trip_request_outward_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_trip_request_reference")),
        sa.UniqueConstraint("shuttle_id", "service_day", name=op.f("uq_trip_request_shuttle_id_service_day")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_trip_request_entity_code_id", "trip_request", ["entity_code", "id"], unique=False)
    op.create_index("ix_trip_request_pickup_from_id", "trip_request", ["pickup_from", "id", "state"], unique=False)
    op.create_index("ix_trip_request_state_pickup_from", "trip_request", ["state", "pickup_from"], unique=False)
    op.create_index("ix_trip_request_trip_id", "trip_request", ["trip_id"], unique=False)
    op.create_table(
        "fuel_fill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("millilitres", sa.Integer(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("full", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), server_default="", nullable=False),
        sa.Column("cancels_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("source IN ('ticket', 'stock')", name=op.f("ck_fuel_fill_source")),
        sa.CheckConstraint("cents >= 0", name=op.f("ck_fuel_fill_cents_not_negative")),
        sa.CheckConstraint("millilitres > 0", name=op.f("ck_fuel_fill_millilitres_positive")),
        sa.ForeignKeyConstraint(["cancels_id"], ["fuel_fill.id"], name=op.f("fk_fuel_fill_cancels_id")),
        sa.ForeignKeyConstraint(["reading_id"], ["odometer_reading.id"], name=op.f("fk_fuel_fill_reading_id")),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicle.id"], name=op.f("fk_fuel_fill_vehicle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fuel_fill")),
        sa.UniqueConstraint("cancels_id", name=op.f("uq_fuel_fill_cancels_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_fuel_fill_vehicle_id", "fuel_fill", ["vehicle_id", "at"], unique=False)
    op.create_table(
        "request_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("what <> 'declined' OR note <> ''", name=op.f("ck_request_decision_reason_given")),
        sa.CheckConstraint("what IN ('approved', 'declined', 'taken_back')", name=op.f("ck_request_decision_what")),
        sa.ForeignKeyConstraint(["request_id"], ["trip_request.id"], name=op.f("fk_request_decision_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_decision")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_request_decision_request_id", "request_decision", ["request_id", "id"], unique=False)
    op.create_table(
        "trip_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trip_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "what IN ('planned', 'changed', 'locked', 'unlocked', 'departed', 'picked_up', 'dropped_off', 'no_show', 'returned', 'taken_back', 'cancelled', 'charged', 'incident', 'noted')",
            name=op.f("ck_trip_event_what"),
        ),
        sa.ForeignKeyConstraint(["request_id"], ["trip_request.id"], name=op.f("fk_trip_event_request_id")),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"], name=op.f("fk_trip_event_trip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trip_event")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_trip_event_trip_id", "trip_event", ["trip_id", "id"], unique=False)
    op.create_table(
        "trip_passenger",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("of_un", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("released", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_trip_passenger_name_given")),
        sa.ForeignKeyConstraint(["request_id"], ["trip_request.id"], name=op.f("fk_trip_passenger_request_id")),
        sa.PrimaryKeyConstraint("request_id", "seq", name=op.f("pk_trip_passenger")),
    )
    op.create_table(
        "trip_stop",
        sa.Column("trip_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("zone_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("arrives", UTCDateTime(timezone=True), nullable=False),
        sa.Column("leaves", UTCDateTime(timezone=True), nullable=False),
        sa.Column("done_at", UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('pickup', 'dropoff')", name=op.f("ck_trip_stop_kind")),
        sa.CheckConstraint("leg IN (1, 2)", name=op.f("ck_trip_stop_leg")),
        sa.ForeignKeyConstraint(["request_id"], ["trip_request.id"], name=op.f("fk_trip_stop_request_id")),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"], name=op.f("fk_trip_stop_trip_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_trip_stop_zone_id")),
        sa.PrimaryKeyConstraint("trip_id", "seq", name=op.f("pk_trip_stop")),
        sa.UniqueConstraint(
            "trip_id", "request_id", "leg", "kind", name=op.f("uq_trip_stop_trip_id_request_id_leg_kind")
        ),
    )
    op.create_index("ix_trip_stop_request_id", "trip_stop", ["request_id"], unique=False)
    op.create_table(
        "vehicle_service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('service', 'repair', 'tyres')", name=op.f("ck_vehicle_service_kind")),
        sa.CheckConstraint("cents >= 0", name=op.f("ck_vehicle_service_cents_not_negative")),
        sa.ForeignKeyConstraint(["reading_id"], ["odometer_reading.id"], name=op.f("fk_vehicle_service_reading_id")),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicle.id"], name=op.f("fk_vehicle_service_vehicle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicle_service")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_vehicle_service_vehicle_id", "vehicle_service", ["vehicle_id", "kind", "done_on"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        for name, (table, definition) in EXCLUSIONS.items():
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def downgrade() -> None:
    """Take this step back."""
    for table in (
        "vehicle_service",
        "trip_stop",
        "trip_passenger",
        "trip_event",
        "request_decision",
        "fuel_fill",
        "trip_request",
        "odometer_reading",
        "incident",
        "trip",
        "transport_paper",
        "driver_time",
        "driver_pattern",
        "shuttle_seat",
        "driver",
        "vehicle_outage",
        "shuttle_stop",
        "vehicle",
        "travel_time",
        "shuttle",
        "approval_step",
        "zone",
        "travel_band",
    ):
        op.drop_table(table)
