"""The guard finds every planted deviation, and an upgrade puts back what can be put back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from db import fresh, guard, schema, triggers
from db.base import Base
from db.engine import open_engine
from db.migrate import upgrade

SQLITE = {
    "DROP TRIGGER tr_audit_entry_no_delete": "tr_audit_entry_no_delete is missing.",
    "DROP INDEX ix_asset_serial": "Constraint or index ix_asset_serial is missing.",
    "DROP TABLE search_fts": "search_fts is missing.",
    "ALTER TABLE asset DROP COLUMN notes": "Column asset.notes is missing.",
    "DROP TABLE last_scan": "Table last_scan is missing.",
}
SERVER = {
    "DROP TRIGGER tr_audit_entry_append_only ON audit_entry": "tr_audit_entry_append_only is missing.",
    "ALTER TABLE audit_entry DISABLE TRIGGER tr_audit_entry_append_only": "tr_audit_entry_append_only is switched off.",
    "CREATE OR REPLACE TRIGGER tr_audit_entry_append_only BEFORE DELETE ON audit_entry FOR EACH ROW "
    "EXECUTE FUNCTION refuse_change()": "tr_audit_entry_append_only was altered.",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$BEGIN RETURN NEW; END$$": "Function refuse_change is missing or was altered.",
    "ALTER TABLE asset DROP CONSTRAINT ck_asset_state": "Constraint or index ck_asset_state is missing.",
    "ALTER TABLE asset DROP CONSTRAINT ck_asset_state, ADD CONSTRAINT ck_asset_state "
    "CHECK (state IN ('in_store','lost'))": "Constraint or index ck_asset_state was altered.",
    "ALTER TABLE asset DROP CONSTRAINT ck_asset_cost_not_negative, ADD CONSTRAINT ck_asset_cost_not_negative "
    "CHECK (cost_cents >= 0) NOT VALID": "Constraint ck_asset_cost_not_negative was never checked against the rows.",
    "ALTER TABLE tag DROP CONSTRAINT uq_tag_code": "Constraint or index uq_tag_code is missing.",
    "ALTER TABLE asset DROP CONSTRAINT fk_asset_place, ADD CONSTRAINT fk_asset_place FOREIGN KEY "
    "(place_id, place_code) REFERENCES place (id, code)": "Constraint or index fk_asset_place was altered.",
    "DROP INDEX ix_search_entry_trigrams": "Constraint or index ix_search_entry_trigrams is missing.",
    "ALTER TABLE asset DROP COLUMN notes": "Column asset.notes is missing.",
    "ALTER TABLE asset ALTER description DROP NOT NULL": "Column asset.description was altered: "
    "it may be empty, or may no longer be.",
    "DROP TABLE last_scan": "Table last_scan is missing.",
}


def plant(engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement.replace(":", "\\:")))


def test_a_fresh_database_is_whole(engine, monkeypatch):
    monkeypatch.setattr(guard, "_whole", set())
    assert guard.deviations(engine) == []


def test_a_fresh_file_is_known_and_any_other_is_not(sqlite_url, postgres_url):
    engine, server = open_engine(sqlite_url), open_engine(postgres_url)
    with engine.connect() as connection:
        told = (schema.NEWEST, fresh.told_by_file(connection))
    assert told == fresh.FRESH, f"After a migration write this into db/fresh.py: {told}"
    assert fresh.is_fresh(engine)
    assert not fresh.is_fresh(server)
    plant(engine, "CREATE TRIGGER stranger AFTER INSERT ON asset BEGIN DELETE FROM asset; END")
    assert not fresh.is_fresh(engine)
    plant(engine, "DROP TRIGGER stranger")
    assert fresh.is_fresh(engine)
    plant(engine, "DROP TRIGGER tr_audit_entry_no_delete")
    assert not fresh.is_fresh(engine)
    engine.dispose()
    server.dispose()


@pytest.mark.parametrize(("fault", "sentence"), SQLITE.items())
def test_every_fault_in_a_file_is_named(sqlite_url, fault, sentence):
    engine = open_engine(sqlite_url)
    plant(engine, fault)
    assert guard.deviations(engine) == [sentence]
    engine.dispose()


@pytest.mark.parametrize(("fault", "sentence"), SERVER.items())
def test_every_fault_on_a_server_is_named(postgres_url, fault, sentence):
    engine = open_engine(postgres_url)
    plant(engine, fault)
    assert guard.deviations(engine) == [sentence]
    engine.dispose()


def test_an_altered_trigger_of_a_file_is_named_and_put_back(sqlite_url):
    engine = open_engine(sqlite_url)
    plant(
        engine,
        "DROP TRIGGER tr_audit_entry_no_delete",
        "CREATE TRIGGER tr_audit_entry_no_delete BEFORE DELETE ON audit_entry WHEN 0 BEGIN SELECT 1; END",
    )
    assert guard.deviations(engine) == ["tr_audit_entry_no_delete was altered."]
    upgrade(engine)
    assert guard.deviations(engine) == []
    engine.dispose()


def test_batch_mode_drops_triggers_and_an_upgrade_puts_them_back(sqlite_url):
    """The control that gives the guard its reason: Alembic rebuilds the table and says nothing of its triggers."""
    engine = open_engine(sqlite_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("asset_event", recreate="always") as batch:
            batch.add_column(sa.Column("extra", sa.Text(), server_default="", nullable=False))
    assert guard.deviations(engine) == [
        f"tr_asset_event_no_{deed} is missing." for deed in ("update", "delete", "replace")
    ]
    upgrade(engine)
    assert guard.deviations(engine) == []
    engine.dispose()


def test_put_back_triggers_hold_on_a_server(postgres_url):
    engine = open_engine(postgres_url)
    plant(engine, *list(SERVER)[1:4])
    upgrade(engine)
    assert guard.deviations(engine) == []
    engine.dispose()


def test_every_constraint_has_a_name_of_its_own():
    names = [
        str(item.name)
        for table in Base.metadata.sorted_tables
        for item in (*table.constraints, *table.indexes)
        if item.name
    ]
    assert len(names) == len(set(names))
    assert "None" not in names
    assert all(len(name) <= 63 for name in names), "PostgreSQL cuts longer names"


def test_the_list_of_triggers_names_each_once():
    for items in (list(triggers.for_sqlite()), list(triggers.for_server())):
        names = [item.name for item in items]
        assert len(names) == len(set(names))
