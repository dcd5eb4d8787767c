"""The tree of places: site, building, floor, room, shelf, bay, gate, store."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, SortText

KINDS = ("site", "building", "floor", "room", "shelf", "bay", "gate", "store", "yard")


class Place(Base):
    """One place; `path` is its ancestors' ids and its own, such as /1/7/31/, so that a subtree is one index range."""

    __tablename__ = "place"
    __table_args__ = (
        UniqueConstraint("id", "code"),
        Index("ix_place_path", "path"),
        Index("ix_place_parent_id_code", "parent_id", "code"),
        CheckConstraint(f"place_kind IN {KINDS!r}", name="kind"),
        CheckConstraint("code <> ''", name="code_given"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_inside_itself"),
        CheckConstraint("area_m2 IS NULL OR area_m2 > 0", name="area_positive"),
        # Tags and the audit name places by id: an id that was removed is not given out again.
        {"sqlite_autoincrement": True},
    )
    audited_as = "places.place"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    place_kind: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(SortText, unique=True)
    name: Mapped[str] = mapped_column(SortText)
    path: Mapped[str] = mapped_column(SortText, default="", server_default="")
    area_m2: Mapped[float | None] = mapped_column(Float)
    occupier_id: Mapped[int | None] = mapped_column(ForeignKey("entity.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}
