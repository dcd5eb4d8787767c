"""Rules by which bookings recur (RFC 5545, 3.3.10), counted on the clock of their zone, so that ten o'clock stays ten.

Plain functions without a database. A rule is bounded before it is counted: by days at the finest, by MOST occurrences,
by HORIZON after its start, so that no rule from outside can keep the program busy.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from cbo_desk.conference.rules import Slot
from cbo_desk.errors import Refusal

MOST = 1000
HORIZON = timedelta(days=3653)
_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
_NUMBERS = {
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366),
}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST", *_NUMBERS}
_LONGEST_RULE = 500


@dataclass(frozen=True)
class Recurrence:
    """A rule with its first start, skipped and added starts on its zone's clock, and minutes an occurrence."""

    rule: str
    starts: datetime
    minutes: int
    zone: str = "Africa/Nairobi"
    skipped: frozenset[datetime] = field(default_factory=frozenset)
    added: frozenset[datetime] = field(default_factory=frozenset)

    def slots(self) -> list[Slot]:
        """Every occurrence, in order; refuses a rule that cannot be followed."""
        return [self.slot(start) for start in occurrences(self)]

    def slot(self, start: datetime) -> Slot:
        """The occurrence that starts at a time on the zone's clock; its minutes are real ones, whatever the clock."""
        instant = start.replace(tzinfo=zone_of(self.zone)).astimezone(UTC)
        return Slot(instant, instant + timedelta(minutes=self.minutes))


def zone_of(name: str) -> ZoneInfo:
    """The zone of a name; refuses one that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        raise Refusal(f"No time zone is called {name[:60]}.", "zone") from None


def occurrences(recurrence: Recurrence) -> list[datetime]:
    """The starts on the zone's clock, in order: by the rule, without the skipped ones, with the added ones."""
    by_rule = _by_rule(recurrence) if recurrence.rule else [recurrence.starts]
    found = sorted((set(by_rule) | recurrence.added) - recurrence.skipped)
    if len(found) > MOST:
        raise Refusal(f"A series has at most {MOST:,} occurrences. Give it an end.", "rule")
    lasting = timedelta(minutes=recurrence.minutes)
    for one, next_ in zip(found, found[1:], strict=False):
        if one + lasting > next_:
            raise Refusal(
                f"An occurrence lasts longer than until the next one: that of {one:%-d %B %Y} ends after that of "
                f"{next_:%-d %B %Y, %H:%M} starts. Make it shorter, or let it recur less often.",
                "ends",
            )
    return found


def _by_rule(recurrence: Recurrence) -> list[datetime]:
    from dateutil.rrule import rrule

    parts = read_rule(recurrence.rule)
    count = int(parts.pop("COUNT", MOST + 1))
    last = recurrence.starts + HORIZON
    until = parts.pop("UNTIL", "")
    if until:
        last = min(last, _until(until, recurrence.zone))
    try:
        rule = rrule(**_arguments(parts), dtstart=recurrence.starts, until=last)
        return list(islice(iter(rule), min(count, MOST + 1)))
    except (ValueError, OverflowError, TypeError, IndexError) as error:
        raise Refusal(f"This rule cannot be followed: {recurrence.rule[:80]}.", "rule") from error


def read_rule(text: str) -> dict[str, str]:
    """The parts of a rule such as FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10; refuses what is no rule or none for rooms."""
    text = text.strip().upper().removeprefix("RRULE:")
    bad = Refusal(f"This is no rule of recurrence: {text[:80] or 'it is empty'}.", "rule")
    if not text or len(text) > _LONGEST_RULE:
        raise bad
    pairs = [part.partition("=") for part in text.split(";") if part]
    parts = {name: value for name, _, value in pairs}
    if len(parts) != len(pairs) or not parts.keys() <= _PARTS or not all(parts.values()):
        raise bad
    if parts.get("FREQ") not in _FREQUENCIES:
        raise Refusal("A booking recurs by days, weeks, months or years.", "rule")
    for name in ("INTERVAL", "COUNT"):
        if name in parts and not (parts[name].isdecimal() and parts[name].isascii() and 1 <= int(parts[name]) <= 9999):
            raise bad
    for name, (low, high) in _NUMBERS.items():
        if name in parts and not all(_is_number(each, low, high) for each in parts[name].split(",")):
            raise bad
    days = parts.get("BYDAY", "MO").split(",")
    if not all(each[-2:] in _DAYS and (each[:-2] == "" or _is_number(each[:-2], -53, 53)) for each in days):
        raise bad
    if parts.get("WKST", "MO") not in _DAYS:
        raise bad
    return parts


def split(recurrence: Recurrence, at: datetime) -> tuple[Recurrence, Recurrence]:
    """A series in two, before `at` and from it on (THISANDFUTURE); a count is shared out between them."""
    parts = read_rule(recurrence.rule)
    whole = _by_rule(recurrence)
    before = [each for each in whole if each < at]
    first, rest = dict(parts), dict(parts)
    first.pop("COUNT", None)
    zone = zone_of(recurrence.zone)
    last = (at - timedelta(minutes=1)).replace(tzinfo=zone).astimezone(UTC)
    first["UNTIL"] = f"{last:%Y%m%dT%H%M%SZ}"
    rest.pop("UNTIL", None)
    rest["COUNT"] = str(max(len(whole) - len(before), 1))

    early, late = recurrence, replace(recurrence, starts=at)
    return _within(early, first, None, at), _within(late, rest, at, None)


def _within(recurrence: Recurrence, parts: dict[str, str], low: datetime | None, high: datetime | None) -> Recurrence:
    """A series by other parts, with the exceptions that lie from `low` on and before `high`."""

    def inside(starts: Collection[datetime]) -> frozenset[datetime]:
        return frozenset(each for each in starts if (low is None or each >= low) and (high is None or each < high))

    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    return replace(recurrence, rule=rule, skipped=inside(recurrence.skipped), added=inside(recurrence.added))


def _is_number(text: str, low: int, high: int) -> bool:
    digits = text.removeprefix("-").removeprefix("+")
    return digits.isascii() and digits.isdecimal() and len(digits) <= 3 and low <= int(text) <= high and int(text) != 0


def _until(text: str, zone: str) -> datetime:
    """The last instant of a rule on its zone's clock: a day means the whole of it."""
    forms = (("%Y%m%dT%H%M%SZ", True), ("%Y%m%dT%H%M%S", False), ("%Y%m%d", False))
    for form, utc in forms:
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007 - a rule counts on its zone's clock, without zone
        except ValueError:
            continue
        if utc:
            return found.replace(tzinfo=UTC).astimezone(zone_of(zone)).replace(tzinfo=None)
        return found + timedelta(days=1, minutes=-1) if form == "%Y%m%d" else found
    raise Refusal(f"This is no day: UNTIL={text[:40]}.", "rule")


def _arguments(parts: dict[str, str]) -> dict[str, object]:
    """A rule's parts as the library wants them."""
    from dateutil import rrule

    known: dict[str, object] = {"freq": getattr(rrule, parts["FREQ"]), "interval": int(parts.get("INTERVAL", "1"))}
    for name in _NUMBERS:
        if name in parts:
            known[name.lower()] = [int(each) for each in parts[name].split(",")]
    if "BYDAY" in parts:
        days = []
        for each in parts["BYDAY"].split(","):
            day = getattr(rrule, each[-2:])
            days.append(day(int(each[:-2])) if each[:-2] else day)
        known["byweekday"] = days
    if "WKST" in parts:
        known["wkst"] = getattr(rrule, parts["WKST"])
    return known
