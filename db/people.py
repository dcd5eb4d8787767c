"""Tables of people: client entities, persons, accounts and their roles."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, SortText, UTCDateTime


class Entity(Base):
    """A client entity (an agency, fund or programme) that things belong to and that is charged."""

    __tablename__ = "entity"
    # The pair is what assets refer to, so that a renamed code travels by itself.
    __table_args__ = (
        UniqueConstraint("id", "code"),
        CheckConstraint("code <> ''", name="code_given"),
        CheckConstraint("until IS NULL OR since IS NULL OR since <= until", name="dates_in_order"),
        # The audit names records by id: an id that was removed is not given out again.
        {"sqlite_autoincrement": True},
    )
    audited_as = "people.entity"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(SortText, unique=True)
    name: Mapped[str] = mapped_column(SortText)
    since: Mapped[date | None]
    until: Mapped[date | None]
    billing_reference: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Person(Base):
    """Somebody on the compound; `sort_name` is "Family, Given" as lists show it."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("id", "sort_name"),
        # The entity's code is repeated for lists and follows a rename by itself.
        ForeignKeyConstraint(
            ["entity_id", "entity_code"], ["entity.id", "entity.code"], onupdate="CASCADE", name="fk_person_entity_id"
        ),
        Index("ix_person_sort_name_id", "sort_name", "id"),
        Index("ix_person_entity_code_id", "entity_code", "id"),
        CheckConstraint("family_name <> ''", name="name_given"),
        CheckConstraint("until IS NULL OR since IS NULL OR since <= until", name="dates_in_order"),
        {"sqlite_autoincrement": True},
    )
    audited_as = "people.person"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(index=True)
    entity_code: Mapped[str] = mapped_column(SortText)
    # NULL where the person has none: several may lack one, no two may share one.
    index_number: Mapped[str | None] = mapped_column(SortText, unique=True)
    family_name: Mapped[str] = mapped_column(Text)
    given_name: Mapped[str] = mapped_column(Text, default="", server_default="")
    sort_name: Mapped[str] = mapped_column(SortText)
    unit: Mapped[str] = mapped_column(SortText, default="", server_default="")
    email: Mapped[str] = mapped_column(Text, default="", server_default="")
    phone: Mapped[str] = mapped_column(Text, default="", server_default="")
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    since: Mapped[date | None]
    until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Account(Base):
    """Somebody's right to sign in. The hash is argon2; it never leaves the people desk."""

    __tablename__ = "account"
    __table_args__ = {"sqlite_autoincrement": True}
    audited_as = "people.account"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(SortText, unique=True)
    name: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    password_hash: Mapped[str] = mapped_column(Text, default="", server_default="")
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failures: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_sign_in: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class AccountRole(Base):
    """What an account may do on one desk: 1 viewer, 2 clerk, 3 supervisor, 4 administrator."""

    __tablename__ = "account_role"
    __table_args__ = (CheckConstraint("role BETWEEN 1 AND 4", name="role"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    desk: Mapped[str] = mapped_column(Text, primary_key=True)
    role: Mapped[int]
