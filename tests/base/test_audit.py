"""The audit cannot be changed from within, shows a change from without, and keeps no secret."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cbo_desk import audit
from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.office import Office
from cbo_desk.permissions import administrator, deed, reads
from db.engine import open_engine
from db.people import Entity

ENTRY = "audit_entry (seq, at, actor, workstation, command, args, touched, said, previous, hash)"
ATTACKS = (
    "UPDATE audit_entry SET actor = 'eve' WHERE seq = 2",
    "UPDATE audit_entry SET said = said",
    "DELETE FROM audit_entry WHERE seq = 3",
    "DELETE FROM audit_entry",
    "DELETE FROM audit_touch",
    "DELETE FROM audit_head",
    "UPDATE audit_touch SET record_id = 9",
    "INSERT INTO audit_head (id, seq, hash) VALUES (2, 0, '')",
    "INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '')",
    "UPDATE audit_head SET hash = 'x'",
    "UPDATE audit_head SET seq = seq - 1",
    "UPDATE audit_head SET seq = seq + 1",
    "UPDATE audit_head SET id = 2, seq = seq + 1",
    f"INSERT INTO {ENTRY} SELECT seq + 100, at, actor, workstation, command, args, touched, said, previous, hash "
    "FROM audit_entry WHERE seq = 2",
    f"INSERT INTO {ENTRY} SELECT 6, at, actor, workstation, command, args, touched, said, previous, hash "
    "FROM audit_entry WHERE seq = 5",
)
SQLITE_ATTACKS = (
    f"INSERT OR REPLACE INTO {ENTRY} SELECT seq, at, 'eve', workstation, command, args, touched, said, previous, "
    "hash FROM audit_entry WHERE seq = 2",
    "REPLACE INTO audit_touch SELECT * FROM audit_touch LIMIT 1",
    "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE seq = 2 ON CONFLICT DO UPDATE SET actor = 'eve'",
    "INSERT OR IGNORE INTO audit_entry SELECT * FROM audit_entry WHERE seq = 2",
)
SERVER_ATTACKS = (
    "TRUNCATE audit_entry CASCADE",
    "TRUNCATE audit_head",
    "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE seq = 2 ON CONFLICT (seq) DO UPDATE SET actor = 'eve'",
    "MERGE INTO audit_entry USING (SELECT 2 AS n) t ON seq = n WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM audit_entry RETURNING *) SELECT * FROM gone",
)
TAMPERING = {
    "UPDATE audit_entry SET actor = 'eve' WHERE seq = 3": (3, "Entry 3 was changed after it was written."),
    "UPDATE audit_entry SET said = said || '!' WHERE seq = 1": (1, "Entry 1 was changed after it was written."),
    "DELETE FROM audit_entry WHERE seq = 2": (2, "Entry 2 is missing."),
    "DELETE FROM audit_entry WHERE seq = 5": (5, "The newest entries are missing: the head names others."),
    "DELETE FROM audit_head": (1, "The head of the chain is missing."),
    "UPDATE audit_entry SET hash = 'abc' WHERE seq = 2": (2, "Entry 2 was changed after it was written."),
    "UPDATE audit_entry SET previous = '' WHERE seq = 4": (4, "Entry 4 does not follow the one before it."),
}


@pytest.fixture
def five(office, desk):
    for n in range(5):
        office.write(desk.add_entity, f"E{n}")
    return office


def proof(office):
    return office.read(audit.verify)


def unprotected(engine):
    """A connection of somebody who owns the database: every trigger is out of the way."""
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        connection.exec_driver_sql("SET session_replication_role = replica")
    else:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN")
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        for name in names:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    return connection


def test_a_whole_chain_is_proven(five):
    assert proof(five) == audit.Proof(5)


def test_an_empty_chain_is_whole(office):
    assert proof(office) == audit.Proof(0)


def test_no_statement_changes_what_was_recorded(five):
    server = five.engine.dialect.name == "postgresql"
    attacks = (*ATTACKS, *(SERVER_ATTACKS if server else SQLITE_ATTACKS))
    for attack in attacks:
        with five.engine.connect() as connection:
            with pytest.raises(sa.exc.DBAPIError):
                connection.exec_driver_sql(attack)
            connection.rollback()
    assert proof(five) == audit.Proof(5)


@pytest.mark.parametrize(("tampering", "found"), TAMPERING.items())
def test_what_the_owner_of_the_database_changes_is_found(five, tampering, found):
    with unprotected(five.engine) as connection:
        assert connection.exec_driver_sql(tampering).rowcount > 0, "the control: without triggers it does work"
        connection.commit()
        connection.invalidate()
    result = proof(five)
    assert (result.bad_seq, result.why) == found


def test_a_forged_entry_is_found(five):
    """Somebody adds an entry of their own without the head."""
    with unprotected(five.engine) as connection:
        connection.exec_driver_sql(
            f"INSERT INTO {ENTRY} SELECT 6, at, 'eve', workstation, command, args, touched, said, hash, hash "
            "FROM audit_entry WHERE seq = 5"
        )
        connection.commit()
        connection.invalidate()
    assert proof(five).bad_seq == 6


def test_a_crowd_keeps_the_chain_whole(engine_url, office, crowd, desk):
    """Eight processes write at once: nothing lost, nothing locked, no number twice, the chain whole."""
    said = crowd(engine_url, 8, lambda own, _n: [bad for bad in (attempt(own, desk) for _ in range(25)) if bad])
    assert said == [[]] * 8
    assert proof(office) == audit.Proof(200)
    with office.engine.connect() as connection:
        codes = set(connection.scalars(sa.select(Entity.code)))
    assert codes == {f"T-{n:04}" for n in range(1, 201)}


def attempt(office, desk):
    try:
        office.write(desk.add_numbered, "T")
    except (Refusal, Trouble) as bad:
        return str(bad)


def test_readers_see_a_whole_chain_beside_writers(engine_url, office, crowd, desk):
    def work(own, n):
        if n < 2:
            return [bad for bad in (attempt(own, desk) for _ in range(30)) if bad]
        proofs = [proof(own) for _ in range(15)]
        return [found for found in proofs if found.bad_seq]

    assert crowd(engine_url, 4, work) == [[]] * 4
    assert proof(office) == audit.Proof(60)


def test_passwords_are_not_kept(five, desk):
    five.write(desk.set_password, "ada", "Sesame-9")
    five.write(desk.set_password, "ada", password="Sesame-9")
    five.write(desk.set_password, "ada", "Sesame-9", card={"old_password": "Sesame-9", "secret_word": "Sesame-9"})
    with five.engine.connect() as connection:
        kept = [str(tuple(row)) for row in connection.execute(sa.select(audit.AuditEntry.__table__))]
    assert "Sesame-9" not in "".join(kept)
    assert "'login': 'ada'" in kept[-1], "the control: what is no secret is kept by its name"


def test_differences_are_kept_field_by_field(office, desk):
    ident = office.write(desk.add_entity, "WFP", "Food").ids[0]
    office.write(desk.rename_entity, ident, "World Food Programme")
    lines = five_lines(office, ident)
    assert lines[1].differences["code"] == [None, "WFP"]
    assert lines[0].differences == {"name": ["Food", "World Food Programme"]}
    office.write(desk.remove_entity, ident)
    assert five_lines(office, ident)[0].differences["name"] == ["World Food Programme", None]


def five_lines(office, ident):
    with sa.orm.Session(office.engine) as session:
        return audit.history(session, "people.entity", ident)


def test_odd_texts_are_recorded(office, desk):
    """A NUL or half a surrogate pair in an argument must not stop the chain; the value itself is refused."""

    @deed("people.echo", "echo")
    def echo(session, words):
        return Changes("people.entity", (1,), f"Heard {words}")

    for words in ("a\x00b", "half \ud800", "😀", "\u202e", "'; DROP TABLE asset; --"):
        office.write(echo, words)
    assert proof(office) == audit.Proof(5)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=9) | st.decimals()
    | st.dates() | st.sets(st.integers() | st.text()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(VALUES)
def test_every_value_can_be_hashed(value):
    once = audit.plain({"args": value})
    assert audit.digest(once) == audit.digest(audit.plain(once))


def test_money_is_kept_to_the_cent():
    assert audit.plain(Decimal("0.10")) == "0.10"


@deed("people.touch_many", "touch entities")
def touch_many(session, ids):
    """A deed over given ids, for the sake of its history."""
    return Changes("people.entity", tuple(ids), f"{len(ids)} touched.")


@reads("people")
def told_of(session, ident, most=50):
    """The history of one entity."""
    return audit.history(session, "people.entity", ident, most)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 4000), st.integers(1, 1500)), min_size=1, max_size=6), st.integers(1, 6))
def test_a_deed_over_very_many_records_is_in_the_history_of_each_and_of_no_other(sqlite_office, stretches, step):
    ids = sorted({ident for start, length in stretches for ident in range(start, start + length, step)})
    before = sqlite_office.read(newest_seq)
    sqlite_office.write(touch_many, ids)
    edges = {probe for start, length in stretches for probe in (start - 1, start, start + 1, start + length, 6000)}
    for probe in edges:
        told = [line for line in sqlite_office.read(told_of, probe) if line.seq > before]
        assert bool(told) == (probe in set(ids)), (probe, len(ids))


@reads("settings")
def newest_seq(session):
    """The number of the newest entry."""
    return session.scalar(sa.text("SELECT seq FROM audit_head"))


def test_a_large_deed_stands_between_the_small_ones_on_both_engines_and_costs_two_rows(office):
    office.write(touch_many, [7])
    office.write(touch_many, range(1, 2001))
    office.write(touch_many, [7, 8])
    told = [line.said for line in office.read(told_of, 7)]
    assert told == ["2 touched.", "2000 touched.", "1 touched."]
    assert [line.said for line in office.read(told_of, 7, 2)] == ["2 touched.", "2000 touched."]
    with office.engine.connect() as connection:
        touches = connection.execute(sa.text("SELECT count(*) FROM audit_touch WHERE kind LIKE 'people.entity/%'"))
        assert touches.scalar() == 2


NAMES = st.text(max_size=5).map(audit.plain)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=8).map(audit.plain),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


def test_the_server_reckons_the_same_words_and_so_the_same_hash(postgres_url):
    """The trigger refuses a deed whose hash it reckons otherwise: for every plain value both must agree."""
    engine = open_engine(postgres_url)

    @settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
    @given(PLAIN)
    def same(value):
        told = json.dumps(value)
        with engine.connect() as connection:
            asked = sa.text("SELECT audit_json(CAST(:told AS jsonb))")
            said = connection.execute(asked, {"told": told}).scalar()
        assert said == json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    same()
    engine.dispose()


def test_the_server_takes_no_hash_but_its_own(postgres_url, clock, desk):
    office = Office(open_engine(postgres_url), administrator("ada", "Ada Achieng", "DESK-1"), clock)
    office.write(desk.add_entity, "E1")
    entry = "SELECT seq + 1, at, actor, workstation, command, args, touched, said, hash, 'f00' FROM audit_entry"
    with office.engine.connect() as connection:
        with pytest.raises(sa.exc.DBAPIError, match="audit_entry_other_hash"):
            connection.exec_driver_sql(f"INSERT INTO {ENTRY} {entry}")
        connection.rollback()
    assert proof(office) == audit.Proof(1)
    office.close()
