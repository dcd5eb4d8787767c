"""A window that was left dies, with all that belongs to it, whoever it was left for: the program may run for weeks."""

from __future__ import annotations

import gc
import weakref

from cbo_desk.compound import open_office
from tests.waiting import bury
from ui.window import Window


def parts_of(window):
    """The window and some of what it is made of, none of which may outlive it."""
    page = window.shell.go("property")
    return [weakref.ref(one) for one in (window, window.bench, window.runner, window.scans, page, page.register.model)]


def alive(parts):
    bury()
    gc.collect()
    return [type(one()).__name__ for one in parts if one() is not None]


def test_a_window_that_was_left_dies(start, demo, qtbot):
    opening = start(str(demo))
    old = parts_of(opening.window)
    qtbot.waitUntil(lambda: opening.window.runner.resting)
    assert len(alive(old)) == len(old)  # the control
    opening.choose_again()
    opening.open(str(demo))
    qtbot.waitUntil(lambda: opening.window is not None)
    qtbot.waitUntil(lambda: alive(old) == [])
    # And one that is closed with its frame.
    window = Window(open_office(str(demo), check=False), opening.preferences)
    window.show()
    old = parts_of(window)
    qtbot.waitUntil(lambda: old[2]().resting)
    window.close()
    del window
    qtbot.waitUntil(lambda: alive(old) == [])
