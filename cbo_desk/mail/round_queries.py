"""What can be looked up of rounds: their list, and one round as the mailroom and its messenger see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from cbo_desk.errors import Refusal
from cbo_desk.mail.card import Proof, proof_of
from cbo_desk.mail.rounds import ROUND
from cbo_desk.mail.rules import State, What
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import reads
from cbo_desk.tags import tag_of
from db.mail import MailEvent, MailItem, MailProof, MailRound, MailStop


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
    """One round as the mailroom and its messenger see it; `code` is its tag's, printed on the round sheet."""

    id: int
    number: str
    name: str
    messenger: str
    planned_on: date
    left_at: datetime | None
    closed_at: datetime | None
    stops: tuple[Stop, ...]
    code: str

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
        row.id, row.number, row.name, row.messenger, row.planned_on, row.left_at, row.closed_at, tuple(shown),
        tag_of(session, ROUND, round_id),
    )  # fmt: skip


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
def rounds_on(session: Session, day: date) -> list[RoundRow]:
    """The rounds planned for a day, by messenger and in the order in which they were planned."""
    wanted = select(*_COLUMNS).where(MailRound.planned_on == day).order_by(MailRound.messenger, MailRound.id)
    return [RoundRow(*row) for row in session.execute(wanted)]


@reads("mail", "look at rounds")
def open_rounds(session: Session) -> list[RoundRow]:
    """Rounds that are not closed, the next one first: what a scan at the loading desk may mean."""
    wanted = select(*_COLUMNS).where(MailRound.closed_at.is_(None)).order_by(MailRound.planned_on, MailRound.id)
    return [RoundRow(*row) for row in session.execute(wanted.limit(100))]
