"""Capacity by month against a count that looks at every day, room and quarter of an hour by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cbo_desk.conference.project.capacity import CLASSES, Room, Seating, Shut, by_month, capacity_on
from cbo_desk.context import ZONE

FIRST = date(2026, 9, 1)
DAYS = 91
STEP = timedelta(hours=6)

day = st.integers(-40, DAYS + 40).map(lambda number: FIRST + timedelta(days=number))
span = st.tuples(day, st.one_of(st.none(), st.integers(0, 60))).map(
    lambda pair: (pair[0], None if pair[1] is None else pair[0] + timedelta(days=pair[1]))
)
seating = st.builds(
    lambda kind, seats, between: Seating(kind, seats, *between),
    st.sampled_from(["classroom", "theatre"]), st.integers(20, 700), span,
)  # fmt: skip
room = st.builds(
    lambda seatings, shut: Room(1, "R", tuple(seatings), tuple(Shut(*each) for each in shut)),
    st.lists(seating, max_size=3), st.lists(span, max_size=2),
)  # fmt: skip
booking = st.tuples(st.integers(-160, 4 * DAYS + 40), st.integers(1, 40), st.integers(1, 900)).map(
    lambda each: (_at(each[0]), _at(each[0] + each[1]), each[2])
)


def _at(quarter: int) -> datetime:
    """So many quarters of a day after the first one."""
    return datetime(2026, 9, 1, tzinfo=ZONE) + quarter * STEP


def seats(room: Room, when: date) -> int:
    """What a room seats on a day, told from what it says: closed nothing, else its classroom, else its largest."""
    if any(s.first <= when and (s.last is None or when <= s.last) for s in room.shut):
        return 0
    valid = [s for s in room.seatings if s.first <= when and (s.last is None or when <= s.last)]
    # Of two entries of a kind the first one counts.
    kinds = {s.kind: s.seats for s in reversed(valid)}
    return kinds["classroom"] if "classroom" in kinds else max(kinds.values(), default=0)


def size(count: int) -> str:
    return "plenary" if count >= 500 else "large" if count >= 150 else "medium" if count >= 90 else "small"


@settings(max_examples=60, deadline=None)
@given(st.lists(room, max_size=4), st.lists(booking, max_size=8))
def test_every_month_is_what_counting_day_by_day_finds(rooms, booked):
    expected: dict[date, list[int]] = {}
    for number in range(DAYS):
        when = FIRST + timedelta(days=number)
        each = [seats(room, when) for room in rooms]
        found = capacity_on(rooms, when)
        assert [(s.rooms, s.seats) for s in found.shares] == [
            (sum(size(n) == name for n in each if n), sum(n for n in each if n and size(n) == name)) for name in CLASSES
        ]
        # Everything begins and ends with a quarter of a day, so each of them tells the whole of it.
        people = max(
            sum(count for starts, ends, count in booked if starts <= _at(4 * number + quarter) < ends)
            for quarter in range(4)
        )
        month = expected.setdefault(when.replace(day=1), [10**9, 0, 0])
        month[0] = min(month[0], sum(each))
        month[1] = max(month[1], people)
        month[2] = max(month[2], people - sum(each))
    months = by_month(rooms, booked, FIRST, 3)
    assert [[m.lowest.seats, m.demand, m.short] for m in months] == list(expected.values())
    assert [m.first for m in months] == list(expected)
