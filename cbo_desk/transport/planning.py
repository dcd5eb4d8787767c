"""Putting requests on trips: one deed writes any set of trips anew, by hand or from an accepted plan.

`put_trips` is the only way in which a trip gets its vehicle, driver, time and stops. It first lets go of every trip it
touches, so two trips may change vehicles in one deed, and its undo is the same deed with what stood before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cbo_desk import search
from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, local, now
from cbo_desk.errors import Refusal
from cbo_desk.numbers import next_reference
from cbo_desk.permissions import deed
from cbo_desk.tags import give_tags
from cbo_desk.transport.asking import check_asked
from cbo_desk.transport.drivers import duties
from cbo_desk.transport.duty import AWAY, TIME_WORDS
from cbo_desk.transport.kinds import DRIVER, REQUEST, TRIP, VEHICLE
from cbo_desk.transport.loaded import loaded
from cbo_desk.transport.papers import why_barred
from cbo_desk.transport.requests import these_requests, when
from cbo_desk.transport.rules import WORDS, State, TripState, clock
from cbo_desk.transport.telling import tell
from db.fleet import Driver, Vehicle, VehicleOutage
from db.transport import Trip, TripEvent, TripRequest, TripStop

SERIES = "TT"


@dataclass(frozen=True)
class PlannedStop:
    """A stop of a trip as it is to be."""

    request_id: int
    leg: int
    kind: str
    zone_id: int
    place: str
    arrives: datetime
    leaves: datetime
    done_at: datetime | None = None


@dataclass(frozen=True)
class PlannedTrip:
    """A trip as it is to be: `trip_id` 0 makes a new one, `version` is the one it was planned from (None: any)."""

    trip_id: int
    vehicle_id: int
    driver_id: int
    starts: datetime
    ends: datetime
    stops: tuple[PlannedStop, ...]
    locked: bool = False
    version: int | None = None

    @property
    def requests(self) -> tuple[int, ...]:
        """Whom it carries, in the order of the first stops."""
        return tuple(dict.fromkeys(stop.request_id for stop in self.stops))


@deed("transport.put_trips", "plan trips")
def put_trips(session: Session, wanted: Sequence[PlannedTrip], dropped: Sequence[int] = (), said: str = "") -> Changes:
    """Write trips as they are to be, and cancel those `dropped`, all or nothing.

    Refused, with the reason, where a vehicle or driver is taken, away or without valid papers, where a request is
    somebody else's by now, or where a trip was changed since it was planned from.
    """
    rows = _these_trips(session, [*(each.trip_id for each in wanted if each.trip_id), *dropped])
    for each in wanted:
        row = rows.get(each.trip_id)
        if row is not None and each.version is not None and row.version != each.version:
            raise Refusal(f"{row.reference} was changed by somebody else in the meantime. Look at it anew.")
    before = [planned_from(session, row) for row in rows.values() if row.state != TripState.CANCELLED]
    # A trip that was cancelled stands nowhere: taking this deed back cancels it again.
    revived = [row.id for row in rows.values() if row.state == TripState.CANCELLED]
    # Loaded with mail a trip is never cancelled, not even for this moment: it finds its place first.
    kept = loaded(session, [each.trip_id for each in wanted])
    states = _let_go(session, rows.values(), kept)
    touched = {request for each in before for request in each.requests}
    stood = {(each.vehicle_id, each.driver_id, request) for each in before for request in each.requests}
    order = sorted(wanted, key=lambda each: each.trip_id not in kept)
    put = {id(each): _put(session, each, rows.get(each.trip_id), states, stood) for each in order}
    made = [put[id(each)] for each in wanted]
    _tell_new(session, zip(made, wanted, strict=True), touched)
    touched |= {request for each in wanted for request in each.requests}
    for ident in dropped:
        note_event(session, ident, "cancelled")
    session.flush()
    new = [row.id for row, each in zip(made, wanted, strict=True) if not each.trip_id]
    ids = tuple(dict.fromkeys([*(row.id for row in made), *dropped]))
    undo = Deed(put_trips, (tuple(before), (*new, *(ident for ident in revived if ident not in dropped)), "As before."))
    return Changes(TRIP, ids, said or _told(session, made, dropped), undo, {REQUEST: tuple(sorted(touched))})


@deed("transport.lock_trips", "freeze trips")
def lock_trips(session: Session, ids: Sequence[int], locked: bool = True) -> Changes:
    """Freeze trips so that no plan moves them, or let them go again."""
    rows = _these_trips(session, ids)
    for row in rows.values():
        row.locked = locked
        note_event(session, row.id, "locked" if locked else "unlocked")
    session.flush()
    names = ", ".join(row.reference for row in rows.values())
    word = "frozen: no plan moves it" if locked else "free for plans again"
    touched = _requests_of(session, ids)
    return Changes(TRIP, tuple(ids), f"{names} {word}.", Deed(lock_trips, (tuple(ids), not locked)), {REQUEST: touched})


def planned_from(session: Session, row: Trip) -> PlannedTrip:
    """A trip as it stands, ready to be put back."""
    stops = session.scalars(select(TripStop).where(TripStop.trip_id == row.id).order_by(TripStop.seq))
    return PlannedTrip(
        row.id, row.vehicle_id, row.driver_id, row.starts, row.ends,
        tuple(
            PlannedStop(s.request_id, s.leg, s.kind, s.zone_id, s.place, s.arrives, s.leaves, s.done_at) for s in stops
        ),
        row.locked,
    )  # fmt: skip


def check_free(
    session: Session, vehicle_id: int, driver_id: int, starts: datetime, ends: datetime, without: Iterable[int] = ()
) -> None:
    """Refuse a vehicle or driver that cannot be had: the friendly word before the database's own."""
    others = list(without)
    for column, ident, name, field in (
        (Trip.vehicle_id, vehicle_id, _plate(session, vehicle_id), "vehicle_id"),
        (Trip.driver_id, driver_id, _driver(session, driver_id), "driver_id"),
    ):
        clash = session.scalars(
            select(Trip)
            .where(column == ident, Trip.state != TripState.CANCELLED, Trip.starts < ends, Trip.ends > starts)
            .where(Trip.id.not_in(others))
            .order_by(Trip.starts)
            .limit(1)
        ).first()
        if clash is not None:
            raise Refusal(
                f"{name} is on {clash.reference} from {clock(clash.starts)} to {clock(clash.ends)}. "
                "Choose another one, or another time.",
                field,
            )
    first, last = local(starts).date(), local(ends).date()
    for kind, ident, name, field in (
        (VEHICLE, vehicle_id, _plate(session, vehicle_id), "vehicle_id"),
        (DRIVER, driver_id, _driver(session, driver_id), "driver_id"),
    ):
        why = why_barred(session, kind, [ident], first, last)[ident]
        if why:
            raise Refusal(f"{name} cannot be planned: {why}", field)
    _check_away(session, vehicle_id, driver_id, starts, ends)


def _check_away(session: Session, vehicle_id: int, driver_id: int, starts: datetime, ends: datetime) -> None:
    out = session.scalars(
        select(VehicleOutage)
        .where(VehicleOutage.vehicle_id == vehicle_id, VehicleOutage.starts < ends, VehicleOutage.ends > starts)
        .limit(1)
    ).first()
    if out is not None:
        raise Refusal(f"{_plate(session, vehicle_id)}: {out.reason} until {clock(out.ends)}.", "vehicle_id")
    for time in duties(session, [driver_id], local(starts).date())[driver_id]:
        if time.kind in AWAY and time.starts < ends and time.ends > starts:
            raise Refusal(f"{_driver(session, driver_id)} is {TIME_WORDS[time.kind]} then.", "driver_id")


def _these_trips(session: Session, ids: Sequence[int]) -> dict[int, Trip]:
    wanted = select(Trip).where(Trip.id.in_(ids)).order_by(Trip.id).with_for_update()
    rows = {row.id: row for row in session.scalars(wanted)}
    if len(rows) < len(set(ids)):
        raise Refusal("A trip is no longer there.")
    over = next((row for row in rows.values() if row.state == TripState.DONE), None)
    if over is not None:
        raise Refusal(f"{over.reference} is over: it stays as it was.")
    return rows


def _let_go(session: Session, rows: Iterable[Trip], kept: Collection[int]) -> dict[int, str]:
    """Take everything off the trips and let their vehicles and drivers go; how each stood."""
    states = {row.id: row.state for row in rows}
    session.execute(delete(TripStop).where(TripStop.trip_id.in_(list(states))))
    for request in session.scalars(select(TripRequest).where(TripRequest.trip_id.in_(list(states)))):
        request.trip_id, request.state = None, State.APPROVED
    session.flush()
    for row in rows:
        if row.id not in kept:
            row.state = TripState.CANCELLED
    session.flush()
    return states


def _put(
    session: Session, wanted: PlannedTrip, row: Trip | None, states: dict[int, str], stood: set[tuple[int, int, int]]
) -> Trip:
    if not wanted.stops:
        raise Refusal("A trip carries somebody. Take it away instead.")
    check_free(session, wanted.vehicle_id, wanted.driver_id, wanted.starts, wanted.ends, [wanted.trip_id])
    requests = these_requests(session, wanted.requests)
    for request in requests:
        if request.state not in (State.APPROVED, State.REQUESTED) or request.trip_id is not None:
            raise Refusal(f"{request.reference} is {WORDS[State(request.state)]} already. Look at it anew.")
        if request.state == State.REQUESTED:
            raise Refusal(f"{request.reference} is not approved yet.")
        # What stood so already may go on so: a clash tells of it, and the trip can still be moved.
        if (wanted.vehicle_id, wanted.driver_id, request.id) not in stood:
            check_asked(session, wanted.vehicle_id, wanted.driver_id, request)
    new = row is None
    if row is None:
        row = Trip(reference=next_reference(session, SERIES), made_at=now(session), made_by=actor(session).login)
    row.vehicle_id, row.driver_id, row.starts, row.ends = (
        wanted.vehicle_id, wanted.driver_id, wanted.starts, wanted.ends,
    )  # fmt: skip
    state = states.get(row.id, TripState.PLANNED)
    row.state = TripState.ON_ROAD if state == TripState.ON_ROAD else TripState.PLANNED
    row.locked = wanted.locked
    session.add(row)
    session.flush()
    if new:
        give_tags(session, TRIP, [row.id])
    for request in requests:
        request.trip_id, request.state = row.id, row.state
    session.flush()
    for seq, stop in enumerate(wanted.stops, 1):
        session.add(TripStop(trip_id=row.id, seq=seq, **stop.__dict__))
    note_event(session, row.id, "planned" if new else "changed", f"{_plate(session, row.vehicle_id)} · "
          f"{_driver(session, row.driver_id)} · {clock(row.starts)}–{clock(row.ends)}")  # fmt: skip
    search.enter(session, [search.Findable(TRIP, row.id, row.reference, _plate(session, row.vehicle_id))])
    return row


def note_event(session: Session, trip_id: int, what: str, note: str = "", request_id: int | None = None) -> None:
    """Note what happened to a trip, within a deed."""
    event = TripEvent(
        trip_id=trip_id, what=what, note=note, request_id=request_id, at=now(session), by=actor(session).login
    )
    session.add(event)


def _tell_new(session: Session, planned: Iterable[tuple[Trip, PlannedTrip]], known: set[int]) -> None:
    """Tell those who had no vehicle before which one comes, with whom and when."""
    for row, each in planned:
        for request in these_requests(session, [ident for ident in each.requests if ident not in known]):
            first = next(stop for stop in each.stops if stop.request_id == request.id)
            who = f"{_plate(session, row.vehicle_id)} with {_driver(session, row.driver_id)}"
            news = f"{who} comes at {when(first.arrives)}."
            tell(session, request, f"Your trip {request.reference} has a vehicle", news)


def _told(session: Session, made: Sequence[Trip], dropped: Sequence[int]) -> str:
    if len(made) == 1:
        [row] = made
        names = list(session.scalars(select(TripRequest.reference).where(TripRequest.trip_id == row.id)))
        who = names[0] if len(names) == 1 else f"{len(names)} requests"
        return f"{who} on {_plate(session, row.vehicle_id)} with {_driver(session, row.driver_id)}."
    if made:
        return f"{len(made)} trips planned."
    return "1 trip taken away." if len(dropped) == 1 else f"{len(dropped)} trips taken away."


def _requests_of(session: Session, ids: Sequence[int]) -> tuple[int, ...]:
    return tuple(session.scalars(select(TripRequest.id).where(TripRequest.trip_id.in_(ids)).order_by(TripRequest.id)))


def _plate(session: Session, vehicle_id: int) -> str:
    row = session.get(Vehicle, vehicle_id)
    if row is None or row.gone_at is not None:
        raise Refusal("This vehicle is no longer in the fleet.", "vehicle_id")
    return row.plate


def _driver(session: Session, driver_id: int) -> str:
    row = session.get(Driver, driver_id)
    if row is None or row.gone_at is not None:
        raise Refusal("This driver no longer drives for us.", "driver_id")
    return row.sort_name
