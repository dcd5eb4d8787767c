"""At which other times a meeting fits that fits nowhere when it was asked for: on plain values, without a database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cbo_desk.conference.asking import Request
from cbo_desk.conference.finding import Calendar, Need, Obstacle, Offer, Space, place, spare_seats
from cbo_desk.conference.rules import LAST_DAY, Slot
from cbo_desk.errors import Refusal
from cbo_desk.zone import ZONE

BEFORE, AFTER = 7, 14
"""Days that are looked at, each way."""
OPENS, CLOSES = time(7), time(21)
"""Between these hours the same days are looked at."""
STEP = 30
MOST_DAYS = 4
_SATURDAY = 5


@dataclass(frozen=True)
class OtherTime:
    """A request for another time that is met: the space that fits best, and how many fit."""

    request: Request
    best: Offer
    count: int


def elsewhen(request: Request, now: datetime) -> tuple[tuple[Request, ...], tuple[Request, ...]]:
    """What could be asked instead, the nearest first: other hours of the same days, and the same hours of other days.

    Nothing in the past, and no weekend where none was asked for.
    """
    hours = sorted(_hours(request), key=lambda each: (abs(minutes_later(each, request)), -minutes_later(each, request)))
    days = sorted(_days(request), key=lambda each: abs((each.days[0] - request.days[0]).days - 0.5))
    return tuple(each for each in hours if _is_ahead(each, now)), tuple(each for each in days if _is_ahead(each, now))


def fitting(calendar: Calendar, asked: Iterable[Request], most: int) -> Iterator[OtherTime]:
    """The first so many of some requests that a space meets; they ask for the same people, layout and features."""
    found = 0
    for number, request in enumerate(asked):
        need = request.need()
        if not number:
            spaces = [space for space in calendar.spaces if could_hold(space, need)]
        offers = []
        for space in spaces:
            answer = place(calendar, space, need)
            if not isinstance(answer, Obstacle):
                offers.append(Offer(space, answer, spare_seats(space, answer, need)))
        if offers:
            found += 1
            yield OtherTime(request, min(offers, key=lambda each: each.order), len(offers))
        if found == most:
            return


def could_hold(space: Space, need: Need) -> bool:
    """Whether a space is large enough on some day, and has what is asked for."""
    seats = (layout.capacity for layout in space.layouts if need.kind in ("", layout.kind))
    return max(seats, default=0) >= need.people and need.features <= space.features


def times_of(asked: Sequence[Request]) -> tuple[Slot, ...]:
    """All the times that some requests are about."""
    return tuple(slot for request in asked for slot in request.need().times)


def minutes_later(one: Request, other: Request) -> int:
    """How many minutes later one starts than the other."""
    return (one.starts.hour - other.starts.hour) * 60 + one.starts.minute - other.starts.minute


def _hours(request: Request) -> Iterator[Request]:
    for minutes in range(-24 * 60, 24 * 60, STEP):
        if not minutes:
            continue
        try:
            other = request.later(minutes)
        except Refusal:
            continue
        if other.starts >= OPENS and other.ends <= CLOSES:
            yield other


def _days(request: Request) -> Iterator[Request]:
    weekend = any(day.weekday() >= _SATURDAY for day in request.days)
    for by in range(-BEFORE, AFTER + 1):
        days = _moved(request.days, by)
        if by and days and (weekend or all(day.weekday() < _SATURDAY for day in days)):
            yield request.on(days)


def _moved(days: Sequence[date], by: int) -> tuple[date, ...]:
    """The same days later; none where that is out of all bounds."""
    return tuple(day + timedelta(days=by) for day in days) if days[-1] < LAST_DAY - timedelta(days=AFTER) else ()


def _is_ahead(request: Request, now: datetime) -> bool:
    return datetime.combine(request.days[0], request.starts, ZONE) > now
