"""Absences and groups in the window: noted, seen, taken back and undone, without a mouse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from cbo_desk.context import clock, local
from cbo_desk.mail import GroupForm, add_group, note_absence, suggest_addressees
from cbo_desk.mail.addressee_lists import AbsenceList, GroupList
from ui.kit.cursor import choose_row


@pytest.fixture
def page(clerk):
    clerk.window.shell.actions_.run("mail.addressees")
    clerk.still()
    return clerk.page


def test_an_absence_is_seen_taken_back_and_undone(clerk, page, sqlite_office, qtbot):
    people, today = clerk.room.people, local(clock()).date()
    clerk.window.runner.write(note_absence, people["Erik"], today, today + timedelta(days=4), people["Elin"])
    clerk.until(lambda: page.list().model.rowCount() == 1)
    clerk.still()
    choose_row(page.list().table, 0)
    page.list().table.setFocus()
    clerk.until(lambda: page.list().chosen_ids() and page.list().table.hasFocus())
    qtbot.keyClick(page.list().table, Qt.Key.Key_X)
    clerk.until(lambda: sqlite_office.read(AbsenceList(today).first) == [])
    clerk.until(lambda: page.list().model.rowCount() == 0)
    clerk.window.shell.toasts.undo()
    clerk.until(lambda: page.list().model.rowCount() == 1)
    page.filter_box.setText("nobody of that name")
    clerk.until(lambda: page.list().model.rowCount() == 0)


def test_a_group_is_removed_and_suggested_again(clerk, page, sqlite_office, qtbot):
    clerk.window.runner.write(add_group, GroupForm("Registry", clerk.room.unep, None, 6))
    page.open_at("groups")
    clerk.until(lambda: page.list().model.rowCount() == 1)
    clerk.still()
    choose_row(page.list().table, 0)
    clerk.until(lambda: page.list().chosen_ids())
    clerk.window.shell.actions_.run("mail.addressees.edit")
    clerk.form().set_values({"email": "registry@un.example"})
    clerk.save()
    clerk.until(lambda: [line.row.email for line in sqlite_office.read(GroupList().first)] == ["registry@un.example"])
    clerk.still()
    choose_row(page.list().table, 0)
    clerk.until(lambda: page.list().chosen_ids())
    page._remove()
    clerk.until(lambda: [line.row.name for line in sqlite_office.read(GroupList("removed").first)] == ["Registry"])
    assert not any(one.name == "Registry" for one in sqlite_office.read(suggest_addressees, "registry"))
    page.open_at("removed")
    clerk.until(lambda: page.list().model.rowCount() == 1)
    clerk.still()
    choose_row(page.list().table, 0)
    clerk.until(lambda: page.list().chosen_ids())
    clerk.window.shell.actions_.run("mail.addressees.bring_back")
    clerk.until(lambda: page.list().model.rowCount() == 0)
    assert any(one.name.startswith("Registry") for one in sqlite_office.read(suggest_addressees, "registry"))


def test_an_export_writes_what_is_listed(clerk, page, tmp_path, sqlite_office):
    from functools import partial

    from cbo_desk.mail.addressee_lists import ABSENCE_COLUMNS, absence_rows

    today = local(clock()).date()
    clerk.window.runner.write(note_absence, clerk.room.people["Samir"], today, today)
    clerk.until(lambda: page.list().model.rowCount() == 1)
    rows = partial(absence_rows, sqlite_office, page.list().listing())
    page.export.write("Absences", ABSENCE_COLUMNS, rows, tmp_path / "absences.csv")
    clerk.until(lambda: (tmp_path / "absences.csv").exists())
    assert "Haddad, Samir" in (tmp_path / "absences.csv").read_text(encoding="utf-8-sig")
