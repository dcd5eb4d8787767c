"""A database comes to this program's schema on both engines, and never one that is not ours."""

from __future__ import annotations

import multiprocessing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from cbo_desk.compound import prepare
from cbo_desk.errors import Refusal, Trouble
from db import guard, migrate
from db.base import Base
from db.engine import open_engine

# What only one engine has, and what Alembic cannot compare: expressions and operator classes.
ELSEWHERE = {"search_fts", "ix_search_entry_folded", "ix_search_entry_trigrams", "ix_search_entry_start"}


@pytest.fixture
def empty(empty_url):
    engine = open_engine(empty_url)
    yield engine
    engine.dispose()


def test_upgrade_from_nothing_twice(empty):
    assert migrate.current(empty) is None
    migrate.upgrade(empty)
    migrate.upgrade(empty)
    assert migrate.current(empty) == migrate.newest()
    assert guard.deviations(empty) == []


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_tables_and_code_agree(engine):
    """What `alembic check` does, on the schema that the migrations made."""

    def ours(item, name, kind, _reflected, _other):
        table = name if kind == "table" else item.table.name
        return name not in ELSEWHERE and not str(table).startswith("search_fts")

    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": False, "include_object": ours}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    assert [item for item in differences if "search_fts" not in str(item)] == []


def test_the_way_back_leaves_nothing(engine):
    from alembic import command

    with engine.execution_options(writes=True).begin() as connection:
        config = migrate.configuration()
        config.attributes["connection"] = connection
        if connection.dialect.name == "sqlite":
            # Every upgrade puts the triggers back; on the way back one would stop a step that takes away what it names.
            named = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for (name,) in connection.exec_driver_sql(named).all():
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
            connection.exec_driver_sql("DROP TABLE search_fts")
        command.downgrade(config, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(engine)
    assert guard.deviations(engine) == []


def test_the_steps_are_one_line():
    scripts = ScriptDirectory.from_config(migrate.configuration())
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_a_newer_database_is_refused_in_words(engine_url, engine):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refusal, match=r"made by a newer CBO Desk \(schema 9999\)"):
        prepare(engine_url)


def test_another_programs_database_is_left_alone(empty_url, empty):
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE sms_inbox (id integer)"))
    with pytest.raises(Refusal, match=r"belongs to another program \(it holds sms_inbox\)"):
        prepare(empty_url)
    assert inspect(empty).get_table_names() == ["sms_inbox"]


def test_a_file_that_is_no_database(tmp_path):
    path = tmp_path / "letter.db"
    path.write_bytes(b"Dear Sir, " * 500)
    with pytest.raises(Refusal, match=r"letter\.db is not a CBO Desk database"):
        prepare(str(path))
    assert path.read_bytes() == b"Dear Sir, " * 500


def test_a_folder_in_place_of_a_file(tmp_path):
    with pytest.raises(Trouble, match="cannot be opened"):
        prepare(str(tmp_path))


@pytest.mark.parametrize("url", ["mysql://host/name", "postgresql://host:port/name", "://"])
def test_an_address_that_is_none(url):
    with pytest.raises(Refusal, match="address"):
        prepare(url)


def test_a_server_that_is_away():
    with pytest.raises(Trouble, match="does not answer"):
        prepare("postgresql://postgres@127.0.0.1:1/compound")


def test_a_failed_step_leaves_nothing(empty, monkeypatch):
    """Both engines change their schema in a transaction: half an upgrade is none."""
    from db import triggers

    def broken(connection):
        connection.exec_driver_sql("SELECT no_such_thing")

    monkeypatch.setattr(triggers, "install", broken)
    with pytest.raises(Exception, match="no_such_thing"):
        migrate.upgrade(empty)
    assert inspect(empty).get_table_names() == []


def test_two_programs_upgrade_at_once(empty_url, empty):
    context = multiprocessing.get_context("fork")  # they begin at the same moment, as programs seldom do
    gate = context.Barrier(3)

    def one():
        gate.wait(60)
        prepare(empty_url).dispose()

    programs = [context.Process(target=one) for _ in range(3)]
    for program in programs:
        program.start()
    for program in programs:
        program.join(120)
    assert [program.exitcode for program in programs] == [0, 0, 0]
    assert guard.deviations(empty) == []
