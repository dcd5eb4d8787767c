"""Drivers: who drives, what they may drive, when they are on duty and when they are away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cbo_desk import search
from cbo_desk.changes import Changes, Deed
from cbo_desk.context import ZONE, now, today
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed
from cbo_desk.transport.duty import TIME_WORDS, Duty
from cbo_desk.transport.kinds import DRIVER
from cbo_desk.versions import check_version
from db.fleet import TIMES, Driver, DriverPattern, DriverTime
from db.people import Person
from db.transport import Trip

TIME = "transport.time"
LABELS = {"classes": "the classes", "languages": "the languages", "skills": "the skills", "phone": "the phone"}


@dataclass(frozen=True)
class DriverForm:
    """What is written about a driver; classes, languages and skills are words."""

    classes: str = "B"
    languages: str = "en sw"
    skills: str = ""
    phone: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Hours:
    """A driver's weekly hours: minutes of the site's day; a shift that ends at or before its start ends tomorrow."""

    weekdays: str = "12345"
    from_minute: int = 420
    to_minute: int = 1020
    break_minutes: int = 60


@deed("transport.add_drivers", "add drivers", Role.SUPERVISOR)
def add_drivers(session: Session, forms: Sequence[tuple[int, DriverForm, Hours | None]]) -> Changes:
    """Let people drive: their person, what is written, and their weekly hours from today on."""
    rows = []
    for person_id, form, hours in forms:
        person = session.get(Person, person_id)
        if person is None:
            raise Refusal("Choose a person of the People page.", "person_id")
        row = session.scalar(select(Driver).where(Driver.person_id == person_id))
        if row is not None and row.gone_at is None:
            raise Refusal(f"{person.sort_name} is a driver already.", "person_id")
        row = row or Driver(person_id=person.id, sort_name=person.sort_name)
        row.gone_at = None
        _write(row, form)
        session.add(row)
        session.flush()
        if hours is not None:
            _set_hours(session, row, hours)
        rows.append(row)
    enter_drivers(session, rows)
    ids = tuple(row.id for row in rows)
    said = f"{rows[0].sort_name} drives for us now." if len(rows) == 1 else f"{len(rows)} drivers added."
    return Changes(DRIVER, ids, said, Deed(retire_drivers, (ids,)))


@deed("transport.edit_driver", "change drivers", Role.SUPERVISOR)
def edit_driver(session: Session, driver_id: int, version: int, form: DriverForm) -> Changes:
    """Change what is written about a driver."""
    row = driver_of(session, driver_id)
    check_version(session, row, version, row.sort_name, LABELS)
    before = driver_form(row)
    _write(row, form)
    session.flush()
    enter_drivers(session, [row])
    undo = Deed(edit_driver, (row.id, row.version, before))
    return Changes(DRIVER, (row.id,), f"{row.sort_name} saved.", undo)


@deed("transport.retire_drivers", "retire drivers", Role.SUPERVISOR)
def retire_drivers(session: Session, ids: Sequence[int]) -> Changes:
    """They no longer drive for us; what they drove stays on record."""
    rows = [driver_of(session, ident) for ident in ids]
    ahead = session.scalar(
        select(Trip.reference).where(Trip.driver_id.in_(ids), Trip.state.in_(("planned", "on_road"))).limit(1)
    )
    if ahead is not None:
        raise Refusal(f"{ahead} is still to be driven. Give that trip another driver first.")
    for row in rows:
        row.gone_at = now(session)
    search.withdraw(session, DRIVER, ids)
    names = ", ".join(row.sort_name for row in rows)
    return Changes(DRIVER, tuple(ids), f"{names} no longer drives for us.", Deed(bring_back_drivers, (tuple(ids),)))


@deed("transport.bring_back_drivers", "retire drivers", Role.SUPERVISOR)
def bring_back_drivers(session: Session, ids: Sequence[int]) -> Changes:
    """They drive for us again."""
    rows = list(session.scalars(select(Driver).where(Driver.id.in_(ids)).order_by(Driver.id)))
    for row in rows:
        row.gone_at = None
    enter_drivers(session, rows)
    return Changes(DRIVER, tuple(ids), "Drives for us again.", Deed(retire_drivers, (tuple(ids),)))


@deed("transport.set_hours", "set duty hours", Role.SUPERVISOR)
def set_hours(session: Session, driver_id: int, hours: Hours, valid_from: date | None = None) -> Changes:
    """Set a driver's weekly hours from a day on; the hours before stay on record."""
    row = driver_of(session, driver_id)
    _set_hours(session, row, hours, valid_from)
    said = f"{row.sort_name}: {shown_hours(hours)}."
    return Changes(DRIVER, (driver_id,), said)


@deed("transport.note_time", "note leave and shifts")
def note_time(session: Session, driver_id: int, kind: str, starts: datetime, ends: datetime, note: str = "") -> Changes:
    """Note leave, illness, training, or a shift that stands in place of the weekly hours that day."""
    row = driver_of(session, driver_id)
    if kind not in TIMES:
        raise Refusal("Choose what this time is.", "kind")
    if starts >= ends:
        raise Refusal("It ends after it starts.", "ends")
    entry = DriverTime(driver_id=driver_id, kind=kind, starts=starts, ends=ends, note=note.strip())
    session.add(entry)
    session.flush()
    said = f"{row.sort_name}: {TIME_WORDS[kind]}."
    return Changes(DRIVER, (driver_id,), said, Deed(drop_time, (entry.id,)), {TIME: (entry.id,)})


@deed("transport.drop_time", "note leave and shifts")
def drop_time(session: Session, time_id: int) -> Changes:
    """Take leave, an absence or an extra shift back."""
    entry = session.get(DriverTime, time_id)
    if entry is None:
        raise Refusal("This time is gone already.")
    undo = Deed(note_time, (entry.driver_id, entry.kind, entry.starts, entry.ends, entry.note))
    session.delete(entry)
    return Changes(DRIVER, (entry.driver_id,), "Taken back.", undo, {TIME: (time_id,)})


def duties(session: Session, ids: Iterable[int], day: date) -> dict[int, list[Duty]]:
    """Per driver the shifts that begin on a day, and every absence that touches it, in their order."""
    wanted = list(ids)
    starts = datetime.combine(day, time(), ZONE)
    ends = starts + timedelta(days=1)
    found: dict[int, list[Duty]] = {ident: [] for ident in wanted}
    touching = select(DriverTime).where(
        DriverTime.driver_id.in_(wanted), DriverTime.ends > starts, DriverTime.starts < ends
    )
    for entry in session.scalars(touching):
        if entry.kind != "shift" or entry.starts >= starts:
            found[entry.driver_id].append(Duty(entry.starts, entry.ends, entry.kind, 0, entry.note))
    own_shift = {ident for ident, times in found.items() if any(each.kind == "shift" for each in times)}
    for ident, hours in _patterns(session, wanted, day).items():
        if ident not in own_shift and str(day.isoweekday()) in hours.weekdays:
            begin = starts + timedelta(minutes=hours.from_minute)
            finish = starts + timedelta(minutes=hours.to_minute)
            finish += timedelta(days=1) if hours.to_minute <= hours.from_minute else timedelta()
            found[ident].append(Duty(begin, finish, "shift", hours.break_minutes))
    return {ident: sorted(times) for ident, times in found.items()}


def _patterns(session: Session, ids: Sequence[int], day: date) -> Mapping[int, DriverPattern]:
    """The weekly hours in force on a day, the newest where several are."""
    wanted = select(DriverPattern).where(
        DriverPattern.driver_id.in_(ids),
        DriverPattern.valid_from <= day,
        or_(DriverPattern.valid_to.is_(None), DriverPattern.valid_to >= day),
    )
    return {row.driver_id: row for row in session.scalars(wanted.order_by(DriverPattern.valid_from, DriverPattern.id))}


def hours_of(session: Session, driver_id: int) -> Hours | None:
    """The weekly hours in force today."""
    row = _patterns(session, [driver_id], today(session)).get(driver_id)
    return None if row is None else Hours(row.weekdays, row.from_minute, row.to_minute, row.break_minutes)


def shown_hours(hours: Hours) -> str:
    """Weekly hours as people read them: Mon Tue Wed 07:00 to 17:00."""
    days = " ".join(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][int(each) - 1] for each in hours.weekdays)
    low, high = hours.from_minute, hours.to_minute
    return f"{days} {low // 60:02}:{low % 60:02} to {high // 60:02}:{high % 60:02}"


def driver_of(session: Session, driver_id: int, field: str | None = None) -> Driver:
    """A driver in service, or a refusal."""
    row = session.get(Driver, driver_id)
    if row is None or row.gone_at is not None:
        raise Refusal("This driver no longer drives for us.", field)
    return row


def driver_form(row: Driver) -> DriverForm:
    """What is written about a driver."""
    return DriverForm(row.classes, row.languages, row.skills, row.phone, row.notes)


def enter_drivers(session: Session, rows: Sequence[Driver]) -> None:
    """Make drivers findable by name, classes, languages and skills."""
    words = (
        search.Findable(DRIVER, row.id, row.sort_name, f"Driver · {row.classes}", (row.languages, row.skills))
        for row in rows
    )
    search.enter(session, words)


def _write(row: Driver, form: DriverForm) -> None:
    if not form.classes.strip():
        raise Refusal("Say which classes of vehicle this driver may drive, such as B.", "classes")
    held = form.classes.upper().replace(",", " ").replace(";", " ").split()
    row.classes, row.languages = " ".join(dict.fromkeys(held)), " ".join(form.languages.lower().split())
    row.skills, row.phone, row.notes = " ".join(form.skills.split()), form.phone.strip(), form.notes.strip()


def _set_hours(session: Session, row: Driver, hours: Hours, valid_from: date | None = None) -> None:
    if not hours.weekdays or not set(hours.weekdays) <= set("1234567"):
        raise Refusal("Say on which days, as numbers from 1 for Monday to 7.", "weekdays")
    if not (0 <= hours.from_minute < 1440 and 0 <= hours.to_minute <= 1440) or hours.break_minutes < 0:
        raise Refusal("A shift lies between 00:00 and 24:00.", "from_minute")
    pattern = DriverPattern(
        driver_id=row.id, weekdays="".join(sorted(set(hours.weekdays))), from_minute=hours.from_minute,
        to_minute=hours.to_minute, break_minutes=hours.break_minutes, valid_from=valid_from or today(session),
    )  # fmt: skip
    session.add(pattern)
    session.flush()
