"""Where the keys go after a number was typed or scanned: to the opened card, and scans still find their way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from cbo_desk.property import AssetForm, State, change_state, receive_assets
from cbo_desk.tags import keep_unknown_scan
from db.people import Entity
from tests.writing import rows
from ui.kit.buttons import Button
from ui.kit.cursor import choose_row
from ui.kit.dialogs import FormBox
from ui.kit.preferences import LAST_DESK, SCANNER, Preferences
from ui.kit.theme import apply_theme
from ui.kit.toasts import shortened
from ui.window import Window


@pytest.fixture
def laptops(window, sqlite_office):
    """The ids of two laptops, L-1 and L-2, with the property page in front and the focus in the scan field."""
    [(entity,)] = rows(sqlite_office, select(Entity.id).where(Entity.code == "UNEP"))
    ids = sqlite_office.write(receive_assets, AssetForm(entity, "L-1", "Laptop"), ["L-1", "L-2"]).ids
    window.shell.top.field.setFocus()
    return ids


def card_of(window):
    shown = window.shell.page().register.card.card
    return shown.id if shown else None


@pytest.mark.parametrize("typing_rests", [False, True])
def test_after_a_typed_number_the_cards_letters_work_and_the_next_scan_opens(window, laptops, qtbot, typing_rests):
    field = window.shell.top.field
    field._pause.setInterval(60_000)  # a busy computer types slowly
    qtbot.keyClicks(field, "L-1")
    if typing_rests:  # the commands open with what was typed, and the record is the first hit
        field._pause.timeout.emit()
        box = window.shell._overlay.box
        qtbot.waitUntil(lambda: any(hit.title == "L-1" for hit in box.hits.hits))
        at = next(n for n, hit in enumerate(box.hits.hits) if hit.title == "L-1")
        box.list.setCurrentIndex(box.list.model().index(at, 0))
        qtbot.keyClick(box.field, Qt.Key.Key_Return)
    else:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: card_of(window) == laptops[0])
    assert window.shell.page().isAncestorOf(QApplication.focusWidget())
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_M)
    qtbot.waitUntil(lambda: isinstance(window.shell._overlay and window.shell._overlay.box, FormBox))
    window.shell.close_topmost()
    window.bench.feed.put("keyboard", "L-2")
    qtbot.waitUntil(lambda: card_of(window) == laptops[1])


def test_a_scanner_that_cannot_be_told_from_typing_keeps_its_field(window, laptops, qtbot):
    window.bench.preferences.set(SCANNER, {"timing": False, "prefix": "none"})
    field = window.shell.top.field
    field._pause.setInterval(60_000)  # a busy computer types slowly
    qtbot.keyClicks(field, "L-1")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: card_of(window) == laptops[0])
    assert field.hasFocus()


def test_who_has_gone_on_to_another_field_is_left_there(window, laptops, qtbot):
    page = window.shell.page()
    page.focus_filter()
    window.scans.typed("L-1")
    qtbot.waitUntil(lambda: card_of(window) == laptops[0])
    assert page.filter_box.hasFocus()


def test_a_letter_means_the_card_that_was_opened_though_the_list_does_not_hold_it(window, laptops, qtbot):
    register = window.shell.page().register
    register.find_words("L-2")
    qtbot.waitUntil(lambda: register.model.rowCount() == 1 and register.table.currentIndex().isValid())
    window.bench.feed.put("keyboard", "L-1")
    qtbot.waitUntil(lambda: card_of(window) == laptops[0])
    qtbot.waitUntil(lambda: register.model.idle)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_M)
    qtbot.waitUntil(lambda: isinstance(window.shell._overlay and window.shell._overlay.box, FormBox))
    window.shell.close_topmost()
    told = []
    register.with_chosen(told.append)
    assert told == [[]]  # no row is chosen: the deed is the card's


def test_a_scanned_card_stays_when_a_list_without_it_is_counted_again(window, laptops, qtbot):
    register = window.shell.page().register
    register.find_words("zzqxy")
    qtbot.waitUntil(lambda: register.model.rowCount() == 0 and register.model.idle)
    window.bench.feed.put("keyboard", "L-1")
    qtbot.waitUntil(lambda: card_of(window) == laptops[0])
    with qtbot.waitSignal(register.model.counted):
        register.refresh()
    assert card_of(window) == laptops[0]
    register.find_words("zzqxyz")
    qtbot.waitUntil(lambda: card_of(window) is None)


def test_the_row_under_the_cursor_opens_when_it_is_selected_later(window, laptops, qtbot):
    register = window.shell.page().register
    register.refresh()
    qtbot.waitUntil(lambda: register.model.rowCount() == 2 and register.model.idle)
    register.open_asset(laptops[0])
    qtbot.waitUntil(lambda: card_of(window) == laptops[0])
    qtbot.waitUntil(lambda: register.model.idle and register.in_hand.resting)
    row = next(row for row in (0, 1) if register.model.id_at(row) == laptops[1])
    chosen = register.table.selectionModel()
    chosen.clearSelection()
    chosen.setCurrentIndex(register.model.index(row, 0), QItemSelectionModel.SelectionFlag.NoUpdate)  # as entering does
    qtbot.waitUntil(lambda: register.in_hand.resting)
    assert card_of(window) == laptops[0]
    choose_row(register.table, row)
    qtbot.waitUntil(lambda: card_of(window) == laptops[1])


def test_a_list_that_is_shown_anew_does_not_lead_the_eye_back(window, laptops, qtbot):
    """A row is chosen, and before it settles the list is read again: that row is in hand, not the one of before."""
    register = window.shell.page().register
    register.refresh()
    qtbot.waitUntil(lambda: register.model.rowCount() == 2 and register.model.idle)
    choose_row(register.table, register.model.row_of(laptops[0]))
    qtbot.waitUntil(lambda: not register.model.following.under_way and card_of(window) == laptops[0])
    choose_row(register.table, register.model.row_of(laptops[1]))
    with qtbot.waitSignal(register.model.modelReset):
        register.refresh()
    qtbot.waitUntil(lambda: not register.model.following.under_way)
    assert register.in_hand.ident == laptops[1]
    assert card_of(window) == laptops[1]


# --- what the frame says by itself


def test_the_sidebar_counts_what_waits_before_its_page_was_opened(qtbot, open_window, sqlite_office):
    window = open_window(sqlite_office)
    [(entity,)] = rows(sqlite_office, select(Entity.id).where(Entity.code == "UNEP"))
    ids = sqlite_office.write(receive_assets, AssetForm(entity, "L-1", "Laptop"), ["L-1", "L-2", "L-3"]).ids
    window.shell.go("places")
    window.waiting._unopened.add("property")  # as if another desk had been the last one open
    sqlite_office.write(change_state, ids[:2], State.MISSING, "")
    window.waiting._again()
    entries = window.shell.sidebar.entries
    qtbot.waitUntil(lambda: "2 waiting" in entries["property"].accessibleName())
    qtbot.waitUntil(lambda: "waiting" in entries["today"].accessibleName())
    assert "today" not in window.shell._pages


def test_the_sentence_without_an_entity_names_a_button_that_is_there(qapp, qtbot, sqlite_office, tmp_path):
    apply_theme(qapp, "light", 1.0)
    preferences = Preferences(tmp_path / "preferences.ini")
    preferences.set(LAST_DESK, "property")
    window = Window(sqlite_office, preferences)
    window.show()
    window.shell.page().forms.receive()
    qtbot.waitUntil(lambda: window.shell.toasts.now is not None)
    said = window.shell.toasts.now.notice.said
    button = said.split("“")[1].split("”")[0]
    people = window.shell.go("people")
    assert button in [each.accessibleName() for each in people.findChildren(Button)]
    window.close()


def test_a_toast_about_a_very_long_scan_fits_and_keeps_the_whole_text_for_the_reader(window, qtbot):
    code = "A1" * 200
    toast = window.shell.toasts.say(f"Nothing here has the code {code}.", tone="warn")
    assert "…" in toast.words.words()
    assert toast.width() < window.shell.width() / 2
    assert code in toast.accessibleName()
    assert shortened("A short sentence stays.") == "A short sentence stays."
    kept = window.office.write(keep_unknown_scan, code)
    assert f"{code[:39]}…" in kept.said
