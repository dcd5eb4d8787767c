"""Where a day breaks the rules: late, taken twice, too full, off shift, without papers, with the minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from cbo_desk.transport.driving import peak, shared_with_others
from cbo_desk.transport.duty import AWAY, Duty
from cbo_desk.transport.picture import (
    Clash,
    DayPicture,
    DriverOfDay,
    Outage,
    TripOfDay,
    VehicleOfDay,
    lacks_for,
    why_not,
)
from cbo_desk.transport.rules import TripState, clock, features
from cbo_desk.transport.skills import wanted


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
