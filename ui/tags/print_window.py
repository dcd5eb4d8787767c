"""The way into printing tags, for every desk whose records carry them."""

from __future__ import annotations

from collections.abc import Sequence

from ui.bench import Bench
from ui.tags.print_box import PrintBox
from ui.tags.scanned import ScannedTags


def open_print_window(bench: Bench, kind: str, ids: Sequence[int]) -> PrintBox:
    """Open the print window with the tags of these records; without any, at the queue of tags never printed."""
    box = PrintBox(bench, kind)
    overlay = bench.shell.open_overlay(box)
    box.closed.connect(overlay.close_it)
    overlay.closed.connect(box.keep)
    ScannedTags(bench, kind, box)
    box.begin(ids)
    return box


def open_print_log(bench: Bench, kind: str) -> PrintBox:
    """Open the print window at the log of prints."""
    box = open_print_window(bench, kind, ())
    box.deeds.show_log()
    return box
