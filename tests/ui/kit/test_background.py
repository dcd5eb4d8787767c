"""Work that is handed to a thread: in the order of asking, and what goes ahead before what waits."""

from __future__ import annotations

import weakref
from functools import partial
from threading import Event, Timer

from ui.kit.background import Background


def test_what_goes_ahead_is_answered_before_what_waits_and_both_in_the_order_of_asking(qtbot, qapp):
    background, gate, answers = Background(1), Event(), []
    background.run(qapp, gate.wait, lambda _answer: None, answers.append)
    for name, ahead in (("a", False), ("b", False), ("c", True), ("d", True), ("e", False)):
        background.run(qapp, partial(str, name), answers.append, answers.append, ahead=ahead)
    gate.set()
    qtbot.waitUntil(lambda: len(answers) == 5, timeout=20_000)
    assert answers == ["c", "d", "a", "b", "e"]
    background.finish()


def test_what_is_dropped_is_let_go_of(qapp):
    """Qt's pool keeps for good what it is told to forget: a window with a question still waiting never died."""
    background, going = Background(1), Event()

    class Kept:
        """Stands for the window that an errand holds."""

    kept = Kept()
    gone = weakref.ref(kept)
    background.run(background, going.wait, print, print)
    background.run(background, partial(print, kept), print, print)
    del kept
    assert gone() is not None
    opener = Timer(0.05, going.set)
    opener.start()
    background.finish()
    opener.join()
    assert gone() is None
    background.deleteLater()
