"""Rows of a text file: commas, semicolons, tabs or bars, any line ending, quotes, and what is broken in them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from cbo_desk.errors import Refusal, Trouble
from cbo_desk.progress import Progress
from cbo_desk.tabular.encoding import Encoding
from cbo_desk.tabular.source import Source, why

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
#: As wide as a spreadsheet can be.
WIDEST_ROW = 16_384
_SAMPLE_CHARACTERS = 1 << 18
_REPORT_EVERY = 4096
_MOST_BROKEN_QUOTES = 100
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n|$)', re.IGNORECASE)

_UNMATCHED = "The quotation marks do not match: one is never closed, or one inside a cell is not doubled."

Record = tuple[int, list[str]]


@dataclass
class Delimited:
    """A text file as rows: how it is written, and what was found broken while it was read.

    `line_ending` is the commonest in the file. `lead` is the number of lines before the first row (the "sep=" line that
    Excel hides). `broken` gains a sentence for each row whose quotation marks do not match.
    """

    source: Source
    encoding: Encoding
    delimiter: str
    line_ending: str = "\r\n"
    lead: int = 0
    broken: dict[int, str] = field(default_factory=dict)

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Each row with the number a spreadsheet shows for it; blank rows too, as empty lists.

        A quotation mark that is never closed would swallow the rows after it, and one inside a quoted cell that is not
        doubled would vanish: such a row is read again with its marks taken as letters, is named in `broken`, and the
        rows after it are read as ever. Progress counts bytes.
        """
        number, line, literal = 0, self.lead, False
        self.broken.clear()
        while True:
            if len(self.broken) > _MOST_BROKEN_QUOTES:
                raise Refusal("The quotation marks of over 100 rows do not match. Export the file again.")
            try:
                raw = self.source.open()
                with io.TextIOWrapper(raw, self.encoding.name, self.encoding.errors, newline="") as text:
                    lines = islice(text, line, None) if line else iter(text)
                    if literal:
                        number += 1
                        line += 1
                        yield number, self._taken_literally(next(lines, ""), number)
                    number, line, literal = yield from self._run(raw, lines, number, line, progress)
            except UnicodeError:
                raise Refusal(
                    f"After row {number:,} the file is not {self.encoding.title}. Choose another encoding."
                ) from None
            except OSError as error:
                raise Trouble(f"{self.source.name} cannot be read further: {why(error)}.") from error
            if not literal:
                return

    def _run(
        self, raw: BinaryIO, lines: Iterator[str], number: int, line: int, progress: Progress | None
    ) -> Generator[Record, None, tuple[int, int, bool]]:
        """Yield rows up to the end or to an unmatched quotation mark; returns (number, line, whether there is one)."""
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        start = 0
        try:
            for cells in reader:
                number += 1
                start = reader.line_num
                if len(cells) > WIDEST_ROW:
                    raise Refusal(f"Row {number:,} has {len(cells):,} cells. It is no table of rows.")
                if progress is not None and not number % _REPORT_EVERY:
                    progress.report(raw.tell(), self.source.size)
                yield number, cells
        except csv.Error:
            return (number, line + start, True)
        return (number, line + start, False)

    def _taken_literally(self, line: str, number: int) -> list[str]:
        """The cells of one line whose quotation marks do not match, the marks being letters like others."""
        self.broken[number] = _UNMATCHED
        try:
            return next(csv.reader([line], delimiter=self.delimiter, quoting=csv.QUOTE_NONE), [])
        except csv.Error:
            raise Refusal(f"A cell in row {number:,} is longer than 131,072 characters.") from None


def sample_of(source: Source, encoding: Encoding) -> str:
    """The first quarter million characters, for finding out how the file is written."""
    with io.TextIOWrapper(source.open(), encoding.name, "replace", newline="") as text:
        try:
            return text.read(_SAMPLE_CHARACTERS)
        except UnicodeError:
            raise Refusal(f"The file is not {encoding.title}. Choose another encoding.") from None
        except OSError as error:
            raise Trouble(f"{source.name} cannot be read: {why(error)}.") from error


def read_delimited(source: Source, encoding: Encoding, delimiter: str | None) -> Delimited:
    """Find the delimiter (unless given), the line ending and Excel's "sep=" line of a text file."""
    sample = sample_of(source, encoding)
    lead = 0
    if told := _SEPARATOR_LINE.match(sample):
        lead, delimiter = 1, delimiter or told.group(1)
        sample = sample[told.end() :]
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise Refusal("A delimiter is one character, such as ; or a tab.")
    return Delimited(source, encoding, delimiter or _find_delimiter(sample), _line_ending(sample), lead)


def _line_ending(sample: str) -> str:
    """The commonest line ending."""
    pairs = sample.count("\r\n")
    counts = {"\r\n": pairs, "\n": sample.count("\n") - pairs, "\r": sample.count("\r") - pairs}
    return max(counts, key=lambda ending: counts[ending]) if any(counts.values()) else "\r\n"


def _find_delimiter(sample: str) -> str:
    """The delimiter under which most rows have the same number of cells; a comma where none fits."""
    lines = _lines(sample)
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        score = _evenness(lines, delimiter)
        if score > best_score + 1e-9:
            best, best_score = delimiter, score
    return best


def _lines(sample: str) -> list[str]:
    """The whole lines of a sample (only \\r and \\n end a line here), 400 at most."""
    lines = list(islice(io.StringIO(sample, newline=""), 400))
    return lines[:-1] if len(lines) > 1 and len(sample) >= _SAMPLE_CHARACTERS else lines


def _evenness(lines: list[str], delimiter: str) -> float:
    """How even the rows are under a delimiter: 0 for one column, towards 1 for many columns in every row."""
    widths: Counter[int] = Counter()
    try:
        for cells in csv.reader(lines, delimiter=delimiter):
            if any(cells):
                widths[len(cells)] += 1
    except csv.Error:
        pass  # a runaway quotation mark: what was read before it must do
    several = {width: rows for width, rows in widths.items() if width > 1}
    if not several:
        return 0.0
    width, rows = max(several.items(), key=lambda item: (item[1], item[0]))
    return rows / widths.total() * (1 - 1 / (width + 1))
