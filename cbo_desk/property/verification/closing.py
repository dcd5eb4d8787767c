"""Closing rooms and campaigns: the only deeds of a count that change the register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from cbo_desk import bulk
from cbo_desk.changes import Changes
from cbo_desk.context import actor, now, today
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed, reads
from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from cbo_desk.property.rules import State
from cbo_desk.property.touching import KIND
from cbo_desk.property.verification import rules
from cbo_desk.property.verification.events import Held, campaign_held, of_room, open_campaign_held, room_held
from cbo_desk.property.verification.opening import CAMPAIGN
from cbo_desk.property.verification.reading import standings
from cbo_desk.property.verification.rooms import Spot, spots
from cbo_desk.property.verification.rules import DAMAGED, Counted, Registered, Verdict, What
from db.base import table_of
from db.property import Asset, AssetEvent
from db.verification import Campaign, CampaignItem, CampaignRoom

_CHUNK = 2_000
_EVENT = ("asset_id", "at", "by", "what", "state", "place_code", "custodian_name", "said")


@dataclass
class _Tally:
    """What closing did so far, for the sentence."""

    ids: list[int]
    moved: int = 0
    missing: int = 0
    damaged: int = 0
    overtaken: int = 0

    def said(self) -> str:
        """The figures in words."""
        these, moved = f"{Count(len(self.ids)):asset|assets}", f"{Count(self.moved):place|places}"
        return f"{these} counted, {moved} corrected, {self.missing:,} missing."


@dataclass(frozen=True)
class Outlook:
    """What closing would do now: assets that move, go missing or are changed otherwise, and those it leaves alone.

    `overtaken` were changed by hand after they were counted, `left` are expected and not said anything of,
    `unfinished` are the codes of rooms that are still counted.
    """

    counted: int
    moved: int
    missing: int
    damaged: int
    overtaken: int
    left: int
    unfinished: tuple[str, ...]


@reads("property", "look at counts")
def preview_closing(
    session: Session, campaign_id: int, room_id: int | None = None, progress: Progress | None = None
) -> Outlook:
    """What closing a room, or the whole campaign, would change in the register if it were done now."""
    campaign = campaign_held(session, campaign_id)
    wanted = select(CampaignRoom).where(CampaignRoom.campaign_id == campaign_id, CampaignRoom.closed_at.is_(None))
    if room_id is not None:
        wanted = wanted.where(CampaignRoom.place_id == room_id)
    rooms = {room.place_id: room for room in session.scalars(wanted.order_by(CampaignRoom.place_code))}
    stands = standings(session, campaign_id)
    seen = [event for event in stands.values() if event.room in rooms]
    where = spots(session)
    codes = {spot.room: spot for spot in where.values()}
    tally = _Tally([])
    for start in range(0, len(seen), _CHUNK):
        some = seen[start : start + _CHUNK]
        _sum_up(_judged(session, campaign, some, where, codes, held=False), codes, tally)
        (progress or Progress()).report(start + len(some), len(seen))
    return Outlook(
        counted=len(tally.ids),
        moved=tally.moved,
        missing=tally.missing,
        damaged=tally.damaged,
        overtaken=tally.overtaken,
        left=_left(session, campaign_id, set(rooms), stands),
        unfinished=tuple(room.place_code for room in rooms.values() if room.finished_at is None),
    )


def _left(session: Session, campaign_id: int, rooms: set[int], stands: dict[int, Counted]) -> int:
    """How many assets listed in rooms nothing is said of."""
    wanted = select(CampaignItem.asset_id, CampaignItem.room_id).where(CampaignItem.campaign_id == campaign_id)
    found = session.connection().execute(wanted).all()
    return sum(room in rooms and asset not in stands for asset, room in found)


def _sum_up(verdicts: Iterable[tuple[Counted, Verdict, Any]], codes: dict[int, Spot], tally: _Tally) -> None:
    """Add what a part would change to the tally."""
    for _event, found, asset in verdicts:
        if not found.said:
            continue
        tally.ids.append(asset.id)
        tally.moved += found.room is not None and found.room in codes
        tally.missing += found.state is State.MISSING
        tally.damaged += found.condition == DAMAGED
        tally.overtaken += found.overtaken


@deed("property.close_room", "close counts", Role.SUPERVISOR)
def close_room(session: Session, campaign_id: int, room_id: int, progress: Progress | None = None) -> Changes:
    """Bring what was counted in one finished room into the register; the room stands still from then on."""
    campaign = _held(session, campaign_id)
    room = room_held(session, campaign, room_id)
    if room.closed_at is not None:
        raise Refusal(f"{room.place_code} is closed already.")
    if room.finished_at is None:
        raise Refusal(f"{room.place_code} is still being counted. Finish it first.")
    tally = _bring_in(session, campaign, {room_id}, progress or Progress())
    session.execute(of_room(campaign_id, room_id).values(closed_by=actor(session).login, closed_at=now(session)))
    said = f"{room.place_code} closed: {tally.said()}"
    return Changes(KIND, tuple(tally.ids), said, also={CAMPAIGN: (campaign_id,)}, everything=len(tally.ids) > _CHUNK)


@deed("property.close_campaign", "close counts", Role.SUPERVISOR)
def close_campaign(session: Session, campaign_id: int, progress: Progress | None = None) -> Changes:
    """Bring all that was counted into the register and let the campaign stand still for good.

    What was neither found nor marked as missing stays as it is; the report names it as not counted.
    """
    campaign = _held(session, campaign_id)
    wanted = select(CampaignRoom.place_id).where(
        CampaignRoom.campaign_id == campaign_id, CampaignRoom.closed_at.is_(None)
    )
    rooms = set(session.scalars(wanted))
    tally = _bring_in(session, campaign, rooms, progress or Progress())
    shut = {"closed_by": actor(session).login, "closed_at": now(session)}
    open_rooms = (CampaignRoom.campaign_id == campaign_id, CampaignRoom.closed_at.is_(None))
    session.execute(update(CampaignRoom).where(*open_rooms).values(shut).execution_options(synchronize_session=False))
    session.execute(update(Campaign).where(Campaign.id == campaign_id).values(shut))
    said = f"{campaign.name} closed: {tally.said()}"
    return Changes(KIND, tuple(tally.ids), said, also={CAMPAIGN: (campaign_id,)}, everything=len(tally.ids) > _CHUNK)


def _held(session: Session, campaign_id: int) -> Held:
    """The campaign, held against every counter until the deed is done."""
    session.execute(select(Campaign.id).where(Campaign.id == campaign_id).with_for_update())
    return open_campaign_held(session, campaign_id)


def _bring_in(session: Session, campaign: Held, rooms: set[int], progress: Progress) -> _Tally:
    """Change the register by what was seen or missed in rooms."""
    progress.report(0)
    seen = [event for event in standings(session, campaign.id).values() if event.room in rooms]
    seen.sort(key=lambda event: event.asset_id or 0)
    where = spots(session)
    codes = {spot.room: spot for spot in where.values()}
    tally = _Tally([])
    for start in range(0, len(seen), _CHUNK):
        some = seen[start : start + _CHUNK]
        verdicts = list(_judged(session, campaign, some, where, codes))
        _write(session, verdicts, codes, tally)
        progress.report(start + len(some), len(seen))
    session.expire_all()
    return tally


def _judged(
    session: Session,
    campaign: Held,
    events: Sequence[Counted],
    where: dict[int, Spot],
    codes: dict[int, Spot],
    *,
    held: bool = True,
) -> Iterator[tuple[Counted, Verdict, Any]]:
    """Each event with its verdict and how the register has the asset now."""
    ids = [event.asset_id for event in events]
    columns = (Asset.id, Asset.state, Asset.place_id, Asset.place_code, Asset.custodian_name)
    wanted = select(*columns).where(Asset.id.in_(ids))
    if held:
        wanted = wanted.with_for_update()
    assets = {row.id: row for row in session.execute(wanted)}
    last = (
        select(AssetEvent.asset_id, func.max(AssetEvent.at))
        .where(AssetEvent.asset_id.in_(ids), AssetEvent.at > campaign.opened_at)
        .group_by(AssetEvent.asset_id)
    )
    touched = {row[0]: row[1] for row in session.execute(last)}
    for event in events:
        asset = assets[event.asset_id]
        room = where[asset.place_id].room if asset.place_id else None
        now_there = Registered(State(asset.state), room, touched.get(asset.id))
        spot = codes.get(event.room)
        code, kind = (spot.code, spot.kind) if spot else ("", "")
        yield event, rules.verdict(event, now_there, code, campaign.reference, kind), asset


def _write(
    session: Session, verdicts: Iterable[tuple[Counted, Verdict, Any]], codes: dict[int, Spot], tally: _Tally
) -> None:
    """Write one part: the changed assets, and an event for every one that the count says something of."""
    moves, states, conditions, events = [], [], [], []
    instant, who = now(session), actor(session).login
    for event, found, asset in verdicts:
        if not found.said:
            continue
        tally.ids.append(asset.id)
        place = asset.place_code
        if found.room is not None and found.room in codes:
            place = codes[found.room].code
            moves.append({"which": asset.id, "place_id": found.room, "place_code": place})
        if found.state is not None:
            states.append({"which": asset.id, "state": found.state})
        if found.condition is not None:
            conditions.append({"which": asset.id, "condition": found.condition})
        tally.missing += event.what is What.MISSING
        state = str(found.state or asset.state)
        events.append((asset.id, instant, who, "counted", state, place, asset.custodian_name, found.said))
    tally.moved += len(moves)
    table = table_of(Asset)
    since = {"state_since": today(session)}
    for rows, more in ((moves, {}), (states, since), (conditions, {})):
        if rows:
            fixed = {"changed_at": instant, "version": table.c.version + 1, **more}
            given: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "which"}
            statement = update(table).where(table.c.id == bindparam("which")).values({**given, **fixed})
            session.connection().execute(statement, rows)
    bulk.insert_rows(session, table_of(AssetEvent), _EVENT, events)
