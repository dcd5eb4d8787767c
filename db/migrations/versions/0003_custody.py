"""Custody: handovers, loans and their signatures, and what custodians confirm"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import Json, SortText, UTCDateTime
from db.records import BigKey

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "handover",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("reference", SortText(), nullable=False),
        sa.Column("kind", SortText(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("workstation", sa.Text(), server_default="", nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=True),
        sa.Column("giver_name", SortText(), server_default="", nullable=False),
        sa.Column("taker_id", sa.Integer(), nullable=True),
        sa.Column("taker_name", SortText(), server_default="", nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("place_code", SortText(), server_default="", nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("reverses_id", BigKey, nullable=True),
        sa.Column("signed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("on_paper", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("signature", Json, server_default=sa.text("'[]'"), nullable=False),
        sa.CheckConstraint("(giver_id IS NULL) = (giver_name = '')", name=op.f("ck_handover_giver_named")),
        sa.CheckConstraint("(kind = 'lend') = (due_on IS NOT NULL)", name=op.f("ck_handover_loan_due")),
        sa.CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name=op.f("ck_handover_reverses_one")),
        sa.CheckConstraint("(place_id IS NULL) = (place_code = '')", name=op.f("ck_handover_place_named")),
        sa.CheckConstraint("(signed_at IS NULL) = (signed_by = '')", name=op.f("ck_handover_signed_by_somebody")),
        sa.CheckConstraint("(taker_id IS NULL) = (taker_name = '')", name=op.f("ck_handover_taker_named")),
        sa.CheckConstraint(
            "kind <> 'issue' OR taker_id IS NOT NULL OR place_id IS NOT NULL", name=op.f("ck_handover_issued_to")
        ),
        sa.CheckConstraint("kind <> 'return' OR place_id IS NOT NULL", name=op.f("ck_handover_returned_to")),
        sa.CheckConstraint(
            "kind IN ('issue', 'return', 'hand_over', 'lend', 'reversal')", name=op.f("ck_handover_kind")
        ),
        sa.CheckConstraint(
            "kind IN ('issue', 'return', 'reversal') OR taker_id IS NOT NULL", name=op.f("ck_handover_person_takes")
        ),
        sa.CheckConstraint("items > 0", name=op.f("ck_handover_items_counted")),
        sa.ForeignKeyConstraint(["giver_id"], ["person.id"], name=op.f("fk_handover_giver_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_handover_place_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["handover.id"], name=op.f("fk_handover_reverses_id")),
        sa.ForeignKeyConstraint(["taker_id"], ["person.id"], name=op.f("fk_handover_taker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint("reference", name=op.f("uq_handover_reference")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_handover_reverses_id")),
    )
    op.create_index("ix_handover_at_id", "handover", ["at", "id"], unique=False)
    op.create_index(op.f("ix_handover_giver_id"), "handover", ["giver_id"], unique=False)
    op.create_index("ix_handover_giver_name_id", "handover", ["giver_name", "id"], unique=False)
    op.create_index("ix_handover_kind_id", "handover", ["kind", "id"], unique=False)
    op.create_index("ix_handover_place_code_id", "handover", ["place_code", "id"], unique=False)
    op.create_index(op.f("ix_handover_place_id"), "handover", ["place_id"], unique=False)
    op.create_index(op.f("ix_handover_taker_id"), "handover", ["taker_id"], unique=False)
    op.create_index("ix_handover_taker_name_id", "handover", ["taker_name", "id"], unique=False)
    op.create_table(
        "handover_item",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("handover_id", BigKey, nullable=False),
        sa.Column("asset_id", BigKey, nullable=False),
        sa.Column("inventory_no", SortText(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("entity_code", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("tag_code", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("from_since", sa.Date(), nullable=True),
        sa.Column("from_person_id", sa.Integer(), nullable=True),
        sa.Column("from_name", sa.Text(), nullable=False),
        sa.Column("from_place_id", sa.Integer(), nullable=True),
        sa.Column("from_place", sa.Text(), nullable=False),
        sa.Column("from_due_on", sa.Date(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("to_since", sa.Date(), nullable=True),
        sa.Column("to_person_id", sa.Integer(), nullable=True),
        sa.Column("to_name", SortText(), nullable=False),
        sa.Column("to_place_id", sa.Integer(), nullable=True),
        sa.Column("to_place", sa.Text(), nullable=False),
        sa.Column("to_due_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "from_state IN ('in_store', 'in_service', 'on_loan', 'under_repair', 'missing', 'awaiting_disposal', 'disposed', 'taken_back')",
            name=op.f("ck_handover_item_from_state"),
        ),
        sa.CheckConstraint(
            "to_state IN ('in_store', 'in_service', 'on_loan', 'under_repair', 'missing', 'awaiting_disposal', 'disposed', 'taken_back')",
            name=op.f("ck_handover_item_to_state"),
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_handover_item_asset_id")),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name=op.f("fk_handover_item_handover_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_item")),
        sa.UniqueConstraint("handover_id", "asset_id", name=op.f("uq_handover_item_handover_id_asset_id")),
    )
    op.create_index("ix_handover_item_asset_id_id", "handover_item", ["asset_id", "id"], unique=False)
    op.create_index("ix_handover_item_inventory_no_id", "handover_item", ["inventory_no", "id"], unique=False)
    op.create_index("ix_handover_item_to_due_on_id", "handover_item", ["to_due_on", "id"], unique=False)
    op.create_index("ix_handover_item_to_name_id", "handover_item", ["to_name", "id"], unique=False)
    op.create_table(
        "custody_answer",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("asset_id", BigKey, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("inventory_no", sa.Text(), nullable=False),
        sa.CheckConstraint("answer <> 'disputed' OR note <> ''", name=op.f("ck_custody_answer_dispute_explained")),
        sa.CheckConstraint("answer IN ('confirmed', 'disputed')", name=op.f("ck_custody_answer_answer")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_custody_answer_asset_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_custody_answer_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_answer")),
    )
    op.create_index("ix_custody_answer_asset_id_id", "custody_answer", ["asset_id", "id"], unique=False)
    op.create_index(op.f("ix_custody_answer_person_id"), "custody_answer", ["person_id"], unique=False)


def downgrade() -> None:
    """Take this step back."""
    for table in ("custody_answer", "handover_item", "handover"):
        op.drop_table(table)
