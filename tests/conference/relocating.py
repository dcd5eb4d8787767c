"""Small relocation problems, drawn at random, and the dullest way to solve them: try everything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import permutations, product

from hypothesis import strategies as st

from cbo_desk.conference.finding import Placing, Space, Taken, Unit, UnitWish
from cbo_desk.conference.relocating import checker
from cbo_desk.conference.relocating.problem import KEEP_ROOMS, KEEP_TIMES, Goal, Meeting, Plan, Problem, stages_of
from cbo_desk.conference.rules import Ceiling, Layout, Load, Slot
from cbo_desk.context import ZONE

DAY = datetime(2027, 3, 1, tzinfo=ZONE)
EPOCH = date(2026, 1, 1)
TEAM = UnitWish("interpretation", frozenset({"en", "fr"}))
UNITS = (
    Unit(1, "T1", "interpretation", frozenset({"en", "fr"})),
    Unit(2, "T2", "interpretation", frozenset({"en", "fr", "es"})),
    Unit(3, "AV", "av set"),
)


def at(start: float, end: float, day: int = 0) -> Slot:
    return Slot(DAY + timedelta(days=day, hours=start), DAY + timedelta(days=day, hours=end))


def layout(ident: int, kind: str, seats: int, setup: int = 0, cleardown: int = 0) -> Layout:
    return Layout(ident, kind, seats, setup, cleardown, EPOCH, None)


ROOMS = (
    Space(1, "A", "A", frozenset({1}), (layout(11, "theatre", 100, 30), layout(12, "classroom", 60)), 1, 2),
    Space(2, "B", "B", frozenset({2}), (layout(21, "theatre", 50), layout(22, "classroom", 30, 0, 30)), 1, 0,
          frozenset({"daylight"})),
    Space(3, "C", "C", frozenset({3}), (layout(31, "theatre", 40), layout(32, "classroom", 25)), 2, 1),
    Space(4, "B+C", "B+C", frozenset({2, 3}), (layout(41, "theatre", 95),), 2, 1),
)  # fmt: skip


class Quiet:
    """A bench that only listens; it asks to stop after so many plans."""

    def __init__(self, most: int = 1_000_000) -> None:
        self.kept: list[Plan] = []
        self.said: list[object] = []
        self.most = most

    def say(self, progress: object) -> None:
        self.said.append(progress)

    def keep(self, best: Plan) -> None:
        self.kept.append(best)

    @property
    def stopping(self) -> bool:
        return len(self.kept) >= self.most


HOURS = ((9, 12), (10, 13), (12, 14), (13, 15))


@st.composite
def problems(draw, meetings: int = 4) -> Problem:
    """A morning in four rooms, one of them closed, with teams and ceilings."""
    shut = draw(st.sampled_from([1, 2, 3]))
    taken = {shut: (Taken(at(0, 48), None, "works"),)}
    moving, busy = [], []
    for number in range(1, draw(st.integers(2, meetings)) + 1):
        hours = draw(st.lists(st.sampled_from(HOURS), min_size=1, max_size=2, unique=True))
        slots = tuple(at(*each) for each in hours)
        space = draw(st.sampled_from(ROOMS))
        chosen = draw(st.sampled_from(space.layouts))
        people = draw(st.integers(5, chosen.capacity))
        stands = Placing(slots[0], space.id, chosen.id, chosen.kind, slots[0].widened(chosen.setup, chosen.cleardown))
        affected = shut in space.cells
        clash = any(cells & space.cells and stands.blocks.overlaps(blocks) for cells, blocks in busy)
        wishes = (TEAM,) if affected and draw(st.booleans()) else ()
        if not affected and not clash:
            busy.append((space.cells, stands.blocks))
        moving.append(Meeting(
            number, people, draw(st.integers(1, 3)), slots, draw(st.sampled_from(["", chosen.kind])), stands, wishes,
            draw(st.sampled_from([0, 0, 1])) if affected else 0,
            frozenset({"daylight"} if affected and draw(st.integers(0, 5)) == 0 else ()),
            draw(st.sampled_from([None, 7])), draw(st.booleans()), affected or clash,
            draw(st.sampled_from([0, 0, 3, 9])),
        ))  # fmt: skip
    units_taken = {1: (Taken(at(9, 12), 99),)} if draw(st.booleans()) else {}
    loads, ceilings = (), ()
    if draw(st.booleans()):
        kind = draw(st.sampled_from(["people", "gate", "parking"]))
        brought = [each.cars if kind == "parking" else each.people for each in moving if not each.affected]
        spare = 8 if kind == "parking" else 40
        ceilings = (Ceiling(kind, draw(st.sampled_from([None, 2])), sum(brought) + spare, EPOCH, None),)
        loads = (Load(at(9, 11), 10, 2, 4),)
    stages = draw(st.sampled_from([
        KEEP_TIMES, KEEP_ROOMS, stages_of(Goal.UNPLACED, Goal.LOST, Goal.WALLS),
        (((Goal.UNPLACED, 1),), ((Goal.SERIES, 5), (Goal.SEATS, 1))),
    ]))  # fmt: skip
    return Problem(ROOMS, tuple(moving), taken, UNITS, units_taken, loads, ceilings, stages)


def every_place(problem: Problem, meeting: Meeting) -> Iterator[Placing | None]:
    """Whatever could be tried for a meeting, sensible or not."""
    if meeting.affected:
        yield None
    elif meeting.stands is not None:
        yield meeting.stands
    wished = [unit.id for unit in problem.units if unit.kind == "interpretation"]
    for slot, space in product(meeting.times, problem.spaces):
        for each in space.layouts:
            if each.capacity >= meeting.people and (not meeting.kind or each.kind == meeting.kind):
                for units in permutations(wished, len(meeting.wishes)):
                    blocks = slot.widened(each.setup, each.cleardown)
                    yield Placing(slot, space.id, each.id, each.kind, blocks, units)


def best_figures(problem: Problem) -> list[tuple[int, ...]]:
    """The lexicographically least figures of all plans that break no rule, by trying each of them."""
    tried = [
        [
            each
            for each in every_place(problem, meeting)
            # Whatever breaks a rule on its own is in no plan; the rank rule asks for the others as well.
            if not [f for f in _alone(problem, meeting, each) if f.rule != "rank"]
        ]
        for meeting in problem.meetings
    ]
    ids = [meeting.id for meeting in problem.meetings]
    best = None
    for combination in product(*tried):
        places = dict(zip(ids, combination, strict=True))
        found = checker.figures(problem, places)
        if (best is None or found < best) and not [
            each for each in checker.check(problem, Plan(places)) if each.rule != "figures"
        ]:
            best = found
    assert best is not None
    return best


def _alone(problem: Problem, meeting: Meeting, place: Placing | None) -> list[checker.Fault]:
    single = Problem(
        problem.spaces, (meeting,), problem.taken, problem.units, problem.units_taken, problem.loads, problem.ceilings,
        problem.stages,
    )  # fmt: skip
    return [each for each in checker.check(single, Plan({meeting.id: place})) if each.rule != "figures"]
