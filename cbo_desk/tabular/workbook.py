"""Rows of an XLSX workbook, read as a stream (ECMA-376 part 1, SpreadsheetML), with its traps noticed.

openpyxl's read-only mode is the oracle of the tests; it is not used here because it is several times slower, reads a
formula without a stored value as a blank cell, and says nothing of merged cells.
"""

from __future__ import annotations

import math
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from xml.etree import ElementTree

from cbo_desk.errors import Refusal, Trouble
from cbo_desk.progress import Progress
from cbo_desk.tabular.cells import Cell
from cbo_desk.tabular.number_formats import BUILT_IN_DATES, shows_a_date
from cbo_desk.tabular.sheet_xml import SheetReader, local, shared_text
from cbo_desk.tabular.source import Source, why

#: Unpacked sizes beyond these are a trap, not a register (a million rows of 14 cells unpack to about 900 MB).
LARGEST_PART = 3 << 30
LARGEST_STRINGS = 400 << 20
LARGEST_SMALL_PART = 32 << 20
_CHUNK = 1 << 16
_REPORT_EVERY = 2048
_DAMAGED = "The workbook is damaged. Open it in a spreadsheet and save it again."
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its name, its part in the package, and whether it is hidden."""

    name: str
    part: str
    hidden: bool = False


@dataclass
class Workbook:
    """An opened workbook: its sheets, the epoch its dates count from, and its shared strings."""

    source: Source
    sheets: tuple[Sheet, ...]
    epoch_1904: bool
    date_styles: frozenset[int]
    _strings: list[str] | None = None
    _strings_part: str = ""
    notes: dict[str, int] = field(default_factory=dict)

    def records(self, sheet: Sheet, progress: Progress | None = None) -> Iterator[tuple[int, list[Cell]]]:
        """Each row that is written in the sheet, with its row number; blank cells are "". Progress counts bytes."""
        if self._strings is None:
            self._strings = _shared_strings(self.source, self._strings_part)
        reader = SheetReader(self._strings, lambda number, style: self._number(number, style))
        self.notes = reader.notes
        with _package(self.source) as package:
            total = package.getinfo(sheet.part).file_size
            done = rows = 0
            with _part(package, sheet.part, LARGEST_PART) as part:
                for chunk in _chunks(part):
                    done += len(chunk)
                    for row in reader.feed(chunk):
                        rows += 1
                        if not rows % _REPORT_EVERY and progress is not None:
                            progress.report(done, total)
                        yield row
                reader.close()

    def _number(self, text: str, style: int) -> Cell:
        """The value of a numeric cell: a date where its style shows one, otherwise an int or a float."""
        value = float(text)
        if not math.isfinite(value):
            return text
        if style in self.date_styles:
            return day_of_serial(value, self.epoch_1904)
        if value.is_integer() and abs(value) < 1e15:
            return int(value)
        return value


def day_of_serial(serial: float, epoch_1904: bool = False) -> Cell:
    """The date, date and time, or time of day a spreadsheet's day number stands for; the number where there is none.

    1 is 1 January 1900 and 60 the 29 February 1900 that never was (kept for Lotus 1-2-3), so that day 61 is 1 March
    1900; in the 1904 system 0 is 1 January 1904.
    """
    if not -1 < serial < 2_958_466:  # 31 December 9999
        return serial
    days, seconds = divmod(round(serial * 86400), 86400)
    if serial < 1 and not epoch_1904:
        return time(seconds // 3600, seconds // 60 % 60, seconds % 60) if serial >= 0 else serial
    start = date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30 if days > 60 else 31)
    try:
        day = start + timedelta(days=days)
    except OverflowError:
        return serial
    if not seconds:
        return day
    return datetime.combine(day, time()) + timedelta(seconds=seconds)


def open_workbook(source: Source) -> Workbook:
    """Open an XLSX file; refused where it is another packed file, has a password, is damaged, or is a trap."""
    with _package(source) as package:
        names = set(package.namelist())
        _refuse_strangers(package, names)
        relations = _relations(package, "_rels/.rels", "")
        book = next((target for kind, target in relations.values() if kind == "officeDocument"), "xl/workbook.xml")
        if book not in names:
            raise Refusal("This packed file (ZIP) holds no workbook. Unpack it and choose the table.")
        root = _parse(package, book)
        folder = posixpath.dirname(book)
        relations = _relations(package, posixpath.join(folder, "_rels", posixpath.basename(book) + ".rels"), folder)
        sheets = tuple(_sheets(root, relations, names))
        if not sheets:
            raise Refusal("The workbook holds no sheet with rows.")
        properties = next((element for element in root.iter() if local(element.tag) == "workbookPr"), None)
        epoch = properties is not None and properties.get("date1904", "") in ("1", "true", "on")
        styles = next((target for kind, target in relations.values() if kind == "styles"), "")
        strings = next((target for kind, target in relations.values() if kind == "sharedStrings"), "")
        dates = _date_styles(_parse(package, styles)) if styles in names else frozenset()
    return Workbook(source, sheets, epoch, dates, None if strings in names else [], strings)


def _package(source: Source) -> zipfile.ZipFile:
    """The ZIP package of the file."""
    try:
        return zipfile.ZipFile(source.open())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
        raise Refusal(_DAMAGED) from None
    except OSError as error:
        raise Trouble(f"{source.name} cannot be read: {why(error)}.") from error


def _refuse_strangers(package: zipfile.ZipFile, names: set[str]) -> None:
    """Refuse packed files that are known to be something else than XLSX."""
    if "mimetype" in names and b"opendocument" in _part(package, "mimetype", LARGEST_SMALL_PART).read(200):
        raise Refusal("This is an OpenDocument file (ODS). Open it and save it as XLSX or CSV.")
    if "xl/workbook.bin" in names:
        raise Refusal("This is a binary workbook (XLSB). Open it and save it as XLSX or CSV.")
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise Refusal("This is a document, not a workbook. Copy its table into a spreadsheet and save that as XLSX.")


def _part(package: zipfile.ZipFile, name: str, largest: int) -> IO[bytes]:
    """A part opened for reading; refused where it would unpack to more than `largest` bytes.

    zipfile never yields more than the declared size, so the declaration can be trusted as an upper bound.
    """
    try:
        if package.getinfo(name).file_size > largest:
            raise Refusal("This workbook unpacks to far more than a register holds. It was not opened.")
        return package.open(name)
    except RuntimeError:
        raise Refusal("This workbook has a password. Save it without one.") from None
    except (KeyError, zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
        raise Refusal(_DAMAGED) from None


def _chunks(part: IO[bytes]) -> Iterator[bytes]:
    """The unpacked bytes of a part, piece by piece."""
    import zlib

    while True:
        try:
            chunk = part.read(_CHUNK)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError):
            raise Refusal(_DAMAGED) from None
        except OSError as error:
            raise Trouble(f"The workbook cannot be read further: {why(error)}.") from error
        if not chunk:
            return
        yield chunk


def _parse(package: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """A small part as a tree; one that declares entities of its own is refused."""
    with _part(package, name, LARGEST_SMALL_PART) as part:
        data = b"".join(_chunks(part))
    if b"<!ENTITY" in data or b"<!DOCTYPE" in data:
        raise Refusal(_DAMAGED)
    try:
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError):
        raise Refusal(_DAMAGED) from None


def _relations(package: zipfile.ZipFile, name: str, folder: str) -> dict[str, tuple[str, str]]:
    """The relationships of a part: id to (kind, part)."""
    if name not in package.namelist():
        return {}
    found: dict[str, tuple[str, str]] = {}
    for element in _parse(package, name):
        target = element.get("Target", "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[element.get("Id", "")] = (element.get("Type", "").rsplit("/", 1)[-1], part)
    return found


def _sheets(root: ElementTree.Element, relations: dict[str, Any], names: set[str]) -> Iterator[Sheet]:
    """The worksheets in their order (charts and macro sheets are left out)."""
    for element in root.iter():
        if local(element.tag) == "sheet":
            identity = element.get(_RELATION) or element.get(_STRICT_RELATION) or ""
            kind, part = relations.get(identity, ("", ""))
            if kind == "worksheet" and part in names:
                yield Sheet(element.get("name", part), part, element.get("state", "visible") != "visible")


def _date_styles(root: ElementTree.Element) -> frozenset[int]:
    """The numbers of the cell styles that show a date or a time."""
    formats: dict[int, str] = {}
    styles: list[int] = []
    for element in root:
        if local(element.tag) == "numFmts":
            for child in element:
                formats[_whole(child.get("numFmtId"))] = child.get("formatCode", "")
        elif local(element.tag) == "cellXfs":
            styles = [_whole(child.get("numFmtId")) for child in element]
    return frozenset(
        place
        for place, code in enumerate(styles)
        if (shows_a_date(formats[code]) if code in formats else code in BUILT_IN_DATES)
    )


def _whole(text: str | None) -> int:
    """A whole number out of an attribute, 0 where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _shared_strings(source: Source, name: str) -> list[str]:
    """The strings that cells refer to by number."""
    from cbo_desk.tabular.sheet_xml import StringsReader

    reader = StringsReader()
    with _package(source) as package, _part(package, name, LARGEST_STRINGS) as part:
        for chunk in _chunks(part):
            reader.feed(chunk)
        reader.close()
    return [shared_text(text) for text in reader.strings]
