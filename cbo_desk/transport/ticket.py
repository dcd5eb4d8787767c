"""Papers of the road as PDF: the trip ticket with the tag that notes departure and return, and a driver's day sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cbo_desk.context import ZONE, local
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from cbo_desk.tags.output import write_whole
from cbo_desk.tags.sheets import EDGE, Paper
from cbo_desk.transport.board import short_name
from cbo_desk.transport.kinds import TRIP
from cbo_desk.transport.odometer import last_reading
from cbo_desk.transport.passengers import Passenger, passengers_of
from cbo_desk.transport.rules import TripState, clock
from cbo_desk.transport.skills import asked_words
from db.fleet import Driver, Vehicle
from db.tags import Tag
from db.transport import Trip, TripRequest, TripStop
from db.travel import Zone


@dataclass(frozen=True)
class TicketStop:
    """A stop as the ticket prints it."""

    at: datetime
    what: str
    place: str
    whom: str
    people: int


@dataclass(frozen=True)
class TicketRequest:
    """Whom a trip carries and on whose authority."""

    reference: str
    entity: str
    charge_code: str
    requester: str
    contact: str
    purpose: str
    official: bool
    clearance: str
    needs: str
    passengers: tuple[Passenger, ...]
    people: int


@dataclass(frozen=True)
class TicketLoad:
    """Something that goes with the passengers: its number, what it is, the seal on it if it has one."""

    number: str
    said: str
    seal: str = ""


@dataclass(frozen=True)
class Ticket:
    """Everything a trip ticket says. `aboard` is for who knows of loads, which the road itself does not."""

    reference: str
    code: str
    plate: str
    called: str
    driver: str
    phone: str
    starts: datetime
    ends: datetime
    odometer: int | None
    authority: str
    stops: tuple[TicketStop, ...]
    requests: tuple[TicketRequest, ...]
    aboard: tuple[TicketLoad, ...] = ()


@dataclass(frozen=True)
class DaySheet:
    """A driver's trips of a day."""

    driver: str
    day: date
    shift: str
    tickets: tuple[Ticket, ...]


@reads("transport", "print trip tickets")
def ticket(session: Session, trip_id: int) -> Ticket:
    """Everything that a trip's ticket says."""
    trip = session.get(Trip, trip_id)
    if trip is None or trip.state == TripState.CANCELLED:
        raise Refusal("This trip is no longer there.")
    return _ticket(session, trip)


@reads("transport", "print day sheets")
def day_sheet(session: Session, driver_id: int, day: date) -> DaySheet:
    """A driver's trips that begin on a day, in their order."""
    from cbo_desk.transport.drivers import duties

    driver = session.get(Driver, driver_id)
    if driver is None:
        raise Refusal("This driver is not there.")
    own = session.scalars(select(Trip).where(Trip.driver_id == driver_id, *_begins(day)).order_by(Trip.starts, Trip.id))
    shifts = [duty for duty in duties(session, [driver_id], day)[driver_id] if duty.kind == "shift"]
    words = ", ".join(f"{clock(duty.starts)} to {clock(duty.ends)}" for duty in shifts) or "none"
    return DaySheet(driver.sort_name, day, words, tuple(_ticket(session, trip) for trip in own))


@reads("transport", "print day sheets")
def day_sheets(session: Session, day: date) -> list[DaySheet]:
    """The sheets of every driver who has a trip on a day."""
    wanted = session.scalars(select(Trip.driver_id).where(*_begins(day)).distinct())
    return sorted((day_sheet(session, ident, day) for ident in wanted), key=lambda sheet: sheet.driver)


def _begins(day: date) -> tuple[ColumnElement[bool], ...]:
    """What is true of the trips that begin on a day and are not cancelled."""
    first = datetime.combine(day, time(), ZONE)
    return Trip.state != TripState.CANCELLED, Trip.starts >= first, Trip.starts < first + timedelta(days=1)


def _ticket(session: Session, trip: Trip) -> Ticket:
    vehicle, driver = session.get(Vehicle, trip.vehicle_id), session.get(Driver, trip.driver_id)
    assert vehicle is not None
    assert driver is not None
    rows = {r.id: r for r in session.scalars(select(TripRequest).where(TripRequest.trip_id == trip.id))}
    people = passengers_of(session, rows)
    names: dict[int, str] = {row[0]: row[1] for row in session.execute(select(Zone.id, Zone.name))}
    stops = []
    for stop in session.scalars(select(TripStop).where(TripStop.trip_id == trip.id).order_by(TripStop.seq)):
        row = rows[stop.request_id]
        place = " · ".join(dict.fromkeys(part for part in (stop.place, names[stop.zone_id]) if part))
        what = "Pick up" if stop.kind == "pickup" else "Drop off"
        stops.append(TicketStop(stop.arrives, what, place, row.reference, row.people))
    requests = tuple(
        TicketRequest(
            row.reference, row.entity_code, row.charge_code, row.requester, row.contact, row.purpose, row.official,
            row.clearance, asked_words(row.needs, row.driver_needs), tuple(people.get(row.id, ())), row.people,
        )
        for row in sorted(rows.values(), key=lambda row: row.reference)
    )  # fmt: skip
    code = session.scalar(
        select(Tag.code).where(Tag.subject_kind == TRIP, Tag.subject_id == trip.id, Tag.ours, Tag.retired_at.is_(None))
    )
    reading = last_reading(session, trip.vehicle_id)
    return Ticket(
        trip.reference, code or "", vehicle.plate, f"{vehicle.make} {vehicle.model}".strip(), driver.sort_name,
        driver.phone, trip.starts, trip.ends, None if reading is None else reading.km, trip.made_by, tuple(stops),
        requests,
    )  # fmt: skip


def write_ticket(compound: str, shown: Ticket, out: Path) -> None:
    """Write a trip's ticket; Trouble where it cannot be written."""
    reading = "" if shown.odometer is None else f"{shown.odometer:,} km"
    facts = [
        ("Vehicle", f"{shown.plate} · {shown.called}"),
        ("Driver", " · ".join(part for part in (shown.driver, shown.phone) if part)),
        ("Date", _day(shown.starts)),
        ("Leaves", clock(shown.starts)),
        ("Back", clock(shown.ends)),
        ("Odometer, last reading", reading or "none"),
    ]
    paper = Paper(compound, "Trip ticket", shown.reference, facts, shown.code)
    paper.heading("Route", f"{len(shown.stops)} stops")
    for stop in shown.stops:
        paper.row(f"{clock(stop.at)}  {stop.what}", stop.place, f"{stop.whom} · {_people(stop.people)}")
    for request in shown.requests:
        _request(paper, request)
    _aboard(paper, shown.aboard)
    paper.room(44)
    paper.heading("On the road", f"Authority: {shown.authority}")
    paper.text(EDGE, paper.y, "Scan the symbol above when you leave, and again when you are back.", 9)
    paper.y += 6
    paper.sign_line("Odometer at departure, time, driver's signature")
    paper.sign_line("Odometer at return, time, driver's signature · private km")
    write_whole(out, paper.whole())


def write_day_sheets(compound: str, sheets: Sequence[DaySheet], out: Path) -> None:
    """Write drivers' day sheets one after the other; a refusal where nobody drives."""
    if not sheets:
        raise Refusal("Nobody drives on this day.")
    whole = [_sheet(compound, sheet) for sheet in sheets]
    write_whole(out, whole[0] if len(whole) == 1 else _joined(whole))


def _joined(papers: Sequence[bytes]) -> bytes:
    """Several papers as one file."""
    import io

    import pypdfium2

    joined = pypdfium2.PdfDocument.new()
    for paper in papers:
        part = pypdfium2.PdfDocument(paper)
        joined.import_pages(part)
        part.close()
    out = io.BytesIO()
    joined.save(out)
    joined.close()
    return out.getvalue()


def _sheet(compound: str, sheet: DaySheet) -> bytes:
    facts = [
        ("Driver", sheet.driver),
        ("Date", f"{sheet.day.day} {sheet.day:%B %Y}"),
        ("Shift", sheet.shift),
    ]
    code = sheet.tickets[0].code if sheet.tickets else ""
    paper = Paper(compound, "Driver's day sheet", short_name(sheet.driver), facts, code)
    for shown in sheet.tickets:
        paper.room(20 + 7 * min(len(shown.stops) + len(shown.aboard), 4))
        paper.heading(
            f"{clock(shown.starts)} to {clock(shown.ends)}  {shown.reference}", f"{shown.plate} · {shown.called}"
        )
        contact = {request.reference: request for request in shown.requests}
        for stop in shown.stops:
            request = contact[stop.whom]
            about = " · ".join(part for part in (stop.whom, _people(stop.people), request.contact) if part)
            paper.row(f"{clock(stop.at)}  {stop.what}", stop.place, about)
            if request.needs and stop.what == "Pick up":
                paper.row("Needs", request.needs, stop.whom)
        _check_off(paper, shown.aboard)
        paper.y += 4
    return paper.whole()


def _request(paper: Paper, request: TicketRequest) -> None:
    paper.room(18 + 6.5 * min(len(request.passengers), 6))
    use = "official" if request.official else "NOT OFFICIAL, full cost"
    paper.heading(f"{request.reference}  {request.purpose}", f"{request.entity} · {request.charge_code or use}")
    paper.row("Requester", request.requester, request.contact, use)
    if request.needs:
        paper.row("Needs", request.needs, "")
    if request.clearance:
        paper.row("Security clearance", request.clearance, "")
    for at, passenger in enumerate(request.passengers, 1):
        kind = "UN" if passenger.of_un else ("release form signed" if passenger.released else "RELEASE FORM MISSING")
        paper.row(f"Passenger {at}", passenger.name, kind)
    unnamed = request.people - len(request.passengers)
    if unnamed:
        paper.row("Passengers", f"{_people(unnamed)} not named", "")


def _aboard(paper: Paper, loads: Sequence[TicketLoad]) -> None:
    """What the driver carries beside the passengers, with a box to check each off; nothing where it is nothing."""
    if not loads:
        return
    paper.room(16 + 6.5 * min(len(loads), 6))
    paper.heading("Mail aboard", "1 load" if len(loads) == 1 else f"{len(loads)} loads")
    _check_off(paper, loads)
    paper.y += 2


def _check_off(paper: Paper, loads: Sequence[TicketLoad]) -> None:
    for load in loads:
        paper.row(load.number, load.said, f"seal {load.seal}" if load.seal else "no seal", "aboard [   ]")


def _people(count: int) -> str:
    return "1 passenger" if count == 1 else f"{count} passengers"


def _day(at: datetime) -> str:
    there = local(at)
    return f"{there.day} {there:%B %Y}"
