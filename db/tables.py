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
