"""Misspelt names find the one who was meant, among six thousand."""

from __future__ import annotations

import random
from datetime import date

import pytest
from sqlalchemy import insert

from cbo_desk import people
from cbo_desk.people import EntityForm, PersonForm
from db.people import Person

GIVEN = (
    "Elsa Brian Fatuma Aisha José François Søren Łukasz Wanjiru Otieno Mei Li Mohammed Amina Grace Peter "
    "Maria Chidi Ngozi Kwame Abebe Tigist Hassan Leila Ravi Priya Yuki Kenji Olga Dmitri Anna Juan Carmen "
    "Ahmed Zainab "
)
STEMS = "Lind Berg Otie Kama Mwan Wanj Achi Odhi Okel Musy Nyam Kibe Mut Ndu Abd Has Ali Gar Mar Fern Rod Gom Sil "
ENDS = "qvist strom no u gi iru eng ambo lo oka bura t ua ngu i san kar cia tinez andez riguez ez va dal son sen "


@pytest.fixture
def crowd(office):
    """Six thousand people: (id, given, family)."""
    entity = office.write(people.add_entity, EntityForm("UNEP", "Environment")).ids[0]
    rng = random.Random(7)
    given, stems, ends = GIVEN.split(), STEMS.split(), ENDS.split()
    names = [(rng.choice(given), rng.choice(stems) + rng.choice(ends) + rng.choice(ends)) for _ in range(6000)]
    rows = [
        {
            "entity_id": entity,
            "entity_code": "UNEP",
            "family_name": family,
            "given_name": given,
            "sort_name": f"{family}, {given}",
        }
        for given, family in names
    ]
    with office.engine.execution_options(writes=True).begin() as connection:
        ids = connection.execute(insert(Person).returning(Person.id, sort_by_parameter_order=True), rows).scalars()
        return [(ident, *name) for ident, name in zip(ids, names, strict=True)]


def slip(rng, word):
    """One slip of the finger."""
    at = rng.randrange(1, max(len(word) - 1, 2))
    return rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[: at - 1] + word[at : at + 1] + word[at - 1] + word[at + 1 :],
            word[:at] + rng.choice("aeioubdgkt") + word[at + 1 :],
        )
    )


def test_a_misspelt_name_finds_who_was_meant(office, crowd):
    """One slip in either name, either order: who has exactly this name stands among the eight; by far mostly first."""
    rng = random.Random(11)
    listed = first = 0
    for _ident, given, family in rng.sample(crowd, 60):
        words = [slip(rng, family), given] if rng.random() < 0.5 else [given, slip(rng, family)]
        found = [one.name for one in office.read(people.suggest_people, " ".join(words))]
        listed += f"{family}, {given}" in found
        first += found[:1] == [f"{family}, {given}"]
    assert listed >= 58
    assert first >= 50


def test_initials_beginnings_and_accents(office):
    unep = office.write(people.add_entity, EntityForm("UNEP", "Environment")).ids[0]
    wfp = office.write(people.add_entity, EntityForm("WFP", "Food")).ids[0]
    for family, given, entity, until in (
        ("Lindqvist", "Elsa", unep, None),
        ("Lindström", "Søren", unep, None),
        ("Al-Hassan", "Fatuma", unep, None),
        ("Lindqvist", "Elsa", wfp, date(2020, 1, 1)),
    ):
        office.write(people.add_person, PersonForm(family, given, entity, until=until))

    def best(words, **options):
        found = office.read(people.suggest_people, words, **options)
        return found[0].name if found else None

    assert best("E. Lindqvist") == best("Lindqvist E") == best("lindq") == best("elsa lindqist") == "Lindqvist, Elsa"
    assert best("soren lindstrom") == best("LINDSTROM") == best("Lindstrøm S") == "Lindström, Søren"
    assert best("alhassan") == best("al hassan fatuma") == best("Hassan Al") == "Al-Hassan, Fatuma"
    assert best("xyzzy") is best("") is best("...") is None
    assert best("lindstrom", entity=wfp) != "Lindström, Søren"
    # Who is here stands before who left.
    assert [one.here for one in office.read(people.suggest_people, "elsa lindqvist")] == [True, False]


def test_suggestions_know_what_was_just_changed(office):
    unep = office.write(people.add_entity, EntityForm("UNEP", "Environment")).ids[0]
    elsa = office.write(people.add_person, PersonForm("Lindqvist", "Elsa", unep)).ids[0]
    assert office.read(people.suggest_people, "berg") == []
    office.write(people.edit_person, elsa, PersonForm("Berg", "Elsa", unep), 1)
    assert office.read(people.suggest_people, "berg")[0].id == elsa
    done = office.write(people.remove_person, elsa, 2)
    assert office.read(people.suggest_people, "berg") == []
    office.write(done.undo.command, *done.undo.args)
    assert office.read(people.suggest_people, "berg")[0].id == elsa
