"""Gate passes, disposal cases, and the policies of value"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import SortText, UTCDateTime
from db.records import BigKey

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "value_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("method", sa.Text(), server_default="straight_line", nullable=False),
        sa.Column("life_months", sa.Integer(), nullable=True),
        sa.Column("residual_bp", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("first_month", sa.Text(), server_default="full", nullable=False),
        sa.Column("last_month", sa.Text(), server_default="none", nullable=False),
        sa.Column("grouped", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("first_month IN ('full', 'half', 'next')", name=op.f("ck_value_policy_first_month")),
        sa.CheckConstraint("last_month IN ('none', 'half', 'full')", name=op.f("ck_value_policy_last_month")),
        sa.CheckConstraint("method IN ('straight_line', 'none')", name=op.f("ck_value_policy_method")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_value_policy_source_given")),
        sa.CheckConstraint("life_months IS NULL OR life_months BETWEEN 0 AND 1200", name=op.f("ck_value_policy_life")),
        sa.CheckConstraint("residual_bp BETWEEN 0 AND 10000", name=op.f("ck_value_policy_residual")),
        sa.ForeignKeyConstraint(["category_id"], ["property_category.id"], name=op.f("fk_value_policy_category_id")),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name=op.f("fk_value_policy_entity_id")),
        sa.CheckConstraint(
            "scope = coalesce(entity_id, 0) || '/' || coalesce(category_id, 0)", name=op.f("ck_value_policy_scope_told")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_policy")),
        sa.UniqueConstraint("scope", "valid_from", name=op.f("uq_value_policy_scope_valid_from")),
    )
    op.create_index(op.f("ix_value_policy_category_id"), "value_policy", ["category_id"], unique=False)
    op.create_index(op.f("ix_value_policy_entity_id"), "value_policy", ["entity_id"], unique=False)
    op.create_table(
        "exchange_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("currency", SortText(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("per_usd_micros", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("currency <> 'USD'", name=op.f("ck_exchange_rate_not_of_itself")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_exchange_rate_source_given")),
        sa.CheckConstraint("per_usd_micros > 0", name=op.f("ck_exchange_rate_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
        sa.UniqueConstraint("currency", "valid_from", name=op.f("uq_exchange_rate_currency_valid_from")),
    )
    op.create_table(
        "disposal_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", SortText(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", SortText(), server_default="open", nullable=False),
        sa.Column("review_from_cents", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("submitted_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("method", sa.Text(), server_default="", nullable=False),
        sa.Column("recipient", sa.Text(), server_default="", nullable=False),
        sa.Column("certificate", sa.Text(), server_default="", nullable=False),
        sa.Column("proceeds_cents", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("currency", sa.Text(), server_default="USD", nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("closed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "method IN ('', 'sold', 'donated', 'scrapped', 'traded_in', 'transferred', 'destroyed')",
            name=op.f("ck_disposal_case_method"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_disposal_case_reason_given")),
        sa.CheckConstraint(
            "state <> 'complete' OR (method <> '' AND done_on IS NOT NULL)",
            name=op.f("ck_disposal_case_complete_says_how"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'submitted', 'approved', 'refused', 'complete', 'cancelled')",
            name=op.f("ck_disposal_case_state"),
        ),
        sa.CheckConstraint("proceeds_cents >= 0", name=op.f("ck_disposal_case_proceeds_not_negative")),
        sa.CheckConstraint(
            "review_from_cents IS NULL OR review_from_cents >= 0", name=op.f("ck_disposal_case_review_from")
        ),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name=op.f("fk_disposal_case_entity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal_case")),
        sa.UniqueConstraint("reference", name=op.f("uq_disposal_case_reference")),
    )
    op.create_index(op.f("ix_disposal_case_entity_id"), "disposal_case", ["entity_id"], unique=False)
    op.create_index("ix_disposal_case_state_id", "disposal_case", ["state", "id"], unique=False)
    op.create_table(
        "disposal_item",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", BigKey, nullable=False),
        sa.Column("live", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("inventory_no", SortText(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), server_default="", nullable=False),
        sa.Column("state_before", sa.Text(), nullable=False),
        sa.Column("cost_cents", sa.BigInteger(), nullable=True),
        sa.Column("value_cents", sa.BigInteger(), nullable=True),
        sa.Column("valued_on", sa.Date(), nullable=False),
        sa.Column("added_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "condition IN ('', 'new', 'good', 'fair', 'poor', 'broken')", name=op.f("ck_disposal_item_condition")
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_disposal_item_asset_id")),
        sa.ForeignKeyConstraint(["case_id"], ["disposal_case.id"], name=op.f("fk_disposal_item_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal_item")),
    )
    op.create_index("ix_disposal_item_case_id_id", "disposal_item", ["case_id", "id"], unique=False)
    op.create_index(
        "uq_disposal_item_asset_id",
        "disposal_item",
        ["asset_id"],
        unique=True,
        sqlite_where=sa.text("live"),
        postgresql_where=sa.text("live"),
    )
    op.create_table(
        "disposal_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("last_item_id", sa.BigInteger(), nullable=False),
        sa.Column("remarks", sa.Text(), server_default="", nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("body <> ''", name=op.f("ck_disposal_decision_body_named")),
        sa.CheckConstraint(
            "decision IN ('approved', 'refused', 'deferred')", name=op.f("ck_disposal_decision_decision")
        ),
        sa.CheckConstraint("minutes <> ''", name=op.f("ck_disposal_decision_minutes_given")),
        sa.ForeignKeyConstraint(["case_id"], ["disposal_case.id"], name=op.f("fk_disposal_decision_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal_decision")),
    )
    op.create_index("ix_disposal_decision_case_id_id", "disposal_decision", ["case_id", "id"], unique=False)
    op.create_table(
        "gate_pass",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", SortText(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("bearer", SortText(), nullable=False),
        sa.Column("purpose", sa.Text(), server_default="", nullable=False),
        sa.Column("destination", sa.Text(), server_default="", nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("return_on", sa.Date(), nullable=True),
        sa.Column("issued_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("cancelled_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("cancelled_why", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("(cancelled_at IS NULL) = (cancelled_why = '')", name=op.f("ck_gate_pass_cancelled_why")),
        sa.CheckConstraint("bearer <> ''", name=op.f("ck_gate_pass_bearer_named")),
        sa.CheckConstraint("return_on IS NULL OR return_on >= valid_until", name=op.f("ck_gate_pass_dates_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_gate_pass_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_pass")),
        sa.UniqueConstraint("reference", name=op.f("uq_gate_pass_reference")),
    )
    op.create_index(op.f("ix_gate_pass_person_id"), "gate_pass", ["person_id"], unique=False)
    op.create_index("ix_gate_pass_return_on", "gate_pass", ["return_on"], unique=False)
    op.create_table(
        "gate_line",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("pass_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("asset_id", BigKey, nullable=True),
        sa.Column("inventory_no", sa.Text(), server_default="", nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), server_default="", nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("count", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("state", sa.Text(), server_default="listed", nullable=False),
        sa.CheckConstraint("description <> ''", name=op.f("ck_gate_line_description_given")),
        sa.CheckConstraint("state IN ('listed', 'out', 'in')", name=op.f("ck_gate_line_state")),
        sa.CheckConstraint("asset_id IS NULL OR count = 1", name=op.f("ck_gate_line_asset_is_one")),
        sa.CheckConstraint("count >= 1", name=op.f("ck_gate_line_count_positive")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_gate_line_asset_id")),
        sa.ForeignKeyConstraint(["pass_id"], ["gate_pass.id"], name=op.f("fk_gate_line_pass_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_line")),
        sa.UniqueConstraint("pass_id", "asset_id", name=op.f("uq_gate_line_pass_id_asset_id")),
        sa.UniqueConstraint("pass_id", "position", name=op.f("uq_gate_line_pass_id_position")),
    )
    op.create_index(
        "uq_gate_line_asset_id",
        "gate_line",
        ["asset_id"],
        unique=True,
        sqlite_where=sa.text("state = 'out'"),
        postgresql_where=sa.text("state = 'out'"),
    )
    op.create_table(
        "gate_event",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("line_id", BigKey, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("workstation", sa.Text(), nullable=False),
        sa.CheckConstraint("what IN ('out', 'in', 'out_taken_back', 'in_taken_back')", name=op.f("ck_gate_event_what")),
        sa.ForeignKeyConstraint(["line_id"], ["gate_line.id"], name=op.f("fk_gate_event_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_event")),
    )
    op.create_index("ix_gate_event_line_id_id", "gate_event", ["line_id", "id"], unique=False)


def downgrade() -> None:
    """Take this step back."""
    for table in (
        "gate_event",
        "gate_line",
        "gate_pass",
        "disposal_decision",
        "disposal_item",
        "disposal_case",
        "exchange_rate",
        "value_policy",
    ):
        op.drop_table(table)
