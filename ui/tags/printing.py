"""Carries a print out in the background: lays it out, hands it over, writes it into the log."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QObject

from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.office import Office
from cbo_desk.progress import Progress
from cbo_desk.tags import TagLine, log_print
from cbo_desk.tags.emblem_files import Emblems
from cbo_desk.tags.layout import LabelLayout, TagLabel
from cbo_desk.tags.output import PrinterProfile
from cbo_desk.tags.plan import PrintPlan, Tell, plan_print
from cbo_desk.tags.stocks import LabelStock
from ui.kit.background import Background
from ui.kit.runner import Runner

T = TypeVar("T")


@dataclass(frozen=True)
class Order:
    """All that a print depends on, as it stood when it was ordered; `start_at` None means the next free cell.

    `emblems` is held so that its files stay until all is printed.
    """

    lines: tuple[TagLine, ...]
    stock: LabelStock
    layout: LabelLayout
    used: tuple[int, ...] = ()
    start_at: int | None = None
    copies: int = 1
    profile: PrinterProfile = PrinterProfile()
    emblems: Emblems = field(default_factory=Emblems, compare=False)

    def plan(self, tell: Tell | None = None) -> PrintPlan:
        """Lay the print out."""
        labels = [TagLabel(tag.code, tag.subject.number, tag.subject.name, tag.subject.entity) for tag in self.lines]
        return plan_print(
            labels,
            self.stock,
            layout=self.layout,
            used=self.used,
            start_at=self.start_at,
            copies=self.copies,
            tell=tell,
        )


Sink = Callable[[Order, PrintPlan, Tell], str]
"""Where a print goes: takes it there and answers what the log shall call that place."""


class Unlogged(Trouble):
    """The tags are printed, but the log could not be written: `write` tries only that again."""

    def __init__(self, text: str, write: Callable[[], Changes]) -> None:
        super().__init__(text)
        self.write = write


class Printing(QObject):
    """Prints of one window; it outlives the box they were ordered in, so that none goes unlogged."""

    def __init__(self, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        # Asking for printers may wait for the network: nothing else may wait behind it.
        self._asking = Background(1, self)

    def ask(self, owner: QObject, question: Callable[[], T], done: Callable[[T], object]) -> None:
        """Ask the computer something that may take long, such as which printers it has."""
        self._asking.run(owner, question, done, self._runner.failed.emit)

    def carry_out(
        self,
        order: Order,
        sink: Sink,
        done: Callable[[Changes], object],
        failed: Callable[[Exception], object],
    ) -> Progress:
        """Print; lists and toasts hear of it as of any deed, then `done` gets the changes."""
        return self._run(partial(_carry_out, self._runner.office, order, sink), done, failed)

    def log_again(
        self, unlogged: Unlogged, done: Callable[[Changes], object], failed: Callable[[Exception], object]
    ) -> Progress:
        """Write a print into the log that could not be written there before."""
        return self._run(partial(_log, unlogged.write), done, failed)

    def make(
        self, work: Callable[[Tell], Any], done: Callable[[Any], object], failed: Callable[[Exception], object]
    ) -> Progress:
        """Do other long work of the print window, such as writing the ruler page."""
        return self._runner.job(self, lambda progress: work(progress.report), done, failed)

    def _run(
        self,
        work: Callable[[Progress], Changes],
        done: Callable[[Changes], object],
        failed: Callable[[Exception], object],
    ) -> Progress:
        def finished(changes: Changes) -> None:
            self._runner.changed.emit(changes)
            self._runner.did.emit(changes)
            done(changes)

        return self._runner.job(self, work, finished, failed)


def _carry_out(office: Office, order: Order, sink: Sink, progress: Progress) -> Changes:
    if not order.lines:
        raise Refusal(QCoreApplication.translate("printing", "Choose at least one tag to print."))
    plan = order.plan(progress.report)
    output = sink(order, plan, progress.report)
    placed = [(order.lines[tag].tag_id, page, cell) for tag, (page, cell) in zip(plan.tags, plan.spots, strict=True)]
    return _log(partial(office.write, log_print, order.stock.name, output, placed, plan.used_after()), progress)


def _log(write: Callable[[], Changes], _progress: Progress) -> Changes:
    try:
        return write()
    except Trouble as trouble:
        words = QCoreApplication.translate("printing", "The tags are printed, but not in the log yet. {why}")
        raise Unlogged(words.format(why=trouble), write) from trouble


# --- where a print can go


def to_file(path: Path) -> Sink:
    """Into a .pdf, .png or .zpl file."""

    def sink(order: Order, plan: PrintPlan, tell: Tell) -> str:
        write_file(order, plan, path, tell)
        return path.name

    return sink


def to_printer(queue: str) -> Sink:
    """Onto a printer of this computer."""

    def sink(order: Order, plan: PrintPlan, tell: Tell) -> str:
        from ui.tags.system_printers import print_on

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tags.pdf"
            write_file(order, plan, path, tell)
            print_on(queue, path, order.stock, tell)
        return queue

    return sink


def to_host(host: str, port: int) -> Sink:
    """As ZPL to a label printer's own network address."""

    def sink(order: Order, plan: PrintPlan, tell: Tell) -> str:
        from cbo_desk.tags.zpl import send_zpl

        send_zpl(_zpl(order, plan, tell), host, port)
        return f"{host}:{port}"

    return sink


def to_queue(queue: str) -> Sink:
    """As ZPL to a queue of this computer that passes bytes on as they are."""

    def sink(order: Order, plan: PrintPlan, tell: Tell) -> str:
        from cbo_desk.tags.spool import print_raw

        print_raw(queue, _zpl(order, plan, tell).encode())
        return queue

    return sink


def write_file(order: Order, plan: PrintPlan, path: Path, tell: Tell) -> None:
    """Write a print into a file in the form that its ending asks for."""
    from cbo_desk.tags.printing import make_tags

    make_tags(
        plan.labels,
        order.stock,
        path,
        layout=order.layout,
        profile=order.profile,
        start_at=plan.start_at,
        used_cells=plan.used,
        tell=tell,
    )


def _zpl(order: Order, plan: PrintPlan, tell: Tell) -> str:
    from cbo_desk.tags.zpl import labels_zpl

    text, _warnings = labels_zpl(plan.labels, order.stock, layout=order.layout, profile=order.profile, tell=tell)
    return text
