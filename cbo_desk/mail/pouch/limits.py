"""The pouch's dated settings: weights per package and bag, what is forbidden, what a kilogram costs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import dated
from cbo_desk.changes import Changes
from cbo_desk.charges import declare_rate
from cbo_desk.context import today
from cbo_desk.dated import Declared, declare, value_on
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed, reads
from cbo_desk.versions import Stands
from db.mail_pouch import MailPouchDestination

_ORDER = "ST/AI/368, diplomatic pouch service"
PACKAGE = declare(
    Declared("pouch_package_most", "A package in the pouch weighs at most", Decimal(16), "kg", _ORDER, True, 0.1, 1000)
)
BAG = declare(
    Declared(
        "pouch_bag_most", "A pouch bag weighs at most", Decimal(30), "kg", "shipped", True, 0.1, 1000, "destination"
    )
)
FORBIDDEN = declare(
    Declared(
        "pouch_forbidden",
        "What the pouch does not carry",
        "cash; currency; jewellery; alcohol; tobacco; cigarettes; drugs; medicine; food; perishables; plants; weapons; "
        "ammunition; explosives; lithium batteries; liquids; aerosols; personal effects; household goods",
        "each after a ;",
        _ORDER,
        True,
    )
)
PER_KG = declare_rate("pouch_per_kg", "A kilogram by pouch costs", Decimal("14.50"), "USD", "kg", "shipped")


def package_most_g(session: Session) -> int:
    """The heaviest package of today, in grams."""
    return int(value_on(session, PACKAGE.name, today(session)) * 1000)


def bag_most_g(session: Session, destination: str) -> int:
    """The heaviest bag to a destination today, in grams."""
    return int(value_on(session, BAG.name, today(session), destination) * 1000)


def forbidden(session: Session) -> tuple[str, ...]:
    """What the pouch does not carry today."""
    written = value_on(session, FORBIDDEN.name, today(session))
    return tuple(part for part in (" ".join(one.split()) for one in written.split(";")) if part)


@reads("mail")
def limit_stands(session: Session, destination_id: int, valid_from: date) -> Stands | None:
    """The limit of a destination that begins on a day, which `set_pouch_limit` would replace."""
    code = session.scalar(select(MailPouchDestination.code).where(MailPouchDestination.id == destination_id))
    there = dated.values_said(session, BAG.name, code).from_day(valid_from) if code else None
    if there is None:
        return None
    return Stands(f"{there.value} kg stands here from this day on already ({there.source}).", there)


@deed("mail.set_pouch_limit", "set the limits of the pouch", Role.SUPERVISOR)
def set_pouch_limit(
    session: Session, destination_id: int, kilograms: Decimal, valid_from: date, source: str
) -> Changes:
    """Let bags to a destination weigh so much from a day on; bags that are open keep the limit they have."""
    destination = session.scalar(select(MailPouchDestination).where(MailPouchDestination.id == destination_id))
    if destination is None:
        raise Refusal("This destination is no longer there.", "destination")
    if not source.strip():
        raise Refusal("Say where this limit comes from, such as the airline’s letter of a day.", "source")
    return dated.set_value(session, BAG.name, valid_from, kilograms, destination.code, source.strip())
