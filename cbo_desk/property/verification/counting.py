"""What a counter does in a room: opens it by its door and scans what stands there. The register stays as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, literal_column, or_, select, text
from sqlalchemy.orm import Session

from cbo_desk.context import actor, local, now
from cbo_desk.errors import Refusal
from cbo_desk.folding import storable
from cbo_desk.permissions import deed
from cbo_desk.property.rules import CONDITIONS, ENDED, WORDS, State
from cbo_desk.property.verification import rules
from cbo_desk.property.verification.correcting import count_made
from cbo_desk.property.verification.events import (
    CountMade,
    Held,
    add_event,
    campaign_held,
    closed_words,
    of_room,
    open_campaign_held,
    queue_reprint,
    room_held,
)
from cbo_desk.property.verification.lines import RoomLine
from cbo_desk.property.verification.meeting import AssetMet, asset_met, meet
from cbo_desk.property.verification.opening import CAMPAIGN
from cbo_desk.property.verification.reading import taken_back
from cbo_desk.property.verification.recognising import Recognised, recognise
from cbo_desk.property.verification.rooms import spot_of
from cbo_desk.property.verification.rules import NOWHERE, SIGHTINGS, What
from cbo_desk.tags import keep_unknown_scan
from db.places import Place
from db.prepared import Prepared
from db.verification import CampaignCount, CampaignRoom


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
    scanned = storable(scanned)
    if condition not in CONDITIONS:
        raise Refusal("The condition is new, good, fair, poor or broken.", "condition")
    if not scanned.strip() and asset_id is None:
        raise Refusal("Nothing was scanned.")
    campaign = campaign_held(session, campaign_id)
    met = meet(session, campaign_id, room_id, scanned if asset_id is None else "")
    shut = _why_shut(campaign, met.room)
    if shut:
        return _keep_outside(session, room_id, scanned or f"asset {asset_id}", shut)
    values: dict[str, Any] = {"text": scanned[:2000], "condition": condition, "note": note.strip()}
    if met.asset is not None:
        found = Recognised(asset_id=met.asset.id, retired=met.retired)
    elif asset_id is not None:
        found = Recognised(asset_id=asset_id, by_number=True)
    else:
        found = recognise(session, campaign_id, scanned)
    if found.place_id is not None:
        return open_room(session, campaign_id, found.place_id)
    if room_id == NOWHERE:
        raise Refusal("Scan a door first, so that it is known which room is counted.")
    room = met.room or room_held(session, campaign, room_id)
    if found.asset_id is None:
        return _keep_in_room(session, room, found, values)
    return _count_asset(session, room, found, met.asset or asset_met(session, campaign_id, found.asset_id), values)


def _keep_in_room(session: Session, room: Any, found: Recognised, values: dict[str, Any]) -> CountMade:
    """Keep what is no asset that can be counted, with its text and why."""
    scanned = values["text"]
    values |= {"what": found.what, "note": " ".join(part for part in (found.why, values["note"]) if part)}
    event = add_event(session, room, values)
    said = found.why if found.what is What.EXCEPTION else f"Unknown tag kept: {scanned[:40]}. {found.why}"
    line = _line(session, event, found.what, values, scanned[:60], values["note"])
    return count_made(room.campaign_id, room.place_id, event, found.what, said.strip(), good=False, line=line)


def _count_asset(
    session: Session, room: Any, found: Recognised, asset: AssetMet | None, values: dict[str, Any]
) -> CountMade:
    campaign_id, room_id = room.campaign_id, room.place_id
    if asset is None:
        raise Refusal("This asset is no longer in the register.")
    what = rules.judge(asset.listed_room, room_id)
    said = _said(what, asset.inventory_no, asset.listed_code)
    notes = [values["note"]]
    if State(asset.state) in ENDED:
        what = What.EXCEPTION
        said = f"{asset.inventory_no} has been {WORDS[State(asset.state)].lower()} and is here all the same."
        notes.insert(0, said)
        said += " It is kept for the supervisor."
    before = _sighting(session, campaign_id, asset.id)
    if before is not None:
        said += f" {before.by} counted it in {before.place_code} at {local(before.at):%H:%M} already."
    untagged = found.by_number or found.retired
    reprint = queue_reprint(session, asset.id) if untagged else None
    if found.retired:
        said += " Its tag is retired; the new one is to be printed and put on."
    elif found.by_number:
        said += " Counted by its number; a tag is to be printed."
    values |= {
        "what": what,
        "asset_id": asset.id,
        "by_number": untagged,
        "listed_code": asset.listed_code,
        "before_id": before.id if before is not None else None,
        "reprint_id": reprint,
        "note": " ".join(part for part in notes if part),
    }
    event = add_event(session, room, values)
    line = _line(session, event, what, values, asset.inventory_no, asset.description)
    good = what is not What.EXCEPTION and before is None
    made = count_made(campaign_id, room_id, event, what, said, good=good, line=line)
    return replace(made, also={**made.also, "tags.tag": (reprint,)}) if reprint else made


def _line(session: Session, event: int, what: What, values: dict[str, Any], number: str, description: str) -> RoomLine:
    """The scan as the room's view shows it from now on."""
    return RoomLine(
        asset_id=values.get("asset_id"),
        inventory_no=number,
        description=description,
        what=what,
        event_id=event,
        at=now(session),
        by=actor(session).login,
        where=values.get("listed_code", ""),
        by_number=values.get("by_number", False),
        condition=values["condition"],
        note=values["note"],
    )


def _why_shut(campaign: Held, room: Any) -> str:
    """Why nothing can be counted in a room any more; empty where it can."""
    if campaign.closed_at is not None:
        return closed_words(campaign)
    if room is not None and room.closed_at is not None:
        return f"{room.place_code} is closed in {campaign.name}: nothing in it can be changed any more."
    return ""


def _keep_outside(session: Session, room_id: int, scanned: str, why: str) -> CountMade:
    place = room_id if session.get(Place, room_id) else None
    kept = keep_unknown_scan(session, scanned, place, why)
    return CountMade(kept.kind, kept.ids, f"{why} The scan is kept on the Today page.", good=False, room_id=room_id)


# Built once: putting a statement together takes longer than asking the database.
_LAST_SIGHTING = Prepared(
    select(CampaignCount.id, CampaignCount.by, CampaignCount.at, CampaignRoom.place_code)
    .join(
        CampaignRoom,
        (CampaignRoom.campaign_id == CampaignCount.campaign_id) & (CampaignRoom.place_id == CampaignCount.room_id),
    )
    .where(
        CampaignCount.campaign_id == bindparam("campaign"),
        CampaignCount.asset_id == bindparam("asset"),
        or_(*(CampaignCount.what == what for what in SIGHTINGS)),
        ~taken_back(),
    )
    .order_by(CampaignCount.id.desc())
    # Said in words: a statement whose limit is bound is planned anew by SQLite each time that it is run.
    .limit(literal_column("1"))
    .offset(literal_column("0"))
)


def _sighting(session: Session, campaign_id: int, asset_id: int) -> Any:
    """The last sighting of an asset that still holds; two counters of one asset come one after the other to ask."""
    if session.get_bind().dialect.name == "postgresql":
        key = {"key": f"campaign {campaign_id} asset {asset_id}"}
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), key)
    return _LAST_SIGHTING.one_or_none(session.connection(), {"campaign": campaign_id, "asset": asset_id})


def _said(what: What, number: str, listed: str) -> str:
    if what is What.HERE:
        return f"{number} found here."
    where = f"listed in {listed}" if listed else "listed at no place"
    if what is What.ELSEWHERE:
        return f"{number} is {where}. Its place is corrected when the room is closed."
    return f"{number} is not on the list of this count. The register has it {where.removeprefix('listed ')}."
