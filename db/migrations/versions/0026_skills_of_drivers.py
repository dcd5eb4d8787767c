"""What drivers must have: the licence class and skills of a vehicle, the languages and skills a request asks for"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ADDED = (("vehicle", "licence"), ("vehicle", "driver_needs"), ("trip_request", "driver_needs"))


def upgrade() -> None:
    """Apply this step."""
    for table, column in ADDED:
        op.add_column(table, sa.Column(column, sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Take this step back: on a file the rules that ask for the licence class go first (`db.triggers` has the list)."""
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("insert", "update"):
            op.execute(f"DROP TRIGGER IF EXISTS tr_trip_refuse_licence_{deed}")
    for table, column in ADDED:
        op.drop_column(table, column)
