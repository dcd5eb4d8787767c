"""A request in a person's own words: what is understood, what is handed back, and nothing that brings it down."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbo_desk.conference.asking import LANGUAGES, read_request
from cbo_desk.errors import Refusal

MONDAY = date(2026, 8, 24)


def test_the_sentence_of_the_field():
    asked = read_request("120 people, classroom, French and English, 9-12, three days from Monday", date(2026, 8, 26))
    assert (asked.people, asked.kind, asked.languages) == (120, "classroom", ("en", "fr"))
    assert (asked.starts, asked.ends) == (time(9), time(12))
    assert asked.days == tuple(date(2026, 8, 31) + timedelta(days=n) for n in range(3))
    assert asked.unread == ()
    need = asked.need()
    assert [sorted(wish.speaks) for wish in need.units] == [["en", "fr"]]
    assert (need.booths, len(need.times)) == (2, 3)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", MONDAY),
        ("tomorrow", date(2026, 8, 25)),
        ("on Monday", MONDAY),
        ("next monday", date(2026, 8, 31)),
        ("next Tue", date(2026, 9, 1)),
        ("fri", date(2026, 8, 28)),
        ("14 Sep", date(2026, 9, 14)),
        ("3 Feb", date(2027, 2, 3)),
        ("2026-12-01", date(2026, 12, 1)),
    ],
)
def test_days_as_people_say_them(text, day):
    assert read_request(f"20 people {text} 10:30-11:15", MONDAY).days == (day,)
    assert read_request(f"20 people {text} 10:30-11:15", MONDAY).starts == time(10, 30)


def test_what_is_not_understood_is_handed_back_and_what_lacks_is_asked_for():
    asked = read_request("40 people, with karaoke, daylight, 12 cars", MONDAY)
    assert (asked.unread, asked.features, asked.cars) == (("karaoke",), ("daylight",), 12)
    with pytest.raises(Refusal, match="Say on which day"):
        asked.need()
    with pytest.raises(Refusal, match="Say how many people"):
        read_request("classroom today", MONDAY).need()
    with pytest.raises(Refusal, match="The end comes after the start"):
        read_request("20 people today 12-9", MONDAY).need()


@given(st.text(max_size=80) | st.lists(st.sampled_from(
    ["120 people", "99999999999 people", "9-12", "25-31", "31 days", "0 days", "next", "monday", "31 feb",
     *LANGUAGES.values(), "2026-99-99", ",", "12 cars", "tomorrow"]), max_size=9).map(" ".join))  # fmt: skip
def test_no_words_bring_it_down(text):
    asked = read_request(text, MONDAY)
    try:
        need = asked.need()
    except Refusal:
        return
    assert need.people >= 1
    assert all(slot.starts < slot.ends for slot in need.times)
