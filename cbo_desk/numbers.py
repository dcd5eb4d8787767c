"""References that people read out: one series a desk, safe under many writers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.orm import Session

from db.base import table_of
from db.records import NumberSeries

Apart = Callable[[Callable[[Connection], list[int]]], list[int]]
"""How the office does something in a transaction beside the deed's."""
_HELD, _GIVEN = "series held", "numbers given"


class Spares:
    """Numbers that were given to this workstation and stand on no record: its next deeds take them."""

    def __init__(self) -> None:
        self._free: dict[str, list[int]] = defaultdict(list)
        self._lock = Lock()

    def lay(self, series: str, numbers: Iterable[int]) -> None:
        """Lay numbers of a series there."""
        with self._lock:
            self._free[series] = sorted([*self._free[series], *numbers])

    def take(self, series: str) -> int | None:
        """The smallest number of a series that lies there, if any."""
        with self._lock:
            return self._free[series].pop(0) if self._free[series] else None

    def count(self, series: str) -> int:
        """How many numbers of a series lie there."""
        with self._lock:
            return len(self._free[series])


def next_reference(session: Session, series: str, width: int = 4) -> str:
    """The next reference of a series, such as "T-2291".

    The row stays locked until the deed commits, so a deed that fails leaves no gap.
    """
    last = session.connection().execute(_give(session.get_bind().dialect.name), {"series": series}).scalar_one()
    _hold(session, series)
    return f"{series}-{last:0{width}}"


def begin_series(session: Session, series: str, last: int) -> None:
    """Let a series go on after numbers that were given elsewhere."""
    session.add(NumberSeries(series=series, last=last))
    session.flush()
    _hold(session, series)


def next_reference_at_once(session: Session, series: str, width: int = 4) -> str:
    """The same for a deed that many do at the same moment: on a server the row is free again at once.

    The number is taken in a transaction of its own. One that a refused deed took is taken by the next deed of this
    workstation; only a program that ends, or a connection that breaks, between the two leaves a gap (decision 59).
    """
    spares: Spares | None = session.info.get("spares")
    held = series in session.info.get(_HELD, ())  # by this very deed: another transaction would wait for it for ever
    if spares is None or held or session.get_bind().dialect.name != "postgresql":
        return next_reference(session, series, width)
    number = spares.take(series)
    while number is None:
        expect(session, series, 1)
        number = spares.take(series)
    session.info.setdefault(_GIVEN, []).append((series, number))
    return f"{series}-{number:0{width}}"


def expect(session: Session, series: str, count: int) -> None:
    """Have so many numbers at hand for `next_reference_at_once`: a deed over many records asks the server once."""
    apart: Apart | None = session.info.get("apart")
    spares: Spares | None = session.info.get("spares")
    if spares is None or apart is None or session.get_bind().dialect.name != "postgresql":
        return
    missing = count - spares.count(series)
    if missing <= 0 or series in session.info.get(_HELD, ()):
        return

    def take(connection: Connection) -> list[int]:
        last = connection.execute(_TAKE, {"series": series, "count": missing}).scalar_one()
        return list(range(last - missing + 1, last + 1))

    spares.lay(series, apart(take))


def one_after_the_other(session: Session, series: str) -> None:
    """Let this deed keep a series to itself: it tries many records, and takes back what does not fit."""
    _hold(session, series)


@contextmanager
def given_back(session: Session) -> Iterator[None]:
    """Lay the numbers of a deed that is refused within it among the spares of this workstation.

    Where a connection broke nobody knows whether the deed was kept: its numbers are given to no other.
    """
    try:
        yield
    except Exception as error:
        if not getattr(error, "connection_invalidated", False):
            for series, number in session.info.pop(_GIVEN, ()):
                session.info["spares"].lay(series, [number])
        raise


def _hold(session: Session, series: str) -> None:
    session.info.setdefault(_HELD, set()).add(series)


# It need not wait for the disk: the deed's own commit comes behind it in the server's log.
_TAKE = text(
    "INSERT INTO number_series AS series (series, last) VALUES (:series, :count) ON CONFLICT (series) "
    "DO UPDATE SET last = series.last + :count RETURNING last, set_config('synchronous_commit', 'off', true)"
)


@cache
def _give(engine: str) -> Any:
    """The statement that gives the next number out, built once for each engine."""
    series = table_of(NumberSeries)
    given = _insert(engine)(series).values(series=bindparam("series"), last=1)
    given = given.on_conflict_do_update(index_elements=["series"], set_={"last": series.c.last + 1})
    return given.returning(series.c.last)


def _insert(engine: str) -> Any:
    """The engine's own INSERT; imported when it is needed, since each engine's words are a large library."""
    if engine == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as server_insert

        return server_insert
    from sqlalchemy.dialects.sqlite import insert as file_insert

    return file_insert
