"""Certificates and ways out in words that a person can check."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.conference.conflicts import hours
from cbo_desk.conference.finding import Placing
from cbo_desk.conference.relocating.certificates import Certificate, Crowd, Requirement
from cbo_desk.conference.relocating.problem import Meeting, Problem
from cbo_desk.conference.rules import day_of
from cbo_desk.context import local
from cbo_desk.plurals import Count
from db.conference import Booking, ConferenceSpace

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def told_certificate(session: Session, problem: Problem, certificate: Certificate) -> str:
    """Why a meeting finds no place."""
    meetings = {meeting.id: meeting for meeting in problem.meetings}
    if certificate.crowds:
        # Times of which the same is true are named together.
        found: dict[str, list[datetime]] = {}
        for crowd in certificate.crowds:
            found.setdefault(_crowd(session, meetings, crowd), []).append(local(crowd.at))
        return " ".join(f"{_times(at)} {words}" for words, at in found.items())
    if certificate.conflict:
        parts = [_requirement(session, meetings[certificate.meeting], each) for each in certificate.conflict]
        listed = "; ".join(parts)
        return f"These cannot all be had, and leaving any one of them out would do: {listed}."
    return "No place was found in the time that was given; it was not proven that there is none."


def told_way(session: Session, meeting: Meeting, placing: Placing) -> str:
    """What would let a meeting fit."""
    space = _spaces(session, [placing.space_id])[0]
    if placing.slot != meeting.times[0]:
        day = (
            "Same day"
            if day_of(placing.slot.starts) == day_of(meeting.times[0].starts)
            else f"{local(placing.slot.starts):%a %-d %b}"
        )
        return f"{day} {hours(placing.slot)}, {space} is free"
    if meeting.kind and placing.kind != meeting.kind:
        return f"{placing.kind.capitalize()} in {space} at the same time"
    lacking = "booths" if meeting.booths else "what it asks of its room"
    return f"{space} at the same time, without {lacking}"


def _crowd(session: Session, meetings: dict[int, Meeting], crowd: Crowd) -> str:
    asked = [meetings[each] for each in crowd.meetings]
    first = asked[0]
    kinds = {each.kind for each in asked}
    seats = f"at least {min(each.people for each in asked):,} {kinds.pop() + ' ' if len(kinds) == 1 else ''}seats"
    seats = seats.replace("  ", " ")
    booths = " with booths" if all(each.booths for each in asked) else ""
    names = _spaces(session, crowd.spaces)
    if not names:
        return f"no open space has {seats.removeprefix('at least ')}{booths}, or what else it asks of its room."
    needs = "one meeting needs" if len(asked) == 1 else f"{_number(len(asked))} meetings need"
    only = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    have = "has" if len(names) == 1 else "have"
    once = "" if crowd.most == len(names) else f", of which {_number(crowd.most)} can be had at once"
    others = [each for each in asked if each is not first]
    who = ", ".join(f"{ref} has rank {rank}" for ref, rank in _references(session, [each.id for each in others]))
    return f"{needs} {seats}{booths}, and only {only} {have} them{once}. {who}.".replace(" .", "")


def _times(at: list[datetime]) -> str:
    """Some instants in words: every one of a few, the number of many."""
    if len(at) > 3:
        return f"At each of the {len(at)} times that its client allows, from {min(at):%H:%M on %-d %b %Y},"
    if len({each.date() for each in at}) == 1:
        hours = " and ".join(f"{each:%H:%M}" for each in sorted(at))
        return f"At {hours} on {at[0]:%-d %b %Y}"
    return "At " + " and ".join(f"{each:%H:%M on %-d %b %Y}" for each in sorted(at))


def _requirement(session: Session, meeting: Meeting, each: Requirement) -> str:
    if each.what in ("placed", "stays"):
        [(reference, rank)] = _references(session, [each.meeting])
        does = "has a place" if each.what == "placed" else "keeps its place"
        return f"{reference} (rank {rank}) {does}"
    return {
        "seats": f"{meeting.people:,} seats",
        "layout": f"the layout {meeting.kind}",
        "booths": str.format("{count:booth|booths}", count=Count(meeting.booths)),
        "features": " and ".join(sorted(meeting.features)),
        "units": "its team or set",
        "closures": "what is closed or taken stays so",
        "ceilings": "the ceilings of people and cars",
    }[each.what]


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"


def _spaces(session: Session, ids: tuple[int, ...] | list[int]) -> list[str]:
    wanted = select(ConferenceSpace.name).where(ConferenceSpace.id.in_(ids)).order_by(ConferenceSpace.code)
    return list(session.scalars(wanted))


def _references(session: Session, ids: list[int]) -> list[tuple[str, int]]:
    rows = session.execute(select(Booking.reference, Booking.rank).where(Booking.id.in_(ids)).order_by(Booking.id))
    return [(row.reference, row.rank) for row in rows]
