"""Which shipped face draws a letter that the usual ones lack, and right-to-left text in the order of sight.

Whatever is drawn without Qt needs both: reportlab neither looks for another face, nor joins Arabic letters, nor turns
text that runs from right to left.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "fonts"
_ARABIC = ((0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))
_ETHIOPIC = ((0x1200, 0x139F), (0x2D80, 0x2DDF), (0xAB00, 0xAB2F))
_CHINESE = ((0x2E80, 0x31FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF))
_SCRIPTS = (
    ("scripts/NotoSansArabic-Regular", _ARABIC),
    ("scripts/NotoSansEthiopic-Regular", _ETHIOPIC),
    ("scripts/NotoSansSC-Regular", _CHINESE),
)


def script_face(letter: str) -> str:
    """The shipped face for the script of a letter, "" where none is; it may still lack a rare letter."""
    code = ord(letter)
    return next((face for face, parts in _SCRIPTS if any(first <= code <= last for first, last in parts)), "")


def path_of(face: str) -> Path:
    """The file of a face: a shipped one by its name, another by its path."""
    return Path(face) if face.endswith(".ttf") else FOLDER / f"{face}.ttf"


def runs_right_to_left(text: str) -> bool:
    """Whether any letter belongs to a script that runs from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


def in_order_of_sight(text: str) -> str:
    """Join Arabic letters and turn right-to-left stretches, ready to be drawn from left to right."""
    if not runs_right_to_left(text):
        return text
    from arabic_reshaper import reshape
    from bidi import get_display

    return str(get_display(reshape(text)))
