"""What lists are painted with: fonts, pens and shortened words, made once for the theme and text size in force.

A screen of a list has two hundred cells; whatever Python asks of Qt for each of them is asked two hundred times before
the rows are seen.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF, QPen

from ui.kit.bidi import identifier, isolate, mirrored
from ui.kit.theme import Theme, colour, current, letters

RIGHT = ("num", "money")
TABULAR = ("num", "money", "date", "ref")
_KINDS = ("ref", "text", "muted", "num", "money", "date", "chip", "link", "icon", "share")
KERNED = 1.1
"""Two letters may stand further apart than each of them is wide; ours by less than this."""
_MOST_WORDS = 20_000
"""Shortened words remembered; then all are forgotten, for those in sight come back with one painting."""


class Inks:
    """Fonts, pens and words of one list under one theme."""

    def __init__(self) -> None:
        self._made_for: tuple[Theme, bool] | None = None
        self.fonts: dict[str, QFont] = {}
        self._metrics: dict[str, QFontMetrics] = {}
        self._breadths: dict[str, dict[str, float]] = {}
        self._pens: dict[str, QPen] = {}
        self._shades: dict[str, QColor] = {}
        self._words: dict[tuple[str, int, str], str] = {}
        self._sides = {(kind, mirrored): _side(kind, mirrored) for kind in _KINDS for mirrored in (False, True)}
        self.hairline = QPen()

    def renew(self) -> None:
        """Make everything anew if the theme, the text size or the direction of reading has changed."""
        now = (current(), mirrored())
        if self._made_for is not None and self._made_for[0] is now[0] and self._made_for[1] == now[1]:
            return
        self._made_for = now
        self._pens.clear()
        self._shades.clear()
        self._words.clear()
        self.hairline = QPen(colour("border"), 1)
        for kind in _KINDS:
            weight = QFont.Weight.DemiBold if kind in ("ref", "link") else QFont.Weight.Normal
            self.fonts[kind] = letters(weight=weight, tabular=kind in ("num", "money", "date"))
            self._metrics[kind] = QFontMetrics(self.fonts[kind])
            self._breadths[kind] = {}

    def pen(self, token: str) -> QPen:
        """The pen of a colour."""
        pen = self._pens.get(token)
        if pen is None:
            pen = self._pens[token] = QPen(colour(token))
        return pen

    def shade(self, token: str) -> QColor:
        """The colour of a token, not to be altered."""
        shade = self._shades.get(token)
        if shade is None:
            shade = self._shades[token] = colour(token)
        return shade

    def fitted(self, kind: str, text: str, width: int) -> str:
        """Words shortened to a width, keeping their own direction in a mirrored window."""
        place = (kind, width, text)
        short = self._words.get(place)
        if short is None:
            if len(self._words) > _MOST_WORDS:
                self._words.clear()
            short = text
            if self._breadth(kind, text) > width:
                short = self._metrics[kind].elidedText(text, Qt.TextElideMode.ElideRight, width)
            short = identifier(short) if kind in TABULAR else isolate(short)
            self._words[place] = short
        return short

    def _breadth(self, kind: str, text: str) -> float:
        """How wide words are at most, letter by letter: most of them fit, and to lay them out takes ten times as long.

        Letters that are joined or heaped up, as in Arabic or Thai, are wider alone than together.
        """
        known = self._breadths[kind]
        new = set(text).difference(known)
        if new:
            metrics = QFontMetricsF(self.fonts[kind])  # in parts of a pixel
            known.update((letter, metrics.horizontalAdvance(letter)) for letter in new)
        return sum(map(known.__getitem__, text)) * KERNED + 1

    def side(self, kind: str, mirrored: bool) -> int:
        """Where the words of a kind of column stand, as Qt's alignment."""
        return self._sides[kind, mirrored]


def shade_of(kind: str, text: str, mark: Any) -> str:
    """The token of the colour that a cell's words have."""
    if mark in ("bad", "warn"):
        return f"{mark}_text"
    if text in ("—", "…"):
        return "faint"
    if kind == "link":
        return "accent"
    return "text" if kind in ("ref", "text", "date") else "muted"


def _side(kind: str, mirrored: bool) -> int:
    right = (kind in RIGHT) != mirrored
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    return int(flags | Qt.TextFlag.TextSingleLine)
