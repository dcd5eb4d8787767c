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
DETOUR = declare(
    Declared(
        "transport.detour", "Roads are longer than the crow's flight by", 1.35, "times", "an assumption", True, 1.0, 3.0
    )
)
