"""What the program's own connection could send to a file: refused, shown harmless, or found and named by the check.

Whoever may write a file may in the end write every byte of it, so a file is defended twice: its rules refuse what a
program could do by mistake or in passing, and what somebody does who lifts them first is named afterwards. Closed
campaigns, bookings, papers and passes have lists of their own beside their tables; the server's is in tests/server.
"""

from __future__ import annotations

import pytest

from cbo_desk import integrity
from cbo_desk.compound import open_office
from cbo_desk.demo import make_demo
from cbo_desk.mail import Details, receive_item
from db.base import Base
from db.engine import sqlite_module

ENTRY = "seq, at, actor, workstation, command, args, touched, said, previous, hash"
FORGED = (
    "SELECT {}, at, 'eve', workstation, command, args, touched, said, previous, hash FROM audit_entry WHERE seq = {}"
)
FACTS = ("audit_entry", "audit_touch", "asset_event", "mail_event")
LIFTED = ("recursive_triggers = OFF", "foreign_keys = OFF", "ignore_check_constraints = ON")
REFUSED = (
    *(f"DELETE FROM {table}" for table in FACTS),
    *(f"UPDATE {table} SET rowid = rowid + 1000" for table in FACTS),
    *(f"UPDATE OR IGNORE {table} SET rowid = rowid" for table in FACTS),
    *(f"REPLACE INTO {table} SELECT * FROM {table} LIMIT 1" for table in FACTS),
    *(f"INSERT OR IGNORE INTO {table} SELECT * FROM {table} LIMIT 1" for table in FACTS),
    *(f"PRAGMA {one}; REPLACE INTO audit_entry ({ENTRY}) {FORGED.format(2, 2)}" for one in LIFTED),
    *(f"PRAGMA {one}; DELETE FROM asset_event" for one in LIFTED),
    *(f"PRAGMA {one}; UPDATE OR REPLACE audit_entry SET seq = 1 WHERE seq = 2" for one in LIFTED),
    # The audit: forged, reordered, its head moved.
    f"INSERT INTO audit_entry ({ENTRY}) {FORGED.format('seq + 1', 3)}",
    f"INSERT INTO audit_entry ({ENTRY}) {FORGED.format('seq + 9', 3)}",
    "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE seq = 2 ON CONFLICT DO UPDATE SET actor = 'eve'",
    "WITH x AS (SELECT 2 AS n) UPDATE audit_entry SET said = '' FROM x WHERE seq = n",
    "UPDATE audit_head SET hash = 'x'",
    "UPDATE audit_head SET seq = 0, hash = ''",
    "DELETE FROM audit_head",
    "REPLACE INTO audit_head (id, seq, hash) VALUES (1, 0, '')",
    # Things and their papers.
    "UPDATE asset SET state = 'gone'",
    "UPDATE asset SET cost_cents = -1",
    "DELETE FROM asset",
    "PRAGMA defer_foreign_keys = ON; DELETE FROM asset",
    "UPDATE mail_item SET number = 'M-9'",
    "DELETE FROM mail_item",
    "PRAGMA foreign_keys = OFF; REPLACE INTO mail_item SELECT * FROM mail_item",
    # The engine itself.
    "UPDATE sqlite_master SET sql = ''",
    "DELETE FROM sqlite_master",
    "DROP TABLE sqlite_master",
    "TRUNCATE audit_entry",
    "DETACH main",
    "SELECT load_extension('eve')",
    "ALTER TABLE audit_entry DROP COLUMN seq",
    "CREATE TRIGGER tr_audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT 1; END",
    "PRAGMA query_only = ON; DELETE FROM search_entry",
    "ATTACH ':memory:' AS eve; CREATE TRIGGER eve.t AFTER INSERT ON main.asset BEGIN SELECT 1; END",
)
HARMLESS = (
    # Of one's own connection alone, and gone with it.
    "CREATE TEMP TABLE audit_entry (seq int); DELETE FROM audit_entry",
    "CREATE TEMP VIEW asset_event AS SELECT 1",
    "CREATE TEMP TRIGGER quiet BEFORE DELETE ON main.audit_entry BEGIN SELECT RAISE(IGNORE); END; "
    "DELETE FROM main.audit_entry",
    "ATTACH ':memory:' AS eve; CREATE TABLE eve.audit_entry (seq int)",
    "BEGIN; DROP TRIGGER tr_asset_event_no_delete; DELETE FROM asset_event; ROLLBACK",
    "REINDEX; ANALYZE",
)
LIFT = "PRAGMA foreign_keys = OFF; DROP TRIGGER tr_audit_entry_no_{}; "
FOUND = {
    LIFT.format("update") + "UPDATE audit_entry SET actor = 'eve' WHERE seq = 2": (
        ("audit chain", "Entry 2 was changed after it was written."),
        ("schema", "tr_audit_entry_no_update is missing."),
    ),
    LIFT.format("delete") + "DELETE FROM audit_entry WHERE seq = 2": (("audit chain", "Entry 2 is missing."),),
    LIFT.format("delete") + "DELETE FROM audit_entry WHERE seq = 3": (
        ("audit chain", "The newest entries are missing: the head names others."),
    ),
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'BEFORE DELETE', 'AFTER DELETE') "
    "WHERE name = 'tr_audit_entry_no_delete'": (("schema", "tr_audit_entry_no_delete was altered."),),
    "PRAGMA writable_schema = ON; DELETE FROM sqlite_master WHERE name = 'tr_asset_event_no_delete'": (
        ("schema", "tr_asset_event_no_delete is missing."),
    ),
    "PRAGMA ignore_check_constraints = ON; UPDATE asset SET cost_cents = -1 WHERE id = 1": (
        ("pages", "CHECK constraint failed in asset"),
    ),
    "PRAGMA foreign_keys = OFF; DELETE FROM asset WHERE id = 1": (("references", "asset_event without its partner"),),
    "DROP TABLE audit_touch": (("schema", "Table audit_touch is missing."),),
    "ALTER TABLE asset_event RENAME TO gone": (("schema", "Table asset_event is missing."),),
    # A rule more can swallow what is written as well as a rule less.
    "CREATE TRIGGER quiet BEFORE INSERT ON audit_touch BEGIN SELECT RAISE(IGNORE); END": (
        ("schema", "Trigger quiet of audit_touch is not ours."),
    ),
}


@pytest.fixture
def filled(sqlite_office):
    sqlite_office.write(make_demo, 0.05)
    for carrier in ("Hand delivery", "DHL"):
        sqlite_office.write(receive_item, "", Details(carrier=carrier))
    return sqlite_office


def held(office):
    """Every word of the file: its tables, its rules and its rows."""
    with office.engine.connect() as connection:
        asked = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name"
        rules = connection.exec_driver_sql(asked).all()
        return rules, {name: connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in Base.metadata.tables}


def send(office, statements):
    """Send them over a connection as the program opens one, which is thrown away after; what was refused, or ''."""
    connection = office.engine.raw_connection()
    try:
        for statement in parted(statements):
            connection.dbapi_connection.execute(statement)
        return ""
    except sqlite_module().Error as error:
        return str(error)
    finally:
        connection.invalidate()


def parted(statements):
    """The statements of a line; the body of a trigger holds semicolons of its own."""
    part = ""
    for piece in statements.split(";"):
        part += piece + ";"
        if sqlite_module().complete_statement(part):
            yield part
            part = ""


def test_a_file_refuses_them(filled):
    before = held(filled)
    answers = {statement: send(filled, statement) for statement in REFUSED}
    assert [statement for statement, said in answers.items() if not said] == []
    # By a rule, and not because it named what is not there.
    assert {statement: said for statement, said in answers.items() if "no such" in said} == {}
    assert held(filled) == before
    assert len(REFUSED) >= 40


def test_what_is_let_through_leaves_the_file_as_it_was(filled):
    before = held(filled)
    assert {statement: send(filled, statement) for statement in HARMLESS} == dict.fromkeys(HARMLESS, "")
    assert held(filled) == before
    # The control: one word more is seen.
    assert send(filled, "UPDATE entity SET name = name || '!'") == ""
    assert held(filled) != before


def test_what_is_done_with_the_rules_lifted_is_named(filled, tmp_path):
    assert [finding for finding in integrity.check(filled) if not finding.ok] == []  # the control
    for number, (statements, wanted) in enumerate(FOUND.items()):
        copy = tmp_path / f"{number}.db"
        with sqlite_module().connect(str(copy)) as there, filled.engine.connect() as connection:
            connection.connection.dbapi_connection.backup(there)
        there.close()
        office = open_office(str(copy))
        assert send(office, statements) == "", statements
        office.engine.dispose()
        told = [(finding.what, finding.found) for finding in integrity.check(office) if not finding.ok]
        for what, words in wanted:
            assert any(one == what and words in found for one, found in told), (statements, told)
        office.close()
