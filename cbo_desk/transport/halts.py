"""A request's halts, as everything that reckons with it sees them."""

from __future__ import annotations

from datetime import datetime

from cbo_desk.transport.driving import Halt
from db.transport import TripRequest


def halts_of(row: TripRequest) -> list[Halt]:
    """A request's halts: out, and back where the vehicle waits; for it they wait as long as they said for the way out.
    """
    start, end = (row.from_zone_id, row.from_place), (row.to_zone_id, row.to_place)

    def halt(leg: int, kind: str, where: tuple[int, str], earliest: datetime, latest: datetime | None) -> Halt:
        room = (row.people, row.wheelchairs, row.luggage)
        return Halt(row.id, leg, kind, *where, earliest, latest, *room, alone=not row.pooled)

    halts = [
        halt(1, "pickup", start, row.pickup_from, row.pickup_to),
        halt(1, "dropoff", end, row.pickup_from, row.drop_by),
    ]
    if row.return_at is not None:
        halts += [
            halt(2, "pickup", end, row.return_at, row.return_at + (row.pickup_to - row.pickup_from)),
            halt(2, "dropoff", start, row.return_at, None),
        ]
    return halts
