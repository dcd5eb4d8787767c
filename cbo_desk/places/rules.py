"""The rules of the tree of places, on plain values: what stands in what, how codes look, how paths are reckoned.

A path is a place's ancestors' ids and its own, such as /1/7/31/: a subtree is one range of the index of paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cbo_desk.errors import Faults, Refusal

LONGEST_CODE = 32
LONGEST_NAME = 120
LARGEST_M2 = 99_999_999.99
_CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9._/-]*[A-Z0-9])?")

FIELDS: Mapping[str, str] = {
    "code": "the code",
    "name": "the name",
    "place_kind": "the kind",
    "area_m2": "the area",
    "occupier_id": "the occupier",
    "parent_id": "the place it is in",
}
"""The columns that a person knows, in words, for telling who changed what."""


class Kind(StrEnum):
    """What a place is; the value is what the database keeps."""

    SITE = "site"
    BUILDING = "building"
    FLOOR = "floor"
    ROOM = "room"
    SHELF = "shelf"
    BAY = "bay"
    GATE = "gate"
    STORE = "store"
    YARD = "yard"


_OPEN = frozenset({Kind.SITE, Kind.YARD})
_BUILT = frozenset({Kind.BUILDING, Kind.FLOOR})
INSIDE: Mapping[Kind, frozenset[Kind]] = {
    Kind.SITE: frozenset(),
    Kind.BUILDING: frozenset({Kind.SITE}),
    Kind.FLOOR: frozenset({Kind.BUILDING}),
    Kind.ROOM: _BUILT,
    Kind.STORE: _OPEN | _BUILT | {Kind.ROOM},
    Kind.SHELF: frozenset({Kind.ROOM, Kind.STORE, Kind.BAY, Kind.FLOOR}),
    Kind.BAY: _OPEN | _BUILT | {Kind.ROOM, Kind.STORE},
    Kind.GATE: _OPEN | {Kind.BUILDING},
    Kind.YARD: frozenset({Kind.SITE}),
}
"""What each kind may stand in; a site stands in nothing."""


@dataclass(frozen=True)
class PlaceForm:
    """What a person says about a place; `area_m2` in square metres. Where it stands is said by adding and moving."""

    code: str
    kind: str
    name: str = ""
    area_m2: float | None = None
    occupier_id: int | None = None


def place_code(text: str) -> str:
    """A code as it is kept: capitals without blanks, hyphens of every sort as one."""
    return re.sub(r"[‐-―−]", "-", re.sub(r"\s+", "", text)).upper()


def tidy_place(form: PlaceForm) -> PlaceForm:
    """The form as it is kept (a place without a name is called by its code), or Faults beside each field."""
    code = place_code(form.code)
    name = " ".join(form.name.split()) or code
    faults: dict[str, str] = {}
    if not code:
        faults["code"] = "A place needs a code, such as C-204."
    elif len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
        faults["code"] = (
            f"A code has up to {LONGEST_CODE} letters and digits, with hyphens, dots or slashes between, such as C-204."
        )
    if len(name) > LONGEST_NAME:
        faults["name"] = f"A name has at most {LONGEST_NAME} characters."
    if form.kind not in set(Kind):
        faults["kind"] = f"A place is a {listed(Kind)}."
    if form.area_m2 is not None and not 0 < form.area_m2 <= LARGEST_M2:
        faults["area_m2"] = "An area is above zero, in square metres."
    if faults:
        raise Faults(faults)
    return PlaceForm(code, form.kind, name, form.area_m2, form.occupier_id)


def why_not_inside(code: str, kind: str, parent_code: str, parent_kind: str | None) -> str:
    """Why a place of a kind may not stand in another (None: in nothing), or nothing."""
    allowed = INSIDE[Kind(kind)]
    if parent_kind is None:
        return "" if not allowed else f"{code} is a {kind}: say which {listed(allowed)} it is in."
    if not allowed:
        return f"{code} is a site: it stands in nothing else."
    if Kind(parent_kind) not in allowed:
        return f"A {kind} cannot be in a {parent_kind} such as {parent_code}: choose a {listed(allowed)} for {code}."
    return ""


def check_inside(code: str, kind: str, parent_code: str, parent_kind: str | None) -> None:
    """Refuse a place where it cannot stand."""
    why = why_not_inside(code, kind, parent_code, parent_kind)
    if why:
        raise Refusal(why, "parent")


def check_no_cycle(code: str, path: str, parent_code: str, parent_path: str) -> None:
    """Refuse to move a place into itself or into what stands in it."""
    if parent_path.startswith(path):
        if parent_path == path:
            raise Refusal(f"{code} cannot be inside itself.", "parent")
        raise Refusal(f"{parent_code} is inside {code}, so {code} cannot move into it.", "parent")


def path_of(ident: int, parent_path: str = "") -> str:
    """The path of a place from its parent's."""
    return f"{parent_path or '/'}{ident}/"


def after_path(path: str) -> str:
    """The least text that is greater than every path below this one: the end of a subtree's range."""
    return path[:-1] + "0"


def ids_in(path: str) -> tuple[int, ...]:
    """The ids of a path, the outermost first."""
    return tuple(int(part) for part in path.split("/") if part)


def spoken(kind: str, code: str, name: str) -> str:
    """One step of a path in words: "Block M", or "floor 2" where the name alone says too little."""
    if name == code or len(name) <= 3:
        return f"{kind} {name}"
    return name


def path_in_words(steps: Sequence[tuple[str, str, str]]) -> str:
    """Where a place is, from (kind, code, name) from the outermost on: "Block M, floor 2, room M-214".

    The site is left out unless it is the place itself.
    """
    told = [step for step in steps if step[0] != Kind.SITE] or list(steps)
    return ", ".join(spoken(*step) for step in told)


def rolled_up(counts: Mapping[int, int], paths: Mapping[int, str]) -> dict[int, int]:
    """Each place's count with those of all places below it; `paths` by place id."""
    totals = dict.fromkeys(paths, 0)
    for ident, count in counts.items():
        for above in ids_in(paths.get(ident, "")):
            if above in totals:
                totals[above] += count
    return totals


def listed(kinds: Iterable[Kind]) -> str:
    """Kinds as words: "site, building or floor", in the order of the list of kinds."""
    names = [kind.value for kind in Kind if kind in set(kinds)]
    return " or ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
