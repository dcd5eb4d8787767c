"""A series counts the messages that told of it: the number by which a calendar knows the newer one"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("booking_series", sa.Column("told", sa.Integer(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    """Take this step back."""
    op.drop_column("booking_series", "told")
