"""Carriers and their rate cards: dated prices that staff keep, and what each carrier takes an item for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now, today
from cbo_desk.errors import Faults, Refusal
from cbo_desk.mail.outgoing import rules, zones
from cbo_desk.mail.outgoing.rules import Offer, RateRow, Wanted
from cbo_desk.permissions import Role, Rule, check, deed, reads
from cbo_desk.versions import Stands
from db.mail_outgoing import MailCarrier, MailOutgoing, MailRate

CARRIER = "mail.carrier"
RATE = "mail.rate"
_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")
_PAST = Rule("mail.set_past_rate", "mail", Role.ADMINISTRATOR, "set prices for days that are over")


@dataclass(frozen=True)
class CarrierRow:
    """One carrier; `pickup` is when it usually calls, such as 15:30."""

    id: int
    name: str
    account: str
    pickup: str


@dataclass(frozen=True)
class RateForm:
    """One price as a person says it: money in hundredths, `price_cents` None where it is no longer carried."""

    carrier_id: int
    item_class: str
    zone: str
    up_to_g: int
    valid_from: date
    price_cents: int | None
    currency: str = "USD"
    insured_up_to_cents: int = 0
    insurance_bp: int = 0
    source: str = ""


@reads("mail", "look at carriers")
def carriers(session: Session) -> list[CarrierRow]:
    """The carriers that mail is handed to, by name."""
    wanted = select(MailCarrier).where(MailCarrier.gone_at.is_(None)).order_by(MailCarrier.name)
    return [CarrierRow(row.id, row.name, row.account, row.pickup) for row in session.scalars(wanted)]


@deed("mail.set_carrier", "keep carriers", Role.SUPERVISOR)
def set_carrier(
    session: Session, name: str, account: str = "", pickup: str = "", carrier_id: int | None = None
) -> Changes:
    """Add a carrier, or change the one with this id."""
    name, pickup = " ".join(name.split()), pickup.strip()
    faults = {} if name else {"name": "A carrier needs a name."}
    if pickup and not _TIME.fullmatch(pickup):
        faults["pickup"] = "A time is hours and minutes, such as 15:30."
    others = select(MailCarrier.id).where(MailCarrier.name == name, MailCarrier.id != (carrier_id or 0))
    if session.scalar(others) is not None:
        faults["name"] = "Another carrier has this name."
    if faults:
        raise Faults(faults)
    row = session.get(MailCarrier, carrier_id) if carrier_id else MailCarrier(name=name)
    if row is None:
        raise Refusal("This carrier is no longer there.")
    before = (row.name, row.account, row.pickup, carrier_id)
    row.name, row.account, row.pickup = name, account.strip(), pickup
    session.add(row)
    session.flush()
    undo = Deed(set_carrier, before) if carrier_id else Deed(drop_carrier, (row.id,))
    return Changes(CARRIER, (row.id,), f"{name} saved.", undo)


@deed("mail.drop_carrier", "keep carriers", Role.SUPERVISOR)
def drop_carrier(session: Session, carrier_id: int) -> Changes:
    """Give nothing to a carrier any more; what went out with it stays."""
    row = session.get(MailCarrier, carrier_id)
    if row is None or row.gone_at is not None:
        raise Refusal("This carrier is no longer there.")
    row.gone_at = now(session)
    return Changes(CARRIER, (row.id,), f"{row.name} is no longer offered.", Deed(bring_carrier_back, (carrier_id,)))


@deed("mail.bring_carrier_back", "keep carriers", Role.SUPERVISOR)
def bring_carrier_back(session: Session, carrier_id: int) -> Changes:
    """Offer a carrier again."""
    row = session.get_one(MailCarrier, carrier_id)
    row.gone_at = None
    return Changes(CARRIER, (row.id,), f"{row.name} is offered again.", Deed(drop_carrier, (carrier_id,)))


@deed("mail.set_rate", "set carriers' prices", Role.SUPERVISOR)
def set_rate(session: Session, form: RateForm, confirmed: bool = True) -> Changes:
    """Let a price count from a day on; one of the same carrier, class, zone, weight and day is replaced.

    What was handed in before keeps its price. Days that are over are the administrator's.
    """
    carrier = session.get(MailCarrier, form.carrier_id)
    if carrier is None:
        raise Refusal("Choose the carrier.", "carrier_id")
    _check(form)
    if form.valid_from < today(session):
        check(actor(session), _PAST)
    row = _row(session, form)
    before = None if row is None else (form_of(row), row.confirmed)
    if row is not None and form_of(row) != form and _is_used(session, row.id):
        raise Refusal(
            "Mail went out at this price, so it stands. Let another one count from a later day.", "valid_from"
        )
    ident = _keep(session, form, confirmed)
    price = "no longer carried" if form.price_cents is None else rules.money(form.price_cents, form.currency)
    where = f"{carrier.name}, {form.item_class} to {zones.zones()[form.zone]} up to {rules.kg(form.up_to_g)}"
    said = f"{where}: {price} from {form.valid_from:%-d %B %Y}."
    return Changes(RATE, (ident,), said, Deed(put_rate_back, (form, before)))


@reads("mail", "look at carriers' prices")
def rate_stands(
    session: Session, carrier_id: int, item_class: str, zone: str, up_to_g: int, valid_from: date
) -> Stands | None:
    """The price of these that begins on a day, which `set_rate` would replace."""
    row = _row(session, RateForm(carrier_id, item_class, zone, up_to_g, valid_from, None))
    if row is None:
        return None
    price = "no longer carried" if row.price_cents is None else rules.money(row.price_cents, row.currency)
    insured = f", insured up to {rules.money(row.insured_up_to_cents, 'USD')}" if row.insured_up_to_cents else ""
    return Stands(f"{price}{insured} stands here from this day on already ({row.source}).", form_of(row))


@deed("mail.put_rate_back", "set carriers' prices", Role.SUPERVISOR)
def put_rate_back(session: Session, form: RateForm, before: tuple[RateForm, bool] | None) -> Changes:
    """Take `set_rate` back: the price as it was, or none. One that mail went out at stays."""
    row = _row(session, form)
    if row is None or form_of(row) != form:
        raise Refusal("This price has been changed since, so this can no longer be undone.")
    ident, confirmed = row.id, row.confirmed
    if before is None:
        session.delete(row)
        session.flush()
    else:
        _keep(session, *before)
    return Changes(RATE, (ident,), "The price is as it was before.", Deed(set_rate, (form, confirmed)))


@deed("mail.confirm_rate", "set carriers' prices", Role.SUPERVISOR)
def confirm_rate(session: Session, rate_id: int, confirmed: bool = True) -> Changes:
    """The site has looked at a price: it counts as it stands, and is no longer marked."""
    row = session.get(MailRate, rate_id)
    if row is None:
        raise Refusal("This price is no longer there.")
    row.confirmed = confirmed
    word = "confirmed" if confirmed else "to be confirmed again"
    return Changes(RATE, (rate_id,), f"The price is {word}.", Deed(confirm_rate, (rate_id, not confirmed)))


@reads("mail", "look at carriers' prices")
def rate_card(session: Session, carrier_id: int | None = None) -> list[RateRow]:
    """Every price of a carrier, or of all: by carrier, class, zone and weight, the newest first."""
    wanted = select(MailRate)
    if carrier_id is not None:
        wanted = wanted.where(MailRate.carrier_id == carrier_id)
    order = (MailRate.carrier_id, MailRate.item_class, MailRate.zone, MailRate.up_to_g, MailRate.valid_from.desc())
    return [plain(row) for row in session.scalars(wanted.order_by(*order))]


@reads("mail", "look at carriers' prices")
def compare(session: Session, wanted: Wanted) -> list[Offer]:
    """What each carrier takes an item for today, the cheapest first, and why the others do not."""
    rows = rules.in_force(_in_zone(session, wanted.zone), today(session))
    return rules.best_first(rules.offer(one.id, one.name, rows, wanted) for one in carriers(session))


def offer_of(session: Session, carrier_id: int, wanted: Wanted) -> Offer:
    """What one carrier takes an item for today; Refusal where it is no longer offered."""
    carrier = session.get(MailCarrier, carrier_id)
    if carrier is None or carrier.gone_at is not None:
        raise Refusal("Choose the carrier.", "carrier_id")
    rows = rules.in_force(_in_zone(session, wanted.zone), today(session))
    return rules.offer(carrier.id, carrier.name, rows, wanted)


def _in_zone(session: Session, zone: str) -> list[RateRow]:
    return [plain(row) for row in session.scalars(select(MailRate).where(MailRate.zone == zone))]


def _check(form: RateForm) -> None:
    faults: dict[str, str] = {}
    if form.item_class not in rules.CLASSES:
        faults["item_class"] = "Choose the class."
    if form.zone not in zones.zones():
        faults["zone"] = "Choose the zone."
    if not 0 < form.up_to_g <= rules.HEAVIEST_G:
        faults["up_to"] = "Say up to which weight, such as 0.5 kg."
    if form.price_cents is not None and not 0 <= form.price_cents <= rules.MOST_CENTS:
        faults["price"] = "A price is between 0 and 10,000,000."
    if len(form.currency) != 3 or not form.currency.isascii() or not form.currency.isupper():
        faults["currency"] = "A currency has three capital letters, such as USD."
    if form.insured_up_to_cents and form.currency != "USD":
        faults["insured_up_to"] = "Insurance is in US dollars: a price in another currency insures nothing."
    if not 0 <= form.insured_up_to_cents <= rules.MOST_CENTS or not 0 <= form.insurance_bp <= 10_000:
        faults["insured_up_to"] = "Insurance is an amount and a percentage, neither below zero."
    if not form.source.strip():
        faults["source"] = "Say where this price comes from, such as: rate card of January 2026."
    if faults:
        raise Faults(faults)


def form_of(row: MailRate) -> RateForm:
    """A price as a plain value."""
    return RateForm(
        row.carrier_id, row.item_class, row.zone, row.up_to_g, row.valid_from, row.price_cents, row.currency,
        row.insured_up_to_cents, row.insurance_bp, row.source,
    )  # fmt: skip


def _row(session: Session, form: RateForm) -> MailRate | None:
    wanted = select(MailRate).where(
        MailRate.carrier_id == form.carrier_id,
        MailRate.item_class == form.item_class,
        MailRate.zone == form.zone,
        MailRate.up_to_g == form.up_to_g,
        MailRate.valid_from == form.valid_from,
    )
    return session.scalars(wanted).one_or_none()


def _is_used(session: Session, rate_id: int) -> bool:
    return session.scalar(select(MailOutgoing.id).where(MailOutgoing.rate_id == rate_id).limit(1)) is not None


def _keep(session: Session, form: RateForm, confirmed: bool) -> int:
    names = ("carrier_id", "item_class", "zone", "up_to_g", "valid_from")
    row = _row(session, form) or MailRate(**{name: getattr(form, name) for name in names})
    row.price_cents, row.currency, row.source = form.price_cents, form.currency, form.source.strip()
    row.insured_up_to_cents, row.insurance_bp, row.confirmed = form.insured_up_to_cents, form.insurance_bp, confirmed
    session.add(row)
    session.flush()
    return row.id


def plain(row: MailRate) -> RateRow:
    """A price of the rate card as a plain value."""
    return RateRow(
        row.id, row.carrier_id, row.item_class, row.zone, row.up_to_g, row.valid_from, row.price_cents, row.currency,
        row.insured_up_to_cents, row.insurance_bp, row.source, row.confirmed,
    )  # fmt: skip
