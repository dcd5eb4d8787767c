"""Policies of value and rates of exchange: setting them and taking that back. Thresholds are dated settings."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, today
from cbo_desk.dated import Declared, declare
from cbo_desk.errors import Faults, Refusal
from cbo_desk.permissions import Role, Rule, check, deed, reads
from cbo_desk.property.value import rules
from cbo_desk.property.value.rules import FirstMonth, LastMonth, Method, PolicyForm
from cbo_desk.versions import Stands
from db.people import Entity
from db.property import Category
from db.value import ExchangeRate, ValuePolicy

POLICY = "property.value_policy"
RATE = "property.exchange_rate"
_PAST = Rule("property.set_past_value", "property", Role.ADMINISTRATOR, "set a policy or rate for days that are over")
_ORDER = "ST/AI/2015/4, property management"

TRACK_FROM = declare(
    Declared("value_track_from", "Property is tracked from", 1500, "USD a unit", _ORDER, confirm=True, least=0)
)
ATTRACTIVE_FROM = declare(
    Declared("value_attractive_from", "Attractive items are tracked from", 500, "USD", _ORDER, confirm=True, least=0)
)
ATTRACTIVE_LIFE = declare(
    Declared(
        "value_attractive_life",
        "Attractive items have a life of at least",
        36,
        "months",
        _ORDER,
        confirm=True,
        least=0,
        most=1200,
    )
)


@deed("property.set_value_policy", "set policies of value", Role.SUPERVISOR)
def set_value_policy(session: Session, form: PolicyForm) -> Changes:
    """Let a policy count from a day on; one of the same entity, category and day is replaced."""
    rules.check_policy(form)
    _check_day(session, form.valid_from)
    for owner, ident, field in ((Entity, form.entity_id, "entity_id"), (Category, form.category_id, "category_id")):
        if ident is not None and session.get(owner, ident) is None:
            raise Refusal("This is no longer there. Choose again.", field)
    row = _policy(session, form)
    before = None if row is None else form_of(row)
    ident = _keep(session, form)
    said = f"{_whose(session, form)}: the policy counts from {form.valid_from:%-d %B %Y}."
    return Changes(POLICY, (ident,), said, Deed(put_value_policy_back, (form, before)))


@deed("property.put_value_policy_back", "set policies of value", Role.SUPERVISOR)
def put_value_policy_back(session: Session, form: PolicyForm, before: PolicyForm | None) -> Changes:
    """Take `set_value_policy` back: the policy as it was before, or none."""
    row = _policy(session, form)
    if row is None or form_of(row) != form:
        raise Refusal("This policy has been changed since, so this can no longer be undone.")
    ident = row.id
    if before is None:
        session.delete(row)
    else:
        _keep(session, before)
    return Changes(POLICY, (ident,), f"{_whose(session, form)}: as it was before.", Deed(set_value_policy, (form,)))


@deed("property.set_rate", "set rates of exchange", Role.SUPERVISOR)
def set_rate(session: Session, currency: str, valid_from: date, per_usd_micros: int, source: str) -> Changes:
    """Let a rate count from a day on: so many millionths of the currency are one US dollar."""
    code = currency.strip().upper()
    faults = {}
    if len(code) != 3 or not code.isascii() or not code.isalpha() or code == "USD":
        faults["currency"] = "A currency has three letters, such as KES, and is not the US dollar."
    if not 0 < per_usd_micros < 10**15:
        faults["per_usd"] = "Say how much of the currency one US dollar is, above zero."
    if not source.strip():
        faults["source"] = "Say where this rate comes from, such as: UN operational rates of exchange."
    if faults:
        raise Faults(faults)
    _check_day(session, valid_from)
    row = _rate(session, code, valid_from)
    before = None if row is None else (row.per_usd_micros, row.source)
    row = row or ExchangeRate(currency=code, valid_from=valid_from)
    row.per_usd_micros, row.source = per_usd_micros, source.strip()
    session.add(row)
    session.flush()
    said = f"1 USD is {per_usd_micros / rules.MICROS:,.4f} {code} from {valid_from:%-d %B %Y}."
    left = (row.per_usd_micros, row.source)
    return Changes(RATE, (row.id,), said, Deed(put_rate_back, (code, valid_from, before, left)))


@deed("property.put_rate_back", "set rates of exchange", Role.SUPERVISOR)
def put_rate_back(
    session: Session,
    currency: str,
    valid_from: date,
    before: tuple[int, str] | None,
    left: tuple[int, str] | None = None,
) -> Changes:
    """Take `set_rate` back: the rate as it was before, or none. Refused where it is not as it was `left`."""
    row = _rate(session, currency, valid_from)
    if row is None:
        raise Refusal("This rate is gone already.")
    if left is not None and (row.per_usd_micros, row.source) != left:
        raise Refusal("This rate has been changed since, so this can no longer be undone.")
    again = Deed(set_rate, (currency, valid_from, row.per_usd_micros, row.source))
    ident = row.id
    if before is None:
        session.delete(row)
    else:
        row.per_usd_micros, row.source = before
    return Changes(RATE, (ident,), f"{currency}: the rate is as it was before.", again)


@reads("property", "look at policies and rates")
def rate_stands(session: Session, currency: str, valid_from: date) -> Stands | None:
    """The rate of a currency that begins on a day, which `set_rate` would replace."""
    row = _rate(session, currency.strip().upper(), valid_from)
    if row is None:
        return None
    said = f"1 USD is {row.per_usd_micros / rules.MICROS:,.4f} {row.currency} from this day on already ({row.source})."
    return Stands(said, (row.per_usd_micros, row.source))


@reads("property", "look at policies and rates")
def policy_stands(session: Session, entity_id: int | None, category_id: int | None, day: date) -> Stands | None:
    """The policy of these that begins on a day, which `set_value_policy` would replace."""
    row = _policy(session, PolicyForm(day, entity_id, category_id))
    if row is None:
        return None
    form = form_of(row)
    life = f"{form.life_months} months" if form.life_months else "the class's own life"
    how = f"straight line over {life}" if form.method == Method.STRAIGHT_LINE else "no value is lost"
    said = f"{_whose(session, form)} has a policy from this day on already: {how}, {form.residual_bp / 100:g} % rest"
    return Stands(f"{said} ({form.source}).", form)


def form_of(row: ValuePolicy) -> PolicyForm:
    """A policy as a plain value."""
    return PolicyForm(
        row.valid_from,
        row.entity_id,
        row.category_id,
        Method(row.method),
        row.life_months,
        row.residual_bp,
        FirstMonth(row.first_month),
        LastMonth(row.last_month),
        row.grouped,
        row.source,
    )


def _check_day(session: Session, day: date) -> None:
    if day < today(session):
        check(actor(session), _PAST)


def _scope(form: PolicyForm) -> str:
    return f"{form.entity_id or 0}/{form.category_id or 0}"


def _policy(session: Session, form: PolicyForm) -> ValuePolicy | None:
    wanted = select(ValuePolicy).where(ValuePolicy.scope == _scope(form), ValuePolicy.valid_from == form.valid_from)
    return session.scalars(wanted).one_or_none()


def _rate(session: Session, currency: str, day: date) -> ExchangeRate | None:
    wanted = select(ExchangeRate).where(ExchangeRate.currency == currency, ExchangeRate.valid_from == day)
    return session.scalars(wanted).one_or_none()


def _keep(session: Session, form: PolicyForm) -> int:
    row = _policy(session, form) or ValuePolicy(
        scope=_scope(form), entity_id=form.entity_id, category_id=form.category_id, valid_from=form.valid_from
    )
    row.method, row.life_months, row.residual_bp = form.method, form.life_months, form.residual_bp
    row.first_month, row.last_month, row.grouped = form.first_month, form.last_month, form.grouped
    row.source = form.source.strip()
    session.add(row)
    session.flush()
    return row.id


def _whose(session: Session, form: PolicyForm) -> str:
    entity = session.get(Entity, form.entity_id) if form.entity_id else None
    category = session.get(Category, form.category_id) if form.category_id else None
    parts = [entity.code if entity else "", category.name if category else ""]
    return ", ".join(part for part in parts if part) or "All property"
