"""The rows of the register that are chosen, on hand or not: what Ctrl+A and a long selection mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QTableView

from cbo_desk.paging import Key, Listing
from cbo_desk.progress import Progress
from ui.kit.runner import Runner
from ui.kit.window_model import WindowModel

Part = int | tuple[Key, int, int]


def chosen_rows(table: QTableView) -> list[tuple[int, int]]:
    """The first and the last row of each stretch that is selected, from the top down, neighbours as one."""
    selection = table.selectionModel().selection()
    joined: list[tuple[int, int]] = []
    for first, last in sorted({(selection.at(at).top(), selection.at(at).bottom()) for at in range(selection.count())}):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def read_chosen(runner: Runner, table: QTableView, model: WindowModel, then: Callable[[list[int]], object]) -> None:
    """Tell the ids of all selected rows in the order of the list: at once, or after reading those not on hand."""
    stretches = chosen_rows(table)
    parts: list[Part] = [part for first, last in stretches for part in model.stretches(first, last)]
    listing = model.listing
    if listing is None or all(isinstance(part, int) for part in parts):
        then([part for part in parts if isinstance(part, int)])
        return
    read = runner.office.read
    if stretches == [(0, model.rowCount() - 1)] and hasattr(listing, "ids"):
        runner.walk(model, listing.ids, model.rowCount(), done=then)
        return
    runner.job(model, lambda progress: _read_parts(read, listing, parts, progress), then)


def _read_parts(read: Any, listing: Listing[Any], parts: Sequence[Part], progress: Progress) -> list[int]:
    found: list[int] = []
    for part in parts:
        progress.report(len(found))
        if isinstance(part, int):
            found.append(part)
            continue
        start, skip, take = part
        found += [line.id for line in read(listing.page, start, skip + take)[skip:]]
    return found
