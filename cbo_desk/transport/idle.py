"""Who is left over though somebody idle could take them: vehicles and drivers paired anew after the routes are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cbo_desk.transport.day import Day, Request
from cbo_desk.transport.plan import Proposal, Route
from cbo_desk.transport.reasons import empty_route, fits_into, idle_pairs, lacking, riders


def with_idle(day: Day, proposal: Proposal) -> Proposal:
    """The plan with whoever is left over put on vehicles and drivers that stay at home, paired anew for them.

    Pairs are made before routes, so somebody may be left over whom an idle vehicle could take with another idle driver.
    """
    extra: list[Route] = []
    left = list(proposal.unassigned)
    for request_id in sorted(left, key=lambda one: (-day.request[one].priority, one)):
        who = riders(day, request_id)
        if request_id not in left or who[0].id != request_id or any(one.id in day.lock for one in who):
            continue
        if who[0].back_of is not None:
            continue  # it goes with the vehicle of its way out
        so_far = replace(proposal, routes=(*proposal.routes, *extra))
        found = next(_ways(day, so_far, extra, who), None)
        if found is not None:
            extra = [*(route for route in extra if route.vehicle != found.vehicle), found]
            left = [one for one in left if one not in {each.id for each in who}]
    return replace(proposal, routes=(*proposal.routes, *extra), unassigned=tuple(left)) if extra else proposal


def _ways(day: Day, proposal: Proposal, extra: Sequence[Route], who: Sequence[Request]) -> Iterator[Route]:
    """Routes that take a request more: of those added already, then of idle vehicles, the smallest first."""
    yield from (longer for route in extra if (longer := _longer(day, route, who)) is not None)
    out = {route.vehicle for route in proposal.routes} | set(proposal.apart) | set(day.position)
    for vehicle in sorted(day.vehicles, key=lambda one: (one.capacity.seats, one.id)):
        if vehicle.id in out or vehicle.barred:
            continue
        for pair in idle_pairs(day, proposal, vehicle):
            longer = _longer(day, empty_route(day, pair), who)
            if longer is not None:
                yield longer


def _longer(day: Day, route: Route, who: Sequence[Request]) -> Route | None:
    if next(lacking(day, day.vehicle[route.vehicle], route, who), None) is not None:
        return None
    return fits_into(day, route, who)
