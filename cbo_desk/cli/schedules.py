"""The command that brings in bookings from calendars and schedules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from cbo_desk.cli.answering import say
from cbo_desk.cli.arguments import DONE, REFUSED, Order
from cbo_desk.cli.opening import office
from cbo_desk.conference.calendars import LARGEST, Event, Schedule, overlaps, read
from cbo_desk.conference.importing import Imported, import_bookings
from cbo_desk.context import local
from cbo_desk.errors import Refusal, file_news
from cbo_desk.permissions import check, rule_of
from cbo_desk.tabular.source import why


def bring(order: Order) -> Iterable[Any]:
    """Save what fits, list overlaps within the file and what was not saved, then the counts."""
    with office(order) as opened:
        check(opened.actor, rule_of(import_bookings))
        schedule = read(_content(Path(order.file)))
        kept: list[Imported] = []

        def command(session: Any, schedule: Schedule, make_spaces: bool) -> Imported:
            kept[:] = [import_bookings(session, schedule, make_spaces)]
            if order.dry_run:
                raise _DryRunError
            return kept[0]

        command.rule = rule_of(import_bookings)  # type: ignore[attr-defined]
        try:
            opened.write(command, schedule, order.make_spaces)
        except _DryRunError:
            say("Nothing was written: this was a dry run.")
        yield from _told(schedule, kept[0])
        refused = len(kept[0].refused) + len(schedule.faults)
        yield REFUSED if refused and not order.good_rows else DONE


def _told(schedule: Schedule, imported: Imported) -> Iterator[dict[str, Any]]:
    found = overlaps(schedule.events)
    for overlap in found:
        yield {
            "overlap": [overlap.first.title, overlap.second.title],
            "room": overlap.first.room,
            "from": local(overlap.shared.starts),
            "to": local(overlap.shared.ends),
        }
    for remark in schedule.remarks:
        yield {"read": remark.title, "how": remark.said}
    for fault in schedule.faults:
        yield {"refused": fault.title, "why": fault.why}
    for unsaved in imported.refused:
        yield {"refused": unsaved.event.title, **_where(unsaved.event), "why": unsaved.why}
    yield {
        "created": len(imported.ids),
        "unchanged": imported.unchanged,
        "refused": len(imported.refused) + len(schedule.faults),
        "overlaps": len(found),
    }


def _where(event: Event) -> dict[str, Any]:
    return {"room": event.room, "starts": local(event.slot.starts), "ends": local(event.slot.ends)}


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise Refusal(f"{file.name} is larger than {LARGEST // 1_000_000} MB. Export a shorter time.")
        return file.read_bytes()
    except (OSError, ValueError) as error:
        raise file_news(error, f"{file.name} cannot be read: {why(error)}.") from error


class _DryRunError(Refusal):
    """Ends the transaction without a trace."""

    def __init__(self) -> None:
        super().__init__("Nothing was written.")
