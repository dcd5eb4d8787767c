"""Whole columns of numbers from the database, as arrays, without holding Python while they are read."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, LargeBinary, Select, Text, cast, func, select
from sqlalchemy.orm import Session

from db.base import SortText

Ids = npt.NDArray[np.int32]
_COMMA, _MINUS, _NOUGHT = b",-0"


def numbers(session: Session, wanted: Select[Any]) -> Ids:
    """One column of whole numbers, in the order of the query."""
    return columns_of(session, wanted)[0].astype(np.int32)


def columns_of(session: Session, wanted: Select[Any]) -> list[npt.NDArray[np.int64]]:
    """Columns of whole numbers, each as one array.

    The database joins a column's numbers to one text: a million rows one by one would hold Python for a second.
    """
    row = session.execute(select(*(_joined(session, part) for part in wanted.subquery().c))).one()
    return [array_of(text) for text in row]


def _joined(session: Session, part: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column's numbers with commas between them, as bytes where the engine hands them over so."""
    if session.get_bind().dialect.name == "postgresql":
        return func.string_agg(cast(part, Text), ",")
    return cast(func.group_concat(part), LargeBinary)


def array_of(joined: str | bytes | None) -> npt.NDArray[np.int64]:
    """Numbers with commas between them, digit by digit for all at once: numpy lets others run meanwhile."""
    signs = np.frombuffer(joined.encode() if isinstance(joined, str) else joined or b"", np.uint8)
    if not len(signs):
        return np.zeros(0, np.int64)
    ends = np.append(np.flatnonzero(signs == _COMMA), len(signs))
    begins = np.append(0, ends[:-1] + 1)
    below_zero = signs[begins] == _MINUS
    begins += below_zero
    lengths = ends - begins
    found = np.zeros(len(ends), np.int64)
    shortest, at = lengths.min(), ends
    for place in range(int(lengths.max())):
        at -= 1
        digits = signs.take(at, mode="clip") - np.uint8(_NOUGHT)
        if place >= shortest:
            digits *= lengths > place
        found += digits * np.int64(10**place)
    return np.where(below_zero, -found, found) if below_zero.any() else found


def kept_as(column: Any) -> type[np.generic]:
    """The smallest whole numbers that a column's values, or the codes of its few texts, fit into."""
    if isinstance(column.type, SortText):
        return np.int16
    return np.int64 if column.key.endswith("_cents") else np.int32


def day_number(value: date) -> int:
    """A day as a number, such as 20260714."""
    return value.year * 10_000 + value.month * 100 + value.day
