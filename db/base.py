"""The common ancestor of every table, the names of its constraints, and the column types both engines share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, MetaData, String, Table, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def utc_text(instant: datetime) -> str:
    """An instant as SQLite keeps it, such as 2026-07-14T07:42:00.000000Z: text order is time order.

    Raises ValueError for one without a zone.
    """
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: timestamptz on PostgreSQL, fixed-width UTC text on SQLite, so that text order is time order.

    Naive datetimes are refused with ValueError: an instant without a zone is a guess.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Choose the engine's own column type."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Hand the instant to the engine in its own form."""
        if value is None:
            return None
        text = utc_text(value)
        return text if dialect.name == "sqlite" else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Read texts without a detour: a list of thousands has as many instants."""
        return _instant if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read an instant back in UTC."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        assert isinstance(value, datetime)
        return value.astimezone(UTC)


class SortText(TypeDecorator[str]):
    """Text whose order is the order of its code points on both engines, as Python's own, so that keys compare alike."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """PostgreSQL needs the C collation; SQLite compares bytes anyway."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())


class _Json(TypeDecorator[Any]):
    """Plain values: jsonb on PostgreSQL, text on SQLite. None is kept as JSON's own null."""

    impl = JSON
    cache_ok = True
    should_evaluate_none = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Choose the engine's own column type; PostgreSQL's is imported only where it serves, for a quick start."""
        absent = not self.should_evaluate_none
        if dialect.name != "postgresql":
            return dialect.type_descriptor(JSON(none_as_null=absent))
        from sqlalchemy.dialects.postgresql import JSONB

        return dialect.type_descriptor(JSONB(none_as_null=absent))


class _JsonIfAny(_Json):
    """Plain values, or nothing at all: None is NULL, and a condition on NULL finds it however the row was put there."""

    cache_ok = True
    should_evaluate_none = False


Json = _Json()
JsonIfAny = _JsonIfAny()


class Base(DeclarativeBase):
    """Every table of the product.

    A class with `audited_as` is a record that people know by that kind: its changes are audited field by field.
    """

    metadata = MetaData(naming_convention=NAMES)
    audited_as: ClassVar[str] = ""


def table_of(model: type[Base]) -> Table:
    """The table behind a class, with the type that bulk statements want."""
    table = model.__table__
    assert isinstance(table, Table)
    return table
