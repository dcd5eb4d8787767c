"""A window that was left dies, with all that belongs to it, whoever it was left for: the program may run for weeks."""

from __future__ import annotations

import gc
import weakref

from tests.waiting import bury


def parts_of(window):
    """The window and some of what it is made of, none of which may outlive it."""
    page = window.shell.go("property")
    return [weakref.ref(one) for one in (window, window.bench, window.runner, window.scans, page, page.register.model)]


def test_a_window_that_was_left_dies(start, demo, qtbot):
    opening = start(str(demo))
    for _ in range(2):
        old = parts_of(opening.window)
        qtbot.waitUntil(lambda: opening.window.runner.resting)
        opening.choose_again()
        opening.open(str(demo))
        qtbot.waitUntil(lambda: opening.window is not None)
        qtbot.waitUntil(lambda: opening.window.shell.page() is not None)
        bury()
        gc.collect()
        assert [one() for one in old] == [None] * 6
