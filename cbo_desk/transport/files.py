"""Zones, vehicles, drivers and requests from CSV files: every line is read first, and nothing is taken with a fault.

Headings are matched by their words in any order and case; comma or semicolon. The first line of the file is line 1.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes
from cbo_desk.context import ZONE
from cbo_desk.errors import Faults, Refusal, file_news
from cbo_desk.permissions import Role, deed
from cbo_desk.transport.drivers import DriverForm, Hours, add_drivers
from cbo_desk.transport.fleet import VehicleForm, add_vehicles
from cbo_desk.transport.kinds import REQUEST
from cbo_desk.transport.requests import RequestForm, make_requests
from cbo_desk.transport.zones import ZoneForm, add_zones, zone_by_code
from db.people import Entity, Person

LARGEST = 20_000_000
Row = dict[str, str]


def lines_of(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, Row]]:
    """The lines of a CSV file with their numbers, cells by lower-case headings. Refuses a file that lacks a column."""
    try:
        if path.stat().st_size > LARGEST:
            raise Refusal(f"{path.name} is larger than {LARGEST // 1_000_000} MB.")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(f"{path.name} is no CSV file in UTF-8.") from error
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "its name is not valid").lower()
        raise file_news(error, f"{path.name} cannot be read: {reason}.") from error
    first = text.split("\n", 1)[0]
    reader = csv.reader(text.splitlines(), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        heads = [cell.strip().casefold() for cell in next(reader, [])]
        missing = [name for name in needed if name not in heads]
        if missing:
            raise Refusal(f"{path.name} has no column {', '.join(missing)}.")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, {head: cell.strip() for head, cell in zip(heads, cells, strict=False)}
    except csv.Error as error:
        raise Refusal(f"{path.name} is no CSV file: {error}.") from error


def _all_of(path: Path, needed: Sequence[str], make: Callable[[Row], Any]) -> list[Any]:
    """Every line of a file, read; raises Faults that name each line with a fault."""
    faults: dict[str, str] = {}
    made: list[Any] = []
    for number, row in lines_of(path, needed):
        try:
            made.append(make(row))
        except Refusal as refusal:
            faults[f"line {number}"] = f"Line {number}: {refusal}"
    if faults:
        raise Faults(faults)
    if not made:
        raise Refusal(f"{path.name} holds no lines.")
    return made


@deed("transport.import_zones", "import zones", Role.SUPERVISOR)
def import_zones(session: Session, path: Path) -> Changes:
    """Zones by Code, Name, Latitude, Longitude and Upcountry."""
    return add_zones(session, _all_of(path, ("code",), _zone))


@deed("transport.import_vehicles", "import vehicles", Role.SUPERVISOR)
def import_vehicles(session: Session, path: Path) -> Changes:
    """Vehicles by Plate and Seats; Make, Model, Wheelchairs, Luggage, Features, Fuel, Tank, Home, Service km, days,
    Licence and Driver needs.
    """

    def make(row: Row) -> VehicleForm:
        home = row.get("home", "")
        return VehicleForm(
            row["plate"], _whole(row, "seats"), row.get("make", ""), row.get("model", ""), _whole(row, "wheelchairs"),
            _whole(row, "luggage"), row.get("features", ""), row.get("fuel", "").lower() or "diesel",
            _whole(row, "tank"), zone_by_code(session, home, "home").id if home else None,
            service_km=_whole(row, "service km") or None, service_days=_whole(row, "service days") or None,
            licence=row.get("licence", ""), driver_needs=row.get("driver needs", ""),
        )  # fmt: skip

    return _line_by_line(session, path, ("plate", "seats"), make, lambda form: add_vehicles(session, [form]))


@deed("transport.import_drivers", "import drivers", Role.SUPERVISOR)
def import_drivers(session: Session, path: Path) -> Changes:
    """Drivers by Person (number, e-mail or "Family, Given"); Classes, Languages, Skills, Phone, Days, From, To."""

    def make(row: Row) -> tuple[int, DriverForm, Hours | None]:
        hours = None
        if row.get("days"):
            first, last = (_clock(row.get(name, ""), name) for name in ("from", "to"))
            hours = Hours(row["days"].replace(" ", ""), first.hour * 60 + first.minute, last.hour * 60 + last.minute)
        form = DriverForm(row.get("classes", "") or "B", row.get("languages", ""), row.get("skills", ""),
                          row.get("phone", ""))  # fmt: skip
        return _person(session, row["person"]), form, hours

    return _line_by_line(session, path, ("person",), make, lambda form: add_drivers(session, [form]))


@deed("transport.import_requests", "ask for trips")
def import_requests(session: Session, path: Path) -> Changes:
    """Requests by Entity, Requester, Purpose, From, To, Day, Pick-up; There by, Passengers, Wheelchairs, Needs of the
    vehicle, Driver for what they must speak or have.
    """

    def make(row: Row) -> RequestForm:
        day = _day(row["day"])
        pickup = datetime.combine(day, _clock(row["pick-up"], "pick-up"), ZONE)
        by = row.get("there by", "")
        return RequestForm(
            _entity(session, row["entity"]), row["requester"], row["purpose"],
            zone_by_code(session, row["from"], "from").id, zone_by_code(session, row["to"], "to").id, pickup,
            _whole(row, "passengers") or 1, drop_by=datetime.combine(day, _clock(by, "there by"), ZONE) if by else None,
            wheelchairs=_whole(row, "wheelchairs"), needs=row.get("needs", ""),
            driver_needs=row.get("driver", ""), email=row.get("e-mail", ""),
            charge_code=row.get("charge code", ""),
        )  # fmt: skip

    needed = ("entity", "requester", "purpose", "from", "to", "day", "pick-up")
    return _line_by_line(session, path, needed, make, lambda form: make_requests(session, [form]))


def _line_by_line(
    session: Session, path: Path, needed: Sequence[str], make: Callable[[Row], Any], write: Callable[[Any], Changes]
) -> Changes:
    """Make a record of each line within one deed; all lines are tried, and one fault takes everything back."""
    faults: dict[str, str] = {}
    ids: list[int] = []
    last: Changes | None = None
    for number, row in lines_of(path, needed):
        try:
            with session.begin_nested():
                last = write(make(row))
                ids += last.ids
        except Refusal as refusal:
            faults[f"line {number}"] = f"Line {number}: {refusal}"
    if faults:
        raise Faults(faults)
    if last is None:
        raise Refusal(f"{path.name} holds no lines.")
    word = "request" if last.kind == REQUEST else "record"
    return Changes(last.kind, tuple(ids), f"{len(ids):,} {word}{'' if len(ids) == 1 else 's'} brought in.")


def _zone(row: Row) -> ZoneForm:
    spots = [_spot(row.get(name, ""), name) for name in ("latitude", "longitude")]
    far = row.get("upcountry", "").casefold() in ("yes", "y", "true", "1", "x")
    return ZoneForm(row["code"], row.get("name", ""), spots[0], spots[1], far)


def _spot(typed: str, name: str) -> float | None:
    if not typed:
        return None
    try:
        return float(typed)
    except ValueError as error:
        raise Refusal(f"{name} “{typed}” is no number of degrees.") from error


def _whole(row: Row, name: str) -> int:
    typed = row.get(name, "").replace(",", "")
    if not typed:
        return 0
    if not typed.isdigit() or len(typed) > 9:
        raise Refusal(f"{name} “{typed}” is no whole number.")
    return int(typed)


def _clock(typed: str, name: str) -> time:
    try:
        return time.fromisoformat(typed if len(typed) > 4 else typed.zfill(5))
    except ValueError as error:
        raise Refusal(f"{name} “{typed}” is no hour. Write it as 09:30.") from error


def _day(typed: str) -> date:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %b %Y"):
        try:
            return datetime.strptime(typed, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Refusal(f"“{typed}” is no day. Write it as 2026-07-14.")


def _entity(session: Session, typed: str) -> int:
    found = session.scalar(select(Entity.id).where(Entity.code == typed.upper()))
    if found is None:
        raise Refusal(f"there is no entity “{typed}”.")
    return found


def _person(session: Session, typed: str) -> int:
    found = list(
        session.scalars(
            select(Person.id).where(or_(Person.index_number == typed, Person.email == typed, Person.sort_name == typed))
        )
    )
    if len(found) != 1:
        raise Refusal(f"“{typed}” is {'nobody' if not found else 'more than one person'} on the People page.")
    return found[0]
