"""The gate pass as a PDF: one page a copy for bearer, security and file, with symbols that are scanned at the gate.

A symbol's modules are 0.4 mm on the lines and 0.9 mm for the pass itself: 3.2 printer dots at 203 dpi at least.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cbo_desk.context import local
from cbo_desk.office import Office
from cbo_desk.paging import PAGE
from cbo_desk.property.gate.queries import PassCard, PassLine, PassList, PassRow
from cbo_desk.property.gate.rules import WORDS, whole_count
from cbo_desk.property.on_paper import EDGE, HIGH, MM, WIDE, OnPaper
from cbo_desk.tabular import Column
from cbo_desk.tags.codes import grouped
from cbo_desk.tags.encoder import symbol
from cbo_desk.tags.output import write_whole

COPIES = ("Bearer", "Security", "File")
_ROW = 14.0
_FIRST, _NEXT, _END, _SIGN_TOP = 88.0, 30.0, 228.0, 246.0
COLUMNS = (
    Column("Pass"),
    Column("Bearer"),
    Column("Destination"),
    Column("Valid until", "date"),
    Column("Return", "date"),
    Column("Lines", "integer"),
    Column("Out", "integer"),
    Column("Back", "integer"),
    Column("State"),
)


def rows(office: Office, listing: PassList) -> Iterator[tuple[Any, ...]]:
    """Every pass of a list in its order, page by page."""
    for start in office.read(listing.outline).starts:
        for line in office.read(listing.page, start, PAGE):
            row = line.row
            yield (
                row.reference, row.bearer, row.destination, row.valid_until, row.return_on, row.lines, row.out,
                row.back, _state(row),
            )  # fmt: skip


def _state(row: PassRow) -> str:
    """How a pass stands, in the words of the screen."""
    if row.overdue:
        return "Overdue"
    if row.cancelled:
        return "Cancelled"
    if row.out:
        return f"{row.out} out"
    return "Closed" if row.expired else "Holds"


LINE_COLUMNS = (
    Column("Number"),
    Column("Description"),
    Column("Serial"),
    Column("Count", "integer"),
    Column("Where it is"),
    Column("Since"),
)


def line_rows(lines: Sequence[PassLine]) -> Iterator[tuple[Any, ...]]:
    """The things on one pass as rows of a file."""
    for line in lines:
        since = "" if line.at is None else f"{local(line.at):%-d %b %Y %H:%M}"
        yield line.inventory_no or "personal", line.description, line.serial, line.count, WORDS[line.state], since


def write_pass(card: PassCard, out: Path) -> None:
    """Write the three copies of a pass into one file; Trouble where it cannot be written."""
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas: Any = Canvas(file, pagesize=(WIDE * MM, HIGH * MM), pageCompression=1)
    canvas.setTitle(f"Gate pass {card.reference}")
    for copy in COPIES:
        _Copy(canvas, card, copy).draw()
    canvas.save()
    write_whole(out, file.getvalue())


class _Copy(OnPaper):
    """One copy as it is drawn; lengths in millimetres from the upper left corner."""

    def __init__(self, canvas: Any, card: PassCard, copy: str) -> None:
        super().__init__(canvas)
        self._card, self._copy = card, copy
        self._page, self._y = 1, _FIRST

    def draw(self) -> None:
        """Head, lines, the count in words, and the lines to sign on."""
        card = self._card
        self._head()
        for number, line in enumerate(card.lines, 1):
            if self._y + _ROW > _END:
                self._turn()
            self._line(number, line)
        count = whole_count([line.count for line in card.lines])
        self._text(EDGE, self._y + 8, "Count of things, in words", 8, grey=True)
        self._text(EDGE, self._y + 14, count, 13, strong=True)
        parties = ((f"Issued by ({card.issued_by})", ""), ("Bearer", card.bearer), ("Security", ""))
        for at, party in enumerate(parties):
            self._place_to_sign(EDGE + at * 61, _SIGN_TOP, 56, *party)
        self._end()

    def _head(self) -> None:
        card = self._card
        self._text(EDGE, 20, card.compound, 9, grey=True)
        self._text(EDGE, 30, "Gate pass", 20, strong=True)
        self._text(EDGE, 38, card.reference, 13, strong=True)
        self._text(EDGE + 46, 38, f"Copy for: {self._copy}", 13)
        if card.code:
            made = symbol(card.code)
            self._symbol(card.code, WIDE - EDGE - made.size * 0.9, 12, 0.9)
            self._text(WIDE - EDGE - made.size * 0.9, 12 + made.size * 0.9 + 4.5, grouped(card.code), 7, grey=True)
        facts = (
            ("Bearer", card.bearer),
            ("Destination", card.destination or "not stated"),
            ("Purpose", card.purpose or "not stated"),
            ("May leave until", f"{card.valid_until:%-d %B %Y}"),
            ("To be returned by", f"{card.return_on:%-d %B %Y}" if card.return_on else "does not return"),
            ("Issued", f"{local(card.issued_at):%-d %B %Y, %H:%M} by {card.issued_by}"),
        )
        for at, (name, value) in enumerate(facts):
            left, top = EDGE + at % 3 * 60, 52 + at // 3 * 13
            self._text(left, top, name, 8, grey=True)
            self._text(left, top + 5, value, 10, most=56)
        if card.cancelled_why:
            self._text(EDGE, 80, f"CANCELLED: {card.cancelled_why}", 12, strong=True)
        self._rule(EDGE, _FIRST - 4, WIDE - 2 * EDGE)

    def _line(self, number: int, line: PassLine) -> None:
        top = self._y
        self._text(EDGE, top + 6, f"{number}", 8, grey=True)
        if line.code:
            self._symbol(line.code, EDGE + 8, top + 1, 0.4)
        name = line.inventory_no or f"Personal property · {line.count:,} ×"
        self._text(EDGE + 23, top + 5.5, name, 10, strong=True, most=50)
        self._text(EDGE + 75, top + 5.5, line.description, 10, most=102)
        self._text(EDGE + 23, top + 10.5, grouped(line.code) if line.code else "", 8, grey=True)
        self._text(EDGE + 75, top + 10.5, f"S/N {line.serial}" if line.serial else "", 8, grey=True, most=102)
        self._rule(EDGE, top + _ROW - 0.6, WIDE - 2 * EDGE)
        self._y += _ROW

    def _turn(self) -> None:
        self._end()
        self._page += 1
        self._text(EDGE, 20, f"Gate pass {self._card.reference} · copy for: {self._copy}", 10, strong=True)
        self._y = _NEXT

    def _end(self) -> None:
        words = f"{self._card.reference} · {self._copy} · page {self._page}"
        self._text(EDGE, HIGH - 9, words, 8, grey=True)
        self._canvas.showPage()
