"""What the transport desk's records are called, and its settings that are valid from a day on."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from cbo_desk.dated import Declared, declare, value_on

REQUEST = "transport.request"
TRIP = "transport.trip"
VEHICLE = "transport.vehicle"
DRIVER = "transport.driver"
PAPER = "transport.paper"
ZONE_KIND = "transport.zone"
SHUTTLE = "transport.shuttle"
INCIDENT = "transport.incident"
READING = "transport.reading"

JUMP_KM = declare(
    Declared(
        "transport.jump_km", "Kilometres between two readings believed without a word", 600, "km", "shipped", True, 1
    )
)
DUTY_HOURS = declare(
    Declared("transport.duty_hours", "A driver's longest duty in a day", 12, "hours", "shipped", True, 1, 24)
)
MAX_RIDE = declare(
    Declared("transport.max_ride_minutes", "Longest ride in a pooled trip", 90, "min", "shipped", True, 5, 600)
)
BOARDING = declare(
    Declared("transport.boarding_minutes", "Time to get in or out", 3, "min", "an assumption", True, 0, 60)
)
PATIENCE = declare(
    Declared(
        "transport.patience_minutes", "Passengers wait after the asked pick-up, unless they say otherwise", 15, "min",
        "shipped", True, 0, 120,
    )
)
PROMISE = declare(
    Declared(
        "transport.promise_minutes", "A plan may move a frozen pick-up, or one under way, by", 10, "min", "shipped",
        True, 0, 60,
    )
)
RIDE_TIMES = declare(
    Declared(
        "transport.ride_times", "A shared ride takes at most so many times the direct one", 1.5, "times",
        "an assumption", True, 1.0, 5.0,
    )
)
RIDE_MORE = declare(
    Declared(
        "transport.ride_more_minutes", "and so many minutes more", 10, "min", "an assumption", True, 0, 120,
    )
)
ABOARD_LATER = declare(
    Declared(
        "transport.aboard_later_minutes", "Whoever is aboard may arrive later for somebody else's sake by", 10, "min",
        "shipped", True, 0, 60,
    )
)
LATE = declare(
    Declared(
        "transport.late_minutes", "A trip is called late so long after its time", 5, "min", "shipped", True, 0, 60
    )
)
EARLY = declare(
    Declared(
        "transport.early_hours", "So long before its time a departure is taken for another day's ticket", 12, "hours",
        "shipped", True, 1, 24,
    )
)
GAP_KM = declare(
    Declared(
        "transport.gap_km", "Kilometres between a return and the next departure believed without a word", 3, "km",
        "shipped", True, 0, 100,
    )
)
LEARN_DAYS = declare(
    Declared(
        "transport.learn_days", "Travel times are learnt from trips of the last", 180, "days", "shipped", True, 7, 3650
    )
)
LEARN_WEIGHT = declare(
    Declared(
        "transport.learn_weight", "When learning, what was held before counts as many trips as", 5, "trips",
        "an assumption", True, 1, 100,
    )
)
LATER = declare(
    Declared(
        "transport.suggest_minutes", "Suggested vehicles come later or earlier by at most", 120, "min", "shipped",
        True, 0, 720,
    )
)
FUEL_FAR = declare(
    Declared(
        "transport.fuel_far", "A vehicle's fuel is looked at beyond so many of its usual deviations", 3.5, "times",
        "Iglewicz and Hoaglin 1993", True, 1.0, 20.0,
    )
)
SPEED = declare(
    Declared(
        "transport.speed_kmh", "Assumed speed where a part of the day has none of its own", 23, "km/h",
        "an assumption: Nairobi in traffic", True, 5, 120,
    )
)
DETOUR = declare(
    Declared(
        "transport.detour", "Roads are longer than the crow's flight by", 1.35, "times", "an assumption", True, 1.0, 3.0
    )
)


def late_after(session: Session, day: date) -> timedelta:
    """How long after its time nothing of a day is called late yet."""
    return timedelta(minutes=int(value_on(session, LATE.name, day)))
