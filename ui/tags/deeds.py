"""What can be done in the print window: print, save, send, measure, describe a stock; and what is said afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.dated import Said, values_said
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.plurals import Count
from cbo_desk.progress import Cancelled, Progress
from cbo_desk.tags import TagLine
from cbo_desk.tags.plan import Tell
from cbo_desk.tags.stocks import LabelStock
from cbo_desk.tags.supplies import WORDING
from ui.tags import forms, habits
from ui.tags.files import ask_file
from ui.tags.log import PrintLog
from ui.tags.printing import Sink, Unlogged, to_file, to_host, to_printer, to_queue

if TYPE_CHECKING:
    from ui.tags.print_box import PrintBox


class PrintDeeds(QObject):
    """Carries out what the window's buttons ask for."""

    def __init__(self, box: PrintBox) -> None:
        super().__init__(box)
        self._box = box
        self.under_way: Progress | None = None
        self._waiting = False

    def print_now(self) -> None:
        """Print on the chosen printer, as soon as it is known where everything comes."""
        if self.under_way is not None:
            return
        if not self._box.planned:
            self._waiting = True
            return
        if self._box.parts.settings.printer() == habits.TO_PDF:
            self.save_as(".pdf")
        else:
            self.carry_out(to_printer(self._box.parts.settings.printer()))

    def laid_out(self) -> None:
        """Print now what Enter asked for before the print was laid out."""
        if self._waiting:
            self._waiting = False
            self.print_now()

    def forget_wait(self) -> None:
        """Do not print what cannot be laid out."""
        self._waiting = False

    def save_as(self, suffix: str) -> None:
        """Ask for a file and print into it."""
        if self._ready():
            name = f"tags-{local(clock()):%Y-%m-%d-%H%M}{suffix}"
            ask_file(self._box, self._box.bench.preferences, name, lambda path: self.carry_out(to_file(path)))

    def ask_zpl(self) -> None:
        """Ask where ZPL goes."""
        if self._ready():
            last = self._box.bench.preferences.get(habits.ZPL)
            self._box.parts.open_panel(forms.zpl_box(last, self._send_zpl))

    def show_log(self) -> None:
        """Show the prints so far; their tags can be chosen again."""
        log = PrintLog(self._box.bench.runner, self._box)
        log.chosen.connect(self._choose_again)
        self._box.parts.open_panel(log)
        log.prints.setFocus()

    def _choose_again(self, lines: list[TagLine]) -> None:
        self._box.parts.close_panel()
        self._box.choice.put(lines)
        self._box.parts.queue.open_tab("chosen")
        self._box.parts.print_button.setFocus()

    def print_ruler(self) -> None:
        """Print the ruler page of the stock."""
        if self._box.stock is None:
            return
        stock, printer = self._box.stock, self._box.parts.settings.printer()
        if printer == habits.TO_PDF:
            name = f"ruler-{stock.name}.pdf"
            ask_file(
                self._box,
                self._box.bench.preferences,
                name,
                lambda path: self._ruler(partial(_ruler_to_file, stock, path)),
            )
        else:
            self._ruler(partial(_ruler_to_printer, stock, printer))

    def _ready(self) -> bool:
        return self._box.planned and self._box.plan is not None and self.under_way is None

    def carry_out(
        self,
        sink: Sink,
        done: Callable[[], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Print into a sink; `done` and `failed` are for a form that asked where to."""
        order = self._box.order()
        if order is None or self.under_way is not None:
            return
        again = partial(self.carry_out, sink)
        words = self.tr("Printing {count:tag|tags}").format(count=Count(len(order.lines)))
        self._wait(
            words,
            self._box.printing.carry_out(
                order, sink, partial(self._printed, done), failed or partial(self._print_failed, again)
            ),
        )

    def _wait(self, words: str, under_way: Progress) -> None:
        self.under_way = under_way
        self._box.parts.show_faults()
        self._box.parts.strip.begin(words, under_way.cancel)
        self._box.parts.print_button.setEnabled(False)

    def _rest(self) -> None:
        self.under_way = None
        self._box.parts.strip.end()
        self._box.parts.print_button.setEnabled(bool(self._box.choice.ticked()))
        if self._box.parts.panel is None:
            self._box.parts.print_button.setFocus()

    def _printed(self, done: Callable[[], object] | None, _changes: Changes) -> None:
        self._box.bench.drafts.forget(self._box.draft)
        if not isValid(self):
            return
        self._rest()
        if done is not None:
            done()
        self._box.choice.clear()
        self._box.closed.emit()

    def _print_failed(self, again: Callable[[], object], error: Exception) -> None:
        if not isValid(self):
            self._box.bench.runner.failed.emit(error)
            return
        self._rest()
        if isinstance(error, Cancelled):
            self._box.parts.say_notice(self.tr("Stopped. Nothing was written into the log."))
        elif isinstance(error, Unlogged):
            self._box.parts.say_notice(str(error), self.tr("Write it into the log"), partial(self._log_again, error))
        elif isinstance(error, Trouble):
            self._box.parts.say_notice(str(error), self.tr("Try again"), again)
        elif isinstance(error, Refusal) and not error.field:  # as of a folder that is not there: another one will do
            self._box.parts.say_notice(str(error))
        else:
            self._box.fail(error)

    def _log_again(self, unlogged: Unlogged) -> None:
        again = partial(self._log_again, unlogged)
        progress = self._box.printing.log_again(
            unlogged, partial(self._printed, None), partial(self._print_failed, again)
        )
        self._wait(self.tr("Writing the log"), progress)

    def _send_zpl(
        self, answers: Mapping[str, str], done: Callable[[], object], failed: Callable[[Exception], object]
    ) -> None:
        self._box.bench.preferences.set(habits.ZPL, dict(answers))
        if answers["way"] == "file":
            done()
            self.save_as(".zpl")
            return
        sink = (
            to_host(answers["host"], int(answers["port"])) if answers["way"] == "host" else to_queue(answers["queue"])
        )

        def refused(error: Exception) -> None:
            if not isValid(self):
                self._box.bench.runner.failed.emit(error)
                return
            self._rest()
            if isinstance(error, Unlogged):
                done()
                self._print_failed(lambda: None, error)
            else:
                failed(error)

        self.carry_out(sink, done, refused)

    def _ruler(self, work: Callable[[Tell], str]) -> None:
        again = partial(self._ruler, work)
        self._wait(
            self.tr("Printing the ruler page"),
            self._box.printing.make(work, self._ruler_printed, partial(self._print_failed, again)),
        )

    def _ruler_printed(self, where: str) -> None:
        words = self.tr("Ruler page: {where}. Measure it, then enter what was measured.")
        self._box.bench.shell.toasts.say(words.format(where=where))
        if isValid(self):
            self._rest()

    def edit_stock(self) -> None:
        """Change an own stock, or describe one after the model of a shipped one."""
        if self._box.stock is not None and self._box.supplies is not None:
            own = self._box.stock.name in self._box.supplies.own
            self._box.parts.open_panel(
                forms.stock_box(self._box.bench, self, self._box.stock, own)
            )

    def new_stock(self) -> None:
        """Describe a stock of one's own after the model of the one that is shown."""
        if self._box.stock is not None:
            self._box.parts.open_panel(
                forms.stock_box(self._box.bench, self, self._box.stock, own=False)
            )

    def enter_measured(self) -> None:
        """Ask what was measured on the ruler page."""
        printer = self._box.parts.settings.printer()
        if self._box.stock is not None and printer != habits.TO_PDF:
            self._box.parts.open_panel(forms.measured_box(self._box.bench.runner, printer, self._box.stock))

    def set_wording(self) -> None:
        """Ask for the line that can stand on every label."""

        def opened(said: Said) -> None:
            self._box.parts.open_panel(forms.wording_box(self._box.bench, self, said))

        if self._box.supplies is not None:
            self._box.bench.runner.read(self, values_said, WORDING.name, done=opened)


def _ruler_to_file(stock: LabelStock, path: Path, _tell: Tell) -> str:
    from cbo_desk.tags.pdf import write_ruler_pdf

    write_ruler_pdf(stock, path)
    return path.name


def _ruler_to_printer(stock: LabelStock, printer: str, tell: Tell) -> str:
    from ui.tags.system_printers import print_on

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ruler.pdf"
        _ruler_to_file(stock, path, tell)
        print_on(printer, path, stock, tell)
    return printer
