"""Shuttles: services by timetable with so many seats; seats kept by name, and each day's run put on the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import ZONE, actor, now
from cbo_desk.errors import Refusal
from cbo_desk.numbers import next_reference
from cbo_desk.permissions import Role, deed, reads
from cbo_desk.transport.kinds import REQUEST, SHUTTLE
from cbo_desk.transport.requests import SERIES, enter_requests, patience
from cbo_desk.transport.rules import State
from cbo_desk.transport.zones import zone_of
from db.people import Entity
from db.shuttles import Shuttle, ShuttleSeat, ShuttleStop
from db.transport import TripRequest
from db.travel import Zone

SEAT = "transport.seat"


@dataclass(frozen=True)
class StopForm:
    """A stop of the timetable: its zone, the place in it, and the minute of the day."""

    zone_id: int
    minute: int
    place: str = ""


@dataclass(frozen=True)
class ShuttleForm:
    """A shuttle: its days such as "12345" (Monday is 1), its seats, and its stops in order."""

    code: str
    name: str
    entity_id: int
    seats: int
    stops: tuple[StopForm, ...]
    weekdays: str = "12345"


@dataclass(frozen=True)
class ShuttleRow:
    """A shuttle as the page shows it, with the seats taken on a day and whether that day's run is on the list."""

    id: int
    code: str
    name: str
    entity: str
    weekdays: str
    seats: int
    stops: tuple[tuple[str, int], ...]
    taken: tuple[tuple[int, int, str], ...]
    request_id: int | None
    runs: bool


@deed("transport.add_shuttle", "add shuttles", Role.SUPERVISOR)
def add_shuttle(session: Session, form: ShuttleForm) -> Changes:
    """Add a service; each day's run is put on the list of requests by `run_shuttles`."""
    code = form.code.strip().upper()
    if not code:
        raise Refusal("Give the shuttle a code.", "code")
    if session.scalar(select(Shuttle.id).where(Shuttle.code == code)) is not None:
        raise Refusal(f"Another shuttle has the code {code}.", "code")
    if session.get(Entity, form.entity_id) is None:
        raise Refusal("Say which entity runs the shuttle.", "entity_id")
    if form.seats < 1:
        raise Refusal("A shuttle has one seat at least.", "seats")
    if not form.weekdays or not set(form.weekdays) <= set("1234567"):
        raise Refusal("Say on which days, as numbers from 1 for Monday to 7.", "weekdays")
    if len(form.stops) < 2:
        raise Refusal("A timetable has two stops at least.", "stops")
    if any(later.minute <= earlier.minute for earlier, later in zip(form.stops, form.stops[1:], strict=False)):
        raise Refusal("Each stop comes after the one before.", "stops")
    row = Shuttle(
        code=code, name=" ".join(form.name.split()) or code, entity_id=form.entity_id,
        weekdays="".join(sorted(set(form.weekdays))), seats=form.seats, valid_from=now(session).astimezone(ZONE).date(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    for seq, stop in enumerate(form.stops, 1):
        zone_of(session, stop.zone_id, "stops")
        session.add(ShuttleStop(shuttle_id=row.id, seq=seq, zone_id=stop.zone_id, place=stop.place, minute=stop.minute))
    session.flush()
    return Changes(SHUTTLE, (row.id,), f"{code} runs from now on.", Deed(stop_shuttle, (row.id,)))


@deed("transport.stop_shuttle", "add shuttles", Role.SUPERVISOR)
def stop_shuttle(session: Session, shuttle_id: int, stopped: bool = True) -> Changes:
    """Let a service run no longer, or again; what it ran stays on record."""
    row = _shuttle(session, shuttle_id)
    row.gone_at = now(session) if stopped else None
    session.flush()
    word = "no longer runs" if stopped else "runs again"
    return Changes(SHUTTLE, (row.id,), f"{row.code} {word}.", Deed(stop_shuttle, (row.id, not stopped)))


@deed("transport.keep_seats", "keep seats")
def keep_seats(session: Session, shuttle_id: int, day: date, names: Sequence[str], entity_id: int) -> Changes:
    """Keep seats on one day's run, one for each name; all or none."""
    row = _shuttle(session, shuttle_id)
    wanted = [" ".join(name.split()) for name in names if name.strip()]
    if not wanted:
        raise Refusal("Say who travels.", "names")
    if str(day.isoweekday()) not in row.weekdays:
        raise Refusal(f"{row.code} does not run on that day.", "day")
    taken = set(
        session.scalars(select(ShuttleSeat.seat).where(ShuttleSeat.shuttle_id == row.id, ShuttleSeat.day == day))
    )
    free = [seat for seat in range(1, row.seats + 1) if seat not in taken]
    if len(free) < len(wanted):
        raise Refusal(f"{row.code} has {len(free)} of {row.seats} seats left on that day.", "names")
    rows = [
        ShuttleSeat(shuttle_id=row.id, day=day, seat=seat, name=name, entity_id=entity_id)
        for seat, name in zip(free, wanted, strict=False)
    ]
    session.add_all(rows)
    session.flush()
    ids = tuple(each.id for each in rows)
    touched = _count_people(session, row.id, day)
    said = f"{', '.join(wanted[:3])}: {'seat' if len(ids) == 1 else 'seats'} on {row.code}, {day.day} {day:%b}."
    return Changes(SHUTTLE, (row.id,), said, Deed(give_up_seats, (ids,)), {SEAT: ids, REQUEST: touched})


@deed("transport.give_up_seats", "keep seats")
def give_up_seats(session: Session, ids: Sequence[int]) -> Changes:
    """Give seats up for others."""
    rows = list(session.scalars(select(ShuttleSeat).where(ShuttleSeat.id.in_(ids))))
    if not rows:
        raise Refusal("These seats are given up already.")
    first = rows[0]
    undo = Deed(keep_seats, (first.shuttle_id, first.day, tuple(row.name for row in rows), first.entity_id))
    session.execute(delete(ShuttleSeat).where(ShuttleSeat.id.in_(ids)))
    touched = _count_people(session, first.shuttle_id, first.day)
    also = {SEAT: tuple(ids), REQUEST: touched}
    return Changes(SHUTTLE, (first.shuttle_id,), f"{len(rows)} given up.", undo, also)


@deed("transport.run_shuttles", "put shuttles on the list")
def run_shuttles(session: Session, day: date) -> Changes:
    """Put every shuttle that runs on a day on that day's list, once: it then gets its vehicle like any request."""
    made: list[TripRequest] = []
    wanted = select(Shuttle).where(Shuttle.gone_at.is_(None), Shuttle.valid_from <= day).order_by(Shuttle.code)
    known = set(session.scalars(select(TripRequest.shuttle_id).where(TripRequest.service_day == day)))
    for row in session.scalars(wanted):
        if row.id not in known and str(day.isoweekday()) in row.weekdays and (row.valid_to or day) >= day:
            made.append(_run(session, row, day))
    if not made:
        raise Refusal("Every shuttle of that day is on the list already.")
    enter_requests(session, made)
    ids = tuple(row.id for row in made)
    return Changes(REQUEST, ids, f"{len(made)} shuttle runs of {day.day} {day:%b} are on the list.")


def _run(session: Session, row: Shuttle, day: date) -> TripRequest:
    stops = list(session.scalars(select(ShuttleStop).where(ShuttleStop.shuttle_id == row.id).order_by(ShuttleStop.seq)))
    entity = session.get(Entity, row.entity_id)
    assert entity is not None
    first, last = stops[0], stops[-1]
    leaves = _at(day, first.minute)
    names: dict[int, str] = {each[0]: each[1] for each in session.execute(select(Zone.id, Zone.name))}
    request = TripRequest(
        reference=next_reference(session, SERIES), entity_id=entity.id, entity_code=entity.code,
        charge_code=entity.billing_reference, requester=row.name, purpose=f"Shuttle {row.code}",
        from_zone_id=first.zone_id, from_place=first.place, to_zone_id=last.zone_id, to_place=last.place,
        route=f"{first.place or names[first.zone_id]} → {last.place or names[last.zone_id]}",
        pickup_from=leaves, pickup_to=leaves + patience(session, leaves), people=row.seats,
        pooled=False, state=State.APPROVED, shuttle_id=row.id, service_day=day, made_at=now(session),
        made_by=actor(session).login, way_back="none",
    )  # fmt: skip
    session.add(request)
    session.flush()
    return request


@reads("transport", "look at shuttles")
def shuttles(session: Session, day: date) -> list[ShuttleRow]:
    """Every service with its timetable and the seats kept on a day."""
    names: dict[int, str] = {row[0]: row[1] for row in session.execute(select(Zone.id, Zone.name))}
    found = []
    wanted = select(Shuttle, Entity.code).join(Entity, Entity.id == Shuttle.entity_id).where(Shuttle.gone_at.is_(None))
    for row, entity in session.execute(wanted.order_by(Shuttle.code)):
        stops = session.scalars(select(ShuttleStop).where(ShuttleStop.shuttle_id == row.id).order_by(ShuttleStop.seq))
        seats = session.scalars(
            select(ShuttleSeat)
            .where(ShuttleSeat.shuttle_id == row.id, ShuttleSeat.day == day)
            .order_by(ShuttleSeat.seat)
        )
        on_list = session.scalar(
            select(TripRequest.id).where(TripRequest.shuttle_id == row.id, TripRequest.service_day == day)
        )
        found.append(
            ShuttleRow(
                row.id, row.code, row.name, entity, row.weekdays, row.seats,
                tuple((stop.place or names[stop.zone_id], stop.minute) for stop in stops),
                tuple((seat.id, seat.seat, seat.name) for seat in seats), on_list,
                str(day.isoweekday()) in row.weekdays,
            )
        )  # fmt: skip
    return found


def _count_people(session: Session, shuttle_id: int, day: date) -> tuple[int, ...]:
    """The day's run, if it is on the list: it carries as many as have a seat, and one at least is reckoned with."""
    row = session.scalar(
        select(TripRequest).where(TripRequest.shuttle_id == shuttle_id, TripRequest.service_day == day)
    )
    if row is None:
        return ()
    count = session.scalar(select(func.count()).where(ShuttleSeat.shuttle_id == shuttle_id, ShuttleSeat.day == day))
    row.people = max(int(count or 0), 1)
    session.flush()
    return (row.id,)


def _shuttle(session: Session, shuttle_id: int) -> Shuttle:
    row = session.get(Shuttle, shuttle_id, with_for_update=True)
    if row is None:
        raise Refusal("This shuttle is not there.")
    return row


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(), ZONE) + timedelta(minutes=minute)
