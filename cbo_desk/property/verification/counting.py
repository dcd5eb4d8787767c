"""What a counter does in a room: opens it by its door and scans what stands there. The register stays as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from cbo_desk.context import actor, local, now
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed
from cbo_desk.property.rules import CONDITIONS, ENDED, WORDS, State
from cbo_desk.property.verification import rules
from cbo_desk.property.verification.correcting import count_made
from cbo_desk.property.verification.events import (
    CountMade,
    add_event,
    campaign_held,
    closed_words,
    of_room,
    open_campaign_held,
    queue_reprint,
    room_held,
)
from cbo_desk.property.verification.opening import CAMPAIGN
from cbo_desk.property.verification.reading import taken_back
from cbo_desk.property.verification.recognising import Recognised, recognise
from cbo_desk.property.verification.rooms import spot_of
from cbo_desk.property.verification.rules import SIGHTINGS, What
from cbo_desk.tags import keep_unknown_scan
from db.places import Place
from db.property import Asset
from db.verification import Campaign, CampaignCount, CampaignItem, CampaignRoom


@deed("property.open_room", "count")
def open_room(session: Session, campaign_id: int, place_id: int) -> CountMade:
    """Begin to count in a room, also one where the list expects nothing; a shelf opens the room around it."""
    campaign = open_campaign_held(session, campaign_id)
    spot = spot_of(session, place_id)
    if spot is None:
        raise Refusal("This place is gone. Scan another door.")
    room = room_held(session, campaign, spot.room)
    if room.closed_at is not None:
        raise Refusal(f"{room.place_code} is closed in {campaign.name}: nothing in it can be changed any more.")
    session.execute(of_room(campaign_id, spot.room).values(counting_by=actor(session).login, counting_at=now(session)))
    said = f"Counting in {spot.code}: {room.expected:,} expected."
    return CountMade(CAMPAIGN, (campaign_id,), said, room_id=spot.room)


@deed("property.count_item", "count")
def count_item(
    session: Session,
    campaign_id: int,
    room_id: int,
    scanned: str = "",
    asset_id: int | None = None,
    condition: str = "",
    note: str = "",
) -> CountMade:
    """Count one thing in a room: by its scanned tag, or, without one, by the asset that the counter chose.

    Nothing scanned is lost: what is no asset is kept with its text, and a scan for a closed campaign or room is kept
    among the unknown scans.
    """
    if condition not in CONDITIONS:
        raise Refusal("The condition is new, good, fair, poor or broken.", "condition")
    if not scanned.strip() and asset_id is None:
        raise Refusal("Nothing was scanned.")
    campaign = campaign_held(session, campaign_id)
    shut = _why_shut(session, campaign, room_id)
    if shut:
        return _keep_outside(session, room_id, scanned or f"asset {asset_id}", shut)
    found = Recognised(asset_id=asset_id, by_number=True) if asset_id else recognise(session, campaign_id, scanned)
    if found.place_id is not None:
        return open_room(session, campaign_id, found.place_id)
    room = room_held(session, campaign, room_id)
    values: dict[str, Any] = {"text": scanned[:2000], "condition": condition, "note": note.strip()}
    if found.asset_id is None:
        values |= {"what": found.what, "note": " ".join(part for part in (found.why, note.strip()) if part)}
        event = add_event(session, campaign_id, room_id, values)
        said = found.why if found.what is What.EXCEPTION else f"Unknown tag kept: {scanned[:40]}. {found.why}"
        return count_made(campaign_id, room_id, event, found.what, said.strip(), good=False)
    return _count_asset(session, room, found, values)


def _count_asset(session: Session, room: CampaignRoom, found: Recognised, values: dict[str, Any]) -> CountMade:
    assert found.asset_id is not None
    campaign_id, room_id = room.campaign_id, room.place_id
    _one_at_a_time(session, campaign_id, found.asset_id)
    columns = (Asset.inventory_no, Asset.state, Asset.place_code)
    asset = session.execute(select(*columns).where(Asset.id == found.asset_id)).one_or_none()
    if asset is None:
        raise Refusal("This asset is no longer in the register.")
    listed = session.execute(
        select(CampaignItem.room_id, CampaignItem.place_code).where(
            CampaignItem.campaign_id == campaign_id, CampaignItem.asset_id == found.asset_id
        )
    ).one_or_none()
    what = rules.judge(listed.room_id if listed else None, room_id)
    said = _said(what, asset.inventory_no, listed.place_code if listed else asset.place_code)
    notes = [values["note"]]
    if State(asset.state) in ENDED:
        what = What.EXCEPTION
        said = f"{asset.inventory_no} has been {WORDS[State(asset.state)].lower()} and is here all the same."
        notes.insert(0, said)
        said += " It is kept for the supervisor."
    before = _sighting(session, campaign_id, found.asset_id)
    if before is not None:
        said += f" {before.by} counted it in {before.place_code} at {local(before.at):%H:%M} already."
    reprint = queue_reprint(session, found.asset_id) if found.by_number or found.retired else None
    if found.retired:
        said += " Its tag is retired; the new one is to be printed and put on."
    elif found.by_number:
        said += " Counted by its number; a tag is to be printed."
    values |= {
        "what": what,
        "asset_id": found.asset_id,
        "by_number": found.by_number or found.retired,
        "listed_code": listed.place_code if listed else asset.place_code,
        "before_id": before.id if before is not None else None,
        "reprint_id": reprint,
        "note": " ".join(part for part in notes if part),
    }
    event = add_event(session, campaign_id, room_id, values)
    made = count_made(campaign_id, room_id, event, what, said, good=what is not What.EXCEPTION and before is None)
    return replace(made, also={**made.also, "tags.tag": (reprint,)}) if reprint else made


def _why_shut(session: Session, campaign: Campaign, room_id: int) -> str:
    """Why nothing can be counted in a room any more; empty where it can."""
    if campaign.closed_at is not None:
        return closed_words(campaign)
    room = session.get(CampaignRoom, (campaign.id, room_id))
    if room is not None and room.closed_at is not None:
        return f"{room.place_code} is closed in {campaign.name}: nothing in it can be changed any more."
    return ""


def _keep_outside(session: Session, room_id: int, scanned: str, why: str) -> CountMade:
    place = room_id if session.get(Place, room_id) else None
    kept = keep_unknown_scan(session, scanned, place, why)
    return CountMade(kept.kind, kept.ids, f"{why} The scan is kept on the Today page.", good=False, room_id=room_id)


def _one_at_a_time(session: Session, campaign_id: int, asset_id: int) -> None:
    """Let two counters of one asset come one after the other, so that the second hears of the first."""
    if session.get_bind().dialect.name == "postgresql":
        key = {"key": f"campaign {campaign_id} asset {asset_id}"}
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), key)


# Built once: putting a statement together takes longer than asking the database.
_LAST_SIGHTING = (
    select(CampaignCount.id, CampaignCount.by, CampaignCount.at, CampaignRoom.place_code)
    .join(
        CampaignRoom,
        (CampaignRoom.campaign_id == CampaignCount.campaign_id) & (CampaignRoom.place_id == CampaignCount.room_id),
    )
    .where(
        CampaignCount.campaign_id == bindparam("campaign"),
        CampaignCount.asset_id == bindparam("asset"),
        CampaignCount.what.in_(SIGHTINGS),
        ~taken_back(),
    )
    .order_by(CampaignCount.id.desc())
    .limit(1)
)


def _sighting(session: Session, campaign_id: int, asset_id: int) -> Any:
    """The last sighting of an asset that still holds."""
    return session.execute(_LAST_SIGHTING, {"campaign": campaign_id, "asset": asset_id}).one_or_none()


def _said(what: What, number: str, listed: str) -> str:
    if what is What.HERE:
        return f"{number} found here."
    where = f"listed in {listed}" if listed else "listed at no place"
    if what is What.ELSEWHERE:
        return f"{number} is {where}. Its place is corrected when the room is closed."
    return f"{number} is not on the list of this campaign. The register has it {where.removeprefix('listed ')}."
