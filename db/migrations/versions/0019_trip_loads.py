"""What a trip carries beside its passengers: bags, manifests and rounds of mail"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import UTCDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "trip_load",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trip_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("workstation", sa.Text(), nullable=False),
        sa.Column("off_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("off_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("why", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint("kind IN ('mail.bag', 'mail.manifest', 'mail.round')", name=op.f("ck_trip_load_kind")),
        sa.CheckConstraint("number <> '' AND by <> ''", name=op.f("ck_trip_load_named")),
        sa.CheckConstraint(
            "(off_at IS NULL) = (off_by = '') AND (off_at IS NULL) = (why = '')",
            name=op.f("ck_trip_load_off_by_somebody_who_said_why"),
        ),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"], name=op.f("fk_trip_load_trip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trip_load")),
        sqlite_autoincrement=True,
    )
    live = sa.text("off_at IS NULL")
    op.create_index(
        "uq_trip_load_once", "trip_load", ["kind", "record_id"], unique=True, sqlite_where=live, postgresql_where=live
    )
    op.create_index("ix_trip_load_trip_id", "trip_load", ["trip_id", "id"], unique=False)


def downgrade() -> None:
    """Take this step back."""
    if op.get_bind().dialect.name == "sqlite":  # the rule that asks the table; others are put back by `db.triggers`
        op.execute("DROP TRIGGER IF EXISTS tr_trip_refuse_loaded")
    op.drop_table("trip_load")
