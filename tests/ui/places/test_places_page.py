"""The places page as a person uses it: by keys, by scans, on the map, and beside other workstations."""

from __future__ import annotations

import csv

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from cbo_desk.compound import set_map
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.places import PlaceForm, PlaceList, add_place, place_by_code, place_card, remove_place
from cbo_desk.places.exporting import COLUMNS, rows
from tests.ui.places.conftest import CONTROL, Hands, furnish, viewer

MAP = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200">'
    '<rect id="M-214" x="10" y="10" width="120" height="80"/><rect id="M-215" x="150" y="10" width="120" height="80"/>'
    '<rect id="S1" x="10" y="110" width="120" height="80"/></svg>'
)


def chosen(page):
    item = page.tree.currentItem()
    return item.text(0).partition(" ")[0] if item is not None else ""


def codes(page):
    return [item.text(0).partition(" ")[0] for item in page.tree._all()]


def go_to(hands, ident):
    page = hands.window.shell.go("places", f"places.place:{ident}")
    hands.until(lambda: page.card.card is not None and page.card.card.id == ident)
    page.tree.setFocus()
    return page


def flow(hands, made):
    """Add, change, move and remove a place by keys, and take each back."""
    page = go_to(hands, made.second)
    hands.press(Qt.Key.Key_N, CONTROL)
    assert hands.form().editors["parent"].value().id == made.second
    hands.type("M-216")
    hands.save()
    hands.gone()
    hands.until(lambda: page.card.card.code == "M-216")
    assert chosen(page) == "M-216"
    assert page.tree.currentItem().parent().text(0).startswith("M-2 ")
    assert page.card.card.tag  # a place has its door tag at once
    page.tree.setFocus()
    hands.press(Qt.Key.Key_E)
    assert hands.form().editors["code"].typed() == "M-216"
    hands.type("M-217")
    hands.save()
    hands.gone()
    hands.until(lambda: page.card.card.code == "M-217")
    hands.undo()
    hands.until(lambda: page.card.card.code == "M-216")
    page.tree.setFocus()
    hands.press(Qt.Key.Key_M)
    hands.form()
    hands.pick("floor 1")
    hands.save()
    hands.gone()
    hands.until(lambda: page.card.card.where.startswith("Block M, floor 1"))
    assert page.tree.currentItem().parent().text(0).startswith("M-1 ")
    hands.undo()
    hands.until(lambda: page.card.card.where.startswith("Block M, floor 2"))
    page.tree.setFocus()
    hands.press(Qt.Key.Key_Delete)
    hands.until(lambda: "M-216" not in codes(page))
    assert hands.told() == "M-216 was removed."
    hands.until(lambda: page.card.card is not None and page.card.card.code == "M-2")  # where it stood is chosen
    hands.undo()
    hands.until(lambda: "M-216" in codes(page))


def test_a_place_is_added_changed_moved_and_removed_by_keys(hands, made):
    flow(hands, made)


def test_the_same_on_the_office_server(open_window, qtbot, postgres_url, clock):
    from db.engine import open_engine

    engine = open_engine(postgres_url)
    office = Office(engine, administrator("ada", "Ada Achieng", "DESK-1"), clock)
    made = furnish(office)
    flow(Hands(qtbot, open_window(office)), made)


def test_faults_stand_beside_their_fields_and_keep_what_was_typed(hands, made):
    go_to(hands, made.second)
    hands.press(Qt.Key.Key_N, CONTROL)
    form = hands.form()
    hands.press(Qt.Key.Key_Return, CONTROL)
    assert hands.fault("code") == "Code is needed."
    hands.type("m-214")
    hands.save()
    assert hands.fault("code") == "Another place (Registry) already has the code M-214."
    assert form.editors["code"].typed() == "m-214"
    hands.type("M-230")
    form.editors["kind"].set_value("yard")
    hands.save()
    assert "choose a site" in hands.fault("parent")
    form.editors["area_m2"].line.setText("12 by 3")
    hands.save()
    assert hands.fault("area_m2")
    hands.press(Qt.Key.Key_Escape)
    hands.gone()


def test_what_was_typed_and_not_saved_is_offered_again(hands, made):
    go_to(hands, made.second)
    hands.press(Qt.Key.Key_N, CONTROL)
    hands.form()
    hands.type("M-299")
    hands.press(Qt.Key.Key_Escape)
    hands.gone()
    hands.window.shell.page().tree.setFocus()
    hands.press(Qt.Key.Key_N, CONTROL)
    assert hands.form().editors["code"].typed() == "M-299"


def test_a_place_cannot_go_into_its_own_room(hands, made):
    go_to(hands, made.block)
    hands.press(Qt.Key.Key_M)
    hands.form()
    hands.pick("M-214")
    hands.save()
    assert hands.fault("parent")


def test_a_place_with_something_in_it_stays(hands, made):
    page = go_to(hands, made.m214)
    hands.press(Qt.Key.Key_Delete)
    hands.still()
    assert hands.told() == "M-214 cannot be removed: it still has 1 person and 3 assets."
    assert chosen(page) == "M-214"


def test_the_tree_counts_what_stands_below(hands, made):
    page = go_to(hands, made.m215)
    figures = {item.text(0).partition(" ")[0]: (item.text(3), item.text(4)) for item in page.tree._all()}
    assert figures["GIGIRI"] == figures["M"] == figures["M-2"] == ("1", "3")
    assert figures["M-1"] == ("—", "—")
    assert page.summary.words() == "8 places · 3 assets · 1 missing"


def test_other_workstations_changes_arrive_and_leave_the_choice_alone(hands, made, sqlite_office, clock):
    page = go_to(hands, made.m215)
    other = Office(sqlite_office.engine, administrator("ben", "Ben", "DESK-2"), clock)
    other.write(add_place, PlaceForm("M-200", "room", "New room"), made.second)
    hands.until(lambda: "M-200" in codes(page))
    assert chosen(page) == "M-215"
    opened = {item.text(0).partition(" ")[0] for item in page.tree._all() if item.isExpanded()}
    assert opened == {"GIGIRI", "M", "M-2"}
    other.write(remove_place, made.m215, other.read(place_card, made.m215).version)
    hands.until(lambda: "M-215" not in codes(page))
    hands.until(lambda: page.card.card is not None and page.card.card.code == "M-2")


def test_a_scanned_door_opens_its_place(hands, made):
    tag = hands.window.office.read(place_card, made.m118).tag
    hands.window.shell.go("people")
    hands.window.bench.feed.put("keyboard", tag)
    hands.until(lambda: hands.window.shell.desk() == "places")
    page = hands.window.shell.page()
    hands.until(lambda: page.card.card is not None and page.card.card.code == "M-118")
    assert chosen(page) == "M-118"


def test_back_leads_to_the_place_before(hands, made):
    page = go_to(hands, made.m118)
    go_to(hands, made.store)
    hands.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    hands.until(lambda: page.card.card.code == "M-118")


def test_enter_opens_and_closes_a_branch(hands, made):
    page = go_to(hands, made.first)
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: "M-118" in codes(page))
    hands.press(Qt.Key.Key_Return)
    assert not page.tree.currentItem().isExpanded()


# --- the map


@pytest.fixture
def on_map(hands, made):
    hands.window.office.write(set_map, MAP)
    page = hands.window.shell.go("places")
    page._show_view("map")
    page.map.refresh()
    hands.until(lambda: page.map.view.codes())
    hands.still()
    return page


def test_a_press_on_the_map_opens_the_place(hands, on_map, qtbot):
    view = on_map.map.view
    spot = view.box_of("M-215").center().toPoint()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot)
    hands.until(lambda: on_map.card.card is not None and on_map.card.card.code == "M-215")
    assert chosen(on_map) == "M-215"
    assert view.chosen() == "M-215"
    view.setFocus()
    hands.press(Qt.Key.Key_Left)
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: on_map.card.card.code == "M-214")


def test_the_map_is_coloured_by_count_state_and_occupier(hands, on_map):
    def marks(by):
        on_map.map._colour_by(by)
        return {code: (mark.tone, mark.words) for code, mark in on_map.map.view._marks.items()}

    assert marks("count") == {"M-214": ("live", "3"), "M-215": ("idle", ""), "S1": ("idle", "Store S1")}
    assert marks("state") == {"M-214": ("warn", "1"), "M-215": ("idle", ""), "S1": ("idle", "Store S1")}
    assert marks("occupier")["M-214"] == ("info", "UNEP")
    assert on_map.map._said("M-214") == "M-214 · Registry · 3 assets · 1 missing · UNEP"


def test_a_map_is_loaded_and_taken_back(hands, on_map, tmp_path):
    other = tmp_path / "map.svg"
    other.write_text(MAP.replace("M-215", "M-118"), "utf-8")
    on_map.load_map(other)
    hands.until(lambda: "M-118" in on_map.map.view.codes())
    hands.until(lambda: hands.told() == "The map was changed.")
    hands.undo()
    hands.until(lambda: "M-215" in on_map.map.view.codes())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg><rect", "This file is no SVG drawing, or it is damaged. Export the map as plain SVG again."),
        (b"<html></html>", "This file is no SVG drawing, or it is damaged. Export the map as plain SVG again."),
        (
            b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
            "This file is no SVG drawing, or it is damaged. Export the map as plain SVG again.",
        ),
        (b"\xff\xfe\x00<", "map.svg cannot be read. A map is an SVG drawing in UTF-8."),
        (b"<svg>" + b" " * 5_000_000, "This drawing is larger than 5 MB. Simplify it, or leave out its pictures."),
    ],
)
def test_a_broken_map_is_refused_in_words(hands, on_map, tmp_path, content, said):
    file = tmp_path / "map.svg"
    file.write_bytes(content)
    on_map.load_map(file)
    hands.until(lambda: hands.window.shell.toasts.now is not None)
    assert hands.told() == said
    assert set(on_map.map.view.codes()) == {"M-214", "M-215", "S1"}


def test_a_missing_map_file_is_said(hands, on_map, tmp_path):
    on_map.load_map(tmp_path / "map.svg")
    assert hands.told().startswith("map.svg cannot be read.")


# --- roles, nothing yet, files


def test_a_viewer_is_offered_nothing_to_change(open_window, sqlite_office, made, qtbot):
    hands = Hands(qtbot, open_window(sqlite_office.signed_in(viewer())))
    page = go_to(hands, made.m214)
    offered = {action.id for action in hands.window.shell.actions_.of("places") if action.scope == "places"}
    assert offered == {"places.assets", "places.export"}
    assert page._shown == []


def test_an_empty_compound_offers_the_first_site(open_window, sqlite_office, qtbot):
    hands = Hands(qtbot, open_window(sqlite_office))
    page = hands.window.shell.go("places")
    hands.until(lambda: page.states.state is not None)
    assert page.states.state.heading.words() == "No places yet"
    page.tree.setFocus()
    page._add()
    hands.form()
    hands.type("NOF")
    hands.save()
    hands.gone()
    hands.until(lambda: page.card.card is not None and page.card.card.code == "NOF")
    assert sqlite_office.read(place_by_code, "NOF").kind == "site"
    assert page.states.state is None


def test_places_are_exported(hands, made, tmp_path):
    page = hands.window.shell.go("places")
    file = tmp_path / "places.csv"
    page.export.write("Places", COLUMNS, lambda: rows(hands.window.office, PlaceList()), file)
    hands.until(lambda: "8 rows written to places.csv" in hands.told())
    with file.open(encoding="utf-8-sig", newline="") as text:
        lines = list(csv.reader(text))
    assert lines[0] == ["Code", "Name", "Kind", "In", "Occupier", "Area in m²"]
    assert ["M-214", "Registry", "Room", "M-2", "UNEP", "23.5"] in lines


def test_the_import_page_opens(hands, made):
    page = go_to(hands, made.m214)
    hands.press(Qt.Key.Key_I, CONTROL)
    hands.until(lambda: hands.window.shell.page() is not page)
    assert hands.window.shell.page().title.words() == "Import places"
    assert hands.window.shell.desk() == "places"
    hands.until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    QApplication.activeModalWidget().reject()
