"""In which order those who wait are served: by rank, then by how long they have waited."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from db.conference import Booking


def in_order(session: Session, waiting: Iterable[Booking]) -> list[Booking]:
    """Those who wait, the highest rank first, then who has waited longest."""
    del session
    return sorted(waiting, key=lambda each: (each.rank, each.made_at, each.id))
