"""A file is put in order in the pauses: no deed folds the log in, nothing is lost, and closing waits for it."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from db import tidying
from db.engine import open_engine, sqlite_module


@pytest.fixture
def file(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


def enter(engine, first: int, count: int) -> None:
    """So many findable records, each in a deed of its own, long enough that the log grows past SQLite's own limit."""
    writer = engine.execution_options(writes=True)
    for number in range(first, first + count):
        with writer.begin() as connection:
            words = f"record {number} " + " ".join(f"{number * 7919 + n * 104729:x}" for n in range(120))
            connection.execute(
                text(
                    "INSERT INTO search_entry (kind, record_id, title, detail, folded) VALUES ('x', :n, 't', 'd', :w)"
                ),
                {"n": number, "w": words},
            )


def until(true, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def pieces(file: Path) -> int:
    """How many pieces the search index is in, after FTS5's own structure record: level by level, their segments."""
    own = sqlite_module().connect(file)
    try:
        return int(own.execute("SELECT count(DISTINCT segid) FROM search_fts_idx").fetchone()[0])
    finally:
        own.close()


def test_no_deed_folds_the_log_in_and_a_pause_does(file, sqlite_url, monkeypatch):
    monkeypatch.setattr(tidying, "IDLE_S", 0.5)
    engine = open_engine(sqlite_url)
    with engine.connect() as reader:
        assert reader.exec_driver_sql("PRAGMA synchronous").scalar() == 2, "FULL, as promised"
        assert reader.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    before = file.stat().st_mtime_ns
    began = time.monotonic()
    enter(engine, 0, 90)
    log = file.with_name(file.name + "-wal").stat().st_size
    assert log > 1_000 * 4_096, "enough that SQLite would have folded it in of itself"
    if time.monotonic() - began < 0.5:  # a stalled computer may have paused by itself
        assert file.stat().st_mtime_ns == before
    many = pieces(file)
    until(lambda: file.stat().st_mtime_ns != before)
    until(lambda: pieces(file) < many)
    engine.dispose()


def pages_of_each(engine, log: Path, first: int, count: int) -> list[int]:
    """By how many pages each of so many deeds lengthens the log, while nobody puts the file in order."""
    found = []
    for number in range(first, first + count):
        before = log.stat().st_size
        enter(engine, number, 1)
        found.append((log.stat().st_size - before) // 4_120)
    return found


def test_no_deed_merges_what_earlier_ones_left(file, sqlite_url, monkeypatch):
    """With a million items one receipt in some ten thousand merged 27,000 pages so, in seconds; the control does."""
    monkeypatch.setattr(tidying, "IDLE_S", 60)
    engine = open_engine(sqlite_url)
    log = file.with_name(file.name + "-wal")
    enter(engine, 0, 1)
    each = pages_of_each(engine, log, 1, 40)
    assert max(each) < 2 * min(each), each
    with engine.execution_options(writes=True).begin() as connection:  # FTS5's own number
        connection.exec_driver_sql("INSERT INTO search_fts(search_fts, rank) VALUES ('crisismerge', 16)")
    each = pages_of_each(engine, log, 100, 2)
    assert max(each) > 2 * min(each), each
    engine.dispose()


def test_the_control_folds_in_within_a_deed(file, sqlite_url):
    engine = open_engine(sqlite_url)
    before = file.stat().st_mtime_ns
    writer = engine.execution_options(writes=True)
    with writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_autocheckpoint=1000")
    engine.dispose()
    module = sqlite_module()
    own = module.connect(file, isolation_level=None)
    for number in range(120):
        words = " ".join(f"{number * 7919 + n * 104729:x}" for n in range(120))
        own.execute("INSERT INTO search_entry (kind, record_id, title, detail, folded) VALUES ('x', ?, 't', 'd', ?)",
                    (number, words))  # fmt: skip
    assert file.stat().st_mtime_ns != before
    own.close()


def test_closing_leaves_one_whole_file(file, sqlite_url, tmp_path):
    """Whoever closes a compound may copy its file at once: the step under way is waited for, the log is folded in."""
    engine = open_engine(sqlite_url)
    enter(engine, 0, 40)
    engine.dispose()
    copy = tmp_path / "copy.db"
    shutil.copyfile(file, copy)
    assert not file.with_name(file.name + "-wal").exists()
    own = sqlite_module().connect(copy)
    assert own.execute("SELECT count(*) FROM search_entry").fetchone()[0] == 40
    assert own.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    own.execute("INSERT INTO search_fts(search_fts, rank) VALUES ('integrity-check', 1)")
    own.close()


def test_it_ends_by_itself_and_begins_again(sqlite_url, monkeypatch):
    import threading

    def at_work() -> bool:
        return any(thread.name == "tidying" for thread in threading.enumerate())

    monkeypatch.setattr(tidying, "IDLE_S", 0.05)
    engine = open_engine(sqlite_url)
    assert not at_work()
    for first in (0, 5):
        enter(engine, first, 2)
        until(lambda: not at_work())
    engine.dispose()


def test_whoever_writes_waits_for_one_step_at_most(file, sqlite_url, monkeypatch):
    """Without standing aside a write that met a step slept ever longer, and met the next one."""
    monkeypatch.setattr(tidying, "IDLE_S", 0.2)
    monkeypatch.setattr(tidying, "MERGED_AT_ONCE", 1)  # many small steps
    engine = open_engine(sqlite_url)
    enter(engine, 0, 40)
    many = pieces(file)
    until(lambda: pieces(file) < many)  # it is at work now
    began = time.monotonic()
    enter(engine, 1_000, 1)
    assert time.monotonic() - began < 5
    left = pieces(file)
    enter(engine, 1_001, 1)  # within the pause: nothing is merged between
    assert pieces(file) >= left
    engine.dispose()


def test_another_program_that_holds_the_file_stops_nothing(file, sqlite_url, monkeypatch):
    monkeypatch.setattr(tidying, "IDLE_S", 0.05)
    engine = open_engine(sqlite_url)
    enter(engine, 0, 2)
    own = sqlite_module().connect(file, isolation_level=None)
    own.execute("BEGIN IMMEDIATE")
    time.sleep(0.4)
    own.execute("COMMIT")
    own.close()
    enter(engine, 10, 2)
    engine.dispose()
