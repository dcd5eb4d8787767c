"""A table in a file, opened: how it is read, where it begins, and its rows as a stream."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from cbo_desk.errors import Refusal
from cbo_desk.progress import Progress
from cbo_desk.tabular.cells import Cell
from cbo_desk.tabular.delimited import DELIMITERS, Delimited, read_delimited
from cbo_desk.tabular.encoding import Encoding, chosen_encoding, find_encoding
from cbo_desk.tabular.headings import Header, find_header, is_blank
from cbo_desk.tabular.sheet_xml import FORMULA, FORMULA_WITHOUT_VALUE, MERGED
from cbo_desk.tabular.source import Source, kind_of, source_of
from cbo_desk.tabular.workbook import Sheet, Workbook, open_workbook

_SAMPLED = 200
Row = tuple[int, list[Cell]]


@dataclass
class Table:
    """A table ready to be read, any number of times.

    `text` says how a text file is written, `workbook` and `sheet` where a workbook's table is; one of the two is None.
    `short_rows_are_fine` holds where the file leaves out blank cells at the end of its rows as a habit. The counts in
    `blank_rows` and `beside` (cells to the right of a sheet's table, left out) stand after the rows were read once.
    """

    source: Source
    header: Header
    text: Delimited | None = None
    workbook: Workbook | None = None
    sheet: Sheet | None = None
    short_rows_are_fine: bool = True
    blank_rows: int = 0
    beside: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The distinct names of the columns."""
        return self.header.names

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.header.names)

    @property
    def encoding(self) -> Encoding | None:
        """The encoding of a text file, with its reason."""
        return self.text.encoding if self.text else None

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The sheets one could choose from."""
        return self.workbook.sheets if self.workbook else ()

    def rows(self, progress: Progress | None = None) -> Iterator[Row]:
        """Each row below the header that holds anything, with its number in the file.

        A row of a workbook always has `width` cells; a row of a text file has the cells it has (see `unevenness`).
        """
        self.blank_rows = self.beside = 0
        return self._text_rows(progress) if self.text else self._sheet_rows(progress)

    def _text_rows(self, progress: Progress | None) -> Iterator[Row]:
        """Rows of the text file."""
        assert self.text is not None
        first, width, fine = self.header.row, self.width, self.short_rows_are_fine
        for number, cells in self.text.records(progress):
            if number <= first:
                continue
            if (not cells or not cells[0] or cells[0].isspace()) and is_blank("".join(cells)):
                self.blank_rows += 1
                continue
            if len(cells) != width:
                while len(cells) > width and is_blank(cells[-1]):
                    cells.pop()
                if fine and len(cells) < width:
                    cells.extend([""] * (width - len(cells)))
            yield number, cells  # type: ignore[misc]  # a list of text is a list of cells; nobody adds others to it

    def _sheet_rows(self, progress: Progress | None) -> Iterator[Row]:
        """Rows of the workbook's sheet, all as wide as the header."""
        assert self.workbook is not None
        assert self.sheet is not None
        first, width = self.header.row, self.width
        for number, cells in self.workbook.records(self.sheet, progress):
            if number <= first:
                continue
            if len(cells) < width:
                cells.extend([""] * (width - len(cells)))
            elif len(cells) > width:
                self.beside += sum(not is_blank(cell) for cell in cells[width:])
                del cells[width:]
            if not any(cells) and all(is_blank(cell) for cell in cells):
                self.blank_rows += 1
                continue
            yield number, cells

    def unevenness(self, number: int, cells: Sequence[Cell]) -> str | None:
        """What is wrong with the shape of a row, as a sentence, or None."""
        if self.text is None:
            return None
        if number in self.text.broken:
            return self.text.broken[number]
        if len(cells) > self.width:
            more = len(cells) - self.width
            return f"This row has {_cells(more)} more than the header. Is a {self._mark()} in a cell without quotes?"
        if len(cells) < self.width:
            fewer = self.width - len(cells)
            return f"This row has {_cells(fewer)} fewer than the header. Is it broken in two?"
        return None

    def _mark(self) -> str:
        """The delimiter by its name."""
        assert self.text is not None
        return DELIMITERS.get(self.text.delimiter, self.text.delimiter)

    def notes(self) -> tuple[str, ...]:
        """What a person should know of how the file was read, as sentences; complete after the rows were read once."""
        said: list[str] = []
        if self.text:
            encoding = self.text.encoding
            said.append(f"Letters are read as {encoding.title}. {encoding.reason}")
            if self.text.broken:
                said.append(f"{_rows(len(self.text.broken))} with quotation marks that do not match.")
        if self.header.row > 1:
            said.append(f"The header is row {self.header.row}. {self.header.reason}")
        if self.sheet and self.sheet.hidden:
            said.append(f"The sheet {self.sheet.name} is hidden in the workbook.")
        if self.workbook:
            found = self.workbook.notes
            if self.workbook.epoch_1904:
                said.append("Its dates count from 1904.")
            if found.get(FORMULA):
                said.append(f"{_cells(found[FORMULA])} hold formulas; their stored values are read.")
            if found.get(FORMULA_WITHOUT_VALUE):
                said.append("Some formulas have no stored value. Open the file in a spreadsheet and save it.")
            if found.get(MERGED):
                said.append("Some cells are merged: only the first cell of each holds the value.")
        if self.beside:
            said.append(f"{_cells(self.beside)} beside the table are left out.")
        return tuple(said)


def open_table(
    where: Path | str | bytes,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    known: Collection[str] = (),
) -> Table:
    """Open a table in a CSV, TSV, semicolon, bar or XLSX file (or in bytes); what is given overrules what is found.

    `header_row` 0 says that there is no header. `known` are normalised column names that help to find it. Raises
    `Refusal` where the file is no such table, `Trouble` where the disk fails.
    """
    source = source_of(where)
    with source.open() as file:
        kind = kind_of(file.read(512))
    if kind == "zip":
        return _open_sheet(source, open_workbook(source), sheet, header_row, known)
    if sheet is not None:
        raise Refusal("A text file has no sheets.")
    return _open_text(source, encoding, delimiter, header_row, known)


def _open_text(
    source: Source, encoding: str | None, delimiter: str | None, header_row: int | None, known: Collection[str]
) -> Table:
    """Open a text file."""
    with source.open() as file:
        found = find_encoding(file)  # also when overruled: it refuses lines that could not be held in memory
    if encoding is not None:
        found = chosen_encoding(encoding)
        if found.name == "utf-8" and source.open().read(3) == b"\xef\xbb\xbf":
            found = replace(found, name="utf-8-sig")
    text = read_delimited(source, found, delimiter)
    sample = list(islice(text.records(), max(_SAMPLED, (header_row or 0) + 50)))
    header = find_header(sample, header_row, known)
    below = [cells for number, cells in sample if number > header.row and any(cells)]
    short = sum(len(cells) < len(header.names) for cells in below)
    return Table(source, header, text=text, short_rows_are_fine=short * 5 > len(below) > 4)


def _open_sheet(
    source: Source, workbook: Workbook, wanted: str | None, header_row: int | None, known: Collection[str]
) -> Table:
    """Open a sheet of a workbook: the wanted one, or the first visible one that holds rows."""
    if wanted is not None:
        chosen = next((sheet for sheet in workbook.sheets if sheet.name.casefold() == wanted.casefold()), None)
        if chosen is None:
            names = ", ".join(sheet.name for sheet in workbook.sheets[:8])
            raise Refusal(f"The workbook has no sheet {wanted[:60]}. It has: {names}.")
        candidates = [chosen]
    else:
        candidates = sorted(workbook.sheets, key=lambda sheet: sheet.hidden)
    for place, sheet in enumerate(candidates, start=1):
        sample = list(islice(workbook.records(sheet), max(_SAMPLED, (header_row or 0) + 50)))
        if place < len(candidates) and not any(not is_blank(cell) for _, cells in sample for cell in cells):
            continue
        header = find_header(sample, header_row, known)
        return Table(source, header, workbook=workbook, sheet=sheet)
    raise Refusal("The workbook holds no rows.")


def _cells(count: int) -> str:
    """A number of cells in words."""
    return "1 cell" if count == 1 else f"{count:,} cells"


def _rows(count: int) -> str:
    """A number of rows in words."""
    return "1 row" if count == 1 else f"{count:,} rows"
