"""The columns of shuttles on the screen and in a file: when each leaves, on which days, and what is free that day."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from cbo_desk.plurals import Count
from cbo_desk.tabular import Column as FileColumn
from cbo_desk.transport import ShuttleRow
from ui.kit.cells import Look
from ui.kit.chips import Status
from ui.kit.columns import Column

FILE_COLUMNS = (
    FileColumn("Code"),
    FileColumn("Name"),
    FileColumn("Run for"),
    FileColumn("Days"),
    FileColumn("Stops"),
    FileColumn("Seats", "number"),
    FileColumn("Taken", "number"),
    FileColumn("Who"),
)


def weekdays(numbers: str) -> str:
    """The days of the week that are written as numbers, 1 for Monday."""
    tr = QCoreApplication.translate
    names = (tr("transport", "Mon"), tr("transport", "Tue"), tr("transport", "Wed"), tr("transport", "Thu"),
             tr("transport", "Fri"), tr("transport", "Sat"), tr("transport", "Sun"))  # fmt: skip
    return " ".join(names[int(each) - 1] for each in numbers)


def free_status(row: ShuttleRow) -> Status:
    """How many seats are free on the day shown."""
    tr = QCoreApplication.translate
    if not row.runs:
        return Status(tr("transport", "Does not run that day"), "idle", "circle-slash")
    free = row.seats - len(row.taken)
    words = tr("transport", "{count:seat|seats} free").format(count=Count(free))
    return Status(words, "ok" if free else "warn", "users")


def stops_said(row: ShuttleRow) -> str:
    """The timetable in one line."""
    return " → ".join(f"{_hour(minute)} {place}" for place, minute in row.stops)


def shuttle_columns() -> list[Column]:
    """The columns of the list."""
    tr = QCoreApplication.translate
    return [
        Column(Look("code", "ref", 80), tr("transport", "Code"), lambda row: row.code, sort="code"),
        Column(Look("leaves", "num", 70), tr("transport", "Leaves"),
               lambda row: _hour(row.stops[0][1]) if row.stops else "", sort="leaves"),
        Column(Look("name", "text", 160, stretch=True), tr("transport", "Name"), lambda row: row.name, sort="name"),
        Column(Look("entity", "muted", 80, 2), tr("transport", "Run for"), lambda row: row.entity, sort="entity"),
        Column(Look("days", "muted", 190, 1), tr("transport", "Days"), lambda row: weekdays(row.weekdays)),
        Column(Look("seats", "num", 60, 3), tr("transport", "Seats"), lambda row: str(row.seats), sort="seats"),
        Column(Look("free", "chip", 190), tr("transport", "That day"), lambda row: free_status(row).word,
               value=free_status, sort="free"),
    ]  # fmt: skip


def file_row(row: ShuttleRow) -> tuple[Any, ...]:
    """One line of a file."""
    who = "; ".join(f"{seat} {name}" for _, seat, name in row.taken)
    return (row.code, row.name, row.entity, weekdays(row.weekdays), stops_said(row), row.seats, len(row.taken), who)


def _hour(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
