"""The window: keys, history, what Esc closes, Ctrl+K, toasts, and what a screen reader sees."""

from __future__ import annotations

import sys
import time
from functools import partial

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QToolButton, QWidget

from tests.ui.kit.gallery import open_gallery
from ui.kit.actions import Action, Actions
from ui.kit.cards import stack
from ui.kit.cursor import choose_row
from ui.kit.palette import Hit, PaletteBox
from ui.kit.preferences import LAST_DESK, THEME
from ui.kit.ranking import score
from ui.kit.theme import current
from ui.kit.toasts import InSight, Toasts, _covered


@pytest.fixture
def shell(app, qtbot, preferences):
    window = open_gallery(preferences)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    return window


def test_focus_starts_in_the_scan_field(shell):
    assert QApplication.focusWidget() is shell.top.field


def test_ctrl_and_number_switch_desks_and_alt_arrows_walk_back_and_forth(shell, qtbot):
    qtbot.keyClick(shell, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(shell, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    assert shell.desk() == "transport"
    assert shell.sidebar.entries["transport"].isChecked()
    alt = Qt.KeyboardModifier.AltModifier
    seen = []
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right):
        qtbot.keyClick(shell, key, alt)
        seen.append(shell.desk())
    assert seen == ["mail", "property", "property", "mail"]


def test_history_opens_the_thing_that_was_open(shell):
    page = shell.go("property", "UNEP-104882")
    shell.go("mail")
    shell._walk(shell._trail.back())
    assert page.opened == ["UNEP-104882", "UNEP-104882"]


def test_a_desk_makes_its_page_once(shell):
    assert shell.go("mail") is shell.go("mail")
    with pytest.raises(KeyError):
        shell.go("kitchen")


def test_enter_in_the_field_is_told_once_and_empties_it(shell, qtbot):
    told = []
    shell.entered.connect(told.append)
    qtbot.keyClicks(shell.top.field, "CBOA4VHZFME97TR")
    qtbot.keyClick(shell.top.field, Qt.Key.Key_Return)
    assert told == ["CBOA4VHZFME97TR"]
    assert shell.top.field.text() == ""
    assert shell._overlay is None


def test_typing_that_rests_opens_the_commands_with_what_was_typed(shell, qtbot):
    qtbot.keyClicks(shell.top.field, "hand")
    qtbot.waitUntil(lambda: shell._overlay is not None)
    box = shell._overlay.box
    assert isinstance(box, PaletteBox)
    assert box.field.text() == "hand"
    assert QApplication.focusWidget() is box.field


def test_typing_that_goes_on_in_another_field_opens_no_commands(shell, qtbot):
    qtbot.keyClicks(shell.top.field, "mo")
    shell.page().focus_filter()
    shell.top.field._pause.timeout.emit()
    assert not shell.actions_.covered()


def test_the_filters_key_leads_there_from_the_empty_field_only(shell, qtbot):
    qtbot.keyClick(shell.top.field, Qt.Key.Key_Slash)
    assert shell.page().filter_box.isAncestorOf(QApplication.focusWidget())
    shell.top.field.setFocus()
    qtbot.keyClicks(shell.top.field, "PV/SC")
    assert shell.top.field.text() == "PV/SC"
    assert shell.top.field.hasFocus()


def test_the_command_preselected_runs_on_enter_and_esc_gives_the_focus_back(shell, qtbot):
    shell.open_palette()
    box = shell._overlay.box
    qtbot.keyClicks(box.field, "hand ov")
    assert box.hits.hits[0].title == "Hand over"
    assert box.hits.hits[0].key == "H"
    assert box.list.currentIndex().row() == 0
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    assert shell.done == ["Hand over"]
    assert shell._overlay is None
    shell.open_palette()
    qtbot.keyClick(shell._overlay.box.field, Qt.Key.Key_Escape)
    assert shell._overlay is None
    assert QApplication.focusWidget() is shell.top.field


def test_of_several_that_are_called_the_same_the_one_in_front_is_offered(shell, qtbot):
    """Every list has its Save as view: only that of the page in front may be meant."""
    ran = []
    pages = [QWidget(shell.top) for _ in range(3)]
    for number, page in enumerate(pages):
        action = Action(f"list{number}.keep", "Save as view", partial(ran.append, number), scope="property")
        shell.actions_.add(page, action)
        page.setVisible(number == 1)
    shell.open_palette("save as")
    box = shell._overlay.box
    assert [hit.title for hit in box.hits.hits].count("Save as view") == 1
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    assert ran == [1]


def test_records_join_the_hits_and_late_answers_are_dropped(shell, qtbot):
    asked = []
    shell.search = lambda typed, answer: asked.append((typed, answer))
    shell.open_palette()
    box = shell._overlay.box
    qtbot.keyClicks(box.field, "u")
    qtbot.waitUntil(lambda: len(asked) == 1)
    qtbot.keyClicks(box.field, "nep")
    qtbot.waitUntil(lambda: len(asked) == 2)
    opened = []
    hit = Hit("package", "UNEP-104882", "Laptop", lambda: opened.append(1))
    asked[0][1]([Hit("package", "stale", "", lambda: None)])
    asked[1][1]([hit])
    assert [each.title for each in box.hits.hits][:1] == ["UNEP-104882"]
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    assert opened == [1]
    asked[1][1]([hit])  # the box is gone: nothing happens


def test_commands_learn_what_is_used_most(shell, qtbot):
    def first(typed):
        shell.open_palette(typed)
        title = shell._overlay.box.hits.hits[0].title
        shell.close_topmost()
        return title

    before = first("go to")
    assert before != "Go to Reports"
    for _ in range(3):
        shell.open_palette("Go to Reports")
        qtbot.keyClick(shell._overlay.box.field, Qt.Key.Key_Return)
    assert first("go to") == "Go to Reports"


def test_actions_are_found_at_once_among_a_thousand(shell, qtbot):
    owner = QWidget(shell)
    shell.actions_.add(owner, *(Action(f"many.{n}", f"Do the thing number {n}", lambda: None) for n in range(1000)))
    shell.open_palette()
    box = shell._overlay.box
    box.field.setText("number 77")
    started = time.perf_counter()
    box.refresh()
    spent = time.perf_counter() - started
    assert box.hits.hits[0].title == "Do the thing number 77"
    sys.stdout.write(f"1,000 actions ranked in {spent * 1000:.1f} ms\n")


def test_ranking_prefers_beginnings():
    labels = ["Assign vehicle", "Vehicle list", "Reassign", "Salary sign"]
    ranked = sorted(labels, key=lambda label: -score("assign", label))
    assert ranked[0] == "Assign vehicle"
    assert score("xyz", "Assign vehicle") == 0
    pages = ["Count in this room", "Write the report of this count", "Property: Counts", "Count by number"]
    assert max(pages, key=lambda label: score("count", label)) == "Property: Counts"
    assert score("property", "Property: Counts") >= 100
    assert score("ASIGN".lower()[:3], "Assign") == 0 or score("asgn", "Assign vehicle") > 0
    assert score("élan", "Elan") == score("elan", "Elan") > 0


def test_letters_act_on_the_page_but_never_while_one_types(shell, qtbot):
    page = shell.page()
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_M)
    assert shell.done == ["Move"]
    qtbot.keyClick(page.table, Qt.Key.Key_Slash)
    assert QApplication.focusWidget() is page.filter_box
    qtbot.keyClicks(page.filter_box, "mlh/")
    assert page.filter_box.text() == "mlh/"
    assert shell.done == ["Move"]


def test_esc_closes_the_topmost_thing_and_only_that(shell, qtbot):
    shell.toasts.say("Moved", "Undo", lambda: None)
    shell._open_bell()
    shell.top.field.setFocus()
    qtbot.keyClick(shell.top.field, Qt.Key.Key_Escape)
    assert shell._bell is None
    assert shell.toasts.now is not None
    shell.top.field.setFocus()
    qtbot.keyClick(shell.top.field, Qt.Key.Key_Escape)
    assert shell.toasts.now is None
    shell.page().table.setFocus()
    qtbot.keyClick(shell.page().table, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is shell.top.field
    qtbot.keyClick(shell.top.field, Qt.Key.Key_Escape)
    assert shell.page().isAncestorOf(QApplication.focusWidget())


def test_esc_in_the_field_first_empties_it(shell, qtbot):
    qtbot.keyClicks(shell.top.field, "ab")
    qtbot.keyClick(shell.top.field, Qt.Key.Key_Escape)
    assert shell.top.field.text() == ""


def test_a_toast_of_a_very_long_sentence_leaves_the_window_free(shell):
    for said in ("Plan " + "very long name " * 2_000, "Plan " + "x" * 30_000):
        toast = shell.toasts.say(said, tone="warn")
        assert toast.height() < shell.height() / 3
        assert shell.toasts.notices.all[0].said == said  # the bell has all of it


def test_ctrl_z_undoes_the_last_deed_from_the_empty_field(shell, qtbot):
    undone = []
    shell.toasts.say("6 laptops moved", "Undo", lambda: undone.append(1))
    qtbot.keyClick(shell.top.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [1]
    assert shell.toasts.now is None


def test_ctrl_z_brings_no_old_command_back_into_the_field(shell, qtbot):
    """What was typed and entered, or emptied by Esc, is done with: Ctrl+Z means the deed."""
    undone = []
    for end in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        qtbot.keyClicks(shell.top.field, "ab")
        qtbot.keyClick(shell.top.field, end)
        shell.close_topmost()
        shell.top.field.setFocus()
        shell.toasts.say("6 laptops moved", "Undo", lambda: undone.append(1))
        qtbot.keyClick(shell.top.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert shell.top.field.text() == ""
    assert undone == [1, 1]


@pytest.mark.parametrize("row", [0, 5, 12, 16, 17])
@pytest.mark.parametrize("focus", ["field", "filter", "card"])
def test_a_toast_covers_neither_focus_nor_the_selected_row(shell, qtbot, row, focus):
    page = shell.page()
    choose_row(page.table, row)
    {"field": shell.top.field, "filter": page.filter_box, "card": page.findChildren(QWidget)[-1]}[focus].setFocus()
    toast = shell.toasts.say("6 laptops moved to Store S1", "Undo", lambda: None)
    never, _ = shell.toasts._kept_free(shell.toasts._in_sight())
    assert _covered(toast.geometry(), never) == 0
    assert shell.rect().contains(toast.geometry())


def test_a_toast_moves_away_when_the_focus_comes_under_it(shell, qtbot):
    toast = shell.toasts.say("Saved")
    box = QLineEdit(shell)
    box.setGeometry(toast.geometry())
    box.show()
    box.setFocus()
    assert not toast.geometry().intersects(box.geometry())


@pytest.mark.parametrize("words", ["Saved", "M-000426 received. " * 5])
def test_a_toast_stands_above_what_is_being_read(shell, qtbot, words):
    def say():
        return shell.toasts.say(words, "Undo", lambda: None).geometry()

    shell.page().filter_box.setFocus()
    strip, head = InSight(shell), InSight(shell)
    strip.setGeometry(220, shell.height() - 46, shell.width() - 236, 32)
    head.setGeometry(220, 100, shell.width() - 236, 140)
    before = say()
    assert any(before.intersects(one.geometry()) for one in (strip, head)), "the control: not shown, they are covered"
    strip.show()
    head.show()
    after = say()
    assert not any(after.intersects(one.geometry()) for one in (strip, head))
    assert shell.rect().contains(after)


def test_covered_counts_pixels():
    assert _covered(QRect(0, 0, 10, 10), [QRect(5, 5, 10, 10), QRect(20, 20, 5, 5)]) == 25


def test_the_bell_keeps_what_was_said_and_counts_only_what_needs_reading(shell):
    shell.toasts.say("Saved")
    shell.toasts.say("The server is away.", tone="bad")
    assert shell.top.bell.accessibleName() == "Notices, 1 not read"
    shell._open_bell()
    assert [notice.said for notice in shell.toasts.notices.all] == ["The server is away.", "Saved"]
    assert shell.top.bell.accessibleName() == "Notices"


def test_only_one_box_stands_in_front_of_the_page(shell):
    shell.open_palette()
    with pytest.raises(ValueError, match="in front"):
        shell.open_overlay(QWidget())


def test_tab_stays_within_the_box(shell, qtbot):
    box = QWidget()
    first, last = QLineEdit(), QLineEdit()
    box.setLayout(stack(first, last))
    shell.open_overlay(box)
    first.setFocus()
    seen = []
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget())
    assert seen == [last, first, last]


def test_theme_is_switched_remembered_and_icons_follow(shell, preferences):
    before = shell.top.theme.icon().pixmap(18, 18).toImage()
    tool = shell.top.bell.icon().pixmap(18, 18).toImage()
    shell.switch_theme()
    assert current().dark
    assert preferences.get(THEME) == "dark"
    assert shell.top.theme.icon().pixmap(18, 18).toImage() != before
    assert shell.top.bell.icon().pixmap(18, 18).toImage() != tool


def test_the_window_remembers_its_desk(shell, preferences):
    shell.go("mail")
    shell.close()
    assert preferences.get(LAST_DESK) == "mail"


def test_offline_is_said_in_two_lines(shell):
    shell.set_connection("Offline since 10:18", "12 scans kept here", tone="warn")
    assert shell.sidebar._state.accessibleName() == "Offline since 10:18. 12 scans kept here"
    assert shell.sidebar._second.isVisible()


def test_f1_asks_for_the_help_of_the_screen(shell, qtbot):
    with qtbot.waitSignal(shell.help_asked) as asked:
        qtbot.keyClick(shell, Qt.Key.Key_F1)
    assert asked.args == ["property"]


def focusables(interface, path=()):
    """Every focusable thing of the accessible tree with its name, however deep."""
    for number in range(interface.childCount()):
        child = interface.child(number)
        if child is None or not child.isValid() or child.state().invisible:
            continue
        name = child.text(QAccessible.Text.Name)
        where = (*path, name or type(child.object()).__name__)
        if child.state().focusable:
            yield where, name, child
        if child.role() != QAccessible.Role.Table:
            yield from focusables(child, where)


def test_everything_that_takes_the_focus_has_a_name_and_is_large_enough(shell):
    found = list(focusables(QAccessible.queryAccessibleInterface(shell)))
    assert len(found) > 25
    assert [where for where, name, _ in found if not name] == []
    small = [where for where, _, child in found if min(child.rect().width(), child.rect().height()) < 24]
    assert small == []


def test_an_unnamed_button_would_be_found(shell):
    planted = QToolButton(shell.page())
    planted.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    planted.show()
    found = list(focusables(QAccessible.queryAccessibleInterface(shell)))
    assert [where for where, name, _ in found if not name]


def test_an_action_needs_an_id_of_its_own(app, qtbot):
    owner = QWidget()
    qtbot.addWidget(owner)
    actions = Actions(owner)
    actions.add(owner, Action("a", "A", lambda: None))
    with pytest.raises(ValueError, match="two actions|Two actions"):
        actions.add(owner, Action("a", "A", lambda: None))
    actions.remove("a")
    actions.add(owner, Action("a", "A", lambda: None, enabled=lambda: False))
    assert not actions.run("a")


def test_actions_go_with_their_owner(app, qtbot):
    window, page = QWidget(), QWidget()
    qtbot.addWidget(window)
    actions = Actions(window)
    actions.add(page, Action("a", "A", lambda: None))
    from shiboken6 import delete

    delete(page)
    assert actions.all() == ()


def test_a_press_outside_closes_the_box(shell, qtbot):
    shell.open_palette()
    qtbot.mouseClick(shell._overlay, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert shell._overlay is None


def test_toasts_stay_while_looked_at(app, qtbot, monkeypatch):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    toasts = Toasts(window)
    toast = toasts.say("x", "Undo", lambda: None)
    monkeypatch.setattr(toast, "underMouse", lambda: False)
    toast.findChild(QPushButton).setFocus()
    toast._grow_old()
    assert toasts.now is toast
    window.setFocus()
    toast.findChild(QPushButton).clearFocus()
    toast._grow_old()
    assert toasts.now is None
