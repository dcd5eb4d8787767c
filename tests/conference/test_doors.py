"""Where the door of a space is, on both engines: its building is known from there, and the place cannot be removed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from cbo_desk.conference import BookingForm, SpaceForm, add_space, book, edit_space, set_ceiling, space_card
from cbo_desk.errors import Refusal
from cbo_desk.places import PlaceForm, add_place, remove_place
from db.conference import ConferenceSpace
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
