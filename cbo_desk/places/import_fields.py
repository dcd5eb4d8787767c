"""What a file can say of a place, and what its words mean in this compound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from cbo_desk.errors import Faults
from cbo_desk.office import Office
from cbo_desk.people import entities
from cbo_desk.permissions import reads
from cbo_desk.places import rules
from cbo_desk.places.grafting import KINDS_BY_WORD, Node, faults_of
from cbo_desk.places.rules import PlaceForm
from cbo_desk.tabular import Field, Mend, Wrong, aliases, nearest
from db.people import Entity
from db.places import Place

FIELDS = (
    Field(
        "code",
        "Code",
        "identifier",
        required=True,
        key=True,
        aliases=aliases.PLACE_CODE,
        if_blank="A place needs a code, such as C-204.",
        longest=rules.LONGEST_CODE,
    ),
    Field("name", "Name", aliases=("Place name", "Room name", "Description", "Nom", "Nombre"), longest=120),
    Field("kind", "Kind", "choice", required=True, aliases=("Type", "Place kind", "Place type"), choices=KINDS_BY_WORD),
    Field("parent", "In", "reference", aliases=aliases.PARENT_PLACE),
    Field("area_m2", "Area in m²", "number", aliases=aliases.AREA, least=0),
    Field("occupier", "Occupier", "reference", aliases=("Occupied by", "Occupant", "Tenant", *aliases.ENTITY)),
)
_WORDS = {word.casefold(): kind for word, kind in KINDS_BY_WORD.items()}


class PlaceLookup:
    """Answers an import's questions from the tree, thousands of rows at once (see `tabular.Lookup`)."""

    hangs_by = "parent"

    def __init__(self, office: Office) -> None:
        self._office = office
        self._tree: dict[str, Node] = office.read(whole_tree)
        self._there = frozenset(self._tree)
        self._spelt: dict[str, str] = {}
        self._nameless: set[str] = set()

    def overlook(self, cells: Mapping[str, Sequence[Any]]) -> None:
        """See the whole file before any row is judged: a row may stand in a place of a later one."""
        codes = [rules.place_code(str(cell)) for cell in cells.get("code", ())]
        parents = [rules.place_code(str(cell)) for cell in cells.get("parent", [""] * len(codes))]
        kinds = [_WORDS.get(str(cell).strip().casefold(), "") for cell in cells.get("kind", [""] * len(codes))]
        self._nameless |= {
            code for code, name in zip(codes, cells.get("name", ()), strict=False) if not str(name).strip()
        }
        for code, parent, kind, cell in zip(codes, parents, kinds, cells.get("code", ()), strict=True):
            before = self._tree.get(code, Node("", ""))
            self._spelt.setdefault(code, str(cell).strip())
            self._tree[code] = Node(kind or before.kind or "room", parent or before.parent)

    def existing(self, keys: Sequence[Any], names: Sequence[str]) -> Mapping[Any, tuple[Any, ...]]:
        """The places that are there, by code."""
        return self._office.read(existing_places, keys, names, frozenset(self._nameless))

    def resolve(self, name: str, texts: Sequence[str]) -> Mapping[str, Any]:
        """What other places and entities the texts mean; whether a place is there is asked with the whole row."""
        if name == "parent":
            return {text: rules.place_code(text) for text in texts}
        return self._office.read(_entities, texts)

    def hangs(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """A row's own code, and the code of the place it stands in where only this file makes that."""
        code, above = rules.place_code(values.get("code") or ""), rules.place_code(values.get("parent") or "")
        return code, "" if above in self._there else above

    def rule(self, outcome: str, values: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What is wrong with a whole row (see `tabular.RowRule`)."""
        now = {**before, **values}
        area = now.get("area_m2")
        form = PlaceForm(now["code"], now.get("kind", ""), now.get("name") or "", None if area is None else float(area))
        try:
            code = rules.tidy_place(form).code
        except Faults as faults:
            yield from faults.faults.items()
            return
        first = self._spelt.get(code, now["code"])
        if first != now["code"].strip():
            yield "code", f"Another row writes this code as {first}. Keep one."
            return
        known = self._tree.get(code, Node(form.kind, ""))
        self._tree[code] = Node(form.kind, now.get("parent") or known.parent)
        yield from faults_of(code, self._tree)


@reads("places")
def whole_tree(session: Session) -> dict[str, Node]:
    """Every place's kind and the code of the place it is in."""
    above = aliased(Place)
    wanted = select(Place.code, Place.place_kind, above.code.label("parent")).outerjoin(
        above, above.id == Place.parent_id
    )
    return {row.code: Node(row.place_kind, row.parent or "") for row in session.execute(wanted)}


@reads("places")
def existing_places(
    session: Session, keys: Sequence[Any], names: Sequence[str], nameless: frozenset[str] = frozenset()
) -> dict[Any, tuple[Any, ...]]:
    """The named values of the places with these codes, None for blank.

    A place without a name is called by its code; for the codes in `nameless` that is a blank.
    """
    above = aliased(Place)
    asked = {rules.place_code(key): key for key in keys}
    codes = sorted(asked)
    found: dict[Any, tuple[Any, ...]] = {}
    for start in range(0, len(codes), 500):
        wanted = (
            select(Place, above.code, Entity.code)
            .outerjoin(above, above.id == Place.parent_id)
            .outerjoin(Entity, Entity.id == Place.occupier_id)
            .where(Place.code.in_(codes[start : start + 500]))
        )
        for place, parent, occupier in session.execute(wanted):
            key = asked[place.code]
            values = {
                "code": key,
                "name": None if place.name == place.code and place.code in nameless else place.name,
                "kind": place.place_kind,
                "parent": parent,
                "area_m2": None if place.area_m2 is None else Decimal(repr(place.area_m2)),
                "occupier": occupier,
            }
            found[key] = tuple(values[name] for name in names)
    return found


@reads("places")
def _entities(session: Session, texts: Sequence[str]) -> dict[str, Any]:
    known = entities(session)
    by_word = {word.casefold(): one.code for one in known for word in (one.name, one.code)}
    codes = [one.code for one in known]
    return {text: by_word.get(text.strip().casefold()) or unknown_entity(text, codes) for text in texts}


def unknown_entity(text: str, codes: Sequence[str]) -> Wrong:
    """The fault of a word that no entity goes by, with the one that may be meant."""
    meant = nearest(text, codes)
    if meant is None:
        return Wrong(f"No entity is called {text}. Add it first, or correct the word.")
    return Wrong(f"No entity is called {text}. Is it {meant}?", Mend(f"Use {meant}", meant))
