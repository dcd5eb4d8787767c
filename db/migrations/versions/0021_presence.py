"""Who has which record open, told between the workstations of a server"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import UTCDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "presence",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("editing", sa.Boolean(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seen", UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("origin", "kind", "record_id", name=op.f("pk_presence")),
    )
    op.create_index("ix_presence_record", "presence", ["kind", "record_id"], unique=False)


def downgrade() -> None:
    """Take this step back."""
    op.drop_index("ix_presence_record", "presence")
    op.drop_table("presence")
