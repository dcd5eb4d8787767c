"""Reads from a paper where people are to sign: the words, and the lines that are really drawn beside them."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from pypdfium2.raw import FPDF_PAGEOBJ_PATH

THICKEST = 2.0
"""Points that a line to write on is high at most."""
NARROWEST = 100.0
"""Points of a line to write on at least: three and a half centimetres."""


def places_to_sign(path: Path) -> list[int]:
    """For each page, how many places to sign it has; each has its own line for name, date and signature."""
    paper = pypdfium2.PdfDocument(path)
    found = []
    for page in paper:
        text = page.get_textpage()
        words = text.get_text_range().split()
        heights = [
            bottom
            for one in page.get_objects(filter=[FPDF_PAGEOBJ_PATH])
            for left, bottom, right, top in [one.get_bounds()]
            if top - bottom <= THICKEST and right - left >= NARROWEST
        ]
        places = words.count("Signature")
        assert words.count("Date") >= places
        for word in ("Name", "Date", "Signature"):
            assert _beside(text, word, heights) >= places, (word, page)
        text.close()
        found.append(places)
    paper.close()
    return found


def _beside(text: pypdfium2.PdfTextPage, word: str, heights: list[float]) -> int:
    """How often a word stands on the height of a line to write on."""
    search, count = text.search(word, match_case=True, match_whole_word=True), 0
    while (found := search.get_next()) is not None:
        _left, bottom, _right, _top = text.get_charbox(found[0])
        count += any(-1 < bottom - height < 6 for height in heights)
    search.close()
    return count
