"""What services cost their entities: each desk charges in the transaction of the deed that causes the cost.

A charge is a fact. It is never changed; `reverse` takes it back by a further row that names it. Money is exact:
quantity to three places, rate to four, amount to two, the half rounded up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session, aliased

from cbo_desk.context import actor, now, today
from cbo_desk.dated import Declared, declare, valid_on
from cbo_desk.errors import Refusal
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import Role, Rule, reads
from db.charges import MOST_QUANTITY_MILLI, MOST_RATE_E4
from db.charges import Charge as ChargeRow
from db.people import Entity

KIND = "charge"
CENT, MILL, E4 = Decimal("0.01"), Decimal("0.001"), Decimal("0.0001")


@dataclass(frozen=True)
class Rate:
    """A price a unit on a day: `row` says which row of which rate card it is, `source` where that has it from."""

    amount: Decimal
    currency: str
    unit: str
    row: str
    source: str
    confirmed: bool = True


@dataclass(frozen=True)
class Subject:
    """What a charge is about: the kind and id of the record, and what people call it."""

    kind: str
    id: int
    name: str


@dataclass(frozen=True)
class ChargeLine:
    """One charge as it stands; `reversed` says that a later one took it back, `reverses_id` which one it takes back."""

    id: int
    charged_on: date
    made_at: datetime
    made_by: str
    entity: str
    desk: str
    subject: Subject
    what: str
    quantity: Decimal
    unit: str
    rate: Decimal
    rate_source: str
    amount: Decimal
    currency: str
    reason: str
    reverses_id: int | None
    reversed: bool


@dataclass(frozen=True)
class ChargeTotal:
    """What one entity was charged by one desk in one currency, reversals taken off."""

    entity: str
    desk: str
    currency: str
    count: int
    amount: Decimal


_CARD: dict[str, tuple[str, str]] = {}


def declare_rate(name: str, text: str, amount: Decimal, currency: str, unit: str, source: str) -> Declared:
    """Make a rate of one price known as a dated setting, to be confirmed by the site: so much a unit."""
    _CARD[name] = (currency, unit)
    most = MOST_RATE_E4 / 10**4
    return declare(Declared(name, text, amount, f"{currency} a {unit}", source, confirm=True, least=0, most=most))


def rate_on(session: Session, name: str, day: date, scope: str = "") -> Rate:
    """The rate that counts on a day, for an entity's code or for everybody."""
    valid = valid_on(session, name, day, scope)
    currency, unit = _CARD[name]
    began = f"{valid.valid_from:%Y-%m-%d}" if valid.valid_from else "shipped"
    return Rate(valid.value, currency, unit, f"{name} {began}", valid.source or "shipped", valid.confirmed)


def amount_of(quantity: Decimal, rate: Decimal) -> Decimal:
    """Quantity times rate to the cent, the half rounded up."""
    return (quantity * rate).quantize(CENT, ROUND_HALF_UP)


def charge(
    session: Session,
    desk: str,
    entity_id: int,
    subject: Subject,
    what: str,
    rate: Rate,
    quantity: Decimal = Decimal(1),
    on: date | None = None,
) -> int:
    """Charge an entity within the deed that causes it, today unless told otherwise; returns the charge's id.

    The deed names it in `Changes.also[KIND]`. Raises Refusal for a quantity or rate that is not exact or out of bounds.
    """
    entity = session.get(Entity, entity_id)
    if entity is None:
        raise Refusal("Say which entity is charged.", "entity_id")
    if not what.strip():
        raise ValueError("A charge says what it is for.")
    row = ChargeRow(
        made_at=now(session),
        made_by=actor(session).login,
        charged_on=on or today(session),
        entity_id=entity.id,
        entity_code=entity.code,
        desk=desk,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject=subject.name,
        what=what.strip(),
        quantity_milli=_whole(quantity, MILL, 1, MOST_QUANTITY_MILLI, "A quantity charged"),
        unit=rate.unit,
        rate_e4=_whole(rate.amount, E4, 0, MOST_RATE_E4, "A rate"),
        rate_row=rate.row,
        rate_source=rate.source,
        amount_cents=int(amount_of(quantity, rate.amount) / CENT),
        currency=rate.currency,
    )
    session.add(row)
    session.flush()
    return row.id


def reverse(session: Session, charge_id: int, reason: str) -> int:
    """Take a charge back by a further one of today that names it; returns the new one's id.

    Raises Refusal for one that is reversed already or is itself a reversal, and without a reason.
    """
    old = session.get(ChargeRow, charge_id)
    if old is None or old.reverses_id is not None:
        raise Refusal("This is no charge that can be reversed.")
    if session.scalar(select(ChargeRow.id).where(ChargeRow.reverses_id == charge_id)) is not None:
        raise Refusal(f"The charge for {old.subject} has been reversed already.")
    if not reason.strip():
        raise Refusal("Say why the charge is reversed.", "reason")
    copied = (
        "entity_id", "entity_code", "desk", "subject_kind", "subject_id", "subject", "what", "unit", "rate_e4",
        "rate_row", "rate_source", "currency",
    )  # fmt: skip
    row = ChargeRow(
        **{name: getattr(old, name) for name in copied},
        made_at=now(session),
        made_by=actor(session).login,
        charged_on=today(session),
        quantity_milli=-old.quantity_milli,
        amount_cents=-old.amount_cents,
        reason=reason.strip(),
        reverses_id=old.id,
    )
    session.add(row)
    session.flush()
    return row.id


def standing(session: Session, kind: str, ident: int) -> list[int]:
    """The ids of a record's charges that nobody reversed."""
    later = aliased(ChargeRow)
    taken_back = select(later.id).where(later.reverses_id == ChargeRow.id).exists()
    wanted = select(ChargeRow.id).where(ChargeRow.subject_kind == kind, ChargeRow.subject_id == ident)
    return list(session.scalars(wanted.where(ChargeRow.reverses_id.is_(None), ~taken_back).order_by(ChargeRow.id)))


def charges_of(session: Session, kind: str, ident: int) -> list[ChargeLine]:
    """A record's charges and reversals in the order they were made: for its card, within a desk's own query."""
    where = and_(ChargeRow.subject_kind == kind, ChargeRow.subject_id == ident)
    return [_line(values) for values in session.execute(_LINES.where(where).order_by(ChargeRow.id))]


@dataclass(frozen=True)
class ChargeFilter:
    """Which charges a list shows: of one entity or all, from a day to a day, both included, of one desk or all."""

    entity_id: int | None = None
    since: date | None = None
    until: date | None = None
    desk: str = ""


class ChargeList(PagedList[ChargeLine]):
    """Charges by day, the newest first unless told otherwise."""

    kind = KIND
    rule = Rule("settings.read_charges", "settings", Role.VIEWER, "look at charges")

    def __init__(self, wanted: ChargeFilter | None = None, descending: bool = True) -> None:
        sort = Sort((ChargeRow.charged_on, ChargeRow.id), descending)
        super().__init__(_LINES, ChargeRow.id, sort, _condition(wanted or ChargeFilter()))

    def row_of(self, values: Any) -> ChargeLine:
        """One charge."""
        return _line(values)


@reads("settings", "look at charges")
def charge_totals(session: Session, wanted: ChargeFilter) -> list[ChargeTotal]:
    """What each entity was charged by each desk in each currency, in that order: what a statement adds up."""
    parts = (ChargeRow.entity_code, ChargeRow.desk, ChargeRow.currency)
    sums = select(*parts, func.count(), func.sum(ChargeRow.amount_cents)).where(_condition(wanted))
    return [
        ChargeTotal(entity, desk, currency, count, int(cents) * CENT)
        for entity, desk, currency, count, cents in session.execute(sums.group_by(*parts).order_by(*parts))
    ]


def _condition(wanted: ChargeFilter) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = []
    if wanted.entity_id is not None:
        parts.append(ChargeRow.entity_id == wanted.entity_id)
    if wanted.since is not None:
        parts.append(ChargeRow.charged_on >= wanted.since)
    if wanted.until is not None:
        parts.append(ChargeRow.charged_on <= wanted.until)
    if wanted.desk:
        parts.append(ChargeRow.desk == wanted.desk)
    return and_(true(), *parts)


_later = aliased(ChargeRow)
_LINES = select(
    ChargeRow.id,
    ChargeRow,
    select(_later.id).where(_later.reverses_id == ChargeRow.id).exists().label("reversed"),
)


def _line(values: Sequence[Any]) -> ChargeLine:
    row: ChargeRow = values[1]
    return ChargeLine(
        row.id, row.charged_on, row.made_at, row.made_by, row.entity_code, row.desk,
        Subject(row.subject_kind, row.subject_id, row.subject), row.what, row.quantity_milli * MILL, row.unit,
        row.rate_e4 * E4, row.rate_source, row.amount_cents * CENT, row.currency, row.reason, row.reverses_id,
        bool(values[2]),
    )  # fmt: skip


def _whole(value: Decimal, step: Decimal, least: int, most: int, what: str) -> int:
    """A decimal as so many steps. Raises Refusal where that is not exact, too little or too much."""
    if value.is_finite() and abs(value) <= most and value == value.quantize(step):
        steps = int(value / step)
        if least <= steps <= most:
            return steps
    raise Refusal(f"{what} lies between {least * step:f} and {most * step:,f}, in steps of {step:f}.", "quantity")
