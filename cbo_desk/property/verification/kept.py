"""How what is counted lies in the tray while the server is away, and which doors are known without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.office import Office
from cbo_desk.permissions import reads
from cbo_desk.property.verification.counting import count_item, open_room
from cbo_desk.property.verification.opening import CAMPAIGN
from cbo_desk.property.verification.rooms import Spot, spots
from cbo_desk.property.verification.rules import NOWHERE
from cbo_desk.tags.scan import our_code
from cbo_desk.tray import Body, Keepable, Kept, enlist, enlist_picture
from db.tags import Tag


def _where(body: Body) -> str:
    names = body.get("names") or []
    return f" in {names[0]}" if names else ""


COUNT = Keepable(
    count_item,
    lambda _refs, campaign, room, scanned, asset, condition, note: {
        "campaign": campaign, "room": room, "scanned": scanned, "asset": asset, "condition": condition, "note": note,
    },
    lambda _find, body: (
        body["campaign"], body["room"], body["scanned"], body["asset"], body["condition"], body["note"],
    ),
    lambda body: f"{body['scanned'][:40] or 'An asset without its tag'} counted{_where(body)}",
)  # fmt: skip
OPEN_ROOM = Keepable(
    open_room,
    lambda _refs, campaign, place: {"campaign": campaign, "place": place},
    lambda _find, body: (body["campaign"], body["place"]),
    lambda body: f"Counting begun{_where(body)}",
)
enlist(COUNT, OPEN_ROOM)


@dataclass
class Doors:
    """The tags on doors and shelves, each with the room that is counted behind it."""

    by_code: dict[str, Spot] = field(default_factory=dict)
    by_place: dict[int, Spot] = field(default_factory=dict)


@reads("property", "look at counts")
def doors(session: Session) -> Doors:
    """Read every tagged place with its room."""
    found = Doors(by_place=spots(session))
    wanted = select(Tag.code, Tag.subject_id).where(Tag.subject_kind == "places.place", Tag.retired_at.is_(None))
    for code, ident in session.execute(wanted):
        if ident in found.by_place:
            found.by_code[code] = found.by_place[ident]
    return found


class CountPicture:
    """What a counter's screen must know without the server: which room a scanned door opens."""

    kinds = frozenset((COUNT.name, OPEN_ROOM.name))

    def __init__(self) -> None:
        self.doors = Doors()

    def read(self, office: Office) -> None:
        """Read it anew; nothing where the person may not."""
        if office.may(doors):
            self.doors = office.look_up(doors)

    @property
    def answers(self) -> Mapping[Any, Callable[..., Any]]:
        """It answers no query: what was read of a room before is shown as it was."""
        return {}

    def check(self, kind: str, body: Body) -> None:
        """Refuse a scan of which nobody will know in which room it was made."""
        if kind == COUNT.name and body["room"] == NOWHERE and self._door(kind, body) is None:
            raise Refusal("Scan a door first, so that it is known which room is counted.")

    def names(self, body: Body) -> list[str]:
        """The room that is counted, as its door says."""
        spot = self.doors.by_place.get(body.get("room") or body.get("place") or 0)
        return [spot.code] if spot is not None else []

    def apply(self, kept: Kept) -> Changes:
        """Tell which room a door opens; a thing is only said to be kept, for the server knows what it is."""
        spot = self._door(kept.kind, kept.body)
        if spot is not None:
            opened: dict[str, tuple[int, ...]] = {"places.place": (spot.room,)}
            return Changes(CAMPAIGN, (kept.body["campaign"],), f"Counting in {spot.code}.", also=opened)
        return Changes(CAMPAIGN, (), f"{kept.body.get('scanned', '')[:40]} counted.".strip())

    def copy(self) -> CountPicture:
        """The same doors: no deed changes them."""
        other = CountPicture()
        other.doors = self.doors
        return other

    def lasting(self) -> Any:
        """Nothing: a count is begun from its list, which only the server has."""
        return None

    def recall(self, told: Any) -> None:
        """Nothing lay there."""

    def _door(self, kind: str, body: Body) -> Spot | None:
        if kind == OPEN_ROOM.name:
            return self.doors.by_place.get(body["place"])
        code = our_code(body["scanned"])
        return self.doors.by_code.get(code) if code else None


enlist_picture(CountPicture)
