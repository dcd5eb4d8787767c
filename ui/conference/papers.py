"""The conference desk's papers as files: asked where to, written behind everything else, shown in their folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from cbo_desk.compound import about
from cbo_desk.conference import BookingCard
from cbo_desk.office import Office
from cbo_desk.progress import Progress
from ui.bench import Bench
from ui.kit.files import ask_save, show_folder

Write = Callable[[Office, str, Path], object]
"""Writes the paper of a compound, called so, to a file."""


def print_day_sheet(bench: Bench, page: QWidget, day: date) -> None:
    """Ask for a file, and write the crews' sheet of a day."""

    def write(office: Office, compound: str, path: Path) -> None:
        from cbo_desk.conference.daysheet import day_sheet
        from cbo_desk.conference.paper import write_day_sheet

        write_day_sheet(compound, office.read(day_sheet, day), path)

    title = QCoreApplication.translate("conference", "Day sheet {day}").format(day=f"{day:%Y-%m-%d}")
    _ask(bench, page, title, write)


def print_door_sign(bench: Bench, page: QWidget, space_id: int, space: str, day: date) -> None:
    """Ask for a file, and write the sign of a door."""

    def write(office: Office, compound: str, path: Path) -> None:
        from cbo_desk.conference.daysheet import door_sign
        from cbo_desk.conference.paper import write_door_sign

        write_door_sign(compound, office.read(door_sign, space_id, day), path)

    _ask(bench, page, QCoreApplication.translate("conference", "Door sign {space}").format(space=space), write)


def print_meeting_sheet(bench: Bench, page: QWidget, card: BookingCard) -> None:
    """Ask for a file, and write the sheet of a meeting with a plan of its seats."""

    def write(office: Office, compound: str, path: Path) -> None:
        from cbo_desk.conference.daysheet import session_sheet
        from cbo_desk.conference.paper import write_meeting_sheet

        write_meeting_sheet(compound, office.read(session_sheet, card.row.id), path)

    words = QCoreApplication.translate("conference", "Set-up of {number}")
    _ask(bench, page, words.format(number=card.row.reference), write)


def print_quotation(bench: Bench, page: QWidget, card: BookingCard) -> None:
    """Ask for a file, and write the quotation of a booking."""

    def write(office: Office, compound: str, path: Path) -> None:
        from cbo_desk.conference.paper import write_quotation
        from cbo_desk.conference.quoting import quote_booking

        write_quotation(compound, card.row.title, card.row.reference, office.read(quote_booking, card.row.id), path)

    words = QCoreApplication.translate("conference", "Quotation {number}")
    _ask(bench, page, words.format(number=card.row.reference), write)


def write_calendar(bench: Bench, page: QWidget, title: str, booking_id: int | None, space_id: int | None) -> None:
    """Ask for a file, and write a booking, a space or the whole desk as iCalendar."""

    def write(office: Office, _compound: str, path: Path) -> None:
        from cbo_desk.conference.leaving import calendar_of, calendar_of_booking
        from cbo_desk.tags.output import write_whole

        if booking_id is not None:
            write_whole(path, office.read(calendar_of_booking, booking_id))
        else:
            write_whole(path, office.read(calendar_of, space_id))

    _ask(bench, page, title, write, QCoreApplication.translate("conference", "iCalendar (*.ics)"), ".ics")


def _ask(bench: Bench, page: QWidget, title: str, write: Write, kind: str = "", ending: str = ".pdf") -> None:
    office = bench.runner.office

    def work(path: Path, _progress: Progress) -> Path:
        write(office, str(office.read(about).get("name", "")), path)
        return path

    def chosen(path: Path) -> None:
        bench.runner.job(page, partial(work, path), done=partial(_written, bench), failed=bench.runner.failed.emit)

    kinds = (kind or QCoreApplication.translate("conference", "PDF (*.pdf)"),)
    ask_save(page, title, f"{title}{ending}", kinds, "conference", bench.preferences, chosen)


def _written(bench: Bench, path: Path) -> None:
    said = QCoreApplication.translate("conference", "{file} written").format(file=path.name)
    bench.shell.toasts.say(said, QCoreApplication.translate("conference", "Open folder"), partial(show_folder, path))
