"""Every table and index of the schema, for whom the whole of it matters: migrations, guard, backups. One line per desk.

A start imports only the tables its first page reads: each costs it some milliseconds. For the same reason the indexes
that name PostgreSQL's own options stand here: naming one loads that engine's dialect.
"""

from __future__ import annotations

from sqlalchemy import Index, text

from db import (
    capital_project,
    charges,
    conference,
    custody,
    custom_fields,
    disposal,
    fleet,
    gate,
    mail,
    mail_outgoing,
    mail_pouch,
    maintenance,
    people,
    places,
    property,
    records,
    shuttles,
    tags,
    taken,
    transport,
    travel,
    trip_loads,
    value,
    verification,
)

__all__ = [
    "capital_project",
    "charges",
    "conference",
    "custody",
    "custom_fields",
    "disposal",
    "fleet",
    "gate",
    "mail",
    "mail_outgoing",
    "mail_pouch",
    "maintenance",
    "people",
    "places",
    "property",
    "records",
    "shuttles",
    "tags",
    "taken",
    "transport",
    "travel",
    "trip_loads",
    "value",
    "verification",
]

Index(
    "ix_search_entry_trigrams",
    records.SearchEntry.folded,
    postgresql_using="gin",
    postgresql_ops={"folded": "gin_trgm_ops"},
).ddl_if(dialect="postgresql")
# The queue of tags to be printed again: few among many.
Index(
    "ix_tag_reprint_wanted",
    tags.Tag.id,
    sqlite_where=text("reprint_wanted"),
    postgresql_where=text("reprint_wanted"),
)
# What is missing or under repair, the longest first: few of a million, and looked at on every start.
Index(
    "ix_asset_waiting",
    property.Asset.state,
    property.Asset.state_since,
    property.Asset.id,
    sqlite_where=text("state IN ('missing', 'under_repair')"),
    postgresql_where=text("state IN ('missing', 'under_repair')"),
)
# One thing is live in one disposal case, out on one gate pass, under one repair and on one vehicle at a time.
for _name, _columns, _while in (
    ("uq_disposal_item_asset_id", (disposal.DisposalItem.asset_id,), "live"),
    ("uq_gate_line_asset_id", (gate.GateLine.asset_id,), "state = 'out'"),
    ("uq_asset_repair_asset_id", (maintenance.AssetRepair.asset_id,), "ended_on IS NULL"),
    ("uq_trip_load_once", (trip_loads.TripLoad.kind, trip_loads.TripLoad.record_id), "off_at IS NULL"),
):
    Index(_name, *_columns, unique=True, sqlite_where=text(_while), postgresql_where=text(_while))
