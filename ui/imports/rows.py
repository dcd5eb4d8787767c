"""The rows of a file as a table: as they stand while it is being checked, with their outcome and faults afterwards."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from cbo_desk.tabular import Cell, Field, Mapping, Outcome, RowShown, shown
from ui.imports.phrases import outcome_status, outcome_word
from ui.imports.work import Checked, Opened
from ui.kit.bidi import isolate
from ui.kit.cells import MARK_ROLE, VALUE_ROLE, Kind, Look

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_KINDS: dict[str, Kind] = {"money": "num", "number": "num", "integer": "num", "identifier": "muted", "text": "text"}
_WIDTHS = {"money": 96, "number": 96, "integer": 90, "date": 108, "boolean": 90, "notes": 140, "text": 130}


class RowsModel(QAbstractTableModel):
    """Row number, the file's columns, and what will happen. `edited(row, column, text)` when a cell was corrected."""

    edited = Signal(int, str, str)

    def __init__(self, fields: Sequence[Field], parent: QObject) -> None:
        super().__init__(parent)
        self._titles = {one.name: one.title for one in fields}
        self.names: tuple[str, ...] = ()
        self._sample: Sequence[tuple[int, Sequence[Cell]]] = ()
        self._result: Checked | None = None
        self._order: Sequence[int] = ()
        self._last: RowShown | None = None

    # --- what the page shows

    def show_file(self, file: Opened) -> None:
        """Show the first rows of a file."""
        self.beginResetModel()
        self.names, self._sample = file.table.names, file.sample
        self._titles = {one.name: one.title for one in file.kind.fields}
        self._result, self._order, self._last = None, (), None
        self.endResetModel()

    def show_result(self, result: Checked) -> None:
        """Show every row with what would become of it."""
        self.beginResetModel()
        self._result, self._order, self._last = result, result.listed.order, None
        self.endResetModel()

    def read_again(self) -> None:
        """Some rows were mended: show what they are now."""
        self._last = None
        if self._result is not None and self._order is not self._result.listed.order:
            self.show_result(self._result)
        elif self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def number_at(self, place: int) -> int:
        """The row's number in the file."""
        return self._order[place] if self._result is not None else self._sample[place][0]

    def place_of(self, number: int) -> int:
        """Where a row of the file stands in the list, -1 where it is not in view."""
        try:
            return self._order.index(number) if self._result is not None else -1
        except ValueError:
            return -1

    def column_of(self, name: str) -> int:
        """The column of the table that shows a column of the file; the first for none."""
        return self.names.index(name) + 1 if name in self.names else 0

    def first_fault(self, place: int) -> int:
        """The first faulty column of a row, 0 where it has none."""
        faulty = self._shown(place).faulty
        return next((at for at, name in enumerate(self.names, 1) if name in faulty), 0)

    # --- what Qt asks

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many rows there are."""
        if parent.isValid():
            return 0
        return len(self._order) if self._result is not None else len(self._sample)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.names) + 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A column's heading."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if section == 0:
            return self.tr("Row")
        return self.names[section - 1] if section <= len(self.names) else self.tr("What will happen")

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cells of the file can be corrected once it was checked."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        editable = self._result is not None and 0 < index.column() <= len(self.names)
        return flags | Qt.ItemFlag.ItemIsEditable if editable else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What one cell is to Qt."""
        answer = _ANSWERS.get(role)
        return answer(self, index.row(), index.column()) if index.isValid() and answer is not None else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Pass a corrected text on; the row is judged anew in the background."""
        if role != Qt.ItemDataRole.EditRole or str(value) == self._raw(index.row(), index.column()):
            return False
        self.edited.emit(self.number_at(index.row()), self.names[index.column() - 1], str(value))
        return True

    # --- one cell

    def _shown(self, place: int) -> RowShown:
        if self._result is None:
            number, cells = self._sample[place]
            return RowShown(number, cells, "unchanged", frozenset())
        number = self._order[place]
        if self._last is None or self._last.row != number:
            self._last = self._result.preview.shown(number)
        return self._last

    def _raw(self, place: int, column: int) -> str:
        cells = self._shown(place).cells
        return shown(cells[column - 1]) if 0 < column <= len(cells) else ""

    def _text(self, place: int, column: int) -> str:
        if column == 0:
            return f"{self.number_at(place):,}"
        if column > len(self.names):
            return outcome_word(self._shown(place).outcome) if self._result is not None else "…"
        text = " ".join(self._raw(place, column).split())
        if text:
            return text
        return self.tr("blank") if self._mark(place, column) else "—"

    def _value(self, place: int, column: int) -> Any:
        outcome: Outcome = self._shown(place).outcome
        return outcome_status(outcome) if column > len(self.names) and self._result is not None else None

    def _mark(self, place: int, column: int) -> str | None:
        if not 0 < column <= len(self.names):
            return None
        return "bad" if self.names[column - 1] in self._shown(place).faulty else None

    def _tip(self, place: int, column: int) -> str | None:
        if self._result is None or column == 0:
            return None
        faults = self._result.listed.by_row.get(self._order[place], ())
        name = self.names[column - 1] if column <= len(self.names) else ""
        said = [fault.what_to_do for fault in faults if column > len(self.names) or fault.column == name]
        return isolate(" ".join(said)) or self._change(place, name)

    def _change(self, place: int, column: str) -> str | None:
        """What an update changes: in the cell itself, or in all where the outcome is asked."""
        assert self._result is not None
        if self._shown(place).outcome != "update":
            return None
        field = self._result.preview.mapping.columns.get(column, "")
        said = [
            self.tr("{field}: {before} becomes {after}.").format(
                field=self._titles.get(change.field, change.field),
                before=shown(change.before) or self.tr("blank"),
                after=shown(change.after) or self.tr("blank"),
            )
            for change in self._result.preview.changes(self._order[place])
            if not column or change.field == field
        ]
        return isolate("\n".join(said)) or None

    def _spoken(self, place: int, column: int) -> str:
        tip = self._tip(place, column) if self._mark(place, column) else None
        return f"{self._text(place, column)}: {tip}" if tip else self._text(place, column)


_ANSWERS: dict[int, Callable[[RowsModel, int, int], Any]] = {
    Qt.ItemDataRole.DisplayRole: RowsModel._text,
    Qt.ItemDataRole.EditRole: RowsModel._raw,
    VALUE_ROLE: RowsModel._value,
    MARK_ROLE: RowsModel._mark,
    Qt.ItemDataRole.ToolTipRole: RowsModel._tip,
    Qt.ItemDataRole.AccessibleTextRole: RowsModel._spoken,
}


def looks(
    names: Sequence[str], mapping: Mapping, fields: Sequence[Field], wanted: Collection[str], everything: bool
) -> list[Look]:
    """How the columns look: keys never hide, then come the `wanted` ones, what fills nothing hides first.

    `everything`: none hides.
    """
    known = {one.name: (place, one) for place, one in enumerate(fields)}
    found = [Look("row", "num", 58)]
    stretching = _stretching(names, mapping, fields)
    for name in names:
        place, one = known.get(mapping.columns.get(name, ""), (0, None))
        if one is None:
            found.append(Look(name, "muted", 116, 0 if everything else (1 if name in wanted else 1000)))
            continue
        kind: Kind = "ref" if one.key and one.kind == "identifier" else _KINDS.get(one.kind, "muted")
        width = 124 if kind == "ref" else _WIDTHS.get(one.kind, 100)
        priority = 1 if name in wanted else 2 if one.key or one.required else 3 + place
        priority = 0 if everything or kind == "ref" else priority
        found.append(Look(name, kind, width, priority, stretch=name == stretching))
    return [*found, Look("outcome", "chip", 118)]


def _stretching(names: Sequence[str], mapping: Mapping, fields: Sequence[Field]) -> str:
    """The column that takes the free width: the first of running text."""
    texts = [one.name for one in fields if one.kind == "text" and not one.key]
    columns = {mapping.columns.get(name, ""): name for name in names}
    return next((columns[text] for text in texts if text in columns), names[0] if names else "")
