"""Handover and clearance sheets and command tags as PDF: A4, tags as vectors, the signature as it was drawn.

A tag's modules are 0.4 mm: 4.7 dots at 300 dpi and 3.2 at 203, which phone and scanner read from paper.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from cbo_desk.context import local
from cbo_desk.plurals import Count
from cbo_desk.property.custody.rules import KIND_WORDS, Kind, Stroke
from cbo_desk.property.custody.sheets import ClearanceSheet, HandoverSheet, SheetLine
from cbo_desk.property.on_paper import EDGE, HIGH, MM, SIGN_HIGH, WIDE, OnPaper
from cbo_desk.tags import lettering
from cbo_desk.tags.codes import grouped
from cbo_desk.tags.output import write_whole

_MODULE, _ROW = 0.4, 15.0
_FIRST_TOP, _NEXT_TOP, _FOOT, _SIGN_TOP = 78.0, 30.0, 14.0, 14.0
_SIGN_ROOM, _SIGN_WIDE = _SIGN_TOP + SIGN_HIGH + 7, 82.0
_TITLES = {Kind.REVERSAL: "Reversed handover", Kind.RETURN: "Return sheet", Kind.LEND: "Loan sheet",
           Kind.EXTEND: "Extension of a loan"}  # fmt: skip

_AGREED = {Kind.RETURN: "Given back", Kind.EXTEND: "Kept for longer", Kind.REVERSAL: "Put back"}

Facts = Sequence[tuple[str, str]]


def write_handover(sheet: HandoverSheet, out: Path) -> None:
    """Write a handover's sheet; Trouble where the file cannot be written."""
    due = [("Due back", f"{sheet.due_on:%-d %B %Y}")] if sheet.due_on else []
    giver = sheet.giver or ("several, see the lines" if any(line.note for line in sheet.lines) else "store")
    hands = [("Given by", giver), ("Taken by", sheet.taker or sheet.place), ("Place", sheet.place or "as before")]
    facts = [
        *([("Borrower", sheet.taker)] if sheet.kind is Kind.EXTEND else hands),
        ("Date", f"{local(sheet.at):%-d %B %Y, %H:%M}"),
        *due,
        ("Assets", f"{len(sheet.lines)}"),
    ]
    remarks = [sheet.note] if sheet.note else []
    if sheet.reversed_by:
        remarks.append(f"REVERSED by {sheet.reversed_by}.")
    title = _TITLES.get(sheet.kind, f"{KIND_WORDS[sheet.kind]} sheet" if sheet.kind is Kind.ISSUE else "Handover sheet")
    paper = _Paper(sheet.compound, title, sheet.reference, facts, remarks, sheet.lines)
    paper.sign_off(sheet)
    write_whole(out, paper.whole())


def write_clearance(sheet: ClearanceSheet, out: Path) -> None:
    """Write a leaver's clearance sheet; Trouble where the file cannot be written."""
    facts = [
        ("Person", sheet.person),
        ("Entity", sheet.entity),
        ("Index number", sheet.index_number or "none"),
        ("Last day", f"{sheet.until:%-d %B %Y}" if sheet.until else "not set"),
        ("As of", f"{local(sheet.at):%-d %B %Y, %H:%M}"),
        ("Open", f"{len(sheet.lines)}" if sheet.lines else "nothing: cleared"),
    ]
    remarks = ["Tick what has been given back."] if sheet.lines else ["This person holds no property of the compound."]
    paper = _Paper(sheet.compound, "Clearance sheet", "", facts, remarks, sheet.lines, ticks=True)
    paper.places_to_sign(("Person who leaves", sheet.person), ("Property clerk", ""))
    write_whole(out, paper.whole())


class _Paper(OnPaper):
    """The pages of one sheet; lengths in millimetres from the upper left corner."""

    def __init__(
        self,
        compound: str,
        title: str,
        reference: str,
        facts: Facts,
        remarks: Sequence[str],
        lines: Sequence[SheetLine],
        ticks: bool = False,
    ) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self._file = io.BytesIO()
        super().__init__(Canvas(self._file, pagesize=(WIDE * MM, HIGH * MM), pageCompression=1))
        self._canvas.setTitle(f"{title} {reference}".strip())
        self._compound, self._title, self._reference, self._ticks = compound, title, reference, ticks
        self._pages, self._page = _pages(len(lines)), 1
        self._head(facts, remarks)
        self._y = _FIRST_TOP
        for number, line in enumerate(lines, 1):
            if self._y + _ROW > HIGH - _FOOT - 6:
                self._turn()
            self._line(number, line)
        if self._y + _SIGN_ROOM > HIGH - _FOOT:
            self._turn()

    def whole(self) -> bytes:
        """Finish and give the file's bytes."""
        self._footer()
        self._canvas.showPage()
        self._canvas.save()
        return self._file.getvalue()

    def sign_off(self, sheet: HandoverSheet) -> None:
        """The signature of whoever takes (or gives back) as it was drawn, or a place to sign at; one for the other."""
        signs, other = _parties(sheet)
        self._text(EDGE, self._y + 8, f"{_AGREED.get(sheet.kind, 'Received')}: {_things(sheet)} as listed.", 9)
        top = self._y + _SIGN_TOP
        self._place_to_sign(EDGE + 96, top, _SIGN_WIDE, *other)
        if not sheet.strokes:
            self._place_to_sign(EDGE, top, _SIGN_WIDE, *signs)
            return
        self._text(EDGE, top + 2.5, signs[0], 9, strong=True)
        self._strokes(sheet.strokes, EDGE, top + 5, 80, 25)
        self._rule(EDGE, top + 33, _SIGN_WIDE)
        when = f"{local(sheet.signed_at):%-d %B %Y, %H:%M}" if sheet.signed_at else ""
        self._text(EDGE, top + 37, sheet.signed_by, 9, most=_SIGN_WIDE)
        self._text(EDGE, top + 41.5, f"{when} · signed on the screen", 8, grey=True)

    def places_to_sign(self, *parties: tuple[str, str]) -> None:
        """A place to sign at for each, side by side: who they are, and their name where it is known."""
        for at, party in enumerate(parties):
            self._place_to_sign(EDGE + at * 96, self._y + _SIGN_TOP, _SIGN_WIDE, *party)

    def command(self, code: str, words: str, at: int) -> None:
        """One large command tag, below the ones before it."""
        top = _FIRST_TOP + 6 + at * 60
        self._symbol(code, EDGE + 6, top, 1.4)
        self._text(EDGE + 60, top + 18, words, 20, strong=True)
        self._text(EDGE + 60, top + 27, code, 10, grey=True)

    def _head(self, facts: Facts, remarks: Sequence[str]) -> None:
        self._text(EDGE, 20, self._compound, 9, grey=True)
        self._text(EDGE, 29, self._title, 18, strong=True)
        if self._reference:
            self._text(EDGE, 37, self._reference, 11)
            self._symbol(self._reference, WIDE - EDGE - 16, 12, 0.6)
        for at, (name, value) in enumerate(facts):
            left, top = EDGE + at % 3 * 60, 46 + at // 3 * 11
            self._text(left, top, name, 8, grey=True)
            self._text(left, top + 4.6, value, 10, most=57)
        if remarks:
            self._text(EDGE, 70, " ".join(remarks), 9, most=WIDE - 2 * EDGE)
        self._rule(EDGE, _FIRST_TOP - 4, WIDE - 2 * EDGE)

    def _line(self, number: int, line: SheetLine) -> None:
        top = self._y
        self._text(EDGE, top + 6.5, f"{number}", 8, grey=True)
        if line.code:
            self._symbol(line.code, EDGE + 9, top + 1.6, _MODULE)
            self._text(EDGE + 24, top + 11, grouped(line.code), 8, grey=True)
        self._text(EDGE + 24, top + 6, line.inventory_no, 10, strong=True, most=40)
        self._text(EDGE + 66, top + 6, line.description, 10, most=96 if self._ticks else 110)
        serial = f"S/N {line.serial}" if line.serial else ""
        about = " · ".join(part for part in (line.entity, serial, line.condition, line.note) if part)
        self._text(EDGE + 66, top + 11, about, 8, grey=True, most=96 if self._ticks else 110)
        if self._ticks:
            self._canvas.rect((WIDE - EDGE - 6) * MM, (HIGH - top - 10) * MM, 5 * MM, 5 * MM)
        self._rule(EDGE, top + _ROW - 0.6, WIDE - 2 * EDGE)
        self._y += _ROW

    def _turn(self) -> None:
        """Go on with the next page."""
        self._footer()
        self._canvas.showPage()
        self._page += 1
        self._text(EDGE, 20, f"{self._title} {self._reference}".strip(), 10, strong=True)
        self._y = _NEXT_TOP

    def _footer(self) -> None:
        self._text(EDGE, HIGH - 9, f"{self._compound}  {self._reference}".strip(), 8, grey=True)
        words = f"Page {self._page} of {self._pages}"
        wide = lettering.width(words) * 8 / MM
        self._text(WIDE - EDGE - wide, HIGH - 9, words, 8, grey=True)

    def _strokes(self, strokes: Sequence[Stroke], x: float, y: float, wide: float, high: float) -> None:
        """Draw a signature into a box, as large as it fits."""
        points = [point for stroke in strokes for point in stroke]
        left, top = min(point[0] for point in points), min(point[1] for point in points)
        across = max(max(point[0] for point in points) - left, 1)
        down = max(max(point[1] for point in points) - top, 1)
        scale = min(wide / across, high / down)
        self._canvas.setLineWidth(1.1)
        self._canvas.setLineCap(1)
        self._canvas.setLineJoin(1)
        for stroke in strokes:
            path = self._canvas.beginPath()
            for at, point in enumerate(stroke):
                spot = (x + (point[0] - left) * scale) * MM, (HIGH - y - (point[1] - top) * scale) * MM
                path.lineTo(*spot) if at else path.moveTo(*spot)
            if len(stroke) == 1:
                path.lineTo(spot[0] + 0.1, spot[1])
            self._canvas.drawPath(path)
        self._canvas.setLineCap(0)


def _parties(sheet: HandoverSheet) -> tuple[tuple[str, str], tuple[str, str]]:
    """Who signs a sheet, and who signs against it: each in a word, with the name where one person is known."""
    clerk = (f"Property clerk ({sheet.by})", "")
    if sheet.kind is Kind.RETURN:
        return ("Given back by", sheet.signed_by or sheet.giver), clerk
    takes = ("Borrower" if sheet.kind is Kind.EXTEND else "Taken by", sheet.signed_by or sheet.taker)
    return takes, ("Given by", sheet.giver) if sheet.giver else clerk


def _things(sheet: HandoverSheet) -> str:
    return f"{Count(len(sheet.lines)):asset|assets}"


def _pages(lines: int) -> int:
    """How many pages so many lines and the signatures take."""
    pages, y = 1, _FIRST_TOP
    for _ in range(lines):
        if y + _ROW > HIGH - _FOOT - 6:
            pages, y = pages + 1, _NEXT_TOP
        y += _ROW
    return pages + (y + _SIGN_ROOM > HIGH - _FOOT)


def write_command_tags(compound: str, out: Path) -> None:
    """Write the command tags on one page, to hang beside the scanner; Trouble where the file cannot be written."""
    from cbo_desk.tags.orders import WORDS, Order, code_of

    paper = _Paper(compound, "Command tags", "", (), ["Hang this page beside the scanner."], ())
    for at, order in enumerate(Order):
        paper.command(code_of(order), WORDS[order], at)
    write_whole(out, paper.whole())
