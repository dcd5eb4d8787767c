"""The day as a paper: asked where to, read and written behind everything else, shown in its folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from cbo_desk.compound import about
from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from cbo_desk.reports import DayLine
from ui.bench import Bench
from ui.kit.files import ask_save, show_folder
from ui.today.day_view import entry_title, hours, line_name, stand_words


def of_desk(lines: Iterable[DayLine], desk: str) -> list[DayLine]:
    """The lines of a desk where it has any, else all of them."""
    every = list(lines)
    return [line for line in every if line.desk == desk] or every


def print_day(bench: Bench, page: QWidget, day: date, agenda: Sequence[Callable[..., Any]], desk: str) -> None:
    """Ask for a file, and write what these queries tell of a day, narrowed to a desk."""
    title = QCoreApplication.translate("today", "Day sheet")
    office = bench.runner.office

    def work(path: Path, _progress: Progress) -> Path:
        from cbo_desk.reports.day_paper import write_day  # its libraries cost a start some milliseconds

        lines = of_desk((line for query in agenda for line in office.read(query, day)), desk)
        printed = [_printed(line, day) for line in lines]
        write_day(str(office.read(about).get("name", "")), title, day, printed, path)
        return path

    def chosen(path: Path) -> None:
        bench.runner.job(page, partial(work, path), done=partial(_written, bench), failed=bench.runner.failed.emit)

    kinds = (QCoreApplication.translate("today", "PDF (*.pdf)"),)
    ask_save(page, title, f"{title} {day:%Y-%m-%d}.pdf", kinds, "today", bench.preferences, chosen)


def _printed(line: DayLine, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    rows = []
    for entry in sorted(line.entries, key=lambda each: each.starts):
        more = " · ".join(part for part in (entry.detail, stand_words(entry)) if part)
        rows.append((hours(entry, day), entry_title(line, entry), more))
    words = QCoreApplication.translate("today", "{count:entry|entries}")
    return line_name(line), words.format(count=Count(len(rows))), rows


def _written(bench: Bench, path: Path) -> None:
    said = QCoreApplication.translate("today", "{file} written").format(file=path.name)
    bench.shell.toasts.say(said, QCoreApplication.translate("today", "Open folder"), partial(show_folder, path))
