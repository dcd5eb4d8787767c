"""Entries of the audit seal the facts that their deeds added, and its head says from which entry on"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import Json

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    # Added at the end and empty: neither engine writes a row anew for it, and no trigger goes with it.
    op.add_column("audit_entry", sa.Column("sealed", Json, nullable=True))
    op.add_column("audit_head", sa.Column("sealed_from", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Take this step back: what was hashed with its seals no longer has its own hash."""
    if op.get_bind().dialect.name == "sqlite":  # whose rules may not name a column that is gone
        op.execute("DROP TRIGGER IF EXISTS tr_audit_head_refuse_leap")
    op.drop_column("audit_head", "sealed_from")
    op.drop_column("audit_entry", "sealed")
