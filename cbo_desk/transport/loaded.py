"""Which trips carry mail: it was signed for with their vehicle and driver, so no plan moves them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.trip_loads import TripLoad


def loaded(session: Session, trips: Collection[int]) -> frozenset[int]:
    """Those of some trips that carry mail now."""
    wanted = select(TripLoad.trip_id).where(TripLoad.trip_id.in_(trips), TripLoad.off_at.is_(None))
    return frozenset(session.scalars(wanted))
