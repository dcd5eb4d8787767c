"""What the transport desk's records are called, and its settings that are valid from a day on."""

from __future__ import annotations

from cbo_desk.dated import Declared, declare

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
