"""Bookings day by day: held, confirmed, moved, cancelled and taken up again; waitlist, expiry, capacity by date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from cbo_desk.conference import (
    BookingFilter,
    BookingForm,
    BookingList,
    LayoutForm,
    Need,
    SpaceForm,
    SpaceList,
    Status,
    add_space,
    board,
    book,
    booking_card,
    cancel_bookings,
    change_capacity,
    change_status,
    choose_units,
    close_cells,
    edit_booking,
    end_session,
    expire_holds,
    fill_waitlist,
    find_space,
    make_bookings,
    move_booking,
    note_bookings,
    open_cells,
    unit_choices,
)
from cbo_desk.errors import Refusal
from db.conference import Booking
from db.records import Notification
from tests.conference.conftest import DAY, FORM, slot
from tests.writing import rows

NINE = slot(9, 12)


def undo(office, done):
    return office.write(done.undo.command, *done.undo.args)


def status(office, ident):
    return office.read(booking_card, ident).row.status


def test_held_confirmed_cancelled_and_taken_up_again(office, rooms, at):
    made = office.write(make_bookings, FORM, [at("CR-3", NINE)])
    [ident] = made.ids
    assert made.said == "B-000001 held in Conference Room 3: Mon 7 Sep 2026, 09:00-12:00."
    office.write(change_status, [ident], Status.CONFIRMED)
    gone = office.write(cancel_bookings, [ident])
    other = office.write(make_bookings, FORM, [at("CR-2+3", slot(10, 11))])
    with pytest.raises(Refusal, match="CR-3 is taken by B-000002 Committee"):
        undo(office, gone)
    assert status(office, ident) is Status.CANCELLED
    undo(office, other)
    undo(office, gone)
    assert status(office, ident) is Status.CONFIRMED
    assert office.read(booking_card, ident).cells == ("3",)


def test_back_to_back_is_fine_and_a_team_is_in_one_place(office, rooms, at):
    team = (rooms.teams[0],)
    office.write(make_bookings, FORM, [at("CR-3", NINE, team), at("CR-3", slot(12, 13), team)])
    with pytest.raises(Refusal, match="EN-FR 1 is with B-000001 Committee. Choose another one"):
        office.write(make_bookings, FORM, [at("CR-4", slot(11, 12), team)])


def test_moving_takes_teams_along_and_is_undone(office, rooms, at):
    made = office.write(make_bookings, FORM, [at("CR-3", NINE, tuple(rooms.teams))])
    [ident] = made.ids
    version = office.read(booking_card, ident).version
    moved = office.write(move_booking, ident, version, at("CR-4", slot(14, 15), (rooms.teams[1],)))
    assert office.read(booking_card, ident).units == ((rooms.teams[1], "EN-FR 2"),)
    with pytest.raises(Refusal, match="Look at it anew"):
        office.write(move_booking, ident, version, at("CR-4", slot(16, 17)))
    undo(office, moved)
    card = office.read(booking_card, ident)
    assert (card.row.space, len(card.units)) == ("CR-3", 2)


def test_words_and_numbers_are_edited_within_the_seats(office, rooms, at):
    [ident] = office.write(make_bookings, FORM, [at("CR-3", NINE)]).ids
    version = office.read(booking_card, ident).version
    with pytest.raises(Refusal, match="CR-3 seats 40"):
        office.write(edit_booking, ident, version, BookingForm("Committee", 45))
    done = office.write(edit_booking, ident, version, BookingForm("Committee of the Whole", 40))
    undo(office, done)
    assert office.read(booking_card, ident).row.title == "Committee"


def test_an_early_end_frees_the_rest(office, rooms, at, clock):
    [ident] = office.write(make_bookings, FORM, [at("CR-3", NINE)], Status.CONFIRMED).ids
    office.write(change_status, [ident], Status.IN_SESSION)
    with pytest.raises(Refusal, match="is in session, so it cannot become cancelled"):
        office.write(cancel_bookings, [ident])
    clock.now = slot(10, 11).starts
    office.write(end_session, ident)
    office.write(make_bookings, FORM, [at("CR-3", slot(10, 12))])


def test_the_waitlist_fills_by_rank_when_space_frees(office, rooms, at):
    taken = [office.write(make_bookings, FORM, [at(code, NINE)]).ids[0] for code in ("CR-2", "CR-3", "CR-4")]
    low = office.write(note_bookings, BookingForm("Low", 30, rank=7, kind="classroom"), [NINE]).ids[0]
    high = BookingForm("High", 30, rank=2, kind="classroom", contact="high@un.example")
    [first] = office.write(note_bookings, high, [NINE]).ids
    large = office.write(note_bookings, BookingForm("Large", 85, rank=1, kind="classroom"), [NINE]).ids[0]
    assert office.write(fill_waitlist).ids == ()
    gone = office.write(cancel_bookings, [taken[1]])
    assert gone.said == "B-000002 is cancelled. B-000005 from the waitlist has space."
    assert [status(office, each) for each in (low, first, large)] == [Status.WAITLIST, Status.HOLD, Status.WAITLIST]
    [message] = rows(office, select(Notification.to, Notification.calendar))
    assert message[0] == "high@un.example"
    assert "SUMMARY:High" in message[1]
    undo(office, gone)
    assert [status(office, each) for each in (taken[1], first)] == [Status.HOLD, Status.WAITLIST]


def test_who_waits_in_two_languages_waits_for_the_room_and_a_team(office, rooms, at):
    one, two = rooms.teams
    held = [office.write(make_bookings, FORM, [at(code, NINE, (team,))]).ids[0]
            for code, team in (("CR-3", one), ("CR-4", two))]  # fmt: skip
    spoken = BookingForm("Spoken", 30, kind="classroom", languages="fr en")
    # Nobody here interprets into Swahili, and so nobody waits for it.
    other = BookingForm("Other", 30, rank=7, kind="classroom", languages="en sw")
    [waits] = office.write(note_bookings, spoken, [NINE]).ids
    [later] = office.write(note_bookings, other, [slot(13, 14)]).ids
    assert office.write(fill_waitlist).ids == (later,)
    assert status(office, waits) is Status.WAITLIST, "a room is free, but no team"
    assert office.write(cancel_bookings, [held[1]]).ids == (held[1], waits)
    assert (status(office, waits), chosen(office, waits)) == (Status.HOLD, [two])
    # What its space must have is asked for as well, and there before it is given.
    [bright] = office.write(
        note_bookings, BookingForm("Bright", 30, kind="classroom"), [slot(15, 16)], Status.WAITLIST, ("daylight",)
    ).ids
    assert office.write(fill_waitlist).ids == ()
    layout = LayoutForm("classroom", 60, valid_from=date(2026, 1, 1))
    sunny = office.write(add_space, SpaceForm("CR-9", "Conference Room 9", ("9",), (layout,), features="daylight"))
    assert office.write(fill_waitlist).ids == (bright,)
    assert office.read(booking_card, bright).space_id == sunny.ids[0]


def test_what_is_made_at_once_is_said_with_its_room_and_every_day(office, rooms, at):
    def said(*slots):
        return office.write(make_bookings, FORM, [at("CR-3", each) for each in slots]).said

    assert said(*(slot(9, 12, day) for day in (0, 1, 2))) == (
        "3 bookings held in Conference Room 3: Mon 7 to Wed 9 Sep 2026, 09:00-12:00 each."
    )
    assert said(slot(14, 15), slot(14, 15, 7)).endswith(": Mon 7 Sep and Mon 14 Sep 2026, 14:00-15:00 each.")
    assert said(*(slot(16, 17, day) for day in range(0, 35, 7))).endswith(
        ": 5 days from Mon 7 Sep to Mon 5 Oct 2026, 16:00-17:00 each."
    )
    assert said(slot(17, 18), slot(18, 19)).endswith(": Mon 7 Sep 2026, 17:00-18:00 and 1 more time.")
    noted = office.write(note_bookings, FORM, [slot(9, 10, day) for day in (28, 29)])
    assert noted.said == "2 bookings on the waitlist: Mon 5 to Tue 6 Oct 2026, 09:00-10:00 each."


def test_holds_expire_by_the_clock(office, rooms, at, clock):
    [ident] = office.write(make_bookings, FORM, [at("CR-4", NINE)]).ids
    assert office.write(expire_holds).ids == ()
    clock.now += timedelta(days=7)
    [waits] = office.write(note_bookings, BookingForm("Waits", 85, kind="classroom"), [NINE]).ids
    office.write(make_bookings, FORM, [at("CR-3", NINE)])
    done = office.write(expire_holds)
    assert done.said == "B-000001: the hold has expired. B-000002 from the waitlist has space."
    assert [status(office, each) for each in (ident, waits)] == [Status.ENQUIRY, Status.HOLD]


def test_capacity_changes_by_date_and_bookings_go_along(office, rooms, at):
    early, late = (office.write(make_bookings, FORM, [at("CR-3", slot(9, 12, day))]).ids[0] for day in (0, 14))
    layout = rooms.layouts[rooms.spaces["CR-3"], "classroom"]
    start = (DAY + timedelta(days=7)).date()
    with pytest.raises(Refusal, match="B-000002 needs 30 seats. Move it first"):
        office.write(change_capacity, layout, start, 20)
    office.write(change_capacity, layout, start, 70)
    kept = rows(office, select(Booking.id, Booking.layout_id).order_by(Booking.id))
    assert kept[0] == (early, layout)
    assert kept[1][0] == late
    assert kept[1][1] != layout
    assert "CR-3" in [each.space.code for each in office.read(find_space, Need(65, (slot(9, 12, 8),))).offers]
    assert "CR-3" not in [each.space.code for each in office.read(find_space, Need(65, (slot(9, 12, 1),))).offers]


def test_closed_for_works_and_open_again(office, rooms, at):
    office.write(make_bookings, FORM, [at("CR-3", NINE)])
    with pytest.raises(Refusal, match="3 is booked then: B-000001. Move it first"):
        office.write(close_cells, ["3"], slot(8, 10), "carpet")
    done = office.write(close_cells, ["2"], slot(8, 20), "new carpet")
    with pytest.raises(Refusal, match=r"a part of CR-2\+3 is closed \(new carpet\)"):
        office.write(make_bookings, FORM, [at("CR-2+3", slot(13, 14))])
    office.write(open_cells, done.ids)
    office.write(make_bookings, FORM, [at("CR-2+3", slot(13, 14))])


def test_lists_and_the_day_by_room(office, rooms, at):
    office.write(make_bookings, FORM, [at("CR-2+3", NINE, setup=30), at("CR-4", slot(13, 14))])
    office.write(note_bookings, BookingForm("Enquiry of somebody", 5), [slot(9, 10)], Status.ENQUIRY)
    assert [line.row.reference for line in office.read(BookingList().first)] == ["B-000001", "B-000003", "B-000002"]
    found = office.read(BookingList(BookingFilter(words="enquiry")).first)
    assert [line.row.status for line in found] == [Status.ENQUIRY]
    day = office.read(board, date(2026, 9, 7))
    assert [row.name for row in day.rows] == ["Conference Room 2", "Conference Room 3", "Conference Room 4"]
    assert day.rows[0].group == day.rows[1].group != day.rows[2].group
    assert [each.row.reference for each in day.bookings] == ["B-000001", "B-000002"]
    assert day.rows_of(day.bookings[0].cells) == [[0, 1]]
    assert day.bookings[0].blocks == slot(8.5, 12)
    two = day.rows[0].space
    assert day.in_the_way(two.cells, slot(9.5, 11)) == "B-000001 Committee"
    assert day.in_the_way(two.cells, slot(12, 13)) == ""
    assert two.kinds(date(2026, 9, 7)) == {"classroom": 60, "theatre": 100}
    assert [line.row.code for line in office.read(SpaceList().first)] == ["CR-2", "CR-2+3", "CR-3", "CR-4"]


def chosen(office, ident):
    return [each.id for each in office.read(unit_choices, ident) if each.chosen]


def test_teams_are_chosen_by_hand_and_refused_while_another_booking_has_them(office, rooms, at):
    first, second = rooms.teams
    [one] = office.write(make_bookings, FORM, [at("CR-3", NINE, (first,))]).ids
    [two] = office.write(make_bookings, FORM, [at("CR-4", slot(11, 13))]).ids
    version = office.read(booking_card, two).version
    assert [each.taken_by for each in office.read(unit_choices, two)] == ["B-000001 Committee", ""]
    with pytest.raises(Refusal, match="EN-FR 1 is with B-000001 Committee then") as refused:
        office.write(choose_units, two, version, [second, first])
    assert refused.value.field == f"unit{first}"
    assert chosen(office, two) == [], "nothing of it is saved"
    done = office.write(choose_units, two, version, [second])
    assert (done.said, chosen(office, two)) == ("B-000002 has EN-FR 2.", [second])
    with pytest.raises(Refusal, match="changed B-000002 in the meantime"):
        office.write(choose_units, two, version, [])
    undo(office, done)
    assert chosen(office, two) == []
    [later] = office.write(make_bookings, FORM, [at("CR-4", slot(13, 14))]).ids
    office.write(choose_units, later, 1, [first])
    assert chosen(office, later) == [first], "back to back is free"
    office.write(cancel_bookings, [one])
    with pytest.raises(Refusal, match="is cancelled, so its teams and sets stay"):
        office.write(choose_units, one, office.read(booking_card, one).version, [])
    office.write(choose_units, two, office.read(booking_card, two).version, [first])
    assert chosen(office, two) == [first], "who is cancelled gives its team back"


def test_a_new_booking_names_its_teams_by_code(office, rooms):
    space, kind = rooms.spaces["CR-4"], BookingForm("Board", 20, kind="classroom")
    made = office.write(book, kind, NINE, space, Status.HOLD, ["en-fr 2 "]).ids[0]
    assert chosen(office, made) == [rooms.teams[1]]
    for units, where, said in (
        (["EN-FR 9"], space, "No team or set is called EN-FR 9. There are: EN-FR 1, EN-FR 2"),
        (["EN-FR 1"], None, "Teams and sets go with a space"),
    ):
        with pytest.raises(Refusal, match=said) as refused:
            office.write(book, kind, slot(14, 15), where, Status.HOLD, units)
        assert refused.value.field == "units"
    with pytest.raises(Refusal, match="EN-FR 2 is with"):
        office.write(book, kind, NINE, rooms.spaces["CR-3"], Status.HOLD, ["EN-FR 2"])
