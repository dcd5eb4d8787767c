"""Which place somebody meant: codes with O for 0, I for 1 or without a hyphen, names with typing errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.likeness import Lookalikes, code_key
from cbo_desk.permissions import reads
from cbo_desk.places import rules
from cbo_desk.places.entries import steps_to, words_of
from db.places import Place


@dataclass(frozen=True)
class PlaceSuggestion:
    """A place that may be meant; `points` of 100 say how alike."""

    id: int
    code: str
    name: str
    kind: str
    where: str
    points: int


@dataclass(frozen=True)
class _Known:
    """Every place's code and name as of a stamp."""

    stamp: tuple[Any, ...]
    names: Lookalikes
    keys: dict[str, list[int]]


_known: WeakKeyDictionary[Any, _Known] = WeakKeyDictionary()
# Any change moves one of these: versions only grow (what is put back gets a higher one), ids are not given out twice.
_STAMP = select(func.count(), func.coalesce(func.max(Place.id), 0), func.coalesce(func.sum(Place.version), 0))
_SHOWN = select(Place.id, Place.code, Place.name, Place.place_kind, Place.path)


@reads("places")
def suggest_places(session: Session, words: str, most: int = 8) -> list[PlaceSuggestion]:
    """The places most like a code or name, best first."""
    best = _points(_places(session), words)
    chosen = sorted(best, key=lambda ident: (-best[ident], ident))[: most * 4]
    rows = session.execute(_SHOWN.where(Place.id.in_(chosen))).all()
    rows = sorted(rows, key=lambda row: (-round(best[row.id]), len(row.code), row.code))[:most]
    steps = steps_to(session, (row.path for row in rows))
    return [
        PlaceSuggestion(row.id, row.code, row.name, row.place_kind, words_of(row.path, steps), round(best[row.id]))
        for row in rows
    ]


@reads("places")
def no_such_place(session: Session, code: str) -> str:
    """The sentence for a code that no place has, with the one that may be meant: "Is it C-204?"."""
    asked = rules.place_code(code)[: rules.LONGEST_CODE]
    alike = [one for one in suggest_places(session, asked, 2) if one.points >= 80]
    # Two that are equally near are a guess too many.
    if alike and (len(alike) == 1 or alike[0].points > alike[1].points):
        return f"No place has the code {asked}. Is it {alike[0].code}?"
    return f"No place has the code {asked}. Add the place first, or correct the code."


def _points(known: _Known, words: str) -> dict[int, float]:
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    best = dict(known.names.like(words)[:200])
    key = code_key(words)
    if not key:
        return best
    found: dict[str, float] = {
        code: 90.0 * score
        for code, score, _n in extract(
            key, list(known.keys), scorer=OSA.normalized_similarity, score_cutoff=0.7, limit=50
        )
    }
    for code in known.keys:
        if code == key:
            found[code] = 100.0
        elif code.startswith(key):
            found[code] = max(found.get(code, 0.0), 92.0)
    for code, score in found.items():
        for ident in known.keys[code]:
            best[ident] = max(best.get(ident, 0.0), score)
    return best


def _places(session: Session) -> _Known:
    pool = session.connection().engine.pool
    stamp = tuple(session.execute(_STAMP).one())
    known = _known.get(pool)
    if known is None or known.stamp != stamp:
        known = _known[pool] = _read(session, stamp)
    return known


def _read(session: Session, stamp: tuple[Any, ...]) -> _Known:
    names: dict[int, tuple[str, ...]] = {}
    keys: dict[str, list[int]] = {}
    for row in session.execute(select(Place.id, Place.code, Place.name)):
        names[row.id] = (row.name,) if row.name != row.code else ()
        keys.setdefault(code_key(row.code), []).append(row.id)
    return _Known(stamp, Lookalikes(names), keys)
