"""The print window: which tags, which cells, how they look, where they print, left to right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QPushButton

from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.progress import Cancelled, Progress
from cbo_desk.tags import (
    Supplies,
    TagLine,
    queues,
    supplies,
    tags_in_use,
    tags_of,
)
from cbo_desk.tags.emblem_files import Emblems, fetch_emblems
from cbo_desk.tags.layout import LabelLayout
from cbo_desk.tags.output import PrinterProfile
from cbo_desk.tags.plan import PrintPlan
from cbo_desk.tags.stocks import LabelStock
from ui.bench import Bench
from ui.kit.theme import px
from ui.tags import habits
from ui.tags.choice import Choice
from ui.tags.deeds import PrintDeeds
from ui.tags.part_sheet import PartSheet
from ui.tags.parts import BoxParts
from ui.tags.printing import Order, Printing
from ui.tags.system_printers import Printers, find_printers

PAUSE_MS = 40
_TOUCHING = {"tags.tag", "tags.print_job", "tags.part_sheet", "tags.stock", "tags.printer", "settings.dated"}


class PrintBox(QFrame):
    """Prints tags of one kind of record. `closed` asks for the window to go; the choice is kept unless it is printed.

    Enter prints, Space ticks or marks, Esc closes.
    """

    closed = Signal()
    help_page = "print"

    def __init__(self, bench: Bench, kind: str) -> None:
        super().__init__()
        self.setProperty("look", "raised")
        self.setAccessibleName(self.tr("Print tags"))
        self.bench, self._kind = bench, kind
        self.draft = f"tags.print.{kind}"
        self.choice = Choice(self)
        self.deeds = PrintDeeds(self)
        self.sheet = PartSheet(bench.runner, self)
        self.printing = bench.shell.findChild(Printing) or Printing(bench.runner, bench.shell)
        self.supplies: Supplies | None = None
        self.stock: LabelStock | None = None
        self.plan: PrintPlan | None = None
        self._planning: Progress | None = None
        self._expecting = False
        self.planned = False
        self._printers = Printers((), "")
        self._emblems_of: dict[str, int] = {}
        self._emblems = Emblems()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._replan)
        self.parts = BoxParts(self, bench, kind, self.choice)
        self._connect()

    def begin(self, ids: Sequence[int]) -> None:
        """Choose the tags of these records; without any, show what was kept and the queue of tags never printed."""
        runner = self.bench.runner
        self._read()
        self.printing.ask(self, find_printers, self._take_printers)
        if ids:
            self._expecting = True  # no button goes grey, and so loses the focus, while the tags are on their way
            runner.read(self, tags_of, self._kind, list(ids), done=self._take_lines, failed=self.fail)
            self.parts.print_button.setFocus()
            return
        kept = self.bench.drafts.find(self.draft)
        tags = [int(ident) for ident in kept.typed.get("tags", [])] if kept else []
        off = [int(ident) for ident in kept.typed.get("off", [])] if kept else []
        if tags:
            done = partial(self.choice.put, off=off)
            runner.read(self, tags_in_use, tags, done=done, failed=self.fail)
        self.parts.queue.open_tab("fresh")
        self.parts.queue.list.setFocus()

    def keep(self) -> None:
        """Keep the choice while the window is closed."""
        if self._planning is not None:
            self._planning.cancel()
        if self.choice.lines():
            self.bench.drafts.keep(self.draft, dict(self.choice.kept()))
        else:
            self.bench.drafts.forget(self.draft)

    def sizeHint(self) -> QSize:
        """The size it would like; the window gives what it has."""
        return QSize(px(1232), px(808))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the form or the log within; Enter presses the button it is on, or prints."""
        if self.parts.panel is not None:
            if event.key() == Qt.Key.Key_Escape:
                self.parts.close_panel()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = QApplication.focusWidget()
            if isinstance(focus, QPushButton) and focus is not self.parts.print_button:
                focus.click()
            else:
                self.deeds.print_now()
            return
        super().keyPressEvent(event)

    # --- what comes in

    def _connect(self) -> None:
        parts, deeds = self.parts, self.deeds
        parts.stock.chosen.connect(self._choose_stock)
        parts.stock.edit_asked.connect(deeds.edit_stock)
        parts.stock.new_asked.connect(deeds.new_stock)
        parts.stock.marked.connect(self.sheet.mark)
        parts.stock.page_asked.connect(parts.show_page)
        parts.settings.changed.connect(self._settings_changed)
        parts.settings.printer_chosen.connect(self._choose_printer)
        parts.settings.ruler_asked.connect(deeds.print_ruler)
        parts.settings.measure_asked.connect(deeds.enter_measured)
        parts.settings.wording_asked.connect(deeds.set_wording)
        parts.preview.looked.connect(self._show_sheet)
        parts.preview.size_chosen.connect(partial(self.bench.preferences.set, habits.ENLARGED))
        parts.queue.looked_at.connect(parts.look_at)
        self.choice.changed.connect(self._plan_soon)
        self.sheet.changed.connect(self._cells_changed)
        self.sheet.failed.connect(self._not_marked)
        self.bench.runner.changed.connect(self._hear)
        self.bench.runner.progressed.connect(parts.strip.report)

    def _take_supplies(self, found: Supplies) -> None:
        if self._emblems_of != found.emblems:
            self._emblems_of = dict(found.emblems)
            work = partial(fetch_emblems, self.bench.runner.office, self._emblems_of)
            self.bench.runner.job(self, work, self._take_emblems, self.fail)
        self.supplies = found
        names = {stock.name: stock for stock in found.stocks}
        wanted = self.stock.name if self.stock is not None else self._remembered_stock()
        self.stock = names.get(wanted) or names.get(habits.USUAL_STOCK) or found.stocks[0]
        self.sheet.take(self.stock, found)
        self.parts.stock.show_stocks(found.stocks, self.stock.name)
        self.parts.stock.edit_button.set_words(
            self.tr("Edit") if self.stock.name in found.own else self.tr("Edit a copy")
        )
        self.parts.settings.offer_layouts(found.wording, emblems=bool(found.emblems))
        self._show_printers()
        self._plan_soon()

    def _take_lines(self, lines: list[TagLine]) -> None:
        self._expecting = False
        self.choice.put(lines)

    def _take_emblems(self, found: Emblems) -> None:
        self._emblems = found
        self._plan_soon()

    def _take_printers(self, found: Printers) -> None:
        self._printers = found
        self._show_printers()

    def _show_printers(self) -> None:
        if self.stock is None or self.supplies is None:
            return
        chosen = self.bench.preferences.entry(habits.PRINTERS, self.stock.name)
        if chosen is None:
            chosen = self._printers.usual
        self.parts.settings.show_printers(self._printers.names, chosen)
        self.parts.settings.show_measured(self.supplies.printers)

    def _hear(self, changes: Changes) -> None:
        if _TOUCHING & set(changes.touched()):
            self._read()

    # --- choosing

    def _remembered_stock(self) -> str:
        return self.bench.preferences.entry(habits.STOCKS, self._kind) or habits.USUAL_STOCK

    def _choose_stock(self, name: str) -> None:
        if self.supplies is None:
            return
        self.stock = next(stock for stock in self.supplies.stocks if stock.name == name)
        self.bench.preferences.set_entry(habits.STOCKS, self._kind, name)
        self.parts.settings.forget_start()
        self._take_supplies(self.supplies)

    def _choose_printer(self, name: str) -> None:
        if self.stock is not None and self.supplies is not None:
            self.bench.preferences.set_entry(habits.PRINTERS, self.stock.name, name)
            self.parts.settings.show_measured(self.supplies.printers)

    def _settings_changed(self) -> None:
        self.bench.preferences.set(habits.LAYOUT, ",".join(self.parts.settings.elements()))
        self._plan_soon()

    def _cells_changed(self) -> None:
        self.parts.settings.forget_start()
        self._plan_soon()

    def _not_marked(self, error: Exception) -> None:
        if self.supplies is not None:
            self._take_supplies(self.supplies)
        self.fail(error)

    # --- laying out

    def order(self) -> Order | None:
        """All that would be printed now; None as long as the stocks are not known."""
        if self.stock is None or self.supplies is None:
            return None
        settings = self.parts.settings
        measured = self.supplies.printers.get(settings.printer())
        return Order(
            tuple(self.choice.ticked()),
            self.stock,
            LabelLayout(settings.elements(), self.supplies.wording, self._emblems.files),
            self.sheet.used,
            settings.start_at(),
            settings.copies(),
            measured.profile if measured else PrinterProfile(),
            self._emblems,
        )

    def _plan_soon(self) -> None:
        self.planned = False
        self._pause.start()

    def _replan(self) -> None:
        order = self.order()
        if order is None or self._expecting:
            return
        if self._planning is not None:
            self._planning.cancel()
        self.parts.show_faults()
        if not order.lines:
            self._take_plan(order, None)
            return
        work: Callable[[Progress], PrintPlan] = lambda progress: order.plan(progress.report)  # noqa: E731
        self._planning = self.bench.runner.job(self, work, partial(self._take_plan, order), self._not_planned)

    def _take_plan(self, order: Order, plan: PrintPlan | None) -> None:
        if order != self.order():
            return  # something else was chosen meanwhile, and is being laid out
        self.plan, self._planning, self.planned = plan, None, True
        self.parts.settings.show_start(order.stock, self.sheet.used, plan)
        self.parts.preview.show_plan(plan)
        self.parts.say_plan(order.stock, len(order.lines), plan)
        if plan is not None:
            self.deeds.laid_out()

    def _show_sheet(self, place: int) -> None:
        if self.stock is not None:
            self.parts.show_sheet(self.stock, self.sheet.used, self.plan, place)

    def _not_planned(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            return
        self.plan = None
        self.deeds.forget_wait()
        self.parts.preview.show_plan(None)
        self.fail(error)

    # --- bad news

    def fail(self, error: Exception) -> None:
        """Show a refusal beside what it is about, trouble above the buttons; our own faults go to the window."""
        field = (error.field or "") if isinstance(error, Refusal) else ""
        if isinstance(error, Refusal | Trouble):
            again = None if isinstance(error, Refusal) else partial(self.begin_again)
            if not self.parts.show_faults(field, str(error)):
                self.parts.say_notice(str(error), self.tr("Try again") if again else "", again)
        elif not isinstance(error, Cancelled):
            self.bench.runner.failed.emit(error)

    def begin_again(self) -> None:
        """Read everything anew after trouble."""
        self.parts.show_faults()
        self._read()

    def _read(self) -> None:
        self.bench.runner.read(self, supplies, done=self._take_supplies, failed=self.fail)
        self.bench.runner.read(self, queues, self._kind, done=self.parts.queue.show_counts, failed=self.fail)
