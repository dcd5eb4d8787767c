"""Physical verification: campaigns, their frozen lists, what was counted, and their rooms"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import Json, SortText, UTCDateTime
from db.records import BigKey

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", SortText(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scope", Json, nullable=False),
        sa.Column("opened_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("closed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by = '')", name=op.f("ck_campaign_closed_by_somebody")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_campaign_name_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("reference", name=op.f("uq_campaign_reference")),
    )
    op.create_table(
        "campaign_room",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place_code", SortText(), nullable=False),
        sa.Column("building", SortText(), server_default="", nullable=False),
        sa.Column("floor", SortText(), server_default="", nullable=False),
        sa.Column("expected", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("counting_by", sa.Text(), server_default="", nullable=False),
        sa.Column("counting_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("finished_by", sa.Text(), server_default="", nullable=False),
        sa.Column("finished_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_at", UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expected >= 0", name=op.f("ck_campaign_room_expected_counted")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_room_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "place_id", name=op.f("pk_campaign_room")),
    )
    op.create_table(
        "campaign_count",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("workstation", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("asset_id", BigKey, nullable=True),
        sa.Column("by_number", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("condition", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("listed_code", sa.Text(), server_default="", nullable=False),
        sa.Column("before_id", BigKey, nullable=True),
        sa.Column("reprint_id", BigKey, nullable=True),
        sa.Column("undoes_id", BigKey, nullable=True),
        sa.CheckConstraint(
            "(what = 'taken_back') = (undoes_id IS NOT NULL)", name=op.f("ck_campaign_count_undoes_one")
        ),
        sa.CheckConstraint(
            "condition IN ('', 'new', 'good', 'fair', 'poor', 'broken')", name=op.f("ck_campaign_count_condition")
        ),
        sa.CheckConstraint(
            "what IN ('here', 'elsewhere', 'not_expected', 'unknown', 'exception', 'missing', 'taken_back')",
            name=op.f("ck_campaign_count_what"),
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_campaign_count_asset_id")),
        sa.ForeignKeyConstraint(["before_id"], ["campaign_count.id"], name=op.f("fk_campaign_count_before_id")),
        sa.ForeignKeyConstraint(
            ["campaign_id", "room_id"],
            ["campaign_room.campaign_id", "campaign_room.place_id"],
            name="fk_campaign_count_room",
        ),
        sa.ForeignKeyConstraint(["undoes_id"], ["campaign_count.id"], name=op.f("fk_campaign_count_undoes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_count")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_campaign_count_undoes_id")),
    )
    op.create_index("ix_campaign_count_asset", "campaign_count", ["campaign_id", "asset_id", "id"], unique=False)
    op.create_index("ix_campaign_count_room", "campaign_count", ["campaign_id", "room_id", "id"], unique=False)
    op.create_table(
        "campaign_item",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", BigKey, nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("inventory_no", SortText(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("entity_code", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("place_code", sa.Text(), nullable=False),
        sa.Column("custodian_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_campaign_item_asset_id")),
        sa.ForeignKeyConstraint(
            ["campaign_id", "room_id"],
            ["campaign_room.campaign_id", "campaign_room.place_id"],
            name="fk_campaign_item_room",
        ),
        sa.PrimaryKeyConstraint("campaign_id", "asset_id", name=op.f("pk_campaign_item")),
    )
    op.create_index("ix_campaign_item_campaign_id_room_id", "campaign_item", ["campaign_id", "room_id"], unique=False)


def downgrade() -> None:
    """Take this step back."""
    for table in ("campaign_item", "campaign_count", "campaign_room", "campaign"):
        op.drop_table(table)
