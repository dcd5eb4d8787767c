"""Tags as a PDF of vectors: one path a symbol, text in embedded faces, what repeats itself once.

A symbol's path is joined from strings that are cached for each eight modules in each place; a thousand tags so take
about as long as writing the file.
"""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from cbo_desk.tags import lettering
from cbo_desk.tags.emblems import emblem_picture
from cbo_desk.tags.encoder import SIDE, Symbol, symbol
from cbo_desk.tags.layout import Composed, Composer, LabelLayout, TagLabel, TextLine
from cbo_desk.tags.output import PrinterProfile, PrintReport, corners, said, write_whole
from cbo_desk.tags.plan import Tell
from cbo_desk.tags.ruler import ruler_of
from cbo_desk.tags.stocks import LabelStock, cells, positions

_POINT = 72 / 25.4  # PDF points in a millimetre
_AS_BYTES = (SIDE * SIDE + 7) // 8
_PAD = _AS_BYTES * 8 - SIDE * SIDE


class _FastDeflate:
    """reportlab's stream filter at zlib's first level: a third of its time for twice the bytes."""

    pdfname = "FlateDecode"

    @staticmethod
    def encode(content: str | bytes) -> bytes:
        """Compress one stream."""
        return zlib.compress(content.encode("latin-1") if isinstance(content, str) else content, 1)


class _Strokes(dict[int, str]):
    """The path of eight successive modules, by their byte; `start` is the first one's place in row-major order."""

    def __init__(self, start: int) -> None:
        super().__init__()
        self._start = start

    def __missing__(self, byte: int) -> str:
        dark = [self._start + place for place in range(8) if byte >> 7 - place & 1]
        self[byte] = path = _rectangles(dark, SIDE)
        return path


def _rectangles(dark: Sequence[int], size: int) -> str:
    """Write dark modules, given by ascending places, as rectangles of one row, one unit a module, y upwards."""
    pieces: list[str] = []
    at = 0
    while at < len(dark):
        row, column = divmod(dark[at], size)
        end = at + 1
        while end < len(dark) and dark[end] == dark[end - 1] + 1 and dark[end] // size == row:
            end += 1
        pieces.append(f"{column} {size - 1 - row} {end - at} 1 re ")
        at = end
    return "".join(pieces)


_STROKES = tuple(_Strokes(8 * place) for place in range(_AS_BYTES))


def path_of(made: Symbol) -> str:
    """Return the PDF path of a symbol, one unit a module, the origin at its lower left corner."""
    if made.size == SIDE:
        data = (made.bits << _PAD).to_bytes(_AS_BYTES, "big")
        return "".join([strokes[byte] for strokes, byte in zip(_STROKES, data, strict=True)])
    count = made.size * made.size
    return _rectangles([place for place in range(count) if made.bits >> (count - 1 - place) & 1], made.size)


class _Text:
    """Writes lines of text as PDF operators, for one document."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._names: dict[str, str] = {}

    def operators(self, line: TextLine, x: float, y: float) -> str:
        """Write a line whose label has its upper left corner at `x`, `y`, in points from the lower left."""
        size = line.size * _POINT
        start = f"1 0 0 1 {x + line.x * _POINT:.2f} {y - line.y * _POINT:.2f} Tm "
        if line.text.isascii():
            return f"{start}{self._name(line.face)} {size:.2f} Tf ({_escaped(line.text)}) Tj "
        return start + "".join(self._run(run, size) for run in lettering.runs(line.text, line.face))

    def _name(self, face: str) -> str:
        """Return the document's name of the first subset of a face, in which ASCII keeps its own codes."""
        if face not in self._names:
            font = lettering.font(face)
            font.splitString(" ", self._document)
            self._names[face] = font.getSubsetInternalName(0, self._document)
        return self._names[face]

    def _run(self, run: lettering.Run, size: float) -> str:
        from reportlab.lib.rl_accel import escapePDF

        font = lettering.font(run.face)
        self._name(run.face)
        return "".join(
            f"{font.getSubsetInternalName(subset, self._document)} {size:.2f} Tf ({escapePDF(chunk)}) Tj "
            for subset, chunk in font.splitString(run.text, self._document)
        )


def _escaped(text: str) -> str:
    if "(" in text or ")" in text or "\\" in text:
        return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return text


def write_pdf(
    labels: Sequence[TagLabel],
    stock: LabelStock,
    out: Path,
    *,
    layout: LabelLayout | None = None,
    profile: PrinterProfile | None = None,
    start_at: int = 1,
    used_cells: Collection[int] = (),
    guides: bool = False,
    tell: Tell | None = None,
) -> PrintReport:
    """Write the labels as a PDF; `start_at` and `used_cells` tell which cells of the first page are gone.

    `guides` draws the outlines of the cells, for a trial on plain paper; `tell` hears after each page how far it is and
    may stop it. Raises Refusal where the stock cannot hold the labels and Trouble where the file cannot be written.
    """
    started = time.perf_counter()
    composer = Composer(stock, layout)
    spots = tuple(positions(stock, len(labels), used_cells, start_at))
    canvas = _canvas(stock, f"Tags on {stock.title}")
    places = corners(stock, profile or PrinterProfile())
    emblems = _emblems(canvas, composer.layout)
    if guides:
        _guides(canvas, stock, places)
    text = _Text(canvas._doc)
    height = stock.page[1] * _POINT
    composed: list[Composed] = []
    page = 1
    content: list[str] = []
    for tag, (on, cell) in zip(labels, spots, strict=True):
        if on != page:
            _finish_page(canvas, content, guides)
            page, content = on, []
            if tell is not None:
                tell(len(composed), len(labels))
        label = composer.compose(tag)
        composed.append(label)
        x, y = places[cell][0] * _POINT, height - places[cell][1] * _POINT
        content.append(_label(tag.code, label, composer, text, x, y))
        if label.emblem is not None:
            _stamp(canvas, label, emblems[tag.entity], x, y)
    _finish_page(canvas, content, guides)
    write_whole(out, canvas.getpdfdata())
    seconds = time.perf_counter() - started
    return PrintReport(len(labels), page, seconds, spots, said(composer.warnings, composed), (out,))


def _canvas(stock: LabelStock, title: str) -> Any:
    from reportlab import rl_config
    from reportlab.pdfgen.canvas import Canvas

    rl_config.useA85 = 0  # a fifth smaller than the default, and every reader since 1996 takes it
    size = (stock.page[0] * _POINT, stock.page[1] * _POINT)
    canvas = Canvas(io.BytesIO(), pagesize=size, pageCompression=0)
    canvas._doc.defaultStreamFilters = [_FastDeflate]
    canvas.setTitle(title)
    canvas.setCreator("CBO Desk")
    canvas.setSubject("Print at 100 %, not fitted to the page.")
    canvas.setViewerPreference("PrintScaling", "None")  # "fit to page" is what makes sheets drift
    return canvas


def _label(code: str, label: Composed, composer: Composer, text: _Text, x: float, y: float) -> str:
    """Write one label whose upper left corner is at `x`, `y` in points."""
    made = symbol(code)
    side = composer.module * SIDE * _POINT
    unit = side / made.size  # another payload than a tag's may need a larger version, in the same square
    quiet = 4 * composer.module
    left = x + (composer.symbol_x + quiet) * _POINT
    low = y - (composer.symbol_y + quiet) * _POINT - side
    words = "".join([text.operators(line, x, y) for line in label.lines])
    return f"q {unit:.5f} 0 0 {unit:.5f} {left:.4f} {low:.4f} cm {path_of(made)}f Q BT {words}ET"


def _finish_page(canvas: Any, content: list[str], guides: bool) -> None:
    if guides:
        canvas.doForm("guides")
    canvas.addLiteral("\n".join(content))
    canvas.showPage()


def _emblems(canvas: Any, layout: LabelLayout) -> dict[str, str]:
    """Draw each entity's emblem once as a form of one point a side, and return the forms' names."""
    from reportlab.lib.utils import ImageReader

    names = {}
    if "emblem" in layout.elements:
        for number, (entity, path) in enumerate(sorted(layout.emblems.items())):
            names[entity] = f"emblem{number}"
            canvas.beginForm(names[entity], 0, 0, 1, 1)
            canvas.drawImage(ImageReader(emblem_picture(path)), 0, 0, 1, 1, preserveAspectRatio=True, mask="auto")
            canvas.endForm()
    return names


def _stamp(canvas: Any, label: Composed, name: str, x: float, y: float) -> None:
    """Draw the form of an emblem on the label whose upper left corner is at `x`, `y` in points."""
    if label.emblem is not None:
        left, top, side = (length * _POINT for length in label.emblem)
        canvas.addLiteral(f"q {side:.3f} 0 0 {side:.3f} {x + left:.3f} {y - top - side:.3f} cm")
        canvas.doForm(name)
        canvas.addLiteral("Q")


def _guides(canvas: Any, stock: LabelStock, places: dict[int, tuple[float, float]]) -> None:
    """Draw the outlines of all cells once as a form."""
    height = stock.page[1] * _POINT
    canvas.beginForm("guides", 0, 0, stock.page[0] * _POINT, height)
    canvas.setLineWidth(0.25)
    for cell in cells(stock):
        x, y = places[cell.number]
        width, tall = cell.width * _POINT, cell.height * _POINT
        canvas.roundRect(x * _POINT, height - y * _POINT - tall, width, tall, stock.corner * _POINT, stroke=1, fill=0)
    canvas.endForm()


def write_ruler_pdf(stock: LabelStock, out: Path) -> None:
    """Write the ruler page of a stock: from it a person reads how far the printer is off."""
    canvas = _canvas(stock, "Ruler page")
    height = stock.page[1]
    ruler = ruler_of(stock)  # its lines are measured to the edges of the paper
    inset, across, down = ruler.inset, ruler.across, ruler.down
    font = lettering.font(lettering.PLAIN).fontName
    canvas.translate(0, height * _POINT)
    canvas.scale(_POINT, -_POINT)  # millimetres from the upper left, as a ruler is held
    canvas.setLineWidth(0.1)
    canvas.line(inset, inset, inset + across, inset)
    canvas.line(inset, inset, inset, inset + down)
    for length, horizontal in ((across, True), (down, False)):
        for millimetre in range(int(length) + 1):
            tick = 4.0 if millimetre % 10 == 0 else 2.5 if millimetre % 5 == 0 else 1.5
            at = inset + millimetre
            canvas.line(*((at, inset, at, inset + tick) if horizontal else (inset, at, inset + tick, at)))
    words = (
        f"CBO Desk ruler page for {stock.title}. Print at 100 %, not fitted to the page.",
        f"1. Left edge of the page to the upright line: {inset:g} mm is right. Move right = {inset:g} less the length.",
        f"2. Upper edge of the page to the level line: {inset:g} mm is right. Move down = {inset:g} less the length.",
        f"3. Length of the level line: {across:g} mm is right. Scale = {across:g} divided by the length.",
    )
    size = max(1.2, min(3.2, across / 42))
    for number, line in enumerate(words):
        canvas.saveState()
        canvas.translate(inset + 6, inset + 6 + size * (1 + 1.6 * number))
        canvas.scale(1, -1)
        canvas.setFont(font, size)
        canvas.drawString(0, 0, line)
        canvas.restoreState()
    canvas.showPage()
    write_whole(out, canvas.getpdfdata())
