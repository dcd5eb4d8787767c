"""Languages, cars, no-shows and planned ends of bookings; a ceiling of parked cars; the order of ranks by date"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import Json, UTCDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_KINDS = {True: "kind IN ('people', 'gate', 'parking')", False: "kind IN ('people', 'gate')"}


def upgrade() -> None:
    """Apply this step."""
    op.add_column("booking", sa.Column("languages", sa.Text(), server_default="", nullable=False))
    op.add_column("booking", sa.Column("equipment", sa.Text(), server_default="", nullable=False))
    op.add_column("booking", sa.Column("cars", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("booking", sa.Column("no_show", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("booking", sa.Column("planned_ends", UTCDateTime(timezone=True), nullable=True))
    op.create_table(
        "rank_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("ranks", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rank_order")),
        sa.UniqueConstraint("valid_from", name=op.f("uq_rank_order_valid_from")),
    )
    _ceilings(parking=True)


def downgrade() -> None:
    """Take this step back."""
    _ceilings(parking=False)
    op.drop_table("rank_order")
    for column in ("planned_ends", "no_show", "cars", "equipment", "languages"):
        op.drop_column("booking", column)


def _ceilings(*, parking: bool) -> None:
    """Let a ceiling be one of parked cars too, or no longer; nothing else refers to a ceiling."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_site_ceiling_kind"), "site_ceiling", type_="check")
        op.create_check_constraint(op.f("ck_site_ceiling_kind"), "site_ceiling", _KINDS[parking])
        return
    op.execute("ALTER TABLE site_ceiling RENAME TO site_ceiling_before")
    op.create_table(
        "site_ceiling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("ceiling", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("ceiling >= 0", name=op.f("ck_site_ceiling_ceiling_not_negative")),
        sa.CheckConstraint(_KINDS[parking], name=op.f("ck_site_ceiling_kind")),
        sa.CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_site_ceiling_dates_in_order")),
        sa.ForeignKeyConstraint(["building_id"], ["place.id"], name=op.f("fk_site_ceiling_building_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_ceiling")),
    )
    op.execute(
        "INSERT INTO site_ceiling (id, kind, building_id, ceiling, valid_from, valid_to) "
        "SELECT id, kind, building_id, ceiling, valid_from, valid_to FROM site_ceiling_before"
    )
    op.drop_table("site_ceiling_before")
