"""The demo's conference rooms and meetings: made up, as the names of rooms and their seats are; today is a full day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.conference import (
    BookingForm,
    LayoutForm,
    Slot,
    SpaceForm,
    Status,
    add_space,
    add_unit,
    book,
    note_bookings,
    set_ceiling,
)
from cbo_desk.conference.booking import change_status
from cbo_desk.context import ZONE, now, today
from db.conference import Booking
from db.people import Entity

BEGAN = date(2020, 1, 1)
ROOMS = (
    ("HALL-A", "Hall A", "A", 900, 600, 0, 6, "accessible daylight streaming"),
    ("CR-1", "Room 1", "1", 380, 180, 72, 4, "accessible streaming"),
    ("CR-2", "Room 2", "2", 190, 96, 44, 2, "accessible"),
    ("CR-3", "Room 3", "3", 190, 96, 44, 2, "accessible"),
    ("CR-4", "Room 4", "4", 190, 96, 44, 2, "accessible"),
    ("CR-5", "Room 5", "5", 260, 132, 54, 3, "accessible daylight"),
    ("CR-6", "Room 6", "6", 260, 132, 54, 0, "daylight"),
    ("CR-7", "Room 7", "7", 210, 108, 48, 0, "accessible"),
    ("CR-8", "Room 8", "8", 210, 108, 48, 0, ""),
    ("PAV", "Pavilion", "P", 640, 400, 0, 0, "accessible streaming"),
    ("CR-9", "Room 9", "9", 130, 64, 30, 1, "accessible"),
    ("CR-10", "Room 10", "10", 130, 64, 30, 1, "accessible"),
    ("CR-11", "Room 11", "11", 130, 64, 30, 1, "accessible"),
    ("CR-12", "Room 12", "12", 130, 64, 30, 1, "accessible"),
)
JOINED = (
    ("CR-2+3", "Rooms 2+3", ("2", "3"), 400, 204),
    ("CR-3+4", "Rooms 3+4", ("3", "4"), 400, 204),
    ("CR-2+3+4", "Rooms 2+3+4", ("2", "3", "4"), 620, 310),
)
TODAY = (
    ("HALL-A", "Governing committee", 512, "classroom", 10, 13, 1, "confirmed"),
    ("HALL-A", "Governing committee", 498, "classroom", 15, 18, 1, "confirmed"),
    ("CR-1", "Donor round table", 58, "boardroom", 9.5, 12.5, 5, "confirmed"),
    ("CR-1", "Staff town hall", 340, "theatre", 15, 17, 6, "confirmed"),
    ("CR-2+3", "Working group on chemicals", 188, "classroom", 10, 13, 3, "confirmed"),
    ("CR-4", "Budget review", 22, "boardroom", 10, 12, 5, "confirmed"),
    ("CR-5", "Caucus", 14, "boardroom", 8.5, 9.75, 4, "confirmed"),
    ("CR-5", "Regional group", 118, "classroom", 10.5, 13, 4, "confirmed"),
    ("CR-5", "Drafting II", 96, "classroom", 15, 18, 3, "confirmed"),
    ("CR-6", "Training: procurement", 74, "classroom", 10, 13, 6, "confirmed"),
    ("CR-6", "Education panel", 60, "classroom", 15, 17.5, 6, "hold"),
    ("CR-7", "Wetlands", 41, "boardroom", 10, 12, 3, "confirmed"),
    ("CR-7", "Legal clinic", 12, "boardroom", 13, 14.25, 6, "confirmed"),
    ("CR-7", "Drafting I", 90, "classroom", 15, 17, 3, "confirmed"),
    ("CR-8", "Media briefing", 160, "theatre", 15, 18, 5, "confirmed"),
    ("PAV", "Youth assembly", 371, "classroom", 9, 13, 4, "confirmed"),
    ("PAV", "Youth assembly", 371, "classroom", 15, 18, 4, "confirmed"),
)
SERIES = ("Weekly coordination", "Inter-agency briefing", "Technical panel", "Mission reception", "Review board")


def fill_conference(session: Session) -> int:
    """Make rooms, teams, ceilings, a full day today and quieter ones around it; how many meetings there are."""
    ids: dict[str, int] = {}
    for code, name, cell, theatre, classroom, board, booths, features in ROOMS:
        layouts = [LayoutForm("theatre", theatre, 30, 30, BEGAN), LayoutForm("classroom", classroom, 30, 15, BEGAN)]
        if board:
            layouts.append(LayoutForm("boardroom", board, 15, 15, BEGAN))
        form = SpaceForm(code, name, (cell,), tuple(layouts), None, booths, features)
        ids[code] = add_space(session, form).ids[0]
    for code, name, cells, theatre, classroom in JOINED:
        layouts = [LayoutForm("theatre", theatre, 75, 45, BEGAN), LayoutForm("classroom", classroom, 45, 15, BEGAN)]
        ids[code] = add_space(session, SpaceForm(code, name, cells, tuple(layouts), None, 4, "accessible")).ids[0]
    _counted(session)
    day = today(session)
    return _meetings(session, ids, day)


def _counted(session: Session) -> None:
    for number in range(1, 5):
        add_unit(session, f"EN-FR {number}", "interpretation", f"English and French {number}", "en fr")
    add_unit(session, "EN-AR 1", "interpretation", "English and Arabic", "ar en")
    add_unit(session, "EN-ES 1", "interpretation", "English and Spanish", "en es")
    for number in range(1, 4):
        add_unit(session, f"PB-{number}", "portable booth", f"Portable booth {number}")
        add_unit(session, f"AV-{number}", "av set", f"AV set {number}")
        add_unit(session, f"TECH-{number}", "technician", f"Technician {number}")
    set_ceiling(session, "people", 6500, BEGAN)
    set_ceiling(session, "gate", 4000, BEGAN)
    set_ceiling(session, "parking", 900, BEGAN)


def _meetings(session: Session, ids: dict[str, int], day: date) -> int:
    entities = session.scalars(select(Entity.id).order_by(Entity.code)).all()
    made = 0

    def form(title: str, people: int, kind: str, rank: int) -> BookingForm:
        nonlocal made
        entity = entities[made % len(entities)] if entities else None
        made += 1
        # Statutory bodies bring their delegations; what entities hold among themselves has few guests.
        visitors = people * (80 if rank <= 3 else 35 if rank <= 5 else 5) // 100
        liaison = "Conference liaison · ext. 24420 (demo)"
        return BookingForm(title, people, rank, entity, liaison, kind, "", people, visitors=visitors)

    for code, title, people, kind, low, high, rank, state in TODAY:
        slot = Slot(_at(day, low), _at(day, high))
        over = slot.ends <= now(session)
        # What is over by now was held in the end, whatever it is called before.
        status = Status.CONFIRMED if over else Status(state)
        booked = book(session, form(title, people, kind, rank), slot, ids[code], status)
        if over:
            change_status(session, booked.ids, Status.IN_SESSION)
            change_status(session, booked.ids, Status.DONE)
    forum = BookingForm("Urban forum, preparatory plenary", 600, 2, entities[-1] if entities else None,
                        "Haddad, S. · ext. 24420 (demo)", "theatre", "", 560, 40, "ar en fr", visitors=480)  # fmt: skip
    held = book(session, forum, Slot(_at(day, 15), _at(day, 18)), ids["CR-2+3+4"], Status.HOLD).ids[0]
    booking = session.get(Booking, held)
    assert booking is not None
    booking.hold_until = max(_at(day, 12), now(session) + timedelta(hours=2))
    waits = BookingForm("African ministers' caucus", 300, 3, entities[0] if entities else None, "", "theatre")
    note_bookings(session, waits, [Slot(_at(day, 15), _at(day, 17))], Status.WAITLIST)
    note_bookings(session, BookingForm("Book launch", 120, 7, None, "", "theatre"), [Slot(_at(day, 15), _at(day, 16))])
    made += 3
    for away in [*range(-20, 0), *range(1, 29)]:
        there = day + timedelta(days=away)
        if there.weekday() >= 5:
            continue
        for number, title in enumerate(SERIES):
            code, _name, _cell, _theatre, seats, *_ = ROOMS[(number * 2 + away) % 10]
            low = 10 if (number + away) % 2 else 15
            state = Status.HOLD if away > 10 and number == 2 else Status.CONFIRMED
            wanted = form(
                title, max(10, seats * (40 + (away * 7 + number * 13) % 55) // 100), "classroom", 3 + number % 5
            )
            booked = book(session, wanted, Slot(_at(there, low), _at(there, low + 3)), ids[code], state)
            if away < 0:
                change_status(session, booked.ids, Status.IN_SESSION)
                change_status(session, booked.ids, Status.DONE)
    return made


def _at(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(), ZONE) + timedelta(hours=hour)
