"""The fixtures give what they promise, on both engines."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from tests.dear import DEAR

ROOT = Path(__file__).resolve().parents[2]


def test_each_engine_has_the_schema_and_is_alone(engine):
    assert "audit_entry" in inspect(engine).get_table_names()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM asset")) == 0


def test_an_empty_database_is_empty(empty_url):
    from db.engine import open_engine

    engine = open_engine(empty_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_the_office_reads_on_both_engines(office):
    assert office.hear() == []


def test_a_runner_is_given(runner, qtbot):
    assert runner.office.hear() == []


def test_the_network_is_closed():
    with pytest.raises(RuntimeError, match=r"tests stay on this computer"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(RuntimeError, match=r"tests stay on this computer"):
        socket.getaddrinfo("example.org", 80)


def test_the_dear_tests_are_there():
    gone = []
    for name in DEAR:
        file, _, test = name.partition("::")
        wanted = rf"def {test}\(" if test else "def test_"
        there = (ROOT / file).is_file() and re.search(wanted, (ROOT / file).read_text(encoding="utf-8"))
        gone += [] if there else [name]
    assert gone == [], "Take them off tests/dear.py, or write their new names there."
    assert len(set(DEAR)) == len(DEAR)
