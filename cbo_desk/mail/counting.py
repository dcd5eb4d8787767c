"""Counts very many items in one pass that reports how far it is and can be stopped; times are kept as numbers."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Float, Text, case, cast, extract, func, literal_column, select, type_coerce
from sqlalchemy.orm import Session

from cbo_desk.mail.rules import State
from cbo_desk.progress import Progress
from db.mail import MailItem

LOT = 20_000
"""So many rows are counted at once; after each lot the pass can be stopped."""
Part = tuple[str, str | None, str, str]
"""Carrier, entity, class and state of an item."""
Hour = Any
"""An hour of receipt as the database cuts it: text in SQLite, an instant in PostgreSQL, both in UTC."""
_OF_PART, _OF_HOUR, _OF_TIME = itemgetter(2, 3, 1, 4), itemgetter(0, 1), itemgetter(5)


@dataclass(frozen=True)
class Times:
    """How long items took from receipt to delivery, in hours, over all hours of the day; None where none was delivered.

    Percentiles are interpolated between neighbours, as SQL's percentile_cont does.
    """

    count: int
    median: float | None
    p90: float | None


@dataclass
class Counted:
    """What one pass found: items by their parts, by hour of receipt and class, and the times of the delivered ones.

    `_hours` are the times in hours, `_keys` beside them the places of hour and class in `_known`.
    """

    parts: Counter[Part] = field(default_factory=Counter)
    hours: Counter[tuple[Hour, str]] = field(default_factory=Counter)
    _known: dict[tuple[Hour, str], int] = field(default_factory=dict)
    _hours: array[float] = field(default_factory=lambda: array("d"))
    _keys: array[int] = field(default_factory=lambda: array("q"))

    @property
    def total(self) -> int:
        """How many items there are."""
        return self.parts.total()

    def add(self, rows: Sequence[Any]) -> None:
        """Count some rows: hour, class, carrier, entity, state, and seconds to delivery or None."""
        self.parts.update(map(_OF_PART, rows))
        self.hours.update(map(_OF_HOUR, rows))
        done = [row for row in rows if row[5] is not None]
        known = self._known
        self._keys.extend([known.setdefault(key, len(known)) for key in map(_OF_HOUR, done)])
        self._hours.extend([max(seconds, 0.0) / 3600 for seconds in map(float, map(_OF_TIME, done))])

    def instant(self, hour: Hour) -> datetime:
        """When an hour began."""
        return hour if isinstance(hour, datetime) else datetime.strptime(hour, "%Y-%m-%dT%H").replace(tzinfo=UTC)

    def times(self) -> Times:
        """The times of all."""
        return times_of(self._hours)

    def times_by(self, group: Callable[[Hour, str], Hashable], groups: Sequence[Hashable]) -> tuple[Times, ...]:
        """The times of each of the groups; `group` says which one an hour and a class belong to."""
        import numpy as np

        place = {name: at for at, name in enumerate(groups)}
        of_key = np.array([place[group(*key)] for key in self._known], np.int64)
        hours = np.array(self._hours, np.float64)
        mine = of_key[np.array(self._keys, np.int64)] if len(hours) else np.empty(0, np.int64)
        order = np.argsort(mine, kind="stable")
        ends = np.searchsorted(mine[order], np.arange(len(groups) + 1))
        sorted_hours = hours[order]
        return tuple(times_of(sorted_hours[ends[at] : ends[at + 1]]) for at in range(len(groups)))

    def spans(self, ends: Sequence[float]) -> tuple[int, ...]:
        """How many times are up to each of the ends, and how many are above the last one."""
        import numpy as np

        found = np.searchsorted(np.array(ends, np.float64), np.array(self._hours, np.float64), side="left")
        return tuple(int(count) for count in np.bincount(found, minlength=len(ends) + 1))


def count_items(session: Session, where: ColumnElement[bool], progress: Progress | None = None) -> Counted:
    """Count the items that a condition lets through; raises `Cancelled` where the person stops it."""
    wanted = select(
        _hour(session), MailItem.item_class, MailItem.carrier, MailItem.entity_code, MailItem.state,
        case((MailItem.state == State.DELIVERED, _seconds(session))),
    ).where(where)  # fmt: skip
    total = 0
    if progress is not None:
        total = int(session.scalar(select(func.count()).select_from(MailItem).where(where)) or 0)
    found, done = Counted(), 0
    rows = session.connection().execution_options(yield_per=LOT).execute(wanted)
    for lot in rows.partitions():
        found.add(lot)
        done += len(lot)
        if progress is not None:
            progress.report(done, max(total, done))
    return found


def times_of(hours: Any) -> Times:
    """Median and 90th percentile, interpolated between neighbours."""
    import numpy as np

    values = np.asarray(hours, np.float64)
    if not len(values):
        return Times(0, None, None)
    median, p90 = np.quantile(values, (0.5, 0.9))
    return Times(len(values), float(median), float(p90))


def _hour(session: Session) -> ColumnElement[Any]:
    if session.get_bind().dialect.name == "sqlite":
        # Instants lie there as text of one width, whose first 13 letters are day and hour.
        return func.substr(type_coerce(MailItem.received_at, Text), 1, 13)
    # In UTC whatever the connection's own zone is, so that hours are cut alike everywhere.
    return func.date_trunc(literal_column("'hour'"), MailItem.received_at, literal_column("'UTC'"))


def _seconds(session: Session) -> ColumnElement[float]:
    if session.get_bind().dialect.name == "sqlite":
        days = func.julianday(type_coerce(MailItem.state_since, Text)) - func.julianday(
            type_coerce(MailItem.received_at, Text)
        )
        return days * 86_400.0
    return cast(extract("epoch", MailItem.state_since - MailItem.received_at), Float)
