"""The faults of a file: row, column, what stands there, what to do, and the correction that one click makes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QVBoxLayout, QWidget

from cbo_desk.tabular import Counts, Fault
from ui.imports.phrases import rows
from ui.imports.work import Likeness, Listed, ready_rows
from ui.kit.buttons import Button
from ui.kit.cards import frame, line, rule
from ui.kit.cells import Look
from ui.kit.labels import ElidedLabel, Label
from ui.kit.tables import dress
from ui.kit.theme import px

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
LOOKS = (
    Look("row", "num", 58),
    Look("column", "ref", 96, 1),
    Look("value", "muted", 96, 2),
    Look("deed", "text", 220, stretch=True),
    Look("mend", "link", 124),
)
DEED, MEND = 3, 4


class FaultsModel(QAbstractTableModel):
    """Every fault of the file."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.faults: Sequence[Fault] = ()

    def show_faults(self, faults: Sequence[Fault]) -> None:
        """Show these faults."""
        self.beginResetModel()
        self.faults = faults
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self.faults)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(LOOKS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A column's heading."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("Row"), self.tr("Column"), self.tr("In the file"), self.tr("What to do"), "")[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What one cell is to Qt."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        fault = self.faults[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return fault.what_to_do if index.column() != MEND else None
        value = " ".join(fault.value.split()) or self.tr("blank")
        column = fault.column or self.tr("The row")
        return (f"{fault.row:,}", column, value, fault.what_to_do, self._verb(fault))[index.column()]

    def _verb(self, fault: Fault) -> str:
        if fault.mend is not None:
            return fault.mend.label
        return self.tr("Go to row {row}").format(row=f"{fault.other_row:,}") if fault.other_row else ""


class FaultsTable(QTableView):
    """The list of faults. `pressed_enter` when Enter is hit on one."""

    pressed_enter = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hear a key."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pressed_enter.emit()
            return
        super().keyPressEvent(event)


class FaultsPane(QWidget):
    """The faults with what to do.

    Signals: `gone_to(Fault)` when the person looks at one; `mend_asked(Fault, all)` when its correction is wanted, in
    all cells alike or in this one;
    `other_asked(row)` when the row it is at odds with is wanted; `correct_asked` to type another text; `next_asked`.
    """

    gone_to = Signal(object)
    mend_asked = Signal(object, bool)
    other_asked = Signal(int)
    correct_asked = Signal()
    next_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._alike: Mapping[Likeness, int] = {}
        self.model = FaultsModel(self)
        self.table = FaultsTable(self)
        self.table.setModel(self.model)
        dress(self.table, LOOKS, title=self.tr("Faults"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.about = ElidedLabel("", "small-muted")
        self.alike_button = Button("", "check", "link", lambda: self.mend_asked.emit(self.fault(), True))
        self.alike_button.hide()
        self.next_button = Button(self.tr("Next fault"), "chevron-down", "link", self.next_asked.emit, "F8")
        top = line(
            Label(self.tr("Faults"), "h3"), self.about, self.alike_button, self.next_button, margins=(14, 8, 10, 8)
        )
        top.setStretch(1, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        # The whole of a sentence that its column cuts off: what to do must never need a mouse to be read.
        self.whole = Label("", "small", wrap=True)
        self.whole.setContentsMargins(14, 4, 14, 6)
        self.whole.hide()
        box.addWidget(frame(top, rule(), self.table, self.whole, margins=(1, 1, 1, 1)))
        self.table.horizontalHeader().sectionResized.connect(lambda *_: self._say_whole())
        self.table.selectionModel().currentRowChanged.connect(self._moved)
        self.table.clicked.connect(self._clicked)
        self.table.pressed_enter.connect(self._enter)

    def show_faults(self, listed: Listed, counts: Counts) -> None:
        """Show the faults of a checked file; the one looked at stays, or the one after it."""
        faults, self._alike = listed.faults, listed.alike
        place = self.table.currentIndex().row()
        blocked = self.table.selectionModel().blockSignals(True)
        self.model.show_faults(faults)
        self.table.selectionModel().blockSignals(blocked)
        refused, good = counts.refused, ready_rows(counts) + counts.unchanged
        words = self.tr("{bad} cannot go in; the other {good} can go in without them")
        if not good:
            words = self.tr("{bad} cannot go in, and there is no other")
        self.about.setText(words.format(bad=rows(refused), good=f"{good:,}") if refused else self.tr("none"))
        self.next_button.setEnabled(bool(faults))
        if faults and place >= 0:
            self._go(min(place, len(faults) - 1))
        self._offer_alike()

    def show_row(self, row: int) -> None:
        """Mark the first fault of a row of the file, without moving anything else."""
        current = self.fault()
        if current is not None and current.row == row:
            return
        place = self._first_of(row)
        blocked = self.table.selectionModel().blockSignals(True)
        if place >= 0:
            self._go(place)
        else:
            self.table.clearSelection()
        self.table.selectionModel().blockSignals(blocked)
        self.table.viewport().update()
        self._offer_alike()

    def fault(self) -> Fault | None:
        """The fault looked at."""
        place = self.table.currentIndex().row()
        return self.model.faults[place] if 0 <= place < len(self.model.faults) else None

    def go_on(self) -> None:
        """Look at the next fault, after the last one at the first."""
        if self.model.faults:
            chosen = self.table.selectionModel().hasSelection()
            self._go((self.table.currentIndex().row() + 1) % len(self.model.faults) if chosen else 0)

    def _first_of(self, row: int) -> int:
        """The place of a row's first fault; the faults stand in the order of the file."""
        faults = self.model.faults
        place = bisect_left(faults, row, key=lambda fault: fault.row)
        return place if place < len(faults) and faults[place].row == row else -1

    def _go(self, place: int) -> None:
        index = self.model.index(place, 0)
        if self.table.currentIndex().row() == place and not self.table.selectionModel().isSelected(index):
            self.table.selectionModel().clearCurrentIndex()
        self.table.setCurrentIndex(index)
        self.table.scrollTo(index)

    def _moved(self, current: QModelIndex, _before: QModelIndex) -> None:
        fault = self.fault()
        if current.isValid() and fault is not None:
            self.gone_to.emit(fault)
        self._offer_alike()

    def _offer_alike(self) -> None:
        """Offer to mend every cell alike, where there are others."""
        self._say_whole()
        fault = self.fault()
        same = 0 if fault is None or fault.mend is None else self._alike.get((fault.column, fault.value, fault.mend), 0)
        self.alike_button.setVisible(same > 1)
        if fault is not None and fault.mend is not None and same > 1:
            words = self.tr("{mend} in all {count}").format(mend=fault.mend.label, count=f"{same:,}")
            self.alike_button.set_words(words)

    def _say_whole(self) -> None:
        """Say below the list what its column cuts off."""
        fault = self.fault()
        words = "" if fault is None else fault.what_to_do
        room = self.table.columnWidth(DEED) - px(20)
        cut_off = bool(words) and self.table.fontMetrics().horizontalAdvance(words) > room
        self.whole.setText(words if cut_off else "")
        self.whole.setVisible(cut_off)

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == MEND and index.data():
            self._do()

    def _enter(self) -> None:
        fault = self.fault()
        if fault is not None and not self._do():
            self.gone_to.emit(fault)
            self.correct_asked.emit()

    def _do(self) -> bool:
        """Do what the fault offers; False where it offers nothing."""
        fault = self.fault()
        if fault is not None and fault.mend is not None:
            self.mend_asked.emit(fault, False)
        elif fault is not None and fault.other_row:
            self.other_asked.emit(fault.other_row)
        else:
            return False
        return True
