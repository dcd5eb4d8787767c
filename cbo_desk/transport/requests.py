"""Requests: who wants to be driven, where, when and for whose account. Written, changed, cancelled, taken up again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import search
from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, local, now
from cbo_desk.dated import value_on
from cbo_desk.errors import Faults, Refusal
from cbo_desk.numbers import expect, next_reference_at_once
from cbo_desk.permissions import deed
from cbo_desk.transport import rules
from cbo_desk.transport.journeys import Journeys
from cbo_desk.transport.kinds import PATIENCE, REQUEST
from cbo_desk.transport.passengers import Passenger, passengers_of, write_passengers
from cbo_desk.transport.rules import Room, State, Wanted, features
from cbo_desk.transport.skills import skills, wanted
from cbo_desk.transport.zones import travel_table, zone_of
from cbo_desk.versions import check_version
from db.fleet import Driver, Vehicle
from db.people import Entity
from db.transport import PRIORITIES, RETURNS, TripPassenger, TripRequest

SERIES = "T"
LABELS = {
    "route": "the route",
    "pickup_from": "the pick-up",
    "people": "the number of people",
    "state": "the state",
    "entity_code": "the entity",
}


@dataclass(frozen=True)
class RequestForm:
    """What is asked for. `way_back` is none, wait (the vehicle waits until `return_at`) or separate (a request of its
    own from `return_at` on). `needs` are features such as "4x4 lift", `driver_needs` languages and skills such as
    "French firstaid". `priority` counts from 1, the highest.
    """

    entity_id: int
    requester: str
    purpose: str
    from_zone_id: int
    to_zone_id: int
    pickup_from: datetime
    people: int = 1
    pickup_to: datetime | None = None
    drop_by: datetime | None = None
    from_place: str = ""
    to_place: str = ""
    way_back: str = "none"
    return_at: datetime | None = None
    charge_code: str = ""
    requester_id: int | None = None
    contact: str = ""
    email: str = ""
    wheelchairs: int = 0
    luggage: int = 0
    needs: str = ""
    pooled: bool = True
    official: bool = True
    priority: int = 3
    clearance: str = ""
    notes: str = ""
    passengers: tuple[Passenger, ...] = ()
    driver_needs: str = ""


_COPIED = (
    "charge_code", "requester", "contact", "email", "purpose", "from_place", "to_place", "needs", "driver_needs",
    "clearance", "notes",
)  # fmt: skip
_PLAIN = ("requester_id", "people", "wheelchairs", "luggage", "pooled", "official", "priority", "drop_by", "way_back")


@deed("transport.make_requests", "ask for trips")
def make_requests(session: Session, forms: Sequence[RequestForm]) -> Changes:
    """Write requests down; a separate way back becomes a request of its own."""
    rows: list[TripRequest] = []
    table = travel_table(session)
    expect(session, SERIES, sum(2 if form.way_back == "separate" else 1 for form in forms))
    for form in forms:
        row = add_request(session, form, table)
        rows.append(row)
        if form.way_back == "separate":
            rows.append(add_request(session, _way_back(form), table, outward_id=row.id))
    ids = tuple(row.id for row in rows)
    names = " and ".join(row.reference for row in rows[:2]) + (f" and {len(rows) - 2} more" if len(rows) > 2 else "")
    said = f"{names} requested: {rows[0].route}, {when(rows[0].pickup_from)}."
    return Changes(REQUEST, ids, said, Deed(cancel_requests, (ids, "Entered by mistake")))


def add_request(
    session: Session,
    form: RequestForm,
    table: Journeys,
    *,
    outward_id: int | None = None,
    state: State = State.REQUESTED,
) -> TripRequest:
    """Insert one request within a deed."""
    row = TripRequest(
        reference=next_reference_at_once(session, SERIES), state=state, outward_id=outward_id, made_at=now(session),
        made_by=actor(session).login,
    )  # fmt: skip
    _write(session, row, form, table)
    session.add(row)
    session.flush()
    write_passengers(session, row.id, form.passengers)
    enter_requests(session, [row])
    return row


@deed("transport.edit_request", "change requests")
def edit_request(session: Session, request_id: int, version: int, form: RequestForm) -> Changes:
    """Change a request that is not yet on the road; one that is planned must still fit its vehicle."""
    [row] = these_requests(session, [request_id])
    check_version(session, row, version, row.reference, LABELS)
    if row.state not in rules.OPEN:
        raise Refusal(f"{row.reference} is {rules.WORDS[State(row.state)]}: it can no longer be changed.")
    before = request_form(session, row)
    moved = (row.pickup_from, row.from_zone_id, row.to_zone_id, row.return_at)
    _write(session, row, form, travel_table(session))
    if row.state == State.PLANNED and moved != (row.pickup_from, row.from_zone_id, row.to_zone_id, row.return_at):
        raise Refusal(f"{row.reference} is planned. Take it off its trip first, then change times or places.")
    session.flush()
    write_passengers(session, row.id, form.passengers)
    enter_requests(session, [row])
    undo = Deed(edit_request, (row.id, row.version, before))
    return Changes(REQUEST, (row.id,), f"{row.reference} saved.", undo)


@deed("transport.cancel_requests", "cancel requests")
def cancel_requests(session: Session, ids: Sequence[int], why: str = "") -> Changes:
    """Cancel requests that are not planned; a planned one is first taken off its trip."""
    rows = these_requests(session, ids)
    before = []
    for row in rows:
        if row.state not in (State.REQUESTED, State.APPROVED):
            hint = " Take it off its trip first." if row.state == State.PLANNED else ""
            raise Refusal(f"{row.reference} is {rules.WORDS[State(row.state)]}: it cannot be cancelled.{hint}")
        before.append((row.id, row.state, row.notes))
        row.state = State.CANCELLED
        row.notes = "\n".join(part for part in (row.notes, why.strip()) if part)
    session.flush()
    return Changes(REQUEST, tuple(ids), f"{named(rows)} cancelled.", Deed(put_requests_back, (tuple(before),)))


@deed("transport.put_requests_back", "cancel requests")
def put_requests_back(session: Session, before: Sequence[tuple[int, str, str]]) -> Changes:
    """Take up requests again that were cancelled."""
    rows = {row.id: row for row in these_requests(session, [ident for ident, _, _ in before])}
    for ident, state, notes in before:
        if rows[ident].state != State.CANCELLED:
            raise Refusal(f"{rows[ident].reference} is no longer cancelled.")
        rows[ident].state, rows[ident].notes = state, notes
    session.flush()
    ids = tuple(rows)
    return Changes(REQUEST, ids, f"{named(list(rows.values()))}: as before.", Deed(cancel_requests, (ids,)))


@deed("transport.release_passengers", "note release forms")
def release_passengers(session: Session, request_id: int, released: bool = True) -> Changes:
    """Note that the signed release forms of everybody on a request who is not of the UN are here."""
    [row] = these_requests(session, [request_id])
    others = list(
        session.scalars(select(TripPassenger).where(TripPassenger.request_id == row.id, TripPassenger.of_un.is_(False)))
    )
    if not others:
        raise Refusal(f"Everybody on {row.reference} is of the UN: no release form is needed.")
    for passenger in others:
        passenger.released = released
    word = "are here" if released else "are not here"
    undo = Deed(release_passengers, (request_id, not released))
    return Changes(REQUEST, (request_id,), f"{row.reference}: the release forms {word}.", undo)


def these_requests(session: Session, ids: Sequence[int]) -> list[TripRequest]:
    """The requests with these ids, in their order, locked until the deed is done."""
    wanted = select(TripRequest).where(TripRequest.id.in_(ids)).order_by(TripRequest.id).with_for_update()
    found = {each.id: each for each in session.scalars(wanted)}
    if len(found) < len(set(ids)):
        raise Refusal("A request is no longer there.")
    return [found[ident] for ident in ids]


def request_form(session: Session, row: TripRequest) -> RequestForm:
    """What is asked for, as the form shows it."""
    shown = {each.name: getattr(row, each.name) for each in fields(RequestForm) if each.name != "passengers"}
    return RequestForm(**shown, passengers=tuple(passengers_of(session, [row.id]).get(row.id, ())))


def enter_requests(session: Session, rows: Sequence[TripRequest]) -> None:
    """Make requests findable by reference, route, requester and passengers."""
    people = passengers_of(session, [row.id for row in rows])
    search.enter(
        session,
        (
            search.Findable(
                REQUEST, row.id, row.reference, f"{row.route} · {row.requester}",
                (row.purpose, row.entity_code, *(each.name for each in people.get(row.id, ()))),
            )
            for row in rows
        ),
    )  # fmt: skip


def named(rows: Sequence[TripRequest]) -> str:
    """One request by its reference, several by their number."""
    return rows[0].reference if len(rows) == 1 else f"{len(rows)} requests"


def when(instant: datetime) -> str:
    """An instant as people say it: 14 Jul 11:00."""
    there = local(instant)
    return f"{there.day} {there:%b %H:%M}"


def _fleet(session: Session) -> list[Room]:
    """What vehicles there are, whatever they do on the day."""
    rooms = select(Vehicle.seats, Vehicle.wheelchairs, Vehicle.luggage, Vehicle.features).where(
        Vehicle.gone_at.is_(None)
    )
    return [Room(*each[:3], features(each[3])) for each in session.execute(rooms)]


def _trained(session: Session) -> list[frozenset[str]]:
    """What the drivers speak and are trained for, each by themselves."""
    drivers = select(Driver.languages, Driver.skills).where(Driver.gone_at.is_(None))
    return [skills(*each) for each in session.execute(drivers)]


def patience(session: Session, pickup: datetime) -> timedelta:
    """How long after a pick-up passengers wait at most, where nobody says otherwise."""
    return timedelta(minutes=int(value_on(session, PATIENCE.name, local(pickup).date())))


def _way_back(form: RequestForm) -> RequestForm:
    if form.return_at is None:
        raise Refusal("Say when the way back starts.", "return_at")
    return replace(
        form, from_zone_id=form.to_zone_id, from_place=form.to_place, to_zone_id=form.from_zone_id,
        to_place=form.from_place, pickup_from=form.return_at, pickup_to=None, drop_by=None, way_back="none",
        return_at=None,
    )  # fmt: skip


def _write(session: Session, row: TripRequest, form: RequestForm, table: Journeys) -> None:
    entity = session.get(Entity, form.entity_id) if form.entity_id else None
    if entity is None:
        raise Refusal("Say which entity the trip is for.", "entity_id")
    for name, words in (("requester", "Say who asks for the trip."), ("purpose", "Say what the trip is for.")):
        if not str(getattr(form, name)).strip():
            raise Refusal(words, name)
    start, end = zone_of(session, form.from_zone_id, "from_zone_id"), zone_of(session, form.to_zone_id, "to_zone_id")
    if form.way_back not in RETURNS:
        raise Refusal("Choose how they come back.", "way_back")
    if not 1 <= form.priority <= PRIORITIES:
        raise Refusal(f"A priority is a number from 1 to {PRIORITIES}.", "priority")
    pickup_to = form.pickup_to or form.pickup_from + patience(session, form.pickup_from)
    ride = timedelta(seconds=table.leg(start.id, end.id, form.pickup_from).seconds)
    wrong = rules.faults(
        Wanted(
            form.pickup_from, pickup_to, form.drop_by, form.way_back, form.return_at, form.people, form.wheelchairs,
            ride, now(session), form.luggage, form.needs,
        ),
        _fleet(session),
    )  # fmt: skip
    asked = skills(form.driver_needs)
    if asked and not any(asked <= own for own in _trained(session)):
        wrong["driver_needs"] = f"We have no driver like that: {wanted(asked)}. The Drivers page says what each has."
    if len(form.passengers) > form.people:
        wrong["passengers"] = f"{len(form.passengers)} passengers are named, but {form.people} travel."
    if wrong:
        raise Faults(wrong)
    for name in _COPIED:
        setattr(row, name, str(getattr(form, name)).strip())
    for name in _PLAIN:
        setattr(row, name, getattr(form, name))
    row.entity_id, row.entity_code = entity.id, entity.code
    row.charge_code = row.charge_code or entity.billing_reference
    row.from_zone_id, row.to_zone_id = start.id, end.id
    row.pickup_from, row.pickup_to = form.pickup_from, pickup_to
    row.return_at = form.return_at if form.way_back == "wait" else None
    row.route = f"{row.from_place or start.name} → {row.to_place or end.name}"
