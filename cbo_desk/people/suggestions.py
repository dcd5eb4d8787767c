"""Who somebody meant: names with typing errors, in any order, by initials or beginnings. Suggested, never assigned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.context import today
from cbo_desk.likeness import Lookalikes
from cbo_desk.people import rules
from cbo_desk.permissions import reads
from db.people import Person


@dataclass(frozen=True)
class Suggestion:
    """Somebody who may be meant; `points` of 100 say how alike, `here` whether they are on the compound today."""

    id: int
    name: str
    entity: str
    unit: str
    index_number: str
    points: int
    here: bool


@dataclass(frozen=True)
class _Known:
    """Everybody's words as of a stamp."""

    stamp: tuple[Any, ...]
    names: Lookalikes
    of_entity: dict[int, frozenset[int]]


# By the pool of connections, which all views of one database share.
_known: WeakKeyDictionary[Any, _Known] = WeakKeyDictionary()
# Any change moves one of these: versions only grow (who is put back gets a higher one), ids are not given out twice.
_STAMP = select(func.count(), func.coalesce(func.max(Person.id), 0), func.coalesce(func.sum(Person.version), 0))


@reads("people")
def suggest_people(session: Session, words: str, entity: int | None = None, most: int = 8) -> list[Suggestion]:
    """The people most like the words, best first; those who have left come after the others at equal likeness."""
    known = _people(session)
    among = None if entity is None else known.of_entity.get(entity, frozenset())
    # More than asked for, so that those who are here can overtake those who left.
    best = dict(known.names.like(words, among)[: most * 4])
    if not best:
        return []
    rows = session.execute(_SHOWN.where(Person.id.in_(best)))
    day = today(session)
    found = [
        Suggestion(
            row.id,
            row.sort_name,
            row.entity_code,
            row.unit,
            row.index_number or "",
            round(best[row.id]),
            rules.is_here(row.since, row.until, day),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (-one.points, not one.here, one.name, one.id))[:most]


_SHOWN = select(
    Person.id,
    Person.sort_name,
    Person.entity_code,
    Person.unit,
    Person.index_number,
    Person.since,
    Person.until,
)


def _people(session: Session) -> _Known:
    pool = session.connection().engine.pool
    stamp = tuple(session.execute(_STAMP).one())
    known = _known.get(pool)
    if known is None or known.stamp != stamp:
        known = _known[pool] = _read(session, stamp)
    return known


def _read(session: Session, stamp: tuple[Any, ...]) -> _Known:
    wanted = select(
        Person.id, Person.entity_id, Person.family_name, Person.given_name, Person.index_number, Person.email
    )
    texts: dict[int, tuple[str, ...]] = {}
    of_entity: dict[int, set[int]] = {}
    for row in session.execute(wanted):
        texts[row.id] = (row.given_name, row.family_name, row.index_number or "", row.email.split("@")[0])
        of_entity.setdefault(row.entity_id, set()).add(row.id)
    return _Known(stamp, Lookalikes(texts), {key: frozenset(ids) for key, ids in of_entity.items()})
