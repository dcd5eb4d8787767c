"""The matrix of travel times as a file that staff edit: one line for each pair of zones and band, with its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from cbo_desk.errors import Faults, Refusal
from cbo_desk.permissions import reads
from cbo_desk.tabular import Column
from cbo_desk.transport.files import lines_of
from cbo_desk.transport.zones import CellForm, travel_table, zones

COLUMNS = (
    Column("From"),
    Column("To"),
    Column("Band"),
    Column("Minutes", "number"),
    Column("Kilometres", "number"),
    Column("Source"),
    Column("Trips", "number"),
)
MOST_MINUTES = 24 * 60
MOST_KM = 2_000


@dataclass(frozen=True)
class TravelLine:
    """One travel time as the table shows it."""

    from_zone_id: int
    to_zone_id: int
    band_id: int
    start: str
    end: str
    band: str
    seconds: int
    metres: int
    source: str
    trips: int


@reads("transport", "look at travel times")
def travel_lines(session: Session) -> list[TravelLine]:
    """A line for each pair of zones in use and band, what is not known filled in as assumed."""
    table = travel_table(session)
    offered = zones(session)
    found = []
    for start in offered:
        for end in offered:
            if start.id == end.id:
                continue
            for band in table.bands:
                leg = table.in_band(start.id, end.id, band)
                found.append(
                    TravelLine(start.id, end.id, band.id, start.code, end.code, band.code, leg.seconds, leg.metres,
                               leg.source, leg.trips)
                )  # fmt: skip
    return found


def file_rows(lines: list[TravelLine]) -> Iterator[tuple[Any, ...]]:
    """The lines as cells of a file."""
    for line in lines:
        minutes, km = round(line.seconds / 60, 1), round(line.metres / 1000, 1)
        yield line.start, line.end, line.band, minutes, km, line.source, line.trips


@reads("transport", "look at travel times")
def read_times(session: Session, path: Path) -> list[CellForm]:
    """The times of a CSV file that differ from what is known, as given by staff. Raises Faults that name each line.

    A line needs From, To, Band and Minutes; zones and bands are named by their codes. Nothing is taken from a file
    with a fault in it.
    """
    table = travel_table(session)
    zone = {row.code.casefold(): row.id for row in zones(session)} | {r.name.casefold(): r.id for r in zones(session)}
    band = {each.code.casefold(): each for each in table.bands}
    faults: dict[str, str] = {}
    cells: dict[tuple[int, int, int], CellForm] = {}
    first: dict[tuple[int, int, int], tuple[int, int, float]] = {}
    for number, row in lines_of(path, ("from", "to", "band", "minutes")):
        try:
            start, end = (_known(zone, row.get(name, ""), "zone") for name in ("from", "to"))
            there = _known(band, row.get("band", ""), "band")
            seconds = round(60 * _number(row.get("minutes", ""), MOST_MINUTES, "minutes"))
            km = _number(row.get("kilometres", "") or "0", MOST_KM, "kilometres")
        except Refusal as refusal:
            faults[f"line {number}"] = f"Line {number}: {refusal}"
            continue
        earlier, *said = first.setdefault((start, end, there.id), (number, seconds, km))
        if said != [seconds, km]:
            words = f"this way and band stand in line {earlier} already, with another time"
            faults[f"line {number}"] = f"Line {number}: {words}."
            continue
        known = table.in_band(start, end, there)
        metres = round(km * 1000) or known.metres
        # A line that was exported and not touched says nothing new, whatever its source.
        same = abs(known.seconds - seconds) < 6 and abs(known.metres - metres) < 100
        if not same:
            cells[start, end, there.id] = CellForm(start, end, there.id, seconds, metres)
    if faults:
        raise Faults(faults)
    return list(cells.values())


def _known(among: dict[str, Any], typed: str, what: str) -> Any:
    found = among.get(" ".join(typed.split()).casefold())
    if found is None:
        some = ", ".join(sorted({key.upper() for key in among if " " not in key})[:8])
        raise Refusal(f"there is no {what} “{typed}”. Known are {some}.")
    return found


def _number(typed: str, most: float, what: str) -> float:
    try:
        value = float(typed.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= most:
        raise Refusal(f"{what} “{typed}” is no number between 0 and {most:,}.")
    return value
