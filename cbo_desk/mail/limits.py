"""How long mail may lie: the mail desk's dated settings, and the working days it has lain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from cbo_desk.context import today
from cbo_desk.dated import Declared, declare, value_on

REMIND = declare(
    Declared("mail_remind_after_days", "Remind the addressee after", 3, "working days", "shipped", True, 1, 60)
)
RETURN = declare(
    Declared(
        "mail_return_after_days", "Mail goes back to the sender after", 10, "working days", "shipped", True, 1, 365
    )
)


@dataclass(frozen=True)
class Ageing:
    """How many working days an item may lie before its addressee is reminded, and before it goes back."""

    remind: int
    back: int


def ageing(session: Session) -> Ageing:
    """The limits of today."""
    day = today(session)
    return Ageing(int(value_on(session, REMIND.name, day)), int(value_on(session, RETURN.name, day)))


def working_days(since: date, until: date) -> int:
    """Working days from the day after `since` up to `until`, Saturdays and Sundays left out; 0 on the same day."""
    days = (until - since).days
    if days <= 0:
        return 0
    weeks, rest = divmod(days, 7)
    return weeks * 5 + sum((since + timedelta(days=n)).weekday() < 5 for n in range(1, rest + 1))


def day_after(since: date, days: int) -> date:
    """The working day that comes so many working days after a date."""
    day = since
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
