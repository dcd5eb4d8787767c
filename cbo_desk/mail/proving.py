"""Whether an item's way is whole: what its events add up to, worked out anew and compared with how the item stands.

The database keeps this true by triggers; this is the second look, for a file whose triggers somebody took off. Times
are not compared with each other: a computer's clock may have been put right between two steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from cbo_desk.mail import rules
from cbo_desk.mail.rules import State, What

CHANGED = "The record was changed from outside: tell an administrator."
LinkT = TypeVar("LinkT")


@dataclass(frozen=True)
class Link:
    """One event as the proof reads it; `taken_by` is the name on its proof, None where it has none."""

    id: int
    at: datetime
    what: What
    before: State
    state: State
    from_hand: str
    to_hand: str
    shelf: str
    round_id: int | None
    reason: str
    undoes: int | None
    taken_by: str | None


@dataclass(frozen=True)
class Standing:
    """How an item stands in its own row."""

    state: State
    since: datetime | None
    holder: str
    shelf: str
    round_id: int | None
    last: int | None
    accountable: bool


def break_of(number: str, stands: Standing, links: Sequence[Link]) -> str:
    """Where an item's way is broken, in a sentence; empty where it is whole. `links` are in the order of their ids."""
    return first_break(
        number,
        links,
        lambda before, link: _why_broken(before, link, stands.accountable),
        lambda last: _why_differs(stands, last),
    )


def first_break(
    number: str,
    links: Sequence[LinkT],
    in_the_way: Callable[[LinkT | None, LinkT], str],
    at_the_end: Callable[[LinkT | None], str],
) -> str:
    """The first step that does not follow from the one before it, else how the last one does not fit; in a sentence."""
    before: LinkT | None = None
    for place, link in enumerate(links, 1):
        why = in_the_way(before, link)
        if why:
            return f"Step {place} of {number} {why} {CHANGED}"
        before = link
    why = at_the_end(before)
    return f"{number} {why} {CHANGED}" if why else ""


def _why_broken(before: Link | None, link: Link, accountable: bool) -> str:
    stood = before.state if before else State.NEW
    if link.before is not stood:
        return f"begins as {_word(link.before)}, but the item was {_word(stood)} then."
    if before is not None and link.from_hand != before.to_hand:
        return f"takes the item from {_hand(link.from_hand)}, but {_hand(before.to_hand)} had it."
    plan = rules.MOVES.get(link.what)
    if plan is not None:
        if plan.ends.get(link.before) is not link.state:
            return f"leads from {_word(link.before)} to {_word(link.state)}, where no deed leads."
        if plan.reasoned and not link.reason:
            return "has lost its reason."
        if plan.signed and accountable and link.taken_by is None:
            return "has lost its signature."
    if link.what is What.OVERRIDE and not link.reason:
        return "is an override without a reason."
    if link.what is What.TAKE_BACK and (before is None or link.undoes != before.id or link.state is not before.before):
        return "takes back another step than the last one."
    if link.taken_by is not None and link.taken_by != " ".join(link.to_hand.split()):
        return f"gives the item to {_hand(link.to_hand)}, but {link.taken_by} signed."
    return ""


def _why_differs(stands: Standing, last: Link | None) -> str:
    if last is None:
        return "has no steps at all."
    if stands.state is not last.state:
        return f"stands as {_word(stands.state)}, but its steps end as {_word(last.state)}."
    if stands.holder != last.to_hand:
        return f"is said to be with {_hand(stands.holder)}, but its steps end with {_hand(last.to_hand)}."
    if stands.shelf != last.shelf:
        return f"is said to lie on {stands.shelf or 'no shelf'}, but its steps end on {last.shelf or 'no shelf'}."
    if (stands.round_id, stands.last, stands.since) != (last.round_id, last.id, last.at):
        return "does not stand where its last step left it."
    return ""


def _word(state: State) -> str:
    return rules.WORDS[state].lower()


def _hand(name: str) -> str:
    return name or "nobody"
