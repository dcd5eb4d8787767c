from __future__ import annotations

import csv
import io

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from cbo_desk.imports import named_mappings
from cbo_desk.property import AssetList, figures
from cbo_desk.property.exporting import COLUMNS, rows
from cbo_desk.tabular import Mapping, write_table
from ui.kit.cells import MARK_ROLE

# Carriage returns alone and letters of an old Macintosh; a spoilt number, a day that does not exist, an unknown
# place, a blank number, the same number twice, a person nobody knows.
REGISTER = (
    "Asset Nr;Agency;Item description;S/N;Location;Acq. date;Cost;User\r"
    "UNIC-021140;UNEP;Tablet, Galaxy Tab;R52W70KX;M-2I4;11.06.2026;598,00;\r"
    "UNIC-021141;UNEP;Tablet, Galaxy Tab;R52W70LB;M-214;11.06.2026;598,00;Lindqvist, Erik\r"
    "UNIC-019004;UNEP;Cold box, 22 litres;;S1;31.06.2026;340,00;\r"
    "UNIC-019005;WFP;Boîte à froid;;S1;30.06.2026;1.340,50;\r"
    ";WFP;Projector;X8QF2100;S1;14.05.2026;612,00;\r"
    "UNIC-021107;UNEP;Laptop;5.1E+14;S1;03.06.2026;1.120,00;Nobody Known\r"
    "UNIC-021142;UNEP;Tablet, Galaxy Tab;R52W70LC;M-2I4;11.06.2026;598,00;\r"
    "UNIC-019005;WFP;The same again;;S1;30.06.2026;1.340,50;\r"
)
GOOD, BAD = 2, 6


@pytest.fixture
def register(tmp_path):
    path = tmp_path / "register.csv"
    path.write_bytes(REGISTER.encode("mac_roman"))
    return path


@pytest.fixture
def checked(page, register, settled):
    """The page with the dirty register read and checked."""
    page.take(register)
    settled(page)
    return page


def counts(page):
    found = page.task.result.preview.counts
    return found.create, found.update, found.unchanged, found.refused


def fault_at(page, row):
    return next(fault for fault in page.faults.model.faults if fault.row == row)


def look_at_fault(page, row, press):
    """Walk to a row's fault by F8."""
    page.preview.table.setFocus()
    for _ in page.faults.model.faults:
        press(Qt.Key.Key_F8)
        if page.faults.fault().row == row:
            return
    raise AssertionError(f"F8 never came to row {row}")


def cell(page, row, column):
    model = page.preview.model
    return model.index(model.place_of(row), model.column_of(column))


def type_file(qtbot, press, path):
    """Answer the file dialog in front by the keyboard."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    line = QApplication.activeModalWidget().findChild(QLineEdit, "fileNameEdit")
    line.setText(str(path))
    dialog = QApplication.activeModalWidget()
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    dialog.parentWidget().window().activateWindow()


# --- Choosing a file


def test_ctrl_i_opens_the_page_and_asks_for_the_file(window, register, settled, press, qtbot):
    window.shell.go("property")
    window.shell.top.field.setFocus()
    press(Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    page = window.shell.page()
    type_file(qtbot, press, register)
    qtbot.waitUntil(lambda: page.task.path is not None)
    settled(page)
    assert page.task.path == register
    assert counts(page) == (GOOD, 0, 0, BAD)
    assert page.import_button.accessibleName() == "Import 2 rows"
    assert page.bad_button.accessibleName() == "Save the 6 bad rows"
    assert "nothing is written yet" in page.summary.words()


def test_a_file_dropped_on_the_page_is_taken(page, register, settled):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(register))])
    drop = QDropEvent(
        QPointF(40, 40),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.dropEvent(drop)
    settled(page)
    assert counts(page) == (GOOD, 0, 0, BAD)


def test_esc_leads_back_and_the_file_stays(window, checked, press):
    checked.preview.table.setFocus()
    press(Qt.Key.Key_Escape)
    assert window.shell.page() is not checked
    window.shell.actions_.run("back")
    assert window.shell.page() is checked
    assert counts(checked) == (GOOD, 0, 0, BAD)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"%PDF-1.7 rest", "PDF"),
        ("a.xlsx", b"PK\x03\x04 not a workbook at all", ""),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "old Excel"),
    ],
)
def test_a_file_that_is_no_table_is_said_in_words(page, tmp_path, settled, name, data, said):
    path = tmp_path / name
    path.write_bytes(data)
    page.take(path)
    settled(page)
    state = page.whole.state
    assert state.kind == "error"
    assert said in state.sentence.words()
    assert len(state.sentence.words()) > 10
    assert QApplication.focusWidget().accessibleName() == "Choose another file"
    assert not page.import_button.isVisible()


def test_a_file_that_is_gone_is_said_in_words(page, tmp_path, settled):
    page.take(tmp_path / "gone.csv")
    settled(page)
    assert "there is no such file" in page.whole.state.sentence.words()


# --- Preview and mending


def test_every_fault_stands_at_its_row_and_column(checked):
    found = {(fault.row, fault.column) for fault in checked.faults.model.faults}
    assert found == {
        (2, "Location"), (4, "Acq. date"), (6, "Asset Nr"), (7, "S/N"), (7, "User"), (8, "Location"), (9, "Asset Nr"),
    }  # fmt: skip
    for row, column in found:
        assert cell(checked, row, column).data(MARK_ROLE) == "bad"
    assert cell(checked, 6, "Asset Nr").data() == "blank"
    assert cell(checked, 2, "Agency").data(MARK_ROLE) is None
    assert cell(checked, 3, "Location").data(MARK_ROLE) is None
    order = [checked.preview.model.number_at(place) for place in range(8)]
    assert order == [2, 4, 6, 7, 8, 9, 3, 5]


def test_letters_and_dates_are_found_and_said(checked):
    boxes = checked.card.reading.boxes
    assert boxes["encoding"].currentText() == "Western (old Macintosh), found"
    assert boxes["delimiter"].currentText() == "Semicolon"
    assert boxes["acquired_on"].currentText() == "Day.month.year, found"
    assert cell(checked, 5, "Item description").data() == "Boîte à froid"


def test_tabs_show_the_rows_of_an_outcome(checked, settled, qtbot):
    checked.tabs.setFocus()
    for _ in range(4):
        qtbot.keyClick(checked.tabs, Qt.Key.Key_Right)
    assert checked.tabs.current() == "refused"
    settled(checked)
    model = checked.preview.model
    assert [model.number_at(place) for place in range(model.rowCount())] == [2, 4, 6, 7, 8, 9]
    checked.filter_box.setText("tablet m-2i4")
    qtbot.waitUntil(lambda: model.rowCount() == 2)


def test_enter_takes_the_correction_and_ctrl_z_takes_it_back(window, checked, settled, press):
    look_at_fault(checked, 2, press)
    checked.faults.table.setFocus()
    press(Qt.Key.Key_Return)
    settled(checked)
    assert cell(checked, 2, "Location").data() == "M-214"
    assert counts(checked) == (3, 0, 0, 5)
    assert window.shell.toasts.now.words.words() == "Row 2 mended: M-214"
    assert checked.import_button.accessibleName() == "Import 3 rows"
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(checked)
    assert cell(checked, 2, "Location").data() == "M-2I4"
    assert counts(checked) == (GOOD, 0, 0, BAD)
    assert window.shell.toasts.now is None


def test_the_toast_takes_a_mend_back(window, checked, settled, press):
    look_at_fault(checked, 2, press)
    checked.faults.table.setFocus()
    press(Qt.Key.Key_Return)
    settled(checked)
    window.shell.toasts.now.run()
    settled(checked)
    assert counts(checked) == (GOOD, 0, 0, BAD)


def test_all_cells_alike_are_mended_at_once_and_back_at_once(checked, settled, press, qtbot):
    look_at_fault(checked, 2, press)
    assert checked.faults.alike_button.accessibleName() == "Use M-214 in all 2"
    checked.faults.alike_button.setFocus()
    qtbot.keyClick(checked.faults.alike_button, Qt.Key.Key_Space)
    settled(checked)
    assert counts(checked) == (4, 0, 0, 4)
    checked.preview.table.setFocus()
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(checked)
    assert counts(checked) == (GOOD, 0, 0, BAD)


def test_a_cell_is_corrected_in_place(checked, settled, press, qtbot):
    look_at_fault(checked, 4, press)
    checked.preview.table.setFocus()
    press(Qt.Key.Key_Return)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "31.06.2026"
    editor.selectAll()
    qtbot.keyClicks(editor, "30.06.2026")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: counts(checked) == (3, 0, 0, 5))
    settled(checked)
    assert cell(checked, 4, "Acq. date").data(MARK_ROLE) is None


def test_mending_the_first_of_two_alike_sets_the_other_free(checked, settled):
    checked.task.mend(5, "Asset Nr", "UNIC-019006")
    settled(checked)
    assert counts(checked) == (3, 0, 0, 5)
    assert cell(checked, 9, "Asset Nr").data(MARK_ROLE) is None


def test_mends_outlive_another_choice(checked, settled, qtbot):
    checked.task.mend(2, "Location", "M-118")
    settled(checked)
    qtbot.mouseClick(checked.card.choices.blank, Qt.MouseButton.LeftButton)
    settled(checked)
    assert cell(checked, 2, "Location").data() == "M-118"
    assert checked.task.choices.blank_empties
    assert counts(checked) == (3, 0, 0, 5)


# --- How it is taken


def choose(qtbot, box, words):
    """Choose an entry of a box by the keyboard."""
    box.setFocus()
    index = next(at for at in range(box.count()) if box.itemText(at).startswith(words))
    step = Qt.Key.Key_Down if index > box.currentIndex() else Qt.Key.Key_Up
    qtbot.keyClick(box, step)
    for _ in range(abs(index - box.currentIndex())):
        qtbot.keyClick(box.view(), step)
    qtbot.keyClick(box.view(), Qt.Key.Key_Return)


def test_a_column_left_out_is_a_fault_of_every_new_row(checked, settled, qtbot):
    choose(qtbot, checked.preview.heads.head("Item description").box, "Leave out")
    settled(checked)
    assert counts(checked)[0] == 0
    assert checked.preview.about.words().startswith("7 of 8 columns taken")


def test_without_a_key_the_page_asks_for_the_column(checked, settled, qtbot):
    choose(qtbot, checked.preview.heads.head("Asset Nr").box, "Leave out")
    settled(checked)
    assert "No column fills inventory no" in checked.notice.words.words()
    choose(qtbot, checked.preview.heads.head("Asset Nr").box, "Inventory no.")
    settled(checked)
    assert counts(checked) == (GOOD, 0, 0, BAD)
    assert not checked.notice.isVisible()


def test_dates_that_fit_both_ways_are_asked_for(page, tmp_path, settled, qtbot):
    path = tmp_path / "american.csv"
    path.write_text("Asset Nr,Agency,Description,Acq. date\nA-1,WFP,One,03/04/2026\nA-2,WFP,Two,05/06/2026\n")
    page.take(path)
    settled(page)
    assert counts(page) == (0, 0, 0, 2)
    assert page.card.reading.boxes["acquired_on"].currentText() == "Choose…"
    assert "day first or month first" in page.notice.words.words()
    choose(qtbot, page.card.reading.boxes["acquired_on"], "Month/day/year")
    settled(page)
    assert counts(page) == (2, 0, 0, 0)
    notes = page.card.reading.notes.words()
    assert "03/04/2026 is read as 4 Mar 2026." in notes or "05/06/2026 is read as 6 May 2026." in notes


def test_the_entity_can_be_set_for_every_row(page, tmp_path, settled, qtbot):
    path = tmp_path / "plain.csv"
    path.write_text("Asset Nr,Description\nA-1,One\nA-2,Two\n")
    page.take(path)
    settled(page)
    assert "No column fills entity" in page.notice.words.words()
    choose(qtbot, page.card.reading.boxes["entity"], "WFP")
    settled(page)
    assert counts(page) == (2, 0, 0, 0)


def test_letters_can_be_read_another_way(checked, settled, qtbot):
    choose(qtbot, checked.card.reading.boxes["encoding"], "Western (Windows)")
    settled(checked)
    assert cell(checked, 5, "Item description").data() != "Boîte à froid"
    assert checked.card.reading.boxes["encoding"].currentText() == "Western (Windows), chosen"


def test_a_mapping_is_kept_under_a_name_and_chosen_for_a_file_of_another_form(
    window, page, tmp_path, settled, press, qtbot, sqlite_office
):
    path = tmp_path / "old.csv"
    path.write_text("Code,Thing,Owner\nA-1,One,WFP\nA-2,Two,WFP\n")
    page.take(path)
    settled(page)
    mapping = Mapping({"Code": "inventory_no", "Thing": "description", "Owner": "entity"})
    page.task.take_as(mapping)
    settled(page)
    assert counts(page) == (2, 0, 0, 0)
    keep = "property.import.keep_mapping"
    window.shell.actions_.run(keep)
    box = window.shell._overlay.box
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert box.form._faults["name"].isVisible()
    qtbot.keyClicks(QApplication.focusWidget(), "The old  program")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.shell._overlay is None)
    assert page.card.reading.boxes["mapping"].currentText() == "The old program"

    other = tmp_path / "wider.csv"
    other.write_text("Remark,Owner,Code,Thing,Colour\nx,WFP,A-3,Three,red\n")
    page.take(other)
    settled(page)
    assert page.task.result is None  # no column says by its name which asset a row is about
    choose(qtbot, page.card.reading.boxes["mapping"], "The old program")
    settled(page)
    assert counts(page) == (1, 0, 0, 0)
    window.shell.actions_.run("property.import.forget_mapping")
    qtbot.waitUntil(lambda: sqlite_office.read(named_mappings, "assets") == {})
    settled(page)
    box = page.card.reading.boxes["mapping"]
    assert "The old program" not in [box.itemText(at) for at in range(box.count())]


# --- Importing


def bring_in(page, settled, press):
    page.preview.table.setFocus()
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settled(page)


def test_only_the_good_rows_go_in_and_then_all_is_said(window, checked, settled, press, sqlite_office):
    assert sqlite_office.read(figures).total == 0
    bring_in(checked, settled, press)
    assert sqlite_office.read(figures).total == GOOD
    state = checked.whole.state
    assert state.heading.words() == "2 rows imported"
    assert state.sentence.words() == "2 created · 6 refused."
    assert window.shell.toasts.notices.all[0].said == "register.csv: 2 assets created, 0 updated."
    press(Qt.Key.Key_Space)
    register = window.shell.page().register
    assert (register.sort, register.descending) == ("changed", True)


def test_the_same_file_twice_changes_nothing(checked, register, settled, press, sqlite_office):
    bring_in(checked, settled, press)
    before = list(rows(sqlite_office, AssetList()))
    checked.take(register)
    settled(checked)
    assert counts(checked) == (0, 0, GOOD, BAD)
    assert not checked.import_button.isEnabled()
    assert checked.import_button.accessibleName() == "Nothing to import"
    assert checked.card.reading.boxes["mapping"].currentText() == "As last time"
    bring_in(checked, settled, press)
    assert list(rows(sqlite_office, AssetList())) == before


def test_bad_rows_are_saved_mended_and_imported(checked, tmp_path, settled, press, qtbot, sqlite_office):
    bring_in(checked, settled, press)
    checked.save_bad()
    target = tmp_path / "bad.csv"
    type_file(qtbot, press, target)
    qtbot.waitUntil(target.exists)
    text = target.read_bytes().decode("mac_roman")
    kept = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert len(kept) == BAD + 1
    mended = text.replace("M-2I4", "M-214").replace("31.06.2026", "30.06.2026")
    target.write_bytes(mended.encode("mac_roman"))
    checked.take(target)
    settled(checked)
    # The second UNIC-019005 is in the register by now, so its row would change that asset.
    assert counts(checked) == (3, 1, 0, 2)
    bring_in(checked, settled, press)
    assert sqlite_office.read(figures).total == GOOD + 3


def test_an_import_stopped_halfway_keeps_nothing(page, tmp_path, settled, qtbot, sqlite_office):
    path = tmp_path / "long.csv"
    lines = "".join(f"A-{n},WFP,Chair {n},S1\n" for n in range(12_000))
    path.write_text("Asset Nr,Agency,Description,Location\n" + lines)
    page.take(path)
    settled(page)
    assert counts(page) == (12_000, 0, 0, 0)
    # The stop comes with the first report after the first thousand rows were written.
    page.task.progressed.connect(lambda done, _total: page.strip._stop() if done else None)
    page.run_import()
    settled(page)
    assert sqlite_office.read(figures).total == 0
    assert page.notice.words.words() == "Stopped. Nothing was imported."
    assert page.import_button.isEnabled()


def test_a_check_that_was_overtaken_is_not_heard(page, register, tmp_path, settled):
    other = tmp_path / "other.csv"
    other.write_text("Asset Nr,Agency,Description\nA-1,WFP,One\n")
    page.take(register)
    page.take(other)
    settled(page)
    assert page.task.path == other
    assert counts(page) == (1, 0, 0, 0)


def test_an_export_read_again_changes_nothing(checked, tmp_path, settled, press, sqlite_office):
    bring_in(checked, settled, press)
    before = list(rows(sqlite_office, AssetList()))
    for suffix in ("csv", "xlsx"):
        path = tmp_path / f"export.{suffix}"
        write_table(path, COLUMNS, rows(sqlite_office, AssetList()), title="Assets")
        checked.take(path)
        settled(checked)
        assert counts(checked) == (0, 0, GOOD, 0), suffix
    assert list(rows(sqlite_office, AssetList())) == before


def test_the_whole_way_on_postgresql(open_window, postgres_url, clock, register, settled, press):
    from cbo_desk.office import Office
    from cbo_desk.permissions import administrator
    from db.engine import open_engine

    office = Office(open_engine(postgres_url), administrator("ada", "Ada Achieng", "DESK-1"), clock)
    window = open_window(office)
    window.shell.go("property")
    page = window.shell.go("property/import")
    page.take(register)
    settled(page)
    page.task.mend(2, "Location", "M-214")
    settled(page)
    bring_in(page, settled, press)
    assert office.read(figures).total == GOOD + 1
    page.take(register)
    settled(page)
    assert counts(page) == (0, 0, GOOD, BAD)
