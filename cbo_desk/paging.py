"""Reading long lists through windows cut at remembered keys.

A list is shown from its first page at once; its outline (how many rows, and the key that starts every page) is
walked behind that, and from then on any page is one index look-up. OFFSET would cost 21 to 766 ms in mid-list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, true, tuple_
from sqlalchemy.orm import QueryableAttribute, Session

from cbo_desk.permissions import Rule

PAGE = 200
Key = tuple[Any, ...]
RowT = TypeVar("RowT")


@dataclass(frozen=True)
class Sort:
    """An order: the columns of its key, never NULL and ending in the id, all up or all down."""

    columns: tuple[QueryableAttribute[Any], ...]
    descending: bool = False


@dataclass(frozen=True)
class Line(Generic[RowT]):
    """One row of a list with its id and its key in the list's order."""

    id: int
    key: Key
    row: RowT


@dataclass(frozen=True)
class Outline:
    """How long a list is, and the key that starts each of its pages of PAGE rows."""

    total: int
    starts: tuple[Key, ...]


class Listing(Protocol[RowT]):
    """What the rules floor offers for one list; the session is its own affair."""

    kind: str
    rule: ClassVar[Rule]
    descending: bool

    def first(self, session: Any, /) -> Sequence[Line[RowT]]:
        """The first PAGE lines."""

    def outline(self, session: Any, /) -> Outline:
        """The length and the pages' keys."""

    def page(self, session: Any, start: Key, count: int, /) -> Sequence[Line[RowT]]:
        """`count` lines from the one with the key `start` on."""

    def among(self, session: Any, ids: Sequence[int], /) -> Sequence[Line[RowT]]:
        """Those of `ids` that belong to the list now, in its order."""

    def between(self, session: Any, start: Key, key: Key, /) -> int:
        """How many lines stand from `start` on and before `key`."""


class PagedList(Generic[RowT]):
    """A list read a page at a time, in SQL alone: what each desk's listings derive from.

    `lines` selects the id and the columns of a row; a derived class makes the row in `row_of` and may narrow the list
    in `condition`, which knows the session and so the engine.
    """

    kind: str = ""
    rule: ClassVar[Rule]

    def __init__(
        self, lines: Select[*tuple[Any, ...]], ident: QueryableAttribute[int], sort: Sort, where: ColumnElement[bool]
    ) -> None:
        self._lines = lines.add_columns(*(column.label(f"key_{n}") for n, column in enumerate(sort.columns)))
        self._ident = ident
        self._sort = sort
        self._where = where
        self.descending = sort.descending

    def condition(self, session: Session) -> ColumnElement[bool]:
        """Which rows belong to the list."""
        return self._where

    def row_of(self, values: Any) -> RowT:
        """Make the plain row from one result row."""
        raise NotImplementedError

    def first(self, session: Session, /) -> list[Line[RowT]]:
        """The first PAGE lines, without counting the rest."""
        return self._read(session, self._ordered(session).limit(PAGE))

    def page(self, session: Session, start: Key, count: int, /) -> list[Line[RowT]]:
        """`count` lines from the key `start` on."""
        return self._read(session, self._ordered(session).where(self._reaches(start)).limit(count))

    def among(self, session: Session, ids: Sequence[int], /) -> list[Line[RowT]]:
        """Those of `ids` that belong to the list now, in its order."""
        found: list[Line[RowT]] = []
        ids = list(dict.fromkeys(ids))
        for start in range(0, len(ids), 500):
            found += self._read(session, self._ordered(session).where(self._ident.in_(ids[start : start + 500])))
        if len(ids) > 500:
            found.sort(key=lambda line: line.key, reverse=self.descending)
        return found

    def between(self, session: Session, start: Key, key: Key, /) -> int:
        """How many lines stand from `start` on and before `key`."""
        wanted = (
            select(func.count()).select_from(self._ident.class_).where(self.condition(session), self._reaches(start))
        )
        return int(session.scalar(wanted.where(self._comes_before(key))) or 0)

    def outline(self, session: Session, /) -> Outline:
        """Walk the order's index once and note the key of every PAGE-th line."""
        order = [self._direct(column) for column in self._sort.columns]
        place = func.row_number().over(order_by=order).label("place")
        numbered = select(*self._sort.columns, place).where(self.condition(session)).subquery()
        *parts, number = numbered.c
        starts = session.execute(select(*parts).where((number - 1) % PAGE == 0).order_by(number))
        pages = tuple(tuple(row) for row in starts)
        if not pages:
            return Outline(0, ())
        rest = (
            select(func.count())
            .select_from(self._ident.class_)
            .where(self.condition(session), self._reaches(pages[-1]))
        )
        return Outline((len(pages) - 1) * PAGE + int(session.scalar(rest) or 0), pages)

    def count(self, session: Session, /) -> int:
        """How many rows the list has."""
        wanted = select(func.count()).select_from(self._ident.class_).where(self.condition(session))
        return int(session.scalar(wanted) or 0)

    def ids(self, session: Session, most: int, /) -> list[int]:
        """The ids of the first `most` rows, in order: what "select all" means."""
        order = [self._direct(column) for column in self._sort.columns]
        return list(session.scalars(select(self._ident).where(self.condition(session)).order_by(*order).limit(most)))

    def _ordered(self, session: Session) -> Select[Any]:
        return self._lines.where(self.condition(session)).order_by(
            *(self._direct(column) for column in self._sort.columns)
        )

    def _direct(self, column: QueryableAttribute[Any]) -> Any:
        return column.desc() if self._sort.descending else column.asc()

    def _reaches(self, start: Key) -> ColumnElement[bool]:
        """Rows whose key is `start` or comes after it."""
        key, limit = tuple_(*self._sort.columns), self._typed(start)
        reaches: ColumnElement[bool] = key <= limit if self._sort.descending else key >= limit
        return reaches

    def _comes_before(self, end: Key) -> ColumnElement[bool]:
        """Rows whose key comes before `end`; said without NOT, which no index answers."""
        key, limit = tuple_(*self._sort.columns), self._typed(end)
        before: ColumnElement[bool] = key > limit if self._sort.descending else key < limit
        return before

    def _typed(self, key: Key) -> Any:
        # Typed by their columns: an instant bound as a plain datetime is written another way on SQLite.
        columns = self._sort.columns
        return tuple_(*(literal(value, column.type) for value, column in zip(key, columns, strict=True)))

    def _read(self, session: Session, wanted: Select[Any]) -> list[Line[RowT]]:
        width = len(self._sort.columns)
        return [Line(values[0], tuple(values[-width:]), self.row_of(values)) for values in session.execute(wanted)]


def starts_with(column: QueryableAttribute[str], text: str) -> ColumnElement[bool]:
    """A prefix search the index can answer, which LIKE is not."""
    return and_(column >= text, column < text + "\U0010ffff") if text else true()


def any_of(*choices: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether one of the conditions holds."""
    return or_(*choices)
