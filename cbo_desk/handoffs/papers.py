"""The trip ticket with the mail that the vehicle carries: the driver checks it off, bag by bag and seal by seal."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from cbo_desk.handoffs.loads import loads_of
from cbo_desk.permissions import reads
from cbo_desk.transport.ticket import Ticket, TicketLoad, ticket


@reads("transport", "print trip tickets")
def ticket_with_mail(session: Session, trip_id: int) -> Ticket:
    """Everything that a trip's ticket says, and what goes aboard; nothing of what is in a bag."""
    aboard = tuple(TicketLoad(load.number, load.said, load.seal) for load in loads_of(session, trip_id))
    return replace(ticket(session, trip_id), aboard=aboard)
