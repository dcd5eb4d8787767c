"""What the find page shows: the spaces that fit with their price, the near misses each with a reason and a way out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.conference import finding
from cbo_desk.conference.asking import Request
from cbo_desk.conference.conflicts import told_excess, told_obstacle, told_wish
from cbo_desk.conference.elsewhen import MOST_DAYS, OtherTime, could_hold, elsewhen, fitting, minutes_later, times_of
from cbo_desk.conference.finding import Calendar, Found, Near, Need, Obstacle, Offer, Space, place
from cbo_desk.conference.looking import ask_apart, calendar_around, check_need
from cbo_desk.conference.quoting import Quote, quote
from cbo_desk.conference.rules import Status
from cbo_desk.conference.splitting import Split, split
from cbo_desk.context import local, now
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

    The rest is looked for where no space fits: `splits` where nothing blocks all of them; `others`, spaces that are not
    near either, each with why; `refused`, how many spaces fail by what (seats, layout, features, taken, closed, units,
    ceiling, own or length); other hours and days that fit, in `other_times`; and whether a space could still free, so
    that waiting makes sense.
    """

    request: Request
    hits: tuple[Hit, ...]
    misses: tuple[Miss, ...]
    blockers: tuple[str, ...]
    checked: int
    splits: tuple[SplitHit, ...] = ()
    refused: tuple[tuple[str, int], ...] = ()
    others: tuple[Miss, ...] = ()
    other_times: tuple[OtherTime, ...] = ()
    may_wait: bool = False


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
    blockers = _blockers(found)
    answer = Search(request, hits, tuple(misses[: finding.MOST_NEAR]), blockers, len(calendar.spaces))
    return answer if hits else _without_hits(session, calendar, need, answer)


def _without_hits(session: Session, calendar: Calendar, need: Need, answer: Search) -> Search:
    """What else helps where no space fits: two rooms, other times, waiting; and why the other spaces do not."""
    both = () if answer.blockers else split(calendar, need)
    splits = tuple(SplitHit(each, quote(session, (*each.main.placings, *each.overflow.placings))) for each in both)
    obstacles = {each.id: place(calendar, each, need) for each in calendar.spaces}
    failed = [(each, why) for each in calendar.spaces if isinstance(why := obstacles[each.id], Obstacle)]
    known = {miss.space.id for miss in answer.misses}
    others = [] if answer.blockers else [each for each in failed if each[0].id not in known]
    others.sort(key=lambda each: (_FARTHEST.get(each[1].why, 0), abs(_seats(each[0], need) - need.people)))
    return replace(
        answer, splits=splits, refused=tuple(Counter(why.why for _, why in failed).most_common()),
        others=tuple(_far(session, *each, need) for each in others[: finding.MOST_NEAR]),
        other_times=_other_times(session, answer) if any(could_hold(each, need) for each in calendar.spaces) else (),
        may_wait=need.times[0].starts > now(session) and any(why.why not in _FARTHEST for _, why in failed),
    )  # fmt: skip


_FARTHEST = {"seats": 1, "layout": 2, "features": 3, "own": 4, "length": 4}
"""What no waiting helps against, the least bad first."""


def _other_times(session: Session, answer: Search) -> tuple[OtherTime, ...]:
    """Other hours of the same days that no near miss has named already, and other days."""
    request = answer.request
    hours, days = elsewhen(request, now(session))
    named = {int(miss.value) for miss in answer.misses if miss.way == "later"}
    hours = tuple(each for each in hours if minutes_later(each, request) not in named)
    earlier = [each for each in hours if each.starts < request.starts]
    later = [each for each in hours if each.starts > request.starts]
    asked = times_of((*hours, *days))
    if not asked:
        return ()
    calendar = calendar_around(session, asked)
    return (*fitting(calendar, earlier, 1), *fitting(calendar, later, 1), *fitting(calendar, days, MOST_DAYS))


def _blockers(found: Found) -> tuple[str, ...]:
    told = []
    for blocker in found.blockers:
        if blocker.wish is not None and blocker.at is not None:
            told.append(told_wish(blocker.wish, blocker.at))
        elif blocker.excess is not None:
            told.append(told_excess(blocker.excess))
    return tuple(told)


def _far(session: Session, space: Space, obstacle: Obstacle, need: Need) -> Miss:
    """A space that nothing near makes fit, with why."""
    seats = obstacle.seats if obstacle.why == "seats" else _seats(space, need)
    words = f"{need.people - seats:,} seats short" if obstacle.why == "seats" else _FAR_WORDS.get(obstacle.why, "")
    return Miss(space, words, _why(session, space, need, obstacle), seats=seats)


_FAR_WORDS = {
    "taken": "Taken", "closed": "Closed", "units": "No team or set", "ceiling": "Over a ceiling",
    "layout": "No such layout", "features": "Not equipped for it", "length": "Too long", "own": "Days that overlap",
}  # fmt: skip


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
