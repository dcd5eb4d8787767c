"""Files of people: names in one cell or two, the same file twice changes nothing, faults at row and column."""

from __future__ import annotations

from datetime import date

import pytest

from cbo_desk import after, people, places
from cbo_desk.errors import Refusal
from cbo_desk.imports import Rows
from cbo_desk.people.importing import PEOPLE, import_people
from cbo_desk.permissions import Actor, Role
from cbo_desk.tabular import Choices, check, suggest_mapping
from tests.rows import rows_of

FILE = """Index No,Staff name,Agency,Section,E-mail,Room,Start date
123456,"Lindqvist, Elsa",UNEP,Operations,elsa@un.org,G1,2024-01-15
00077,Brian OTIENO,World Food Programme,,,,
"""


@pytest.fixture
def compound(office):
    for code, name in (("UNEP", "UN Environment Programme"), ("WFP", "World Food Programme")):
        office.write(people.add_entity, people.EntityForm(code, name))
    site = office.write(places.add_place, places.PlaceForm("UNON", "site")).ids[0]
    return office.write(places.add_place, places.PlaceForm("G1", "gate"), site).ids[0]


def preview(office, text, **choices):
    table = PEOPLE.open(text.encode())
    lookup = PEOPLE.lookup(office)
    mapping = suggest_mapping(table.names, PEOPLE.fields)
    return check(table, mapping, PEOPLE.fields, Choices(**choices), lookup, rules=lookup.rule)


def bring(office, text, **choices):
    found = preview(office, text, **choices)
    if found.counts.create or found.counts.update:
        office.write(import_people, Rows("people.csv", found.ready))
    return (found.counts.create, found.counts.update, found.counts.unchanged, found.counts.refused)


def rows(office):
    return [line.row for line in office.read(people.PersonList().first)]


def test_a_file_twice_changes_nothing(office, compound):
    assert bring(office, FILE) == (2, 0, 0, 0)
    elsa, brian = rows(office)
    assert (elsa.name, elsa.entity, elsa.place, elsa.unit) == ("Lindqvist, Elsa", "UNEP", "G1", "Operations")
    assert (brian.name, brian.entity, brian.index_number) == ("OTIENO, Brian", "WFP", "00077")
    assert office.read(people.person_card, elsa.id).form.since == date(2024, 1, 15)
    before = rows_of(office)
    assert bring(office, FILE) == (0, 0, 2, 0)
    assert rows_of(office) == before


def test_names_in_two_cells_say_the_same(office, compound):
    bring(office, FILE)
    two = "Index number,Surname,First name,Entity\n123456,Lindqvist,Elsa,UNEP\n00077,OTIENO,Brian,WFP\n"
    assert bring(office, two) == (0, 0, 2, 0)
    assert bring(office, two.replace("Elsa", "Eva")) == (0, 1, 1, 0)
    assert [row.name for row in rows(office)] == ["Lindqvist, Eva", "OTIENO, Brian"]


def test_updates_change_only_what_the_file_says(office, compound):
    bring(office, FILE)
    renamed = []
    name = "test.follow"

    def follow(session, ids):
        renamed.extend(ids)
        return {"property.asset": (9,)}

    follow.__module__, follow.__qualname__ = "test", "follow"
    after.after_renaming(people.PERSON)(follow)
    try:
        assert bring(office, FILE.replace("Operations", "").replace("elsa@un.org", "e.l@un.org")) == (0, 1, 1, 0)
        assert renamed == []
        assert bring(office, FILE.replace("Brian OTIENO", "Brian Omondi")) == (0, 2, 0, 0)
    finally:
        del after._followers["renamed", people.PERSON][name]
    elsa, brian = rows(office)
    assert (elsa.email, elsa.unit) == ("elsa@un.org", "Operations")
    assert brian.name == "Omondi, Brian"
    assert renamed == [brian.id]
    assert [line.row.name for line in office.read(people.PersonList("omondi").first)] == ["Omondi, Brian"]
    history = office.read(people.person_card, brian.id).history
    assert history[0].differences["family_name"] == ["OTIENO", "Omondi"]


def test_faults_stand_at_row_and_column(office, compound):
    found = preview(
        office,
        "Index No,Name,Entity,E-mail,Room,Start date,End date\n"
        "1,Elsa Lindqvist,UNPE,,,,\n"
        "2,,UNEP,,,,\n"
        "3,Brian Otieno,UNEP,nonsense,,,\n"
        "4,Brian Otieno,UNEP,,G9,,\n"
        "5,Brian Otieno,UNEP,,,2026-05-02,2026-05-01\n"
        ",Brian Otieno,UNEP,,,,\n"
        "12-34,Brian Otieno,UNEP,,,,\n"
        "1234,Brian Otieno,UNEP,,,,\n"
        "6,Brian Otieno,,,,,\n",
    )
    told = {(fault.row, fault.column): fault.what_to_do for fault in found.faults()}
    assert told[2, "Entity"] == "No entity is called UNPE. Is it UNEP?"
    assert told[3, "Name"] == "A person needs a family name."
    assert told[4, "E-mail"].startswith("This is no e-mail address")
    assert told[5, "Room"].startswith("No place is called G9")
    assert told[6, "End date"] == "The last day cannot be before the first."
    assert told[7, "Index No"].startswith("Without an index number")
    assert told[9, "Index No"] == "Another row writes this number as 12-34. Keep one."
    assert (10, "Entity") in told
    assert (found.counts.create, found.counts.refused) == (1, 8)


def test_what_changed_since_the_check_refuses_the_whole(office, compound):
    bring(office, FILE)
    found = preview(office, FILE.replace("Operations", "Mail"))
    elsa = rows(office)[0].id
    office.write(people.remove_person, elsa, office.read(people.person_card, elsa).version)
    with pytest.raises(Refusal, match="Check the file again"):
        office.write(import_people, Rows("people.csv", found.ready))


def test_a_viewer_may_not_import(office, compound):
    found = preview(office, FILE)
    desk = office.signed_in(Actor("ben", "Ben", {"people": Role.VIEWER}))
    with pytest.raises(Refusal, match="You may not import people"):
        desk.write(import_people, Rows("people.csv", found.ready))
