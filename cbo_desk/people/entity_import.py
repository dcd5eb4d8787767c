"""A file of client entities: checked row by row, written in one transaction; known by their codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import after
from cbo_desk.changes import Changes, Deed
from cbo_desk.errors import Faults, Refusal
from cbo_desk.imports import Importable, Rows
from cbo_desk.office import Office
from cbo_desk.people import rules
from cbo_desk.people.commands import ENTITY, add_entity, edit_entity, entity_form, remove_entity
from cbo_desk.people.rules import EntityForm
from cbo_desk.permissions import Role, deed, reads
from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from cbo_desk.tabular import Field
from db.people import Entity

FIELDS = (
    Field("code", "Code", "identifier", required=True, key=True,
          aliases=("Entity", "Entity code", "Agency", "Agency code", "Acronym", "Short name", "Sigle", "Sigla"),
          if_blank="An entity needs a code, such as UNEP."),
    Field("name", "Name", required=True, aliases=("Entity name", "Agency name", "Full name", "Title", "Nom", "Nombre")),
    Field("billing_reference", "Billing reference", aliases=("Billing", "Account", "Cost centre", "Cost center")),
    Field("since", "Since", "date", aliases=("From", "Valid from", "Start")),
    Field("until", "Until", "date", aliases=("To", "Valid until", "End")),
)  # fmt: skip


class EntityLookup:
    """Answers an import's questions from the entities (see `tabular.Lookup`)."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def existing(self, keys: Sequence[Any], names: Sequence[str]) -> Mapping[Any, tuple[Any, ...]]:
        """The entities that are there, by code."""
        return self._office.read(existing_entities, keys, names)

    def resolve(self, _name: str, _texts: Sequence[str]) -> Mapping[str, Any]:
        """Entities refer to nothing."""
        return {}

    def rule(self, _outcome: str, values: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What is wrong with a whole row (see `tabular.RowRule`)."""
        try:
            rules.tidy_entity(_form(EntityForm("", ""), {**before, **values}))
        except Faults as faults:
            yield from faults.faults.items()


@reads("people", "look at entities")
def existing_entities(session: Session, keys: Sequence[Any], names: Sequence[str]) -> dict[Any, tuple[Any, ...]]:
    """The named values of the entities with these codes, None for blank."""
    known = _entities(session)
    found: dict[Any, tuple[Any, ...]] = {}
    for key in keys:
        entity = known.get(rules.entity_code(key))
        if entity is not None:
            values = {name: getattr(entity, name) or None for name in names}
            found[key] = tuple({**values, "code": key}[name] for name in names)
    return found


@deed("people.import_entities", "import entities", Role.SUPERVISOR)
def import_entities(session: Session, rows: Rows, progress: Progress | None = None) -> Changes:
    """Create and change the entities that a checked file names."""
    created: list[int] = []
    updated: list[int] = []
    also: dict[str, tuple[int, ...]] = {}
    known = _entities(session)
    for batch in rows:
        for row in batch:
            entity = known.get(rules.entity_code(row.key))
            if (entity is not None) != (row.outcome == "update"):
                raise Refusal("The entities have changed since the file was checked. Check the file again.")
            if entity is None:
                created += add_entity(session, _form(EntityForm(row.key, ""), row.values)).ids
            else:
                told = edit_entity(session, entity.id, _form(entity_form(entity), row.values), entity.version)
                updated.append(entity.id)
                for kind, ids in told.also.items():
                    also[kind] = (*also.get(kind, ()), *ids)
        if progress is not None:
            progress.report(len(created) + len(updated))
    also |= after.added(session, ENTITY, created)
    said = f"{rows}: {Count(len(created)):entity|entities} created, {len(updated):,} updated."
    return Changes(ENTITY, (*created, *updated), said, also=also)


@deed("people.add_named_entities", "add entities", Role.SUPERVISOR)
def add_named_entities(session: Session, names: Sequence[str]) -> Changes:
    """Add the entities that a file names and nobody knows, each under a code made of its name."""
    taken = set(_entities(session))
    ids: list[int] = []
    for name in dict.fromkeys(names):
        code = rules.code_from(name, taken)
        taken.add(code)
        ids += add_entity(session, EntityForm(code, name)).ids
    undo = Deed(remove_named_entities, (tuple(ids),))
    also = after.added(session, ENTITY, ids)
    return Changes(ENTITY, tuple(ids), f"{Count(len(ids)):entity|entities} added.", undo, also)


@deed("people.remove_named_entities", "remove entities", Role.SUPERVISOR)
def remove_named_entities(session: Session, ids: Sequence[int]) -> Changes:
    """Remove entities to which nothing belongs yet."""
    for entity in session.scalars(select(Entity).where(Entity.id.in_(ids))).all():
        remove_entity(session, entity.id, entity.version)
    said = f"{Count(len(ids)):entity|entities} removed."
    return Changes(ENTITY, tuple(ids), said, also=after.removed(session, ENTITY, list(ids)))


def _form(before: EntityForm, values: Mapping[str, Any]) -> EntityForm:
    texts = ("code", "name", "billing_reference")
    said: dict[str, Any] = {name: values[name] or "" for name in texts if name in values}
    return replace(before, **said, **{name: values[name] for name in ("since", "until") if name in values})


def _entities(session: Session) -> dict[str, Entity]:
    """Every entity by its code: there are hundreds at most."""
    return {rules.entity_code(row.code): row for row in session.scalars(select(Entity))}


ENTITIES = Importable("entities", ENTITY, FIELDS, EntityLookup, import_entities)
