"""Which deeds that a workstation gave an id were taken, once each"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import UTCDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "taken_deed",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("record_kind", sa.Text(), server_default="", nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("happened_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("taken_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("workstation", sa.Text(), nullable=False),
        sa.CheckConstraint("length(id) = 32", name=op.f("ck_taken_deed_id_whole")),
        sa.CheckConstraint("outcome IN ('done', 'dropped')", name=op.f("ck_taken_deed_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken_deed")),
    )


def downgrade() -> None:
    """Take this step back."""
    op.drop_table("taken_deed")
