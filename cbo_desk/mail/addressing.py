"""Whom mail may be for: suggested from what was typed or printed, with absence and group; never assigned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import today
from cbo_desk.errors import Refusal
from cbo_desk.mail.addressees import Addressee, Addressees, Kind
from cbo_desk.mail.receiving import Addressed
from cbo_desk.permissions import deed, reads
from db.mail import MailAbsence, MailGroup, MailItem
from db.people import Entity, Person
from db.places import Place

ABSENCE = "mail.absence"


@dataclass(frozen=True)
class Candidate:
    """Somebody an item may be for, as a counter shows it; `away_until` with whom their mail goes to meanwhile."""

    addressed: Addressed
    name: str
    entity: str
    place: str
    evidence: tuple[str, ...]
    members: int = 0
    items: int = 0
    away_until: date | None = None
    goes_to: str = ""
    goes_to_id: int | None = None
    left: bool = False


@dataclass(frozen=True)
class _Known:
    """Everybody who may be meant, as of a stamp."""

    stamp: tuple[Any, ...]
    names: Addressees


_known: WeakKeyDictionary[Any, _Known] = WeakKeyDictionary()
_STAMP = (
    select(func.count(), func.coalesce(func.max(Person.id), 0), func.coalesce(func.sum(Person.version), 0)),
    select(func.count(), func.coalesce(func.max(MailGroup.id), 0), func.count(MailGroup.gone_at)),
    select(func.count(), func.coalesce(func.sum(Entity.version), 0)),
)


@reads("mail", "look up addressees")
def suggest_addressees(session: Session, line: str, most: int = 3) -> list[Candidate]:
    """Whom the typed or printed line may mean, most likely first; nobody where no name is like it."""
    found = _addressees(session).suggest(line, most)
    if not found:
        return []
    people = [one.addressee.id for one in found if one.addressee.kind is Kind.PERSON]
    groups = [one.addressee.id for one in found if one.addressee.kind is Kind.GROUP]
    persons = {row.id: row for row in session.execute(_PERSON.where(Person.id.in_(people)))}
    teams = {row.id: row for row in session.execute(_GROUP.where(MailGroup.id.in_(groups)))}
    away = _away(session, people)
    counts = _counts(session, people)
    candidates = []
    for one in found:
        ident = one.addressee.id
        if one.addressee.kind is Kind.GROUP and ident in teams:
            team = teams[ident]
            addressed = Addressed(group_id=ident)
            candidates.append(Candidate(addressed, team.name, team.code, team.place or "", one.evidence, team.members))
        elif ident in persons:
            row = persons[ident]
            until, goes_to, goes_to_id = away.get(ident, (None, "", None))
            candidates.append(
                Candidate(
                    Addressed(person_id=ident), row.sort_name, row.entity_code, row.place or "", one.evidence,
                    items=counts.get(ident, 0), away_until=until, goes_to=goes_to, goes_to_id=goes_to_id,
                    left=row.until is not None and row.until < today(session),
                )
            )  # fmt: skip
    return candidates


_PERSON = select(Person.id, Person.sort_name, Person.entity_code, Person.until, Place.code.label("place")).join_from(
    Person, Place, Place.id == Person.place_id, isouter=True
)
_GROUP = (
    select(MailGroup.id, MailGroup.name, MailGroup.members, Entity.code, Place.code.label("place"))
    .join_from(MailGroup, Entity, Entity.id == MailGroup.entity_id)
    .join(Place, Place.id == MailGroup.place_id, isouter=True)
)


@deed("mail.note_absence", "note absences")
def note_absence(
    session: Session, person_id: int, since: date, until: date, forward_to_id: int | None = None, note: str = ""
) -> Changes:
    """Note that somebody is away from a day to a day, and to whom their mail goes meanwhile."""
    person = session.get(Person, person_id)
    if person is None:
        raise Refusal("Choose who is away.", "person_id")
    if since > until:
        raise Refusal("The last day cannot be before the first.", "until")
    other = session.get(Person, forward_to_id) if forward_to_id else None
    if other is not None and other.id == person_id:
        raise Refusal("Mail cannot be forwarded to the one who is away.", "forward_to_id")
    row = MailAbsence(person_id=person_id, since=since, until=until, forward_to_id=forward_to_id, note=note.strip())
    session.add(row)
    session.flush()
    goes = f"; mail goes to {other.sort_name}" if other else ""
    said = f"{person.sort_name} is away until {until:%-d %b %Y}{goes}."
    return Changes(ABSENCE, (row.id,), said, Deed(remove_absence, (row.id,)))


@deed("mail.remove_absence", "note absences")
def remove_absence(session: Session, absence_id: int) -> Changes:
    """Take an absence back."""
    row = session.get(MailAbsence, absence_id)
    if row is None:
        raise Refusal("This absence is no longer there.")
    again = (row.person_id, row.since, row.until, row.forward_to_id, row.note)
    session.delete(row)
    return Changes(ABSENCE, (absence_id,), "The absence is taken back.", Deed(note_absence, again))


def _addressees(session: Session) -> Addressees:
    pool = session.connection().engine.pool
    stamp = tuple(value for wanted in _STAMP for value in session.execute(wanted).one())
    known = _known.get(pool)
    if known is None or known.stamp != stamp:
        known = _known[pool] = _Known(stamp, _read(session))
    return known.names


def _read(session: Session) -> Addressees:
    entities = {row.id: row for row in session.execute(select(Entity.id, Entity.code, Entity.name))}
    everybody = [
        Addressee(Kind.PERSON, row.id, row.sort_name, row.entity_code, row.unit)
        for row in session.execute(select(Person.id, Person.sort_name, Person.entity_code, Person.unit))
    ]
    groups = select(MailGroup.id, MailGroup.name, MailGroup.entity_id).where(MailGroup.gone_at.is_(None))
    everybody += [
        Addressee(Kind.GROUP, row.id, row.name, entities[row.entity_id].code) for row in session.execute(groups)
    ]
    return Addressees(everybody, {row.code: row.name for row in entities.values()})


def _away(session: Session, people: list[int]) -> dict[int, tuple[date, str, int | None]]:
    day = today(session)
    wanted = (
        select(MailAbsence.person_id, MailAbsence.until, MailAbsence.forward_to_id, Person.sort_name)
        .join(Person, Person.id == MailAbsence.forward_to_id, isouter=True)
        .where(MailAbsence.person_id.in_(people), MailAbsence.since <= day, MailAbsence.until >= day)
        .order_by(MailAbsence.until)
    )
    return {row.person_id: (row.until, row.sort_name or "", row.forward_to_id) for row in session.execute(wanted)}


def _counts(session: Session, people: list[int]) -> dict[int, int]:
    """How much mail each had so far: evidence for the one who decides."""
    wanted = select(MailItem.person_id, func.count()).where(MailItem.person_id.in_(people)).group_by(MailItem.person_id)
    return {row[0]: int(row[1]) for row in session.execute(wanted) if row[0] is not None}
