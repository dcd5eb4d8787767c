"""How a card comes by its record: while nothing stands on it yet, it says that the chosen one is on its way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ui.kit.states import Nothing

if TYPE_CHECKING:
    from ui.kit.runner import Runner

T = TypeVar("T")


def read_card(
    runner: Runner,
    owner: QObject,
    card: QWidget,
    query: Callable[..., T],
    *args: Any,
    done: Callable[[T], object],
    failed: Callable[[Exception], object] | None = None,
    long: bool = False,
    ahead: bool = False,
) -> None:
    """Look up the record that `card` is to show; `long` where that takes long and must not hold up the rest.

    A card that follows scans is read `ahead` of what lists still read.

    Where the card says that nothing is chosen, it says *Reading…* until the answer is there.
    """
    waiting = [each for each in card.findChildren(Nothing) if _stands(each, card)]
    for each in waiting:
        each.begin_reading()
    ticket = runner.following.set_out(card)

    def over() -> None:
        for each in waiting:
            if isValid(each):
                each.end_reading()

    def found(record: T) -> None:
        over()
        try:
            done(record)
        finally:
            runner.following.arrive(ticket)

    def broke(error: Exception) -> None:
        over()
        try:
            (failed or runner.failed.emit)(error)
        finally:
            runner.following.arrive(ticket)

    if long:
        runner.walk(owner, query, *args, done=found, failed=broke)
    else:
        runner.read(owner, query, *args, done=found, failed=broke, ahead=ahead)


def _stands(nothing: QWidget, card: QWidget) -> bool:
    """Whether it is in front on the card, shown already or not."""
    each: QWidget | None = nothing
    while each is not None and each is not card:
        if each.isHidden() and each.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            return False
        each = each.parentWidget()
    return True
