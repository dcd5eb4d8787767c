"""Assets change hands by scanner alone, and by keyboard alone, in the real window."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from cbo_desk.property import change_state
from cbo_desk.property.custody import Kind, Order, hand_over_assets
from cbo_desk.property.rules import State
from cbo_desk.tags.orders import Order as Command
from cbo_desk.tags.orders import code_of
from db.custody import Handover
from tests.writing import rows
from ui.kit.cursor import choose_row
from ui.kit.labels import Label
from ui.kit.preferences import Preferences
from ui.window import Window

DONE, UNDO, PAPER = (code_of(order) for order in (Command.DONE, Command.UNDO, Command.PAPER))
ERIK = "Lindqvist, Erik"


@pytest.fixture
def page(window, shop):
    """The page for handing over, in front."""
    window.shell.go("property")
    return window.shell.go("property/handover")


def why(page):
    return [scan.why for scan in page.trolley.scans if scan.why]


def sign_box(page, qtbot):
    qtbot.waitUntil(lambda: page.sign_box is not None)
    return page.sign_box


def draw(qtbot, pad):
    for start in (20, 120):
        qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(start, 40))
        for step in range(1, 12):
            qtbot.mouseMove(pad, QPoint(start + 5 * step, 40 + 9 * (step % 4)))
        qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(start + 60, 70))


def test_a_trolley_of_sixty_by_scanner_alone(page, shop, scan, qtbot, opened, stands, sqlite_office):
    scan(shop.badge, *(shop.tag(number) for number in shop.numbers))
    assert page.trolley.rowCount() == 60
    assert why(page) == []
    scan(DONE)
    sign_box(page, qtbot)
    assert {row[1] for row in stands().values()} == {ERIK}
    scan(PAPER)
    qtbot.waitUntil(lambda: len(opened) == 1)
    assert rows(sqlite_office, select(Handover.items, Handover.signed_by, Handover.on_paper)) == [(60, ERIK, True)]
    document = pypdfium2.PdfDocument(opened[0])
    read = [f.text for sheet in document for f in zxingcpp.read_barcodes(sheet.render(scale=300 / 72).to_pil())]
    assert sorted(read) == sorted([*(shop.tag(number) for number in shop.numbers), "HO-0001"])
    assert page.trolley.rowCount() == 0


def test_refused_scans_stand_there_and_the_rest_goes_on(page, shop, scan, qtbot, window, sqlite_office, stands, opened):
    sqlite_office.write(change_state, [shop.assets["L01"]], State.AWAITING_DISPOSAL)
    sqlite_office.write(hand_over_assets, [shop.assets["L02"]], Order(Kind.ISSUE, shop.erik))
    outcomes = []
    window.bench.feed.finished.connect(lambda _scan, outcome: outcomes.append(outcome))
    scan(shop.gone)
    scan(shop.badge, shop.tag("L00"), shop.tag("L01"), shop.tag("L02"), "NOSUCHTAG", shop.tag("L00"), shop.tag("L03"))
    told = why(page)[::-1]
    assert told[0].startswith("Silva left on 24 Aug 2025")
    assert told[1] == "L01 is in an open disposal case. Take it out of the case first."
    assert told[2] == f"{ERIK} has L02 already."
    assert told[3]
    assert told[4] == "L00 is on the list already."
    assert [outcome.good for outcome in outcomes] == [False, True, True, False, False, False, False, True]
    scan(DONE)
    sign_box(page, qtbot)
    assert [n for n, row in sorted(stands().items()) if row[1]] == ["L00", "L02", "L03"]
    scan(PAPER)
    qtbot.waitUntil(lambda: bool(opened))


def test_the_last_scan_is_taken_back_by_a_tag(page, shop, scan):
    scan(shop.badge, shop.tag("L00"), shop.tag("L01"), UNDO)
    assert page.trolley.goods() == [shop.assets["L00"]]
    scan(UNDO, UNDO)
    assert page.trolley.goods() == []


def test_by_keyboard_with_a_signature(page, shop, qtbot, opened, sqlite_office, stands, press):
    qtbot.waitUntil(page.isVisible)
    page.entry.setFocus()
    for count, number in enumerate(("l05", "L06", "L07"), 1):
        qtbot.keyClicks(page.entry, number)
        qtbot.keyClick(page.entry, Qt.Key.Key_Return)
        qtbot.waitUntil(partial(lambda wanted: page.trolley.rowCount() == wanted, count))
    page.taker.line.setFocus()
    qtbot.keyClicks(page.taker.line, "Lindq")
    qtbot.waitUntil(lambda: bool(page.taker.found))
    qtbot.keyClick(page.taker.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.trolley.taker is not None)
    page.table.setFocus()
    choose_row(page.table, 0)
    press(Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: page.trolley.rowCount() == 2)
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    box = sign_box(page, qtbot)
    draw(qtbot, box.pad)
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(opened))
    ((name, paper, strokes),) = rows(sqlite_office, select(Handover.signed_by, Handover.on_paper, Handover.signature))
    assert (name, paper, len(strokes)) == (ERIK, False, 2)
    assert all(late >= early for stroke in strokes for (_x, _y, early), (_a, _b, late) in pairwise(stroke))
    assert sorted(n for n, row in stands().items() if row[1]) == ["L05", "L06"]


def test_nothing_scanned_is_lost_when_the_window_closes(page, shop, scan, window, qtbot, sqlite_office, tmp_path):
    scan(shop.badge, shop.tag("L00"), "NOSUCHTAG", shop.tag("L01"))
    drafts = window.bench.drafts
    sqlite_office.write(hand_over_assets, [shop.assets["L01"]], Order(Kind.ISSUE, shop.erik))
    window.shell.pages.removeWidget(page)
    other = Window(sqlite_office, Preferences(tmp_path / "other.ini"))
    other.bench.drafts = drafts
    other.show()
    other.shell.go("property")
    fresh = other.shell.go("property/handover")
    assert [(scan.text, bool(scan.item)) for scan in fresh.trolley.scans][1] == ("NOSUCHTAG", False)
    assert fresh.trolley.taker.name == ERIK
    qtbot.waitUntil(lambda: len(why(fresh)) == 2)  # what changed meanwhile is looked at anew
    assert fresh.trolley.goods() == [shop.assets["L00"]]
    other.close()


def test_what_changed_between_scan_and_done_is_refused_and_the_rest_waits(
    page, shop, scan, qtbot, sqlite_office, stands
):
    scan(shop.badge, shop.tag("L00"), shop.tag("L01"))
    sqlite_office.write(change_state, [shop.assets["L01"]], State.MISSING)
    scan(DONE)
    qtbot.waitUntil(lambda: len(why(page)) == 1)
    assert why(page)[0].startswith("L01 is missing.")
    assert {row[1] for row in stands().values()} == {""}
    scan(DONE)
    sign_box(page, qtbot)
    assert stands()["L00"][1] == ERIK


def test_take_back_by_scanner(page, shop, scan, qtbot, sqlite_office, stands, opened):
    ids = [shop.assets[n] for n in ("L00", "L01")]
    sqlite_office.write(hand_over_assets, ids, Order(Kind.ISSUE, shop.erik, shop.places["M-214"]))
    page.tabs.chosen.emit("return")
    scan(shop.door("S1"), shop.tag("L00"), shop.tag("L01"), DONE)
    sign_box(page, qtbot)
    assert stands()["L00"] == ("in_store", "", "S1")
    assert page.sign_box.name.text() == ERIK  # who gave them back signs
    assert "I have given back 2 assets as listed." in [label.words() for label in page.sign_box.findChildren(Label)]
    scan(DONE)
    assert page.sign_box.fault.words() == "First sign, or scan Signed on paper."
    draw(qtbot, page.sign_box.pad)
    assert page.sign_box.fault.words() == ""
    scan(PAPER)
    qtbot.waitUntil(lambda: bool(opened))
    assert rows(sqlite_office, select(Handover.signed_by).order_by(Handover.id))[1] == (ERIK,)
    page.tabs.chosen.emit("issue")
    scan(shop.door("M-214"), shop.tag("L00"), DONE)
    sign_box(page, qtbot)
    assert QApplication.focusWidget() is page.sign_box.name  # nobody is known to sign for a place
    QApplication.processEvents()
    qtbot.keyClick(page.sign_box, Qt.Key.Key_Escape)  # signed later: the sheet opens all the same
    qtbot.waitUntil(lambda: len(opened) == 2)


def test_what_is_typed_and_not_chosen_stays_and_is_not_handed_to_whom_it_was_before(page, shop, scan, qtbot, stands):
    scan(shop.badge, shop.tag("L00"))
    page.taker.line.setFocus()
    page.taker.line.selectAll()
    qtbot.keyClicks(page.taker.line, "Somebody")
    scan(shop.tag("L01"))
    assert page.taker.line.text() == "Somebody"
    why = page.finish()
    assert why == page.fault.words() == "Nothing was chosen for “Somebody”. Choose one of the list."
    scan(shop.badge)
    assert page.taker.line.text() == ERIK
    page.finish()
    sign_box(page, qtbot)
    assert {stands()[number][1] for number in ("L00", "L01")} == {ERIK}


def test_a_loan_needs_a_day_that_is_not_over(page, shop, scan, qtbot, stands):
    page.tabs.chosen.emit("lend")
    scan(shop.badge, shop.tag("L00"), DONE)
    qtbot.waitUntil(lambda: page.fault.isVisible())
    assert page.fault.words() == "Say on which day the loan comes back."
    heard = []
    page.trolley.judged.connect(lambda: heard.append(page.fault.words()))
    page.meanings.judge()
    qtbot.waitUntil(lambda: bool(heard))
    assert page.fault.words() == "Say on which day the loan comes back."  # an answer takes no sentence away
    page.due.line.setFocus()
    qtbot.keyClicks(page.due.line, "23 Aug 2026")
    page.finish()
    qtbot.waitUntil(lambda: "is over" in page.fault.words())
    page.due.line.clear()
    qtbot.keyClicks(page.due.line, "1 Sep 2026")
    page.finish()
    sign_box(page, qtbot)
    assert stands()["L00"][0] == "on_loan"


def test_from_the_register_and_undo(window, shop, qtbot, press, stands, opened):
    register = window.shell.page().register
    register.refresh()
    qtbot.waitUntil(lambda: register.model.rowCount() == 60)
    register.table.setFocus()
    register.table.selectAll()
    qtbot.waitUntil(lambda: register.card.card is not None)
    press(Qt.Key.Key_H)
    qtbot.waitUntil(lambda: window.shell.page().__class__.__name__ == "HandoverPage")
    page = window.shell.page()
    qtbot.waitUntil(lambda: page.trolley.rowCount() == 60)
    page.taker.line.setFocus()
    qtbot.keyClicks(page.taker.line, "Lindq")
    qtbot.waitUntil(lambda: bool(page.taker.found))
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    box = sign_box(page, qtbot)
    assert {row[1] for row in stands().values()} == {ERIK}
    box.sign_on_paper()
    qtbot.waitUntil(lambda: bool(opened))
    assert Path(opened[0]).name == "HO-0001.pdf"
    undo = window.shell.toasts.notices
    assert undo.all
    with qtbot.waitSignal(window.runner.did):
        from cbo_desk.changes import Deed
        from cbo_desk.property.custody import reverse_handover

        window.runner.undo(Deed(reverse_handover, (1,)))
    assert {row[1] for row in stands().values()} == {""}


def test_what_is_scanned_while_somebody_signs_begins_the_next_order(page, shop, scan, qtbot, window, stands):
    """The signature is of what is on the sheet: the next badge and laptop wait until it is given."""
    scan(shop.badge, shop.tag("L00"), DONE)
    box = sign_box(page, qtbot)
    scan(shop.badge, shop.tag("L01"))
    assert len(window.bench.feed._held) == 2
    assert page.trolley.goods() == []
    draw(qtbot, box.pad)
    scan(DONE)
    qtbot.waitUntil(lambda: page.trolley.goods() == [shop.assets["L01"]])
    assert window.bench.feed._held == []
    assert stands()["L00"][1] == ERIK
    assert stands()["L01"][1] == ""
