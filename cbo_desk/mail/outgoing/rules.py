"""How mail goes out, as data and decisions on plain values: the moves, what a form lacks, which carrier takes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from cbo_desk.errors import Faults, Refusal
from cbo_desk.mail.outgoing import zones

HEAVIEST_G = 1_000_000
MOST_CENTS = 10**9
MOST_DECLARED = 10**7
CENT = Decimal("0.01")
CLASSES = ("ordinary", "registered", "insured", "express", "parcel")
_SIZE = re.compile(r"\s*(\d{1,4})\s*[x×*]\s*(\d{1,4})(?:\s*[x×*]\s*(\d{1,4}))?\s*")


class State(StrEnum):
    """How an outgoing item stands."""

    NEW = "new"
    HANDED_IN = "handed_in"
    MANIFESTED = "manifested"
    COLLECTED = "collected"
    BAGGED = "bagged"
    DISPATCHED = "dispatched"
    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


WORDS = {
    State.NEW: "New",
    State.HANDED_IN: "Handed in",
    State.MANIFESTED: "On a manifest",
    State.COLLECTED: "With the carrier",
    State.BAGGED: "In a bag",
    State.DISPATCHED: "On its way",
    State.DELIVERED: "Delivered",
    State.RETURNED: "Given back",
    State.LOST: "Lost",
    State.WITHDRAWN: "Taken back",
}


class What(StrEnum):
    """What was done with an outgoing item."""

    HAND_IN = "hand_in"
    WITHDRAW = "withdraw"
    LIST = "list"
    UNLIST = "unlist"
    COLLECT = "collect"
    PACK = "pack"
    UNPACK = "unpack"
    DISPATCH = "dispatch"
    DELIVER = "deliver"
    GIVE_BACK = "give_back"
    LOSE = "lose"


@dataclass(frozen=True)
class Move:
    """One deed: `done` completes "cannot be …"; `ends` maps where it may begin to where it leads."""

    done: str
    ends: dict[State, State]
    reasoned: bool = False


_S = State
MOVES: dict[What, Move] = {
    What.HAND_IN: Move("handed in", {_S.NEW: _S.HANDED_IN}),
    What.WITHDRAW: Move("taken back", {_S.HANDED_IN: _S.WITHDRAWN}, reasoned=True),
    What.LIST: Move("put on a manifest", {_S.HANDED_IN: _S.MANIFESTED}),
    What.UNLIST: Move("taken off its manifest", {_S.MANIFESTED: _S.HANDED_IN}),
    What.COLLECT: Move("collected", {_S.MANIFESTED: _S.COLLECTED}),
    What.PACK: Move("put into a bag", {_S.HANDED_IN: _S.BAGGED}),
    What.UNPACK: Move("taken out of its bag", {_S.BAGGED: _S.HANDED_IN}),
    What.DISPATCH: Move("dispatched", {_S.BAGGED: _S.DISPATCHED}),
    What.DELIVER: Move("delivered", {_S.DISPATCHED: _S.DELIVERED}),
    What.GIVE_BACK: Move(
        "given back to its sender",
        dict.fromkeys((_S.HANDED_IN, _S.COLLECTED, _S.DISPATCHED), _S.RETURNED),
        reasoned=True,
    ),
    What.LOSE: Move(
        "reported lost", dict.fromkeys((_S.HANDED_IN, _S.COLLECTED, _S.DISPATCHED), _S.LOST), reasoned=True
    ),
}
WAITING = frozenset((_S.HANDED_IN, _S.MANIFESTED, _S.BAGGED))
"""States in which we answer for an item."""


def after(number: str, state: State, what: What, reason: str = "") -> State:
    """Where a deed leads; raises Refusal in words where the item stands otherwise, or the reason is missing."""
    move = MOVES[what]
    if state not in move.ends:
        raise Refusal(f"{number} {_stands(state)}, so it cannot be {move.done}.")
    if move.reasoned and not reason.strip():
        raise Refusal(f"Say why {number} is {move.done}.", "reason")
    return move.ends[state]


def _stands(state: State) -> str:
    return {
        State.NEW: "has not been handed in yet",
        State.HANDED_IN: "waits here for its manifest or bag",
        State.COLLECTED: "was collected by the carrier",
        State.DISPATCHED: "left with its bag",
        State.RETURNED: "was given back to its sender",
        State.WITHDRAWN: "was entered by mistake and taken back",
    }.get(state, f"is {WORDS[state].lower()}")


@dataclass(frozen=True)
class Handed:
    """What is said of an item that is handed in. Weight in whole grams, declared value in US cents, size in mm."""

    entity_id: int | None = None
    recipient: str = ""
    country: str = ""
    address: str = ""
    item_class: str = "ordinary"
    weight_g: int | None = None
    purpose: str = ""
    contents: str = ""
    declared_cents: int = 0
    size_mm: str = ""
    handed_by: str = ""


def check(form: Handed, pouch: bool = False) -> Handed:
    """The form made tidy; raises Faults with a sentence for each field that is not as it should be."""
    faults: dict[str, str] = {}
    if form.entity_id is None:
        faults["entity_id"] = "Say which entity sends it: the cost is charged to it."
    if not form.recipient.strip():
        faults["recipient"] = "Say whom it is for."
    country = None if pouch else zones.country(form.country)
    if not pouch and country is None:
        faults["country"] = "Choose the country from the list, such as Switzerland or CH."
    if form.item_class not in CLASSES:
        faults["item_class"] = "Choose the class."
    if form.weight_g is None or form.weight_g <= 0:
        faults["weight"] = "Weigh it: the price follows from the weight."
    elif form.weight_g > HEAVIEST_G:
        faults["weight"] = f"{kg(form.weight_g)} is more than any item of mail. Is it in kg?"
    if not 0 <= form.declared_cents <= MOST_DECLARED:
        faults["declared"] = "A declared value is between 0 and 100,000 USD."
    if form.item_class == "insured" and not form.declared_cents:
        faults["declared"] = "Insured mail has a declared value."
    if not form.purpose.strip():
        faults["purpose"] = "Say what it is sent for, such as official correspondence."
    if pouch and not form.contents.strip():
        faults["contents"] = "Say what is inside: the pouch officer certifies it."
    size = size_of(form.size_mm)
    if size is None:
        faults["size_mm"] = "A size is length × width × height in mm, such as 300 × 200 × 150."
    if faults:
        raise Faults(faults)
    words = ("recipient", "address", "purpose", "contents", "handed_by")
    tidy: dict[str, Any] = {name: " ".join(getattr(form, name).split()) for name in words}
    return replace(form, **tidy, country=country.name if country else form.country, size_mm=size or "")


def size_of(typed: str) -> str | None:
    """A size written in one way; "" for none, None where it cannot be read."""
    if not typed.strip():
        return ""
    read = _SIZE.fullmatch(typed)
    if read is None or not all(int(part) for part in read.groups() if part):
        return None
    return " × ".join(str(int(part)) for part in read.groups() if part)


def kg(grams: int) -> str:
    """A weight as people read it, to the gram where there are any."""
    whole = Decimal(grams) / 1000
    return f"{whole:,.3f}".rstrip("0").rstrip(".") + " kg"


def money(cents: int, currency: str) -> str:
    """An amount as people read it, such as 12.50 USD."""
    return f"{Decimal(cents) / 100:,.2f} {currency}"


# --- rate cards


@dataclass(frozen=True)
class RateRow:
    """One price of a carrier from a day on, as the rate card has it; `price_cents` None: no longer carried."""

    id: int
    carrier_id: int
    item_class: str
    zone: str
    up_to_g: int
    valid_from: date
    price_cents: int | None
    currency: str
    insured_up_to_cents: int
    insurance_bp: int
    source: str
    confirmed: bool


@dataclass(frozen=True)
class Wanted:
    """What a carrier is asked to take."""

    item_class: str
    zone: str
    weight_g: int
    declared_cents: int


@dataclass(frozen=True)
class Offer:
    """What one carrier takes it for, or `why_not` in a sentence. Money in hundredths of `currency`.

    `price_cents` is the whole: postage and insurance.
    """

    carrier_id: int
    carrier: str
    price_cents: int | None = None
    insurance_cents: int = 0
    currency: str = ""
    rate_id: int | None = None
    source: str = ""
    confirmed: bool = True
    why_not: str = ""


def in_force(rows: Iterable[RateRow], day: date) -> list[RateRow]:
    """The rows that count on a day: of each class, zone and weight the newest one that has begun."""
    newest: dict[tuple[int, str, str, int], RateRow] = {}
    for row in rows:
        key = (row.carrier_id, row.item_class, row.zone, row.up_to_g)
        if row.valid_from <= day and (key not in newest or newest[key].valid_from < row.valid_from):
            newest[key] = row
    return [row for row in newest.values() if row.price_cents is not None]


def offer(carrier_id: int, carrier: str, rows: Sequence[RateRow], wanted: Wanted) -> Offer:
    """What a carrier takes an item for by rows that are in force: the price of the next weight up, with insurance."""

    def no(why: str) -> Offer:
        return Offer(carrier_id, carrier, why_not=f"{carrier} {why}")

    zone = zones.zones().get(wanted.zone, wanted.zone)
    there = [row for row in rows if row.carrier_id == carrier_id and row.zone == wanted.zone]
    if not there:
        return no(f"does not serve {zone}.")
    fitting = sorted((row for row in there if row.item_class == wanted.item_class), key=lambda row: row.up_to_g)
    if not fitting:
        return no(f"takes no {wanted.item_class} mail to {zone}.")
    band = next((row for row in fitting if row.up_to_g >= wanted.weight_g), None)
    if band is None:
        return no(f"takes up to {kg(fitting[-1].up_to_g)} there, and this weighs {kg(wanted.weight_g)}.")
    if wanted.declared_cents and not band.insured_up_to_cents:
        return no(f"does not insure {wanted.item_class} mail to {zone}.")
    if wanted.declared_cents > band.insured_up_to_cents:
        most = money(band.insured_up_to_cents, "USD")
        return no(f"insures up to {most} there, and this is worth {money(wanted.declared_cents, 'USD')}.")
    insurance = premium(wanted.declared_cents, band.insurance_bp)
    assert band.price_cents is not None
    price = band.price_cents + insurance
    return Offer(carrier_id, carrier, price, insurance, band.currency, band.id, band.source, band.confirmed)


def premium(declared_cents: int, bp: int) -> int:
    """Cents of insurance for a declared value: so many hundredths of a percent of it, the half rounded up."""
    return int((Decimal(declared_cents) * bp / 10_000).quantize(Decimal(1), ROUND_HALF_UP))


def best_first(offers: Iterable[Offer]) -> list[Offer]:
    """Those that take it, US dollars first and the cheapest first; then those that do not, by name."""
    return sorted(
        offers,
        key=lambda one: (
            one.price_cents is None, one.currency != "USD", one.currency, one.price_cents or 0, one.carrier,
        ),
    )  # fmt: skip
