"""The rules of custody on plain values: which asset may change hands how, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cbo_desk.errors import Refusal
from cbo_desk.property.rules import ENDED, WORDS, State

MOST_ITEMS = 500
LONGEST_LOAN_DAYS = 3 * 366
MOST_STROKES, MOST_POINTS = 400, 20_000
LONGEST_NOTE = 2_000

Stroke = Sequence[Sequence[float]]
"""One line of a signature: points of x and y in hundredths of the pad's height, and milliseconds since the first."""


class Kind(StrEnum):
    """How assets change hands."""

    ISSUE = "issue"
    RETURN = "return"
    HAND_OVER = "hand_over"
    LEND = "lend"
    EXTEND = "extend"
    REVERSAL = "reversal"


KIND_WORDS: Mapping[Kind, str] = {
    Kind.ISSUE: "Issue",
    Kind.RETURN: "Return",
    Kind.HAND_OVER: "Handover",
    Kind.LEND: "Loan",
    Kind.EXTEND: "Extension",
    Kind.REVERSAL: "Reversal",
}

# From which states an asset may change hands. What awaits disposal belongs to its case, what is missing is found first.
FROM: Mapping[Kind, frozenset[State]] = {
    Kind.ISSUE: frozenset({State.IN_STORE, State.IN_SERVICE}),
    Kind.RETURN: frozenset({State.IN_STORE, State.IN_SERVICE, State.ON_LOAN, State.UNDER_REPAIR, State.MISSING}),
    Kind.HAND_OVER: frozenset({State.IN_SERVICE}),
    Kind.LEND: frozenset({State.IN_STORE, State.IN_SERVICE}),
    Kind.EXTEND: frozenset({State.ON_LOAN}),
}
TO: Mapping[Kind, State] = {
    Kind.ISSUE: State.IN_SERVICE,
    Kind.RETURN: State.IN_STORE,
    Kind.HAND_OVER: State.IN_SERVICE,
    Kind.LEND: State.ON_LOAN,
    Kind.EXTEND: State.ON_LOAN,
}


@dataclass(frozen=True)
class Order:
    """What a person asks for: how, who takes, where the assets go, until when; ids None where not asked."""

    kind: Kind
    taker_id: int | None = None
    place_id: int | None = None
    due_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Standing:
    """An asset as far as a handover asks: its number, state, who has it and where it is."""

    number: str
    state: State
    person_id: int | None
    person: str
    place_id: int | None
    place: str
    due_on: date | None = None


@dataclass(frozen=True)
class Taker:
    """Who takes: name and last day."""

    id: int
    name: str
    until: date | None = None


def check_order(order: Order, taker: Taker | None, today: date) -> None:
    """Refuse an order that makes no sense for any asset, at its field."""
    if order.kind is Kind.REVERSAL:
        raise Refusal("A handover is reversed by taking it back.")
    if order.kind is Kind.EXTEND:
        _check_extension(order)
    if order.kind is Kind.RETURN:
        if order.place_id is None:
            raise Refusal("Scan or choose the store that takes the assets back.", "place_id")
    elif order.kind is Kind.ISSUE:
        if order.taker_id is None and order.place_id is None:
            raise Refusal("Scan a badge or a door first: who or which place takes the assets?", "taker_id")
    elif order.taker_id is None:
        raise Refusal("Scan a badge first, or choose who takes the assets.", "taker_id")
    if taker is not None:
        check_taker(taker, today, order.kind)
    check_due(order, today)
    if len(order.note) > LONGEST_NOTE:
        raise Refusal(f"A note has at most {LONGEST_NOTE:,} characters.", "note")


def _check_extension(order: Order) -> None:
    if order.taker_id is None:
        raise Refusal("Scan what is on loan first: whose loan is extended?", "taker_id")
    if order.place_id is not None:
        raise Refusal("What is on loan stays where it is while the loan is extended.", "place_id")


def check_taker(taker: Taker, today: date, kind: Kind = Kind.ISSUE) -> None:
    """Refuse to give anything to somebody who has left, or to leave it with them for longer."""
    if taker.until is not None and taker.until < today:
        instead = "Take back what is on loan." if kind is Kind.EXTEND else "Choose somebody who is here."
        raise Refusal(f"{taker.name} left on {taker.until:%-d %b %Y}. {instead}", "taker_id")


def check_due(order: Order, today: date) -> None:
    """Refuse a loan without a day to come back, or with one that is over."""
    if order.kind not in (Kind.LEND, Kind.EXTEND):
        if order.due_on is not None:
            raise Refusal("Only a loan has a day to come back.", "due_on")
        return
    longer = order.kind is Kind.EXTEND
    if order.due_on is None:
        raise Refusal(f"Say on which {'new ' if longer else ''}day the loan comes back.", "due_on")
    if order.due_on < today:
        first = "a day to come" if longer else "today or a later day"
        raise Refusal(f"{order.due_on:%-d %b %Y} is over. Choose {first}.", "due_on")
    if longer and order.due_on == today:
        raise Refusal("Today is no extension. Choose a day to come.", "due_on")
    if (order.due_on - today).days > LONGEST_LOAN_DAYS:
        raise Refusal("A loan lasts three years at most. Issue it for longer use.", "due_on")


def check_item(order: Order, asset: Standing) -> None:
    """Refuse what must not change hands in this way, and say which way is meant instead."""
    number, state = asset.number, asset.state
    if state in ENDED:
        raise Refusal(f"{number} has been {WORDS[state].lower()} and can no longer be changed.")
    if state is State.AWAITING_DISPOSAL:
        raise Refusal(f"{number} is in an open disposal case. Take it out of the case first.")
    if order.kind is Kind.EXTEND:
        _check_extended(order, asset)
        return
    if order.kind is not Kind.RETURN and asset.person_id is not None and asset.person_id == order.taker_id:
        raise Refusal(f"{asset.person} has {number} already.")
    if state not in FROM[order.kind]:
        raise Refusal(_wrong_state(order.kind, asset))
    if order.kind is Kind.ISSUE:
        _check_issue(order, asset)
    elif order.kind is Kind.HAND_OVER and asset.person_id is None:
        raise Refusal(f"Nobody has {number}. Issue it instead.")
    elif order.kind is Kind.RETURN and _is_back(order, asset):
        raise Refusal(f"{number} is already in {asset.place}.")


def _check_issue(order: Order, asset: Standing) -> None:
    if asset.person_id is not None:
        raise Refusal(f"{asset.person} has {asset.number}. Hand it over, or take it back first.")
    if order.taker_id is None and asset.state is State.IN_SERVICE and asset.place_id == order.place_id:
        raise Refusal(f"{asset.number} is in service at {asset.place} already.")


def _check_extended(order: Order, asset: Standing) -> None:
    """Refuse to extend what is not lent, somebody else's loan, and a day that is no later than the one that stands."""
    number = asset.number
    if asset.state not in FROM[Kind.EXTEND]:
        raise Refusal(f"{number} is not on loan: it is {WORDS[asset.state].lower()}. Only a loan can be extended.")
    if order.taker_id is not None and asset.person_id != order.taker_id:
        raise Refusal(f"{number} is on loan to {asset.person}. Extend that loan by itself.")
    if order.due_on is not None and asset.due_on is not None and order.due_on <= asset.due_on:
        raise Refusal(f"{number} is due back on {asset.due_on:%-d %b %Y} already. Choose a later day.")


def _is_back(order: Order, asset: Standing) -> bool:
    return asset.state is State.IN_STORE and asset.person_id is None and asset.place_id == order.place_id


def _wrong_state(kind: Kind, asset: Standing) -> str:
    number, state = asset.number, asset.state
    if state is State.ON_LOAN:
        due = f" until {asset.due_on:%-d %b %Y}" if asset.due_on else ""
        return f"{number} is on loan to {asset.person or 'somebody'}{due}. Take it back first."
    if state is State.IN_STORE and kind is Kind.HAND_OVER:
        return f"{number} is in store. Issue it instead."
    if state is State.MISSING:
        return f"{number} is missing. Say that it was found, or take it back into a store first."
    return f"{number} is {WORDS[state].lower()}. Take it back first."


def after(order: Order, asset: Standing, taker: str, place: str) -> Standing:
    """How an asset stands once it has changed hands; a place that was not named stays as it was."""
    where = (order.place_id, place) if order.place_id is not None else (asset.place_id, asset.place)
    who = (None, "") if order.kind is Kind.RETURN else (order.taker_id, taker)
    return Standing(asset.number, TO[order.kind], *who, *where, order.due_on)


def check_signature(strokes: Sequence[Stroke], signed_by: str, on_paper: bool) -> None:
    """Refuse a signature that is none: it has a name, and strokes unless it stands on paper."""
    if not signed_by.strip():
        raise Refusal("Say who signs.", "signed_by")
    if on_paper:
        if strokes:
            raise Refusal("It is signed either here or on paper.")
        return
    if sum(len(stroke) for stroke in strokes) < 2:
        raise Refusal("Sign in the field, or say that the sheet is signed on paper.", "signature")
    if len(strokes) > MOST_STROKES or sum(len(stroke) for stroke in strokes) > MOST_POINTS:
        raise Refusal("This signature is too long. Clear it and sign again.", "signature")
    if any(len(point) != 3 or not all(_is_number(part) for part in point) for stroke in strokes for point in stroke):
        raise Refusal("This signature cannot be read. Clear it and sign again.", "signature")


def _is_number(part: object) -> bool:
    return isinstance(part, int | float) and abs(part) < 10**7
