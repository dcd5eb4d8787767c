"""A workstation at work behind a wire that can be cut, over a mailroom on a real server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

import cbo_desk.mail
import cbo_desk.property.verification  # noqa: F401 - its deeds may be kept
from cbo_desk import tray
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from db.engine import open_engine
from scripts.wire import Wire
from tests.ui.mail.conftest import furnish


@pytest.fixture
def wire(postgres_server: Any) -> Iterator[Wire]:
    """The wire to the server."""
    wire = Wire(postgres_server.port)
    yield wire
    wire.close()


@pytest.fixture
def server(postgres_url: str) -> Iterator[Office]:
    """An office that reaches the server whatever becomes of the wire: what it sees is the truth."""
    office = Office(open_engine(postgres_url), administrator("truth", "Truth", "SERVER"))
    office.room = furnish(office)  # type: ignore[attr-defined]
    yield office
    office.close()


def beyond(url: str, wire: Wire) -> str:
    """The same database, reached through the wire."""
    head, _, name = url.rpartition("/")
    return f"{head.rpartition(':')[0]}:{wire.port}/{name}"


def sit_down(url: str, folder: Path, login: str = "ada", workstation: str = "DESK-1") -> Office:
    """A person begins to work at a workstation; `folder` is where its trays lie."""
    office = Office(open_engine(url), administrator(login, login.capitalize(), workstation))
    begun = tray.begin(office, folder)
    assert begun is not None
    begun.link.again = 0.1
    begun.look()
    return office


@pytest.fixture
def desk(postgres_url: str, wire: Wire, server: Office, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A workstation with its tray, the wire and the truth."""
    office = sit_down(beyond(postgres_url, wire), tmp_path / "trays")
    here = SimpleNamespace(
        office=office, tray=office.tray, wire=wire, server=server, room=server.room,  # type: ignore[attr-defined]
        folder=tmp_path / "trays", url=beyond(postgres_url, wire),
    )  # fmt: skip
    yield here
    leave(here.office)


def leave(office: Office) -> None:
    """The person gets up; what is kept stays in the tray."""
    tray.end(office)
    office.close()


def stall(desk: SimpleNamespace, how: str = "stall") -> None:
    """Let the wire hang; the link need not be patient with what hangs for certain."""
    desk.office.link.patience, desk.office.link.answer = 0.3, 0.3
    getattr(desk.wire, how)()


def scalar(office: Office, question: str, **values: Any) -> Any:
    """One figure of the database itself."""
    with office.engine.connect() as connection:
        return connection.execute(text(question), values).scalar()


def column(office: Office, question: str, **values: Any) -> list[Any]:
    """One column of the database itself."""
    with office.engine.connect() as connection:
        return list(connection.execute(text(question), values).scalars())


def until(right: Any, seconds: float = 30) -> None:
    """Wait until something holds, for so many seconds in which this program can run: longer on a busy computer."""
    for _look in range(round(seconds / 0.02)):
        if right():
            return
        time.sleep(0.02)
    raise AssertionError("it never came")
