"""Papers that desks hand out as PDF: a head with facts and a symbol that opens the record, parts with rows, a foot.

Lengths are millimetres from the upper left corner of an A4 page.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from cbo_desk.tags import lettering
from cbo_desk.tags.encoder import symbol
from cbo_desk.tags.pdf import path_of

MM = 72 / 25.4
WIDE, HIGH, EDGE, FOOT = 210.0, 297.0, 16.0, 16.0


class Paper:
    """Pages of one paper; lengths in millimetres from the upper left corner."""

    def __init__(
        self, compound: str, title: str, reference: str, facts: Sequence[tuple[str, str]], code: str = ""
    ) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self._file = io.BytesIO()
        self.canvas: Any = Canvas(self._file, pagesize=(WIDE * MM, HIGH * MM), pageCompression=1)
        self.canvas.setTitle(f"{title} {reference}")
        self._compound, self._title, self._reference, self._page = compound, title, reference, 1
        self.text(EDGE, 20, compound, 9, grey=True)
        self.text(EDGE, 29, title, 18, strong=True)
        self.text(EDGE, 37, reference, 11)
        self._symbol(code or reference, WIDE - EDGE - 16, 12, 0.6)
        for at, (name, value) in enumerate(facts):
            left, top = EDGE + at % 3 * 60, 46 + at // 3 * 11
            self.text(left, top, name, 8, grey=True)
            self.text(left, top + 4.6, value, 10, most=57)
        self.y = 52.0 + 11 * ((len(facts) + 2) // 3)

    def whole(self) -> bytes:
        """Finish and give the file's bytes."""
        self._footer()
        self.canvas.showPage()
        self.canvas.save()
        return self._file.getvalue()

    def room(self, high: float) -> None:
        """Go on with the next page where so much no longer fits."""
        if self.y + high > HIGH - FOOT:
            self._footer()
            self.canvas.showPage()
            self._page += 1
            self.text(EDGE, 20, f"{self._title} {self._reference}", 10, strong=True)
            self.y = 30.0

    def heading(self, words: str, about: str) -> None:
        """One part's heading."""
        self.rule(EDGE, self.y - 4, WIDE - 2 * EDGE)
        self.text(EDGE, self.y + 2, words, 12, strong=True, most=110)
        self.text(EDGE + 130, self.y + 2, about, 9, grey=True, most=48)
        self.y += 9

    def row(self, first: str, second: str, third: str, mark: str = "") -> None:
        """One line of a part."""
        self.room(7)
        self.text(EDGE, self.y, first, 9, strong=True, most=38)
        self.text(EDGE + 40, self.y, second, 9, most=66)
        self.text(EDGE + 108, self.y, third, 8, grey=True, most=48)
        self.text(EDGE + 158, self.y, mark, 8, most=24)
        self.y += 6.5

    def sign_line(self, words: str) -> None:
        """A line to sign on."""
        self.room(14)
        self.rule(EDGE + 40, self.y + 5, 110)
        self.text(EDGE + 40, self.y + 9, words, 8, grey=True)
        self.y += 18

    def _footer(self) -> None:
        self.text(EDGE, HIGH - 9, f"{self._compound}  {self._reference} · page {self._page}", 8, grey=True)

    def text(
        self, x: float, y: float, text: str, size: float, *, strong: bool = False, grey: bool = False, most: float = 0
    ) -> None:
        """Write a text with its baseline at y, cut with an ellipsis where it is wider than `most`."""
        face = lettering.STRONG if strong else lettering.PLAIN
        shown = lettering.clean(text)
        if most and lettering.width(shown, face) * size / MM > most:
            while shown and lettering.width(shown + "…", face) * size / MM > most:
                shown = shown[:-1]
            shown = shown.rstrip() + "…"
        self.canvas.setFillGray(0.38 if grey else 0.1)
        left = x * MM
        for run in lettering.runs(shown, face):
            self.canvas.setFont(lettering.font(run.face).fontName, size)
            self.canvas.drawString(left, (HIGH - y) * MM, run.text)
            left += lettering.width(run.text, run.face) * size

    def rule(self, x: float, y: float, wide: float) -> None:
        """Draw a thin line."""
        self.canvas.setLineWidth(0.4)
        self.canvas.setStrokeGray(0.7)
        self.canvas.line(x * MM, (HIGH - y) * MM, (x + wide) * MM, (HIGH - y) * MM)

    def _symbol(self, text: str, x: float, y: float, module: float) -> None:
        made = symbol(text)
        side, bottom = module * MM, (HIGH - y - made.size * module) * MM
        self.canvas.setFillGray(0)
        self.canvas.addLiteral(f"q {side:.4f} 0 0 {side:.4f} {x * MM:.3f} {bottom:.3f} cm {path_of(made)} f Q")


def fitted(text: str, size: float, most: float) -> float:
    """The size in points at which a strong text is no wider than `most` millimetres, at most `size`."""
    wide = lettering.width(lettering.clean(text), lettering.STRONG) * size / MM
    return size if wide <= most else size * most / wide


def wrapped(text: str, size: float, most: float, lines: int) -> list[str]:
    """A text in at most so many lines of at most `most` millimetres; the last holds what is left."""
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        fits = lettering.width(lettering.clean(longer), lettering.PLAIN) * size / MM <= most
        if fits or not found[-1] or len(found) == lines:
            found[-1] = longer
        else:
            found.append(word)
    return found
