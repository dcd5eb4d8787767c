"""Prints a list as a PDF table: A4 or A3 landscape, repeated header, page x of y, any script the shipped fonts hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, Any

from cbo_desk import typefaces
from cbo_desk.errors import Refusal
from cbo_desk.tabular.cells import shown
from cbo_desk.tabular.date_values import spoken
from cbo_desk.tabular.letters import SIZE, Letters

if TYPE_CHECKING:
    from cbo_desk.tabular.writing import Column

MOST_ROWS = 50_000
_MARGIN, _LEADING, _PAD = 28.0, 10.5, 3.0
_MOST_LINES = 4
_SAMPLED = 300
_LONGEST_WORD = 96.0
_INK, _RULE, _BAND = (0.11, 0.14, 0.18), (0.82, 0.85, 0.88), (0.93, 0.95, 0.97)
_SIGN_HIGH, _SIGN_GAP = 122.0, 26.0
_SIGN_ROWS = (("Name", 22.0), ("Date", 46.0), ("Signature", 84.0))
_NUMERIC = ("number", "money", "integer")


def write_paper(
    file: IO[bytes],
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    title: str,
    note: str,
    signed_by: Sequence[str] = (),
) -> int:
    """Print the rows, and places to sign at; gives their number. Refused beyond 50,000 rows, which nobody reads."""
    stream = iter(rows)
    first = list(islice(stream, _SAMPLED))
    sheet = _Sheet(file, columns, first, title, note)
    count = 0
    for row in chain(first, stream):
        count += 1
        if count > MOST_ROWS:
            raise Refusal("The list has over 50,000 rows. Filter it, or choose CSV or XLSX.")
        sheet.draw(row)
    if signed_by:
        sheet.sign(signed_by)
    sheet.close(count)
    return count


class _Sheet:
    """The pages of one list as they are drawn."""

    def __init__(
        self, file: IO[bytes], columns: Sequence[Column], sample: Sequence[Sequence[Any]], title: str, note: str
    ) -> None:
        from reportlab.lib.pagesizes import A3, A4, landscape
        from reportlab.pdfgen.canvas import Canvas

        self._title, self._note, self._columns = title, note, columns
        self._plain, self._bold = Letters(bold=False), Letters(bold=True)
        self._right = [column.kind in _NUMERIC for column in columns]
        self._words = self._widest_words(sample)
        # A list whose words do not fit side by side is laid out on the larger sheet: a number cut in two is misread.
        self._size = landscape(A4 if sum(self._words) <= landscape(A4)[0] - 2 * _MARGIN else A3)
        self._canvas = Canvas(file, pagesize=self._size, pageCompression=1)
        self._canvas.setTitle(title)
        self._widths = self._find_widths(sample)
        self._page = 0
        self._y = 0.0
        self._begin_page()

    def _widest_words(self, sample: Sequence[Sequence[Any]]) -> list[float]:
        """How wide each column must be for its longest word, its heading's too; a very long one may break."""
        found = []
        for place, column in enumerate(self._columns):
            words = {word for row in sample for word in _told(row[place], column)[:200].split()}
            widest = max((self._plain.width(word) for word in words), default=0.0)
            head = max((self._bold.width(word) for word in column.title.split()), default=0.0)
            found.append(min(max(widest, head), _LONGEST_WORD) + 2 * _PAD)
        return found

    def _find_widths(self, sample: Sequence[Sequence[Any]]) -> list[float]:
        """Column widths that fill the page: as wide as the contents want, long texts giving way first."""
        wanted = []
        for place, column in enumerate(self._columns):
            longest = max((self._plain.width(_told(row[place], column)[:200]) for row in sample), default=0.0)
            wanted.append(max(self._bold.width(column.title), min(longest, 400.0)) + 2 * _PAD)
        room = self._size[0] - 2 * _MARGIN
        spare = room - sum(wanted)
        if spare >= 0:
            return [width + spare * width / sum(wanted) * 0.5 for width in wanted]
        least = [min(width, word) for width, word in zip(wanted, self._words, strict=True)]
        if sum(least) > room:
            least = [min(width, 34.0) for width in wanted]
        if sum(least) > room:
            raise Refusal("The list has too many columns for a page. Hide some, or choose XLSX.")
        share = (room - sum(least)) / (sum(wanted) - sum(least))
        return [low + (width - low) * share for low, width in zip(least, wanted, strict=True)]

    def _begin_page(self) -> None:
        """Title, note and header of a page; the number of all pages is put in at the end."""
        canvas, (width, height) = self._canvas, self._size
        self._page += 1
        canvas.setFillColorRGB(*_INK)
        self._bold.draw(canvas, _MARGIN, height - _MARGIN, self._fitted(self._bold, self._title, width - 2 * _MARGIN))
        self._plain.draw(
            canvas, _MARGIN, height - _MARGIN - 12, self._fitted(self._plain, self._note, width - 2 * _MARGIN)
        )
        text = f"Page {self._page} of"
        self._plain.draw(canvas, width - _MARGIN - 24 - self._plain.width(text), _MARGIN - 12, text)
        canvas.saveState()
        canvas.translate(width - _MARGIN - 22, _MARGIN - 12)
        canvas.doForm("pages")
        canvas.restoreState()
        self._y = height - _MARGIN - 22
        heads = [
            self._lines(self._bold, column.title, w) for column, w in zip(self._columns, self._widths, strict=True)
        ]
        tall = max(map(len, heads)) * _LEADING + 4
        canvas.setFillColorRGB(*_BAND)
        canvas.rect(_MARGIN, self._y - tall, sum(self._widths), tall, stroke=0, fill=1)
        canvas.setFillColorRGB(*_INK)
        self._draw_cells(self._bold, heads, tall)

    def draw(self, row: Sequence[Any]) -> None:
        """Draw one row, on a new page where it does not fit."""
        cells = [
            self._lines(self._plain, _told(value, column), width)
            for value, column, width in zip(row, self._columns, self._widths, strict=True)
        ]
        tall = max(map(len, cells)) * _LEADING + 4
        if self._y - tall < _MARGIN:
            self._canvas.showPage()
            self._begin_page()
        self._draw_cells(self._plain, cells, tall)
        self._canvas.setStrokeColorRGB(*_RULE)
        self._canvas.setLineWidth(0.4)
        self._canvas.line(_MARGIN, self._y, _MARGIN + sum(self._widths), self._y)

    def sign(self, roles: Sequence[str]) -> None:
        """Below the last row a place to sign at for each role, side by side: name, date and signature."""
        if self._y - _SIGN_HIGH < _MARGIN:
            self._canvas.showPage()
            self._begin_page()
        wide = (self._size[0] - 2 * _MARGIN + _SIGN_GAP) / len(roles)
        self._canvas.setStrokeColorRGB(*_RULE)
        self._canvas.setLineWidth(0.8)
        for at, role in enumerate(roles):
            left, top = _MARGIN + at * wide, self._y - 26
            self._bold.draw(self._canvas, left, top, role)
            for word, down in _SIGN_ROWS:
                self._plain.draw(self._canvas, left, top - down, word)
                self._canvas.line(left + 46, top - down - 2, left + wide - _SIGN_GAP, top - down - 2)
        self._y -= _SIGN_HIGH

    def _draw_cells(self, letters: Letters, cells: Sequence[Sequence[str]], tall: float) -> None:
        """Draw the lines of each cell and move down."""
        x = _MARGIN
        for lines, width, right in zip(cells, self._widths, self._right, strict=True):
            y = self._y - SIZE - 2
            for line in lines:
                flush = right or typefaces.runs_right_to_left(line)
                letters.draw(self._canvas, x + width - _PAD - letters.width(line) if flush else x + _PAD, y, line)
                y -= _LEADING
            x += width
        self._y -= tall

    def _lines(self, letters: Letters, text: str, width: float) -> list[str]:
        """A text broken into at most four lines of a column's width; the last ends in … where there is more."""
        room = width - 2 * _PAD
        if letters.width(text) <= room and "\n" not in text:
            return [text]
        lines: list[str] = []
        line = ""
        for word in text.split():
            tried = f"{line} {word}".strip()
            while letters.width(tried) > room:
                if line:
                    lines.append(line)
                    line, tried = "", word
                    continue
                part = _longest_part(letters, tried, room)
                lines.append(part)
                tried = tried[len(part) :]
            line = tried
            if len(lines) > _MOST_LINES:
                break
        lines.append(line)
        if len(lines) > _MOST_LINES:
            lines = lines[:_MOST_LINES]
            lines[-1] = self._fitted(letters, lines[-1] + "…", room)
        return [line for line in lines if line] or [""]

    @staticmethod
    def _fitted(letters: Letters, text: str, room: float) -> str:
        """A text cut to a width, ending in … where something was cut."""
        if letters.width(text) <= room:
            return text
        bare = text.rstrip("…")
        while bare and letters.width(bare + "…") > room:
            bare = bare[:-1]
        return bare + "…"

    def close(self, rows: int) -> None:
        """Put in how many rows and pages there are, and finish the file."""
        text = f"{rows:,} rows" if rows != 1 else "1 row"
        self._plain.draw(self._canvas, _MARGIN, _MARGIN - 12, text)
        self._canvas.showPage()
        self._canvas.beginForm("pages")
        self._plain.draw(self._canvas, 0, 0, str(self._page))
        self._canvas.endForm()
        self._canvas.save()


def _longest_part(letters: Letters, text: str, room: float) -> str:
    """The longest beginning of a text that fits, at least one letter."""
    end = 1
    while end < len(text) and letters.width(text[: end + 1]) <= room:
        end += 1
    return text[:end]


def _told(value: Any, column: Column) -> str:
    """A value as it is printed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column.kind == "money" and isinstance(value, (int, float, Decimal)):
        return f"{value:,.2f}"
    if column.kind in _NUMERIC and isinstance(value, (int, Decimal)):
        return f"{value:,}"
    if isinstance(value, datetime):
        return f"{spoken(value.date())}, {value:%H:%M}"
    if isinstance(value, date):
        return spoken(value)
    return shown(value)
