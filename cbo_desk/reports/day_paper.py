"""The day of all desks on paper: line by line, in the order of the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from cbo_desk.tags.output import write_whole
from cbo_desk.tags.sheets import Paper

Printed = tuple[str, str, Sequence[tuple[str, str, str]]]
"""A line's name, how many stand on it in words, and of each the hours, the title and what else to know."""


def write_day(compound: str, title: str, day: date, lines: Sequence[Printed], out: Path) -> None:
    """Write the lines of a day as PDF; Trouble where it cannot be."""
    paper = Paper(compound, title, f"{day:%Y-%m-%d}", [])
    for name, about, rows in lines:
        paper.room(16)
        paper.heading(name, about)
        for hours, words, more in rows:
            paper.row(hours, words, more)
        paper.y += 4
    write_whole(out, paper.whole())
