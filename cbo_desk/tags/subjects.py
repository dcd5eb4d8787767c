"""What a tag can stand for: each desk says once how its records look on a label."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.enlisting import enlist_all
from cbo_desk.tags import codes
from db.people import Entity, Person
from db.places import Place


@dataclass(frozen=True)
class Subject:
    """A record as a label and a scan's answer show it."""

    number: str
    name: str
    entity: str = ""


Describe = Callable[[Session, Sequence[int]], Mapping[int, Subject]]


@dataclass(frozen=True)
class Kind:
    """A kind of record that carries tags: the kind in its codes and how its records are described."""

    kind: str
    letter: codes.Kind
    word: str
    describe: Describe


_KINDS: dict[str, Kind] = {}


def register(kind: str, letter: codes.Kind, word: str, describe: Describe) -> None:
    """Let records of a kind carry tags; called once by the desk that owns the kind."""
    _KINDS[kind] = Kind(kind, letter, word, describe)


def kind_of(kind: str) -> Kind:
    """What is known of a kind of record; an unknown one is our own mistake."""
    enlist_all()
    return _KINDS[kind]


def word_of(kind: str) -> str:
    """What a record of a kind is called in a sentence; one that carries no tags may be found by its number, too."""
    enlist_all()
    return _KINDS[kind].word if kind in _KINDS else kind.rpartition(".")[2].replace("_", " ")


def describe(session: Session, kind: str, ids: Sequence[int]) -> Mapping[int, Subject]:
    """How records of one kind look on a label, by id; a record that is gone is left out."""
    enlist_all()
    return _KINDS[kind].describe(session, ids) if kind in _KINDS else {}


def _places(session: Session, ids: Sequence[int]) -> Mapping[int, Subject]:
    rows = session.execute(select(Place.id, Place.code, Place.name).where(Place.id.in_(ids)))
    return {row.id: Subject(row.code, row.name) for row in rows}


def _people(session: Session, ids: Sequence[int]) -> Mapping[int, Subject]:
    wanted = (
        select(Person.id, Person.index_number, Person.sort_name, Entity.code)
        .join(Entity, Entity.id == Person.entity_id)
        .where(Person.id.in_(ids))
    )
    return {row.id: Subject(row.index_number or "", row.sort_name, row.code) for row in session.execute(wanted)}


register("places.place", codes.Kind.PLACE, "place", _places)
register("people.person", codes.Kind.BADGE, "person", _people)
