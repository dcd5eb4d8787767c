"""What a cell of a table can hold before it is understood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

#: A blank cell is "". Text files hold text only; workbooks also hold typed values.
Cell = str | int | float | bool | date | datetime | time


def shown(cell: object) -> str:
    """A cell as text, the way it would stand in a text file."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds" if not cell.microsecond else "auto")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return str(cell)


def values_held(names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    """The values that are not blank, by name."""
    if None not in values:
        return dict(zip(names, values, strict=True))
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}
