"""Tables of the conference capital project: phases with what they close and change, plans for whom they displace.

A phase has planned, forecast and actual dates, days at the site, both included. Until it is effective (it has an actual
first day) it changes nothing that can be booked. What it then closes are closures of cells, which it holds on to.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, SortText, UTCDateTime

OTHER_TIMES = ("no", "day", "week")
"""Which other times a client allows: none, others of the same day, others of the same week."""
DECISIONS = ("proposed", "accepted", "declined", "unplaced")
ORDERS = ("times", "rooms")
"""What counts first in a plan, once everybody has a place: that times stay, or that rooms stay."""


def _in_order(which: str) -> CheckConstraint:
    return CheckConstraint(f"{which}_to IS NULL OR {which}_from <= {which}_to", name=f"{which}_in_order")


class ProjectPhase(Base):
    """One phase of the building work. `contract_from` and `contract_to` are the days on which it may begin."""

    __tablename__ = "project_phase"
    __table_args__ = (
        CheckConstraint("code <> ''", name="code_given"),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("planned_from <= planned_to", name="planned_in_order"),
        _in_order("forecast"),
        _in_order("actual"),
        _in_order("contract"),
        CheckConstraint("(forecast_from IS NULL) = (forecast_to IS NULL)", name="forecast_whole"),
        CheckConstraint("(contract_from IS NULL) = (contract_to IS NULL)", name="contract_whole"),
        CheckConstraint("actual_to IS NULL OR actual_from IS NOT NULL", name="begun_before_over"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "conference.phase"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(SortText, unique=True)
    name: Mapped[str] = mapped_column(SortText)
    planned_from: Mapped[date]
    planned_to: Mapped[date]
    forecast_from: Mapped[date | None]
    forecast_to: Mapped[date | None]
    actual_from: Mapped[date | None]
    actual_to: Mapped[date | None]
    contract_from: Mapped[date | None]
    contract_to: Mapped[date | None]
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}


class PhaseCell(Base):
    """A cell that a phase closes from its first day to its last."""

    __tablename__ = "phase_cell"

    phase_id: Mapped[int] = mapped_column(ForeignKey("project_phase.id"), primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("conference_cell.id"), primary_key=True, index=True)


class PhaseSeats(Base):
    """How many a space seats in a layout while a phase lasts or, `afterwards`, from its end on; 0 where it is gone.

    A swing space, or a new one, is a space that has no layout of its own until a phase gives it one.
    """

    __tablename__ = "phase_seats"
    __table_args__ = (
        CheckConstraint("kind <> ''", name="kind_given"),
        CheckConstraint("capacity >= 0", name="capacity_not_negative"),
        CheckConstraint("setup_minutes >= 0 AND cleardown_minutes >= 0", name="minutes_not_negative"),
        Index("uq_phase_seats_phase_id", "phase_id", "space_id", "kind", "afterwards", unique=True),
        Index("ix_phase_seats_space_id", "space_id"),
    )
    audited_as = "conference.phase_seats"

    id: Mapped[int] = mapped_column(primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("project_phase.id"))
    space_id: Mapped[int] = mapped_column(ForeignKey("conference_space.id"))
    kind: Mapped[str] = mapped_column(SortText)
    capacity: Mapped[int]
    setup_minutes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    cleardown_minutes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    afterwards: Mapped[bool]


class PhaseClosure(Base):
    """A closure that an effective phase made; it can neither end early nor go while the phase lasts."""

    __tablename__ = "phase_closure"

    closure_id: Mapped[int] = mapped_column(ForeignKey("cell_closure.id"), primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("project_phase.id"), index=True)


class BookingTerms(Base):
    """What a booking needs wherever it goes, and which other times its client allows; see `OTHER_TIMES`."""

    __tablename__ = "booking_terms"
    __table_args__ = (
        CheckConstraint(f"other_time IN {OTHER_TIMES!r}", name="other_time"),
        CheckConstraint("booths >= 0", name="booths_not_negative"),
    )
    audited_as = "conference.terms"

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    other_time: Mapped[str] = mapped_column(Text, default="no", server_default="no")
    booths: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    features: Mapped[str] = mapped_column(Text, default="", server_default="")


class RelocationPlan(Base):
    """A plan that was solved and checked for a phase. `measures` holds for each stage its value and its bound."""

    __tablename__ = "relocation_plan"
    __table_args__ = (CheckConstraint(f"first IN {ORDERS!r}", name="first"),)
    audited_as = "conference.plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("project_phase.id"), index=True)
    name: Mapped[str] = mapped_column(SortText)
    first: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    measures: Mapped[Any] = mapped_column(Json, default=list)
    seconds: Mapped[float] = mapped_column(default=0.0)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(Text)


class RelocationMove(Base):
    """Where a plan sends one booking. `before` and `after` are placings; `after` is nothing where no place was found.

    `why` tells then, in a sentence a person can check, what stands in the way, and `instead` what would let it fit.
    """

    __tablename__ = "relocation_move"
    __table_args__ = (
        CheckConstraint(f"decision IN {DECISIONS!r}", name="decision"),
        Index("ix_relocation_move_booking_id", "booking_id"),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("relocation_plan.id"), primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    before: Mapped[Any] = mapped_column(Json)
    after: Mapped[Any | None] = mapped_column(Json)
    decision: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, default="", server_default="")
    instead: Mapped[Any] = mapped_column(Json, default=list)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[str] = mapped_column(Text, default="", server_default="")
