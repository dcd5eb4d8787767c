"""A loan is extended in the real window: by scanner, from the asset's card, and from the list of what is late."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select

from cbo_desk.property.custody import Kind, LoanList, Order, hand_over_assets
from cbo_desk.tags.orders import Order as Command
from cbo_desk.tags.orders import code_of
from db.custody import Handover
from tests.conftest import MORNING
from tests.writing import rows
from ui.kit.cursor import choose_row

DONE = code_of(Command.DONE)
CTRL = Qt.KeyboardModifier.ControlModifier
TODAY = MORNING.date()


@pytest.fixture
def lent(shop, sqlite_office, clock):
    """L00 to L02 on loan to Lindqvist and late by now, L03 issued."""
    ids = [shop.assets[number] for number in ("L00", "L01", "L02")]
    sqlite_office.write(hand_over_assets, ids, Order(Kind.LEND, shop.erik, due_on=TODAY + timedelta(days=1)))
    sqlite_office.write(hand_over_assets, [shop.assets["L03"]], Order(Kind.ISSUE, shop.erik))
    clock.now += timedelta(days=3)
    return shop


def due(office):
    return {line.row.inventory_no: line.row.due_on for line in office.read(LoanList().first)}


def kinds(office):
    return [row[0] for row in rows(office, select(Handover.kind).order_by(Handover.id))]


def test_by_scanner_and_a_day(window, lent, scan, qtbot, opened, sqlite_office, press):
    window.shell.go("property")
    page = window.shell.go("property/handover")
    page.tabs.chosen.emit("extend")
    assert (page.summary.words(), page.place.isVisible(), page.due.isVisible()) == ("Scan what is on loan", False, True)
    scan(lent.tag("L00"), lent.tag("L03"), lent.tag("L04"), lent.tag("L01"))
    qtbot.waitUntil(lambda: page.taker.line.text() == "Lindqvist, Erik")  # no badge was scanned: the loan says whose
    assert [line.why for line in page.trolley.scans if line.why][::-1] == [
        "L03 is not on loan: it is in service. Only a loan can be extended.",
        "L04 is not on loan: it is in store. Only a loan can be extended.",
    ]
    scan(DONE)
    qtbot.waitUntil(lambda: page.fault.isVisible())
    assert page.fault.words() == "Say on which new day the loan comes back."
    for typed, sentence in (
        ("25 Aug 2026", "25 Aug 2026 is over. Choose a day to come."),
        ("27 Aug 2026", "Today is no extension. Choose a day to come."),
        ("1 Sep 2032", "A loan lasts three years at most. Issue it for longer use."),
    ):
        page.due.line.setFocus()
        page.due.line.selectAll()
        qtbot.keyClicks(page.due.line, typed)
        press(Qt.Key.Key_Return, CTRL)
        qtbot.waitUntil(lambda wanted=sentence: page.fault.words() == wanted)
        assert len(page.trolley.scans) == 4
    page.due.line.selectAll()
    qtbot.keyClicks(page.due.line, "10 Sep 2026")
    scan(DONE)
    qtbot.waitUntil(lambda: len(opened) == 1)
    assert Path(opened[0]).name == "HO-0003.pdf"
    longer = date(2026, 9, 10)
    assert due(sqlite_office) == {"L00": longer, "L01": longer, "L02": TODAY + timedelta(days=1)}
    assert page.trolley.rowCount() == 0
    assert page.sign_box is None


def test_from_the_card_and_taken_back(window, lent, qtbot, opened, sqlite_office, press):
    register = window.shell.page().register
    register.refresh()
    qtbot.waitUntil(lambda: register.model.rowCount() == 60)
    window.shell.go("property", f"property.asset:{lent.assets['L02']}")
    qtbot.waitUntil(lambda: register.card.card is not None and register.card.card.id == lent.assets["L02"])
    labels = [deed.label for deed in register.card._deeds]
    assert labels[:3] == ["Extend", "Move", "Return"]
    assert any("25 Aug 2026" in fact.value for fact in register.card._facts(register.card.card))
    register.table.setFocus()
    press(Qt.Key.Key_D)
    qtbot.waitUntil(lambda: window.shell.page().__class__.__name__ == "HandoverPage")
    page = window.shell.page()
    qtbot.waitUntil(lambda: page.trolley.taker is not None and page.trolley.goods() == [lent.assets["L02"]])
    qtbot.waitUntil(lambda: page.due.line.hasFocus())
    qtbot.keyClicks(page.due.line, "25 Aug 2026")
    qtbot.waitUntil(lambda: page.trolley.refused() == 1)
    assert page.trolley.scans[0].why == "L02 is due back on 25 Aug 2026 already. Choose a later day."
    page.due.line.selectAll()
    qtbot.keyClicks(page.due.line, "4 Sep 2026")
    qtbot.waitUntil(lambda: page.done_button.isEnabled())
    with qtbot.waitSignal(window.runner.did):
        press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(opened) == 1)
    assert due(sqlite_office)["L02"] == date(2026, 9, 4)
    notice = window.shell.toasts.notices.all[0]
    assert notice.said == "L02: loan to Lindqvist, Erik extended to 4 Sep 2026. HO-0003."
    with qtbot.waitSignal(window.runner.did):
        notice.run()
    assert due(sqlite_office)["L02"] == TODAY + timedelta(days=1)
    assert kinds(sqlite_office) == ["lend", "issue", "extend", "reversal"]


def test_several_from_the_list_of_what_is_late(window, lent, qtbot, opened, sqlite_office, press, monkeypatch, clock):
    monkeypatch.setattr("ui.property.custody.page.clock", clock)
    window.shell.go("property")
    custody = window.shell.go("property/custody", "overdue")
    qtbot.waitUntil(lambda: custody.figures is not None and custody._list().model.rowCount() == 3)
    table = custody._list().table
    qtbot.waitUntil(lambda: custody._list().model.row_at(2) is not None)
    table.setFocus()
    choose_row(table, 0)
    table.selectAll()
    press(Qt.Key.Key_D)
    qtbot.waitUntil(lambda: window.shell.page() is not custody)
    page = window.shell.page()
    qtbot.waitUntil(lambda: len(page.trolley.goods()) == 3 and page.trolley.taker is not None)
    qtbot.keyClicks(page.due.line, "4 Sep 2026")
    press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(opened) == 1)
    assert set(due(sqlite_office).values()) == {date(2026, 9, 4)}
    custody = window.shell.go("property/custody")
    custody.open_at("handovers")
    found = custody._list().model
    qtbot.waitUntil(lambda: found.rowCount() == 3 and found.row_at(0) is not None)
    assert [found.index(0, at).data() for at in (0, 1, 7, 8)] == ["HO-0003", "Extension", "4 Sep 2026", "Not needed"]
    assert custody._list().model is found
    custody.open_at("overdue")
    qtbot.waitUntil(lambda: custody._list().model.rowCount() == 0)
