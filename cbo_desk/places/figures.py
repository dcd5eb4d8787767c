"""How much stands where: figures of the tree for the map and the cards, each place with all below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from cbo_desk import holdings
from cbo_desk.permissions import reads
from cbo_desk.places import rules
from cbo_desk.places.commands import PLACE
from db.people import Entity, Person
from db.places import Place

ASSET = "property.asset"
PERSON = "people.person"
_Parent = aliased(Place)


@dataclass(frozen=True)
class MapFigure:
    """What the map shows of a place: assets at it and below it, the same by state, and whose it is."""

    id: int
    code: str
    name: str
    kind: str
    occupier: str
    assets: int
    states: Mapping[str, int]


@reads("places")
def counts_by_place(session: Session, within: int | None = None) -> list[MapFigure]:
    """What the map shows of every place, or of one place's subtree, by code."""
    top = "/" if within is None else session.scalar(select(Place.path).where(Place.id == within)) or "/"
    paths = _paths(session, top)
    by_state: dict[str, dict[int, int]] = {}
    for ident, shares in holdings.shared(session, PLACE, ASSET, below(top)).items():
        for state, number in shares.items():
            by_state.setdefault(state, {})[ident] = number
    states = {state: rules.rolled_up(counts, paths) for state, counts in sorted(by_state.items())}
    assets = rolled_up(session, top, paths).get(ASSET, {})
    wanted = select(Place.id, Place.code, Place.name, Place.place_kind, Entity.code.label("occupier"))
    wanted = wanted.outerjoin(Entity, Entity.id == Place.occupier_id).where(in_range(top)).order_by(Place.code)
    return [
        MapFigure(
            row.id,
            row.code,
            row.name,
            row.place_kind,
            row.occupier or "",
            assets.get(row.id, 0),
            {state: counts[row.id] for state, counts in states.items() if counts.get(row.id)},
        )
        for row in session.execute(wanted)
    ]


@reads("places")
def crooked_paths(session: Session) -> list[str]:
    """Places whose path is not their parent's with their own id: a sentence each, none in a sound database."""
    wanted = select(Place.id, Place.code, Place.path, _Parent.path.label("above")).outerjoin(
        _Parent, _Parent.id == Place.parent_id
    )
    return [
        f"The place {row.code} is not where its path says."
        for row in session.execute(wanted.order_by(Place.id))
        if row.path != rules.path_of(row.id, row.above or "")
    ]


def in_range(path: str) -> ColumnElement[bool]:
    """Whether a place is that of a path or below it."""
    return and_(Place.path >= path, Place.path < rules.after_path(path))


def below(path: str) -> Select[Any]:
    """The ids of a place and all below it; of every place for "/"."""
    return select(Place.id).where(in_range(path))


def _paths(session: Session, top: str) -> dict[int, str]:
    return {row.id: row.path for row in session.execute(select(Place.id, Place.path).where(in_range(top)))}


def rolled_up(session: Session, top: str, paths: Mapping[int, str] | None = None) -> dict[str, dict[int, int]]:
    """By kind, how many stand at each place of a subtree and below it."""
    known = paths or _paths(session, top)
    counted = holdings.counted(session, PLACE, below(top))
    return {kind: rules.rolled_up(counts, known) for kind, counts in counted.items()}


def _people_at(session: Session, places: Select[Any]) -> dict[int, int]:
    wanted = select(Person.place_id, func.count()).where(Person.place_id.in_(places)).group_by(Person.place_id)
    return {row[0]: row[1] for row in session.execute(wanted) if row[0] is not None}


def _occupied_by(session: Session, entities: Select[Any]) -> dict[int, int]:
    wanted = select(Place.occupier_id, func.count()).where(Place.occupier_id.in_(entities)).group_by(Place.occupier_id)
    return {row[0]: row[1] for row in session.execute(wanted) if row[0] is not None}


holdings.register(holdings.Holding(PLACE, PERSON, "person", "people", _people_at))
holdings.register(holdings.Holding("people.entity", PLACE, "place", "places", _occupied_by))
