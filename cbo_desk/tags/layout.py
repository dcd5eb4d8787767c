"""What stands where on one label: the symbol snapped to printer dots, and text that shrinks, wraps and then warns.

Lengths are millimetres from the label's top left corner, y downwards. The symbol comes first: its quiet zone of four
modules always lies inside the label and no text enters it. What is left beside or below it is the column of text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cbo_desk.errors import Refusal
from cbo_desk.tags import lettering
from cbo_desk.tags.codes import grouped, has_tag_shape
from cbo_desk.tags.encoder import QUIET, SIDE
from cbo_desk.tags.lettering import PLAIN, STRONG
from cbo_desk.tags.stocks import LabelStock

ELEMENTS = ("entity", "number", "name", "code", "text", "emblem")
FEWEST_DOTS = 4  # printer dots a module; below three a symbol is unreliable
LEAST_MODULE = 0.25  # mm: what common imagers still resolve
SMALL_MODULE = 0.45  # mm: below it a person is told to hold the scanner close
_BOX = SIDE + 2 * QUIET  # modules of the symbol with its quiet zone
_SMALLEST_TEXT = 0.95  # mm: a letter printed smaller is not read by anybody


@dataclass(frozen=True, slots=True)
class TagLabel:
    """What is told about one tag: its code and the words that may stand beside it."""

    code: str
    number: str = ""
    name: str = ""
    entity: str = ""


@dataclass(frozen=True, slots=True)
class LabelLayout:
    """The elements beside the symbol in their order, and what is the same on every label.

    `text` is the free line, `emblems` maps an entity to the picture file of its emblem, `symbol_most` is the largest
    side of the symbol with its quiet zone in mm.
    """

    elements: tuple[str, ...] = ("entity", "number", "name", "code")
    text: str = ""
    emblems: Mapping[str, Path] = field(default_factory=dict, hash=False)
    symbol_most: float = 30.0


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text: left end of the baseline and size of the em, in mm, and the runs of letters to be drawn."""

    x: float
    y: float
    size: float
    face: str
    text: str


@dataclass(frozen=True, slots=True)
class Composed:
    """The text of one label, and in sentences what of it did not fit as it is."""

    lines: tuple[TextLine, ...]
    warnings: tuple[str, ...] = ()
    emblem: tuple[float, float, float] | None = None  # x, y and side in mm


@dataclass(frozen=True, slots=True)
class _Style:
    """How an element is set: its size where there is room and the least one in mm, its face, and its most lines."""

    size: float
    least: float
    face: str
    most: int


class _Set(NamedTuple):
    """A line of the column before it has its place; `rtl` is the direction of the text it was cut from."""

    face: str
    size: float
    text: str
    rtl: bool


_STYLES = {
    "entity": _Style(2.0, 1.3, STRONG, 2),
    "number": _Style(2.4, 1.5, STRONG, 1),
    "name": _Style(2.0, 1.3, PLAIN, 3),
    "code": _Style(1.8, 1.2, STRONG, 1),
    "text": _Style(1.7, 1.1, PLAIN, 2),
}
_CODE_LINE = 2.2  # mm below a symbol for its code


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the symbol and the column of text lie for one stock."""

    dots: int
    symbol_x: float
    symbol_y: float
    code_below: bool
    beside: bool


class Composer:
    """Composes the labels of one stock and layout; the symbol lies at the same place on all of them.

    Raises Refusal where the label is too small for a symbol that can be read, or the layout names what is no element.
    """

    def __init__(self, stock: LabelStock, layout: LabelLayout | None = None) -> None:
        self.stock = stock
        self.layout = layout or LabelLayout()
        strange = [element for element in self.layout.elements if element not in ELEMENTS]
        if strange:
            raise Refusal(f"A label has no “{strange[0]}”. It can show {', '.join(ELEMENTS)}.", "elements")
        self.dot = 25.4 / stock.dpi
        frame = self._frame()
        self.dots = frame.dots
        self.module = frame.dots * self.dot
        self.symbol_x, self.symbol_y, self.beside = frame.symbol_x, frame.symbol_y, frame.beside
        self.code_below = frame.code_below
        self.side = _BOX * self.module
        self.column = self._column()
        self._fit = lru_cache(maxsize=65_536)(self._fit_column)
        self._code_room = self._code_line_room()

    @property
    def words(self) -> str:
        """The symbol in a line: "Symbol 16.8 mm · 12 dots per module at 600 dpi"."""
        return f"Symbol {self.side:.1f} mm · {self.dots} dots per module at {self.stock.dpi} dpi"

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is to be said of every label of this stock."""
        if self.module >= SMALL_MODULE:
            return ()
        return (f"The symbol is small ({self.module:.2f} mm a module): hold the scanner close.",)

    def compose(self, tag: TagLabel) -> Composed:
        """Set the text of one label."""
        layout = self.layout
        lines: list[TextLine] = []
        warnings: list[str] = []
        code = grouped(tag.code) if has_tag_shape(tag.code) else lettering.clean(tag.code)
        if self.code_below:
            lines.append(self._below(code))
        values = {"entity": tag.entity, "number": tag.number, "name": tag.name, "text": layout.text, "code": code}
        shown = tuple(
            (element, lettering.clean(values[element]))
            for element in layout.elements
            if element != "emblem" and values[element] and not (element == "code" and self.code_below)
        )
        x, y, width, height = self.column
        emblem = None
        if "emblem" in layout.elements and tag.entity in layout.emblems:
            side = min(0.45 * width, 0.35 * height, 12.0)
            emblem = (x + width - side, y, side)
            y, height = y + side, height - side
        fitted, faults = self._fit(shown, width, height)
        warnings += faults
        lines += self._placed(fitted, x, y, width, height)
        for element, text in shown:
            if unprintable := lettering.missing(text, _STYLES[element].face):
                warnings.append(f"no font here has the letters “{unprintable[:12]}” of the {element}")
        named = tag.number or code
        return Composed(tuple(lines), tuple(f"{named}: {warning}." for warning in warnings), emblem)

    # --- the symbol

    def _frame(self) -> _Frame:
        """Choose the largest symbol, the code below it where that costs little, text beside it or under it."""
        width, height = self.stock.label
        beside = width >= 1.15 * height
        below = self._largest(beside, "code" in self.layout.elements)
        alone = self._largest(beside, False)
        if alone is None:
            least = _BOX * max(LEAST_MODULE, FEWEST_DOTS * self.dot)
            raise Refusal(
                f"{self.stock.title} is too small for a tag: at {self.stock.dpi} dpi the symbol needs {least:.1f} mm "
                f"and the label is {width:g} × {height:g} mm. Choose a larger label or a finer printer.",
                "stock",
            )
        if below is not None and below.code_below and (below.dots > 0.8 * alone.dots or below.dots * self.dot >= 0.5):
            return below
        return alone

    def _largest(self, beside: bool, code_below: bool) -> _Frame | None:
        width, height = self.stock.label
        inset = self.stock.inset
        for dots in range(200, FEWEST_DOTS - 1, -1):
            module = dots * self.dot
            side = _BOX * module
            if module < LEAST_MODULE:
                return None
            quiet = QUIET * module
            first = max(0.0, inset - quiet)  # only ink must keep the inset; the quiet zone just stays on the label
            most_wide = min(width - 2 * first, 0.56 * width if beside and self._has_column() else width)
            foot = _CODE_LINE + inset if code_below else first
            most_high = height - first - foot
            if not beside and self._has_column():
                most_high = min(most_high, 0.66 * height)
            if side > min(most_wide, most_high, self.layout.symbol_most) + 1e-9:
                continue
            x = min(max(first, inset), width - side) if beside else (width - side) / 2
            if not self._has_column():
                x = (width - side) / 2
            y = (height - foot - side + first) / 2 if beside or not self._has_column() else first
            if beside and code_below:
                y = max(first, min((height - side - _CODE_LINE) / 2, height - inset - _CODE_LINE - side))
            return _Frame(dots, self._snap(x), self._snap(y), code_below, beside)
        return None

    def _has_column(self) -> bool:
        return any(element != "code" for element in self.layout.elements)

    def _snap(self, length: float) -> float:
        """Round down to whole printer dots, so that all modules begin on one."""
        return int(length / self.dot + 1e-6) * self.dot

    def _column(self) -> tuple[float, float, float, float]:
        """Return x, y, width and height of the room for text."""
        width, height = self.stock.label
        inset = self.stock.inset
        if self.beside:
            x = self.symbol_x + self.side
            return x, inset, width - inset - x, height - 2 * inset
        y = self.symbol_y + self.side + (_CODE_LINE if self.code_below else 0.0)
        return inset, y, width - 2 * inset, height - inset - y

    # --- the code below the symbol

    def _code_line_room(self) -> tuple[float, float]:
        """Return the middle of the symbol and how wide its code may run around it."""
        middle = self.symbol_x + self.side / 2
        inset = self.stock.inset
        return middle, 2 * min(middle - inset, self.stock.label[0] - inset - middle)

    def _below(self, code: str) -> TextLine:
        middle, room = self._code_room
        advance = lettering.width(code, STRONG)
        size = min(_STYLES["code"].size, room / advance)
        top = self.symbol_y + self.side
        return TextLine(middle - advance * size / 2, top + lettering.ASCENT * size, size, STRONG, code)

    # --- the column

    def _fit_column(
        self, shown: tuple[tuple[str, str], ...], width: float, height: float
    ) -> tuple[tuple[_Set, ...], tuple[str, ...]]:
        """Return the lines from the top, and what had to be done to the text so that it fits."""
        grown = max(0.75, min(2.2, width / 18.0, height / 16.0))
        for scale in (grown, 0.9 * grown, 0.8 * grown, 0.7 * grown, 0.6 * grown, 0.0):
            lines: list[_Set] = []
            whole = True
            for element, text in shown:
                style = _STYLES[element]
                size = max(style.least, style.size * scale)
                wrapped = _wrap(text, style.face, width / size)
                whole = whole and wrapped is not None and len(wrapped) <= style.most
                lines += [_Set(style.face, size, line, lettering.is_rtl(text)) for line in wrapped or ()]
            if whole and _height(lines) <= height + 1e-9:
                return tuple(lines), ()
        return self._squeezed(shown, width, height)

    def _squeezed(
        self, shown: tuple[tuple[str, str], ...], width: float, height: float
    ) -> tuple[tuple[_Set, ...], tuple[str, ...]]:
        """Shorten what does not fit at its least size, then make all of it smaller, and say so."""
        warnings: list[str] = []
        lines: list[_Set] = []
        share = height / max(1, len(shown))
        for element, text in shown:
            style = _STYLES[element]
            most = style.most
            wrapped = _wrap(text, style.face, width / style.least)
            if element in ("number", "code"):  # what is typed from the label is never shortened
                size = style.least
                if wrapped is None or len(wrapped) > 1:
                    size = min(size, max(_SMALLEST_TEXT, width / lettering.width(text, style.face)))
                    wrapped = _broken(text, style.face, width / size)
                    if len(wrapped) > 1:
                        warnings.append(f"the {element} runs over {len(wrapped)} lines")
            else:
                size = style.least
                most = max(1, min(most, int(share / (size * (lettering.ASCENT + lettering.DESCENT)))))
                if wrapped is None or len(wrapped) > most:
                    wrapped = _shortened(text, style.face, width / size, most)
                    warnings.append(f"the {element} is shortened")
            lines += [_Set(style.face, size, line, lettering.is_rtl(text)) for line in wrapped]
        factor = height / _height(lines)
        if factor < 1:
            smallest = min(line.size for line in lines) * factor
            if smallest < _SMALLEST_TEXT:
                raise Refusal(
                    f"{self.stock.title} is too small for all of this text. Print fewer elements or take a larger "
                    "label.",
                    "elements",
                )
            lines = [line._replace(size=line.size * factor) for line in lines]
            warnings.append("the text is very small")
        return tuple(lines), tuple(warnings)

    def _placed(self, fitted: tuple[_Set, ...], x: float, y: float, width: float, height: float) -> list[TextLine]:
        """Give the lines their places: in the middle of the column's height, right-to-left text at its right end."""
        top = y + (height - _height(fitted)) / 2 if self.beside else y
        placed = []
        for face, size, line, rtl in fitted:
            left = x
            if not self.beside:
                left = x + (width - lettering.width(line, face) * size) / 2
            elif rtl:
                left = x + width - lettering.width(line, face) * size
            placed.append(TextLine(left, top + lettering.ASCENT * size, size, face, line))
            top += (lettering.ASCENT + lettering.DESCENT) * size
        return placed


def _height(lines: tuple[_Set, ...] | list[_Set]) -> float:
    return (lettering.ASCENT + lettering.DESCENT) * sum([line.size for line in lines])


@lru_cache(maxsize=65_536)
def _wrap(text: str, face: str, room: float) -> tuple[str, ...] | None:
    """Break the text between words into lines of at most `room` ems; None where one word alone is wider."""
    if lettering.width(text, face) <= room:
        return (text,)
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        longer = f"{current} {word}" if current else word
        if lettering.width(longer, face) <= room:
            current = longer
            continue
        if not current or lettering.width(word, face) > room:
            return None
        lines.append(current)
        current = word
    return (*lines, current)


def _broken(text: str, face: str, room: float) -> tuple[str, ...]:
    """Break the text between any two characters into lines of at most `room` ems (or one character)."""
    lines, current = [], ""
    for character in text:
        if current and lettering.width(current + character, face) > room:
            lines.append(current.rstrip())
            current = ""
        if current or character != " ":
            current += character
    return (*lines, current)


def _shortened(text: str, face: str, room: float, most: int) -> tuple[str, ...]:
    """Keep as much of the text as `most` lines hold and end it with an ellipsis."""
    low, high = 0, len(text)
    best: tuple[str, ...] = ("…",)
    while low <= high:
        middle = (low + high) // 2
        trial = text[:middle].rstrip() + "…"
        lines = _wrap(trial, face, room) or _broken(trial, face, room)
        if len(lines) <= most and all(lettering.width(line, face) <= room + 1e-9 for line in lines):
            best, low = lines, middle + 1
        else:
            high = middle - 1
    return best
