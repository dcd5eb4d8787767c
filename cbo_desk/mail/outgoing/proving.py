"""Whether an outgoing item's way is whole: its steps, gone through anew, against how it stands in its own row.

The database keeps this true by triggers; this is the second look, for a file whose triggers somebody took off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cbo_desk.mail.outgoing import rules
from cbo_desk.mail.outgoing.rules import State, What
from cbo_desk.mail.proving import first_break


@dataclass(frozen=True)
class Link:
    """One step as the proof reads it; `taken_by` is the name on its proof, None where it has none."""

    id: int
    at: datetime
    what: What
    before: State
    state: State
    from_hand: str
    to_hand: str
    manifest_id: int | None
    bag_id: int | None
    reason: str
    taken_by: str | None


@dataclass(frozen=True)
class Standing:
    """How an item stands in its own row."""

    state: State
    since: datetime | None
    holder: str
    manifest_id: int | None
    bag_id: int | None
    last: int | None


def break_of(number: str, stands: Standing, links: Sequence[Link]) -> str:
    """Where an item's way is broken, in a sentence; empty where it is whole. `links` are in the order of their ids."""
    return first_break(number, links, _in_the_way, lambda last: _at_the_end(stands, last))


def _in_the_way(before: Link | None, link: Link) -> str:
    stood = before.state if before else State.NEW
    move = rules.MOVES[link.what]
    if link.before is not stood:
        return f"begins as {_said(link.before)}, but the item was {_said(stood)} then."
    if move.ends.get(stood) is not link.state:
        return f"leads from {_said(stood)} to {_said(link.state)}, where no deed leads."
    if before is not None and link.from_hand != before.to_hand:
        return f"takes the item from {link.from_hand or 'nobody'}, but {before.to_hand or 'nobody'} had it."
    if move.reasoned and not link.reason:
        return "has lost its reason."
    if link.what is What.COLLECT:
        return _why_not_signed(link)
    return ""


def _why_not_signed(link: Link) -> str:
    """The driver's name stands before the carrier's, and on the signature."""
    if link.taken_by is None:
        return "has lost its signature."
    if not link.to_hand.startswith(f"{link.taken_by}, "):
        return f"gives the item to {link.to_hand or 'nobody'}, but {link.taken_by} signed."
    return ""


def _at_the_end(stands: Standing, last: Link | None) -> str:
    if last is None:
        return "has no steps at all."
    if stands.state is not last.state:
        return f"stands as {_said(stands.state)}, but its steps end as {_said(last.state)}."
    if stands.holder != last.to_hand:
        return f"is said to be with {stands.holder or 'nobody'}, but its steps end with {last.to_hand or 'nobody'}."
    if stands.manifest_id != last.manifest_id:
        return "is said to be on another manifest than its last step left it on."
    if stands.bag_id != last.bag_id:
        return "is said to be in another bag than its last step left it in."
    if (stands.since, stands.last) != (last.at, last.id):
        return "does not stand where its last step left it."
    return ""


def _said(state: State) -> str:
    return rules.WORDS[state].lower()
