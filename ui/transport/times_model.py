"""The lines of travel times as a table model, narrowed by words and by source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from cbo_desk.plurals import Count
from cbo_desk.transport.travel_files import TravelLine
from ui.kit.cells import VALUE_ROLE
from ui.kit.chips import Status

Index = QModelIndex | QPersistentModelIndex


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


class TimesModel(QAbstractTableModel):
    """The lines shown, narrowed by words and by source."""

    HEADS = 6

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[TravelLine] = []
        self.every: list[TravelLine] = []
        self._words, self._source = "", ""

    def show_lines(self, lines: Sequence[TravelLine]) -> None:
        """Show other lines."""
        self.every = list(lines)
        self.narrow(self._words, self._source)

    def narrow(self, words: str, source: str) -> None:
        """Show the lines that hold every word and have a source ("": any)."""
        self._words, self._source = words, source
        wanted = words.casefold().split()
        self.beginResetModel()
        self.lines = [
            line
            for line in self.every
            if (not source or line.source == source)
            and all(word in f"{line.start} {line.end} {line.band}".casefold() for word in wanted)
        ]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many lines."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many columns."""
        return 0 if parent.isValid() else self.HEADS

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A column's heading."""
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        heads = (self.tr("From"), self.tr("To"), self.tr("Band"), self.tr("Minutes"), self.tr("Kilometres"),
                 self.tr("Source"))  # fmt: skip
        return heads[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell."""
        line = self.lines[index.row()]
        if role == VALUE_ROLE and index.column() == 5:
            return source_status(line.source, line.trips)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        cells = (line.start, line.end, line.band, f"{line.seconds / 60:.0f}", f"{line.metres / 1000:.1f}",
                 source_status(line.source, line.trips).word)  # fmt: skip
        return cells[index.column()]
