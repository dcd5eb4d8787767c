"""Toys"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import SortText

revision = "NEXT"
down_revision = "NEWEST"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "toy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", SortText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_toy_name_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_toy")),
        sa.UniqueConstraint("name", name=op.f("uq_toy_name")),
    )
