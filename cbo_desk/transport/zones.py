"""Zones, the bands of the day and travel times: how they are kept, and the table that everything is reckoned with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import now, today
from cbo_desk.dated import value_on
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed, reads
from cbo_desk.transport.journeys import Assumed, BandStart, Journeys, Leg, ZonePoint
from cbo_desk.transport.kinds import BOARDING, DETOUR, SPEED, ZONE_KIND
from cbo_desk.versions import check_version
from db.travel import TravelBand, TravelTime, Zone

BAND = "transport.band"
_KEPT = "transport.travel_table"
LABELS = {"code": "the code", "name": "the name", "latitude": "the latitude", "longitude": "the longitude"}
SHIPPED_BANDS = (("night", 0, 45), ("morning", 390, 20), ("day", 570, 26), ("evening", 960, 18), ("late", 1200, 35))
"""Code, minute it begins at, assumed speed in km/h: assumptions that the site confirms, about 23 km/h in traffic."""


@dataclass(frozen=True)
class ZoneForm:
    """What is written about a zone."""

    code: str
    name: str
    latitude: float | None = None
    longitude: float | None = None
    upcountry: bool = False


@dataclass(frozen=True)
class ZoneRow:
    """A zone as lists and forms show it."""

    id: int
    code: str
    name: str
    latitude: float | None
    longitude: float | None
    upcountry: bool
    version: int


@reads("transport", "look at zones")
def zones(session: Session) -> list[ZoneRow]:
    """Every zone in use, by name."""
    wanted = select(Zone).where(Zone.gone_at.is_(None)).order_by(Zone.name, Zone.id)
    return [
        ZoneRow(each.id, each.code, each.name, each.latitude, each.longitude, each.upcountry, each.version)
        for each in session.scalars(wanted)
    ]


@reads("transport", "look at travel times")
def bands(session: Session) -> list[BandStart]:
    """The bands of the day, in their order."""
    wanted = select(TravelBand).order_by(TravelBand.from_minute)
    return [BandStart(each.id, each.code, each.from_minute, each.speed_kmh) for each in session.scalars(wanted)]


@reads("transport", "look at travel times")
def travel_table(session: Session) -> Journeys:
    """Zones, bands and every travel time that is known, read once in a deed until the deed itself changes one."""
    kept = session.info.get(_KEPT)
    if kept is None:
        kept = session.info[_KEPT] = _table(session)
    assert isinstance(kept, Journeys)
    return kept


def _table(session: Session) -> Journeys:
    points = [
        ZonePoint(row.id, row.code, row.name, row.latitude, row.longitude)
        for row in session.execute(select(Zone.id, Zone.code, Zone.name, Zone.latitude, Zone.longitude))
    ]
    columns = (
        TravelTime.from_zone_id, TravelTime.to_zone_id, TravelTime.band_id, TravelTime.seconds, TravelTime.metres,
        TravelTime.source, TravelTime.trips,
    )  # fmt: skip
    cells = {(row[0], row[1], row[2]): Leg(row[3], row[4], row[5], row[6]) for row in session.execute(select(*columns))}
    day = today(session)
    assumed = Assumed(
        float(value_on(session, DETOUR.name, day)), int(value_on(session, SPEED.name, day)),
        timedelta(minutes=int(value_on(session, BOARDING.name, day))),
    )  # fmt: skip
    return Journeys(points, bands(session), cells, assumed)


def zone_of(session: Session, zone_id: int, field: str) -> Zone:
    """A zone in use, or a refusal beside the field that names it."""
    zone = session.get(Zone, zone_id)
    if zone is None or zone.gone_at is not None:
        raise Refusal("This zone is not known. Choose one of the list.", field)
    return zone


def zone_by_code(session: Session, code: str, field: str) -> Zone:
    """The zone with a code, in any case; a refusal that names those there are."""
    text = " ".join(code.split())
    for zone in session.scalars(select(Zone).where(Zone.gone_at.is_(None)).order_by(Zone.code)):
        if text.casefold() in (zone.code.casefold(), zone.name.casefold()):
            return zone
    known = list(session.scalars(select(Zone.code).where(Zone.gone_at.is_(None)).order_by(Zone.code).limit(12)))
    told = f"Known are {', '.join(known)}." if known else "There is none yet: add one on the Travel times page."
    raise Refusal(f"There is no zone {text or 'without a code'}. {told}", field)


@deed("transport.add_zones", "add zones", Role.CLERK)
def add_zones(session: Session, forms: Sequence[ZoneForm]) -> Changes:
    """Add zones; the shipped bands of the day come with the first one."""
    if session.scalar(select(TravelBand.id).limit(1)) is None:
        session.add_all([TravelBand(code=code, from_minute=at, speed_kmh=speed) for code, at, speed in SHIPPED_BANDS])
    rows = [Zone(code="", name="") for _ in forms]
    for row, form in zip(rows, forms, strict=True):
        _write(session, row, form)
        session.add(row)
        session.flush()
    ids = tuple(row.id for row in rows)
    said = f"Zone {rows[0].code} added." if len(rows) == 1 else f"{len(rows)} zones added."
    return Changes(ZONE_KIND, ids, said, Deed(retire_zones, (ids,)))


@deed("transport.edit_zone", "change zones", Role.CLERK)
def edit_zone(session: Session, zone_id: int, version: int, form: ZoneForm) -> Changes:
    """Change what is written about a zone."""
    row = zone_of(session, zone_id, "code")
    check_version(session, row, version, row.code, LABELS)
    before = ZoneForm(row.code, row.name, row.latitude, row.longitude, row.upcountry)
    _write(session, row, form)
    session.flush()
    return Changes(ZONE_KIND, (row.id,), f"{row.code} saved.", Deed(edit_zone, (row.id, row.version, before)))


@deed("transport.retire_zones", "retire zones", Role.CLERK)
def retire_zones(session: Session, ids: Sequence[int]) -> Changes:
    """Offer zones no longer; requests that name them keep them."""
    for row in session.scalars(select(Zone).where(Zone.id.in_(ids))):
        row.gone_at = now(session)
    return Changes(ZONE_KIND, tuple(ids), "No longer offered.", Deed(bring_back_zones, (tuple(ids),)))


@deed("transport.bring_back_zones", "retire zones", Role.CLERK)
def bring_back_zones(session: Session, ids: Sequence[int]) -> Changes:
    """Offer zones again."""
    for row in session.scalars(select(Zone).where(Zone.id.in_(ids))):
        row.gone_at = None
    return Changes(ZONE_KIND, tuple(ids), "Offered again.", Deed(retire_zones, (tuple(ids),)))


@dataclass(frozen=True)
class CellForm:
    """One travel time as staff or a server give it: seconds and metres from a zone to a zone in a band."""

    from_zone_id: int
    to_zone_id: int
    band_id: int
    seconds: int
    metres: int
    source: str = "given"
    trips: int = 0


@reads("transport", "look at travel times")
def time_now(session: Session, from_zone_id: int, to_zone_id: int, band_id: int) -> tuple[int, int] | None:
    """How long a way takes and how far it is, in seconds and metres; None where nobody knows."""
    found = session.execute(
        select(TravelTime.seconds, TravelTime.metres).where(
            TravelTime.from_zone_id == from_zone_id,
            TravelTime.to_zone_id == to_zone_id,
            TravelTime.band_id == band_id,
        )
    ).first()
    return None if found is None else (found[0], found[1])


@deed("transport.set_times", "set travel times", Role.CLERK)
def set_times(session: Session, cells: Sequence[CellForm], taken_away: Sequence[tuple[int, int, int]] = ()) -> Changes:
    """Write travel times, each with its source; `taken_away` are zones and bands whose time is unknown again."""
    wanted = {(cell.from_zone_id, cell.to_zone_id, cell.band_id): cell for cell in cells}
    known = {(row.from_zone_id, row.to_zone_id, row.band_id): row for row in session.scalars(select(TravelTime))}
    session.info.pop(_KEPT, None)
    touched = [known[key] for key in (*wanted, *taken_away) if key in known]
    before = [
        CellForm(row.from_zone_id, row.to_zone_id, row.band_id, row.seconds, row.metres, row.source, row.trips)
        for row in touched
    ]
    missing = [key for key in wanted if key not in known]
    instant = now(session)
    for key, cell in wanted.items():
        row = known.get(key)
        if row is not None:
            row.seconds, row.metres, row.source, row.trips = cell.seconds, cell.metres, cell.source, cell.trips
            row.noted_at = instant
    fresh = [
        {
            "from_zone_id": key[0], "to_zone_id": key[1], "band_id": key[2], "seconds": wanted[key].seconds,
            "metres": wanted[key].metres, "source": wanted[key].source, "trips": wanted[key].trips,
            "noted_at": instant,
        }
        for key in missing
    ]  # fmt: skip
    if fresh:
        session.execute(insert(TravelTime), fresh)
    for key in taken_away:
        if key in known:
            session.delete(known[key])
    session.flush()
    count = len(cells) + len(taken_away)
    said = "1 travel time set." if count == 1 else f"{count:,} travel times set."
    ids = tuple(sorted({cell.from_zone_id for cell in cells} | {key[0] for key in taken_away}))
    return Changes(ZONE_KIND, ids, said, Deed(set_times, (tuple(before), tuple(missing))))


@deed("transport.set_band", "set travel times", Role.SUPERVISOR)
def set_band(session: Session, code: str, from_minute: int, speed_kmh: int) -> Changes:
    """Add a band of the day, or let it begin at another minute or go at another assumed speed."""
    text = code.strip()
    if not text:
        raise Refusal("Give the band a name, such as morning.", "code")
    row = session.scalar(select(TravelBand).where(TravelBand.code == text))
    undo = Deed(set_band, (row.code, row.from_minute, row.speed_kmh)) if row is not None else None
    row = row or TravelBand(code=text)
    row.from_minute, row.speed_kmh = from_minute, speed_kmh
    session.info.pop(_KEPT, None)
    session.add(row)
    session.flush()
    hour = f"{from_minute // 60:02}:{from_minute % 60:02}"
    return Changes(BAND, (row.id,), f"{text} begins at {hour}, {speed_kmh} km/h assumed.", undo)


def assumed_cells(session: Session) -> list[CellForm]:
    """A time by distance and assumed speed for each pair and band that has none or only an assumed one."""
    table = travel_table(session)
    found: list[CellForm] = []
    offered = [zone.id for zone in zones(session)]
    for start in offered:
        for end in offered:
            for band in table.bands:
                known = table.cells.get((start, end, band.id))
                if start == end or (known is not None and known.source != "assumed"):
                    continue
                leg = table.assumed(start, end, band)
                if leg.metres and (known is None or known != leg):
                    found.append(CellForm(start, end, band.id, leg.seconds, leg.metres, "assumed"))
    return found


@deed("transport.fill_assumed", "set travel times", Role.CLERK)
def fill_assumed(session: Session) -> Changes:
    """Write an assumed time wherever nothing better is known: distance × detour ÷ the band's speed, marked so."""
    cells = assumed_cells(session)
    if not cells:
        raise Refusal("Nothing to fill: every pair of zones with coordinates has its time.")
    return replace(set_times(session, cells), said=f"{len(cells):,} travel times assumed from the distance.")


def _write(session: Session, row: Zone, form: ZoneForm) -> None:
    code, name = form.code.strip().upper(), " ".join(form.name.split())
    if not code:
        raise Refusal("Give the zone a code, such as JKIA.", "code")
    other = session.scalar(select(Zone.id).where(Zone.code == code))
    if other is not None and other != row.id:
        raise Refusal(f"Another zone has the code {code}.", "code")
    if (form.latitude is None) != (form.longitude is None):
        raise Refusal("Give both latitude and longitude, or neither.", "longitude")
    if form.latitude is not None and abs(form.latitude) > 90:
        raise Refusal("A latitude lies between -90 and 90 degrees.", "latitude")
    if form.longitude is not None and abs(form.longitude) > 180:
        raise Refusal("A longitude lies between -180 and 180 degrees.", "longitude")
    row.code, row.name = code, name or code
    session.info.pop(_KEPT, None)
    row.latitude, row.longitude, row.upcountry = form.latitude, form.longitude, form.upcountry
