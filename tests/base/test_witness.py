"""A chain that its owner shortened and sealed again looks whole from within; the witness outside names it."""

from __future__ import annotations

import pytest

from cbo_desk import audit
from cbo_desk.compound import name_compound
from cbo_desk.errors import Refusal
from cbo_desk.witness import hold_against, read_lines
from tests.tampering import move_head


@pytest.fixture
def days(office, desk, tmp_path):
    """Five days with one deed each, every evening written down."""
    file = tmp_path / "elsewhere" / "witness.jsonl"
    office.write(name_compound, "Gigiri")
    for day in range(5):
        office.write(desk.add_entity, f"E{day}")
        assert hold_against(office, file)[0].ok
    return file


def shorten(connection, to):
    """What an owner does: take the newest entries away and set the head back, so that the chain is whole again."""
    server = connection.dialect.name == "postgresql"
    for table in ("audit_touch", "audit_entry"):
        off = f"ALTER TABLE {table} DISABLE TRIGGER USER" if server else f"DROP TRIGGER tr_{table}_no_delete"
        connection.exec_driver_sql(off)
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE seq > {to}")
        if server:
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    last = f"(SELECT hash FROM audit_entry WHERE seq = {to})"
    move_head(connection, f"UPDATE audit_head SET seq = {to}, hash = {last}")


def test_every_evening_is_written_down_once(office, days):
    assert [line.seq for line in read_lines(days)] == [2, 3, 4, 5, 6]
    assert "5 earlier heads still stand" in hold_against(office, days)[0].found
    assert len(read_lines(days)) == 5


def test_a_shortened_chain_is_whole_from_within_and_named_from_without(office, desk, days):
    with office.engine.begin() as connection:
        shorten(connection, 4)
    assert office.read(audit.verify).bad_seq is None
    [finding] = hold_against(office, days)
    assert not finding.ok
    assert "entry 5 is not what stood there" in finding.found
    before = days.read_text()
    for number in range(3):  # made longer again, with other deeds
        office.write(desk.add_entity, f"F{number}")
    [finding] = hold_against(office, days)
    assert "entry 5 is not what stood there" in finding.found
    assert days.read_text() == before


def test_files_that_are_no_witness(office, days, tmp_path):
    office.write(name_compound, "Another")
    with pytest.raises(Refusal, match="another compound: Gigiri"):
        hold_against(office, days)
    for text in ("hello", '{"seq": 1}', "[1]\n"):
        (tmp_path / "other").write_text(text)
        with pytest.raises(Refusal, match="no witness"):
            hold_against(office, tmp_path / "other")
    with pytest.raises(Refusal, match="cannot be"):
        hold_against(office, tmp_path)
