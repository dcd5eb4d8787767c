"""What a scan means while assets are handed over: a person, a place, a command, an asset, or why it is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.context import today
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from cbo_desk.property.custody import rules
from cbo_desk.property.custody.rules import Kind, Order, Taker
from cbo_desk.property.custody.standing import due_days, standing
from cbo_desk.property.picking import retired_words
from cbo_desk.property.rules import State
from cbo_desk.property.touching import KIND
from cbo_desk.tags import Opened, orders, resolve
from cbo_desk.tags.subjects import word_of
from db.people import Person
from db.property import Asset

PERSON, PLACE = "people.person", "places.place"


class Meaning(StrEnum):
    """What was scanned."""

    ASSET = "asset"
    PERSON = "person"
    PLACE = "place"
    DONE = "done"
    UNDO = "undo"
    PAPER = "paper"
    NOTHING = "nothing"


_ORDERS = {
    orders.Order.DONE: Meaning.DONE,
    orders.Order.UNDO: Meaning.UNDO,
    orders.Order.PAPER: Meaning.PAPER,
}


@dataclass(frozen=True)
class ItemLine:
    """An asset on the list of a handover; `why` says why it may not go, empty where it may."""

    asset_id: int
    inventory_no: str
    description: str
    state: State
    person: str
    place: str
    due_on: date | None = None
    why: str = ""
    person_id: int | None = None


@dataclass(frozen=True)
class Looked:
    """What a scan is: `ident` and `title` of a person or place, the `line` of an asset, or `why` it is refused."""

    meaning: Meaning
    text: str
    ident: int = 0
    title: str = ""
    detail: str = ""
    line: ItemLine | None = None
    why: str = ""


@reads("property", "hand over assets")
def look_at(session: Session, scanned: str, order: Order) -> Looked:
    """Say what a scanned or typed text is to this order; nothing is changed by it."""
    command = orders.order_of(scanned)
    if command is not None:
        return Looked(_ORDERS[command], scanned)
    answer = resolve(session, scanned)
    if answer.opened is None:
        assets = [choice for choice in answer.choices if choice.kind == KIND]
        if len(assets) == 1:
            return _asset(session, scanned, assets[0], order)
        return Looked(Meaning.NOTHING, scanned, why=answer.why if answer.choices else _unknown(scanned))
    if not answer.opened.title:
        return Looked(Meaning.NOTHING, scanned, why=answer.opened.said)
    opened = answer.opened
    why = retired_words(session, answer.code, opened.title)
    if opened.kind == PERSON:
        person = session.get_one(Person, opened.record_id)
        detail = " · ".join(part for part in (person.entity_code, person.unit) if part)
        return Looked(
            Meaning.PERSON, scanned, person.id, person.sort_name, detail, why=why or _left(session, person, order)
        )
    if opened.kind == PLACE:
        return Looked(Meaning.PLACE, scanned, opened.record_id, opened.title, opened.detail, why=why)
    if opened.kind == KIND:
        return _asset(session, scanned, opened, order, why)
    why = f"This is the tag of a {word_of(opened.kind)}, {opened.title}, and no asset."
    return Looked(Meaning.NOTHING, scanned, why=why)


def _unknown(scanned: str) -> str:
    shown = scanned if len(scanned) <= 40 else f"{scanned[:40]}…"
    return f"Nothing here has the code {shown}. Type the inventory number instead."


def _left(session: Session, person: Person, order: Order) -> str:
    if order.kind is Kind.RETURN:
        return ""
    try:
        rules.check_taker(Taker(person.id, person.sort_name, person.until), today(session), order.kind)
    except Refusal as refusal:
        return str(refusal)
    return ""


def _asset(session: Session, scanned: str, opened: Opened, order: Order, why: str = "") -> Looked:
    (line,) = lines_for(session, [opened.record_id], order)
    if why:
        line = ItemLine(**{**line.__dict__, "why": why})
    return Looked(Meaning.ASSET, scanned, opened.record_id, line.inventory_no, line.description, line, line.why)


@reads("property", "hand over assets")
def look_over(session: Session, ids: Sequence[int], order: Order) -> list[ItemLine]:
    """Assets chosen elsewhere, or scanned before the order changed, as lines of this order."""
    return lines_for(session, ids, order)


def lines_for(session: Session, ids: Sequence[int], order: Order) -> list[ItemLine]:
    """The lines in the order of the ids; one that is gone is left out."""
    assets: dict[int, Asset] = {}
    for start in range(0, len(ids), 500):
        wanted = select(Asset).where(Asset.id.in_(ids[start : start + 500]), Asset.state != State.TAKEN_BACK)
        assets.update((asset.id, asset) for asset in session.scalars(wanted))
    due = due_days(session, list(assets.values()))
    return [_line(assets[ident], due.get(ident), order) for ident in dict.fromkeys(ids) if ident in assets]


def _line(asset: Asset, due: date | None, order: Order) -> ItemLine:
    stands = standing(asset, due)
    why = ""
    try:
        rules.check_item(order, stands)
    except Refusal as refusal:
        why = str(refusal)
    return ItemLine(
        asset.id, asset.inventory_no, asset.description, stands.state, stands.person, stands.place, due, why,
        stands.person_id,
    )  # fmt: skip
