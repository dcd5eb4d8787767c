"""Loans that are due: the figures of the day, and reminders by mail, one message to each borrower a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk import notifications
from cbo_desk.changes import Changes
from cbo_desk.context import ZONE, now, today
from cbo_desk.dated import value_on
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed, reads
from cbo_desk.property.custody.answers import CONFIRM_DAYS
from cbo_desk.property.custody.listings import LOAN, HolderList, open_loans
from db.custody import HandoverItem
from db.people import Person
from db.records import Notification

SOON_DAYS = 3
REMINDER = "property.loan_reminder"


@dataclass(frozen=True)
class CustodyFigures:
    """The figures of custody today; `oldest` is the day on which the longest overdue loan was due."""

    loans: int
    overdue: int
    oldest: date | None
    confirmed_since: datetime
    unconfirmed: int


@reads("property", "look at loans")
def custody_figures(session: Session) -> CustodyFigures:
    """Count loans, overdue loans, and the people who have not confirmed what they hold."""
    loans = session.scalar(select(func.count()).select_from(HandoverItem).where(open_loans())) or 0
    late = select(func.count(), func.min(HandoverItem.to_due_on)).where(
        open_loans(), HandoverItem.to_due_on < today(session)
    )
    overdue, oldest = session.execute(late).one()
    since = confirmed_since(session)
    return CustodyFigures(
        int(loans), int(overdue), oldest, since, HolderList(since=since, unconfirmed=True).count(session)
    )


@reads("property", "look at what people hold")
def confirmed_since(session: Session) -> datetime:
    """Since when a confirmation counts: so many days back as the setting of today says."""
    days = int(value_on(session, CONFIRM_DAYS.name, today(session)))
    return now(session) - timedelta(days=days)


@deed("property.remind_borrowers", "remind borrowers")
def remind_borrowers(session: Session) -> Changes:
    """Queue one message to each borrower whose loans are overdue or due within three days.

    Nobody is reminded twice a day; who has no address is named in the sentence. Refusal where there is nothing to say.
    """
    wanted = (
        select(HandoverItem, Person)
        .join(Person, Person.id == HandoverItem.to_person_id)
        .where(open_loans(), HandoverItem.to_due_on <= today(session) + timedelta(days=SOON_DAYS))
        .order_by(Person.sort_name, Person.id, HandoverItem.to_due_on, HandoverItem.id)
    )
    rows = session.execute(wanted).all()
    if not rows:
        raise Refusal("No loan is overdue or due within three days.")
    sent, silent, before = [], [], 0
    for person, lines in groupby(rows, key=lambda row: row[1]):
        if not person.email:
            silent.append(person.sort_name)
        elif _reminded_today(session, person.id):
            before += 1
        else:
            items = [row[0] for row in lines]
            body = _letter(person, items, today(session))
            subject = f"Loans to return: {len(items)}"
            sent.append(
                notifications.queue(session, person.email, subject, body, record_kind=REMINDER, record_id=person.id)
            )
    said = f"{len(sent)} {'reminder' if len(sent) == 1 else 'reminders'} queued."
    said += f" {before} reminded today already." if before else ""
    said += f" No address: {'; '.join(silent)}." if silent else ""
    return Changes(notifications.KIND, tuple(sent), said, None, {LOAN: ()})


def _reminded_today(session: Session, person_id: int) -> bool:
    day = today(session)
    start = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    wanted = select(Notification.id).where(
        Notification.record_kind == REMINDER, Notification.record_id == person_id, Notification.due_at >= start
    )
    return session.scalar(wanted.limit(1)) is not None


def _letter(person: Person, items: list[HandoverItem], day: date) -> str:
    lines = [f"- {item.inventory_no}, {item.description}: {_due(item.to_due_on, day)}" for item in items]
    return "\n".join(
        [f"Dear {person.given_name or person.family_name},", "", "please bring back what you have on loan:", "",
         *lines, "", "If you need it longer, tell the property desk.", ""]
    )  # fmt: skip


def _due(due: date | None, day: date) -> str:
    assert due is not None
    late = (day - due).days
    if late > 0:
        return f"was due on {due:%-d %b %Y}, {late} {'day' if late == 1 else 'days'} ago"
    return "due today" if late == 0 else f"due on {due:%-d %b %Y}"
