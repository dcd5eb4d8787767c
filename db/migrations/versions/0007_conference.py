"""The conference desk: cells, spaces, bookings and what they use"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import Json, SortText, UTCDateTime
from db.conference_rules import EXCLUSIONS

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "booking_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", SortText(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("starts", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("skipped", Json, nullable=False),
        sa.Column("added", Json, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_booking_series_minutes_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_series")),
        sa.UniqueConstraint("uid", name=op.f("uq_booking_series_uid")),
    )
    op.create_table(
        "conference_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", SortText(), nullable=False),
        sa.Column("name", SortText(), server_default="", nullable=False),
        sa.Column("kind", SortText(), nullable=False),
        sa.Column("speaks", sa.Text(), server_default="", nullable=False),
        sa.Column("gone_at", UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("code <> ''", name=op.f("ck_conference_unit_code_given")),
        sa.CheckConstraint("kind <> ''", name=op.f("ck_conference_unit_kind_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_conference_unit_code")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "conference_cell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", SortText(), nullable=False),
        sa.Column("name", SortText(), server_default="", nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("code <> ''", name=op.f("ck_conference_cell_code_given")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_conference_cell_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_cell")),
        sa.UniqueConstraint("code", name=op.f("uq_conference_cell_code")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "conference_space",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", SortText(), nullable=False),
        sa.Column("name", SortText(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("booths", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("features", sa.Text(), server_default="", nullable=False),
        sa.Column("gone_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("code <> ''", name=op.f("ck_conference_space_code_given")),
        sa.CheckConstraint("booths >= 0", name=op.f("ck_conference_space_booths_not_negative")),
        sa.ForeignKeyConstraint(["building_id"], ["place.id"], name=op.f("fk_conference_space_building_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_space")),
        sa.UniqueConstraint("code", name=op.f("uq_conference_space_code")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "site_ceiling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("ceiling", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('people', 'gate')", name=op.f("ck_site_ceiling_kind")),
        sa.CheckConstraint("ceiling >= 0", name=op.f("ck_site_ceiling_ceiling_not_negative")),
        sa.CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_site_ceiling_dates_in_order")),
        sa.ForeignKeyConstraint(["building_id"], ["place.id"], name=op.f("fk_site_ceiling_building_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_ceiling")),
    )
    op.create_table(
        "cell_closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("starts", UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends", UTCDateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_cell_closure_reason_given")),
        sa.CheckConstraint("starts < ends", name=op.f("ck_cell_closure_starts_before_ends")),
        sa.ForeignKeyConstraint(["cell_id"], ["conference_cell.id"], name=op.f("fk_cell_closure_cell_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cell_closure")),
    )
    op.create_index("ix_cell_closure_cell_id", "cell_closure", ["cell_id", "ends"], unique=False)
    op.create_table(
        "space_cell",
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["conference_cell.id"], name=op.f("fk_space_cell_cell_id")),
        sa.ForeignKeyConstraint(["space_id"], ["conference_space.id"], name=op.f("fk_space_cell_space_id")),
        sa.PrimaryKeyConstraint("space_id", "cell_id", name=op.f("pk_space_cell")),
    )
    op.create_index(op.f("ix_space_cell_cell_id"), "space_cell", ["cell_id"], unique=False)
    op.create_table(
        "space_layout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("kind", SortText(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("setup_minutes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("cleardown_minutes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("kind <> ''", name=op.f("ck_space_layout_kind_given")),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_space_layout_capacity_positive")),
        sa.CheckConstraint(
            "setup_minutes >= 0 AND cleardown_minutes >= 0", name=op.f("ck_space_layout_minutes_not_negative")
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_space_layout_dates_in_order")),
        sa.ForeignKeyConstraint(["space_id"], ["conference_space.id"], name=op.f("fk_space_layout_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space_layout")),
        sa.UniqueConstraint("id", "space_id", name=op.f("uq_space_layout_id_space_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_space_layout_space_id_kind", "space_layout", ["space_id", "kind"], unique=False)
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", SortText(), nullable=False),
        sa.Column("title", SortText(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=True),
        sa.Column("entity_code", SortText(), nullable=True),
        sa.Column("contact", sa.Text(), server_default="", nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("registered", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=True),
        sa.Column("layout_id", sa.Integer(), nullable=True),
        sa.Column("layout_kind", SortText(), server_default="", nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("status", SortText(), nullable=False),
        sa.Column("starts", UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends", UTCDateTime(timezone=True), nullable=False),
        sa.Column("blocks_from", UTCDateTime(timezone=True), nullable=False),
        sa.Column("blocks_to", UTCDateTime(timezone=True), nullable=False),
        sa.Column("hold_until", UTCDateTime(timezone=True), nullable=True),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("occurrence", UTCDateTime(timezone=True), nullable=True),
        sa.Column("import_key", SortText(), nullable=True),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "NOT (status IN ('hold', 'confirmed', 'in_session', 'done')) OR (space_id IS NOT NULL AND layout_id IS NOT NULL)",
            name=op.f("ck_booking_live_has_space"),
        ),
        sa.CheckConstraint("status <> 'hold' OR hold_until IS NOT NULL", name=op.f("ck_booking_hold_has_expiry")),
        sa.CheckConstraint(
            "status IN ('enquiry', 'waitlist', 'hold', 'confirmed', 'in_session', 'done', 'cancelled')",
            name=op.f("ck_booking_status"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_booking_title_given")),
        sa.CheckConstraint("(series_id IS NULL) = (occurrence IS NULL)", name=op.f("ck_booking_occurrence_of_series")),
        sa.CheckConstraint("blocks_from <= starts AND ends <= blocks_to", name=op.f("ck_booking_blocks_around")),
        sa.CheckConstraint("layout_id IS NULL OR space_id IS NOT NULL", name=op.f("ck_booking_layout_with_space")),
        sa.CheckConstraint("people > 0", name=op.f("ck_booking_people_positive")),
        sa.CheckConstraint("rank BETWEEN 1 AND 7", name=op.f("ck_booking_rank")),
        sa.CheckConstraint("starts < ends", name=op.f("ck_booking_starts_before_ends")),
        sa.ForeignKeyConstraint(
            ["entity_id", "entity_code"], ["entity.id", "entity.code"], name="fk_booking_entity", onupdate="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["layout_id", "space_id"], ["space_layout.id", "space_layout.space_id"], name="fk_booking_layout_of_space"
        ),
        sa.ForeignKeyConstraint(["series_id"], ["booking_series.id"], name=op.f("fk_booking_series_id")),
        sa.ForeignKeyConstraint(["space_id"], ["conference_space.id"], name=op.f("fk_booking_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("import_key", name=op.f("uq_booking_import_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_booking_reference")),
        sa.UniqueConstraint("series_id", "occurrence", name=op.f("uq_booking_series_id_occurrence")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_booking_entity_code_id", "booking", ["entity_code", "id"], unique=False)
    op.create_index("ix_booking_layout_id", "booking", ["layout_id"], unique=False)
    op.create_index("ix_booking_space_id_starts", "booking", ["space_id", "starts"], unique=False)
    op.create_index(
        "ix_booking_starts_id", "booking", ["starts", "id", "status", "ends", "people", "space_id"], unique=False
    )
    op.create_index("ix_booking_title_id", "booking", ["title", "id", "status"], unique=False)
    op.create_table(
        "booking_cell",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("starts", UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends", UTCDateTime(timezone=True), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.CheckConstraint("starts < ends", name=op.f("ck_booking_cell_starts_before_ends")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_cell_booking_id")),
        sa.ForeignKeyConstraint(["cell_id"], ["conference_cell.id"], name=op.f("fk_booking_cell_cell_id")),
        sa.PrimaryKeyConstraint("booking_id", "cell_id", name=op.f("pk_booking_cell")),
    )
    op.create_index(
        "ix_booking_cell_cell_id", "booking_cell", ["cell_id", "live", "ends", "starts", "booking_id"], unique=False
    )
    op.create_index(
        "ix_booking_cell_live_starts", "booking_cell", ["live", "starts", "ends", "cell_id", "booking_id"], unique=False
    )
    op.create_table(
        "booking_unit",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("starts", UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends", UTCDateTime(timezone=True), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.CheckConstraint("starts < ends", name=op.f("ck_booking_unit_starts_before_ends")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_unit_booking_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["conference_unit.id"], name=op.f("fk_booking_unit_unit_id")),
        sa.PrimaryKeyConstraint("booking_id", "unit_id", name=op.f("pk_booking_unit")),
    )
    op.create_index(
        "ix_booking_unit_unit_id", "booking_unit", ["unit_id", "live", "ends", "starts", "booking_id"], unique=False
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        for name, (table, definition) in EXCLUSIONS.items():
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def downgrade() -> None:
    """Take this step back."""
    for table in (
        "booking_unit",
        "booking_cell",
        "booking",
        "space_layout",
        "space_cell",
        "cell_closure",
        "site_ceiling",
        "conference_space",
        "conference_cell",
        "conference_unit",
        "booking_series",
    ):
        op.drop_table(table)
