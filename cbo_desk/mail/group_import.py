"""A file of groups of addressees: checked row by row, written in one transaction; known by name and entity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.imports import Importable, Rows
from cbo_desk.mail.groups import GROUP, GroupForm, add_group, faults_of
from cbo_desk.office import Office
from cbo_desk.people import entities_by_code
from cbo_desk.people.import_fields import known_entities, known_places
from cbo_desk.permissions import deed, reads
from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from cbo_desk.tabular import Field, Ready, aliases
from db.mail import MailGroup
from db.people import Entity
from db.places import Place

FIELDS = (
    Field("entity", "Entity", "reference", required=True, key=True, aliases=aliases.ENTITY),
    Field(
        "name",
        "Group",
        required=True,
        key=True,
        aliases=("Name", "Group name", "Registry", "Section", "Unit", "Groupe", "Grupo"),
        if_blank="A group needs a name, such as Registry.",
        longest=120,
    ),
    Field("place", "Brought to", "reference", aliases=aliases.PLACE),
    Field("members", "People", "number", aliases=("Members", "Staff", "Headcount", "Effectif"), least=0),
    Field("email", "E-mail", aliases=aliases.EMAIL),
)
Key = tuple[str, str]


class GroupLookup:
    """Answers an import's questions from the groups (see `tabular.Lookup`)."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def existing(self, keys: Sequence[Any], names: Sequence[str]) -> Mapping[Any, tuple[Any, ...]]:
        """The groups that are there, by entity and name."""
        return self._office.read(existing_groups, keys, names)

    def resolve(self, name: str, texts: Sequence[str]) -> Mapping[str, Any]:
        """What entities and places the texts mean."""
        return self._office.read(known_entities if name == "entity" else known_places, texts)

    def rule(self, _outcome: str, values: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What is wrong with a whole row (see `tabular.RowRule`)."""
        now = {**before, **values}
        members = now.get("members") or Decimal(0)
        if members != int(members):
            yield "members", "People are counted in whole numbers."
            return
        yield from faults_of(now.get("name") or "", int(members), now.get("email") or "").items()


@reads("mail", "look at mail")
def existing_groups(session: Session, keys: Sequence[Any], names: Sequence[str]) -> dict[Any, tuple[Any, ...]]:
    """The named values of the groups with these entities and names, None for blank; removed ones are there too."""
    found: dict[Any, tuple[Any, ...]] = {}
    asked = {(entity, _tidy(name)): (entity, name) for entity, name in keys}
    for (entity, name), (group, place) in _groups(session).items():
        key = asked.get((entity, name))
        if key is not None:
            values = {
                "entity": entity,
                "name": key[1],
                "place": place,
                "members": Decimal(group.members) if group.members else None,
                "email": group.email or None,
            }
            found[key] = tuple(values[one] for one in names)
    return found


@deed("mail.import_groups", "add groups of addressees")
def import_groups(session: Session, rows: Rows, progress: Progress | None = None) -> Changes:
    """Create and change the groups that a checked file names; one that was removed is suggested again."""
    created: list[int] = []
    updated: list[int] = []
    for batch in rows:
        known = _groups(session)
        places = _places(session, batch)
        codes = entities_by_code(session, {row.key[0] for row in batch})
        for row in batch:
            entity, name = row.key[0], _tidy(row.key[1])
            if entity not in codes or (row.values.get("place") or "") not in {"", *places}:
                raise Refusal("An entity or a place is gone since the file was checked. Check the file again.")
            if ((entity, name) in known) != (row.outcome == "update"):
                raise Refusal("The groups have changed since the file was checked. Check the file again.")
            if row.outcome == "update":
                group = known[entity, name][0]
                _change(group, row.values, places)
                updated.append(group.id)
            else:
                created += add_group(session, _form(name, codes[entity], row.values, places)).ids
        if progress is not None:
            progress.report(len(created) + len(updated))
    said = f"{rows}: {Count(len(created)):group|groups} created, {len(updated):,} updated."
    return Changes(GROUP, (*created, *updated), said)


def _form(name: str, entity_id: int, values: Mapping[str, Any], places: Mapping[str, int]) -> GroupForm:
    place = places.get(values.get("place") or "")
    return GroupForm(name, entity_id, place, int(values.get("members") or 0), values.get("email") or "")


def _change(group: MailGroup, values: Mapping[str, Any], places: Mapping[str, int]) -> None:
    group.gone_at = None
    if "place" in values:
        group.place_id = places.get(values["place"] or "")
    if "members" in values:
        group.members = int(values["members"] or 0)
    if "email" in values:
        group.email = (values["email"] or "").strip()


def _groups(session: Session) -> dict[Key, tuple[MailGroup, str | None]]:
    """Every group by entity and name, with the code of its place: there are hundreds at most."""
    wanted = (
        select(MailGroup, Entity.code, Place.code)
        .join(Entity, Entity.id == MailGroup.entity_id)
        .join(Place, Place.id == MailGroup.place_id, isouter=True)
    )
    return {(entity, group.name): (group, place) for group, entity, place in session.execute(wanted)}


def _places(session: Session, rows: Sequence[Ready]) -> dict[str, int]:
    codes = sorted({row.values["place"] for row in rows if row.values.get("place")})
    found: dict[str, int] = {}
    for start in range(0, len(codes), 500):
        wanted = select(Place.code, Place.id).where(Place.code.in_(codes[start : start + 500]))
        found.update((row.code, row.id) for row in session.execute(wanted))
    return found


def _tidy(name: str) -> str:
    return " ".join(name.split())


GROUPS = Importable("groups", GROUP, FIELDS, GroupLookup, import_groups)
