"""Lists of custody, a leaver's sheet, and a custodian's own word, in the real window by keyboard."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select

from cbo_desk.permissions import Role
from cbo_desk.property.custody import Kind, Order, answer_custody, hand_over_assets, sign_handover
from db.custody import CustodyAnswer, Handover
from tests.conftest import MORNING
from tests.writing import rows
from ui.kit.cursor import choose_row
from ui.kit.dialogs import FormBox


@pytest.fixture
def lent(shop, sqlite_office, clock):
    """Two laptops with Lindqvist, one signed for; one lent and late by now."""
    ids = [shop.assets[n] for n in ("L00", "L01")]
    made = sqlite_office.write(hand_over_assets, ids, Order(Kind.ISSUE, shop.erik))
    sqlite_office.write(sign_handover, made.handover_id, "Lindqvist, Erik", [], True)
    order = Order(Kind.LEND, shop.erik, due_on=MORNING.date() + timedelta(days=1))
    sqlite_office.write(hand_over_assets, [shop.assets["L02"]], order)
    clock.now += timedelta(days=4)
    return shop


@pytest.fixture
def custody(window, lent, qtbot, monkeypatch, clock):
    """The page of custody, read."""
    monkeypatch.setattr("ui.property.custody.page.clock", clock)
    window.shell.go("property")
    page = window.shell.go("property/custody")
    qtbot.waitUntil(lambda: page.figures is not None)
    return page


def shown(page, view, qtbot):
    page.open_at(view)
    found = page._list()
    qtbot.waitUntil(lambda: found.model.length_known and found.model.row_at(found.model.rowCount() - 1) is not None)
    choose_row(found.table, 0)
    found.table.setFocus()
    qtbot.waitUntil(lambda: page._row() is not None and not found.model.following.under_way)
    return [
        [found.model.index(r, c).data() for c in range(found.model.columnCount())]
        for r in range(found.model.rowCount())
    ]


def test_the_page_says_how_it_stands(custody, qtbot):
    assert custody.summary.words() == "1 asset on loan · 1 overdue since 25 Aug 2026 · 1 person has not confirmed"
    late = shown(custody, "overdue", qtbot)
    assert late == [["L02", "Laptop, Dell Latitude 7450", "Lindqvist, Erik", "25 Aug 2026", "3 days late", "HO-0002"]]
    assert [row[0] for row in shown(custody, "unsigned", qtbot)] == ["HO-0002"]
    assert shown(custody, "holders", qtbot)[0][:5] == ["Lindqvist, Erik", "UNEP", "3", "0", "0"]


def test_sheets_open_from_the_lists(custody, qtbot, press, opened):
    shown(custody, "handovers", qtbot)
    press(Qt.Key.Key_P)
    qtbot.waitUntil(lambda: len(opened) == 1)
    shown(custody, "unconfirmed", qtbot)
    press(Qt.Key.Key_C)
    qtbot.waitUntil(lambda: len(opened) == 2)
    assert [Path(file).name for file in opened] == ["HO-0002.pdf", "clearance-1.pdf"]


def test_a_handover_is_reversed_from_the_list(custody, qtbot, press, stands):
    shown(custody, "loans", qtbot)
    shown(custody, "handovers", qtbot)
    press(Qt.Key.Key_U)
    qtbot.waitUntil(lambda: stands()["L02"][0] == "in_store")
    qtbot.waitUntil(lambda: custody.figures.loans == 0)


def test_it_can_be_signed_later(custody, qtbot, press, sqlite_office):
    shown(custody, "unsigned", qtbot)
    press(Qt.Key.Key_G)
    press(Qt.Key.Key_F8)
    wanted = select(Handover.signed_by).where(Handover.reference == "HO-0002")
    qtbot.waitUntil(lambda: rows(sqlite_office, wanted) == [("Lindqvist, Erik",)])


def test_a_late_loan_is_taken_back_from_the_list(custody, qtbot, press, window):
    shown(custody, "overdue", qtbot)
    press(Qt.Key.Key_S)
    page = window.shell.page()
    qtbot.waitUntil(lambda: page is not custody and page.trolley.rowCount() == 1)
    assert page.trolley.kind is Kind.RETURN


def test_a_leaver_is_looked_up_by_name(window, lent, qtbot, opened):
    window.shell.actions_.run("property.clearance")
    qtbot.waitUntil(lambda: bool(window.shell.findChildren(FormBox)))
    line = window.shell.findChildren(FormBox)[-1].form.editors["person_id"]
    qtbot.keyClicks(line.line, "Lindq")
    qtbot.waitUntil(lambda: bool(line.found))
    qtbot.keyClick(line.line, Qt.Key.Key_Return)
    qtbot.keyClick(line.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(opened))


def test_from_the_person_to_the_scanner(window, lent, qtbot):
    window.shell.go("property", f"to:{lent.erik}")
    page = window.shell.page()
    qtbot.waitUntil(lambda: page.trolley.taker is not None)
    assert page.trolley.taker.name == "Lindqvist, Erik"


def test_a_custodian_confirms_and_disputes_by_keyboard(window, lent, qtbot, press, sqlite_office):
    sqlite_office.actor = replace(
        sqlite_office.actor, person_id=lent.erik, roles={"property": Role.VIEWER, "people": Role.VIEWER}
    )
    assert window.bench.may(answer_custody)
    page = window.shell.go("property/own")
    qtbot.waitUntil(lambda: page.list.model.row_at(2) is not None)
    page.list.table.setFocus()
    page.list.table.selectAll()
    press(Qt.Key.Key_Y)
    said = select(CustodyAnswer.inventory_no, CustodyAnswer.answer, CustodyAnswer.note).order_by(CustodyAnswer.id)
    qtbot.waitUntil(lambda: len(rows(sqlite_office, said)) == 3)
    choose_row(page.list.table, 1)
    page.list.table.setFocus()
    press(Qt.Key.Key_X)
    qtbot.waitUntil(lambda: bool(window.shell.findChildren(FormBox)))
    form = window.shell.findChildren(FormBox)[-1].form
    qtbot.keyClicks(form.editors["note"].input, "Given back in May.")
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(rows(sqlite_office, said)) == 4)
    assert rows(sqlite_office, said)[-1] == ("L01", "disputed", "Given back in May.")
    qtbot.waitUntil(lambda: "Something is wrong" in [page.list.model.index(r, 5).data() for r in range(3)])


def test_an_account_of_nobody_is_told_so(window, shop, qtbot):
    window.shell.go("property")
    page = window.shell.go("property/own")
    qtbot.waitUntil(lambda: page.list.model.length_known)
    assert page.list.model.rowCount() == 0


def test_from_a_persons_card_by_key(window, lent, qtbot, press, opened):
    window.shell.go("property")
    people = window.shell.go("people", f"people.person:{lent.erik}")
    qtbot.waitUntil(lambda: people.card.person is not None and people.card.person.id == lent.erik)
    people.people.table.setFocus()
    press(Qt.Key.Key_C)
    qtbot.waitUntil(lambda: bool(opened))
    window.shell.go("people")
    people.people.table.setFocus()
    press(Qt.Key.Key_H)
    page = window.shell.page()
    qtbot.waitUntil(lambda: page.trolley.taker is not None)


def test_a_handover_is_found_and_opened(window, lent, qtbot):
    window.shell.go("property")
    window.bench.open_record("property.handover", 2)
    page = window.shell.page()
    qtbot.waitUntil(lambda: page._row() is not None and page._row().reference == "HO-0002")
