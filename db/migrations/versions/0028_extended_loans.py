"""A loan may be extended: a handover of a kind of its own, which has a day to come back as a loan has"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import Json, SortText, UTCDateTime
from db.records import BigKey

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_KINDS = {
    True: "kind IN ('issue', 'return', 'hand_over', 'lend', 'extend', 'reversal')",
    False: "kind IN ('issue', 'return', 'hand_over', 'lend', 'reversal')",
}
_DUE = {
    True: "(kind IN ('lend', 'extend')) = (due_on IS NOT NULL)",
    False: "(kind = 'lend') = (due_on IS NOT NULL)",
}
_COLUMNS = (
    "id, reference, {kind}, at, by, workstation, giver_id, giver_name, taker_id, taker_name, place_id, place_code, "
    "due_on, note, items, reverses_id, signed_at, signed_by, on_paper, signature"
)


def upgrade() -> None:
    """Apply this step."""
    _allow(extending=True)


def downgrade() -> None:
    """Take this step back: what was an extension is a loan until the same day."""
    _allow(extending=False)


def _allow(*, extending: bool) -> None:
    if op.get_bind().dialect.name == "postgresql":
        if not extending:
            op.execute("ALTER TABLE handover DISABLE TRIGGER USER")
            op.execute("UPDATE handover SET kind = 'lend' WHERE kind = 'extend'")
            op.execute("ALTER TABLE handover ENABLE TRIGGER USER")
        for name, rule in (("kind", _KINDS[extending]), ("loan_due", _DUE[extending])):
            op.drop_constraint(op.f(f"ck_handover_{name}"), "handover", type_="check")
            op.create_check_constraint(op.f(f"ck_handover_{name}"), "handover", rule)
        return
    # SQLite changes no check of a table: the table is made anew under its name, so that the lines that refer to it
    # need not be. They are asked for at the end of the step.
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TABLE handover_before AS SELECT * FROM handover")
    op.drop_table("handover")
    _make(extending)
    kept = "CASE kind WHEN 'extend' THEN 'lend' ELSE kind END" if not extending else "kind"
    into, values = _COLUMNS.format(kind="kind"), _COLUMNS.format(kind=kept)
    op.execute(f"INSERT INTO handover ({into}) SELECT {values} FROM handover_before ORDER BY id")
    op.drop_table("handover_before")


def _make(extending: bool) -> None:
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
        sa.CheckConstraint(_DUE[extending], name=op.f("ck_handover_loan_due")),
        sa.CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name=op.f("ck_handover_reverses_one")),
        sa.CheckConstraint("(place_id IS NULL) = (place_code = '')", name=op.f("ck_handover_place_named")),
        sa.CheckConstraint("(signed_at IS NULL) = (signed_by = '')", name=op.f("ck_handover_signed_by_somebody")),
        sa.CheckConstraint("(taker_id IS NULL) = (taker_name = '')", name=op.f("ck_handover_taker_named")),
        sa.CheckConstraint(
            "kind <> 'issue' OR taker_id IS NOT NULL OR place_id IS NOT NULL", name=op.f("ck_handover_issued_to")
        ),
        sa.CheckConstraint("kind <> 'return' OR place_id IS NOT NULL", name=op.f("ck_handover_returned_to")),
        sa.CheckConstraint(_KINDS[extending], name=op.f("ck_handover_kind")),
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
    for name in ("at", "giver_name", "kind", "place_code", "taker_name"):
        op.create_index(f"ix_handover_{name}_id", "handover", [name, "id"], unique=False)
    for name in ("giver_id", "place_id", "taker_id"):
        op.create_index(op.f(f"ix_handover_{name}"), "handover", [name], unique=False)
