"""A scan that nothing answers to is never dropped: it is kept, to be resolved on the Today page."""

from __future__ import annotations

from cbo_desk.property.picking import NotKnown
from cbo_desk.tags import keep_unknown_scan
from ui.bench import Bench


def keep_unknown(bench: Bench, text: str) -> None:
    """Keep a text that means nothing here; its sentence is told where it was scanned."""
    if bench.may(keep_unknown_scan) and text.strip():
        bench.runner.write(keep_unknown_scan, text, quiet=True)


def keep_if_unknown(bench: Bench, text: str, error: Exception) -> None:
    """Keep a scan that was refused because nothing at all answers to it."""
    if isinstance(error, NotKnown):
        keep_unknown(bench, text)
