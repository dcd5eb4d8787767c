"""What a thing is worth, on plain values: the terms of a policy, rates of exchange, and what is tracked at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cbo_desk.errors import Faults

WHOLE = 10_000
"""Hundredths of a percent in the whole."""
MICROS = 1_000_000
LONGEST_LIFE = 1200
SHIPPED = (
    "United Nations financial statements, volume I, note on property, plant and equipment (IPSAS 17): straight line, "
    "a full month in the month of delivery, none in the month of disposal, residual value nil. Confirm."
)
"""Where the shipped terms come from; they are used until the site sets its own."""


class Method(StrEnum):
    """How value is lost: evenly over the life, or not at all (land, works of art)."""

    STRAIGHT_LINE = "straight_line"
    NONE = "none"


class FirstMonth(StrEnum):
    """What the month of acquisition is charged: the whole month, half of it, or nothing before the next one."""

    FULL = "full"
    HALF = "half"
    NEXT = "next"


class LastMonth(StrEnum):
    """What the month of disposal is charged."""

    NONE = "none"
    HALF = "half"
    FULL = "full"


@dataclass(frozen=True)
class Terms:
    """The terms in force for one thing: life in months, residual value in hundredths of a percent of the cost.

    A life of zero months means that the whole is charged at once: the thing is tracked, but carries no value.
    """

    life: int
    residual_bp: int = 0
    method: Method = Method.STRAIGHT_LINE
    first: FirstMonth = FirstMonth.FULL
    last: LastMonth = LastMonth.NONE


@dataclass(frozen=True)
class PolicyForm:
    """What a person says about a policy; None for entity or category means every one, for the life the category's."""

    valid_from: date
    entity_id: int | None = None
    category_id: int | None = None
    method: Method = Method.STRAIGHT_LINE
    life_months: int | None = None
    residual_bp: int = 0
    first_month: FirstMonth = FirstMonth.FULL
    last_month: LastMonth = LastMonth.NONE
    grouped: bool = False
    source: str = ""


def check_policy(form: PolicyForm) -> None:
    """Refuse a policy with faults, each beside its field."""
    faults = {}
    if form.life_months is not None and not 0 <= form.life_months <= LONGEST_LIFE:
        faults["life_months"] = f"A useful life is between 0 and {LONGEST_LIFE:,} months."
    if not 0 <= form.residual_bp <= WHOLE:
        faults["residual_bp"] = "A residual value is between 0 and 100 % of the cost."
    if not form.source.strip():
        faults["source"] = "Say where this policy is written, such as ST/AI/2015/4."
    if faults:
        raise Faults(faults)


@dataclass(frozen=True)
class PolicyBook:
    """Every policy there is, looked up for an entity and a category.

    The nearest one counts: of the entity and the category, of the entity, of the category, of all; and where none has
    begun, the shipped terms with the category's own life.
    """

    policies: Sequence[PolicyForm] = ()
    lives: dict[int, int] = field(default_factory=dict)

    def changes(
        self, entity_id: int, category_id: int | None, life: int | None = None
    ) -> tuple[tuple[int, Terms], ...]:
        """The terms in the order of the months from which they count (see `month_of`); the first counts from ever.

        `life` is an asset's own useful life, which goes before the policy's.
        """
        near = [p for p in self.policies if p.entity_id in (None, entity_id) and p.category_id in (None, category_id)]
        starts = sorted({month_of(policy.valid_from) for policy in near})
        found = [(0, self._terms(None, category_id, life))]
        for start in starts:
            terms = self._terms(self.in_force(entity_id, category_id, start), category_id, life)
            if terms != found[-1][1]:
                found.append((start, terms))
        return tuple(found)

    def in_force(self, entity_id: int, category_id: int | None, month: int) -> PolicyForm | None:
        """The policy that counts in a month; one that begins within the month counts for the whole of it."""
        begun = [
            policy
            for policy in self.policies
            if policy.entity_id in (None, entity_id)
            and policy.category_id in (None, category_id)
            and month_of(policy.valid_from) <= month
        ]
        return max(begun, key=_nearness, default=None)

    def _terms(self, policy: PolicyForm | None, category_id: int | None, life: int | None) -> Terms:
        own = self.lives.get(category_id or 0, 60)
        if policy is None:
            return Terms(own if life is None else life)
        said = own if policy.life_months is None else policy.life_months
        return Terms(
            said if life is None else life, policy.residual_bp, policy.method, policy.first_month, policy.last_month
        )


def _nearness(policy: PolicyForm) -> tuple[bool, bool, date]:
    return policy.entity_id is not None, policy.category_id is not None, policy.valid_from


def month_of(day: date) -> int:
    """A month as a number that goes on from one year to the next."""
    return day.year * 12 + day.month - 1


@dataclass(frozen=True)
class Rate:
    """So many millionths of a currency are one US dollar from a day on."""

    currency: str
    valid_from: date
    per_usd_micros: int


class Rates:
    """Rates of exchange by currency and day."""

    def __init__(self, rates: Iterable[Rate]) -> None:
        self._by: dict[str, list[Rate]] = {}
        for rate in sorted(rates, key=lambda one: one.valid_from, reverse=True):
            self._by.setdefault(rate.currency, []).append(rate)

    def on(self, currency: str, day: date) -> int | None:
        """Millionths of the currency for one US dollar on a day; None where no rate has begun by then."""
        if currency == "USD":
            return MICROS
        return next((rate.per_usd_micros for rate in self._by.get(currency, ()) if rate.valid_from <= day), None)


def in_usd(cents: int, per_usd_micros: int) -> int:
    """Cents of a currency in cents of the US dollar, the half rounded up."""
    return cents if per_usd_micros == MICROS else (2 * cents * MICROS + per_usd_micros) // (2 * per_usd_micros)


class Recognition(StrEnum):
    """Why a thing is tracked, or that it is not."""

    TRACKED = "tracked"
    ATTRACTIVE = "attractive"
    GROUP = "group"
    BELOW = "below"


@dataclass(frozen=True)
class Thresholds:
    """From what cost a thing is tracked, in US cents; attractive ones from less, with a life of so many months."""

    track_from: int = 150_000
    attractive_from: int = 50_000
    attractive_life: int = 36


def recognise(cost_usd: int, life: int, attractive: bool, grouped: bool, limits: Thresholds) -> Recognition:
    """Which threshold a thing passes; `attractive` and `grouped` are its class's."""
    if cost_usd >= limits.track_from:
        return Recognition.TRACKED
    if attractive and cost_usd >= limits.attractive_from and life >= limits.attractive_life:
        return Recognition.ATTRACTIVE
    return Recognition.GROUP if grouped else Recognition.BELOW
