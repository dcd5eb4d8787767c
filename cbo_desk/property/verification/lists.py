"""The lists of a count: campaigns, and the rooms of one, read by pages and written to files as they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from cbo_desk import paging
from cbo_desk.context import local
from cbo_desk.office import Office
from cbo_desk.permissions import reads
from cbo_desk.property.verification.opening import CAMPAIGN
from cbo_desk.property.verification.queries import CampaignLine, Room, figures_of, room_of, with_figures
from cbo_desk.tabular import Column
from db.verification import Campaign, CampaignRoom

CAMPAIGN_SORTS: Mapping[str, tuple[Any, ...]] = {
    "reference": (Campaign.reference, Campaign.id),
    "opened": (Campaign.opened_at, Campaign.id),
    "name": (Campaign.name, Campaign.id),
}
ROOM_SORTS: Mapping[str, tuple[Any, ...]] = {
    "place": (CampaignRoom.building, CampaignRoom.floor, CampaignRoom.place_code, CampaignRoom.place_id),
    "room": (CampaignRoom.place_code, CampaignRoom.place_id),
    "expected": (CampaignRoom.expected, CampaignRoom.place_id),
}
CAMPAIGN_COLUMNS = (
    Column("Reference"),
    Column("Name"),
    Column("Opened", "moment"),
    Column("Opened by"),
    Column("Expected", "integer"),
    Column("Closed", "moment"),
    Column("Closed by"),
)
ROOM_COLUMNS = (
    Column("Room"),
    Column("Building"),
    Column("Floor"),
    Column("Expected", "integer"),
    Column("Found", "integer"),
    Column("Elsewhere", "integer"),
    Column("Missing", "integer"),
    Column("Not expected", "integer"),
    Column("State"),
    Column("Counted by"),
)


def _holding(columns: tuple[Any, ...], words: str) -> Any:
    """Rows in which every word stands in one of the columns."""
    parts = [or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words.split()]
    return and_(*parts) if parts else true()


@reads("property", "look at counts")
class CampaignList(paging.PagedList[CampaignLine]):
    """Campaigns that hold words: all of them, only "open" or only "closed" ones."""

    kind = CAMPAIGN

    def __init__(self, words: str = "", sort: str = "opened", descending: bool = True, state: str = "") -> None:
        lines = select(
            Campaign.id, Campaign.reference, Campaign.name, Campaign.opened_at, Campaign.opened_by,
            func.coalesce(Campaign.expected, 0), Campaign.closed_at, Campaign.closed_by,
        )  # fmt: skip
        wanted = [_holding((Campaign.reference, Campaign.name, Campaign.opened_by), words)]
        if state:
            wanted.append(Campaign.closed_at.is_(None) if state == "open" else Campaign.closed_at.is_not(None))
        super().__init__(lines, Campaign.id, paging.Sort(CAMPAIGN_SORTS[sort], descending), and_(*wanted))

    def row_of(self, values: Any) -> CampaignLine:
        """The plain campaign."""
        return CampaignLine(*values[:8])


@dataclass(frozen=True)
class RoomFilter:
    """Which rooms of a campaign are listed; `state` is as in `Room`, or empty for all."""

    campaign_id: int
    words: str = ""
    state: str = ""
    building: str = ""
    floor: str = ""


_STATES: Mapping[str, Any] = {
    "closed": CampaignRoom.closed_at.is_not(None),
    "counted": and_(CampaignRoom.closed_at.is_(None), CampaignRoom.finished_at.is_not(None)),
    "counting": and_(
        CampaignRoom.closed_at.is_(None), CampaignRoom.finished_at.is_(None), CampaignRoom.counting_by != ""
    ),
    "waiting": and_(
        CampaignRoom.closed_at.is_(None), CampaignRoom.finished_at.is_(None), CampaignRoom.counting_by == ""
    ),
}


@reads("property", "look at counts")
class RoomList(paging.PagedList[Room]):
    """The rooms of a campaign with how far each is."""

    kind = "property.campaign_room"

    def __init__(self, wanted: RoomFilter, sort: str = "place", descending: bool = False) -> None:
        parts = [CampaignRoom.campaign_id == wanted.campaign_id]
        parts.append(_holding((CampaignRoom.place_code, CampaignRoom.building, CampaignRoom.counting_by), wanted.words))
        if wanted.state:
            parts.append(_STATES[wanted.state])
        if wanted.building:
            parts.append(CampaignRoom.building == wanted.building)
        if wanted.floor:
            parts.append(CampaignRoom.floor == wanted.floor)
        lines = select(
            CampaignRoom.place_id, CampaignRoom.place_code, CampaignRoom.building, CampaignRoom.floor,
            CampaignRoom.expected, CampaignRoom.counting_by, CampaignRoom.finished_at, CampaignRoom.closed_at,
        )  # fmt: skip
        super().__init__(lines, CampaignRoom.place_id, paging.Sort(ROOM_SORTS[sort], descending), and_(*parts))
        self._campaign = wanted.campaign_id

    def is_long(self, session: Session) -> bool:
        """A campaign has some thousand rooms at most, and the table's own key finds them."""
        return False

    def row_of(self, values: Any) -> Room:
        """The room without its figures, which `_read` adds for a page at a time."""
        return room_of(*values[:8])

    def _read(self, session: Session, wanted: Select[Any]) -> list[paging.Line[Room]]:
        lines = super()._read(session, wanted)
        if not lines:
            return lines
        sums = figures_of(session, self._campaign)
        return [replace(line, row=with_figures(line.row, sums)) for line in lines]


def campaign_rows(office: Office, listing: CampaignList) -> Iterator[tuple[Any, ...]]:
    """Every campaign of a list in its order."""
    for start in office.read(listing.outline).starts:
        for line in office.read(listing.page, start, paging.PAGE):
            one = line.row
            opened, closed = _moment(one.opened_at), _moment(one.closed_at)
            yield one.reference, one.name, opened, one.opened_by, one.expected, closed, one.closed_by


def room_rows(office: Office, listing: RoomList) -> Iterator[tuple[Any, ...]]:
    """Every room of a list in its order."""
    for start in office.read(listing.outline).starts:
        for line in office.read(listing.page, start, paging.PAGE):
            one = line.row
            figures = (one.expected, one.found, one.elsewhere, one.missing, one.not_expected)
            yield (one.code, one.building, one.floor, *figures, one.state, one.counting_by)


def _moment(instant: datetime | None) -> datetime | None:
    return local(instant).replace(tzinfo=None) if instant is not None else None
