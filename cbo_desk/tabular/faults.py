"""What is wrong with a cell or a row, said so that a person can put it right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Mend:
    """A proposed correction: what the button says and the text that would stand in the cell instead."""

    label: str
    value: str


class Wrong(Exception):
    """A value cannot be taken; the text says what to do, `mend` holds a proposal where there is one.

    `missing` is the word of a record that may be added, where the cell names one that is not there.
    """

    def __init__(self, what_to_do: str, mend: Mend | None = None, missing: str = "") -> None:
        super().__init__(what_to_do)
        self.what_to_do = what_to_do
        self.mend = mend
        self.missing = missing


class Fault(NamedTuple):
    """A fault at its row (number in the file) and column ("" for the whole row).

    `value` is the cell as it stands, `other_row` a row of the same file that it is at odds with (0 for none), `missing`
    the word of a record that may be added.
    """

    row: int
    column: str
    value: str
    what_to_do: str
    mend: Mend | None = None
    other_row: int = 0
    missing: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The fault as the command line prints it."""
        told: dict[str, Any] = {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "what_to_do": self.what_to_do,
        }
        if self.mend:
            told["mend"] = self.mend.value
        if self.other_row:
            told["other_row"] = self.other_row
        return told
