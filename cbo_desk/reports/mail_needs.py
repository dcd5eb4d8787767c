"""What waits in the mailroom: mail that goes back, that was not delivered or is lost, that is to be completed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cbo_desk.context import today
from cbo_desk.permissions import reads
from cbo_desk.reports.need import ONE_BY_ONE, Need, What


@reads("mail", "look at mail")
def mail_needs(session: Session) -> list[Need]:
    """Mail that lies too long, was not delivered or is lost, and what is still to be completed."""
    # Its tables cost the start some milliseconds: they are imported when the list is read, behind the first picture.
    from cbo_desk.mail import State
    from cbo_desk.mail.queries import IN_HAND, return_due
    from db.mail import MailItem

    late = return_due(session, today(session))
    found = _those(session, What.MAIL_RETURN, late, MailItem.received_at)
    found += _those(session, What.MAIL_LOST, MailItem.state == State.LOST, MailItem.state_since)
    failed = MailItem.state.in_((State.ATTEMPTED, State.REFUSED))
    found += _those(session, What.MAIL_FAILED, failed, MailItem.state_since)
    incomplete = (MailItem.missing > "") & MailItem.state.in_(IN_HAND)
    count, since = session.execute(select(func.count(), func.min(MailItem.received_at)).where(incomplete)).one()
    if count:
        found.append(Need(What.MAIL_INCOMPLETE, "mail", int(count), since=since))
    return found


def _those(session: Session, what: What, where: ColumnElement[bool], since: InstrumentedAttribute[Any]) -> list[Need]:
    """Few items each by itself, the longest first; more as one line with their number."""
    from db.mail import MailItem

    count = int(session.scalar(select(func.count()).select_from(MailItem).where(where)) or 0)
    columns = (MailItem.id, MailItem.number, MailItem.addressee, MailItem.entity_code, since)
    rows = session.execute(select(*columns).where(where).order_by(since, MailItem.id).limit(ONE_BY_ONE)).all()
    told = [
        Need(what, "mail", 1, row[1], " · ".join(part for part in (row[2], row[3]) if part), row[0], row[4])
        for row in rows
    ]
    if count <= ONE_BY_ONE:
        return told
    first = told[0]
    return [Need(what, "mail", count, first.name, first.detail, since=first.since)]
