"""The people page as a person uses it: two lists, one card, forms by keys."""

from __future__ import annotations

import csv

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from cbo_desk.office import Office
from cbo_desk.people import PersonForm, add_person, person_card, remove_person
from cbo_desk.people.exporting import COLUMNS, rows
from cbo_desk.permissions import administrator
from tests.ui.places.conftest import CONTROL, Hands, furnish, viewer


def at_people(hands):
    page = hands.window.shell.go("people")
    hands.until(lambda: page.people.model.rowCount())
    hands.still()
    page.people.table.setFocus()
    return page


def show(hands, kind, ident):
    page = hands.window.shell.go("people", f"people.{kind}:{ident}")
    hands.until(lambda: (found := getattr(page.card, kind)) is not None and found.id == ident)
    page._in_front().table.setFocus()
    return page


def flow(hands, made):
    """Somebody comes, changes rooms, leaves, and each deed is taken back."""
    page = at_people(hands)
    hands.press(Qt.Key.Key_N, CONTROL)
    form = hands.form()
    hands.type("Otieno")
    hands.press(Qt.Key.Key_Tab)
    hands.type("James")
    form.editors["place_id"].line.setFocus()
    hands.pick("M-215")
    hands.save()
    hands.gone()
    hands.until(lambda: page.card.person is not None and page.card.person.name == "Otieno, James")
    assert page.card.person.place == "M-215"
    page.people.table.setFocus()
    hands.press(Qt.Key.Key_E)
    hands.form().editors["unit"].line.setFocus()
    hands.type("Mail")
    hands.save()
    hands.gone()
    hands.until(lambda: page.card.person.form.unit == "Mail")
    page.people.table.setFocus()
    hands.press(Qt.Key.Key_L)
    hands.form()
    hands.type("23 Aug 2026")
    hands.save()
    hands.gone()
    hands.until(lambda: not page.card.person.here)
    assert "leaves on 23 August 2026." in hands.told()
    hands.undo()
    hands.until(lambda: page.card.person.here)
    page.people.table.setFocus()
    hands.press(Qt.Key.Key_Delete)
    hands.until(lambda: page.people.model.rowCount() == 2)
    assert "was removed." in hands.told()
    hands.undo()
    hands.until(lambda: page.people.model.rowCount() == 3)


def test_somebody_comes_moves_leaves_by_keys(hands, made):
    flow(hands, made)


def test_the_same_on_the_office_server(open_window, qtbot, postgres_url, clock):
    from db.engine import open_engine

    office = Office(open_engine(postgres_url), administrator("ada", "Ada Achieng", "DESK-1"), clock)
    made = furnish(office)
    flow(Hands(qtbot, open_window(office, "people")), made)


def test_faults_stand_beside_their_fields(hands, made):
    at_people(hands)
    hands.press(Qt.Key.Key_N, CONTROL)
    form = hands.form()
    hands.press(Qt.Key.Key_Return, CONTROL)
    assert hands.fault("family_name") == "Family name is needed."
    hands.type("Otieno")
    form.editors["index_number"].line.setText("104882")
    form.editors["since"].line.setText("soon")
    hands.save()
    assert hands.fault("since")
    form.editors["since"].line.setText("")
    hands.save()
    assert "104882" in hands.fault("index_number")
    assert form.editors["family_name"].typed() == "Otieno"


def test_somebody_who_holds_assets_stays(hands, made):
    page = show(hands, "person", made.erik)
    hands.press(Qt.Key.Key_Delete)
    hands.still()
    assert "cannot be removed: it still has 3 assets." in hands.told()
    assert page.card.person.id == made.erik


def test_an_entity_is_added_changed_and_refused_to_go(hands, made):
    page = show(hands, "entity", made.unep)
    assert page.card.entity.holds["property.asset"] == 3
    hands.press(Qt.Key.Key_Delete)
    hands.still()
    assert hands.told() == "UNEP cannot be removed: it still has 2 people, 1 place and 3 assets."
    hands.window.shell.actions_.run("people.add_entity")
    hands.form()
    hands.type("unep")
    hands.press(Qt.Key.Key_Tab)
    hands.type("Once more")
    hands.save()
    assert hands.fault("code")
    hands.form().editors["code"].line.setFocus()
    hands.type("IOM")
    hands.save()
    hands.gone()
    hands.until(lambda: page.card.entity.form.code == "IOM")
    page.entities.table.setFocus()
    hands.press(Qt.Key.Key_E)
    hands.form().editors["billing_reference"].line.setFocus()
    hands.type("B-17")
    hands.save()
    hands.gone()
    hands.until(lambda: page.card.entity.form.billing_reference == "B-17")
    page.entities.table.setFocus()
    hands.press(Qt.Key.Key_Delete)
    hands.until(lambda: page.entities.model.rowCount() == 2)


def test_the_filter_narrows_counts_and_comes_off(hands, made):
    page = at_people(hands)
    assert page.summary.words() == "2 people of 2 entities"
    hands.press(Qt.Key.Key_Slash)
    assert QApplication.focusWidget() is page.filter_box
    hands.type("wafula")
    hands.until(lambda: page.people.model.rowCount() == 1)
    hands.still()
    assert page.people.foot.rows.words() == "1 of 2 people"
    assert page.summary.words() == "2 people of 2 entities"
    hands.type("nobodyatall")
    hands.until(lambda: page.people.states.state is not None)
    assert page.people.states.state.kind == "no-match"
    page.people.all_asked.emit()
    hands.until(lambda: page.people.model.rowCount() == 2)
    assert page.filter_box.text() == ""


def test_the_filter_goes_along_to_the_other_list(hands, made):
    page = at_people(hands)
    page.filter_box.setText("WFP")
    hands.until(lambda: page.people.model.rowCount() == 0)
    page._show_view("entities")
    hands.until(lambda: page.entities.model.rowCount() == 1)


def test_what_is_gone_elsewhere_goes_from_list_and_card(hands, made, sqlite_office, clock):
    page = show(hands, "person", made.wafula)
    other = Office(sqlite_office.engine, administrator("ben", "Ben", "DESK-2"), clock)
    other.write(remove_person, made.wafula, other.read(person_card, made.wafula).version)
    hands.until(lambda: page.people.model.rowCount() == 1)
    hands.until(lambda: page.card.person is None or page.card.person.id != made.wafula)
    other.write(add_person, PersonForm("Abel", "Ann", made.unep))
    hands.until(lambda: page.people.model.rowCount() == 2)


def test_assets_of_somebody_are_one_key_away(hands, made):
    show(hands, "person", made.erik)
    hands.press(Qt.Key.Key_A)
    hands.until(lambda: hands.window.shell.desk() == "property")
    register = hands.window.shell.page().register
    hands.until(lambda: register.model.rowCount() == 3)


def test_a_viewer_is_offered_nothing_to_change(open_window, sqlite_office, made, qtbot):
    hands = Hands(qtbot, open_window(sqlite_office.signed_in(viewer()), "people"))
    page = show(hands, "person", made.erik)
    offered = {action.id for action in hands.window.shell.actions_.of("people") if action.scope == "people"}
    assert offered == {"people.assets", "people.export"}
    assert page._shown == []


def test_an_empty_compound_says_what_to_do_first(open_window, sqlite_office, qtbot):
    hands = Hands(qtbot, open_window(sqlite_office, "people"))
    page = hands.window.shell.page()
    hands.until(lambda: page.people.states.state is not None)
    assert page.people.states.state.heading.words() == "Nobody here yet"
    hands.window.shell.actions_.run("people.add_person")
    assert hands.told() == "Add the entity that people belong to first."
    page._show_view("entities")
    hands.until(lambda: page.entities.states.state is not None)
    assert page.entities.states.state.heading.words() == "No entities yet"


def test_lists_are_exported(hands, made, tmp_path):
    page = at_people(hands)
    file = tmp_path / "people.csv"
    page.export.write("People", COLUMNS, lambda: rows(hands.window.office, page.people.listing()), file)
    hands.until(lambda: "2 rows written" in hands.told())
    with file.open(encoding="utf-8-sig", newline="") as text:
        lines = list(csv.reader(text))
    assert lines[1][:4] == ["104882", "Lindqvist", "Erik", "UNEP"]


@pytest.mark.parametrize("view", ["people", "entities"])
def test_export_asks_for_a_file(hands, made, view):
    page = at_people(hands)
    page._show_view(view)
    hands.window.shell.actions_.run("people.export")
    hands.until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    dialog = QApplication.activeModalWidget()
    assert dialog.selectedFiles()[0].lower().endswith(f"{view}.xlsx")
    dialog.reject()


def test_the_import_page_opens(hands, made):
    page = at_people(hands)
    hands.press(Qt.Key.Key_I, CONTROL)
    hands.until(lambda: hands.window.shell.page() is not page)
    assert hands.window.shell.page().title.words() == "Import people"
    hands.until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    QApplication.activeModalWidget().reject()
