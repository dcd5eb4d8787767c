"""The check names every planted damage; the doctor names what is missing and what mends it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from cbo_desk import doctor, integrity
from cbo_desk.demo import make_demo
from cbo_desk.gaps import NUMBERED, gaps
from cbo_desk.mail import Details, drop_round, lose_items, plan_round, receive_item
from cbo_desk.progress import Progress
from cbo_desk.search import Findable, enter
from db.tags import Tag
from tests.conftest import MORNING
from tests.tampering import StandIn, move_head, without_rules


@pytest.fixture
def filled(office, desk):
    ident = office.write(desk.add_entity, "WFP").ids[0]
    with Session(office.engine) as session, session.begin():
        enter(session, [Findable("people.entity", ident, "WFP", "Food")])
        session.add(Tag(code="ABC", subject_kind="people.entity", subject_id=ident, made_at=MORNING))
    return office


def bad(office):
    return {finding.what: finding.found for finding in integrity.check(office) if not finding.ok}


def test_a_sound_database_passes(filled):
    seen = []
    findings = integrity.check(filled, Progress(lambda done, total: seen.append((done, total))))
    assert all(finding.ok for finding in findings), findings
    assert seen[-1] == (11, 11)
    assert {"schema", "audit chain", "tags"} <= {finding.what for finding in findings}


def test_orphans_are_named(filled):
    with Session(filled.engine) as session, session.begin():
        enter(session, [Findable("people.entity", 99, "GONE", "")])
        session.add(Tag(code="LOST", subject_kind="people.entity", subject_id=99, made_at=MORNING))
        session.add(Tag(code="OLD", subject_kind="people.entity", subject_id=98, made_at=MORNING, retired_at=MORNING))
    assert bad(filled) == {"search: people.entity": "GONE lead to no record", "tags": "LOST open no record"}


def test_numbers_on_no_record_are_named_with_what_is_known_of_them(office):
    for _ in range(2):
        office.write(receive_item, "", Details(carrier="Hand delivery"))
    _first, second, _third = (office.write(plan_round, f"Round {n}", "J. Mwangi").ids[0] for n in (1, 2, 3))
    assert office.read(gaps) == []
    office.write(drop_round, second)
    told = {finding.what: finding for finding in integrity.check(office)}
    assert "numbers" not in told
    assert told["numbers of R"].ok
    assert "R-0002 is on no record any more" in told["numbers of R"].found
    # A receipt's number may be lost with its program; a round's is taken with the round, or another tool was there.
    with office.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE number_series SET last = last + 7 WHERE series IN ('M', 'R')")
    told = {finding.what: finding for finding in integrity.check(office)}
    assert told["numbers of M"].ok
    assert "M-000003 was given out and not used" in told["numbers of M"].found
    assert "M-000007 was given out and not used" in told["numbers of M"].found
    assert told["numbers of M"].found.endswith(" and 2 more")
    assert not told["numbers of R"].ok
    assert "R-0004 stands on no record, and no deed names it" in told["numbers of R"].found
    assert "another tool" in told["numbers of R"].mend


def test_every_series_is_looked_at(sqlite_office):
    sqlite_office.write(make_demo, 0.05)
    with sqlite_office.engine.connect() as connection:
        assert set(connection.exec_driver_sql("SELECT series FROM number_series").scalars()) <= NUMBERED.keys()
    assert [one for one in sqlite_office.read(gaps) if one.unexplained] == []


def test_a_torn_chain_and_schema_are_named(filled):
    with filled.engine.begin() as connection:
        move_head(connection)
        connection.exec_driver_sql("DROP INDEX ix_asset_serial")
    assert bad(filled) == {
        "schema": "Constraint or index ix_asset_serial is missing.",
        "audit chain": "The newest entries are missing: the head names others.",
    }


# What somebody does to the ways of mail and of things with the rules lifted, and what the check names.
LIVES = (
    ("UPDATE mail_event SET to_hand = 'Eve' WHERE item_id = 2 AND what = 'receive'", "mail from hand to hand",
     "Step 2 of M-000002 takes the item from"),
    ("DELETE FROM mail_event WHERE item_id = 1 AND what = 'receive'", "mail from hand to hand",
     "Step 1 of M-000001 begins as received"),
    ("UPDATE mail_item SET state = 'delivered' WHERE id = 2", "mail from hand to hand", "M-000002 stands as delivered"),
    ("UPDATE asset SET state = 'disposed' WHERE id = (SELECT max(id) FROM asset)", "what happened to things",
     "stands as disposed, but what happened to it ends as"),
    ("DELETE FROM asset_event WHERE asset_id = (SELECT min(id) FROM asset)", "what happened to things",
     "stands in the register, and nothing ever happened to it."),
)  # fmt: skip


def test_the_first_broken_way_of_mail_or_things_is_named_with_the_rules_back_in_place(office):
    office.write(make_demo, 0.02)
    for _ in range(3):
        office.write(receive_item, "", Details(carrier="Hand delivery"))
    office.write(lose_items, [1, 2, 3], "not on its shelf")
    whole = {finding.what: finding.found for finding in integrity.check(office)}
    assert whole["mail from hand to hand"] == "3 gone through, each stands where its events end"
    assert bad(office) == {}
    for statement, what, told in LIVES:
        with without_rules(office.engine) as connection:
            connection.exec_driver_sql(statement)
            found = list(integrity._custody(StandIn(office, connection)))
        assert [(one.what, told in one.found) for one in found if not one.ok] == [(what, True)], (statement, found)
    assert bad(office) == {}


def test_a_search_index_that_disagrees_is_named(sqlite_office):
    with sqlite_office.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO search_fts(rowid, folded) VALUES (77, 'ghost')")
    assert bad(sqlite_office) == {"search index": "it does not agree with the records"}


def test_references_to_nothing_are_named(sqlite_office):
    with sqlite_office.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("INSERT INTO account_role (account_id, desk, role) VALUES (9, 'people', 1)")
        connection.invalidate()
    assert bad(sqlite_office) == {"references": "1 row of account_role without its partner"}


def test_pages_that_are_damaged_are_named(sqlite_office, sqlite_url):
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    with sqlite_office.engine.connect() as connection:
        page = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'entity'").scalar()
        size = connection.exec_driver_sql("PRAGMA page_size").scalar()
    sqlite_office.engine.dispose()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    assert bad(sqlite_office)


def test_the_doctor_on_this_computer(engine_url):
    findings = doctor.examine(engine_url)
    what = [finding.what for finding in findings]
    assert {"Python", "PySide6", "SQLite", "data folder", "free disk space", "database", "schema"} <= set(what)
    assert [finding for finding in findings if not finding.ok and not finding.mend] == [], "each fault has its mend"
    if engine_url.startswith("postgresql"):
        assert "clock" in what
        assert "postgres@" in next(finding.found for finding in findings if finding.what == "database")


def named(findings, what):
    return next(finding for finding in findings if finding.what == what)


def test_the_bad_combination_is_named(monkeypatch):
    monkeypatch.setattr(doctor, "_version_of", lambda _package: "6.12.0")
    found = named(list(doctor._qt()), "PySide6")
    assert found.ok == (sys.version_info >= (3, 12))
    if not found.ok:
        assert "aborts on this Python" in found.found


def test_missing_things_are_named_with_what_mends_them(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "_loads", lambda library: library != "libEGL.so.1")
    assert named(list(doctor._qt_libraries()), "Qt's system libraries").mend == "apt install libegl1"
    monkeypatch.setattr(doctor, "wal_is_sound", lambda _version: False)
    assert "WAL-reset bug" in named(list(doctor._sqlite()), "SQLite").found
    monkeypatch.setenv("CBO_PG_BIN", str(tmp_path))
    assert named(list(doctor._server_programs()), "PostgreSQL programs").mend == "apt install postgresql-client"


@pytest.mark.parametrize(
    ("url", "ok", "said"),
    [("postgresql://postgres:hush@127.0.0.1:1/x", False, "refused"), ("mysql://x/y", False, "cannot be read"),
     ("{}/none.db", True, "none yet"), ("{}/letter.db", False, "not a database")],
)  # fmt: skip
def test_databases_that_do_not_answer(tmp_path, url, ok, said):
    (tmp_path / "letter.db").write_bytes(b"Dear Sir " * 999)
    found = named(doctor.examine(url.format(tmp_path)), "database")
    assert (found.ok, said in found.found) == (ok, True), found
    assert "hush" not in str(found)
    assert found.mend
