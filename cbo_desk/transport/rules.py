"""What requests and trips may become, what a request must say, and when something is late: on plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cbo_desk.zone import ZONE

WARN_DAYS = (30, 60, 90)
"""So many days before a paper runs out it is warned of, ever more urgently."""


class State(StrEnum):
    """How a request stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    PLANNED = "planned"
    ON_ROAD = "on_road"
    DONE = "done"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class TripState(StrEnum):
    """How a trip stands."""

    PLANNED = "planned"
    ON_ROAD = "on_road"
    DONE = "done"
    CANCELLED = "cancelled"


WORDS = {
    State.REQUESTED: "requested",
    State.APPROVED: "approved and needs a vehicle",
    State.PLANNED: "planned",
    State.ON_ROAD: "on the road",
    State.DONE: "done",
    State.DECLINED: "declined",
    State.CANCELLED: "cancelled",
    State.NO_SHOW: "was not there",
}
OPEN = (State.REQUESTED, State.APPROVED, State.PLANNED)
"""States in which a request can still be changed."""
IN_TRIP = (State.PLANNED, State.ON_ROAD, State.DONE)
PAPER_WORDS = {
    "insurance": "insurance",
    "inspection": "inspection",
    "moss": "MOSS checklist",
    "licence": "driving licence",
    "permit": "UN driving permit",
    "medical": "medical clearance",
}
MOSS_POINTS = (
    "First-aid kit",
    "Fire extinguisher",
    "Spare wheel and jack",
    "Warning triangles",
    "Reflective vests",
    "Torch",
    "Drinking water",
    "VHF radio checked",
    "Tow rope",
)
"""Points of a vehicle's checklist under the Minimum Operating Security Standards; the site confirms the list."""


@dataclass(frozen=True)
class Wanted:
    """What the rules ask of a request, as plain values; `ride` is how long the way takes, `now` the time it is."""

    pickup_from: datetime
    pickup_to: datetime
    drop_by: datetime | None
    way_back: str
    return_at: datetime | None
    people: int
    wheelchairs: int
    ride: timedelta
    now: datetime
    luggage: int = 0
    needs: str = ""


@dataclass(frozen=True)
class Room:
    """What one vehicle of the fleet takes and has."""

    seats: int
    wheelchairs: int
    luggage: int
    features: frozenset[str] = frozenset()


def faults(wanted: Wanted, fleet: Sequence[Room]) -> dict[str, str]:
    """What is wrong with a request, by the field it stands beside; empty where nothing is."""
    found: dict[str, str] = {}
    if wanted.pickup_from < wanted.now - timedelta(hours=12):
        found["pickup_from"] = "This day is over. Give a time from today on."
    if wanted.pickup_to < wanted.pickup_from:
        found["pickup_to"] = "The latest pick-up comes after the earliest."
    if wanted.drop_by is not None:
        found |= _drop_faults(wanted)
    if wanted.way_back == "wait":
        if wanted.return_at is None:
            found["return_at"] = "Say when the way back starts."
        elif wanted.return_at < wanted.pickup_from + wanted.ride:
            there = clock(wanted.pickup_from + wanted.ride)
            found["return_at"] = f"They only arrive at {there}: let the way back start then or later."
    if wanted.people < 1:
        found["people"] = "Say how many travel: one at least."
    if wanted.luggage < 0:
        found["luggage"] = "Luggage is counted in pieces: zero or more."
    if wanted.wheelchairs < 0:
        found["wheelchairs"] = "Wheelchairs are counted: zero or more."
    elif wanted.wheelchairs > wanted.people:
        found["wheelchairs"] = "There are more wheelchairs than people."
    return _room_faults(wanted, fleet) | found


def _room_faults(wanted: Wanted, fleet: Sequence[Room]) -> dict[str, str]:
    """What no vehicle takes, each thing by itself and then all of them together."""
    if not fleet:
        return {"people": "There is no vehicle in the fleet yet. Add one on the Fleet page."}
    needs = features(wanted.needs)
    known = frozenset().union(*(room.features for room in fleet))
    suited = [room for room in fleet if needs <= room.features]
    if not suited:
        lacks = ", ".join(sorted(needs - known))
        said = f"No vehicle has {lacks}." if lacks else f"No one vehicle has all of {', '.join(sorted(needs))}."
        return {"needs": f"{said} The fleet has {', '.join(sorted(known)) or 'nothing special'}."}
    having = f" with {', '.join(sorted(needs))}" if needs else ""
    found = {}
    seats, chairs = max(room.seats for room in suited), max(room.wheelchairs for room in suited)
    if wanted.people > seats:
        found["people"] = (
            f"No vehicle{having} takes {wanted.people} passengers; the largest takes {seats}. Make two requests."
        )
    if wanted.wheelchairs > chairs:
        found["wheelchairs"] = f"No vehicle{having} takes {wanted.wheelchairs} wheelchairs; the most is {chairs}."
    pieces = max(room.luggage for room in suited)
    if wanted.luggage > pieces:
        found["luggage"] = f"No vehicle{having} takes {wanted.luggage} pieces of luggage; the most is {pieces}."
    together = any(
        wanted.people <= room.seats and wanted.wheelchairs <= room.wheelchairs and wanted.luggage <= room.luggage
        for room in suited
    )
    if not found and not together:
        found["people"] = (
            f"No vehicle{having} takes {wanted.people} passengers, {wanted.wheelchairs} wheelchairs and "
            f"{wanted.luggage} pieces of luggage at once. Make two requests."
        )
    return found


def _drop_faults(wanted: Wanted) -> dict[str, str]:
    assert wanted.drop_by is not None
    if wanted.drop_by <= wanted.pickup_from:
        return {"drop_by": "The drop-off comes after the pick-up."}
    there = wanted.pickup_from + wanted.ride
    if wanted.drop_by < there:
        minutes = round(wanted.ride.total_seconds() / 60)
        earlier = clock(wanted.drop_by - wanted.ride)
        return {
            "drop_by": f"The ride takes about {minutes} min, so they arrive at {clock(there)}. "
            f"Let the drop-off be then or later, or the pick-up at {earlier}."
        }
    return {}


_APART = str.maketrans({",": " ", ";": " ", "×": "x"})


def features(typed: str) -> frozenset[str]:
    """The features that somebody typed, such as "4x4, Lift": in whatever case, with spaces or commas between.

    The screen shows an x between digits as ×, so that is what some people type.
    """
    return frozenset(typed.casefold().translate(_APART).split())


def clock(instant: datetime) -> str:
    """An instant as people read it out, on the site's clock."""
    return f"{instant.astimezone(ZONE):%H:%M}"


def is_late(
    state: str, pickup_to: datetime, departed: bool, ends: datetime | None, now: datetime, grace: timedelta
) -> bool:
    """Whether a request has not been picked up in time, or its trip is not back when it should be, and a grace after.
    """
    if state in (State.REQUESTED, State.APPROVED, State.PLANNED):
        return not departed and now > pickup_to + grace
    return state == State.ON_ROAD and ends is not None and now > ends + grace


def paper_tone(expires: date | None, today: date) -> str:
    """How urgent a paper's end is: "gone", "30", "60", "90" or "" for later."""
    if expires is None or expires < today:
        return "gone"
    left = (expires - today).days
    return next((str(days) for days in WARN_DAYS if left <= days), "")


@dataclass(frozen=True)
class Valid:
    """One paper's kind and days, both included."""

    kind: str
    valid_from: date
    expires: date


def barred(papers: Sequence[Valid], needed: Sequence[str], first: date, last: date) -> str:
    """The sentence why a vehicle or driver stays out of plans from a day to a day; "" where nothing does.

    Needed kinds must be valid; of another kind, one that was handed in must not have run out.
    """
    kinds = {paper.kind for paper in papers if paper.valid_from <= first}
    for kind in dict.fromkeys((*needed, *sorted(kinds))):
        own = [paper for paper in papers if paper.kind == kind]
        if any(paper.valid_from <= first and paper.expires >= last for paper in own):
            continue
        word = PAPER_WORDS[kind].capitalize() if PAPER_WORDS[kind].islower() else PAPER_WORDS[kind]
        begun = [paper.expires for paper in own if paper.valid_from <= first]
        if not begun:
            return f"No {PAPER_WORDS[kind]} on record."
        end = max(begun)
        return f"{word} {'ended' if end < first else 'ends'} on {end.day} {end:%b %Y}."
    return ""


def reading_fault(km: int, before: int | None, jump: int, explained: str) -> str:
    """Why a reading of the odometer must be explained; "" where it need not be.

    `jump` is how many kilometres since the last reading are believed without a word.
    """
    if explained.strip() or before is None:
        return ""
    if km < before:
        return f"The odometer showed {before:,} km before, so {km:,} goes backwards. Read it again, or say why."
    if km - before > jump:
        return f"That is {km - before:,} km more than the last reading of {before:,}. Read it again, or say why."
    return ""
