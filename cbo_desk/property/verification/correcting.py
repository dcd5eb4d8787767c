"""What a counter says after scanning: taken back, damaged, missing, finished. The register stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed
from cbo_desk.property.rules import CONDITIONS
from cbo_desk.property.verification.events import (
    CountMade,
    event_row,
    of_room,
    open_campaign_held,
    queue_reprint,
    room_held,
    undecided,
)
from cbo_desk.property.verification.lines import RoomLine
from cbo_desk.property.verification.opening import CAMPAIGN
from cbo_desk.property.verification.reading import taken_back
from cbo_desk.property.verification.rules import What, is_thing
from cbo_desk.tags import resolve, want_reprint
from db.property import Asset
from db.verification import CampaignCount

_CHUNK = 500
_COPIED = ("room_id", "what", "asset_id", "by_number", "condition", "text", "note", "listed_code", "before_id")


@deed("property.take_back_counts", "count")
def take_back_counts(session: Session, campaign_id: int, event_ids: Sequence[int]) -> CountMade:
    """Undo scans: they stay written and count no more."""
    open_campaign_held(session, campaign_id)
    events = _events(session, campaign_id, event_ids)
    gone = session.scalars(select(CampaignCount.id).where(taken_back(), CampaignCount.id.in_(event_ids[:_CHUNK]))).all()
    if gone or any(event.what == What.TAKEN_BACK for event in events):
        raise Refusal("This scan was taken back already.")
    rows = [
        event_row(session, campaign_id, {"room_id": e.room_id, "what": What.TAKEN_BACK, "undoes_id": e.id})
        for e in events
    ]
    session.execute(insert(CampaignCount), rows)
    reprints = [event.reprint_id for event in events if event.reprint_id]
    if reprints:
        want_reprint(session, reprints, False)
    back = Deed(put_back_counts, (campaign_id, tuple(event_ids)))
    said = f"{_these(session, events)} taken back."
    return CountMade(CAMPAIGN, (campaign_id,), said, back, what=What.TAKEN_BACK, room_id=events[0].room_id)


@deed("property.put_back_counts", "count")
def put_back_counts(session: Session, campaign_id: int, event_ids: Sequence[int]) -> CountMade:
    """Count again what was taken back by mistake."""
    open_campaign_held(session, campaign_id)
    events = _events(session, campaign_id, event_ids)
    made = _copy(session, campaign_id, events, {})
    back = Deed(take_back_counts, (campaign_id, tuple(made)))
    said = f"{_these(session, events)} counted again."
    event = made[-1]
    what = What(events[-1].what)
    return CountMade(CAMPAIGN, (campaign_id,), said, back, what=what, room_id=events[0].room_id, event_id=event)


@deed("property.describe_count", "count")
def describe_count(session: Session, campaign_id: int, event_id: int, condition: str, note: str = "") -> CountMade:
    """Say in what condition something was found, for instance that it is damaged."""
    if condition not in CONDITIONS:
        raise Refusal("The condition is new, good, fair, poor or broken.", "condition")
    [event] = _events(session, campaign_id, (event_id,))
    if not is_thing(What(event.what), event.asset_id):
        raise Refusal(f"{_these(session, [event])} is no thing that could be damaged. Scan the thing first.")
    take_back_counts(session, campaign_id, (event_id,))
    [made] = _copy(session, campaign_id, [event], {"condition": condition, "note": note.strip() or event.note})
    said = f"{_these(session, [event])}: {condition or 'no condition'} noted."
    changes = count_made(campaign_id, event.room_id, made, What(event.what), said)
    return replace(changes, undo=Deed(describe_count, (campaign_id, made, event.condition, event.note)))


@deed("property.mark_missing", "count")
def mark_missing(session: Session, campaign_id: int, room_id: int, asset_ids: Sequence[int] = ()) -> CountMade:
    """Say that what is still to be found in a room is not there: all of it, or only some assets."""
    open_campaign_held(session, campaign_id)
    assets = session.execute(undecided(campaign_id, room_id)).all()
    if asset_ids:
        assets = [row for row in assets if row[0] in set(asset_ids)]
    if not assets:
        raise Refusal("Nothing is left to find in this room.")
    values = {"room_id": room_id, "what": What.MISSING}
    rows = [
        event_row(session, campaign_id, {**values, "asset_id": ident, "listed_code": code}) for ident, code in assets
    ]
    made = tuple(session.scalars(insert(CampaignCount).returning(CampaignCount.id), rows))
    back = Deed(take_back_counts, (campaign_id, made))
    said = f"{len(made):,} {'asset' if len(made) == 1 else 'assets'} marked as missing."
    return CountMade(CAMPAIGN, (campaign_id,), said, back, what=What.MISSING, room_id=room_id, event_id=made[-1])


@deed("property.finish_room", "count")
def finish_room(session: Session, campaign_id: int, room_id: int) -> Changes:
    """Say that a room is counted; all that is expected there must be found or marked as missing."""
    campaign = open_campaign_held(session, campaign_id)
    room = room_held(session, campaign, room_id)
    left = len(session.execute(undecided(campaign_id, room_id)).all())
    if left:
        these = "1 asset is" if left == 1 else f"{left:,} assets are"
        raise Refusal(f"{these} still to be found in {room.place_code}. Scan them, or mark them as missing.")
    session.execute(of_room(campaign_id, room_id).values(finished_by=actor(session).login, finished_at=now(session)))
    back = Deed(reopen_room, (campaign_id, room_id))
    return Changes(CAMPAIGN, (campaign_id,), f"{room.place_code} is counted.", back)


@deed("property.reopen_room", "count")
def reopen_room(session: Session, campaign_id: int, room_id: int) -> Changes:
    """Count on in a room that was finished."""
    campaign = open_campaign_held(session, campaign_id)
    room = room_held(session, campaign, room_id)
    session.execute(of_room(campaign_id, room_id).values(finished_by="", finished_at=None))
    back = Deed(finish_room, (campaign_id, room_id))
    return Changes(CAMPAIGN, (campaign_id,), f"{room.place_code} is open again.", back)


def _events(session: Session, campaign_id: int, event_ids: Sequence[int]) -> list[CampaignCount]:
    found: dict[int, CampaignCount] = {}
    for start in range(0, len(event_ids), _CHUNK):
        some = event_ids[start : start + _CHUNK]
        wanted = select(CampaignCount).where(CampaignCount.campaign_id == campaign_id, CampaignCount.id.in_(some))
        found.update({event.id: event for event in session.scalars(wanted)})
    if not event_ids or len(found) != len(set(event_ids)):
        raise Refusal("This scan is not in the count.")
    return [found[ident] for ident in event_ids]


def _copy(session: Session, campaign_id: int, events: Sequence[CampaignCount], changed: dict[str, Any]) -> list[int]:
    """Add events once more, as they were but for what changed; reprints are queued again."""
    rows = []
    for event in events:
        copied = {name: getattr(event, name) for name in _COPIED}
        reprint = queue_reprint(session, event.asset_id) if event.by_number and event.asset_id else None
        rows.append(event_row(session, campaign_id, {**copied, "reprint_id": reprint, **changed}))
    return list(session.scalars(insert(CampaignCount).returning(CampaignCount.id, sort_by_parameter_order=True), rows))


def _these(session: Session, events: Sequence[CampaignCount]) -> str:
    if len(events) > 1:
        return f"{len(events):,} scans"
    [event] = events
    if event.asset_id is not None:
        return session.scalar(select(Asset.inventory_no).where(Asset.id == event.asset_id)) or event.text[:40]
    opened = resolve(session, event.text).opened if event.what == What.EXCEPTION else None
    return (opened.title if opened is not None else "") or event.text[:40]


def count_made(
    campaign_id: int,
    room_id: int,
    event: int,
    what: What,
    said: str,
    *,
    good: bool = True,
    line: RoomLine | None = None,
) -> CountMade:
    """What a command answers that wrote one event, with the way back."""
    return CountMade(
        CAMPAIGN,
        (campaign_id,),
        said,
        Deed(take_back_counts, (campaign_id, (event,))),
        what=what,
        room_id=room_id,
        event_id=event,
        good=good,
        line=line,
    )
