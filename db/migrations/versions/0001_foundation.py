"""The foundation: records, people, places, tags, property"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import Json, SortText, UTCDateTime
from db.records import BigKey

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "audit_entry",
    "audit_head",
    "blob",
    "change_log",
    "compound",
    "dated_setting",
    "entity",
    "last_scan",
    "notification",
    "number_series",
    "part_sheet",
    "print_job",
    "printer_profile",
    "property_category",
    "remembered_mapping",
    "search_entry",
    "site_stock",
    "tag",
    "attachment",
    "audit_touch",
    "place",
    "printed_tag",
    "person",
    "unknown_scan",
    "account",
    "asset",
    "account_role",
    "asset_event",
)


def upgrade() -> None:
    """Apply this step."""
    server = op.get_bind().dialect.name == "postgresql"
    if server:
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "audit_entry",
        sa.Column("seq", BigKey, autoincrement=False, nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("workstation", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("args", Json, nullable=False),
        sa.Column("touched", Json, nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "blob",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blob")),
    )
    op.create_table(
        "change_log",
        sa.Column("seq", BigKey, nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ids", Json, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change_log")),
    )
    op.create_index("ix_change_log_xid_seq", "change_log", ["xid", "seq"], unique=False)

    op.create_table(
        "compound",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_compound")),
    )
    op.create_table(
        "dated_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), server_default="", nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dated_setting")),
        sa.UniqueConstraint("name", "scope", "valid_from", name=op.f("uq_dated_setting_name_scope_valid_from")),
    )
    op.create_table(
        "entity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", SortText(), nullable=False),
        sa.Column("name", SortText(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("billing_reference", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("code <> ''", name=op.f("ck_entity_code_given")),
        sa.CheckConstraint("until IS NULL OR since IS NULL OR since <= until", name=op.f("ck_entity_dates_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity")),
        sa.UniqueConstraint("code", name=op.f("uq_entity_code")),
        sa.UniqueConstraint("id", "code", name=op.f("uq_entity_id_code")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "last_scan",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("workstation", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_last_scan")),
    )
    op.create_index("ix_last_scan_at", "last_scan", ["at"], unique=False)

    op.create_table(
        "notification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed')", name=op.f("ck_notification_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("message_id", name=op.f("uq_notification_message_id")),
    )
    op.create_index("ix_notification_state_due_at", "notification", ["state", "due_at"], unique=False)

    op.create_table(
        "number_series",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_number_series")),
    )
    op.create_table(
        "part_sheet",
        sa.Column("stock", sa.Text(), nullable=False),
        sa.Column("used", Json, nullable=False),
        sa.PrimaryKeyConstraint("stock", name=op.f("pk_part_sheet")),
    )
    op.create_table(
        "print_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("stock", sa.Text(), nullable=False),
        sa.Column("output", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("tags", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
    )
    op.create_index("ix_print_job_at", "print_job", ["at"], unique=False)

    op.create_table(
        "printer_profile",
        sa.Column("printer", sa.Text(), nullable=False),
        sa.Column("right_mm", sa.Float(), nullable=False),
        sa.Column("up_mm", sa.Float(), nullable=False),
        sa.Column("scale", sa.Float(), nullable=False),
        sa.Column("measured_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("measured_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("printer", name=op.f("pk_printer_profile")),
    )
    op.create_table(
        "property_category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", SortText(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("useful_life_months", sa.Integer(), server_default=sa.text("(60)"), nullable=False),
        sa.Column("attractive", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("useful_life_months >= 0", name=op.f("ck_property_category_life_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_property_category")),
        sa.UniqueConstraint("code", name=op.f("uq_property_category_code")),
    )
    op.create_table(
        "remembered_mapping",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mapping", Json, nullable=False),
        sa.Column("used_at", UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("what", "signature", name=op.f("pk_remembered_mapping")),
    )
    op.create_table(
        "search_entry",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("folded", SortText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("kind", "record_id", name=op.f("uq_search_entry_kind_record_id")),
    )
    op.create_table(
        "site_stock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("toml", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_stock")),
        sa.UniqueConstraint("name", name=op.f("uq_site_stock_name")),
    )
    op.create_table(
        "tag",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("code", SortText(), nullable=False),
        sa.Column("ours", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("prints", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("printed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("reprint_wanted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("retired_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("retired_why", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("prints >= 0", name=op.f("ck_tag_prints_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("code", name=op.f("uq_tag_code")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tag_prints", "tag", ["subject_kind", "prints", "id"], unique=False)
    op.create_index(
        "ix_tag_reprint_wanted",
        "tag",
        ["id"],
        unique=False,
        sqlite_where=sa.text("reprint_wanted"),
        postgresql_where=sa.text("reprint_wanted"),
    )
    op.create_index("ix_tag_subject", "tag", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_attachment_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_record", "attachment", ["record_kind", "record_id"], unique=False)

    op.create_table(
        "audit_touch",
        sa.Column("seq", BigKey, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_entry.seq"], name=op.f("fk_audit_touch_seq")),
        sa.PrimaryKeyConstraint("seq", "kind", "record_id", name=op.f("pk_audit_touch")),
    )
    op.create_index("ix_audit_touch_record", "audit_touch", ["kind", "record_id", "seq"], unique=False)

    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("place_kind", sa.Text(), nullable=False),
        sa.Column("code", SortText(), nullable=False),
        sa.Column("name", SortText(), nullable=False),
        sa.Column("path", SortText(), server_default="", nullable=False),
        sa.Column("area_m2", sa.Float(), nullable=True),
        sa.Column("occupier_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("code <> ''", name=op.f("ck_place_code_given")),
        sa.CheckConstraint(
            "place_kind IN ('site', 'building', 'floor', 'room', 'shelf', 'bay', 'gate', 'store', 'yard')",
            name=op.f("ck_place_kind"),
        ),
        sa.CheckConstraint("area_m2 IS NULL OR area_m2 > 0", name=op.f("ck_place_area_positive")),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name=op.f("ck_place_not_inside_itself")),
        sa.ForeignKeyConstraint(["occupier_id"], ["entity.id"], name=op.f("fk_place_occupier_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["place.id"], name=op.f("fk_place_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("code", name=op.f("uq_place_code")),
        sa.UniqueConstraint("id", "code", name=op.f("uq_place_id_code")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_place_parent_id_code", "place", ["parent_id", "code"], unique=False)
    op.create_index("ix_place_path", "place", ["path"], unique=False)

    op.create_table(
        "printed_tag",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("cell", sa.Integer(), nullable=False),
        sa.Column("tag_id", BigKey, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["print_job.id"], name=op.f("fk_printed_tag_job_id")),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_printed_tag_tag_id")),
        sa.PrimaryKeyConstraint("job_id", "page", "cell", name=op.f("pk_printed_tag")),
    )
    op.create_index("ix_printed_tag_tag_id", "printed_tag", ["tag_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("entity_code", SortText(), nullable=False),
        sa.Column("index_number", SortText(), nullable=True),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), server_default="", nullable=False),
        sa.Column("sort_name", SortText(), nullable=False),
        sa.Column("unit", SortText(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("family_name <> ''", name=op.f("ck_person_name_given")),
        sa.CheckConstraint("until IS NULL OR since IS NULL OR since <= until", name=op.f("ck_person_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["entity_id", "entity_code"],
            ["entity.id", "entity.code"],
            name=op.f("fk_person_entity_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_person_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("id", "sort_name", name=op.f("uq_person_id_sort_name")),
        sa.UniqueConstraint("index_number", name=op.f("uq_person_index_number")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_person_entity_code_id", "person", ["entity_code", "id"], unique=False)
    op.create_index("ix_person_entity_id", "person", ["entity_id"], unique=False)
    op.create_index("ix_person_place_id", "person", ["place_id"], unique=False)
    op.create_index("ix_person_sort_name_id", "person", ["sort_name", "id"], unique=False)

    op.create_table(
        "unknown_scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("workstation", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("resolved_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("resolution", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_unknown_scan_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unknown_scan")),
    )
    op.create_index("ix_unknown_scan_open", "unknown_scan", ["resolved_at", "id"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", SortText(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("locked_until", UTCDateTime(timezone=True), nullable=True),
        sa.Column("last_sign_in", UTCDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "asset",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("entity_code", SortText(), nullable=False),
        sa.Column("inventory_no", SortText(), nullable=False),
        sa.Column("description", SortText(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("maker", sa.Text(), server_default="", nullable=False),
        sa.Column("model", sa.Text(), server_default="", nullable=False),
        sa.Column("serial", SortText(), server_default="", nullable=False),
        sa.Column("fund", sa.Text(), server_default="", nullable=False),
        sa.Column("purchase_order", sa.Text(), server_default="", nullable=False),
        sa.Column("acquired_on", sa.Date(), nullable=True),
        sa.Column("cost_cents", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("currency", sa.Text(), server_default="USD", nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("condition", sa.Text(), server_default="", nullable=False),
        sa.Column("state", SortText(), nullable=False),
        sa.Column("state_since", sa.Date(), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("place_code", SortText(), server_default="", nullable=False),
        sa.Column("custodian_id", sa.Integer(), nullable=True),
        sa.Column("custodian_name", SortText(), server_default="", nullable=False),
        sa.Column("parent_id", BigKey, nullable=True),
        sa.Column("warranty_until", sa.Date(), nullable=True),
        sa.Column("useful_life_months", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("custom", Json, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("changed_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("(custodian_id IS NULL) = (custodian_name = '')", name=op.f("ck_asset_custodian_named")),
        sa.CheckConstraint("(place_id IS NULL) = (place_code = '')", name=op.f("ck_asset_place_named")),
        sa.CheckConstraint(
            "condition IN ('', 'new', 'good', 'fair', 'poor', 'broken')", name=op.f("ck_asset_condition")
        ),
        sa.CheckConstraint("inventory_no <> ''", name=op.f("ck_asset_inventory_no_given")),
        sa.CheckConstraint(
            "state IN ('in_store', 'in_service', 'on_loan', 'under_repair', 'missing', 'awaiting_disposal', 'disposed', 'taken_back')",
            name=op.f("ck_asset_state"),
        ),
        sa.CheckConstraint("cost_cents >= 0", name=op.f("ck_asset_cost_not_negative")),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name=op.f("ck_asset_not_its_own_part")),
        sa.ForeignKeyConstraint(["category_id"], ["property_category.id"], name=op.f("fk_asset_category_id")),
        sa.ForeignKeyConstraint(
            ["custodian_id", "custodian_name"],
            ["person.id", "person.sort_name"],
            name="fk_asset_custodian",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["entity_id", "entity_code"], ["entity.id", "entity.code"], name="fk_asset_entity", onupdate="CASCADE"
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["asset.id"], name=op.f("fk_asset_parent_id")),
        sa.ForeignKeyConstraint(
            ["place_id", "place_code"], ["place.id", "place.code"], name="fk_asset_place", onupdate="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
        sa.UniqueConstraint("entity_id", "inventory_no", name=op.f("uq_asset_entity_id_inventory_no")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_asset_category_id", "asset", ["category_id"], unique=False)
    op.create_index("ix_asset_changed_at_id", "asset", ["changed_at", "id", "state"], unique=False)
    op.create_index("ix_asset_cost_cents_id", "asset", ["cost_cents", "id", "state"], unique=False)
    op.create_index("ix_asset_custodian_id", "asset", ["custodian_id"], unique=False)
    op.create_index("ix_asset_custodian_name_id", "asset", ["custodian_name", "id", "state"], unique=False)
    op.create_index("ix_asset_description_id", "asset", ["description", "id", "state"], unique=False)
    op.create_index("ix_asset_entity_code_id", "asset", ["entity_code", "id", "state"], unique=False)
    op.create_index("ix_asset_inventory_no_id", "asset", ["inventory_no", "id", "state"], unique=False)
    op.create_index("ix_asset_parent_id", "asset", ["parent_id"], unique=False)
    op.create_index("ix_asset_place_code_id", "asset", ["place_code", "id", "state"], unique=False)
    op.create_index("ix_asset_place_id", "asset", ["place_id"], unique=False)
    op.create_index("ix_asset_serial", "asset", ["serial", "id", "state"], unique=False)
    op.create_index("ix_asset_state_id", "asset", ["state", "id"], unique=False)
    op.create_index("ix_asset_warranty_until", "asset", ["warranty_until"], unique=False)

    op.create_table(
        "account_role",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("role", sa.Integer(), nullable=False),
        sa.CheckConstraint("role BETWEEN 1 AND 4", name=op.f("ck_account_role_role")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_role_account_id")),
        sa.PrimaryKeyConstraint("account_id", "desk", name=op.f("pk_account_role")),
    )
    op.create_table(
        "asset_event",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("asset_id", BigKey, nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("place_code", sa.Text(), server_default="", nullable=False),
        sa.Column("custodian_name", sa.Text(), server_default="", nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_asset_event_asset_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_event")),
    )
    op.create_index("ix_asset_event_asset_id_id", "asset_event", ["asset_id", "id"], unique=False)
    if server:
        op.execute("CREATE INDEX ix_search_entry_trigrams ON search_entry USING gin (folded gin_trgm_ops)")
        op.execute('CREATE INDEX ix_search_entry_start ON search_entry (left(folded, 40) COLLATE "C")')
    else:
        op.create_index("ix_search_entry_folded", "search_entry", ["folded"])
    op.execute("INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '')")


def downgrade() -> None:
    """Take this step back: an empty database again."""
    for table in reversed(TABLES):
        op.drop_table(table)
