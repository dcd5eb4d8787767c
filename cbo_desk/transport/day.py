"""A day of transport as the planner sees it: vehicles, drivers, what is wanted, what is held fast, travel times.

Plain data that pickles: the desk fills a `Day` from its records, the planner answers with a `Proposal`
(`cbo_desk.transport.plan`), and the checker holds one against the other. Units: time is whole seconds since midnight
of the site's day (yesterday is negative, tomorrow beyond 86,400), distance whole metres, cost whole cents. `id`s are
those of the records; places are positions in the matrix.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from cbo_desk.transport.plan import Route

MIDNIGHT = 86_400
FOREVER = 10**9
"""A time that no day reaches: the end of a window that is open."""


@dataclass(frozen=True)
class Window:
    """From `earliest` to `latest`, both included."""

    earliest: int = -FOREVER
    latest: int = FOREVER


@dataclass(frozen=True)
class Load:
    """What a request needs and a vehicle has: passengers' seats, wheelchair places, units of luggage."""

    seats: int = 0
    wheelchairs: int = 0
    luggage: int = 0

    def __add__(self, other: Load) -> Load:
        """Both together."""
        return Load(self.seats + other.seats, self.wheelchairs + other.wheelchairs, self.luggage + other.luggage)

    def __sub__(self, other: Load) -> Load:
        """What is left without the other."""
        return Load(self.seats - other.seats, self.wheelchairs - other.wheelchairs, self.luggage - other.luggage)

    def fits(self, room: Load) -> bool:
        """Whether all of it finds a place in `room`."""
        return self.seats <= room.seats and self.wheelchairs <= room.wheelchairs and self.luggage <= room.luggage


@dataclass(frozen=True)
class Band:
    """Travel times of one part of the day: `seconds[a][b]` for a departure before `until` (and after the last band)."""

    until: int
    seconds: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Matrix:
    """How long and how far it is between places, by the time of departure.

    `bands` follow one another through the day; `metres[a][b]` is the same all day. A leg whose departure may fall in
    several bands is planned with the slowest of them: a plan that holds then holds in any traffic of those bands.
    """

    places: tuple[str, ...]
    metres: tuple[tuple[int, ...], ...]
    bands: tuple[Band, ...]

    def leg(self, start: int, end: int, departing: Window) -> int:
        """Seconds from one place to another when departing somewhen within a window."""
        if len(self.bands) == 1:
            return self.bands[0].seconds[start][end]
        slowest, since = 0, -FOREVER
        for number, band in enumerate(self.bands):
            last = number == len(self.bands) - 1
            if (last or departing.earliest < band.until) and departing.latest >= since:
                slowest = max(slowest, band.seconds[start][end])
            since = band.until
        return slowest


@dataclass(frozen=True)
class Vehicle:
    """A vehicle and where it stands.

    `free` are the hours in which it may be away from `home` (workshop and loans are left out). `barred` is the
    sentence why it stays out of every plan ("Insurance ended on 3 Jul 2026."), empty where nothing does. `fixed_cost`
    falls due once a day on which it leaves.
    """

    id: int
    name: str
    capacity: Load
    home: int
    skills: frozenset[str] = frozenset()
    free: tuple[Window, ...] = (Window(),)
    fixed_cost: int = 0
    km_cost: int = 0
    barred: str = ""


@dataclass(frozen=True)
class Break:
    """A rest of `length` seconds that begins within a window, at a standstill."""

    window: Window
    length: int


@dataclass(frozen=True)
class Driver:
    """A driver's day: `shift` in which they may be on duty, rests, and at most `duty` seconds between the first
    departure and the last return. `may_drive` names vehicles by id, None all; `skills` are languages and what they are
    trained for.
    """

    id: int
    name: str
    shift: Window
    duty: int = FOREVER
    breaks: tuple[Break, ...] = ()
    skills: frozenset[str] = frozenset()
    may_drive: frozenset[int] | None = None
    hour_cost: int = 0
    barred: str = ""


@dataclass(frozen=True)
class Request:
    """One ride wanted: from a place to a place, each within a window, with time to get in and out.

    `max_ride` bounds the seconds between the end of boarding and arrival. `pooled` False means that nobody else is
    aboard in between. `needs` the vehicle must have, `driver_needs` its driver. A way back is a request of its own that
    names the way out in `back_of`: with the same vehicle, which stays with the passengers if `waits`.
    `record` and `leg` lead back to what the desk calls a request: leg 1 out, leg 2 the way back of a waiting vehicle.
    """

    id: int
    name: str
    pickup: int
    dropoff: int
    pickup_window: Window
    dropoff_window: Window = field(default_factory=Window)
    load: Load = field(default_factory=lambda: Load(1))
    boarding: int = 0
    alighting: int = 0
    max_ride: int | None = None
    pooled: bool = True
    needs: frozenset[str] = frozenset()
    priority: int = 0
    back_of: int | None = None
    waits: bool = False
    record: int = 0
    leg: int = 1
    driver_needs: frozenset[str] = frozenset()


class Hold(StrEnum):
    """How firmly a request keeps to its vehicle."""

    CONFIRMED = "confirmed"
    """Told to the requester: same vehicle and driver, and the time told."""
    FROZEN = "frozen"
    """Frozen by the dispatcher: likewise."""
    ABOARD = "aboard"
    """Under way with the passengers aboard: only the drop-off is ahead."""
    DONE = "done"
    """Over: it no longer enters a plan, but its vehicle and driver were away."""


@dataclass(frozen=True)
class Lock:
    """A request that stays as it is: with this vehicle and driver; `boarded` is when those aboard got in.

    `begins` is the boarding time told to the requester; a plan keeps to it within `slack` seconds. `assumed` says that
    nobody noted it: a vehicle that has left is taken to keep to its plan.
    """

    request: int
    vehicle: int
    driver: int
    hold: Hold
    begins: int | None = None
    slack: int = 0
    boarded: int | None = None
    assumed: bool = False


@dataclass(frozen=True)
class Position:
    """Where a vehicle under way is, or will be free, and from when; `since` is when its driver's duty began."""

    vehicle: int
    driver: int
    place: int
    at: int
    since: int


@dataclass(frozen=True)
class Day:
    """Everything that a plan stands on. `now` is the earliest departure; before it nothing can be changed.

    `today` are the routes that stand now: the proposal is a difference against them. `road` is what is left of the
    routes of vehicles under way, from where each is, as far as it is known. Whoever is aboard may arrive `detour`
    seconds later for somebody else's sake.
    """

    matrix: Matrix
    vehicles: tuple[Vehicle, ...]
    drivers: tuple[Driver, ...]
    requests: tuple[Request, ...]
    locks: tuple[Lock, ...] = ()
    positions: tuple[Position, ...] = ()
    today: tuple[Route, ...] = ()
    now: int = -FOREVER
    road: tuple[Route, ...] = ()
    detour: int = 600

    @cached_property
    def vehicle(self) -> Mapping[int, Vehicle]:
        """Vehicles by id."""
        return {vehicle.id: vehicle for vehicle in self.vehicles}

    @cached_property
    def driver(self) -> Mapping[int, Driver]:
        """Drivers by id."""
        return {driver.id: driver for driver in self.drivers}

    @cached_property
    def request(self) -> Mapping[int, Request]:
        """Requests by id."""
        return {request.id: request for request in self.requests}

    @cached_property
    def position(self) -> Mapping[int, Position]:
        """Where vehicles under way are, by vehicle."""
        return {position.vehicle: position for position in self.positions}

    @cached_property
    def lock(self) -> Mapping[int, Lock]:
        """Locks by request."""
        return {lock.request: lock for lock in self.locks}
