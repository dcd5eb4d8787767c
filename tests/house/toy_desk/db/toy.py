"""Table of the toy desk."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, SortText


class Toy(Base):
    """One toy; no two have the same name."""

    __tablename__ = "toy"
    __table_args__ = (CheckConstraint("name <> ''", name="name_given"),)
    audited_as = "toy.toy"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(SortText, unique=True)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}
