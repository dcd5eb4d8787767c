"""What is proposed for a day of transport, and why: stops, routes, violations, reasons. Units as in `day`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Doing(StrEnum):
    """What happens at a stop."""

    START = "start"
    PICKUP = "pickup"
    DROPOFF = "dropoff"
    BREAK = "break"
    END = "end"


@dataclass(frozen=True)
class Stop:
    """One stop of a route: when the vehicle arrives, when it begins what it came for, and when it leaves.

    `request` names whose stop it is. A break names its number among the driver's breaks in `rest`.
    """

    doing: Doing
    place: int
    arrives: int = 0
    begins: int = 0
    leaves: int = 0
    request: int | None = None
    rest: int | None = None


@dataclass(frozen=True)
class Route:
    """A vehicle and a driver away from home: its stops from START to END in their order."""

    vehicle: int
    driver: int
    stops: tuple[Stop, ...]

    @property
    def requests(self) -> tuple[int, ...]:
        """The requests it serves, in the order of boarding; those aboard from the start come first."""
        first = dict.fromkeys(stop.request for stop in self.stops if stop.request is not None)
        return tuple(request for request in first if request is not None)


class Rule(StrEnum):
    """What a plan may not break; the word that a violation and a reason carry."""

    UNKNOWN = "unknown"
    PAIRING = "pairing"
    ORDER = "order"
    TWICE = "twice"
    BARRED = "barred"
    SKILL = "skill"
    LICENCE = "licence"
    SEATS = "seats"
    WHEELCHAIRS = "wheelchairs"
    LUGGAGE = "luggage"
    WINDOW = "window"
    RIDE = "ride"
    POOL = "pool"
    TRAVEL = "travel"
    SHIFT = "shift"
    BREAK = "break"
    DUTY = "duty"
    FREE = "free"
    CLASH = "clash"
    LOCK = "lock"
    BACK = "back"
    WAIT = "wait"
    PAST = "past"


@dataclass(frozen=True)
class Violation:
    """A rule that a route breaks: by how many seconds or units, at whose request, in words."""

    rule: Rule
    said: str
    vehicle: int | None = None
    request: int | None = None
    by: int = 0

    @property
    def minutes(self) -> int:
        """The seconds as whole minutes, rounded up."""
        return -(-self.by // 60)


@dataclass(frozen=True)
class Reason:
    """Why a request does not go with a vehicle, as it stands in the plan.

    `rule` and `by` (seconds, or units of load) name what the best insertion breaks; `shift` is the smallest move of
    both its windows, in seconds (later is positive), with which it fits; `displaces` the trip that would have to go.
    """

    request: int
    vehicle: int
    driver: int | None
    rule: Rule
    said: str
    by: int = 0
    shift: int | None = None
    displaces: int | None = None


@dataclass(frozen=True)
class Proposal:
    """A plan of the day that the checker has passed: routes, and who is left over (`reasons` tells why).

    `solver` says which machinery made it and `said` what a person should know of how ("VROOM is missing here").
    Vehicles `apart` stay as they are: what they have promised cannot all be kept, and no plan touches them.
    """

    routes: tuple[Route, ...]
    unassigned: tuple[int, ...] = ()
    apart: tuple[int, ...] = ()
    metres: int = 0
    cost: int = 0
    solver: str = ""
    said: str = ""
    seconds: float = 0.0
