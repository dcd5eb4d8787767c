"""One room of a count at a glance: scan a door, see what is expected, found, missing and not expected."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import repeat
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from cbo_desk.property.verification import rules
from cbo_desk.property.verification.lines import SHOWN_LAST, RoomLine, RoomView
from cbo_desk.property.verification.queries import state_of
from cbo_desk.property.verification.reading import COLUMNS, counted, counted_at_once, taken_back
from cbo_desk.property.verification.rules import SIGHTINGS, Counted, What
from db.prepared import Prepared
from db.property import Asset
from db.verification import CampaignCount, CampaignItem, CampaignRoom

_CHUNK = 500
_ODD = (What.UNKNOWN, What.EXCEPTION)
_ID = itemgetter(0)
About = tuple[str, int, str]
"""An asset's number, id and description: in this order a list goes by number."""


def _in_another_room(campaign: Any, room: Any) -> tuple[Any, ...]:
    return CampaignCount.campaign_id == campaign, CampaignCount.room_id != room, ~taken_back()


_CAMPAIGN: Any = bindparam("campaign")
_ROOM: Any = bindparam("room")
_LISTED_HERE = (CampaignItem.campaign_id == _CAMPAIGN, CampaignItem.room_id == _ROOM)
# Built once. Without an order: SQLite sorts thousands of rows slower than we those few that are shown by number.
_LISTED = Prepared(
    select(CampaignItem.asset_id, CampaignItem.inventory_no, CampaignItem.description).where(*_LISTED_HERE)
)
_IN_ROOM = (CampaignCount.campaign_id == _CAMPAIGN, CampaignCount.room_id == _ROOM)
_PLAIN = and_(
    CampaignCount.what == What.HERE.value,
    CampaignCount.asset_id.is_not(None),
    ~CampaignCount.by_number,
    CampaignCount.condition == "",
    CampaignCount.note == "",
)
# Nearly all scans say no more than these four: each value that is read of thousands takes its part of the time.
_FOUND = Prepared(
    select(CampaignCount.id, CampaignCount.asset_id, CampaignCount.at, CampaignCount.by).where(*_IN_ROOM, _PLAIN)
)
_REST = Prepared(select(*COLUMNS).where(*_IN_ROOM, ~_PLAIN))
_NEWEST = Prepared(
    select(*COLUMNS)
    .where(*_IN_ROOM, CampaignCount.what != What.TAKEN_BACK.value)
    .order_by(CampaignCount.id.desc())
    .limit(literal_column(str(SHOWN_LAST)))
    .offset(literal_column("0"))
)
# Said as a set, so that each engine looks the room's assets up instead of passing through the whole campaign.
_AWAY = Prepared(
    select(*COLUMNS).where(
        CampaignCount.asset_id.in_(select(CampaignItem.asset_id).where(*_LISTED_HERE)),
        *_in_another_room(_CAMPAIGN, _ROOM),
    )
)


@reads("property", "look at counts")
def room_view(session: Session, campaign_id: int, room_id: int) -> RoomView:
    """One room of a campaign at a glance: what is expected, found, missing and not expected."""
    room = session.get(CampaignRoom, (campaign_id, room_id))
    if room is None:
        raise Refusal("This room is not in the count.")
    asked = {"campaign": campaign_id, "room": room_id}
    idents, numbers, descriptions = _LISTED.columns(session.connection(), asked)
    listed = dict(zip(idents, zip(numbers, idents, descriptions, strict=True), strict=True))
    events = _events(session, asked)
    others = {event.asset_id for event in events if event.asset_id is not None} - listed.keys()
    away = _away(session, asked, sorted(others))
    if away:
        events = sorted([*events, *away], key=_ID)
    newest = counted_at_once(_NEWEST.columns(session.connection(), asked))
    return _view(session, room, listed, {**listed, **_named(session, sorted(others))}, events, newest)


def _events(session: Session, asked: Mapping[str, int]) -> list[Counted]:
    """What was scanned in the room; of what was plainly found here only what its line shows."""
    idents, assets, instants, logins = _FOUND.columns(session.connection(), asked)
    here, room = repeat(What.HERE), repeat(asked["room"])
    found = list(map(Counted, idents, room, here, assets, instants, logins))
    return sorted([*found, *counted_at_once(_REST.columns(session.connection(), asked))], key=_ID)


def _view(
    session: Session,
    room: CampaignRoom,
    listed: dict[int, About],
    known: dict[int, About],
    events: list[Counted],
    newest: list[Counted],
) -> RoomView:
    """Lay what is known of a room out in its columns; `newest` are its newest scans, newest first."""
    here = room.place_id  # asked of a record thousands of times, it would be a tenth of the whole
    kept = rules.live(events)
    stands = rules.standing(kept)
    codes = _codes(session, room.campaign_id, {event.room for event in stands.values()} - {here})
    odd = [e for e in kept if e.what in _ODD and e.room == here]
    decided = {event.asset_id for event in odd}
    found, missing, away = [], [], []
    for asset in listed.keys() & stands.keys():
        event = stands[asset]
        if event.what is What.MISSING:
            missing.append(event)
        elif event.room == here:
            found.append(event)
        else:
            away.append(event)
    extra = [e for asset, e in stands.items() if asset not in listed and e.room == here]
    expected = sorted(listed[asset] for asset in listed.keys() - stands.keys() - decided)

    def by_number(events: list[Counted]) -> list[Counted]:
        """Events in the order of the list."""
        return sorted(events, key=lambda event: known[event.asset_id or 0])

    return RoomView(
        campaign_id=room.campaign_id,
        place_id=here,
        code=room.place_code,
        listed=len(listed),
        state=state_of(room),
        expected=tuple(RoomLine(ident, number, description) for number, ident, description in expected),
        found=tuple(_line(known, event) for event in sorted(found, key=_ID, reverse=True)),
        missing=tuple(_line(known, event) for event in by_number(missing)),
        not_expected=tuple(_line(known, e, e.listed) for e in sorted([*extra, *odd], key=_ID, reverse=True)),
        elsewhere=tuple(_line(known, event, codes.get(event.room, "")) for event in by_number(away)),
        last=tuple(_line(known, event, event.listed) for event in _with_taken_back(newest, events)),
    )


def _with_taken_back(newest: list[Counted], events: list[Counted]) -> list[Counted]:
    """The newest scans; what was taken back says so."""
    gone = {event.undoes for event in events if event.undoes is not None}
    return [event._replace(what=What.TAKEN_BACK) if event.id in gone else event for event in newest]


def _line(known: dict[int, About], event: Counted, where: str = "") -> RoomLine:
    """One line of a column."""
    ident, _room, what, asset, at, by, by_number, condition, text, note, _listed, _undoes = event
    about = known.get(asset or 0)
    number, named = (about[0], about[2]) if about is not None else (text[:60], note)
    return tuple.__new__(RoomLine, (asset, number, named, what, ident, at, by, where, by_number, condition, note))


def _away(session: Session, asked: Mapping[str, int], others: list[int]) -> list[Counted]:
    """What holds of this room's assets in other rooms: of those listed here, and of `others` that were seen here."""
    found = counted_at_once(_AWAY.columns(session.connection(), asked))
    for start in range(0, len(others), _CHUNK):
        some = CampaignCount.asset_id.in_(others[start : start + _CHUNK])
        wanted = select(*COLUMNS).where(some, *_in_another_room(asked["campaign"], asked["room"]))
        found += counted(session.connection().execute(wanted).all())
    return found


def _named(session: Session, assets: list[int]) -> dict[int, About]:
    """Assets that were found but are not listed here, as the register calls them."""
    found: dict[int, About] = {}
    for start in range(0, len(assets), _CHUNK):
        wanted = select(Asset.inventory_no, Asset.id, Asset.description)
        rows = session.execute(wanted.where(Asset.id.in_(assets[start : start + _CHUNK])))
        found.update({row[1]: (row[0], row[1], row[2]) for row in rows})
    return found


def _codes(session: Session, campaign_id: int, rooms: set[int]) -> dict[int, str]:
    if not rooms:
        return {}
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
