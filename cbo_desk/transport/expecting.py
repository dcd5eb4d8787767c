"""A trip under way: what is over, and what is expected when, from what was noted and from its plan.

Where somebody ticks stops, that is believed. Where nobody does, a vehicle that has left is taken to keep to its plan,
so much later as it left: whoever was to be picked up by now is aboard, whoever was to be set down by now is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cbo_desk.transport.journeys import Journeys
from cbo_desk.transport.picture import StopOfDay, TripOfDay


@dataclass(frozen=True)
class Expected:
    """A stop, when it begins and is left as far as is known, and whether that is over."""

    stop: StopOfDay
    begins: datetime
    leaves: datetime
    passed: bool

    @property
    def assumed(self) -> bool:
        """Whether it is over by plan alone: nobody noted it."""
        return self.passed and self.stop.done_at is None


def expected(
    trip: TripOfDay, home: int | None, table: Journeys, now: datetime, grace: timedelta
) -> tuple[Expected, ...]:
    """The stops of a trip under way in their order.

    What was ticked has happened, and so has what comes before it. Later stops follow by the table's times, none before
    its own planned one. Who gets in or out just now counts as having done so: the vehicle goes on when it is left. On a
    trip that somebody ticks, a stop counts as over by itself only after the `grace`.
    """
    assert trip.departed_at is not None
    ticked = max((at for at, stop in enumerate(trip.stops) if stop.done_at is not None), default=-1)
    patience = grace if ticked >= 0 else timedelta()
    here, at, over = home, trip.departed_at, True
    found: list[Expected] = []
    for number, stop in enumerate(trip.stops):
        if number <= ticked:
            at = _noted(trip.stops[number : ticked + 1])
            found.append(Expected(stop, at, at, True))
        else:
            zone = stop.halt.zone_id
            drive = timedelta(seconds=table.leg(here if here is not None else zone, zone, at).seconds)
            begins = max(at + drive, stop.arrives)
            stays = stop.leaves - stop.arrives
            over = over and begins + patience <= now
            if not over:
                begins = max(begins, now)
            at = begins + stays
            found.append(Expected(stop, begins, at, over))
        here = stop.halt.zone_id
    return tuple(found)


def _noted(stops: Sequence[StopOfDay]) -> datetime:
    """When a stop was over that, or after which another one, was ticked."""
    return next(stop.done_at for stop in stops if stop.done_at is not None)
