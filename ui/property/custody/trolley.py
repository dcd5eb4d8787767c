"""What has been scanned for a handover and is not written yet: the order and its lines, kept as a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zlib import crc32

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from cbo_desk.property import State
from cbo_desk.property.custody import ItemLine, Kind, Order
from ui.kit.columns import Column
from ui.kit.drafts import Drafts
from ui.kit.fields import Pick
from ui.kit.window_model import role_of
from ui.property.custody.columns import trolley_columns

DRAFT = "property.handover"
_ROOT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Scan:
    """One line: an asset, or a scan that is none; `why` says why it does not go along."""

    text: str
    why: str = ""
    item: ItemLine | None = None

    @property
    def goes(self) -> bool:
        """Whether it goes along."""
        return self.item is not None and not self.why


class Trolley(QAbstractTableModel):
    """The lines of a handover that is being put together, newest on top.

    `whose` tells compound and person: ids of one compound mean nothing in another.
    `changed` tells that lines or the order changed, `judged` that only what is said of the lines did.
    """

    changed = Signal()
    judged = Signal()

    def __init__(self, drafts: Drafts, whose: str, parent: QObject) -> None:
        super().__init__(parent)
        self._drafts, self._name = drafts, f"{DRAFT}.{crc32(whose.encode()):08x}"
        self._columns: Sequence[Column] = trolley_columns()
        self.kind = Kind.ISSUE
        self.taker: Pick | None = None
        self.place: Pick | None = None
        self.due_on: date | None = None
        self.scans: list[Scan] = []

    # --- the order

    def order(self) -> Order:
        """What is asked for so far."""
        return Order(
            self.kind,
            self.taker.id if self.taker and self.kind is not Kind.RETURN else None,
            self.place.id if self.place and self.kind is not Kind.EXTEND else None,
            self.due_on if self.kind in (Kind.LEND, Kind.EXTEND) else None,
        )

    def set_order(self, **parts: Any) -> None:
        """Change parts of the order: kind, taker, place, due_on."""
        for name, value in parts.items():
            setattr(self, name, value)
        self._tell()

    # --- the lines

    def goods(self) -> list[int]:
        """The assets that go along, in the order of scanning."""
        return [scan.item.asset_id for scan in reversed(self.scans) if scan.item is not None and not scan.why]

    def giver(self) -> str:
        """Who has what goes along, if that is one person."""
        people = {scan.item.person for scan in self.scans if scan.item is not None and scan.goes}
        return people.pop() if len(people) == 1 else ""

    def borrower(self) -> Pick | None:
        """Who has what goes along, as the scan before all others says."""
        item = next((scan.item for scan in reversed(self.scans) if scan.goes), None)
        return None if item is None or item.person_id is None else Pick(item.person_id, item.person)

    def refused(self) -> int:
        """How many lines do not go along."""
        return sum(not scan.goes for scan in self.scans)

    def asset_ids(self) -> list[int]:
        """Every asset on the list, refused or not."""
        return [scan.item.asset_id for scan in self.scans if scan.item is not None]

    def has(self, asset_id: int) -> bool:
        """Whether an asset goes along already."""
        return asset_id in self.goods()

    def add(self, *scans: Scan) -> None:
        """Put lines on top; a refused line of the same asset gives way to a newer one."""
        ids = {scan.item.asset_id for scan in scans if scan.item is not None}
        for row in reversed(range(len(self.scans))):
            item = self.scans[row].item
            if item is not None and item.asset_id in ids and not self.scans[row].goes:
                self._take(row)
        self.beginInsertRows(_ROOT, 0, len(scans) - 1)
        self.scans[:0] = scans
        self.endInsertRows()
        self._tell()

    def remove(self, rows: Sequence[int]) -> None:
        """Take lines off the list."""
        for row in sorted(set(rows), reverse=True):
            self._take(row)
        self._tell()

    def judge(self, lines: Sequence[ItemLine]) -> None:
        """Show anew how the listed assets stand to the order."""
        known = {line.asset_id: line for line in lines}
        self.refuse({ident: line.why for ident, line in known.items()}, known)

    def refuse(self, whys: dict[int, str], known: dict[int, ItemLine] | None = None) -> None:
        """Write sentences (or none) beside assets."""
        for row, scan in enumerate(self.scans):
            if scan.item is not None and scan.item.asset_id in whys:
                item = (known or {}).get(scan.item.asset_id, scan.item)
                self.scans[row] = replace(scan, item=item, why=whys[item.asset_id])
        if self.scans:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.scans) - 1, len(self._columns) - 1))
        self._keep()
        self.judged.emit()

    def empty(self) -> None:
        """Forget everything but the kind: it was written, or is not wanted."""
        self.beginResetModel()
        self.scans, self.taker, self.place, self.due_on = [], None, None, None
        self.endResetModel()
        self._drafts.forget(self._name)
        self.changed.emit()

    def finish(self, written: Sequence[Scan]) -> None:
        """The handover is written: its lines go; what was scanned meanwhile stays, with its order."""
        left = [scan for scan in self.scans if scan not in written]
        if not left:
            self.empty()
            return
        self.remove([row for row, scan in enumerate(self.scans) if scan in written])

    # --- the draft

    def restore(self) -> bool:
        """Put back what was scanned before the window was closed; False where there is nothing."""
        draft = self._drafts.find(self._name)
        if draft is None:
            return False
        try:
            self._put_back(draft.typed)
        except (KeyError, TypeError, ValueError):  # written by another version, or damaged: better none than half
            self._drafts.forget(self._name)
            return False
        return bool(self.scans or self.taker or self.place)

    def _put_back(self, kept: dict[str, Any]) -> None:
        scans = [
            Scan(text, why, ItemLine(ident, number, words, State(state), "", "") if ident else None)
            for text, why, ident, number, words, state in kept["scans"]
        ]
        due = date.fromisoformat(kept["due_on"]) if kept["due_on"] else None
        taker, place = (Pick(*kept[name]) if kept[name] else None for name in ("taker", "place"))
        kind = Kind(kept["kind"])
        self.beginResetModel()
        self.scans, self.kind, self.taker, self.place, self.due_on = scans, kind, taker, place, due
        self.endResetModel()
        self.changed.emit()

    def _tell(self) -> None:
        self._keep()
        self.changed.emit()

    def _keep(self) -> None:
        kept = {
            "kind": str(self.kind),
            "taker": _plain(self.taker),
            "place": _plain(self.place),
            "due_on": self.due_on.isoformat() if self.due_on else "",
            "scans": [
                (s.text, s.why, s.item.asset_id, s.item.inventory_no, s.item.description, str(s.item.state))
                if s.item
                else (s.text, s.why, 0, "", "", "")
                for s in self.scans
            ],
        }
        self._drafts.keep(self._name, kept)

    def _take(self, row: int) -> None:
        self.beginRemoveRows(_ROOT, row, row)
        del self.scans[row]
        self.endRemoveRows()

    # --- what Qt asks

    @property
    def columns(self) -> Sequence[Column]:
        """The columns of the list."""
        return self._columns

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many lines there are."""
        return 0 if parent.isValid() else len(self.scans)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """How many columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell says in a role."""
        if not index.isValid() or index.row() >= len(self.scans):
            return None
        return role_of(self._columns[index.column()], self.scans[index.row()], role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A column's heading."""
        across = orientation == Qt.Orientation.Horizontal
        return self._columns[section].heading if across and role == Qt.ItemDataRole.DisplayRole else None


def _plain(pick: Pick | None) -> list[Any] | None:
    return [pick.id, pick.name, pick.detail] if pick else None
