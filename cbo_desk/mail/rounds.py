"""Rounds: a messenger's stops in their order, what is aboard, and what came back before the round is closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from cbo_desk import search
from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now, today
from cbo_desk.errors import Refusal
from cbo_desk.mail.custody import take_back
from cbo_desk.mail.rules import State, What
from cbo_desk.mail.standing import KIND, Step, items_of, move, these
from cbo_desk.numbers import next_reference
from cbo_desk.permissions import deed
from cbo_desk.tags import give_tags, take_tags
from db.mail import MailEvent, MailItem, MailRound, MailStop
from db.places import Place

ROUND = "mail.round"
SERIES = "R"


@deed("mail.plan_round", "plan rounds")
def plan_round(
    session: Session, name: str, messenger: str, place_ids: Sequence[int] = (), planned_on: date | None = None
) -> Changes:
    """Plan a round with its stops in order; further stops are added by the mail that is loaded."""
    if not name.strip():
        raise Refusal("A round needs a name, such as Round 2, north blocks.", "name")
    row = MailRound(
        number=next_reference(session, SERIES, 4),
        name=" ".join(name.split()),
        messenger=" ".join(messenger.split()),
        planned_on=planned_on or today(session),
        made_at=now(session),
    )
    session.add(row)
    session.flush()
    for place_id in dict.fromkeys(place_ids):
        _add_stop(session, row, place_id)
    [code] = give_tags(session, ROUND, [row.id])
    about = " · ".join(part for part in (row.name, row.messenger) if part)
    search.enter(session, [search.Findable(ROUND, row.id, row.number, about, (code,))])
    undo = Deed(drop_round, (row.id,))
    return Changes(ROUND, (row.id,), f"{row.number} planned: {row.name}.", undo)


@deed("mail.drop_round", "plan rounds")
def drop_round(session: Session, round_id: int) -> Changes:
    """Take a planned round back, as long as nothing has been on it."""
    row = _round(session, round_id)
    used = session.scalar(select(func.count()).select_from(MailEvent).where(MailEvent.round_id == round_id))
    if used:
        raise Refusal(f"{row.number} has carried mail: close it instead.")
    session.execute(delete(MailStop).where(MailStop.round_id == round_id))
    session.delete(row)
    session.flush()
    take_tags(session, ROUND, [round_id])
    search.withdraw(session, ROUND, [round_id])
    return Changes(ROUND, (round_id,), f"{row.number} taken back.")


@deed("mail.load_items", "load rounds")
def load_items(session: Session, ids: Sequence[int], round_id: int) -> Changes:
    """Put items on a round; a place that is no stop of it yet becomes its last one."""
    row = _round(session, round_id)
    if row.closed_at is not None:
        raise Refusal(f"{row.number} is closed: nothing can be put on it any more.")
    items = items_of(session, ids)
    known = set(session.scalars(select(MailStop.place_id).where(MailStop.round_id == round_id)))
    added: list[str] = []
    events: list[Any] = []
    for item in items:
        if item.place_id is None:
            raise Refusal(f"{item.number} has no place to be brought to. Say whom it is for, or where.", "place_id")
        if item.place_id not in known:
            added.append(_add_stop(session, row, item.place_id))
            known.add(item.place_id)
        step = Step(to_hand=row.messenger or row.name, round_id=row.id)
        events.append(move(session, item, What.LOAD, step))
    more = f" New stop: {', '.join(added)}." if added else ""
    touched = tuple(item.id for item in items)
    undo = Deed(take_back, (touched, tuple(events)))
    return Changes(KIND, touched, f"{these(items)} on {row.number}.{more}", undo, {ROUND: (round_id,)})


@deed("mail.load_waiting", "load rounds")
def load_waiting(session: Session, round_id: int) -> Changes:
    """Put everything on a round that waits on a shelf or at the counter for one of its stops."""
    stops = select(MailStop.place_id).where(MailStop.round_id == round_id)
    waits = MailItem.state.in_((State.RECEIVED, State.SHELVED))
    ids = session.scalars(select(MailItem.id).where(MailItem.place_id.in_(stops), waits).order_by(MailItem.id)).all()
    if not ids:
        row = _round(session, round_id)
        if session.scalar(select(func.count()).select_from(stops.subquery())) == 0:
            raise Refusal(f"{row.number} has no stop yet. Scan the first item: it brings its stop.")
        raise Refusal(f"Nothing waits for the stops of {row.number}.")
    return load_items(session, ids, round_id)


@deed("mail.send_round", "send rounds out")
def send_round(session: Session, round_id: int) -> Changes:
    """The messenger leaves the mailroom."""
    row = _round(session, round_id)
    if row.closed_at is not None or row.left_at is not None:
        raise Refusal(f"{row.number} has left already.")
    if not _aboard(session, round_id):
        raise Refusal(f"Nothing is aboard {row.number}. Load it first.")
    row.left_at = now(session)
    return Changes(ROUND, (round_id,), f"{row.number} has left.")


@deed("mail.close_round", "close rounds")
def close_round(session: Session, round_id: int) -> Changes:
    """Close a round for good; refused while anything is aboard that nobody has accounted for."""
    row = _round(session, round_id)
    if row.closed_at is not None:
        raise Refusal(f"{row.number} is closed already.")
    left = _aboard(session, round_id)
    if left:
        some = ", ".join(left[:5]) + (f" and {len(left) - 5} more" if len(left) > 5 else "")
        raise Refusal(f"{some}: still aboard. Scan what came back into the mailroom, then close {row.number}.")
    row.closed_at, row.closed_by = now(session), actor(session).login
    return Changes(ROUND, (round_id,), f"{row.number} closed.")


def _aboard(session: Session, round_id: int) -> list[str]:
    return list(session.scalars(select(MailItem.number).where(MailItem.round_id == round_id).order_by(MailItem.id)))


def _add_stop(session: Session, row: MailRound, place_id: int) -> str:
    place = session.get(Place, place_id)
    if place is None:
        raise Refusal("One of these places is no longer there.", "places")
    last = session.scalar(select(func.max(MailStop.seq)).where(MailStop.round_id == row.id)) or 0
    values = {
        "round_id": row.id, "seq": last + 1, "place_id": place_id, "place_code": place.code,
        "place_name": place.name or place.code,
    }  # fmt: skip
    session.execute(insert(MailStop), values)
    return place.code


def _round(session: Session, round_id: int) -> MailRound:
    row = session.get(MailRound, round_id, with_for_update=True)
    if row is None:
        raise Refusal("This round is no longer there.")
    return row
