"""Incidents: what happened to which vehicle, with whom, where; photos hang on the report as attachments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from cbo_desk import search
from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now
from cbo_desk.errors import Refusal
from cbo_desk.numbers import next_reference
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import deed, reads
from cbo_desk.transport.fleet import vehicle_of
from cbo_desk.transport.kinds import INCIDENT, VEHICLE
from cbo_desk.transport.planning import note_event
from db.fleet import Driver, Vehicle
from db.transport import Incident

SERIES = "I"
KINDS = {
    "accident": "Accident",
    "breakdown": "Breakdown",
    "theft": "Theft",
    "security": "Security",
    "other": "Other",
}


@dataclass(frozen=True)
class IncidentForm:
    """What is reported about an incident."""

    vehicle_id: int
    kind: str
    at: datetime
    what: str
    place: str = ""
    driver_id: int | None = None
    trip_id: int | None = None
    injured: bool = False
    police: str = ""


@dataclass(frozen=True)
class IncidentRow:
    """An incident as lists and cards show it."""

    id: int
    reference: str
    at: datetime
    kind: str
    vehicle: str
    driver: str
    place: str
    what: str
    injured: bool
    police: str
    closed_at: datetime | None


@deed("transport.report_incident", "report incidents")
def report_incident(session: Session, form: IncidentForm) -> Changes:
    """Report what happened; a photo is put on the report's card."""
    vehicle = vehicle_of(session, form.vehicle_id, "vehicle_id")
    if not form.what.strip():
        raise Refusal("Say what happened.", "what")
    if form.kind not in KINDS:
        raise Refusal("Choose what kind of incident it was.", "kind")
    if form.at > now(session):
        raise Refusal("That time is still to come.", "at")
    row = Incident(
        reference=next_reference(session, SERIES), vehicle_id=form.vehicle_id, driver_id=form.driver_id,
        trip_id=form.trip_id, kind=form.kind, at=form.at, place=form.place.strip(), what=form.what.strip(),
        injured=form.injured, police=form.police.strip(), made_at=now(session), made_by=actor(session).login,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if form.trip_id is not None:
        note_event(session, form.trip_id, "incident", f"{row.reference}: {row.what[:80]}")
        session.flush()
    search.enter(session, [search.Findable(INCIDENT, row.id, row.reference, f"{vehicle.plate} · {row.what[:60]}")])
    said = f"{row.reference} reported: {KINDS[row.kind].lower()}, {vehicle.plate}."
    return Changes(INCIDENT, (row.id,), said, Deed(close_incident, (row.id,)), {VEHICLE: (form.vehicle_id,)})


@deed("transport.close_incident", "close incidents")
def close_incident(session: Session, incident_id: int, closed: bool = True) -> Changes:
    """Nothing is left to do about an incident, or there is again."""
    row = session.get(Incident, incident_id)
    if row is None:
        raise Refusal("This incident is not there.")
    row.closed_at = now(session) if closed else None
    session.flush()
    word = "closed" if closed else "open again"
    undo = Deed(close_incident, (incident_id, not closed))
    return Changes(INCIDENT, (incident_id,), f"{row.reference} is {word}.", undo, {VEHICLE: (row.vehicle_id,)})


_COLUMNS = (
    Incident.id, Incident.reference, Incident.at, Incident.kind, Vehicle.plate, Driver.sort_name, Incident.place,
    Incident.what, Incident.injured, Incident.police, Incident.closed_at,
)  # fmt: skip
_LINES = (
    select(*_COLUMNS)
    .select_from(Incident)
    .join(Vehicle, Vehicle.id == Incident.vehicle_id)
    .outerjoin(Driver, Driver.id == Incident.driver_id)
)


@reads("transport", "look at incidents")
class IncidentList(PagedList[IncidentRow]):
    """Incidents, the newest first; of one vehicle or of all."""

    kind = INCIDENT

    def __init__(self, words: str = "", descending: bool = True, vehicle_id: int | None = None) -> None:
        self._words = words
        where = true() if vehicle_id is None else Incident.vehicle_id == vehicle_id
        super().__init__(_LINES, Incident.id, Sort((Incident.at, Incident.id), descending), where)

    def condition(self, session: Session) -> Any:
        """Words are looked up the engine's own way."""
        found = search.matching(session, INCIDENT, self._words)
        return self._where if found is None else self._where & Incident.id.in_(found)

    def row_of(self, values: Any) -> IncidentRow:
        """One incident."""
        parts = list(values[: len(_COLUMNS)])
        parts[5] = parts[5] or ""
        return IncidentRow(*parts)


@reads("transport", "look at incidents")
def incident_of(session: Session, incident_id: int) -> IncidentRow:
    """One incident."""
    values = session.execute(_LINES.where(Incident.id == incident_id)).first()
    if values is None:
        raise Refusal("This incident is not there.")
    parts = list(values)
    parts[5] = parts[5] or ""
    return IncidentRow(*parts)
