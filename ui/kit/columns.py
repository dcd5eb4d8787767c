"""What a list shows: each column's heading, look and where its values come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ui.kit.cells import Look


@dataclass(frozen=True)
class Column:
    """One column: how it looks, what it is called, and how to read it from a row.

    `value` gives what a cell holds beside its text (see `ui.kit.cells.VALUE_ROLE`), `fault` is "bad", "warn" or
    empty, `tip` says in words what the cell cannot. `sort` names the order the listing knows it by; empty for none.
    """

    look: Look
    heading: str
    text: Callable[[Any], str]
    value: Callable[[Any], Any] | None = None
    fault: Callable[[Any], str] | None = None
    tip: Callable[[Any], str] | None = None
    sort: str = ""
