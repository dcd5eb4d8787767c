"""All mail from hand to hand: every item's steps, gone through anew, and the first that was changed from outside."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.lives import Lives, stretches
from cbo_desk.mail import proving, rules
from cbo_desk.mail.outgoing import proving as outgoing_proving
from cbo_desk.mail.outgoing import rules as outgoing_rules
from cbo_desk.permissions import reads
from db.mail import MailEvent, MailItem, MailProof
from db.mail_outgoing import MailOutgoing, MailOutgoingEvent

AT_ONCE = 1000
"""So many items are read in one statement, in which each stands as its steps of that moment say."""


_ITEMS = select(
    MailItem.id, MailItem.number, MailItem.state, MailItem.state_since, MailItem.holder, MailItem.shelf_code,
    MailItem.round_id, MailItem.last_event_id, MailItem.accountable, MailEvent.id, MailEvent.at, MailEvent.what,
    MailEvent.before, MailEvent.state, MailEvent.from_hand, MailEvent.to_hand, MailEvent.shelf_code, MailEvent.round_id,
    MailEvent.reason, MailEvent.undoes_id, MailProof.taken_by,
).join(MailEvent, MailEvent.item_id == MailItem.id, isouter=True).join(  # fmt: skip
    MailProof, MailProof.id == MailEvent.proof_id, isouter=True
)
_OUTGOING = select(
    MailOutgoing.id, MailOutgoing.number, MailOutgoing.state, MailOutgoing.state_since, MailOutgoing.holder,
    MailOutgoing.manifest_id, MailOutgoing.bag_id, MailOutgoing.last_event_id, MailOutgoingEvent.id,
    MailOutgoingEvent.at, MailOutgoingEvent.what, MailOutgoingEvent.before, MailOutgoingEvent.state,
    MailOutgoingEvent.from_hand, MailOutgoingEvent.to_hand, MailOutgoingEvent.manifest_id, MailOutgoingEvent.bag_id,
    MailOutgoingEvent.reason, MailProof.taken_by,
).join(MailOutgoingEvent, MailOutgoingEvent.item_id == MailOutgoing.id, isouter=True).join(  # fmt: skip
    MailProof, MailProof.id == MailOutgoingEvent.proof_id, isouter=True
)


@reads("settings", "check the database")
def mail_lives(session: Session) -> Lives:
    """Go through every item that came in."""
    return _through(session, MailItem.id, _ITEMS, MailEvent.id, _break_of_item)


@reads("settings", "check the database")
def outgoing_lives(session: Session) -> Lives:
    """Go through every item that goes out."""
    return _through(session, MailOutgoing.id, _OUTGOING, MailOutgoingEvent.id, _break_of_outgoing)


def _through(
    session: Session, key: Any, wanted: Any, step: Any, break_of: Callable[[list[Any]], str]
) -> Lives:
    count = 0
    for first, last, _ in stretches(session, key, AT_ONCE):
        rows = session.execute(wanted.where(key.between(first, last)).order_by(key, step))
        for _ident, steps in groupby(rows, key=lambda row: row[0]):
            count += 1
            broken = break_of(list(steps))
            if broken:
                return Lives(count, broken)
    return Lives(count)


def _break_of_item(steps: list[Any]) -> str:
    item = steps[0]
    links = [
        proving.Link(
            row[9], row[10], rules.What(row[11]), rules.State(row[12]), rules.State(row[13]), *row[14:21],
        )
        for row in steps
        if row[9] is not None
    ]  # fmt: skip
    return proving.break_of(item[1], proving.Standing(rules.State(item[2]), *item[3:9]), links)


def _break_of_outgoing(steps: list[Any]) -> str:
    item, what, state = steps[0], outgoing_rules.What, outgoing_rules.State
    links = [
        outgoing_proving.Link(row[8], row[9], what(row[10]), state(row[11]), state(row[12]), *row[13:19])
        for row in steps
        if row[8] is not None
    ]
    return outgoing_proving.break_of(item[1], outgoing_proving.Standing(state(item[2]), *item[3:8]), links)
