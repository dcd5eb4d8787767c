"""What every way of printing shares: where the printer really prints, what was printed, and files written whole."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cbo_desk.errors import Refusal, file_news
from cbo_desk.tags.layout import Composed
from cbo_desk.tags.stocks import Cell, LabelStock, cells

_MOST_WARNINGS = 50  # a thousand times the same sentence helps nobody


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """How far a printer is off, measured on its ruler page: moves the labels, never stretches what is on them.

    `dx_mm` moves right, `dy_mm` moves down; `scale` widens the distances between labels from the top left corner.
    """

    dx_mm: float = 0.0
    dy_mm: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        """Refuse figures that are no measurement."""
        for name, value in (("dx_mm", self.dx_mm), ("dy_mm", self.dy_mm)):
            if not math.isfinite(value) or abs(value) > 20:
                raise Refusal(f"A printer is moved by at most 20 mm, not {value:g} mm.", name)
        if not math.isfinite(self.scale) or not 0.9 <= self.scale <= 1.1:
            raise Refusal(f"A printer's scale is from 90 % to 110 %, not {self.scale:.1%}.", "scale")

    def corner(self, cell: Cell) -> tuple[float, float]:
        """Return where the top left corner of a cell is to be printed, in mm."""
        return cell.x * self.scale + self.dx_mm, cell.y * self.scale + self.dy_mm


@dataclass(frozen=True, slots=True)
class PrintReport:
    """What was printed: `cells` is (page, cell) of each tag in order, `files` what was written."""

    tags: int
    pages: int
    seconds: float
    cells: tuple[tuple[int, int], ...]
    warnings: tuple[str, ...]
    files: tuple[Path, ...] = ()


def corners(stock: LabelStock, profile: PrinterProfile) -> dict[int, tuple[float, float]]:
    """Return the printed top left corner of each cell, in mm and on whole printer dots."""
    dot = 25.4 / stock.dpi
    found = {}
    for cell in cells(stock):
        x, y = profile.corner(cell)
        found[cell.number] = (round(x / dot) * dot, round(y / dot) * dot)
    return found


def said(general: Sequence[str], composed: Iterable[Composed]) -> tuple[str, ...]:
    """Gather the warnings of a print, cut where they only repeat themselves."""
    warnings = [*general, *(warning for label in composed for warning in label.warnings)]
    more = len(warnings) - _MOST_WARNINGS
    return (*warnings[:_MOST_WARNINGS], f"{more} more labels have such warnings.") if more > 0 else tuple(warnings)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all; Refusal without the folder, Trouble from the disk."""
    draft = None
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(draft, 0o666 & ~_umask())
        os.replace(draft, path)
    except OSError as error:
        if draft is not None:
            Path(draft).unlink(missing_ok=True)
        reason = error.strerror or str(error)
        said = f"{path} could not be written: {reason}. Nothing was saved. Choose another folder."
        raise file_news(error, said) from error


def _umask() -> int:
    """Return the permissions a new file must not have; asking is only possible by setting."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
