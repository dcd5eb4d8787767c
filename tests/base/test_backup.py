"""A backup that was not restored in a test is no backup: there and back on both engines, and every damage found."""

from __future__ import annotations

import json
import random
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from cbo_desk import audit, integrity
from cbo_desk.backup import ENDING, backup, read_manifest, restore
from cbo_desk.compound import open_office, prepare
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.office import Office
from cbo_desk.permissions import Actor, Role
from cbo_desk.progress import Cancelled, Progress
from cbo_desk.search import Findable, enter
from db.base import Base
from db.engine import open_engine
from tests.tampering import move_head


def rows_of(url):
    engine = open_engine(url)
    with engine.connect() as connection:
        held = {
            table.name: sorted(str(tuple(row)) for row in connection.execute(sa.select(table)))
            for table in Base.metadata.sorted_tables
        }
    engine.dispose()
    return held


@pytest.fixture
def filled(office, desk):
    for n in range(30):
        office.write(desk.add_entity, f"E{n}", "Büro 😀")
    with sa.orm.Session(office.engine) as session, session.begin():
        enter(session, [Findable("people.entity", 1, "E0", "Büro")])
    return office


@pytest.fixture
def elsewhere(engine_url, tmp_path, request):
    """An address of the same kind where nothing stands yet."""
    if engine_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'new' / 'other.db'}"
    return str(request.getfixturevalue("empty_postgres_url"))


def test_there_and_back(filled, engine_url, elsewhere, tmp_path, desk):
    file = tmp_path / "out" / "monday.backup"
    seen = []
    before = rows_of(engine_url)  # that a backup was made is written down after it
    made = backup(filled, file, Progress(lambda done, total: seen.append((done, total))))
    assert (made.audit_entries, made.size) == (30, file.stat().st_size)
    assert seen == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    assert sorted(path.name for path in file.parent.iterdir()) == ["monday.backup", f"monday.backup{ENDING}"]
    filled.write(desk.add_entity, "AFTER")
    restored = restore(file, elsewhere)
    assert (restored.audit_entries, restored.kept_aside) == (30, "")
    assert rows_of(elsewhere) == before
    again = open_office(elsewhere)
    assert again.read(audit.verify) == audit.Proof(30)
    assert all(finding.ok for finding in integrity.check(again))
    again.write(desk.add_entity, "GOES ON")
    again.close()


def test_a_backup_beside_a_writer_is_of_one_moment(filled, elsewhere, tmp_path, desk):
    done = threading.Event()

    def write():
        n = 0
        while not done.is_set():
            filled.write(desk.add_entity, f"W{n}")
            n += 1

    writer = threading.Thread(target=write)
    writer.start()
    made = backup(filled, tmp_path / "live.backup")
    done.set()
    writer.join()
    assert restore(tmp_path / "live.backup", elsewhere).audit_entries == made.audit_entries >= 30


def test_what_stands_there_is_not_overwritten_unless_told(filled, engine_url, tmp_path, desk):
    file = tmp_path / "a.backup"
    before = rows_of(engine_url)
    backup(filled, file)
    filled.write(desk.add_entity, "LATER")
    later = rows_of(engine_url)
    filled.close()
    with pytest.raises(Refusal, match="left alone"):
        restore(file, engine_url)
    assert rows_of(engine_url) == later
    restored = restore(file, engine_url, overwrite=True)
    assert rows_of(engine_url) == before
    if engine_url.startswith("sqlite"):
        assert rows_of(f"sqlite:///{restored.kept_aside}") == later, "what stood there was kept"
    else:
        engine = open_engine(engine_url)
        with engine.connect() as connection:
            schema = restored.kept_aside.split()[-1]
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {schema}.entity").scalar() == 31
        engine.dispose()
    twice = restore(file, engine_url, overwrite=True)
    assert twice.kept_aside != restored.kept_aside
    assert rows_of(engine_url) == before


def test_a_failed_restore_leaves_what_was(filled, engine_url, tmp_path, monkeypatch, desk):
    file = tmp_path / "a.backup"
    backup(filled, file)
    filled.write(desk.add_entity, "LATER")
    filled.close()
    later = rows_of(engine_url)
    monkeypatch.setattr("cbo_desk.backup._prove_same", _refuse)
    with pytest.raises(Trouble, match="not what was backed up"):
        restore(file, engine_url, overwrite=True)
    assert rows_of(engine_url) == later
    office = open_office(engine_url)
    office.write(desk.add_entity, "STILL WORKS")
    office.close()


def _refuse(*_arguments):
    raise Trouble("What was put back is not what was backed up. Nothing was changed.")


def test_every_flipped_bit_is_found(filled, tmp_path, elsewhere):
    """200 random single bits in the backup, 50 in its manifest: every one is found before anything is touched."""
    file = tmp_path / "a.backup"
    backup(filled, file)
    chance = random.Random(11)
    for damaged, times in ((file, 200), (Path(f"{file}{ENDING}"), 50)):
        good = damaged.read_bytes()
        for _ in range(times):
            bad = bytearray(good)
            bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
            damaged.write_bytes(bad)
            if damaged != file and _same_meaning(bad, good):
                continue
            with pytest.raises(Refusal, match="damaged"):
                read_manifest(file)
        damaged.write_bytes(good)
    assert read_manifest(file).audit_entries == 30


def _same_meaning(bad, good):
    """A blank turned into another blank says the same."""
    try:
        return json.loads(bad) == json.loads(good)
    except ValueError:
        return False


@pytest.mark.parametrize("cut", [0, 1, 4096, -1])
def test_a_backup_cut_short_is_found(filled, tmp_path, cut):
    file = tmp_path / "a.backup"
    backup(filled, file)
    file.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(Refusal, match="damaged"):
        restore(file, f"sqlite:///{tmp_path / 'x.db'}")


def test_what_is_no_backup_is_told(filled, engine_url, tmp_path, elsewhere):
    file = tmp_path / "a.backup"
    with pytest.raises(Refusal, match="There is no backup at"):
        restore(file, elsewhere)
    file.write_bytes(b"hello")
    with pytest.raises(Refusal, match="has no manifest beside it"):
        restore(file, elsewhere)
    file.unlink()
    backup(filled, file)
    other = "postgresql://h/x" if engine_url.startswith("sqlite") else str(tmp_path / "x.db")
    with pytest.raises(Refusal, match="can only be put back into one"):
        restore(file, other)
    with pytest.raises(Refusal, match="is there already"):
        backup(filled, file)


def test_a_backup_of_a_newer_program_is_refused(filled, tmp_path, elsewhere, monkeypatch):
    monkeypatch.setattr("db.migrate.schema_of", lambda _connection: "9999")
    backup(filled, tmp_path / "a.backup")
    monkeypatch.undo()
    with pytest.raises(Refusal, match=r"made by a newer CBO Desk \(schema 9999\)"):
        restore(tmp_path / "a.backup", elsewhere)


def test_a_torn_chain_is_not_backed_up(filled, tmp_path):
    with filled.engine.begin() as connection:
        move_head(connection)
    with pytest.raises(Trouble, match="audit chain is torn"):
        backup(filled, tmp_path / "a.backup")
    assert not list(tmp_path.glob("*a.backup*"))


def test_cancelling_leaves_nothing(filled, tmp_path):
    progress = Progress(lambda done, _total: progress.cancel() if done else None)
    with pytest.raises(Cancelled):
        backup(filled, tmp_path / "a.backup", progress)
    assert not list(tmp_path.glob("*a.backup*"))


def test_who_may_and_where(filled, engine, tmp_path):
    clerk = Office(engine, Actor("carl", "Carl", {"settings": Role.CLERK}))
    with pytest.raises(Refusal, match="You may not make a backup"):
        backup(clerk, tmp_path / "a.backup")
    (tmp_path / "file").write_text("")
    with pytest.raises(Refusal, match="cannot be written"):
        backup(filled, tmp_path / "file" / "a.backup")


def test_missing_programs_are_named(postgres_url, tmp_path, monkeypatch):
    monkeypatch.setenv("CBO_PG_BIN", str(tmp_path))
    office = open_office(postgres_url)
    with pytest.raises(Trouble, match=r"pg_dump is not on this computer\. Install"):
        backup(office, tmp_path / "a.backup")
    office.close()
    assert not list(tmp_path.glob("*a.backup*"))


def test_a_compound_in_use_is_not_replaced(sqlite_url, tmp_path):
    office = open_office(sqlite_url)
    backup(office, tmp_path / "a.backup")
    with office.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1 FROM entity")
        with pytest.raises(Refusal, match="open in another window"):
            restore(tmp_path / "a.backup", sqlite_url, overwrite=True)
    office.close()
    restore(tmp_path / "a.backup", sqlite_url, overwrite=True)
    prepare(sqlite_url).dispose()
