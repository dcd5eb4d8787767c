"""The XML of a worksheet and of the shared strings, taken apart as it streams by (ECMA-376 part 1, 18.3 and 18.4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.parsers import expat

from cbo_desk.errors import Refusal
from cbo_desk.tabular.cells import Cell
from cbo_desk.tabular.delimited import WIDEST_ROW

_DAMAGED = "The workbook is damaged. Open it in a spreadsheet and save it again."
_LONGEST_CELL = 131_072
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")

FORMULA_WITHOUT_VALUE = "formula without value"
MERGED = "merged"
FORMULA = "formula"


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1]


def shared_text(text: str) -> str:
    """Undo the escape _xHHHH_ that stands for a character XML cannot hold."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)


def _parser() -> expat.XMLParserType:
    """A parser that refuses any entity declaration (no expansion bombs, nothing fetched)."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16

    def no_entities(*_: object) -> None:
        raise Refusal(_DAMAGED)

    parser.StartDoctypeDeclHandler = no_entities
    parser.EntityDeclHandler = no_entities
    return parser


class _Fed:
    """A parser fed with bytes; what is not well-formed is refused in words."""

    def __init__(self) -> None:
        self._parser = _parser()

    def _take(self, data: bytes, final: bool = False) -> None:
        try:
            self._parser.Parse(data, final)
        except (expat.ExpatError, ValueError, LookupError):
            raise Refusal(_DAMAGED) from None

    def close(self) -> None:
        """Say that all bytes were fed."""
        self._take(b"", final=True)


class StringsReader(_Fed):
    """Collects the shared strings; the phonetic guides beside East Asian text are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []
        self._pieces: list[str] = []
        self._phonetic = False
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._take(data)

    def _start(self, name: str, _: dict[str, str]) -> None:
        name = local(name)
        if name == "si":
            self._pieces = []
        elif name == "rPh":
            self._phonetic = True
        elif name == "t" and not self._phonetic:
            self._parser.CharacterDataHandler = self._pieces.append

    def _end(self, name: str) -> None:
        name = local(name)
        if name == "t":
            self._parser.CharacterDataHandler = None
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            self.strings.append("".join(self._pieces))


class SheetReader(_Fed):
    """Turns the bytes of a worksheet into rows.

    `notes` counts what a person should know of: formulas (their stored values are read), formulas without a stored
    value (read as the error "#FORMULA?"), and merged areas (only their first cell holds the value).
    """

    def __init__(self, strings: list[str], number: Callable[[str, int], Cell]) -> None:
        super().__init__()
        self.notes: dict[str, int] = {}
        self._strings, self._make_number = strings, number
        self._rows: list[tuple[int, list[Cell]]] = []
        self._row: list[Cell] = []
        self._row_number = 0
        self._column = 0
        self._type, self._style = "n", 0
        self._pieces: list[str] = []
        self._formula = False
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._columns: dict[str, int] = {}

    def feed(self, data: bytes) -> list[tuple[int, list[Cell]]]:
        """Take the next bytes; gives the rows that are complete by now."""
        self._take(data)
        if len(self._pieces) > 2 and sum(map(len, self._pieces)) > _LONGEST_CELL:
            raise Refusal(f"A cell in row {self._row_number:,} is longer than 131,072 characters.")
        rows, self._rows = self._rows, []
        return rows

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = local(name)
        if name == "c":
            self._begin_cell(attributes)
        elif name in ("v", "t"):
            self._parser.CharacterDataHandler = self._pieces.append
        elif name == "f":
            self._formula = True
        elif name == "row":
            told = attributes.get("r", "")
            self._row_number = int(told) if told.isdigit() and len(told) < 9 else self._row_number + 1
            self._row, self._column = [], 0
        elif name == "rPh":
            self._pieces.append("\ue000")  # marks where a phonetic guide begins; cut off at the end of the cell
        elif name == "mergeCell":
            self.notes[MERGED] = self.notes.get(MERGED, 0) + 1

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        if place is not None:
            letters = place.rstrip("0123456789")
            column = self._columns.get(letters)
            if column is None:
                column = self._columns[letters] = _column_of(letters)
            self._column = column
        else:
            self._column += 1
        self._type = attributes.get("t", "n")
        style = attributes.get("s", "0")
        self._style = int(style) if style.isdigit() else 0
        self._pieces = []
        self._formula = False

    def _end(self, name: str) -> None:
        if ":" in name:
            name = local(name)
        if name == "c":
            value = self._value()
            if value != "":
                missing = self._column - 1 - len(self._row)
                if missing > 0:
                    self._row.extend([""] * missing)
                if missing < 0:
                    self._row[self._column - 1] = value
                else:
                    self._row.append(value)
        elif name in ("v", "t"):
            self._parser.CharacterDataHandler = None
        elif name == "row":
            self._rows.append((self._row_number, self._row))

    def _value(self) -> Cell:
        """The value of the cell that just ended."""
        text = "".join(self._pieces)
        if self._formula:
            self.notes[FORMULA] = self.notes.get(FORMULA, 0) + 1
            if not text and self._type != "str":
                self.notes[FORMULA_WITHOUT_VALUE] = self.notes.get(FORMULA_WITHOUT_VALUE, 0) + 1
                return "#FORMULA?"
        if not text:
            return ""
        if len(text) > _LONGEST_CELL:
            raise Refusal(f"A cell in row {self._row_number:,} is longer than 131,072 characters.")
        try:
            if self._type == "s":
                return self._strings[int(text)]
            if self._type == "n":
                return self._make_number(text, self._style)
            if self._type == "b":
                return text.strip() in ("1", "true")
        except (ValueError, IndexError, OverflowError):
            raise Refusal(_DAMAGED) from None
        if self._type == "d" and _ISO_DATE.match(text):
            return text.removesuffix("T00:00:00")
        return shared_text(text.split("\ue000", 1)[0] if self._type == "inlineStr" else text)


def _column_of(letters: str) -> int:
    """The number of a column, 1 for "A"; refused beyond the width of a spreadsheet."""
    number = 0
    for letter in letters[:4].upper():
        if not "A" <= letter <= "Z":
            raise Refusal(_DAMAGED)
        number = number * 26 + ord(letter) - 64
    if not 0 < number <= WIDEST_ROW or len(letters) > 3:
        raise Refusal(_DAMAGED)
    return number
