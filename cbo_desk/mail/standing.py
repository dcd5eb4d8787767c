"""Moving an item of mail: finding it, checking the move, adding its event; the database lets the item follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from cbo_desk import search
from cbo_desk.context import actor, now
from cbo_desk.errors import Refusal
from cbo_desk.mail import rules
from cbo_desk.mail.rules import State, What
from db.base import table_of
from db.mail import MailEvent, MailItem
from db.places import Place
from db.tags import Tag

KIND = "mail.item"
TOO_LARGE = ("site", "building", "floor")
"""Kinds of places that nothing can be found on again."""
# Built once and without the unit of work: putting a statement together takes longer than writing the row.
_EVENTS = table_of(MailEvent)
_ADD_EVENT = insert(_EVENTS).returning(_EVENTS.c.id)


@dataclass(frozen=True)
class Step:
    """What an event says beside the deed itself; a hand is a person's or a carrier's name."""

    to_hand: str | None = None
    from_hand: str | None = None
    shelf: Place | None = None
    round_id: int | None = None
    proof_id: int | None = None
    reason: str = ""
    note: str = ""


def items_of(session: Session, ids: Sequence[int]) -> list[MailItem]:
    """The items with these ids, locked, in the order given; Refusal where one is gone or none is named."""
    unique = list(dict.fromkeys(ids))
    if not unique:
        raise Refusal("Choose at least one item.")
    found: dict[int, MailItem] = {}
    for start in range(0, len(unique), 500):
        wanted = select(MailItem).where(MailItem.id.in_(unique[start : start + 500])).order_by(MailItem.id)
        found.update({item.id: item for item in session.scalars(wanted.with_for_update())})
    if len(found) != len(unique):
        raise Refusal("One of these items is no longer there. Look at the list anew.")
    return [found[ident] for ident in unique]


def move(session: Session, item: MailItem, what: What, step: Step) -> int:
    """Let an item go one step; returns the id of its event. Raises Refusal where the item stands otherwise."""
    state = State(item.state)
    end = rules.after(
        item.number, state, what,
        accountable=item.accountable, proven=step.proof_id is not None, reason=step.reason,
    )  # fmt: skip
    return add_event(session, item, what, end, step)


def add_event(
    session: Session, item: MailItem, what: What, end: State, step: Step, undoes: MailEvent | None = None
) -> int:
    """Write an event and let the item in hand follow it, as the database's trigger does with the row."""
    # The row must be there, and as the form left it, before the trigger writes into it.
    session.flush()
    plan = rules.MOVES.get(what)
    keeps_shelf = plan is not None and not plan.clears_shelf and step.shelf is None and end in rules.ON_SHELF
    shelf: tuple[int | None, str] = (step.shelf.id, step.shelf.code) if step.shelf else (None, "")
    if keeps_shelf:
        shelf = (item.shelf_id, item.shelf_code)
    round_id = step.round_id
    if round_id is None and end in (State.ATTEMPTED, State.REFUSED) and what in (What.FAIL, What.REFUSE):
        round_id = item.round_id
    if undoes is not None:
        shelf, round_id = _before(session, item, undoes)
    values = {
        "item_id": item.id,
        "at": now(session),
        "by": actor(session).login,
        "workstation": actor(session).workstation,
        "what": str(what),
        "before": item.state,
        "state": str(end),
        "from_hand": item.holder if step.from_hand is None else step.from_hand,
        "to_hand": item.holder if step.to_hand is None else step.to_hand,
        "shelf_id": shelf[0],
        "shelf_code": shelf[1],
        "round_id": round_id,
        "proof_id": step.proof_id,
        "reason": step.reason.strip(),
        "note": step.note.strip(),
        "undoes_id": undoes.id if undoes else None,
    }
    ident = int(session.connection().execute(_ADD_EVENT, values).scalar_one())
    follow = {
        "state": values["state"], "state_since": values["at"], "shelf_id": shelf[0], "shelf_code": shelf[1],
        "holder": values["to_hand"], "round_id": round_id, "last_event_id": ident,
    }  # fmt: skip
    for name, value in follow.items():
        set_committed_value(item, name, value)
    return ident


def _before(session: Session, item: MailItem, undone: MailEvent) -> tuple[tuple[int | None, str], int | None]:
    """Shelf and round as they were before the event that is taken back."""
    wanted = (
        select(MailEvent)
        .where(MailEvent.item_id == item.id, MailEvent.id < undone.id)
        .order_by(MailEvent.id.desc())
        .limit(1)
    )
    earlier = session.scalars(wanted).one()
    return (earlier.shelf_id, earlier.shelf_code), earlier.round_id


def enter_search(session: Session, items: Sequence[MailItem], codes: dict[int, str] | None = None) -> None:
    """Make items findable by number, addressee, carrier's number, sender and tag."""
    if codes is None:
        ids = [item.id for item in items]
        wanted = select(Tag.subject_id, Tag.code).where(Tag.subject_kind == KIND, Tag.subject_id.in_(ids), Tag.ours)
        codes = {row.subject_id: row.code for row in session.execute(wanted)}
    search.enter(session, [findable(item, codes.get(item.id, "")) for item in items])


def findable(item: MailItem, code: str) -> search.Findable:
    """What search knows of an item."""
    detail = " · ".join(part for part in (item.addressee or "no addressee yet", item.carrier) if part)
    words = (item.carrier_number, item.sender, item.entity_code or "", code)
    return search.Findable(KIND, item.id, item.number, detail, words)


def these(items: Sequence[MailItem]) -> str:
    """The items in a sentence: the number of one, the count of several."""
    return items[0].number if len(items) == 1 else f"{len(items):,} items"


def shelf_of(session: Session, shelf_id: int) -> Place:
    """The place that items are put on; Refusal where it is gone."""
    place = session.get(Place, shelf_id)
    if place is None:
        raise Refusal("Choose the shelf.", "shelf_id")
    if place.place_kind in TOO_LARGE:
        raise Refusal(f"{place.code} is a {place.place_kind}: mail lies on a shelf or in a room of it.", "shelf_id")
    return place
