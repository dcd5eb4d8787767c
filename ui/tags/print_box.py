"""The print window: which tags, which cells, how they look, where they print, left to right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QPushButton
from shiboken6 import isValid

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.progress import Cancelled, Progress
from cbo_desk.tags import (
    Queues,
    Supplies,
    TagLine,
    mark_cells,
    queues,
    save_printer,
    save_stock,
    set_label_wording,
    supplies,
    tags_in_use,
    tags_of,
)
from cbo_desk.tags.layout import LabelLayout
from cbo_desk.tags.output import PrinterProfile
from cbo_desk.tags.plan import PrintPlan, Tell
from cbo_desk.tags.stocks import LabelStock
from ui.bench import Bench
from ui.kit.dialogs import FormBox
from ui.kit.theme import px
from ui.tags import forms, habits
from ui.tags.choice import Choice
from ui.tags.emblems import Emblems, fetch_emblems
from ui.tags.files import ask_file
from ui.tags.log import PrintLog
from ui.tags.parts import BoxParts
from ui.tags.printing import Order, Printing, Sink, Unlogged, to_file, to_host, to_printer, to_queue
from ui.tags.system_printers import Printers, find_printers

PAUSE_MS = 40
_TOUCHING = {"tags.tag", "tags.print_job", "tags.part_sheet", "tags.stock", "tags.printer", "settings.dated"}


class PrintBox(QFrame):
    """Prints tags of one kind of record. `closed` asks for the window to go; the choice is kept unless it is printed.

    Enter prints, Space ticks or marks, Esc closes.
    """

    closed = Signal()

    def __init__(self, bench: Bench, kind: str) -> None:
        super().__init__()
        self.setProperty("look", "raised")
        self.setAccessibleName(self.tr("Print tags"))
        self._bench, self._kind = bench, kind
        self._draft = f"tags.print.{kind}"
        self.choice = Choice(self)
        self.printing = bench.shell.findChild(Printing) or Printing(bench.runner, bench.shell)
        self.supplies: Supplies | None = None
        self.stock: LabelStock | None = None
        self.plan: PrintPlan | None = None
        self._used: tuple[int, ...] = ()
        self._marking = 0
        self._planning: Progress | None = None
        self._planned = False
        self._print_when_planned = False
        self._under_way: Progress | None = None
        self._printers = Printers((), "")
        self._emblems_of: dict[str, int] = {}
        self._emblems = Emblems()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._replan)
        may = (bench.may(save_stock), bench.may(save_printer), bench.may(set_label_wording))
        elements = bench.preferences.get(habits.LAYOUT).split(",")
        self.parts = BoxParts(
            self, bench.runner, kind, self.choice, elements, bench.preferences.get(habits.ENLARGED), may
        )
        self._connect()

    def begin(self, ids: Sequence[int]) -> None:
        """Choose the tags of these records; without any, show what was kept and the queue of tags never printed."""
        runner = self._bench.runner
        runner.read(self, supplies, done=self._take_supplies, failed=self._failed)
        runner.read(self, queues, self._kind, done=self._take_counts, failed=self._failed)
        self.printing.ask(self, find_printers, self._take_printers)
        if ids:
            runner.read(self, tags_of, self._kind, list(ids), done=self.choice.put, failed=self._failed)
            self.parts.print_button.setFocus()
            return
        kept = self._bench.drafts.find(self._draft)
        tags = [int(ident) for ident in kept.typed.get("tags", [])] if kept else []
        off = [int(ident) for ident in kept.typed.get("off", [])] if kept else []
        if tags:
            done = partial(self.choice.put, off=off)
            runner.read(self, tags_in_use, tags, done=done, failed=self._failed)
        self.parts.queue.open_tab("fresh")
        self.parts.queue.list.setFocus()

    def keep(self) -> None:
        """Keep the choice while the window is closed."""
        if self._planning is not None:
            self._planning.cancel()
        if self.choice.lines():
            self._bench.drafts.keep(self._draft, dict(self.choice.kept()))
        else:
            self._bench.drafts.forget(self._draft)

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
                self.print_now()
            return
        super().keyPressEvent(event)

    # --- deeds

    def print_now(self) -> None:
        """Print on the chosen printer, as soon as it is known where everything comes."""
        if self._under_way is not None:
            return
        if not self._planned:
            self._print_when_planned = True
            return
        if self.parts.settings.printer() == habits.TO_PDF:
            self.save_as(".pdf")
        else:
            self._carry_out(to_printer(self.parts.settings.printer()))

    def save_as(self, suffix: str) -> None:
        """Ask for a file and print into it."""
        if self._ready():
            name = f"tags-{local(clock()):%Y-%m-%d-%H%M}{suffix}"
            ask_file(self, self._bench.preferences, name, lambda path: self._carry_out(to_file(path)))

    def ask_zpl(self) -> None:
        """Ask where ZPL goes."""
        if self._ready():
            last = self._bench.preferences.get(habits.ZPL)
            self.parts.open_panel(forms.zpl_box(last, self._send_zpl))

    def edit_stock(self) -> None:
        """Change an own stock, or describe one after the model of a shipped one."""
        if self.stock is not None and self.supplies is not None:
            own = self.stock.name in self.supplies.own
            self._open_form(forms.stock_box(self._bench.runner, self._bench.drafts, self.stock, own))

    def new_stock(self) -> None:
        """Describe a stock of one's own after the model of the one that is shown."""
        if self.stock is not None:
            self._open_form(forms.stock_box(self._bench.runner, self._bench.drafts, self.stock, own=False))

    def enter_measured(self) -> None:
        """Ask what was measured on the ruler page."""
        printer = self.parts.settings.printer()
        if self.stock is not None and printer != habits.TO_PDF:
            self._open_form(forms.measured_box(self._bench.runner, printer, self.stock))

    def set_wording(self) -> None:
        """Ask for the line that can stand on every label."""
        if self.supplies is not None:
            self._open_form(forms.wording_box(self._bench.runner, self.supplies.wording))

    def show_log(self) -> None:
        """Show the prints so far; their tags can be chosen again."""
        log = PrintLog(self._bench.runner, self)
        log.chosen.connect(self._choose_again)
        self.parts.open_panel(log)
        log.prints.setFocus()

    def print_ruler(self) -> None:
        """Print the ruler page of the stock."""
        if self.stock is None:
            return
        stock, printer = self.stock, self.parts.settings.printer()
        if printer == habits.TO_PDF:
            name = f"ruler-{stock.name}.pdf"
            ask_file(
                self, self._bench.preferences, name, lambda path: self._ruler(partial(_ruler_to_file, stock, path))
            )
        else:
            self._ruler(partial(_ruler_to_printer, stock, printer))

    def mark(self, cell: int) -> None:
        """Mark a cell used, or free again; it is remembered for the stock."""
        if self.stock is None:
            return
        self._used = tuple(sorted(set(self._used) ^ {cell}))
        self.parts.settings.forget_start()
        self._marking += 1
        owner = self.printing
        self._bench.runner.write(
            mark_cells, self.stock.name, self._used, done=self._was_marked, failed=self._not_marked, owner=owner
        )
        self._plan_soon()

    # --- what comes in

    def _connect(self) -> None:
        parts = self.parts
        parts.stock.chosen.connect(self._choose_stock)
        parts.stock.edit_asked.connect(self.edit_stock)
        parts.stock.new_asked.connect(self.new_stock)
        parts.stock.marked.connect(self.mark)
        parts.stock.page_asked.connect(self._show_page)
        parts.settings.changed.connect(self._settings_changed)
        parts.settings.printer_chosen.connect(self._choose_printer)
        parts.settings.ruler_asked.connect(self.print_ruler)
        parts.settings.measure_asked.connect(self.enter_measured)
        parts.settings.wording_asked.connect(self.set_wording)
        parts.preview.looked.connect(lambda _place: self._show_sheet())
        parts.preview.size_chosen.connect(partial(self._bench.preferences.set, habits.ENLARGED))
        parts.queue.looked_at.connect(self._look_at)
        self.choice.changed.connect(self._plan_soon)
        self._bench.runner.changed.connect(self._hear)
        self._bench.runner.progressed.connect(parts.strip.report)

    def _take_supplies(self, found: Supplies) -> None:
        if self._emblems_of != found.emblems:
            self._emblems_of = dict(found.emblems)
            work = partial(fetch_emblems, self._bench.runner.office, self._emblems_of)
            self._bench.runner.job(self, work, self._take_emblems, self._failed)
        self.supplies = found
        names = {stock.name: stock for stock in found.stocks}
        wanted = self.stock.name if self.stock is not None else self._remembered_stock()
        self.stock = names.get(wanted) or names.get(habits.USUAL_STOCK) or found.stocks[0]
        if self._marking == 0:
            self._used = self._cells_used(found)
        self.parts.stock.show_stocks(found.stocks, self.stock.name)
        self.parts.stock.edit_button.set_words(
            self.tr("Edit") if self.stock.name in found.own else self.tr("Edit a copy")
        )
        self.parts.settings.offer_layouts(found.wording, emblems=bool(found.emblems))
        self._show_printers()
        self._plan_soon()

    def _take_emblems(self, found: Emblems) -> None:
        self._emblems = found
        self._plan_soon()

    def _take_counts(self, counts: Queues) -> None:
        self.parts.queue.show_counts(counts)

    def _take_printers(self, found: Printers) -> None:
        self._printers = found
        self._show_printers()

    def _show_printers(self) -> None:
        if self.stock is None or self.supplies is None:
            return
        chosen = self._bench.preferences.entry(habits.PRINTERS, self.stock.name)
        if chosen is None:
            chosen = self._printers.usual
        self.parts.settings.show_printers(self._printers.names, chosen)
        self.parts.settings.show_measured(self.supplies.printers)

    def _hear(self, changes: Changes) -> None:
        if _TOUCHING & set(changes.touched()):
            self._bench.runner.read(self, supplies, done=self._take_supplies)
            self._bench.runner.read(self, queues, self._kind, done=self._take_counts)

    # --- choosing

    def _remembered_stock(self) -> str:
        return self._bench.preferences.entry(habits.STOCKS, self._kind) or habits.USUAL_STOCK

    def _choose_stock(self, name: str) -> None:
        if self.supplies is None:
            return
        self.stock = next(stock for stock in self.supplies.stocks if stock.name == name)
        self._bench.preferences.set_entry(habits.STOCKS, self._kind, name)
        self.parts.settings.forget_start()
        self._take_supplies(self.supplies)

    def _choose_printer(self, name: str) -> None:
        if self.stock is not None and self.supplies is not None:
            self._bench.preferences.set_entry(habits.PRINTERS, self.stock.name, name)
            self.parts.settings.show_measured(self.supplies.printers)

    def _settings_changed(self) -> None:
        self._bench.preferences.set(habits.LAYOUT, ",".join(self.parts.settings.elements()))
        self._plan_soon()

    def _choose_again(self, lines: list[TagLine]) -> None:
        self.parts.close_panel()
        self.choice.put(lines)
        self.parts.queue.open_tab("chosen")
        self.parts.print_button.setFocus()

    def _cells_used(self, found: Supplies) -> tuple[int, ...]:
        stock = self.stock
        if stock is None or stock.is_roll:
            return ()
        return tuple(cell for cell in found.used.get(stock.name, ()) if cell <= stock.per_page)

    def _was_marked(self, _changes: Changes) -> None:
        self._marking -= 1

    def _not_marked(self, error: Exception) -> None:
        self._marking -= 1
        if isValid(self):
            if self.supplies is not None:
                self._take_supplies(self.supplies)
            self._failed(error)

    # --- laying out

    def _order(self) -> Order | None:
        if self.stock is None or self.supplies is None:
            return None
        settings = self.parts.settings
        measured = self.supplies.printers.get(settings.printer())
        return Order(
            tuple(self.choice.ticked()),
            self.stock,
            LabelLayout(settings.elements(), self.supplies.wording, self._emblems.files),
            self._used,
            settings.start_at(),
            settings.copies(),
            measured.profile if measured else PrinterProfile(),
            self._emblems,
        )

    def _plan_soon(self) -> None:
        self._planned = False
        self._pause.start()

    def _replan(self) -> None:
        order = self._order()
        if order is None:
            return
        if self._planning is not None:
            self._planning.cancel()
        self.parts.show_faults()
        if not order.lines:
            self._take_plan(order, None)
            return
        work: Callable[[Progress], PrintPlan] = lambda progress: order.plan(progress.report)  # noqa: E731
        self._planning = self._bench.runner.job(self, work, partial(self._take_plan, order), self._not_planned)

    def _take_plan(self, order: Order, plan: PrintPlan | None) -> None:
        if order != self._order():
            return  # something else was chosen meanwhile, and is being laid out
        self.plan, self._planning, self._planned = plan, None, True
        self.parts.settings.show_start(order.stock, self._used, plan)
        self.parts.preview.show_plan(plan)
        self.parts.say_plan(order.stock, len(order.lines), plan)
        if self._print_when_planned and plan is not None:
            self._print_when_planned = False
            self.print_now()

    def _not_planned(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            return
        self.plan, self._print_when_planned = None, False
        self.parts.preview.show_plan(None)
        self._failed(error)

    def _show_sheet(self) -> None:
        if self.stock is None:
            return
        page, cell = 1, 0
        if self.plan is not None and self.plan.spots:
            page, cell = self.plan.spots[self.parts.preview.place]
        self.parts.stock.show_sheet(self.stock, self._used, self.plan, page, cell)

    def _show_page(self, page: int) -> None:
        if self.plan is not None:
            self.parts.preview.look_at(next(n for n, (on, _cell) in enumerate(self.plan.spots) if on == page))

    def _look_at(self, tag_id: int) -> None:
        ticked = [line.tag_id for line in self.choice.ticked()]
        if self.plan is not None and tag_id in ticked:
            wanted = ticked.index(tag_id)
            if wanted in self.plan.tags:
                self.parts.preview.look_at(self.plan.tags.index(wanted))

    # --- printing

    def _ready(self) -> bool:
        return self._planned and self.plan is not None and self._under_way is None

    def _carry_out(
        self,
        sink: Sink,
        done: Callable[[], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        order = self._order()
        if order is None or self._under_way is not None:
            return
        again = partial(self._carry_out, sink)
        words = self.tr("Printing {count} tags").format(count=f"{len(order.lines):,}")
        self._wait(
            words,
            self.printing.carry_out(
                order, sink, partial(self._printed, done), failed or partial(self._print_failed, again)
            ),
        )

    def _wait(self, words: str, under_way: Progress) -> None:
        self._under_way = under_way
        self.parts.show_faults()
        self.parts.strip.begin(words, under_way.cancel)
        self.parts.print_button.setEnabled(False)

    def _rest(self) -> None:
        self._under_way = None
        self.parts.strip.end()
        self.parts.print_button.setEnabled(bool(self.choice.ticked()))

    def _printed(self, done: Callable[[], object] | None, _changes: Changes) -> None:
        self._bench.drafts.forget(self._draft)
        if not isValid(self):
            return
        self._rest()
        if done is not None:
            done()
        self.choice.clear()
        self.closed.emit()

    def _print_failed(self, again: Callable[[], object], error: Exception) -> None:
        if not isValid(self):
            self._bench.runner.failed.emit(error)
            return
        self._rest()
        if isinstance(error, Cancelled):
            self.parts.say_notice(self.tr("Stopped. Nothing was written into the log."))
        elif isinstance(error, Unlogged):
            self.parts.say_notice(str(error), self.tr("Write it into the log"), partial(self._log_again, error))
        elif isinstance(error, Trouble):
            self.parts.say_notice(str(error), self.tr("Try again"), again)
        else:
            self._failed(error)

    def _log_again(self, unlogged: Unlogged) -> None:
        again = partial(self._log_again, unlogged)
        progress = self.printing.log_again(unlogged, partial(self._printed, None), partial(self._print_failed, again))
        self._wait(self.tr("Writing the log"), progress)

    def _send_zpl(
        self, answers: Mapping[str, str], done: Callable[[], object], failed: Callable[[Exception], object]
    ) -> None:
        self._bench.preferences.set(habits.ZPL, dict(answers))
        if answers["way"] == "file":
            done()
            self.save_as(".zpl")
            return
        sink = (
            to_host(answers["host"], int(answers["port"])) if answers["way"] == "host" else to_queue(answers["queue"])
        )

        def refused(error: Exception) -> None:
            if not isValid(self):
                self._bench.runner.failed.emit(error)
                return
            self._rest()
            if isinstance(error, Unlogged):
                done()
                self._print_failed(lambda: None, error)
            else:
                failed(error)

        self._carry_out(sink, done, refused)

    def _ruler(self, work: Callable[[Tell], str]) -> None:
        again = partial(self._ruler, work)
        self._wait(
            self.tr("Printing the ruler page"),
            self.printing.make(work, self._ruler_printed, partial(self._print_failed, again)),
        )

    def _ruler_printed(self, where: str) -> None:
        words = self.tr("Ruler page: {where}. Measure it, then enter what was measured.")
        self._bench.shell.toasts.say(words.format(where=where))
        if isValid(self):
            self._rest()

    # --- bad news

    def _open_form(self, box: FormBox) -> None:
        self.parts.open_panel(box)

    def _failed(self, error: Exception) -> None:
        """Show a refusal beside what it is about, trouble above the buttons; our own faults go to the window."""
        field = (error.field or "") if isinstance(error, Refusal) else ""
        if isinstance(error, Refusal | Trouble):
            again = None if isinstance(error, Refusal) else partial(self.begin_again)
            if not self.parts.show_faults(field, str(error)):
                self.parts.say_notice(str(error), self.tr("Try again") if again else "", again)
        elif not isinstance(error, Cancelled):
            self._bench.runner.failed.emit(error)

    def begin_again(self) -> None:
        """Read everything anew after trouble."""
        self.parts.show_faults()
        self._bench.runner.read(self, supplies, done=self._take_supplies, failed=self._failed)
        self._bench.runner.read(self, queues, self._kind, done=self._take_counts, failed=self._failed)


def _ruler_to_file(stock: LabelStock, path: Path, _tell: Tell) -> str:
    from cbo_desk.tags.pdf import write_ruler_pdf

    write_ruler_pdf(stock, path)
    return path.name


def _ruler_to_printer(stock: LabelStock, printer: str, tell: Tell) -> str:
    import tempfile

    from ui.tags.system_printers import print_on

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ruler.pdf"
        _ruler_to_file(stock, path, tell)
        print_on(printer, path, stock, tell)
    return printer
