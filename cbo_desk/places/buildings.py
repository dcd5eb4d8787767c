"""Places that come to be in another building: whoever counts by building is asked before, and told afterwards."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import after
from cbo_desk.places import rules
from cbo_desk.places.rules import Kind
from db.places import Place


def leave(session: Session, place: Place, kind: str, parent: Place | None) -> tuple[int, ...]:
    """Ask whether a place may be of a kind and in another one, where it or all in it would be in another building.

    Returns their ids, none where they stay in their building. Refused by whoever cannot let them go.
    """
    before = _building_of(session, place.path)
    here = place.id if kind == Kind.BUILDING else None
    if before == (here or (_building_of(session, parent.path) if parent is not None else None)):
        return ()
    below = select(Place.id).where(Place.path >= place.path, Place.path < rules.after_path(place.path))
    ids = tuple(session.scalars(below.order_by(Place.id)))
    with session.no_autoflush:
        after.leaving(session, "places.place", ids)
    return ids


def _building_of(session: Session, path: str) -> int | None:
    """The building that a place is, or stands in."""
    around = select(Place.id).where(Place.id.in_(rules.ids_in(path)), Place.place_kind == Kind.BUILDING)
    return session.scalar(around.limit(1))
