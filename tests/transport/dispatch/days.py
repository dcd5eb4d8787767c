"""Days to plan, small enough to try everything, and a brute force that does; and one of a real compound's size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from random import Random

from hypothesis import strategies as st

from cbo_desk.transport.day import FOREVER, Band, Break, Day, Driver, Load, Matrix, Request, Vehicle, Window
from cbo_desk.transport.plan import Doing, Route, Stop

LONG = 40
"""Nothing happens after this time on a small day."""
HOUR = 3600


def line_matrix(points: list[int], per: int = 1) -> Matrix:
    """Places on a line: as many seconds and metres apart as their points."""
    table = tuple(tuple(abs(a - b) * per for b in points) for a in points)
    return Matrix(tuple(f"P{n}" for n in range(len(points))), table, (Band(FOREVER, table),))


@st.composite
def small_days(draw, requests: int = 2, vehicles: int = 1):
    """A few requests on a line, with windows, boarding, longest rides, seats and duty that often do not fit."""
    points = draw(st.lists(st.integers(0, 6), min_size=3, max_size=5))
    places = st.integers(0, len(points) - 1)
    wanted = []
    for number in range(draw(st.integers(1, requests))):
        early = draw(st.integers(0, 10))
        due = draw(st.none() | st.integers(early, 16))
        wanted.append(
            Request(
                number, f"T-{number}", draw(places), draw(places), Window(early, early + draw(st.integers(0, 4))),
                Window(latest=FOREVER if due is None else due), Load(draw(st.integers(1, 2))), draw(st.integers(0, 1)),
                draw(st.integers(0, 1)), draw(st.none() | st.integers(0, 8)), draw(st.booleans()),
            )
        )  # fmt: skip
    fleet = tuple(
        Vehicle(number, f"UN {number}", Load(draw(st.integers(1, 3))), draw(places)) for number in range(vehicles)
    )
    drivers = tuple(
        Driver(
            number, f"Driver {number}", Window(draw(st.integers(0, 3)), draw(st.integers(12, 20))),
            draw(st.just(FOREVER) | st.integers(6, 14)), may_drive=frozenset({number}),
        )
        for number in range(vehicles)
    )  # fmt: skip
    return Day(line_matrix(points), fleet, drivers, tuple(wanted))


def orders(requests: list[int]) -> Iterator[tuple[tuple[Doing, int], ...]]:
    """Every order in which requests can be picked up and set down."""
    steps = [(doing, request) for request in requests for doing in (Doing.PICKUP, Doing.DROPOFF)]
    for order in permutations(steps):
        if all(order.index((Doing.PICKUP, one)) < order.index((Doing.DROPOFF, one)) for one in requests):
            yield order


def route_of(day: Day, vehicle: int, order: tuple[tuple[Doing, int], ...]) -> Route:
    """A route of a vehicle in a given order, without times."""
    home = day.vehicle[vehicle].home
    stops = [
        Stop(
            doing,
            day.request[request].pickup if doing is Doing.PICKUP else day.request[request].dropoff,
            request=request,
        )
        for doing, request in order
    ]
    return Route(vehicle, vehicle, (Stop(Doing.START, home), *stops, Stop(Doing.END, home)))


def all_schedules(day: Day, route: Route) -> Iterator[list[int]]:
    """Every list of whole begins at which a route can be driven, by trying all: no arithmetic but the rules' own."""
    driver, stops = day.driver[route.driver], route.stops

    def allowed(place: int, times: list[int]) -> bool:
        stop, time = stops[place], times[place]
        if place:
            before = stops[place - 1]
            taken = 0
            if before.request is not None:
                own = day.request[before.request]
                taken = own.boarding if before.doing is Doing.PICKUP else own.alighting
            if time < times[place - 1] + taken + day.matrix.bands[0].seconds[before.place][stop.place]:
                return False
        if stop.doing is Doing.START:
            return time >= driver.shift.earliest
        if stop.doing is Doing.END:
            return time <= driver.shift.latest and time - times[0] <= driver.duty
        assert stop.request is not None
        own = day.request[stop.request]
        window = own.pickup_window if stop.doing is Doing.PICKUP else own.dropoff_window
        if not window.earliest <= time <= window.latest:
            return False
        if stop.doing is Doing.DROPOFF and own.max_ride is not None:
            up = next(n for n, s in enumerate(stops) if s.request == own.id)
            return time - times[up] - own.boarding <= own.max_ride
        return True

    def extend(times: list[int]) -> Iterator[list[int]]:
        place = len(times)
        if place == len(stops):
            yield times
            return
        for time in range(times[-1] if times else 0, 21):
            longer = [*times, time]
            if allowed(place, longer):
                yield from extend(longer)

    return extend([])


def has_schedule(day: Day, route: Route) -> bool:
    """Whether a route can be driven at all."""
    return next(all_schedules(day, route), None) is not None


def seats_hold(day: Day, vehicle: int, order: tuple[tuple[Doing, int], ...]) -> bool:
    """Whether everybody has a seat, and whoever is not pooled is alone."""
    aboard: list[int] = []
    for doing, request in order:
        aboard = [*aboard, request] if doing is Doing.PICKUP else [one for one in aboard if one != request]
        if sum(day.request[one].load.seats for one in aboard) > day.vehicle[vehicle].capacity.seats:
            return False
        if len(aboard) > 1 and not all(day.request[one].pooled for one in aboard):
            return False
    return True


def can_serve(day: Day, vehicle: int, requests: list[int]) -> bool:
    """Whether a vehicle can serve these requests in some order."""
    return any(
        seats_hold(day, vehicle, order) and has_schedule(day, route_of(day, vehicle, order))
        for order in orders(requests)
    )


def compound_day(requests: int = 120, vehicles: int = 24, drivers: int = 30, seed: int = 7) -> Day:
    """A day of a compound: zones up to an hour apart with three bands, shifts, breaks, skills, pools and returns."""
    random = Random(seed)
    spots = [(random.uniform(-9, 9), random.uniform(-9, 9)) for _ in range(14)]
    spots[0] = (0.0, 0.0)
    metres = tuple(tuple(int(1350 * (abs(a[0] - b[0]) + abs(a[1] - b[1]))) for b in spots) for a in spots)
    bands = tuple(
        Band(until, tuple(tuple(60 + metre * 36 // (10 * speed) for metre in row) for row in metres))
        for until, speed in ((6 * HOUR, 35), (10 * HOUR, 20), (24 * HOUR, 28))
    )
    kinds = [(4, 0, 4), (7, 1, 6), (4, 0, 3), (14, 1, 10)]
    fleet = tuple(
        Vehicle(
            100 + n, f"UN {100 + n}", Load(*kinds[n % 4]), 0, frozenset({"4x4"} if n % 3 == 0 else ()),
            (Window(),) if n % 8 else (Window(12 * HOUR, FOREVER),), 2500, 45 + 5 * (n % 4),
            "Insurance ended on 3 Jul 2026." if n == 5 else "",
        )
        for n in range(vehicles)
    )  # fmt: skip
    shifts = [(6, 15), (7, 16), (9, 18), (13, 22)]
    crew = tuple(
        Driver(
            500 + n, f"Driver {n}", Window(shifts[n % 4][0] * HOUR, shifts[n % 4][1] * HOUR), 9 * HOUR,
            (Break(Window((shifts[n % 4][0] + 4) * HOUR, (shifts[n % 4][0] + 6) * HOUR), 1800),),
            frozenset({"French"} if n % 5 == 0 else ()),
            None if n % 3 else frozenset(100 + m for m in range(vehicles) if m % 4 != 3),
        )
        for n in range(drivers)
    )  # fmt: skip
    wanted: list[Request] = []
    while len(wanted) < requests:
        wanted += a_request(random, len(wanted) + 1, len(spots))
    return Day(Matrix(tuple(f"Z{n}" for n in range(len(spots))), metres, bands), fleet, crew, tuple(wanted[:requests]))


def _asked(random: Random) -> str:
    return "4x4" if random.random() < 0.08 else "French" if random.random() < 0.04 else ""


def a_request(random: Random, number: int, places: int, earliest: int = 6 * HOUR) -> list[Request]:
    """A request as people make them, now and then with its way back."""
    out, to = random.sample(range(places), 2)
    if random.random() < 0.7:
        out, to = (0, to or 1) if random.random() < 0.5 else (out or 1, 0)
    at = random.randrange(earliest, max(19 * HOUR, earliest + HOUR), 900)
    people = random.choice([1, 1, 1, 2, 2, 3, 4, 6])
    pooled = random.random() < 0.8
    one = Request(
        number, f"R-{number:03}", out, to, Window(at, at + 900), Window(), Load(people, int(random.random() < 0.04),
        people // 2), 120, 60, 5400 if pooled else None, pooled,
        frozenset(["4x4"] if (word := _asked(random)) == "4x4" else []), random.choice([0, 0, 50, 100]),
        driver_needs=frozenset(["French"] if word == "French" else []),
    )  # fmt: skip
    if random.random() > 0.1:
        return [one]
    later = at + random.randrange(2, 4) * HOUR
    back = replace(
        one, id=number + 1, name=f"R-{number:03} back", pickup=to, dropoff=out, back_of=number, waits=True,
        pickup_window=Window(later, later + 1800), max_ride=None,
    )  # fmt: skip
    return [one, back]
