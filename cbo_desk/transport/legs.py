"""How many seconds a plan allows for the leg between two stops: what `Matrix` means once the hour is not yet known."""

from __future__ import annotations

from cbo_desk.transport.day import FOREVER, Day, Window
from cbo_desk.transport.plan import Doing, Stop


def leg(day: Day, stop: Stop, following: Stop) -> int:
    """Seconds of the leg in the slowest band in which it may begin, as far as the requests' windows say.

    After a start or a break it is the next stop that says when to leave: the slowest drive before it.
    """
    if following.doing is Doing.BREAK and following.place == stop.place:
        return 0  # a break is taken where the vehicle stands
    if len(day.matrix.bands) == 1:
        return day.matrix.bands[0].seconds[stop.place][following.place]
    earliest, latest = span(day, stop)
    if stop.request is None:
        before, after = span(day, following)
        drive = max(band.seconds[stop.place][following.place] for band in day.matrix.bands)
        earliest, latest = before - drive, after
    else:
        request = day.request[stop.request]
        latest += request.boarding if stop.doing is Doing.PICKUP else request.alighting
    earliest = max(earliest, day.now)  # who got in before the roads were free is driven now, not then
    return day.matrix.leg(stop.place, following.place, Window(earliest, max(earliest, latest)))


def span(day: Day, stop: Stop) -> tuple[int, int]:
    """The times between which a stop may begin, by its own windows alone."""
    if stop.request is None:
        return -FOREVER, FOREVER
    request = day.request[stop.request]
    pickup, dropoff = request.pickup_window, request.dropoff_window
    if stop.doing is Doing.PICKUP:
        return pickup.earliest, min(pickup.latest, dropoff.latest)
    latest = dropoff.latest
    if request.max_ride is not None:
        latest = min(latest, pickup.latest + request.boarding + request.max_ride)
    return max(dropoff.earliest, pickup.earliest), latest
