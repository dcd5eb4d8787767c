"""The toy desk at work in a house that it was added to; `tests/house/test_new_desk.py` runs this there.

It hands in databases of yesterday, which lack the desk: a file in CBO_YESTERDAY, and by CBO_YESTERDAY_SERVER the URLs
of as many on a server as are needed.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from cbo_desk.toy import ToyList, add_toy
from PySide6.QtCore import Qt
from sqlalchemy.orm import Session

from cbo_desk import audit
from cbo_desk.compound import open_office, prepare
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Actor, Role
from cbo_desk.search import find
from db import guard, migrate, schema
from db.engine import open_engine
from ui.kit.preferences import Preferences
from ui.window import Window

on_the_server = iter(os.environ["CBO_YESTERDAY_SERVER"].split())


@pytest.fixture(params=["sqlite", "postgresql"])
def yesterday(request, tmp_path):
    """The URL of a database without the desk, once on each engine."""
    if request.param == "postgresql":
        return next(on_the_server)
    return f"sqlite:///{shutil.copyfile(os.environ['CBO_YESTERDAY'], tmp_path / 'yesterday.db')}"


@pytest.fixture
def engine_url(yesterday):
    """The same with the desk."""
    prepare(yesterday).dispose()
    return yesterday


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A file with the desk, to be copied."""
    file = shutil.copyfile(os.environ["CBO_YESTERDAY"], tmp_path_factory.mktemp("template") / "schema.db")
    prepare(f"sqlite:///{file}").dispose()
    return Path(file)


def test_its_migration_upgrades_a_database_of_yesterday(yesterday):
    engine = open_engine(yesterday)
    assert any("Table toy is missing" in said for said in guard.deviations(engine))
    engine.dispose()
    prepare(yesterday).dispose()
    office = open_office(yesterday)
    assert guard.deviations(office.engine) == []
    assert schema.current(office.engine) == schema.NEWEST == migrate.newest()
    office.close()


def test_its_command_asks_permission_is_audited_found_and_undone(office):
    viewer = office.signed_in(Actor("vi", "Vi", {"toy": Role.VIEWER}))
    with pytest.raises(Refusal, match="You may not add toys: it needs the role clerk on the Toys desk"):
        viewer.write(add_toy, "Kite")
    assert not viewer.may(add_toy)
    clerk = office.signed_in(Actor("cleo", "Cleo", {"toy": Role.CLERK}))
    done = clerk.write(add_toy, " Wooden  kite ")
    assert done.said == "Wooden kite was added."
    with Session(office.engine) as session:
        [entry] = audit.history(session, "toy.toy", done.ids[0])
    assert entry.actor == "cleo"
    assert list(entry.differences["name"]) == [None, "Wooden kite"]
    assert office.read(audit.verify).bad_seq is None
    assert [hit.record_id for hit in office.read(find, "kite")] == list(done.ids)
    assert [line.row.name for line in viewer.read(ToyList().first)] == ["Wooden kite"]
    with pytest.raises(Refusal):
        clerk.write(add_toy, "Wooden kite")
    clerk.write(done.undo.command, *done.undo.args)
    assert viewer.read(ToyList().first) == []


def test_its_page_opens_from_the_sidebar_and_by_a_scan(qtbot, sqlite_office, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    ident = sqlite_office.write(add_toy, "Kite").ids[0]
    window = Window(sqlite_office, Preferences(tmp_path / "preferences.ini"))
    window.show()
    shell = window.shell
    entry = shell.sidebar.entries["toy"]
    assert (entry.text(), entry.isVisible()) == ("Toys", True)
    qtbot.mouseClick(entry, Qt.MouseButton.LeftButton)
    page = shell.page()
    assert type(page).__name__ == "ToyPage"
    qtbot.waitUntil(lambda: page.toys.model.rowCount() == 1)
    # Another deed is shown by itself, through the feed of changes.
    window.runner.write(add_toy, "Ball")
    qtbot.waitUntil(lambda: page.toys.model.rowCount() == 2)
    shell.go("today")
    assert window.bench.open_record("toy.toy", ident)
    assert shell.desk() == "toy"
    qtbot.waitUntil(lambda: page.toys.model.id_at(page.toys.table.currentIndex().row()) == ident)
    shell.go("settings")
    window.close()
