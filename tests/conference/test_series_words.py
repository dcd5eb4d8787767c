"""What is written about a series, changed for one, for those to come, or for all, on both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cbo_desk.conference import BookingForm, booking_card, edit_booking, edit_occurrences, make_series
from cbo_desk.errors import Refusal
from tests.conference.test_series import CLASS, WEEKLY


def read(office, ids):
    return [office.read(booking_card, ident) for ident in ids]


def test_this_one_those_to_come_or_all_are_changed_and_each_keeps_its_own(office, rooms):
    ids = office.write(make_series, CLASS, replace(WEEKLY, rule="FREQ=WEEKLY;COUNT=4"), rooms.spaces["CR-2"]).ids
    office.write(edit_booking, ids[3], 1, replace(CLASS, registered=12))
    second = read(office, ids)[1]
    renamed = replace(CLASS, title="Contact group on forests", contact="forests@un.example")
    done = office.write(edit_occurrences, ids[1], second.version, renamed, "future")
    cards = read(office, ids)
    assert [card.row.title for card in cards] == ["Contact group", *["Contact group on forests"] * 3]
    assert [card.registered for card in cards] == [0, 0, 0, 12], "what was not changed here stays as it is there"
    assert done.ids == ids[1:]
    back = office.write(done.undo.command, *done.undo.args)
    assert {card.row.title for card in read(office, ids)} == {"Contact group"}
    assert read(office, ids)[3].registered == 12
    office.write(back.undo.command, *back.undo.args)
    first = read(office, ids)[0]
    office.write(edit_occurrences, ids[0], first.version, replace(CLASS, rank=2), "all")
    assert {card.row.rank for card in read(office, ids)} == {2}
    assert [card.row.title for card in read(office, ids)][2] == "Contact group on forests"
    only = read(office, ids)[2]
    office.write(edit_occurrences, ids[2], only.version, replace(CLASS, title="Alone", rank=2), "this")
    assert [card.row.title for card in read(office, ids)].count("Alone") == 1


def test_all_or_none_where_one_has_not_the_seats_or_was_changed_meanwhile(office, rooms):
    ids = office.write(make_series, CLASS, replace(WEEKLY, rule="FREQ=WEEKLY;COUNT=3"), rooms.spaces["CR-3"]).ids
    with pytest.raises(Refusal, match="CR-3 seats 40 in this layout, not 41. 3 of 3 occurrences"):
        office.write(edit_occurrences, ids[0], 1, replace(CLASS, people=41), "all")
    with pytest.raises(Refusal, match="title"):
        office.write(edit_occurrences, ids[0], 1, replace(CLASS, title=" "), "all")
    assert {card.row.people for card in read(office, ids)} == {30}
    done = office.write(edit_occurrences, ids[0], 1, replace(CLASS, people=40), "all")
    with pytest.raises(Refusal, match="changed"):
        office.write(edit_occurrences, ids[0], 1, replace(CLASS, people=20), "all")
    last = read(office, ids)[2]
    office.write(edit_booking, ids[2], last.version, replace(CLASS, title="Other", people=40))
    with pytest.raises(Refusal, match="changed"):
        office.write(done.undo.command, *done.undo.args)
    assert {card.row.people for card in read(office, ids)} == {40}
    assert BookingForm("x", 1).rank == 6
