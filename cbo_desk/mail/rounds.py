"""Rounds: a messenger's stops in their order, what is aboard, and what came back before the round is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, true
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now, today
from cbo_desk.errors import Refusal
from cbo_desk.mail.card import Proof, proof_of
from cbo_desk.mail.custody import take_back
from cbo_desk.mail.rules import State, What
from cbo_desk.mail.standing import KIND, Step, items_of, move, these
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import deed, reads
from db.mail import MailEvent, MailItem, MailProof, MailRound, MailStop
from db.places import Place

ROUND = "mail.round"
SERIES = "R"


@deed("mail.plan_round", "plan rounds")
def plan_round(
    session: Session, name: str, messenger: str, place_ids: Sequence[int] = (), planned_on: date | None = None
) -> Changes:
    """Plan a round with its stops in order; further stops are added by the mail that is loaded."""
    from cbo_desk.numbers import next_reference

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
        raise Refusal("Nothing waits for the stops of this round.")
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


@dataclass(frozen=True)
class RoundItem:
    """One item of a round and how it stands; `aboard` while the messenger has it."""

    id: int
    number: str
    addressee: str
    carrier: str
    entity: str
    person_id: int | None
    accountable: bool
    state: State
    aboard: bool
    said: str
    at: datetime
    proof: Proof | None


@dataclass(frozen=True)
class Stop:
    """One stop with its items: those still aboard first."""

    seq: int
    place_id: int
    code: str
    name: str
    items: tuple[RoundItem, ...]

    @property
    def aboard(self) -> tuple[RoundItem, ...]:
        """What is still to be handed over here."""
        return tuple(item for item in self.items if item.aboard and item.state is State.OUT)

    @property
    def done(self) -> bool:
        """Whether nothing is left to do here."""
        return bool(self.items) and not self.aboard


@dataclass(frozen=True)
class RoundCard:
    """One round as the mailroom and its messenger see it."""

    id: int
    number: str
    name: str
    messenger: str
    planned_on: date
    left_at: datetime | None
    closed_at: datetime | None
    stops: tuple[Stop, ...]

    @property
    def items(self) -> tuple[RoundItem, ...]:
        """Everything that was loaded."""
        return tuple(item for stop in self.stops for item in stop.items)

    @property
    def comes_back(self) -> tuple[RoundItem, ...]:
        """What the messenger could not hand over and brings back."""
        return tuple(item for item in self.items if item.aboard and item.state is not State.OUT)


@reads("mail", "look at rounds")
def round_card(session: Session, round_id: int) -> RoundCard:
    """A round with its stops and everything that was ever loaded on it."""
    row = session.get(MailRound, round_id)
    if row is None:
        raise Refusal("This round is no longer there.")
    stops = session.scalars(select(MailStop).where(MailStop.round_id == round_id).order_by(MailStop.seq)).all()
    by_place: dict[int | None, list[RoundItem]] = {}
    for item, last, proof in _carried(session, round_id):
        by_place.setdefault(item.place_id, []).append(_round_item(item, last, proof, round_id))
    shown = [
        Stop(
            stop.seq, stop.place_id, stop.place_code, stop.place_name,
            tuple(sorted(by_place.pop(stop.place_id, ()), key=lambda one: (not one.aboard, one.id))),
        )
        for stop in stops
    ]  # fmt: skip
    for rest in by_place.values():  # addressed elsewhere after they were loaded
        shown.append(Stop(len(shown) + 1, 0, "", "Another place", tuple(rest)))
    return RoundCard(
        row.id, row.number, row.name, row.messenger, row.planned_on, row.left_at, row.closed_at, tuple(shown)
    )


def _carried(session: Session, round_id: int) -> list[tuple[MailItem, MailEvent, MailProof | None]]:
    """Every item that was loaded on the round and not taken off before it left, with what was last done on it."""
    ever = select(MailEvent.item_id).where(MailEvent.round_id == round_id, MailEvent.what == What.LOAD)
    ends = (What.DELIVER, What.FAIL, What.REFUSE, What.BRING_BACK, What.LOAD, What.TAKE_BACK, What.LOSE, What.OVERRIDE)
    last = (
        select(func.max(MailEvent.id))
        .where(MailEvent.item_id == MailItem.id, MailEvent.what.in_(ends))
        .correlate(MailItem)
        .scalar_subquery()
    )
    wanted = (
        select(MailItem, MailEvent, MailProof)
        .join(MailEvent, MailEvent.id == last)
        .join(MailProof, MailProof.id == MailEvent.proof_id, isouter=True)
        .where(MailItem.id.in_(ever))
        .order_by(MailItem.id)
    )
    found = [(row[0], row[1], row[2]) for row in session.execute(wanted)]
    return [row for row in found if row[1].what != What.TAKE_BACK or row[0].round_id == round_id]


def _round_item(item: MailItem, last: MailEvent, proof: MailProof | None, round_id: int) -> RoundItem:
    aboard = item.round_id == round_id
    said = last.reason or (last.to_hand if last.what == What.DELIVER else "")
    return RoundItem(
        item.id, item.number, item.addressee, item.carrier, item.entity_code or "", item.person_id, item.accountable,
        State(item.state), aboard, said, last.at, proof_of(proof) if proof else None,
    )  # fmt: skip


@dataclass(frozen=True)
class RoundRow:
    """One line of the list of rounds."""

    id: int
    number: str
    name: str
    messenger: str
    planned_on: date
    left_at: datetime | None
    closed_at: datetime | None


_COLUMNS = (
    MailRound.id, MailRound.number, MailRound.name, MailRound.messenger, MailRound.planned_on, MailRound.left_at,
    MailRound.closed_at,
)  # fmt: skip


@reads("mail", "look at rounds")
class RoundList(PagedList[RoundRow]):
    """Rounds, the newest first."""

    kind = ROUND

    def __init__(self, words: str = "", sort: str = "planned", descending: bool = True) -> None:
        column: Any = MailRound.planned_on if sort == "planned" else MailRound.name if sort == "name" else MailRound.id
        columns = (MailRound.id,) if column is MailRound.id else (column, MailRound.id)
        where: ColumnElement[bool] = true()
        if words.strip():
            typed = f"%{words.strip()}%"
            where = MailRound.name.ilike(typed) | MailRound.messenger.ilike(typed) | MailRound.number.ilike(typed)
        super().__init__(select(*_COLUMNS), MailRound.id, Sort(columns, descending), where)

    def row_of(self, values: Any) -> RoundRow:
        """One line."""
        return RoundRow(*values[: len(_COLUMNS)])


@reads("mail", "look at rounds")
def open_rounds(session: Session) -> list[RoundRow]:
    """Rounds that are not closed, the next one first: what a scan at the loading desk may mean."""
    wanted = select(*_COLUMNS).where(MailRound.closed_at.is_(None)).order_by(MailRound.planned_on, MailRound.id)
    return [RoundRow(*row) for row in session.execute(wanted.limit(100))]
