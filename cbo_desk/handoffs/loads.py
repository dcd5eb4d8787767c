"""Mail on a vehicle: a pouch bag, a manifest or a round is handed over to a trip, and both desks see it.

A bag is dispatched with the trip, a manifest collected by its driver, in the same transaction. From then on the vehicle
carries them, and they go on another trip only with a reason. A round rides along with its messenger, and may get off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, local, now
from cbo_desk.errors import Refusal
from cbo_desk.mail import ROUND, Taken, pouch
from cbo_desk.mail.outgoing import MANIFEST, collect_manifest
from cbo_desk.mail.outgoing.rules import kg
from cbo_desk.mail.pouch import BAG
from cbo_desk.permissions import deed, reads
from cbo_desk.transport import TRIP, TripState, short_name
from db.fleet import Driver, Vehicle
from db.mail import MailRound
from db.mail_outgoing import MailManifest, MailManifestLine
from db.mail_pouch import MailBag, MailBagLine
from db.transport import Trip, TripRequest
from db.trip_loads import TripLoad

LOAD = "transport.load"
SOON = timedelta(days=7)
"""Trips that leave within so long are offered."""
_GOING = (TripState.PLANNED, TripState.ON_ROAD)


@dataclass(frozen=True)
class TripToLoad:
    """A trip that can take something along: reference, vehicle, driver, way, when it leaves, whether it has left."""

    id: int
    reference: str
    plate: str
    driver: str
    route: str
    starts: datetime
    on_road: bool


@dataclass(frozen=True)
class Load:
    """Something that goes with a trip: what, since when, by whose hand; and the trip with how it stands.

    `seal` is what a bag is sealed with, as its way bill says; empty of everything else.
    """

    id: int
    kind: str
    record_id: int
    number: str
    said: str
    at: datetime
    by: str
    trip: TripToLoad
    state: TripState
    returned_at: datetime | None
    seal: str = ""

    @property
    def moves(self) -> bool:
        """Whether it can still go with another trip."""
        return self.state in _GOING


_TRIPS = (
    select(Trip, Vehicle.plate, Driver.sort_name)
    .join(Vehicle, Vehicle.id == Trip.vehicle_id)
    .join(Driver, Driver.id == Trip.driver_id)
)


@reads("mail", "look up trips that mail can go with")
def trips_to_load(session: Session, words: str = "", most: int = 12) -> list[TripToLoad]:
    """Trips on the road and those that leave within a week, the first to leave first; each word in number, plate,
    driver or way."""
    wanted = _TRIPS.where(Trip.state.in_(_GOING), Trip.starts < now(session) + SOON)
    for word in words.split():
        ways = select(TripRequest.trip_id).where(TripRequest.route.icontains(word, autoescape=True))
        named = (Trip.reference, Vehicle.plate, Driver.sort_name)
        wanted = wanted.where(or_(*(one.icontains(word, autoescape=True) for one in named), Trip.id.in_(ways)))
    rows = session.execute(wanted.order_by(Trip.starts, Trip.id).limit(most)).all()
    return [_trip(session, *row) for row in rows]


@reads("mail", "look up trips that mail goes with")
def load_of(session: Session, kind: str, record_id: int) -> Load | None:
    """Which trip something goes with; None where it goes with none."""
    where = (TripLoad.kind == kind, TripLoad.record_id == record_id, TripLoad.off_at.is_(None))
    row = session.scalar(select(TripLoad).where(*where))
    return _load(session, row) if row is not None else None


@reads("transport", "look at trips")
def loads_of(session: Session, trip_id: int) -> list[Load]:
    """What a trip carries beside its passengers, in the order in which it was put aboard."""
    wanted = select(TripLoad).where(TripLoad.trip_id == trip_id, TripLoad.off_at.is_(None)).order_by(TripLoad.id)
    return [_load(session, row) for row in session.scalars(wanted)]


@deed("pouch.give_to_trip", "dispatch bags")
def give_bag(session: Session, bag_id: int, trip_id: int) -> Changes:
    """Hand a sealed bag over to a vehicle: it is dispatched with this trip."""
    trip = _going(session, trip_id)
    done = pouch.dispatch(session, bag_id, _called(trip), TRIP, trip_id)
    bag = session.get_one(MailBag, bag_id)
    weights = session.scalars(select(MailBagLine.weight_g).where(MailBagLine.bag_id == bag_id))
    ident = _put(session, trip, BAG, bag.id, bag.number, f"Pouch bag to {bag.destination}, {kg(sum(weights))}")
    return Changes(BAG, (bag_id,), _said(bag.number, trip), None, {**done.also, TRIP: (trip_id,), LOAD: (ident,)})


@deed("mail.give_manifest_to_trip", "hand manifests over")
def give_manifest(session: Session, manifest_id: int, trip_id: int, taken: Taken) -> Changes:
    """Hand what is on a closed manifest to the driver of a trip, who signs or shows a badge."""
    trip = _going(session, trip_id)
    done = collect_manifest(session, manifest_id, taken)
    row = session.get_one(MailManifest, manifest_id)
    lines = select(MailManifestLine.weight_g).where(MailManifestLine.manifest_id == manifest_id)
    weights = session.scalars(lines).all()
    items = f"{len(weights):,} {'item' if len(weights) == 1 else 'items'}"
    ident = _put(session, trip, MANIFEST, row.id, row.number, f"For {row.carrier}, {items}, {kg(sum(weights))}")
    also = {**done.also, TRIP: (trip_id,), LOAD: (ident,)}
    return Changes(MANIFEST, (manifest_id,), _said(row.number, trip), None, also)


@deed("mail.put_round_on_trip", "load rounds")
def put_round(session: Session, round_id: int, trip_id: int) -> Changes:
    """Let a round go by vehicle: its messenger rides along."""
    trip = _going(session, trip_id)
    row = session.get(MailRound, round_id, with_for_update=True)
    if row is None or row.closed_at is not None:
        raise Refusal("This round is closed." if row else "This round is no longer there.")
    about = " · ".join(part for part in (row.name, row.messenger) if part)
    ident = _put(session, trip, ROUND, row.id, row.number, about)
    undo = Deed(take_round_off, (ident, "Put there by mistake."))
    return Changes(ROUND, (round_id,), _said(row.number, trip), undo, {TRIP: (trip_id,), LOAD: (ident,)})


@deed("mail.take_round_off_trip", "load rounds")
def take_round_off(session: Session, load_id: int, why: str) -> Changes:
    """A round does not go by this vehicle after all."""
    row = _loaded(session, load_id)
    if row.kind != ROUND:
        raise Refusal(f"{row.number} is the vehicle's to carry: let it go with another trip instead.")
    _end(session, row, why)
    undo = Deed(put_round, (row.record_id, row.trip_id))
    said = f"{row.number} goes by no vehicle."
    return Changes(ROUND, (row.record_id,), said, undo, {TRIP: (row.trip_id,), LOAD: (load_id,)})


@deed("mail.move_load", "hand manifests over")
def move_load(session: Session, load_id: int, trip_id: int, why: str) -> Changes:
    """Let something go with another trip than the one it was handed to, with the reason."""
    row = _loaded(session, load_id)
    trip = _going(session, trip_id)
    if row.trip_id == trip_id:
        raise Refusal(f"{row.number} goes with {trip.reference} already.", "trip")
    _end(session, row, why)
    ident = _put(session, trip, row.kind, row.record_id, row.number, row.said)
    also: dict[str, tuple[int, ...]] = {TRIP: (row.trip_id, trip_id), LOAD: (load_id, ident)}
    undo = Deed(move_load, (ident, row.trip_id, "Moved by mistake."))
    return Changes(row.kind, (row.record_id,), _said(row.number, trip), undo, also)


def _going(session: Session, trip_id: int) -> TripToLoad:
    """The trip, held until the deed is done; Refusal where it is over."""
    row = session.execute(_TRIPS.where(Trip.id == trip_id).with_for_update(of=Trip)).first()
    if row is None:
        raise Refusal("Choose the trip it goes with.", "trip")
    if row[0].state not in _GOING:
        over = "is back" if row[0].state == TripState.DONE else "was cancelled"
        raise Refusal(f"{row[0].reference} {over}: nothing can be put on it any more.", "trip")
    return _trip(session, *row)


def _loaded(session: Session, load_id: int) -> TripLoad:
    row = session.get(TripLoad, load_id, with_for_update=True)
    if row is None or row.off_at is not None:
        raise Refusal("This goes with another trip by now. Look at it anew.")
    if session.get_one(Trip, row.trip_id).state not in _GOING:
        raise Refusal(f"{row.number} has been brought: its trip is back.")
    return row


def _put(session: Session, trip: TripToLoad, kind: str, record_id: int, number: str, said: str) -> int:
    other = load_of(session, kind, record_id)
    if other is not None:
        raise Refusal(f"{number} goes with {other.trip.reference} already.", "trip")
    row = TripLoad(
        trip_id=trip.id, kind=kind, record_id=record_id, number=number, said=said, at=now(session),
        by=actor(session).login, workstation=actor(session).workstation,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def _end(session: Session, row: TripLoad, why: str) -> None:
    if not why.strip():
        raise Refusal("Say why.", "why")
    row.off_at, row.off_by, row.why = now(session), actor(session).login, " ".join(why.split())
    session.flush()


def _said(number: str, trip: TripToLoad) -> str:
    when = "which is on the road" if trip.on_road else f"which leaves {local(trip.starts):%-d %b at %H:%M}"
    return f"{number} goes with {_called(trip)}, {when}."


def _called(trip: TripToLoad) -> str:
    return f"{trip.reference} ({trip.plate}, {trip.driver})"


def _trip(session: Session, trip: Trip, plate: str, driver: str) -> TripToLoad:
    ways = session.scalars(select(TripRequest.route).where(TripRequest.trip_id == trip.id).order_by(TripRequest.id))
    route = "; ".join(dict.fromkeys(ways))
    on_road = trip.state == TripState.ON_ROAD
    return TripToLoad(trip.id, trip.reference, plate, short_name(driver), route, trip.starts, on_road)


def _load(session: Session, row: TripLoad) -> Load:
    found: Any = session.execute(_TRIPS.where(Trip.id == row.trip_id)).one()
    seal = session.scalar(select(MailBag.seal).where(MailBag.id == row.record_id)) if row.kind == BAG else ""
    return Load(
        row.id, row.kind, row.record_id, row.number, row.said, row.at, row.by, _trip(session, *found),
        TripState(found[0].state), found[0].returned_at, seal or "",
    )  # fmt: skip
