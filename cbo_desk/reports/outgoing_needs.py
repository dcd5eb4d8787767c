"""What waits of outgoing mail and the pouch: late pick-ups, bags near their cut-off, bags to be counted, cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.context import local, now
from cbo_desk.permissions import reads
from cbo_desk.reports.need import ONE_BY_ONE, Need, What

BEFORE_CUT_OFF = timedelta(hours=4)
"""So long before its cut-off a bag that is not certified asks for the pouch officer."""


@reads("mail", "look at outgoing mail")
def outgoing_needs(session: Session) -> list[Need]:
    """Manifests whose pick-up is over, bags not certified before their cut-off, bags that came in, open cases."""
    # Its tables cost the start some milliseconds: they are imported when the list is read, behind the first picture.
    from db.mail_outgoing import MailManifest
    from db.mail_pouch import MailBag, MailBagCase

    instant = now(session)
    late = select(MailManifest.id, MailManifest.number, MailManifest.carrier, MailManifest.pickup_at).where(
        MailManifest.collected_at.is_(None), MailManifest.pickup_at < instant
    )
    columns = (MailBag.id, MailBag.number, MailBag.destination)
    uncertified = select(*columns, MailBag.cut_off_at).where(
        MailBag.direction == "out",
        MailBag.certified_at.is_(None),
        MailBag.cut_off_at < instant + BEFORE_CUT_OFF,
    )
    uncounted = select(*columns, MailBag.arrived_at).where(
        MailBag.arrived_at.is_not(None), MailBag.confirmed_at.is_(None)
    )
    cases = (
        select(MailBag.id, MailBagCase.number, MailBag.number, MailBagCase.opened_at)
        .join(MailBag, MailBag.id == MailBagCase.bag_id)
        .where(MailBagCase.closed_at.is_(None))
    )
    found = _told(What.MANIFEST_WAITS, session.execute(late.order_by(MailManifest.pickup_at)).all())
    found += _due(What.BAG_CUT_OFF, session.execute(uncertified.order_by(MailBag.cut_off_at)).all())
    found += _told(What.BAG_UNCOUNTED, session.execute(uncounted.order_by(MailBag.arrived_at)).all())
    return found + _told(What.BAG_CASE, session.execute(cases.order_by(MailBagCase.opened_at)).all())


def _told(what: What, rows: Sequence[tuple[object, ...]]) -> list[Need]:
    """Few each by itself, the longest first; more as one line with their number."""
    several = len(rows) > ONE_BY_ONE
    return [
        Need(what, "mail", len(rows) if several else 1, str(row[1]), str(row[2]), 0 if several else int(str(row[0])),
             since=row[3])  # type: ignore[arg-type]
        for row in (rows[:1] if several else rows)
    ]  # fmt: skip


def _due(what: What, rows: Sequence[tuple[object, ...]]) -> list[Need]:
    """The same for what is due at an instant: how long that is stands on the chip, its hour in the line below."""
    several = len(rows) > ONE_BY_ONE
    found = []
    for ident, number, destination, cut_off in rows[:1] if several else rows:
        there = local(cut_off)  # type: ignore[arg-type]
        detail = f"{destination} · {there:%H:%M}"
        count, record = (len(rows), 0) if several else (1, int(str(ident)))
        found.append(Need(what, "mail", count, str(number), detail, record, due=cut_off))  # type: ignore[arg-type]
    return found
