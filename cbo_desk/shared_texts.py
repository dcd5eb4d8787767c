"""Texts of a column that many rows share: which of its rows hold a word is a piece of the column's own order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from sqlalchemy import Column, func, select
from sqlalchemy.orm import Session

from cbo_desk.folding import fold

MOST_TEXTS = 20_000
"""Of more different texts a column's are not held."""


class SharedTexts:
    """The texts in their order, folded, and how many rows each has."""

    def __init__(self, texts: Sequence[str], counts: Sequence[int]) -> None:
        self._texts = [fold(text) for text in texts]
        self._ends = [0, *accumulate(counts)]

    def holding(self, word: str) -> Iterator[slice]:
        """The pieces of the column's order whose rows hold a folded word."""
        for place, text in enumerate(self._texts):
            if word in text:
                yield slice(self._ends[place], self._ends[place + 1])


def shared_texts(session: Session, column: Column[Any]) -> SharedTexts | None:
    """The texts of a column; None where there are too many.

    What changed between this reading and that of the order shifts some pieces: rows read by them are to be judged.
    """
    wanted = select(column, func.count()).group_by(column).order_by(column).limit(MOST_TEXTS + 1)
    rows = session.connection().execute(wanted).all()
    return SharedTexts([row[0] for row in rows], [row[1] for row in rows]) if len(rows) <= MOST_TEXTS else None
