"""A calendar or schedule brought in from the window: read behind everything else, told line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QTableView, QWidget

from cbo_desk.changes import Changes
from cbo_desk.conference.calendars import LARGEST, Schedule, overlaps, read
from cbo_desk.conference.conflicts import when
from cbo_desk.conference.importing import Imported, import_bookings
from cbo_desk.conference.spaces import add_space
from cbo_desk.context import local
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from cbo_desk.tabular.source import why
from ui.bench import Bench
from ui.conference.looks import hours, short_day
from ui.kit.buttons import Button, Tool
from ui.kit.cards import line, rule, stack
from ui.kit.cells import Look
from ui.kit.columns import Column
from ui.kit.files import ask_open
from ui.kit.labels import Label
from ui.kit.lines import Lines
from ui.kit.tables import dress
from ui.kit.theme import px


@dataclass(frozen=True)
class Noted:
    """One line of the report: a meeting, where and when as far as the file says, and why it was not saved.

    Of what was `saved` it says how the file was read.
    """

    title: str
    room: str
    when: str
    why: str
    saved: bool = False


def ask_import(bench: Bench, page: QWidget) -> None:
    """Ask for a file, save every meeting of it that fits, and report."""
    kinds = (QCoreApplication.translate("conference", "Calendars and schedules (*.ics *.xml)"),)
    title = QCoreApplication.translate("conference", "Bring in bookings")
    ask_open(page, title, kinds, "conference", bench.preferences, partial(bring_in, bench, page))


def bring_in(bench: Bench, page: QWidget, path: Path) -> None:
    """Read a file off the window's thread, save what fits in one deed, and show what became of it."""

    def parsed(schedule: Schedule) -> None:
        def saved(made: Changes) -> None:
            assert isinstance(made, Imported)
            show_report(bench, path.name, schedule, made, with_spaces)

        def with_spaces() -> None:
            bench.runner.write(import_bookings, schedule, True, done=saved)

        bench.runner.write(import_bookings, schedule, done=saved)

    bench.runner.job(page, partial(_parse, path), done=parsed, failed=bench.runner.failed.emit)


def show_report(
    bench: Bench, name: str, schedule: Schedule, made: Imported, with_spaces: Callable[[], object]
) -> None:
    """Say what was saved, and list what was not and why; `with_spaces` brings in the rest and makes its spaces."""
    box = ReportBox(name, len(made.ids), made.unchanged, noted(schedule, made))
    rooms = {" ".join(each.event.room.split()).casefold() for each in made.refused if each.strange_room}
    if rooms and bench.may(add_space):
        box.offer_spaces(len(rooms), with_spaces)
    overlay = bench.shell.open_overlay(box)
    box.close_it = overlay.close_it
    box.close_button.setFocus()


def noted(schedule: Schedule, made: Imported) -> list[Noted]:
    """What of a file was not saved, in the file's order, what could not be read first; last, how the rest was read."""
    shared: dict[str, list[str]] = {}
    for each in overlaps(schedule.events):
        shared.setdefault(each.second.key, []).append(each.first.title)
    found = [Noted(fault.title, "", "", fault.why) for fault in schedule.faults]
    for unsaved in made.refused:
        event = unsaved.event
        day = local(event.slot.starts).date()
        also = QCoreApplication.translate("conference", " It overlaps {titles} in the file itself.")
        titles = shared.get(event.key, ())
        said = unsaved.why.removeprefix(f"{when(event.slot)}: ")  # which stands in a column of its own
        reason = said + (also.format(titles=", ".join(titles)) if titles else "")
        times = f"{short_day(day)} {day:%Y}, {hours(event.slot.starts, event.slot.ends)}"
        found.append(Noted(event.title, event.room, times, reason))
    found += [Noted(remark.title, "", "", remark.said, saved=True) for remark in schedule.remarks]
    return found


class ReportBox(QFrame):
    """What became of a file: the counts, what was not saved with its reason, and what was read otherwise."""

    def __init__(self, name: str, saved: int, unchanged: int, lines: Sequence[Noted]) -> None:
        super().__init__()
        self.setProperty("look", "raised")
        self.setAccessibleName(self.tr("What became of {file}").format(file=name))
        self.close_it: Callable[[], object] = lambda: None
        parts = [self.tr("{count:booking|bookings} saved").format(count=Count(saved))]
        if unchanged:
            parts.append(self.tr("{count} there before").format(count=Count(unchanged)))
        unsaved = sum(not each.saved for each in lines)
        parts.append(self.tr("{count} not saved").format(count=Count(unsaved)))
        self.summary = Label(" · ".join(parts), "muted")
        self.make_button: Button | None = None
        self.close_button = Button(self.tr("Close"), "", "primary", lambda: self.close_it(), "Esc")
        head = line(stack(Label(name, "h2"), self.summary), None, Tool("x", self.tr("Close"), lambda: self.close_it()))
        head.setContentsMargins(20, 16, 16, 12)
        self._foot = line(None, self.close_button, margins=(20, 12, 20, 14))
        self.model = Lines(self._columns(), self)
        self.model.show_rows(lines)
        whole = stack(margins=(1, 1, 1, 1))
        whole.addLayout(head)
        whole.addWidget(rule(self))
        if lines:
            table = QTableView(self)
            table.setModel(self.model)
            dress(table, [each.look for each in self.model.columns], title=self.tr("What to look at"))
            table.setWordWrap(True)
            table.setMinimumSize(px(1040), px(300))
            whole.addWidget(table, 1)
        whole.addWidget(rule(self))
        whole.addLayout(self._foot)
        self.setLayout(whole)

    def offer_spaces(self, count: int, run: Callable[[], object]) -> None:
        """Offer to make the spaces that the file names and nobody knows, and to bring in what is for them."""

        def make() -> None:
            self.close_it()
            run()

        words = self.tr("Make {count:space|spaces} and bring in the rest").format(count=Count(count))
        self.make_button = Button(words, "plus", "plain", make)
        self._foot.insertWidget(1, self.make_button)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes it; whatever else is pressed, the page behind does not hear it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_it()
        event.accept()

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(Look("title", "text", 180), self.tr("Meeting"), lambda row: row.title),
            Column(Look("room", "text", 90, 1), self.tr("Room"), lambda row: row.room or "–"),
            Column(Look("when", "muted", 216, 2), self.tr("When"), lambda row: row.when or "–"),
            Column(Look("why", "text", 360, stretch=True), self.tr("Why not, or how it was read"), lambda row: row.why,
                   tip=lambda row: row.why),
        )  # fmt: skip


def _parse(path: Path, _progress: Progress) -> Schedule:
    try:
        if path.stat().st_size > LARGEST:
            raise Refusal(f"{path.name} is larger than {LARGEST // 1_000_000} MB. Export a shorter time.")
        content = path.read_bytes()
    except OSError as error:
        raise Trouble(f"{path.name} cannot be read: {why(error)}.") from error
    return read(content)
