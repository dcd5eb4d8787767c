"""Deeds that were once done for good are taken back, and done again, on both engines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from cbo_desk.conference import (
    BookingForm,
    Status,
    booking_card,
    change_status,
    charge_booking,
    close_cells,
    end_layout,
    end_session,
    find_space,
    make_bookings,
    move_booking,
    note_bookings,
    note_no_show,
    open_cells,
    reverse_charges,
)
from cbo_desk.conference.finding import Need
from cbo_desk.errors import Refusal
from db.conference import CellClosure, SpaceLayout
from tests.conference.conftest import FORM, slot
from tests.writing import rows

NINE = slot(9, 12)
WAITS = BookingForm("Waits", 30, kind="classroom", contact="waits@un.example")


def undo(office, done):
    return office.write(done.undo.command, *done.undo.args)


def stood(office, *ids):
    cards = [office.read(booking_card, ident) for ident in ids]
    return [(c.row.status, c.row.starts, c.row.ends, c.space_id, c.units, c.row.layout) for c in cards]


@pytest.mark.parametrize("status", [Status.WAITLIST, Status.ENQUIRY])
def test_a_booking_without_space_that_was_given_one_is_without_again(office, rooms, at, status):
    [ident] = office.write(note_bookings, WAITS, [NINE], status).ids
    before = stood(office, ident)
    placing = at("CR-3", slot(13, 14), (rooms.teams[0],))
    moved = office.write(move_booking, ident, 1, placing)
    after = stood(office, ident)
    assert after[0][0] is Status.HOLD
    back = undo(office, moved)
    assert stood(office, ident) == before
    office.write(make_bookings, FORM, [at("CR-3", slot(14, 15), (rooms.teams[0],))])
    again = undo(office, back)
    assert stood(office, ident) == after
    back = undo(office, again)
    office.write(make_bookings, FORM, [placing])
    with pytest.raises(Refusal, match="is taken by"):
        undo(office, back)


@pytest.mark.parametrize("ending", [end_session, note_no_show])
def test_an_end_whose_time_went_to_the_waitlist_is_taken_back(office, rooms, at, clock, ending):
    [one] = office.write(make_bookings, FORM, [at("CR-3", NINE)], Status.CONFIRMED).ids
    for code in ("CR-2", "CR-4"):
        office.write(make_bookings, FORM, [at(code, NINE)], Status.CONFIRMED)
    [two] = office.write(note_bookings, WAITS, [slot(11, 12)]).ids
    clock.now = slot(10, 11).starts
    office.write(change_status, [one], Status.IN_SESSION)
    before = stood(office, one)
    ended = office.write(ending, one)
    assert [each[0] for each in stood(office, one, two)] == [Status.DONE, Status.HOLD]
    back = undo(office, ended)
    assert stood(office, one) == before
    assert stood(office, two)[0][0] is Status.WAITLIST
    undo(office, back)
    assert [each[0] for each in stood(office, one, two)] == [Status.DONE, Status.HOLD]


def test_a_layout_that_ends_goes_on_and_rooms_that_were_opened_are_closed_again(office, rooms, at):
    ident = rooms.layouts[rooms.spaces["CR-3"], "classroom"]
    last = select(SpaceLayout.valid_to).where(SpaceLayout.id == ident)
    ended = office.write(end_layout, ident, date(2026, 9, 30))
    back = undo(office, ended)
    assert rows(office, last) == [(None,)]
    undo(office, back)
    assert rows(office, last) == [(date(2026, 9, 30),)]
    gone = office.write(end_layout, rooms.layouts[rooms.spaces["CR-2"], "theatre"], date(2025, 1, 1))
    fits = Need(90, (NINE,), "theatre")
    assert office.read(find_space, fits).offers == ()
    undo(office, gone)
    assert [offer.space.code for offer in office.read(find_space, fits).offers] == ["CR-2"]
    office.write(close_cells, ["2", "3"], NINE, "new carpet")
    closures = select(CellClosure.cell_id, CellClosure.starts, CellClosure.ends, CellClosure.reason)
    closures = closures.order_by(CellClosure.cell_id)
    before = rows(office, closures)
    opened = office.write(open_cells, [ident for (ident,) in rows(office, select(CellClosure.id))])
    undo(office, opened)
    assert rows(office, closures) == before
    office.write(open_cells, [ident for (ident,) in rows(office, select(CellClosure.id))])
    office.write(make_bookings, FORM, [at("CR-2", NINE)])
    with pytest.raises(Refusal, match="2 is booked then"):
        undo(office, opened)
    assert rows(office, closures) == [], "all of them or none"


def test_charges_that_were_reversed_are_charged_again(office, rooms, at, clock):
    form = BookingForm("One", 30, entity_id=rooms.unep)
    [one] = office.write(make_bookings, form, [at("CR-3", NINE)], Status.CONFIRMED).ids
    clock.now = NINE.ends + timedelta(minutes=1)
    office.write(change_status, [one], Status.IN_SESSION)
    office.write(end_session, one)
    office.write(charge_booking, one)

    def owed():
        return sum(line.amount for line in office.read(booking_card, one).charges)

    before = owed()
    assert before > 0
    back = undo(office, office.write(reverse_charges, one, "by mistake"))
    assert owed() == before
    undo(office, back)
    assert owed() == 0
