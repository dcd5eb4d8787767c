"""What a check finds who goes through all records of a kind, each with what happened to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Lives:
    """How many lives were gone through, and where the first broken one is broken; "" where all are whole."""

    count: int
    broken: str = ""


def stretches(session: Session, key: Any, at_once: int) -> Iterator[tuple[int, int, int]]:
    """The first and the last id of so many records at a time, and how many these are."""
    after = 0
    while ids := list(session.scalars(select(key).where(key > after).order_by(key).limit(at_once))):
        yield ids[0], ids[-1], len(ids)
        after = ids[-1]
