"""Handing mail on: shelves, pick-up, delivery with proof, failed attempts, returns, and corrections that stay seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now
from cbo_desk.errors import Refusal
from cbo_desk.mail import rules
from cbo_desk.mail.rules import State, What
from cbo_desk.mail.standing import KIND, Step, add_event, items_of, move, shelf_of, these
from cbo_desk.permissions import Role, deed
from db.mail import MailEvent, MailItem, MailProof
from db.people import Person

Strokes = tuple[tuple[tuple[float, float, float], ...], ...]
"""A signature: strokes of points (x, y, milliseconds since it was begun)."""


@dataclass(frozen=True)
class Taken:
    """Who takes mail and how that is shown: `strokes` of a signature, `badge` where one was scanned, or a name alone.

    A person's id may be given with the name; an alternate collector needs none.
    """

    name: str
    person_id: int | None = None
    badge: bool = False
    strokes: Strokes = ()

    @property
    def how(self) -> str:
        """By what it is proven."""
        return "signature" if self.strokes else "badge" if self.badge else "name"


@deed("mail.shelve_items", "shelve mail")
def shelve_items(session: Session, ids: Sequence[int], shelf_id: int) -> Changes:
    """Put items on a shelf."""
    shelf = shelf_of(session, shelf_id)
    return _move_all(session, ids, What.SHELVE, f"put on {shelf.code}", lambda _item: Step(shelf=shelf))


@deed("mail.hold_items", "hold mail for pick-up")
def hold_items(session: Session, ids: Sequence[int], shelf_id: int | None = None, note: str = "") -> Changes:
    """Keep items for pick-up at the counter, on a shelf if one is given."""
    shelf = shelf_of(session, shelf_id) if shelf_id is not None else None
    words = f"held on {shelf.code}" if shelf else "held for pick-up"
    return _move_all(session, ids, What.HOLD, words, lambda _item: Step(shelf=shelf, note=note))


@deed("mail.deliver_items", "hand mail over")
def deliver_items(session: Session, ids: Sequence[int], taken: Taken, note: str = "") -> Changes:
    """Hand items over to whoever takes them, all with one signature, badge or name."""
    items = items_of(session, ids)
    proof = keep_proof(session, taken)
    for item in items:
        # A name alone proves nothing for an accountable item.
        proven = proof if taken.how != "name" or not item.accountable else None
        move(session, item, What.DELIVER, Step(to_hand=taken.name.strip(), proof_id=proven, note=note))
    said = f"{these(items)} delivered to {taken.name.strip()}."
    return Changes(KIND, tuple(item.id for item in items), said)


@deed("mail.fail_delivery", "note failed deliveries")
def fail_delivery(session: Session, ids: Sequence[int], reason: str) -> Changes:
    """Note that items could not be delivered at the door; the messenger keeps them."""
    return _move_all(session, ids, What.FAIL, "not delivered", lambda _item: Step(reason=reason))


@deed("mail.refuse_items", "note refusals")
def refuse_items(session: Session, ids: Sequence[int], reason: str) -> Changes:
    """Note that the addressee does not take items."""
    return _move_all(session, ids, What.REFUSE, "refused", lambda _item: Step(reason=reason))


@deed("mail.bring_back", "take mail back into the mailroom")
def bring_back(session: Session, ids: Sequence[int]) -> Changes:
    """Take items that a messenger brings back into the mailroom's hands."""
    name = actor(session).name
    return _move_all(session, ids, What.BRING_BACK, "brought back", lambda _item: Step(to_hand=name))


@deed("mail.return_items", "return mail to its sender")
def return_items(session: Session, ids: Sequence[int], reason: str) -> Changes:
    """Give items back to their carriers for the senders."""
    step = lambda item: Step(to_hand=f"{item.carrier or 'Carrier'} courier", reason=reason)  # noqa: E731
    return _move_all(session, ids, What.RETURN, "returned to the sender", step)


@deed("mail.forward_items", "forward mail")
def forward_items(session: Session, ids: Sequence[int], to: str, reason: str) -> Changes:
    """Send items on to another duty station or address."""
    if not to.strip():
        raise Refusal("Say where it is forwarded to.", "to")
    return _move_all(
        session, ids, What.FORWARD, f"forwarded to {to.strip()}", lambda _i: Step(to_hand=to.strip(), reason=reason)
    )


@deed("mail.lose_items", "report mail lost")
def lose_items(session: Session, ids: Sequence[int], reason: str) -> Changes:
    """Open the case of items that cannot be found."""
    return _move_all(session, ids, What.LOSE, "reported lost", lambda _item: Step(to_hand="nobody", reason=reason))


@deed("mail.find_items", "find lost mail again")
def find_items(session: Session, ids: Sequence[int], note: str = "") -> Changes:
    """Close the case of lost items that turned up."""
    name = actor(session).name
    return _move_all(session, ids, What.FIND, "found again", lambda _item: Step(to_hand=name, note=note))


@deed("mail.dispose_items", "dispose of mail", Role.SUPERVISOR)
def dispose_items(session: Session, ids: Sequence[int], reason: str) -> Changes:
    """Dispose of items that can neither be delivered nor returned."""
    return _move_all(session, ids, What.DISPOSE, "disposed of", lambda _item: Step(to_hand="nobody", reason=reason))


@deed("mail.override_state", "override the custody of mail", Role.ADMINISTRATOR)
def override_state(session: Session, item_id: int, state: State, reason: str) -> Changes:
    """Put an item into a state that no ordinary deed leads to; it stands in red in its history for good."""
    [item] = items_of(session, [item_id])
    if not reason.strip():
        raise Refusal(f"Say why the custody of {item.number} is overridden.", "reason")
    if state in (State.NEW, State.OUT, State.ATTEMPTED):
        raise Refusal("An item goes out only on a round. Choose another state.", "state")
    ended = state in rules.ENDED or state is State.LOST
    hand = "" if ended else actor(session).name
    add_event(session, item, What.OVERRIDE, state, Step(to_hand=hand, reason=reason))
    return Changes(KIND, (item.id,), f"{item.number} overridden: {rules.WORDS[state].lower()}.")


@deed("mail.take_back", "take back what was done with mail")
def take_back(session: Session, ids: Sequence[int], events: Sequence[int]) -> Changes:
    """Undo the last deed on items by a further event; refused where something else has happened since."""
    items = items_of(session, ids)
    for item, ident in zip(items, events, strict=True):
        undone = session.get(MailEvent, ident)
        if undone is None or item.last_event_id != ident:
            raise Refusal(f"{item.number} has been moved since, so this can no longer be undone.")
        if What(undone.what) in rules.NOT_TAKEN_BACK:
            raise Refusal(f"{item.number}: this can no longer be undone.")
        add_event(session, item, What.TAKE_BACK, State(undone.before), Step(to_hand=undone.from_hand), undone)
    return Changes(KIND, tuple(item.id for item in items), f"{these(items)}: as before.")


def keep_proof(session: Session, taken: Taken) -> int:
    """Write down who took mail and how that is proven; returns the proof's id."""
    name = " ".join(taken.name.split())
    if not name:
        raise Refusal("Say who takes it.", "taken_by")
    if taken.person_id is not None and session.get(Person, taken.person_id) is None:
        raise Refusal("This person is no longer there. Choose another one.", "taken_by")
    proof = MailProof(
        at=now(session),
        by=actor(session).login,
        workstation=actor(session).workstation,
        how=taken.how,
        taken_by=name,
        person_id=taken.person_id,
        strokes=[[list(point) for point in stroke] for stroke in taken.strokes],
    )
    session.add(proof)
    session.flush()
    return proof.id


def _move_all(
    session: Session, ids: Sequence[int], what: What, words: str, step: Callable[[MailItem], Step]
) -> Changes:
    items = items_of(session, ids)
    events: list[Any] = [move(session, item, what, step(item)) for item in items]
    touched = tuple(item.id for item in items)
    undo = Deed(take_back, (touched, tuple(events)))
    return Changes(KIND, touched, f"{these(items)} {words}.", undo)
