"""The rules of maintenance, on plain values: when a service is due next, how long a thing was out of use."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from cbo_desk.errors import Faults

MOST_CENTS = 10**13
SOON_DAYS = 30
"""A service is due soon so many days ahead."""
RADAR_DAYS = (30, 60, 90)
"""The steps of the warranty radar, in days ahead."""


@dataclass(frozen=True)
class PlanForm:
    """What a person says about a service plan; every so many months, or once where None."""

    name: str
    next_due: date
    every_months: int | None = None
    supplier: str = ""
    note: str = ""


@dataclass(frozen=True)
class WorkForm:
    """What a person says about a service or a repair that was done; money in whole cents of the currency."""

    supplier: str = ""
    cost_cents: int = 0
    currency: str = "USD"
    note: str = ""
    fault: str = ""


def check_plan(form: PlanForm) -> None:
    """Refuse a plan with faults, each beside its field."""
    faults = {}
    if not form.name.strip():
        faults["name"] = "Say what is to be done, such as: Change oil and filters."
    if form.every_months is not None and not 1 <= form.every_months <= 240:
        faults["every_months"] = "A service comes every 1 to 240 months. Leave it empty for one that is done once."
    if not 2000 <= form.next_due.year <= 2200:
        faults["next_due"] = "Check the year."
    if faults:
        raise Faults(faults)


def check_work(form: WorkForm) -> None:
    """Refuse what was noted of work with faults, each beside its field."""
    faults = {}
    if form.cost_cents < 0:
        faults["cost_cents"] = "A cost cannot be below zero."
    elif form.cost_cents > MOST_CENTS:
        faults["cost_cents"] = "This cost has too many digits."
    if len(form.currency) != 3 or not form.currency.isascii() or not form.currency.isupper():
        faults["currency"] = "A currency has three capital letters, such as USD."
    if faults:
        raise Faults(faults)


def months_on(day: date, months: int) -> date:
    """The same day so many months on; the last day of a month that is too short."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_after(done_on: date, every_months: int | None) -> date | None:
    """When a service is due next after it was done; None for one that is done once."""
    return None if every_months is None else months_on(done_on, every_months)


def days_out(began_on: date, ended_on: date | None, today: date) -> int:
    """How many days a thing was out of use, up to today where it still is; a repair of one day counts none."""
    return max(0, ((ended_on or today) - began_on).days)
