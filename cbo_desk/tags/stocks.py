"""Label stocks: what paper or roll is in the printer, as data that is checked before a label is wasted.

A stock is a TOML file in `resources/stocks`, or a mapping of the same keys that somebody typed into the app; both
pass the same checks. Lengths are millimetres, y grows downwards from the top left of the page, cells count from 1 row
by row.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from cbo_desk.errors import Refusal, Trouble

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "stocks"
SLACK = 0.05  # mm: published figures are rounded inches
_WIDEST = 2000.0  # mm: beyond any printer; also keeps a typing slip from making a page of kilometres


@dataclass(frozen=True, slots=True)
class LabelStock:
    """One label stock; `dpi` is the printer's resolution, to whose dots the modules of a symbol are snapped."""

    name: str
    title: str
    maker: str
    kind: str  # "sheet" or "roll"
    page: tuple[float, float]
    label: tuple[float, float]
    pitch: tuple[float, float]
    origin: tuple[float, float]
    columns: int
    rows: int
    corner: float
    inset: float
    dpi: int
    continuous: bool = False

    @property
    def per_page(self) -> int:
        """How many labels one page has."""
        return self.columns * self.rows

    @property
    def is_roll(self) -> bool:
        """Say whether one label follows the other on a roll."""
        return self.kind == "roll"

    @property
    def words(self) -> str:
        """The stock in a line: "Avery L7651 · 38.1 × 21.2 mm · 65 a page"."""
        size = f"{self.label[0]:g} × {self.label[1]:g} mm"
        return f"{self.title} · {size} · " + ("roll" if self.is_roll else f"{self.per_page} a page")

    def geometry(self) -> dict[str, Any]:
        """All of it as plain values, for a listing or a form; `stock_from` takes it back."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()}


@dataclass(frozen=True, slots=True)
class Cell:
    """A position on a sheet: `number` from 1, top left corner and size in mm."""

    number: int
    row: int
    column: int
    x: float
    y: float
    width: float
    height: float


def cells(stock: LabelStock) -> tuple[Cell, ...]:
    """Return the cells of one page, row by row."""
    return tuple(
        Cell(
            row * stock.columns + column + 1,
            row + 1,
            column + 1,
            stock.origin[0] + column * stock.pitch[0],
            stock.origin[1] + row * stock.pitch[1],
            *stock.label,
        )
        for row in range(stock.rows)
        for column in range(stock.columns)
    )


def free_cells(stock: LabelStock, used: Collection[int] = (), start_at: int = 1) -> tuple[int, ...]:
    """Return the numbers of the cells of a part-used first page that can still be printed on.

    Raises Refusal where `start_at` or a used cell is not on the page.
    """
    count = stock.per_page
    if not 1 <= start_at <= count:
        held = "one cell" if count == 1 else f"{count} cells"
        raise Refusal(
            f"{stock.title} has {held} a page: start at a cell from 1 to {count}, not {start_at}.", "start_at"
        )
    off = sorted(number for number in used if not 1 <= number <= count)
    if off:
        raise Refusal(f"Cell {off[0]} is not on {stock.title}, which has {count} a page.", "used_cells")
    return tuple(number for number in range(start_at, count + 1) if number not in used)


def positions(
    stock: LabelStock, count: int, used: Collection[int] = (), start_at: int = 1
) -> Iterator[tuple[int, int]]:
    """Yield page (from 1) and cell for `count` labels: the free cells of the first page, then whole pages."""
    page, free = 1, free_cells(stock, used, start_at)
    left = count
    while left > 0:
        for cell in free[:left]:
            yield page, cell
        left -= len(free)
        page, free = page + 1, tuple(range(1, stock.per_page + 1))


@cache
def stocks() -> tuple[LabelStock, ...]:
    """Return the stocks that are shipped, sorted by title; raises Trouble where a file of them is broken."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        try:
            found.append(stock_from(tomllib.loads(path.read_text("utf-8"))))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, Refusal) as error:
            raise Trouble(f"The label stock file {path.name} is damaged: {error} Install the program again.") from error
    return tuple(sorted(found, key=lambda stock: stock.title.casefold()))


def stock(name: str, own: Collection[LabelStock] = ()) -> LabelStock:
    """Return the stock of that name or title, whatever its case, spaces and hyphens; `own` are the office's stocks.

    The part number alone is enough ("L7651"). Raises Refusal that names the closest stocks.
    """
    known = [*own, *stocks()]
    wanted = _plain(name)
    for candidate in known:
        if wanted in (_plain(candidate.name), _plain(candidate.title)):
            return candidate
    ending = [candidate for candidate in known if wanted and _plain(candidate.name).endswith(wanted)]
    if len(ending) == 1 and len(wanted) > 2:
        return ending[0]
    from rapidfuzz import process

    titles = [candidate.title for candidate in known]
    near = [match[0] for match in process.extract(name[:80], titles, processor=_plain, limit=2)]
    shown = name if len(name) <= 60 else name[:60] + "…"
    raise Refusal(f"There is no label stock “{shown}”. Is it {' or '.join(near)}?", "stock")


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def stock_from(values: Mapping[str, Any]) -> LabelStock:
    """Make a stock of plain values; raises Refusal with a sentence at the first value that cannot be."""
    known = {field.name for field in fields(LabelStock)}
    strange = sorted(set(values) - known)
    if strange:
        raise Refusal(f"A label stock has no “{strange[0]}”.", strange[0])
    made = LabelStock(
        name=_word(values, "name"),
        title=_word(values, "title"),
        maker=_word(values, "maker"),
        kind=_word(values, "kind"),
        page=_pair(values, "page"),
        label=_pair(values, "label"),
        pitch=_pair(values, "pitch"),
        origin=_pair(values, "origin"),
        columns=_count(values, "columns", 100),
        rows=_count(values, "rows", 200),
        corner=_length(values, "corner", values.get("corner")),
        inset=_length(values, "inset", values.get("inset")),
        dpi=_count(values, "dpi", 4800),
        continuous=bool(values.get("continuous", False)),
    )
    _check(made)
    return made


def _word(values: Mapping[str, Any], key: str) -> str:
    text = values.get(key)
    if not isinstance(text, str) or not text.strip() or len(text) > 80 or not text.isprintable():
        raise Refusal(f"Give the label stock a {key} of up to 80 letters.", key)
    return text.strip()


def _count(values: Mapping[str, Any], key: str, most: int) -> int:
    number = values.get(key)
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= most:
        raise Refusal(f"“{key}” of a label stock is a whole number from 1 to {most}.", key)
    return number


def _length(values: Mapping[str, Any], key: str, number: Any) -> float:
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise Refusal(f"“{key}” of a label stock is a length in millimetres.", key)
    if not 0 <= number <= _WIDEST:
        raise Refusal(f"“{key}” of a label stock is from 0 to {_WIDEST:g} mm, not {number:g}.", key)
    return float(number)


def _pair(values: Mapping[str, Any], key: str) -> tuple[float, float]:
    pair = values.get(key)
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise Refusal(f"“{key}” of a label stock is two lengths in millimetres: across and down.", key)
    return _length(values, key, pair[0]), _length(values, key, pair[1])


def _check(stock: LabelStock) -> None:
    """Refuse a grid that cannot be: labels off the page, over one another, or without room inside the inset."""
    if stock.kind not in ("sheet", "roll"):
        raise Refusal(f"A label stock is a sheet or a roll, not “{stock.kind}”.", "kind")
    if stock.dpi < 100:
        raise Refusal(f"A printer of {stock.dpi} dots per inch is too coarse for tags: give at least 100.", "dpi")
    for axis, (across, count) in enumerate((("right", stock.columns), ("lower", stock.rows))):
        size, pitch, page = stock.label[axis], stock.pitch[axis], stock.page[axis]
        if size <= 0 or page <= 0:
            raise Refusal("Page and label must be larger than 0 mm.", "label")
        if count > 1 and pitch < size - SLACK:
            raise Refusal(f"The labels overlap: each is {size:g} mm, the next begins after {pitch:g} mm.", "pitch")
        end = stock.origin[axis] + (count - 1) * pitch + size
        if end > page + SLACK:
            text = f"The grid leaves the page: its {across} edge is at {end:g} mm, the page ends at {page:g} mm."
            raise Refusal(text, "columns" if axis == 0 else "rows")
        if 2 * stock.inset >= size:
            raise Refusal(f"An inset of {stock.inset:g} mm leaves nothing of a label of {size:g} mm.", "inset")
    if 2 * stock.corner > min(stock.label) + SLACK:
        raise Refusal(f"A corner radius of {stock.corner:g} mm is more than half the label.", "corner")
    if stock.is_roll and stock.per_page != 1:
        raise Refusal("A roll has one label a page: set columns and rows to 1.", "columns")


def to_toml(stock: LabelStock) -> str:
    """Write the stock as the TOML text that `stock_from` reads back equal."""
    import json  # a JSON string or number is also TOML's

    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in stock.geometry().items())
