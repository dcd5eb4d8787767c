"""The places as a table for a file: the columns an import knows again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cbo_desk.office import Office
from cbo_desk.paging import PAGE
from cbo_desk.places.queries import PlaceList, PlaceRow
from cbo_desk.tabular import Column

COLUMNS = (
    Column("Code"),
    Column("Name"),
    Column("Kind"),
    Column("In"),
    Column("Occupier"),
    Column("Area in m²", "number"),
)


def rows(office: Office, listing: PlaceList) -> Iterator[tuple[Any, ...]]:
    """Every place of a list in its order, page by page."""
    for start in office.read(listing.outline).starts:
        for line in office.read(listing.page, start, PAGE):
            yield _row(line.row)


def _row(place: PlaceRow) -> tuple[Any, ...]:
    return place.code, place.name, place.kind.capitalize(), place.parent, place.occupier, place.area_m2
