"""Bad input by every way in, on both engines: a sentence that says what is wrong, and nothing half saved."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from cbo_desk.cli.arguments import DONE, REFUSED, parse
from cbo_desk.cli.carrying_out import carry_out
from cbo_desk.conference import (
    BookingForm,
    LayoutForm,
    Recurrence,
    Request,
    Slot,
    SpaceForm,
    Status,
    add_layout,
    add_space,
    board,
    book,
    cancel_bookings,
    change_capacity,
    change_status,
    close_cells,
    edit_booking,
    end_layout,
    make_bookings,
    make_series,
    move_occurrences,
    preview_series,
    search_spaces,
    season,
    set_ceiling,
    shift_booking,
    use_of,
)
from cbo_desk.conference.project import PhaseForm, add_phase, affected, make_effective, outlook
from cbo_desk.errors import Refusal
from db.conference import Booking, BookingCell, BookingUnit
from tests.conference.conftest import FORM, slot
from tests.writing import rows

NINE = slot(9, 12)
HOUR = timedelta(hours=1)


def held(office):
    """How much is booked, by every table that a booking writes."""
    return [rows(office, select(func.count()).select_from(each))[0][0] for each in (Booking, BookingCell, BookingUnit)]


@pytest.fixture
def refused(office):
    """A function that runs a command, expects a sentence, and looks that nothing was saved."""

    def run(words, command, *args):
        before = held(office)
        with pytest.raises(Refusal, match=words):
            office.write(command, *args)
        assert held(office) == before

    return run


def test_more_people_than_any_layout(office, rooms, at, refused):
    refused("Conference Room 3 seats 40 as classroom, not 500", book, BookingForm("All", 500, kind="classroom"), NINE,
            rooms.spaces["CR-3"])  # fmt: skip
    refused("CR-3 seats 40 in this layout, not 41", make_bookings, BookingForm("One", 41), [at("CR-3", NINE)])
    [one] = office.write(make_bookings, FORM, [at("CR-3", NINE)]).ids
    refused("seats 40", edit_booking, one, 1, BookingForm("Committee", 4000))
    found = office.read(search_spaces, Request(100_000, days=(date(2026, 9, 7),)))
    assert found.hits == ()


def test_the_end_before_the_start(office, rooms, at, refused):
    refused("The end comes after the start", book, FORM, slot(12, 9), rooms.spaces["CR-3"])
    refused("The end comes after the start", book, FORM, slot(9, 9), rooms.spaces["CR-3"])
    [one] = office.write(make_bookings, FORM, [at("CR-3", NINE)]).ids
    refused("The end comes after the start", shift_booking, one, 1, rooms.spaces["CR-3"], slot(12, 9))


def test_a_series_over_the_change_of_clocks_keeps_its_hour(office, rooms):
    """Nairobi has none; a guest's zone has. Ten o'clock in Geneva stays ten o'clock there, an hour apart here."""
    geneva = Recurrence("FREQ=WEEKLY;COUNT=3", datetime(2026, 10, 12, 10), 60, "Europe/Zurich")  # noqa: DTZ001
    made = office.write(make_series, BookingForm("Guest", 20, kind="classroom"), geneva, rooms.spaces["CR-3"])
    starts = [
        row[0] for row in rows(office, select(Booking.starts).where(Booking.id.in_(made.ids)).order_by(Booking.id))
    ]
    assert [start.hour for start in starts] == [8, 8, 9]


def test_a_layout_that_is_not_valid_on_the_day(office, rooms, at, refused):
    kept = rooms.layouts[rooms.spaces["CR-3"], "classroom"]
    office.write(end_layout, kept, date(2026, 9, 6))
    refused("has no layout classroom on that day", book, BookingForm("Late", 20, kind="classroom"), NINE,
            rooms.spaces["CR-3"])  # fmt: skip
    refused("has no such layout on that day", make_bookings, FORM, [at("CR-3", NINE)])
    office.write(add_layout, rooms.spaces["CR-3"], LayoutForm("boardroom", 20, 0, 0, date(2026, 9, 8)))
    refused("has no layout boardroom on that day", book, BookingForm("Late", 20, kind="boardroom"), NINE,
            rooms.spaces["CR-3"])  # fmt: skip


def test_a_booking_across_the_day_on_which_a_layout_changes(office, rooms, at, refused):
    """As across the start of a phase: the room seats another number from the middle of the booking on."""
    office.write(change_capacity, rooms.layouts[rooms.spaces["CR-3"], "classroom"], date(2026, 9, 8), 20)
    refused("has no layout classroom on that day", book, BookingForm("Night", 15, kind="classroom"), slot(20, 26),
            rooms.spaces["CR-3"])  # fmt: skip
    office.write(book, BookingForm("Day", 15, kind="classroom"), slot(9, 12, 1), rooms.spaces["CR-3"])


def test_a_booking_across_the_start_of_a_phase(office, rooms, at, refused):
    """One that begins the evening before is displaced too; once the phase is effective none can be made."""
    across = slot(22, 26, -1)
    [night] = office.write(make_bookings, BookingForm("Night", 15), [at("CR-3", across)]).ids
    days = (date(2026, 9, 7), date(2026, 9, 20))
    phase = office.write(add_phase, PhaseForm("P1", "Room 3", *days, cells=("3",))).ids[0]
    assert [row.id for row in office.read(affected, phase)] == [night]
    refused("B-000001 Night would lose their place. Relocate them first", make_effective, phase, 1)
    office.write(cancel_bookings, [night])
    office.write(make_effective, phase, 1)
    refused(r"a part of CR-3 is closed \(P1: Room 3\)", make_bookings, FORM, [at("CR-3", across)])
    refused(r"a part of CR-2\+3 is closed", make_bookings, FORM, [at("CR-2+3", across)])
    refused("a part of CR-3 is closed", change_status, [night], Status.CONFIRMED)
    # Up to the midnight on which it begins, and from the one after its last day, the room is there.
    office.write(make_bookings, FORM, [at("CR-3", slot(22, 24, -1)), at("CR-3", slot(0, 2, 14))])


def test_a_change_of_seats_is_taken_back_with_its_bookings(office, rooms, at, refused):
    kept = rooms.layouts[rooms.spaces["CR-3"], "classroom"]
    [one] = office.write(make_bookings, FORM, [at("CR-3", slot(9, 12, 1))]).ids
    done = office.write(change_capacity, kept, date(2026, 9, 8), 60)
    large = BookingForm("Large", 55, kind="classroom")
    [two] = office.write(book, large, slot(14, 15, 1), rooms.spaces["CR-3"]).ids
    refused("B-000002 needs 55 seats. Move it first", done.undo.command, *done.undo.args)
    office.write(cancel_bookings, [two])
    back = office.write(done.undo.command, *done.undo.args)
    layouts = dict(rows(office, select(Booking.id, Booking.layout_id)))
    assert layouts[one] == kept
    refused("seats 40 as classroom, not 55", book, large, slot(16, 17, 1), rooms.spaces["CR-3"])
    office.write(back.undo.command, *back.undo.args)
    office.write(book, large, slot(16, 17, 1), rooms.spaces["CR-3"])


def test_an_interpretation_team_that_is_used_already(office, rooms, at, refused):
    office.write(make_bookings, FORM, [at("CR-2", NINE, (rooms.teams[0],))])
    refused("EN-FR 1 is with B-000001 Committee. Choose another one", make_bookings, FORM,
            [at("CR-4", slot(11, 13), (rooms.teams[0],))])  # fmt: skip
    office.write(make_bookings, FORM, [at("CR-4", slot(12, 13), (rooms.teams[0],))])


def test_a_joined_space_while_one_of_its_rooms_is_closed(office, rooms, at, refused):
    office.write(close_cells, ["2"], slot(0, 24), "New carpet")
    refused(r"a part of CR-2\+3 is closed \(New carpet\)", make_bookings, FORM, [at("CR-2+3", NINE)])
    office.write(make_bookings, FORM, [at("CR-3", NINE)])


def test_a_series_with_something_in_the_way_saves_none_of_it(office, rooms, at, refused):
    office.write(make_bookings, FORM, [at("CR-3", slot(10, 11, 2))])
    daily = Recurrence("FREQ=DAILY;COUNT=5", datetime(2026, 9, 7, 10), 60)  # noqa: DTZ001
    form = BookingForm("Daily", 20, kind="classroom")
    report = office.read(preview_series, form, daily, rooms.spaces["CR-3"])
    assert (len(report.free), len(report.conflicts)) == (4, 1)
    refused("1 of 5 occurrences have something in the way", make_series, form, daily, rooms.spaces["CR-3"])
    skip = [conflict.slot.starts for conflict in report.conflicts]
    assert len(office.write(make_series, form, daily, rooms.spaces["CR-3"], skip).ids) == 5


def test_words_and_numbers_out_of_bounds(office, rooms, at, refused):
    for form, words in (
        (BookingForm("  ", 10), "Give the booking a title"),
        (BookingForm("None", 0), "one at least"),
        (BookingForm("Rank", 10, rank=9), "A rank is a number from 1 to 7"),
        (BookingForm("Cars", 10, cars=-1), "not below zero"),
        (BookingForm("Entity", 10, entity_id=999), "This entity is no longer there"),
    ):
        refused(words, make_bookings, form, [at("CR-3", NINE)])
    refused("31 days at most", book, FORM, slot(9, 9 + 24 * 32), rooms.spaces["CR-3"])
    refused("can no longer be booked", book, FORM, NINE, 999)
    with pytest.raises(Refusal, match="one cell at least"):
        office.write(add_space, SpaceForm("X", "X", ()))


def test_a_hold_confirmed_after_its_space_was_given_away(office, rooms, at, refused):
    [one] = office.write(make_bookings, FORM, [at("CR-3", NINE)]).ids
    office.write(change_status, [one], Status.ENQUIRY)
    office.write(make_bookings, FORM, [at("CR-3", NINE)])
    refused("CR-3 is taken by B-000002", change_status, [one], Status.CONFIRMED)


def ics(*events):
    """A calendar with one event a text."""
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\nSUMMARY:m{n}\r\n{event}\r\nEND:VEVENT\r\n" for n, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}END:VCALENDAR\r\n".encode()


@pytest.fixture
def imported(engine_url, tmp_path, capsys):
    """A function that imports a calendar by the command line on either engine: exit code and lines."""

    def run(content, *options):
        file = tmp_path / "in.ics"
        file.write_bytes(content)
        code = carry_out(parse(["--database", engine_url, "import", "bookings", str(file), *options]))
        said = capsys.readouterr()
        return code, [json.loads(line) for line in said.out.splitlines()], said.err

    return run


def test_bad_calendars_by_the_command_line(imported):
    at = "LOCATION:R\r\nDTSTART:20260907T{}00Z\r\nDTEND:20260907T{}00Z"
    code, lines, _ = imported(ics(at.format("0700", "0900")), "--make-spaces")
    assert (code, lines[-1]["created"]) == (DONE, 1)
    code, lines, _ = imported(ics(
        at.format("1000", "0900"), at.format("1100", "1200"), at.format("1100", "1130"),
        "LOCATION:R\r\nDTSTART:20260908T100000Z\r\nDTEND:20261231T100000Z",
        "LOCATION:R\r\nDTSTART:20260907T130000Z\r\nDURATION:PT2H\r\nRRULE:FREQ=HOURLY;COUNT=9",
        "LOCATION:Nowhere\r\nDTSTART:20260907T130000Z\r\nDURATION:PT1H",
    ))  # fmt: skip
    assert code == REFUSED
    why = " ".join(line.get("why", "") for line in lines)
    for words in ("ends", "31 days", "by days, weeks, months or years", "Nowhere"):
        assert words in why, why
    assert lines[-1]["overlaps"] >= 1
    for hostile in (b"", b"\x00" * 100, b"BEGIN:VCALENDAR", b"BEGIN:VCALENDAR\r\n" * 5000, b"<?xml?><!DOCTYPE a>",
                    ics("DTSTART:99999999T999999Z"), ics("RRULE:FREQ=DAILY;COUNT=99999999")):  # fmt: skip
        code, lines, said = imported(hostile)
        assert code in (REFUSED, DONE)
        assert "Traceback" not in said
        assert not lines or lines[-1]["created"] == 0


def test_days_numbers_and_texts_out_of_this_world(office, rooms, refused):
    weekly = Recurrence("FREQ=WEEKLY;COUNT=5", datetime(2026, 9, 7, 10), 60)  # noqa: DTZ001
    made = office.write(make_series, BookingForm("Weekly", 20, kind="classroom"), weekly, rooms.spaces["CR-3"]).ids
    three, kept = rooms.spaces["CR-3"], rooms.layouts[rooms.spaces["CR-3"], "classroom"]
    late = slot(14, 15)
    far, old = (datetime(year, 6, 1, 9, tzinfo=UTC) for year in (9990, 3))
    for words, command, *args in (
        ("Choose a day from 1980 to 2199", move_occurrences, made[0], "all", 10**9),
        ("Choose a day from 1980 to 2199", move_occurrences, made[0], "future", -(10**8)),
        ("A number is too large", move_occurrences, made[0], "all", 10**12),
        ("Choose a day from 1980 to 2199", book, FORM, Slot(far, far + HOUR), three),
        ("Choose a day from 1980 to 2199", book, FORM, Slot(old, old + HOUR), three),
        ("longer than 300 letters", book, BookingForm("x" * 301, 5), late, three),
        ("Give the booking a title", book, BookingForm("\x00\x07 \n", 5), late, three),
        ("Look at the number again", book, BookingForm("Cars", 5, cars=10**12), late, three),
        ("Look at the number again", set_ceiling, "people", 10**12, date(2026, 1, 1)),
        ("cannot be below zero", set_ceiling, "people", -1, date(2026, 1, 1)),
        ("Look at the number again", add_layout, three, LayoutForm("theatre", 10**12)),
        ("Look at the number again", change_capacity, kept, date(2026, 12, 1), 10**12),
        ("last a day each at most", add_layout, three, LayoutForm("theatre", 10, 10**7)),
        ("ends after it starts", close_cells, ["2"], slot(12, 9), "x"),
        ("Say which cells are closed", close_cells, [], NINE, "x"),
        ("Choose a day from 1980 to 2199", add_phase,
         PhaseForm("P", "P", date(1, 1, 1), date(9999, 12, 31), cells=("3",))),
    ):  # fmt: skip
        refused(words, command, *args)
    first, last = date(1, 1, 1), date(9999, 12, 20)
    for query, *args in ((use_of, first, date(1, 2, 1)), (season, last, 26), (board, first, 1), (outlook, last)):
        with pytest.raises(Refusal, match="Choose a day from 1980 to 2199"):
            office.read(query, *args)
    # What no screen shows is not kept, on either engine alike.
    [odd] = office.write(book, BookingForm("Two\x00 lines\n\ud800here", 5, notes="a\x07b\nc"), late, three).ids
    assert rows(office, select(Booking.title, Booking.notes).where(Booking.id == odd)) == [("Two lines here", "a b\nc")]
