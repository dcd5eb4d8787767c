"""A series on the clock of one zone, without zones: how the library that follows rules is to be given it.

Of times with a zone that library takes the reading in UTC and the reading on the clock for one and the same name. A day
added as many hours after one that is left out as its zone is before UTC (three in Nairobi) was lost with it, and a
changed meeting stood in for another. Times without a zone have one reading, and a rule is counted on the clock anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, tzinfo
from typing import Any

_TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID")
_LISTS = ("EXDATE", "RDATE")
_LAST = time(23, 59, 59)


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
        rules = _all(component["RRULE"])
        timed = _is_timed(component)
        shown = [
            vRecur({part: [_until(each, zone, timed) for each in _all(value)] if part == "UNTIL" else value
                    for part, value in rule.items()})
            for rule in rules
        ]  # fmt: skip
        found["RRULE"] = shown if len(shown) > 1 else shown[0]
    return found


def last_day(component: Any) -> date | None:
    """The day on which the rule of meetings with hours ends, where it names no hour; None where it does, or of days.

    RFC 5545 (3.3.10) wants UNTIL to be of the kind that DTSTART is; calendars that people use send days nevertheless.
    """
    rules = _all(component.get("RRULE", []))
    days = [each for rule in rules for each in _all(rule.get("UNTIL", [])) if not isinstance(each, datetime)]
    return max(days) if days and _is_timed(component) else None


def _is_timed(component: Any) -> bool:
    return "DTSTART" in component and isinstance(component["DTSTART"].dt, datetime)


def _until(value: date | datetime, zone: tzinfo, timed: bool) -> date | datetime:
    """The last instant of a rule on the series' clock: a day means the whole of it, as whoever chose it meant."""
    shown: date | datetime = _shown(value, zone)
    return datetime.combine(shown, _LAST) if timed and not isinstance(shown, datetime) else shown


def _all(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _shown(value: Any, zone: tzinfo) -> Any:
    """A time as a clock shows it, a period with both its ends so; a day, or how long something lasts, as it is."""
    if isinstance(value, tuple):
        return tuple(_shown(each, zone) for each in value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(zone).replace(tzinfo=None)
    return value
