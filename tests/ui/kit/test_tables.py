"""Lists: columns that hide by priority and are remembered, copying, painting of every kind, a million rows."""

from __future__ import annotations

import random
import string
import sys
import time

import pytest
from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QPoint, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QTableView, QWidget

from tests.ui.kit.gallery import HEADINGS, LOOKS, ROWS, Assets
from ui.kit.cells import MARK_ROLE, VALUE_ROLE, Look
from ui.kit.chips import Status, paint_chip
from ui.kit.cursor import choose_row
from ui.kit.inks import Inks
from ui.kit.preferences import COLUMNS
from ui.kit.tables import RowCount, dress, rows_as_tsv
from ui.kit.theme import apply_theme, px

KINDS = ("ref", "text", "muted", "num", "money", "date", "chip", "link", "icon", "share")


def make_table(qtbot, preferences=None, rows=400, width=900):
    window = QWidget()
    qtbot.addWidget(window)
    table = QTableView(window)
    table.setModel(Assets(table, rows))
    columns = dress(table, LOOKS, "assets", preferences, title="Assets")
    table.resize(width, 400)
    window.resize(width, 400)
    window.show()
    table.kept = window
    return table, columns


def shown(table):
    return [LOOKS[n].key for n in range(len(LOOKS)) if not table.isColumnHidden(n)]


def test_a_row_the_program_chooses_is_chosen_whatever_key_is_down(app, qtbot):
    table, _ = make_table(qtbot)
    qtbot.keyPress(table, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    choose_row(table, 3)
    choose_row(table, 3)
    assert [index.row() for index in table.selectionModel().selectedRows()] == [3]
    assert table.currentIndex() == table.model().index(3, 0)
    table.selectRow(3)  # the control: Qt's own takes it out again
    assert not table.selectionModel().hasSelection()
    qtbot.keyRelease(table, Qt.Key.Key_Control)


def test_columns_hide_least_needed_first_and_come_back(app, qtbot):
    table, _ = make_table(qtbot)
    seen = []
    for width in (900, 760, 660, 560, 470, 300, 900):
        table.resize(width, 400)
        seen.append(shown(table))
    assert seen[0] == [look.key for look in LOOKS] == seen[-1]
    assert seen[1] == ["number", "description", "place", "custodian", "entity", "state"]
    assert seen[2] == ["number", "description", "place", "custodian", "state"]
    assert seen[3] == ["number", "description", "place", "state"]
    assert seen[4] == ["number", "description", "state"]
    assert seen[5] == ["number", "description"]


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
def test_columns_fill_the_width_and_never_more(app, qtbot, scale):
    apply_theme(app, "light", scale)
    for width in range(420, 1300, 97):
        table, _ = make_table(qtbot, width=width)
        header = table.horizontalHeader()
        total = sum(header.sectionSize(n) for n in range(header.count()) if not header.isSectionHidden(n))
        least = px(LOOKS[0].width) + px(LOOKS[1].width)
        assert total == max(table.viewport().width(), least)


def test_what_a_person_chose_is_remembered(app, qtbot, preferences):
    table, columns = make_table(qtbot, preferences)
    columns.show_column("entity", False)
    table.horizontalHeader().resizeSection(2, 140)
    table.horizontalHeader().moveSection(6, 2)
    columns._remember()
    again, _ = make_table(qtbot, preferences)
    assert "entity" not in shown(again)
    assert again.columnWidth(2) == 140
    assert again.horizontalHeader().visualIndex(6) == 2


def test_a_damaged_memory_is_no_memory(app, qtbot, preferences):
    preferences._store.setValue(COLUMNS.key, "{not json")
    table, _ = make_table(qtbot, preferences)
    assert shown(table) == [look.key for look in LOOKS]
    preferences.set(COLUMNS, {"assets": "nonsense"})
    make_table(qtbot, preferences)


def test_the_choice_of_columns_is_a_menu(app, qtbot):
    table, columns = make_table(qtbot)
    menu = columns.menu(table)
    entries = {entry.text(): entry for entry in menu.actions()}
    assert list(entries) == list(HEADINGS)
    assert not entries["Inventory no."].isEnabled()
    entries["Place"].setChecked(False)
    assert "place" not in shown(table)


def test_selected_rows_are_copied_as_tsv_without_hidden_columns(app, qtbot):
    table, columns = make_table(qtbot)
    columns.show_column("entity", False)
    pick = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    table.selectionModel().select(table.model().index(3, 0), pick)
    table.selectionModel().select(table.model().index(1, 0), pick)
    table.window().activateWindow()
    qtbot.waitUntil(table.window().isActiveWindow)
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
    keep = [0, 1, 2, 3, 5, 6]
    assert lines == [[cells[n] for n in keep] for cells in (HEADINGS, ROWS[1], ROWS[3])]
    assert rows_as_tsv(table) == QGuiApplication.clipboard().text()


class Kinds(QAbstractTableModel):
    """One column of every kind; text, value and mark are given."""

    def __init__(self, parent, text, value, mark):
        super().__init__(parent)
        self.answers = {Qt.ItemDataRole.DisplayRole: text, VALUE_ROLE: value, MARK_ROLE: mark}

    def rowCount(self, parent=QModelIndex()):  # noqa: B008
        return 3

    def columnCount(self, parent=QModelIndex()):  # noqa: B008
        return len(KINDS)

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        answer = self.answers.get(role)
        return answer.get(KINDS[index.column()]) if isinstance(answer, dict) else answer


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("text", ["", "…", "—", "a very long text that will never fit into its cell", None, 'x"\n\t'])
@pytest.mark.parametrize("mark", [None, "bad", "warn", "nonsense"])
def test_every_kind_of_cell_is_painted_whatever_is_in_it(app, qtbot, text, mark, mirrored, capfd):
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight)
    values = {"chip": Status("Late", "bad", "circle-alert"), "icon": "mail", "share": (0.4, "warn")}
    for value in (values, None):
        table = QTableView()
        qtbot.addWidget(table)
        table.setModel(Kinds(table, text, value, mark))
        dress(table, [Look(kind, kind, 70) for kind in KINDS])
        table.resize(740, 150)
        table.selectRow(1)
        table.grab()
    assert "Traceback" not in capfd.readouterr().err


def test_a_fault_is_marked_in_its_cell(app, qtbot):
    from ui.kit.theme import colour

    table = QTableView()
    qtbot.addWidget(table)
    table.setModel(Kinds(table, "5.1E+14", None, "bad"))
    dress(table, [Look(kind, kind, 100) for kind in KINDS])
    table.resize(1100, 150)
    picture = table.viewport().grab().toImage()
    assert picture.pixelColor(8, 17) == colour("bad_back")


def test_words_are_shortened_where_qt_would_shorten_them_and_never_cut(app):
    apply_theme(app, "light", 1.0)
    chance, inks = random.Random(2), Inks()
    inks.renew()
    letters = [*string.ascii_letters, *string.digits, *" ,.-/éüÑşĳ日本مرحبไทย"]
    shortened = 0
    for _ in range(600):
        kind, width = chance.choice(("ref", "text", "money", "muted")), chance.randrange(20, 200)
        text = "".join(chance.choices(letters, k=chance.randrange(1, 30)))
        metrics = QFontMetrics(inks.fonts[kind])
        found = inks.fitted(kind, text, width)
        shortened += found != text
        assert found == metrics.elidedText(text, Qt.TextElideMode.ElideRight, width), (kind, text, width)
    assert 100 < shortened < 500


def test_a_chip_kept_as_a_picture_follows_the_theme_and_its_room(app):
    def painted(theme, width):
        apply_theme(app, theme, 1.0)
        image = QImage(160, 34, QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        paint_chip(painter, QRectF(4, 0, width, 34), Status("Awaiting disposal", "warn", "archive"))
        painter.end()
        return image

    first = painted("light", 140)
    others = [painted("dark", 140), painted("light", 60)]
    assert all(other != first for other in others)
    assert painted("light", 140) == first


def test_hover_follows_the_mouse(app, qtbot):
    from ui.kit.theme import colour

    table, _ = make_table(qtbot)
    view = table.viewport()
    qtbot.mouseMove(view, QPoint(200, 34 * 3 + 5))
    ground = view.grab().toImage().pixelColor(3, 34 * 3 + 5)
    assert ground == colour("hover")


def test_a_million_rows_cost_nothing(app, qtbot):
    started = time.perf_counter()
    table, _ = make_table(qtbot, rows=1_000_000)
    table.grab()
    opened = time.perf_counter() - started
    started = time.perf_counter()
    table.scrollTo(table.model().index(900_000, 0))
    table.selectAll()
    table.grab()
    jumped = time.perf_counter() - started
    sys.stdout.write(f"1,000,000 rows opened in {opened * 1000:.0f} ms, jumped and painted in {jumped * 1000:.0f} ms\n")
    assert table.verticalScrollBar().value() > 0


def test_the_foot_tells_shown_of_all(app, qtbot):
    foot = RowCount()
    qtbot.addWidget(foot)
    foot.say(612_408, 1_204_311, "{count:asset|assets}", "sorted by last change")
    assert foot.rows.text() == "612,408 of 1,204,311 assets"
    foot.say(3, 3, "{count:asset|assets}")
    assert foot.rows.text() == "3 assets"
    foot.say_selected(2)
    assert foot.chosen.text() == "2 selected"
    foot.say_selected(0)
    assert foot.chosen.text() == ""
