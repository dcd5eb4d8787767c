"""What a booking may become, what a space offers, and sums of people over time: on plain values, without a database.

All intervals are half-open: a booking may start at the instant at which another ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from cbo_desk.errors import Refusal
from cbo_desk.zone import ZONE

LONGEST = timedelta(days=31)
"""What one booking blocks at most; the database holds the same."""
MOST_PEOPLE, MOST_CARS = 1_000_000, 100_000
"""More than anybody will ever bring: a slip of the keyboard."""
MOST_LETTERS = {"title": 300, "contact": 300, "languages": 300, "equipment": 1_000, "notes": 20_000}
"""How long what is written about a booking may be."""
FIRST_DAY, LAST_DAY = date(1980, 1, 1), date(2199, 12, 31)
"""Meetings are neither before the rooms were built nor in a year that is a slip of the keyboard."""
MOST_AROUND = 24 * 60
"""Minutes of set-up, or of clear-down, at most."""
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
RANKS = {
    1: "Statutory bodies",
    2: "UNEA and UN-Habitat Assembly",
    3: "Other intergovernmental",
    4: "Regional groups",
    5: "Secretariat",
    6: "Entities",
    7: "External",
}
KINDS = ("theatre", "classroom", "boardroom", "u-shape", "hollow square", "banquet", "cocktail", "plenary")


class Status(StrEnum):
    """How a booking stands."""

    ENQUIRY = "enquiry"
    WAITLIST = "waitlist"
    HOLD = "hold"
    CONFIRMED = "confirmed"
    IN_SESSION = "in_session"
    DONE = "done"
    CANCELLED = "cancelled"


LIVE = (Status.HOLD, Status.CONFIRMED, Status.IN_SESSION, Status.DONE)
"""States in which a booking has its space and nobody else can."""
WORDS = {
    Status.ENQUIRY: "an enquiry",
    Status.WAITLIST: "on the waitlist",
    Status.HOLD: "held",
    Status.CONFIRMED: "confirmed",
    Status.IN_SESSION: "in session",
    Status.DONE: "over",
    Status.CANCELLED: "cancelled",
}
_OPEN = (Status.ENQUIRY, Status.WAITLIST, Status.HOLD, Status.CONFIRMED, Status.CANCELLED)
MOVES: dict[Status, tuple[Status, ...]] = {
    **{status: tuple(other for other in _OPEN if other is not status) for status in _OPEN},
    Status.CONFIRMED: (*(other for other in _OPEN if other is not Status.CONFIRMED), Status.IN_SESSION),
    Status.IN_SESSION: (Status.CONFIRMED, Status.DONE),
    Status.DONE: (Status.IN_SESSION,),
}
"""What each state may become; what has begun is no longer cancelled, but ends."""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """From an instant to another, the end not included."""

    starts: datetime
    ends: datetime

    def overlaps(self, other: Slot) -> bool:
        """Whether the two share an instant."""
        return self.starts < other.ends and other.starts < self.ends

    def widened(self, before: int, after: int) -> Slot:
        """The same with so many minutes more before and after."""
        return Slot(self.starts - before * MINUTE, self.ends + after * MINUTE)

    def moved(self, minutes: int) -> Slot:
        """The same so many minutes later."""
        return Slot(self.starts + minutes * MINUTE, self.ends + minutes * MINUTE)


@dataclass(frozen=True, slots=True)
class Layout:
    """One arrangement of a space: seats, minutes for set-up and clear-down, and the days on which it is valid."""

    id: int
    kind: str
    capacity: int
    setup: int
    cleardown: int
    valid_from: date
    valid_to: date | None

    def is_valid(self, slot: Slot) -> bool:
        """Whether it is valid on every day of a slot."""
        return self.is_valid_on(day_of(slot.starts), day_of(slot.ends - MINUTE))

    def is_valid_on(self, first: date, last: date) -> bool:
        """Whether it is valid from a day to a day."""
        return self.valid_from <= first and (self.valid_to is None or last <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How many people or cars a building, or without one the compound, takes at once, or people through its gates in an
    hour."""

    kind: str
    building_id: int | None
    most: int
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it is valid on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Load:
    """The people of one booking and their cars, when they are there, and in which building."""

    slot: Slot
    people: int
    building_id: int | None
    cars: int = 0


@dataclass(frozen=True, slots=True)
class Excess:
    """A ceiling that would be broken: by how many people, counted when."""

    ceiling: Ceiling
    at: datetime
    people: int


def day_of(instant: datetime) -> date:
    """The day at the site."""
    return instant.astimezone(ZONE).date()


def midnight(day: date) -> datetime:
    """The instant at which a day begins at the site."""
    return datetime.combine(day, time(), ZONE)


def check_day(day: date, field: str) -> None:
    """Refuse a day that no meeting can be on."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Refusal(f"Choose a day from {FIRST_DAY.year} to {LAST_DAY.year}.", field)


def may_become(before: Status, after: Status) -> bool:
    """Whether one state follows on another."""
    return after in MOVES[before]


def excess(ceiling: Ceiling, slot: Slot, loads: Iterable[Load]) -> Excess | None:
    """The worst break of a ceiling within a slot, whose own people are among the `loads`; None where there is none.

    People at once peak where a booking starts or the ceiling begins; people through the gates are those who start in
    any hour that begins with a start.
    """
    # Within an hour before or after is all that can matter; most of what is known of a day is not.
    low, high = slot.starts - HOUR, slot.ends + HOUR
    here = [
        load
        for load in loads
        if load.slot.starts < high and load.slot.ends > low and ceiling.building_id in (None, load.building_id)
    ]
    if ceiling.kind != "gate":
        points = {load.slot.starts for load in here if slot.starts < load.slot.starts < slot.ends} | {slot.starts}
        begins = midnight(ceiling.valid_from)
        points |= {begins} if slot.starts < begins < slot.ends else set()
    else:
        points = {load.slot.starts for load in here if slot.starts - HOUR < load.slot.starts <= slot.starts}
        points.add(slot.starts)
    worst: Excess | None = None
    for point in sorted(points):
        if not ceiling.holds_on(day_of(point)):
            continue
        counted = (
            load.cars if ceiling.kind == "parking" else load.people
            for load in here
            if _counts(ceiling, load.slot, point)
        )
        total = sum(counted)
        if total > ceiling.most and (worst is None or total > worst.people):
            worst = Excess(ceiling, point, total)
    return worst


def _counts(ceiling: Ceiling, slot: Slot, point: datetime) -> bool:
    if ceiling.kind != "gate":
        return slot.starts <= point < slot.ends
    return point <= slot.starts < point + HOUR


def first_overlap(slots: Sequence[Slot]) -> tuple[Slot, Slot] | None:
    """Two of the slots that overlap, the earliest; None where none do."""
    ordered = sorted(slots)
    reaching: Slot | None = None
    for slot in ordered:
        if reaching is not None and slot.starts < reaching.ends:
            return reaching, slot
        if reaching is None or slot.ends > reaching.ends:
            reaching = slot
    return None
