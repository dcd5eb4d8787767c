"""The find page's answers on both engines: what it offers is saved, what it does not says why and what would do."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from cbo_desk.conference import (
    BookingForm,
    LayoutForm,
    Request,
    Slot,
    SpaceForm,
    Status,
    add_space,
    add_unit,
    cancel_bookings,
    make_bookings,
    note_bookings,
    search_spaces,
    set_ceiling,
)
from tests.conference.conftest import FORM, slot

DAY = date(2026, 9, 7)


def ask(office, people, kind="classroom", low=9, high=12, **more):
    return office.read(search_spaces, Request(people, kind, starts=time(low), ends=time(high), days=(DAY,), **more))


def test_every_hit_is_priced_and_saved(office, rooms):
    found = ask(office, 30)
    assert [hit.offer.space.code for hit in found.hits] == ["CR-3", "CR-2", "CR-4", "CR-2+3"]
    assert found.checked == 4
    for hit in found.hits:
        done = office.write(make_bookings, BookingForm("Try", 30), hit.offer.placings)
        office.write(cancel_bookings, done.ids)
        assert hit.quote.total > 0
    three = found.hits[0].quote
    assert [line.what for line in three.lines] == ["Conference Room 3, classroom"]
    assert three.total == 3 * 40 * three.lines[0].rate.amount


def test_near_misses_say_why_and_what_would_do(office, rooms, at):
    office.write(make_bookings, FORM, [at("CR-4", slot(8, 9.25))], Status.CONFIRMED)
    office.write(make_bookings, FORM, [at("CR-2+3", slot(8, 18))], Status.HOLD)
    found = ask(office, 85)
    misses = {miss.space.code: miss for miss in found.misses}
    assert found.hits == ()
    assert (misses["CR-4"].words, misses["CR-4"].way, misses["CR-4"].value) == (
        "Fits if 15 minutes later",
        "later",
        "15",
    )
    assert "CR-4 is taken by B-000001 Committee" in misses["CR-4"].reason
    assert (misses["CR-2+3"].way, misses["CR-2+3"].words) == ("waitlist", "On hold on Monday")
    assert "lets go on" in misses["CR-2+3"].reason


def test_another_layout_would_do(office, rooms):
    found = ask(office, 70)
    short = next(miss for miss in found.misses if miss.space.code == "CR-2")
    assert (short.words, short.way, short.value) == ("10 seats short", "kind", "theatre")


def test_what_blocks_every_space_is_said_once(office, rooms, at):
    office.write(set_ceiling, "people", 60, date(2026, 1, 1))
    office.write(make_bookings, FORM, [at("CR-3", slot(8, 18))])
    found = ask(office, 50)
    assert len(found.blockers) == 1
    assert "80 people would be there, and the compound takes at most 60" in found.blockers[0]
    missing = ask(office, 10, languages=("en", "ru"))
    assert any("No interpretation for en and ru is free" in words for words in missing.blockers)


def test_portable_booths_make_up_for_fixed_ones(office, rooms):
    assert ask(office, 10, languages=("en", "fr")).hits == ()
    for number in (1, 2):
        office.write(add_unit, f"PB-{number}", "portable booth")
    hits = ask(office, 10, languages=("en", "fr")).hits
    assert hits
    done = office.write(make_bookings, BookingForm("Try", 10), hits[0].offer.placings)
    assert ask(office, 10, languages=("en", "fr")).hits == (), "both are taken"
    office.write(cancel_bookings, done.ids)
    assert ask(office, 10, languages=("en", "fr")).hits


@pytest.fixture
def crowded(sqlite_office):
    """Four rooms, two of them joined too, with few teams, booths and places; on SQLite, where it is quick."""
    office = sqlite_office
    first = date(2026, 1, 1)
    for code, cells, seats, booths in (("A", ("A",), 30, 2), ("B", ("B",), 50, 0), ("A+B", ("A", "B"), 90, 2),
                                       ("C", ("C",), 40, 1), ("D", ("D",), 120, 0)):  # fmt: skip
        layouts = (LayoutForm("classroom", seats, 15, 15, first), LayoutForm("theatre", seats * 2, 30, 0, first))
        office.write(add_space, SpaceForm(code, code, cells, layouts, None, booths))
    for code, kind, speaks in (("T1", "interpretation", "en fr"), ("T2", "interpretation", "ar en"),
                               ("P1", "portable booth", "")):  # fmt: skip
        office.write(add_unit, code, kind, "", speaks)
    office.write(set_ceiling, "people", 150, first)
    office.write(set_ceiling, "gate", 160, first)
    office.write(set_ceiling, "parking", 40, first)
    return office


def try_each(office, form, hits):
    """Save each offer by the command and past the database's rules, and take it back before the next."""
    with Session(office.engine.execution_options(writes=True)) as session:
        session.info.update(actor=office.actor, now=office.instant())
        for hit in hits:
            with session.begin_nested() as tried:
                make_bookings(session, form, hit.offer.placings)
                session.flush()
                tried.rollback()


def _check_other_times(office, found):
    """Ask for each other time anew, and for one that was passed over."""
    for other in found.other_times:
        again = office.read(search_spaces, other.request).hits
        assert (again[0].offer, len(again)) == (other.best, other.count)
    offered = {other.request.days[0] for other in found.other_times} - {DAY}
    passed = [DAY + timedelta(days=n) for n in (1, 2, 3, 4) if DAY + timedelta(days=n) < max(offered, default=DAY)]
    for day in set(passed) - offered:
        days = tuple(day + timedelta(days=n) for n in range(len(found.request.days)))
        if all(each.weekday() < 5 for each in days):
            assert office.read(search_spaces, found.request.on(days)).hits == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15)
@given(st.lists(
    st.tuples(st.integers(1, 100), st.sampled_from(["", "classroom", "theatre"]), st.integers(8, 16), st.integers(1, 3),
              st.sampled_from([(), ("en", "fr"), ("ar", "en", "fr")]), st.integers(0, 25), st.integers(1, 2)),
    min_size=3, max_size=8))  # fmt: skip
def test_nothing_is_offered_that_a_save_refuses(crowded, asked):
    """Each request is asked, every offer of it is tried and taken back, and one is kept to crowd the next.

    Where nothing fits, each other time that is offered is met, by the space that was named, and no day nearer is.
    """
    kept = []
    for people, kind, low, long, languages, cars, days in asked:
        request = Request(
            people, kind, languages, time(low), time(low + long), tuple(date(2026, 9, 7 + n) for n in range(days)),
            (), cars,
        )  # fmt: skip
        found = crowded.read(search_spaces, request)
        hits = found.hits
        form = BookingForm("Try", people, cars=cars)
        try_each(crowded, form, hits)
        if not hits:
            told = [*found.misses, *found.others]
            assert sum(many for _why, many in found.refused) == found.checked == 5
            assert len({each.space.id for each in told}) == len(told)
            _check_other_times(crowded, found)
        if hits:
            kept += crowded.write(make_bookings, form, hits[-1].offer.placings, Status.CONFIRMED).ids
    if kept:
        crowded.write(cancel_bookings, kept)


def test_a_refused_offer_is_noticed(crowded):
    """The control: an offer that somebody else took meanwhile is refused, so the test above can fail."""
    request = Request(30, "classroom", starts=time(9), ends=time(10), days=(DAY,))
    hit = crowded.read(search_spaces, request).hits[0]
    crowded.write(make_bookings, BookingForm("First", 30), hit.offer.placings)
    with pytest.raises(Exception, match="is taken by"):
        crowded.write(make_bookings, BookingForm("Second", 30), hit.offer.placings)


def test_a_hold_on_the_waitlist_is_not_offered_twice(office, rooms):
    waits = office.write(
        note_bookings, BookingForm("Waits", 30, kind="classroom"), [Slot(slot(9, 12).starts, slot(9, 12).ends)]
    )
    assert waits.ids
    assert ask(office, 30).hits, "who waits holds nothing"
