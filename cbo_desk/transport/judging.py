"""Suggestions for one request, each heard by the plan's own checker, so that the card and the planner speak alike.

Whoever assigns by hand may go beyond a shift, a duty or a break, which no plan does: what a plan would not do stands
among the reasons against, in the checker's words.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from cbo_desk.context import ZONE
from cbo_desk.permissions import reads
from cbo_desk.transport.board import as_waiting, day_picture
from cbo_desk.transport.checker import check_routes
from cbo_desk.transport.day import Day
from cbo_desk.transport.day_query import as_planned, routes_of
from cbo_desk.transport.driving import insert, moved, time_halts
from cbo_desk.transport.picture import DayPicture, StopOfDay, TripOfDay, Waiting
from cbo_desk.transport.plan import Route
from cbo_desk.transport.rules import State, TripState
from cbo_desk.transport.suggesting import Suggestion, ranked, suggest
from db.transport import TripRequest

AGAINST = "a plan would not: "


@reads("transport", "look at the dispatch board")
def suggestions(session: Session, request_id: int) -> list[Suggestion]:
    """Every vehicle for a request that waits, the best first; none for one that does not wait."""
    row = session.get(TripRequest, request_id)
    if row is None or row.state not in (State.REQUESTED, State.APPROVED):
        return []
    picture = day_picture(session, row.pickup_from.astimezone(ZONE).date())
    wanted = as_waiting(row)
    judge = _Judge(session, picture, wanted)
    return ranked(picture, wanted, [judge.heard(each) for each in suggest(picture, wanted)])


class _Judge:
    """Asks the checker what each suggestion would break that is not broken already."""

    def __init__(self, session: Session, picture: DayPicture, wanted: Waiting) -> None:
        self._session, self._picture, self._wanted = session, picture, wanted
        self._trips = [trip for trip in picture.trips if trip.stops]
        self._days: dict[int, tuple[Day, frozenset[str]]] = {}

    def heard(self, one: Suggestion) -> Suggestion:
        """The suggestion with what speaks against it in a plan."""
        home = next(vehicle.home for vehicle in self._picture.vehicles if vehicle.id == one.vehicle_id)
        if not one.fits or home is None:  # without a home a plan has to assume one
            return one
        day, broken = self._day(one.minutes)
        others = [trip for trip in self._trips if trip.id != one.trip_id]
        routes = self._routes([*others, self._trip(one, home)])
        found = [violation.said for violation in check_routes(day, routes) if violation.said not in broken]
        # The vehicle's name stands above them already.
        found = [said.removeprefix(f"{one.name}: ") for said in found]
        return replace(one, cons=(*one.cons, *(AGAINST + said for said in dict.fromkeys(found))))

    def _routes(self, trips: list[TripOfDay]) -> tuple[Route, ...]:
        return routes_of(self._picture, trips)

    def _day(self, minutes: int) -> tuple[Day, frozenset[str]]:
        """The day with the request at the time that is suggested, and what is broken already.

        What is under way binds nobody here: the vehicle is back before it leaves again.
        """
        if minutes not in self._days:
            halts = tuple(moved(self._wanted.halts, timedelta(minutes=minutes)))
            there = replace(self._wanted, state=State.APPROVED, halts=halts)
            day = as_planned(self._session, replace(self._picture, waiting=(there,)))
            day = replace(day, locks=(), positions=(), road=())
            broken = frozenset(violation.said for violation in check_routes(day, self._routes(self._trips)))
            self._days[minutes] = day, broken
        return self._days[minutes]

    def _trip(self, one: Suggestion, home: int) -> TripOfDay:
        """The trip as it would be assigned."""
        table, wanted = self._picture.table, self._wanted
        joined = next((trip for trip in self._trips if trip.id == one.trip_id), None)
        if joined is None:
            timing = time_halts(moved(wanted.halts, timedelta(minutes=one.minutes)), home, table)
        else:
            timing = insert([stop.halt for stop in joined.stops], wanted.halts, home, table)
        stops = tuple(
            StopOfDay(seq, "", stop.halt, "", stop.arrives, stop.leaves, None)
            for seq, stop in enumerate(timing.stops, 1)
        )
        return TripOfDay(one.trip_id, "", one.vehicle_id, one.driver_id, timing.starts, timing.ends, TripState.PLANNED,
                         False, None, None, 0, (), (), 0, stops)  # fmt: skip
