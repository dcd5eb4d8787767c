"""Command tags: printed codes that tell the program what to do, so that a scanner alone is enough.

`CBOX`, the word, and the check character of ISO/IEC 7064 MOD 37,36. No kind of tag has the letter X, so a command is
never taken for a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from cbo_desk.tags.codes import check_character

_PREFIX = "CBOX"


class Order(StrEnum):
    """What a command tag orders."""

    DONE = "DONE"
    UNDO = "UNDO"
    PAPER = "PAPER"


WORDS: Mapping[Order, str] = {
    Order.DONE: "Done",
    Order.UNDO: "Take back the last scan",
    Order.PAPER: "Signed on paper",
}


def code_of(order: Order) -> str:
    """The payload of a command's tag."""
    body = _PREFIX + order.value
    return body + check_character(body)


_BY_CODE = {code_of(order): order for order in Order}


def order_of(text: str) -> Order | None:
    """The command a scanned text orders, in any case and with spaces; None for anything else."""
    return _BY_CODE.get("".join(text.split()).upper())
