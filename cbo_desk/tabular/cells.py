"""What a cell of a table can hold before it is understood."""

from __future__ import annotations

from datetime import date, datetime, time

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
