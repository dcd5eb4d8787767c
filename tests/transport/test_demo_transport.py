"""The demo compound's transport: a first user's first plan is whole."""

from __future__ import annotations

from cbo_desk.transport.checker import check
from cbo_desk.transport.day import Hold
from cbo_desk.transport.dispatch import plan_at_once
from cbo_desk.transport.proposing import basis_of_plan
from tests.demo import demo


def test_the_first_plan_of_the_demo_day_is_whole(sqlite_office):
    """At nine vehicles are out with people: each can be planned with, and nobody drives beyond their shift."""
    demo(sqlite_office, 1)
    day = sqlite_office.read(basis_of_plan).day
    assert {lock.hold for lock in day.locks} >= {Hold.ABOARD, Hold.DONE}
    proposal = plan_at_once(day)
    assert check(day, proposal) == []
    assert (proposal.apart, proposal.unassigned, proposal.said) == ((), (), "")
    for route in day.today:  # nobody is planned before or after their shift
        shift = day.driver[route.driver].shift
        assert shift.earliest <= route.stops[0].arrives <= route.stops[-1].arrives <= shift.latest
