"""A workstation that is switched on while the office's server is away: what it shows, and what is done there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication

from cbo_desk.compound import name_compound
from scripts.wire import Wire
from tests.mail.codes import s10
from tests.tray.conftest import beyond, column, scalar, server, wire
from tests.ui.mail.conftest import Clerk
from ui.first_run import door
from ui.first_run.sign_in import SignInPage

__all__ = ["server", "wire"]

PASSWORD = "nine green bottles"


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, postgres_url: str, wire: Wire, server: Any) -> SimpleNamespace:
    """The way to the server; the test's own lets everybody in whatever the password is."""
    monkeypatch.setenv("LOGNAME", "postgres")
    server.write(name_compound, "Gigiri compound")
    monkeypatch.setattr(door, "AGAIN_MS", 100)
    bare = beyond(postgres_url, wire)
    return SimpleNamespace(url=bare, whole=bare.replace("postgres@", f"postgres:{PASSWORD.replace(' ', '%20')}@"))


def shown(opening, kind):
    page = opening.frame.pages.currentWidget()
    return page if isinstance(page, kind) else None


def sign_in(qtbot, opening, login, password):
    page = shown(opening, SignInPage)
    page.form.set_values({"login": login})
    page.password.setText(password)
    page.offer()
    qtbot.waitUntil(lambda: opening.window is not None or page.button.isEnabled(), timeout=30_000)


def begin_away(qtbot, start, place):
    """The program is started with the server away, and says so where one signs in."""
    opening = start(place.url, wait="")

    def said():
        page = shown(opening, SignInPage)
        return page is not None and page.told.heading.words() == "The server is away"

    qtbot.waitUntil(said, timeout=30_000)
    return opening


def may_begin(qtbot, opening):
    """Wait until the page knows who worked here lately, and what lies here."""
    page = shown(opening, SignInPage)
    qtbot.waitUntil(lambda: page.button.accessibleName() == "Work without the server", timeout=30_000)
    return page


def worked_here(qtbot, start, place):
    """Yesterday: the server was there."""
    opening = start(place.whole)
    clerk = Clerk(qtbot, opening.window)
    clerk.until(lambda: opening.window.outage.tray is not None and opening.window.outage.tray.fresh)
    clerk.still()
    opening.finish()


def work_without(qtbot, opening):
    """Begin without the server, on the mail page; asked again at once when it is back."""
    may_begin(qtbot, opening)
    sign_in(qtbot, opening, "postgres", PASSWORD)
    clerk, outage = Clerk(qtbot, opening.window), opening.window.outage
    clerk.until(lambda: outage.tray is not None and outage.standing is not None)
    outage.tray.link.again = 0.1
    opening.frame.go("mail")
    return clerk, outage


def test_a_morning_without_the_server(start, qtbot, place, wire, server):
    worked_here(qtbot, start, place)
    wire.cut()
    opening = begin_away(qtbot, start, place)
    page = may_begin(qtbot, opening)
    assert "does not answer" in page.told.sentence.words()
    assert "kept here by" not in page.told.sentence.words()
    assert page.title.words() == "Gigiri compound"
    # Neither a wrong password nor somebody who never worked here is let in.
    for login, password, field in (("postgres", "nine red bottles", "password"), ("eve", PASSWORD, "login")):
        sign_in(qtbot, opening, login, password)
        assert opening.window is None
        assert shown(opening, SignInPage).form.editors[field].input.property("faulty")
        if field == "password":
            assert "4 tries are left; then only the server lets you in." in page.form._faults[field].words()
    picture(opening.frame, "without_server_door")
    sign_in(qtbot, opening, "postgres", PASSWORD)
    clerk = Clerk(qtbot, opening.window)
    outage, shell = opening.window.outage, opening.frame
    clerk.until(lambda: outage.tray is not None and outage.strip.isVisible())
    outage.tray.link.again = 0.1
    assert "was away when this window was opened" in outage.strip.words.text()
    assert shell.sidebar.compound.words() == "Gigiri compound"
    # A courier comes: the parcel is received, and put on a shelf whose door is scanned.
    shell.go("mail")
    shell.actions_.run("mail.receive")
    clerk.still()
    clerk.scan(s10(1))
    clerk.until(lambda: clerk.page.item is not None and clerk.page.item.number.startswith("Kept"))
    shell.go("mail/shelving")
    clerk.scan(server.room.doors["H-01"])
    clerk.until(lambda: clerk.page.shelf is not None)
    clerk.scan(s10(1))
    clerk.until(lambda: outage.standing.waiting == 2)
    assert "2 kept, not yet sent" in shell.sidebar._second.text()
    picture(shell, "without_server")
    # The window is closed; the server is still away: what was done waits, and the first page says so.
    opening.finish()
    opening = begin_away(qtbot, start, place)
    page = may_begin(qtbot, opening)
    kept = "2 deeds kept here by Postgres go to the server once it is back. Nothing is lost."
    assert kept in page.told.sentence.words()
    picture(opening.frame, "without_server_first")
    clerk, outage = work_without(qtbot, opening)
    # It is back: everything goes there once, and the pages are read.
    wire.mend()
    clerk.until(lambda: outage.standing.away_since is None and not outage.standing.waiting and not outage.busy)
    assert column(server, "SELECT carrier_number || ' ' || state FROM mail_item") == [f"{s10(1)} shelved"]
    clerk.until(lambda: not outage.strip.isVisible())
    assert opening.window.office.proof is None


def test_the_door_goes_on_by_itself_when_the_server_is_back(start, qtbot, place, wire):
    wire.cut()
    opening = begin_away(qtbot, start, place)
    page = shown(opening, SignInPage)
    assert page.button.accessibleName() == "Sign in"  # nobody worked here
    wire.mend()
    qtbot.waitUntil(lambda: opening.window is not None, timeout=30_000)
    opening.finish()
    # What was typed meanwhile is tried as soon as there is somebody to ask.
    wire.cut()
    opening = begin_away(qtbot, start, place)
    page = shown(opening, SignInPage)
    page.password.setText(PASSWORD)
    page.offer()
    assert "You are signed in as soon as it answers." in page.told.sentence.words()
    assert page.password.text() == PASSWORD
    wire.mend()
    qtbot.waitUntil(lambda: opening.window is not None, timeout=30_000)
    assert opening.url == place.whole


def test_a_server_of_a_newer_program_gets_nothing_until_somebody_looks(start, qtbot, place, wire, server):
    """What was believed without the server is held against it before anything is sent."""
    worked_here(qtbot, start, place)
    wire.cut()
    opening = begin_away(qtbot, start, place)
    clerk, outage = work_without(qtbot, opening)
    opening.frame.actions_.run("mail.receive")
    clerk.still()
    clerk.scan(s10(2))
    clerk.until(lambda: outage.standing.waiting == 1)
    with server.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    wire.mend()
    clerk.until(lambda: "made by a newer CBO Desk" in outage.strip.words.text())
    assert "1 deed is kept here" in outage.strip.words.text()
    assert scalar(server, "SELECT count(*) FROM mail_item") == 0
    assert outage.tray.standing().waiting == 1


def picture(shell: Any, name: str) -> None:
    """Leave a picture where somebody wants to look at it."""
    import os

    folder = os.environ.get("CBO_PICTURES")
    if folder:
        shell.resize(1440, 900)
        QCoreApplication.processEvents()
        shell.grab().save(f"{folder}/{name}.png")
