"""The part-used sheet of the chosen stock: which of its cells are gone, and how that is remembered."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from cbo_desk.changes import Changes
from cbo_desk.tags import Supplies, mark_cells
from cbo_desk.tags.stocks import LabelStock
from ui.kit.runner import Runner


class PartSheet(QObject):
    """The used cells as the window shows them. `changed` after a person marked one; `failed(error)` if it was not kept.

    What a person marks is shown at once; what is read meanwhile is older and waits until all marks are kept.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._stock: LabelStock | None = None
        self._pending = 0
        self.used: tuple[int, ...] = ()

    def take(self, stock: LabelStock, found: Supplies) -> None:
        """Show the sheet of a stock as it is remembered."""
        if self._pending and stock == self._stock:
            return
        self._stock = stock
        known = () if stock.is_roll else found.used.get(stock.name, ())
        self.used = tuple(cell for cell in known if cell <= stock.per_page)

    def mark(self, cell: int) -> None:
        """Mark a cell used, or free again; it is remembered for the stock even if the window is closed at once."""
        if self._stock is None:
            return
        self.used = tuple(sorted(set(self.used) ^ {cell}))
        self._pending += 1
        self._runner.write(mark_cells, self._stock.name, self.used, done=self._kept, failed=self._not_kept)
        self.changed.emit()

    def _kept(self, _changes: Changes) -> None:
        self._pending -= 1

    def _not_kept(self, error: Exception) -> None:
        self._pending -= 1
        if isValid(self):
            self.failed.emit(error)
        else:
            self._runner.failed.emit(error)
