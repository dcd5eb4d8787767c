"""A day's trips as lines of a few words: what Today shows of them, read in three statements however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.context import ZONE, actor, now
from cbo_desk.permissions import reads
from cbo_desk.transport.board import short_name
from cbo_desk.transport.kinds import late_after
from cbo_desk.transport.rules import State, TripState, is_late
from db.fleet import Driver, Vehicle
from db.transport import Trip, TripRequest


@dataclass(frozen=True)
class TripOnDay:
    """A trip, or a request without a vehicle: then `trip_id` and `vehicle_id` are 0.

    `requests` are the references it carries and `request_id` is the first one's. `starts` and `ends` are when it really
    left and came back, once it has. `mine` says that the person at work asked for it, or drives it.
    """

    trip_id: int
    request_id: int
    requests: tuple[str, ...]
    goal: str
    vehicle_id: int
    vehicle: str
    driver: str
    starts: datetime
    ends: datetime
    state: str
    late: bool
    mine: bool


@reads("transport", "look at trips")
def trips_on(session: Session, day: date) -> list[TripOnDay]:
    """The trips of a day at the site by vehicle, then what waits for one; what begins before or ends after it, too."""
    starts = datetime.combine(day, time(), ZONE)
    ends = starts + timedelta(days=1)
    carried: dict[int, list[TripRequest]] = {}
    during = (Trip.state != TripState.CANCELLED, Trip.ends > starts, Trip.starts < ends)
    of_trips = select(TripRequest).join(Trip, Trip.id == TripRequest.trip_id).where(*during)
    for row in session.scalars(of_trips.order_by(TripRequest.id)):
        carried.setdefault(row.trip_id or 0, []).append(row)
    wanted = (
        select(Trip, Vehicle.plate, Vehicle.make, Vehicle.model, Driver.sort_name, Driver.person_id)
        .join(Vehicle, Vehicle.id == Trip.vehicle_id)
        .join(Driver, Driver.id == Trip.driver_id)
        .where(*during)
        .order_by(Vehicle.plate, Trip.starts, Trip.id)
    )
    grace = late_after(session, day)
    me, instant = actor(session).person_id, now(session)
    found = []
    for trip, plate, make, model, driver, person in session.execute(wanted):
        rows = carried.get(trip.id, [])
        called = " ".join(part for part in (make, model) if part)
        gone = trip.departed_at is not None
        late = any(is_late(row.state, row.pickup_to, gone, trip.ends, instant, grace) for row in rows)
        found.append(
            TripOnDay(
                trip.id, rows[0].id if rows else 0, tuple(row.reference for row in rows) or (trip.reference,),
                _goal(rows[0].route) if rows else "", trip.vehicle_id,
                f"{plate} · {called.split()[-1]}" if called else plate, short_name(driver),
                trip.departed_at or trip.starts, trip.returned_at or trip.ends, trip.state, late,
                me is not None and me in (person, *(row.requester_id for row in rows)),
            )
        )  # fmt: skip
    waits = select(TripRequest).where(
        TripRequest.state.in_((State.APPROVED, State.REQUESTED)),
        TripRequest.pickup_from >= starts,
        TripRequest.pickup_from < ends,
    )
    for row in session.scalars(waits.order_by(TripRequest.pickup_from, TripRequest.id)):
        over = row.drop_by or row.pickup_from + timedelta(hours=1)
        found.append(
            TripOnDay(
                0, row.id, (row.reference,), _goal(row.route), 0, "", row.requester, row.pickup_from, over, row.state,
                is_late(row.state, row.pickup_to, False, None, instant, grace),
                me is not None and row.requester_id == me,
            )
        )  # fmt: skip
    return found


def _goal(route: str) -> str:
    """Where a route such as "Gigiri → JKIA T1A" leads to."""
    return route.rpartition("→")[2].strip()
