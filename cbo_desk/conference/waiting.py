"""The waitlist, filled by rank when space frees, and holds that expire by the clock."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.conference.asking import LANGUAGES, wishes
from cbo_desk.conference.booking import KIND, Standing, put_back, settle, these
from cbo_desk.conference.finding import PORTABLE_BOOTH, Calendar, Need, UnitWish, find
from cbo_desk.conference.looking import calendar_around
from cbo_desk.conference.rules import Slot, Status
from cbo_desk.conference.telling import tell_together
from cbo_desk.conference.waitlist_order import in_order
from cbo_desk.context import now
from cbo_desk.office import Office
from cbo_desk.permissions import Actor, Role, deed, reads
from db.capital_project import BookingTerms
from db.conference import Booking


@deed("conference.fill_waitlist", "book space")
def fill_waitlist(session: Session) -> Changes:
    """Hold space for whoever waits and now fits."""
    placed, before = fill(session)
    if not placed:
        return Changes(KIND, (), "Nobody on the waitlist fits.")
    return Changes(KIND, tuple(each.id for each in placed), told(placed), Deed(put_back, (before,)))


def fill(session: Session) -> tuple[list[Booking], list[Standing]]:
    """Who was given space, the highest rank first, then who has waited longest; and how they stood before.

    Whoever cannot be placed keeps waiting and keeps nobody behind them from being placed.
    """
    waiting = select(Booking).where(Booking.status == Status.WAITLIST, Booking.starts > now(session))
    placed: list[Booking] = []
    before: list[Standing] = []
    for booking in in_order(session, session.scalars(waiting).all()):
        slot = Slot(booking.starts, booking.ends)
        calendar = calendar_around(session, (slot,))
        units, booths = _interpreted(calendar, booking.languages)
        terms = session.get(BookingTerms, booking.id)
        features = frozenset(terms.features.split()) if terms is not None else frozenset()
        booths = max(booths, terms.booths if terms is not None else 0)
        need = Need(booking.people, (slot,), booking.layout_kind, units, features, booths, booking.cars)
        offers = find(calendar, need).offers
        if offers:
            before.append((booking.id, Status.WAITLIST, None))
            settle(session, booking, offers[0].placings[0], Status.HOLD)
            placed.append(booking)
    tell_together(session, placed, "given")
    return placed, before


def _interpreted(calendar: Calendar, languages: str) -> tuple[tuple[UnitWish, ...], int]:
    """The teams and booths that a meeting in several languages waits for, as finding asks for them.

    What the compound has none of at all, and so does not count here, nobody waits for.
    """
    spoken = tuple(sorted(each for each in languages.split() if each in LANGUAGES))
    asked = tuple(each for each in wishes(spoken) if any(each.is_met_by(unit) for unit in calendar.units))
    has_booths = any(space.booths for space in calendar.spaces) or any(u.kind == PORTABLE_BOOTH for u in calendar.units)
    return asked, len(spoken) if len(spoken) > 1 and has_booths else 0


def told(placed: Sequence[Booking]) -> str:
    """Who was given space, in words."""
    return f"{these(placed)} from the waitlist {'have' if len(placed) > 1 else 'has'} space."


@reads("conference", "look at bookings")
def overdue_holds(session: Session) -> int:
    """How many holds have ended by the clock and were not let go yet."""
    over = select(func.count()).where(Booking.status == Status.HOLD, Booking.hold_until <= now(session))
    return session.scalar(over) or 0


@reads("conference", "look at bookings")
def seconds_to_lapse(session: Session) -> float | None:
    """In how many seconds the next hold ends by the clock; None where nothing is held."""
    first = session.scalar(select(func.min(Booking.hold_until)).where(Booking.status == Status.HOLD))
    return (first - now(session)).total_seconds() if first is not None else None


@deed("conference.expire_holds", "book space")
def expire_holds(session: Session) -> Changes:
    """Let holds go whose time is up: they are enquiries again, and their space is free for the waitlist."""
    over = select(Booking).where(Booking.status == Status.HOLD, Booking.hold_until <= now(session))
    expired: Sequence[Booking] = session.scalars(over.order_by(Booking.id).with_for_update()).all()
    if not expired:
        return Changes(KIND, (), "No hold has expired.")
    for booking in expired:
        booking.status, booking.hold_until = Status.ENQUIRY, None
    session.flush()
    tell_together(session, expired, "lapsed")
    placed, _before = fill(session)
    ids = tuple(booking.id for booking in (*expired, *placed))
    return Changes(KIND, ids, f"{these(expired)}: the hold has expired." + (f" {told(placed)}" if placed else ""))


class HoldClock:
    """Lets holds go when their time is up, for one office, on whatever thread calls it.

    It acts as the program itself, whoever is signed in. Any number of workstations may do so at once: each hold is let
    go by one of them, since its row is locked until that one is done.
    """

    def __init__(self, office: Office) -> None:
        place = office.actor.workstation
        self._office = office.signed_in(Actor("clock", "The clock", {"conference": Role.CLERK}, place))

    def tick(self) -> int:
        """Let go of what is over; how many bookings changed. Raises Trouble where the database is away."""
        if not self._office.read(overdue_holds):
            return 0
        return len(self._office.write(expire_holds).ids)

    def seconds_to_next(self) -> float | None:
        """When to tick again at the latest: in how many seconds the next hold ends, None where nothing is held."""
        return self._office.read(seconds_to_lapse)
