"""A plan of the day from the records and back: what it stands on, and what of it is taken, in one deed.

What a plan stands on is remembered with it. If somebody changes a trip that the plan would touch while it is looked
at, taking it is refused: two dispatchers never overwrite each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes
from cbo_desk.context import ZONE, today
from cbo_desk.dated import value_on
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed, reads
from cbo_desk.transport.crews import stands
from cbo_desk.transport.day import Day, Request, Window
from cbo_desk.transport.day_query import day_of_plan, zones_of
from cbo_desk.transport.difference import Taken, take, take_trip, trips_of
from cbo_desk.transport.kinds import RIDE_MORE, RIDE_TIMES
from cbo_desk.transport.legs import leg
from cbo_desk.transport.plan import Doing, Proposal, Route, Stop
from cbo_desk.transport.planning import PlannedStop, PlannedTrip, planned_from, put_trips
from cbo_desk.transport.rules import TripState
from cbo_desk.transport.zones import travel_table
from db.transport import Trip, TripRequest


@dataclass(frozen=True)
class Standing:
    """A trip as it stood when the plan was made."""

    trip: int
    version: int
    vehicle: int


@dataclass(frozen=True)
class Basis:
    """What a plan stands on: the day, its date, the zones of its places, and the trips as they stood."""

    date: date
    day: Day
    zones: tuple[int, ...]
    trips: tuple[Standing, ...]


@dataclass(frozen=True)
class Choice:
    """What of a proposal is taken: everything (both None), some vehicles, or the trip of one request."""

    vehicles: tuple[int, ...] | None = None
    request: int | None = None


@reads("transport", "plan the day")
def basis_of_plan(session: Session, day: date | None = None) -> Basis:
    """The day as the planner sees it, with what has to stand unchanged when the plan is taken."""
    of = day or today(session)
    times, more = float(value_on(session, RIDE_TIMES.name, of)), 60 * int(value_on(session, RIDE_MORE.name, of))
    seen = with_short_rides(day_of_plan(session, day), times, more)
    trips = tuple(Standing(row.id, row.version, row.vehicle_id) for row in _trips(session, of))
    return Basis(of, seen, zones_of(travel_table(session)), trips)


def with_short_rides(day: Day, times: float, more: int) -> Day:
    """The day with shorter longest rides for whoever has no vehicle yet: so many times the direct way and seconds more.

    The setting bounds the worst; a plan that keeps people sitting in a standing vehicle for an hour to save a few
    kilometres is no good plan. Whoever rides already, or was told when, keeps to the setting alone.
    """
    known = set(stands(day)) | set(day.lock)

    def shorter(request: Request) -> Request:
        if request.max_ride is None or request.id in known:
            return request
        up = Stop(Doing.PICKUP, request.pickup, request=request.id)
        direct = leg(day, up, Stop(Doing.DROPOFF, request.dropoff, request=request.id))
        return replace(request, max_ride=max(direct, min(request.max_ride, int(direct * times) + more)))

    return replace(day, requests=tuple(shorter(request) for request in day.requests))


def _trips(session: Session, of: date) -> list[Trip]:
    """The trips of a day that are not cancelled, in the order of their ids."""
    start = datetime.combine(of, time(), ZONE)
    wanted = (
        select(Trip)
        .where(Trip.starts >= start, Trip.starts < start + timedelta(days=1), Trip.state != TripState.CANCELLED)
        .order_by(Trip.id)
    )
    return list(session.scalars(wanted))


def chosen(basis: Basis, proposal: Proposal, choice: Choice) -> Taken:
    """The routes that stand if a part of a proposal is taken, and which rules they would break together."""
    if choice.request is not None:
        return take_trip(basis.day, proposal, choice.request)
    vehicles = choice.vehicles
    if vehicles is None:
        vehicles = tuple(basis.day.vehicle.keys() - set(proposal.apart))
    return take(basis.day, proposal, vehicles)


@dataclass(frozen=True)
class Taking:
    """A part of a proposal as trips: those to write, those to cancel, and the versions they had when it was planned."""

    trips: tuple[PlannedTrip, ...]
    dropped: tuple[int, ...]
    stood: tuple[tuple[int, int | None], ...]


@reads("transport", "plan the day")
def taking_of(session: Session, basis: Basis, proposal: Proposal, choice: Choice) -> Taking:
    """What was chosen of a proposal, as trips.

    Refused where the part taken would break a rule together with what stays, and where nothing would change.
    """
    taken = chosen(basis, proposal, choice)
    if taken.wrong:
        raise Refusal(f"This part cannot be taken alone: {taken.wrong[0].said} Take the whole plan, or another part.")
    rows = {row.id: row for row in _trips(session, basis.date)}
    wanted, dropped = _wanted(session, basis, taken.routes, rows)
    if not wanted and not dropped:
        raise Refusal("Nothing changes: the day stands as proposed.")
    stood = {standing.trip: standing.version for standing in basis.trips}
    touched = sorted({each.trip_id for each in wanted if each.trip_id} | set(dropped))
    return Taking(tuple(wanted), tuple(dropped), tuple((ident, stood.get(ident)) for ident in touched))


@deed("transport.accept_plan", "plan trips")
def accept_plan(session: Session, taking: Taking) -> Changes:
    """Write a part of a proposal as trips, all or nothing; everything else stays as it stands.

    Refused where a trip that it touches was changed since the plan was made, and wherever a trip put by hand would be.
    """
    stood = dict(taking.stood)
    versions = session.execute(select(Trip.id, Trip.version).where(Trip.id.in_(stood)).with_for_update())
    if {ident: version for ident, version in versions} != stood:  # noqa: C416 - rows are no pairs to the types
        raise Refusal("A trip of this plan was changed by somebody else in the meantime. Plan the day again.")
    vehicles = len({each.vehicle_id for each in taking.trips})
    trips = "1 trip" if len(taking.trips) == 1 else f"{len(taking.trips)} trips"
    said = f"{trips} on {'1 vehicle' if vehicles == 1 else f'{vehicles} vehicles'} planned, as proposed."
    return put_trips(session, taking.trips, taking.dropped, said if taking.trips else "")


def _wanted(
    session: Session, basis: Basis, routes: Sequence[Route], rows: dict[int, Trip]
) -> tuple[list[PlannedTrip], list[int]]:
    """The trips to write, and those to cancel; what would be written as it stands is left alone."""
    stand = {ident: planned_from(session, row) for ident, row in rows.items() if row.state != TripState.DONE}
    holds = {request: ident for ident, trip in stand.items() for request in trip.requests}
    records = session.scalars(
        select(TripRequest).where(TripRequest.id.in_({request.record for request in basis.day.requests}))
    )
    writer = _Writer(basis, {row.id: row for row in records})
    held = {basis.day.request[lock.request].record for lock in basis.day.locks if lock.request in basis.day.request}
    used: set[int] = set()
    wanted = []
    for route in routes:
        trips = _as_one(trips_of(basis.day, route), _under_way(basis, route, rows, holds))
        for number, stops in enumerate(trips):
            trip = writer.trip(route, stops, number == len(trips) - 1)
            # A trip that is held, for instance since it carries mail, stays the one that it is.
            first = sorted(trip.requests, key=lambda one: one not in held)
            ident = next((holds[one] for one in first if holds.get(one) not in {None, *used}), 0)
            used.add(ident)
            before = stand.get(ident)
            if before is not None:
                trip = replace(trip, trip_id=ident, locked=before.locked)
                if rows[ident].state == TripState.ON_ROAD:
                    trip = replace(trip, starts=before.starts, stops=(*_over(before, trip), *trip.stops))
            if before is None or not _same(before, trip):
                wanted.append(trip)
    planned = {ident for ident, row in rows.items() if row.state == TripState.PLANNED}
    apart = {row.id for row in rows.values() if row.vehicle_id not in basis.day.vehicle}
    known = {standing.trip for standing in basis.trips}
    return wanted, sorted((planned & known) - used - apart - _untouched(basis, routes, stand))


def _untouched(basis: Basis, routes: Sequence[Route], stand: dict[int, PlannedTrip]) -> set[int]:
    """Trips of which the plan knows nothing, since none of their requests was in the day."""
    known = {request.record for request in basis.day.requests}
    return {ident for ident, trip in stand.items() if not known & set(trip.requests)}


def _under_way(basis: Basis, route: Route, rows: dict[int, Trip], holds: dict[int, int]) -> set[int]:
    """Those on a route who are on a trip that has left, by the planner's ids."""
    records = {one: basis.day.request[one].record for one in route.requests}
    return {
        one
        for one, record in records.items()
        if record in holds and rows[holds[record]].state == TripState.ON_ROAD
    }


def _as_one(trips: Sequence[tuple[Stop, ...]], under_way: set[int]) -> list[tuple[Stop, ...]]:
    """Trips of a route, those of a trip that has left as one up to its last stop: it has one ticket until it is back.
    """
    last = max((at for at, trip in enumerate(trips) if any(stop.request in under_way for stop in trip)), default=-1)
    return [tuple(stop for trip in trips[: last + 1] for stop in trip)] * (last >= 0) + list(trips[last + 1 :])


def _over(before: PlannedTrip, trip: PlannedTrip) -> tuple[PlannedStop, ...]:
    """The stops of a trip under way that are over, ticked or not, and stay as they were."""
    own = {(stop.request_id, stop.leg, stop.kind) for stop in trip.stops}
    return tuple(stop for stop in before.stops if (stop.request_id, stop.leg, stop.kind) not in own)


def _same(before: PlannedTrip, after: PlannedTrip) -> bool:
    """Whether a trip would be written as it stands: vehicle, driver, order, and times to the minute."""

    def told(trip: PlannedTrip) -> tuple[object, ...]:
        return trip.vehicle_id, trip.driver_id, tuple(
            (stop.request_id, stop.leg, stop.kind, stop.arrives.replace(second=0)) for stop in trip.stops
        )  # fmt: skip

    return told(before) == told(after)


class _Writer:
    """Routes of the planner as trips of the records."""

    def __init__(self, basis: Basis, records: dict[int, TripRequest]) -> None:
        self.basis, self.records = basis, records
        self.midnight = datetime.combine(basis.date, time(), ZONE)

    def at(self, seconds: int) -> datetime:
        """A time of the day as an instant."""
        return self.midnight + timedelta(seconds=seconds)

    def trip(self, route: Route, stops: Sequence[Stop], last: bool) -> PlannedTrip:
        """One trip: from when its vehicle sets out to its first stop until it is free again, or home."""
        before = route.stops[route.stops.index(stops[0]) - 1]
        drive = self.basis.day.matrix.leg(before.place, stops[0].place, Window(before.leaves, stops[0].begins))
        starts = max(before.leaves, stops[0].begins - drive)
        ends = route.stops[-1].arrives if last else stops[-1].leaves
        return PlannedTrip(0, route.vehicle, route.driver, self.at(starts), self.at(max(ends, starts + 60)),
                           tuple(self.stop(stop) for stop in stops))  # fmt: skip

    def stop(self, stop: Stop) -> PlannedStop:
        """A stop as the records have it: by zone and by the words for the place."""
        assert stop.request is not None
        request = self.basis.day.request[stop.request]
        record = self.records[request.record]
        outward = (stop.doing is Doing.PICKUP) == (request.leg == 1)
        return PlannedStop(
            request.record, request.leg, stop.doing.value, self.basis.zones[stop.place],
            record.from_place if outward else record.to_place, self.at(stop.begins), self.at(stop.leaves),
        )  # fmt: skip
