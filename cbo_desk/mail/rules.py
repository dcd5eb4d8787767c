"""How an item of mail may go from hand to hand, as data: each deed with where it may begin, end, and what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cbo_desk.errors import Refusal


class State(StrEnum):
    """How an item stands."""

    NEW = "new"
    RECEIVED = "received"
    SHELVED = "shelved"
    OUT = "out"
    DELIVERED = "delivered"
    ATTEMPTED = "attempted"
    HELD = "held"
    REFUSED = "refused"
    RETURNED = "returned"
    FORWARDED = "forwarded"
    LOST = "lost"
    DISPOSED = "disposed"
    WITHDRAWN = "withdrawn"


WORDS = {
    State.NEW: "New",
    State.RECEIVED: "Received",
    State.SHELVED: "Shelved",
    State.OUT: "Out for delivery",
    State.DELIVERED: "Delivered",
    State.ATTEMPTED: "Not delivered",
    State.HELD: "Held",
    State.REFUSED: "Refused",
    State.RETURNED: "Returned",
    State.FORWARDED: "Forwarded",
    State.LOST: "Lost",
    State.DISPOSED: "Disposed of",
    State.WITHDRAWN: "Taken back",
}


class What(StrEnum):
    """What was done with an item."""

    RECEIVE = "receive"
    WITHDRAW = "withdraw"
    SHELVE = "shelve"
    HOLD = "hold"
    LOAD = "load"
    DELIVER = "deliver"
    FAIL = "fail"
    REFUSE = "refuse"
    BRING_BACK = "bring_back"
    RETURN = "return"
    FORWARD = "forward"
    LOSE = "lose"
    FIND = "find"
    DISPOSE = "dispose"
    REMIND = "remind"
    OVERRIDE = "override"
    TAKE_BACK = "take_back"


@dataclass(frozen=True)
class Move:
    """One deed: `done` completes "cannot be …"; `ends` maps where it may begin to where it leads.

    `signed` needs proof of who took an accountable item, `reasoned` a reason; `hands_over` changes who holds it,
    `clears_shelf` takes it off its shelf.
    """

    done: str
    ends: dict[State, State]
    signed: bool = False
    reasoned: bool = False
    hands_over: bool = True
    clears_shelf: bool = True


_S = State
_IN_ROOM = (_S.RECEIVED, _S.SHELVED, _S.HELD)
_LIVE = (*_IN_ROOM, _S.OUT, _S.ATTEMPTED, _S.REFUSED)


def _to(after: State, *befores: State) -> dict[State, State]:
    return dict.fromkeys(befores, after)


MOVES: dict[What, Move] = {
    What.RECEIVE: Move("received", _to(_S.RECEIVED, _S.NEW)),
    What.WITHDRAW: Move("taken back", _to(_S.WITHDRAWN, _S.RECEIVED)),
    What.SHELVE: Move(
        "put on a shelf",
        {**_to(_S.SHELVED, *_IN_ROOM, _S.ATTEMPTED), _S.REFUSED: _S.REFUSED},
        hands_over=False,
        clears_shelf=False,
    ),
    What.HOLD: Move("held for pick-up", _to(_S.HELD, *_IN_ROOM, _S.ATTEMPTED), hands_over=False, clears_shelf=False),
    What.LOAD: Move("put on a round", _to(_S.OUT, *_IN_ROOM)),
    What.DELIVER: Move("delivered", _to(_S.DELIVERED, *_IN_ROOM, _S.OUT, _S.ATTEMPTED), signed=True),
    What.FAIL: Move(
        "marked as not delivered",
        _to(_S.ATTEMPTED, _S.OUT, _S.ATTEMPTED),
        reasoned=True,
        hands_over=False,
    ),
    What.REFUSE: Move(
        "refused",
        _to(_S.REFUSED, *_IN_ROOM, _S.OUT, _S.ATTEMPTED),
        reasoned=True,
        hands_over=False,
        clears_shelf=False,
    ),
    What.BRING_BACK: Move(
        "brought back", {**_to(_S.RECEIVED, _S.OUT, _S.ATTEMPTED), _S.REFUSED: _S.REFUSED}, clears_shelf=False
    ),
    What.RETURN: Move("returned to the sender", _to(_S.RETURNED, *_IN_ROOM, _S.REFUSED), reasoned=True),
    What.FORWARD: Move("forwarded", _to(_S.FORWARDED, *_IN_ROOM), reasoned=True),
    What.LOSE: Move("reported lost", _to(_S.LOST, *_LIVE), reasoned=True),
    What.FIND: Move("found again", _to(_S.RECEIVED, _S.LOST)),
    What.DISPOSE: Move("disposed of", _to(_S.DISPOSED, *_IN_ROOM, _S.REFUSED, _S.LOST), reasoned=True),
    What.REMIND: Move("reminded of", {state: state for state in _IN_ROOM}, hands_over=False, clears_shelf=False),
}
IN_OUR_HANDS = frozenset(_LIVE)
"""States in which we answer for an item."""
EXCEPTIONS = frozenset((_S.ATTEMPTED, _S.REFUSED, _S.LOST))
ENDED = frozenset((_S.DELIVERED, _S.RETURNED, _S.FORWARDED, _S.DISPOSED, _S.WITHDRAWN))
ON_SHELF = frozenset((*_IN_ROOM, _S.REFUSED))
WITH_MESSENGER = frozenset((_S.OUT, _S.ATTEMPTED, _S.REFUSED))
NOT_TAKEN_BACK = frozenset((What.RECEIVE, What.DELIVER, What.OVERRIDE, What.TAKE_BACK))
"""What cannot be undone: it began the item's story, somebody signed for it, or it is itself a correction."""


def after(number: str, state: State, what: What, *, accountable: bool, proven: bool, reason: str) -> State:
    """Where a deed leads; raises Refusal in words where the item stands otherwise, or proof or reason is missing."""
    move = MOVES[what]
    if state not in move.ends:
        raise Refusal(f"{number} {_stands(state)}, so it cannot be {move.done}.")
    if move.signed and accountable and not proven:
        raise Refusal(f"{number} is accountable: whoever takes it signs for it, or shows a badge.", "signature")
    if move.reasoned and not reason.strip():
        raise Refusal(f"Say why {number} is {move.done}.", "reason")
    return move.ends[state]


def _stands(state: State) -> str:
    return {
        State.NEW: "has not been received yet",
        State.DELIVERED: "has been delivered already",
        State.OUT: "is out for delivery",
        State.ATTEMPTED: "is with the messenger after a failed attempt",
        State.RETURNED: "has gone back to the sender",
        State.FORWARDED: "has been forwarded",
        State.WITHDRAWN: "was entered by mistake and taken back",
    }.get(state, f"is {WORDS[state].lower()}")


def class_of(service: str, accountable: bool) -> str:
    """The class of an item by the service its code names."""
    named = service.lower()
    for word, kind in (("insured", "insured"), ("regist", "registered"), ("ems", "express"), ("express", "express")):
        if word in named:
            return kind
    if "parcel" in named or "ground" in named:
        return "parcel"
    return "registered" if accountable else "ordinary"


def missing(*, addressee: str, carrier: str, code: str, damage: str, photos: int) -> str:
    """What is still to be completed, in words; empty when all is known."""
    parts = []
    if not addressee:
        parts.append("addressee")
    if code and not carrier:
        parts.append("carrier")
    if damage and not photos:
        parts.append("photo")
    return ", ".join(parts)
