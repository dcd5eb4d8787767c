"""What the desk's papers are drawn with: text in any script, rules, symbols and small pictures on an A4 page.

Lengths are in millimetres from the upper left corner, sizes of letters in points.
"""

from __future__ import annotations

import io
from typing import Any

from cbo_desk.tags import lettering
from cbo_desk.tags.encoder import symbol
from cbo_desk.tags.pdf import path_of

MM = 72 / 25.4
WIDE, HIGH, EDGE = 210.0, 297.0, 16.0
SIGN_HIGH = 36.0
"""How high a place to sign is."""
_SIGN_ROWS = (("Name", 10.0), ("Date", 18.5), ("Signature", 32.0))


class OnPaper:
    """Draws on the pages of one canvas of reportlab."""

    def __init__(self, canvas: Any) -> None:
        self._canvas = canvas

    def _text(
        self, x: float, y: float, text: str, size: float, *, strong: bool = False, grey: bool = False, most: float = 0
    ) -> None:
        """Write a text with its baseline at y, cut with an ellipsis where it is wider than `most`."""
        face = lettering.STRONG if strong else lettering.PLAIN
        shown = cut(lettering.clean(text), face, size, most)
        self._canvas.setFillGray(0.38 if grey else 0.1)
        left = x * MM
        for run in lettering.runs(shown, face):
            self._canvas.setFont(lettering.font(run.face).fontName, size)
            self._canvas.drawString(left, (HIGH - y) * MM, run.text)
            left += lettering.width(run.text, run.face) * size

    def _text_to(self, right: float, y: float, text: str, size: float, *, strong: bool = False) -> None:
        """Write a figure that ends at `right`."""
        face = lettering.STRONG if strong else lettering.PLAIN
        self._text(right - lettering.width(text, face) * size / MM, y, text, size, strong=strong)

    def _rule(self, x: float, y: float, wide: float) -> None:
        self._canvas.setLineWidth(0.4)
        self._canvas.setStrokeGray(0.7)
        self._canvas.line(x * MM, (HIGH - y) * MM, (x + wide) * MM, (HIGH - y) * MM)
        self._canvas.setStrokeGray(0.1)

    def _place_to_sign(self, x: float, y: float, wide: float, role: str, name: str = "") -> None:
        """A place for one person to sign at: who they are, and a line each for name, date and signature."""
        self._text(x, y + 2.5, role, 9, strong=True, most=wide)
        for word, down in _SIGN_ROWS:
            self._text(x, y + down, word, 7.5, grey=True)
            self._rule(x + 15, y + down + 1, wide - 15)
        self._text(x + 15, y + _SIGN_ROWS[0][1], name, 9, most=wide - 15)

    def _box(self, x: float, y: float, side: float) -> None:
        """A box to tick."""
        self._canvas.setLineWidth(0.5)
        self._canvas.rect(x * MM, (HIGH - y - side) * MM, side * MM, side * MM)

    def _symbol(self, text: str, x: float, y: float, module: float) -> None:
        """Draw a symbol with its upper left module at x, y; the white around it is kept by the layout."""
        made, side = symbol(text), module * MM
        bottom = (HIGH - y - made.size * module) * MM
        self._canvas.setFillGray(0)
        self._canvas.addLiteral(f"q {side:.4f} 0 0 {side:.4f} {x * MM:.3f} {bottom:.3f} cm {path_of(made)} f Q")

    def _picture(self, content: bytes, x: float, y: float, side: float) -> None:
        """Draw a picture into a square, whole."""
        from reportlab.lib.utils import ImageReader

        picture = ImageReader(io.BytesIO(content))
        across, down = picture.getSize()
        scale = side / max(across, down)
        wide, high = across * scale, down * scale
        left, top = x + (side - wide) / 2, y + (side - high) / 2
        self._canvas.drawImage(picture, left * MM, (HIGH - top - high) * MM, wide * MM, high * MM, mask="auto")


def cut(text: str, face: str, size: float, most: float) -> str:
    """A text of a face and size, cut with an ellipsis where it is wider than `most` millimetres; 0 for no bound."""
    if not most or lettering.width(text, face) * size / MM <= most:
        return text
    while text and lettering.width(text + "…", face) * size / MM > most:
        text = text[:-1]
    return text.rstrip() + "…"
