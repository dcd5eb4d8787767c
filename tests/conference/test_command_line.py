"""`python main.py import bookings FILE`: JSON lines and exit codes as the other imports."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from cbo_desk.cli.arguments import DONE, REFUSED, parse
from cbo_desk.cli.carrying_out import carry_out
from cbo_desk.compound import open_office
from cbo_desk.conference import BookingForm, LayoutForm, Slot, SpaceForm, Status, add_space, book, booking_card
from db.base import table_of
from db.conference import Booking
from db.engine import open_engine
from tests.conference.test_importing import MONDAY, calendar, event

HOUR = timedelta(hours=1)


@pytest.fixture
def order(sqlite_url, tmp_path, capsys):
    """A function that runs an import of a file and returns its exit code and lines."""

    def run(content, *options):
        file = tmp_path / "week.ics"
        if content is not None:
            file.write_bytes(content)
        code = carry_out(parse(["--database", sqlite_url, "import", "bookings", str(file), *options]))
        said = capsys.readouterr()
        return code, [json.loads(line) for line in said.out.splitlines()], said.err

    return run


def test_what_fits_is_saved_and_told(order):
    code, lines, _ = order(MONDAY, "--make-spaces")
    assert code == REFUSED
    assert lines[0]["overlap"] == ["b", "c"]
    assert (lines[0]["from"], lines[0]["to"]) == ("2026-09-07T11:30:00+03:00", "2026-09-07T12:00:00+03:00")
    assert {line["refused"] for line in lines[1:-1]} == {"c", "e"}
    assert lines[-1] == {"created": 3, "unchanged": 0, "refused": 2, "overlaps": 1}
    code, lines, _ = order(MONDAY, "--good-rows")
    assert (code, lines[-1]["created"], lines[-1]["unchanged"]) == (DONE, 0, 3)


def test_a_rule_that_ends_on_a_day_is_told(order):
    weekly = event("w", "20260907T070000Z", "20260907T080000Z", more="RRULE:FREQ=WEEKLY;UNTIL=20260914")
    code, lines, _ = order(calendar(weekly), "--make-spaces")
    assert (code, lines[-1]["created"]) == (DONE, 2)
    assert lines[0] == {
        "read": "w",
        "how": "It ends on Mon 14 Sep 2026 without an hour: that day was taken with it.",
    }


def test_a_dry_run_writes_nothing(order):
    assert order(MONDAY, "--make-spaces", "--dry-run")[1][-1]["created"] == 3
    assert order(MONDAY)[1][-1]["created"] == 0


def test_bad_files_are_refused_in_words(order):
    code, lines, said = order(b"Dear Sir")
    assert (code, lines) == (REFUSED, [])
    assert said.strip() == "This is neither an iCalendar file nor a Pentabarf or frab schedule."


def test_a_file_that_is_not_there(order):
    assert order(None)[0] == REFUSED


def test_a_timer_of_the_system_lets_holds_go_where_no_window_is_open(sqlite_url, capsys):
    starts = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=2)
    opened = open_office(sqlite_url)
    ident = opened.write(add_space, SpaceForm("CR-1", "One", ("1",), (LayoutForm("classroom", 40),))).ids[0]
    held = opened.write(book, BookingForm("Held", 5, kind="classroom"), Slot(starts, starts + HOUR), ident).ids[0]
    opened.close()
    send = parse(["--database", sqlite_url, "send"])
    assert carry_out(send) == REFUSED, "no mail server is named"
    assert capsys.readouterr().out == "", "the hold has time left"
    engine = open_engine(sqlite_url)
    with engine.execution_options(writes=True).begin() as connection:
        over = datetime.now(UTC) - timedelta(minutes=1)
        connection.execute(update(table_of(Booking)).where(table_of(Booking).c.id == held).values(hold_until=over))
    engine.dispose()
    assert carry_out(send) == REFUSED
    said = capsys.readouterr()
    assert json.loads(said.out) == {"said": "Holds whose time was up are let go: 1 booking changed."}
    assert "No mail server is named" in said.err
    opened = open_office(sqlite_url)
    assert opened.read(booking_card, held).row.status == Status.ENQUIRY
    opened.close()
