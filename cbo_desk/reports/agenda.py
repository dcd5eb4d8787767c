"""What happens on a day on every desk, line by line: rooms, vehicles, messengers, the pouch, the gate, counts.

Each desk is asked by its front door and by a query of its own, so that nobody is refused the whole for a desk that is
not theirs. What stands on a line are plain values; `ui/today` words them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from cbo_desk.context import ZONE, actor, now
from cbo_desk.permissions import reads

FOCUS = 9
"""So many lines stand on the page without scrolling; what is running, late or one's own comes first."""
LANES = 4
"""What overlaps on a line is shown below each other so often; the rest is told together."""
PACKING = timedelta(minutes=90)
"""A bag stands so long before its cut-off, a pick-up and an arrival so long after their time."""
SHORT = timedelta(minutes=45)
BEGINS = time(8)
"""A round has no hour; before its day comes, it stands where the working day begins."""


class Line(StrEnum):
    """The kinds of lines."""

    ROOM = "room"
    VEHICLE = "vehicle"
    NO_VEHICLE = "no_vehicle"
    ROUND = "round"
    PICK_UP = "pick_up"
    POUCH = "pouch"
    GATE = "gate"
    COUNT = "count"


class Stand(StrEnum):
    """How an entry stands at the moment."""

    OVER = "over"
    LIVE = "live"
    LATE = "late"
    WAITS = "waits"
    """Somebody must act for it to happen."""
    HELD = "held"
    """It may still not happen."""
    AHEAD = "ahead"


@dataclass(frozen=True)
class DayEntry:
    """One thing on a line: what it is a record of, from when to when, and in whose words.

    `title` and `detail` are the record's own words. Of a `whole_day` nobody knows the hour. `mine` says that it is the
    business of the person at work. `count` is more than 1 for several that are told together, which are no record.
    `inward` is a bag that comes in.
    """

    kind: str
    record_id: int
    starts: datetime
    ends: datetime
    stand: Stand
    title: str
    detail: str = ""
    mine: bool = False
    whole_day: bool = False
    count: int = 1
    inward: bool = False


@dataclass(frozen=True)
class DayLine:
    """One line of the day: a room, a vehicle, a messenger. `name` is empty where `what` says all there is to say."""

    desk: str
    what: Line
    name: str
    entries: tuple[DayEntry, ...]


@reads("conference", "look at bookings")
def meetings_of_day(session: Session, day: date) -> list[DayLine]:
    """The meetings of a day by space, Room 9 before Room 10."""
    # Its tables cost the start some milliseconds: they are imported when the day is read, behind the first picture.
    from cbo_desk.conference import KIND, day_sheet
    from cbo_desk.conference.board import natural
    from cbo_desk.conference.rules import Status

    at, me = now(session), actor(session).name.casefold()
    lines: dict[str, list[DayEntry]] = {}
    for each in day_sheet(session, day).sessions:
        starts, ends = each.slot.starts, each.slot.ends
        stand = _by_the_clock(starts, ends, at)
        if each.status == Status.HOLD:
            stand = Stand.OVER if ends <= at else Stand.HELD
        elif each.status == Status.DONE:
            stand = Stand.OVER
        elif each.status == Status.IN_SESSION:
            stand, ends = Stand.LIVE, max(ends, at)
        mine = bool(me) and me in each.contact.casefold()
        entry = DayEntry(KIND, each.id, starts, ends, stand, each.title, f"{each.reference} · {each.entity}", mine)
        lines.setdefault(each.space, []).append(entry)
    return [DayLine("conference", Line.ROOM, name, tuple(lines[name])) for name in sorted(lines, key=natural)]


@reads("transport", "look at trips")
def trips_of_day(session: Session, day: date) -> list[DayLine]:
    """The trips of a day by vehicle, then what has none yet."""
    from cbo_desk.transport import REQUEST, TRIP, State, TripState, trips_on

    at = now(session)
    lines: dict[tuple[int, str], list[DayEntry]] = {}
    for each in trips_on(session, day):
        stand, ends = _by_the_clock(each.starts, each.ends, at), each.ends
        if each.state == TripState.DONE and each.trip_id:
            stand = Stand.OVER
        elif each.late:
            stand, ends = Stand.LATE, max(ends, at)
        elif each.state == TripState.ON_ROAD and each.trip_id:
            stand, ends = Stand.LIVE, max(ends, at)
        elif not each.trip_id:
            stand = Stand.WAITS if each.state == State.APPROVED else Stand.HELD
        elif stand is not Stand.OVER:  # it has not left yet, though its time has come
            stand = Stand.AHEAD
        more = f" +{len(each.requests) - 1}" if len(each.requests) > 1 else ""
        title = " · ".join(part for part in (each.requests[0] + more, each.goal) if part)
        kind, ident = (REQUEST, each.request_id) if each.request_id else (TRIP, each.trip_id)
        entry = DayEntry(kind, ident, each.starts, ends, stand, title, each.driver, each.mine)
        lines.setdefault((each.vehicle_id, each.vehicle), []).append(entry)
    return [
        DayLine("transport", Line.VEHICLE if ident else Line.NO_VEHICLE, name, tuple(entries))
        for (ident, name), entries in lines.items()
    ]


@reads("mail", "look at mail")
def mail_of_day(session: Session, day: date) -> list[DayLine]:
    """The rounds of a day by messenger, the carriers' pick-ups, and the pouch's bags by their cut-off."""
    from cbo_desk.mail import ROUND, rounds_on

    at, me = now(session), actor(session).name.casefold()
    begins, ends = _whole(day)
    rounds: dict[str, list[DayEntry]] = {}
    for row in rounds_on(session, day):
        if row.left_at is None:
            if ends <= at:
                continue  # it never went
            since = at if begins <= at else datetime.combine(day, BEGINS, ZONE)
            span, stand = (since, min(since + SHORT, ends)), Stand.HELD
        elif row.closed_at is not None:
            span, stand = (row.left_at, row.closed_at), Stand.OVER
        else:
            span, stand = (row.left_at, max(at, row.left_at + SHORT)), Stand.LIVE
        mine = bool(me) and row.messenger.casefold() == me
        entry = DayEntry(ROUND, row.id, *span, stand, row.name, row.number, mine)
        rounds.setdefault(row.messenger, []).append(entry)
    found = [DayLine("mail", Line.ROUND, name, tuple(entries)) for name, entries in rounds.items()]
    pick_ups, bags = _pick_ups(session, begins, ends, at), _bags(session, begins, ends, at)
    found += [DayLine("mail", Line.PICK_UP, "", tuple(pick_ups))] if pick_ups else []
    return found + ([DayLine("mail", Line.POUCH, "", tuple(bags))] if bags else [])


@reads("property", "look at the register")
def property_of_day(session: Session, day: date) -> list[DayLine]:
    """The passes whose things are to be back on a day, and the rooms that are or were counted on it."""
    from cbo_desk.property.gate import PASS, passes_due
    from cbo_desk.property.verification import CAMPAIGN, rooms_counted_between

    at, who = now(session), actor(session)
    begins, ends = _whole(day)
    passes = []
    for due in passes_due(session, day):
        stand = Stand.OVER if not due.out else Stand.LATE if ends <= at else Stand.AHEAD
        title = " · ".join(part for part in (due.reference, due.bearer) if part)
        mine = who.person_id is not None and due.person_id == who.person_id
        passes.append(DayEntry(PASS, due.id, begins, ends, stand, title, due.destination, mine, whole_day=True))
    rooms = [
        DayEntry(
            CAMPAIGN, each.campaign_id, each.begun, each.finished or max(at, each.begun),
            Stand.OVER if each.finished is not None else Stand.LIVE, each.code, f"{each.campaign} · {each.by}",
            each.by == who.login,
        )
        for each in rooms_counted_between(session, begins, ends)
    ]  # fmt: skip
    found = [DayLine("property", Line.GATE, "", tuple(passes))] if passes else []
    return found + ([DayLine("property", Line.COUNT, "", tuple(rooms))] if rooms else [])


AGENDA: tuple[Callable[[Session, date], list[DayLine]], ...] = (
    meetings_of_day,
    trips_of_day,
    mail_of_day,
    property_of_day,
)
"""One query a desk, in the order in which the lines stand on the page."""


def in_focus(lines: Sequence[DayLine], at: datetime, most: int = FOCUS) -> list[DayLine]:
    """What is running, late, waits or is one's own, in the order given; then what begins next, until `most` stand."""
    now_on = {Stand.LIVE, Stand.LATE, Stand.WAITS}
    chosen = {n for n, line in enumerate(lines) if any(each.stand in now_on or each.mine for each in line.entries)}
    coming = sorted(
        (min(each.starts for each in line.entries if each.starts > at), n)
        for n, line in enumerate(lines)
        if n not in chosen and any(each.starts > at for each in line.entries)
    )
    chosen |= {n for _starts, n in coming[: max(0, most - len(chosen))]}
    rest = [n for n in range(len(lines)) if n not in chosen]
    chosen |= set(rest[: max(0, most - len(chosen))])
    return [line for n, line in enumerate(lines) if n in chosen]


def next_up(lines: Iterable[DayLine], at: datetime) -> tuple[DayLine, DayEntry] | None:
    """What begins next of that whose hour is known."""
    ahead = (
        (line, each)
        for line in lines
        for each in line.entries
        if each.starts > at and not each.whole_day and each.stand in (Stand.AHEAD, Stand.WAITS)
    )
    return min(ahead, key=lambda found: found[1].starts, default=None)


def lanes(line: DayLine, most: int = LANES) -> list[tuple[DayEntry, ...]]:
    """The entries of a line in as many lanes as it takes for none to lie over another; those beyond are told together.
    """
    free: list[datetime] = []
    found: list[list[DayEntry]] = []
    beyond: list[DayEntry] = []
    for each in sorted(line.entries, key=lambda entry: (entry.starts, entry.record_id)):
        lane = next((n for n, end in enumerate(free) if end <= each.starts), len(free))
        if lane == most:
            beyond.append(each)
            continue
        free[lane : lane + 1] = [each.ends]
        found[lane : lane + 1] = [[*(found[lane] if lane < len(found) else ()), each]]
    together: list[DayEntry] = []
    for each in beyond:
        if together and each.starts < together[-1].ends:
            last = together[-1]
            together[-1] = replace(last, ends=max(last.ends, each.ends), count=last.count + 1, kind="", record_id=0)
        else:
            together.append(each)
    return [tuple(lane) for lane in found] + ([tuple(together)] if together else [])


def _whole(day: date) -> tuple[datetime, datetime]:
    """The instants at which a day begins and ends at the site."""
    begins = datetime.combine(day, time(), ZONE)
    return begins, datetime.combine(day + timedelta(days=1), time(), ZONE)


def _by_the_clock(starts: datetime, ends: datetime, at: datetime) -> Stand:
    return Stand.OVER if ends <= at else Stand.LIVE if starts <= at else Stand.AHEAD


def _pick_ups(session: Session, begins: datetime, ends: datetime, at: datetime) -> list[DayEntry]:
    from cbo_desk.mail.outgoing import MANIFEST, pickups_between

    found = []
    for row in pickups_between(session, begins, ends):
        late = row.collected_at is None and row.pickup_at < at
        stand = Stand.LATE if late else Stand.AHEAD if row.collected_at is None else Stand.OVER
        over = max(row.pickup_at + SHORT, at) if late else row.pickup_at + SHORT
        found.append(DayEntry(MANIFEST, row.id, row.pickup_at, min(over, ends), stand, row.carrier, row.number))
    return found


def _bags(session: Session, begins: datetime, ends: datetime, at: datetime) -> list[DayEntry]:
    from cbo_desk.mail.pouch import BAG, BagState, bags_between

    found = []
    for row in bags_between(session, begins, ends):
        out = row.direction == "out"
        starts, over = (row.cut_off_at - PACKING, row.cut_off_at) if out else (row.cut_off_at, row.cut_off_at + SHORT)
        waiting = row.state is (BagState.OPEN if out else BagState.ANNOUNCED)
        stand = Stand.OVER if not waiting else Stand.LATE if row.cut_off_at <= at else _by_the_clock(starts, over, at)
        if stand is Stand.LATE:
            over = max(over, min(at, ends))
        if row.state is BagState.ARRIVED or stand is Stand.LIVE:  # to be counted, or to be certified very soon
            stand = Stand.WAITS
        entry = DayEntry(BAG, row.id, starts, over, stand, row.destination, row.number, inward=not out)
        found.append(entry)
    return found
