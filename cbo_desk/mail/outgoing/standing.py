"""Moving an outgoing item: finding it, checking the move, adding its event; the database lets the item follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from cbo_desk import search
from cbo_desk.context import actor, now
from cbo_desk.errors import Refusal
from cbo_desk.mail.outgoing import rules
from cbo_desk.mail.outgoing.rules import State, What
from cbo_desk.permissions import Role, Rule
from db.base import table_of
from db.mail_outgoing import MailOutgoing, MailOutgoingEvent
from db.tags import Tag

OUTGOING = "mail.outgoing"
LOOK_INSIDE = Rule("pouch.look_inside", "pouch", Role.VIEWER, "see what is in the pouch")
"""The right that the contents of the pouch need: who lacks it sees numbers and weights."""
_EVENTS = table_of(MailOutgoingEvent)
_ADD_EVENT = insert(_EVENTS).returning(_EVENTS.c.id)


@dataclass(frozen=True)
class Step:
    """What an event says beside the deed itself; a hand is a person's or a carrier's name."""

    to_hand: str | None = None
    from_hand: str | None = None
    manifest_id: int | None = None
    bag_id: int | None = None
    proof_id: int | None = None
    reason: str = ""


def items_of(session: Session, ids: Sequence[int]) -> list[MailOutgoing]:
    """The items with these ids, locked, in the order given; Refusal where one is gone or none is named."""
    unique = list(dict.fromkeys(ids))
    if not unique:
        raise Refusal("Choose at least one item.")
    found: dict[int, MailOutgoing] = {}
    for start in range(0, len(unique), 500):
        wanted = select(MailOutgoing).where(MailOutgoing.id.in_(unique[start : start + 500]))
        rows = session.scalars(wanted.order_by(MailOutgoing.id).with_for_update())
        found.update({item.id: item for item in rows})
    if len(found) != len(unique):
        raise Refusal("One of these items is no longer there. Look at the list anew.")
    return [found[ident] for ident in unique]


def move(session: Session, item: MailOutgoing, what: What, step: Step) -> None:
    """Let an item go one step. Raises Refusal where it stands otherwise."""
    end = rules.after(item.number, State(item.state), what, step.reason)
    # The row must be there, and as the form left it, before the trigger writes into it.
    session.flush()
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
        "manifest_id": step.manifest_id,
        "bag_id": step.bag_id,
        "proof_id": step.proof_id,
        "reason": step.reason.strip(),
    }
    ident = session.connection().execute(_ADD_EVENT, values).scalar_one()
    follow = {
        "state": values["state"], "state_since": values["at"], "holder": values["to_hand"],
        "manifest_id": step.manifest_id, "bag_id": step.bag_id, "last_event_id": ident,
    }  # fmt: skip
    for name, value in follow.items():
        set_committed_value(item, name, value)


def enter_search(session: Session, items: Sequence[MailOutgoing]) -> None:
    """Make items findable; of what goes by pouch only the number and the tag are known to search, whoever asks."""
    ids = [item.id for item in items]
    wanted = select(Tag.subject_id, Tag.code).where(Tag.subject_kind == OUTGOING, Tag.subject_id.in_(ids), Tag.ours)
    codes = {row.subject_id: row.code for row in session.execute(wanted)}
    search.enter(session, [_findable(item, codes.get(item.id, "")) for item in items])


def _findable(item: MailOutgoing, code: str) -> search.Findable:
    if item.way == "pouch":
        return search.Findable(OUTGOING, item.id, item.number, "Goes out by pouch", (code,))
    detail = " · ".join(part for part in (item.secret_recipient, item.country, item.carrier) if part)
    words = (item.carrier_number, item.entity_code, item.purpose, code)
    return search.Findable(OUTGOING, item.id, item.number, detail, words)


def these(items: Sequence[MailOutgoing]) -> str:
    """The items in a sentence: the number of one, the count of several."""
    return items[0].number if len(items) == 1 else f"{len(items):,} items"
