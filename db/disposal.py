"""Tables of disposal: cases, what is in them, and what the review body decided."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, SortText, UTCDateTime
from db.property import CONDITIONS
from db.records import BigKey

CASE_STATES = ("open", "submitted", "approved", "refused", "complete", "cancelled")
DISPOSAL_METHODS = ("", "sold", "donated", "scrapped", "traded_in", "transferred", "destroyed")
DECISIONS = ("approved", "refused", "deferred")


class DisposalCase(Base):
    """Things of one entity that are to go, why, and how they went.

    `review_from_cents` is frozen from the policy in force: a case with an item that cost as much, in US cents, needs
    the review body's approval; None where the policy demands none.
    """

    __tablename__ = "disposal_case"
    __table_args__ = (
        CheckConstraint(f"state IN {CASE_STATES!r}", name="state"),
        CheckConstraint(f"method IN {DISPOSAL_METHODS!r}", name="method"),
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("proceeds_cents >= 0", name="proceeds_not_negative"),
        CheckConstraint("review_from_cents IS NULL OR review_from_cents >= 0", name="review_from"),
        CheckConstraint("state <> 'complete' OR (method <> '' AND done_on IS NOT NULL)", name="complete_says_how"),
        Index("ix_disposal_case_state_id", "state", "id"),
    )
    audited_as = "property.disposal_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(SortText, unique=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(SortText, default="open", server_default="open")
    review_from_cents: Mapped[int | None] = mapped_column(BigInteger)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_by: Mapped[str] = mapped_column(Text)
    # When the next step is due: the review's sitting, then the final action.
    due_on: Mapped[date | None]
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    method: Mapped[str] = mapped_column(Text, default="", server_default="")
    recipient: Mapped[str] = mapped_column(Text, default="", server_default="")
    certificate: Mapped[str] = mapped_column(Text, default="", server_default="")
    proceeds_cents: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    currency: Mapped[str] = mapped_column(Text, default="USD", server_default="USD")
    done_on: Mapped[date | None]
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}


class DisposalItem(Base):
    """One asset in a case, with its value frozen on the day it was entered; in US cents.

    `live` falls when it is taken out again; a thing can be live in one case only.
    """

    __tablename__ = "disposal_item"
    __table_args__ = (
        CheckConstraint(f"condition IN {CONDITIONS!r}", name="condition"),
        Index("ix_disposal_item_case_id_id", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("disposal_case.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    live: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    inventory_no: Mapped[str] = mapped_column(SortText)
    description: Mapped[str] = mapped_column(Text)
    condition: Mapped[str] = mapped_column(Text, default="", server_default="")
    state_before: Mapped[str] = mapped_column(Text)
    # None where the currency has no rate: such a thing always goes before the review body.
    cost_cents: Mapped[int | None] = mapped_column(BigInteger)
    value_cents: Mapped[int | None] = mapped_column(BigInteger)
    valued_on: Mapped[date]
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    added_by: Mapped[str] = mapped_column(Text)


class DisposalDecision(Base):
    """What the review body decided, with its minutes. Rows are only ever added; the newest one counts."""

    __tablename__ = "disposal_decision"
    __table_args__ = (
        CheckConstraint(f"decision IN {DECISIONS!r}", name="decision"),
        CheckConstraint("body <> ''", name="body_named"),
        CheckConstraint("minutes <> ''", name="minutes_given"),
        Index("ix_disposal_decision_case_id_id", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("disposal_case.id"))
    decision: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    minutes: Mapped[str] = mapped_column(Text)
    decided_on: Mapped[date]
    # The newest item the body had before it: what is added later was not decided about.
    last_item_id: Mapped[int] = mapped_column(BigInteger)
    remarks: Mapped[str] = mapped_column(Text, default="", server_default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(Text)
