"""Work that is handed to a thread: in the order of asking, and what goes ahead before what waits."""

from __future__ import annotations

from functools import partial
from threading import Event

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
