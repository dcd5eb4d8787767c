"""Travel times from a routing server that the site names: OSRM's table or Valhalla's matrix, asked off the GUI thread.

Plain HTTP with the standard library; bounded in time and size. Zones without coordinates are left out. A server that
does not answer, or answers nonsense, changes nothing: it is a trouble, told in words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from cbo_desk.errors import Refusal, Trouble
from cbo_desk.transport.journeys import ZonePoint

TIMEOUT_S = 20
MOST_ZONES = 100
"""OSRM's own default for one table."""
MOST_BYTES = 4_000_000


@dataclass(frozen=True)
class Way:
    """What a server says of the way from one zone to another."""

    from_zone_id: int
    to_zone_id: int
    seconds: int
    metres: int


def ask_server(address: str, points: Sequence[ZonePoint], timeout: float = TIMEOUT_S) -> list[Way]:
    """Ask for every pair of zones. `address` begins with osrm+http:// or valhalla+http:// (or …+https://).

    Raises Refusal for an address that is none, Trouble where the server cannot be had or makes no sense.
    """
    kind, _, url = address.strip().rstrip("/").partition("+")
    if kind not in ("osrm", "valhalla") or urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise Refusal("Write the address as osrm+http://host:5000 or valhalla+http://host:8002.", "address")
    known = [point for point in points if point.latitude is not None and point.longitude is not None]
    if len(known) < 2:
        raise Refusal("Two zones with coordinates are needed at least.")
    if len(known) > MOST_ZONES:
        raise Refusal(f"A server is asked for {MOST_ZONES} zones at most; there are {len(known)}.")
    told = _osrm(url, known, timeout) if kind == "osrm" else _valhalla(url, known, timeout)
    try:
        return [
            Way(start.id, end.id, round(float(seconds)), round(float(metres)))
            for start, row in zip(known, told, strict=True)
            for end, (seconds, metres) in zip(known, row, strict=True)
            if start.id != end.id and seconds is not None and float(seconds) >= 0
        ]
    except (TypeError, ValueError) as error:
        raise Trouble("The routing server answered something else than times. Nothing was changed.") from error


def _osrm(url: str, points: Sequence[ZonePoint], timeout: float) -> list[list[tuple[Any, Any]]]:
    places = ";".join(f"{point.longitude:.6f},{point.latitude:.6f}" for point in points)
    found = _fetch(Request(f"{url}/table/v1/driving/{places}?annotations=duration,distance"), timeout)
    try:
        if found["code"] != "Ok":
            raise Trouble(f"The routing server says: {found.get('message', found['code'])}. Nothing was changed.")
        times, ways = found["durations"], found.get("distances") or [[0] * len(points)] * len(points)
        return [list(zip(row, way, strict=True)) for row, way in zip(times, ways, strict=True)]
    except (KeyError, TypeError, ValueError) as error:
        raise Trouble("The routing server answered something else than times. Nothing was changed.") from error


def _valhalla(url: str, points: Sequence[ZonePoint], timeout: float) -> list[list[tuple[Any, Any]]]:
    places = [{"lat": point.latitude, "lon": point.longitude} for point in points]
    body = json.dumps({"sources": places, "targets": places, "costing": "auto", "units": "kilometers"}).encode()
    request = Request(f"{url}/sources_to_targets", body, {"Content-Type": "application/json"})
    found = _fetch(request, timeout)
    try:
        return [
            [(cell["time"], None if cell["distance"] is None else float(cell["distance"]) * 1000) for cell in row]
            for row in found["sources_to_targets"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise Trouble("The routing server answered something else than times. Nothing was changed.") from error


def _fetch(request: Request, timeout: float) -> Any:
    try:
        with urlopen(request, timeout=timeout) as answer:  # the address was checked to be http
            content = answer.read(MOST_BYTES + 1)
    except HTTPError as error:
        with error:
            raise Trouble(f"The routing server answered with {error.code}. Nothing was changed.") from error
    except (URLError, TimeoutError, OSError) as error:
        raise Trouble("The routing server did not answer. Nothing was changed; try again.") from error
    if len(content) > MOST_BYTES:
        raise Trouble("The routing server's answer is too large. Nothing was changed.")
    try:
        return json.loads(content)
    except ValueError as error:
        raise Trouble("The routing server answered something else than times. Nothing was changed.") from error
