"""Days and hours in forms: a day field with an hour beside it, read in every way that people type an hour."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from PySide6.QtCore import QCoreApplication

from cbo_desk.context import ZONE, local
from cbo_desk.errors import Refusal
from ui.kit.fields import Field

_HOUR = re.compile(r"^([01]?\d|2[0-3])[:.h ]?([0-5]\d)?$")


def hour_of(typed: str, field: str) -> time | None:
    """The hour in "9", "930", "9:30" or "9.30"; None for nothing typed. Refuses what is no hour, beside its field."""
    text = typed.strip()
    if not text:
        return None
    if re.fullmatch(r"\d{3}", text):
        text = "0" + text
    found = _HOUR.match(text)
    if found is None:
        words = QCoreApplication.translate("transport", "“{typed}” is no hour. Write it as 09:30.")
        raise Refusal(words.format(typed=typed.strip()), field)
    return time(int(found[1]), int(found[2] or 0))


def instant(values: dict[str, Any], day: str, hour: str) -> datetime | None:
    """The instant that a day field and an hour field say together; None where no hour is given."""
    read = hour_of(str(values[hour] or ""), hour)
    if read is None:
        return None
    on = values[day]
    if on is None:
        raise Refusal(QCoreApplication.translate("transport", "Say on which day."), day)
    assert isinstance(on, date)
    return datetime.combine(on, read, ZONE)


def hour_field(name: str, label: str, *, required: bool = False, beside: bool = True) -> Field:
    """A field for an hour."""
    return Field(name, label, hint=QCoreApplication.translate("transport", "09:30"), required=required, beside=beside,
                 longest=8)  # fmt: skip


def shown(at: datetime | None) -> str:
    """An instant's hour as the field shows it."""
    return "" if at is None else f"{local(at):%H:%M}"
