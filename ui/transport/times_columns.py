"""The columns of travel times, and the chip that says where one comes from."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cbo_desk.plurals import Count
from cbo_desk.transport.travel_files import TravelLine
from ui.kit.cells import Look
from ui.kit.chips import Status
from ui.kit.columns import Column


def source_status(source: str, trips: int) -> Status:
    """The chip of a travel time: where it comes from."""
    tr = QCoreApplication.translate
    known = {
        "given": Status(tr("transport", "Given by staff"), "ok", "pencil"),
        "learnt": Status(tr("transport", "Learnt, {count:trip|trips}").format(count=Count(trips)), "info", "history"),
        "routed": Status(tr("transport", "Routing server"), "info", "server"),
        "assumed": Status(tr("transport", "Assumed"), "idle", "circle-dashed"),
    }
    return known[source]


def times_columns() -> list[Column]:
    """The columns of the list."""
    tr = QCoreApplication.translate

    def chip(line: TravelLine) -> Status:
        return source_status(line.source, line.trips)

    return [
        Column(Look("from", "ref", 130), tr("transport", "From"), lambda line: line.start, sort="from"),
        Column(Look("to", "text", 130), tr("transport", "To"), lambda line: line.end, sort="to"),
        Column(Look("band", "muted", 110), tr("transport", "Band"), lambda line: line.band, sort="band"),
        Column(Look("minutes", "num", 90), tr("transport", "Minutes"), lambda line: f"{line.seconds / 60:.0f}",
               sort="minutes"),
        Column(Look("km", "num", 100), tr("transport", "Kilometres"), lambda line: f"{line.metres / 1000:.1f}",
               sort="km"),
        Column(Look("source", "chip", 190, stretch=True), tr("transport", "Source"), lambda line: chip(line).word,
               value=chip, sort="source"),
    ]  # fmt: skip
