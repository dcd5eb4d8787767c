"""The monthly statement of an entity: every charge of transport with its reversals, added up to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.charges import ChargeFilter, ChargeLine, ChargeList, charge_totals
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from cbo_desk.tabular import Column
from cbo_desk.tabular.writing import write_table
from db.people import Entity

COLUMNS = (
    Column("Date", "date"),
    Column("Request"),
    Column("What"),
    Column("Quantity", "number"),
    Column("Unit"),
    Column("Rate", "number"),
    Column("Amount", "number"),
    Column("Currency"),
    Column("Rate's source"),
)


@dataclass(frozen=True)
class Statement:
    """What one entity pays for one month; `totals` by currency are those of the books, not of the lines."""

    entity: str
    name: str
    month: date
    lines: tuple[ChargeLine, ...]
    totals: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class EntityTotal:
    """What an entity was charged in a month."""

    entity_id: int
    entity: str
    name: str
    count: int
    currency: str
    amount: Decimal


def last_day(month: date) -> date:
    """The last day of a month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@reads("transport", "look at statements")
def month_totals(session: Session, month: date) -> list[EntityTotal]:
    """What each entity was charged by transport in a month."""
    first = month.replace(day=1)
    names = {row.code: row for row in session.scalars(select(Entity))}
    found = []
    for total in charge_totals(session, ChargeFilter(None, first, last_day(first), "transport")):
        row = names[total.entity]
        found.append(EntityTotal(row.id, row.code, row.name, total.count, total.currency, total.amount))
    return found


@reads("transport", "look at statements")
def statement(session: Session, entity_id: int, month: date) -> Statement:
    """An entity's charges of a month, in the order of their days; the lines must come to the books' total."""
    row = session.get(Entity, entity_id)
    if row is None:
        raise Refusal("This entity is no longer there.")
    first = month.replace(day=1)
    wanted = ChargeFilter(entity_id, first, last_day(first), "transport")
    listing = ChargeList(wanted, descending=False)
    lines: list[ChargeLine] = []
    for start in listing.outline(session).starts:
        lines += [each.row for each in listing.page(session, start, 200)]
    totals = tuple((each.currency, each.amount) for each in charge_totals(session, wanted))
    for currency, amount in totals:
        added = sum((line.amount for line in lines if line.currency == currency), Decimal(0))
        if added != amount:
            raise AssertionError(f"the lines come to {added}, the books to {amount}")
    return Statement(row.code, row.name, first, tuple(lines), totals)


def rows(shown: Statement) -> Iterator[tuple[Any, ...]]:
    """The statement's lines and, last, its totals."""
    for line in shown.lines:
        what = line.what + (f" (reversed: {line.reason})" if line.reverses_id is not None else "")
        yield (
            line.charged_on, line.subject.name, what, line.quantity, line.unit, line.rate, line.amount, line.currency,
            line.rate_source,
        )  # fmt: skip
    for currency, amount in shown.totals:
        yield None, "Total", f"{shown.entity} · {shown.month:%B %Y}", None, "", None, amount, currency, ""


def write_statement(shown: Statement, path: Path) -> int:
    """Write a statement as PDF, XLSX or CSV, by the file's ending; gives the number of lines."""
    title = f"Transport {shown.entity} {shown.month:%B %Y}"
    write_table(path, COLUMNS, rows(shown), title=title, note=shown.name)
    return len(shown.lines)
