"""In which order ranks come, by date, and so in which order those who wait are served."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import JSON, ColumnElement, case, func, select, type_coerce
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.conference.rules import RANKS
from cbo_desk.context import today
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed, reads
from cbo_desk.versions import Stands, Unchanged
from db.conference import Booking, RankOrder

RANK_ORDER = "conference.rank_order"
Ranks = tuple[tuple[int, str], ...]
"""Numbers and names of the ranks, the highest first."""
SHIPPED: Ranks = tuple(RANKS.items())


def ranks_on(session: Session, day: date) -> Ranks:
    """The ranks in the order of a day."""
    found = session.scalar(
        select(RankOrder.ranks).where(RankOrder.valid_from <= day).order_by(RankOrder.valid_from.desc()).limit(1)
    )
    return tuple((int(number), str(name)) for number, name in found) if found else SHIPPED


@reads("conference", "look at bookings")
def rank_orders(session: Session) -> list[tuple[date | None, Ranks]]:
    """Every order that was ever decided, the newest first, and last the shipped one, which has no first day."""
    rows = session.scalars(select(RankOrder).order_by(RankOrder.valid_from.desc()))
    known: list[tuple[date | None, Ranks]] = [
        (row.valid_from, tuple((int(number), str(name)) for number, name in row.ranks)) for row in rows
    ]
    return [*known, (None, SHIPPED)]


@reads("conference", "look at bookings")
def ranks_now(session: Session) -> Ranks:
    """The ranks in the order of today."""
    return ranks_on(session, today(session))


def rank_name(session: Session, rank: int) -> str:
    """What a rank is called today, such as "3 · Other intergovernmental"."""
    return f"{rank} · {dict(ranks_on(session, today(session)))[rank]}"


@reads("conference", "look at bookings")
def rank_order_stands(session: Session, start: date) -> Stands | None:
    """The order of ranks that begins on a day, which `set_rank_order` would replace."""
    found = session.scalar(select(RankOrder.ranks).where(RankOrder.valid_from == start))
    if found is None:
        return None
    names = ", ".join(str(name) for _number, name in found)
    return Stands(f"From this day on the order is already: {names}.", [tuple(each) for each in found])


@deed("conference.set_rank_order", "decide the order of ranks", Role.SUPERVISOR)
def set_rank_order(session: Session, start: date, ranks: Sequence[tuple[int, str]]) -> Changes:
    """Let the ranks come in an order from a day on; what was decided before stays on record."""
    numbers = [number for number, _name in ranks]
    if sorted(numbers) != sorted(RANKS):
        raise Refusal("Every rank comes once in the order.", "ranks")
    if not all(name.strip() for _number, name in ranks):
        raise Refusal("Every rank has a name.", "ranks")
    if start < today(session):
        raise Refusal("An order begins today or later: what was served before stays as it was.", "start")
    kept = [[number, name.strip()] for number, name in ranks]
    row = session.scalar(select(RankOrder).where(RankOrder.valid_from == start))
    before = ranks_on(session, start)
    undo = None
    if row is None:
        row = RankOrder(valid_from=start, ranks=kept)
        session.add(row)
        session.flush()
        undo = Deed(drop_rank_order, (row.id,))
    row.ranks = kept
    session.flush()
    if undo is None:
        unchanged = Unchanged(set_rank_order, rank_order_stands, (start,), rank_order_stands(session, start))
        undo = Deed(unchanged, (start, before))
    return Changes(RANK_ORDER, (row.id,), f"The order of ranks is changed from {start:%-d %B %Y} on.", undo)


@deed("conference.drop_rank_order", "decide the order of ranks", Role.SUPERVISOR)
def drop_rank_order(session: Session, order_id: int) -> Changes:
    """Take an order of ranks away that has not begun, or that was decided by mistake."""
    row = session.get(RankOrder, order_id)
    if row is None:
        raise Refusal("This order is no longer there.")
    again = Deed(set_rank_order, (row.valid_from, tuple((int(number), str(name)) for number, name in row.ranks)))
    session.delete(row)
    return Changes(RANK_ORDER, (order_id,), "The order of ranks is as before.", again)


def in_order(session: Session, waiting: Iterable[Booking]) -> list[Booking]:
    """Those who wait, the highest rank of today first, then who has waited longest."""
    place = {number: at for at, (number, _name) in enumerate(ranks_on(session, today(session)))}
    return sorted(waiting, key=lambda each: (place.get(each.rank, len(place)), each.made_at, each.id))


def turn_on(day: date) -> ColumnElement[int]:
    """The place of a booking's rank in the order of a day, 0 for the highest, in SQL: as `in_order` has it."""
    ranks = type_coerce(RankOrder.ranks, JSON)
    places = [(ranks[(at, 0)].as_integer() == Booking.rank, at) for at in range(len(RANKS))]
    decided = (
        select(case(*places, else_=len(RANKS)))
        .where(RankOrder.valid_from <= day)
        .order_by(RankOrder.valid_from.desc())
        .limit(1)
        .correlate(Booking)
        .scalar_subquery()
    )
    shipped = case(*((Booking.rank == number, at) for at, (number, _name) in enumerate(SHIPPED)), else_=len(SHIPPED))
    return func.coalesce(decided, shipped)
