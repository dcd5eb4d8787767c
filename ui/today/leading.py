"""Where a line of Today leads: the record itself, or the view of its desk in which several of a kind are seen."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from cbo_desk.context import local
from cbo_desk.reports import DayEntry, DayLine, Need, What
from cbo_desk.tags import TagLine, never_printed, to_reprint
from ui.bench import Bench

CAMPAIGN = "property.campaign"
_PAGES = {
    What.MANIFEST_WAITS: ("mail/manifests", "waiting"),
    What.BAG_CUT_OFF: ("mail/pouch", "packing"),
    What.BAG_UNCOUNTED: ("mail/pouch", "counting"),
    What.BAG_CASE: ("mail/pouch", "all"),
}
"""Where several of a kind are shown, on which page of the mail desk in which view."""
_VIEWS = {What.MAIL_RETURN: "ageing", What.MAIL_INCOMPLETE: "complete"}
_KINDS = {
    What.OVERDUE_PASS: "property.gate_pass",
    What.DISPOSAL_DUE: "property.disposal_case",
    What.PHASE_DUE: "conference.phase",
    What.TRIP_LATE: "transport.request",
    What.NEEDS_VEHICLE: "transport.request",
    What.TRIP_TO_APPROVE: "transport.request",
    What.PAPER_ENDS: "transport.vehicle",
    What.DRIVER_PAPER_ENDS: "transport.driver",
    What.FLEET_SERVICE: "transport.vehicle",
    What.MANIFEST_WAITS: "mail.manifest",
    What.BAG_CUT_OFF: "mail.bag",
    What.BAG_UNCOUNTED: "mail.bag",
    What.BAG_CASE: "mail.bag",
    What.HOLD_ENDS: "conference.booking",
    What.SETUP_DUE: "conference.booking",
}
"""What the records of a line are, where they are not assets."""
_TRANSPORT = {
    What.TRIP_LATE: ("transport", "show:late"),
    What.NEEDS_VEHICLE: ("transport", "show:needs"),
    What.TRIP_TO_APPROVE: ("transport", "show:requests"),
    What.PAPER_ENDS: ("transport/fleet", ""),
    What.DRIVER_PAPER_ENDS: ("transport/drivers", ""),
    What.FLEET_SERVICE: ("transport/fleet", ""),
}
"""Where several of a kind are seen on the transport desk."""
_ROOMS = {What.HOLD_ENDS: "holds", What.SETUP_DUE: "day"}
"""The view of the conference desk where several of a kind are seen."""


def lead_to(bench: Bench, need: Need, page: QWidget) -> None:
    """Show what waits on its desk, or print the tags that wait."""
    go = bench.shell.go
    if need.what is What.NEVER_PRINTED:
        bench.runner.read(page, never_printed, "property.asset", done=partial(_print, bench))
    elif need.what is What.REPRINT:
        bench.runner.read(page, to_reprint, done=partial(_print, bench))
    elif need.desk == "settings":
        go("settings", need.what.value)
    elif need.record_id:
        kind = _KINDS.get(need.what, "mail.item" if need.desk == "mail" else "property.asset")
        bench.open_record(kind, need.record_id)
    elif need.what in _PAGES:
        where, view = _PAGES[need.what]
        go("mail")  # makes the pages of the desk known
        go(where, f"show:{view}")
    elif need.desk == "mail":
        go("mail", f"show:{_VIEWS.get(need.what, 'exceptions')}")
    elif need.desk == "transport":
        go(*_TRANSPORT[need.what])
    elif need.desk == "conference":
        go("conference", f"show:{_ROOMS.get(need.what, 'project')}")
    else:
        within = str(need.within) if need.within else ""
        go("property", f"show:{need.what.value}{within}")


def open_entry(bench: Bench, line: DayLine, entry: DayEntry) -> None:
    """Show what stands on the timeline on its desk; several that are told together, as the desk shows that day."""
    if entry.kind == CAMPAIGN:
        bench.shell.go("property")  # makes the pages of the desk known
        bench.shell.go("property/counts", str(entry.record_id))
    elif entry.kind:
        bench.open_record(entry.kind, entry.record_id)
    else:
        there = local(entry.starts).date()
        bench.shell.go(line.desk, f"day:{there}" if line.desk in ("conference", "transport") else "")


def _print(bench: Bench, lines: list[TagLine]) -> None:
    """Open the print window for the tags that wait, those of one kind at a time."""
    from ui.tags.print_window import open_print_window

    if lines:
        kind = lines[0].subject_kind
        open_print_window(bench, kind, [line.subject_id for line in lines if line.subject_kind == kind])


def go_to_desk(bench: Bench, desk: str) -> None:
    """Open a desk, or where tags that were never printed stand."""
    if desk in bench.shell.desks or desk == "settings":
        bench.shell.go(desk)
    elif desk == "tags":
        bench.shell.go("property", f"show:{What.NEVER_PRINTED.value}")
