"""Short lists that are reckoned and not kept: travel times, shuttles of a day, what entities pay for a month.

They answer like the long ones that are read by pages, so the window shows, orders, narrows and exports them alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy.orm import Session

from cbo_desk.paging import PAGE, Key, Line, Outline
from cbo_desk.permissions import Rule, reads
from cbo_desk.transport.shuttles import ShuttleRow, shuttles
from cbo_desk.transport.statement import EntityTotal, month_totals
from cbo_desk.transport.travel_files import TravelLine, travel_lines

RowT = TypeVar("RowT")


class WholeList(Generic[RowT]):
    """A list whose rows are reckoned at once; a row's key is its place in the order asked for."""

    kind: str = ""
    rule: ClassVar[Rule]
    orders: ClassVar[Mapping[str, Callable[[Any], Any]]]
    """What a row is ordered by, under the name that a column knows it by."""

    def __init__(self, words: str = "", sort: str = "", descending: bool = False) -> None:
        self._words = words.casefold().split()
        self._sort = sort
        # Keys are places in the order shown, so they always go up.
        self._backwards = descending
        self.descending = False

    def rows(self, session: Session) -> Sequence[tuple[int, RowT]]:
        """Every row with its id, whatever the words."""
        raise NotImplementedError

    def text(self, row: RowT) -> str:
        """What words are looked for in."""
        raise NotImplementedError

    def lines(self, session: Session) -> list[Line[RowT]]:
        """The rows that hold every word, in their order."""
        found = [
            (ident, row)
            for ident, row in self.rows(session)
            if all(word in self.text(row).casefold() for word in self._words)
        ]
        order = self.orders.get(self._sort)
        if order is not None:
            found.sort(key=lambda pair: order(pair[1]), reverse=self._backwards)
        return [Line(ident, (place,), row) for place, (ident, row) in enumerate(found)]

    def first(self, session: Session, /) -> list[Line[RowT]]:
        """The first PAGE lines."""
        return self.lines(session)[:PAGE]

    def outline(self, session: Session, /) -> Outline:
        """The length and the pages' keys."""
        total = len(self.lines(session))
        return Outline(total, tuple((start,) for start in range(0, total, PAGE)))

    def page(self, session: Session, start: Key, count: int, /) -> list[Line[RowT]]:
        """`count` lines from a place on."""
        return self.lines(session)[start[0] : start[0] + count]

    def among(self, session: Session, ids: Sequence[int], /) -> list[Line[RowT]]:
        """Those of `ids` that belong to the list now, in its order."""
        return [line for line in self.lines(session) if line.id in set(ids)]

    def between(self, session: Session, start: Key, key: Key, /) -> int:
        """How many lines stand from one place on and before another."""
        return max(0, int(key[0]) - int(start[0]))

    def prepare(self, _session: Session, /) -> bool:
        """Nothing makes a list that is read whole any quicker."""
        return False


@reads("transport", "look at travel times")
class TimesList(WholeList[TravelLine]):
    """Travel times, of one source or of all; a line's id is its place among all of them."""

    kind = "transport.times"
    orders = {
        "from": lambda line: (line.start, line.end), "to": lambda line: (line.end, line.start),
        "band": lambda line: line.band, "minutes": lambda line: line.seconds, "km": lambda line: line.metres,
        "source": lambda line: (line.source, line.trips),
    }  # fmt: skip

    def __init__(self, words: str = "", sort: str = "", descending: bool = False, source: str = "") -> None:
        super().__init__(words, sort, descending)
        self._source = source

    def rows(self, session: Session) -> list[tuple[int, TravelLine]]:
        """Every time of the source."""
        known = enumerate(travel_lines(session), 1)
        return [(ident, line) for ident, line in known if not self._source or line.source == self._source]

    def text(self, line: TravelLine) -> str:
        """The zones and the band."""
        return f"{line.start} {line.end} {line.band}"


@reads("transport", "look at shuttles")
class ShuttleList(WholeList[ShuttleRow]):
    """Shuttles with the seats of a day; those that run that day, or all."""

    kind = "transport.shuttles_of_day"
    orders = {
        "code": lambda row: row.code, "name": lambda row: row.name.casefold(), "entity": lambda row: row.entity,
        "leaves": lambda row: row.stops[0][1] if row.stops else 0, "seats": lambda row: row.seats,
        "free": lambda row: row.seats - len(row.taken),
    }  # fmt: skip

    def __init__(
        self, day: date, words: str = "", sort: str = "", descending: bool = False, runs: bool = False
    ) -> None:
        super().__init__(words, sort, descending)
        self._day, self._runs = day, runs

    def rows(self, session: Session) -> list[tuple[int, ShuttleRow]]:
        """The services."""
        return [(row.id, row) for row in shuttles(session, self._day) if row.runs or not self._runs]

    def text(self, row: ShuttleRow) -> str:
        """What a service is called, where it stops and who has a seat."""
        places, names = (place for place, _ in row.stops), (seat[2] for seat in row.taken)
        return " ".join((row.code, row.name, row.entity, *places, *names))


@reads("transport", "look at statements")
class TotalsList(WholeList[EntityTotal]):
    """What each entity pays for a month; an entity that is charged in two currencies has two lines."""

    kind = "transport.month_totals"
    orders = {
        "entity": lambda total: total.entity, "name": lambda total: total.name.casefold(),
        "count": lambda total: total.count, "amount": lambda total: (total.currency, total.amount),
    }  # fmt: skip

    def __init__(self, month: date, words: str = "", sort: str = "", descending: bool = False) -> None:
        super().__init__(words, sort, descending)
        self._month = month

    def rows(self, session: Session) -> list[tuple[int, EntityTotal]]:
        """The totals of the books."""
        return list(enumerate(month_totals(session, self._month), 1))

    def text(self, total: EntityTotal) -> str:
        """The entity and the currency."""
        return f"{total.entity} {total.name} {total.currency}"
