"""Reads curriculum-based timetabling instances (.ctt and .ectt) and solutions, as a problem of rooms alone.

The format is that of the second International Timetabling Competition (2007, track 3) and of its extension: a head of
`Name: value` lines, then the sections COURSES (course, teacher, lectures, least days, students), ROOMS (room, seats)
and others that say nothing of rooms. A solution has a line for each lecture: course, room, day, period, the last two
from 0. The costs of rooms are the competition's: a point for each student above the seats of a lecture's room, and a
point for each room beyond the first in which a course meets. ROOM_CONSTRAINTS (course, room) of the extension forbid a
room to a course.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from cbo_desk.conference.finding import Placing, Space
from cbo_desk.conference.relocating.problem import Goal, Meeting, Problem
from cbo_desk.conference.rules import Layout, Slot
from cbo_desk.errors import Refusal
from cbo_desk.zone import ZONE

FIRST = date(2027, 1, 4)
ROOM_COST = (((Goal.UNPLACED, 1),), ((Goal.SEATS, 1), (Goal.SERIES, 1)))
_SECTIONS = ("COURSES", "ROOMS", "CURRICULA", "UNAVAILABILITY_CONSTRAINTS", "ROOM_CONSTRAINTS")


@dataclass(frozen=True)
class Instance:
    """What an instance says of rooms: students and lectures by course, seats by room, and rooms a course cannot use."""

    name: str
    students: dict[str, int]
    lectures: dict[str, int]
    seats: dict[str, int]
    forbidden: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Lecture:
    """One lecture of a solution."""

    course: str
    room: str
    day: int
    period: int


def read_instance(path: Path) -> Instance:
    """Read an instance; raises Refusal naming the line that cannot be read."""
    name = path.stem
    section = ""
    students: dict[str, int] = {}
    lectures: dict[str, int] = {}
    seats: dict[str, int] = {}
    forbidden = set()
    for number, words in _lines(path):
        head = words[0].rstrip(":").upper()
        if words[0].endswith(":") and head in _SECTIONS and len(words) == 1:
            section = head
        elif words[0].upper() == "NAME:":
            name = words[-1]
        elif section == "COURSES":
            _need(path, number, words, 5)
            lectures[words[0]] = _whole(path, number, words[2])
            students[words[0]] = _whole(path, number, words[4])
        elif section == "ROOMS":
            _need(path, number, words, 2)
            seats[words[0]] = _whole(path, number, words[1])
        elif section == "ROOM_CONSTRAINTS" and words[0] != "END.":
            _need(path, number, words, 2)
            forbidden.add((words[0], words[1]))
    if not students or not seats:
        raise Refusal(f"{path.name} has no courses or no rooms: it is no .ctt or .ectt file.")
    return Instance(name, students, lectures, seats, frozenset(forbidden))


def read_solution(path: Path, instance: Instance) -> list[Lecture]:
    """Read a solution of an instance; raises Refusal where it does not belong to it."""
    found = []
    for number, words in _lines(path):
        _need(path, number, words, 4)
        day, period = (_whole(path, number, word) for word in words[-2:])
        lecture = Lecture(words[0], words[1], day, period)
        if lecture.course not in instance.students or lecture.room not in instance.seats:
            raise Refusal(f"Line {number} of {path.name}: {instance.name} has no such course or room.")
        found.append(lecture)
    held = Counter(lecture.course for lecture in found)
    wrong = [course for course, wanted in instance.lectures.items() if held[course] != wanted]
    if wrong:
        course = wrong[0]
        due = instance.lectures[course]
        raise Refusal(f"{path.name} holds {held[course]} lectures of {course}, and {due} are due.")
    return found


def room_cost(instance: Instance, lectures: Iterable[Lecture]) -> int:
    """The competition's cost of the rooms that a solution itself names."""
    lectures = list(lectures)
    standing = sum(max(0, instance.students[each.course] - instance.seats[each.room]) for each in lectures)
    used = {(each.course, each.room) for each in lectures}
    return standing + len(used) - len({course for course, _ in used})


def clashes(instance: Instance, lectures: Iterable[Lecture]) -> int:
    """How often a solution puts two lectures into one room at once, or a course where it cannot be."""
    lectures = list(lectures)
    at = Counter((each.room, each.day, each.period) for each in lectures)
    return sum(count - 1 for count in at.values()) + sum((e.course, e.room) in instance.forbidden for e in lectures)


def rooms_alone(instance: Instance, lectures: list[Lecture]) -> Problem:
    """The problem of rooms with a solution's times: each lecture a meeting, each course a series, one hour a period."""
    rooms = {room: number for number, room in enumerate(instance.seats, 1)}
    # Feature "not X" of a room says that course X may use it; only courses with a forbidden room ask for theirs.
    asking = {course for course, _ in instance.forbidden}
    spaces = tuple(
        Space(
            number, room, room, frozenset({number}), (Layout(number, "", instance.seats[room], 0, 0, FIRST, None),),
            features=frozenset(course for course in asking if (course, room) not in instance.forbidden),
        )
        for room, number in rooms.items()
    )  # fmt: skip
    courses = {course: number for number, course in enumerate(instance.students)}
    meetings = []
    for number, lecture in enumerate(lectures):
        start = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=ZONE)
        start += timedelta(days=lecture.day, minutes=20 * lecture.period)
        slot = Slot(start, start + timedelta(minutes=20))
        place = Placing(slot, rooms[lecture.room], rooms[lecture.room], "", slot)
        meetings.append(Meeting(
            number, instance.students[lecture.course], 1, (slot,), "", place, series=courses[lecture.course],
            features=frozenset({lecture.course}) & asking,
        ))  # fmt: skip
    return Problem(spaces, tuple(meetings), stages=ROOM_COST, short=True)


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"{path.name} cannot be read: {error}.") from error
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, line.split()


def _need(path: Path, number: int, words: list[str], least: int) -> None:
    if len(words) < least:
        raise Refusal(f"Line {number} of {path.name} has {len(words)} words, and {least} are due.")


def _whole(path: Path, number: int, word: str) -> int:
    if not word.isdecimal():
        raise Refusal(f"Line {number} of {path.name}: {word} is no whole number.")
    return int(word)
