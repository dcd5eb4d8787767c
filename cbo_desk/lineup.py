"""A long table in memory: its ids in every order of its list, and the values that filters ask for.

One order of a million rows is four megabytes. Any filter in any order is then a mask over an array of ids, and only the
rows in sight are read. It is true as of a position in the feed; what changed since is left to the database.
"""

from __future__ import annotations

import operator
from collections import deque
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, True_

from cbo_desk import feed, search
from cbo_desk.number_columns import Ids, columns_of, day_number, kept_as, numbers
from cbo_desk.shared_texts import SharedTexts, shared_texts
from cbo_desk.slips import FEWEST
from db.base import SortText, table_of
from db.records import SearchEntry

Mask = npt.NDArray[np.bool_]

MOST_CHANGED = 500
"""Rows changed since, at most, that a list asks the database about; beyond that it is read without a lineup."""
ASIDE = ("tags.last_scan",)
"""Kinds of deeds that no list asks about: after each scan its lists would be made anew."""
MADE_ANEW = 100
"""Rows changed since, from which on a lineup is made anew behind the work."""
AT_ONCE = 20_000
"""Rows whose values one part reads."""
IN_ORDER = 100_000
"""Ids of an order that one part reads."""
FEW = 10_000
"""As many records as words are looked up for at once; of more, `loosely` finds a superset sooner."""

_COMPARED: dict[Any, Callable[[Any, Any], Any]] = {
    operators.eq: operator.eq,
    operators.ne: operator.ne,
    operators.ge: operator.ge,
    operators.gt: operator.gt,
    operators.le: operator.le,
    operators.lt: operator.lt,
}


class NotHeldError(Exception):
    """A condition asks for something that is not in memory."""


class Lineup:
    """What is in memory of one table as of `position`; complete once `make` said that nothing is left to do."""

    def __init__(
        self, session: Session, kind: str, orders: Sequence[Any], asked: Sequence[Any], told: Sequence[Any] = ()
    ) -> None:
        table: Any = orders[0].class_.__table__
        self.kind = kind
        self.position = feed.end(session)
        self._id = table.c.id
        last = int(session.scalar(select(func.max(self._id))) or 0)
        self.there: Mask = np.zeros(last + 1, np.bool_)
        self.orders: dict[str, Ids] = {}
        self._values = {column.key: np.zeros(last + 1, kept_as(column)) for column in asked}
        self._codes: dict[str, dict[Any, int]] = {}
        self._nullable = {column.key for column in asked if column.expression.nullable}
        self._entries: Ids = np.zeros(1, np.int32)
        self._words: dict[str, Mask] = {}
        self._texts: dict[str, SharedTexts] = {}
        columns = [table.c[column.key] for column in asked]
        self._steps: deque[Callable[[Session], None]] = deque(
            [
                partial(self._read_codes, [column for column in columns if isinstance(column.type, SortText)]),
                *(partial(self._read_values, columns, first) for first in range(0, last + 1, AT_ONCE)),
                *(partial(self._read_order, table.c[column.key]) for column in orders),
                *(partial(self._read_texts, table.c[column.key]) for column in told),
                partial(self._read_entries, 0),
            ]
        )

    def make(self, session: Session) -> bool:
        """Read one further part, which takes some hundredths of a second; whether more are to be read."""
        if self._steps:
            self._steps[0](session)  # may put what follows it behind itself
            self._steps.popleft()
        return bool(self._steps)

    def changed(self, session: Session) -> tuple[int, frozenset[int]] | None:
        """How much was done since, and the rows it touched; None where these are too many."""
        found = feed.touched_since(session, self.position, self.kind, MOST_CHANGED, ASIDE)
        return None if found is None or len(found[1]) > MOST_CHANGED else found

    def is_old(self, session: Session) -> bool:
        """Whether so much changed since that it is better made anew."""
        changed = self.changed(session)
        return changed is None or len(changed[1]) >= MADE_ANEW

    def mask(self, session: Session, condition: ColumnElement[bool]) -> Mask:
        """Which ids satisfy a condition. Raises NotHeldError where it asks for more than is in memory."""
        found = self.there.copy()
        for part in _parts(condition):
            if not isinstance(part, True_):
                found &= self._judge(session, part)
        return found

    def holding(self, session: Session, words: str, *, exact: bool) -> tuple[Mask, bool]:
        """Which ids hold every word, and whether these are all of them that do.

        Not `exact`, some may not hold them, or some that do be left out.
        """
        known = self._words.get(words)
        if known is not None:
            return known, True
        if not exact:
            sure = self._surely(words)
            if sure is not None and np.count_nonzero(sure) > FEW:
                return sure, False
        wanted = search.entries_holding(session, words)
        some = numbers(session, wanted.limit(FEW + 1))
        if len(some) > FEW and not exact:
            loose = search.entries_loosely(session, words)
            return (self.there if loose is None else self._of_entries(numbers(session, loose))), False
        if len(some) > FEW:
            some = numbers(session, wanted)
        found = self._of_entries(some)
        while len(self._words) > 8:
            self._words.pop(next(iter(self._words)))
        self._words[words] = found
        return found, True

    def _surely(self, words: str) -> Mask | None:
        """Ids whose texts in memory hold every word; None where the words are too short to be looked for so."""
        asked = search.asked(words)
        if not asked or min(map(len, asked)) < FEWEST:
            return None
        found = self.there.copy()
        for word in asked:
            held: Mask = np.zeros(len(self.there), np.bool_)
            for column, texts in self._texts.items():
                for piece in texts.holding(word):
                    held[self.orders[column][piece]] = True
            found &= held
        return found

    def _of_entries(self, entries: Ids) -> Mask:
        found: Mask = np.zeros(len(self.there), np.bool_)
        # An entry made since belongs to a record that was touched since, which the database is asked about.
        found[self._entries[entries[entries < len(self._entries)]]] = True
        return found

    # --- Judging -----------------------------------------------------------------------------------------------

    def _judge(self, session: Session, part: Any) -> Mask:
        if not isinstance(part, BinaryExpression) or getattr(part.left, "table", None) is not self._id.table:
            raise NotHeldError(str(part))
        name, found = str(part.left.key), part.operator
        if found is operators.in_op:
            return self._among(session, name, part.right)
        if found not in _COMPARED or name not in self._values:
            raise NotHeldError(str(part))
        value = part.right.value if isinstance(part.right, BindParameter) else session.scalar(select(part.right))
        return self._given(name, _COMPARED[found](self._values[name], self._plain(name, value)))

    def _among(self, session: Session, name: str, right: Any) -> Mask:
        if name != self._id.key and name not in self._values:
            raise NotHeldError(name)
        if isinstance(right, BindParameter):
            wanted = np.array([self._plain(name, value) for value in right.value or ()], np.int64)
        else:
            wanted = columns_of(session, _select_of(right))[0]
        if name == self._id.key:
            found: Mask = np.zeros(len(self.there), np.bool_)
            found[wanted[(wanted >= 0) & (wanted < len(found))]] = True
            return found
        return self._given(name, np.isin(self._values[name], wanted))

    def _given(self, name: str, found: Mask) -> Mask:
        """A comparison with nothing at all is never true."""
        return found & (self._values[name] != 0) if name in self._nullable else found

    def _plain(self, name: str, value: Any) -> int:
        if name in self._codes:
            return self._codes[name].get(str(value), -1)
        return day_number(value) if isinstance(value, date) else int(value)

    # --- Reading -----------------------------------------------------------------------------------------------

    def _read_codes(self, columns: Sequence[Column[Any]], session: Session) -> None:
        for column in columns:
            values = session.scalars(select(column).distinct().order_by(column))
            self._codes[column.key] = {value: code for code, value in enumerate(values, 1)}

    def _read_values(self, columns: Sequence[Column[Any]], first: int, session: Session) -> None:
        wanted = [self._id, *(self._number(column).label(column.key) for column in columns)]
        some = select(*wanted).where(self._id >= first, self._id < first + AT_ONCE)
        ids, *values = columns_of(session, some)
        fits = ids < len(self.there)  # later ones were added since
        self.there[ids[fits]] = True
        for column, found in zip(columns, values, strict=True):
            self._values[column.key][ids[fits]] = found[fits]

    def _number(self, column: Column[Any]) -> ColumnElement[int]:
        if column.key in self._codes:
            codes = self._codes[column.key]
            return case(codes, value=column, else_=0) if codes else func.coalesce(None, 0)
        if isinstance(column.type, Date):
            return func.coalesce(cast(func.replace(cast(column, Text), "-", ""), Integer), 0)
        return func.coalesce(column, 0)

    def _read_order(self, column: Column[Any], session: Session, read: Sequence[Ids] = (), begin: Any = None) -> None:
        """One stretch of an order, from one key to another; the stretch after it is the next part.

        Rows that come, go or move between two stretches are among those that changed since, which the mask leaves out.
        """
        key = select(column, self._id).order_by(column, self._id)
        if begin is not None:
            key = key.where(tuple_(column, self._id) > tuple_(literal(begin[0], column.type), begin[1]))
        end = session.execute(key.limit(1).offset(IN_ORDER)).first()
        stretches = _between(column, self._id, begin, end)
        ids = [numbers(session, select(self._id).where(some).order_by(column, self._id)) for some in stretches]
        read = (*read, *ids)
        if end is not None:
            self._steps.insert(1, partial(self._read_order, column, read=read, begin=end))
            return
        found = np.concatenate(read)
        self.orders[column.key] = found[found < len(self.there)]

    def _read_texts(self, column: Column[Any], session: Session) -> None:
        found = shared_texts(session, column)
        if found is not None:
            self._texts[column.key] = found

    def _read_entries(self, first: int, session: Session) -> None:
        """The records of a stretch of the search index's entries."""
        entry = table_of(SearchEntry).c
        last = int(session.scalar(select(func.max(entry.id))) or 0)
        stretch = entry.id.between(first, first + IN_ORDER - 1)
        wanted = select(entry.id, entry.record_id).where(entry.kind == self.kind, stretch)
        entries, records = columns_of(session, wanted)
        known = np.zeros(min(first + IN_ORDER, last + 1), np.int32)
        known[: len(self._entries)] = self._entries
        known[entries] = np.where(records < len(self.there), records, 0)
        self._entries = known
        if first + IN_ORDER <= last:
            self._steps.insert(1, partial(self._read_entries, first + IN_ORDER))


def _between(column: Column[Any], ident: Column[Any], begin: Any, end: Any) -> list[ColumnElement[bool]]:
    """The keys from one on and before another, in order, as ranges that each are one piece of their index."""
    if begin is None and end is None:
        return [true()]
    if begin is not None and end is not None and begin[0] == end[0]:
        return [and_(column == begin[0], ident >= begin[1], ident < end[1])]
    first = [] if begin is None else [and_(column == begin[0], ident >= begin[1])]
    last = [] if end is None else [and_(column == end[0], ident < end[1])]
    inner = [true() if begin is None else column > begin[0], true() if end is None else column < end[0]]
    return [*first, and_(*inner), *last]


def _parts(condition: Any) -> list[Any]:
    """The conditions that all must hold."""
    if isinstance(condition, BooleanClauseList) and condition.operator is operators.and_:
        return [part for clause in condition.clauses for part in _parts(clause)]
    return [condition]


def _select_of(right: Any) -> Select[Any]:
    found = getattr(right, "element", right)
    if not isinstance(found, Select):
        raise NotHeldError(str(right))
    return found
