"""What the transport desk can look up: the list of a day's requests with its views, cards, and figures of the head."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import QueryableAttribute, Session

from cbo_desk import search
from cbo_desk.context import ZONE, now, today
from cbo_desk.errors import Refusal
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import reads
from cbo_desk.transport.approving import Decision, decisions, due_step
from cbo_desk.transport.board import over_by_plan
from cbo_desk.transport.kinds import REQUEST, late_after
from cbo_desk.transport.passengers import passengers_of
from cbo_desk.transport.requests import RequestForm, request_form
from cbo_desk.transport.rules import State, TripState, is_late
from db.fleet import Driver, Vehicle
from db.transport import Trip, TripEvent, TripRequest, TripStop
from db.travel import Zone

WAITING = (State.REQUESTED, State.APPROVED)


@dataclass(frozen=True)
class RequestFilter:
    """Which requests a list shows: of a day (None: of every day), of a view, of some entities."""

    words: str = ""
    day: date | None = None
    view: str = "all"
    entities: tuple[str, ...] = ()
    vehicle_id: int | None = None
    driver_id: int | None = None

    def with_words(self, words: str) -> RequestFilter:
        """The same filter with other words."""
        return replace(self, words=words)


@dataclass(frozen=True)
class RequestRow:
    """One line of the list."""

    id: int
    reference: str
    pickup_from: datetime
    pickup_to: datetime
    route: str
    people: int
    requester: str
    entity: str
    state: State
    trip_id: int | None
    vehicle: str
    driver: str
    departed_at: datetime | None
    ends: datetime | None
    locked: bool
    grace: timedelta = timedelta()

    def late(self, instant: datetime) -> bool:
        """Whether it should have been picked up, or be back, by now."""
        return is_late(self.state, self.pickup_to, self.departed_at is not None, self.ends, instant, self.grace)


_COLUMNS = (
    TripRequest.id, TripRequest.reference, TripRequest.pickup_from, TripRequest.pickup_to, TripRequest.route,
    TripRequest.people, TripRequest.requester, TripRequest.entity_code, TripRequest.state, TripRequest.trip_id,
    Vehicle.plate, Vehicle.model, Driver.sort_name, Trip.departed_at, Trip.ends, Trip.locked,
)  # fmt: skip
_LINES = (
    select(*_COLUMNS)
    .select_from(TripRequest)
    .outerjoin(Trip, Trip.id == TripRequest.trip_id)
    .outerjoin(Vehicle, Vehicle.id == Trip.vehicle_id)
    .outerjoin(Driver, Driver.id == Trip.driver_id)
)
SORTS: dict[str, QueryableAttribute[Any]] = {
    "reference": TripRequest.reference,
    "pickup": TripRequest.pickup_from,
    "route": TripRequest.route,
    "requester": TripRequest.requester,
    "people": TripRequest.people,
    "state": TripRequest.state,
}


@reads("transport", "look at trips")
class RequestList(PagedList[RequestRow]):
    """Requests filtered and ordered in SQL, by pick-up unless told otherwise."""

    kind = REQUEST

    def __init__(self, wanted: RequestFilter | None = None, sort: str = "pickup", descending: bool = False) -> None:
        self.filter = wanted or RequestFilter()
        order = Sort((SORTS[sort], TripRequest.id), descending)
        super().__init__(_LINES, TripRequest.id, order, _condition(self.filter))
        self._grace = timedelta()

    def condition(self, session: Session) -> ColumnElement[bool]:
        """The filter's conditions; words are looked up the engine's own way."""
        where = self._where
        self._grace = late_after(session, today(session))
        if self.filter.view == "late":
            where = and_(where, _late(now(session) - self._grace))
        found = search.matching(session, REQUEST, self.filter.words)
        return where if found is None else and_(where, TripRequest.id.in_(found))

    def row_of(self, values: Any) -> RequestRow:
        """One line."""
        return _row(values, self._grace)


def _row(values: Any, grace: timedelta) -> RequestRow:
    (ident, reference, pickup_from, pickup_to, route, people, requester, entity, state, trip_id, plate, model, driver,
     departed, ends, locked) = values[: len(_COLUMNS)]  # fmt: skip
    vehicle = f"{plate} · {model}" if plate and model else plate or ""
    family, _, given = (driver or "").partition(",")
    name = f"{family} {given.strip()[:1]}." if given.strip() else family
    return RequestRow(
        ident, reference, pickup_from, pickup_to, route, people, requester, entity, State(state), trip_id, vehicle,
        name, departed, ends, bool(locked), grace,
    )  # fmt: skip


def _condition(wanted: RequestFilter) -> ColumnElement[bool]:
    gone = (State.CANCELLED, State.DECLINED)
    views: dict[str, ColumnElement[bool]] = {
        "all": TripRequest.state.not_in(gone),
        "needs": TripRequest.state == State.APPROVED,
        "road": TripRequest.state == State.ON_ROAD,
        "requests": TripRequest.state == State.REQUESTED,
        "late": TripRequest.state.in_((*WAITING, State.PLANNED, State.ON_ROAD)),
        "gone": TripRequest.state.in_((*gone, State.NO_SHOW)),
    }
    parts = [views.get(wanted.view, views["all"])]
    if wanted.day is not None:
        starts = datetime.combine(wanted.day, time(), ZONE)
        parts += [TripRequest.pickup_from >= starts, TripRequest.pickup_from < starts + timedelta(days=1)]
    if wanted.entities:
        parts.append(TripRequest.entity_code.in_(wanted.entities))
    if wanted.vehicle_id is not None:
        parts.append(TripRequest.trip_id.in_(select(Trip.id).where(Trip.vehicle_id == wanted.vehicle_id)))
    if wanted.driver_id is not None:
        parts.append(TripRequest.trip_id.in_(select(Trip.id).where(Trip.driver_id == wanted.driver_id)))
    return and_(*parts)


def _late(instant: datetime) -> ColumnElement[bool]:
    """Whatever should have happened before an instant."""
    over = select(Trip.id).where(Trip.state == TripState.ON_ROAD, Trip.ends < instant)
    waits = and_(TripRequest.state.in_((*WAITING, State.PLANNED)), TripRequest.pickup_to < instant)
    return or_(waits, and_(TripRequest.state == State.ON_ROAD, TripRequest.trip_id.in_(over)))


@dataclass(frozen=True)
class TransportFigures:
    """Figures of the page's head for a day: requests by view."""

    day: date
    total: int
    needs: int
    road: int
    late: int
    requests: int

    @property
    def waiting(self) -> int:
        """What waits for a person: the count beside the desk."""
        return self.needs + self.late + self.requests


@reads("transport", "look at trips")
def figures(session: Session, day: date | None = None) -> TransportFigures:
    """Count a day's requests by view."""
    wanted = day or today(session)
    counts = {}
    for view in ("all", "needs", "road", "late", "requests"):
        where = _condition(RequestFilter(day=wanted, view=view))
        if view == "late":
            where = and_(where, _late(now(session) - late_after(session, today(session))))
        counts[view] = int(session.scalar(select(func.count()).select_from(TripRequest).where(where)) or 0)
    return TransportFigures(wanted, counts["all"], counts["needs"], counts["road"], counts["late"], counts["requests"])


@dataclass(frozen=True)
class StopLine:
    """A stop as the card shows it; `by_plan` is one that nobody ticked and that is taken to be over."""

    seq: int
    reference: str
    kind: str
    place: str
    arrives: datetime
    done_at: datetime | None
    by_plan: bool = False


@dataclass(frozen=True)
class LogLine:
    """One thing that happened, in the order of time."""

    at: datetime
    what: str
    note: str
    by: str


@dataclass(frozen=True)
class RequestCard:
    """Everything about one request."""

    row: RequestRow
    version: int
    form: RequestForm
    from_zone: str
    to_zone: str
    due: str
    decided: tuple[Decision, ...]
    stops: tuple[StopLine, ...]
    log: tuple[LogLine, ...]
    unreleased: int
    trip_reference: str
    trip_version: int
    vehicle_id: int
    driver_id: int

    @property
    def id(self) -> int:
        """The request's id."""
        return self.row.id


@reads("transport", "look at trips")
def request_card(session: Session, request_id: int) -> RequestCard:
    """A request with its passengers, decisions, stops and log."""
    values = session.execute(_LINES.where(TripRequest.id == request_id)).first()
    row = session.get(TripRequest, request_id)
    if values is None or row is None:
        raise Refusal("This request is no longer there.")
    names: dict[int, str] = {each[0]: each[1] for each in session.execute(select(Zone.id, Zone.name))}
    made = decisions(session, [request_id]).get(request_id, [])
    due = ""
    if row.state == State.REQUESTED:
        seq, steps = due_step(session, row)
        due = steps[seq - 1].title
    people = passengers_of(session, [request_id]).get(request_id, [])
    trip = session.get(Trip, row.trip_id) if row.trip_id is not None else None
    known = _row(values, late_after(session, today(session)))
    return RequestCard(
        known, row.version, request_form(session, row), names[row.from_zone_id], names[row.to_zone_id], due,
        tuple(made), tuple(_stops(session, trip, names)), tuple(_log(session, row, made)),
        sum(1 for each in people if not each.of_un and not each.released), trip.reference if trip else "",
        trip.version if trip else 0, trip.vehicle_id if trip else 0, trip.driver_id if trip else 0,
    )  # fmt: skip


def _stops(session: Session, trip: Trip | None, names: dict[int, str]) -> list[StopLine]:
    if trip is None:
        return []
    over = over_by_plan(session, trip)
    wanted = (
        select(TripStop, TripRequest.reference)
        .join(TripRequest, TripRequest.id == TripStop.request_id)
        .where(TripStop.trip_id == trip.id)
        .order_by(TripStop.seq)
    )
    return [
        StopLine(
            stop.seq, reference, stop.kind, stop.place or names[stop.zone_id], stop.arrives, stop.done_at,
            stop.seq in over,
        )
        for stop, reference in session.execute(wanted)
    ]  # fmt: skip


def _log(session: Session, row: TripRequest, made: list[Decision]) -> list[LogLine]:
    """What happened to a request, newest first: asked, decided, planned, on the road."""
    found = [LogLine(row.made_at, "requested", row.requester, row.made_by)]
    found += [LogLine(each.at, each.what, each.note or each.title, each.by) for each in made]
    concerns = or_(
        TripEvent.request_id == row.id, and_(TripEvent.trip_id == row.trip_id, TripEvent.request_id.is_(None))
    )
    for event in session.scalars(select(TripEvent).where(concerns).order_by(TripEvent.id)):
        found.append(LogLine(event.at, event.what, event.note, event.by))
    return sorted(found, key=lambda line: line.at)[::-1]


@reads("transport", "look at trips")
def rows_of(session: Session, ids: list[int]) -> list[RequestRow]:
    """Rows of certain requests, in the order of the ids; one that is gone is left out."""
    grace = late_after(session, today(session))
    found = {values[0]: _row(values, grace) for values in session.execute(_LINES.where(TripRequest.id.in_(ids)))}
    return [found[ident] for ident in ids if ident in found]
