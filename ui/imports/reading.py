"""How the file is read: letters, delimiter, sheet, header, dates, numbers, what holds for every row, the mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from cbo_desk.tabular import ENCODINGS, Field
from cbo_desk.tabular import Mapping as ColumnMapping
from ui.imports.choice import Choice
from ui.imports.kinds import ImportKind
from ui.imports.phrases import date_order, delimiter_word, found_how
from ui.imports.work import Chosen, Opened
from ui.kit.cards import clear, stack
from ui.kit.labels import ElidedLabel, Label
from ui.kit.theme import px

_HEADER_ROWS = 30
_STYLES = {"point": "1,234.56", "comma": "1.234,56"}
_NUMERIC = ("number", "integer", "money")

NAMED = "name:"
"""How the choice of a mapping that has a name begins."""


class ReadingForm(QWidget):
    """One line per thing that can be read in more than one way.

    Signals: `read_as(dict)` to read the file another way; `dates(field, order)`, `numbers(field, style)`,
    `fixed(field, text)`; `mapping("last" or "names")`.
    """

    read_as = Signal(object)
    dates = Signal(str, str)
    numbers = Signal(str, str)
    fixed = Signal(str, str)
    mapping = Signal(str)

    def __init__(self, kind: ImportKind, parent: QWidget) -> None:
        super().__init__(parent)
        self._kind = kind
        self.offered: Mapping[str, Sequence[tuple[str, str]]] = {}
        self.boxes: dict[str, QWidget] = {}
        self.notes = Label("", "small-muted", wrap=True)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnMinimumWidth(0, px(84))
        self._grid.setColumnStretch(1, 1)
        self.setLayout(stack(self._grid, 8, self.notes))

    def show_file(self, file: Opened, chosen: Chosen, mapping: ColumnMapping, readings: Mapping[str, Any]) -> None:
        """Show how a file is read; `readings` are known once it was checked."""
        focused = next((name for name, box in self.boxes.items() if box.hasFocus()), "")
        clear(self._grid)
        self.boxes = {}
        self._add_source(file, chosen)
        self._add_columns(file, readings)
        self._add_fixed(file, mapping)
        self._add_mapping(file, mapping)
        self._say_notes(file, mapping, readings)
        if focused in self.boxes:
            self.boxes[focused].setFocus(Qt.FocusReason.OtherFocusReason)

    # --- lines

    def _add_source(self, file: Opened, chosen: Chosen) -> None:
        table = file.table
        if table.text is not None:
            how = found_how("chosen" if chosen.encoding else "found")
            encoding = table.text.encoding
            names = {**ENCODINGS, encoding.name: encoding.title}
            choices = [(name, f"{title}, {how}" if name == encoding.name else title) for name, title in names.items()]
            box = self._choice("encoding", self.tr("Letters"), choices, encoding.name, self._read("encoding"))
            box.setToolTip(encoding.reason)
            marks = dict.fromkeys((",", ";", "\t", "|", table.text.delimiter))
            found = [(mark, delimiter_word(mark)) for mark in marks]
            self._choice("delimiter", self.tr("Cells end at"), found, table.text.delimiter, self._read("delimiter"))
        if len(table.sheets) > 1 and table.sheet is not None:
            sheets = [(sheet.name, sheet.name) for sheet in table.sheets]
            self._choice("sheet", self.tr("Sheet"), sheets, table.sheet.name, self._read("sheet"))
        rows = [(0, self.tr("None"))]
        rows += [
            (row, self.tr("Row {row}").format(row=row)) for row in range(1, max(_HEADER_ROWS, table.header.row) + 1)
        ]
        box = self._choice("header_row", self.tr("Header"), rows, table.header.row, self._read("header_row"))
        box.setToolTip(table.header.reason)

    def _read(self, name: str) -> Any:
        return lambda value: self.read_as.emit({name: value})

    def _add_columns(self, file: Opened, readings: Mapping[str, Any]) -> None:
        fields = {one.name: one for one in file.kind.fields}
        dates = [name for name in readings if fields[name].kind == "date"]
        for name in dates:
            title = self.tr("Dates") if len(dates) == 1 else fields[name].title
            order = readings[name].order
            words = [(key, date_order(key)) for key in ("dmy", "mdy", "ymd")]
            self._column(name, title, words, order, readings[name].how, self.dates)
        numbers = [name for name in readings if fields[name].kind in _NUMERIC]
        for name in numbers:
            title = self.tr("Numbers") if len(numbers) == 1 else fields[name].title
            self._column(name, title, list(_STYLES.items()), readings[name].style, readings[name].how, self.numbers)

    def _column(self, name: str, title: str, words: list[tuple[Any, str]], value: Any, how: str, told: Any) -> None:
        """The choice of a column's dates or numbers; amber words where it must be asked."""
        shown = [(key, f"{text}, {found_how(how)}" if key == value else text) for key, text in words]
        if value is None:
            shown.insert(0, (None, self.tr("Choose…")))
        box = self._choice(name, title, shown, value, lambda key: told.emit(name, key) if key else None)
        box.setProperty("faulty", value is None)

    def _add_fixed(self, file: Opened, mapping: ColumnMapping) -> None:
        columns = set(mapping.columns.values())
        for one in file.kind.fields:
            needed = one.key or one.required or one.name in mapping.fixed
            if needed and one.name not in columns and one.kind in ("reference", "choice", "text"):
                self._fixed(one, mapping.fixed.get(one.name, ""))

    def _fixed(self, one: Field, text: str) -> None:
        offered = list(self.offered.get(one.name, ())) or [(str(key), str(key)) for key in one.choices]
        if offered:
            known = {key for key, _ in offered}
            shown: list[tuple[Any, str]] = [("", self.tr("Choose…") if one.key or one.required else "—")]
            shown += [(key, self.tr("{what}, for every row").format(what=words)) for key, words in offered]
            shown += [(text, self.tr("{what}, for every row").format(what=text))] if text and text not in known else []
            self._choice(one.name, one.title, shown, text, lambda key: self.fixed.emit(one.name, key))
            return
        field = QLineEdit(text, self)
        field.setPlaceholderText(self.tr("the same for every row"))
        field.editingFinished.connect(lambda: self._typed_fixed(one.name, field))
        self._line(one.name, one.title, field)

    def _typed_fixed(self, name: str, field: QLineEdit) -> None:
        if field.isModified():
            self.fixed.emit(name, field.text().strip())

    def _add_mapping(self, file: Opened, mapping: ColumnMapping) -> None:
        shown = [("names", self.tr("By the columns' names"))]
        if file.as_before is not None:
            shown.insert(0, ("last", self.tr("As last time")))
        shown += [(NAMED + name, name) for name in file.named]
        name = file.name_of(mapping)
        value = "last" if mapping == file.as_before else "names" if mapping == file.by_name else ""
        value = NAMED + name if name else value
        if not value:
            shown.append(("", self.tr("As chosen here")))
        self._choice("mapping", self.tr("Mapping"), shown, value, lambda key: self.mapping.emit(key) if key else None)

    def _say_notes(self, file: Opened, mapping: ColumnMapping, readings: Mapping[str, Any]) -> None:
        said = [reading.said() for reading in readings.values() if getattr(reading, "example", "")]
        out = mapping.left_out(file.table.names)
        if out:
            few = ", ".join(out[:6]) + (" …" if len(out) > 6 else "")
            said.append(self.tr("Left out: {columns}.").format(columns=few))
        said += file.table.notes()
        self.notes.setText(" ".join(said))

    # --- making a line

    def _choice(self, name: str, title: str, choices: Sequence[tuple[Any, str]], value: Any, chosen: Any) -> Choice:
        box = Choice(self)
        box.setMinimumContentsLength(6)
        for key, words in choices:
            box.addItem(words, key)
        box.setCurrentIndex(max(0, next((at for at, (key, _) in enumerate(choices) if key == value), 0)))
        box.activated.connect(lambda: chosen(box.currentData()))
        self._line(name, title, box)
        return box

    def _line(self, name: str, title: str, box: QWidget) -> None:
        row = len(self.boxes)
        label = ElidedLabel(title, "muted")
        label.setBuddy(box)
        box.setAccessibleName(title)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(box, row, 1)
        self.boxes[name] = box
