"""The transport desk's papers as files: asked where to, written behind everything else, shown in their folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from cbo_desk.compound import about
from cbo_desk.progress import Progress
from ui.bench import Bench
from ui.kit.files import ask_save, show_folder
from ui.kit.phrases import day as day_words

Write = Callable[[str, Path], object]
"""Writes the paper of a compound, called so, to a file."""


def print_ticket(bench: Bench, page: QWidget, trip_id: int, reference: str) -> None:
    """Ask for a file, and write a trip's ticket with the mail that goes aboard."""
    office = bench.runner.office

    def write(compound: str, path: Path) -> None:
        from cbo_desk.handoffs import ticket_with_mail
        from cbo_desk.transport.ticket import write_ticket

        write_ticket(compound, office.read(ticket_with_mail, trip_id), path)

    ask(
        bench,
        page,
        QCoreApplication.translate("transport", "Trip ticket {reference}").format(reference=reference),
        write,
    )


def print_day_sheets(bench: Bench, page: QWidget, day: date) -> None:
    """Ask for a file, and write the day sheet of everybody who drives that day, with the mail that goes aboard."""
    office = bench.runner.office

    def write(compound: str, path: Path) -> None:
        from cbo_desk.handoffs import day_sheets_with_mail
        from cbo_desk.transport.ticket import write_day_sheets

        write_day_sheets(compound, office.read(day_sheets_with_mail, day), path)

    title = QCoreApplication.translate("transport", "Day sheets {day}").format(day=day_words(day))
    ask(bench, page, title, write)


def ask(bench: Bench, page: QWidget, title: str, write: Write, kind: str = "pdf") -> None:
    """Ask for a file called after the paper, and write it there."""

    def work(path: Path, _progress: Progress) -> Path:
        write(str(bench.runner.office.read(about).get("name", "")), path)
        return path

    def chosen(path: Path) -> None:
        bench.runner.job(page, partial(work, path), done=partial(_written, bench), failed=bench.runner.failed.emit)

    kinds = {
        "pdf": QCoreApplication.translate("transport", "PDF (*.pdf)"),
        "xlsx": QCoreApplication.translate("transport", "Excel (*.xlsx)"),
        "csv": QCoreApplication.translate("transport", "CSV (*.csv)"),
    }
    ask_save(page, title, f"{title}.{kind}", (kinds[kind],), "transport", bench.preferences, chosen)


def _written(bench: Bench, path: Path) -> None:
    said = QCoreApplication.translate("transport", "{file} written").format(file=path.name)
    bench.shell.toasts.say(said, QCoreApplication.translate("transport", "Open folder"), partial(show_folder, path))
