"""What every deed of a count shares: the campaign and room held, one event written, and the answer to the counter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, insert, select, text, update
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes
from cbo_desk.context import actor, local, now
from cbo_desk.errors import Refusal
from cbo_desk.property.touching import KIND
from cbo_desk.property.verification.lines import RoomLine
from cbo_desk.property.verification.opening import room_row
from cbo_desk.property.verification.reading import taken_back
from cbo_desk.property.verification.rooms import spot_of
from cbo_desk.property.verification.rules import What
from cbo_desk.tags import want_reprint
from db.base import table_of
from db.prepared import Prepared
from db.tags import Tag
from db.verification import Campaign, CampaignCount, CampaignItem, CampaignRoom


@dataclass(frozen=True)
class CountMade(Changes):
    """What became of a scan.

    `what` is None for a door and for a scan that was kept outside the campaign, `room_id` the room to count in from
    now on, `event_id` the event to take back (0: none), `good` whether the counter may go on without looking. `line` is
    what the room's view shows of the scan from now on.
    """

    what: What | None = None
    room_id: int = 0
    event_id: int = 0
    good: bool = True
    line: RoomLine | None = None


@dataclass(frozen=True)
class Held:
    """A campaign as a deed of a count finds it; it stays so until the deed is done."""

    id: int
    reference: str
    name: str
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str


_CAMPAIGN = table_of(Campaign).c
# Built once, and run without the unit of work: what a scan asks is the same every time, and there are many scans.
_HELD = Prepared(
    select(*(_CAMPAIGN[name] for name in ("id", "reference", "name", "opened_at", "closed_at", "closed_by")))
    .where(_CAMPAIGN.id == bindparam("campaign"))
    .with_for_update(read=True)
)
_ADD = Prepared(insert(table_of(CampaignCount)).returning(table_of(CampaignCount).c.id))
_BLANK: dict[str, Any] = {
    "asset_id": None, "by_number": False, "condition": "", "text": "", "note": "", "listed_code": "",
    "before_id": None, "reprint_id": None, "undoes_id": None,
}  # fmt: skip


def campaign_held(session: Session, campaign_id: int) -> Held:
    """The campaign, held against being closed while this deed is under way."""
    row = _HELD.one_or_none(session.connection(), {"campaign": campaign_id})
    if row is None:
        raise Refusal("This count is not there.")
    return Held(*row)


def open_campaign_held(session: Session, campaign_id: int) -> Held:
    """The same, refused once it is closed."""
    campaign = campaign_held(session, campaign_id)
    if campaign.closed_at is not None:
        raise Refusal(closed_words(campaign))
    return campaign


def closed_words(campaign: Held) -> str:
    """That a campaign is closed, as a sentence."""
    assert campaign.closed_at is not None
    when = f"{local(campaign.closed_at):%-d %b %Y, %H:%M}"
    return f"{campaign.name} was closed by {campaign.closed_by} on {when}: nothing in it can be changed any more."


def room_held(session: Session, campaign: Held, room_id: int) -> CampaignRoom:
    """A room of the campaign; one where nothing is expected is entered when it is first counted in."""
    room = session.get(CampaignRoom, (campaign.id, room_id))
    if room is not None:
        return room
    spot = spot_of(session, room_id)
    if spot is None or spot.room != room_id:
        raise Refusal("Scan a door first, so that it is known which room is counted.")
    if session.get_bind().dialect.name == "postgresql":
        # Two counters may come to it at once.
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('campaign_room'), :id)"), {"id": room_id})
        session.expire_all()
        room = session.get(CampaignRoom, (campaign.id, room_id))
    if room is None:
        session.execute(insert(CampaignRoom), [room_row(campaign.id, spot, 0)])
    return session.get_one(CampaignRoom, (campaign.id, room_id))


def of_room(campaign_id: int, room_id: int) -> Any:
    """A change of one room, values to be given."""
    return update(CampaignRoom).where(CampaignRoom.campaign_id == campaign_id, CampaignRoom.place_id == room_id)


def undecided(campaign_id: int, room_id: int) -> Any:
    """The assets listed in a room of which nothing is said yet, in the order of their numbers."""
    said = exists().where(
        CampaignCount.campaign_id == campaign_id,
        CampaignCount.asset_id == CampaignItem.asset_id,
        CampaignCount.what != What.TAKEN_BACK,
        ~taken_back(),
    )
    return (
        select(CampaignItem.asset_id, CampaignItem.place_code)
        .where(CampaignItem.campaign_id == campaign_id, CampaignItem.room_id == room_id, ~said)
        .order_by(CampaignItem.inventory_no, CampaignItem.asset_id)
    )


def queue_reprint(session: Session, asset_id: int) -> int | None:
    """Queue the asset's tag to be printed again; None where it waits already or there is none."""
    tag = session.scalar(
        select(Tag.id).where(
            Tag.subject_kind == KIND, Tag.subject_id == asset_id, Tag.ours, Tag.retired_at.is_(None),
            ~Tag.reprint_wanted,
        )
    )  # fmt: skip
    if tag is not None:
        want_reprint(session, [tag])
    return tag


def event_row(session: Session, campaign_id: int, values: dict[str, Any]) -> dict[str, Any]:
    """One event of the person at work, as its table keeps it."""
    who = actor(session)
    return {"campaign_id": campaign_id, "at": now(session), "by": who.login, "workstation": who.workstation, **values}


def add_event(session: Session, room: Any, values: dict[str, Any]) -> int:
    """Add one event; a counter who came here without scanning the door is known to count here from now on."""
    who = actor(session).login
    if room.counting_by != who or room.finished_at is not None:
        changed = {"counting_by": who, "counting_at": now(session), "finished_by": "", "finished_at": None}
        session.execute(of_room(room.campaign_id, room.place_id).values(changed))
    row = event_row(session, room.campaign_id, {**_BLANK, "room_id": room.place_id, **values})
    return int(_ADD.one(session.connection(), row).id)
