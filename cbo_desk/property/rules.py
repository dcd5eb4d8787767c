"""The rules of the register, on plain values: states, moves between them, and what an asset must carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cbo_desk.errors import Faults, Refusal

MOST_CENTS = 10**13
LONGEST_NUMBER = 60
LONGEST_TEXT = 500


class State(StrEnum):
    """Where an asset stands in its life."""

    IN_STORE = "in_store"
    IN_SERVICE = "in_service"
    ON_LOAN = "on_loan"
    UNDER_REPAIR = "under_repair"
    MISSING = "missing"
    AWAITING_DISPOSAL = "awaiting_disposal"
    DISPOSED = "disposed"
    # Entered by mistake: its events stay, no list shows it.
    TAKEN_BACK = "taken_back"


WORDS: Mapping[State, str] = {
    State.IN_STORE: "In store",
    State.IN_SERVICE: "In service",
    State.ON_LOAN: "On loan",
    State.UNDER_REPAIR: "Under repair",
    State.MISSING: "Missing",
    State.AWAITING_DISPOSAL: "Awaiting disposal",
    State.DISPOSED: "Disposed",
    State.TAKEN_BACK: "Taken back",
}

ENDED = frozenset({State.DISPOSED, State.TAKEN_BACK})

# What may follow what. Disposal is entered through its own case and never left.
NEXT: Mapping[State, frozenset[State]] = {
    State.IN_STORE: frozenset(
        {State.IN_SERVICE, State.ON_LOAN, State.UNDER_REPAIR, State.MISSING, State.AWAITING_DISPOSAL}
    ),
    State.IN_SERVICE: frozenset(
        {State.IN_STORE, State.ON_LOAN, State.UNDER_REPAIR, State.MISSING, State.AWAITING_DISPOSAL}
    ),
    State.ON_LOAN: frozenset({State.IN_STORE, State.IN_SERVICE, State.UNDER_REPAIR, State.MISSING}),
    State.UNDER_REPAIR: frozenset({State.IN_STORE, State.IN_SERVICE, State.MISSING, State.AWAITING_DISPOSAL}),
    State.MISSING: frozenset({State.IN_STORE, State.IN_SERVICE, State.UNDER_REPAIR, State.AWAITING_DISPOSAL}),
    State.AWAITING_DISPOSAL: frozenset({State.IN_STORE, State.IN_SERVICE, State.DISPOSED}),
    State.DISPOSED: frozenset(),
    State.TAKEN_BACK: frozenset(),
}

CONDITIONS = ("", "new", "good", "fair", "poor", "broken")


def check_move(number: str, now: State, then: State) -> None:
    """Refuse a change of state that makes no sense."""
    if now == then:
        raise Refusal(f"{number} is already {WORDS[now].lower()}.")
    if then not in NEXT[now]:
        if now in ENDED:
            raise Refusal(f"{number} has been {WORDS[now].lower()} and can no longer be changed.")
        raise Refusal(f"{number} is {WORDS[now].lower()}; it cannot become {WORDS[then].lower()} from there.")


@dataclass(frozen=True)
class AssetForm:
    """What a person says about an asset; money in whole cents of `currency`, useful life in months."""

    entity_id: int
    inventory_no: str
    description: str
    category_id: int | None = None
    maker: str = ""
    model: str = ""
    serial: str = ""
    fund: str = ""
    purchase_order: str = ""
    acquired_on: date | None = None
    cost_cents: int = 0
    currency: str = "USD"
    received_on: date | None = None
    condition: str = ""
    place_id: int | None = None
    custodian_id: int | None = None
    parent_id: int | None = None
    warranty_until: date | None = None
    useful_life_months: int | None = None
    notes: str = ""
    custom: Mapping[str, object] = field(default_factory=dict)


def check_form(form: AssetForm, today: date) -> None:
    """Refuse a form with faults, each beside its field."""
    faults = {**_texts(form), **_figures(form), **_dates(form, today)}
    if faults:
        raise Faults(faults)


def _texts(form: AssetForm) -> dict[str, str]:
    faults: dict[str, str] = {}
    if not form.inventory_no.strip():
        faults["inventory_no"] = "An asset needs an inventory number."
    elif len(form.inventory_no) > LONGEST_NUMBER:
        faults["inventory_no"] = f"An inventory number has at most {LONGEST_NUMBER} characters."
    elif not form.inventory_no.strip().isprintable():
        faults["inventory_no"] = "This number holds characters that cannot be seen. Type it anew."
    if not form.description.strip():
        faults["description"] = "Say what it is, for instance: Laptop, Dell Latitude 7450."
    elif len(form.description) > LONGEST_TEXT:
        faults["description"] = f"A description has at most {LONGEST_TEXT} characters."
    if form.condition not in CONDITIONS:
        faults["condition"] = "The condition is new, good, fair, poor or broken."
    if len(form.currency) != 3 or not form.currency.isascii() or not form.currency.isupper():
        faults["currency"] = "A currency has three capital letters, such as USD."
    return faults


def _figures(form: AssetForm) -> dict[str, str]:
    faults: dict[str, str] = {}
    if form.cost_cents < 0:
        faults["cost_cents"] = "A cost cannot be below zero."
    elif form.cost_cents > MOST_CENTS:
        faults["cost_cents"] = "This cost has too many digits. Is it in cents?"
    if form.useful_life_months is not None and not 0 <= form.useful_life_months <= 1200:
        faults["useful_life_months"] = "A useful life is between 0 and 1,200 months."
    return faults


def _dates(form: AssetForm, today: date) -> dict[str, str]:
    faults: dict[str, str] = {}
    for name in ("acquired_on", "received_on"):
        day = getattr(form, name)
        if day is not None and day > today:
            faults[name] = "This day is still to come."
        elif day is not None and day.year < 1945:
            faults[name] = "The United Nations did not exist yet. Check the year."
    if form.warranty_until and form.acquired_on and form.warranty_until < form.acquired_on:
        faults["warranty_until"] = "The warranty would end before the asset was acquired."
    return faults


def state_for(place_id: int | None, custodian_id: int | None, place_kind: str = "") -> State:
    """The state of a new asset: with a person or in a room it is in service, in a store or nowhere it is in store."""
    if custodian_id is not None:
        return State.IN_SERVICE
    if place_id is None or place_kind in ("store", "shelf", "bay"):
        return State.IN_STORE
    return State.IN_SERVICE
