"""What the people desk can do. Each function is one transaction; accounts have their own module."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import after, holdings, search
from cbo_desk.changes import Changes, Deed
from cbo_desk.errors import Refusal
from cbo_desk.people import rules
from cbo_desk.people.rules import EntityForm, PersonForm
from cbo_desk.permissions import Role, deed
from cbo_desk.search import Findable
from cbo_desk.versions import check_version, continue_version
from db.people import Entity, Person

ENTITY = "people.entity"
PERSON = "people.person"


@deed("people.add_entity", "add entities", Role.SUPERVISOR)
def add_entity(session: Session, form: EntityForm) -> Changes:
    """Add a client entity."""
    neat = rules.tidy_entity(form)
    _refuse_taken_code(session, neat.code, None)
    entity = Entity(**asdict(neat))
    session.add(entity)
    session.flush()
    search.enter(session, [findable_entity(entity)])
    also = after.added(session, ENTITY, [entity.id])
    undo = Deed(remove_entity, (entity.id, entity.version))
    return Changes(ENTITY, (entity.id,), f"{entity.code} was added.", undo, also)


@deed("people.edit_entity", "change entities", Role.SUPERVISOR)
def edit_entity(session: Session, entity_id: int, form: EntityForm, version: int) -> Changes:
    """Change a client entity; `version` is the one the form read."""
    entity = _entity(session, entity_id)
    check_version(session, entity, version, entity.code, rules.ENTITY_FIELDS)
    neat, before = rules.tidy_entity(form), entity_form(entity)
    _refuse_taken_code(session, neat.code, entity.id)
    for name, value in asdict(neat).items():
        setattr(entity, name, value)
    session.flush()
    search.enter(session, [findable_entity(entity)])
    also: dict[str, tuple[int, ...]] = {}
    if neat.code != before.code:
        also = _rename_entity_everywhere(session, entity)
    undo = Deed(edit_entity, (entity.id, before, entity.version))
    return Changes(ENTITY, (entity.id,), f"{entity.code} was changed.", undo, also)


@deed("people.remove_entity", "remove entities", Role.SUPERVISOR)
def remove_entity(session: Session, entity_id: int, version: int) -> Changes:
    """Remove a client entity that nothing belongs to."""
    entity = _entity(session, entity_id)
    check_version(session, entity, version, entity.code, rules.ENTITY_FIELDS)
    holdings.refuse_if_any(session, ENTITY, select(Entity.id).where(Entity.id == entity.id), entity.code)
    also = after.removed(session, ENTITY, [entity.id])
    undo = Deed(put_back_entity, (entity.id, entity_form(entity), entity.version + 1))
    search.withdraw(session, ENTITY, [entity.id])
    session.delete(entity)
    return Changes(ENTITY, (entity_id,), f"{entity.code} was removed.", undo, also)


@deed("people.put_back_entity", "put back entities", Role.SUPERVISOR)
def put_back_entity(session: Session, entity_id: int, form: EntityForm, version: int) -> Changes:
    """Put back a client entity that was removed, under its old id, so that its history goes on."""
    if session.get(Entity, entity_id) is not None:
        raise Refusal(f"{form.code} is there already.")
    _refuse_taken_code(session, form.code, None)
    entity = Entity(id=entity_id, **asdict(form))
    session.add(entity)
    session.flush()
    continue_version(session, entity, version)
    search.enter(session, [findable_entity(entity)])
    also = after.added(session, ENTITY, [entity.id])
    undo = Deed(remove_entity, (entity.id, entity.version))
    return Changes(ENTITY, (entity.id,), f"{entity.code} was put back.", undo, also)


@deed("people.add_person", "add people")
def add_person(session: Session, form: PersonForm) -> Changes:
    """Add somebody."""
    neat = rules.tidy_person(form)
    _refuse_taken_index(session, neat.index_number, None)
    person = Person()
    _fill(session, person, neat)
    session.add(person)
    session.flush()
    search.enter(session, [findable_person(person)])
    also = after.added(session, PERSON, [person.id])
    undo = Deed(remove_person, (person.id, person.version))
    return Changes(PERSON, (person.id,), f"{_called(person)} was added.", undo, also)


@deed("people.edit_person", "change people")
def edit_person(session: Session, person_id: int, form: PersonForm, version: int) -> Changes:
    """Change somebody's record; `version` is the one the form read."""
    person = _person(session, person_id)
    check_version(session, person, version, _called(person), rules.PERSON_FIELDS)
    return _change_person(session, person, form, "{} was changed.")


@deed("people.leave", "record that people leave")
def leave(session: Session, person_id: int, until: date, version: int) -> Changes:
    """Record somebody's last day on the compound; the record stays."""
    person = _person(session, person_id)
    called = _called(person)
    check_version(session, person, version, called, rules.PERSON_FIELDS)
    rules.check_leaving(called, person.since, until)
    form = PersonForm(**{**asdict(person_form(person)), "until": until})
    return _change_person(session, person, form, "{} leaves on " + f"{until.day} {until:%B %Y}.")


@deed("people.remove_person", "remove people", Role.SUPERVISOR)
def remove_person(session: Session, person_id: int, version: int) -> Changes:
    """Remove somebody who was entered by mistake; who leaves keeps the record, with a last day."""
    person = _person(session, person_id)
    called = _called(person)
    check_version(session, person, version, called, rules.PERSON_FIELDS)
    holdings.refuse_if_any(session, PERSON, select(Person.id).where(Person.id == person.id), called)
    also = after.removed(session, PERSON, [person.id])
    undo = Deed(put_back_person, (person.id, person_form(person), person.version + 1))
    search.withdraw(session, PERSON, [person.id])
    session.delete(person)
    return Changes(PERSON, (person_id,), f"{called} was removed.", undo, also)


@deed("people.put_back_person", "put back people", Role.SUPERVISOR)
def put_back_person(session: Session, person_id: int, form: PersonForm, version: int) -> Changes:
    """Put back somebody who was removed, under the old id, so that the history goes on."""
    if session.get(Person, person_id) is not None:
        raise Refusal(f"{rules.full_name(form.family_name, form.given_name)} is there already.")
    _refuse_taken_index(session, form.index_number, None)
    person = Person(id=person_id)
    _fill(session, person, form)
    session.add(person)
    session.flush()
    continue_version(session, person, version)
    search.enter(session, [findable_person(person)])
    also = after.added(session, PERSON, [person.id])
    undo = Deed(remove_person, (person.id, person.version))
    return Changes(PERSON, (person.id,), f"{_called(person)} was put back.", undo, also)


def entity_form(entity: Entity) -> EntityForm:
    """The record as a form holds it."""
    return EntityForm(entity.code, entity.name, entity.since, entity.until, entity.billing_reference)


def person_form(person: Person) -> PersonForm:
    """The record as a form holds it."""
    return PersonForm(
        person.family_name,
        person.given_name,
        person.entity_id,
        person.index_number or "",
        person.unit,
        person.email,
        person.phone,
        person.place_id,
        person.since,
        person.until,
    )


def findable_entity(entity: Entity) -> Findable:
    """What an entity is found by."""
    return Findable(ENTITY, entity.id, entity.code, entity.name, (entity.billing_reference,))


def findable_person(person: Person) -> Findable:
    """What somebody is found by: the name both ways round, entity, unit, index number, e-mail and phone."""
    detail = " · ".join(part for part in (person.entity_code, person.unit) if part)
    spoken = rules.full_name(person.family_name, person.given_name)
    words = (spoken, person.index_number or "", person.email, person.phone)
    return Findable(PERSON, person.id, person.sort_name, detail, words)


def _change_person(session: Session, person: Person, form: PersonForm, said: str) -> Changes:
    neat, before, was_called = rules.tidy_person(form), person_form(person), person.sort_name
    _refuse_taken_index(session, neat.index_number, person.id)
    _fill(session, person, neat)
    session.flush()
    search.enter(session, [findable_person(person)])
    also = after.renamed(session, PERSON, [person.id]) if person.sort_name != was_called else {}
    undo = Deed(edit_person, (person.id, before, person.version))
    return Changes(PERSON, (person.id,), said.format(_called(person)), undo, also)


def _fill(session: Session, person: Person, form: PersonForm) -> None:
    # Read before the first field is set: a look-up flushes, and half a form would be saved as a version of its own.
    entity_code = _entity(session, form.entity_id).code
    for name, value in asdict(form).items():
        setattr(person, name, value)
    person.index_number = form.index_number or None
    person.entity_code = entity_code
    person.sort_name = rules.sort_name(form.family_name, form.given_name)


def _rename_entity_everywhere(session: Session, entity: Entity) -> dict[str, tuple[int, ...]]:
    """The rows that repeat the code followed by themselves; what search shows of them follows here."""
    wanted = select(Person).where(Person.entity_id == entity.id).order_by(Person.id)
    people = list(session.scalars(wanted.execution_options(populate_existing=True)))
    search.enter(session, [findable_person(person) for person in people])
    ids = tuple(person.id for person in people)
    return {**after.renamed(session, ENTITY, [entity.id]), **({PERSON: ids} if ids else {})}


def _called(person: Person) -> str:
    return rules.full_name(person.family_name, person.given_name)


def _entity(session: Session, entity_id: int) -> Entity:
    entity = session.get(Entity, entity_id)
    if entity is None:
        raise Refusal("This entity is no longer there. Choose another.", "entity_id")
    return entity


def _person(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise Refusal("This person is no longer there.")
    return person


def _refuse_taken_code(session: Session, code: str, but: int | None) -> None:
    taken = session.execute(select(Entity.id, Entity.name).where(Entity.code == code)).one_or_none()
    if taken is not None and taken.id != but:
        raise Refusal(f"{taken.name} already has the code {code}.", "code")


def _refuse_taken_index(session: Session, number: str, but: int | None) -> None:
    if not number:
        return
    taken = session.execute(select(Person.id, Person.sort_name).where(Person.index_number == number)).one_or_none()
    if taken is not None and taken.id != but:
        raise Refusal(f"{taken.sort_name} already has the index number {number}.", "index_number")
