"""Writing a list to a file: asked for, written in the background, told in a toast that opens its folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbo_desk.context import clock, local
from cbo_desk.plurals import Count
from cbo_desk.progress import Cancelled, Progress
from ui.kit.files import ask_save, show_folder
from ui.kit.phrases import day
from ui.kit.preferences import Preferences
from ui.kit.runner import Runner
from ui.kit.states import ProgressStrip
from ui.kit.toasts import Toasts

if TYPE_CHECKING:  # what writes files is loaded when one is written
    from cbo_desk.tabular.writing import Column

Rows = Callable[[], Iterable[Sequence[Any]]]
"""Gives the rows, off the GUI thread, when the file is being written."""


class Export(QObject):
    """Exports the lists of one page; `strip` shows how far it is, with Cancel: the page's own, or one at its foot."""

    def __init__(
        self,
        runner: Runner,
        preferences: Preferences,
        toasts: Toasts,
        page: QWidget,
        strip: ProgressStrip | None = None,
    ) -> None:
        super().__init__(page)
        self._runner, self._preferences, self._toasts, self._page = runner, preferences, toasts, page
        self._strip = strip
        self._progress: Progress | None = None
        self._total = 0
        runner.progressed.connect(self._report)

    def ask(self, title: str, columns: Sequence[Column], rows: Rows, *, total: int = 0, narrowed: str = "") -> None:
        """Ask for a file called after the list, and write the list there.

        `total` is the number of rows, 0 where it is not known; `narrowed` says what the list is narrowed to.
        """
        kinds = (self.tr("Excel (*.xlsx)"), self.tr("CSV (*.csv)"), self.tr("PDF (*.pdf)"))
        heading = self.tr("Export {list}").format(list=title)
        write = partial(self.write, title, columns, rows, total=total, narrowed=narrowed)
        ask_save(self._page, heading, f"{title}.xlsx", kinds, "export", self._preferences, write)

    def write(
        self, title: str, columns: Sequence[Column], rows: Rows, path: Path, *, total: int = 0, narrowed: str = ""
    ) -> None:
        """Write the list in the background, whole or not at all; the suffix of the file says how.

        A PDF says on each page what the list is narrowed to, who wrote it and when.
        """
        if self._progress is not None:
            self._toasts.say(self.tr("Another export is under way. Wait for it, or cancel it."), tone="warn")
            return
        self._total = total
        note = " · ".join(part for part in (narrowed, self._runner.office.actor.name, _now()) if part)

        def work(progress: Progress) -> int:
            from cbo_desk.tabular.writing import write_table

            return write_table(path, columns, rows(), title=title, note=note, progress=progress)

        self._progress = self._runner.job(self, work, partial(self._done, path), self._failed)
        if self._strip is None:
            self._strip = self._at_the_foot()
        if self._strip is not None:
            self._strip.begin(self.tr("Writing {file}").format(file=path.name), self.stop)

    def stop(self) -> None:
        """Stop it; no file is left."""
        if self._progress is not None:
            self._progress.cancel()

    def _report(self, done: int, _total: int) -> None:
        if self._progress is not None and self._strip is not None:
            # Of a list that was asked for before its length was known there are more than were told.
            self._strip.report(done, self._total if done <= self._total else 0)

    def _at_the_foot(self) -> ProgressStrip | None:
        body = getattr(self._page, "body", None)
        if not isinstance(body, QVBoxLayout):
            return None
        strip = ProgressStrip(self._page)
        body.addWidget(strip)
        return strip

    def _done(self, path: Path, count: int) -> None:
        self._end()
        said = self.tr("{count:row|rows} written to {file}").format(count=Count(count), file=path.name)
        self._toasts.say(said, self.tr("Open folder"), partial(show_folder, path))

    def _failed(self, error: Exception) -> None:
        self._end()
        if isinstance(error, Cancelled):
            self._toasts.say(self.tr("Stopped. No file was written."))
        else:
            self._runner.failed.emit(error)

    def _end(self) -> None:
        self._progress = None
        if self._strip is not None:
            self._strip.end()


def _now() -> str:
    now = local(clock())
    return f"{day(now.date())} {now:%H:%M}"
