"""A day of transport as plain values: who and what there is, what is planned, and where the rules are broken.

The board shows it, suggestions and clashes are reckoned from it; nothing here knows a database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cbo_desk.transport.driving import Halt
from cbo_desk.transport.duty import Duty
from cbo_desk.transport.journeys import Journeys
from cbo_desk.transport.rules import State, TripState
from cbo_desk.transport.skills import skills, why_not_drive


@dataclass(frozen=True)
class VehicleOfDay:
    """A vehicle on a day; `barred` is the sentence why it stays out of plans, "" where nothing does."""

    id: int
    plate: str
    called: str
    seats: int
    wheelchairs: int
    luggage: int
    features: str
    home: int | None
    barred: str = ""
    tag: str = ""
    licence: str = ""
    driver_needs: str = ""

    @property
    def name(self) -> str:
        """Plate and model, as the board's gutter shows them."""
        return f"{self.plate} · {self.called.split()[-1]}" if self.called else self.plate


@dataclass(frozen=True)
class DriverOfDay:
    """A driver on a day: shifts, absences, why they may not be planned, licence classes, languages and skills;
    `known` is how one reads the latter.
    """

    id: int
    name: str
    duties: tuple[Duty, ...] = ()
    barred: str = ""
    classes: str = ""
    skills: frozenset[str] = frozenset()
    known: str = ""


@dataclass(frozen=True)
class Outage:
    """A vehicle that cannot be used for a while."""

    id: int
    vehicle_id: int
    starts: datetime
    ends: datetime
    reason: str


@dataclass(frozen=True)
class StopOfDay:
    """A stop of a trip with what is asked of it."""

    seq: int
    reference: str
    halt: Halt
    zone: str
    arrives: datetime
    leaves: datetime
    done_at: datetime | None


@dataclass(frozen=True)
class Asks:
    """What a request on a trip needs of the vehicle and of its driver, as words."""

    reference: str
    needs: str = ""
    driver_needs: str = ""


@dataclass(frozen=True)
class TripOfDay:
    """A trip on the board; `names` are the references it carries, `grace` how long after its time it is not late.

    `loaded` with mail, it stays with its vehicle and driver.
    """

    id: int
    reference: str
    vehicle_id: int
    driver_id: int
    starts: datetime
    ends: datetime
    state: TripState
    locked: bool
    departed_at: datetime | None
    returned_at: datetime | None
    version: int
    names: tuple[str, ...]
    requests: tuple[int, ...]
    people: int
    stops: tuple[StopOfDay, ...] = ()
    asks: tuple[Asks, ...] = ()
    grace: timedelta = timedelta()
    loaded: bool = False

    @property
    def title(self) -> str:
        """What its bar says: the reference, and how many more share it."""
        if not self.names:
            return self.reference
        more = len(self.names) - 1
        return self.names[0] + (f" +{more}" if more else "")

    def is_late(self, now: datetime) -> bool:
        """Whether it should have left, or should be back, for longer than the grace."""
        if self.state == TripState.PLANNED:
            return now > self.starts + self.grace and any(now > s.halt.earliest + self.grace for s in self.stops[:1])
        return self.state == TripState.ON_ROAD and now > self.ends + self.grace


@dataclass(frozen=True)
class Waiting:
    """A request without a vehicle, in the tray; `state` tells whether it is approved."""

    id: int
    reference: str
    route: str
    state: State
    pickup_from: datetime
    pickup_to: datetime
    people: int
    needs: str
    requester: str
    version: int
    halts: tuple[Halt, ...] = ()
    driver_needs: str = ""


@dataclass(frozen=True)
class Clash:
    """A rule that is broken on the board, with the minutes where there are any."""

    trip_id: int
    rule: str
    words: str
    minutes: int = 0


@dataclass(frozen=True)
class DayPicture:
    """Everything on one day; `grace` is how long after its time nothing is late, `farthest` how far one may shift."""

    day: date
    now: datetime
    vehicles: tuple[VehicleOfDay, ...]
    drivers: tuple[DriverOfDay, ...]
    trips: tuple[TripOfDay, ...]
    outages: tuple[Outage, ...]
    waiting: tuple[Waiting, ...]
    table: Journeys
    duty_hours: int
    clashes: tuple[Clash, ...] = field(default=())
    grace: timedelta = timedelta()
    farthest: timedelta = timedelta(hours=2)


def why_not(vehicle: VehicleOfDay, driver: DriverOfDay) -> str:
    """Why a driver may not drive a vehicle whatever the trip, "" where they may."""
    return why_not_drive(vehicle.plate, vehicle.licence, vehicle.driver_needs, driver.classes, driver.skills)


def lacks_for(driver: DriverOfDay, driver_needs: str) -> frozenset[str]:
    """What a request asks of its driver that this one has not."""
    return skills(driver_needs) - driver.skills
