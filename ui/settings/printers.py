"""What is known of printers and label stocks: how far each printer is off, and the site's own stocks."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import local
from cbo_desk.plurals import Count
from cbo_desk.tags.supplies import Measured, Supplies, forget_printer, remove_stock, supplies
from ui.bench import Bench
from ui.kit.buttons import Button
from ui.kit.cards import ScrollCard
from ui.kit.chips import Status
from ui.kit.labels import Label
from ui.kit.phrases import day
from ui.settings.rows import setting_row


class PrintersPanel(QWidget):
    """Printers that were measured with the ruler page, and label stocks."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self.card = ScrollCard(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.card)
        bench.runner.changed.connect(self._hear)
        self.refresh()

    def refresh(self) -> None:
        """Read printers and stocks anew."""
        self._bench.runner.read(self, supplies, done=self._show)

    def _show(self, found: Supplies) -> None:
        printers = [self._printer(measured) for measured in found.printers.values()]
        if not printers:
            words = self.tr("Print a ruler page from the print window and enter what you measure.")
            printers = [setting_row("printer", self.tr("No printer measured yet"), words)]
        stocks = []
        for stock in found.stocks:
            buttons = []
            own = stock.name in found.own
            if own and self._bench.may(remove_stock):
                buttons = [Button(self.tr("Remove"), run=partial(self._bench.runner.write, remove_stock, stock.name))]
            used = len(found.used.get(stock.name, ()))
            cells = self.tr("{used:cell|cells} used").format(used=Count(used)) if used else ""
            status = Status(self.tr("Own"), "info", "pencil") if own else None
            stocks.append(
                setting_row("tags", stock.title, stock.words.removeprefix(f"{stock.title} · "), cells, status, buttons)
            )
        heads = (Label(self.tr("Printers"), "h2"), Label(self.tr("Label stocks"), "h2"))
        self.card.show_content(heads[0], *printers, 12, heads[1], *stocks, gap=0)

    def _printer(self, measured: Measured) -> QWidget:
        words = self.tr("{right} mm right, {up} mm up, {scale} % · measured {day} by {who}").format(
            right=f"{measured.right_mm:+.1f}",
            up=f"{measured.up_mm:+.1f}",
            scale=f"{measured.scale * 100:.1f}",
            day=day(local(measured.measured_at).date()),
            who=measured.measured_by,
        )
        buttons = []
        if self._bench.may(forget_printer):
            buttons = [
                Button(self.tr("Forget"), run=partial(self._bench.runner.write, forget_printer, measured.printer))
            ]
        return setting_row("printer", measured.printer, words, ends=buttons)

    def _hear(self, changes: Changes) -> None:
        if any(kind.startswith("tags.") for kind in changes.touched()):
            self.refresh()
