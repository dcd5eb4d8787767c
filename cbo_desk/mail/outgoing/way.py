"""The way of an outgoing item from hand to hand, and whether it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.mail.card import Proof, proof_of
from cbo_desk.mail.outgoing.proving import Link, Standing, break_of
from cbo_desk.mail.outgoing.rules import State, What
from db.mail import MailProof
from db.mail_outgoing import MailManifest, MailOutgoing, MailOutgoingEvent
from db.mail_pouch import MailBag


@dataclass(frozen=True)
class OutgoingEvent:
    """One step of an outgoing item from hand to hand; `by` is the login that wrote it down."""

    id: int
    at: datetime
    by: str
    what: What
    state: State
    from_hand: str
    to_hand: str
    manifest: str
    bag: str
    reason: str
    proof: Proof | None


def way_of(session: Session, item: MailOutgoing) -> tuple[list[OutgoingEvent], str]:
    """The steps of an item, the first one first; and where they are broken, empty where the way is whole."""
    wanted = (
        select(MailOutgoingEvent, MailManifest.number, MailBag.number, MailProof)
        .join(MailManifest, MailManifest.id == MailOutgoingEvent.manifest_id, isouter=True)
        .join(MailBag, MailBag.id == MailOutgoingEvent.bag_id, isouter=True)
        .join(MailProof, MailProof.id == MailOutgoingEvent.proof_id, isouter=True)
        .where(MailOutgoingEvent.item_id == item.id)
        .order_by(MailOutgoingEvent.id)
    )
    steps: list[OutgoingEvent] = []
    links: list[Link] = []
    for event, manifest, bag, proof in session.execute(wanted):
        what, state = What(event.what), State(event.state)
        steps.append(
            OutgoingEvent(
                event.id, event.at, event.by, what, state, event.from_hand, event.to_hand, manifest or "", bag or "",
                event.reason, proof_of(proof) if proof else None,
            )
        )  # fmt: skip
        links.append(
            Link(
                event.id, event.at, what, State(event.before), state, event.from_hand, event.to_hand,
                event.manifest_id, event.bag_id, event.reason, proof.taken_by if proof else None,
            )
        )  # fmt: skip
    stands = Standing(
        State(item.state), item.state_since, item.holder, item.manifest_id, item.bag_id, item.last_event_id
    )
    return steps, break_of(item.number, stands, links)
