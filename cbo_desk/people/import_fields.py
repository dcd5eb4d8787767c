"""What a file can say of somebody, and what its words mean in this compound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.errors import Faults
from cbo_desk.office import Office
from cbo_desk.people import rules
from cbo_desk.people.queries import entities, in_batches
from cbo_desk.people.rules import PersonForm
from cbo_desk.permissions import reads
from cbo_desk.tabular import Field, Mend, Wrong, aliases, nearest
from db.people import Person
from db.places import Place

FIELDS = (
    Field(
        "index_number",
        "Index number",
        "identifier",
        required=True,
        key=True,
        aliases=aliases.INDEX_NUMBER,
        if_blank="Without an index number nobody is known again: add this person by hand, or fill it in.",
    ),
    Field("name", "Name", "reference", aliases=aliases.PERSON_NAME),
    Field("family_name", "Family name", aliases=("Surname", "Last name", "Nom de famille", "Apellido"), longest=120),
    Field("given_name", "Given name", aliases=("First name", "Forename", "Prénom", "Nombre de pila"), longest=120),
    Field("entity", "Entity", "reference", required=True, aliases=aliases.ENTITY),
    Field("unit", "Unit", aliases=("Section", "Division", "Department", "Unité", "Unidad"), longest=120),
    Field("email", "E-mail", aliases=aliases.EMAIL),
    Field("phone", "Phone", aliases=aliases.PHONE),
    Field("place", "Place", "reference", aliases=aliases.PLACE),
    Field("since", "First day", "date", aliases=("Since", "Start date", "From", "EOD", "Date d'entrée")),
    Field("until", "Last day", "date", aliases=("Until", "End date", "To", "COB", "Date de départ")),
)


class FullName(NamedTuple):
    """A name out of one cell, in its two parts."""

    family: str
    given: str

    def __str__(self) -> str:
        """How a preview shows it."""
        return rules.sort_name(self.family, self.given)


class PersonLookup:
    """Answers an import's questions from the people, thousands of rows at once (see `tabular.Lookup`)."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._spelt: dict[str, str] = {}
        self._name_field = "family_name"

    def overlook(self, cells: Mapping[str, Sequence[Any]]) -> None:
        """See which columns there are: a missing name is told where the file has its names."""
        self._name_field = "family_name" if "family_name" in cells else "name"

    def existing(self, keys: Sequence[Any], names: Sequence[str]) -> Mapping[Any, tuple[Any, ...]]:
        """The people who are there, by index number."""
        return self._office.read(existing_people, keys, names)

    def resolve(self, name: str, texts: Sequence[str]) -> Mapping[str, Any]:
        """What names, entities and places the texts mean."""
        if name == "name":
            return {text: FullName(*rules.split_name(text)) for text in texts}
        return self._office.read(known_entities if name == "entity" else known_places, texts)

    def rule(self, outcome: str, values: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What is wrong with a whole row (see `tabular.RowRule`)."""
        now = {**before, **values}
        family, given = parts_of(now)
        if not family and (outcome == "create" or "family_name" in before or "name" in before):
            yield self._name_field, "A person needs a family name."
            return
        texts: dict[str, Any] = {name: now.get(name) or "" for name in ("index_number", "unit", "email", "phone")}
        form = PersonForm(family or "-", given, 0, **texts, since=now.get("since"), until=now.get("until"))
        try:
            number = rules.tidy_person(form).index_number
        except Faults as faults:
            for name, sentence in faults.faults.items():
                yield (self._name_field if name == "family_name" else name), sentence
            return
        first = self._spelt.setdefault(number, now["index_number"])
        if first != now["index_number"]:
            yield "index_number", f"Another row writes this number as {first}. Keep one."


def parts_of(values: Mapping[str, Any]) -> tuple[str, str]:
    """Family and given name of a row, from one cell or two; two say it more clearly."""
    whole = values.get("name") or FullName("", "")
    if values.get("family_name"):
        return values["family_name"], values.get("given_name") or ""
    return whole.family, values.get("given_name") or whole.given


@reads("people")
def existing_people(session: Session, keys: Sequence[Any], names: Sequence[str]) -> dict[Any, tuple[Any, ...]]:
    """The named values of the people with these index numbers, None for blank."""
    asked = {rules.index_number(key): key for key in keys}
    found: dict[Any, tuple[Any, ...]] = {}
    for batch in in_batches(sorted(asked)):
        wanted = select(Person, Place.code).outerjoin(Place, Place.id == Person.place_id)
        for person, place in session.execute(wanted.where(Person.index_number.in_(batch))):
            key = asked[str(person.index_number)]
            values = {
                "index_number": key,
                "name": FullName(person.family_name, person.given_name),
                "family_name": person.family_name,
                "given_name": person.given_name or None,
                "entity": person.entity_code,
                "unit": person.unit or None,
                "email": person.email or None,
                "phone": person.phone or None,
                "place": place,
                "since": person.since,
                "until": person.until,
            }
            found[key] = tuple(values[name] for name in names)
    return found


@reads("people")
def known_entities(session: Session, texts: Sequence[str]) -> dict[str, Any]:
    """The code of the entity that each text means, or what is wrong with the word."""
    known = entities(session)
    by_word = {word.casefold(): one.code for one in known for word in (one.name, one.code)}
    codes = [one.code for one in known]
    return {text: by_word.get(text.strip().casefold()) or _unknown("entity", text, codes) for text in texts}


@reads("people")
def known_places(session: Session, texts: Sequence[str]) -> dict[str, Any]:
    """The code of the place that each text means, or what is wrong with the word."""
    asked = {text: "".join(text.split()).upper() for text in texts}
    known = set(session.scalars(select(Place.code).where(func.upper(Place.code).in_(sorted(set(asked.values()))))))
    missing = {text for text, code in asked.items() if code not in known}
    codes = list(session.scalars(select(Place.code).order_by(Place.code))) if missing else []
    return {text: _unknown("place", text, codes) if text in missing else code for text, code in asked.items()}


def _unknown(what: str, text: str, known: Sequence[str]) -> Wrong:
    meant = nearest(text, known)
    if meant is None:
        return Wrong(f"No {what} is called {text}. Add it first, or correct the word.")
    return Wrong(f"No {what} is called {text}. Is it {meant}?", Mend(f"Use {meant}", meant))
