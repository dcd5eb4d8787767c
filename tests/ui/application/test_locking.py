"""The screen that locks: nothing is reached, nothing is lost, and only the password opens it."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cbo_desk.compound import open_office
from cbo_desk.errors import Refusal
from cbo_desk.people import turn_on_accounts
from cbo_desk.people.signing_in import TRIES, sign_in, unlock
from cbo_desk.secret import Secret
from tests.ui.application.conftest import demo, demo_file, home, start
from ui.kit.preferences import LOCK_MINUTES

__all__ = ["demo", "demo_file", "home", "start"]
SECRET = Secret("nine green bottles")
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def at_work(start, demo, qtbot):
    """Ada, signed in at the demo compound."""
    office = open_office(str(demo), check=False)
    office.write(turn_on_accounts, "ada", "Ada Otieno", SECRET)
    office.close()
    opening = start(str(demo), wait="door")
    from ui.first_run.sign_in import SignInPage

    qtbot.waitUntil(lambda: bool(opening.frame.findChildren(SignInPage)), timeout=30_000)
    [page] = opening.frame.findChildren(SignInPage)
    page.form.set_values({"login": "ada"})
    page.password.setText(SECRET.reveal())
    page.offer()
    qtbot.waitUntil(lambda: opening.window is not None, timeout=30_000)
    return opening


def unlock_by_keys(opening, qtbot, words):
    field = opening.window.locking.screen.form.editors["password"].line
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, words)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_locked_by_key_and_opened_by_the_password_with_all_as_it_was(at_work, qtbot):
    window, shell = at_work.window, at_work.frame
    people = shell.go("people")
    qtbot.waitUntil(lambda: people.people.model.rowCount() > 0, timeout=30_000)
    shell.actions_.run("people.add_entity")
    qtbot.waitUntil(lambda: shell._overlay is not None)
    field = shell._overlay.box.form.editors["code"].line
    qtbot.keyClicks(field, "IOM")
    shell.top.field.setText("half a sc")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_L, CONTROL | ALT)
    screen = window.locking.screen
    assert screen is not None
    assert screen.geometry() == shell.rect()
    assert shell.childAt(shell.rect().center()) is not None
    assert screen.isAncestorOf(shell.childAt(shell.rect().center()))
    # No key, no command and no scan reaches what is behind.
    assert not shell.actions_.run("palette")
    desk = shell.desk()
    QTest.keyClick(screen, Qt.Key.Key_1, CONTROL)
    QTest.keyClick(screen, Qt.Key.Key_Escape)
    window.bench.feed.put("serial", "UNEP-00001")
    qtbot.waitUntil(lambda: window.bench.feed.pending == 0)
    assert (shell.desk(), shell._overlay is not None, field.text()) == (desk, True, "IOM")
    # A wrong password is told, and counted as at the door.
    unlock_by_keys(at_work, qtbot, "not my word at all")
    qtbot.waitUntil(lambda: "wrong" in screen.form._faults["password"].words(), timeout=30_000)
    assert screen.isVisible()
    unlock_by_keys(at_work, qtbot, SECRET.reveal())
    qtbot.waitUntil(lambda: window.locking.screen is None, timeout=30_000)
    assert field.text() == "IOM"
    assert shell.top.field.text() == "half a sc"
    qtbot.waitUntil(field.hasFocus)
    assert field.isEnabled()
    shell._overlay.box.close_it()


def test_it_locks_by_itself_when_nobody_touches_it(at_work, qtbot):
    window = at_work.window
    window.bench.preferences.set(LOCK_MINUTES, 5)
    window.bench.wedge.last_used = time.monotonic() - 4 * 60
    window.locking.look()
    assert window.locking.screen is None
    window.bench.wedge.last_used = time.monotonic() - 5 * 60 - 1
    window.bench.preferences.set(LOCK_MINUTES, 0)
    window.locking.look()
    assert window.locking.screen is None, "0 is never"
    window.bench.preferences.set(LOCK_MINUTES, 5)
    window.locking.look()
    assert window.locking.screen is not None
    # A key begins the time anew; somebody else goes to the door.
    before = window.bench.wedge.last_used
    QTest.keyClick(QApplication.focusWindow(), Qt.Key.Key_A)
    assert window.bench.wedge.last_used > before
    window.locking.screen.left.emit()
    qtbot.waitUntil(lambda: at_work.window is None, timeout=30_000)


def test_guesses_at_the_lock_rest_the_account(sqlite_office):
    sqlite_office.write(turn_on_accounts, "ada", "Ada Otieno", SECRET)
    here = sqlite_office.signed_in(sign_in(sqlite_office, "ada", SECRET))
    for _ in range(TRIES):
        with pytest.raises(Refusal, match="wrong"):
            unlock(here, Secret("not my word at all"))
    with pytest.raises(Refusal, match="Too many wrong tries"):
        unlock(here, SECRET)


def test_without_accounts_there_is_nothing_to_lock_with(start, demo, qtbot):
    opening = start(str(demo))
    assert "person.lock" not in [action.id for action in opening.frame.actions_.all()]
    opening.window.bench.wedge.last_used = 0
    assert opening.window.locking.screen is None
