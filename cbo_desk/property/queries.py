"""What the property desk can look up. Rows leave here as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import QueryableAttribute, Session, aliased

from cbo_desk import search
from cbo_desk.paging import PagedList, Sort, starts_with
from cbo_desk.permissions import reads
from cbo_desk.property.rules import State
from db.people import Entity
from db.places import Place
from db.property import Asset, Category
from db.tags import Tag

if TYPE_CHECKING:
    from cbo_desk.lineup import Lineup, Mask

KIND = "property.asset"


@dataclass(frozen=True)
class AssetFilter:
    """Which assets a list shows; empty parts leave everything in. Costs in whole cents, `place_path` a subtree.

    `custom` are conditions on custom fields, each a key, how it is asked ("holds", "is", "from", "to") and a value.
    """

    words: str = ""
    entities: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    without_disposed: bool = False
    place_path: str = ""
    custodian_id: int | None = None
    categories: tuple[int, ...] = ()
    cost_from: int | None = None
    cost_to: int | None = None
    warranty_to: date | None = None
    acquired_from: date | None = None
    acquired_to: date | None = None
    never_printed: bool = False
    custom: tuple[tuple[str, str, Any], ...] = ()

    def with_words(self, words: str) -> AssetFilter:
        """The same filter with other words."""
        return replace(self, words=words)


@dataclass(frozen=True)
class AssetRow:
    """One line of the register; cost in whole cents."""

    id: int
    inventory_no: str
    description: str
    place_code: str
    custodian_name: str
    entity_code: str
    cost_cents: int
    currency: str
    state: State
    serial: str
    changed_at: datetime


_COLUMNS = (
    Asset.id,
    Asset.inventory_no,
    Asset.description,
    Asset.place_code,
    Asset.custodian_name,
    Asset.entity_code,
    Asset.cost_cents,
    Asset.currency,
    Asset.state,
    Asset.serial,
    Asset.changed_at,
)
SORTS: dict[str, QueryableAttribute[Any]] = {
    "inventory_no": Asset.inventory_no,
    "description": Asset.description,
    "place": Asset.place_code,
    "custodian": Asset.custodian_name,
    "entity": Asset.entity_code,
    "cost": Asset.cost_cents,
    "state": Asset.state,
    "serial": Asset.serial,
    "changed": Asset.changed_at,
}


ASKED = (
    Asset.state, Asset.entity_code, Asset.place_id, Asset.custodian_id, Asset.category_id, Asset.cost_cents,
    Asset.acquired_on, Asset.warranty_until,
)  # fmt: skip
"""What filters compare."""
TOLD = (Asset.description, Asset.entity_code)
"""What every asset is found by (`enter_search`), and what many of them share."""
_STATES = {state.value: state for state in State}
STEPS_BY_WORDS = 12_000
"""Rows that one page may pass where each is asked for words, which takes longer."""


@reads("property", "look at the register")
class AssetList(PagedList[AssetRow]):
    """The register, filtered and ordered in SQL; newest change first unless told otherwise."""

    kind = KIND
    plain = True

    def __init__(self, wanted: AssetFilter | None = None, sort: str = "changed", descending: bool = True) -> None:
        self.filter = wanted or AssetFilter()
        self._broad = False
        if self.filter.words:
            self.steps = STEPS_BY_WORDS
        super().__init__(
            select(*_COLUMNS), Asset.id, Sort((SORTS[sort], Asset.id), descending), _plain_condition(self.filter)
        )

    def condition(self, session: Session) -> ColumnElement[bool]:
        """The filter's conditions; words are looked up the engine's own way."""
        found = search.matching(session, KIND, self.filter.words)
        return self._where if found is None else and_(self._where, Asset.id.in_(found))

    def condition_by_row(self, session: Session) -> ColumnElement[bool]:
        """The same, words looked for in each asset's own entry."""
        plain = _plain_condition(self.filter, by_row=True)
        if search.matching(session, KIND, self.filter.words) is None:
            return plain
        return and_(plain, search.held_by(session, KIND, self.filter.words, Asset.id))

    def condition_when_few(self, session: Session) -> ColumnElement[bool]:
        """Words that very many assets hold are looked for in the few that the other conditions leave."""
        return self.condition_by_row(session) if self._broad else self.condition(session)

    def prepare(self, session: Session, /) -> bool:
        """Keep the register's lineup at hand."""
        lineups = session.info.get("lineups")
        return lineups is not None and lineups.prepare(session, KIND, tuple(SORTS.values()), ASKED, TOLD)

    def mask(self, session: Session, lineup: Lineup, *, exact: bool) -> tuple[Mask, bool]:
        """The filter's conditions as a mask; words may be looked up loosely first."""
        found = lineup.mask(session, self._where)
        if search.matching(session, KIND, self.filter.words) is None:
            return found, True
        holding, exact = lineup.holding(session, self.filter.words, exact=exact)
        return found & holding, exact

    def bounds(self) -> ColumnElement[bool]:
        """What the filter says of the column in whose order the list stands."""
        column, wanted = self._sort.columns[0], self.filter
        if column is Asset.cost_cents:
            limits = ((wanted.cost_from, column.__ge__), (wanted.cost_to, column.__le__))
            return and_(true(), *(holds(limit) for limit, holds in limits if limit is not None))
        if column is Asset.inventory_no and len(wanted.entities) == 1:
            # The numbers of an entity often begin alike: the order is entered where they stand.
            own = aliased(Asset)
            entity = select(Entity.id).where(Entity.code == wanted.entities[0]).scalar_subquery()
            low = select(func.min(own.inventory_no)).where(own.entity_id == entity)
            high = select(func.max(own.inventory_no)).where(own.entity_id == entity)
            return column.between(low.scalar_subquery(), high.scalar_subquery())
        among = wanted.states if column is Asset.state else wanted.entities if column is Asset.entity_code else ()
        return column.between(min(among), max(among)) if among else true()

    def is_long(self, session: Session) -> bool:
        """Words decide first: only where very many assets hold them do the other conditions."""
        if search.matching(session, KIND, self.filter.words) is not None:
            rows = session.scalar(select(func.max(Asset.id))) or 0
            self._broad = search.many_hold(session, self.filter.words, self.many_of(rows))
            if not self._broad:
                return False
        return self.lets_many_through(session, self._where)

    def row_of(self, values: Any) -> AssetRow:
        """One line."""
        parts = list(values[: len(_COLUMNS)])
        parts[8] = _STATES[parts[8]]
        return AssetRow(*parts)


def _plain_condition(wanted: AssetFilter, by_row: bool = False) -> ColumnElement[bool]:
    """Everything of a filter that is the same on both engines; `by_row` so that one asset is soon judged."""
    parts: list[ColumnElement[bool]] = [Asset.state != State.TAKEN_BACK]
    if wanted.without_disposed:
        parts.append(Asset.state != State.DISPOSED)
    if wanted.entities:
        parts.append(Asset.entity_code.in_(wanted.entities))
    if wanted.states:
        parts.append(Asset.state.in_(wanted.states))
    if wanted.place_path:
        parts.append(Asset.place_id.in_(select(Place.id).where(starts_with(Place.path, wanted.place_path))))
    if wanted.custodian_id is not None:
        parts.append(Asset.custodian_id == wanted.custodian_id)
    if wanted.categories:
        parts.append(Asset.category_id.in_(wanted.categories))
    if wanted.never_printed:
        fresh = select(Tag.subject_id).where(Tag.subject_kind == KIND, Tag.ours, Tag.retired_at.is_(None))
        if by_row:
            # SQLite looks for one asset among all tags never printed, unless more is asked than their index holds.
            fresh = fresh.where(func.coalesce(Tag.prints, 0) == 0, Tag.code != "")
            parts.append(fresh.where(Tag.subject_id == Asset.id).exists())
        else:
            parts.append(Asset.id.in_(fresh.where(Tag.prints == 0)))
    if wanted.custom:
        from cbo_desk.property.fields.asking import condition  # few lists ask for custom fields

        parts += [condition(*asked) for asked in wanted.custom]
    return and_(*parts, *_ranges(wanted))


def _ranges(wanted: AssetFilter) -> list[ColumnElement[bool]]:
    limits: list[tuple[Any, QueryableAttribute[Any], bool]] = [
        (wanted.cost_from, Asset.cost_cents, True),
        (wanted.cost_to, Asset.cost_cents, False),
        (wanted.acquired_from, Asset.acquired_on, True),
        (wanted.acquired_to, Asset.acquired_on, False),
        (wanted.warranty_to, Asset.warranty_until, False),
    ]
    found = [column >= limit if low else column <= limit for limit, column, low in limits if limit is not None]
    if wanted.warranty_to is not None:
        found.append(Asset.warranty_until >= func.current_date())
    return found


@dataclass(frozen=True)
class Figures:
    """The register in numbers: what the page's heading and tabs say."""

    total: int
    entities: int
    by_state: dict[State, int]
    never_printed: int

    @property
    def waiting(self) -> int:
        """How many are missing or in repair: what somebody has to see to."""
        return self.by_state.get(State.MISSING, 0) + self.by_state.get(State.UNDER_REPAIR, 0)


@reads("property", "look at the register")
def figures(session: Session) -> Figures:
    """Count the register by state."""
    rows = session.execute(select(Asset.state, func.count()).group_by(Asset.state))
    by_state = {State(row[0]): int(row[1]) for row in rows if row[0] != State.TAKEN_BACK}
    owns = select(Asset.id).where(Asset.entity_id == Entity.id).exists()
    entities = select(func.count()).select_from(Entity).where(owns)
    fresh = select(func.count()).where(Tag.subject_kind == KIND, Tag.prints == 0, Tag.ours, Tag.retired_at.is_(None))
    return Figures(
        sum(by_state.values()),
        int(session.scalar(entities) or 0),
        by_state,
        int(session.scalar(fresh) or 0),
    )


@reads("property", "look at the register")
def categories(session: Session) -> list[tuple[int, str, str]]:
    """Every category as id, code and name."""
    wanted = select(Category.id, Category.code, Category.name).order_by(Category.name)
    return [(row.id, row.code, row.name) for row in session.execute(wanted)]


@reads("property", "look at the register")
def serial_elsewhere(session: Session, maker: str, serial: str, but_id: int = 0) -> list[str]:
    """Inventory numbers of assets of the same maker with the same serial: worth a warning, not a refusal."""
    if not serial.strip():
        return []
    wanted = select(Asset.inventory_no).where(
        Asset.serial == serial.strip(),
        func.lower(Asset.maker) == maker.strip().lower(),
        Asset.id != but_id,
        Asset.state != State.TAKEN_BACK,
    )
    return list(session.scalars(wanted.order_by(Asset.inventory_no).limit(5)))


@reads("property", "look at the register")
def suggest_assets(session: Session, typed: str, most: int = 8) -> list[AssetRow]:
    """Assets that a person may mean by a number, a serial, a tag or words, those in use only."""
    if not typed.strip():
        return []
    listing = AssetList(AssetFilter(words=typed, without_disposed=True), "inventory_no", descending=False)
    return [line.row for line in listing.first(session, exact=True)[:most]]


def assets_at(session: Session, place_ids: Sequence[int]) -> dict[int, int]:
    """How many assets stand at each of some places themselves, their parts not counted."""
    wanted = (
        select(Asset.place_id, func.count())
        .where(Asset.place_id.in_(place_ids), Asset.state.not_in((State.DISPOSED, State.TAKEN_BACK)))
        .group_by(Asset.place_id)
    )
    return {int(row[0]): int(row[1]) for row in session.execute(wanted) if row[0] is not None}
