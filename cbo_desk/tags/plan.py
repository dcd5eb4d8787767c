"""A print before it is printed: which tag comes into which cell, how it looks, and what stays free."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from cbo_desk.errors import Refusal
from cbo_desk.tags.layout import Composed, Composer, LabelLayout, TagLabel
from cbo_desk.tags.stocks import LabelStock, positions

MOST_COPIES = 100
_REPORT_EVERY = 500

Tell = Callable[[int, int], object]
"""Hears how many labels are done, of how many."""


@dataclass(frozen=True)
class PrintPlan:
    """Labels in their order with their places: `spots` holds (page, cell) from 1, `tags` the place in what was asked.

    `used` are the cells of the first page that were gone before.
    """

    stock: LabelStock
    composer: Composer
    labels: tuple[TagLabel, ...]
    tags: tuple[int, ...]
    spots: tuple[tuple[int, int], ...]
    composed: tuple[Composed, ...]
    used: frozenset[int]
    start_at: int

    @property
    def pages(self) -> int:
        """How many pages are printed."""
        return self.spots[-1][0] if self.spots else 0

    @property
    def warned(self) -> tuple[int, ...]:
        """The places of labels whose text did not fit as it is."""
        return tuple(place for place, label in enumerate(self.composed) if label.warnings)

    @property
    def shortened_only(self) -> bool:
        """Whether nothing worse happened to a text than that a name was shortened."""
        said = [warning for label in self.composed for warning in label.warnings]
        return all(warning.endswith("the name is shortened.") for warning in said)

    def cells_of(self, page: int) -> tuple[int, ...]:
        """The cells of a page that this print fills."""
        return tuple(cell for on, cell in self.spots if on == page)

    def free_after(self) -> int:
        """How many cells of the last page stay free."""
        return self.stock.per_page - len(self._gone()) if self.spots and not self.stock.is_roll else 0

    def used_after(self) -> tuple[int, ...] | None:
        """The used cells of the sheet that is left over; none of a full one, None for a roll."""
        if self.stock.is_roll:
            return None
        gone = self._gone()
        return () if len(gone) == self.stock.per_page else tuple(sorted(gone))

    def _gone(self) -> set[int]:
        before = self.used if self.pages <= 1 else frozenset[int]()
        return {*before, *self.cells_of(self.pages)}


def plan_print(
    labels: Sequence[TagLabel],
    stock: LabelStock,
    *,
    layout: LabelLayout | None = None,
    used: Collection[int] = (),
    start_at: int | None = None,
    copies: int = 1,
    tell: Tell | None = None,
) -> PrintPlan:
    """Lay out a print; without `start_at` it begins at the next free cell after the last print.

    Raises Refusal where the stock cannot hold the labels, the start is off the sheet, or there are too many copies.
    """
    if not 1 <= copies <= MOST_COPIES:
        raise Refusal(f"Print from 1 to {MOST_COPIES} copies of each tag, not {copies}.", "copies")
    gone = frozenset() if stock.is_roll else frozenset(cell for cell in used if 1 <= cell <= stock.per_page)
    begin = next_start(stock, gone) if start_at is None else start_at
    composer = Composer(stock, layout)
    tags = tuple(place for place in range(len(labels)) for _ in range(copies))
    spots = tuple(positions(stock, len(tags), gone, begin))
    composed = []
    for place, label in enumerate(labels):
        if tell is not None and place % _REPORT_EVERY == 0:
            tell(place, len(labels))
        composed.append(composer.compose(label))
    every = tuple(labels[place] for place in tags)
    return PrintPlan(stock, composer, every, tags, spots, tuple(composed[place] for place in tags), gone, begin)


def next_start(stock: LabelStock, used: Collection[int]) -> int:
    """The cell after the last used one, else the first free one, else the first of a new sheet."""
    last = max(used, default=0)
    if last < stock.per_page:
        return last + 1
    return next((cell for cell in range(1, stock.per_page + 1) if cell not in used), 1)
