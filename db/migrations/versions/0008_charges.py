"""Charges: what services cost their entities"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import SortText, UTCDateTime
from db.records import BigKey

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "charge",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("charged_on", sa.Date(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("entity_code", SortText(), nullable=False),
        sa.Column("desk", SortText(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("subject", SortText(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("quantity_milli", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("rate_e4", sa.BigInteger(), nullable=False),
        sa.Column("rate_row", sa.Text(), nullable=False),
        sa.Column("rate_source", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", SortText(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("reverses_id", BigKey, nullable=True),
        sa.CheckConstraint("rate_source <> ''", name=op.f("ck_charge_source_given")),
        sa.CheckConstraint("reverses_id IS NULL OR reason <> ''", name=op.f("ck_charge_reversal_says_why")),
        sa.CheckConstraint(
            "what <> '' AND unit <> '' AND desk <> '' AND subject_kind <> ''", name=op.f("ck_charge_told")
        ),
        sa.CheckConstraint(
            "(quantity_milli > 0 AND amount_cents = (quantity_milli * rate_e4 + 50000) / 100000) OR (quantity_milli < 0 AND amount_cents = (quantity_milli * rate_e4 - 50000) / 100000)",
            name=op.f("ck_charge_amount_follows"),
        ),
        sa.CheckConstraint("(reverses_id IS NULL) = (quantity_milli > 0)", name=op.f("ck_charge_reversal_is_negative")),
        sa.CheckConstraint("length(currency) = 3 AND currency = upper(currency)", name=op.f("ck_charge_currency")),
        sa.CheckConstraint("quantity_milli <> 0 AND abs(quantity_milli) <= 100000000", name=op.f("ck_charge_quantity")),
        sa.CheckConstraint("rate_e4 >= 0 AND rate_e4 / 10000 <= 9000000", name=op.f("ck_charge_rate")),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name=op.f("fk_charge_entity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_charge_reverses_id")),
    )
    op.create_index("ix_charge_charged_on_id", "charge", ["charged_on", "id"], unique=False)
    op.create_index("ix_charge_entity_id_charged_on", "charge", ["entity_id", "charged_on", "id"], unique=False)
    op.create_index("ix_charge_subject", "charge", ["subject_kind", "subject_id", "id"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        # Beside the triggers: whoever the program works as has no right to change or take away a charge.
        op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON charge FROM PUBLIC, CURRENT_USER")


def downgrade() -> None:
    """Take this step back."""
    op.drop_table("charge")
