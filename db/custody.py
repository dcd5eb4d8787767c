"""Tables of custody: handovers with their items, frozen by value, and what custodians say of what they hold.

Rows are only ever added to. A signature is set on a handover once; a handover is undone by another that reverses it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, SortText, UTCDateTime
from db.property import STATES
from db.records import BigKey

KINDS = ("issue", "return", "hand_over", "lend", "extend", "reversal")
ANSWERS = ("confirmed", "disputed")


class Handover(Base):
    """One or many assets changing hands; names stand by value, as the sheet shows them.

    `giver_name` is empty where several gave, and where a loan is extended: nothing is given then. `items` says how
    many lines belong to it, `due_on` when a loan is due back. `signature` holds strokes of `[x, y, milliseconds]`,
    empty while unsigned and when signed on paper.
    """

    __tablename__ = "handover"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS!r}", name="kind"),
        CheckConstraint("(kind IN ('lend', 'extend')) = (due_on IS NOT NULL)", name="loan_due"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reverses_one"),
        CheckConstraint("kind IN ('issue', 'return', 'reversal') OR taker_id IS NOT NULL", name="person_takes"),
        CheckConstraint("kind <> 'issue' OR taker_id IS NOT NULL OR place_id IS NOT NULL", name="issued_to"),
        CheckConstraint("kind <> 'return' OR place_id IS NOT NULL", name="returned_to"),
        CheckConstraint("(giver_id IS NULL) = (giver_name = '')", name="giver_named"),
        CheckConstraint("(taker_id IS NULL) = (taker_name = '')", name="taker_named"),
        CheckConstraint("(place_id IS NULL) = (place_code = '')", name="place_named"),
        CheckConstraint("(signed_at IS NULL) = (signed_by = '')", name="signed_by_somebody"),
        CheckConstraint("items > 0", name="items_counted"),
        Index("ix_handover_at_id", "at", "id"),
        Index("ix_handover_taker_name_id", "taker_name", "id"),
        Index("ix_handover_giver_name_id", "giver_name", "id"),
        Index("ix_handover_place_code_id", "place_code", "id"),
        Index("ix_handover_kind_id", "kind", "id"),
    )
    audited_as = "property.handover"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    reference: Mapped[str] = mapped_column(SortText, unique=True)
    kind: Mapped[str] = mapped_column(SortText)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(Text)
    workstation: Mapped[str] = mapped_column(Text, default="", server_default="")
    giver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    giver_name: Mapped[str] = mapped_column(SortText, default="", server_default="")
    taker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    taker_name: Mapped[str] = mapped_column(SortText, default="", server_default="")
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    place_code: Mapped[str] = mapped_column(SortText, default="", server_default="")
    due_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    items: Mapped[int]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("handover.id"), unique=True)
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    signed_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    on_paper: Mapped[bool] = mapped_column(default=False, server_default=sql("false"))
    signature: Mapped[Any] = mapped_column(Json, default=list, server_default=sql("'[]'"))


class HandoverItem(Base):
    """One asset of a handover, by value: what it is, how it stood before (`from_`) and how it stood then (`to_`)."""

    __tablename__ = "handover_item"
    __table_args__ = (
        UniqueConstraint("handover_id", "asset_id"),
        CheckConstraint(f"from_state IN {STATES!r}", name="from_state"),
        CheckConstraint(f"to_state IN {STATES!r}", name="to_state"),
        Index("ix_handover_item_asset_id_id", "asset_id", "id"),
        Index("ix_handover_item_to_due_on_id", "to_due_on", "id"),
        Index("ix_handover_item_to_name_id", "to_name", "id"),
        Index("ix_handover_item_inventory_no_id", "inventory_no", "id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    inventory_no: Mapped[str] = mapped_column(SortText)
    description: Mapped[str] = mapped_column(Text)
    serial: Mapped[str] = mapped_column(Text)
    entity_code: Mapped[str] = mapped_column(Text)
    condition: Mapped[str] = mapped_column(Text)
    tag_code: Mapped[str] = mapped_column(Text)
    from_state: Mapped[str] = mapped_column(Text)
    from_since: Mapped[date | None]
    from_person_id: Mapped[int | None]
    from_name: Mapped[str] = mapped_column(Text)
    from_place_id: Mapped[int | None]
    from_place: Mapped[str] = mapped_column(Text)
    from_due_on: Mapped[date | None]
    to_state: Mapped[str] = mapped_column(Text)
    to_since: Mapped[date | None]
    to_person_id: Mapped[int | None]
    to_name: Mapped[str] = mapped_column(SortText)
    to_place_id: Mapped[int | None]
    to_place: Mapped[str] = mapped_column(Text)
    to_due_on: Mapped[date | None]


class CustodyAnswer(Base):
    """What a custodian said of one asset in their hands, on a day: that they have it, or that they do not and why."""

    __tablename__ = "custody_answer"
    __table_args__ = (
        CheckConstraint(f"answer IN {ANSWERS!r}", name="answer"),
        CheckConstraint("answer <> 'disputed' OR note <> ''", name="dispute_explained"),
        Index("ix_custody_answer_asset_id_id", "asset_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    inventory_no: Mapped[str] = mapped_column(Text)
