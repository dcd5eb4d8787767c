"""The conference capital project: phases, what a booking needs wherever it goes, and relocation plans"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import Json, SortText, UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "project_phase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", SortText(), nullable=False),
        sa.Column("name", SortText(), nullable=False),
        sa.Column("planned_from", sa.Date(), nullable=False),
        sa.Column("planned_to", sa.Date(), nullable=False),
        sa.Column("forecast_from", sa.Date(), nullable=True),
        sa.Column("forecast_to", sa.Date(), nullable=True),
        sa.Column("actual_from", sa.Date(), nullable=True),
        sa.Column("actual_to", sa.Date(), nullable=True),
        sa.Column("contract_from", sa.Date(), nullable=True),
        sa.Column("contract_to", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("code <> ''", name=op.f("ck_project_phase_code_given")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_project_phase_name_given")),
        sa.CheckConstraint(
            "(contract_from IS NULL) = (contract_to IS NULL)", name=op.f("ck_project_phase_contract_whole")
        ),
        sa.CheckConstraint(
            "(forecast_from IS NULL) = (forecast_to IS NULL)", name=op.f("ck_project_phase_forecast_whole")
        ),
        sa.CheckConstraint(
            "actual_to IS NULL OR actual_from <= actual_to", name=op.f("ck_project_phase_actual_in_order")
        ),
        sa.CheckConstraint(
            "actual_to IS NULL OR actual_from IS NOT NULL", name=op.f("ck_project_phase_begun_before_over")
        ),
        sa.CheckConstraint(
            "contract_to IS NULL OR contract_from <= contract_to", name=op.f("ck_project_phase_contract_in_order")
        ),
        sa.CheckConstraint(
            "forecast_to IS NULL OR forecast_from <= forecast_to", name=op.f("ck_project_phase_forecast_in_order")
        ),
        sa.CheckConstraint("planned_from <= planned_to", name=op.f("ck_project_phase_planned_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_phase")),
        sa.UniqueConstraint("code", name=op.f("uq_project_phase_code")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "relocation_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phase_id", sa.Integer(), nullable=False),
        sa.Column("name", SortText(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("measures", Json, nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.CheckConstraint("first IN ('times', 'rooms')", name=op.f("ck_relocation_plan_first")),
        sa.ForeignKeyConstraint(["phase_id"], ["project_phase.id"], name=op.f("fk_relocation_plan_phase_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relocation_plan")),
    )
    op.create_index(op.f("ix_relocation_plan_phase_id"), "relocation_plan", ["phase_id"], unique=False)
    op.create_table(
        "phase_cell",
        sa.Column("phase_id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["conference_cell.id"], name=op.f("fk_phase_cell_cell_id")),
        sa.ForeignKeyConstraint(["phase_id"], ["project_phase.id"], name=op.f("fk_phase_cell_phase_id")),
        sa.PrimaryKeyConstraint("phase_id", "cell_id", name=op.f("pk_phase_cell")),
    )
    op.create_index(op.f("ix_phase_cell_cell_id"), "phase_cell", ["cell_id"], unique=False)
    op.create_table(
        "phase_seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phase_id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("kind", SortText(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("setup_minutes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("cleardown_minutes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("afterwards", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind <> ''", name=op.f("ck_phase_seats_kind_given")),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_phase_seats_capacity_not_negative")),
        sa.CheckConstraint(
            "setup_minutes >= 0 AND cleardown_minutes >= 0", name=op.f("ck_phase_seats_minutes_not_negative")
        ),
        sa.ForeignKeyConstraint(["phase_id"], ["project_phase.id"], name=op.f("fk_phase_seats_phase_id")),
        sa.ForeignKeyConstraint(["space_id"], ["conference_space.id"], name=op.f("fk_phase_seats_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase_seats")),
    )
    op.create_index("ix_phase_seats_space_id", "phase_seats", ["space_id"], unique=False)
    op.create_index(
        "uq_phase_seats_phase_id", "phase_seats", ["phase_id", "space_id", "kind", "afterwards"], unique=True
    )
    op.create_table(
        "phase_closure",
        sa.Column("closure_id", sa.Integer(), nullable=False),
        sa.Column("phase_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["closure_id"], ["cell_closure.id"], name=op.f("fk_phase_closure_closure_id")),
        sa.ForeignKeyConstraint(["phase_id"], ["project_phase.id"], name=op.f("fk_phase_closure_phase_id")),
        sa.PrimaryKeyConstraint("closure_id", name=op.f("pk_phase_closure")),
    )
    op.create_index(op.f("ix_phase_closure_phase_id"), "phase_closure", ["phase_id"], unique=False)
    op.create_table(
        "booking_terms",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("other_time", sa.Text(), server_default="no", nullable=False),
        sa.Column("booths", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("features", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("other_time IN ('no', 'day', 'week')", name=op.f("ck_booking_terms_other_time")),
        sa.CheckConstraint("booths >= 0", name=op.f("ck_booking_terms_booths_not_negative")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_terms_booking_id")),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_booking_terms")),
    )
    op.create_table(
        "relocation_move",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.Column("after", Json, nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("instead", Json, nullable=False),
        sa.Column("decided_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "decision IN ('proposed', 'accepted', 'declined', 'unplaced')", name=op.f("ck_relocation_move_decision")
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_relocation_move_booking_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["relocation_plan.id"], name=op.f("fk_relocation_move_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "booking_id", name=op.f("pk_relocation_move")),
    )
    op.create_index("ix_relocation_move_booking_id", "relocation_move", ["booking_id"], unique=False)


def downgrade() -> None:
    """Take this step back."""
    for table in (
        "relocation_move",
        "relocation_plan",
        "booking_terms",
        "phase_closure",
        "phase_seats",
        "phase_cell",
        "project_phase",
    ):
        op.drop_table(table)
