"""The demo's capital project: three phases and whom the second displaces. Dates, rooms and seats are made up."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.conference import BookingForm, Slot, Status
from cbo_desk.conference.booking import make_bookings
from cbo_desk.conference.finding import Need, find
from cbo_desk.conference.looking import calendar_around
from cbo_desk.conference.project import PhaseForm, SeatsForm, add_phase, make_effective, set_terms
from cbo_desk.context import ZONE, today
from db.conference import ConferenceCell

_SAYS = "Made up for the demo: no phase of the real project has these rooms or dates."
CLOSED = ("A", "1", "2", "3", "4")
TITLES = (
    "Oceans working group",
    "Donor round table",
    "Air quality panel",
    "Security briefing",
    "Chemicals bureau",
    "Staff council",
    "Cities forum",
    "Water and sanitation review",
    "Regional consultation",
    "Energy ministers’ dialogue",
    "Biodiversity caucus",
    "Youth dialogue",
    "Housing policy seminar",
    "Climate finance workshop",
    "Evaluation board",
)
SESSIONS = ((10, 13), (15, 18), (10, 12), (9, 11))
MEETINGS = 56


def fill_capital(session: Session, seed: int = 1) -> int:
    """Plan three phases over the demo's rooms, the first of them under way; how many meetings the second displaces."""
    cells = set(session.scalars(select(ConferenceCell.code)))
    if not set(CLOSED) <= cells:
        return 0
    day = today(session)
    first = PhaseForm(
        "Phase 1", "Rooms 9–12", day - timedelta(days=40), day + timedelta(days=107), day - timedelta(days=40),
        day + timedelta(days=156), cells=("9", "10", "11", "12"), notes=_SAYS,
        seats=(SeatsForm("CR-9", "classroom", 96, True), SeatsForm("CR-10", "classroom", 96, True)),
    )  # fmt: skip
    made = add_phase(session, first)
    make_effective(session, made.ids[0], 1, day - timedelta(days=40))
    begins = _monday(day + timedelta(days=180))
    second = PhaseForm(
        "Phase 2", "Hall A and Rooms 1–4", begins - timedelta(days=28), begins + timedelta(days=420), begins,
        begins + timedelta(days=448), begins - timedelta(days=56), begins + timedelta(days=112), CLOSED,
        (SeatsForm("HALL-A", "theatre", 1600, True), SeatsForm("HALL-A", "classroom", 1000, True)), _SAYS,
    )  # fmt: skip
    add_phase(session, second)
    later = begins + timedelta(days=476)
    third = PhaseForm(
        "Phase 3", "Rooms 5–8", later, later + timedelta(days=500), cells=("5", "6", "7", "8"), notes=_SAYS
    )  # fmt: skip
    add_phase(session, third)
    return _meetings(session, begins, random.Random(seed))


def _meetings(session: Session, begins: date, rng: random.Random) -> int:
    """Meetings in the rooms that the second phase closes, where finding puts them; some clients allow another time."""
    made = 0
    for number in range(MEETINGS):
        hours = rng.choice(SESSIONS)
        on = begins + timedelta(days=rng.randrange(0, 13) * 7 + rng.randrange(5))
        large = number % 3 == 0
        people = rng.randrange(200, 420, 10) if large else rng.randrange(40, 180, 4)
        slot = Slot(_at(on, hours[0]), _at(on, hours[1]))
        need = Need(people, (slot,), "classroom")
        offers = [each for each in find(calendar_around(session, need.times), need).offers if _closes(each.space.code)]
        if not offers:
            continue
        form = BookingForm(
            TITLES[number % len(TITLES)], people, 1 + rng.randrange(7), kind="classroom",
            contact="conference.client@example.org",
        )  # fmt: skip
        done = make_bookings(session, form, [offers[0].placings[0]], Status.CONFIRMED)
        if number % 3 == 0:
            set_terms(session, done.ids[0], "day")
        made += 1
    return made


def _closes(code: str) -> bool:
    return code in ("HALL-A", "CR-1", "CR-2", "CR-3", "CR-4", "CR-2+3", "CR-3+4", "CR-2+3+4")


def _monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZONE)
