"""A compound moves from a file to a server and back without losing or changing a row, or not at all."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cbo_desk import attachments, audit, seals, search
from cbo_desk.compound import open_office
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.moving import move
from cbo_desk.office import Office
from cbo_desk.permissions import Actor, Role, administrator
from cbo_desk.progress import Cancelled, Progress
from cbo_desk.property import KIND, move_assets
from db import copying, guard, triggers
from db.base import Base
from db.engine import open_engine
from db.property import Asset
from tests.conftest import MORNING, Clock
from tests.demo import demo
from tests.furnished import note_new

TEXT = "Notes \U0001f600 \u0639\u0631\u0628\u064a".encode()


def rows_of(url):
    """Every row of a database as the driver's own text, in an order of their own: not how the move compares them."""
    engine = open_engine(url)
    with engine.connect() as connection:
        held = {
            table.name: sorted(repr([as_kept(value) for value in row]) for row in connection.execute(sa.select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in copying.LEFT_BEHIND
        }
    engine.dispose()
    return held


def as_kept(value):
    """A value without the order of its names: PostgreSQL keeps these in one of its own."""
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else value


@pytest.fixture(scope="session")
def lived_in(sqlite_template, tmp_path_factory) -> Path:
    """A file in which people of every desk have worked."""
    return live_in(sqlite_template, tmp_path_factory.mktemp("lived") / "compound.db", 0.5)


@pytest.fixture(scope="session")
def moved_into(sqlite_template, tmp_path_factory) -> Path:
    """The same with 240 assets, and nothing yet at the other desks: for a move that comes to nothing."""
    return live_in(sqlite_template, tmp_path_factory.mktemp("moved") / "compound.db", 0.2)


def live_in(template, path, scale):
    """The demo, a paper, a move, and an asset whose number is gone for ever."""
    shutil.copyfile(template, path)
    note_new(str(path), str(template))
    office = Office(open_engine(str(path)), administrator("ada", "Ada Achieng", "DESK-1"), Clock())
    demo(office, scale)
    office.write(attachments.attach, KIND, 1, "notes.txt", TEXT)
    office.write(move_assets, [1, 2, 3], 5)
    with office.engine.execution_options(writes=True).begin() as connection:
        last = connection.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'asset'"))
        connection.execute(sa.text("UPDATE sqlite_sequence SET seq = :seq WHERE name = 'asset'"), {"seq": last + 40})
    with office.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    office.close()
    return path


@pytest.fixture
def file(lived_in, tmp_path) -> str:
    path = tmp_path / "lived.db"
    shutil.copyfile(lived_in, path)
    return str(path)


@pytest.fixture
def small(moved_into, tmp_path) -> str:
    path = tmp_path / "small.db"
    shutil.copyfile(moved_into, path)
    return str(path)


def moved_on(url, target, progress=None):
    office = open_office(url)
    try:
        return move(office, target, progress)
    finally:
        office.close()


def without_last_deed(held):
    """What stood in the new database before the move was written down in it."""
    return {name: rows for name, rows in held.items() if not name.startswith("audit")}


def seals_of(url):
    """What the check of the seals finds, and how many entries seal nothing."""
    office = open_office(url)
    with office.engine.connect() as connection:
        unsealed = connection.scalar(sa.text("SELECT count(*) FROM audit_entry WHERE sealed IS NULL"))
    found = office.read(seals.prove)
    office.close()
    return found, unsealed


def test_to_a_server_and_back_nothing_is_lost(file, empty_postgres_url, tmp_path):
    before = rows_of(file)
    there = moved_on(file, empty_postgres_url)
    assert there.rows == sum(len(rows) for rows in before.values()) > 3_000
    assert there.attachments == 1
    assert without_last_deed(rows_of(empty_postgres_url)) == without_last_deed(before)
    back = str(tmp_path / "back.db")
    moved_on(empty_postgres_url, back)
    held = rows_of(back)
    assert without_last_deed(held) == without_last_deed(before)
    assert [len(held[name]) - len(before[name]) for name in ("audit_entry", "audit_head")] == [2, 0]
    assert set(before["audit_entry"]) < set(held["audit_entry"])
    sealed, unsealed = zip(*(seals_of(url) for url in (file, empty_postgres_url, back)), strict=True)
    assert {one.broken for one in sealed} == {()}
    assert len({one.facts for one in sealed}) == 1
    assert sealed[0].facts > 1_000
    # What sealed nothing, as a move, has nothing there: not JSON's null, which is a value.
    assert [many - unsealed[0] for many in unsealed] == [0, 1, 2]
    assert_whole_and_going_on(empty_postgres_url)


def assert_whole_and_going_on(url):
    """A compound that came from a file works on the server as one that was begun there."""
    office = open_office(url)
    assert guard.deviations(office.engine) == []
    proof = office.read(audit.verify)
    assert (proof.bad_seq, proof.entries) == (None, 4)
    with Session(office.engine) as session:
        last = session.scalar(sa.select(audit.AuditEntry.said).order_by(audit.AuditEntry.seq.desc()).limit(1))
        paper = session.scalar(sa.select(audit.Base.metadata.tables["blob"].c.content))
        inventory_no = session.scalar(sa.select(Asset.inventory_no).where(Asset.id == 1))
    assert "moved here from" in last
    assert paper == TEXT
    assert [hit.record_id for hit in office.read(search.find, inventory_no)][:1] == [1]
    # Facts are as protected as before, and a new row takes a number that never was anybody's.
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), office.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM asset_event"))
    with office.engine.connect() as connection:
        newest = connection.scalar(sa.select(sa.func.max(Asset.id)))
        assert connection.scalar(sa.text("SELECT nextval(pg_get_serial_sequence('asset', 'id'))")) == newest + 41
    office.close()


def test_a_value_that_changed_on_the_way_is_found(small, tmp_path, monkeypatch):
    carry = copying.carry

    def careless(source, target, report):
        done = carry(source, target, report)
        target.execute(sa.update(Asset).where(Asset.id == 77).values(description="Something else"))
        return done

    monkeypatch.setattr(copying, "carry", careless)
    target = tmp_path / "new.db"
    with pytest.raises(Trouble, match=r"asset, row 77: description\. Nothing was moved"):
        moved_on(small, str(target))
    assert not target.exists()


def test_a_torn_chain_is_not_carried_over(small, empty_postgres_url):
    engine = open_engine(small)
    with engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER tr_audit_entry_no_update")
        connection.exec_driver_sql("UPDATE audit_entry SET actor = 'nobody' WHERE seq = 2")
    office = Office(engine, open_office(str(small), check=False).actor)
    with pytest.raises(Trouble, match="Entry 2 was changed"):
        move(office, empty_postgres_url)
    office.close()
    assert_empty(empty_postgres_url)


def test_a_row_that_the_rules_refuse_stops_it_all(small, empty_postgres_url):
    engine = open_engine(small)
    with engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.exec_driver_sql("UPDATE asset SET state = 'nowhere' WHERE id = 9")
    engine.dispose()
    with pytest.raises(Refusal, match=r"breaks a rule: .*no state .*Nothing was moved"):
        moved_on(small, empty_postgres_url)
    assert_empty(empty_postgres_url)


@pytest.mark.parametrize("at", [1, 3])
def test_stopped_half_way_nothing_is_left(small, empty_postgres_url, at):
    told = []

    def tell(done, total):
        told.append((done, total))
        if len(told) == at:
            progress.cancel()

    progress = Progress(tell)
    with pytest.raises(Cancelled):
        moved_on(small, empty_postgres_url, progress)
    assert_empty(empty_postgres_url)


def test_progress_only_grows_and_ends_at_the_end(small, tmp_path):
    told = []
    moved_on(small, str(tmp_path / "new.db"), Progress(lambda done, total: told.append((done, total))))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


def test_a_database_that_holds_something_is_left_alone(small, engine_url):
    before = rows_of(engine_url)
    with pytest.raises(Refusal, match=r"already"):
        moved_on(small, engine_url)
    assert rows_of(engine_url) == before


def test_who_may_move_a_compound(small, tmp_path):
    office = open_office(small)
    clerk = office.signed_in(Actor("ann", "Ann", {"settings": Role.SUPERVISOR}))
    with pytest.raises(Refusal, match="administrator"):
        move(clerk, str(tmp_path / "new.db"))
    office.close()


def test_instants_and_money_keep_their_last_digit(sqlite_url, empty_postgres_url):
    instant = MORNING + timedelta(microseconds=123_457)
    engine = open_engine(sqlite_url)
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(
            sa.insert(Base.metadata.tables["entity"]), [{"id": 1, "code": "WFP", "name": "Food", "version": 1}]
        )
        connection.execute(
            sa.insert(Asset),
            [{
                "id": 1, "entity_id": 1, "entity_code": "WFP", "inventory_no": "1", "description": "\t\\N\n\"x\"",
                "state": "in_store", "changed_at": instant, "cost_cents": 9_007_199_254_740_993,
            }],
        )  # fmt: skip
    engine.dispose()
    moved_on(sqlite_url, empty_postgres_url)
    engine = open_engine(empty_postgres_url)
    with engine.connect() as connection:
        row = connection.execute(sa.select(Asset.changed_at, Asset.cost_cents, Asset.description)).one()
    engine.dispose()
    assert tuple(row) == (instant, 9_007_199_254_740_993, "\t\\N\n\"x\"")


def assert_empty(url):
    engine = open_engine(url)
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []
        made = connection.execute(sa.text("SELECT proname FROM pg_proc")).scalars()
        assert not set(made) & set(triggers.FUNCTIONS)
    engine.dispose()
