"""Papers, calendars out and in again, charges, use of rooms, and the undo of a moved series."""

from __future__ import annotations

from datetime import date, datetime

import pypdfium2
import pytest

from cbo_desk.charges import ChargeFilter, charge_totals
from cbo_desk.conference import (
    BookingForm,
    Recurrence,
    Status,
    booking_card,
    calendar_of,
    change_status,
    charge_booking,
    day_sheet,
    door_sign,
    end_session,
    import_bookings,
    make_bookings,
    make_series,
    move_occurrences,
    note_no_show,
    quote_booking,
    reverse_charges,
    season,
    session_sheet,
    skip_occurrence,
    use_of,
)
from cbo_desk.conference.calendars import read
from cbo_desk.conference.floor import seats_of
from cbo_desk.conference.paper import write_day_sheet, write_door_sign, write_meeting_sheet, write_quotation
from cbo_desk.conference.rules import KINDS
from cbo_desk.errors import Refusal
from tests.conference.conftest import FORM, slot

NINE = slot(9, 12)
DAY = date(2026, 9, 7)


def words(path):
    document = pypdfium2.PdfDocument(path)
    try:
        return " ".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def tallest(path, said):
    """The height in millimetres of the largest letters in which something is written on a paper's first page."""
    document = pypdfium2.PdfDocument(path)
    try:
        page = document[0].get_textpage()
        searcher, found = page.search(said), []
        while (place := searcher.get_next()) is not None:
            _left, bottom, _right, top = page.get_charbox(place[0])
            found.append((top - bottom) / 72 * 25.4)
        return max(found)
    finally:
        document.close()


def undo(office, changes):
    return office.write(changes.undo.command, *changes.undo.args)


def test_the_papers_say_what_crews_and_doors_need(office, rooms, at, tmp_path):
    form = BookingForm("Working group on chemicals", 30, entity_id=rooms.unep, contact="Haddad", languages="fr, en",
                       equipment="projector", notes="Flags of all members")  # fmt: skip
    [one] = office.write(make_bookings, form, [at("CR-2+3", NINE, (rooms.teams[0],), 45, 30)], Status.CONFIRMED).ids
    office.write(make_bookings, BookingForm("Later", 20), [at("CR-4", slot(14, 15))])
    sheet = office.read(day_sheet, DAY)
    write_day_sheet("Gigiri", sheet, tmp_path / "day.pdf")
    text = words(tmp_path / "day.pdf")
    for said in ("08:15", "Conference Room 2+3", "Working group on chemicals", "clear by 12:30", "EN-FR 1, projector",
                 "English, French", "Flags of all members", "Later"):  # fmt: skip
        assert said in text, said
    assert "B-000001 · confirmed" in text
    sign = office.read(door_sign, rooms.spaces["CR-3"], DAY)
    write_door_sign("Gigiri", sign, tmp_path / "door.pdf")
    assert "09:00–12:00" in words(tmp_path / "door.pdf"), "a joined meeting stands on each of its doors"
    assert "Conference Room 2+3 · UNEP · B-000001" in words(tmp_path / "door.pdf"), "and says that it is joined"
    assert tallest(tmp_path / "door.pdf", "09:00") >= 9, "millimetres, read from the corridor"
    assert tallest(tmp_path / "door.pdf", "Working") >= 6
    assert sign.current(NINE.starts).title == "Working group on chemicals"
    assert office.read(door_sign, rooms.spaces["CR-4"], DAY).following(NINE.starts).title == "Later"
    write_door_sign("Gigiri", office.read(door_sign, rooms.spaces["CR-3"], date(2026, 9, 8)), tmp_path / "free.pdf")
    assert "Free all day" in words(tmp_path / "free.pdf")
    write_meeting_sheet("Gigiri", office.read(session_sheet, one), tmp_path / "meeting.pdf")
    for said in ("30 planned", "Mon 7 Sep 2026, 09:00–12:00", "English, French", "30 of 110, not to scale"):
        assert said in words(tmp_path / "meeting.pdf"), said
    write_quotation("Gigiri", "W", "B-000001", office.read(quote_booking, one), tmp_path / "quote.pdf")
    assert "520.00 USD" in words(tmp_path / "quote.pdf")


def test_the_day_sheet_says_states_in_the_words_of_the_desk(office, rooms, at, tmp_path, clock):
    [over] = office.write(make_bookings, FORM, [at("CR-3", NINE)], Status.CONFIRMED).ids
    [on] = office.write(make_bookings, FORM, [at("CR-4", NINE)], Status.CONFIRMED).ids
    office.write(make_bookings, FORM, [at("CR-2", NINE)])
    clock.now = slot(10, 11).starts
    office.write(change_status, [over, on], Status.IN_SESSION)
    office.write(end_session, over)
    write_day_sheet("Gigiri", office.read(day_sheet, DAY), tmp_path / "day.pdf")
    text = words(tmp_path / "day.pdf")
    for said in ("B-000001 · over", "B-000002 · in session", "B-000003 · held"):
        assert said in text, said
    assert "done" not in text


@pytest.mark.parametrize("kind", [*KINDS, "something else"])
def test_a_layout_seats_whom_it_is_drawn_for(kind):
    for people in (1, 2, 7, 40, 133):
        seats = [seat for seat in seats_of(kind, people) if not seat.table]
        assert len(seats) == (0 if kind == "cocktail" else people)
        assert all(-0.05 <= seat.x <= 1.05 and -0.05 <= seat.y <= 1.05 for seat in seats_of(kind, people))


def test_what_goes_out_as_a_calendar_comes_in_as_the_same_bookings(office, rooms, at):
    office.write(make_bookings, FORM, [at("CR-3", NINE), at("CR-3", slot(9, 12, 1))], Status.CONFIRMED)
    office.write(make_bookings, BookingForm("Ünïted, \\ night; meeting", 20), [at("CR-4", slot(22, 26))])
    told = read(office.read(calendar_of))
    assert list(told.faults) == []
    kept = {(event.title, event.slot, event.room) for event in told.events}
    assert kept == {
        ("Committee", NINE, "CR-3"),
        ("Committee", slot(9, 12, 1), "CR-3"),
        ("Ünïted, \\ night; meeting", slot(22, 26), "CR-4"),
    }
    assert len(read(office.read(calendar_of, rooms.spaces["CR-4"])).events) == 1
    again = office.write(import_bookings, told, False)
    assert again.ids == (), "their times are taken: by themselves"
    assert all("taken by" in refused.why for refused in again.refused)


def test_a_meeting_is_charged_once_and_reversed(office, rooms, at, clock):
    form = BookingForm("Charged", 30, entity_id=rooms.unep)
    [one] = office.write(make_bookings, form, [at("CR-3", NINE, (rooms.teams[0],))], Status.CONFIRMED).ids
    quoted = office.read(quote_booking, one)
    assert [(line.what, str(line.amount)) for line in quoted.lines] == [
        ("Conference Room 3, classroom", "84.00"),
        ("Interpretation", "520.00"),
    ]
    with pytest.raises(Refusal, match="is not over yet"):
        office.write(charge_booking, one)
    clock.now = slot(11, 12).starts
    office.write(change_status, [one], Status.IN_SESSION)
    office.write(end_session, one)
    done = office.write(charge_booking, one)
    with pytest.raises(Refusal, match="is charged already"):
        office.write(charge_booking, one)
    [total] = office.read(charge_totals, ChargeFilter())
    assert total.amount == quoted.total, "what was planned is charged, though it ended early"
    undo(office, done)
    with pytest.raises(Refusal, match="is not charged"):
        office.write(reverse_charges, one, "again")
    assert sum(line.amount for line in office.read(booking_card, one).charges) == 0


def test_the_use_of_rooms_by_hand(office, rooms, at, clock):
    came = BookingForm("One", 30, entity_id=rooms.unep, registered=20, visitors=12)
    office.write(make_bookings, came, [at("CR-3", NINE)], Status.CONFIRMED)
    [gone] = office.write(make_bookings, FORM, [at("CR-3", slot(14, 16))], Status.CONFIRMED).ids
    office.write(make_bookings, FORM, [at("CR-4", slot(9, 10))], Status.HOLD)
    clock.now = slot(15, 16).starts
    office.write(note_no_show, gone)
    use = office.read(use_of, DAY, DAY)
    three = next(room for room in use.rooms if room.space == "Conference Room 3")
    assert (three.meetings, three.hours, three.no_shows, three.people, three.seats) == (2, 4.0, 1, 20, 40)
    assert three.visitors == 8, "12 of 30 were to come from outside, and 20 came"
    assert [(each.entity, each.staff, each.visitors) for each in use.entities] == [("UNEP", 12, 8), ("", 0, 0)]
    assert (use.people, use.visitors) == (20, 8)
    assert three.share == pytest.approx(4 / 11)
    assert dict(use.by_hour)[9] == pytest.approx(1 / 4)
    assert [(each.entity, each.hours) for each in use.entities] == [("UNEP", 3.0), ("", 1.0)]
    assert use.no_shows == 1
    with pytest.raises(Refusal, match="The last day comes after"):
        office.read(use_of, DAY, date(2026, 9, 6))
    weeks = office.read(season, DAY, 2).rows
    assert {row.name: row.weeks[0][0] for row in weeks} == {
        "Conference Room 2": 0, "Conference Room 3": 2, "Conference Room 4": 1,
    }  # fmt: skip


def test_a_moved_series_is_put_back_whole(office, rooms):
    weekly = Recurrence("FREQ=DAILY;COUNT=4", datetime(2026, 9, 7, 10), 60)  # noqa: DTZ001 - on the zone's clock
    made = office.write(make_series, BookingForm("Daily", 20, kind="classroom"), weekly, rooms.spaces["CR-3"])
    office.write(skip_occurrence, made.ids[1])

    def stands():
        cards = [office.read(booking_card, ident) for ident in made.ids]
        return [(card.row.starts, card.row.status, card.space_id) for card in cards]

    before = stands()
    for scope, minutes, space in (
        ("future", 30, None),
        ("all", -60, None),
        ("this", 0, "CR-4"),
        ("all", 24 * 60, None),
        ("future", 24 * 60, "CR-4"),
    ):
        place = rooms.spaces[space] if space else None
        moved = office.write(move_occurrences, made.ids[2], scope, minutes, place)
        assert stands() != before
        back = undo(office, moved)
        assert stands() == before, (scope, minutes)
        undo(office, back)
        assert stands() != before
        office.write(moved.undo.command, *moved.undo.args)
        assert stands() == before


def test_a_series_is_not_put_back_where_its_time_is_taken(office, rooms, at):
    weekly = Recurrence("FREQ=DAILY;COUNT=2", datetime(2026, 9, 7, 10), 60)  # noqa: DTZ001
    made = office.write(make_series, BookingForm("Daily", 20, kind="classroom"), weekly, rooms.spaces["CR-3"])
    moved = office.write(move_occurrences, made.ids[0], "all", 120)
    office.write(make_bookings, FORM, [at("CR-3", slot(10, 11, 1))])
    with pytest.raises(Refusal, match="taken by B-000003"):
        undo(office, moved)
    assert office.read(booking_card, made.ids[0]).row.starts == slot(12, 13).starts
