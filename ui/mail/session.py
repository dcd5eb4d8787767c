"""What was received since rapid receive was opened: the running list, newest first, in memory."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject

from cbo_desk.context import local
from cbo_desk.mail import MailRow
from ui.kit.cells import Look
from ui.kit.columns import Column
from ui.kit.lines import Lines
from ui.mail.looks import class_word, row_status


class SessionModel(Lines):
    """The items of this session; a changed one changes where it stands."""

    def __init__(self, parent: QObject) -> None:
        super().__init__((), parent)
        self.rows: list[MailRow] = []
        self.columns = [
            Column(Look("time", "date", 64, sortable=False), self.tr("Time"),
                   lambda row: f"{local(row.received_at):%H:%M}"),
            Column(Look("number", "ref", 100, sortable=False), self.tr("No."), lambda row: row.number),
            Column(Look("carrier", "muted", 120, 2, sortable=False), self.tr("Carrier"),
                   lambda row: row.carrier or "—"),
            Column(Look("addressee", "text", 150, stretch=True, sortable=False), self.tr("Addressee"),
                   lambda row: row.addressee or "—"),
            Column(Look("class", "muted", 90, 3, sortable=False), self.tr("Class"),
                   lambda row: class_word(row.item_class)),
            Column(Look("state", "chip", 128, sortable=False), self.tr("Status"), lambda row: row_status(row).word,
                   value=row_status),
        ]  # fmt: skip

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
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(self.columns) - 1))

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
