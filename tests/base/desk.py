"""A few marked commands and queries over the base tables, for tests of the floor beneath the desks."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.errors import Refusal
from cbo_desk.numbers import next_reference
from cbo_desk.permissions import Role, deed, reads
from db.people import Entity, Person
from db.places import Place


@deed("people.add_entity", "add entities")
def add_entity(session: Session, code: str, name: str = "") -> Changes:
    entity = Entity(code=code, name=name or code)
    session.add(entity)
    session.flush()
    return Changes("people.entity", (entity.id,), f"Entity {code} added.", Deed(remove_entity, (entity.id,)))


@deed("people.remove_entity", "remove entities", Role.SUPERVISOR)
def remove_entity(session: Session, ident: int) -> Changes:
    session.delete(session.get_one(Entity, ident))
    return Changes("people.entity", (ident,), "Entity removed.")


@deed("people.rename_entity", "rename entities")
def rename_entity(session: Session, ident: int, name: str, version: int | None = None) -> Changes:
    entity = session.get_one(Entity, ident)
    if version is not None and entity.version != version:
        raise Refusal("Somebody else changed this in the meantime.")
    entity.name = name
    return Changes("people.entity", (ident,), f"Entity {entity.code} is called {name}.")


@deed("people.add_numbered", "add entities")
def add_numbered(session: Session, series: str) -> Changes:
    reference = next_reference(session, series)
    entity = Entity(code=reference, name="numbered")
    session.add(entity)
    session.flush()
    return Changes("people.entity", (entity.id,), reference)


@deed("people.set_password", "set passwords")
def set_password(session: Session, login: str, password: str, *, card: dict[str, str] | None = None) -> Changes:
    return Changes("people.account", (1,), f"{login} has a new password.")


@deed("places.swap", "swap names")
def swap_names(session: Session, first: int, second: int, pause: object = None) -> Changes:
    """Touch two rows in the order given, waiting at `pause` between them: two of these deadlock."""
    session.get_one(Entity, first).name = f"{first} first"
    session.flush()
    if callable(pause):
        pause()
    session.get_one(Entity, second).name = f"{second} second"
    session.flush()
    return Changes("people.entity", (first, second), "Swapped.")


@reads("people")
def entity_codes(session: Session) -> list[str]:
    return list(session.scalars(select(Entity.code).order_by(Entity.id)))


@reads("people")
def entity_card(session: Session, ident: int) -> tuple[str, int]:
    entity = session.get_one(Entity, ident)
    return entity.name, entity.version


@reads("people")
def counts(session: Session) -> tuple[int, ...]:
    return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in (Entity, Person, Place))
