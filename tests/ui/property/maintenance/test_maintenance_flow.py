"""Maintenance by keyboard alone: planned, due, done, repaired, reminded; every list of the page exported as shown."""

from __future__ import annotations

import csv

import pytest
from PySide6.QtCore import Qt

from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.property import State, asset_card, change_state
from cbo_desk.property import maintenance as desk
from cbo_desk.property.maintenance import PlanList, RepairList, upkeep_of
from cbo_desk.reports import What
from cbo_desk.reports.needs import leaving_needs
from tests.ui.places.conftest import CONTROL, Hands, furnish, hands, made, open_window, window
from tests.ui.property.leaving import at
from ui.kit.cursor import choose_row
from ui.property.maintenance.views import PLANS, REPAIRS, VIEWS

__all__ = ["hands", "made", "open_window", "window"]


def fill(hands, form, name, text):
    form.editors[name].input.setFocus()
    hands.type(text)


def ready(hands, page, count):
    """The list in front has so many rows, and its first is chosen."""
    hands.until(lambda: page.list().model.rowCount() == count)
    page.list().table.setFocus()
    choose_row(page.list().table, 0)
    hands.until(lambda: page._row() is not None)


def flow(hands, made):
    office = hands.window.office
    page = at(hands, "property/maintenance")
    hands.press(Qt.Key.Key_N, CONTROL)
    form = hands.form()
    form.editors["asset_ids"].set_typed("UNEP-001\nUNEP-002")
    hands.save()
    hands.until(lambda: "name" in hands.form().editors)
    form = hands.form()
    fill(hands, form, "name", "Clean fans")
    fill(hands, form, "next_due", "1 Jan 2026")
    fill(hands, form, "every_months", "6")
    hands.save()
    hands.gone()
    ready(hands, page, 2)
    assert [need.count for need in office.read(leaving_needs) if need.what is What.SERVICE_DUE] == [1, 1]
    hands.press(Qt.Key.Key_D)
    form = hands.form()
    fill(hands, form, "done_on", "24 Aug 2026")
    fill(hands, form, "cost_cents", "45.50")
    hands.save()
    hands.gone()
    hands.until(lambda: page.list().model.rowCount() == 1)
    assert office.read(upkeep_of, made.asset1).cost == {"USD": 4550}
    hands.undo()
    hands.until(lambda: office.read(PlanList(which="due").count) == 2)
    # A repair begins with its state.
    office.write(change_state, [made.asset2], State.UNDER_REPAIR, "Hinge")
    page.open_at("repairs")
    ready(hands, page, 1)
    hands.press(Qt.Key.Key_N)
    form = hands.form()
    assert form.editors["fault"].value() == "Hinge"
    fill(hands, form, "supplier", "Mantrac")
    hands.save()
    hands.gone()
    hands.until(lambda: [line.row.form.supplier for line in office.read(RepairList().first)] == ["Mantrac"])
    ready(hands, page, 1)
    hands.press(Qt.Key.Key_B)
    hands.until(lambda: office.read(asset_card, made.asset2).state is State.IN_SERVICE)
    hands.until(lambda: page.list().model.rowCount() == 0)


def test_the_flow(hands, made):
    flow(hands, made)


def test_the_flow_on_the_server(open_window, postgres_url, clock, qtbot):
    from db.engine import open_engine

    office = Office(open_engine(postgres_url), administrator("ada", "Ada Achieng", "DESK-1"), clock)
    made = furnish(office)
    flow(Hands(qtbot, open_window(office, "property")), made)


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "pdf"])
def test_every_view_is_exported_as_it_is_shown(hands, made, tmp_path, suffix):
    from dataclasses import replace
    from datetime import date, timedelta

    from cbo_desk.property import edit_asset

    office = hands.window.office
    today = date(2026, 8, 24)
    for number, ident in enumerate((made.asset0, made.asset1, made.asset2)):
        card = office.read(asset_card, ident)
        until = today + timedelta(days=(-5, 10, 70)[number])
        office.write(edit_asset, ident, card.version, replace(card.form, warranty_until=until))
    office.write(desk.plan_service, [made.asset1], desk.PlanForm("Clean fans", date(2026, 1, 1)))
    office.write(change_state, [made.asset2], State.UNDER_REPAIR, "Hinge")
    page = at(hands, "property/maintenance")
    shown = 0
    for view in VIEWS:
        page.open_at(view)
        hands.still()
        model = page.list().model
        written = []
        page.export.ask = lambda title, columns, rows, seen=written, **said: seen.append((title, columns, rows, said))
        page._export()
        (title, columns, rows, said), path = written[0], tmp_path / f"{view}.{suffix}"
        export_rows = list(rows())
        assert [row[0] for row in export_rows] == [model.row_at(n).inventory_no for n in range(model.rowCount())]
        assert said["total"] == model.rowCount()
        shown += model.rowCount()
        type(page.export).write(page.export, title, columns, rows, path, **said)
        hands.still()
        assert path.stat().st_size > 0
        if suffix == "csv":
            with path.open(encoding="utf-8-sig", newline="") as file:
                told = list(csv.DictReader(file))
            assert [row["Inventory no."] for row in told] == [row[0] for row in export_rows]
    assert shown > len(PLANS) + len(REPAIRS) - 2


def test_a_view_is_kept_under_a_name(hands, made):
    page = at(hands, "property/maintenance", "w90")
    page.filter_box.setText("laptop")
    hands.window.shell.actions_.run("property.maintenance.keep_view")
    hands.form()
    hands.type("Laptops soon")
    hands.save()
    hands.gone()
    page.open_at("due")
    page.filter_box.clear()
    page.views.choose("saved:Laptops soon")
    assert page.view == "w90"
    assert page.filter_box.text() == "laptop"
    hands.window.shell.actions_.run("property.maintenance.forget_view")
    assert page.views.saved.all() == ()


def test_a_reminder_is_asked_for_in_the_window(hands, made):
    at(hands, "property/maintenance", "w30")
    hands.window.shell.actions_.run("property.maintenance.remind")
    form = hands.form()
    fill(hands, form, "to", "property@example.org")
    hands.save()
    assert hands.fault("which") == "No warranties end within 30 days."
