"""What the find page shows: the spaces that fit with their price, the near misses each with a reason and a way out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.conference import finding
from cbo_desk.conference.asking import Request
from cbo_desk.conference.conflicts import told_excess, told_obstacle, told_wish
from cbo_desk.conference.finding import Calendar, Near, Need, Obstacle, Offer, Space, place
from cbo_desk.conference.looking import ask_apart, calendar_around, check_need
from cbo_desk.conference.quoting import Quote, quote
from cbo_desk.conference.rules import Status
from cbo_desk.conference.splitting import Split, split
from cbo_desk.context import local
from cbo_desk.permissions import reads
from db.conference import Booking

Way = Literal["later", "kind", "waitlist", ""]
"""How a near miss could be had: at another hour, in another layout, when it frees; "" for none that is known."""


@dataclass(frozen=True)
class Hit:
    """A space that fits, with what it costs."""

    offer: Offer
    quote: Quote


@dataclass(frozen=True)
class Miss:
    """A space that does not fit: in a few words, the reason in a sentence, and the way out with its `value`."""

    space: Space
    words: str
    reason: str
    way: Way = ""
    value: str = ""
    seats: int = 0


@dataclass(frozen=True)
class SplitHit:
    """Two rooms that seat the meeting together, with what both cost."""

    split: Split
    quote: Quote


@dataclass(frozen=True)
class Search:
    """The answer to a request. `blockers` stand in the way of every space and are said once.

    `splits` are looked for where no space fits and nothing blocks all of them. Where nothing is near either, `refused`
    says how many spaces fail by what: seats, layout, features, taken, closed, units, ceiling, own or length.
    """

    request: Request
    hits: tuple[Hit, ...]
    misses: tuple[Miss, ...]
    blockers: tuple[str, ...]
    checked: int
    splits: tuple[SplitHit, ...] = ()
    refused: tuple[tuple[str, int], ...] = ()


@reads("conference", "look for space")
def search_spaces(session: Session, request: Request) -> Search:
    """Every space that fits, best first; a save of any of them is accepted while nobody else is faster."""
    need = request.need()
    check_need(need)
    ask_apart(session)
    calendar = calendar_around(session, need.times)
    found = finding.find(calendar, need)
    hits = tuple(Hit(offer, quote(session, offer.placings)) for offer in found.offers)
    misses = [_near(session, calendar, need, near) for near in found.near]
    if not found.blockers:
        known = {hit.offer.space.id for hit in hits} | {miss.space.id for miss in misses}
        misses += _held(session, calendar, need, known)
    blockers = []
    for blocker in found.blockers:
        if blocker.wish is not None and blocker.at is not None:
            blockers.append(told_wish(blocker.wish, blocker.at))
        elif blocker.excess is not None:
            blockers.append(told_excess(blocker.excess))
    splits: tuple[SplitHit, ...] = ()
    if not hits and not blockers:
        both = split(calendar, need)
        splits = tuple(SplitHit(each, quote(session, (*each.main.placings, *each.overflow.placings))) for each in both)
    refused: tuple[tuple[str, int], ...] = ()
    if not (hits or blockers or splits or misses):
        counts = Counter(each.why for each in _obstacles(calendar, need))
        refused = tuple(counts.most_common())
    return Search(
        request, hits, tuple(misses[: finding.MOST_NEAR]), tuple(blockers), len(calendar.spaces), splits, refused
    )


def _obstacles(calendar: Calendar, need: Need) -> Iterator[Obstacle]:
    for space in calendar.spaces:
        answer = place(calendar, space, need)
        if isinstance(answer, Obstacle):
            yield answer


def _near(session: Session, calendar: Calendar, need: Need, near: Near) -> Miss:
    answer = place(calendar, near.space, need)
    reason = ""
    if isinstance(answer, Obstacle):
        reason = _why(session, near.space, need, answer)
    if near.short:
        seats = need.people - near.short
        words = f"{near.short} seats short" if near.short > 1 else "1 seat short"
        other = _other_kind(calendar, near.space, need)
        if other is None:
            return Miss(near.space, words, f"It seats {seats} in this layout.", seats=seats)
        kind, most = other
        return Miss(near.space, words, f"As {kind} it seats {most} and is free.", "kind", kind, seats)
    words = f"Fits if {abs(near.later)} minutes {'later' if near.later > 0 else 'earlier'}"
    return Miss(near.space, words, reason, "later", str(near.later), _seats(near.space, need))


def _why(session: Session, space: Space, need: Need, obstacle: Obstacle) -> str:
    slot = need.times[0]
    if obstacle.at is not None:
        slot = next((each for each in need.times if each.starts <= obstacle.at < each.ends), None) or min(
            need.times,
            key=lambda each: abs(each.starts - obstacle.at),  # type: ignore[operator]
        )
    if obstacle.wish is not None:
        return told_wish(obstacle.wish, obstacle.at or slot.starts)
    if obstacle.why in ("features", "own"):
        return "It lacks what is asked for." if obstacle.why == "features" else "The days overlap each other."
    conflict = told_obstacle(session, space, need.people, slot, obstacle)
    return conflict.sentence if conflict is not None else ""


def _other_kind(calendar: Calendar, space: Space, need: Need) -> tuple[str, int] | None:
    """A layout of the space with seats enough, in which it is free."""
    for layout in sorted(space.layouts, key=lambda each: each.capacity):
        if layout.kind == need.kind or layout.capacity < need.people:
            continue
        if not isinstance(place(calendar, space, replace(need, kind=layout.kind)), Obstacle):
            return layout.kind, layout.capacity
    return None


def _held(session: Session, calendar: Calendar, need: Need, known: set[int]) -> list[Miss]:
    """Spaces that only a hold keeps from it: who waits is given them when it lapses."""
    found = []
    for space in calendar.spaces:
        if space.id in known:
            continue
        answer = place(calendar, space, need)
        if not isinstance(answer, Obstacle) or answer.taken is None or answer.taken.booking_id is None:
            continue
        row = session.execute(
            select(Booking.reference, Booking.status, Booking.hold_until, Booking.starts).where(
                Booking.id == answer.taken.booking_id
            )
        ).first()
        if row is None or row.status != Status.HOLD or row.hold_until is None:
            continue
        words = f"On hold on {local(row.starts):%A}"
        reason = f"{row.reference} lets go on {local(row.hold_until):%a %-d %b} unless confirmed."
        found.append(Miss(space, words, reason, "waitlist", seats=_seats(space, need)))
    return found


def _seats(space: Space, need: Need) -> int:
    fits = [layout.capacity for layout in space.layouts if need.kind in ("", layout.kind)]
    return max(fits, default=0)
