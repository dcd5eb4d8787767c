"""Writes a list of any length to a file: CSV, TSV, XLSX or PDF by the file's suffix, whole or not at all."""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import IO, Any, Literal

from cbo_desk.errors import Refusal, file_news
from cbo_desk.progress import Progress
from cbo_desk.tabular.cells import Cell, shown
from cbo_desk.tabular.fields import DEED_COLUMN, ROW_COLUMN
from cbo_desk.tabular.outcomes import BadRow
from cbo_desk.tabular.table import Table
from cbo_desk.tabular.text_values import armed, disarmed

ColumnKind = Literal["text", "number", "money", "integer", "date", "moment", "boolean"]
_REPORT_EVERY = 2_000


@dataclass(frozen=True)
class Column:
    """A column of an exported list. `width` is a hint in characters (0: found from the first rows)."""

    title: str
    kind: ColumnKind = "text"
    width: int = 0


def write_table(
    path: Path | str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    title: str = "",
    note: str = "",
    progress: Progress | None = None,
    signed_by: Sequence[str] = (),
) -> int:
    """Write a list by the suffix of `path` (.csv, .tsv, .xlsx, .pdf); gives the number of rows written.

    A PDF shows `title` and `note` (the filter, who and when) on each page, and below the last row a place to sign at
    for each of `signed_by`; a workbook takes the title as its sheet's name. `Refusal` for another suffix or a list too
    long for the kind of file, `Trouble` where the disk fails; then nothing of it is left behind and a file that stood
    there before still does.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    counted = _counted(rows, progress)
    with whole_file(path) as file:
        if suffix in (".csv", ".tsv"):
            return write_delimited(file, columns, counted, "\t" if suffix == ".tsv" else ",")
        if suffix == ".xlsx":
            from cbo_desk.tabular.workbook_writing import write_workbook

            return write_workbook(file, columns, map(_as_cells, counted), title or path.stem)
        if suffix == ".pdf":
            from cbo_desk.tabular.paper import write_paper

            return write_paper(file, columns, counted, title or path.stem, note, signed_by)
        raise Refusal("Choose a name that ends in .csv, .tsv, .xlsx or .pdf.")


def _counted(rows: Iterable[Sequence[Any]], progress: Progress | None) -> Iterator[Sequence[Any]]:
    """The rows, reported as they pass."""
    if progress is None:
        yield from rows
        return
    for number, row in enumerate(rows):
        if not number % _REPORT_EVERY:
            progress.report(number)
        yield row


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name only once it is complete and on the disk; otherwise nothing of it is left."""
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".", suffix=path.suffix + ".part", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
        temporary = None
    except OSError as error:
        raise file_news(error, _why_not(path, error)) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()


def _umask() -> int:
    """The rights that new files of this process lack."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _why_not(path: Path, error: OSError) -> str:
    """Why a file could not be written, and what to do."""
    if error.errno == errno.ENOSPC:
        return f"The disk is full. {path.name} was not written. Make room or choose another disk."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{path.name} cannot be written there: the folder is read-only. Choose another folder."
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return f"The folder for {path.name} does not exist. Choose another folder."
    return f"{path.name} was not written: {os.strerror(error.errno).lower() if error.errno else error}."


def write_delimited(
    file: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Any]], delimiter: str = ","
) -> int:
    """Write text with a UTF-8 mark (so that Excel reads it rightly); gives the number of rows.

    Texts that a spreadsheet would run get an apostrophe, which our own import takes away again. Numbers have a point,
    dates are written year-month-day.
    """
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow([disarmed(column.title) for column in columns])
    writers = [_cell_writer(column.kind) for column in columns]
    count = 0
    for row in rows:
        writer.writerow([write(value) for write, value in zip(writers, row, strict=True)])
        count += 1
    text.flush()
    text.detach()
    return count


def _as_cells(row: Sequence[Any]) -> Sequence[Any]:
    """A row for a workbook: text is never run there; only what an import would take for disarmed is marked again."""
    if any(value.__class__ is str and value[:1] == "'" for value in row):
        return ["'" + value if isinstance(value, str) and armed(value) != value else value for value in row]
    return row


def _cell_writer(kind: ColumnKind) -> Callable[[Any], str]:
    """What turns a value of a column into text."""
    return {"boolean": _yes_or_no, "text": _text}.get(kind, _plain)


def _text(value: Any) -> str:
    """A text, harmless to spreadsheets."""
    return "" if value is None else disarmed(value if isinstance(value, str) else _plain(value))


def _plain(value: Any) -> str:
    """A number, date or moment; text that stands there instead is made harmless."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return disarmed(value) if isinstance(value, str) else shown(value)


def _yes_or_no(value: Any) -> str:
    """A truth value in a word."""
    return "" if value is None else "yes" if value else "no"


def write_bad_rows(table: Table, rows: Iterable[BadRow], path: Path | str) -> int:
    """Write refused rows so that they can be mended and imported again; gives their number.

    The cells stand as they stood, in the kind, encoding and delimiter of the file they came from, with two more columns
    at the end: the row in that file, and what to do. An import knows these two and leaves them out.
    """
    path = Path(path)
    heads = [*(table.header.headings or table.names), ROW_COLUMN, DEED_COLUMN]
    with whole_file(path) as file:
        if table.text is None:
            from cbo_desk.tabular.workbook_writing import write_workbook

            columns = [Column(head) for head in heads]
            kept = ([*_wide(row.cells, table.width), row.row, row.what_to_do] for row in rows)
            return write_workbook(file, columns, kept, table.sheet.name if table.sheet else "Rows")
        return _write_bad_text(file, table, heads, rows)


def _wide(cells: Sequence[Cell], width: int) -> list[Cell]:
    """The cells, as many as the header has, or more where there are more."""
    return [*cells, *[""] * (width - len(cells))]


def _write_bad_text(file: IO[bytes], table: Table, heads: Sequence[str], rows: Iterable[BadRow]) -> int:
    """Write refused rows of a text file; rows with cells beyond the header carry the two columns at their very end."""
    assert table.text is not None
    encoding, delimiter = table.text.encoding.name, table.text.delimiter
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    text = io.TextIOWrapper(file, encoding, newline="")
    text.write(mark)
    writer = csv.writer(text, delimiter=delimiter, lineterminator=table.text.line_ending)
    writer.writerow(heads)
    count = 0
    for row in rows:
        sentence = row.what_to_do.encode(encoding, "replace").decode(encoding).removeprefix("\ufeff")
        writer.writerow(
            cell if isinstance(cell, str) else shown(cell)
            for cell in chain(_wide(row.cells, table.width), (str(row.row), sentence))
        )
        count += 1
    text.flush()
    text.detach()
    return count
