"""The table of charges: what a service cost an entity, as a fact; one is taken back by a further row that names it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, SortText, UTCDateTime
from db.records import BigKey

# Whole numbers keep money exact on both engines; the bounds keep quantity times rate below 2**63.
MOST_QUANTITY_MILLI = 10**8
MOST_RATE_E4 = 9 * 10**10


class Charge(Base):
    """One charge to an entity, or the reversal of one.

    Quantity in thousandths of `unit`, rate in ten-thousandths of `currency` a unit, amount in hundredths of it. The
    entity's code, the subject and the rate's source are by value: they stay what they were on the day.
    """

    __tablename__ = "charge"
    __table_args__ = (
        CheckConstraint(
            f"quantity_milli <> 0 AND abs(quantity_milli) <= {MOST_QUANTITY_MILLI}",
            name="quantity",
        ),
        CheckConstraint(f"rate_e4 >= 0 AND rate_e4 / 10000 <= {MOST_RATE_E4 // 10**4}", name="rate"),
        # Half a cent is rounded away from zero, so that a reversal is exactly what it reverses.
        CheckConstraint(
            "(quantity_milli > 0 AND amount_cents = (quantity_milli * rate_e4 + 50000) / 100000) OR "
            "(quantity_milli < 0 AND amount_cents = (quantity_milli * rate_e4 - 50000) / 100000)",
            name="amount_follows",
        ),
        CheckConstraint("length(currency) = 3 AND currency = upper(currency)", name="currency"),
        CheckConstraint("(reverses_id IS NULL) = (quantity_milli > 0)", name="reversal_is_negative"),
        CheckConstraint("what <> '' AND unit <> '' AND desk <> '' AND subject_kind <> ''", name="told"),
        CheckConstraint("rate_source <> ''", name="source_given"),
        CheckConstraint("reverses_id IS NULL OR reason <> ''", name="reversal_says_why"),
        # One for each order of a listing, and for what a card asks.
        Index("ix_charge_entity_id_charged_on", "entity_id", "charged_on", "id"),
        Index("ix_charge_charged_on_id", "charged_on", "id"),
        Index("ix_charge_subject", "subject_kind", "subject_id", "id"),
        # A charge is reversed once.
        UniqueConstraint("reverses_id"),
    )
    audited_as = "charge"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(Text)
    charged_on: Mapped[date]
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    entity_code: Mapped[str] = mapped_column(SortText)
    desk: Mapped[str] = mapped_column(SortText)
    subject_kind: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[int] = mapped_column(BigInteger)
    # What people call it, such as O-000012.
    subject: Mapped[str] = mapped_column(SortText)
    what: Mapped[str] = mapped_column(Text)
    quantity_milli: Mapped[int] = mapped_column(BigInteger)
    unit: Mapped[str] = mapped_column(Text)
    rate_e4: Mapped[int] = mapped_column(BigInteger)
    # Which row the rate was read from, such as "mail.rate 17" or "transport_per_km 2026-01-01", and what that names.
    rate_row: Mapped[str] = mapped_column(Text)
    rate_source: Mapped[str] = mapped_column(Text)
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(SortText)
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    # Without a foreign key: on a server nobody may lock a row of a table that nobody may change.
    reverses_id: Mapped[int | None] = mapped_column(BigKey)
