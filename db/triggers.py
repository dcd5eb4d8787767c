"""What tables alone cannot promise: triggers and search indexes, kept in one list and put back after every upgrade.

Alembic's batch mode drops SQLite's triggers without a word and its `check` sees neither these nor a lost
constraint, so this list is the truth and `db.guard` compares a database with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from db import (
    audit_rules,
    capital_project_rules,
    charge_rules,
    conference_rules,
    custody_rules,
    custom_field_rules,
    disposal_rules,
    family_rules,
    gate_rules,
    mail_outgoing_rules,
    mail_pouch_rules,
    mail_rules,
    maintenance_rules,
    outbox_rules,
    row_rules,
    seal_rules,
    taken,
    transport_rules,
    trip_load_rules,
    verification_rules,
)

# Tables whose rows are facts: they are added and never changed or taken away.
APPEND_ONLY = {
    "audit_entry": "seq",
    "audit_touch": "seq, kind, record_id",
    "asset_event": "id",
    "print_job": "id",
    "printed_tag": "job_id, page, cell",
    "campaign_item": "campaign_id, asset_id",
    "campaign_count": "id",
    "handover_item": "id",
    "custody_answer": "id",
    **charge_rules.FACTS,
    **disposal_rules.FACTS,
    **gate_rules.FACTS,
    **mail_rules.FACTS,
    **outbox_rules.FACTS,
    **taken.FACTS,
    **transport_rules.FACTS,
    **mail_outgoing_rules.FACTS,
}
EXCLUSIONS = {**conference_rules.EXCLUSIONS, **transport_rules.EXCLUSIONS}


@dataclass(frozen=True)
class Installed:
    """One named object of the database and the statement that makes it."""

    name: str
    table: str
    make: str


def for_sqlite() -> Iterator[Installed]:
    """Every trigger and virtual table of the SQLite form, in the order of making."""
    for table, key in APPEND_ONLY.items():
        for deed in ("update", "delete"):
            yield Installed(
                f"tr_{table}_no_{deed}",
                table,
                f"CREATE TRIGGER tr_{table}_no_{deed} BEFORE {deed.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
            )
        same = " AND ".join(f"{part} = NEW.{part}" for part in key.split(", "))
        # INSERT OR REPLACE would delete without firing the delete trigger.
        yield Installed(
            f"tr_{table}_no_replace",
            table,
            f"CREATE TRIGGER tr_{table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        )
    yield Installed(
        "tr_audit_head_no_delete",
        "audit_head",
        "CREATE TRIGGER tr_audit_head_no_delete BEFORE DELETE ON audit_head "
        "BEGIN SELECT RAISE(ABORT, 'audit_head is append-only'); END",
    )
    yield Installed(
        "search_fts",
        "search_entry",
        "CREATE VIRTUAL TABLE search_fts USING fts5(folded, content='search_entry', content_rowid='id', "
        "tokenize='trigram case_sensitive 1', detail='full')",
    )
    yield from _search_triggers()
    yield from _place_triggers_sqlite()
    yield from _refusals_sqlite(audit_rules.ON_FILE)
    yield from _refusals_sqlite(charge_rules.ON_FILE)
    yield from _refusals_sqlite(verification_rules.ON_FILE)
    yield from _refusals_sqlite(custody_rules.ON_FILE)
    yield from _refusals_sqlite(disposal_rules.ON_FILE)
    yield from _refusals_sqlite(gate_rules.ON_FILE)
    yield from _refusals_sqlite(mail_rules.ON_FILE)
    yield from _refusals_sqlite(mail_outgoing_rules.ON_FILE)
    yield from _refusals_sqlite(mail_pouch_rules.ON_FILE)
    yield from _refusals_sqlite(custom_field_rules.ON_FILE)
    yield from _refusals_sqlite(family_rules.ON_FILE)
    yield from _refusals_sqlite(maintenance_rules.ON_FILE)
    yield from _refusals_sqlite(outbox_rules.ON_FILE)
    yield Installed("tr_mail_event_moves", "mail_event", mail_rules.FOLLOW_ON_FILE)
    yield Installed("tr_mail_outgoing_event_moves", "mail_outgoing_event", mail_outgoing_rules.FOLLOW_ON_FILE)
    yield from _refusals_sqlite(conference_rules.ON_FILE)
    yield from (Installed(*each) for each in conference_rules.AFTER_ON_FILE)
    yield from _refusals_sqlite(capital_project_rules.ON_FILE)
    yield from _refusals_sqlite(transport_rules.ON_FILE)
    yield from _refusals_sqlite(trip_load_rules.ON_FILE)
    for name, make in maintenance_rules.FOLLOW_ON_FILE:
        yield Installed(name, "asset", make)


def _search_triggers() -> Iterator[Installed]:
    added = "INSERT INTO search_fts(rowid, folded) VALUES (NEW.id, NEW.folded);"
    gone = "INSERT INTO search_fts(search_fts, rowid, folded) VALUES ('delete', OLD.id, OLD.folded);"
    for deed, body in (("INSERT", added), ("DELETE", gone), ("UPDATE OF folded", gone + " " + added)):
        name = f"tr_search_entry_{deed.split()[0].lower()}"
        yield Installed(name, "search_entry", f"CREATE TRIGGER {name} AFTER {deed} ON search_entry BEGIN {body} END")


def _place_triggers_sqlite() -> Iterator[Installed]:
    yield Installed(
        "tr_place_no_cycle",
        "place",
        "CREATE TRIGGER tr_place_no_cycle BEFORE UPDATE OF parent_id ON place WHEN NEW.parent_id IS NOT NULL AND "
        "EXISTS (SELECT 1 FROM place WHERE id = NEW.parent_id AND path LIKE OLD.path || '%') "
        "BEGIN SELECT RAISE(ABORT, 'place_no_cycle'); END",
    )


def _refusals_sqlite(refused: Sequence[tuple[str, str, str, str, str]]) -> Iterator[Installed]:
    for name, table, deed, when, word in refused:
        called = f"tr_{table}_refuse_{name}"
        condition = f"WHEN {when} " if when else ""
        yield Installed(
            called,
            table,
            f"CREATE TRIGGER {called} BEFORE {deed} ON {table} {condition}BEGIN SELECT RAISE(ABORT, '{word}'); END",
        )


def for_server() -> Iterator[Installed]:
    """Every trigger of the PostgreSQL form, in the very words in which the server tells it back."""
    for table in (*APPEND_ONLY, "audit_head"):
        deeds = "DELETE" if table == "audit_head" else "DELETE OR UPDATE"
        yield Installed(
            f"tr_{table}_append_only",
            table,
            f"CREATE TRIGGER tr_{table}_append_only BEFORE {deeds} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        )
        yield Installed(
            f"tr_{table}_no_truncate",
            table,
            f"CREATE TRIGGER tr_{table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        )
    yield Installed(
        "tr_place_no_cycle",
        "place",
        "CREATE TRIGGER tr_place_no_cycle BEFORE UPDATE OF parent_id ON place "
        "FOR EACH ROW EXECUTE FUNCTION refuse_cycle()",
    )
    yield from _refusals_server(audit_rules.ON_SERVER)
    yield Installed("tr_audit_entry_moves", "audit_entry", audit_rules.FOLLOW_ON_SERVER)
    yield from (Installed(*each) for each in seal_rules.triggers_on_server())
    yield from _refusals_server(charge_rules.ON_SERVER)
    yield from _refusals_server(verification_rules.ON_SERVER)
    yield from _refusals_server(custody_rules.ON_SERVER)
    yield from _refusals_server(disposal_rules.ON_SERVER)
    yield from _refusals_server(gate_rules.ON_SERVER)
    yield from _refusals_server(mail_rules.ON_SERVER)
    yield from _refusals_server(mail_outgoing_rules.ON_SERVER)
    yield from _refusals_server(mail_pouch_rules.ON_SERVER)
    yield from _refusals_server(custom_field_rules.ON_SERVER)
    yield from _refusals_server(maintenance_rules.ON_SERVER)
    yield from _refusals_server(outbox_rules.ON_SERVER)
    yield Installed("tr_mail_event_moves", "mail_event", mail_rules.FOLLOW_ON_SERVER)
    yield Installed("tr_mail_outgoing_event_moves", "mail_outgoing_event", mail_outgoing_rules.FOLLOW_ON_SERVER)
    yield Installed("tr_asset_refuse_custom", "asset", custom_field_rules.CUSTOM_ON_SERVER)
    yield Installed("tr_asset_refuse_ring", "asset", family_rules.MADE_ON_SERVER)
    yield from _refusals_server(conference_rules.ON_SERVER)
    yield from (Installed(*each) for each in conference_rules.AFTER_ON_SERVER)
    yield from _refusals_server(capital_project_rules.ON_SERVER)
    yield from (Installed(*each) for each in capital_project_rules.AFTER_ON_SERVER)
    yield from _refusals_server(transport_rules.ON_SERVER)
    yield from _refusals_server(trip_load_rules.ON_SERVER)
    for name, make in maintenance_rules.FOLLOW_ON_SERVER:
        yield Installed(name, "asset", make)


def _refusals_server(watched: Sequence[tuple[str, str]]) -> Iterator[Installed]:
    for table, deeds in watched:
        name = f"tr_{table}_refuse"
        yield Installed(
            name,
            table,
            f"CREATE TRIGGER {name} BEFORE {deeds} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_{table}()",
        )
        if table not in APPEND_ONLY:
            yield Installed(
                f"{name}_truncate",
                table,
                f"CREATE TRIGGER {name}_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
            )


# The bodies of the trigger functions; the server keeps them to the letter.
FUNCTIONS = {
    "refuse_change": "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
    "USING ERRCODE = 'integrity_constraint_violation'; END",
    "refuse_cycle": "BEGIN IF EXISTS (SELECT 1 FROM place WHERE id = NEW.parent_id AND path LIKE OLD.path || '%') "
    "THEN RAISE EXCEPTION 'place_no_cycle' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
    "RETURN NEW; END",
    **audit_rules.FUNCTIONS,
    **seal_rules.functions(),
    **charge_rules.FUNCTIONS,
    **verification_rules.FUNCTIONS,
    **custody_rules.FUNCTIONS,
    **disposal_rules.FUNCTIONS,
    **gate_rules.FUNCTIONS,
    **mail_rules.FUNCTIONS,
    **mail_outgoing_rules.FUNCTIONS,
    **mail_pouch_rules.FUNCTIONS,
    **custom_field_rules.FUNCTIONS,
    **family_rules.FUNCTIONS,
    **maintenance_rules.FUNCTIONS,
    **outbox_rules.FUNCTIONS,
    **conference_rules.FUNCTIONS,
    **capital_project_rules.FUNCTIONS,
    **transport_rules.FUNCTIONS,
    **trip_load_rules.FUNCTIONS,
}


HELPERS = {**audit_rules.HELPERS, **seal_rules.HELPERS}
"""Functions that those of the triggers ask: name and arguments, kind of answer, body."""


def function_names() -> Iterator[str]:
    """Every function of the list as it is taken away: its name with the kinds of its arguments."""
    yield from (f"{name}()" for name in FUNCTIONS)
    for called in HELPERS:
        name, _, arguments = called.rstrip(")").partition("(")
        yield f"{name}({', '.join(part.split()[-1] for part in arguments.split(','))})"


def install(connection: Connection) -> None:
    """Put back every object of the list that is missing or has another text; safe to run again and again."""
    if connection.dialect.name == "sqlite":
        have = _texts(connection)
        for item in for_sqlite():
            if have.get(item.name) == item.make:
                continue
            if item.name in have:
                what = "TABLE" if item.make.startswith("CREATE VIRTUAL") else "TRIGGER"
                connection.exec_driver_sql(f"DROP {what} {item.name}")
            connection.exec_driver_sql(item.make)
            if item.name == "search_fts":
                connection.exec_driver_sql("INSERT INTO search_fts(search_fts) VALUES ('rebuild')")
        # FTS5 would merge 64 pages of the index inside every sixty-fourth deed; `db.tidying` does it in pauses.
        # At sixteen pieces of a level it would merge all of them, with all that a merge in pauses has left to do: up to
        # the whole index in one deed. At 256 only where no pause and no moment between deeds came; 2,000 are the limit.
        for setting in ("'automerge', 0", "'crisismerge', 256"):
            connection.exec_driver_sql(f"INSERT INTO search_fts(search_fts, rank) VALUES ({setting})")
        return
    # The path stands still, with passing tables last: a caller's own tables cannot step in for ours.
    path = connection.exec_driver_sql("SHOW search_path").scalar()
    pinned = "SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true)"
    connection.exec_driver_sql(pinned)
    for name, body in FUNCTIONS.items():
        make = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT"
        connection.exec_driver_sql(f"{make} AS $${body}$$".replace("%", "%%"))
    for called, (answers, body) in HELPERS.items():
        make = f"CREATE OR REPLACE FUNCTION {called} RETURNS {answers} LANGUAGE plpgsql IMMUTABLE"
        connection.exec_driver_sql(f"{make} AS $${body}$$".replace("%", "%%"))
    connection.exec_driver_sql("SELECT set_config('search_path', %s, true)", (path,))
    have = constraints(connection)
    for name, (table, definition) in EXCLUSIONS.items():
        if have.get(name) != definition:
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for item in for_server():
        make = item.make.replace("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER").replace("%", "%%")
        connection.exec_driver_sql(make)
    row_rules.install(connection)


def constraints(connection: Connection) -> dict[str, str]:
    """The exclusion constraints of a server, each as it tells it back: Alembic sees none of them."""
    rows = connection.exec_driver_sql(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'x' "
        "AND connamespace = current_schema()::regnamespace"
    )
    return {row[0]: row[1] for row in rows}


def _texts(connection: Connection) -> dict[str, str]:
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {row.name: row.sql for row in rows}
