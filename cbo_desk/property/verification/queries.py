"""What a count shows: its rooms and figures, one room at a glance, who counts where. Rows leave as plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from cbo_desk.property.verification.reading import last_words
from cbo_desk.property.verification.rules import What
from db.verification import Campaign, CampaignCount, CampaignItem, CampaignRoom


@dataclass(frozen=True)
class CampaignLine:
    """One campaign in the list; `closed_at` None while it is open."""

    id: int
    reference: str
    name: str
    opened_at: datetime
    opened_by: str
    expected: int
    closed_at: datetime | None
    closed_by: str


class Room(NamedTuple):
    """How far the count of one room is; the figures are of the assets that the list has there, but for `not_expected`.

    `state` is "closed", "counted", "counting" or "waiting"; `differs` says that something is missing, elsewhere or
    not expected.
    """

    place_id: int
    code: str
    building: str
    floor: str
    expected: int
    found: int
    elsewhere: int
    missing: int
    not_expected: int
    state: str
    counting_by: str

    @property
    def decided(self) -> int:
        """Of how many of the expected something is known."""
        return self.found + self.elsewhere + self.missing

    @property
    def differs(self) -> bool:
        """Whether somebody has to look at this room."""
        return bool(self.elsewhere or self.missing or self.not_expected)


@dataclass(frozen=True)
class CampaignCard:
    """One campaign with the sums over its rooms."""

    line: CampaignLine
    rooms: int
    rooms_counted: int
    found: int
    elsewhere: int
    missing: int
    not_expected: int

    @property
    def left(self) -> int:
        """How many of the expected assets nothing is known of."""
        return self.line.expected - self.found - self.elsewhere - self.missing


@dataclass(frozen=True)
class Counting:
    """Somebody who counts, the room they are in and since when."""

    login: str
    room: str
    since: datetime


_LINE = (
    Campaign.id,
    Campaign.reference,
    Campaign.name,
    Campaign.opened_at,
    Campaign.opened_by,
    func.coalesce(Campaign.expected, 0),
    Campaign.closed_at,
    Campaign.closed_by,
)


@reads("property", "look at counts")
def campaigns(session: Session) -> list[CampaignLine]:
    """Every campaign, the open ones first, the newest before the older."""
    wanted = select(*_LINE).order_by(Campaign.closed_at.is_not(None), Campaign.id.desc())
    return [CampaignLine(*row) for row in session.execute(wanted)]


@dataclass(frozen=True)
class CampaignProgress:
    """How far a campaign is at one moment: the whole, its rooms, and who counts where."""

    card: CampaignCard
    rooms: tuple[Room, ...]
    counting: tuple[Counting, ...]


@reads("property", "look at counts")
def campaign_progress(session: Session, campaign_id: int) -> CampaignProgress:
    """One campaign with its rooms and counters; Refusal where there is none."""
    row = session.execute(select(*_LINE).where(Campaign.id == campaign_id)).one_or_none()
    if row is None:
        raise Refusal("This count is not there.")
    rooms = progress_by_room(session, campaign_id)
    card = CampaignCard(
        CampaignLine(*row),
        rooms=len(rooms),
        rooms_counted=sum(room.state in ("counted", "closed") for room in rooms),
        found=sum(room.found for room in rooms),
        elsewhere=sum(room.elsewhere for room in rooms),
        missing=sum(room.missing for room in rooms),
        not_expected=sum(room.not_expected for room in rooms),
    )
    return CampaignProgress(card, tuple(rooms), tuple(who_counts(session, campaign_id)))


@dataclass(frozen=True)
class RoomCounted:
    """A room that somebody began to count; `finished` is None while they are at it."""

    campaign_id: int
    campaign: str
    code: str
    by: str
    begun: datetime
    finished: datetime | None


@reads("property", "look at counts")
def rooms_counted_between(session: Session, starts: datetime, ends: datetime) -> list[RoomCounted]:
    """The rooms that were begun to be counted from an instant to another, the end not included, the first one first."""
    over = func.coalesce(CampaignRoom.finished_at, CampaignRoom.closed_at)
    wanted = (
        select(
            Campaign.id, Campaign.reference, CampaignRoom.place_code, CampaignRoom.counting_by,
            CampaignRoom.counting_at, over,
        )
        .join(CampaignRoom, CampaignRoom.campaign_id == Campaign.id)
        .where(
            CampaignRoom.counting_by != "", CampaignRoom.counting_at >= starts, CampaignRoom.counting_at < ends,
            # A count that was closed before has no room that began since: its thousands are not looked at.
            Campaign.closed_at.is_(None) | (Campaign.closed_at >= starts),
        )
        .order_by(CampaignRoom.counting_at, CampaignRoom.place_code)
    )  # fmt: skip
    return [
        RoomCounted(ident, name, code, by, begun, finished)
        for ident, name, code, by, begun, finished in session.execute(wanted)
        if begun is not None
    ]


@reads("property", "look at counts")
def campaign_card(session: Session, campaign_id: int) -> CampaignCard:
    """One campaign with the figures of the whole; Refusal where there is none."""
    return campaign_progress(session, campaign_id).card


def _spoken() -> Any:
    words = last_words(bindparam("campaign"))
    listed = (CampaignItem.campaign_id == bindparam("campaign")) & (CampaignItem.asset_id == words.c.asset_id)
    return (
        select(CampaignItem.room_id, CampaignCount.room_id, CampaignCount.what, func.count())
        .select_from(words)
        .join(CampaignCount, CampaignCount.id == words.c.event_id)
        .outerjoin(CampaignItem, listed)
        .group_by(CampaignItem.room_id, CampaignCount.room_id, CampaignCount.what)
    )


# Built once, and read without the unit of work: while somebody scans this is asked for again and again, and what it
# takes of the processor the scans wait for.
_SPOKEN = _spoken()
_ROOMS = (
    select(
        CampaignRoom.place_id, CampaignRoom.place_code, CampaignRoom.building, CampaignRoom.floor,
        CampaignRoom.expected, CampaignRoom.counting_by, CampaignRoom.finished_at.is_not(None),
        CampaignRoom.closed_at.is_not(None),
    )
    .where(CampaignRoom.campaign_id == bindparam("campaign"))
    .order_by(CampaignRoom.building, CampaignRoom.floor, CampaignRoom.place_code)
)  # fmt: skip
FIGURES = ("found", "elsewhere", "missing", "not_expected")


def figures_of(session: Session, campaign_id: int) -> dict[str, Counter[int]]:
    """The figures of every room by name and place: found, elsewhere, missing, not expected."""
    sums: dict[str, Counter[int]] = {name: Counter() for name in FIGURES}
    for listed, seen, what, number in session.connection().execute(_SPOKEN, {"campaign": campaign_id}).all():
        if what == What.MISSING:
            sums["missing"][listed] += number
        elif listed is None:
            sums["not_expected"][seen] += number
        elif listed == seen:
            sums["found"][seen] += number
        else:
            sums["elsewhere"][listed] += number
            sums["not_expected"][seen] += number
    return sums


@reads("property", "look at counts")
def progress_by_room(session: Session, campaign_id: int) -> list[Room]:
    """How far every room is, ordered by building, floor and code."""
    sums = figures_of(session, campaign_id)
    rows = session.connection().execute(_ROOMS, {"campaign": campaign_id}).all()
    return [with_figures(room_of(*row), sums) for row in rows]


def room_of(
    place: int, code: str, building: str, floor: str, expected: int, by: str, finished: Any, closed: Any
) -> Room:
    """A room without its figures."""
    return Room(place, code, building, floor, expected, 0, 0, 0, 0, _state(by, finished, closed), by)


def with_figures(room: Room, sums: Mapping[str, Mapping[int, int]]) -> Room:
    """The room with the figures of `figures_of`."""
    place = room.place_id
    if not any(place in sums[name] for name in FIGURES):
        return room
    found, elsewhere, missing, extra = (sums[name].get(place, 0) for name in FIGURES)
    return Room(*room[:5], found, elsewhere, missing, extra, *room[9:])


def state_of(room: CampaignRoom) -> str:
    """How far a room is, in one word."""
    return _state(room.counting_by, room.finished_at, room.closed_at)


def _state(by: str, finished: Any, closed: Any) -> str:
    return "closed" if closed else "counted" if finished else "counting" if by else "waiting"


@reads("property", "look at counts")
def who_counts(session: Session, campaign_id: int) -> list[Counting]:
    """Who counts in which room that is not finished, the latest first."""
    wanted = (
        select(CampaignRoom.counting_by, CampaignRoom.place_code, CampaignRoom.counting_at)
        .where(
            CampaignRoom.campaign_id == campaign_id,
            CampaignRoom.counting_by != "",
            CampaignRoom.counting_at.is_not(None),
            CampaignRoom.finished_at.is_(None),
            CampaignRoom.closed_at.is_(None),
        )
        .order_by(CampaignRoom.counting_at.desc())
    )
    return [Counting(login, code, at) for login, code, at in session.execute(wanted) if at is not None]
