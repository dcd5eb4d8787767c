"""An asset is never a part of itself, near or far: what stood so in a ring stands by itself, and a trigger watches"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_IN_A_RING = """
WITH RECURSIVE above(start, id) AS (
    SELECT id, parent_id FROM asset WHERE parent_id IS NOT NULL
    UNION SELECT above.start, asset.parent_id FROM asset JOIN above ON asset.id = above.id
    WHERE asset.parent_id IS NOT NULL
) SELECT start FROM above WHERE start = id
"""


def upgrade() -> None:
    """Apply this step; the trigger itself is put in place after every upgrade."""
    op.execute(f"UPDATE asset SET parent_id = NULL WHERE id IN ({_IN_A_RING})")


def downgrade() -> None:
    """Take this step back: the list of triggers is what an older program wants of it."""
    op.execute(
        "DROP TRIGGER IF EXISTS tr_asset_refuse_ring"
        + (" ON asset" if op.get_bind().dialect.name == "postgresql" else "")
    )
