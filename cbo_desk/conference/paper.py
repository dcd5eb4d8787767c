"""The conference desk's papers as PDF: the crews' day sheet, a door's sign, the sheet of one meeting, a quotation."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from cbo_desk.conference.asking import LANGUAGES
from cbo_desk.conference.daysheet import DaySheet, DoorSign, Meeting
from cbo_desk.conference.floor import Seat, seats_of
from cbo_desk.conference.quoting import Quote
from cbo_desk.conference.rules import WORDS, Status
from cbo_desk.context import local
from cbo_desk.tags.output import write_whole
from cbo_desk.tags.sheets import EDGE, HIGH, MM, WIDE, Paper, fitted, wrapped

CREW_LINE = "Set up by, time, signature"
DOOR_NAME, DOOR_TIME, DOOR_TITLE = 56.0, 40.0, 28.0
"""Points of a door sign's letters; a capital of 28 points is 7 mm high, which is read from three metres."""


def write_day_sheet(compound: str, sheet: DaySheet, out: Path) -> None:
    """Write a day's set-ups in the order in which they begin, each with a line to sign; Trouble where it cannot be."""
    facts = [
        ("Day", _day(sheet.day)),
        ("Meetings", f"{len(sheet.sessions)}"),
        ("People", f"{sum(each.people for each in sheet.sessions):,}"),
    ]
    paper = Paper(compound, "Day sheet", f"{sheet.day:%Y-%m-%d}", facts)
    for each in sheet.sessions:
        paper.room(44)
        paper.heading(f"{_clock(each.blocks.starts)}  {each.space}", f"{each.reference} · {WORDS[Status(each.status)]}")
        paper.row("Meeting", each.title, f"{_times(each)}", each.entity)
        paper.row("Layout", f"{each.kind}, {each.people} of {each.seats} seats", f"clear by {_clock(each.blocks.ends)}")
        wanted = ", ".join((*each.units, *([each.equipment] if each.equipment else [])))
        if wanted or each.languages:
            paper.row("Needs", wanted or "–", _languages(each))
        if each.notes:
            paper.row("Notes", each.notes, each.contact)
        paper.sign_line(CREW_LINE)
    write_whole(out, paper.whole())


def write_door_sign(compound: str, sign: DoorSign, out: Path) -> None:
    """Write the sign of a door, to be read from some metres: the space, then the meetings of its day."""
    paper = Paper(compound, sign.space, _day(sign.day), [])
    wide = WIDE - 2 * EDGE
    paper.text(EDGE, 62, sign.space, fitted(sign.space, DOOR_NAME, wide), strong=True)
    paper.rule(EDGE, 72, wide)
    paper.y = 78
    if not sign.sessions:
        paper.text(EDGE, 96, "Free all day", DOOR_TIME)
    for each in sign.sessions:
        lines = wrapped(each.title, DOOR_TITLE, wide, 3)
        paper.room(44 + 12 * len(lines))
        paper.text(EDGE, paper.y + 14, _times(each), DOOR_TIME, strong=True)
        paper.y += 18
        for line in lines:
            paper.text(EDGE, paper.y + 10, line, DOOR_TITLE, most=wide)
            paper.y += 12
        about = " · ".join(part for part in (sign.elsewhere(each), each.entity, each.reference) if part)
        paper.text(EDGE, paper.y + 8, about, 16, grey=True, most=wide)
        paper.rule(EDGE, paper.y + 14, wide)
        paper.y += 20
    write_whole(out, paper.whole())


def write_meeting_sheet(compound: str, meeting: Meeting, out: Path) -> None:
    """Write the sheet of one meeting: what is needed, and a plan of its seats."""
    facts = [
        ("Space", meeting.space),
        ("When", f"{local(meeting.slot.starts):%a %-d %b %Y}, {_times(meeting)}"),
        ("Set-up", f"{_clock(meeting.blocks.starts)} to {_clock(meeting.slot.starts)}"),
        ("Layout", f"{meeting.kind}, {meeting.seats} seats"),
        ("People", f"{meeting.people} planned, {meeting.registered} registered"),
        ("Clear by", _clock(meeting.blocks.ends)),
        ("Languages", _languages(meeting) or "–"),
        ("Teams and sets", ", ".join(meeting.units) or "–"),
        ("Equipment", meeting.equipment or "–"),
    ]
    paper = Paper(compound, meeting.title, meeting.reference, facts)
    paper.heading("Seats", f"{meeting.people} of {meeting.seats}, not to scale")
    _draw_seats(paper, seats_of(meeting.kind, meeting.people), paper.y)
    write_whole(out, paper.whole())


def write_quotation(compound: str, title: str, reference: str, quote: Quote, out: Path) -> None:
    """Write a quotation: each line with its quantity, rate and amount, and their sum."""
    paper = Paper(compound, "Quotation", reference, [("For", title), ("Total", f"{quote.total:,.2f} {quote.currency}")])
    for line in quote.lines:
        rate = f"{line.quantity.normalize():f} {line.rate.unit} × {line.rate.amount:,.2f}"
        paper.row(f"{line.amount:,.2f} {line.rate.currency}", line.what, rate)
    paper.heading("Total", f"{quote.total:,.2f} {quote.currency}")
    if not quote.confirmed:
        paper.text(EDGE, paper.y + 6, "Some rates are shipped values that nobody has confirmed yet.", 9, grey=True)
    write_whole(out, paper.whole())


def _draw_seats(paper: Paper, seats: list[Seat], top: float) -> None:
    wide, high = WIDE - 2 * EDGE, HIGH - top - 40
    canvas: Any = paper.canvas
    canvas.setStrokeGray(0.4)
    canvas.rect(EDGE * MM, (HIGH - top - high) * MM, wide * MM, high * MM)
    size = min(4.0, wide / 60 + 1.2)
    for seat in seats:
        x, y = EDGE + 6 + seat.x * (wide - 12), top + 10 + seat.y * (high - 16)
        canvas.setFillGray(0.82 if seat.table else 0.25)
        if seat.table:
            half_w, half_h = seat.wide * (wide - 12) / 2, seat.high * (high - 16) / 2
            canvas.rect((x - half_w) * MM, (HIGH - y - half_h) * MM, 2 * half_w * MM, 2 * half_h * MM, stroke=0, fill=1)
        else:
            canvas.circle(x * MM, (HIGH - y) * MM, size * MM / 3, stroke=0, fill=1)
    canvas.setFillGray(0.1)
    paper.text(EDGE + wide / 2 - 8, top + 5, "Podium", 9, grey=True)


def _times(each: Meeting) -> str:
    """From when to when, with the day where it ends on another one."""
    ends = local(each.slot.ends)
    other = "" if ends.date() == local(each.slot.starts).date() else f"{ends:%-d %b} "
    return f"{_clock(each.slot.starts)}–{other}{ends:%H:%M}"


def _languages(each: Meeting) -> str:
    return ", ".join(LANGUAGES.get(code, code) for code in each.languages)


def _clock(at: Any) -> str:
    return f"{local(at):%H:%M}"


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
