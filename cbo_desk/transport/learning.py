"""Travel times learnt from closed trips: what stops took in fact, as a median drawn towards what was held before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes
from cbo_desk.context import now, today
from cbo_desk.dated import value_on
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed
from cbo_desk.transport.journeys import Leg, learnt
from cbo_desk.transport.kinds import LEARN_DAYS, LEARN_WEIGHT
from cbo_desk.transport.rules import TripState
from cbo_desk.transport.zones import CellForm, set_times, travel_table
from db.transport import Trip, TripStop

SHORTEST, LONGEST = 60, 6 * 3600
"""A leg ticked sooner or later than this was ticked by mistake."""


def seen_legs(session: Session, since: datetime) -> dict[tuple[int, int, int], list[int]]:
    """By zones and band, the seconds between stops that were ticked one after the other on closed trips."""
    table = travel_table(session)
    wanted = (
        select(TripStop)
        .join(Trip, Trip.id == TripStop.trip_id)
        .where(Trip.state == TripState.DONE, Trip.starts >= since, TripStop.done_at.is_not(None))
        .order_by(TripStop.trip_id, TripStop.seq)
    )
    found: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    before: TripStop | None = None
    for stop in session.scalars(wanted):
        assert stop.done_at is not None
        follows = before is not None and before.trip_id == stop.trip_id and before.seq + 1 == stop.seq
        # Waiting is no driving: a pick-up that was reached early is ticked when it is time.
        if follows and before is not None and before.done_at is not None and stop.kind == "dropoff":
            seconds = round((stop.done_at - before.done_at).total_seconds())
            if before.zone_id != stop.zone_id and SHORTEST <= seconds <= LONGEST:
                band = table.band_at(before.done_at)
                found[before.zone_id, stop.zone_id, band.id].append(seconds)
        before = stop
    return found


@deed("transport.learn_times", "learn travel times")
def learn_times(session: Session) -> Changes:
    """Learn travel times from closed trips; a time that staff gave is left as it is."""
    table, day = travel_table(session), today(session)
    # Older trips tell of other roads.
    since = now(session) - timedelta(days=int(value_on(session, LEARN_DAYS.name, day)))
    weight = int(value_on(session, LEARN_WEIGHT.name, day))
    bands = {band.id: band for band in table.bands}
    cells: list[CellForm] = []
    for (start, end, band), seconds in sorted(seen_legs(session, since).items()):
        known = table.cells.get((start, end, band))
        if known is not None and known.source == "given":
            continue
        assumed = table.assumed(start, end, bands[band])
        # What was learnt before is in the trips still: the shrinking starts from what is known beside them.
        prior = known if known is not None and known.source == "routed" else assumed
        leg: Leg | None = learnt(seconds, prior.seconds, weight)
        assert leg is not None
        metres = known.metres if known is not None else assumed.metres
        cell = CellForm(start, end, band, leg.seconds, metres, "learnt", leg.trips)
        if known is None or (known.seconds, known.source, known.trips) != (cell.seconds, "learnt", cell.trips):
            cells.append(cell)
    if not cells:
        raise Refusal("Nothing new to learn: stops must be ticked on the road, and times that staff gave stay.")
    return replace(set_times(session, cells), said=f"{len(cells):,} travel times learnt from closed trips.")
