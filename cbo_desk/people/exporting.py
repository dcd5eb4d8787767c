"""People and client entities as tables for a file: those of people with the columns an import knows again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.office import Office
from cbo_desk.paging import PAGE
from cbo_desk.people.queries import EntityList, PersonList
from cbo_desk.permissions import reads
from cbo_desk.tabular import Column
from db.people import Entity, Person
from db.places import Place

COLUMNS = (
    Column("Index number"),
    Column("Family name"),
    Column("Given name"),
    Column("Entity"),
    Column("Unit"),
    Column("E-mail"),
    Column("Phone"),
    Column("Place"),
    Column("First day", "date"),
    Column("Last day", "date"),
)
ENTITY_COLUMNS = (
    Column("Code"),
    Column("Name"),
    Column("People", "integer"),
    Column("Billing reference"),
    Column("Since", "date"),
    Column("Until", "date"),
)


def rows(office: Office, listing: PersonList) -> Iterator[tuple[Any, ...]]:
    """Everybody of a list in its order, page by page."""
    for start in office.read(listing.outline).starts:
        ids = [line.id for line in office.read(listing.page, start, PAGE)]
        yield from office.read(_people, ids)


def entity_rows(office: Office, listing: EntityList) -> Iterator[tuple[Any, ...]]:
    """Every entity of a list in its order, page by page."""
    for start in office.read(listing.outline).starts:
        lines = [line.row for line in office.read(listing.page, start, PAGE)]
        days = office.read(_days_of, [line.id for line in lines])
        for line in lines:
            since = days.get(line.id)
            yield line.code, line.name, line.people, line.billing_reference, since, line.until


@reads("people", "export people")
def _people(session: Session, ids: list[int]) -> list[tuple[Any, ...]]:
    wanted = select(Person, Place.code).outerjoin(Place, Place.id == Person.place_id).where(Person.id.in_(ids))
    found = {person.id: _row(person, place or "") for person, place in session.execute(wanted)}
    return [found[ident] for ident in ids if ident in found]


@reads("people", "export entities")
def _days_of(session: Session, ids: list[int]) -> dict[int, Any]:
    return {row.id: row.since for row in session.execute(select(Entity.id, Entity.since).where(Entity.id.in_(ids)))}


def _row(person: Person, place: str) -> tuple[Any, ...]:
    return (
        person.index_number or "",
        person.family_name,
        person.given_name,
        person.entity_code,
        person.unit,
        person.email,
        person.phone,
        place,
        person.since,
        person.until,
    )
