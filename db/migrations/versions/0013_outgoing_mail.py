"""Outgoing mail and the pouch: rates, manifests, bags"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import SortText, UTCDateTime
from db.records import BigKey

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "mail_carrier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", SortText(), nullable=False),
        sa.Column("account", sa.Text(), server_default="", nullable=False),
        sa.Column("pickup", sa.Text(), server_default="", nullable=False),
        sa.Column("gone_at", UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_mail_carrier_name_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_carrier")),
        sa.UniqueConstraint("name", name=op.f("uq_mail_carrier_name")),
    )
    op.create_table(
        "mail_pouch_destination",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", SortText(), nullable=False),
        sa.Column("name", SortText(), nullable=False),
        sa.Column("gone_at", UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("code <> '' AND name <> ''", name=op.f("ck_mail_pouch_destination_named")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_pouch_destination")),
        sa.UniqueConstraint("code", name=op.f("uq_mail_pouch_destination_code")),
    )
    op.create_table(
        "mail_bag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", SortText(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("destination_id", sa.Integer(), nullable=False),
        sa.Column("destination", SortText(), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("cut_off_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("limit_g", sa.Integer(), nullable=False),
        sa.Column("package_most_g", sa.Integer(), nullable=False),
        sa.Column("their_number", SortText(), server_default="", nullable=False),
        sa.Column("seal", sa.Text(), server_default="", nullable=False),
        sa.Column("certified_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("certified_by", sa.Text(), server_default="", nullable=False),
        sa.Column("sealed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("dispatched_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("carried_by", sa.Text(), server_default="", nullable=False),
        sa.Column("carried_kind", sa.Text(), server_default="", nullable=False),
        sa.Column("carried_id", sa.BigInteger(), nullable=True),
        sa.Column("arrived_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("seal_found", sa.Text(), server_default="", nullable=False),
        sa.Column("confirmed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(certified_at IS NULL) = (certified_by = '')", name=op.f("ck_mail_bag_certified_by_somebody")
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by = '')", name=op.f("ck_mail_bag_confirmed_by_somebody")
        ),
        sa.CheckConstraint(
            "arrived_at IS NULL OR (direction = 'in' AND seal_found <> '')", name=op.f("ck_mail_bag_seal_looked_at")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR (direction = 'out' AND dispatched_at IS NOT NULL) OR arrived_at IS NOT NULL",
            name=op.f("ck_mail_bag_confirmed_after_the_way"),
        ),
        sa.CheckConstraint(
            "direction = 'in' OR sealed_at IS NULL OR certified_at IS NOT NULL",
            name=op.f("ck_mail_bag_certified_first"),
        ),
        sa.CheckConstraint("direction IN ('out', 'in')", name=op.f("ck_mail_bag_direction")),
        sa.CheckConstraint("dispatched_at IS NULL OR carried_by <> ''", name=op.f("ck_mail_bag_carried_by_somebody")),
        sa.CheckConstraint(
            "seal_found IN ('', 'intact', 'broken', 'missing', 'other')", name=op.f("ck_mail_bag_seal_found")
        ),
        sa.CheckConstraint("sealed_at IS NULL OR seal <> ''", name=op.f("ck_mail_bag_sealed_with_a_seal")),
        sa.CheckConstraint("dispatched_at IS NULL OR sealed_at IS NOT NULL", name=op.f("ck_mail_bag_sealed_first")),
        sa.CheckConstraint("limit_g > 0 AND package_most_g > 0", name=op.f("ck_mail_bag_limits_positive")),
        sa.ForeignKeyConstraint(
            ["destination_id"], ["mail_pouch_destination.id"], name=op.f("fk_mail_bag_destination_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_bag")),
        sa.UniqueConstraint("number", name=op.f("uq_mail_bag_number")),
    )
    op.create_index("ix_mail_bag_cut_off_at_id", "mail_bag", ["cut_off_at", "id"], unique=False)
    op.create_index("ix_mail_bag_number_id", "mail_bag", ["number", "id"], unique=False)
    op.create_table(
        "mail_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("item_class", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("up_to_g", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("price_cents", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("insured_up_to_cents", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("insurance_bp", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "insured_up_to_cents = 0 OR currency = 'USD'", name=op.f("ck_mail_rate_insurance_in_dollars")
        ),
        sa.CheckConstraint(
            "item_class IN ('ordinary', 'registered', 'insured', 'express', 'parcel')",
            name=op.f("ck_mail_rate_item_class"),
        ),
        sa.CheckConstraint("source <> ''", name=op.f("ck_mail_rate_source_given")),
        sa.CheckConstraint(
            "insured_up_to_cents >= 0 AND insurance_bp >= 0", name=op.f("ck_mail_rate_insurance_not_negative")
        ),
        sa.CheckConstraint("length(currency) = 3 AND currency = upper(currency)", name=op.f("ck_mail_rate_currency")),
        sa.CheckConstraint("price_cents IS NULL OR price_cents >= 0", name=op.f("ck_mail_rate_price_not_negative")),
        sa.CheckConstraint("up_to_g > 0", name=op.f("ck_mail_rate_weight_positive")),
        sa.ForeignKeyConstraint(["carrier_id"], ["mail_carrier.id"], name=op.f("fk_mail_rate_carrier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_rate")),
        sa.UniqueConstraint("carrier_id", "item_class", "zone", "up_to_g", "valid_from", name="uq_mail_rate_row"),
    )
    op.create_table(
        "mail_bag_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", SortText(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("closed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome = '')", name=op.f("ck_mail_bag_case_closed_with_outcome")),
        sa.CheckConstraint(
            "what IN ('seal_broken', 'seal_missing', 'seal_other', 'count')", name=op.f("ck_mail_bag_case_what")
        ),
        sa.ForeignKeyConstraint(["bag_id"], ["mail_bag.id"], name=op.f("fk_mail_bag_case_bag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_bag_case")),
        sa.UniqueConstraint("number", name=op.f("uq_mail_bag_case_number")),
    )
    op.create_index("ix_mail_bag_case_bag_id", "mail_bag_case", ["bag_id", "id"], unique=False)
    op.create_table(
        "mail_manifest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", SortText(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("carrier", SortText(), nullable=False),
        sa.Column("pickup_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("collected_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("proof_id", BigKey, nullable=True),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by = '')", name=op.f("ck_mail_manifest_closed_by_somebody")),
        sa.CheckConstraint(
            "(collected_at IS NULL) = (proof_id IS NULL)", name=op.f("ck_mail_manifest_collected_by_signature")
        ),
        sa.CheckConstraint(
            "collected_at IS NULL OR closed_at IS NOT NULL", name=op.f("ck_mail_manifest_collected_when_closed")
        ),
        sa.ForeignKeyConstraint(["carrier_id"], ["mail_carrier.id"], name=op.f("fk_mail_manifest_carrier_id")),
        sa.ForeignKeyConstraint(["proof_id"], ["mail_proof.id"], name=op.f("fk_mail_manifest_proof_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_manifest")),
        sa.UniqueConstraint("number", name=op.f("uq_mail_manifest_number")),
    )
    op.create_index("ix_mail_manifest_number_id", "mail_manifest", ["number", "id"], unique=False)
    op.create_index("ix_mail_manifest_pickup_at_id", "mail_manifest", ["pickup_at", "id"], unique=False)
    op.create_table(
        "mail_outgoing",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("number", SortText(), nullable=False),
        sa.Column("handed_in_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("handed_in_by", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("entity_code", SortText(), nullable=False),
        sa.Column("purpose", sa.Text(), server_default="", nullable=False),
        sa.Column("item_class", SortText(), server_default="ordinary", nullable=False),
        sa.Column("secret_recipient", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("country", SortText(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("secret_contents", sa.Text(), server_default="", nullable=False),
        sa.Column("weight_g", sa.Integer(), nullable=False),
        sa.Column("size_mm", sa.Text(), server_default="", nullable=False),
        sa.Column("declared_cents", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=True),
        sa.Column("carrier", SortText(), server_default="", nullable=False),
        sa.Column("carrier_number", SortText(), server_default="", nullable=False),
        sa.Column("rate_id", sa.Integer(), nullable=True),
        sa.Column("price_cents", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("state", SortText(), server_default="new", nullable=False),
        sa.Column("state_since", UTCDateTime(timezone=True), nullable=True),
        sa.Column("holder", sa.Text(), server_default="", nullable=False),
        sa.Column("manifest_id", sa.Integer(), nullable=True),
        sa.Column("bag_id", sa.Integer(), nullable=True),
        sa.Column("last_event_id", BigKey, nullable=True),
        sa.CheckConstraint(
            "item_class IN ('ordinary', 'registered', 'insured', 'express', 'parcel')",
            name=op.f("ck_mail_outgoing_item_class"),
        ),
        sa.CheckConstraint("secret_recipient <> ''", name=op.f("ck_mail_outgoing_recipient_given")),
        sa.CheckConstraint(
            "state IN ('new', 'handed_in', 'manifested', 'collected', 'bagged', 'dispatched', 'delivered', 'returned', 'lost', 'withdrawn')",
            name=op.f("ck_mail_outgoing_state"),
        ),
        sa.CheckConstraint("way = 'carrier' OR carrier_id IS NULL", name=op.f("ck_mail_outgoing_pouch_has_no_carrier")),
        sa.CheckConstraint("way IN ('carrier', 'pouch')", name=op.f("ck_mail_outgoing_way")),
        sa.CheckConstraint(
            "(carrier_id IS NULL) = (price_cents IS NULL)", name=op.f("ck_mail_outgoing_carrier_with_price")
        ),
        sa.CheckConstraint("(carrier_id IS NULL) = (rate_id IS NULL)", name=op.f("ck_mail_outgoing_carrier_with_rate")),
        sa.CheckConstraint("declared_cents >= 0", name=op.f("ck_mail_outgoing_declared_not_negative")),
        sa.CheckConstraint("weight_g > 0", name=op.f("ck_mail_outgoing_weight_positive")),
        sa.ForeignKeyConstraint(["bag_id"], ["mail_bag.id"], name=op.f("fk_mail_outgoing_bag_id")),
        sa.ForeignKeyConstraint(["carrier_id"], ["mail_carrier.id"], name=op.f("fk_mail_outgoing_carrier_id")),
        sa.ForeignKeyConstraint(
            ["entity_id", "entity_code"],
            ["entity.id", "entity.code"],
            name="fk_mail_outgoing_entity",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["manifest_id"], ["mail_manifest.id"], name=op.f("fk_mail_outgoing_manifest_id")),
        sa.ForeignKeyConstraint(["rate_id"], ["mail_rate.id"], name=op.f("fk_mail_outgoing_rate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_outgoing")),
        sa.UniqueConstraint("number", name=op.f("uq_mail_outgoing_number")),
    )
    op.create_index("ix_mail_outgoing_bag_id", "mail_outgoing", ["bag_id", "id"], unique=False)
    op.create_index("ix_mail_outgoing_carrier_number", "mail_outgoing", ["carrier_number"], unique=False)
    op.create_index("ix_mail_outgoing_entity_code_id", "mail_outgoing", ["entity_code", "id"], unique=False)
    op.create_index("ix_mail_outgoing_handed_in_at_id", "mail_outgoing", ["handed_in_at", "id"], unique=False)
    op.create_index("ix_mail_outgoing_manifest_id", "mail_outgoing", ["manifest_id", "id"], unique=False)
    op.create_index("ix_mail_outgoing_number_id", "mail_outgoing", ["number", "id"], unique=False)
    op.create_index(
        "ix_mail_outgoing_state_handed_in_at_id", "mail_outgoing", ["state", "handed_in_at", "id"], unique=False
    )
    op.create_table(
        "mail_bag_line",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=False),
        sa.Column("outgoing_id", BigKey, nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("secret_addressee", sa.Text(), server_default="", nullable=False),
        sa.Column("secret_contents", sa.Text(), server_default="", nullable=False),
        sa.Column("weight_g", sa.Integer(), nullable=False),
        sa.Column("found", sa.Text(), server_default="", nullable=False),
        sa.Column("counted_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("item_id", BigKey, nullable=True),
        sa.CheckConstraint("found IN ('', 'here', 'missing', 'extra')", name=op.f("ck_mail_bag_line_found")),
        sa.CheckConstraint("reference <> ''", name=op.f("ck_mail_bag_line_reference_given")),
        sa.CheckConstraint(
            "weight_g > 0 OR (found = 'extra' AND weight_g = 0)", name=op.f("ck_mail_bag_line_weight_positive")
        ),
        sa.ForeignKeyConstraint(["bag_id"], ["mail_bag.id"], name=op.f("fk_mail_bag_line_bag_id")),
        sa.ForeignKeyConstraint(["item_id"], ["mail_item.id"], name=op.f("fk_mail_bag_line_item_id")),
        sa.ForeignKeyConstraint(["outgoing_id"], ["mail_outgoing.id"], name=op.f("fk_mail_bag_line_outgoing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_bag_line")),
        sa.UniqueConstraint("bag_id", "reference", name="uq_mail_bag_line_reference"),
        sa.UniqueConstraint("outgoing_id", name=op.f("uq_mail_bag_line_outgoing_id")),
    )
    op.create_table(
        "mail_manifest_line",
        sa.Column("outgoing_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("manifest_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("item_class", sa.Text(), nullable=False),
        sa.Column("weight_g", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["manifest_id"], ["mail_manifest.id"], name=op.f("fk_mail_manifest_line_manifest_id")),
        sa.ForeignKeyConstraint(["outgoing_id"], ["mail_outgoing.id"], name=op.f("fk_mail_manifest_line_outgoing_id")),
        sa.PrimaryKeyConstraint("outgoing_id", name=op.f("pk_mail_manifest_line")),
    )
    op.create_index(
        "ix_mail_manifest_line_manifest_id", "mail_manifest_line", ["manifest_id", "outgoing_id"], unique=False
    )
    op.create_table(
        "mail_outgoing_event",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("item_id", BigKey, nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("workstation", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("from_hand", sa.Text(), server_default="", nullable=False),
        sa.Column("to_hand", sa.Text(), server_default="", nullable=False),
        sa.Column("manifest_id", sa.Integer(), nullable=True),
        sa.Column("bag_id", sa.Integer(), nullable=True),
        sa.Column("proof_id", BigKey, nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(bag_id IS NOT NULL) = (state IN ('bagged', 'dispatched', 'delivered'))",
            name=op.f("ck_mail_outgoing_event_in_a_bag"),
        ),
        sa.CheckConstraint(
            "(before || '>' || what || '>' || state) IN ('new>hand_in>handed_in', 'handed_in>withdraw>withdrawn', 'handed_in>list>manifested', 'manifested>unlist>handed_in', 'manifested>collect>collected', 'handed_in>pack>bagged', 'bagged>unpack>handed_in', 'bagged>dispatch>dispatched', 'dispatched>deliver>delivered', 'handed_in>give_back>returned', 'collected>give_back>returned', 'dispatched>give_back>returned', 'handed_in>lose>lost', 'collected>lose>lost', 'dispatched>lose>lost')",
            name=op.f("ck_mail_outgoing_event_move"),
        ),
        sa.CheckConstraint(
            "(manifest_id IS NOT NULL) = (state IN ('manifested', 'collected'))",
            name=op.f("ck_mail_outgoing_event_on_a_manifest"),
        ),
        sa.CheckConstraint(
            "NOT (what IN ('withdraw', 'give_back', 'lose')) OR reason <> ''",
            name=op.f("ck_mail_outgoing_event_reason_given"),
        ),
        sa.ForeignKeyConstraint(["bag_id"], ["mail_bag.id"], name=op.f("fk_mail_outgoing_event_bag_id")),
        sa.ForeignKeyConstraint(["item_id"], ["mail_outgoing.id"], name=op.f("fk_mail_outgoing_event_item_id")),
        sa.ForeignKeyConstraint(["manifest_id"], ["mail_manifest.id"], name=op.f("fk_mail_outgoing_event_manifest_id")),
        sa.ForeignKeyConstraint(["proof_id"], ["mail_proof.id"], name=op.f("fk_mail_outgoing_event_proof_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_outgoing_event")),
    )
    op.create_index("ix_mail_outgoing_event_item_id_id", "mail_outgoing_event", ["item_id", "id"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        # Beside the triggers: whoever the program works as has no right to change or take away an event.
        op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON mail_outgoing_event FROM PUBLIC, CURRENT_USER")


def downgrade() -> None:
    """Take this step back."""
    for table in (
        "mail_bag_line",
        "mail_bag_case",
        "mail_outgoing_event",
        "mail_manifest_line",
        "mail_outgoing",
        "mail_rate",
        "mail_manifest",
        "mail_bag",
        "mail_pouch_destination",
        "mail_carrier",
    ):
        op.drop_table(table)
