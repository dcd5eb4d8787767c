"""The demo compound as its map shows it: rooms are called by their number once, and entities occupy them."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from cbo_desk.places import counts_by_place
from db.people import Entity, Person
from db.places import Place
from tests.demo import demo
from tests.writing import rows
from ui.kit.phrases import code_and_name


def test_the_map_of_the_demo_is_coloured_by_who_sits_where(sqlite_office):
    demo(sqlite_office, 0.2)
    figures = [figure for figure in sqlite_office.read(counts_by_place) if figure.kind == "room"]
    taken = Counter(figure.occupier for figure in figures)
    assert len(taken) > 5
    assert 0 < taken[""] < len(figures) / 5
    seated = select(Entity.code, Person.entity_code).join(Place, Place.id == Person.place_id)
    pairs = rows(sqlite_office, seated.join(Entity, Entity.id == Place.occupier_id))
    assert pairs
    assert all(occupier == employer for occupier, employer in pairs)


def test_a_room_says_its_number_once(sqlite_office):
    demo(sqlite_office, 0.2)
    [room] = [figure for figure in sqlite_office.read(counts_by_place) if figure.code == "M-104"]
    assert code_and_name(room.code, room.name) == "M-104"
    assert code_and_name("M-104", "Room M-104") == "Room M-104"
    assert code_and_name("M-104", "Library") == "M-104 · Library"
