"""Tags as pictures of black and white dots at the printer's own resolution, one picture a page."""

from __future__ import annotations

import io
import time
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from cbo_desk.errors import Refusal
from cbo_desk.tags import lettering
from cbo_desk.tags.emblems import emblem_picture
from cbo_desk.tags.encoder import QUIET, SIDE, Symbol, symbol
from cbo_desk.tags.layout import Composed, Composer, LabelLayout, TagLabel
from cbo_desk.tags.output import PrinterProfile, PrintReport, corners, said, write_whole
from cbo_desk.tags.plan import Tell
from cbo_desk.tags.stocks import LabelStock, positions
from cbo_desk.typefaces import path_of

_MOST_PAGES = 2000


def symbol_picture(made: Symbol, dots: int) -> Any:
    """Return the symbol without quiet zone as a one-bit Pillow image, `dots` printer dots a module."""
    from PIL import Image

    rows = b"".join((row << -made.size % 8).to_bytes((made.size + 7) // 8, "big") for row in made.rows)
    small = Image.frombytes("1", (made.size, made.size), rows, "raw", "1;I")
    return small.resize((made.size * dots, made.size * dots), Image.Resampling.NEAREST)


@lru_cache(maxsize=256)
def _type(face: str, size: float) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(str(path_of(face)), size)


def draw_label(page: Any, x: int, y: int, tag: TagLabel, label: Composed, composer: Composer) -> None:
    """Draw one label on a one-bit image, its upper left corner at the dots `x`, `y`."""
    from PIL import Image, ImageDraw

    made = symbol(tag.code)
    dots = composer.dots * SIDE // made.size
    if dots < 1:
        raise Refusal(f"The code “{tag.code[:40]}” is too long for {composer.stock.title}.", "code")
    quiet = QUIET * composer.dots
    left = x + round(composer.symbol_x / composer.dot) + quiet
    top = y + round(composer.symbol_y / composer.dot) + quiet
    page.paste(symbol_picture(made, dots), (left, top))
    pen = ImageDraw.Draw(page)
    pen.fontmode = "1"
    for line in label.lines:
        size = line.size / composer.dot
        at = x + line.x / composer.dot
        for run in lettering.runs(line.text, line.face):
            type_ = _type(run.face, round(size * 4) / 4)
            pen.text((at, y + line.y / composer.dot), run.text, fill=0, font=type_, anchor="ls")
            at += lettering.width(run.text, run.face) * size if run.text.isascii() else type_.getlength(run.text)
    if label.emblem is not None:
        place, side = label.emblem[:2], round(label.emblem[2] / composer.dot)
        stamp = emblem_picture(composer.layout.emblems[tag.entity])
        stamp.thumbnail((side, side))
        paper = Image.new("RGBA", stamp.size, "white")
        flat = Image.alpha_composite(paper, stamp).convert("1")
        page.paste(flat, (x + round(place[0] / composer.dot), y + round(place[1] / composer.dot)))


def write_png(
    labels: Sequence[TagLabel],
    stock: LabelStock,
    out: Path,
    *,
    layout: LabelLayout | None = None,
    profile: PrinterProfile | None = None,
    start_at: int = 1,
    used_cells: Collection[int] = (),
    tell: Tell | None = None,
) -> PrintReport:
    """Write the labels as pictures: one page as `out`, further pages as `name-2.png` and so on beside it.

    `tell` hears before each page how far it is and may stop it. Raises Refusal where the stock cannot hold the labels
    or there are too many pages, Trouble where a file cannot be written.
    """
    from PIL import Image

    started = time.perf_counter()
    composer = Composer(stock, layout)
    spots = tuple(positions(stock, len(labels), used_cells, start_at))
    last = spots[-1][0] if spots else 1
    if last > _MOST_PAGES:
        raise Refusal(f"This makes {last:,} pictures. Print at most {_MOST_PAGES:,} at once, or save a PDF.", "out")
    size = (round(stock.page[0] / composer.dot), round(stock.page[1] / composer.dot))
    places = corners(stock, profile or PrinterProfile())
    composed = [composer.compose(tag) for tag in labels]
    files = []
    by_page: dict[int, list[int]] = {page: [] for page in range(1, last + 1)}
    for number, (page, _) in enumerate(spots):
        by_page[page].append(number)
    for page, numbers in by_page.items():
        if tell is not None:
            tell(page - 1, last)
        picture = Image.new("1", size, 1)
        for number in numbers:
            x, y = (round(length / composer.dot) for length in places[spots[number][1]])
            draw_label(picture, x, y, labels[number], composed[number], composer)
        buffer = io.BytesIO()
        picture.save(buffer, "PNG", dpi=(stock.dpi, stock.dpi))
        files.append(out if page == 1 else out.with_name(f"{out.stem}-{page}{out.suffix}"))
        write_whole(files[-1], buffer.getvalue())
    seconds = time.perf_counter() - started
    return PrintReport(len(labels), last, seconds, spots, said(composer.warnings, composed), tuple(files))
