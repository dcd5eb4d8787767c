"""What the places desk can look up. Rows leave here as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from cbo_desk import audit, holdings, paging, search
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from cbo_desk.places import rules
from cbo_desk.places.commands import PLACE, place_form
from cbo_desk.places.entries import Step, steps_to, words_of
from cbo_desk.places.figures import ASSET, PERSON, below, rolled_up
from cbo_desk.places.rules import PlaceForm
from db.people import Entity
from db.places import Place
from db.tags import Tag


@dataclass(frozen=True)
class PlaceNode:
    """One place in the tree; `assets` and `people` count all that stands there or anywhere below."""

    id: int
    parent_id: int | None
    code: str
    name: str
    kind: str
    children: int
    assets: int
    people: int
    occupier: str


@dataclass(frozen=True)
class PlaceRow:
    """One line of the list of places."""

    id: int
    code: str
    name: str
    kind: str
    parent: str
    occupier: str
    area_m2: float | None


@dataclass(frozen=True)
class PlaceCard:
    """All that is shown of a place; `form` and `version` go into the form, `holds` counts by kind, all below included.

    `way` holds the ids and codes from the outermost place to this one; `where` says the same in words.
    """

    id: int
    code: str
    name: str
    kind: str
    form: PlaceForm
    version: int
    parent_id: int | None
    where: str
    way: tuple[tuple[int, str], ...]
    occupier: str
    tag: str
    children: int
    holds: Mapping[str, int]
    history: tuple[audit.HistoryLine, ...]

    @property
    def assets(self) -> int:
        """The assets at this place and below it."""
        return self.holds.get(ASSET, 0)


@dataclass(frozen=True)
class PlaceName:
    """A place as an import or a choice knows it."""

    id: int
    code: str
    name: str
    kind: str
    path: str


_Parent = aliased(Place)
_ROW = (
    select(Place.id, Place.code, Place.name, Place.place_kind, _Parent.code, Entity.code, Place.area_m2)
    .outerjoin(_Parent, _Parent.id == Place.parent_id)
    .outerjoin(Entity, Entity.id == Place.occupier_id)
)
_NAME = select(Place.id, Place.code, Place.name, Place.place_kind, Place.path)
SORTS: Mapping[str, tuple[Any, ...]] = {
    "code": (Place.code, Place.id),
    "name": (Place.name, Place.id),
    "kind": (Place.place_kind, Place.code, Place.id),
}


@reads("places")
class PlaceList(paging.PagedList[PlaceRow]):
    """Places that match words, of some kinds or all, in one place's subtree or anywhere."""

    kind = PLACE

    def __init__(
        self,
        words: str = "",
        sort: str = "code",
        descending: bool = False,
        *,
        kinds: Sequence[str] = (),
        within: int | None = None,
    ) -> None:
        self._words = words
        where: list[ColumnElement[bool]] = [true()]
        if kinds:
            where.append(Place.place_kind.in_(kinds))
        if within is not None:
            top = select(_Parent.path).where(_Parent.id == within).scalar_subquery()
            # A path ends in a slash, and "0" is the character after it.
            where.append(and_(Place.path >= top, Place.path < func.rtrim(top, "/").op("||")("0")))
        super().__init__(_ROW, Place.id, paging.Sort(SORTS[sort], descending), and_(*where))

    def condition(self, session: Session) -> ColumnElement[bool]:
        """Which places belong to the list."""
        found = search.matching(session, PLACE, self._words)
        return self._where if found is None else and_(self._where, Place.id.in_(found))

    def row_of(self, values: Any) -> PlaceRow:
        """Make the plain row."""
        ident, code, name, kind, parent, occupier, area = values[:7]
        return PlaceRow(ident, code, name, kind, parent or "", occupier or "", area)


@reads("places")
def place_children(session: Session, parent_id: int | None = None) -> list[PlaceNode]:
    """The places in a place, or the sites, by code, each with what stands there and below."""
    top = "/" if parent_id is None else session.scalar(select(Place.path).where(Place.id == parent_id))
    return _nodes(session, Place.parent_id == parent_id, top) if top else []


@reads("places")
def open_branches(
    session: Session, opened: Iterable[int], chosen: int | None = None
) -> dict[int | None, list[PlaceNode]]:
    """The sites under None, and what lies in each opened place that is still there: a tree read anew at once.

    The way to the chosen place is opened too: it may have been moved.
    """
    branches: dict[int | None, list[PlaceNode]] = {None: []}
    above = way_to(session, chosen)[:-1] if chosen is not None else ()
    wanted = or_(Place.parent_id.is_(None), Place.parent_id.in_(sorted({*opened, *above})))
    for node in _nodes(session, wanted, "/"):
        branches.setdefault(node.parent_id, []).append(node)
    return branches


@reads("places")
def way_to(session: Session, place_id: int) -> tuple[int, ...]:
    """The ids from the site down to a place: what a tree opens to show it."""
    return rules.ids_in(session.scalar(select(Place.path).where(Place.id == place_id)) or "")


@reads("places")
def place_card(session: Session, place_id: int) -> PlaceCard:
    """A place's card."""
    place = session.get(Place, place_id)
    if place is None:
        raise Refusal("This place is no longer there.")
    steps = steps_to(session, [place.path])
    counts = holdings.counted(session, PLACE, below(place.path))
    tag = select(Tag.code).where(
        Tag.subject_kind == PLACE, Tag.subject_id == place_id, Tag.ours.is_(True), Tag.retired_at.is_(None)
    )
    return PlaceCard(
        place.id,
        place.code,
        place.name,
        place.place_kind,
        place_form(place),
        place.version,
        place.parent_id,
        words_of(place.path, steps),
        tuple((ident, steps[ident].code) for ident in rules.ids_in(place.path)),
        session.scalar(select(Entity.code).where(Entity.id == place.occupier_id)) or "",
        session.scalars(tag.order_by(Tag.id.desc()).limit(1)).first() or "",
        _children_of(session, [place.id]).get(place.id, 0),
        {kind: sum(found.values()) for kind, found in counts.items()},
        tuple(audit.history(session, PLACE, place_id)),
    )


@reads("places")
def place_by_code(session: Session, code: str) -> PlaceName | None:
    """The place with a code, however its letters and hyphens were typed; None where there is none."""
    row = session.execute(_NAME.where(Place.code == rules.place_code(code))).one_or_none()
    return PlaceName(*row) if row else None


def places_by_code(session: Session, codes: Iterable[str]) -> dict[str, PlaceName]:
    """Places by the codes as they were given; what is not there is left out."""
    asked = {code: rules.place_code(code) for code in codes}
    kept = sorted(set(asked.values()))
    found: dict[str, PlaceName] = {}
    for start in range(0, len(kept), 500):
        for row in session.execute(_NAME.where(Place.code.in_(kept[start : start + 500]))):
            found[row.code] = PlaceName(*row)
    return {code: found[key] for code, key in asked.items() if key in found}


def wheres(session: Session, place_ids: Iterable[int]) -> dict[int, str]:
    """Where each of some places is, in words."""
    ids = sorted(set(place_ids))
    paths: dict[int, str] = {}
    for start in range(0, len(ids), 500):
        wanted = select(Place.id, Place.path).where(Place.id.in_(ids[start : start + 500]))
        paths.update((row.id, row.path) for row in session.execute(wanted))
    steps: Mapping[int, Step] = steps_to(session, paths.values())
    return {ident: words_of(path, steps) for ident, path in paths.items()}


def _nodes(session: Session, which: ColumnElement[bool], top: str) -> list[PlaceNode]:
    """Places of one subtree as the tree shows them, by code."""
    wanted = select(
        Place.id, Place.parent_id, Place.code, Place.name, Place.place_kind, Entity.code.label("occupier")
    ).outerjoin(Entity, Entity.id == Place.occupier_id)
    found = session.execute(wanted.where(which).order_by(Place.code)).all()
    if not found:
        return []
    counts = rolled_up(session, top)
    children = _children_of(session, [row.id for row in found])
    return [
        PlaceNode(
            row.id,
            row.parent_id,
            row.code,
            row.name,
            row.place_kind,
            children.get(row.id, 0),
            counts.get(ASSET, {}).get(row.id, 0),
            counts.get(PERSON, {}).get(row.id, 0),
            row.occupier or "",
        )
        for row in found
    ]


def _children_of(session: Session, ids: Sequence[int]) -> dict[int, int]:
    wanted = select(Place.parent_id, func.count()).where(Place.parent_id.in_(ids)).group_by(Place.parent_id)
    return {row[0]: row[1] for row in session.execute(wanted) if row[0] is not None}
