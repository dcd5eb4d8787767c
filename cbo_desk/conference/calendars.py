"""Reads iCalendar (RFC 5545) and Pentabarf/frab XML schedules, and writes iCalendar: plain values, no database.

Files come from outside: sizes, rules and entities are bounded before a library sees them, and what cannot be read
becomes a fault with its reason, while the rest of the file is read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree
from xml.parsers import expat
from zoneinfo import ZoneInfo

from cbo_desk.conference.floating import floating, last_day, zone_of_series
from cbo_desk.conference.recurrence import HORIZON, MOST, read_rule
from cbo_desk.conference.rules import MINUTE, Slot
from cbo_desk.errors import Refusal
from cbo_desk.zone import ZONE

if TYPE_CHECKING:
    from icalendar import Calendar

LARGEST = 20_000_000
MOST_EVENTS = 20_000
_LONGEST_TEXT = 500


@dataclass(frozen=True)
class Event:
    """One meeting of a file: `key` names it and its occurrence for good, `room` is where, as the file calls it."""

    key: str
    title: str
    slot: Slot
    room: str = ""
    people: int = 0
    contact: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Fault:
    """Something in a file that cannot be read: what it is called, and why."""

    title: str
    why: str


@dataclass(frozen=True)
class Remark:
    """Something in a file that was read otherwise than its letters say: what it is called, and how it was read."""

    title: str
    said: str


@dataclass
class Schedule:
    """What a file holds: events in the order of their starts, faults, and remarks on how the events were read."""

    events: list[Event] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


@dataclass(frozen=True)
class Overlap:
    """Two events of a file that are in one room at the same time, and the time they share."""

    first: Event
    second: Event
    shared: Slot


def read(content: bytes) -> Schedule:
    """Read a schedule in either form; raises Refusal for what is neither."""
    if len(content) > LARGEST:
        raise Refusal(f"The file is larger than {LARGEST // 1_000_000} MB. Export a shorter time.")
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].upper()
    if start.startswith(b"<"):
        schedule = _read_xml(content)
    elif start.startswith(b"BEGIN:VCALENDAR"):
        schedule = _read_calendar(content)
    else:
        raise Refusal("This is neither an iCalendar file nor a Pentabarf or frab schedule.")
    schedule.events.sort(key=lambda event: (event.slot, event.room, event.key))
    return schedule


def overlaps(events: Iterable[Event]) -> list[Overlap]:
    """Every pair of events that share a room and an instant; one that starts as another ends shares none."""
    rooms: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.room:
            rooms[event.room.strip().casefold()].append(event)
    found = []
    for room in sorted(rooms):
        open_: list[Event] = []
        for event in sorted(rooms[room], key=lambda each: (each.slot, each.key)):
            open_ = [other for other in open_ if other.slot.ends > event.slot.starts]
            for other in open_:
                shared = Slot(event.slot.starts, min(other.slot.ends, event.slot.ends))
                found.append(Overlap(other, event, shared))
            open_.append(event)
    return found


# --- iCalendar


def _read_calendar(content: bytes) -> Schedule:
    from icalendar import Calendar

    # The library reads what is there of a file that was cut off, and says nothing.
    upper = content.upper()
    if any(upper.count(b"BEGIN:" + part) != upper.count(b"END:" + part) for part in (b"VCALENDAR", b"VEVENT")):
        raise Refusal("The calendar is cut off: its end is missing. Get the file once more.")
    try:
        calendars = Calendar.from_ical(content, multiple=True)
    except Exception as error:  # noqa: BLE001 - whatever a library makes of a broken file, it is the file's fault
        raise Refusal("The calendar is damaged: it cannot be read.") from error
    schedule = Schedule()
    for calendar in calendars:
        zone = _zone_of(calendar)
        series: dict[str, list[Any]] = defaultdict(list)
        for number, component in enumerate(calendar.walk("VEVENT")):
            series[_words(component, "UID") or f"event {number + 1}"].append(component)
        for uid, components in series.items():
            if len(schedule.events) > MOST_EVENTS:
                raise Refusal(f"The file holds more than {MOST_EVENTS:,} events. Export a shorter time.")
            _read_series(schedule, uid, components, zone)
    if b"BEGIN:VEVENT" not in upper:
        raise Refusal("There are no events in this calendar.")
    return schedule


def _zone_of(calendar: Calendar) -> tzinfo:
    """The zone of times without one: what the calendar says of itself, else the site's."""
    try:
        return ZoneInfo(_words(calendar, "X-WR-TIMEZONE"))
    except (ValueError, KeyError, OSError):
        return ZONE


def _read_series(schedule: Schedule, uid: str, components: Sequence[Any], zone: tzinfo) -> None:
    title = _words(components[0], "SUMMARY") or uid
    try:
        events = _events(uid, components, zone)
        schedule.events += events
        schedule.remarks += _remarks(title, components, events, zone)
    except Refusal as refusal:
        schedule.faults.append(Fault(title, str(refusal)))
    except Exception:  # noqa: BLE001 - one broken event must not keep the others out
        schedule.faults.append(Fault(title, "This event cannot be read: its times or its rule are damaged."))


def _remarks(title: str, components: Sequence[Any], events: Sequence[Event], zone: tzinfo) -> list[Remark]:
    """That the last day of a rule was taken with it, where the rule names no hour and a meeting is on that day."""
    last = max((day for each in components if (day := last_day(each)) is not None), default=None)
    own = zone_of_series(components, zone)
    if last is None or all(event.slot.starts.astimezone(own).date() != last for event in events):
        return []
    said = f"It ends on {last:%a %-d %b %Y} without an hour: that day was taken with it."
    return [Remark(title, said)]


def _events(uid: str, components: Sequence[Any], zone: tzinfo) -> list[Event]:
    # A cancelled occurrence stays until it has taken its place in the series.
    components = [each for each in components if not _is_cancelled(each) or "RECURRENCE-ID" in each]
    if len(components) == 1 and not any(name in components[0] for name in ("RRULE", "RDATE", "RECURRENCE-ID")):
        return [_event(components[0], f"{uid}|", zone)]
    if not components:
        return []
    lasting = {_lasts(each): _slot(each, zone) for each in components if _lasts(each)}
    changed = {_instant(each["RECURRENCE-ID"].dt, zone) for each in components if "RECURRENCE-ID" in each}
    own = zone_of_series(components, zone)
    found = []
    for each in _expanded(components, zone, own):
        at = _instant(each["RECURRENCE-ID"].dt, own)
        event = _event(each, f"{uid}|{at:%Y%m%dT%H%MZ}", own)
        meant = lasting.get(_lasts(each))
        if meant is not None and at not in changed:
            # An occurrence lasts as long as the first, whatever the clocks do meanwhile (RFC 5545, 3.8.5.3).
            event = replace(event, slot=Slot(event.slot.starts, event.slot.starts + (meant.ends - meant.starts)))
        if not _is_cancelled(each):
            found.append(event)
    return found


def _lasts(component: Any) -> timedelta | None:
    """How many hours a component lasts on its clock; None of whole days, which are as long as days are."""
    start, end = component.get("DTSTART"), component.get("DTEND")
    if start is None or not isinstance(start.dt, datetime):
        return None
    if end is None:
        length = component["DURATION"].dt if "DURATION" in component else timedelta(0)
    elif isinstance(end.dt, datetime):
        length = end.dt.replace(tzinfo=None) - start.dt.replace(tzinfo=None)
    else:
        return None
    return length if length % timedelta(days=1) else None


def _is_cancelled(component: Any) -> bool:
    return _words(component, "STATUS").upper() == "CANCELLED"


def _expanded(components: Sequence[Any], zone: tzinfo, own: tzinfo) -> list[Any]:
    """Every occurrence, with its changes and those of THISANDFUTURE; a rule is bounded before it is followed.

    They come on the clock of the series' `own` zone, without a zone; `zone` is that of times in the file without one.
    """
    import recurring_ical_events
    from icalendar import Calendar as Container

    alone = Container()
    starts = []
    for each in components:
        for rule in _several(each.get("RRULE")):
            read_rule(rule.to_ical().decode())
        # EXRULE has been out of use since 2009 and would be followed unbounded.
        if "EXRULE" in each:
            raise Refusal("This event has a rule of exceptions (EXRULE), which is no longer in use.")
        alone.add_component(floating(each, own))
        starts.append(_instant(each["DTSTART"].dt, zone))
        starts += [_instant(moment.dt, zone) for each_ in _several(each.get("RDATE")) for moment in _moments(each_)]
    first = min(starts) - timedelta(days=1)
    query = recurring_ical_events.of(alone, keep_recurrence_attributes=True)
    found: list[Any] = query.between(first, min(starts) + HORIZON)
    if len(found) > MOST:
        raise Refusal(f"This event has more than {MOST:,} occurrences. Give it an end.")
    found.sort(key=lambda each: _instant(each["DTSTART"].dt, own))
    for one, other in zip(found, found[1:], strict=False):
        if _slot(one, own).overlaps(_slot(other, own)) and "RECURRENCE-ID" not in components[-1]:
            raise Refusal("An occurrence of this event lasts longer than until the next one starts.")
    return found


def _moments(dates: Any) -> list[Any]:
    return [each for each in getattr(dates, "dts", ()) if not isinstance(each.dt, tuple)]


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _event(component: Any, key: str, zone: tzinfo) -> Event:
    attendees = _several(component.get("ATTENDEE"))
    organiser = str(component.get("ORGANIZER", "")).removeprefix("mailto:").removeprefix("MAILTO:")
    return Event(
        key[:_LONGEST_TEXT],
        _words(component, "SUMMARY") or "Without a title",
        _slot(component, zone),
        _words(component, "LOCATION"),
        len(attendees),
        _clean(organiser),
        _words(component, "DESCRIPTION"),
    )


def _slot(component: Any, zone: tzinfo) -> Slot:
    """When an event is, in whole minutes that hold it; without an end a day lasts a day."""
    if "DTSTART" not in component:
        raise Refusal("This event has no start.")
    start = component["DTSTART"].dt
    if "DTEND" in component:
        end = component["DTEND"].dt
    elif "DURATION" in component:
        lasts: timedelta = component["DURATION"].dt
        # Days are those of the calendar, hours are real ones, whatever the clocks do meanwhile (RFC 5545, 3.3.6).
        end = start + timedelta(days=lasts.days)
        if isinstance(end, datetime):
            end = _instant(end, zone) + timedelta(seconds=lasts.seconds)
    else:
        end = start + timedelta(days=0 if isinstance(start, datetime) else 1)
    starts, ends = _instant(start, zone), _instant(end, zone)
    if ends <= starts and _follows_on_clock(start, end):
        # A start in an hour that the clocks leave out is read by the offset before (RFC 5545, 3.3.5); so its end is.
        ends = starts + (end.replace(tzinfo=None) - start.replace(tzinfo=None))
    ends = ends + MINUTE - timedelta(microseconds=1)
    slot = Slot(*(each.replace(second=0, microsecond=0) for each in (starts, ends)))
    if slot.ends <= slot.starts:
        raise Refusal("This event ends before it starts, or as it starts.")
    return slot


def _follows_on_clock(start: date | datetime, end: date | datetime) -> bool:
    """Whether an end comes after a start on the clock of the zone that both are in."""
    if not (isinstance(start, datetime) and isinstance(end, datetime)) or start.tzinfo != end.tzinfo:
        return False
    return end.replace(tzinfo=None) > start.replace(tzinfo=None)


def _instant(value: date | datetime, zone: tzinfo) -> datetime:
    """A time of a calendar as an instant: one without a zone is on the calendar's clock, a day begins at midnight."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def _words(component: Any, name: str) -> str:
    value = component.get(name, "")
    return _clean(str(value[0] if isinstance(value, list) else value))


def _clean(text: str) -> str:
    """Text of a file as one line that any database keeps."""
    return " ".join(re.sub("[\x00-\x1f\x7f\ud800-\udfff]", " ", text).split())[:_LONGEST_TEXT]


# --- Pentabarf and frab


def _read_xml(content: bytes) -> Schedule:
    root = _tree(content)
    schedule = Schedule()
    for day in root.iter("day"):
        for room in day.iter("room"):
            for element in room.iter("event"):
                title = _clean(element.findtext("title") or "") or "Without a title"
                try:
                    name = _clean(room.get("name", ""))
                    schedule.events.append(_frab_event(element, title, name, day.get("date", "")))
                except (Refusal, ValueError, OverflowError) as error:
                    why = str(error) if isinstance(error, Refusal) else "Its start or its length cannot be read."
                    schedule.faults.append(Fault(title, why))
                if len(schedule.events) > MOST_EVENTS:
                    raise Refusal(f"The file holds more than {MOST_EVENTS:,} events.")
    if not schedule.events and not schedule.faults:
        raise Refusal("There are no events in this file. Is it a Pentabarf or frab schedule?")
    return schedule


def _tree(content: bytes) -> ElementTree.Element:
    """The elements of a file; one that declares entities or a document type is refused: nothing is expanded."""
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    damaged = Refusal("The schedule is damaged: it is no well-formed XML.")

    def refuse(*_: object) -> None:
        raise Refusal("The schedule declares entities. It is not read, since these can be made to fill the memory.")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda tag, attributes: builder.start(tag, attributes) and None
    parser.EndElementHandler = lambda tag: builder.end(tag) and None
    parser.CharacterDataHandler = lambda text: builder.data(text)
    try:
        parser.Parse(content, True)
        return builder.close()
    except (expat.ExpatError, ValueError, LookupError, AssertionError):
        raise damaged from None


def _frab_event(element: ElementTree.Element, title: str, room: str, day: str) -> Event:
    """An event by its <date> with zone, or by the day and <start> on the site's clock, and its <duration>."""
    exact = (element.findtext("date") or "").strip()
    if exact:
        starts = _instant(datetime.fromisoformat(exact), ZONE)
    else:
        clock = time.fromisoformat((element.findtext("start") or "").strip().zfill(5))
        starts = _instant(datetime.combine(date.fromisoformat(day.strip()), clock), ZONE)
    starts = starts.replace(second=0, microsecond=0)
    slot = Slot(starts, starts + _duration((element.findtext("duration") or "").strip()))
    if slot.ends <= slot.starts:
        raise Refusal("This event has no length.")
    people = [_clean(each.text or "") for each in element.iter("person")]
    key = element.get("guid") or element.get("id") or f"{title} {room} {slot.starts.isoformat()}"
    said = _clean(element.findtext("room") or "") or room
    return Event(f"frab {_clean(key)}|", title, slot, said, 0, ", ".join(people)[:_LONGEST_TEXT])


def _duration(text: str) -> timedelta:
    """A length such as 00:45, 1:05:00:00 (days first) or 45 (minutes)."""
    numbers = [int(part) for part in text.split(":")] if re.fullmatch(r"\d{1,4}(:\d{1,2}){0,3}", text) else []
    if len(numbers) == 1:
        return timedelta(minutes=numbers[0])
    if len(numbers) == 4:
        return timedelta(days=numbers[0], hours=numbers[1], minutes=numbers[2])
    if numbers:
        return timedelta(hours=numbers[0], minutes=numbers[1])
    raise Refusal("Its length cannot be read.")


# --- Writing


@dataclass(frozen=True)
class Written:
    """A booking as a calendar tells it.

    Of a series it is `rule` with `skipped` and `added` starts, or the start of the occurrence it `replaces`. Times are
    written on the clock of `zone`, so that another program counts them as ours does.
    """

    uid: str
    title: str
    slot: Slot
    room: str = ""
    notes: str = ""
    status: str = "CONFIRMED"
    sequence: int = 0
    zone: str = "Africa/Nairobi"
    rule: str = ""
    skipped: tuple[datetime, ...] = ()
    added: tuple[datetime, ...] = ()
    replaces: datetime | None = None


def write(items: Iterable[Written], stamp: datetime, *, method: str = "", organizer: str = "", to: str = "") -> bytes:
    """An iCalendar file with the zones it names; as a message it has a method, who sends it and whom it asks."""
    from icalendar import Calendar, Event, vCalAddress, vRecur

    calendar = Calendar()
    calendar.add("prodid", "-//CBO Desk//Conference//EN")
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    people = [(name, parseaddr(each)[1]) for name, each in (("organizer", organizer), ("attendee", to)) if each]
    for item in items:
        zone = ZoneInfo(item.zone)
        event = Event()
        event.add("uid", item.uid)
        event.add("dtstamp", stamp.astimezone(UTC))
        event.add("sequence", item.sequence)
        event.add("summary", item.title)
        event.add("dtstart", item.slot.starts.astimezone(zone))
        event.add("dtend", item.slot.ends.astimezone(zone))
        event.add("status", item.status)
        for name, address in people:
            event.add(name, vCalAddress(f"mailto:{address}"))
        for name, text in (("location", item.room), ("description", item.notes)):
            if text:
                event.add(name, text)
        if item.rule:
            event.add("rrule", vRecur.from_ical(item.rule))
        for name, starts in (("exdate", item.skipped), ("rdate", item.added)):
            if starts:
                event.add(name, [each.replace(tzinfo=zone) for each in starts])
        if item.replaces is not None:
            event.add("recurrence-id", item.replaces.astimezone(zone))
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
