"""The settings page on real files: accounts, dated settings, backup and check, scanner, look."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from sqlalchemy import select

from cbo_desk import dated
from cbo_desk.backup import restore
from cbo_desk.compound import about, name_compound, needs_sign_in, open_office
from cbo_desk.dated import Declared, value_on
from cbo_desk.errors import Refusal
from cbo_desk.keeping import backups_in
from cbo_desk.office import Office
from cbo_desk.people import accounts, add_account, turn_on_accounts
from cbo_desk.people.signing_in import sign_in
from cbo_desk.permissions import Role, administrator
from cbo_desk.places import counts_by_place
from cbo_desk.secret import Secret
from db.engine import sqlite_module
from db.records import AuditEntry
from tests.ui.places.conftest import Hands, furnish, viewer
from tests.writing import rows
from ui.kit.buttons import Button
from ui.kit.chips import Chip
from ui.kit.labels import Label
from ui.kit.preferences import SCALE, SCANNER, THEME
from ui.kit.scanning.self_test import TEST_TEXT
from ui.kit.theme import current
from ui.settings.passwords import hide_passwords
from ui.settings.person_menu import PersonMenu

LONG = "seven quiet elephants"
OTHER = "nine loud giraffes here"


def panel(hands, name):
    page = hands.window.shell.go("settings", name)
    hands.until(lambda: page.tabs.current() == name)
    hands.still()
    return page.panels[name]


def words_of(widget):
    return [label.words() for label in widget.findChildren(Label) if label.isVisible()]


def press(hands, widget, text, number=0):
    hands.until(lambda: len([b for b in widget.findChildren(Button) if b.accessibleName() == text]) > number)
    [button for button in widget.findChildren(Button) if button.accessibleName() == text][number].click()


def chips(widget):
    return [chip.status.word for chip in widget.findChildren(Chip) if chip.isVisible()]


def fill(hands, **values):
    form = hands.form()
    for name, value in values.items():
        form.editors[name].setFocus()
        hands.type(value)
    return form


# --- accounts


def flow(hands):
    """Turn accounts on, let a clerk in, take rights away."""
    accounts_panel = panel(hands, "accounts")
    assert "Accounts are off" in words_of(accounts_panel)
    press(hands, accounts_panel, "Turn accounts on…")
    form = fill(hands, login="ada", name="Ada Achieng", password=LONG, again=LONG + "x")
    assert form.editors["password"].line.echoMode() == QLineEdit.EchoMode.Password
    hands.save()
    assert hands.fault("again") == "The two passwords differ. Type the same one twice."
    fill(hands, password="short", again="short")
    hands.save()
    assert "at least 10 characters" in hands.fault("password")
    fill(hands, password=LONG, again=LONG)
    hands.save()
    hands.gone()
    assert hands.told() == "Accounts are turned on. Ada Achieng is the first administrator."
    hands.until(lambda: "Ada Achieng · ada" in words_of(accounts_panel))
    assert needs_sign_in(hands.window.office.engine)
    assert "administrator on every desk" in words_of(accounts_panel)
    press(hands, accounts_panel, "Disable")
    hands.until(lambda: "last administrator" in hands.told())
    press(hands, accounts_panel, "Add an account")
    fill(hands, login="grace", name="Grace Wafula", password=OTHER, again=OTHER)
    hands.save()
    hands.gone()
    hands.until(lambda: "Grace Wafula · grace" in words_of(accounts_panel))
    actor = sign_in(hands.window.office, "grace", Secret(OTHER))
    assert actor.roles["property"] == Role.CLERK
    assert "settings" not in actor.roles
    press(hands, accounts_panel, "Roles", 1)
    hands.form().editors["property"].set_value(Role.VIEWER)
    hands.save()
    hands.gone()
    grace = next(row for row in hands.window.office.read(accounts) if row.login == "grace")
    assert grace.roles["property"] == Role.VIEWER
    hands.undo()
    grace = next(row for row in hands.window.office.read(accounts) if row.login == "grace")
    assert grace.roles["property"] == Role.CLERK
    hands.until(lambda: chips(accounts_panel) == ["Can sign in", "Can sign in"])
    press(hands, accounts_panel, "Disable", 1)
    hands.until(lambda: "Disabled" in chips(accounts_panel))
    with pytest.raises(Refusal):
        sign_in(hands.window.office, "grace", Secret(OTHER))


def no_password_anywhere(hands, folder):
    entries = rows(hands.window.office, select(AuditEntry.__table__))
    assert any("turn_on_accounts" in str(entry) for entry in entries)
    assert LONG not in str(entries)
    assert OTHER not in str(entries)
    for file in Path(folder).rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert LONG.encode() not in content, file
            assert OTHER.encode() not in content, file


def test_accounts_are_turned_on_and_no_password_is_written_anywhere(hands, tmp_path):
    flow(hands)
    hands.window.bench.preferences.flush()
    no_password_anywhere(hands, tmp_path)


def test_the_same_on_the_office_server(open_window, qtbot, postgres_url, clock, tmp_path):
    from db.engine import open_engine

    office = Office(open_engine(postgres_url), administrator("ada", "Ada Achieng", "DESK-1"), clock)
    furnish(office)
    hands = Hands(qtbot, open_window(office))
    flow(hands)
    no_password_anywhere(hands, tmp_path)


def test_a_form_with_passwords_never_keeps_drafts(hands):
    from ui.kit.fields import Field
    from ui.kit.forms import Form

    form = Form([Field("password", "Password")], "settings.x", hands.window.bench.drafts)
    with pytest.raises(ValueError, match="must not keep drafts"):
        hide_passwords(form, "password")


def test_a_new_password_is_given(hands):
    office = hands.window.office
    office.write(turn_on_accounts, "ada", "Ada Achieng", Secret(LONG))
    accounts_panel = panel(hands, "accounts")
    press(hands, accounts_panel, "Password")
    fill(hands, password=OTHER, again=OTHER)
    hands.save()
    hands.gone()
    assert sign_in(office, "ada", Secret(OTHER)).login == "ada"


def test_the_persons_menu_changes_the_own_password_and_signs_out(open_window, sqlite_office, made, qtbot):
    sqlite_office.write(turn_on_accounts, "ada", "Ada Achieng", Secret(LONG))
    roles = {"property": Role.CLERK}
    sqlite_office.write(add_account, "grace", "Grace Wafula", roles, Secret(OTHER))
    signed_in = sqlite_office.signed_in(sign_in(sqlite_office, "grace", Secret(OTHER)))
    hands = Hands(qtbot, open_window(signed_in, "property"))
    left = []
    menu = PersonMenu(hands.window.bench, lambda: left.append(True), hands.window)
    assert menu.actions == ("person.change_password", "person.sign_out")
    hands.window.shell.actions_.run("person.change_password")
    fill(hands, old="wrong wrong wrong", new=LONG, again=LONG)
    hands.save()
    assert hands.fault("old") == "This is not your password."
    fill(hands, old=OTHER, new=LONG, again="another")
    hands.save()
    assert hands.fault("again") == "The two passwords differ. Type the same one twice."
    fill(hands, again=LONG)
    hands.save()
    hands.gone()
    assert sign_in(sqlite_office, "grace", Secret(LONG)).name == "Grace Wafula"
    hands.window.shell.actions_.run("person.sign_out")
    assert left == [True]


def test_without_accounts_there_is_no_password_to_change(hands):
    assert PersonMenu(hands.window.bench, lambda: None, hands.window).actions == ()


def test_others_see_neither_accounts_nor_buttons(open_window, sqlite_office, made, qtbot):
    hands = Hands(qtbot, open_window(sqlite_office.signed_in(viewer())))
    assert "Only an administrator sees who may sign in." in words_of(panel(hands, "accounts"))
    assert [b.accessibleName() for b in panel(hands, "database").findChildren(Button) if b.isVisible()] == ["Check now"]
    assert [b for b in panel(hands, "dated").findChildren(Button) if b.isVisible()] == []


# --- dated settings


@pytest.fixture
def threshold(monkeypatch):
    """A setting that the site has to look at."""
    known = dict(dated.DECLARED)
    monkeypatch.setattr(dated, "DECLARED", known)
    setting = Declared("test.threshold", "Assets are capitalised from", 5000, "USD", "shipped", confirm=True, least=0)
    known[setting.name] = setting
    return setting


def test_a_dated_setting_is_changed_confirmed_and_taken_back(threshold, hands, clock):
    dated_panel = panel(hands, "dated")
    before = chips(dated_panel)
    assert set(before) == {"Confirm"}  # the shipped values of other desks wait for it too
    row = [line.declared.name for line in hands.window.office.read(dated.list_settings)].index(threshold.name)
    press(hands, dated_panel, "Change", row)
    fill(hands, value="-4", valid_from="24 Aug 2026", source="ST/AI/2015/4")
    hands.save()
    assert hands.fault("value") == "Assets are capitalised from is at least 0 USD."
    fill(hands, value="20,000")
    hands.save()
    hands.gone()
    hands.until(lambda: chips(dated_panel) == before[1:])
    assert "20000 USD" in words_of(dated_panel)
    assert any("since 24 Aug 2026 · ST/AI/2015/4" in words for words in words_of(dated_panel))
    assert hands.window.office.read(value_on, threshold.name, clock().date()) == 20000
    hands.undo()
    hands.until(lambda: chips(dated_panel) == before)


def test_today_leads_to_what_is_not_confirmed(hands):
    page = hands.window.shell.go("settings", "unconfirmed")
    assert page.tabs.current() == "dated"


# --- database


def test_a_backup_is_written_proven_and_restored_elsewhere(hands, made, tmp_path):
    database = panel(hands, "database")
    file = tmp_path / "kept" / "gigiri.backup"
    database.back_up_to(file)
    hands.until(lambda: "Backup proven" in hands.told())
    hands.until(lambda: "never from here" not in words_of(database))
    again = f"sqlite:///{tmp_path / 'restored.db'}"
    restore(file, again)
    office = open_office(again)
    try:
        assert office.read(counts_by_place) == hands.window.office.read(counts_by_place)
        assert office.read(about) == hands.window.office.read(about)
    finally:
        office.close()
    database.back_up_to(file)
    hands.until(lambda: hands.told() == "gigiri.backup is there already. Choose another name.")


def test_backups_are_made_by_themselves_from_the_moment_it_is_said(hands, made, tmp_path):
    database = panel(hands, "database")
    assert "off" in words_of(database)
    press(hands, database, "Change…")
    fill(hands, folder="not/from/the/root")
    hands.save()
    hands.until(lambda: "from the root of its disk" in hands.fault("folder"))
    folder = tmp_path / "kept"
    hands.form().set_values({"folder": str(folder)})
    hands.save()
    hands.gone()
    hands.until(lambda: len(backups_in(folder)) == 1)
    bell = hands.window.shell.toasts.notices
    hands.until(lambda: any("put back for a trial" in notice.said for notice in bell.all))
    database.refresh()
    hands.until(lambda: any(f"into {folder}, 14 backups kept" in words for words in words_of(database)))
    # It is not due again; a folder that has gone is told once in the bell, not every time.
    hands.window.keeping.look()
    hands.until(lambda: hands.window.keeping._job is None)
    assert len(backups_in(folder)) == 1
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.write_text("no folder any more")
    for _ in range(2):
        hands.window.keeping.look()
        hands.until(lambda: hands.window.keeping._job is None)
    assert len([notice for notice in bell.all if "No backup was made by itself" in notice.said]) == 1
    press(hands, database, "Change…")
    hands.form().set_values({"folder": ""})
    hands.save()
    hands.gone()
    hands.until(lambda: "off" in words_of(database))


def test_a_sound_database_is_said_to_be_sound(hands):
    database = panel(hands, "database")
    press(hands, database, "Check now")
    hands.until(lambda: chips(database))
    assert set(chips(database)) == {"Sound"}


def test_a_planted_damage_is_named(hands, sqlite_url):
    # With the library that the program has it open with: two in one process drop each other's locks.
    with sqlite_module().connect(sqlite_url.removeprefix("sqlite:///")) as connection:
        trigger = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1").fetchone()[0]
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.close()
    database = panel(hands, "database")
    press(hands, database, "Check now")
    hands.until(lambda: "Wrong" in chips(database))
    assert any(trigger in words and "main.py check --mend" in words for words in words_of(database))
    press(hands, database, "Put back")
    hands.until(lambda: chips(database) and "Wrong" not in chips(database))


def test_the_compound_is_renamed(hands):
    database = panel(hands, "database")
    press(hands, database, "Rename")
    fill(hands, name="   ")
    hands.save()
    assert hands.fault("name") == "Name of the compound is needed."
    fill(hands, name="Gigiri")
    hands.save()
    hands.gone()
    hands.until(lambda: "Gigiri" in words_of(database))
    # So it is when somebody else names it, and when that is undone.
    named = hands.window.office.write(name_compound, "Nairobi")
    hands.window.runner.changed.emit(named)
    hands.until(lambda: "Nairobi" in words_of(database))


# --- scanner, look, printers, this computer


def test_scanner_settings_are_saved_and_used(hands):
    scanner = panel(hands, "scanner")
    scanner.form.editors["prefix"].set_value("F13")
    scanner.form.editors["max_gap_ms"].line.setText("200")
    press(hands, scanner, "Save")
    label = scanner.form._faults["max_gap_ms"]
    assert label.words() == "Give a gap between 5 and 60 milliseconds."
    scanner.form.editors["max_gap_ms"].line.setText("28.5")
    press(hands, scanner, "Save")
    kept = hands.window.bench.preferences.get(SCANNER)
    assert (kept["prefix"], kept["max_gap_ms"]) == ("F13", 28.5)
    assert hands.window.bench.wedge._prefix == "F13"


def test_every_choice_can_be_saved(hands):
    scanner = panel(hands, "scanner")
    for name in ("prefix", "suffix", "serial_speed"):
        for key, _words in scanner.form.editors[name].field.choices:
            scanner.form.editors[name].set_value(key)
            scanner.save()
            assert hands.window.bench.preferences.get(SCANNER)[name] == key


def test_a_scanner_that_is_not_plugged_in_is_not_forgotten(hands):
    hands.window.bench.preferences.set(SCANNER, {"serial_device": "COM77"})
    scanner = panel(hands, "scanner")
    assert scanner.form.editors["serial_device"].box.currentText() == "COM77, not plugged in"
    press(hands, scanner, "Save")
    assert hands.window.bench.preferences.get(SCANNER)["serial_device"] == "COM77"


def test_a_damaged_scanner_preference_reads_as_the_default(hands):
    hands.window.bench.preferences.set(SCANNER, {"max_gap_ms": "fast"})
    assert panel(hands, "scanner").form.values()["max_gap_ms"] == 35


def test_the_self_test_judges_a_scanner_by_its_keys(hands, qtbot):
    scanner = panel(hands, "scanner")
    scanner.test.area.setFocus()
    handle = hands.window.shell.windowHandle()
    for letter in TEST_TEXT:
        QTest.keyClick(handle, letter)
    QTest.keyClick(handle, Qt.Key.Key_Return)
    hands.until(lambda: scanner.test.finding is not None)
    assert scanner.test.finding.text == TEST_TEXT
    assert "timing" in scanner.test.verdict.words()
    assert hands.window.shell.desk() in ("", "settings")  # the test scan opened nothing


def test_theme_and_text_size_are_changed_at_once_and_remembered(hands):
    look = panel(hands, "look")
    look.theme._press("dark")
    assert current().dark
    assert hands.window.bench.preferences.get(THEME) == "dark"
    look.scale._press("1.25")
    assert current().scale == 1.25
    assert hands.window.bench.preferences.get(SCALE) == 1.25
    hands.window.shell.switch_theme()
    assert look.theme.current() == "light"


def test_printers_and_stocks_are_listed_once_each(hands):
    words = words_of(panel(hands, "printers"))
    assert "No printer measured yet" in words
    assert "38.1 × 21.2 mm · 65 a page" in words


@pytest.mark.leaves_threads("doctor asks programs of the computer in processes of its own")
def test_this_computer_is_examined(hands):
    computer = panel(hands, "computer")
    hands.until(lambda: len(chips(computer)) > 3)
    assert set(chips(computer)) <= {"Good", "Missing"}
    assert QApplication.instance() is not None


def test_every_setting_fits_beside_its_button(qtbot):
    """The list of what no pouch takes was so long that every button to its right stood outside the window."""
    from ui.settings.rows import setting_row

    dated.enlist_all()
    wide = {}
    for one in dated.DECLARED.values():
        row = setting_row("gauge", one.text, one.source, dated.shown(one, one.default), ends=[Button("Change")])
        qtbot.addWidget(row)
        if row.minimumSizeHint().width() > 700:
            wide[one.text] = row.minimumSizeHint().width()
    assert wide == {}
