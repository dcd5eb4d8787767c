"""What the words of a register's file refer to: entities, categories, places, people, and other assets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.people import entities, people_by_index, people_by_name
from cbo_desk.permissions import reads
from cbo_desk.places import no_such_place, places_by_code
from cbo_desk.property.rules import ENDED
from cbo_desk.tabular import Mend, Wrong, nearest
from db.property import Asset, Category


class Named(NamedTuple):
    """A record that a cell refers to: its id, and the word it is kept under beside it."""

    id: int
    name: str

    def __str__(self) -> str:
        """How a preview shows it."""
        return self.name


@reads("property", "import assets")
def _entities(session: Session, texts: Sequence[str]) -> dict[str, Any]:
    known = entities(session)
    by_word = {word.casefold(): Named(one.id, one.code) for one in known for word in (one.code, one.name)}
    codes = [one.code for one in known]
    return {text: by_word.get(text.strip().casefold()) or _unknown("entity", text, codes) for text in texts}


@reads("property", "import assets")
def _categories(session: Session, texts: Sequence[str]) -> dict[str, Any]:
    rows = session.execute(select(Category.id, Category.code, Category.name)).all()
    by_word = {word.casefold(): Named(row.id, row.name) for row in rows for word in (row.code, row.name)}
    names = [row.name for row in rows]
    return {text: by_word.get(text.strip().casefold()) or _unknown("category", text, names) for text in texts}


@reads("property", "import assets")
def _places(session: Session, texts: Sequence[str]) -> dict[str, Any]:
    known = places_by_code(session, texts)
    found: dict[str, Any] = {}
    for text in texts:
        if text in known:
            found[text] = Named(known[text].id, known[text].code)
            continue
        said = no_such_place(session, text)
        meant = said.rpartition("Is it ")[2].rstrip("?") if "Is it " in said else ""
        found[text] = Wrong(said, Mend(f"Use {meant}", meant) if meant else None)
    return found


@reads("property", "import assets")
def _custodians(session: Session, texts: Sequence[str]) -> dict[str, Any]:
    numbers = people_by_index(session, texts)
    rest = [text for text in texts if text not in numbers]
    names = people_by_name(session, rest) if rest else {}
    found: dict[str, Any] = {text: Named(one.id, one.name) for text, one in numbers.items()}
    for text in rest:
        people = names.get(text, [])
        if len(people) == 1:
            found[text] = Named(people[0].id, people[0].name)
        elif people:
            found[text] = Wrong(f"{len(people)} people are called {text}. Write the index number.")
        else:
            found[text] = Wrong(f"Nobody is called {text}. Add the person first, or write the index number.")
    return found


@reads("property", "import assets")
def _wholes(session: Session, texts: Sequence[str]) -> dict[str, Any]:
    """What assets are part of, by inventory number."""
    numbers: dict[str, list[Named]] = {}
    asked = [text.strip() for text in texts]
    for start in range(0, len(asked), 1000):
        wanted = select(Asset.id, Asset.inventory_no).where(
            Asset.inventory_no.in_(asked[start : start + 1000]), Asset.state.not_in(ENDED)
        )
        for row in session.execute(wanted):
            numbers.setdefault(row.inventory_no, []).append(Named(row.id, row.inventory_no))
    found: dict[str, Any] = {}
    for text in texts:
        known = numbers.get(text.strip(), [])
        if len(known) == 1:
            found[text] = known[0]
        elif known:
            words = (
                f"{len(known)} assets of different entities have the number {text}. Set this in the form of the asset."
            )
            found[text] = Wrong(words)
        else:
            found[text] = Wrong(f"No asset in use has the number {text}. Import what holds this part first.")
    return found


def _unknown(what: str, text: str, known: Sequence[str]) -> Wrong:
    meant = nearest(text, known)
    if meant is None:
        return Wrong(f"No {what} is called {text}. Add it first, or correct the word.", missing=text.strip())
    return Wrong(f"No {what} is called {text}. Is it {meant}?", Mend(f"Use {meant}", meant))


RESOLVERS: Mapping[str, Any] = {
    "entity": _entities,
    "category": _categories,
    "place": _places,
    "custodian": _custodians,
    "parent": _wholes,
}
