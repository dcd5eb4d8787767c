"""Which lineups an office has in memory, and which are being made."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cbo_desk.lineup import Lineup

LONG = 20_000
"""Rows from which on a lineup is worth its memory; a shorter table is soon walked or sorted."""
PAUSE = 10.0
"""Seconds between two makings, however much changes."""


@dataclass
class Lineups:
    """The lineups of one database by the kind of their records."""

    ready: dict[str, Lineup] = field(default_factory=dict)
    making: dict[str, Lineup] = field(default_factory=dict)
    made: dict[str, float] = field(default_factory=dict)

    def prepare(
        self, session: Session, kind: str, orders: Sequence[Any], asked: Sequence[Any], told: Sequence[Any] = ()
    ) -> bool:
        """Do a part of what keeps a lineup at hand and new; whether more is to be done.

        `orders` are the columns whose orders it has, `asked` those that filters compare, `told`
        those of the orders whose texts every search entry has.
        """
        if kind not in self.making:
            if not self._wanted(session, kind, orders[0]):
                return False
            from cbo_desk.lineup import Lineup  # numpy, which a start does without

            self.making[kind] = Lineup(session, kind, orders, asked, told)
        if self.making[kind].make(session):
            return True
        self.ready[kind] = self.making.pop(kind)
        self.made[kind] = time.monotonic()
        return False

    def _wanted(self, session: Session, kind: str, column: Any) -> bool:
        if time.monotonic() < self.made.get(kind, -PAUSE) + PAUSE:
            return False
        ready = self.ready.get(kind)
        if ready is None:
            return int(session.scalar(select(func.max(column.class_.id))) or 0) >= LONG
        return ready.is_old(session)
