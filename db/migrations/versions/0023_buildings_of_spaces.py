"""Spaces stand in the building around their door, which the database sees to; how many of a meeting are visitors"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_STEP = "SELECT p.id, p.parent_id, p.place_kind"
_AROUND = (
    f"(WITH RECURSIVE up (id, parent_id, place_kind, steps) AS ({_STEP}, 0 FROM space_door AS d "
    "JOIN place AS p ON p.id = d.place_id WHERE d.space_id = conference_space.id "
    f"UNION ALL {_STEP}, up.steps + 1 FROM up JOIN place AS p ON p.id = up.parent_id WHERE up.steps < 30) "
    "SELECT up.id FROM up WHERE up.place_kind = 'building' ORDER BY up.steps LIMIT 1)"
)


def upgrade() -> None:
    """Apply this step: a file of places, or a change of a place's kind, may have left a space in another building."""
    op.add_column("booking", sa.Column("visitors", sa.Integer(), server_default=sa.text("0"), nullable=False))
    server = op.get_bind().dialect.name == "postgresql"
    if server:
        op.execute("ALTER TABLE conference_space DISABLE TRIGGER USER")
    else:
        op.execute("DROP TRIGGER IF EXISTS tr_conference_space_refuse_move")  # the list of triggers puts it back
    other = "IS DISTINCT FROM" if server else "IS NOT"
    op.execute(
        f"UPDATE conference_space SET building_id = {_AROUND} WHERE id IN (SELECT space_id FROM space_door) "
        f"AND building_id {other} {_AROUND}"
    )
    if server:
        op.execute("ALTER TABLE conference_space ENABLE TRIGGER USER")


def downgrade() -> None:
    """Take this step back: where a space stands is true as it is. Only the triggers of the newer step go."""
    server = op.get_bind().dialect.name == "postgresql"
    for name, table in (("tr_place_doors", "place"), ("tr_space_door_building", "space_door")):
        if server:
            op.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
    if not server:
        for name in ("tr_place_doors", "tr_space_door_building_insert", "tr_space_door_building_update",
                     "tr_space_door_building_delete", "tr_conference_space_refuse_door",
                     "tr_booking_refuse_rule_4_insert", "tr_booking_refuse_rule_4_update"):  # fmt: skip
            op.execute(f"DROP TRIGGER IF EXISTS {name}")
    op.drop_column("booking", "visitors")
