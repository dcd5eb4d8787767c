"""How long a way takes: from a table of zones and bands of the day, and where it says nothing, by distance and speed.

Pure arithmetic. Every leg knows its source: given by staff, learnt from closed trips, told by a routing server, or
assumed from the distance as the crow flies times a detour, at the band's assumed speed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from statistics import median

from cbo_desk.zone import ZONE

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""
UNKNOWN = 1800
"""Seconds assumed where neither a time nor coordinates are known."""


@dataclass(frozen=True, slots=True)
class ZonePoint:
    """A zone with its coordinates, where they are known."""

    id: int
    code: str
    name: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class BandStart:
    """A band of the day: it begins at a minute and lasts until the next one; `speed_kmh` is assumed."""

    id: int
    code: str
    from_minute: int
    speed_kmh: int


@dataclass(frozen=True, slots=True)
class Leg:
    """How long and how far it is, how that is known, and of a learnt time from how many trips."""

    seconds: int
    metres: int
    source: str = "given"
    trips: int = 0

    @property
    def time(self) -> timedelta:
        """The seconds as a stretch of time."""
        return timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is reckoned with where nothing better is known; the site's settings say it.

    `detour` is how much longer roads are than the crow's flight, `speed_kmh` counts where the day has no bands, and
    `boarding` is how long a halt lasts at least.
    """

    detour: float
    speed_kmh: int
    boarding: timedelta


class Journeys:
    """The table of travel times; `leg(a, b, at)` answers for any two zones at any instant."""

    def __init__(
        self,
        zones: Sequence[ZonePoint],
        bands: Sequence[BandStart],
        cells: Mapping[tuple[int, int, int], Leg],
        assumed: Assumed,
    ) -> None:
        self._detour, self.boarding = assumed.detour, assumed.boarding
        self.zones = {zone.id: zone for zone in zones}
        self.bands = sorted(bands, key=lambda band: band.from_minute) or [
            BandStart(0, "day", 0, assumed.speed_kmh)
        ]
        self.cells = cells

    def band_at(self, at: datetime) -> BandStart:
        """The band an instant lies in; before the first of the day it is still the last one's."""
        there = at.astimezone(ZONE)
        minute = there.hour * 60 + there.minute
        return next((band for band in reversed(self.bands) if band.from_minute <= minute), self.bands[-1])

    def leg(self, start: int, end: int, at: datetime) -> Leg:
        """The way from one zone to another when leaving at an instant."""
        return self.in_band(start, end, self.band_at(at))

    def in_band(self, start: int, end: int, band: BandStart) -> Leg:
        """The way from one zone to another in a band."""
        known = self.cells.get((start, end, band.id))
        if known is not None:
            return known
        # Within a zone no time is lost unless staff say so.
        return Leg(0, 0, "assumed") if start == end else self.assumed(start, end, band)

    def assumed(self, start: int, end: int, band: BandStart) -> Leg:
        """The way by distance, detour and assumed speed."""
        apart = crow_km(self.zones[start], self.zones[end])
        if apart is None:
            return Leg(UNKNOWN, 0, "assumed")
        metres = round(apart * self._detour * 1000)
        return Leg(max(60, round(metres * 3.6 / band.speed_kmh)), metres, "assumed")


def crow_km(one: ZonePoint, other: ZonePoint) -> float | None:
    """Kilometres as the crow flies, by the haversine formula; None without coordinates."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    low, high = radians(one.latitude), radians(other.latitude)
    across = radians(other.longitude - one.longitude)
    half = sin((high - low) / 2) ** 2 + cos(low) * cos(high) * sin(across / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def learnt(seen: Sequence[int], before: int, weight: int) -> Leg | None:
    """A travel time from the seconds that closed trips took: their median, drawn towards what was held before.

    Few trips say little: with n of them the median counts n parts and what was held before `weight` parts. None without
    any trip.
    """
    if not seen:
        return None
    count = len(seen)
    return Leg(round((count * median(seen) + weight * before) / (count + weight)), 0, "learnt", count)
