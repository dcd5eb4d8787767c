"""Colours, hatching, letters and shortened words of a timeline, made once for a theme."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap

from ui.kit.bidi import isolate
from ui.kit.chips import Tone
from ui.kit.icons import pixmap
from ui.kit.theme import colour, current, letters, px
from ui.kit.timeline_parts import Look
from ui.kit.timeline_room import Room

HATCH = 8
_MOST_WORDS = 20_000


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """A colour between two: `share` of the other one."""
    keep = 1 - share
    return QColor(
        round(one.red() * keep + other.red() * share),
        round(one.green() * keep + other.green() * share),
        round(one.blue() * keep + other.blue() * share),
    )


def hatching(shade: QColor, ground: QColor) -> QPixmap:
    """Slanted lines in a colour on another, to be laid side by side: what covers all is painted fast."""
    size = px(HATCH)
    tile = QPixmap(size, size)
    tile.fill(ground)
    painter = QPainter(tile)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(shade, 1.4))
        painter.drawLines([QLineF(at - 1, size + 1, at + size + 1, -1) for at in (-size, 0, size)])
    finally:
        painter.end()
    return tile


class Shades:
    """The colours of one tone: edge, lighter edge, filling, lines of the hatching, words."""

    def __init__(self, tone: Tone) -> None:
        back, words = colour(f"{tone}_back"), colour(f"{tone}_text")
        self.back, self.words = back, QPen(words)
        self.light = mixed(colour("surface"), back, 0.55)
        self.edge = QPen(mixed(back, words, 0.35), 1)
        self.firm = QPen(words, 1)
        self.hatch = hatching(mixed(back, words, 0.16), back)
        self.middle = QBrush(mixed(back, words, 0.35))


class Plain(Shades):
    """The colours of a bar on which nothing is to be remarked: grey, the ground's own where it is live."""

    def __init__(self, look: Look) -> None:
        super().__init__("idle")
        back = colour("surface") if look.outlined else self.light if look.faded else self.back
        words = QPen(colour("muted" if look.faded else "text"))
        self.back, self.words, self.firm = back, words, QPen(colour("strong"), 1)


class Ink:
    """What a timeline is painted with under the theme in force."""

    def __init__(self) -> None:
        self._made_for: object = None
        self._shades: dict[Tone, Shades] = {}
        self._plain: dict[tuple[bool, bool], Plain] = {}
        self._words: dict[tuple[str, int, str], str] = {}
        self.fonts: dict[str, QFont] = {}
        self.metrics: dict[str, QFontMetrics] = {}
        self._icons: dict[tuple[str, Tone, int], QPixmap] = {}
        self.line = self.firm = QPen()
        self.surface = QBrush()
        self.shut = QPixmap()
        self.veil = QColor()

    def renew(self) -> None:
        """Make everything anew if the theme or the text size has changed."""
        if self._made_for is current():
            return
        self._made_for = current()
        self._shades.clear()
        self._plain.clear()
        self._words.clear()
        self._icons.clear()
        weights = {"title": (12, QFont.Weight.DemiBold), "detail": (11, QFont.Weight.Medium),
                   "hour": (11, QFont.Weight.DemiBold), "name": (13, QFont.Weight.DemiBold),
                   "line": (12, QFont.Weight.Medium), "cell": (12, QFont.Weight.Normal),
                   "strong": (12, QFont.Weight.DemiBold)}  # fmt: skip
        self.fonts = {name: letters(*how, tabular=name in ("hour", "cell", "strong")) for name, how in weights.items()}
        self.metrics = {name: QFontMetrics(font) for name, font in self.fonts.items()}
        self.line, self.firm = QPen(colour("border"), 1), QPen(colour("strong"), 1)
        self.surface = QBrush(colour("surface"))
        self.veil = colour("surface")
        self.veil.setAlphaF(0.65)
        self.shut = hatching(colour("border"), colour("sunken"))

    def of(self, tone: Tone) -> Shades:
        """The colours of a tone."""
        if tone not in self._shades:
            self._shades[tone] = Shades(tone)
        return self._shades[tone]

    def plain(self, look: Look) -> Plain:
        """The colours of a plain bar."""
        place = (look.outlined, look.faded)
        if place not in self._plain:
            self._plain[place] = Plain(look)
        return self._plain[place]

    def fitted(self, kind: str, text: str, width: float) -> str:
        """Words shortened to a width."""
        place = (kind, int(width), text)
        short = self._words.get(place)
        if short is None:
            if len(self._words) > _MOST_WORDS:
                self._words.clear()
            short = isolate(self.metrics[kind].elidedText(text, Qt.TextElideMode.ElideRight, int(width)))
            self._words[place] = short
        return short

    def cut(self, kind: str, text: str, width: float) -> str:
        """As much of a word as a width has room for; where only a few letters fit, dots would leave none of them.

        Of a reference such as T-2288 it is the end that tells it from the others.
        """
        place = (f"cut {kind}", int(width), text)
        short = self._words.get(place)
        if short is None:
            measure = self.metrics[kind].horizontalAdvance
            number = text.rpartition("-")[2]
            if number.isdigit() and number != text and measure(text) >= int(width):
                fits = next((n for n in range(len(number), 0, -1) if measure(number[-n:]) < int(width)), 0)
                short = self._words[place] = number[len(number) - fits :]
            else:
                fits = next((n for n in range(len(text), 0, -1) if measure(text[:n]) < int(width)), 0)
                short = self._words[place] = text[:fits]
        return short

    def icon(self, name: str, tone: Tone, size: int) -> QPixmap:
        """An icon in the colour of a tone's words."""
        place = (name, tone, size)
        found = self._icons.get(place)
        if found is None:
            found = self._icons[place] = pixmap(name, f"{tone}_text", size)
        return found

    def write(self, painter: QPainter, room: Room, box: QRectF, kind: str, text: str) -> None:
        """Write words from the beginning of a box, told before mirroring, in its middle height."""
        short = self.fitted(kind, text, box.width())
        metrics = self.metrics[kind]
        left = box.left()
        if room.mirrored:
            left = room.width - left - metrics.horizontalAdvance(short)
        painter.setFont(self.fonts[kind])
        painter.drawText(QPointF(left, box.center().y() + (metrics.ascent() - metrics.descent()) / 2), short)
