"""What everything is worth on a day: totals by entity, class, building or threshold, in US dollars.

One walk over the register: a million assets are read as plain columns and each is worked out by the same pure
function as on its card, so that the lines and the cards agree to the cent. Things bought in one month under the same
terms share their steps. A thing's cost is converted at the rate of the day it was acquired (IPSAS 4: property is kept
at its historical rate). Places, entities and classes are those of today.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.context import today
from cbo_desk.permissions import reads
from cbo_desk.progress import Progress
from cbo_desk.property.rules import State
from cbo_desk.property.value.depreciation import carrying, steps
from cbo_desk.property.value.queries import book, rate_table, thresholds
from cbo_desk.property.value.rules import Recognition, in_usd, month_of, recognise
from db.people import Entity
from db.places import Place
from db.property import Asset, Category

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
    day = on or today(session)
    walk = _Walk(session, day, by)
    total = int(session.scalar(select(func.count()).where(_THERE)) or 0) if progress is not None else 0
    done = 0
    rows = session.execute(_ROWS.execution_options(yield_per=BATCH))
    for batch in rows.partitions(BATCH):
        if progress is not None:
            progress.report(done, total)
        for row in batch:
            walk.take(*row)
        done += len(batch)
    return walk.result()


_THERE = Asset.state != State.TAKEN_BACK
_ROWS = select(
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
    """Adds up assets one by one; what many share is worked out once."""

    def __init__(self, session: Session, on: date, by: By) -> None:
        self._on, self._by, self._session = on, by, session
        self._book, self._rates = book(session), rate_table(session)
        self._steps: dict[Any, Any] = {}
        self._per_usd: dict[Any, int | None] = {}
        self._classes = {
            row.id: row for row in session.execute(select(Category.id, Category.name, Category.attractive))
        }
        self._entities = {row.id: row for row in session.execute(select(Entity.id, Entity.code, Entity.name))}
        self._limits: dict[Any, Any] = {}
        self._key = self._keys()
        self._sums: dict[Any, list[int]] = {}
        self._undated = 0
        self._without: dict[str, int] = {}

    def take(
        self, entity: int, category: int | None, place: int | None, currency: str, cost: int, acquired: Any,
        life: int | None, state: str, since: date | None,
    ) -> None:  # fmt: skip
        """Add one asset, unless it was not there on the day."""
        on = self._on
        if acquired is None:
            self._undated += 1
            return
        if acquired.__class__ is str:  # SQLite tells a coalesced date as its text
            acquired = _day(acquired)
        if acquired > on or (state == "disposed" and (since is None or since <= on)):
            return
        month = acquired.year * 12 + acquired.month - 1
        key = (entity, category, month, life)
        taken = self._steps.get(key)
        if taken is None:
            taken = self._steps[key] = steps(acquired, self._book.changes(entity, category, life), on)
        value = carrying(cost, taken)
        if currency != "USD":
            at = (currency, acquired)
            if at not in self._per_usd:
                self._per_usd[at] = self._rates.on(currency, acquired)
            rate = self._per_usd[at]
            if rate is None:
                self._without[currency] = self._without.get(currency, 0) + 1
                return
            cost, value = in_usd(cost, rate), in_usd(value, rate)
        sums = self._sums.setdefault(self._key(entity, category, place, cost, acquired, life), [0, 0, 0])
        sums[0] += 1
        sums[1] += cost
        sums[2] += value

    def result(self) -> Valuation:
        """The lines, and their sum."""
        lines = [ValueLine(*self._named(key), *sums) for key, sums in self._sums.items()]
        lines.sort(key=lambda line: (-line.value, -line.cost, line.code, line.name))
        total = ValueLine(
            0, "", "", sum(line.assets for line in lines), sum(line.cost for line in lines),
            sum(line.value for line in lines),
        )  # fmt: skip
        return Valuation(self._on, self._by, tuple(lines), total, self._undated, self._without)

    def _keys(self) -> Callable[..., Any]:
        if self._by == "entity":
            return lambda entity, *_rest: entity
        if self._by == "class":
            return lambda _entity, category, *_rest: category or 0
        if self._by == "place":
            self._buildings, self._named_places = _buildings(self._session)
            return lambda _entity, _category, place, *_rest: self._buildings.get(place or 0, 0)
        return self._recognised

    def _recognised(
        self, entity: int, category: int | None, _place: int | None, cost: int, acquired: date, life: int | None
    ) -> Recognition:
        key = (entity, category, acquired, life)
        known = self._limits.get(key)
        if known is None:
            terms = self._book.changes(entity, category, life)
            policy = self._book.in_force(entity, category, month_of(acquired))
            bought = [found for start, found in terms if start <= month_of(acquired)][-1]
            known = self._limits[key] = (
                bought.life,
                category in self._classes and bool(self._classes[category].attractive),
                bool(policy and policy.grouped),
                self._thresholds(entity, acquired),
            )
        return recognise(cost, *known)

    def _thresholds(self, entity: int, acquired: date) -> Any:
        key = (entity, acquired)
        if key not in self._limits:
            self._limits[key] = thresholds(self._session, acquired, self._entities[entity].code)
        return self._limits[key]

    def _named(self, key: Any) -> tuple[int, str, str]:
        if self._by == "entity":
            return key, self._entities[key].code, self._entities[key].name
        if self._by == "class":
            return (key, "", self._classes[key].name) if key else (0, "", "")
        if self._by == "place":
            return (key, *self._named_places[key]) if key else (0, "", "")
        return 0, str(key), ""


def _day(text: str) -> date:
    return date(int(text[:4]), int(text[5:7]), int(text[8:10]))


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
