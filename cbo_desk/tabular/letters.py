"""The letters of a printed list: each in the first shipped font that holds it, measured and drawn as it is seen."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cbo_desk import typefaces

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 8.0
"""Points."""


class Letters:
    """The shipped fonts; each letter is drawn in the first that holds it, or in the one of its script."""

    def __init__(self, bold: bool) -> None:
        wanted = "bold" if bold else "regular"
        files = sorted(
            typefaces.FOLDER.glob("*.ttf"), key=lambda path: (not path.stem.lower().startswith("inter"), path.stem)
        )
        chosen = [path for path in files if path.stem.lower().endswith(wanted)]
        self.faces: list[tuple[str, Any]] = []
        for path in [*chosen, *(path for path in files if path not in chosen)]:
            self._take(path)
        if not self.faces:
            self.faces = [("Helvetica-Bold" if bold else "Helvetica", {code: code for code in range(32, 256)})]
        self._scripts: set[str] = set()
        self._width = lru_cache(maxsize=20_000)(self._measured)

    def _take(self, path: Path) -> None:
        """Let a font help; one that cannot be embedded is passed over."""
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFError, TTFont

        name = f"tabular-{path.stem}"
        try:
            if name not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont(name, str(path)))
        except (TTFError, OSError):
            return
        self.faces.append((name, pdfmetrics.getFont(name).face.charToGlyph))

    def _face_for(self, letter: str) -> str | None:
        """The first font that holds a letter; the font of its script is read when its first letter comes."""
        face = typefaces.script_face(letter)
        if face and face not in self._scripts:
            self._scripts.add(face)
            self._take(typefaces.path_of(face))
        return next((name for name, held in self.faces if ord(letter) in held), None)

    def runs(self, text: str) -> list[tuple[str, str]]:
        """The text in the order it is drawn, split by font."""
        text = typefaces.in_order_of_sight(text)
        primary, glyphs = self.faces[0]
        if all(ord(letter) in glyphs for letter in text):
            return [(primary, text)]
        runs: list[tuple[str, str]] = []
        for letter in text:
            face = self._face_for(letter)
            if face is None:
                face, letter = primary, self._replacement(letter, glyphs)
            if runs and runs[-1][0] == face:
                runs[-1] = (face, runs[-1][1] + letter)
            else:
                runs.append((face, letter))
        return runs

    @staticmethod
    def _replacement(letter: str, glyphs: Any) -> str:
        """What stands for a letter no font holds: its plain form, or a question mark."""
        plain = unicodedata.normalize("NFKD", letter)[:1]
        return plain if ord(plain) in glyphs else "?"

    def width(self, text: str) -> float:
        """How wide a text is, in points."""
        return self._width(text)

    def _measured(self, text: str) -> float:
        from reportlab.pdfbase.pdfmetrics import stringWidth

        return float(sum(stringWidth(part, face, SIZE) for face, part in self.runs(text)))

    def draw(self, canvas: Any, x: float, y: float, text: str) -> None:
        """Draw a text from its left end."""
        for face, part in self.runs(text):
            canvas.setFont(face, SIZE)
            canvas.drawString(x, y, part)
            x += canvas.stringWidth(part, face, SIZE)
