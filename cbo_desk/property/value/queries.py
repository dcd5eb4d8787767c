"""What of value can be looked up: policies and rates, what one asset is worth, and its schedule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.context import today
from cbo_desk.dated import value_on as setting_on
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from cbo_desk.property.rules import State
from cbo_desk.property.value import depreciation
from cbo_desk.property.value.commands import ATTRACTIVE_FROM, ATTRACTIVE_LIFE, TRACK_FROM, form_of
from cbo_desk.property.value.depreciation import Changes, Month
from cbo_desk.property.value.rules import (
    SHIPPED,
    PolicyBook,
    PolicyForm,
    Rate,
    Rates,
    Recognition,
    Terms,
    Thresholds,
    in_usd,
    month_of,
    recognise,
)
from db.people import Entity
from db.property import Asset, Category
from db.value import ExchangeRate, ValuePolicy


@dataclass(frozen=True)
class PolicyLine:
    """One policy with the names of whose it is, "" for every entity or class."""

    id: int
    form: PolicyForm
    entity: str
    category: str


@dataclass(frozen=True)
class RateLine:
    """One rate of exchange."""

    id: int
    rate: Rate
    source: str


@dataclass(frozen=True)
class AssetValue:
    """What an asset is worth on a day, in cents of its own currency; `why` says why nobody can tell."""

    on: date
    cost: int
    currency: str
    value: int | None
    value_usd: int | None
    cost_usd: int | None
    acquired: date | None
    terms: Terms | None
    source: str
    recognition: Recognition | None
    why: str = ""


@reads("property", "look at policies of value")
def value_policies(session: Session) -> list[PolicyLine]:
    """Every policy, the newest first."""
    wanted = (
        select(ValuePolicy, Entity.code, Category.name)
        .outerjoin(Entity, Entity.id == ValuePolicy.entity_id)
        .outerjoin(Category, Category.id == ValuePolicy.category_id)
        .order_by(ValuePolicy.valid_from.desc(), ValuePolicy.id)
    )
    rows = session.execute(wanted)
    return [PolicyLine(row.id, form_of(row), code or "", name or "") for row, code, name in rows]


@reads("property", "look at rates of exchange")
def rates(session: Session) -> list[RateLine]:
    """Every rate, by currency and the newest first."""
    wanted = select(ExchangeRate).order_by(ExchangeRate.currency, ExchangeRate.valid_from.desc())
    return [
        RateLine(row.id, Rate(row.currency, row.valid_from, row.per_usd_micros), row.source)
        for row in session.scalars(wanted)
    ]


@reads("property", "look at policies of value")
def shipped_lives(session: Session) -> list[tuple[int, str, int]]:
    """Every category with its own useful life in months: what counts where no policy says otherwise."""
    wanted = select(Category.id, Category.name, Category.useful_life_months).order_by(Category.name)
    return [(row[0], row[1], row[2]) for row in session.execute(wanted)]


@reads("property", "look at the value of assets")
def asset_value(session: Session, asset_id: int, on: date | None = None) -> AssetValue:
    """What an asset is worth on a day, today unless told otherwise."""
    asset = session.get(Asset, asset_id)
    if asset is None or asset.state == State.TAKEN_BACK:
        raise Refusal("This asset is not in the register.")
    return value_of(session, asset, on or today(session))


def value_of(session: Session, asset: Asset, on: date) -> AssetValue:
    """What an asset is worth on a day."""
    acquired = asset.acquired_on or asset.received_on
    if acquired is None:
        why = "Nobody knows when it was acquired. Edit the asset and say so."
        return AssetValue(on, asset.cost_cents, asset.currency, None, None, None, None, None, "", None, why)
    policies = book(session)
    changes = policies.changes(asset.entity_id, asset.category_id, asset.useful_life_months)
    value = depreciation.value_on(asset.cost_cents, acquired, changes, on, _ended(asset))
    rate = rate_table(session).on(asset.currency, acquired)
    terms = next(terms for start, terms in reversed(changes) if start <= month_of(on))
    policy = policies.in_force(asset.entity_id, asset.category_id, month_of(on))
    source = policy.source if policy else SHIPPED
    if rate is None:
        why = f"No rate of {asset.currency} is known for {acquired:%-d %B %Y}. Add it to the rates of exchange."
        return AssetValue(on, asset.cost_cents, asset.currency, value, None, None, acquired, terms, source, None, why)
    cost_usd = in_usd(asset.cost_cents, rate)
    category = session.get(Category, asset.category_id) if asset.category_id else None
    kind = recognise(
        cost_usd,
        terms.life,
        bool(category and category.attractive),
        bool(policy and policy.grouped),
        thresholds(session, acquired, asset.entity_code),
    )
    return AssetValue(
        on, asset.cost_cents, asset.currency, value, in_usd(value, rate), cost_usd, acquired, terms, source, kind
    )


@reads("property", "look at the value of assets")
def asset_schedule(session: Session, asset_id: int, until: date) -> list[Month]:
    """An asset's charges month by month, in cents of its own currency."""
    asset = session.get(Asset, asset_id)
    if asset is None or (acquired := asset.acquired_on or asset.received_on) is None:
        return []
    return list(depreciation.schedule(asset.cost_cents, acquired, terms_of(session, asset), until))


def terms_of(session: Session, asset: Asset) -> Changes:
    """The terms that count for an asset, with the months from which they do."""
    return book(session).changes(asset.entity_id, asset.category_id, asset.useful_life_months)


def book(session: Session) -> PolicyBook:
    """Every policy, ready to be asked."""
    lives: Mapping[int, int] = {
        row[0]: row[1] for row in session.execute(select(Category.id, Category.useful_life_months))
    }
    return PolicyBook(tuple(form_of(row) for row in session.scalars(select(ValuePolicy))), dict(lives))


def rate_table(session: Session) -> Rates:
    """Every rate, ready to be asked."""
    rows = session.execute(select(ExchangeRate.currency, ExchangeRate.valid_from, ExchangeRate.per_usd_micros))
    return Rates(Rate(*row) for row in rows)


def thresholds(session: Session, day: date, entity_code: str = "") -> Thresholds:
    """The thresholds in force on a day for an entity, in cents."""
    return Thresholds(
        setting_on(session, TRACK_FROM.name, day, entity_code) * 100,
        setting_on(session, ATTRACTIVE_FROM.name, day, entity_code) * 100,
        setting_on(session, ATTRACTIVE_LIFE.name, day, entity_code),
    )


def _ended(asset: Asset) -> date | None:
    return asset.state_since if asset.state == State.DISPOSED else None
