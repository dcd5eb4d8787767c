"""The demo's capital project: made up and saying so, the same each time, and with something for the planner to do."""

from __future__ import annotations

from datetime import date

from cbo_desk.changes import Changes
from cbo_desk.conference import LayoutForm, SpaceForm, add_space
from cbo_desk.conference.project import phase_card, phases, problem_of
from cbo_desk.conference.relocating.checker import check
from cbo_desk.conference.relocation import first_plan
from cbo_desk.demo.capital import fill_capital
from cbo_desk.permissions import deed

ROOMS = {"HALL-A": ("A", 600), "CR-1": ("1", 180), "CR-2": ("2", 96), "CR-3": ("3", 96), "CR-4": ("4", 96),
         "CR-5": ("5", 132), "CR-6": ("6", 132), "CR-7": ("7", 108), "CR-8": ("8", 108), "PAV": ("P", 400),
         "CR-9": ("9", 64), "CR-10": ("10", 64), "CR-11": ("11", 64), "CR-12": ("12", 64)}  # fmt: skip


@deed("conference.demo", "make the demo")
def demo(session):
    return Changes("conference.phase", (fill_capital(session),))


def test_three_phases_of_which_the_second_displaces_meetings(sqlite_office):
    office = sqlite_office
    assert office.write(demo).ids == (0,)
    for code, (cell, seats) in ROOMS.items():
        form = LayoutForm("classroom", seats, 30, 15, date(2020, 1, 1))
        office.write(add_space, SpaceForm(code, code, (cell,), (form,), booths=2))
    [made] = office.write(demo).ids
    found = office.read(phases)
    assert [row.code for row in found] == ["Phase 1", "Phase 2", "Phase 3"]
    assert [row.state for row in found] == ["under way", "planned", "planned"]
    assert found[1].affected == made > 30
    assert all("Made up" in office.read(phase_card, row.id).form.notes for row in found)
    problem = office.read(problem_of, found[1].id, found[1].span)
    plan = first_plan(problem)
    assert check(problem, plan) == []
    assert 0 < sum(place is None for place in plan.places.values()) < made


def test_a_phase_that_begins_soon_with_meetings_left_stands_on_today(sqlite_office, clock):
    from datetime import timedelta

    from cbo_desk.reports import What
    from cbo_desk.reports.project_needs import project_needs

    office = sqlite_office
    for code, (cell, seats) in ROOMS.items():
        form = LayoutForm("classroom", seats, 30, 15, date(2020, 1, 1))
        office.write(add_space, SpaceForm(code, code, (cell,), (form,), booths=2))
    [made] = office.write(demo).ids
    [need] = office.read(project_needs)
    second = office.read(phases)[1]
    assert (need.what, need.count, need.record_id, need.until) == (What.PHASE_DUE, made, second.id, second.span.first)
    clock.now -= timedelta(days=100)
    assert office.read(project_needs) == []
