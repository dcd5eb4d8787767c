"""What everything is worth on a day: totals by entity, class, building or threshold, in US dollars.

One walk over the register: a million assets are read as plain columns and each is worked out by the same pure
function as on its card, so that the lines and the cards agree to the cent. Things bought in one month under the same
terms share their steps. A thing's cost is converted at the rate of the day it was acquired (IPSAS 4: property is kept
at its historical rate). Places, entities and classes are those of today.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.context import today
from cbo_desk.permissions import reads
from cbo_desk.progress import Progress
from cbo_desk.property.rules import State
from cbo_desk.property.value.commands import ATTRACTIVE_FROM, ATTRACTIVE_LIFE, TRACK_FROM
from cbo_desk.property.value.depreciation import Step, carrying, steps
from cbo_desk.property.value.queries import book, rate_table, thresholds
from cbo_desk.property.value.rules import PolicyBook, Recognition, Thresholds, in_usd, recognise
from db.people import Entity
from db.places import Place
from db.property import Asset, Category
from db.records import DatedSetting

By = Literal["entity", "class", "place", "threshold"]
BATCH = 20_000


@dataclass(frozen=True)
class ValueLine:
    """One line of the totals; money in US cents. `ident` is the record's id, 0 where there is none."""

    ident: int
    code: str
    name: str
    assets: int
    cost: int
    value: int

    @property
    def charged(self) -> int:
        """What has been charged so far."""
        return self.cost - self.value


@dataclass(frozen=True)
class Valuation:
    """The totals on a day; `undated` and `without_rate` (by currency) count what nobody can value yet."""

    on: date
    by: By
    lines: tuple[ValueLine, ...]
    total: ValueLine
    undated: int = 0
    without_rate: dict[str, int] = field(default_factory=dict)


@reads("property", "look at the value of assets")
def valuation(
    session: Session, on: date | None = None, by: By = "entity", progress: Progress | None = None
) -> Valuation:
    """The worth of what was there on a day, past or future; lines of the greatest worth first.

    Raises Cancelled where `progress` was told to stop.
    """
    walk = _Walk(session, on or today(session), by)
    _go(session, walk, progress)
    return walk.result()


@reads("property", "look at the value of assets")
def assets_of_line(
    session: Session, on: date, by: By, key: int | str, progress: Progress | None = None
) -> list[tuple[int, int, int]]:
    """The assets that one line of the totals adds up: id, cost and value in US cents, the greatest worth first.

    `key` is what `key_of` tells of the line. Raises Cancelled where `progress` was told to stop.
    """
    walk = _Walk(session, on, by, key)
    _go(session, walk, progress)
    return sorted(walk.kept, key=lambda one: (-one[2], -one[1], one[0]))


def key_of(line: ValueLine, by: By) -> int | str:
    """What tells a line from the others of its totals: a record's id, or the threshold."""
    return line.code if by == "threshold" else line.ident


def _go(session: Session, walk: _Walk, progress: Progress | None) -> None:
    """Let a walk pass through the register."""
    total = int(session.scalar(select(func.count()).where(_THERE)) or 0) if progress is not None else 0
    done = 0
    # Past the session, whose rows cost twice as much.
    rows = session.connection().execute(_ROWS, execution_options={"yield_per": BATCH})
    for batch in rows.partitions(BATCH):
        if progress is not None:
            progress.report(done, total)
        walk.add(batch)
        done += len(batch)


_THERE = Asset.state != State.TAKEN_BACK
_ROWS = select(
    Asset.id,
    Asset.entity_id,
    Asset.category_id,
    Asset.place_id,
    Asset.currency,
    Asset.cost_cents,
    func.coalesce(Asset.acquired_on, Asset.received_on),
    Asset.useful_life_months,
    Asset.state,
    Asset.state_since,
).where(_THERE)


class _Walk:
    """Adds up assets; what many share is worked out once. Those of the line `wanted` are `kept` one by one."""

    def __init__(self, session: Session, on: date, by: By, wanted: int | str | None = None) -> None:
        self.kept: list[tuple[int, int, int]] = []
        self._wanted = wanted
        self._on, self._by, self._session = on, by, session
        self._book, self._rates = book(session), rate_table(session)
        self._shared: dict[Any, tuple[Step, ...]] = {}
        self._days: dict[Any, date] = {}
        self._per_usd: dict[Any, int | None] = {}
        self._classes = {
            row.id: row for row in session.execute(select(Category.id, Category.name, Category.attractive))
        }
        self._entities = {row.id: row for row in session.execute(select(Entity.id, Entity.code, Entity.name))}
        self._recognising = _Recognising(session, self._book, self._classes, self._entities)
        self._buildings, self._places = _buildings(session) if by == "place" else ({}, {})
        self._sums: dict[Any, list[int]] = {}
        self._undated = 0
        self._without: dict[str, int] = {}

    def add(self, rows: Sequence[Any]) -> None:
        """Add assets, but for those that were not there on the day: one loop, since it runs a million times."""
        on, by, shared, sums, days = self._on, self._by, self._shared, self._sums, self._days
        wanted, kept = self._wanted, self.kept
        for ident, entity, category, place, currency, cost, told, life, state, since in rows:
            if told is None:
                self._undated += 1
                continue
            acquired = days.get(told)
            if acquired is None:  # SQLite tells a coalesced date as its text
                acquired = days[told] = date.fromisoformat(told) if isinstance(told, str) else told
            if acquired > on or (state == "disposed" and (since is None or since <= on)):
                continue
            key = (entity, category, acquired.year, acquired.month, life)
            taken = shared.get(key)
            if taken is None:
                taken = shared[key] = steps(acquired, self._book.changes(entity, category, life), on)
            value = carrying(cost, taken)
            if currency != "USD":
                rate = self._rate(currency, acquired)
                if rate is None:
                    self._without[currency] = self._without.get(currency, 0) + 1
                    continue
                cost, value = in_usd(cost, rate), in_usd(value, rate)
            if by == "entity":
                line = entity
            elif by == "class":
                line = category or 0
            elif by == "place":
                line = self._buildings.get(place, 0)
            else:
                line = self._recognising.of(entity, category, cost, acquired, life)
            if line == wanted:
                kept.append((ident, cost, value))
            found = sums.get(line)
            if found is None:
                found = sums[line] = [0, 0, 0]
            found[0] += 1
            found[1] += cost
            found[2] += value

    def _rate(self, currency: str, acquired: date) -> int | None:
        key = (currency, acquired)
        if key not in self._per_usd:
            self._per_usd[key] = self._rates.on(currency, acquired)
        return self._per_usd[key]

    def result(self) -> Valuation:
        """The lines, and their sum."""
        lines = [ValueLine(*self._named(key), *sums) for key, sums in self._sums.items()]
        lines.sort(key=lambda line: (-line.value, -line.cost, line.code, line.name))
        total = ValueLine(
            0, "", "", sum(line.assets for line in lines), sum(line.cost for line in lines),
            sum(line.value for line in lines),
        )  # fmt: skip
        return Valuation(self._on, self._by, tuple(lines), total, self._undated, self._without)

    def _named(self, key: Any) -> tuple[int, str, str]:
        if self._by == "entity":
            return key, self._entities[key].code, self._entities[key].name
        if self._by == "class":
            return (key, "", self._classes[key].name) if key else (0, "", "")
        if self._by == "place":
            return (key, *self._places[key]) if key else (0, "", "")
        return 0, str(key), ""


class _Recognising:
    """Which threshold assets pass, with the policy and the thresholds of the day they were acquired."""

    def __init__(
        self, session: Session, policies: PolicyBook, classes: dict[int, Any], entities: dict[int, Any]
    ) -> None:
        self._session, self._book, self._classes, self._entities = session, policies, classes, entities
        self._known: dict[Any, tuple[int, bool, bool]] = {}
        self._limits: dict[Any, Thresholds] = {}
        names = (TRACK_FROM.name, ATTRACTIVE_FROM.name, ATTRACTIVE_LIFE.name)
        wanted = select(DatedSetting.valid_from).where(DatedSetting.name.in_(names)).distinct()
        self._turns = sorted(session.scalars(wanted))

    def of(self, entity: int, category: int | None, cost: int, acquired: date, life: int | None) -> Recognition:
        """Why a thing of this cost in US cents is tracked, or that it is not."""
        month = acquired.year * 12 + acquired.month - 1
        known = self._known.get((entity, category, month, life))
        if known is None:
            terms = self._book.changes(entity, category, life)
            policy = self._book.in_force(entity, category, month)
            bought = [found for start, found in terms if start <= month][-1]
            attractive = category in self._classes and bool(self._classes[category].attractive)
            known = (bought.life, attractive, bool(policy and policy.grouped))
            self._known[(entity, category, month, life)] = known
        # The thresholds of a day are those of the last day on which any of them changed.
        turn = (entity, bisect_right(self._turns, acquired))
        limits = self._limits.get(turn)
        if limits is None:
            limits = self._limits[turn] = thresholds(self._session, acquired, self._entities[entity].code)
        return recognise(cost, *known, limits)


def _buildings(session: Session) -> tuple[dict[int, int], dict[int, tuple[str, str]]]:
    """Each place's building, or the outermost place below the site; and how those are called."""
    rows = session.execute(select(Place.id, Place.path, Place.place_kind, Place.code, Place.name)).all()
    kinds = {row.id: row.place_kind for row in rows}
    found = {}
    for row in rows:
        way = [int(part) for part in row.path.split("/") if part] or [row.id]
        inside = [ident for ident in way if kinds.get(ident) != "site"] or way
        found[row.id] = next((ident for ident in way if kinds.get(ident) == "building"), inside[0])
    return found, {row.id: (row.code, row.name) for row in rows}
