from __future__ import annotations

from types import SimpleNamespace

import pytest

from db.people import Entity, Person
from db.places import Place
from tests.furnished import made_once
from tests.writing import insert


@pytest.fixture
def compound(office):
    """A mailroom with two shelves, two rooms on two floors, two entities, and four people with their rooms."""
    return mailroom(office)


@made_once
def mailroom(office):
    """See `compound`."""
    return insert(office, fill)


def fill(session):
    unep, wfp = Entity(code="UNEP", name="Environment"), Entity(code="WFP", name="Food")
    session.add_all([unep, wfp])
    site = Place(place_kind="site", code="GIGIRI", name="Gigiri")
    session.add(site)
    session.flush()
    site.path = f"/{site.id}/"
    places = {}
    for code, kind in (("M-214", "room"), ("M-118", "room"), ("H-01", "shelf"), ("R-02", "shelf")):
        place = Place(place_kind=kind, code=code, name=code, parent_id=site.id)
        session.add(place)
        session.flush()
        place.path = f"/{site.id}/{place.id}/"
        places[code] = place.id
    people = {}
    for family, given, entity, room in (
        ("Lindqvist", "Erik", unep, "M-214"),
        ("Lindqvist", "Elin", unep, "M-118"),
        ("Haddad", "Samir", wfp, "M-214"),
        ("Yusuf", "Amina", unep, "M-214"),
    ):
        person = Person(
            entity_id=entity.id, entity_code=entity.code, family_name=family, given_name=given,
            sort_name=f"{family}, {given}", place_id=places[room], email=f"{given.lower()}@un.example",
        )  # fmt: skip
        session.add(person)
        session.flush()
        people[given] = person.id
    return SimpleNamespace(unep=unep.id, wfp=wfp.id, places=places, people=people)
