"""The answers about mail as a workbook: a sheet for each chart, with the figures behind it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cbo_desk.mail.answers import SPANS_H, Answers, Volume
from cbo_desk.mail.counting import Times
from cbo_desk.tabular import Column
from cbo_desk.tabular.workbook_writing import NewSheet, write_sheets
from cbo_desk.tabular.writing import whole_file
from db.mail import CLASSES

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_KINDS = tuple(Column(kind.capitalize(), "integer") for kind in CLASSES)
_TIMES = (Column("Delivered", "integer"), Column("Median, hours", "number"), Column("90th percentile, hours", "number"))


def write_answers(path: Path, found: Answers, note: str = "") -> int:
    """Write the figures; gives the number of rows. Trouble where the disk fails, and then nothing is left there."""
    with whole_file(path) as file:
        return write_sheets(file, sheets(found, note))


def sheets(found: Answers, note: str = "") -> list[NewSheet]:
    """The workbook's sheets; times are hours over all hours of the day."""
    step = {"day": "Day", "week": "Week from", "month": "Month from"}[found.step]
    ends = [f"up to {hours} h" for hours in SPANS_H] + [f"over {SPANS_H[-1]} h"]
    summary = [
        ("From", found.since.isoformat()), ("To", found.until.isoformat()), ("Narrowed to", note or "nothing"),
        ("Received", found.total), ("Delivered", found.times.count), ("Median, hours", _hours(found.times.median)),
        ("90th percentile, hours", _hours(found.times.p90)), ("Accountable, open today", found.open_accountable),
        ("The oldest of these, working days", found.oldest_accountable),
    ]  # fmt: skip
    by_time = [
        (day, *volume, sum(volume), *_times(times))
        for (day, volume), times in zip(found.by_time, found.times_by_step, strict=True)
    ]
    classes = [
        (kind.capitalize(), count, *_times(times))
        for kind, count, times in zip(CLASSES, found.by_class, found.times_by_class, strict=True)
    ]
    total = Column("All", "integer")
    hours = tuple(Column(f"{hour:02}", "integer") for hour in range(24))
    return [
        NewSheet("Summary", (Column("What"), Column("Figure")), summary),
        NewSheet(f"By {found.step}", (Column(step, "date"), *_KINDS, total, *_TIMES), by_time),
        NewSheet("By class", (Column("Class"), Column("Received", "integer"), *_TIMES), classes),
        NewSheet("By carrier", (Column("Carrier"), *_KINDS, total), _named(found.by_carrier, "no carrier yet")),
        NewSheet("By entity", (Column("Entity"), *_KINDS, total), _named(found.by_entity, "no entity yet")),
        NewSheet("By hour", (Column("Weekday"), *hours),
              [(name, *row) for name, row in zip(WEEKDAYS, found.by_hour, strict=True)]),
        NewSheet("Time to delivery", (Column("Time"), Column("Items", "integer")),
              list(zip(ends, found.spans, strict=True))),
    ]  # fmt: skip


def _named(rows: Sequence[tuple[str, Volume]], nobody: str) -> list[tuple[Any, ...]]:
    return [(name or nobody, *volume, sum(volume)) for name, volume in rows]


def _times(times: Times) -> tuple[Any, ...]:
    return (times.count, _hours(times.median), _hours(times.p90))


def _hours(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
