"""Lists of whom mail is for beside the people: who is away and whose mail goes where, and the groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import aliased

from cbo_desk.mail.addressing import ABSENCE
from cbo_desk.mail.groups import GROUP
from cbo_desk.office import Office
from cbo_desk.paging import PAGE, PagedList, Sort
from cbo_desk.permissions import reads
from cbo_desk.tabular import Column
from db.mail import MailAbsence, MailGroup
from db.people import Entity, Person
from db.places import Place

AbsenceView = Literal["coming", "past"]
GroupView = Literal["groups", "removed"]
_Other = aliased(Person)
ABSENCE_COLUMNS = (
    Column("Who"), Column("Entity"), Column("From", "date"), Column("Until", "date"), Column("Mail goes to"),
    Column("Note"),
)  # fmt: skip
GROUP_COLUMNS = (
    Column("Group"), Column("Entity"), Column("Brought to"), Column("People", "integer"), Column("E-mail"),
)  # fmt: skip


@dataclass(frozen=True)
class AbsenceRow:
    """Somebody is away; mail is held where `goes_to` is empty."""

    id: int
    name: str
    entity: str
    since: date
    until: date
    goes_to: str
    note: str


@dataclass(frozen=True)
class GroupRow:
    """A group that mail may be for."""

    id: int
    name: str
    entity: str
    place: str
    members: int
    email: str


@reads("mail", "look at mail")
class AbsenceList(PagedList[AbsenceRow]):
    """Absences that are not over on a day, or those that are; the first to end come first."""

    kind = ABSENCE

    def __init__(
        self, day: date, which: AbsenceView = "coming", words: str = "", sort: str = "until", descending: bool = False
    ) -> None:
        columns = (
            MailAbsence.id, Person.sort_name, Person.entity_code, MailAbsence.since, MailAbsence.until,
            _Other.sort_name.label("other"), MailAbsence.note,
        )  # fmt: skip
        lines = select(*columns).join(Person, Person.id == MailAbsence.person_id)
        lines = lines.join(_Other, _Other.id == MailAbsence.forward_to_id, isouter=True)
        where = MailAbsence.until >= day if which == "coming" else MailAbsence.until < day
        people = select(Person.id).where(*(Person.sort_name.icontains(word, autoescape=True) for word in words.split()))
        named = (
            or_(MailAbsence.person_id.in_(people), MailAbsence.forward_to_id.in_(people)) if words.split() else true()
        )
        order = {"until": MailAbsence.until, "since": MailAbsence.since}[sort]
        super().__init__(lines, MailAbsence.id, Sort((order, MailAbsence.id), descending), and_(where, named))

    def row_of(self, values: Any) -> AbsenceRow:
        """One line."""
        ident, name, entity, since, until, other, note = list(values)[:7]
        return AbsenceRow(ident, name, entity or "", since, until, other or "", note)


def _named(word: str) -> ColumnElement[bool]:
    """Groups that hold a word in their name, address or entity."""
    entities = select(Entity.id).where(Entity.code.icontains(word, autoescape=True))
    named = (column.icontains(word, autoescape=True) for column in (MailGroup.name, MailGroup.email))
    return or_(*named, MailGroup.entity_id.in_(entities))


@reads("mail", "look at mail")
class GroupList(PagedList[GroupRow]):
    """The groups that are suggested, or those that were removed."""

    kind = GROUP

    def __init__(self, which: GroupView = "groups", words: str = "", descending: bool = False) -> None:
        columns = (
            MailGroup.id, MailGroup.name, Entity.code, Place.code.label("place"), MailGroup.members, MailGroup.email,
        )  # fmt: skip
        lines = select(*columns).join(Entity, Entity.id == MailGroup.entity_id)
        lines = lines.join(Place, Place.id == MailGroup.place_id, isouter=True)
        gone = MailGroup.gone_at.is_(None) if which == "groups" else MailGroup.gone_at.is_not(None)
        parts = [_named(word) for word in words.split()]
        super().__init__(lines, MailGroup.id, Sort((MailGroup.name, MailGroup.id), descending), and_(gone, *parts))

    def row_of(self, values: Any) -> GroupRow:
        """One line."""
        ident, name, entity, place, members, email = list(values)[:6]
        return GroupRow(ident, name, entity, place or "", members, email)


def absence_rows(office: Office, listing: AbsenceList) -> Iterator[tuple[Any, ...]]:
    """The absences as a table for a file."""
    for start in office.read(listing.outline).starts:
        for line in office.read(listing.page, start, PAGE):
            row = line.row
            yield row.name, row.entity, row.since, row.until, row.goes_to or "held", row.note


def group_rows(office: Office, listing: GroupList) -> Iterator[tuple[Any, ...]]:
    """The groups as a table for a file."""
    for start in office.read(listing.outline).starts:
        for line in office.read(listing.page, start, PAGE):
            row = line.row
            yield row.name, row.entity, row.place, row.members, row.email
