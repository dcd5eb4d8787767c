"""A day of transport as plain values: who and what there is, what is planned, and where the rules are broken.

The board shows it, suggestions and clashes are reckoned from it; nothing here knows a database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cbo_desk.transport.driving import Halt, peak, shared_with_others
from cbo_desk.transport.duty import AWAY, Duty
from cbo_desk.transport.journeys import Journeys
from cbo_desk.transport.rules import State, TripState, clock, features
from cbo_desk.transport.skills import skills, wanted, why_not_drive


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
    """A trip on the board; `names` are the references it carries, `grace` how long after its time it is not late."""

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


def clashes(day: DayPicture) -> list[Clash]:
    """Every broken rule, trip by trip: what is planned too tight, what runs late into others, who is not there."""
    found: list[Clash] = []
    vehicles = {each.id: each for each in day.vehicles}
    drivers = {each.id: each for each in day.drivers}
    for trip in day.trips:
        if trip.state in (TripState.DONE, TripState.CANCELLED):
            continue
        found += _late_stops(trip)
        found += _runs_into(trip, day)
        found += _vehicle_rules(trip, vehicles.get(trip.vehicle_id), day.outages)
        found += _driver_rules(trip, drivers.get(trip.driver_id), day)
        found += _skill_rules(trip, vehicles.get(trip.vehicle_id), drivers.get(trip.driver_id))
    return found


def _minutes(time: timedelta) -> int:
    return -(-int(time.total_seconds()) // 60)


def _late_stops(trip: TripOfDay) -> list[Clash]:
    found = []
    for stop in trip.stops:
        latest = stop.halt.latest
        if stop.done_at is None and latest is not None and stop.arrives > latest:
            minutes = _minutes(stop.arrives - latest)
            word = "picked up" if stop.halt.kind == "pickup" else "dropped off"
            found.append(Clash(trip.id, "window", f"{stop.reference} is {word} {minutes} min late.", minutes))
    return found


def _runs_into(trip: TripOfDay, day: DayPicture) -> list[Clash]:
    """A trip that is not back in time keeps its vehicle and driver from the next one."""
    if trip.state != TripState.ON_ROAD or day.now <= trip.ends:
        return []
    found = []
    for other in day.trips:
        same = other.vehicle_id == trip.vehicle_id or other.driver_id == trip.driver_id
        if same and other.id != trip.id and other.state == TripState.PLANNED and other.starts < day.now:
            minutes = _minutes(day.now - other.starts)
            what = "vehicle" if other.vehicle_id == trip.vehicle_id else "driver"
            found.append(
                Clash(
                    other.id, "overdue", f"{other.title} waits {minutes} min for the {what} of {trip.title}.", minutes
                )
            )
    return found


def _vehicle_rules(trip: TripOfDay, vehicle: VehicleOfDay | None, outages: Sequence[Outage]) -> list[Clash]:
    if vehicle is None:
        return [Clash(trip.id, "gone", f"{trip.title}: the vehicle has left the fleet.")]
    found = []
    if vehicle.barred:
        found.append(Clash(trip.id, "papers", f"{vehicle.plate}: {vehicle.barred}"))
    for out in outages:
        if out.vehicle_id == vehicle.id and out.starts < trip.ends and out.ends > trip.starts:
            minutes = _minutes(min(out.ends, trip.ends) - max(out.starts, trip.starts))
            words = f"{vehicle.plate}: {out.reason} until {clock(out.ends)}, {minutes} min of {trip.title}."
            found.append(Clash(trip.id, "outage", words, minutes))
    halts = [stop.halt for stop in trip.stops]
    most = peak(halts)
    for count, has, what in zip(
        most, (vehicle.seats, vehicle.wheelchairs, vehicle.luggage), ("people", "wheelchairs", "pieces"), strict=True
    ):
        if count > has:
            found.append(Clash(trip.id, "seats", f"{trip.title}: {count} {what}, {vehicle.plate} takes {has}."))
    if shared_with_others(halts):
        found.append(Clash(trip.id, "alone", f"{trip.title}: somebody asked to travel alone."))
    return found


def _driver_rules(trip: TripOfDay, driver: DriverOfDay | None, day: DayPicture) -> list[Clash]:
    if driver is None:
        return [Clash(trip.id, "gone", f"{trip.title}: the driver no longer drives for us.")]
    found = []
    if driver.barred:
        found.append(Clash(trip.id, "papers", f"{driver.name}: {driver.barred}"))
    for time in driver.duties:
        if time.kind in AWAY and time.starts < trip.ends and time.ends > trip.starts:
            found.append(Clash(trip.id, "away", f"{driver.name} is away: {time.note or time.kind}."))
    shifts = [time for time in driver.duties if time.kind == "shift"]
    if not any(time.starts <= trip.starts and time.ends >= trip.ends for time in shifts):
        minutes = _outside(trip, shifts)
        found.append(Clash(trip.id, "shift", f"{driver.name}: {minutes} min of {trip.title} off shift.", minutes))
    own = [each for each in day.trips if each.driver_id == driver.id and each.state != TripState.CANCELLED]
    span = max(each.ends for each in own) - min(each.starts for each in own)
    over = span - timedelta(hours=day.duty_hours)
    if over > timedelta() and trip.ends == max(each.ends for each in own):
        minutes = _minutes(over)
        words = f"{driver.name}: {minutes} min beyond {day.duty_hours} hours of duty."
        found.append(Clash(trip.id, "duty", words, minutes))
    return found


def _skill_rules(trip: TripOfDay, vehicle: VehicleOfDay | None, driver: DriverOfDay | None) -> list[Clash]:
    """What a trip's requests and its vehicle ask for, and who has it not: records may change after it was planned."""
    if vehicle is None or driver is None:
        return []
    found = []
    why = why_not(vehicle, driver)
    if why:
        found.append(Clash(trip.id, "licence", f"{why}; {driver.name} has not."))
    for each in trip.asks:
        gone = sorted(features(each.needs) - features(vehicle.features))
        if gone:
            found.append(Clash(trip.id, "needs", f"{each.reference} needs {', '.join(gone)}; {vehicle.plate} has not."))
        lacks = lacks_for(driver, each.driver_needs)
        if lacks:
            found.append(Clash(trip.id, "skill", f"{each.reference} needs {wanted(lacks)}; {driver.name} does not."))
    return found


def _outside(trip: TripOfDay, shifts: Sequence[Duty]) -> int:
    """Minutes of a trip that lie in no shift."""
    covered = timedelta()
    for time in shifts:
        covered += max(timedelta(), min(time.ends, trip.ends) - max(time.starts, trip.starts))
    return _minutes(trip.ends - trip.starts - covered)
