"""What stands where on one label: the symbol snapped to printer dots, and text that shrinks, wraps and then warns.

Lengths are millimetres from the label's top left corner, y downwards. The symbol comes first: its quiet zone of four
modules always lies inside the label and no text enters it. What is left beside or below it is the column of text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cbo_desk.errors import Refusal
from cbo_desk.tags import lettering
from cbo_desk.tags.codes import grouped, has_tag_shape
from cbo_desk.tags.encoder import QUIET, SIDE
from cbo_desk.tags.fitting import STYLES, Fitted, fit, height_of
from cbo_desk.tags.lettering import STRONG
from cbo_desk.tags.stocks import LabelStock

ELEMENTS = ("entity", "number", "name", "code", "text", "emblem")
FEWEST_DOTS = 4  # printer dots a module; below three a symbol is unreliable
LEAST_MODULE = 0.25  # mm: what common imagers still resolve
SMALL_MODULE = 0.45  # mm: below it a person is told to hold the scanner close
_BOX = SIDE + 2 * QUIET  # modules of the symbol with its quiet zone


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
        fitted, faults = fit(shown, width, height)
        warnings += faults
        lines += self._placed(fitted, x, y, width, height)
        for element, text in shown:
            if unprintable := lettering.missing(text, STYLES[element].face):
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
        size = min(STYLES["code"].size, room / advance)
        top = self.symbol_y + self.side
        return TextLine(middle - advance * size / 2, top + lettering.ASCENT * size, size, STRONG, code)

    # --- the column

    def _placed(self, fitted: Sequence[Fitted], x: float, y: float, width: float, height: float) -> list[TextLine]:
        """Give the lines their places: in the middle of the column's height, right-to-left text at its right end."""
        top = y + (height - height_of(fitted)) / 2 if self.beside else y
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
