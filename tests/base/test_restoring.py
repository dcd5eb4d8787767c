"""A backup is put back with open eyes: what it holds, what was done since, and never over what is open."""

from __future__ import annotations

from pathlib import Path

import pytest

from cbo_desk.backup import backup
from cbo_desk.compound import open_office
from cbo_desk.errors import Refusal
from cbo_desk.people import EntityForm, add_entity, entities
from cbo_desk.restoring import command_for, look_at, put_beside


def test_what_was_done_since_is_told_and_what_is_open_stays(sqlite_office, tmp_path):
    sqlite_office.write(add_entity, EntityForm("UNEP", "Environment"))
    file = tmp_path / "one.backup"
    backup(sqlite_office, file)
    offered = look_at(sqlite_office, file)
    # The backup itself is written down after it: that is all that was done since.
    assert (offered.since.same, offered.since.deeds, offered.since.newest) == (True, 1, ())
    sqlite_office.write(add_entity, EntityForm("WFP", "Food"))
    since = look_at(sqlite_office, file).since
    assert (since.deeds, since.people) == (2, 1)
    assert [said for _at, _who, said in since.newest] == ["WFP was added."]
    restored = put_beside(sqlite_office, file)
    assert Path(restored.database).parent == Path(sqlite_office.engine.url.database).parent
    assert [row.code for row in sqlite_office.read(entities)] == ["UNEP", "WFP"]
    again = open_office(restored.database)
    assert [row.code for row in again.read(entities)] == ["UNEP"]
    again.close()


def test_a_damaged_backup_and_another_compounds_are_told_apart(sqlite_office, tmp_path, monkeypatch):
    sqlite_office.write(add_entity, EntityForm("UNEP", "Environment"))
    file = tmp_path / "one.backup"
    backup(sqlite_office, file)
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    file.write_bytes(whole)
    with pytest.raises(Refusal, match=r"one\.backup was damaged since it was written\. Use another backup\."):
        look_at(sqlite_office, file)
    assert len(list(tmp_path.glob("*restored*"))) == 0
    other = open_office(str(tmp_path / "other.db"))
    other.write(add_entity, EntityForm("IOM", "Migration"))
    theirs = tmp_path / "theirs.backup"
    backup(other, theirs)
    other.close()
    assert not look_at(sqlite_office, theirs).since.same
    # One of a newer program is refused before it is called proven.
    monkeypatch.setattr("db.migrate.schema_of", lambda _connection: "9999")
    newer = tmp_path / "newer.backup"
    backup(sqlite_office, newer)
    with pytest.raises(Refusal, match=r"newer\.backup was made by a newer CBO Desk \(schema 9999\)"):
        look_at(sqlite_office, newer)


def test_a_server_names_the_command_without_a_password(postgres_url, sqlite_office, tmp_path):
    from cbo_desk.office import Office
    from db.engine import open_engine

    secret = open_engine(postgres_url).url.set(password="nine green bottles")
    office = Office(open_engine(secret), sqlite_office.actor)
    words = command_for(office, tmp_path / "one.backup")
    assert "_restored" in words
    assert "SUPERUSER@" in words
    with pytest.raises(Refusal, match="whoever keeps the server"):
        put_beside(office, tmp_path / "one.backup")
    office.close()
