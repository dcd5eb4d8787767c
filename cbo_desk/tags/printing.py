"""Tags printed to a file, in the form that the file's ending asks for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from cbo_desk.errors import Refusal
from cbo_desk.tags import stocks
from cbo_desk.tags.layout import LabelLayout, TagLabel
from cbo_desk.tags.output import PrinterProfile, PrintReport
from cbo_desk.tags.plan import Tell
from cbo_desk.tags.stocks import LabelStock

SUFFIXES = (".pdf", ".zpl", ".png")


def make_tags(
    labels: Sequence[TagLabel],
    stock: str | LabelStock,
    out: Path | str,
    *,
    layout: LabelLayout | None = None,
    profile: PrinterProfile | None = None,
    start_at: int = 1,
    used_cells: Collection[int] = (),
    tell: Tell | None = None,
) -> PrintReport:
    """Write the labels to `out`, a .pdf, .zpl or .png file, and report what was printed where.

    `start_at` and `used_cells` tell which cells of the first sheet are gone; `tell` hears how far it is and may stop
    it. Raises Refusal for an unknown stock, a start cell off the sheet, nothing to print or another ending, Trouble
    where the file cannot be written.
    """
    path = Path(out)
    if path.suffix.lower() not in SUFFIXES:
        raise Refusal(f"Tags are saved as .pdf, .zpl or .png, not “{path.suffix or path.name}”.", "out")
    if not labels:
        raise Refusal("There are no tags to print.", "labels")
    chosen = stocks.stock(stock) if isinstance(stock, str) else stock
    if path.suffix.lower() == ".zpl":
        from cbo_desk.tags.zpl import write_zpl

        stocks.free_cells(chosen, used_cells, start_at)
        return write_zpl(labels, chosen, path, layout=layout, profile=profile, tell=tell)
    if path.suffix.lower() == ".png":
        from cbo_desk.tags.png import write_png as write
    else:
        from cbo_desk.tags.pdf import write_pdf as write
    return write(
        labels, chosen, path, layout=layout, profile=profile, start_at=start_at, used_cells=used_cells, tell=tell
    )
