"""Numbers that were given out and stand on no record: which series may have such gaps, and what became of each.

Receipts, bookings and requests for trips take their numbers beside the deed, so that nobody waits for another's
(docs/decisions/0059): a program that ends, or a connection that breaks, between the number and the deed leaves a gap,
and nothing is missing. Every other series takes its number with its deed: a gap there was taken back by a deed that the
audit names, or was made by another tool.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cbo_desk.permissions import reads
from db.conference import Booking
from db.custody import Handover
from db.disposal import DisposalCase
from db.gate import GatePass
from db.mail import MailItem, MailRound
from db.mail_outgoing import MailManifest, MailOutgoing
from db.mail_pouch import MailBag, MailBagCase
from db.records import AuditEntry, NumberSeries
from db.transport import Incident, Trip, TripRequest
from db.verification import Campaign

NUMBERED: dict[str, InstrumentedAttribute[str]] = {
    "B": Booking.reference, "COUNT": Campaign.reference, "DISP": DisposalCase.reference, "GP": GatePass.reference,
    "HO": Handover.reference, "I": Incident.reference, "M": MailItem.number, "MF": MailManifest.number,
    "O": MailOutgoing.number, "PB": MailBag.number, "PC": MailBagCase.number, "R": MailRound.number,
    "T": TripRequest.reference, "TT": Trip.reference,
}  # fmt: skip
"""Every series of references, with the column that they stand in."""
MAY_HAVE_GAPS = frozenset({"B", "M", "T"})
"""The series whose numbers are taken beside the deed."""
SHOWN = 5
"""So many gaps of a series are looked up in the audit and named."""


@dataclass(frozen=True)
class Gap:
    """A number on no record. `said` is the newest deed that names it, by `who`; "" where no deed was ever kept."""

    reference: str
    said: str = ""
    who: str = ""


@dataclass(frozen=True)
class Gaps:
    """The gaps of one series: how many, the first few of them, and whether its rule allows those without a deed."""

    series: str
    count: int
    first: tuple[Gap, ...]
    allowed: bool

    @property
    def unexplained(self) -> list[Gap]:
        """The gaps among the first few that neither the rule of the series nor the audit explains."""
        return [] if self.allowed else [gap for gap in self.first if not gap.said]


@reads("settings", "check the database")
def gaps(session: Session) -> list[Gaps]:
    """The gaps of every series that has any, in the order of their names."""
    lasts = {row.series: row.last for row in session.scalars(select(NumberSeries))}
    found = []
    for series in sorted(lasts.keys() & NUMBERED.keys()):
        missing = list(_missing(session, series, lasts[series]))
        if missing:
            first = tuple(_gap(session, reference) for reference in missing[:SHOWN])
            found.append(Gaps(series, len(missing), first, series in MAY_HAVE_GAPS))
    return found


def _missing(session: Session, series: str, last: int) -> Iterator[str]:
    """The references between the smallest on a record and the last given out that stand on none."""
    column: Any = NUMBERED[series]
    there: dict[int, int] = {}
    head = f"{series}-"
    for reference in session.scalars(select(column).where(column.startswith(head, autoescape=True))):
        digits = reference[len(head) :]
        if digits.isdecimal():
            there[int(digits)] = len(digits)
    if not there:
        return
    width = min(there.values())
    for number in range(min(there), last + 1):
        if number not in there:
            yield f"{head}{number:0{width}}"


def _gap(session: Session, reference: str) -> Gap:
    named = AuditEntry.said.contains(reference, autoescape=True)
    newest = select(AuditEntry.said, AuditEntry.actor).where(named).order_by(AuditEntry.seq.desc()).limit(20)
    whole = re.compile(rf"(?<![\w-]){re.escape(reference)}(?!\d)")  # TT-0031 does not name T-0031
    told = next((row for row in session.execute(newest) if whole.search(row.said)), None)
    return Gap(reference) if told is None else Gap(reference, told.said, told.actor)
