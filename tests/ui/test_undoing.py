"""Ctrl+Z takes back what was done last, however quickly it follows."""

from __future__ import annotations

from PySide6.QtCore import Qt

from cbo_desk.property import asset_card, move_assets
from tests.ui.places.conftest import CONTROL, hands, made, open_window, window

__all__ = ["hands", "made", "open_window", "window"]


def test_what_is_still_being_saved_is_meant_and_not_what_was_done_before(hands, made):
    office, runner = hands.window.office, hands.window.runner

    def places():
        return [office.read(asset_card, asset).form.place_id for asset in (made.asset0, made.asset1)]

    before = places()
    runner.write(move_assets, [made.asset0], made.m215)
    hands.until(lambda: places() == [made.m215, before[1]])
    hands.still()
    runner.write(move_assets, [made.asset1], made.m215)
    hands.press(Qt.Key.Key_Z, CONTROL)  # before anything told that it is saved
    told = hands.window.shell.toasts.notices
    hands.until(lambda: len(told.all) == 3)  # two moves, and one that was taken back
    hands.still()
    assert places() == [made.m215, before[1]]
