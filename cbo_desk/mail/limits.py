"""How long mail may lie: the mail desk's dated settings, and the working days it has lain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from cbo_desk.context import today
from cbo_desk.dated import Declared, declare, value_on
from cbo_desk.permissions import reads

REMIND = declare(
    Declared("mail_remind_after_days", "Remind the addressee after", 3, "working days", "shipped", True, 1, 60)
)
RETURN = declare(
    Declared(
        "mail_return_after_days", "Mail goes back to the sender after", 10, "working days", "shipped", True, 1, 365
    )
)


FAILED = declare(
    Declared(
        "mail_reasons_not_delivered",
        "Why mail could not be delivered",
        "nobody there; office closed; wrong room; asked to come later",
        "each after a ;",
        "shipped",
        True,
    )
)
REFUSED = declare(
    Declared(
        "mail_reasons_refused",
        "Why mail is refused",
        "refused at the door; damaged; not ordered; not for this person",
        "each after a ;",
        "shipped",
        True,
    )
)


@dataclass(frozen=True)
class Reasons:
    """The reasons that a messenger can choose from."""

    failed: tuple[str, ...]
    refused: tuple[str, ...]


@reads("mail", "look at mail")
def reasons(session: Session) -> Reasons:
    """The reasons of today, as the settings name them."""
    day = today(session)
    return Reasons(*(_parts(value_on(session, one.name, day)) for one in (FAILED, REFUSED)))


def _parts(written: str) -> tuple[str, ...]:
    return tuple(part for part in (" ".join(one.split()) for one in written.split(";")) if part)


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


def day_before(until: date, days: int) -> date:
    """The last day from which so many working days have passed by a day: what came in by then is that old."""
    day = until
    while working_days(day, until) < days:
        day -= timedelta(days=1)
    return day


def day_after(since: date, days: int) -> date:
    """The working day that comes so many working days after a date."""
    day = since
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
