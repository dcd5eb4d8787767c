"""Tables of custom fields: what a category of property notes of its assets beside what every asset has."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Double, ForeignKey, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, SortText, UTCDateTime

FIELD_KINDS = ("text", "number", "date", "yes_no", "choice")


class CategoryField(Base):
    """One field of a category; the values stand in `asset.custom` under its key. It is retired, never deleted."""

    __tablename__ = "category_field"
    __table_args__ = (
        UniqueConstraint("category_id", "key"),
        CheckConstraint(f"kind IN {FIELD_KINDS!r}", name="kind"),
        CheckConstraint("key <> '' AND key = lower(key)", name="key_given"),
        CheckConstraint("label <> ''", name="label_given"),
        CheckConstraint("unit = '' OR kind = 'number'", name="unit_of_number"),
        CheckConstraint("kind = 'number' OR (least IS NULL AND most IS NULL)", name="bounds_of_number"),
        CheckConstraint("least <= most", name="bounds_in_order"),
    )
    audited_as = "property.category_field"

    id: Mapped[int] = mapped_column(primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("property_category.id"))
    key: Mapped[str] = mapped_column(SortText)
    label: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text, default="", server_default="")
    least: Mapped[float | None] = mapped_column(Double)
    most: Mapped[float | None] = mapped_column(Double)
    choices: Mapped[Any] = mapped_column(Json, default=list, server_default=text("'[]'"))
    required: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    position: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}
