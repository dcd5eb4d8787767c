"""Where a table begins: title lines above it, its header row, and names that tell every column apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from cbo_desk.errors import Refusal

#: More columns than this are no register.
MOST_COLUMNS = 1_000
_SEARCHED = 40
_VALUE_LIKE = re.compile(r"[\s$€£]*[-+(]?\d[\d.,:/\s'-]*%?\)?$")


@dataclass(frozen=True)
class Header:
    """The header row: its number in the file (0 for none), its cells as they stood, and distinct names."""

    row: int
    headings: tuple[str, ...]
    names: tuple[str, ...]
    reason: str


def find_header(
    sample: Sequence[tuple[int, Sequence[Any]]], chosen: int | None = None, known: Collection[str] = ()
) -> Header:
    """Find the header among the first rows; `chosen` overrules it (0: there is none).

    `known` are names a header is likely to hold, in the form `normal_name` gives.
    """
    if not any(any(not is_blank(cell) for cell in cells) for _, cells in sample):
        raise Refusal("The file holds no rows.")
    if chosen == 0:
        return Header(0, (), distinct_names([""] * _width([cells for _, cells in sample])), "You said there is none.")
    if chosen is not None:
        for number, cells in sample:
            if number == chosen:
                return _header(number, cells, sample, "You chose it.")
        raise Refusal(f"Row {chosen:,} is not among the first rows of the table.")
    number, cells, reason = _likeliest(sample, known)
    return _header(number, cells, sample, reason)


def _likeliest(sample: Sequence[tuple[int, Sequence[Any]]], known: Collection[str]) -> tuple[int, Sequence[Any], str]:
    """The first row that is wide enough and holds words only, or else the first row that holds anything."""
    filled = [(number, cells, sum(not is_blank(c) for c in cells)) for number, cells in sample]
    filled = [row for row in filled if row[2]]
    counts = sorted(count for _, _, count in filled)
    usual = counts[len(counts) // 2]
    enough = max(min(2, usual), -(-usual * 6 // 10))
    for number, cells, _ in filled[:_SEARCHED]:
        if sum(normal_name(str(cell)) in known for cell in cells if cell != "") >= 2:
            return number, cells, "Its names are known."
    for number, cells, count in filled[:_SEARCHED]:
        words = sum(_is_word(cell) for cell in cells if not is_blank(cell))
        if count >= enough and words * 10 >= count * 8:
            return number, cells, "It is the first row of words over the columns."
    number, cells, _ = filled[0]
    return number, cells, "No row looks like a header; the first was taken."


def _header(number: int, cells: Sequence[Any], sample: Sequence[tuple[int, Sequence[Any]]], reason: str) -> Header:
    """The header of the row `number`, without the columns at its right end that hold nothing."""
    below = [row[: len(cells)] for n, row in sample if n > number]
    width = max(_width([cells]), _width(below))
    headings = ["" if is_blank(cell) else str(cell) for cell in cells[:width]]
    return Header(number, tuple(headings), distinct_names(headings), reason)


def _width(rows: Sequence[Sequence[Any]]) -> int:
    """One more than the last column that holds anything."""
    width = 0
    for cells in rows:
        for index in range(len(cells) - 1, width - 1, -1):
            if not is_blank(cells[index]):
                width = index + 1
                break
    return width


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing to be seen."""
    return cell is None or (isinstance(cell, str) and not cell.strip(" \t\r\n\xa0\u200b\ufeff\0"))


def _is_word(cell: object) -> bool:
    """Whether a cell could be the name of a column: text, not long, and no number or date."""
    if isinstance(cell, (bool, int, float, date, time)):
        return False
    text = str(cell).strip()
    return len(text) <= 100 and not _VALUE_LIKE.match(text)


def distinct_names(headings: Sequence[str]) -> tuple[str, ...]:
    """A name of its own for every column: "Remarks", "Remarks 2", and "Column 7" where the header is blank."""
    if len(headings) > MOST_COLUMNS:
        raise Refusal(f"The table has {len(headings):,} columns. At most {MOST_COLUMNS:,} can be read.")
    cleaned = [" ".join(heading.replace("\0", "").replace("\ufeff", "").split()) for heading in headings]
    taken = {name.casefold() for name in cleaned if name}
    seen: set[str] = set()
    names: list[str] = []
    for place, name in enumerate(cleaned, start=1):
        wanted = name or f"Column {place}"
        distinct, again = wanted, 1
        while distinct.casefold() in seen or (again > 1 or not name) and distinct.casefold() in taken:
            again += 1
            distinct = f"{wanted} {again}"
        seen.add(distinct.casefold())
        names.append(distinct)
    return tuple(names)


_BETWEEN_WORDS = re.compile(r"[\W_]+")
_ABBREVIATING = str.maketrans("°º№", "  n")


def normal_name(text: str) -> str:
    """A header's name without case, accents, punctuation and space: "N° d'inventaire" and "n d inventaire" agree."""
    bare = unicodedata.normalize("NFKD", text.translate(_ABBREVIATING).casefold())
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return _BETWEEN_WORDS.sub(" ", letters).strip()
