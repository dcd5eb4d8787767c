"""Joins the places of a file to the tree, on plain values: in any order, refusing circles and places out of place.

A tree is a `Node` by code; a file's rows replace or add nodes, and only then is looked what stands in what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cbo_desk.places.rules import Kind, why_not_inside


@dataclass(frozen=True)
class Node:
    """A place as far as the tree goes: its kind, and the code of the place it is in, "" for none."""

    kind: str
    parent: str


def faults_of(code: str, tree: Mapping[str, Node]) -> Iterator[tuple[str, str]]:
    """What is wrong with where a place stands: (field, sentence) for each fault."""
    node = tree[code]
    if not node.parent:
        why = why_not_inside(code, node.kind, "", None)
    elif node.parent not in tree:
        why = f"No place has the code {node.parent}, in this file or before it. Add it, or correct the code."
    else:
        circle = circle_of(code, tree)
        if circle:
            why = f"{' is in '.join((*circle, circle[0]))}: a place cannot be inside itself."
        else:
            why = why_not_inside(code, node.kind, node.parent, tree[node.parent].kind)
    if why:
        yield "parent", why


def circle_of(code: str, tree: Mapping[str, Node]) -> tuple[str, ...]:
    """The codes of the circle a place is a part of, itself first; empty where its way leads to the top."""
    way = [code]
    seen = {code}
    while (above := tree[way[-1]].parent) and above in tree:
        if above == code:
            return tuple(way)
        if above in seen:
            return ()
        way.append(above)
        seen.add(above)
    return ()


def children_faults(codes: Iterable[str], tree: Mapping[str, Node]) -> Iterator[tuple[str, str]]:
    """Places that can no longer stand where they are since one of `codes` is of another kind: (code above, why)."""
    changed = set(codes)
    for code, node in tree.items():
        if node.parent in changed:
            why = why_not_inside(code, node.kind, node.parent, tree[node.parent].kind)
            if why:
                yield node.parent, why


def from_the_top(codes: Iterable[str], tree: Mapping[str, Node]) -> list[list[str]]:
    """The codes by their depth in the tree, the outermost first: what each stands in comes before it."""
    levels: dict[int, list[str]] = {}
    depths: dict[str, int] = {"": 0}

    def depth(code: str) -> int:
        way = []
        while code not in depths:
            way.append(code)
            code = tree[code].parent if code in tree else ""
        found = depths[code]
        for below in reversed(way):
            found += 1
            depths[below] = found
        return found

    for code in codes:
        levels.setdefault(depth(code), []).append(code)
    return [sorted(levels[level]) for level in sorted(levels)]


KINDS_BY_WORD: Mapping[str, str] = {
    **{kind.value.capitalize(): kind.value for kind in Kind},
    "Compound": "site",
    "Campus": "site",
    "Block": "building",
    "Wing": "building",
    "Level": "floor",
    "Storey": "floor",
    "Office": "room",
    "Hall": "room",
    "Rack": "shelf",
    "Storeroom": "store",
    "Warehouse": "store",
    "Container": "store",
    "Bâtiment": "building",
    "Étage": "floor",
    "Salle": "room",
    "Edificio": "building",
    "Piso": "floor",
    "Sala": "room",
}
"""Words that files use for the kinds."""
