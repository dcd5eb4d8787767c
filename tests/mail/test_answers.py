"""The figures of a period are what plain Python counts from the same lives, on both engines."""

from __future__ import annotations

import random
import statistics
from collections import Counter
from datetime import date, timedelta

import pytest

from cbo_desk.context import local
from cbo_desk.errors import Refusal
from cbo_desk.mail import Addressed, Details, MailFilter, Taken, answers, deliver_items, receive_item
from cbo_desk.mail.answers import SPANS_H, begin_of
from db.mail import CLASSES
from tests.mail.codes import s10

CARRIERS = ("Posta Kenya", "DHL Express", "")


@pytest.fixture
def lives(office, compound, clock):
    """Forty items over three weeks with what is known of each, written down beside the database."""
    rng = random.Random(7)
    begin, known = clock.now, []
    for n in range(40):
        clock.now = begin + timedelta(minutes=rng.randrange(0, 21 * 24 * 60), seconds=rng.randrange(60))
        details = Details(
            item_class=rng.choice(CLASSES), carrier=rng.choice(CARRIERS),
            addressed=Addressed(person_id=compound.people[rng.choice(("Erik", "Samir"))]) if n % 5 else Addressed(),
        )  # fmt: skip
        ident = office.write(receive_item, s10(n) if n % 3 else "", details).ids[0]
        at, took = clock.now, None
        if n % 4:
            took = timedelta(seconds=rng.randrange(600, 40 * 3600))
            clock.now += took
            office.write(deliver_items, [ident], Taken("Erik", badge=True))
        known.append((ident, at, took))
    clock.now = begin + timedelta(days=25)
    return begin, known


def rows_by_id(office):
    from cbo_desk.mail import MailList

    return {line.id: line.row for line in office.read(MailList().first)}


def test_volumes_and_times_are_what_python_counts(office, lives):
    begin, known = lives
    rows = rows_by_id(office)
    since = local(begin).date()
    found = office.read(answers, MailFilter(received_from=since, received_to=since + timedelta(days=30)))
    assert (found.total, found.step) == (40, "day")
    by_day = Counter((local(at).date(), rows[ident].item_class) for ident, at, _took in known)
    assert {(day, kind): count for day, volume in found.by_time for kind, count in zip(CLASSES, volume, strict=True)
            if count} == dict(by_day)  # fmt: skip
    assert len(found.by_time) == 31, "a day without mail stands there too"
    assert found.by_class == tuple(sum(row.item_class == kind for row in rows.values()) for kind in CLASSES)
    carriers = Counter(row.carrier for row in rows.values())
    assert {name: sum(volume) for name, volume in found.by_carrier} == dict(carriers)
    assert found.by_carrier[-1][0] == "", "what nobody wrote comes last"
    entities = Counter(row.entity for row in rows.values())
    assert {name: sum(volume) for name, volume in found.by_entity} == dict(entities)
    hours = Counter((local(at).weekday(), local(at).hour) for _ident, at, _took in known)
    assert {(d, h): n for d, row in enumerate(found.by_hour) for h, n in enumerate(row) if n} == dict(hours)
    took = sorted(t.total_seconds() / 3600 for _ident, _at, t in known if t is not None)
    deciles = statistics.quantiles(took, n=10, method="inclusive")
    assert found.times.count == len(took) == 30
    assert found.times.median == pytest.approx(statistics.median(took), abs=1e-4)
    assert found.times.p90 == pytest.approx(deciles[8], abs=1e-4)
    for kind, times in zip(CLASSES, found.times_by_class, strict=True):
        own = [t.total_seconds() / 3600 for i, _at, t in known if t is not None and rows[i].item_class == kind]
        assert times.count == len(own)
        assert (times.median is None) == (not own)
        assert not own or times.median == pytest.approx(statistics.median(own), abs=1e-4)
    below = [sum(lower < hours <= upper for hours in took)
             for lower, upper in zip((-1, *SPANS_H), (*SPANS_H, 1e9), strict=True)]  # fmt: skip
    assert list(found.spans) == below
    open_ones = [ident for ident, _at, t in known if t is None and rows[ident].accountable]
    assert found.open_accountable == len(open_ones)
    assert sum(found.by_state.values()) == 40


def test_filters_narrow_and_weeks_begin_on_monday(office, lives):
    begin, known = lives
    rows = rows_by_id(office)
    since = local(begin).date() - timedelta(days=60)
    wanted = MailFilter(received_from=since, received_to=since + timedelta(days=100), carriers=("DHL Express",))
    found = office.read(answers, wanted)
    mine = [at for ident, at, _took in known if rows[ident].carrier == "DHL Express"]
    assert (found.total, found.step) == (len(mine), "week")
    assert {day.weekday() for day, _volume in found.by_time} == {0}
    weeks = Counter(begin_of(local(at).date(), "week") for at in mine)
    assert {day: sum(volume) for day, volume in found.by_time if sum(volume)} == dict(weeks)
    assert [name for name, _volume in found.by_carrier] == ["DHL Express"]
    long = office.read(answers, MailFilter(received_from=date(2025, 1, 31), received_to=date(2026, 12, 31)))
    assert (long.step, long.total, len(long.by_time)) == ("month", 40, 24)


def test_the_hour_is_the_sites_own(office, compound, clock):
    """21:30 in Greenwich is half past midnight of the next day in Nairobi."""
    clock.now = clock.now.replace(hour=21, minute=30)
    office.write(receive_item, s10(1))
    day = local(clock.now).date()
    found = office.read(answers, MailFilter(received_from=day, received_to=day))
    assert found.total == 1
    assert found.by_hour[day.weekday()][0] == 1
    assert found.by_time == ((day, (0, 1, 0, 0, 0)),)


@pytest.mark.parametrize(
    ("since", "until"),
    [(None, date(2026, 1, 1)), (date(2026, 1, 2), date(2026, 1, 1)), (date(2000, 1, 1), date(2026, 1, 1))],
)
def test_no_period_at_all(office, since, until):
    with pytest.raises(Refusal):
        office.read(answers, MailFilter(received_from=since, received_to=until))


def test_nothing_came_in(office, compound):
    found = office.read(answers, MailFilter(received_from=date(2026, 1, 1), received_to=date(2026, 1, 3)))
    assert (found.total, found.times.count, found.times.median, found.open_accountable) == (0, 0, None, 0)
    assert [sum(volume) for _day, volume in found.by_time] == [0, 0, 0]
