"""Indexes from which the figures of Today and of the register are read without their rows"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_WAITING = "state IN ('missing', 'under_repair')"


def upgrade() -> None:
    """Apply this step."""
    op.drop_index("ix_tag_prints", "tag")
    op.create_index(
        "ix_tag_prints",
        "tag",
        ["subject_kind", "prints", "id", "ours", "retired_at", "made_at", "subject_id"],
        unique=False,
    )
    op.drop_index("ix_asset_warranty_until", "asset")
    op.create_index("ix_asset_warranty_until", "asset", ["warranty_until", "id", "state"], unique=False)
    op.create_index(
        "ix_asset_waiting",
        "asset",
        ["state", "state_since", "id"],
        unique=False,
        sqlite_where=sa.text(_WAITING),
        postgresql_where=sa.text(_WAITING),
    )


def downgrade() -> None:
    """Take this step back."""
    op.drop_index("ix_asset_waiting", "asset")
    op.drop_index("ix_asset_warranty_until", "asset")
    op.create_index("ix_asset_warranty_until", "asset", ["warranty_until"], unique=False)
    op.drop_index("ix_tag_prints", "tag")
    op.create_index("ix_tag_prints", "tag", ["subject_kind", "prints", "id"], unique=False)
