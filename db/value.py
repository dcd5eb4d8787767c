"""Tables of value: dated policies of depreciation, and dated rates of exchange."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, SortText

METHODS = ("straight_line", "none")
MONTHS = ("full", "half", "next")
LAST_MONTHS = ("none", "half", "full")


class ValuePolicy(Base):
    """How a class of property of an entity loses value, from a day on; no entity or class means every one.

    A life of None months is the category's own; the residual value is in hundredths of a percent of the cost.
    """

    __tablename__ = "value_policy"
    __table_args__ = (
        CheckConstraint(f"method IN {METHODS!r}", name="method"),
        CheckConstraint(f"first_month IN {MONTHS!r}", name="first_month"),
        CheckConstraint(f"last_month IN {LAST_MONTHS!r}", name="last_month"),
        CheckConstraint("life_months IS NULL OR life_months BETWEEN 0 AND 1200", name="life"),
        CheckConstraint("residual_bp BETWEEN 0 AND 10000", name="residual"),
        CheckConstraint("source <> ''", name="source_given"),
        UniqueConstraint("scope", "valid_from"),
        CheckConstraint("scope = coalesce(entity_id, 0) || '/' || coalesce(category_id, 0)", name="scope_told"),
    )
    audited_as = "property.value_policy"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int | None] = mapped_column(ForeignKey("entity.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("property_category.id"), index=True)
    # Entity and category in one, 0 for every one, so that each has one policy a day.
    scope: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    method: Mapped[str] = mapped_column(Text, default="straight_line", server_default="straight_line")
    life_months: Mapped[int | None]
    residual_bp: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    first_month: Mapped[str] = mapped_column(Text, default="full", server_default="full")
    last_month: Mapped[str] = mapped_column(Text, default="none", server_default="none")
    # Tracked whatever one costs, because they are bought by the lot: chairs, bed nets.
    grouped: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    source: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}


class ExchangeRate(Base):
    """How much of a currency one US dollar is, in millionths, from a day on."""

    __tablename__ = "exchange_rate"
    __table_args__ = (
        UniqueConstraint("currency", "valid_from"),
        CheckConstraint("per_usd_micros > 0", name="positive"),
        CheckConstraint("currency <> 'USD'", name="not_of_itself"),
        CheckConstraint("source <> ''", name="source_given"),
    )
    audited_as = "property.exchange_rate"

    id: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(SortText)
    valid_from: Mapped[date]
    per_usd_micros: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}
