"""Issue 3, point 3: a pass is written by keyboard and scanner, then a guard lets things out and in by scanner alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.property import KIND
from cbo_desk.property.gate import PassForm, issue_pass, let_out, pass_card
from tests.ui.places.conftest import CONTROL, Hands, furnish, hands, made, open_window, window
from tests.ui.property.leaving import at, code_of, scan
from ui.kit.theme import apply_theme

__all__ = ["hands", "made", "open_window", "window"]


def flow(hands, made):
    """A pass for two laptops and two suitcases, out, one back, the rest back."""
    page = at(hands, "property/gate")
    hands.press(Qt.Key.Key_N, CONTROL)
    form = hands.form()
    hands.pick("Lindqvist")
    assert scan(hands, code_of(hands, made.asset1)).good
    assert scan(hands, code_of(hands, made.asset2)).good
    assert "in the list already" in scan(hands, code_of(hands, made.asset2)).words
    assert not scan(hands, "CBOA00000000000").good
    form.editors["personal"].setFocus()
    hands.qtbot.keyClicks(form.editors["personal"].input, "2 suitcases")
    form.editors["valid_until"].line.setFocus()
    hands.type("24 Aug 2026")
    form.editors["return_on"].line.setFocus()
    hands.type("3 Sep 2026")
    hands.save()
    hands.gone()
    hands.until(lambda: page.card.card is not None and page.card.card.reference == "GP-0001")
    card = page.card.card
    assert [line.inventory_no or line.description for line in card.lines] == ["UNEP-001", "UNEP-002", "suitcases"]
    hands.press(Qt.Key.Key_G, CONTROL)
    hands.still()
    guard = hands.window.shell.page()
    assert "pass first" in scan(hands, code_of(hands, made.asset1)).words
    assert scan(hands, card.code).words == "Scan what goes out."
    assert guard.direction.words().startswith("OUT")
    assert scan(hands, code_of(hands, made.asset1)).words == "UNEP-001 out: 1 of 3 on GP-0001."
    assert scan(hands, card.lines[2].code).good
    refused = scan(hands, code_of(hands, made.asset1))
    assert (refused.good, "already out on GP-0001" in refused.words) == (False, True)
    assert "not on GP-0001" in scan(hands, code_of(hands, made.asset0)).words
    assert guard.last.words().startswith("UNEP-000 is not on GP-0001")
    assert scan(hands, card.code).words == "Now IN."
    assert scan(hands, code_of(hands, made.asset1)).words == "UNEP-001 in: 1 of 2 on GP-0001."
    toasts = hands.window.shell.toasts
    assert toasts.now is None or " in: 1 of 2" not in toasts.now.notice.said  # nothing lies over the buttons
    hands.press(Qt.Key.Key_Z, CONTROL)
    hands.still()
    hands.until(lambda: [str(line.state) for line in guard.card.lines] == ["out", "listed", "out"])
    hands.press(Qt.Key.Key_N, CONTROL)
    assert guard.card is None
    # It comes back without its paper: the thing itself says on which pass it is out.
    assert scan(hands, code_of(hands, made.asset1)).good
    hands.until(lambda: guard.card is not None)
    assert scan(hands, card.lines[2].code).good
    hands.until(lambda: [str(line.state) for line in guard.card.lines] == ["in", "listed", "in"])


def test_the_flow(hands, made):
    flow(hands, made)


def test_the_flow_on_the_server(open_window, postgres_url, clock, qtbot):
    from db.engine import open_engine

    engine = open_engine(postgres_url)
    office = Office(engine, administrator("ada", "Ada Achieng", "DESK-1"), clock)
    made = furnish(office)
    flow(Hands(qtbot, open_window(office, "property")), made)


@pytest.fixture
def out(sqlite_office, made, clock):
    """A pass on which one laptop is out and another one is not."""
    form = PassForm((made.asset1, made.asset2), clock().date(), clock().date() + timedelta(days=3), made.erik)
    ident = sqlite_office.write(issue_pass, form).ids[0]
    sqlite_office.write(let_out, ident, KIND, made.asset1)
    return ident


def test_overdue_is_red_and_expired_lets_nothing_out(hands, made, out, sqlite_office, clock):
    clock.now += timedelta(days=4)
    page = at(hands, "property/gate", "shown:overdue")
    hands.until(lambda: page.list.model.rowCount() == 1)
    guard = at(hands, "property/guard")
    # With no pass in hand the guard sees what is out too long; Enter takes such a pass in hand, without its paper.
    hands.until(lambda: [row.reference for row in guard.late.model.rows] == ["GP-0001"])
    assert guard.late.heading.words() == "Out too long: 1 pass"
    guard.late.table.setFocus()
    guard.late.table.selectRow(0)
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: guard.card is not None and guard.table.isVisible())
    assert guard.last.words() == "Overdue since 27 Aug 2026: scan what comes back."
    hands.press(Qt.Key.Key_N, CONTROL)
    hands.until(guard.late.table.isVisible)
    heard = scan(hands, sqlite_office.read(pass_card, out).code)
    assert (heard.good, heard.words) == (True, "Overdue since 27 Aug 2026: scan what comes back.")
    assert guard.direction.words() == "← IN"
    hands.press(Qt.Key.Key_T, CONTROL)
    assert "expired on 24 August 2026" in scan(hands, code_of(hands, made.asset2)).words
    hands.press(Qt.Key.Key_T, CONTROL)
    assert scan(hands, code_of(hands, made.asset1)).good
    hands.press(Qt.Key.Key_N, CONTROL)
    hands.until(lambda: guard.late.states.state is not None)  # all is back: nothing but what to scan
    assert guard.late.states.state.heading.words() == "Scan the pass"


def test_the_register_writes_a_pass_for_what_is_chosen(hands, made):
    page = at(hands, "property", f"property.asset:{made.asset1}")
    hands.until(lambda: page.register.card.card is not None and page.register.card.card.id == made.asset1)
    assert hands.window.shell.actions_.run("property.gate_pass")
    assert hands.form().editors["asset_ids"].typed() == "UNEP-001"


def test_the_guards_rows_stay_large_in_another_theme(hands, made, qapp):
    guard = at(hands, "property/guard")
    before = guard.table.verticalHeader().defaultSectionSize()
    apply_theme(qapp, "dark", 1.0)
    assert guard.table.verticalHeader().defaultSectionSize() == before >= 48


def test_a_scan_elsewhere_opens_the_pass(hands, made, out, sqlite_office):
    at(hands, "property/gate", "shown:all")
    hands.window.shell.go("places")
    hands.still()
    scan(hands, sqlite_office.read(pass_card, out).code)
    page = hands.window.shell.page()
    hands.until(lambda: page.card.card is not None and page.card.card.id == out)
