"""A series on the clock of one zone, without zones: how the library that follows rules is to be given it.

Of times with a zone that library takes the reading in UTC and the reading on the clock for one and the same name. A day
added as many hours after one that is left out as its zone is before UTC (three in Nairobi) was lost with it, and a
changed meeting stood in for another. Times without a zone have one reading, and a rule is counted on the clock anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

_TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID")
_LISTS = ("EXDATE", "RDATE")


def zone_of_series(components: Sequence[Any], zone: tzinfo) -> tzinfo:
    """The zone on whose clock a series recurs: that of its start, or `zone` where its start names none."""
    core = next((each for each in components if "RECURRENCE-ID" not in each), components[0])
    start = core["DTSTART"].dt if "DTSTART" in core else None
    return start.tzinfo if isinstance(start, datetime) and start.tzinfo is not None else zone


def floating(component: Any, zone: tzinfo) -> Any:
    """A copy of a component with its times as the clock of `zone` shows them; days stay days."""
    from icalendar.prop import vDDDLists, vDDDTypes, vRecur

    found = component.copy()
    for name in _TIMES:
        if name in component:
            one = vDDDTypes(_shown(component[name].dt, zone))
            if (reach := component[name].params.get("RANGE")) is not None:
                one.params["RANGE"] = reach
            found[name] = one
    for name in _LISTS:
        if name in component:
            lists = component[name] if isinstance(component[name], list) else [component[name]]
            found[name] = vDDDLists([_shown(each.dt, zone) for dates in lists for each in dates.dts])
    if "RRULE" in component:
        rules = component["RRULE"] if isinstance(component["RRULE"], list) else [component["RRULE"]]
        shown = [
            vRecur({part: [_shown(each, zone) for each in _all(value)] if part == "UNTIL" else value
                    for part, value in rule.items()})
            for rule in rules
        ]  # fmt: skip
        found["RRULE"] = shown if len(shown) > 1 else shown[0]
    return found


def _all(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _shown(value: Any, zone: tzinfo) -> Any:
    """A time as a clock shows it, a period with both its ends so; a day, or how long something lasts, as it is."""
    if isinstance(value, tuple):
        return tuple(_shown(each, zone) for each in value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(zone).replace(tzinfo=None)
    return value
