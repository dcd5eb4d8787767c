"""Issue 3, point 5: the value on any day by the keyboard, its lines led back to the register, policies and exports."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt

from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.property import asset_card, edit_asset
from cbo_desk.property.value.exporting import columns, rows
from tests.ui.places.conftest import CONTROL, Hands, furnish, hands, made, open_window, window
from tests.ui.property.leaving import at
from tests.ui.property.written import in_each_form
from ui.kit.cursor import choose_row

__all__ = ["hands", "made", "open_window", "window"]


def date_all(office, made):
    """Every laptop cost 1,684.00 on 30 January 2026."""
    for asset in (made.asset0, made.asset1, made.asset2):
        card = office.read(asset_card, asset)
        form = replace(card.form, cost_cents=168_400, acquired_on=date(2026, 1, 30))
        office.write(edit_asset, asset, card.version, form)


def shown(page, value):
    return lambda: page.found is not None and page.found.total.value == value


def flow(hands, made):
    """Today, the end of the year, a policy, and back to the register."""
    date_all(hands.window.office, made)
    page = at(hands, "property/value")
    page.day.set_value(date(2026, 8, 24))
    hands.until(shown(page, 3 * 148_753))  # 7 of 60 months charged: 168,400 × 53/60 = 148,753.33
    page.table.setFocus()
    hands.press(Qt.Key.Key_D)
    hands.type("31 Dec 2026")
    hands.until(shown(page, 3 * 134_720))
    assert page.model.index(0, 4).data() == "4,042"
    hands.press(Qt.Key.Key_N, CONTROL)
    form = hands.form()
    form.editors["life_months"].line.setFocus()
    hands.type("36")
    form.editors["valid_from"].line.setFocus()
    hands.type("24 Aug 2026")
    form.editors["source"].line.setFocus()
    hands.type("ST/AI/2015/4")
    hands.save()
    hands.gone()
    # Seven months charged by July, 148,753 left, over 29 months from August on: 148,753 × 5/29 = 25,647.07.
    hands.until(shown(page, 3 * (148_753 - 25_647)))
    page.table.setFocus()
    hands.undo()
    hands.until(shown(page, 3 * 134_720))
    page._show_by("place")
    hands.until(lambda: page.found.by == "place")
    assert page.model.index(0, 0).data() == "M · Block M"
    page.table.setFocus()
    choose_row(page.table, 0)
    hands.press(Qt.Key.Key_A)
    hands.until(lambda: hands.window.shell.page().title.text() != page.title.text())
    register = hands.window.shell.page().register
    hands.until(lambda: register.model.rowCount() == 3)


def test_the_flow(hands, made):
    flow(hands, made)


def test_the_flow_on_the_server(open_window, postgres_url, clock, qtbot):
    from db.engine import open_engine

    office = Office(open_engine(postgres_url), administrator("ada", "Ada Achieng", "DESK-1"), clock)
    made = furnish(office)
    flow(Hands(qtbot, open_window(office, "property")), made)


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "pdf"])
def test_totals_are_exported(hands, made, tmp_path, suffix):
    date_all(hands.window.office, made)
    page = at(hands, "property/value")
    hands.until(lambda: page.found is not None and page.found.lines)
    found, path = page.found, tmp_path / f"value.{suffix}"
    page.export.write("Value", columns(found.by), lambda: rows(found), path)
    hands.until(path.exists)
    hands.still()
    if suffix == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert [row[0] for row in csv.reader(file)] == ["Entity", "UNEP", "Total"]


def test_nothing_was_there_yet(hands, made):
    date_all(hands.window.office, made)
    page = at(hands, "property/value")
    page.day.set_value(date(1999, 1, 1))
    hands.until(lambda: page.states.state is not None)
    page.day.line.setText("nonsense")
    hands.still()
    assert page.found.on == date(1999, 1, 1)


def test_a_threshold_leads_to_its_assets_and_from_there_to_the_register(hands, made, told, tmp_path):
    office = hands.window.office
    card = office.read(asset_card, made.asset1)
    office.write(
        edit_asset, card.id, card.version, replace(card.form, cost_cents=168_400, acquired_on=date(2026, 1, 30))
    )
    page = at(hands, "property/value", "by:threshold")
    page.day.set_value(date(2026, 8, 24))
    hands.until(lambda: page.found is not None and (page.found.by, page.found.on) == ("threshold", date(2026, 8, 24)))
    page.table.setFocus()
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: hands.window.shell._overlay is not None)
    box = hands.window.shell._overlay.box
    assert [box.model.index(0, column).data() for column in (0, 4, 5)] == ["UNEP-001", "1,684.00", "1,487.53"]
    box._export()
    title, columns, rows, total, narrowed = told[0]
    assert (title, total, narrowed) == ("Assets by value", 1, "Tracked by its cost · value on 24 Aug 2026")
    assert [row[0] for row in rows()] == ["UNEP-001"]
    in_each_form(hands, box.export, told[0], tmp_path)
    hands.press(Qt.Key.Key_Return)
    hands.gone()
    register = hands.window.shell.page()
    hands.until(lambda: register.register.card.card is not None and register.register.card.card.id == made.asset1)
