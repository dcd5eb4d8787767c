"""Where the door of a conference space is, and what is built into it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("conference_space", sa.Column("equipment", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "space_door",
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_space_door_place_id")),
        sa.ForeignKeyConstraint(["space_id"], ["conference_space.id"], name=op.f("fk_space_door_space_id")),
        sa.PrimaryKeyConstraint("space_id", name=op.f("pk_space_door")),
    )
    op.create_index("ix_space_door_place_id", "space_door", ["place_id"], unique=False)


def downgrade() -> None:
    """Take this step back."""
    op.drop_table("space_door")
    op.drop_column("conference_space", "equipment")
