"""Which vehicle suits a request: alone or beside others, at its own time or a little shifted, with the reasons.

Pure: it looks at the picture of the day. Every vehicle is answered for, those that do not do with what they lack.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cbo_desk.transport.driving import Timing, insert, moved, peak, shared_with_others, time_halts
from cbo_desk.transport.duty import AWAY
from cbo_desk.transport.picture import (
    DayPicture,
    DriverOfDay,
    TripOfDay,
    VehicleOfDay,
    Waiting,
    lacks_for,
    why_not,
)
from cbo_desk.transport.rules import TripState, clock, features
from cbo_desk.transport.skills import skills
from cbo_desk.transport.skills import wanted as skilled

STEP = timedelta(minutes=5)


@dataclass(frozen=True)
class Suggestion:
    """One vehicle for one request: what speaks for it, what against; `minutes` is the smallest shift that fits.

    `fits` is whether it can be assigned, with that shift. `trip_id` is the trip to join, 0 for a trip of its own.
    """

    vehicle_id: int
    name: str
    fits: bool
    driver_id: int = 0
    driver: str = ""
    minutes: int = 0
    trip_id: int = 0
    trip_version: int = 0
    pros: tuple[str, ...] = ()
    cons: tuple[str, ...] = ()


def suggest(day: DayPicture, wanted: Waiting) -> list[Suggestion]:
    """Every vehicle with its answer, the best first."""
    found = [_alone(day, wanted, vehicle) for vehicle in day.vehicles]
    found += [each for trip in day.trips if (each := _beside(day, wanted, trip)) is not None]
    return ranked(day, wanted, found)


def ranked(day: DayPicture, wanted: Waiting, found: Sequence[Suggestion]) -> list[Suggestion]:
    """The suggestions in their order, the best first."""
    return sorted(found, key=lambda each: _rank(day, wanted, each))


def _rank(day: DayPicture, wanted: Waiting, one: Suggestion) -> tuple[object, ...]:
    seats = next(vehicle.seats for vehicle in day.vehicles if vehicle.id == one.vehicle_id)
    return not one.fits, abs(one.minutes), len(one.cons), one.trip_id == 0, seats - wanted.people, one.name


def _alone(day: DayPicture, wanted: Waiting, vehicle: VehicleOfDay) -> Suggestion:
    lacks = _lacks(wanted, vehicle)
    if lacks:
        return Suggestion(vehicle.id, vehicle.name, False, cons=tuple(lacks))
    home = vehicle.home or wanted.halts[0].zone_id
    why: list[str] = []
    for by in _shifts(day.farthest):
        timing = time_halts(moved(wanted.halts, by), home, day.table)
        taken = _taken(day, vehicle.id, timing)
        if taken:
            why = why or [taken]
            continue
        driver = best_driver(day, vehicle.id, timing, wanted.driver_needs)
        if driver is None:
            why = why or [nobody_drives(day, vehicle, timing, wanted.driver_needs)]
            continue
        return _fitting(day, wanted, vehicle, driver, timing, by, why)
    return Suggestion(vehicle.id, vehicle.name, False, cons=tuple(why))


def _fitting(
    day: DayPicture, wanted: Waiting, vehicle: VehicleOfDay, driver: DriverOfDay, timing: Timing, by: timedelta,
    why: Sequence[str],
) -> Suggestion:  # fmt: skip
    minutes = round(by.total_seconds() / 60)
    cons = [*why, f"{abs(minutes)} min {'later' if minutes > 0 else 'earlier'}"] if minutes else []
    idle = vehicle.seats - wanted.people
    if idle >= 8:
        cons.append(f"{idle} seats stay empty")
    pros = [free_words(day, vehicle.id, timing), f"driver {driver.name}"]
    if features(wanted.needs) & features(vehicle.features):
        pros.append(vehicle.features)
    if wanted.driver_needs.strip():
        pros.append(skilled(skills(wanted.driver_needs)).removeprefix("a driver who "))
    return Suggestion(
        vehicle.id, vehicle.name, True, driver.id, driver.name, minutes, pros=tuple(pros), cons=tuple(cons)
    )


def _beside(day: DayPicture, wanted: Waiting, trip: TripOfDay) -> Suggestion | None:
    """Join a planned trip, if everybody is in time, has a seat and does not mind."""
    vehicle = next((each for each in day.vehicles if each.id == trip.vehicle_id), None)
    apart = trip.starts > wanted.pickup_to + day.farthest or trip.ends < wanted.pickup_from - day.farthest
    driving = next((each for each in day.drivers if each.id == trip.driver_id), None)
    if vehicle is None or trip.state != TripState.PLANNED or apart or _lacks(wanted, vehicle):
        return None
    if driving is None or lacks_for(driving, wanted.driver_needs):
        return None
    kept = [stop.halt for stop in trip.stops]
    home = vehicle.home or kept[0].zone_id
    timing = insert(kept, wanted.halts, home, day.table)
    halts = [stop.halt for stop in timing.stops]
    room = (vehicle.seats, vehicle.wheelchairs, vehicle.luggage)
    over = any(most > has for most, has in zip(peak(halts), room, strict=True))
    longer = (timing.ends - timing.starts) - (trip.ends - trip.starts)
    alone = time_halts(wanted.halts, home, day.table)
    # It must save half of a trip of its own: pooling is no end in itself.
    pays = longer * 2 <= alone.ends - alone.starts
    clash = any(
        other.id != trip.id and other.state != TripState.CANCELLED and _same(other, trip)
        and other.starts < timing.ends and other.ends > timing.starts
        for other in day.trips
    )  # fmt: skip
    if over or timing.late or shared_with_others(halts) or clash or not pays:
        return None
    minutes = max(0, round(longer.total_seconds() / 60))
    pros = (f"Shares {trip.title}, which takes {minutes} min longer", f"driver {driving.name}")
    return Suggestion(vehicle.id, vehicle.name, True, trip.driver_id, driving.name, 0, trip.id, trip.version, pros)


def _same(one: TripOfDay, other: TripOfDay) -> bool:
    return one.vehicle_id == other.vehicle_id or one.driver_id == other.driver_id


def _lacks(wanted: Waiting, vehicle: VehicleOfDay) -> list[str]:
    """What keeps a vehicle from the request at any time of the day."""
    found = []
    if vehicle.barred:
        found.append(vehicle.barred)
    most = peak(wanted.halts)
    for count, has, what in zip(
        most, (vehicle.seats, vehicle.wheelchairs, vehicle.luggage), ("seats", "wheelchair places", "luggage places"),
        strict=True,
    ):  # fmt: skip
        if count > has:
            found.append(f"{has} {what}, needs {count}")
    missing = sorted(features(wanted.needs) - features(vehicle.features))
    if missing:
        found.append(f"no {', '.join(missing)}")
    return found


def _shifts(farthest: timedelta) -> Iterable[timedelta]:
    """No shift, then ever farther, later before earlier."""
    yield timedelta()
    by = STEP
    while by <= farthest:
        yield by
        yield -by
        by += STEP


def _taken(day: DayPicture, vehicle_id: int, timing: Timing) -> str:
    """What the vehicle does at that time, "" where it is free."""
    for out in day.outages:
        if out.vehicle_id == vehicle_id and out.starts < timing.ends and out.ends > timing.starts:
            return f"{out.reason} until {clock(out.ends)}"
    for trip in day.trips:
        if trip.vehicle_id == vehicle_id and trip.state != TripState.CANCELLED:
            ends = max(trip.ends, day.now) if trip.state == TripState.ON_ROAD else trip.ends
            if trip.starts < timing.ends and ends > timing.starts:
                return f"{trip.title} until {clock(ends)}"
    return ""


def best_driver(day: DayPicture, vehicle_id: int, timing: Timing, driver_needs: str = "") -> DriverOfDay | None:
    """A driver who is free, on duty, may drive the vehicle and has what is asked for.

    Who has this vehicle already comes first, then who can do least else, then who has least to do: nobody who speaks
    French is taken where they need not.
    """
    vehicle = next((each for each in day.vehicles if each.id == vehicle_id), None)
    best: tuple[tuple[bool, int, float, str], DriverOfDay] | None = None
    for driver in _free_drivers(day, timing):
        if vehicle is None or why_not(vehicle, driver) or lacks_for(driver, driver_needs):
            continue
        own = [trip for trip in day.trips if trip.driver_id == driver.id and trip.state != TripState.CANCELLED]
        load = sum((trip.ends - trip.starts).total_seconds() for trip in own)
        score = (not any(trip.vehicle_id == vehicle_id for trip in own), len(driver.skills), load, driver.name)
        if best is None or score < best[0]:
            best = score, driver
    return None if best is None else best[1]


def nobody_drives(day: DayPicture, vehicle: VehicleOfDay, timing: Timing, driver_needs: str = "") -> str:
    """Why there is no driver for a vehicle at a time: nobody is free, may drive it, or has what is asked for."""
    free = _free_drivers(day, timing)
    if not free:
        return "No driver is free and on duty then"
    allowed = [driver for driver in free if not why_not(vehicle, driver)]
    if not allowed:
        return f"{why_not(vehicle, free[0])}: nobody who is free then has it"
    able = [each.name for each in day.drivers if not lacks_for(each, driver_needs) and not why_not(vehicle, each)]
    who = f"{', '.join(able[:2])} {'is' if len(able) == 1 else 'are'} not" if able else "nobody who may drive it is one"
    return f"It needs {skilled(skills(driver_needs))}, free and on duty then: {who}"


def _free_drivers(day: DayPicture, timing: Timing) -> list[DriverOfDay]:
    """The drivers with valid papers who are free and on duty all the time."""
    return [driver for driver in day.drivers if not driver.barred and _is_free(day, driver, timing)]


def _is_free(day: DayPicture, driver: DriverOfDay, timing: Timing) -> bool:
    own = [trip for trip in day.trips if trip.driver_id == driver.id and trip.state != TripState.CANCELLED]
    if any(trip.starts < timing.ends and trip.ends > timing.starts for trip in own):
        return False
    if any(t.kind in AWAY and t.starts < timing.ends and t.ends > timing.starts for t in driver.duties):
        return False
    return any(t.kind == "shift" and t.starts <= timing.starts and t.ends >= timing.ends for t in driver.duties)


def free_words(day: DayPicture, vehicle_id: int, timing: Timing) -> str:
    """How long the vehicle is free around a time, as one says it."""
    own = [trip for trip in day.trips if trip.vehicle_id == vehicle_id and trip.state != TripState.CANCELLED]
    if not own:
        return "Free all day"
    following = [trip for trip in own if trip.starts >= timing.ends]
    if following:
        first = min(following, key=lambda trip: trip.starts)
        return f"Free until {clock(first.starts)}, then {first.title}"
    return f"Free from {clock(max(trip.ends for trip in own))}"


def free_at(day: DayPicture, vehicle_id: int, starts: datetime, ends: datetime, without: int = 0) -> str:
    """What stands in the way of a vehicle from an instant to another, "" for nothing: asked while a bar is dragged."""
    for out in day.outages:
        if out.vehicle_id == vehicle_id and out.starts < ends and out.ends > starts:
            return f"{out.reason} until {clock(out.ends)}"
    for trip in day.trips:
        mine = trip.vehicle_id == vehicle_id and trip.id != without and trip.state != TripState.CANCELLED
        if mine and trip.starts < ends and trip.ends > starts:
            return f"{trip.title} until {clock(trip.ends)}"
    return ""


def why_unfit(day: DayPicture, vehicle: VehicleOfDay, kind: str, ident: int) -> str:
    """What a trip or a waiting request needs that a vehicle or, of a trip, its driver has not; asked during a drag."""
    trip = next((each for each in day.trips if kind == "trip" and each.id == ident), None)
    waits = next((each for each in day.waiting if kind == "request" and each.id == ident), None)
    needs = [each.needs for each in trip.asks] if trip is not None else [waits.needs] if waits is not None else []
    gone = sorted(features(" ".join(needs)) - features(vehicle.features))
    if gone:
        return f"{vehicle.plate} has no {', '.join(gone)}"
    driver = next((each for each in day.drivers if trip is not None and each.id == trip.driver_id), None)
    why = why_not(vehicle, driver) if driver is not None else ""
    return f"{why}; {driver.name} has not" if driver is not None and why else ""
