"""With the rules lifted, whatever is done to a sealed fact is named at its row: altered, taken out, put in."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cbo_desk import audit, seals
from cbo_desk.backup import backup, restore
from cbo_desk.changes import Changes
from cbo_desk.compound import open_office
from cbo_desk.demo import make_demo
from cbo_desk.errors import Refusal
from cbo_desk.fact_words import KINDS
from cbo_desk.integrity import check
from cbo_desk.mail import Details, lose_items, receive_item
from cbo_desk.permissions import deed
from db import triggers
from db.base import Base
from db.seals import FORMS, MOST
from tests.conftest import MORNING
from tests.tampering import StandIn, without_rules

LATER = "2026-08-24T09:00:00.000000Z"
COLUMNS = "item_id, at, by, workstation, what, before, state, from_hand, to_hand, shelf_code, reason, note"
# What somebody does to steps of mail and events of things, each so that all still adds up, and what is named.
ATTACKS = {
    "UPDATE mail_event SET reason = 'stolen' WHERE item_id = 2 AND what = 'lose'":
        "Step 2 of M-000002 was altered after",
    "UPDATE mail_event SET note = 'by the window' WHERE item_id = 1 AND what = 'receive'":
        "Step 1 of M-000001 was altered",
    f"UPDATE mail_event SET at = '{LATER}' WHERE item_id = 3 AND what = 'receive'":
        "Step 1 of M-000003 was altered after",
    "UPDATE mail_event SET workstation = 'EVE', by = 'eve' WHERE item_id = 2":
        "Step 1 of M-000002 was altered after entry 3",
    "DELETE FROM mail_event WHERE item_id = 3 AND what = 'lose'; UPDATE mail_item SET state = 'received', "
    "holder = 'the mail room', last_event_id = (SELECT max(id) FROM mail_event WHERE item_id = 3), "
    "state_since = (SELECT at FROM mail_event WHERE item_id = 3) WHERE id = 3":
        "A step of mail is missing that was added",
    f"INSERT INTO mail_event ({COLUMNS}) SELECT item_id, at, by, workstation, 'find', 'lost', 'received', '', 'Eve', "
    "'', '', '' FROM mail_event WHERE item_id = 1 AND what = 'lose'":
        "Step 3 of M-000001 was added past the program",
    "UPDATE asset_event SET said = 'Bought' WHERE id = 5": " was altered after entry 1 (ada, 24 Aug 2026 09:00)",
    "DELETE FROM asset_event WHERE id = 7": "An event of a thing is missing that was added by entry 1 (ada",
}  # fmt: skip


def proof(office):
    return office.read(seals.prove)


@pytest.fixture
def filled(office):
    office.write(make_demo, 0.02)
    for _ in range(3):
        office.write(receive_item, "", Details(carrier="Hand delivery"))
    office.write(lose_items, [1, 2, 3], "not on the shelf")
    return office


def test_what_is_done_to_a_sealed_fact_is_named_at_its_row(filled):
    whole = proof(filled)
    assert (whole.facts, whole.since, whole.broken) == (100, MORNING, ())
    for statements, told in ATTACKS.items():
        with without_rules(filled.engine) as connection:
            for statement in statements.split("; "):
                assert connection.exec_driver_sql(statement).rowcount > 0, statement
            [words] = StandIn(filled, connection).read(seals.prove).broken
            assert told in words, (statements, words)
    assert proof(filled) == whole
    told = {finding.what: finding.found for finding in check(filled)}
    assert told["sealed facts"] == "100 as their deeds added them, since 24 Aug 2026"


def test_who_rewrites_a_whole_life_is_told_how_much_and_the_seal_is_under_the_chain(filled):
    with without_rules(filled.engine) as connection:
        connection.exec_driver_sql("UPDATE mail_event SET by = 'eve'")
        [words] = StandIn(filled, connection).read(seals.prove).broken
        assert words.startswith("Step 1 of M-000001 was altered after entry 2 (ada,")
        assert words.endswith("And 5 more.")
    # Who sets the seal right as well alters the entry, which the chain names.
    with without_rules(filled.engine, "audit_entry") as connection:
        connection.exec_driver_sql("UPDATE audit_entry SET sealed = '{}' WHERE seq = 3")
        office = StandIn(filled, connection)
        assert office.read(audit.verify).why == "Entry 3 was changed after it was written."
        assert "Step 1 of M-000002 was added past the program" in office.read(seals.prove).broken[0]


def unsealing(office, monkeypatch):
    """The office as a program that knows of no seals."""
    if office.engine.dialect.name == "sqlite":
        monkeypatch.setattr(audit, "seals_of", lambda _connection, _marks: {})
        return
    with office.engine.begin() as connection:
        for table in FORMS:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER tr_{table}_sealed")


def test_what_is_older_than_the_seals_is_judged_as_before(office, monkeypatch):
    with monkeypatch.context() as older:
        unsealing(office, older)
        office.write(make_demo, 0.02)
        office.write(receive_item, "", Details(carrier="Hand delivery"))
        assert proof(office) == seals.Seals(0, None)
        assert {one.found for one in check(office) if one.what == "sealed facts"} == {
            "none yet: the next deed that adds a step or an event seals it"
        }
    with office.engine.begin() as connection:
        if office.engine.dialect.name == "postgresql":
            for table in FORMS:
                connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER tr_{table}_sealed")
    for _ in range(2):
        office.write(receive_item, "", Details(carrier="Hand delivery"))
    assert proof(office) == seals.Seals(2, MORNING)
    assert [finding for finding in check(office) if not finding.ok] == []
    with office.engine.connect() as connection:
        asked = "SELECT sealed_from FROM audit_head"
        assert connection.exec_driver_sql(asked).scalar() == 3
    for item, broken in ((1, ()), (2, ("Step 1 of M-000002 was altered",)), (3, ("Step 1 of M-000003 was altered",))):
        with without_rules(office.engine) as connection:
            connection.exec_driver_sql(f"UPDATE mail_event SET note = 'seen' WHERE item_id = {item}")
            found = StandIn(office, connection).read(seals.prove).broken
            assert len(found) == len(broken), found
            assert all(words in one for one, words in zip(found, broken, strict=True))


def test_deeds_beside_each_other_raise_no_false_alarm(filled):
    """Three people work, with undoing and deeds that come to nothing, while the check reads over and over."""

    def work():
        for _ in range(8):
            [item] = filled.write(receive_item, "", Details(carrier="Hand delivery")).ids
            lost = filled.write(lose_items, [item], "not on the shelf")
            filled.write(lost.undo.command, *lost.undo.args)
            with pytest.raises(Refusal):
                filled.write(half_a_deed, item)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for one in workers:
        one.start()
    told, working = [], True
    while working:
        working = any(one.is_alive() for one in workers)
        told.append(proof(filled))
    assert {one.broken for one in told} == {()}
    assert told[-1].facts == 100 + 3 * 8 * 3
    # The control: what one of them did is named, once it is altered.
    with without_rules(filled.engine) as connection:
        connection.exec_driver_sql("UPDATE mail_event SET reason = 'stolen' WHERE item_id = 20 AND what = 'lose'")
        number = connection.exec_driver_sql("SELECT number FROM mail_item WHERE id = 20").scalar()
        [words] = StandIn(filled, connection).read(seals.prove).broken
        assert f"Step 2 of {number} was altered after entry" in words


@deed("mail.half_a_deed", "lose half")
def half_a_deed(session, item):
    """Put a step, take it back alone, put another, and be refused in the end."""
    with session.begin_nested() as part:
        lose_items(session, [item], "by mistake")
        part.rollback()
    lose_items(session, [item], "by mistake again")
    raise Refusal("In the end it was not lost.")


@deed("mail.only_the_second", "lose the second")
def only_the_second(session, first, second):
    """Put a step in a part of the deed that is taken back, and one that stays."""
    with session.begin_nested() as part:
        lose_items(session, [first], "by mistake")
        part.rollback()
    session.expire_all()
    return lose_items(session, [second], "not on the shelf")


def test_what_a_deed_takes_back_of_itself_has_no_seal(filled):
    items = [filled.write(receive_item, "", Details(carrier="Hand delivery")).ids[0] for _ in range(2)]
    before = proof(filled)
    filled.write(only_the_second, *items)
    assert proof(filled) == seals.Seals(before.facts + 1, before.since)
    with Session(filled.engine) as session:
        sealed = session.scalars(sa.select(audit.AuditEntry.sealed).order_by(audit.AuditEntry.seq.desc())).first()
    assert [(table, [first == last for first, last, _sum in those]) for table, those in sealed.items()] == [
        ("mail_event", [True])
    ]


def test_a_backup_brings_the_seals_along(filled, engine_url, tmp_path, request):
    file = tmp_path / "a.backup"
    backup(filled, file)
    on_file = engine_url.startswith("sqlite")
    elsewhere = str(tmp_path / "other.db") if on_file else request.getfixturevalue("empty_postgres_url")
    for _ in range(2):  # where nothing stands, and over what stands there and went on
        restore(file, elsewhere, overwrite=True)
        again = open_office(elsewhere)
        assert proof(again) == seals.Seals(100, MORNING)
        again.write(receive_item, "", Details(carrier="Hand delivery"))
        assert (proof(again).facts, proof(again).broken) == (101, ())
        assert [finding for finding in check(again) if not finding.ok] == []
        for item in (2, 4):  # of before the backup, and of after it
            with without_rules(again.engine) as connection:
                connection.exec_driver_sql(f"UPDATE mail_event SET note = 'x' WHERE item_id = {item}")
                words = StandIn(again, connection).read(seals.prove).broken[0]
                assert f"Step 1 of M-{item:06} was altered after entry" in words
        again.close()


# --- Every table --------------------------------------------------------------------------------------------------

HELD = {
    "numbers": lambda n: n,
    "texts": lambda n: f"Ä {n}",
    "instants": lambda n: datetime(2026, 9, 1, tzinfo=UTC) + timedelta(seconds=n),
    "dates": lambda n: date(2026, 8, 1) + timedelta(n),
    "flags": lambda n: bool(n % 2),
    "json": lambda n: [[n, 1.5, 0]],
    "bytes": lambda n: bytes([n % 256]),
}
ALTERED = {"texts": "'x'", "numbers": "99", "bytes": "CAST('x' AS {})"}


def row(name, n, group=None):
    values = {column: HELD[kind](n) for column, kind in FORMS[name].kinds.items()}
    if len(FORMS[name].keys) > 1 and group:
        values[FORMS[name].keys[0]] = group
    return values


@deed("people.add_facts", "add facts")
def add_facts(session, numbers, group=None):
    """Add rows to every table of facts, past all rules."""
    for name in FORMS:
        session.execute(sa.insert(Base.metadata.tables[name]), [row(name, n, group) for n in numbers])
    return Changes("people.entity", (1,), f"Rows {numbers[0]} to {numbers[-1]}.")


@pytest.fixture
def bare(office):
    """An office whose tables of facts have no rule but that they are sealed."""
    server = office.engine.dialect.name == "postgresql"
    with office.engine.begin() as connection:
        if server:
            for name, table in connection.exec_driver_sql(
                "SELECT conname, conrelid::regclass::text FROM pg_constraint WHERE contype IN ('f', 'c') "
                "AND conrelid::regclass::text = ANY (%s)", (list(FORMS),)
            ):  # fmt: skip
                connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        rules = triggers.for_server() if server else triggers.for_sqlite()
        for rule in rules:
            if rule.table in FORMS and not rule.name.endswith("_sealed"):
                connection.exec_driver_sql(f"DROP TRIGGER {rule.name}{f' ON {rule.table}' if server else ''}")
    office.engine.dispose()

    if not server:

        @sa.event.listens_for(office.engine, "connect")
        def lift(connection, _record):
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute("PRAGMA ignore_check_constraints = ON")

    return office


def test_no_table_of_facts_is_forgotten(bare):
    for numbers, group in (((1,), None), ((2,), None), ((3,), None), (tuple(range(10, 16)), 10)):
        bare.write(add_facts, numbers, group)
    assert proof(bare).facts == 9 * len(FORMS)
    kind = "bytea" if bare.engine.dialect.name == "postgresql" else "BLOB"
    for what, n, group, told in (
        ("UPDATE {0} SET {1} WHERE {2}", 2, None, "was altered after entry 2 (ada"),
        ("UPDATE {0} SET {1} WHERE {2}", 12, 10, "was altered after entry 4 (ada"),
        ("DELETE FROM {0} WHERE {2}", 3, None, "is missing that was added by entry 3"),
        ("DELETE FROM {0} WHERE {2}", 12, 10, "is missing that was added by entry 4"),
        ("", 4, None, "was added past the program"),
        ("", 16, 10, "was added past the program"),
    ):
        with bare.engine.connect() as connection:
            for name, form in FORMS.items():
                values = row(name, n, group)
                column = next(c for c, kind in form.kinds.items() if c not in form.keys and kind in ALTERED)
                change = f"{column} = {ALTERED[form.kinds[column]].format(kind)}"
                where = " AND ".join(f"{key} = {values[key]!r}" for key in form.keys)
                if what:
                    assert connection.exec_driver_sql(what.format(name, change, where)).rowcount == 1
                else:
                    connection.execute(sa.insert(Base.metadata.tables[name]), values)
            broken = StandIn(bare, connection).read(seals.prove).broken
            assert len(broken) == len(FORMS)
            assert all(told in words for words in broken), broken
            if "DELETE" in what:
                assert {words.partition(" is missing")[0] for words in broken} == {kind for kind, *_ in KINDS.values()}
            connection.rollback()
    assert proof(bare).broken == ()


def test_a_large_deed_has_few_seals_and_the_row_in_it_is_named(bare):
    """A thousand rows to a seal on both engines, whichever way they came."""
    many = tuple(range(1, 2 * MOST + 50))

    @deed("people.add_events", "add events")
    def add_events(session, numbers):
        table = Base.metadata.tables["asset_event"]
        half = len(numbers) // 2
        session.execute(sa.insert(table), [row("asset_event", n) for n in numbers[:half]])
        for n in numbers[half:]:
            session.execute(sa.insert(table), row("asset_event", n))
        return Changes("people.entity", (1,), "")

    bare.write(add_events, many)
    with Session(bare.engine) as session:
        sealed = session.scalar(sa.select(audit.AuditEntry.sealed))
    assert [seal[:2] for seal in sealed["asset_event"]] == [[1, 1000], [1001, 2000], [2001, 2049]]
    assert proof(bare).facts == len(many)
    with bare.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE asset_event SET said = 'x' WHERE id IN (1500, 2049)")
        [words] = StandIn(bare, connection).read(seals.prove).broken
        assert words.startswith("An event of a thing (1500) was altered after entry 1 (ada, 24 Aug 2026 09:00)")
        assert words.endswith("And 1 more.")
        connection.rollback()
