"""Where the door of a space is, on both engines: its building is known from there, and the place cannot be removed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

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
from cbo_desk.places import PlaceForm, add_place, move_place, remove_place
from db.conference import ConferenceSpace
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
    building = select(ConferenceSpace.building_id).where(ConferenceSpace.id == ident)
    assert rows(office, building)[0][0] == block
    office.write(set_ceiling, "people", 25, date(2026, 1, 1), None, block)
    with pytest.raises(Refusal, match="the building takes at most 25"):
        office.write(book, BookingForm("Many", 30), slot(9, 12), ident)
    with pytest.raises(Refusal, match="M-118 cannot be removed: it still has 1 conference space"):
        office.write(remove_place, room, 1)
    office.write(done.undo.command, *done.undo.args)
    assert rows(office, building)[0][0] is None
    office.write(book, BookingForm("Many", 30), slot(9, 12), ident)
    with pytest.raises(Refusal, match="no longer there"):
        office.write(add_space, SpaceForm("X", "X", ("X",), place_id=999_999))
    office.write(remove_place, room, 1)
    new = office.write(add_space, SpaceForm("X", "X", ("X",), place_id=block, equipment="Screen")).ids[0]
    assert office.read(space_card, new).where


def test_a_space_goes_along_when_its_place_moves_to_another_building_and_not_while_it_is_booked(office, rooms):
    site = office.write(add_place, PlaceForm("G", "site", "Compound")).ids[0]
    old, new = (office.write(add_place, PlaceForm(code, "building", code), site).ids[0] for code in ("M", "N"))
    floor = office.write(add_place, PlaceForm("M-1", "floor", "First"), old).ids[0]
    room = office.write(add_place, PlaceForm("M-118", "room", "Room 118"), floor).ids[0]
    ident = office.write(add_space, SpaceForm("X", "X", ("X",), (LayoutForm("classroom", 40),), place_id=room)).ids[0]
    building = select(ConferenceSpace.building_id).where(ConferenceSpace.id == ident)
    version = select(Place.version).where(Place.id == floor)
    assert rows(office, building) == [(old,)]
    moved = office.write(move_place, floor, new, rows(office, version)[0][0])
    assert rows(office, building) == [(new,)]
    assert set(moved.touched()[SPACE]) == {ident}
    office.write(set_ceiling, "people", 25, date(2026, 1, 1), None, new)
    with pytest.raises(Refusal, match="the building takes at most 25"):
        office.write(book, BookingForm("Many", 30, kind="classroom"), slot(9, 12), ident)
    office.write(moved.undo.command, *moved.undo.args)
    assert rows(office, building) == [(old,)]
    office.write(book, BookingForm("Many", 30, kind="classroom"), slot(9, 12), ident)
    with pytest.raises(Refusal, match="The door of X is there, and its bookings are counted"):
        office.write(move_place, floor, new, rows(office, version)[0][0])
    assert rows(office, building) == [(old,)]
    assert rows(office, select(Place.parent_id).where(Place.id == floor)) == [(old,)], "and the place stays as well"
