"""How search knows places: by code and name, and by where they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import search
from cbo_desk.places import rules
from cbo_desk.search import Findable
from db.places import Place


@dataclass(frozen=True)
class Step:
    """A place as a part of others' paths."""

    kind: str
    code: str
    name: str


def enter_below(session: Session, path: str) -> None:
    """Make a place and all below it findable under their codes, names and ways of today."""
    wanted = select(Place.id, Place.path, Place.place_kind, Place.code, Place.name)
    rows = session.execute(wanted.where(Place.path >= path, Place.path < rules.after_path(path))).all()
    steps = steps_to(session, (row.path for row in rows))
    search.enter(session, (findable(row.id, row.path, row.code, row.name, steps) for row in rows))


def findable(ident: int, path: str, code: str, name: str, steps: Mapping[int, Step]) -> Findable:
    """One place as search knows it; `steps` holds it and its ancestors."""
    title = code if name == code else f"{code} {name}"
    # Ancestors' codes too: "M-2" finds what is on that floor, whatever the rooms are called.
    words = tuple(steps[above].code for above in rules.ids_in(path))
    return Findable("places.place", ident, title, words_of(path, steps), words)


def words_of(path: str, steps: Mapping[int, Step]) -> str:
    """A path in words: "Block M, floor 2, room M-214"."""
    way = (steps[ident] for ident in rules.ids_in(path))
    return rules.path_in_words([(step.kind, step.code, step.name) for step in way])


def steps_to(session: Session, paths: Iterable[str]) -> dict[int, Step]:
    """Every place that is part of one of the paths, by id."""
    ids = sorted({ident for path in paths for ident in rules.ids_in(path)})
    steps: dict[int, Step] = {}
    for start in range(0, len(ids), 500):
        wanted = select(Place.id, Place.place_kind, Place.code, Place.name).where(
            Place.id.in_(ids[start : start + 500])
        )
        steps.update((row.id, Step(row.place_kind, row.code, row.name)) for row in session.execute(wanted))
    return steps
