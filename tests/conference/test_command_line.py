"""`python main.py import bookings FILE`: JSON lines and exit codes as the other imports."""

from __future__ import annotations

import json

import pytest

from cbo_desk.cli.arguments import DONE, REFUSED, TROUBLE, parse
from cbo_desk.cli.carrying_out import carry_out
from tests.conference.test_importing import MONDAY


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


def test_a_dry_run_writes_nothing(order):
    assert order(MONDAY, "--make-spaces", "--dry-run")[1][-1]["created"] == 3
    assert order(MONDAY)[1][-1]["created"] == 0


def test_bad_files_are_refused_in_words(order):
    code, lines, said = order(b"Dear Sir")
    assert (code, lines) == (REFUSED, [])
    assert said.strip() == "This is neither an iCalendar file nor a Pentabarf or frab schedule."


def test_a_file_that_is_not_there(order):
    assert order(None)[0] == TROUBLE
