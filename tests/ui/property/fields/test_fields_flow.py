"""Issue 3, point 6: a field is defined, filled, asked for, changed for many and exported, by keyboard alone."""

from __future__ import annotations

import csv

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.property import add_category, asset_card
from cbo_desk.property.fields import fields_of
from tests.ui.places.conftest import CONTROL, Hands, furnish, hands, made, open_window, window
from tests.ui.property.leaving import at
from ui.kit.cursor import choose_row
from ui.property.bulk_edit import PlanBox

__all__ = ["hands", "made", "open_window", "window"]


def choose(hands, form, name, words):
    """Choose in a field by typing the beginning of its words, as a person does."""
    box = form.editors[name].input
    box.setFocus()
    hands.qtbot.keyClicks(box, words)
    hands.qtbot.keyClick(box, Qt.Key.Key_Return)
    form.editors[name].box.activated.emit(box.currentIndex())
    assert box.currentText().startswith(words)


def fill(hands, form, name, text):
    form.editors[name].input.setFocus()
    hands.type(text)


def flow(hands, made, tmp_path):
    office = hands.window.office
    laptops = office.write(add_category, "LAP", "Laptops").ids[0]
    page = at(hands, "property/fields")
    hands.press(Qt.Key.Key_N, CONTROL)
    form = hands.form()
    fill(hands, form, "label", "Memory")
    choose(hands, form, "kind", "Number")
    fill(hands, form, "unit", "GB")
    fill(hands, form, "most", "64")
    hands.save()
    hands.gone()
    hands.until(lambda: page.list.model.rowCount() == 1)
    (field,) = office.read(fields_of, laptops)
    assert field.title == "Memory (GB)"
    # The form of an asset follows its category.
    register = at(hands, "property", f"property.asset:{made.asset1}").register
    hands.until(lambda: register.card.card is not None and register.card.card.id == made.asset1)
    register.table.setFocus()
    hands.press(Qt.Key.Key_E)
    form = hands.form()
    assert "custom.memory" not in form.editors
    choose(hands, form, "category_id", "Laptops")
    fill(hands, form, "custom.memory", "128")
    hands.save()
    assert hands.fault("custom.memory") == "Memory is at most 64 GB."
    fill(hands, form, "custom.memory", "16")
    hands.save()
    hands.gone()
    hands.until(lambda: office.read(asset_card, made.asset1).form.custom == {"memory": 16})
    hands.until(lambda: any(one.value == "16 GB" for one in register.card.card.fields))
    # Narrowed to it.
    hands.window.shell.actions_.run("property.filter")
    form = hands.form()
    choose(hands, form, "custom_key", "Memory")
    fill(hands, form, "custom_first", "8")
    hands.save()
    hands.gone()
    hands.until(lambda: register.model.rowCount() == 1)
    assert [chip.about for chip in register_chips(register)] == ["Memory"] or register.filter.custom
    path = tmp_path / "memory.csv"
    from cbo_desk.property.exporting import asset_table, rows

    table, listing = office.read(asset_table), register.listing()
    export = hands.window.shell.page().list_deeds.export
    export.write("Assets", table.columns, lambda: rows(office, listing, table), path)
    hands.still()
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [(row["Inventory no."], row["Memory (GB)"]) for row in csv.DictReader(file)] == [("UNEP-001", "16")]


def register_chips(register):
    from ui.property import filters

    return filters.chips(register.filter, register.names)


def test_the_flow(hands, made, tmp_path):
    flow(hands, made, tmp_path)


def test_the_flow_on_the_server(open_window, postgres_url, clock, qtbot, tmp_path):
    from db.engine import open_engine

    office = Office(open_engine(postgres_url), administrator("ada", "Ada Achieng", "DESK-1"), clock)
    made = furnish(office)
    flow(Hands(qtbot, open_window(office, "property")), made, tmp_path)


def test_many_are_changed_after_a_look_and_undone_at_once(hands, made):
    office = hands.window.office
    register = at(hands, "property").register
    hands.until(lambda: register.model.rowCount() == 3)
    register.table.setFocus()
    choose_row(register.table, 0)
    hands.until(lambda: register.card.card is not None)
    hands.press(Qt.Key.Key_A, CONTROL)
    hands.press(Qt.Key.Key_F)
    form = hands.form()
    # What no rule lets pass for any of them stands in its field again, with the sentence below it.
    for words, name, typed, fault in (
        ("Useful", "useful_life_months", "-5", "A useful life is between 0 and 1,200 months."),
        ("Acquired", "acquired_on", "1 Jan 2099", "This day is still to come."),
    ):
        choose(hands, form, "field", words)
        fill(hands, form, name, typed)
        hands.save()
        hands.until(lambda name=name: name in hands.form().editors and hands.fault(name))
        form = hands.form()
        assert (hands.fault(name), form.editors[name].typed()) == (fault, typed)
        assert QApplication.focusWidget() is form.editors[name].input
    choose(hands, form, "field", "Fund")
    fill(hands, form, "fund", "32FUA")
    hands.save()
    hands.until(lambda: bool(hands.window.shell.findChildren(PlanBox)))
    box = hands.window.shell.findChildren(PlanBox)[-1]
    assert box.change_button.isEnabled()
    assert [one.fund for one in forms(office, made)] == ["", "", ""]
    hands.press(Qt.Key.Key_Return)
    hands.still()
    hands.until(lambda: [one.fund for one in forms(office, made)] == ["32FUA"] * 3)
    hands.undo()
    hands.until(lambda: [one.fund for one in forms(office, made)] == ["", "", ""])


def forms(office, made):
    return [office.read(asset_card, ident).form for ident in (made.asset0, made.asset1, made.asset2)]
