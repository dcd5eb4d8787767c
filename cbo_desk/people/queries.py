"""What the people desk can look up. Rows leave here as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from cbo_desk import audit, holdings, paging, search
from cbo_desk.context import today
from cbo_desk.errors import Refusal
from cbo_desk.people import rules
from cbo_desk.people.commands import ENTITY, PERSON, entity_form, person_form
from cbo_desk.people.rules import EntityForm, PersonForm
from cbo_desk.permissions import reads
from db.people import Entity, Person
from db.places import Place

T = TypeVar("T")
BATCH = 500


@dataclass(frozen=True)
class PersonRow:
    """One line of the list of people; `here` is false before the first and after the last day."""

    id: int
    name: str
    entity: str
    index_number: str
    unit: str
    place: str
    email: str
    phone: str
    until: date | None
    here: bool


@dataclass(frozen=True)
class EntityRow:
    """One line of the list of client entities."""

    id: int
    code: str
    name: str
    people: int
    billing_reference: str
    until: date | None


@dataclass(frozen=True)
class PersonCard:
    """All that is shown of somebody; `form` and `version` go into the form, `holds` says how many of each kind."""

    id: int
    name: str
    short: str
    spoken: str
    entity: str
    place: str
    here: bool
    form: PersonForm
    version: int
    holds: Mapping[str, int]
    history: tuple[audit.HistoryLine, ...]


@dataclass(frozen=True)
class EntityCard:
    """All that is shown of a client entity; `holds` says how many of each kind belong to it."""

    id: int
    form: EntityForm
    version: int
    holds: Mapping[str, int]
    history: tuple[audit.HistoryLine, ...]


@dataclass(frozen=True)
class PersonName:
    """Somebody as an import or a choice knows them."""

    id: int
    name: str
    entity: str
    index_number: str = ""


_PERSON_LINE = select(
    Person.id,
    Person.sort_name,
    Person.entity_code,
    Person.index_number,
    Person.unit,
    Place.code,
    Person.email,
    Person.phone,
    Person.since,
    Person.until,
).outerjoin(Place, Place.id == Person.place_id)
_PEOPLE = select(func.count()).where(Person.entity_id == Entity.id).scalar_subquery()
_ENTITY_LINE = select(Entity.id, Entity.code, Entity.name, _PEOPLE, Entity.billing_reference, Entity.until)

_INDEX: Any = func.coalesce(Person.index_number, "")
PERSON_SORTS: Mapping[str, tuple[Any, ...]] = {
    "name": (Person.sort_name, Person.id),
    "entity": (Person.entity_code, Person.id),
    "index_number": (_INDEX, Person.id),
    "unit": (Person.unit, Person.id),
}
ENTITY_SORTS: Mapping[str, tuple[Any, ...]] = {"code": (Entity.code, Entity.id), "name": (Entity.name, Entity.id)}


@reads("people")
class PersonList(paging.PagedList[PersonRow]):
    """People that match words, of one entity or all, at a place and below it, only those here on a day or all."""

    kind = PERSON

    def __init__(
        self,
        words: str = "",
        sort: str = "name",
        descending: bool = False,
        *,
        entity_id: int | None = None,
        place_id: int | None = None,
        here_on: date | None = None,
    ) -> None:
        self._words = words
        self._day = here_on
        where: list[ColumnElement[bool]] = [true()]
        if entity_id is not None:
            where.append(Person.entity_id == entity_id)
        if place_id is not None:
            where.append(Person.place_id.in_(_within(place_id)))
        if here_on is not None:
            where.append(and_(or_(Person.since.is_(None), Person.since <= here_on), not_gone(here_on)))
        order = paging.Sort(PERSON_SORTS[sort], descending)
        super().__init__(_PERSON_LINE, Person.id, order, and_(*where))

    def condition(self, session: Session) -> ColumnElement[bool]:
        """Which people belong to the list."""
        self._day = self._day or today(session)
        return _matching(session, PERSON, Person.id, self._words, self._where)

    def row_of(self, values: Any) -> PersonRow:
        """Make the plain row."""
        ident, name, entity, number, unit, place, email, phone, since, until = values[:10]
        here = self._day is None or rules.is_here(since, until, self._day)
        return PersonRow(ident, name, entity, number or "", unit, place or "", email, phone, until, here)


@reads("people")
class EntityList(paging.PagedList[EntityRow]):
    """Client entities that match words."""

    kind = ENTITY

    def __init__(self, words: str = "", sort: str = "code", descending: bool = False) -> None:
        self._words = words
        super().__init__(_ENTITY_LINE, Entity.id, paging.Sort(ENTITY_SORTS[sort], descending), true())

    def condition(self, session: Session) -> ColumnElement[bool]:
        """Which entities belong to the list."""
        return _matching(session, ENTITY, Entity.id, self._words, self._where)

    def row_of(self, values: Any) -> EntityRow:
        """Make the plain row."""
        return EntityRow(*values[:6])


def not_gone(day: date) -> ColumnElement[bool]:
    """People whose last day is not before a day."""
    return or_(Person.until.is_(None), Person.until >= day)


@reads("people")
def person_card(session: Session, person_id: int) -> PersonCard:
    """Somebody's card."""
    person = session.get(Person, person_id)
    if person is None:
        raise Refusal("This person is no longer there.")
    place = session.scalar(select(Place.code).where(Place.id == person.place_id)) or ""
    return PersonCard(
        person.id,
        person.sort_name,
        rules.short_name(person.family_name, person.given_name),
        rules.full_name(person.family_name, person.given_name),
        person.entity_code,
        place,
        rules.is_here(person.since, person.until, today(session)),
        person_form(person),
        person.version,
        _holds(session, PERSON, select(Person.id).where(Person.id == person_id)),
        tuple(audit.history(session, PERSON, person_id)),
    )


@reads("people")
def entity_card(session: Session, entity_id: int) -> EntityCard:
    """A client entity's card."""
    entity = session.get(Entity, entity_id)
    if entity is None:
        raise Refusal("This entity is no longer there.")
    held = _holds(session, ENTITY, select(Entity.id).where(Entity.id == entity_id))
    history = tuple(audit.history(session, ENTITY, entity_id))
    return EntityCard(entity.id, entity_form(entity), entity.version, held, history)


@reads("people")
def entities(session: Session) -> list[EntityRow]:
    """Every client entity by code: what a form offers to choose from."""
    return [EntityRow(*row) for row in session.execute(_ENTITY_LINE.order_by(Entity.code))]


def entities_by_code(session: Session, codes: Iterable[str]) -> dict[str, int]:
    """Entity ids by the codes as they were given; a code in other capitals or with blanks is known too."""
    asked = {code: rules.entity_code(code) for code in codes}
    found: dict[str, int] = {}
    for batch in in_batches(sorted(set(asked.values()))):
        found.update((row.code, row.id) for row in session.execute(_CODES.where(Entity.code.in_(batch))))
    return {code: found[kept] for code, kept in asked.items() if kept in found}


def people_by_index(session: Session, numbers: Iterable[str]) -> dict[str, PersonName]:
    """People by the index numbers as they were given, whatever separators these have."""
    asked = {number: rules.index_number(number) for number in numbers}
    found: dict[str, PersonName] = {}
    for batch in in_batches(sorted({number for number in asked.values() if number})):
        for row in session.execute(_NAMES.where(Person.index_number.in_(batch))):
            found[row.index_number] = PersonName(*row)
    return {number: found[kept] for number, kept in asked.items() if kept in found}


def people_by_name(session: Session, names: Iterable[str]) -> dict[str, list[PersonName]]:
    """People by names as they were given ("Lindqvist, Elsa" or "Elsa Lindqvist"), without case and accents.

    A name with several people has them all: which one is meant is for a person to say.
    """
    asked = {name: frozenset(search.fold(name).replace(",", " ").split()) for name in names}
    wanted = set(asked.values())
    found: dict[frozenset[str], list[PersonName]] = {}
    for row in session.execute(_NAMES.order_by(Person.id)):
        key = frozenset(search.fold(row.sort_name).replace(",", " ").split())
        if key in wanted:
            found.setdefault(key, []).append(PersonName(*row))
    return {name: found[key] for name, key in asked.items() if key in found}


@reads("people", "look people up")
def people_left(session: Session) -> dict[int, date]:
    """Everybody whose last day is over, with that day."""
    wanted = select(Person.id, Person.until).where(Person.until < today(session))
    return {row.id: row.until for row in session.execute(wanted)}


_CODES = select(Entity.id, Entity.code)
_NAMES = select(
    Person.id, Person.sort_name, Person.entity_code, func.coalesce(Person.index_number, "").label("index_number")
)


def in_batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Pieces short enough for one IN condition."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def _within(place_id: int) -> Select[int]:
    """A place and every place below it."""
    top = select(Place.path).where(Place.id == place_id).scalar_subquery()
    # A path ends in a slash, and "0" is the character after it.
    return select(Place.id).where(Place.path >= top, Place.path < func.rtrim(top, "/").op("||")("0"))


def _matching(session: Session, kind: str, ident: Any, words: str, where: ColumnElement[bool]) -> ColumnElement[bool]:
    found = search.matching(session, kind, words)
    return where if found is None else and_(where, ident.in_(found))


def _holds(session: Session, of: str, records: Select[Any]) -> dict[str, int]:
    return {kind: sum(counts.values()) for kind, counts in holdings.counted(session, of, records).items()}


def _people_of(session: Session, entities: Select[Any]) -> dict[int, int]:
    wanted = select(Person.entity_id, func.count()).where(Person.entity_id.in_(entities)).group_by(Person.entity_id)
    return {row[0]: row[1] for row in session.execute(wanted)}


holdings.register(holdings.Holding(ENTITY, PERSON, "person", "people", _people_of))
