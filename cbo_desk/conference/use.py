"""How the rooms are used over some days: by room, hour, entity and size fit; no-shows and early ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.conference.rules import LIVE, Status, check_day, midnight
from cbo_desk.context import local
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from cbo_desk.tabular import Column
from db.conference import Booking, ConferenceSpace, SpaceLayout

HOURS = range(8, 19)
"""The hours that count as open: 11 a weekday."""
MOST_DAYS = 732


@dataclass(frozen=True)
class RoomUse:
    """A space over some days: meetings, hours held, the share of the open hours, how well people fitted, and how many
    of them were visitors."""

    space_id: int
    space: str
    meetings: int
    hours: float
    share: float
    people: int
    seats: int
    no_shows: int
    early: int
    visitors: int = 0

    @property
    def fit(self) -> float:
        """Which share of the booked seats was taken."""
        return self.people / self.seats if self.seats else 0.0


@dataclass(frozen=True)
class EntityUse:
    """What one entity had: meetings, hours, of them those to which nobody came, and staff and visitors who did."""

    entity: str
    meetings: int
    hours: float
    no_shows: int
    staff: int = 0
    visitors: int = 0


@dataclass(frozen=True)
class Use:
    """The use of all rooms; `by_hour` is the share of rooms held in each hour of HOURS on weekdays."""

    first: date
    last: date
    rooms: tuple[RoomUse, ...]
    entities: tuple[EntityUse, ...]
    by_hour: tuple[tuple[int, float], ...]

    @property
    def people(self) -> int:
        """People who came, counted once a meeting."""
        return sum(each.people for each in self.rooms)

    @property
    def visitors(self) -> int:
        """Those of them who do not work on the compound."""
        return sum(each.visitors for each in self.rooms)

    @property
    def no_shows(self) -> int:
        """Meetings to which nobody came."""
        return sum(each.no_shows for each in self.rooms)

    @property
    def early(self) -> int:
        """Meetings that ended early."""
        return sum(each.early for each in self.rooms)


@reads("conference", "look at bookings")
def use_of(session: Session, first: date, last: date) -> Use:
    """How the rooms were used from a day to a day, both included."""
    check_day(first, "first")
    check_day(last, "last")
    if last < first:
        raise Refusal("The last day comes after the first.", "last")
    if (last - first).days > MOST_DAYS:
        raise Refusal("Choose two years at most.", "last")
    wanted = (
        select(Booking, SpaceLayout.capacity)
        .join(SpaceLayout, SpaceLayout.id == Booking.layout_id)
        .where(
            Booking.status.in_([each for each in LIVE if each is not Status.HOLD]),
            Booking.starts < midnight(last + timedelta(days=1)), Booking.ends > midnight(first),
        )
    )  # fmt: skip
    rows = [(row[0], int(row[1])) for row in session.execute(wanted)]
    spaces = session.scalars(select(ConferenceSpace).where(ConferenceSpace.gone_at.is_(None))).all()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    open_hours = len(HOURS) * sum(1 for day in days if day.weekday() < 5)
    rooms = [_room(space, [row for row in rows if row[0].space_id == space.id], open_hours) for space in spaces]
    rooms.sort(key=lambda each: (-each.hours, each.space))
    return Use(first, last, tuple(rooms), tuple(_entities(rows)), tuple(_by_hour(rows, len(spaces), days)))


def _hours(booking: Booking) -> float:
    return (booking.ends - booking.starts) / timedelta(hours=1)


def _room(space: ConferenceSpace, rows: list[tuple[Booking, int]], open_hours: int) -> RoomUse:
    hours = sum(_hours(booking) for booking, _seats in rows)
    came = [(*_came(booking), seats) for booking, seats in rows]
    return RoomUse(
        space.id, space.name, len(rows), round(hours, 2), hours / open_hours if open_hours else 0.0,
        sum(staff + visitors for staff, visitors, _seats in came),
        sum(seats for staff, visitors, seats in came if staff or visitors),
        sum(1 for booking, _seats in rows if booking.no_show),
        sum(1 for booking, _seats in rows if booking.planned_ends is not None and not booking.no_show),
        sum(visitors for _staff, visitors, _seats in came),
    )  # fmt: skip


def _came(booking: Booking) -> tuple[int, int]:
    """Staff and visitors who came to a meeting: where others registered than planned, in the shares of the plan."""
    if booking.no_show:
        return 0, 0
    came = booking.registered or booking.people
    visitors = round(came * booking.visitors / booking.people)
    return came - visitors, visitors


def _entities(rows: list[tuple[Booking, int]]) -> list[EntityUse]:
    found: defaultdict[str, list[Booking]] = defaultdict(list)
    for booking, _seats in rows:
        found[booking.entity_code or ""].append(booking)
    made = [
        EntityUse(
            code, len(own), round(sum(map(_hours, own)), 2), sum(1 for each in own if each.no_show),
            *map(sum, zip(*map(_came, own), strict=True)),
        )  # fmt: skip
        for code, own in found.items()
    ]
    return sorted(made, key=lambda each: (-each.hours, each.entity))


def _by_hour(rows: list[tuple[Booking, int]], spaces: int, days: list[date]) -> list[tuple[int, float]]:
    weekdays = {day for day in days if day.weekday() < 5}
    held: defaultdict[int, float] = defaultdict(float)
    for booking, _seats in rows:
        starts, ends = local(booking.starts), local(booking.ends)
        at = starts.replace(minute=0, second=0, microsecond=0)
        while at < ends:
            if at.date() in weekdays:
                held[at.hour] += _shared(at, at + timedelta(hours=1), starts, ends)
            at += timedelta(hours=1)
    most = spaces * len(weekdays)
    return [(hour, held[hour] / most if most else 0.0) for hour in HOURS]


def _shared(low: datetime, high: datetime, starts: datetime, ends: datetime) -> float:
    return max((min(high, ends) - max(low, starts)) / timedelta(hours=1), 0.0)


COLUMNS = (
    Column("Space"), Column("Meetings", "number"), Column("Hours", "number"), Column("Of open hours, %", "number"),
    Column("People", "number"), Column("Visitors", "number"), Column("Seats", "number"), Column("No-shows", "number"),
    Column("Early ends", "number"),
)  # fmt: skip


def rows(use: Use) -> Iterator[tuple[Any, ...]]:
    """The rooms' use as a table for a file."""
    for each in use.rooms:
        yield (each.space, each.meetings, each.hours, round(each.share * 100, 1), each.people, each.visitors,
               each.seats, each.no_shows, each.early)  # fmt: skip
