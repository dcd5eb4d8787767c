"""Text on labels without Qt: which face has the letters, how wide they run, and in which order they stand.

Latin, Greek and Cyrillic are set in the Inter faces that are shipped, Arabic, Ethiopic and Chinese in shipped faces of
their own. For any other script the first TrueType font of the computer that has the letters is taken. What reaches
reportlab are plain strings in the order of sight.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from cbo_desk.errors import Trouble
from cbo_desk.typefaces import in_order_of_sight, path_of, script_face

PLAIN, STRONG = "Inter-Regular", "Inter-SemiBold"
ASCENT, DESCENT = 0.97, 0.25  # of the em, Inter's own; a line of text is this high

# Fonts with TrueType outlines that a fresh Debian, Windows or macOS is likely to have, widest coverage first; reportlab
# cannot embed CFF outlines, so Noto CJK is of no use.
_ELSEWHERE = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf",
    "/usr/share/fonts/truetype/noto/NotoSansEthiopic-Regular.ttf",
    "/usr/share/fonts/truetype/noto/NotoSansDevanagari-Regular.ttf",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/usr/share/fonts/truetype/freefont/FreeSans.ttf",
    "C:/Windows/Fonts/segoeui.ttf",
    "C:/Windows/Fonts/arial.ttf",
    "C:/Windows/Fonts/nirmala.ttf",
    "C:/Windows/Fonts/ebrima.ttf",
    "C:/Windows/Fonts/simhei.ttf",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "/Library/Fonts/Arial Unicode.ttf",
)


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one face in the order of sight."""

    face: str
    text: str


@cache
def font(face: str) -> Any:
    """Return reportlab's font of that face, a shipped one by its name or another by its path, registered once."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    try:
        made = TTFont(Path(face).stem, str(path_of(face)))
    except (OSError, TTFError) as error:
        raise Trouble(f"The font {face} cannot be read: {error} Install the program again.") from error
    pdfmetrics.registerFont(made)
    return made


@cache
def _widths(face: str) -> dict[str, float]:
    """Return the advance of every letter the face has, in ems."""
    outlines = font(face).face
    default = outlines.defaultWidth
    return {chr(code): outlines.charWidths.get(code, default) / 1000 for code in outlines.charToGlyph if code > 31}


@cache
def _other_faces() -> tuple[str, ...]:
    """Return the fonts beyond Inter that this computer has and reportlab can embed."""
    found = []
    for path in _ELSEWHERE:
        if Path(path).is_file():
            try:
                font(path)
            except Trouble:  # a font with the name but of the wrong kind is as good as none
                continue
            found.append(path)
    return tuple(found)


def clean(text: str) -> str:
    """Return the text in one line without characters that control rather than show."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip()
    composed = unicodedata.normalize("NFC", text)
    shown = (" " if character.isspace() else character for character in composed)
    kept = "".join(character for character in shown if unicodedata.category(character)[0] != "C")
    return " ".join(kept.split())


def is_rtl(text: str) -> bool:
    """Say whether the text begins in a script that runs from right to left."""
    if text.isascii():
        return False
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


@lru_cache(maxsize=65_536)
def runs(text: str, face: str = PLAIN) -> tuple[Run, ...]:
    """Return the text in the order of sight, cut where another face has to help out."""
    if text.isascii():
        return (Run(face, text),) if text else ()
    return tuple(_cut(in_order_of_sight(text), face))


def _cut(shown: str, face: str) -> Iterator[Run]:
    current, held = face, ""
    for character in shown:
        wanted = current if character == " " else _face_for(character, face)
        if wanted != current and held:
            yield Run(current, held)
            held = ""
        current = wanted
        held += character
    if held:
        yield Run(current, held)


def _face_for(character: str, face: str) -> str:
    if character in _widths(face):
        return face
    shipped = script_face(character)
    if shipped and character in _widths(shipped):
        return shipped
    return next((other for other in _other_faces() if character in _widths(other)), face)


def missing(text: str, face: str = PLAIN) -> str:
    """Return the letters of the text that no face on this computer has."""
    if text.isascii():
        return ""
    return "".join(
        character for run in runs(text, face) for character in run.text if character not in _widths(run.face)
    )


def width(text: str, face: str = PLAIN) -> float:
    """Return how wide the text runs, in ems."""
    if text.isascii():
        advances = _widths(face)
        try:
            return sum([advances[character] for character in text])
        except KeyError:
            return 0.6 * len(text)
    total = 0.0
    for run in runs(text, face):
        advances = _widths(run.face)
        total += sum([advances.get(character, 0.6) for character in run.text])
    return total
