"""Where the door of a space is, on both engines: its building is known from there, and the place cannot be removed."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from cbo_desk.conference import (
    SPACE,
    BookingForm,
    LayoutForm,
    SpaceForm,
    add_space,
    book,
    edit_space,
    set_ceiling,
    space_card,
)
from cbo_desk.errors import Refusal
from cbo_desk.imports import Rows
from cbo_desk.places import PlaceForm, add_place, edit_place, move_place, remove_place
from cbo_desk.places.importing import PLACES, import_places
from cbo_desk.tabular import Choices, check, suggest_mapping
from db import guard, triggers
from db.conference import ConferenceSpace
from db.migrate import upgrade
from db.places import Place
from tests.conference.conftest import slot
from tests.writing import rows


def test_the_door_says_which_building_s_ceiling_counts(office, rooms):
    site = office.write(add_place, PlaceForm("G", "site", "Compound")).ids[0]
    block = office.write(add_place, PlaceForm("M", "building", "Block M"), site).ids[0]
    room = office.write(add_place, PlaceForm("M-118", "room", "Room 118"), block).ids[0]
    ident = rooms.spaces["CR-3"]
    known = office.read(space_card, ident)
    done = office.write(edit_space, ident, known.version, known.name, 0, "", "Recording, projector,  RECORDING", room)
    card = office.read(space_card, ident)
    assert (card.place, card.equipment) == ("M-118", "projector, recording")
    assert building(office, ident) == block
    office.write(set_ceiling, "people", 25, date(2026, 1, 1), None, block)
    with pytest.raises(Refusal, match="the building takes at most 25"):
        office.write(book, BookingForm("Many", 30), slot(9, 12), ident)
    with pytest.raises(Refusal, match="M-118 cannot be removed: it still has 1 conference space"):
        office.write(remove_place, room, 1)
    office.write(done.undo.command, *done.undo.args)
    assert building(office, ident) is None
    office.write(book, BookingForm("Many", 30), slot(9, 12), ident)
    with pytest.raises(Refusal, match="no longer there"):
        office.write(add_space, SpaceForm("X", "X", ("X",), place_id=999_999))
    office.write(remove_place, room, 1)
    new = office.write(add_space, SpaceForm("X", "X", ("X",), place_id=block, equipment="Screen")).ids[0]
    assert office.read(space_card, new).where


def test_a_space_goes_along_when_its_place_moves_to_another_building_and_not_while_it_is_booked(office, rooms, house):
    assert building(office, house.x) == house.m
    moved = office.write(move_place, house.floor, house.n, version(office, house.floor))
    assert building(office, house.x) == house.n
    assert set(moved.touched()[SPACE]) == {house.x}
    office.write(set_ceiling, "people", 25, date(2026, 1, 1), None, house.n)
    with pytest.raises(Refusal, match="the building takes at most 25"):
        office.write(book, BookingForm("Many", 30, kind="classroom"), slot(9, 12), house.x)
    office.write(moved.undo.command, *moved.undo.args)
    assert building(office, house.x) == house.m
    office.write(book, BookingForm("Many", 30, kind="classroom"), slot(9, 12), house.x)
    with pytest.raises(Refusal, match="The door of X is there, and its bookings are counted"):
        office.write(move_place, house.floor, house.n, version(office, house.floor))
    assert building(office, house.x) == house.m
    assert rows(office, select(Place.parent_id).where(Place.id == house.floor)) == [(house.m,)], "and the place stays"


@pytest.fixture
def house(office):
    """Blocks M and N; the space X has its door in a room of M's first floor, Y at the store beside them."""
    site = office.write(add_place, PlaceForm("G", "site", "Compound")).ids[0]
    blocks = [office.write(add_place, PlaceForm(code, "building", code), site).ids[0] for code in ("M", "N")]
    floor = office.write(add_place, PlaceForm("M-1", "floor", "First"), blocks[0]).ids[0]
    room = office.write(add_place, PlaceForm("M-118", "room", "Room 118"), floor).ids[0]
    store = office.write(add_place, PlaceForm("S", "store", "Store"), site).ids[0]
    layout = (LayoutForm("classroom", 40, valid_from=date(2026, 1, 1)),)
    x = office.write(add_space, SpaceForm("X", "X", ("X",), layout, place_id=room)).ids[0]
    y = office.write(add_space, SpaceForm("Y", "Y", ("Y",), layout, place_id=store)).ids[0]
    return SimpleNamespace(site=site, m=blocks[0], n=blocks[1], floor=floor, room=room, store=store, x=x, y=y)


def building(office, space):
    return rows(office, select(ConferenceSpace.building_id).where(ConferenceSpace.id == space))[0][0]


def version(office, place):
    return rows(office, select(Place.version).where(Place.id == place))[0][0]


def bring(office, text):
    table = PLACES.open(text.encode())
    lookup = PLACES.lookup(office)
    mapping = suggest_mapping(table.names, PLACES.fields)
    found = check(table, mapping, PLACES.fields, Choices(), lookup, rules=lookup.rule)
    return office.write(import_places, Rows("places.csv", found.ready))


def run(office, *statements):
    with office.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_a_file_of_places_takes_spaces_along_and_not_those_that_are_booked(office, house):
    moved = bring(office, "Code;Type;Parent\nM-1;Floor;N\n")
    assert building(office, house.x) == house.n
    assert set(moved.touched()[SPACE]) == {house.x}, "its card is shown anew"
    bring(office, "Code;Type;Parent\nM-1;Floor;M\n")
    office.write(book, BookingForm("Many", 30, kind="classroom"), slot(9, 12), house.x)
    with pytest.raises(Refusal, match="The door of X is there, and its bookings are counted"):
        bring(office, "Code;Name;Type;Parent\nM-1;First;Floor;N\nM;Mike;Building;G\n")
    assert building(office, house.x) == house.m
    assert rows(office, select(Place.name).where(Place.id == house.m)) == [("M",)], "nothing of the file is kept"
    bring(office, "Code;Type;Parent\nM-118;Room;M\n")
    assert building(office, house.x) == house.m, "within its building a booked space's door may move"


def test_a_place_of_another_kind_takes_spaces_along_and_not_those_that_are_booked(office, house):
    assert building(office, house.y) is None
    change = PlaceForm("S", "building", "Block S")
    changed = office.write(edit_place, house.store, change, version(office, house.store))
    assert building(office, house.y) == house.store
    assert changed.touched()[SPACE] == (house.y,)
    office.write(changed.undo.command, *changed.undo.args)
    assert building(office, house.y) is None
    office.write(book, BookingForm("Many", 30, kind="classroom"), slot(9, 12), house.y)
    with pytest.raises(Refusal, match="The door of Y is there"):
        office.write(edit_place, house.store, change, version(office, house.store))
    assert building(office, house.y) is None


def way(house, block):
    return f"/{house.site}/{block}/{house.floor}/"


def astray(house):
    """Ways past the program to leave a space in a building that its door is not in."""
    return {
        "move its place": f"UPDATE place SET parent_id = {house.n}, path = '{way(house, house.n)}' "
        f"WHERE id = {house.floor}",
        "make its building none": f"UPDATE place SET place_kind = 'yard' WHERE id = {house.m}",
        "hang its door elsewhere": f"UPDATE space_door SET place_id = {house.n} WHERE space_id = {house.x}",
        "take its door off": f"DELETE FROM space_door WHERE space_id = {house.x}",
        "say another building": f"UPDATE conference_space SET building_id = {house.n} WHERE id = {house.x}",
        "say none": f"UPDATE conference_space SET building_id = NULL WHERE id = {house.x}",
        "replace the space": f"INSERT OR REPLACE INTO conference_space (id, code, name, building_id) "
        f"VALUES ({house.x}, 'X', 'X', {house.n})",
        "replace its building": "INSERT OR REPLACE INTO place (id, code, name, place_kind, path, parent_id, version) "
        f"VALUES ({house.m}, 'M', 'M', 'yard', '/', {house.site}, 1)",
    }


def attempt(office, statement):
    """Run one; whether the database took it. A server has no INSERT OR REPLACE."""
    if statement.startswith("INSERT OR") and office.engine.dialect.name == "postgresql":
        return False
    try:
        run(office, statement)
    except IntegrityError:
        return False
    return True


def test_the_database_lets_no_space_stand_in_a_building_its_door_is_not_in(office, house):
    def truth():
        """By going up from the door, one place after the other."""
        ident = rows(office, text(f"SELECT place_id FROM space_door WHERE space_id = {house.x}"))
        ident = ident[0][0] if ident else None
        while ident is not None:
            kind, parent = rows(office, select(Place.place_kind, Place.parent_id).where(Place.id == ident))[0]
            if kind == "building":
                return ident
            ident = parent
        return None

    taken = []
    for name, statement in astray(house).items():
        if attempt(office, statement):
            taken.append(name)
        assert building(office, house.x) == truth(), name
        back = f"parent_id = {house.m}, path = '{way(house, house.m)}'"
        run(office, f"UPDATE place SET {back} WHERE id = {house.floor}")
        run(office, f"UPDATE place SET place_kind = 'building' WHERE id = {house.m}")
        run(office, f"DELETE FROM space_door WHERE space_id = {house.x}")
        run(office, f"INSERT INTO space_door VALUES ({house.x}, {house.room})")
        assert building(office, house.x) == house.m, name
    assert taken == list(astray(house))[:4], "the space went along; nobody may say otherwise"
    office.write(book, BookingForm("Many", 30, kind="classroom"), slot(9, 12), house.x)
    for name, statement in astray(house).items():
        assert not attempt(office, statement), name
        assert building(office, house.x) == house.m == truth(), name


def test_without_these_triggers_a_booked_space_goes_astray(office, house):
    """The control: it is the rules that refuse; an upgrade puts them back."""
    office.write(book, BookingForm("Many", 30, kind="classroom"), slot(9, 12), house.x)
    server = office.engine.dialect.name == "postgresql"
    for item in triggers.for_server() if server else triggers.for_sqlite():
        if item.table in ("space_door", "conference_space", "place"):
            run(office, f"DROP TRIGGER {item.name}" + (f" ON {item.table}" if server else ""))
    for name in ("move its place", "say another building", "hang its door elsewhere"):
        assert attempt(office, astray(house)[name]), name
    assert len(guard.deviations(office.engine)) > 3
    upgrade(office.engine)
    assert guard.deviations(office.engine) == []
    assert not attempt(office, astray(house)["say none"])
