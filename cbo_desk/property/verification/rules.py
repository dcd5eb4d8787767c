"""The rules of a physical count, on plain values: what a scan means, where an asset stands, what closing changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from cbo_desk.errors import Refusal
from cbo_desk.property.rules import ENDED, NEXT, State

DAMAGED = "broken"
NOWHERE = 0
"""The room of the assets that the register has at no place."""
WHOLE = 10_000
"""All of a list, in hundredths of a percent."""


class What(StrEnum):
    """What a count says of an asset, or of a scan that is none."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    NOT_EXPECTED = "not_expected"
    UNKNOWN = "unknown"
    EXCEPTION = "exception"
    MISSING = "missing"
    TAKEN_BACK = "taken_back"


SIGHTINGS = (What.HERE, What.ELSEWHERE, What.NOT_EXPECTED)
_PLACING = (*SIGHTINGS, What.MISSING)
"""What says where an asset stands."""

WORDS: Mapping[What, str] = {
    What.HERE: "Found here",
    What.ELSEWHERE: "Found elsewhere",
    What.NOT_EXPECTED: "Not expected",
    What.UNKNOWN: "Unknown tag",
    What.EXCEPTION: "For the supervisor",
    What.MISSING: "Missing",
    What.TAKEN_BACK: "Taken back",
}


@dataclass(frozen=True)
class Scope:
    """What a campaign counts; empty parts leave everything in. `percent` draws a sample of what is left."""

    place_ids: tuple[int, ...] = ()
    entity_ids: tuple[int, ...] = ()
    category_ids: tuple[int, ...] = ()
    percent: float = 100.0


def check_scope(name: str, scope: Scope) -> None:
    """Refuse a campaign without a name, or with a sample that is none."""
    if not name.strip():
        raise Refusal("Give the count a name, such as Count 2026.", "name")
    if not 0 < scope.percent <= 100:
        raise Refusal("A sample is more than 0 and at most 100 per cent.", "percent")


def sample_size(total: int, percent: float) -> int:
    """How many of `total` a sample holds: rounded up, so that a sample of something is never nothing."""
    share = round(percent * 100)
    return -(-total * share // WHOLE)


def judge(listed_room: int | None, room: int) -> What:
    """What finding an asset in a room means, by the room the frozen list has it in; None where it is not listed."""
    if listed_room is None:
        return What.NOT_EXPECTED
    return What.HERE if listed_room == room else What.ELSEWHERE


def is_thing(what: What | None, asset_id: int | None) -> bool:
    """Whether a scan was of a thing, which may be damaged: an asset, or what nobody knows, but no badge and no bag."""
    return asset_id is not None or what is not What.EXCEPTION


class Counted(NamedTuple):
    """One event of a campaign on plain values; `undoes` names the event that it takes back."""

    id: int
    room: int
    what: What
    asset_id: int | None
    at: datetime
    by: str
    by_number: bool = False
    condition: str = ""
    text: str = ""
    note: str = ""
    listed: str = ""
    undoes: int | None = None


def live(events: Iterable[Counted]) -> list[Counted]:
    """The events that still hold, in their order: neither takings back nor what they took back."""
    kept = list(events)
    gone = {event.undoes for event in kept if event.undoes is not None}
    return [event for event in kept if event.what is not What.TAKEN_BACK and event.id not in gone]


def standings(events: Iterable[Counted]) -> dict[int, Counted]:
    """Where each asset stands: its last sighting; having been missed counts only where nobody saw it."""
    return standing(live(events))


def standing(kept: Iterable[Counted]) -> dict[int, Counted]:
    """The same of events that all still hold."""
    found: dict[int, Counted] = {}
    for event in kept:
        if event.asset_id is None or event.what not in _PLACING:
            continue
        now = found.get(event.asset_id)
        if now is None or (event.what in SIGHTINGS and (now.what not in SIGHTINGS or event.id > now.id)):
            found[event.asset_id] = event
    return found


@dataclass(frozen=True)
class Registered:
    """How the register has an asset at the moment of closing; `room` is the room around its place, None for nowhere.

    `touched_at` is the last thing that a person did with it outside this campaign.
    """

    state: State
    room: int | None
    touched_at: datetime | None


@dataclass(frozen=True)
class Verdict:
    """What closing does with one asset: another room, state or condition (None: as it is), and what its history says.

    An empty sentence leaves the asset alone; `overtaken` says that somebody changed it after it was counted.
    """

    said: str
    room: int | None = None
    state: State | None = None
    condition: str | None = None
    overtaken: bool = False


def verdict(event: Counted, now: Registered, room_code: str, reference: str, kind: str) -> Verdict:
    """What closing makes of where an asset stands; `kind` is the kind of place of the room it was seen in."""
    if now.state in ENDED:
        return Verdict("")
    if now.touched_at is not None and now.touched_at > event.at:
        return Verdict(f"Counted in {reference}, but changed since: the count changes nothing.", overtaken=True)
    if event.what is What.MISSING:
        return _missed(now, reference)
    state = None
    if now.state is State.MISSING:
        state = State.IN_STORE if kind in ("store", "shelf", "bay") else State.IN_SERVICE
    moved = now.room != event.room
    said = f"Found in {room_code} in count {reference}"
    said += ": the place was corrected." if moved else "."
    if event.note:
        said += f" {event.note}"
    return Verdict(said, event.room if moved else None, state, event.condition or None)


def _missed(now: Registered, reference: str) -> Verdict:
    if now.state is State.MISSING:
        return Verdict(f"Still missing: not found in count {reference}.")
    if State.MISSING not in NEXT[now.state]:
        return Verdict(f"Not found in count {reference}. It stays in its disposal case, for the board to follow up.")
    return Verdict(f"Missing: not found in count {reference}.", None, State.MISSING)
