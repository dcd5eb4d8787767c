"""Which record of a list is in hand: the row the eye has settled on, or the one that was named, wherever it stands."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, QTimer, Signal
from PySide6.QtWidgets import QTableView

from ui.kit.window_model import WindowModel

SETTLE_MS = 60
FOLLOW_MS = 100
"""Of records that are named faster than this, as scans are, the list goes only to the row of the last one."""


def choose_row(table: QTableView, row: int) -> None:
    """Put the cursor on a row and select it alone.

    `QTableView.selectRow` obeys whatever keys are held down: while Ctrl is, it takes a selected row out instead.
    """
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    table.selectionModel().setCurrentIndex(table.model().index(row, _first_column(table)), flags)


def _first_column(table: QTableView) -> int:
    """The column that is seen first: a cursor in a hidden one could not be moved by the arrow keys."""
    header = table.horizontalHeader()
    seen = (header.logicalIndex(place) for place in range(header.count()))
    return next((column for column in seen if not header.isSectionHidden(column)), 0)


class Cursor(QObject):
    """The record in hand of one table over a window model; `ident` is its id, None before any.

    Signal: `settled(int)` when the person's eye has settled on another row: that record is in hand now.
    """

    settled = Signal(int)

    def __init__(self, table: QTableView, model: WindowModel, parent: QObject) -> None:
        super().__init__(parent)
        self._table, self._model = table, model
        self._following = model.following
        self._ticket: int | None = None
        self._towards: int | None = None
        """What the eye goes to while it settles: a list that is shown anew meanwhile must not lead it back."""
        self.ident: int | None = None
        self.named = False
        """Whether the record in hand was named, by a scan or a number, and not chosen by its row."""
        self._was_empty = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SETTLE_MS)
        self._pause.timeout.connect(self._settle)
        self._follow = QTimer(self)
        self._follow.setSingleShot(True)
        self._follow.setInterval(FOLLOW_MS)
        self._follow.timeout.connect(self._look_for)
        # What came is chosen once the table, too, has taken note of it.
        self._arrived = QTimer(self)
        self._arrived.setSingleShot(True)
        self._arrived.setInterval(0)
        self._arrived.timeout.connect(self._return)
        model.rowsInserted.connect(lambda: self._arrived.start())
        model.rowsRemoved.connect(self._went)
        model.found.connect(self._found)
        model.modelReset.connect(self._fresh)
        model.counted.connect(self._counted)
        table.selectionModel().currentRowChanged.connect(self._moved)
        # The row under the cursor may be selected only later: a list that is entered has a cursor and no selection.
        table.selectionModel().selectionChanged.connect(lambda *_: self._moved(table.currentIndex(), QModelIndex()))

    @property
    def resting(self) -> bool:
        """Whether no move of the eye is still to be followed."""
        return not (self._pause.isActive() or self._follow.isActive())

    def name(self, ident: int) -> None:
        """Take a record in hand by its id: its row is chosen if the list holds it, and no other row until then."""
        # A row chosen just before must not come after this one: scans follow each other faster than the eye settles.
        self._stop()
        self.ident, self.named = ident, True
        self._table.clearSelection()
        self._table.selectionModel().clearCurrentIndex()
        if self._model.row_of(ident) is None:
            self._follow.start()
        else:
            self._follow.stop()
            self._model.position_of(ident)

    def forget(self) -> None:
        """Nothing is in hand: the first row of what is listed next will be."""
        self._stop()
        self._follow.stop()
        self.ident, self.named = None, False

    def _look_for(self) -> None:
        if self.ident is not None and self.named:
            self._model.position_of(self.ident)

    def _counted(self, total: int, _seconds: float) -> None:
        if total == 0:
            self._was_empty = True
        else:
            self._return()

    def _went(self) -> None:
        self._was_empty = self._was_empty or not self._model.rowCount()

    def _return(self) -> None:
        """Choose the record in hand wherever its row comes from, or the first row of a list that was empty.

        What is selected counts, not where Qt put the cursor when the list was entered.
        """
        known = (self._model.row_of(each) for each in (self._towards, self.ident) if each is not None)
        nothing = 0 if self.ident is None and self._was_empty else None
        row = next((row for row in known if row is not None), nothing)
        if row is not None and self._model.rowCount() and not self._table.selectionModel().hasSelection():
            self._was_empty = False
            choose_row(self._table, row)

    def _take(self, current: QModelIndex) -> None:
        """Who goes into a list that no longer holds what was chosen means the row of the cursor.

        A card that was scanned stays, whatever the list holds.
        """
        chosen = self._table.selectionModel().hasSelection()
        if current.isValid() and self._table.hasFocus() and not self.named and not chosen:
            choose_row(self._table, current.row())

    def _fresh(self) -> None:
        self._return()
        if self._model.rowCount() and self.ident is None and not self._table.currentIndex().isValid():
            choose_row(self._table, 0)

    def _found(self, ident: object, row: int) -> None:
        if ident == self.ident and row >= 0:
            choose_row(self._table, row)
            self._table.scrollTo(self._model.index(row, 0))

    def _moved(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            chosen = self._table.selectionModel().isRowSelected(current.row())
            self._towards = self._model.id_at(current.row()) if chosen else None
            self._start()

    def _start(self) -> None:
        if self._ticket is None:
            self._ticket = self._following.set_out(self._table)
        self._pause.start()

    def _stop(self) -> None:
        self._pause.stop()
        self._towards = None
        ticket, self._ticket = self._ticket, None
        if ticket is not None:
            self._following.arrive(ticket)

    def _settle(self) -> None:
        try:
            self._settle_now()
        finally:
            if not self._pause.isActive():
                self._stop()

    def _settle_now(self) -> None:
        current = self._table.currentIndex()
        if not current.isValid() or not self._table.selectionModel().isRowSelected(current.row()):
            self._return()
            self._take(current)
            return
        ident = self._model.id_at(current.row())
        if ident is None:
            self._start()
        elif ident != self.ident:
            self.ident, self.named = ident, False
            self.settled.emit(ident)
