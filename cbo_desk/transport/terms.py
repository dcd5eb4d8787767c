"""The records' terms as the planner's: instants as seconds, zones as places of a matrix, a request's ways as ids."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from cbo_desk.transport.day import MIDNIGHT, Band, Matrix
from cbo_desk.transport.journeys import Journeys
from cbo_desk.transport.picture import StopOfDay
from cbo_desk.transport.plan import Doing, Stop


def engine_id(request_id: int, leg: int) -> int:
    """The planner's id of one leg of a request."""
    return 2 * request_id + leg - 1


class Clock:
    """Instants as whole seconds since the site's midnight."""

    def __init__(self, midnight: datetime) -> None:
        self._midnight = midnight

    def at(self, instant: datetime) -> int:
        """Seconds since midnight."""
        return round((instant - self._midnight).total_seconds())


class Places:
    """Zones as positions of a matrix."""

    def __init__(self, table: Journeys) -> None:
        self._table = table
        self.ids = sorted(table.zones)
        self.number = {ident: at for at, ident in enumerate(self.ids)}

    def matrix(self) -> Matrix:
        """Times and distances between all zones, by band."""
        table, bands = self._table, []
        for band, following in pairwise((*table.bands, None)):
            assert band is not None
            seconds = tuple(tuple(table.in_band(a, b, band).seconds for b in self.ids) for a in self.ids)
            bands.append(Band(following.from_minute * 60 if following is not None else MIDNIGHT, seconds))
        middle = table.bands[len(table.bands) // 2]
        metres = tuple(tuple(table.in_band(a, b, middle).metres for b in self.ids) for a in self.ids)
        return Matrix(tuple(table.zones[ident].name for ident in self.ids), metres, tuple(bands))


def stop_of(stop: StopOfDay, begins: int, leaves: int, places: Places) -> Stop:
    """A stop of a trip as one of a route."""
    doing = Doing.PICKUP if stop.halt.kind == "pickup" else Doing.DROPOFF
    ident = engine_id(stop.halt.request_id, stop.halt.leg)
    return Stop(doing, places.number[stop.halt.zone_id], begins, begins, leaves, ident)
