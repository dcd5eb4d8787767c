"""What was received since rapid receive was opened: the running list, newest first, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cbo_desk.context import local
from cbo_desk.mail import MailRow
from ui.kit.cells import VALUE_ROLE, Look
from ui.mail.looks import class_word, row_status

Index = QModelIndex | QPersistentModelIndex
LOOKS = (
    Look("time", "date", 64, sortable=False),
    Look("number", "ref", 100, sortable=False),
    Look("carrier", "muted", 120, 2, sortable=False),
    Look("addressee", "text", 150, stretch=True, sortable=False),
    Look("class", "muted", 90, 3, sortable=False),
    Look("state", "chip", 128, sortable=False),
)


class SessionModel(QAbstractTableModel):
    """The items of this session; a changed one changes where it stands."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[MailRow] = []

    def put(self, rows: Sequence[MailRow]) -> None:
        """Show new items on top, and known ones anew where they stand."""
        for row in rows:
            at = self.place_of(row.id)
            if at is None:
                self.beginInsertRows(QModelIndex(), 0, 0)
                self.rows.insert(0, row)
                self.endInsertRows()
            else:
                self.rows[at] = row
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(LOOKS) - 1))

    def drop(self, ids: Sequence[int]) -> None:
        """Leave out items that were taken back."""
        for ident in ids:
            at = self.place_of(ident)
            if at is not None:
                self.beginRemoveRows(QModelIndex(), at, at)
                del self.rows[at]
                self.endRemoveRows()

    def place_of(self, ident: int) -> int | None:
        """The row of an item, None where it is not here."""
        return next((at for at, row in enumerate(self.rows) if row.id == ident), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many items."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many columns."""
        return 0 if parent.isValid() else len(LOOKS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The headings."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (
                self.tr("Time"),
                self.tr("No."),
                self.tr("Carrier"),
                self.tr("Addressee"),
                self.tr("Class"),
                self.tr("Status"),
            )[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell says."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                f"{local(row.received_at):%H:%M}",
                row.number,
                row.carrier or "—",
                row.addressee or "—",
                class_word(row.item_class),
                row_status(row).word,
            )[index.column()]
        if role == VALUE_ROLE and index.column() == len(LOOKS) - 1:
            return row_status(row)
        return None
