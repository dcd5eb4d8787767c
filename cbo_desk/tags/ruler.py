"""The ruler page: what stands on it, and how far off a printer is by what a person measures on it."""

from __future__ import annotations

from dataclasses import dataclass

from cbo_desk.errors import Refusal
from cbo_desk.tags.output import PrinterProfile
from cbo_desk.tags.stocks import LabelStock

_FURTHEST = 20.0  # mm: beyond it a wrong paper or "fit to page" is the cause, not the printer


@dataclass(frozen=True, slots=True)
class Ruler:
    """Lengths in mm: from the page's edges to its two lines, and how long these are."""

    inset: float
    across: float
    down: float


def ruler_of(stock: LabelStock) -> Ruler:
    """The ruler that fits on a page of the stock."""
    width, height = stock.page
    inset = min(20.0, width / 4, height / 4)
    return Ruler(inset, _round_down(width - 2 * inset), _round_down(height - 2 * inset))


def profile_from(ruler: Ruler, left: float, top: float, length: float) -> PrinterProfile:
    """What to set for a printer whose upright line lies `left` and level line `top` mm from the edges.

    `length` is how long the level line was printed, in mm. Raises Refusal, with the field's name, for what no printer
    does by itself.
    """
    for name, measured in (("left", left), ("top", top)):
        if abs(measured - ruler.inset) > _FURTHEST:
            raise Refusal(
                f"{measured:g} mm is more than {_FURTHEST:g} mm off: {ruler.inset:g} mm is right. "
                "Is the right paper in the printer, and printed at 100 %?",
                name,
            )
    if not 0.9 <= length / ruler.across <= 1.1:
        raise Refusal(
            f"The level line should be {ruler.across:g} mm. With {length:g} mm the page was fitted to the paper: "
            "print it at 100 %.",
            "length",
        )
    scale = round(ruler.across / length, 5)
    return PrinterProfile(round(ruler.inset - left, 3), round(ruler.inset - top, 3), min(1.1, max(0.9, scale)))


def _round_down(length: float) -> float:
    """Round a ruler's length down to whole centimetres where it has some."""
    return length // 10 * 10 if length >= 10 else length
