"""Where the cursor of a list stands when the program puts it there, whatever keys are held down."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QTableView


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
