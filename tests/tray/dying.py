"""A workstation that is killed at its n-th step: what the processes of test_killed run, and nothing else.

A step is a statement or the end of a transaction, in the tray's file and at the server alike.
"""

from __future__ import annotations

import os
import signal
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import event

from cbo_desk import tray
from cbo_desk.mail import Details, plan_round, receive_item
from tests.tray.conftest import sit_down


def keep_and_bring(url: str, folder: str, step: int, markers: list[str]) -> None:
    """Keep two receipts as if the server were away, bring them, and receive a third at once; die at a step.

    What was acknowledged is written into a file, one marker a line, before the next deed begins.
    """
    office = sit_down(url, Path(folder))
    desk = office.tray
    assert isinstance(desk, tray.Tray)
    steps = count(1)

    def pass_by(*_given: Any) -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    desk.file._connection.set_trace_callback(pass_by)
    for name in ("before_cursor_execute", "commit"):
        event.listen(office.engine, name, pass_by)
    event.listen(office.engine, "checkin", pass_by)
    link = desk.link
    for number, marker in enumerate(markers):
        if number == 0:
            link.lost()
        elif number == 2:
            link._back()
            tray.take_waiting(desk)
        office.write(receive_item, "", Details(carrier="Hand delivery", notes=marker))
        with (Path(folder) / "acknowledged").open("a") as told:
            told.write(f"{marker}\n")
    (Path(folder) / "steps").write_text(str(next(steps)))
    os._exit(0)


def take_a_number_and_die(url: str, folder: str, table: str) -> None:
    """Be killed when the number of a receipt or a round is taken and its record is about to be written."""
    office = sit_down(url, Path(folder))

    def pass_by(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(f"INSERT INTO {table}"):
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(office.engine, "before_cursor_execute", pass_by)
    if table == "mail_item":
        office.write(receive_item, "", Details(carrier="Hand delivery"))
    else:
        office.write(plan_round, "Round", "J. Mwangi", [])
    os._exit(0)
