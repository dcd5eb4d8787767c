"""Writes the good rows of a file of people: all in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cbo_desk import after, search
from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.imports import Importable, Rows
from cbo_desk.people import rules
from cbo_desk.people.commands import PERSON, findable_person
from cbo_desk.people.import_fields import FIELDS, PersonLookup, parts_of
from cbo_desk.people.queries import entities_by_code, in_batches
from cbo_desk.permissions import deed
from cbo_desk.progress import Progress
from cbo_desk.tabular import Ready
from db.people import Person
from db.places import Place

_TEXTS = ("unit", "email", "phone")


@deed("people.import_people", "import people")
def import_people(session: Session, rows: Rows, progress: Progress | None = None) -> Changes:
    """Create and change the people that a checked file names by their index numbers."""
    created: list[int] = []
    updated: list[int] = []
    also: dict[str, tuple[int, ...]] = {}
    for batch in rows:
        words = _Words(session, batch)
        created += _create(session, [row for row in batch if row.outcome == "create"], words)
        changed, renamed = _update(session, [row for row in batch if row.outcome == "update"], words)
        updated += changed
        for kind, ids in after.renamed(session, PERSON, renamed).items():
            also[kind] = (*also.get(kind, ()), *ids)
        if progress is not None:
            progress.report(len(created) + len(updated))
    also |= after.added(session, PERSON, created)
    said = f"{rows}: {len(created):,} people created, {len(updated):,} updated."
    return Changes(PERSON, (*created, *updated), said, also=also)


class _Words:
    """What the codes in a batch stand for today."""

    def __init__(self, session: Session, rows: Sequence[Ready]) -> None:
        self.entities = entities_by_code(session, {row.values["entity"] for row in rows if row.values.get("entity")})
        codes = sorted({row.values["place"] for row in rows if row.values.get("place")})
        self.places: dict[str, int] = {}
        for some in in_batches(codes):
            wanted = select(Place.code, Place.id).where(Place.code.in_(some))
            self.places.update((row.code, row.id) for row in session.execute(wanted))

    def columns(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The columns that a row's values fill, names apart; None empties."""
        found: dict[str, Any] = {name: values[name] or "" for name in _TEXTS if name in values}
        found |= {name: values[name] for name in ("since", "until") if name in values}
        try:
            if "entity" in values:
                found |= {"entity_id": self.entities[values["entity"]], "entity_code": values["entity"]}
            if "place" in values:
                found["place_id"] = None if values["place"] is None else self.places[values["place"]]
        except KeyError as gone:
            raise Refusal(f"{gone.args[0]} is gone since the file was checked. Check the file again.") from gone
        return found


def _create(session: Session, rows: Sequence[Ready], words: _Words) -> list[int]:
    if not rows:
        return []
    values = []
    for row in rows:
        family, given = parts_of(row.values)
        blank: dict[str, Any] = {**dict.fromkeys(_TEXTS, ""), "place_id": None, "since": None, "until": None}
        columns = {**blank, **words.columns(row.values), "index_number": rules.index_number(row.key), "version": 1}
        values.append({**columns, **_named(family, given)})
    ids = session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), values).all()
    made = (Person(id=ident, **columns) for ident, columns in zip(ids, values, strict=True))
    search.enter(session, [findable_person(person) for person in made])
    return list(ids)


def _update(session: Session, rows: Sequence[Ready], words: _Words) -> tuple[list[int], list[int]]:
    """Change people; returns the ids of all, and of those whose name changed."""
    by_number = {rules.index_number(row.key): row for row in rows}
    changed: list[Person] = []
    renamed: list[int] = []
    for some in in_batches(sorted(by_number)):
        people = session.scalars(select(Person).where(Person.index_number.in_(some))).all()
        for person in people:
            values = by_number[str(person.index_number)].values
            columns = words.columns(values)
            if {"name", "family_name", "given_name"} & set(values):
                held = {"family_name": person.family_name, "given_name": person.given_name}
                known = values if values.get("name") else {**held, **values}
                columns |= _named(*parts_of(known))
                renamed += [person.id] if columns["sort_name"] != person.sort_name else []
            for name, value in columns.items():
                setattr(person, name, value)
        changed += people
    if len(changed) != len(rows):
        raise Refusal("The people have changed since the file was checked. Check the file again.")
    session.flush()
    search.enter(session, [findable_person(person) for person in changed])
    return [person.id for person in changed], renamed


def _named(family: str, given: str) -> dict[str, str]:
    return {"family_name": family, "given_name": given, "sort_name": rules.sort_name(family, given)}


PEOPLE = Importable("people", PERSON, FIELDS, PersonLookup, import_people)
