"""The rules of disposal, on plain values: the states of a case, what demands the review body, how things go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cbo_desk.errors import Faults, Refusal


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"
    COMPLETE = "complete"
    CANCELLED = "cancelled"


WORDS: Mapping[CaseState, str] = {
    CaseState.OPEN: "Being prepared",
    CaseState.SUBMITTED: "With the review body",
    CaseState.APPROVED: "Approved",
    CaseState.REFUSED: "Refused",
    CaseState.COMPLETE: "Complete",
    CaseState.CANCELLED: "Cancelled",
}
ENDED = frozenset({CaseState.COMPLETE, CaseState.CANCELLED})


class How(StrEnum):
    """How things go."""

    SOLD = "sold"
    DONATED = "donated"
    SCRAPPED = "scrapped"
    TRADED_IN = "traded_in"
    TRANSFERRED = "transferred"
    DESTROYED = "destroyed"


HOW_WORDS: Mapping[How, str] = {
    How.SOLD: "Sold",
    How.DONATED: "Donated",
    How.SCRAPPED: "Scrapped",
    How.TRADED_IN: "Traded in",
    How.TRANSFERRED: "Transferred",
    How.DESTROYED: "Destroyed",
}
# Somebody takes these over and is named; with a certificate it is proven that these are gone.
_TAKEN_OVER = frozenset({How.SOLD, How.DONATED, How.TRADED_IN, How.TRANSFERRED})
_CERTIFIED = frozenset({How.SCRAPPED, How.DESTROYED})
_PAID = frozenset({How.SOLD, How.SCRAPPED, How.TRADED_IN})


class Decided(StrEnum):
    """What a review body can say."""

    APPROVED = "approved"
    REFUSED = "refused"
    DEFERRED = "deferred"


@dataclass(frozen=True)
class DecisionForm:
    """What the review body decided, as its minutes say; `minutes` is their reference."""

    decision: Decided
    body: str
    minutes: str
    decided_on: date
    remarks: str = ""


@dataclass(frozen=True)
class FinalForm:
    """How the things of a case went; proceeds in whole cents of `currency`."""

    how: How
    done_on: date
    recipient: str = ""
    certificate: str = ""
    proceeds_cents: int = 0
    currency: str = "USD"


def check_decision(form: DecisionForm, submitted_on: date, today: date) -> None:
    """Refuse a decision with faults, each beside its field."""
    faults = {}
    if not form.body.strip():
        faults["body"] = "Say which body decided, such as: Local Property Survey Board."
    if not form.minutes.strip():
        faults["minutes"] = "A decision needs its minutes: give their reference."
    if form.decided_on > today:
        faults["decided_on"] = "This day is still to come."
    elif form.decided_on < submitted_on:
        faults["decided_on"] = f"The case was submitted on {submitted_on:%-d %B %Y}: the body decided after that."
    if faults:
        raise Faults(faults)


def check_final(form: FinalForm, opened_on: date, today: date) -> None:
    """Refuse a final action with faults, each beside its field."""
    faults = {}
    if form.how in _TAKEN_OVER and not form.recipient.strip():
        faults["recipient"] = "Say who takes the things over."
    if form.how in _CERTIFIED and not form.certificate.strip():
        faults["certificate"] = "Give the number of the certificate that proves it."
    if form.proceeds_cents < 0:
        faults["proceeds_cents"] = "Proceeds cannot be below zero."
    elif form.proceeds_cents and form.how not in _PAID:
        faults["proceeds_cents"] = f"What is {HOW_WORDS[form.how].lower()} brings no proceeds."
    if len(form.currency) != 3 or not form.currency.isascii() or not form.currency.isupper():
        faults["currency"] = "A currency has three capital letters, such as USD."
    if form.done_on > today:
        faults["done_on"] = "This day is still to come."
    elif form.done_on < opened_on:
        faults["done_on"] = f"The case was opened on {opened_on:%-d %B %Y}: the things went after that."
    if faults:
        raise Faults(faults)


def stricter(one: int | None, other: int | None) -> int | None:
    """Of two limits from which a review is demanded, the one that demands more; None demands none."""
    return min((limit for limit in (one, other) if limit is not None), default=None)


def demands_review(limit: int | None, costs: Iterable[int | None]) -> bool:
    """Whether things of these costs in US cents go before the review body; one of unknown cost always does."""
    return limit is not None and any(cost is None or cost >= limit for cost in costs)


def check_state(reference: str, now: CaseState, allowed: Iterable[CaseState], wanted: str) -> None:
    """Refuse a step that a case is not ready for; `wanted` completes "… cannot be …"."""
    if now in allowed:
        return
    if now in ENDED:
        raise Refusal(f"{reference} is {WORDS[now].lower()} and can no longer be changed.")
    hints = {
        CaseState.OPEN: "It is still being prepared: submit it first.",
        CaseState.SUBMITTED: "It is with the review body: take it back first.",
        CaseState.APPROVED: "It was approved as it stands: carry it out, or cancel it.",
        CaseState.REFUSED: "It was refused: take it back and change it, or cancel it.",
    }
    raise Refusal(f"{reference} cannot be {wanted}. {hints[now]}")
