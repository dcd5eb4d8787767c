"""Custom fields of categories, service plans and repairs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import Json, SortText, UTCDateTime
from db.records import BigKey

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "category_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("key", SortText(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("least", sa.Double(), nullable=True),
        sa.Column("most", sa.Double(), nullable=True),
        sa.Column("choices", Json, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("required", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("retired_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "kind = 'number' OR (least IS NULL AND most IS NULL)", name=op.f("ck_category_field_bounds_of_number")
        ),
        sa.CheckConstraint("key <> '' AND key = lower(key)", name=op.f("ck_category_field_key_given")),
        sa.CheckConstraint(
            "kind IN ('text', 'number', 'date', 'yes_no', 'choice')", name=op.f("ck_category_field_kind")
        ),
        sa.CheckConstraint("label <> ''", name=op.f("ck_category_field_label_given")),
        sa.CheckConstraint("least <= most", name=op.f("ck_category_field_bounds_in_order")),
        sa.CheckConstraint("unit = '' OR kind = 'number'", name=op.f("ck_category_field_unit_of_number")),
        sa.ForeignKeyConstraint(["category_id"], ["property_category.id"], name=op.f("fk_category_field_category_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_field")),
        sa.UniqueConstraint("category_id", "key", name=op.f("uq_category_field_category_id_key")),
    )
    _add_maintenance()
    # What is under repair already began its repair when it came into that state.
    op.execute(
        "INSERT INTO asset_repair (asset_id, began_on) SELECT id, coalesce(state_since, CURRENT_DATE) FROM asset "
        "WHERE state = 'under_repair'"
    )


def _add_maintenance() -> None:
    op.create_table(
        "service_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asset_id", BigKey, nullable=False),
        sa.Column("name", SortText(), nullable=False),
        sa.Column("every_months", sa.Integer(), nullable=True),
        sa.Column("next_due", sa.Date(), nullable=False),
        sa.Column("supplier", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("ended", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("every_months BETWEEN 1 AND 240", name=op.f("ck_service_plan_rhythm")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_service_plan_name_given")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_service_plan_asset_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_plan")),
    )
    op.create_index(op.f("ix_service_plan_asset_id"), "service_plan", ["asset_id"], unique=False)
    op.create_index("ix_service_plan_name_id", "service_plan", ["name", "id"], unique=False)
    op.create_index("ix_service_plan_next_due_id", "service_plan", ["next_due", "id"], unique=False)
    op.create_table(
        "service_done",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", BigKey, nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("due_before", sa.Date(), nullable=False),
        sa.Column("supplier", sa.Text(), server_default="", nullable=False),
        sa.Column("cost_cents", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("currency", sa.Text(), server_default="USD", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("taken_back", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("cost_cents >= 0", name=op.f("ck_service_done_cost_not_negative")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_service_done_asset_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["service_plan.id"], name=op.f("fk_service_done_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_done")),
    )
    op.create_index(op.f("ix_service_done_asset_id"), "service_done", ["asset_id"], unique=False)
    op.create_index(op.f("ix_service_done_plan_id"), "service_done", ["plan_id"], unique=False)
    op.create_table(
        "asset_repair",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("asset_id", BigKey, nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("fault", sa.Text(), server_default="", nullable=False),
        sa.Column("supplier", sa.Text(), server_default="", nullable=False),
        sa.Column("cost_cents", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("currency", sa.Text(), server_default="USD", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("cost_cents >= 0", name=op.f("ck_asset_repair_cost_not_negative")),
        sa.CheckConstraint("ended_on >= began_on", name=op.f("ck_asset_repair_days_in_order")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_asset_repair_asset_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_repair")),
    )
    op.create_index("ix_asset_repair_asset_id_id", "asset_repair", ["asset_id", "id"], unique=False)
    op.create_index("ix_asset_repair_began_on_id", "asset_repair", ["began_on", "id"], unique=False)
    op.create_index(
        "uq_asset_repair_asset_id",
        "asset_repair",
        ["asset_id"],
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )


def downgrade() -> None:
    """Take this step back."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("begins", "entered", "ends"):
            op.execute(f"DROP TRIGGER IF EXISTS tr_asset_repair_{name}")
        for name in ("custom", "custom_change"):
            op.execute(f"DROP TRIGGER IF EXISTS tr_asset_refuse_{name}")
    else:
        for name in ("tr_asset_repair_entered", "tr_asset_repair_follows", "tr_asset_refuse_custom"):
            op.execute(f"DROP TRIGGER IF EXISTS {name} ON asset")
    for name in ("asset_repair", "service_done", "service_plan", "category_field"):
        op.drop_table(name)
