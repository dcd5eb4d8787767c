"""The mail desk: items, their custody events, rounds and what goes out"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import Json, SortText, UTCDateTime
from db.records import BigKey

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "mail_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", SortText(), nullable=False),
        sa.Column("name", SortText(), nullable=False),
        sa.Column("messenger", SortText(), server_default="", nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("left_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by = '')", name=op.f("ck_mail_round_closed_by_somebody")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_mail_round_name_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_round")),
        sa.UniqueConstraint("number", name=op.f("uq_mail_round_number")),
    )
    op.create_index("ix_mail_round_planned_on_id", "mail_round", ["planned_on", "id"], unique=False)
    op.create_table(
        "mail_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", SortText(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("members", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("gone_at", UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_mail_group_name_given")),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name=op.f("fk_mail_group_entity_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_mail_group_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_group")),
        sa.UniqueConstraint("name", "entity_id", name="uq_mail_group_name_entity_id"),
    )
    op.create_table(
        "mail_stop",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("place_code", sa.Text(), nullable=False),
        sa.Column("place_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_mail_stop_place_id")),
        sa.ForeignKeyConstraint(["round_id"], ["mail_round.id"], name=op.f("fk_mail_stop_round_id")),
        sa.PrimaryKeyConstraint("round_id", "seq", name=op.f("pk_mail_stop")),
    )
    op.create_table(
        "mail_absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("forward_to_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "forward_to_id IS NULL OR forward_to_id <> person_id", name=op.f("ck_mail_absence_not_to_oneself")
        ),
        sa.CheckConstraint("since <= until", name=op.f("ck_mail_absence_dates_in_order")),
        sa.ForeignKeyConstraint(["forward_to_id"], ["person.id"], name=op.f("fk_mail_absence_forward_to_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_absence_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_absence")),
    )
    op.create_index("ix_mail_absence_person_id", "mail_absence", ["person_id", "until"], unique=False)
    op.create_table(
        "mail_item",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("number", SortText(), nullable=False),
        sa.Column("received_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("carrier", SortText(), server_default="", nullable=False),
        sa.Column("service", sa.Text(), server_default="", nullable=False),
        sa.Column("carrier_number", SortText(), server_default="", nullable=False),
        sa.Column("item_class", SortText(), server_default="ordinary", nullable=False),
        sa.Column("accountable", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("sender", sa.Text(), server_default="", nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("addressee", SortText(), server_default="", nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=True),
        sa.Column("entity_code", SortText(), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("weight_g", sa.Integer(), nullable=True),
        sa.Column("size_mm", sa.Text(), server_default="", nullable=False),
        sa.Column("screening", sa.Text(), server_default="", nullable=False),
        sa.Column("damage", sa.Text(), server_default="", nullable=False),
        sa.Column("missing", SortText(), server_default="", nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("state", SortText(), server_default="new", nullable=False),
        sa.Column("state_since", UTCDateTime(timezone=True), nullable=True),
        sa.Column("shelf_id", sa.Integer(), nullable=True),
        sa.Column("shelf_code", SortText(), server_default="", nullable=False),
        sa.Column("holder", sa.Text(), server_default="", nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("last_event_id", BigKey, nullable=True),
        sa.CheckConstraint(
            "(person_id IS NULL AND group_id IS NULL) OR addressee <> ''", name=op.f("ck_mail_item_addressee_named")
        ),
        sa.CheckConstraint(
            "NOT (item_class IN ('registered', 'insured')) OR accountable",
            name=op.f("ck_mail_item_accountable_by_itself"),
        ),
        sa.CheckConstraint(
            "item_class IN ('ordinary', 'registered', 'insured', 'express', 'parcel')",
            name=op.f("ck_mail_item_item_class"),
        ),
        sa.CheckConstraint("screening IN ('', 'passed', 'failed')", name=op.f("ck_mail_item_screening")),
        sa.CheckConstraint(
            "state IN ('new', 'received', 'shelved', 'out', 'delivered', 'attempted', 'held', 'refused', 'returned', 'forwarded', 'lost', 'disposed', 'withdrawn')",
            name=op.f("ck_mail_item_state"),
        ),
        sa.CheckConstraint("person_id IS NULL OR group_id IS NULL", name=op.f("ck_mail_item_one_addressee")),
        sa.CheckConstraint("weight_g IS NULL OR weight_g > 0", name=op.f("ck_mail_item_weight_positive")),
        sa.ForeignKeyConstraint(
            ["entity_id", "entity_code"], ["entity.id", "entity.code"], name="fk_mail_item_entity", onupdate="CASCADE"
        ),
        sa.ForeignKeyConstraint(["group_id"], ["mail_group.id"], name=op.f("fk_mail_item_group_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_item_person_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_mail_item_place_id")),
        sa.ForeignKeyConstraint(["round_id"], ["mail_round.id"], name=op.f("fk_mail_item_round_id")),
        sa.ForeignKeyConstraint(["shelf_id"], ["place.id"], name=op.f("fk_mail_item_shelf_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_item")),
        sa.UniqueConstraint("number", name=op.f("uq_mail_item_number")),
    )
    op.create_index("ix_mail_item_addressee_id", "mail_item", ["addressee", "id", "state"], unique=False)
    op.create_index("ix_mail_item_carrier_number", "mail_item", ["carrier_number", "received_at"], unique=False)
    op.create_index("ix_mail_item_entity_code_id", "mail_item", ["entity_code", "id", "state"], unique=False)
    op.create_index("ix_mail_item_missing", "mail_item", ["missing", "id"], unique=False)
    op.create_index("ix_mail_item_number_id", "mail_item", ["number", "id", "state"], unique=False)
    op.create_index("ix_mail_item_person_id", "mail_item", ["person_id", "id"], unique=False)
    op.create_index("ix_mail_item_received_at_id", "mail_item", ["received_at", "id", "state"], unique=False)
    op.create_index("ix_mail_item_round_id", "mail_item", ["round_id", "id"], unique=False)
    op.create_index("ix_mail_item_shelf_code_id", "mail_item", ["shelf_code", "id", "state"], unique=False)
    op.create_index(op.f("ix_mail_item_shelf_id"), "mail_item", ["shelf_id"], unique=False)
    op.create_index("ix_mail_item_state_received_at_id", "mail_item", ["state", "received_at", "id"], unique=False)
    op.create_table(
        "mail_proof",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("workstation", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("strokes", Json, nullable=False),
        sa.CheckConstraint("how IN ('signature', 'badge', 'name')", name=op.f("ck_mail_proof_how")),
        sa.CheckConstraint("taken_by <> ''", name=op.f("ck_mail_proof_taken_by_somebody")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_proof_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_proof")),
    )
    op.create_table(
        "mail_event",
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
        sa.Column("shelf_id", sa.Integer(), nullable=True),
        sa.Column("shelf_code", sa.Text(), server_default="", nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("proof_id", BigKey, nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("undoes_id", BigKey, nullable=True),
        sa.CheckConstraint("(shelf_id IS NULL) = (shelf_code = '')", name=op.f("ck_mail_event_shelf_named")),
        sa.CheckConstraint("(what = 'take_back') = (undoes_id IS NOT NULL)", name=op.f("ck_mail_event_undoes_one")),
        sa.CheckConstraint(
            "NOT (state IN ('out', 'attempted')) OR round_id IS NOT NULL", name=op.f("ck_mail_event_out_on_a_round")
        ),
        sa.CheckConstraint(
            "NOT (what IN ('fail', 'refuse', 'return', 'forward', 'lose', 'dispose', 'override')) OR reason <> ''",
            name=op.f("ck_mail_event_reason_given"),
        ),
        sa.CheckConstraint(
            "round_id IS NULL OR state IN ('out', 'attempted', 'refused')", name=op.f("ck_mail_event_off_the_round")
        ),
        sa.CheckConstraint(
            "shelf_id IS NULL OR state IN ('received', 'shelved', 'held', 'refused')",
            name=op.f("ck_mail_event_off_the_shelf"),
        ),
        sa.CheckConstraint(
            "state IN ('new', 'received', 'shelved', 'out', 'delivered', 'attempted', 'held', 'refused', 'returned', 'forwarded', 'lost', 'disposed', 'withdrawn')",
            name=op.f("ck_mail_event_state"),
        ),
        sa.CheckConstraint(
            "what <> 'override' OR (before <> 'new' AND state <> 'new')", name=op.f("ck_mail_event_override_known")
        ),
        sa.CheckConstraint(
            "what IN ('override', 'take_back') OR (before || '>' || what || '>' || state) IN ('new>receive>received', 'received>withdraw>withdrawn', 'received>shelve>shelved', 'shelved>shelve>shelved', 'attempted>shelve>shelved', 'held>shelve>shelved', 'refused>shelve>refused', 'received>hold>held', 'shelved>hold>held', 'held>hold>held', 'attempted>hold>held', 'received>load>out', 'shelved>load>out', 'held>load>out', 'received>deliver>delivered', 'shelved>deliver>delivered', 'out>deliver>delivered', 'attempted>deliver>delivered', 'held>deliver>delivered', 'out>fail>attempted', 'attempted>fail>attempted', 'received>refuse>refused', 'shelved>refuse>refused', 'out>refuse>refused', 'attempted>refuse>refused', 'held>refuse>refused', 'out>bring_back>received', 'attempted>bring_back>received', 'refused>bring_back>refused', 'received>return>returned', 'shelved>return>returned', 'held>return>returned', 'refused>return>returned', 'received>forward>forwarded', 'shelved>forward>forwarded', 'held>forward>forwarded', 'received>lose>lost', 'shelved>lose>lost', 'out>lose>lost', 'attempted>lose>lost', 'held>lose>lost', 'refused>lose>lost', 'lost>find>received', 'received>dispose>disposed', 'shelved>dispose>disposed', 'held>dispose>disposed', 'refused>dispose>disposed', 'lost>dispose>disposed', 'received>remind>received', 'shelved>remind>shelved', 'held>remind>held')",
            name=op.f("ck_mail_event_move"),
        ),
        sa.CheckConstraint(
            "what IN ('receive', 'withdraw', 'shelve', 'hold', 'load', 'deliver', 'fail', 'refuse', 'bring_back', 'return', 'forward', 'lose', 'find', 'dispose', 'remind', 'override', 'take_back')",
            name=op.f("ck_mail_event_what"),
        ),
        sa.ForeignKeyConstraint(["item_id"], ["mail_item.id"], name=op.f("fk_mail_event_item_id")),
        sa.ForeignKeyConstraint(["proof_id"], ["mail_proof.id"], name=op.f("fk_mail_event_proof_id")),
        sa.ForeignKeyConstraint(["round_id"], ["mail_round.id"], name=op.f("fk_mail_event_round_id")),
        sa.ForeignKeyConstraint(["shelf_id"], ["place.id"], name=op.f("fk_mail_event_shelf_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_event")),
    )
    op.create_index("ix_mail_event_item_id_id", "mail_event", ["item_id", "id"], unique=False)
    op.create_index("ix_mail_event_proof_id", "mail_event", ["proof_id"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        # Beside the triggers: whoever the program works as has no right to change or take away an event.
        op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON mail_event FROM PUBLIC, CURRENT_USER")
        op.execute("REVOKE DELETE, TRUNCATE ON mail_proof FROM PUBLIC, CURRENT_USER")


def downgrade() -> None:
    """Take this step back."""
    for table in ("mail_event", "mail_proof", "mail_item", "mail_absence", "mail_stop", "mail_group", "mail_round"):
        op.drop_table(table)
