"""What somebody meets who knows only the help pages: letter keys at once, first rows at once, the value on the card."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView

from cbo_desk.property import KIND, asset_card, edit_asset
from cbo_desk.property.custody import Kind, Order, hand_over_assets
from cbo_desk.property.verification import Scope, open_campaign
from tests.ui.places.conftest import CONTROL, hands, made, open_window, window
from tests.ui.property.leaving import at, code_of, scan
from ui.kit.cursor import choose_row

__all__ = ["hands", "made", "open_window", "window"]


def dated(hands, asset_id):
    """A laptop that cost 1,684.00 on 30 January 2026."""
    office = hands.window.office
    card = office.read(asset_card, asset_id)
    form = replace(card.form, cost_cents=168_400, acquired_on=date(2026, 1, 30))
    office.write(edit_asset, asset_id, card.version, form)


def facts(view):
    """The facts of the card, by caption."""
    return {caption.text(): value.text() for _mark, caption, value in view._facts_shown._rows if caption.text()}


def register_at(hands, asset_id):
    page = at(hands, "property", f"{KIND}:{asset_id}")
    hands.until(lambda: page.register.card.card is not None and page.register.card.card.id == asset_id)
    page.register.table.setFocus()
    return page


@pytest.mark.parametrize("section", ["property/custody", "property/counts", "property/gate", "property/disposal"])
def test_a_section_that_is_opened_from_another_has_the_keys_in_its_list(hands, made, section):
    page = at(hands, "property")
    page.register.table.setFocus()
    found = hands.window.shell.go(section)
    hands.still()
    focus = QApplication.focusWidget()
    assert found.isAncestorOf(focus)
    assert not isinstance(focus, QLineEdit)


def test_somebody_who_types_in_the_scan_field_goes_on_typing_there(hands, made):
    at(hands, "property")
    hands.window.shell.top.field.setFocus()
    hands.window.shell.go("property/gate")
    assert QApplication.focusWidget() is hands.window.shell.top.field


def test_who_comes_from_counting_the_guard_or_handing_over_has_the_keys_in_the_list(hands, made):
    office = hands.window.office
    office.write(hand_over_assets, [made.asset1], Order(Kind.HAND_OVER, made.wafula))
    campaign = office.write(open_campaign, "July", Scope()).ids[0]
    at(hands, "property/counting", str(campaign))
    assert QApplication.focusWidget() is hands.window.shell.top.field
    value = hands.window.shell.go("property/value")
    hands.still()
    assert value.isAncestorOf(QApplication.focusWidget())
    at(hands, "property/guard")
    hands.window.shell.top.field.setFocus()  # a number that is typed in place of a tag that is gone
    gate = hands.window.shell.go("property/gate")
    hands.still()
    assert gate.isAncestorOf(QApplication.focusWidget())
    at(hands, "property/handover").focus_body()
    custody = hands.window.shell.go("property/custody")
    hands.until(lambda: custody.figures is not None)
    hands.still()
    assert QApplication.focusWidget() is custody._list().table


def test_an_empty_list_shows_the_first_row_that_a_change_brings(hands, made):
    page = at(hands, "property/counts")
    hands.until(lambda: page.list.states.state is not None)
    assert page.card.nothing.isVisible()
    hands.press(Qt.Key.Key_N, CONTROL)
    hands.form()
    hands.qtbot.keyClicks(QApplication.focusWidget(), "July count")  # takes the place of the name that was proposed
    hands.save()
    hands.gone()
    hands.until(lambda: page.list.states.state is None and page.list.model.rowCount() == 1)
    assert page.list.states.currentWidget() is page.list.table
    hands.until(lambda: page.list.total == 1)
    assert page.list.model.row_at(0).name == "July count"
    hands.until(lambda: page.card.progress is not None)
    assert not page.card.nothing.isVisible()


def test_ctrl_enter_in_a_form_is_not_the_deed_of_the_page_behind(hands, made):
    page = at(hands, "property/handover")
    hands.window.shell.actions_.run("property.clearance")
    box = hands.form()
    calls = []
    page.finish = lambda: calls.append("page")
    hands.press(Qt.Key.Key_Return, CONTROL)
    assert calls == []
    assert hands.window.shell.actions_.covered()
    assert box.isVisible()


def test_the_card_says_what_the_asset_is_worth_and_v_says_how(hands, made, clock):
    dated(hands, made.asset1)
    page = register_at(hands, made.asset1)
    view = page.register.card
    hands.until(lambda: view.worth is not None)
    # The clock stands in August 2026: 7 of 60 months are charged, 168,400 × 53/60 = 148,753.33.
    assert facts(view)["Cost and value today"] == "1,684.00 USD · 1,487.53 USD"
    hands.press(Qt.Key.Key_V)
    hands.until(lambda: hands.window.shell.actions_.covered())
    tables = hands.window.shell.findChildren(QTableView)
    [table] = [one for one in tables if one.accessibleName().startswith("Value month")]
    assert table.model().rowCount() == 60
    assert [table.model().index(59, column).data() for column in range(3)] == ["31 Dec 2030", "28.07", "0.00"]
    assert table.model().rows[table.currentIndex().row()].ends == date(2026, 8, 31)
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: not hands.window.shell.actions_.covered())


def test_what_nobody_can_value_says_why(hands, made):
    page = register_at(hands, made.asset1)
    hands.until(lambda: page.register.card.worth is not None)
    assert facts(page.register.card)["Cost and value today"] == "0.00 USD · value not known"
    hands.press(Qt.Key.Key_V)
    hands.still()
    assert hands.told() == "Nobody knows when it was acquired. Edit the asset and say so."


def test_l_lends_and_g_writes_a_pass(hands, made):
    register_at(hands, made.asset1)
    hands.press(Qt.Key.Key_L)
    hands.still()
    page = hands.window.shell.page()
    assert (str(page.trolley.kind), page.trolley.asset_ids()) == ("lend", [made.asset1])
    hands.pick("Wafula")
    hands.press(Qt.Key.Key_Return, CONTROL)
    hands.still()
    hands.until(lambda: page.fault.text() == "Say on which day the loan comes back.")
    assert QApplication.focusWidget() is page.due.line
    hands.type("1 Aug 2026")
    hands.press(Qt.Key.Key_Return, CONTROL)
    hands.still()
    hands.until(lambda: page.fault.text() == "1 Aug 2026 is over. Choose today or a later day.")
    assert page.trolley.asset_ids() == [made.asset1]
    register_at(hands, made.asset2)
    hands.press(Qt.Key.Key_G)
    form = hands.form()
    assert form.editors["asset_ids"].typed().strip() == "UNEP-002"
    assert not scan(hands, code_of(hands, made.asset2)).good


def test_behind_another_page_no_card_of_the_register_is_read(hands, made):
    """Whoever scans there comes first; the card is read as soon as somebody can see it."""
    page = register_at(hands, made.asset1)
    at(hands, "property/gate")
    page.register.in_hand.ident = made.asset2
    page.register.in_hand.settled.emit(made.asset2)
    hands.still()
    assert page.register.card.card.id == made.asset1
    hands.window.shell.go("property")
    hands.until(lambda: page.register.card.card.id == made.asset2)


def test_ctrl_n_in_custody_opens_the_page_on_which_assets_change_hands(hands, made):
    at(hands, "property/custody")
    hands.press(Qt.Key.Key_N, CONTROL)
    hands.until(lambda: hasattr(hands.window.shell.page(), "trolley"))


def test_who_goes_into_a_narrowed_list_means_its_row_and_not_the_card_of_before(hands, made):
    page = register_at(hands, made.asset1)
    register = page.register
    number = hands.window.office.read(asset_card, made.asset2).form.inventory_no
    register.table.selectRow(0)  # chosen in the list, not scanned
    hands.until(lambda: not register.in_hand.named)
    page.filter_box.setText(number)
    hands.until(lambda: register.model.rowCount() == 1 and register.model.id_at(0) == made.asset2)
    page.filter_box.setFocus()
    register.table.setFocus()
    hands.until(lambda: register.card.card is not None and register.card.card.id == made.asset2)
    assert register.chosen_ids() == [made.asset2]


def test_a_letter_right_after_an_arrow_means_the_row_it_led_to(hands, made):
    """Nobody waits for the card between the two: the deed does, and what is typed next is in its form."""
    page = register_at(hands, made.asset1)
    register = page.register
    choose_row(register.table, 0)
    hands.still()
    first, second = (register.model.row_at(row).inventory_no for row in (0, 1))
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_M)
    assert register.card.card.form.inventory_no == first
    hands.press(Qt.Key.Key_B)
    assert hands.form().editors["place_id"].words().lower() == "b", "and the next letter is the form's"
    assert hands.window.shell._overlay.box.accessibleName() == f"Move {second}"
    hands.window.shell.close_topmost()
    hands.gone()
    hands.press(Qt.Key.Key_Up)
    hands.press(Qt.Key.Key_E)
    assert hands.form().editors["inventory_no"].value() == first
    hands.window.shell.close_topmost()
    hands.gone()
    # The control: on that instant the card still shows the row of before.
    hands.press(Qt.Key.Key_Down)
    assert register.card.card.form.inventory_no == first


def test_letters_wait_for_what_follows_and_are_given_up_by_escape_and_by_leaving(hands, made):
    page = register_at(hands, made.asset1)
    shell, following = hands.window.shell, hands.window.runner.following
    for give_up in (lambda: hands.press(Qt.Key.Key_Escape), lambda: shell.go("people")):
        shell.go("property")
        hands.still()
        page.register.table.setFocus()
        ticket = following.set_out(page.register.table)
        hands.press(Qt.Key.Key_M)
        hands.until(lambda: hands.window.runner.answered)
        assert shell._overlay is None
        give_up()
        following.arrive(ticket)
        hands.still()
        assert shell._overlay is None
    shell.go("property")
    hands.still()
    page.register.table.setFocus()
    ticket = following.set_out(page.register.table)
    hands.press(Qt.Key.Key_M)
    following.arrive(ticket)
    assert hands.form() is not None
