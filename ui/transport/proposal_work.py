"""What planning a day does away from the screen: reading the day, planning, telling what changes. No widgets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from cbo_desk.office import Office
from cbo_desk.solving import Watch
from cbo_desk.transport.day import Day
from cbo_desk.transport.difference import Change, Turn, difference, trips_of
from cbo_desk.transport.dispatch import Budget, plan, plan_at_once
from cbo_desk.transport.holding import held_as_today
from cbo_desk.transport.plan import Proposal, Route
from cbo_desk.transport.proposing import Basis, basis_of_plan
from cbo_desk.transport.words import clock, minutes


@dataclass(frozen=True)
class Line:
    """One request in the list of a proposal."""

    id: int
    name: str
    pickup: str
    way: str
    people: int
    before: str
    after: str
    driver: str
    turn: Turn
    later: str
    vehicle: int | None


@dataclass(frozen=True)
class Planned:
    """A proposal with what it stands on, what would change, and whether only open trips were placed."""

    basis: Basis
    proposal: Proposal
    lines: tuple[Line, ...]
    open_only: bool = False


def plan_day(office: Office, day: date, open_only: bool, budget: Budget, watch: Watch) -> Planned:
    """Plan a day: anew, or only what is open, which moves nobody."""
    basis = office.read(basis_of_plan, day)
    proposal = plan_at_once(held_as_today(basis.day)) if open_only else plan(basis.day, budget, watch)
    return Planned(basis, proposal, tuple(lines_of(basis.day, proposal)), open_only)


def beside(office: Office, planned: Planned) -> Planned:
    """The same proposal beside the day as it stands now, after a part of it was taken."""
    basis = office.read(basis_of_plan, planned.basis.date)
    day = replace(basis.day, requests=planned.basis.day.requests)
    known = set(planned.basis.day.request)
    proposal = planned.proposal
    day = replace(day, locks=tuple(lock for lock in day.locks if lock.request in known))
    basis = replace(basis, day=day)
    return replace(planned, basis=basis, lines=tuple(lines_of(day, proposal)))


def lines_of(day: Day, proposal: Proposal) -> list[Line]:
    """Every request of the day as a line: what becomes of it."""
    return [_line(day, change) for change in difference(day, proposal)]


def _line(day: Day, change: Change) -> Line:
    request = day.request[change.request]
    at = change.after or change.before
    name = request.name if request.leg == 1 else f"{request.name} ↩"
    later = ""
    if change.turn is Turn.RETIMED:
        later = f"{'+' if change.later > 0 else '−'}{minutes(abs(change.later))}"
    return Line(
        request.id,
        name,
        clock(at[2] if at else request.pickup_window.earliest),
        f"{day.matrix.places[request.pickup]} → {day.matrix.places[request.dropoff]}",
        request.load.seats,
        day.vehicle[change.before[0]].name if change.before and change.before[0] in day.vehicle else "",
        day.vehicle[change.after[0]].name if change.after and change.after[0] in day.vehicle else "",
        day.driver[change.after[1]].name if change.after and change.after[1] in day.driver else "",
        change.turn,
        later,
        change.after[0] if change.after else None,
    )


def route_of(proposal: Proposal, request: int) -> Route | None:
    """The route that serves a request."""
    return next((route for route in proposal.routes if request in route.requests), None)


def trip_said(day: Day, route: Route, request: int) -> list[tuple[str, str]]:
    """The stops of a request's trip: when, and what happens where."""
    trip = next(trip for trip in trips_of(day, route) if any(stop.request == request for stop in trip))
    said = []
    for stop in trip:
        assert stop.request is not None
        sign = "↑" if stop.doing == "pickup" else "↓"
        said.append((clock(stop.begins), f"{sign} {day.request[stop.request].name} · {day.matrix.places[stop.place]}"))
    return said
