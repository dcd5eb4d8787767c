"""The label of what was just received: printed at once where this workstation has a label printer, else queued."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cbo_desk.changes import Changes
from cbo_desk.errors import Trouble
from cbo_desk.mail import KIND
from cbo_desk.tags import Supplies, TagLine, supplies, tags_of
from ui.bench import Bench
from ui.tags import habits

if TYPE_CHECKING:  # what prints is loaded when something is printed
    from cbo_desk.tags.stocks import LabelStock
    from ui.tags.printing import Sink

ZPL_PORT = 9100
"""Where label printers on the network listen, unless told otherwise."""


class LabelsAtOnce(QObject):
    """Prints labels one after the other, and all that waited meanwhile together. `printed`, or `failed(str)` with why.

    A label printer is set where the labels of mail were last printed on a roll, on a printer or as ZPL. What could
    not be printed stays in the queue of the print window like any tag that was never printed.
    """

    printed = Signal()
    failed = Signal(str)

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._waiting: list[int] = []
        self._under_way = False
        self._supplies: Supplies | None = None
        self.read()
        bench.runner.changed.connect(self._hear)

    def is_set(self) -> bool:
        """Whether this workstation has a printer for the labels of mail."""
        return self._roll() is not None and self._sink() is not None

    def add(self, ids: Sequence[int]) -> None:
        """Print the labels of these items as soon as the printer is free."""
        self._waiting += ids
        self._next()

    def read(self) -> None:
        """Read the stocks anew: one may have been described or changed."""
        self._bench.runner.read(self, supplies, done=self._take)

    def _take(self, found: Supplies) -> None:
        self._supplies = found

    def _roll(self) -> LabelStock | None:
        name = self._bench.preferences.entry(habits.STOCKS, KIND)
        known = self._supplies.stocks if self._supplies is not None else ()
        return next((stock for stock in known if stock.name == name and stock.is_roll), None)

    def _sink(self) -> Sink | None:
        from ui.tags.printing import to_host, to_printer, to_queue

        stock = self._bench.preferences.entry(habits.STOCKS, KIND) or ""
        printer = self._bench.preferences.entry(habits.PRINTERS, stock)
        if printer:
            return to_printer(printer)
        last = self._bench.preferences.get(habits.ZPL)
        if last.get("way") == "host" and last.get("host"):
            return to_host(last["host"], int(last.get("port", ZPL_PORT)))
        return to_queue(last["queue"]) if last.get("way") == "queue" and last.get("queue") else None

    def _next(self) -> None:
        if self._under_way or not self._waiting:
            return
        self._under_way = True
        ids, self._waiting = self._waiting, []
        self._bench.runner.read(self, tags_of, KIND, ids, done=self._print, failed=self._not_printed)

    def _print(self, lines: list[TagLine]) -> None:
        from cbo_desk.tags.layout import LabelLayout
        from cbo_desk.tags.output import PrinterProfile
        from ui.tags.printing import Order, Printing

        stock, sink, found = self._roll(), self._sink(), self._supplies
        if stock is None or sink is None or found is None:
            self._not_printed(Trouble(self.tr("No roll of labels is chosen any more.")))
            return
        printer = self._bench.preferences.entry(habits.PRINTERS, stock.name) or ""
        measured = found.printers.get(printer)
        elements = tuple(one for one in self._bench.preferences.get(habits.LAYOUT).split(",") if one != "emblem")
        order = Order(
            tuple(lines),
            stock,
            LabelLayout(elements, found.wording),
            profile=measured.profile if measured else PrinterProfile(),
        )
        printing = self._bench.shell.findChild(Printing) or Printing(self._bench.runner, self._bench.shell)
        printing.carry_out(order, sink, self._was_printed, self._not_printed)

    def _hear(self, changes: Changes) -> None:
        if {"tags.stock", "tags.printer"} & set(changes.touched()):
            self.read()

    def _was_printed(self, _changes: Changes) -> None:
        self._under_way = False
        self.printed.emit()
        self._next()

    def _not_printed(self, error: Exception) -> None:
        """Say why; nothing is tried again by itself, since the printer may have printed half of it."""
        self._under_way = False
        self._waiting.clear()
        self.failed.emit(str(error))
