"""One room of a count at a glance: scan a door, see what is expected, found, missing and not expected."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from cbo_desk.property.verification import rules
from cbo_desk.property.verification.lines import SHOWN_LAST, RoomLine, RoomView
from cbo_desk.property.verification.queries import state_of
from cbo_desk.property.verification.reading import COLUMNS, counted, taken_back
from cbo_desk.property.verification.rules import SIGHTINGS, Counted, What
from db.property import Asset
from db.verification import CampaignCount, CampaignItem, CampaignRoom

_CHUNK = 500


@reads("property", "look at counts")
def room_view(session: Session, campaign_id: int, room_id: int) -> RoomView:
    """One room of a campaign at a glance: what is expected, found, missing and not expected."""
    room = session.get(CampaignRoom, (campaign_id, room_id))
    if room is None:
        raise Refusal("This room is not in the count.")
    of_item = (CampaignItem.asset_id, CampaignItem.inventory_no, CampaignItem.description)
    listed = {
        row[0]: RoomLine(*row)
        for row in session.connection()
        .execute(
            select(*of_item)
            .where(CampaignItem.campaign_id == campaign_id, CampaignItem.room_id == room_id)
            .order_by(CampaignItem.inventory_no, CampaignItem.asset_id)
        )
        .all()
    }
    here = _events(session, campaign_id, CampaignCount.room_id == room_id)
    others = {event.asset_id for event in here if event.asset_id is not None} - listed.keys()
    away = _away(session, campaign_id, room_id, sorted(others))
    events = sorted([*here, *away], key=lambda event: event.id)
    known = {**listed, **_named(session, sorted(others))}
    return _view(session, room, listed, known, events)


def _view(
    session: Session,
    room: CampaignRoom,
    listed: dict[int, RoomLine],
    known: dict[int, RoomLine],
    events: list[Counted],
) -> RoomView:
    """Lay what is known of a room out in its columns."""
    here = room.place_id  # asked of a record thousands of times, it would be a tenth of the whole
    stands = rules.standings(events)
    kept = rules.live(events)
    codes = _codes(session, room.campaign_id, {event.room for event in stands.values()})
    odd = [e for e in kept if e.room == here and e.what in (What.UNKNOWN, What.EXCEPTION)]
    columns: dict[str, list[RoomLine]] = {name: [] for name in ("expected", "found", "missing", "extra", "away")}
    decided = {event.asset_id for event in odd}
    for asset in listed:
        event = stands.get(asset)
        if event is None:
            if asset not in decided:
                columns["expected"].append(known[asset])
        elif event.what is What.MISSING:
            columns["missing"].append(_line(known, event))
        elif event.room == here:
            columns["found"].append(_line(known, event))
        else:
            columns["away"].append(_line(known, event, codes.get(event.room, "")))
    extra = [e for asset, e in stands.items() if asset not in listed and e.room == here]
    columns["extra"] = [_line(known, e, e.listed) for e in sorted([*extra, *odd], key=lambda e: e.id)]
    for name in ("found", "extra"):
        columns[name].sort(key=lambda line: -line.event_id)
    last = [_line(known, event, event.listed) for event in reversed(_newest(events, here))]
    return RoomView(
        campaign_id=room.campaign_id,
        place_id=room.place_id,
        code=room.place_code,
        listed=len(listed),
        state=state_of(room),
        expected=tuple(columns["expected"]),
        found=tuple(columns["found"]),
        missing=tuple(columns["missing"]),
        not_expected=tuple(columns["extra"]),
        elsewhere=tuple(columns["away"]),
        last=tuple(last),
    )


def _newest(events: list[Counted], room: int, most: int = SHOWN_LAST) -> list[Counted]:
    """The newest scans of a room that were not only takings back, oldest first; what was taken back says so."""
    gone = {event.undoes for event in events if event.undoes is not None}
    scans = [event for event in events if event.room == room and event.what is not What.TAKEN_BACK][-most:]
    return [event._replace(what=What.TAKEN_BACK) if event.id in gone else event for event in scans]


def _line(known: dict[int, RoomLine], event: Counted, where: str = "") -> RoomLine:
    """One line of a column."""
    ident, _room, what, asset, at, by, by_number, condition, text, note, _listed, _undoes = event
    about = known.get(asset or 0)
    number, named = (about[1], about[2]) if about is not None else (text[:60], note)
    return tuple.__new__(RoomLine, (asset, number, named, what, ident, at, by, where, by_number, condition, note))


def _events(session: Session, campaign_id: int, condition: Any) -> list[Counted]:
    wanted = select(*COLUMNS).where(CampaignCount.campaign_id == campaign_id, condition)
    return _read(session, wanted.order_by(CampaignCount.id))


def _read(session: Session, wanted: Any) -> list[Counted]:
    """Run a query of COLUMNS; all rows at once, which takes half the time in a store of thousands."""
    return list(counted(session.connection().execute(wanted).all()))


def _away(session: Session, campaign_id: int, room_id: int, others: list[int]) -> list[Counted]:
    """What holds of this room's assets in other rooms: of those listed here, and of `others` that were seen here."""
    other_room = (CampaignCount.campaign_id == campaign_id, CampaignCount.room_id != room_id, ~taken_back())
    # Said as a set, so that each engine looks the room's assets up instead of passing through the whole campaign.
    here = select(CampaignItem.asset_id).where(CampaignItem.campaign_id == campaign_id, CampaignItem.room_id == room_id)
    found = _read(session, select(*COLUMNS).where(CampaignCount.asset_id.in_(here), *other_room))
    for start in range(0, len(others), _CHUNK):
        some = CampaignCount.asset_id.in_(others[start : start + _CHUNK])
        found += _read(session, select(*COLUMNS).where(some, *other_room))
    return found


def _named(session: Session, assets: list[int]) -> dict[int, RoomLine]:
    """Assets that were found but are not listed here, as the register calls them."""
    found: dict[int, RoomLine] = {}
    for start in range(0, len(assets), _CHUNK):
        wanted = select(Asset.id, Asset.inventory_no, Asset.description)
        rows = session.execute(wanted.where(Asset.id.in_(assets[start : start + _CHUNK])))
        found.update({row[0]: RoomLine(*row) for row in rows})
    return found


def _codes(session: Session, campaign_id: int, rooms: set[int]) -> dict[int, str]:
    wanted = select(CampaignRoom.place_id, CampaignRoom.place_code).where(
        CampaignRoom.campaign_id == campaign_id, CampaignRoom.place_id.in_(rooms)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


@reads("property", "look at counts")
def last_own_event(session: Session, campaign_id: int, room_id: int, login: str) -> int:
    """The last scan of a counter in a room that still holds, which "Undo last scan" takes back; 0 for none."""
    kinds = (*SIGHTINGS, What.UNKNOWN, What.EXCEPTION)
    wanted = select(func.max(CampaignCount.id)).where(
        CampaignCount.campaign_id == campaign_id,
        CampaignCount.room_id == room_id,
        CampaignCount.by == login,
        CampaignCount.what.in_(kinds),
        ~taken_back(),
    )
    return int(session.scalar(wanted) or 0)
