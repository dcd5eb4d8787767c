"""The road's papers with the mail that a vehicle carries: the driver checks it off, bag by bag and seal by seal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from cbo_desk.mail.pouch import BAG
from cbo_desk.permissions import reads
from cbo_desk.transport.ticket import DaySheet, Ticket, TicketLoad, day_sheets, ticket
from db.mail_pouch import MailBag
from db.transport import Trip
from db.trip_loads import TripLoad


@reads("transport", "print trip tickets")
def ticket_with_mail(session: Session, trip_id: int) -> Ticket:
    """Everything that a trip's ticket says, and what goes aboard; nothing of what is in a bag."""
    [shown] = _with_mail(session, [ticket(session, trip_id)])
    return shown


@reads("transport", "print day sheets")
def day_sheets_with_mail(session: Session, day: date) -> list[DaySheet]:
    """The sheets of every driver who has a trip on a day, each trip with what goes aboard."""
    sheets = day_sheets(session, day)
    tickets = iter(_with_mail(session, [shown for sheet in sheets for shown in sheet.tickets]))
    return [replace(sheet, tickets=tuple(next(tickets) for _shown in sheet.tickets)) for sheet in sheets]


def _with_mail(session: Session, tickets: Iterable[Ticket]) -> list[Ticket]:
    """The same tickets with what goes aboard, in the order in which it was put there."""
    wanted = list(tickets)
    loads: dict[str, list[TicketLoad]] = {shown.reference: [] for shown in wanted}
    rows = session.execute(
        select(Trip.reference, TripLoad.number, TripLoad.said, func.coalesce(MailBag.seal, ""))
        .join_from(TripLoad, Trip, Trip.id == TripLoad.trip_id)
        .join(MailBag, and_(TripLoad.kind == BAG, MailBag.id == TripLoad.record_id), isouter=True)
        .where(Trip.reference.in_(loads), TripLoad.off_at.is_(None))
        .order_by(TripLoad.id)
    )
    for reference, number, said, seal in rows:
        loads[reference].append(TicketLoad(number, said, seal))
    return [replace(shown, aboard=tuple(loads[shown.reference])) for shown in wanted]
