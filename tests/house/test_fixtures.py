"""The fixtures give what they promise, on both engines."""

from __future__ import annotations

import socket

import pytest
from sqlalchemy import inspect, text


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
