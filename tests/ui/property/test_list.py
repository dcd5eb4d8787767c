from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from cbo_desk.context import clock, local
from cbo_desk.property import AssetFilter, AssetForm, AssetList, State, change_state, move_assets, receive_assets
from cbo_desk.tabular import open_table
from tests.writing import rows as select_rows
from ui.kit.cursor import choose_row
from ui.kit.phrases import day
from ui.property.filters import from_plain, to_plain

CHAIRS, MANY = 12, 450


@pytest.fixture
def chairs(request):
    """How many chairs the register holds; 450 are more than two pages of the list."""
    return getattr(request, "param", CHAIRS)


@pytest.fixture
def page(window, sqlite_office, settled_list, chairs):
    """The register with chairs at the store and two laptops in a room."""
    from sqlalchemy import select

    from db.people import Entity
    from db.places import Place

    entities = dict(select_rows(sqlite_office, select(Entity.code, Entity.id)))
    places = dict(select_rows(sqlite_office, select(Place.code, Place.id)))
    chair = AssetForm(entities["WFP"], "C-0000", "Chair", place_id=places["S1"], cost_cents=9_000)
    sqlite_office.write(receive_assets, chair, [f"C-{n:04}" for n in range(chairs)])
    laptop = AssetForm(
        entities["UNEP"], "L-1", "Laptop", place_id=places["M-214"], cost_cents=168_400, acquired_on=date(2026, 1, 30)
    )
    changes = sqlite_office.write(receive_assets, laptop, ["L-1", "L-2"])
    sqlite_office.write(change_state, [changes.ids[0]], State.MISSING, "")
    page = window.shell.go("property")
    page.places, page.laptops = places, changes.ids
    page.register.refresh()
    settled_list(page)
    return page


@pytest.fixture
def settled_list(qtbot):
    """Waits until the list stands and every answer is in."""

    def wait(page):
        runner = page.bench.runner
        queues = (runner._jobs, runner._reads, runner._writes, runner._walks)
        views = page.register.views
        qtbot.waitUntil(
            lambda: page.register.model.idle and not views._pause.isActive() and not any(q.busy for q in queues),
            timeout=20_000,
        )

    return wait


def type_file(qtbot, path):
    """Answer the file dialog in front by the keyboard."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    dialog = QApplication.activeModalWidget()
    line = dialog.findChild(QLineEdit, "fileNameEdit")
    line.setText(str(path))
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    dialog.parentWidget().window().activateWindow()


def form_in_front(qtbot, window):
    """The box of the form that lies over the page."""
    qtbot.waitUntil(lambda: window.shell._overlay is not None)
    return window.shell._overlay.box


def save(qtbot, window):
    """Ctrl+Enter in the form in front."""
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.shell._overlay is None)


# --- Choosing many


@pytest.mark.parametrize("chairs", [MANY], indirect=True)
def test_ctrl_a_means_every_row_of_the_list(page, qtbot, settled_list):
    assert page.register.model.rowCount() == MANY + 2
    page.register.table.setFocus()
    qtbot.keyClick(page.register.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert page.register.chosen_count() == MANY + 2
    told = []
    page.register.with_chosen(told.append)
    qtbot.waitUntil(lambda: bool(told))
    listing = AssetList(page.register.filter, page.register.sort, page.register.descending)
    assert told[0] == page.bench.runner.office.read(listing.ids, 10_000)


@pytest.mark.parametrize("chairs", [MANY], indirect=True)
def test_a_long_stretch_reaches_rows_that_are_not_on_hand(page, qtbot):
    table, model = page.register.table, page.register.model
    page.register.sort_by("inventory_no")
    qtbot.waitUntil(lambda: model.idle)
    selection = table.selectionModel()
    for row in range(150, 430):
        selection.select(model.index(row, 0), selection.SelectionFlag.Select | selection.SelectionFlag.Rows)
    selection.select(model.index(149, 0), selection.SelectionFlag.Deselect | selection.SelectionFlag.Rows)
    selection.select(model.index(0, 0), selection.SelectionFlag.Deselect | selection.SelectionFlag.Rows)
    told = []
    page.register.with_chosen(told.append)
    qtbot.waitUntil(lambda: bool(told))
    wanted = page.bench.runner.office.read(page.register.listing().ids, 10_000)[150:430]
    assert told[0] == wanted


def test_all_chairs_are_moved_and_moved_back(window, page, qtbot, settled_list, sqlite_office):
    page.register.find_words("chair")
    settled_list(page)
    page.register.table.setFocus()
    qtbot.keyClick(page.register.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(page.register.table, Qt.Key.Key_M)
    box = form_in_front(qtbot, window)
    assert box.accessibleName() == f"Move {CHAIRS} assets"
    window.shell.close_topmost()
    ids = sqlite_office.read(page.register.listing().ids, 10_000)
    assert len(ids) == CHAIRS
    page.bench.runner.write(move_assets, ids, page.places["M-118"])
    settled_list(page)
    there = AssetList(AssetFilter(place_path=_path(sqlite_office, "M-118")))
    assert sqlite_office.read(there.count) == CHAIRS
    window.shell.toasts.undo()
    settled_list(page)
    assert sqlite_office.read(there.count) == 0


def _path(office, code):
    from sqlalchemy import select

    from db.places import Place

    return select_rows(office, select(Place.path).where(Place.code == code))[0][0]


# --- Order, filters, views


def test_the_list_is_ordered_by_an_action(window, page, settled_list):
    window.shell.actions_.run("property.sort.cost")
    settled_list(page)
    assert page.register.model.row_at(0).inventory_no in ("L-1", "L-2")
    window.shell.actions_.run("property.sort.cost")
    settled_list(page)
    assert page.register.model.row_at(0).inventory_no.startswith("C-")


def test_the_filter_form_narrows_by_cost_and_place(window, page, qtbot, settled_list):
    window.shell.actions_.run("property.filter")
    box = form_in_front(qtbot, window)
    box.form.editors["cost_from"].setFocus()
    qtbot.keyClicks(QApplication.focusWidget(), "1,000")
    box.form.editors["place"].setFocus()
    field = QApplication.focusWidget()
    qtbot.keyClicks(field, "GIGIRI")
    qtbot.waitUntil(lambda: page.bench.runner._reads.busy == 0 and not box.form.editors["place"]._pause.isActive())
    qtbot.keyClick(field, Qt.Key.Key_Return)
    save(qtbot, window)
    settled_list(page)
    assert page.register.model.rowCount() == 2
    chips = {chip.about: chip.demand for chip in _chips(page)}
    assert chips == {"Place": "GIGIRI", "State": "not disposed", "Cost": "≥ 1,000"}


def _chips(page):
    from ui.property.filters import chips

    return chips(page.register.filter, page.register.names)


def test_a_range_turned_round_is_said_beside_its_field(window, page, qtbot):
    window.shell.actions_.run("property.filter")
    box = form_in_front(qtbot, window)
    for name, text in (("cost_from", "500"), ("cost_to", "100")):
        box.form.editors[name].setFocus()
        qtbot.keyClicks(QApplication.focusWidget(), text)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.shell._overlay is not None
    assert "Turn them round" in box.form._faults["cost_to"].words()
    window.shell.close_topmost()


def test_a_view_is_saved_renamed_deleted_and_brought_back(window, page, qtbot, settled_list):
    views = page.register.views
    page.register.set_filter(AssetFilter(place_path=_path(page.bench.runner.office, "M-214"), states=(State.MISSING,)))
    settled_list(page)
    window.shell.actions_.run("property.keep_view")
    form_in_front(qtbot, window)
    qtbot.keyClicks(QApplication.focusWidget(), "Lost laptops")
    save(qtbot, window)
    assert views.tabs.current() == "saved:Lost laptops"
    window.shell.actions_.run("property.rename_view")
    form_in_front(qtbot, window)
    QApplication.focusWidget().selectAll()
    qtbot.keyClicks(QApplication.focusWidget(), "Gone")
    save(qtbot, window)
    assert [view.name for view in views.saved.all()] == ["Gone"]
    window.shell.actions_.run("property.forget_view")
    assert list(views.saved.all()) == []
    window.shell.toasts.undo()
    assert views.tabs.current() == "saved:Gone"
    settled_list(page)
    assert page.register.model.rowCount() == 1
    # The view keeps a path; the chip says the place's code.
    assert {chip.about: chip.demand for chip in _chips(page)}["Place"] == "M-214"
    assert views.tabs._tabs["saved:Gone"].count == 1
    assert views.tabs._tabs["all"].count == CHAIRS + 2
    # Another of the same name takes its place, which is said and can be taken back.
    page.register.set_filter(AssetFilter(states=(State.MISSING,)))
    window.shell.actions_.run("property.keep_view")
    form_in_front(qtbot, window)
    qtbot.keyClicks(QApplication.focusWidget(), "Gone")
    save(qtbot, window)
    [kept] = views.saved.all()
    assert "place_path" not in {name for name, value in kept.filters.items() if value}
    window.shell.toasts.undo()
    [again] = views.saved.all()
    assert again.filters["place_path"]
    # To call one as another is called would end that one.
    views.saved.keep(replace(again, name="Kept"))
    window.shell.actions_.run("property.rename_view")
    box = form_in_front(qtbot, window)
    QApplication.focusWidget().selectAll()
    qtbot.keyClicks(QApplication.focusWidget(), "Kept")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "a view of this name already" in box.form._faults["name"].words()
    assert [view.name for view in views.saved.all()] == ["Gone", "Kept"]
    window.shell.close_topmost()


def test_every_part_of_a_filter_outlives_a_saved_view():
    wanted = AssetFilter(
        "dell", ("WFP",), (State.MISSING,), True, "/1/2/", 7, (3,), 100, 900, date(2026, 9, 1), date(2020, 1, 1),
        date(2026, 1, 1), True,
    )  # fmt: skip
    assert from_plain(to_plain(wanted)) == wanted
    assert from_plain(to_plain(AssetFilter())) == AssetFilter()


# --- Export


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_list_is_exported_as_it_stands(window, page, qtbot, settled_list, tmp_path, suffix):
    page.register.find_words("laptop")
    page.register.sort_by("inventory_no")
    settled_list(page)
    path = tmp_path / f"out.{suffix}"
    window.shell.actions_.run("property.export")
    type_file(qtbot, path)
    qtbot.waitUntil(path.exists)
    settled_list(page)
    table = open_table(path)
    place = table.names.index("Inventory no.")
    assert [cells[place] for _, cells in table.rows()] == [
        page.register.model.row_at(row).inventory_no for row in range(page.register.model.rowCount())
    ]
    assert window.shell.toasts.now.notice.said == f"2 rows written to out.{suffix}"
    assert window.shell.toasts.now.notice.verb == "Open folder"


def test_the_pdf_says_filter_who_and_when(page, qtbot, settled_list, tmp_path):
    import pypdfium2

    page.register.find_words("laptop")
    settled_list(page)
    from cbo_desk.property.exporting import COLUMNS, rows
    from ui.property.filters import in_words

    path = tmp_path / "out.pdf"
    office, listing = page.bench.runner.office, page.register.listing()
    narrowed = in_words(page.register.filter, page.register.names)
    page.list_deeds.export.write("Assets", COLUMNS, lambda: rows(office, listing), path, total=2, narrowed=narrowed)
    qtbot.waitUntil(path.exists)
    settled_list(page)
    document = pypdfium2.PdfDocument(path)
    text = document[0].get_textpage().get_text_range()
    document.close()
    for word in ("“laptop”", "not disposed", "Ada Achieng", day(local(clock()).date()), "L-1", "L-2"):
        assert word in text, word


def test_only_the_selected_are_exported(window, page, qtbot, settled_list, tmp_path):
    page.register.sort_by("inventory_no")
    settled_list(page)
    page.register.table.setFocus()
    choose_row(page.register.table, 0)
    qtbot.keyClick(page.register.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    path = tmp_path / "some.csv"
    window.shell.actions_.run("property.export_chosen")
    type_file(qtbot, path)
    qtbot.waitUntil(path.exists)
    settled_list(page)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row["Inventory no."] for row in csv.DictReader(file)] == ["C-0000", "C-0001"]


def test_an_export_that_is_stopped_leaves_no_file(page, qtbot, settled_list, tmp_path):
    from cbo_desk.property.exporting import COLUMNS, rows

    office, listing = page.bench.runner.office, page.register.listing()
    path = tmp_path / "none.csv"
    page.list_deeds.export.write("Assets", COLUMNS, lambda: rows(office, listing), path, total=CHAIRS)
    page.list_deeds.export.stop()
    settled_list(page)
    assert list(tmp_path.glob("*none*")) == []
    assert page.bench.shell.toasts.now.notice.said == "Stopped. No file was written."
