"""Writes the good rows of a file of places into the tree: all in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Text, cast, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from cbo_desk import after
from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.imports import Importable, Rows
from cbo_desk.people import entities_by_code
from cbo_desk.permissions import deed
from cbo_desk.places import rules
from cbo_desk.places.buildings import leave
from cbo_desk.places.commands import PLACE, hold_tree, move_paths
from cbo_desk.places.entries import enter_below
from cbo_desk.places.grafting import Node, children_faults, faults_of, from_the_top
from cbo_desk.places.import_fields import FIELDS, PlaceLookup, whole_tree
from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from cbo_desk.tabular import Ready
from db.places import Place

_TOLD = 5


@deed("places.import_places", "import places")
def import_places(session: Session, rows: Rows, progress: Progress | None = None) -> Changes:
    """Create and change the places that a checked file names, each in its place of the tree, whatever their order."""
    hold_tree(session)
    by_code = _by_code([row for batch in rows for row in batch])
    tree = _grafted(whole_tree(session), by_code)
    occupiers = entities_by_code(session, {row.values.get("occupier") or "" for row in by_code.values()})
    ids: list[int] = []
    moved: list[int] = []
    for level in from_the_top(by_code, tree):
        ids += _write_level(session, {code: by_code[code] for code in level}, tree, occupiers, moved)
        if progress is not None:
            progress.report(len(ids), len(by_code))
    new = [row for row in by_code.values() if row.outcome == "create"]
    session.expire_all()
    enter_below(session, "/")
    made = _ids(session, [code for code, row in by_code.items() if row.outcome == "create"])
    also = {**after.moved(session, PLACE, moved), **after.added(session, PLACE, sorted(made.values()))}
    said = f"{rows}: {Count(len(new)):place|places} created, {len(by_code) - len(new):,} updated."
    return Changes(PLACE, tuple(ids), said, also=also)


def _by_code(rows: Sequence[Ready]) -> dict[str, Ready]:
    found: dict[str, Ready] = {}
    for row in rows:
        code = rules.place_code(row.key)
        if code in found:
            raise Refusal(f"Row {row.row:,}: the code {code} stands in row {found[code].row:,} already. Keep one.")
        found[code] = row
    return found


def _grafted(tree: dict[str, Node], by_code: Mapping[str, Ready]) -> dict[str, Node]:
    """The tree as it will be; refuses rows that do not fit it."""
    for code, row in by_code.items():
        if (row.outcome == "update") != (code in tree):
            raise Refusal("The places have changed since the file was checked. Check the file again.")
    before = dict(tree)
    for code, row in by_code.items():
        known = tree.get(code, Node("", ""))
        parent = row.values.get("parent", known.parent)
        tree[code] = Node(row.values.get("kind") or known.kind, parent or "")
    faults = [f"Row {row.row:,}: {why}" for code, row in by_code.items() for _field, why in faults_of(code, tree)]
    changed = [code for code in by_code if code in before and before[code].kind != tree[code].kind]
    # A child that is in the file itself has been told of already.
    faults = faults or [f"Row {by_code[above].row:,}: {why}" for above, why in children_faults(changed, tree)]
    if faults:
        more = f" And {len(faults) - _TOLD:,} more." if len(faults) > _TOLD else ""
        raise Refusal(" ".join(faults[:_TOLD]) + more)
    return tree


def _write_level(
    session: Session, rows: Mapping[str, Ready], tree: Mapping[str, Node], occupiers: Mapping[str, int],
    moved: list[int],
) -> list[int]:  # fmt: skip
    """Write the places of one depth; all that they stand in is in place already. Whatever moves is added to `moved`."""
    above = _ids(session, {tree[code].parent for code in rows})
    new = {code: row for code, row in rows.items() if row.outcome == "create"}
    values = [_columns(code, row, above.get(tree[code].parent), occupiers) for code, row in new.items()]
    if values:
        session.execute(insert(Place), values)
        parent = aliased(Place)
        path = select(parent.path).where(parent.id == Place.parent_id).scalar_subquery()
        own = func.coalesce(path, "/").op("||")(cast(Place.id, Text)).op("||")("/")
        session.execute(
            update(Place).where(Place.path == "").values(path=own).execution_options(synchronize_session=False)
        )
    old = sorted(code for code, row in rows.items() if row.outcome == "update")
    for start in range(0, len(old), 500):
        wanted = select(Place).where(Place.code.in_(old[start : start + 500])).order_by(Place.id)
        for place in session.scalars(wanted).all():
            code = place.code
            moved += _change(session, place, rows[code], above.get(tree[code].parent), occupiers)
    return list(_ids(session, rows).values())


def _columns(code: str, row: Ready, parent_id: int | None, occupiers: Mapping[str, int]) -> dict[str, Any]:
    area = row.values.get("area_m2")
    return {
        "code": code,
        "name": row.values.get("name") or code,
        "place_kind": row.values["kind"],
        "parent_id": parent_id,
        "area_m2": None if area is None else float(area),
        "occupier_id": occupiers.get(row.values.get("occupier") or ""),
        "path": "",
        "version": 1,
    }


def _change(
    session: Session, place: Place, row: Ready, parent_id: int | None, occupiers: Mapping[str, int]
) -> tuple[int, ...]:
    """Write a row into a place; returns the ids of places that are elsewhere, or in another building, by that."""
    kind = row.values.get("kind") or place.place_kind
    moved: tuple[int, ...] = ()
    parent: Place | None = None
    if kind != place.place_kind or place.parent_id != parent_id:
        parent = session.get(Place, parent_id) if parent_id is not None else None
        moved = leave(session, place, kind, parent)
    for name, value in row.values.items():
        if name == "name":
            place.name = value or place.code
        elif name == "kind":
            place.place_kind = value
        elif name == "area_m2":
            place.area_m2 = None if value is None else float(value)
        elif name == "occupier":
            place.occupier_id = occupiers.get(value or "")
    if place.parent_id != parent_id:
        old_path = place.path
        place.parent_id = parent_id
        place.path = rules.path_of(place.id, parent.path if parent else "")
        session.flush()
        moved = (*moved, place.id, *move_paths(session, place, old_path))
    session.flush()
    return moved


def _ids(session: Session, codes: Any) -> dict[str, int]:
    kept = sorted(codes)
    found: dict[str, int] = {}
    for start in range(0, len(kept), 500):
        wanted = select(Place.code, Place.id).where(Place.code.in_(kept[start : start + 500]))
        found.update((row.code, row.id) for row in session.execute(wanted))
    return found


PLACES = Importable("places", PLACE, FIELDS, PlaceLookup, import_places)
