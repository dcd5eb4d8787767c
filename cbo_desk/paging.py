"""Reading long lists through windows cut at remembered keys.

A list is shown from its first page at once; its outline (how many rows, and the key that starts every page) is
walked behind that, and from then on any page is one index look-up. OFFSET would cost 21 to 766 ms in mid-list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isqrt
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from sqlalchemy import Column, ColumnElement, Select, and_, func, literal, or_, select, true, tuple_, union_all
from sqlalchemy.orm import QueryableAttribute, Session, aliased
from sqlalchemy.sql.visitors import iterate

from cbo_desk.at_once import Rows, one_of
from cbo_desk.permissions import Rule

if TYPE_CHECKING:
    from cbo_desk.lined_up import LinedUp
    from cbo_desk.lineup import Lineup, Mask

PAGE = 200
STEPS = 20_000
"""Rows of a table that one page of a list may pass: about what 20 ms allow."""
Key = tuple[Any, ...]
RowT = TypeVar("RowT")
FoundT = TypeVar("FoundT")


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


class LaterLine(Line[RowT]):
    """A line whose row is made of its values when it is asked for: of a page's two hundred a screen shows twenty."""

    def __init__(self, ident: int, key: Key, make: Callable[[Any], RowT], values: Any) -> None:
        self.__dict__.update(id=ident, key=key, _make=make, _values=values)

    @cached_property
    def row(self) -> RowT:
        """The row."""
        made: RowT = self.__dict__["_make"](self.__dict__["_values"])
        return made


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

    def prepare(self, session: Any, /) -> bool:
        """Do a part of what makes the readings to come quick; whether more is to be done."""


class PagedList(Generic[RowT]):
    """A list read a page at a time, in SQL alone: what each desk's listings derive from.

    `lines` selects the id and the columns of a row; a derived class makes the row in `row_of` and may narrow the list
    in `condition`, which knows the session and so the engine.
    """

    kind: str = ""
    rule: ClassVar[Rule]
    steps = STEPS
    plain: ClassVar[bool] = False
    """Whether a row is made of plain values by their places, so that a page is read in one step, and its rows later."""

    def __init__(
        self, lines: Select[*tuple[Any, ...]], ident: QueryableAttribute[int], sort: Sort, where: ColumnElement[bool]
    ) -> None:
        self._lines = lines.add_columns(*(column.label(f"key_{n}") for n, column in enumerate(sort.columns)))
        self._ident = ident
        self._sort = sort
        self._where = where
        self._long: bool | None = None
        self._lined: tuple[Lineup, int, LinedUp[RowT]] | None = None
        self.descending = sort.descending
        self.provisional = False

    def condition(self, session: Session) -> ColumnElement[bool]:
        """Which rows belong to the list."""
        return self._where

    def condition_by_row(self, session: Session) -> ColumnElement[bool]:
        """The same, said so that one row is soon judged, where `condition` would gather a large set first."""
        return self.condition(session)

    def condition_when_few(self, session: Session) -> ColumnElement[bool]:
        """The same for a list that is not long: begun where the fewest rows are."""
        return self.condition(session)

    def bounds(self) -> ColumnElement[bool]:
        """Between which values of its first column the order holds rows of the list, where the filter says so."""
        return true()

    def row_of(self, values: Any) -> RowT:
        """Make the plain row from one result row."""
        raise NotImplementedError

    def is_long(self, session: Session) -> bool:
        """Whether the list is best read along its order's index, where the next page is soon met.

        A shorter list is found by its filter's indexes and sorted. Engines guess which from averages, and a wrong
        guess costs seconds in a million rows.
        """
        return self.lets_many_through(session, self.condition(session))

    def lets_many_through(self, session: Session, condition: ColumnElement[bool]) -> bool:
        """Whether more rows satisfy a condition than it pays to sort; no more of them are counted."""
        many = self.many_of(session.scalar(select(func.max(self._ident))) or 0)
        some = select(literal(1)).select_from(self._ident.class_).where(condition).limit(many).subquery()
        return int(session.scalar(select(func.count()).select_from(some)) or 0) >= many

    @staticmethod
    def many_of(rows: int) -> int:
        """How many of a table's rows it no longer pays to sort.

        With m of n rows in the list, a page costs PAGE * n / m steps along the order or about 2 * m by the filter.
        """
        return isqrt(PAGE * rows // 2) + 1

    def first(self, session: Session, /, *, exact: bool = False) -> list[Line[RowT]]:
        """The first PAGE lines, without counting the rest.

        Of words that very many hold, these may be, unless `exact`, the first that are known at once to hold them:
        `provisional` says so, and `page` tells whether there are others between them.
        """
        found = self._from_memory(session, lambda lined: lined.first(session), exact=exact)
        self.provisional = found is not None and self._lined is not None and not self._lined[2].exact
        return self._next(session, None, PAGE) if found is None else found

    def page(self, session: Session, start: Key, count: int, /) -> list[Line[RowT]]:
        """`count` lines from the key `start` on."""
        found = self._from_memory(session, lambda lined: lined.page(session, start, count))
        return self._next(session, start, count) if found is None else found

    def prepare(self, _session: Session, /) -> bool:
        """Do a part of what makes the readings to come quick; whether more is to be done."""
        return False

    def mask(self, session: Session, lineup: Lineup, *, exact: bool) -> tuple[Mask, bool]:  # noqa: ARG002
        """Which ids of a lineup satisfy the filter, and whether the mask is exact; it need not be unless asked for."""
        return lineup.mask(session, self._where), True

    def keys(self, session: Session, ids: Sequence[int], /) -> list[Key]:
        """The keys of rows in the order of their ids. Raises LookupError where one of them is gone."""
        found: dict[int, Key] = {}
        for start in range(0, len(ids), 500):
            wanted = select(*self._sort.columns).where(one_of(session, self._ident, ids[start : start + 500]))
            found.update((row[-1], row) for row in Rows(session, wanted).every(1))
        return [found[ident] for ident in ids]

    def _from_memory(
        self, session: Session, ask: Callable[[LinedUp[RowT]], FoundT], *, exact: bool = True
    ) -> FoundT | None:
        """An answer from the table's lineup; None where there is none, or where it does not know enough."""
        lineups = session.info.get("lineups")
        lineup = None if lineups is None else lineups.ready.get(self.kind)
        if lineup is None or len(self._sort.columns) != 2 or self._sort.columns[0].key not in lineup.orders:
            return None
        from cbo_desk.lined_up import LooseError
        from cbo_desk.lineup import NotHeldError

        try:
            lined = self._lined_up(session, lineup, exact)
            return None if lined is None else ask(lined)
        except LooseError:
            return self._from_memory(session, ask)
        except (NotHeldError, LookupError):
            return None

    def _lined_up(self, session: Session, lineup: Lineup, exact: bool) -> LinedUp[RowT] | None:
        from cbo_desk.lined_up import LinedUp

        since = lineup.changed(session)
        if since is None:
            return None
        deeds, changed = since
        known = self._lined
        if known is not None and known[:2] == (lineup, deeds) and (known[2].exact or not exact):
            return known[2]
        mask, exact = self.mask(session, lineup, exact=exact)
        mask[[ident for ident in changed if ident < len(mask)]] = False
        order = lineup.orders[self._sort.columns[0].key]
        lined = LinedUp(self, order, mask, self.among(session, sorted(changed)), exact)
        self._lined = (lineup, deeds, lined)
        return lined

    def _next(self, session: Session, start: Key | None, count: int) -> list[Line[RowT]]:
        """Lines from a key on: along the order as far as STEPS rows, by the filter where that does not bring enough."""
        if self._is_long(session):
            ordered = self._in_order(session, self._lines)
            end = self._key_beyond(session, start)
            found: list[Line[RowT]] = []
            for stretch in self._between(start, end):
                if len(found) < count:
                    found += self._read(session, ordered.where(stretch).limit(count - len(found)))
            if len(found) == count or end is None:
                return found
        few = self.condition(session) if self._is_long(session) else self.condition_when_few(session)
        wanted = self._sorted(self._lines.where(few))
        return self._read(session, (wanted if start is None else wanted.where(self._reaches(start))).limit(count))

    def _key_beyond(self, session: Session, start: Key | None) -> Key | None:
        """The key STEPS rows of the table further on; None where it ends before that."""
        left = self.steps
        for stretch in self._between(start, None):
            stretch = and_(stretch, self.bounds())
            step = select(*self._sort.columns).where(stretch).order_by(*map(self._direct, self._sort.columns))
            row = session.execute(step.offset(left).limit(1)).first()
            if row is not None:
                return tuple(row)
            passed = select(literal(1)).select_from(self._ident.class_).where(stretch).limit(left).subquery()
            left -= int(session.scalar(select(func.count()).select_from(passed)) or 0)
        return None

    def among(self, session: Session, ids: Sequence[int], /) -> list[Line[RowT]]:
        """Those of `ids` that belong to the list now, in its order."""
        found: list[Line[RowT]] = []
        ids = list(dict.fromkeys(ids))
        # Neither the filter nor an order offers the engine an index to begin with: it begins with the ids.
        wanted = self._lines.where(self.condition_by_row(session).is_(true())) if ids else self._lines
        for start in range(0, len(ids), 500):
            found += self._read(session, wanted.where(one_of(session, self._ident, ids[start : start + 500])))
        found.sort(key=lambda line: line.key, reverse=self.descending)
        return found

    def between(self, session: Session, start: Key, key: Key, /) -> int:
        """How many lines stand from `start` on and before `key`."""
        found = self._from_memory(session, lambda lined: lined.between(session, start, key))
        return found if found is not None else sum(self._count(session, part) for part in self._between(start, key))

    def outline(self, session: Session, /) -> Outline:
        """Walk the order once and note the key of every PAGE-th line."""
        found = self._from_memory(session, lambda lined: lined.outline(session))
        if found is not None:
            return found
        if not self._is_long(session):
            keys = self._sorted(select(*self._sort.columns).where(self.condition_when_few(session)))
            rows = Rows(session, keys)
            return Outline(len(rows), rows.every(PAGE))
        pages = Rows(session, self._starts(session)).every(1)
        if not pages:
            return Outline(0, ())
        rest = sum(self._count(session, part) for part in self._between(pages[-1], None))
        return Outline((len(pages) - 1) * PAGE + rest, pages)

    def _starts(self, session: Session) -> Select[Any]:
        """The keys that start the pages.

        Where one index has all that is asked, it is walked in hops of a page, ten times as fast as numbering rows.
        """
        table = self._ident.class_
        if not self._walks_index(session):
            order = [self._direct(column) for column in self._sort.columns]
            place = func.row_number().over(order_by=order).label("place")
            numbered = select(*self._sort.columns, place).where(self.condition(session)).subquery()
            *parts, number = numbered.c
            return select(*parts).where((number - 1) % PAGE == 0).order_by(number)
        names = [f"part_{n}" for n in range(len(self._sort.columns))]
        labelled = [column.label(name) for column, name in zip(self._sort.columns, names, strict=True)]
        begin = self._in_order(session, select(*labelled)).limit(1).subquery()
        hops = select(*begin.c).cte("hops", recursive=True)
        steps = [
            self._in_order(session, select(self._ident.label("id"))).where(stretch).limit(PAGE + 1).correlate(hops)
            for stretch in self._stretches(list(hops.c))
        ]
        following = union_all(*(select(step.subquery()) for step in steps)).offset(PAGE).limit(1)
        landed = aliased(table)
        columns = [getattr(landed, column.key) for column in self._sort.columns]
        onward = select(*columns).join_from(
            hops, landed, getattr(landed, self._ident.key) == following.scalar_subquery()
        )
        hops = hops.union_all(onward)
        return select(*hops.c)

    def count(self, session: Session, /) -> int:
        """How many rows the list has."""
        wanted = select(func.count()).select_from(self._ident.class_).where(self.condition(session))
        return int(session.scalar(wanted) or 0)

    def ids(self, session: Session, most: int, /) -> list[int]:
        """The ids of the first `most` rows, in order: what "select all" means."""
        order = [self._direct(column) for column in self._sort.columns]
        return list(session.scalars(select(self._ident).where(self.condition(session)).order_by(*order).limit(most)))

    def _between(self, start: Key | None, end: Key | None) -> list[ColumnElement[bool]]:
        """The rows from one key on and before another, in order, as ranges that each are one piece of the index."""
        if start is None or end is None:
            if start is None and end is None:
                return [true()]
            if start is None:
                return self._stretches(self._literals(end or ()), backwards=True)[::-1]
            return self._stretches(self._literals(start))
        low, high = self._literals(start), self._literals(end)
        same = next((n for n, (one, other) in enumerate(zip(start, end, strict=True)) if one != other), len(end))
        if same == len(end) or not self._precedes(start[same], end[same]):
            return []
        inner = len(end) - 1 - same
        equal = [column == value for column, value in zip(self._sort.columns, low[:same], strict=False)]
        column, least, most = self._sort.columns[same], low[same], high[same]
        if self.descending:
            middle = and_(column <= least if inner == 0 else column < least, column > most)
        else:
            middle = and_(column >= least if inner == 0 else column > least, column < most)
        before = self._stretches(high, backwards=True)[:inner][::-1]
        return [*self._stretches(low)[:inner], and_(*equal, middle), *before]

    def _in_order(self, session: Session, lines: Select[Any]) -> Select[Any]:
        """Lines of a long list along its order's index.

        A condition said as an expression has no index, so that the engine cannot begin with it and sort the rest.
        """
        condition = self.condition_by_row(session)
        return lines.where(condition.is_(true()), self.bounds()).order_by(*map(self._direct, self._sort.columns))

    def _sorted(self, lines: Select[Any]) -> Select[Any]:
        """Lines found by the filter and then sorted: the engine cannot walk the index of an order that is hidden."""
        hidden = (func.coalesce(column, column) for column in self._sort.columns)
        return lines.order_by(*map(self._direct, hidden))

    def _is_long(self, session: Session) -> bool:
        if self._long is None:
            self._long = self.is_long(session)
        return self._long

    def _walks_index(self, session: Session) -> bool:
        """Whether the outline can be read from one index alone: it has the order and all that the filter asks for."""
        order = [column.key for column in self._sort.columns]
        table = self._ident.class_.__table__
        asked = [part for part in iterate(self.condition(session)) if isinstance(part, Column)]
        for index in table.indexes:
            kept = [column.key for column in index.columns]
            if kept[: len(order)] == order and all(part.table is table and part.key in kept for part in asked):
                return True
        return False

    def _direct(self, column: Any) -> Any:
        return column.desc() if self._sort.descending else column.asc()

    def _reaches(self, start: Key) -> ColumnElement[bool]:
        """Rows whose key is `start` or comes after it, said so that no index answers it."""
        key = tuple_(*(func.coalesce(column, column) for column in self._sort.columns))
        limit = tuple_(*self._literals(start))
        reaches: ColumnElement[bool] = key <= limit if self._sort.descending else key >= limit
        return reaches

    def _stretches(self, key: Sequence[Any], backwards: bool = False) -> list[ColumnElement[bool]]:
        """Rows from a key on (or, backwards, those before it) as ranges that each are one piece of the index.

        Nearest first. SQLite looks up only the first column of a row value that ends in the table's own id, and walks
        through all rows equal in that column.
        """
        ranges = []
        columns = self._sort.columns
        up = self._sort.descending == backwards
        for depth in reversed(range(len(columns))):
            equal = [column == value for column, value in zip(columns, key[:depth], strict=False)]
            column, value = columns[depth], key[depth]
            if depth == len(columns) - 1 and not backwards:
                ranges.append(and_(*equal, column >= value if up else column <= value))
            else:
                ranges.append(and_(*equal, column > value if up else column < value))
        return ranges

    def _precedes(self, one: Any, other: Any) -> bool:
        return bool(one > other if self._sort.descending else one < other)

    def _count(self, session: Session, part: ColumnElement[bool]) -> int:
        wanted = select(func.count()).select_from(self._ident.class_).where(self.condition_by_row(session), part)
        return int(session.scalar(wanted) or 0)

    def _literals(self, key: Key) -> list[Any]:
        # Typed by their columns: an instant bound as a plain datetime is written another way on SQLite.
        return [literal(value, column.type) for value, column in zip(key, self._sort.columns, strict=True)]

    def _read(self, session: Session, wanted: Select[Any]) -> list[Line[RowT]]:
        width = len(self._sort.columns)
        if self.plain:
            rows = Rows(session, wanted).all()
            return [LaterLine(values[0], tuple(values[-width:]), self.row_of, values) for values in rows]
        return [Line(values[0], tuple(values[-width:]), self.row_of(values)) for values in session.execute(wanted)]


def starts_with(column: QueryableAttribute[str], text: str) -> ColumnElement[bool]:
    """A prefix search the index can answer, which LIKE is not."""
    return and_(column >= text, column < text + "\U0010ffff") if text else true()


def any_of(*choices: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether one of the conditions holds."""
    return or_(*choices)
