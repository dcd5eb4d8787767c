"""What a timeline shows, as data: an axis of days, rows with columns in the gutter, bars, and a bar that is moved."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from cbo_desk.context import ZONE, local
from ui.kit.chips import Tone

MOST_HOURS = 7
"""Up to so many days an axis moves bars by minutes; a longer one by whole days."""


@dataclass(frozen=True)
class Axis:
    """Some days side by side, each from one hour to another on the site's clock; what lies at night takes no room."""

    first: date
    days: int = 1
    hours: tuple[int, int] = (8, 19)

    @cached_property
    def _midnights(self) -> list[float]:
        return [self._at(self.first + timedelta(days=day), 0).timestamp() for day in range(self.days + 1)]

    @property
    def by_day(self) -> bool:
        """Whether days are what it tells apart, not hours."""
        return self.days > MOST_HOURS

    @property
    def starts(self) -> datetime:
        """The first instant shown."""
        return self._at(self.first, self.hours[0])

    @property
    def ends(self) -> datetime:
        """The last instant shown."""
        return self._at(self.first + timedelta(days=self.days - 1), self.hours[1])

    def place(self, at: datetime) -> float:
        """Where an instant stands, in days from the left: 0 to `days`; what lies outside is put at the edge."""
        # By seconds, not by the clock: a board asks this four times a bar, and thousands of bars are shown.
        second = at.timestamp()
        day = bisect_right(self._midnights, second) - 1
        if day < 0:
            return 0.0
        if day >= self.days:
            return float(self.days)
        low, high = self.hours
        share = ((second - self._midnights[day]) / 3600 - low) / (high - low)
        return day + (0.0 if share < 0 else 1.0 if share > 1 else share)

    def instant(self, place: float) -> datetime:
        """The instant that stands at a place."""
        day = min(max(int(place), 0), self.days - 1)
        low, high = self.hours
        hour = low + min(max(place - day, 0.0), 1.0) * (high - low)
        return self._at(self.first + timedelta(days=day), hour)

    def moved(self, at: datetime, by: float, step: int) -> datetime:
        """An instant moved by a share of the axis: in steps of minutes, or by whole days on an axis of days."""
        if self.by_day:
            return at + timedelta(days=round(by))
        aim = self.instant(self.place(at) + by)
        if abs(by) < 1e-9:
            return at
        whole = timedelta(minutes=step)
        midnight = self._at(local(aim).date(), 0)
        return midnight + round((aim - midnight) / whole) * whole

    def _at(self, day: date, hour: float) -> datetime:
        return datetime.combine(day, time(), ZONE) + timedelta(hours=hour)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the gutter beside the rows' names; `width` in pixels at 100 %."""

    heading: str
    width: int = 44


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its name, the words of its columns, of which `strong` is the one in bold.

    Rows of one `group` that follow each other are joined by a bracket. `closed` says across the whole row why nothing
    can stand in it, with `icon` before it. `mark` is an icon before the names, at the first row of those that share it;
    where one row has a mark, all names stand as far in.
    """

    key: Hashable
    name: str
    cells: tuple[str, ...] = ()
    strong: int = -1
    group: str = ""
    closed: str = ""
    icon: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How a bar looks: its tone, the icon before its title, hatched where it is not firm, outlined where it is live.

    `plain` is one on which nothing is to be remarked: on the ground's own colour where it is outlined, and `faded` once
    it is over.
    """

    tone: Tone = "info"
    icon: str = ""
    hatched: bool = False
    outlined: bool = False
    plain: bool = False
    faded: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of time in a row, or in `rows` rows below each other.

    `before` and `after` widen it by lighter edges, such as set-up and clear-down. `said` is read aloud and shown in the
    tooltip. A bar that is not `movable` stays where it is.
    """

    key: Hashable
    row: Hashable
    starts: datetime
    ends: datetime
    title: str = ""
    detail: str = ""
    look: Look = field(default_factory=Look)
    before: datetime | None = None
    after: datetime | None = None
    rows: int = 1
    movable: bool = True
    said: str = ""

    @property
    def begins(self) -> datetime:
        """When it begins, lighter edge included."""
        return self.before or self.starts

    @property
    def finishes(self) -> datetime:
        """When it is over, lighter edge included."""
        return self.after or self.ends

    def at(self, move: Move) -> Bar:
        """The same bar where a move puts it, its edges as long as before."""
        return replace(
            self, row=move.row, starts=move.starts, ends=move.ends,
            before=move.starts - (self.starts - self.begins), after=move.ends + (self.finishes - self.ends),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """Where a person puts a bar: the row, the start and the end, edges not included."""

    key: Hashable
    row: Hashable
    starts: datetime
    ends: datetime


class Placed:
    """Rows and bars, found quickly: which bars of some rows share an instant with a stretch of time."""

    def __init__(self, rows: Sequence[Row] = (), bars: Iterable[Bar] = ()) -> None:
        self.rows = tuple(rows)
        self.number = {row.key: at for at, row in enumerate(self.rows)}
        self.marked = any(row.mark for row in self.rows)
        self.by_key: dict[Hashable, Bar] = {}
        self._in: list[list[Bar]] = [[] for _ in self.rows]
        # One pass, and for most bars one row: a month of a fleet is twenty thousand bars.
        kept: list[Bar] = []
        number, within, keep, first = self.number, self._in, kept.append, self.by_key.setdefault
        for bar in bars:
            top = number.get(bar.row)
            if top is None:
                continue
            keep(bar)
            first(bar.key, bar)
            within[top].append(bar)
            if bar.rows > 1:
                for at in range(top + 1, min(top + bar.rows, len(within))):
                    within[at].append(bar)
        self.bars = tuple(kept)
        # A row is put in order when it is first looked at: most are not in sight.
        self._order: dict[int, tuple[list[datetime], timedelta]] = {}

    def within(self, first: int, last: int, starts: datetime, ends: datetime) -> Iterator[Bar]:
        """The bars in rows `first` to `last` that share an instant with a stretch of time, each once."""
        seen: set[int] = set()
        for at in range(max(first, 0), min(last + 1, len(self.rows))):
            row = self.in_row(at)
            begins, longest = self._order[at]
            low = bisect_left(begins, starts - longest)
            for bar in row[low : bisect_right(begins, ends)]:
                if bar.rows > 1:
                    if id(bar) in seen:
                        continue
                    seen.add(id(bar))
                if bar.finishes > starts:
                    yield bar

    def in_row(self, at: int) -> Sequence[Bar]:
        """The bars of a row, in their order."""
        row = self._in[at]
        if at not in self._order:
            begins = [bar.before or bar.starts for bar in row]
            order = sorted(range(len(row)), key=begins.__getitem__)
            row[:] = [row[n] for n in order]
            begins = [begins[n] for n in order]
            lengths = ((bar.after or bar.ends) - since for bar, since in zip(row, begins, strict=True))
            self._order[at] = begins, max(lengths, default=timedelta())
        return row

    def beside(self, key: Hashable, step: int) -> Bar | None:
        """The bar before (-1) or after (1) one in its row, None at the end."""
        bar = self.by_key.get(key)
        if bar is None:
            return None
        row = self.in_row(self.number[bar.row])
        at = next(n for n, each in enumerate(row) if each.key == key) + step
        return row[at] if 0 <= at < len(row) else None

    def beyond(self, key: Hashable, step: int) -> Bar | None:
        """The bar nearest in time in the next row up (-1) or down (1) that has one."""
        bar = self.by_key.get(key)
        if bar is None:
            return None
        at = self.number[bar.row] + (step if step < 0 else bar.rows)
        middle = bar.starts + (bar.ends - bar.starts) / 2
        while 0 <= at < len(self.rows):
            if self._in[at]:
                return min(self._in[at], key=lambda each: abs(each.starts + (each.ends - each.starts) / 2 - middle))
            at += step
        return None

    def first(self) -> Bar | None:
        """The first bar of the first row that has one."""
        return next((self.in_row(at)[0] for at, row in enumerate(self._in) if row), None)
