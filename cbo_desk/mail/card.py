"""Everything the mail desk knows of one item: facts, ageing, and its whole way from hand to hand with who signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from cbo_desk.audit import HistoryLine, history
from cbo_desk.context import local, today
from cbo_desk.errors import Refusal
from cbo_desk.mail import limits
from cbo_desk.mail.proving import Link, Standing, break_of
from cbo_desk.mail.receiving import Details, details_of
from cbo_desk.mail.rules import State, What
from cbo_desk.mail.standing import KIND
from cbo_desk.permissions import reads
from db.mail import MailEvent, MailItem, MailProof, MailRound
from db.places import Place
from db.tags import Tag


@dataclass(frozen=True)
class Proof:
    """Who took an item, and by what it is proven; `strokes` are a signature's points (x, y, milliseconds)."""

    id: int
    at: datetime
    how: str
    taken_by: str
    strokes: tuple[tuple[tuple[float, float, float], ...], ...]


@dataclass(frozen=True)
class Event:
    """One step of an item from hand to hand; `by` is the login that wrote it down."""

    id: int
    at: datetime
    by: str
    what: What
    state: State
    from_hand: str
    to_hand: str
    shelf: str
    round: str
    reason: str
    note: str
    proof: Proof | None


@dataclass(frozen=True)
class ItemCard:
    """One item as its card shows it. `days` are the working days it has lain; `back_on` when it goes back by itself.

    `broken` says where its way from hand to hand does not add up to how it stands; empty where all is whole.
    """

    id: int
    number: str
    version: int
    details: Details
    addressee: str
    entity: str
    carrier_number: str
    state: State
    state_since: datetime | None
    received_at: datetime
    received_by: str
    shelf: str
    holder: str
    place: str
    round_id: int | None
    missing: str
    code: str
    printed_at: datetime | None
    days: int
    ageing: limits.Ageing
    back_on: date | None
    events: tuple[Event, ...]
    broken: str
    deeds: tuple[HistoryLine, ...]


# Built once: putting a statement together takes longer than asking the database.
_STEPS = (
    select(MailEvent, MailProof, MailRound.number)
    .join(MailProof, MailProof.id == MailEvent.proof_id, isouter=True)
    .join(MailRound, MailRound.id == MailEvent.round_id, isouter=True)
    .where(MailEvent.item_id == bindparam("item"))
    .order_by(MailEvent.id)
)
_TAG = (
    select(Tag.code, Tag.printed_at)
    .where(Tag.subject_kind == KIND, Tag.subject_id == bindparam("item"), Tag.ours, Tag.retired_at.is_(None))
    .limit(1)
)


@reads("mail", "look at mail")
def item_card(session: Session, item_id: int) -> ItemCard:
    """The whole life of one item."""
    item = session.get(MailItem, item_id)
    if item is None:
        raise Refusal("This item of mail is no longer there.")
    tag = session.connection().execute(_TAG, {"item": item_id}).first()
    place = session.get(Place, item.place_id) if item.place_id else None
    lying = limits.ageing(session)
    since = local(item.received_at).date()
    waits = State(item.state) in (State.RECEIVED, State.SHELVED, State.HELD)
    steps = _steps(session, item_id)
    return ItemCard(
        id=item.id,
        number=item.number,
        version=item.version,
        details=details_of(item),
        addressee=item.addressee,
        entity=item.entity_code or "",
        carrier_number=item.carrier_number,
        state=State(item.state),
        state_since=item.state_since,
        received_at=item.received_at,
        received_by=item.received_by,
        shelf=item.shelf_code,
        holder=item.holder,
        place=place.code if place else "",
        round_id=item.round_id,
        missing=item.missing,
        code=tag.code if tag else "",
        printed_at=tag.printed_at if tag else None,
        days=limits.working_days(since, today(session)),
        ageing=lying,
        back_on=limits.day_after(since, lying.back) if waits else None,
        events=tuple(_event(*step) for step in steps),
        broken=_broken(item, steps),
        deeds=tuple(history(session, KIND, item_id)),
    )


@reads("mail", "look at mail")
def chain(session: Session, item_id: int) -> tuple[Event, ...]:
    """Every step of an item, the first one first."""
    return tuple(_event(*step) for step in _steps(session, item_id))


def _steps(session: Session, item_id: int) -> list[tuple[MailEvent, MailProof | None, str | None]]:
    return [(row[0], row[1], row[2]) for row in session.execute(_STEPS, {"item": item_id})]


def _broken(item: MailItem, steps: Sequence[tuple[MailEvent, MailProof | None, str | None]]) -> str:
    links = [
        Link(
            event.id, event.at, What(event.what), State(event.before), State(event.state), event.from_hand,
            event.to_hand, event.shelf_code, event.round_id, event.reason, event.undoes_id,
            proof.taken_by if proof else None,
        )
        for event, proof, _number in steps
    ]  # fmt: skip
    stands = Standing(
        State(item.state), item.state_since, item.holder, item.shelf_code, item.round_id, item.last_event_id,
        item.accountable,
    )  # fmt: skip
    return break_of(item.number, stands, links)


def _event(event: MailEvent, proof: MailProof | None, number: str | None) -> Event:
    return Event(
        event.id, event.at, event.by, What(event.what), State(event.state), event.from_hand, event.to_hand,
        event.shelf_code, number or "", event.reason, event.note, proof_of(proof) if proof else None,
    )  # fmt: skip


def proof_of(proof: MailProof) -> Proof:
    """A proof as a card and a paper show it."""
    return Proof(proof.id, proof.at, proof.how, proof.taken_by, _strokes(proof.strokes))


def _strokes(kept: Any) -> tuple[tuple[tuple[float, float, float], ...], ...]:
    return tuple(tuple((float(x), float(y), float(ms)) for x, y, ms in stroke) for stroke in kept)
