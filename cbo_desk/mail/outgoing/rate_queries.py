"""The list of carriers' prices, every one with its day and its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from cbo_desk.errors import Refusal
from cbo_desk.mail.outgoing import zones
from cbo_desk.mail.outgoing.rates import RATE, plain
from cbo_desk.mail.outgoing.rules import RateRow
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import reads
from db.mail_outgoing import MailCarrier, MailRate


@dataclass(frozen=True)
class RateLine:
    """One price with its carrier's name."""

    id: int
    carrier: str
    row: RateRow


@reads("mail", "look at carriers' prices")
class RateList(PagedList[RateLine]):
    """Prices, the newest first unless told otherwise; `which` is "", "confirm" or one carrier's id."""

    kind = RATE

    def __init__(self, words: str = "", which: str = "", sort: str = "valid_from", descending: bool = True) -> None:
        column: Any = {"up_to": MailRate.up_to_g, "price": MailRate.price_cents}.get(sort, MailRate.valid_from)
        parts: list[ColumnElement[bool]] = [MailRate.carrier_id == MailCarrier.id]
        if sort == "price":
            parts.append(MailRate.price_cents.is_not(None))
        if which == "confirm":
            parts.append(MailRate.confirmed.is_(False))
        elif which.isdigit():
            parts.append(MailRate.carrier_id == int(which))
        for word in words.split():
            like = f"%{word}%"
            named = [ident for ident, name in zones.zones().items() if word.casefold() in name.casefold()]
            fits = [MailCarrier.name.ilike(like), MailRate.item_class.ilike(like), MailRate.source.ilike(like)]
            parts.append(or_(*fits, MailRate.zone.in_(named)))
        lines = select(MailRate.id, MailRate, MailCarrier.name)
        super().__init__(lines, MailRate.id, Sort((column, MailRate.id), descending), and_(*parts))

    def row_of(self, values: Any) -> RateLine:
        """One price."""
        return RateLine(values[0], values[2], plain(values[1]))

    def is_long(self, session: Session) -> bool:
        """A rate card is short."""
        return False


@reads("mail", "look at carriers' prices")
def rate_line(session: Session, rate_id: int) -> RateLine:
    """One price; Refusal where it is gone."""
    row = session.get(MailRate, rate_id)
    if row is None:
        raise Refusal("This price is no longer there.")
    return RateLine(row.id, session.get_one(MailCarrier, row.carrier_id).name, plain(row))
