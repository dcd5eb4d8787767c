"""One room of a count as the counter sees it, on plain values, and what a scan makes of it before it is read again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from cbo_desk.property.verification.rules import SIGHTINGS, What, is_thing

_ASSET_ID = itemgetter(0)
SHOWN_LAST = 6
"""So many scans of a room are told one after the other."""


class RoomLine(NamedTuple):
    """One asset or unknown scan in a room's view; `event_id` 0 where nobody saw it yet.

    `where` is the room that it was listed in or found in, where that is another one.
    """

    asset_id: int | None
    inventory_no: str
    description: str
    what: What | None = None
    event_id: int = 0
    at: datetime | None = None
    by: str = ""
    where: str = ""
    by_number: bool = False
    condition: str = ""
    note: str = ""

    @property
    def is_thing(self) -> bool:
        """Whether it can be said how it is: not of a badge."""
        return is_thing(self.what, self.asset_id)


@dataclass(frozen=True)
class RoomView:
    """One room at a glance. `elsewhere` was listed here and found in another room; `last` are the newest scans."""

    campaign_id: int
    place_id: int
    code: str
    listed: int
    state: str
    expected: tuple[RoomLine, ...]
    found: tuple[RoomLine, ...]
    missing: tuple[RoomLine, ...]
    not_expected: tuple[RoomLine, ...]
    elsewhere: tuple[RoomLine, ...]
    last: tuple[RoomLine, ...]


def after_scan(view: RoomView, line: RoomLine) -> RoomView:
    """The room once a scan was saved: what `room_view` will say of it when it is asked the next time.

    A window shows this at once; reading a room takes longer than the time between two scans.
    """

    def others(lines: tuple[RoomLine, ...]) -> tuple[RoomLine, ...]:
        """The lines of other assets. All are looked through, at every scan: so each is asked for its id alone."""
        if line.asset_id is None:
            return lines
        ids = list(map(_ASSET_ID, lines))
        at = -1
        for _ in range(ids.count(line.asset_id)):
            at = ids.index(line.asset_id, at + 1)
            if lines[at].what is not What.EXCEPTION:
                lines = lines[:at] + lines[at + 1 :]
                del ids[at]
                at -= 1
        return lines

    view = replace(view, expected=others(view.expected))
    if line.what in SIGHTINGS:
        view = replace(
            view,
            found=others(view.found),
            missing=others(view.missing),
            not_expected=others(view.not_expected),
            elsewhere=others(view.elsewhere),
        )
    if line.what is What.HERE:
        view = replace(view, found=(line._replace(where=""), *view.found))
    else:
        view = replace(view, not_expected=(line, *view.not_expected))
    return replace(view, state="counting", last=(line, *view.last)[:SHOWN_LAST])
