"""kill -9 of a workstation at its steps, one after the other: what it acknowledged is there once, the rest at most."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from cbo_desk import tray
from cbo_desk.gaps import gaps
from cbo_desk.mail import Details, plan_round, receive_item
from tests.tray.conftest import leave, server, sit_down
from tests.tray.dying import keep_and_bring, take_a_number_and_die

__all__ = ["server"]

EVERY = 13
"""Every so many steps one is tried here; together they reach through keeping, bringing and a direct deed."""


def test_killed_at_its_steps(server: Any, postgres_url: str, tmp_path: Path):
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.tray.dying"])
    office = sit_down(postgres_url, tmp_path)
    tried = killed = 0
    step = 1
    while True:
        markers = [uuid4().hex for _ in range(3)]
        process = context.Process(target=keep_and_bring, args=(postgres_url, str(tmp_path), step, markers))
        process.start()
        process.join(120)
        assert process.exitcode in (0, -9)
        tried, killed = tried + 1, killed + (process.exitcode == -9)
        # Another program over the same tray brings what is left: all that was acknowledged is at the server, once.
        tray.take_waiting(office.tray)
        assert tray.review(office.tray) == []
        told = tmp_path / "acknowledged"
        acknowledged = set(told.read_text().split()) & set(markers) if told.exists() else set()
        there = notes(server, markers)
        assert acknowledged <= there.keys(), f"lost at step {step}"
        assert all(times == 1 for times in there.values()), f"doubled at step {step}"
        if process.exitcode == 0:
            break
        step += EVERY
    leave(office)
    assert tried == killed + 1
    assert killed > 3


def test_killed_between_a_number_and_its_record(server: Any, postgres_url: str, tmp_path: Path):
    """A receipt's number may stay a gap, which the check names and explains; a round's is taken with its record."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.tray.dying"])
    for table in ("mail_item", "mail_round"):
        process = context.Process(target=take_a_number_and_die, args=(postgres_url, str(tmp_path), table))
        process.start()
        process.join(120)
        assert process.exitcode == -9
    server.write(receive_item, "", Details(carrier="Hand delivery"))
    server.write(plan_round, "Round", "J. Mwangi", [])
    with server.engine.connect() as connection:
        numbers = connection.execute(text("SELECT number FROM mail_item UNION ALL SELECT number FROM mail_round"))
        assert list(numbers.scalars()) == ["M-000002", "R-0001"]
    assert server.read(gaps) == []  # nothing stands before the first receipt that could be missed
    with server.engine.begin() as connection:  # as if one had been received first
        connection.execute(text("UPDATE number_series SET last = 3 WHERE series = 'M'"))
    [found] = server.read(gaps)
    assert (found.series, found.count, found.first[0].reference, found.unexplained) == ("M", 1, "M-000003", [])


def notes(server: Any, markers: list[str]) -> Counter[str]:
    """How often each of these is at the server."""
    with server.engine.connect() as connection:
        wanted = text("SELECT notes FROM mail_item WHERE notes = ANY(:markers)")
        return Counter(connection.scalars(wanted, {"markers": markers}))
