"""Columns and preview: the mapping as the head of the rows, faults outlined, each cell to be corrected in place."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QTableView, QVBoxLayout, QWidget

from cbo_desk.plurals import Count, Share
from cbo_desk.tabular import Field, Mapping
from ui.imports.heads import Heads
from ui.imports.rows import RowsModel, looks
from ui.imports.work import Checked, Opened
from ui.kit.buttons import Button
from ui.kit.cards import frame, line, rule
from ui.kit.cells import Cells
from ui.kit.labels import ElidedLabel, Label
from ui.kit.tables import dress
from ui.kit.theme import colour


class _Cells(Cells):
    """The cells of the preview; the one that Enter would correct has a frame."""

    def paint_over(self, painter: QPainter, box: QRect, row: int, column: int) -> None:
        """Frame it."""
        at = self.table.currentIndex()
        if column == 0 or not self.table.hasFocus() or (at.row(), at.column()) != (row, column):
            return
        painter.save()
        try:
            painter.setPen(QPen(colour("accent"), 1))
            painter.drawRoundedRect(box.adjusted(3, 4, -4, -5), 4, 4)
        finally:
            painter.restore()


class PreviewTable(QTableView):
    """The rows; Enter corrects the cell that is framed, or the row's first fault."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hear a key."""
        if self.state() == QAbstractItemView.State.EditingState:
            return  # Enter in the cell's editor comes by here before the text is taken
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain and self.currentIndex().isValid():
            index = self.currentIndex()
            model = self.model()
            if isinstance(model, RowsModel) and not 0 < index.column() <= len(model.names):
                index = model.index(index.row(), model.first_fault(index.row()) or 1)
                self.setCurrentIndex(index)
            self.edit(index)
            return
        super().keyPressEvent(event)


class PreviewPane(QWidget):
    """The file's rows under the choice of their fields.

    Signals: `taken(column, field)` when a column is to fill another field; `corrected(row, column, text)`; `at(row)`
    when another row is looked at.
    """

    taken = Signal(str, str)
    corrected = Signal(int, str, str)
    at = Signal(int)

    def __init__(self, fields: tuple[Field, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._fields = fields
        self._mapping = Mapping()
        self._everything = False
        self._wanted: frozenset[str] = frozenset()
        self.model = RowsModel(fields, self)
        self.table = PreviewTable(self)
        self.table.setModel(self.model)
        self.columns = dress(self.table, (), title=self.tr("Columns and preview"))
        self.cells = _Cells(self.table, ())
        self.table.setItemDelegate(self.cells)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.heads = Heads(self.table, fields)
        self.about = ElidedLabel("", "small-muted")
        self.all_button = Button("", "columns-3", "link", self.toggle_columns)
        top = line(Label(self.tr("Columns and preview"), "h3"), self.about, self.all_button, margins=(14, 8, 10, 8))
        top.setStretch(1, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(frame(top, rule(), self.table, margins=(1, 1, 1, 1)))
        self.heads.chosen.connect(self.taken)
        self.model.edited.connect(self.corrected)
        self.table.selectionModel().currentChanged.connect(self._moved)

    # --- what the page shows

    def show_file(self, file: Opened, mapping: Mapping) -> None:
        """Show a file's first rows while it is being checked."""
        self._everything, self._wanted = False, frozenset()
        self._fields = self.heads.fields = file.kind.fields
        self.model.show_file(file)
        self.heads.show_columns(self.model.names)
        self.show_mapping(mapping)

    def show_mapping(self, mapping: Mapping) -> None:
        """Show which column fills which field."""
        self._mapping = mapping
        self.heads.show_mapping(mapping)
        self._look()

    def show_result(self, result: Checked) -> None:
        """Show every row with what becomes of it; the row looked at stays."""
        row = self.row()
        self.model.show_result(result)
        self._wanted = result.listed.columns
        self._look()
        place = self.model.place_of(row) if row is not None else -1
        if self.model.rowCount():
            place = max(place, 0)
            self._go(place, self.model.first_fault(place))

    def show_again(self) -> None:
        """Some rows were mended: show what they are now."""
        row, column = self.row(), self.table.currentIndex().column()
        self.model.read_again()
        place = self.model.place_of(row) if row is not None else -1
        if place >= 0:
            self._go(place, column)

    def go_to(self, row: int, column: str) -> bool:
        """Lead to a row of the file and one of its columns; False where the row is not in view."""
        place = self.model.place_of(row)
        if place < 0:
            return False
        at = self.model.column_of(column)
        if self.table.horizontalHeader().isSectionHidden(at):
            self._wanted = frozenset([column])
            self._look()
        self._go(place, at)
        return True

    def row(self) -> int | None:
        """The number of the row looked at."""
        place = self.table.currentIndex().row()
        return self.model.number_at(place) if 0 <= place < self.model.rowCount() else None

    def correct(self) -> None:
        """Open the cell that is looked at for correcting."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        index = self.table.currentIndex()
        if index.isValid() and self.model.flags(index) & Qt.ItemFlag.ItemIsEditable:
            self.table.edit(index)

    def toggle_columns(self) -> None:
        """Show every column of the file, or those that are taken and find room."""
        self._everything = not self._everything
        self._look()

    # --- parts

    def _go(self, place: int, column: int) -> None:
        index = self.model.index(place, max(0, column))
        self.table.setCurrentIndex(index)
        self.table.scrollTo(index)

    def _look(self) -> None:
        found = looks(self.model.names, self._mapping, self._fields, self._wanted, self._everything)
        self.columns.looks[:] = found
        self.cells.looks[:] = found
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if self._everything else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.table.setHorizontalScrollBarPolicy(policy)
        self.columns.fit()
        self.heads.place()
        self._say()

    def _say(self) -> None:
        names = self.model.names
        header = self.table.horizontalHeader()
        shown = sum(not header.isSectionHidden(at) for at in range(1, len(names) + 1))
        words = self.tr("{taken:column|columns} taken · {shown} shown · rows with faults first")
        taken = sum(name in self._mapping.columns for name in names)
        self.about.setText(words.format(taken=Share(taken, len(names)), shown=shown))
        more = self.tr("All {all:column|columns}").format(all=Count(len(names)))
        self.all_button.set_words(self.tr("Columns taken") if self._everything else more)

    def _moved(self, current: QModelIndex, _before: QModelIndex) -> None:
        row = self.row()
        if current.isValid() and row is not None:
            self.at.emit(row)
