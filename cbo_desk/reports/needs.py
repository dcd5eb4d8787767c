"""What waits for somebody, on every desk: the list of the Today page, asked desk by desk as a person's roles allow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import and_, func, select, text
from sqlalchemy.orm import Session

from cbo_desk.compound import last_backup
from cbo_desk.context import local, now, today
from cbo_desk.permissions import Role, reads
from cbo_desk.property import State
from cbo_desk.reports.leaving import Waits, late_passes, services_due, steps_due
from cbo_desk.reports.mail_needs import mail_needs
from cbo_desk.reports.meeting_needs import meeting_needs
from cbo_desk.reports.need import ONE_BY_ONE, Need, What
from cbo_desk.reports.outgoing_needs import outgoing_needs
from cbo_desk.reports.project_needs import project_needs
from cbo_desk.reports.transport_needs import transport_needs
from cbo_desk.tags.queries import WANTED_AGAIN
from db.property import Asset
from db.records import AuditEntry, DatedSetting, Notification
from db.tags import Tag, UnknownScan

MOST_UNKNOWN = 50
"""So many unknown texts stand in the list at most."""

BACKUP_DAYS = 7
"""After so many days without a backup one is due."""

WARRANTY_DAYS = (30, 60, 90)

# Said as its index says it: SQLite takes a partial index only for the very same words.
_WAITING = text("asset.state IN ('missing', 'under_repair')")


@reads("tags", "look at unknown scans")
def tag_needs(session: Session) -> list[Need]:
    """Unknown scans, each text once and the oldest first, and tags that wait to be printed."""
    found = _unknown(session)
    again = session.scalar(select(func.count()).where(WANTED_AGAIN, Tag.retired_at.is_(None)))
    if again:
        found.append(Need(What.REPRINT, "tags", int(again)))
    fresh = select(func.count(), func.min(Tag.made_at)).where(
        Tag.subject_kind == "property.asset", Tag.prints == 0, Tag.ours, Tag.retired_at.is_(None)
    )
    count, since = session.execute(fresh).one()
    if count:
        found.append(Need(What.NEVER_PRINTED, "tags", int(count), since=since))
    return found


@reads("property", "look at the register")
def property_needs(session: Session) -> list[Need]:
    """Assets that are missing or under repair, and warranties that end soon."""
    found: list[Need] = []
    for what, state in ((What.MISSING, State.MISSING), (What.UNDER_REPAIR, State.UNDER_REPAIR)):
        found += _in_state(session, what, state)
    start = today(session)
    for days in WARRANTY_DAYS:
        found += _ending(session, start, today(session) + timedelta(days=days), days)
        start = today(session) + timedelta(days=days + 1)
    return found


@reads("property", "look at the register")
def leaving_needs(session: Session) -> list[Need]:
    """What is late or due of property: loans, passes, the steps of disposals, services.

    It stands by itself because it brings in four desks' tables, for which the first lines of Today need not wait.
    """
    found = _late_loans(session)
    found += _one_by_one(What.OVERDUE_PASS, late_passes(session), since=True)
    found += _one_by_one(What.DISPOSAL_DUE, steps_due(session))
    return found + _one_by_one(What.SERVICE_DUE, services_due(session))


@reads("settings", "look at settings", Role.SUPERVISOR)
def setting_needs(session: Session) -> list[Need]:
    """Shipped values that nobody has confirmed, messages that could not be sent, and a backup that is due."""
    found: list[Need] = []
    loose = session.scalar(select(func.count()).where(DatedSetting.confirmed.is_(False))) or 0
    if loose:
        named = session.scalars(select(DatedSetting.name).where(DatedSetting.confirmed.is_(False)).limit(2))
        found.append(Need(What.UNCONFIRMED, "settings", int(loose), detail=", ".join(named)))
    failed = select(func.count(), func.min(Notification.due_at), func.min(Notification.trouble))
    count, since, trouble = session.execute(failed.where(Notification.state == "failed")).one()
    if count:
        found.append(Need(What.NOT_SENT, "settings", int(count), detail=str(trouble or ""), since=since))
    return found + _backup_due(session)


def _backup_due(session: Session) -> list[Need]:
    """A backup that is older than a week; where none was made, a compound that was worked in for a week."""
    made = last_backup(session)
    since = made or session.scalar(select(AuditEntry.at).order_by(AuditEntry.seq).limit(1))
    if since is None or now(session) - since < timedelta(days=BACKUP_DAYS):
        return []
    return [Need(What.BACKUP, "settings", 1, name="" if made is None else "made", since=since)]


NEEDS: tuple[Callable[[Session], list[Need]], ...] = (
    tag_needs,
    property_needs,
    mail_needs,
    project_needs,
    outgoing_needs,
    meeting_needs,
    setting_needs,
    leaving_needs,
    transport_needs,
)
"""One query a desk, so that nobody is refused the whole for a desk that is not theirs."""

_URGENCY = (
    What.UNKNOWN_SCAN,
    What.TRIP_LATE,
    What.NEEDS_VEHICLE,
    What.HOLD_ENDS,
    What.SETUP_DUE,
    What.NOT_SENT,
    What.BACKUP,
    What.BAG_CASE,
    What.MAIL_LOST,
    What.MAIL_FAILED,
    What.MISSING,
    What.BAG_CUT_OFF,
    What.BAG_UNCOUNTED,
    What.MANIFEST_WAITS,
    What.MAIL_RETURN,
    What.OVERDUE,
    What.OVERDUE_PASS,
    What.DISPOSAL_DUE,
    What.TRIP_TO_APPROVE,
    What.PAPER_ENDS,
    What.DRIVER_PAPER_ENDS,
    What.FLEET_SERVICE,
    What.SERVICE_DUE,
    What.MAIL_INCOMPLETE,
    What.PHASE_DUE,
    What.REPRINT,
    What.WARRANTY,
    What.UNDER_REPAIR,
    What.NEVER_PRINTED,
    What.UNCONFIRMED,
)


def most_urgent_first(needs: list[Need]) -> list[Need]:
    """The order of the list: what somebody stands and waits for, what is lost, what runs out, what can wait."""
    return sorted(needs, key=lambda need: (_URGENCY.index(need.what), _due(need), need.until or date.max, _age(need)))


def _due(need: Need) -> str:
    return "" if need.due is None else need.due.astimezone(UTC).isoformat()


def _age(need: Need) -> str:
    return "" if need.since is None else need.since.isoformat()


def _unknown(session: Session) -> list[Need]:
    """The texts that nothing answers to; the newest scan of each says where, and stands for all of them."""
    newest, times = func.max(UnknownScan.id), func.count()
    texts = (
        select(newest.label("id"), times.label("times"), func.min(UnknownScan.at).label("since"))
        .where(UnknownScan.resolved_at.is_(None))
        .group_by(UnknownScan.text)
        .order_by(func.min(UnknownScan.id))
        .limit(MOST_UNKNOWN)
        .subquery()
    )
    wanted = select(UnknownScan, texts.c.times, texts.c.since).join(texts, texts.c.id == UnknownScan.id)
    return [
        Need(
            What.UNKNOWN_SCAN,
            "tags",
            int(times),
            scan.text,
            f"{scan.workstation} · {scan.by}",
            scan.id,
            since,
            last=scan.at,
        )
        for scan, times, since in session.execute(wanted.order_by(texts.c.since, UnknownScan.id))
    ]


def _one_by_one(what: What, waits: list[Waits], *, since: bool = False) -> list[Need]:
    """Each by itself where there are few, else one line with their number and the first of them."""
    shown = waits if len(waits) <= ONE_BY_ONE else waits[:1]
    several = len(waits) > ONE_BY_ONE
    return [
        Need(
            what,
            "property",
            len(waits) if several else 1,
            reference,
            detail,
            0 if several else ident,
            since=day if since else None,
            until=None if since else day,
        )
        for ident, reference, detail, day in shown
    ]


def _late_loans(session: Session) -> list[Need]:
    # Its tables cost the start some milliseconds: they are imported when the list is read, behind the first picture.
    from cbo_desk.property.custody import LoanList

    late = LoanList(due_before=today(session))
    count = late.count(session)
    rows = [line.row for line in late.first(session)[:ONE_BY_ONE]] if count else []
    if count <= ONE_BY_ONE:
        return [
            Need(
                What.OVERDUE,
                "property",
                1,
                row.inventory_no,
                f"{row.description} · {row.person}",
                row.asset_id,
                row.due_on,
            )
            for row in rows
        ]
    return [Need(What.OVERDUE, "property", count, rows[0].inventory_no, rows[0].person, since=rows[0].due_on)]


def _in_state(session: Session, what: What, state: State) -> list[Need]:
    where = and_(Asset.state == state, _WAITING)
    count = int(session.scalar(select(func.count()).where(where)) or 0)
    if not count:
        return []
    rows = session.execute(
        select(Asset.id, Asset.inventory_no, Asset.description, Asset.place_code, Asset.state_since)
        .where(where)
        .order_by(Asset.state_since, Asset.id)
        .limit(ONE_BY_ONE)
    ).all()
    if count <= ONE_BY_ONE:
        return [
            Need(what, "property", 1, row[1], " · ".join(part for part in (row[2], row[3]) if part), row[0], row[4])
            for row in rows
        ]
    return [Need(what, "property", count, rows[0][1], rows[0][2], since=rows[0][4])]


def _ending(session: Session, start: date, end: date, days: int) -> list[Need]:
    """Warranties that end from one day to another, both included."""
    where = (
        Asset.warranty_until >= start,
        Asset.warranty_until <= end,
        Asset.state.not_in((State.DISPOSED, State.TAKEN_BACK)),
    )
    count = int(session.scalar(select(func.count()).where(*where)) or 0)
    if not count:
        return []
    columns = (Asset.id, Asset.inventory_no, Asset.description, Asset.warranty_until)
    rows = session.execute(select(*columns).where(*where).order_by(Asset.warranty_until, Asset.id).limit(ONE_BY_ONE))
    first = rows.all()
    if count <= ONE_BY_ONE:
        return [Need(What.WARRANTY, "property", 1, r[1], r[2], r[0], until=r[3], within=days) for r in first]
    row = first[0]
    return [Need(What.WARRANTY, "property", count, row[1], row[2], until=row[3], within=days)]


def waited(need: Need, instant: datetime) -> timedelta | None:
    """How long a thing has waited by now, None where nobody knows."""
    if need.since is None:
        return None
    if isinstance(need.since, datetime):
        return instant - need.since
    return timedelta(days=(local(instant).date() - need.since).days)
