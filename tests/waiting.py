"""Waiting at a window: the program deals with all there is for it to do, and only then is looked whether it holds.

pytest-qt looks every ten milliseconds, whatever goes on: what arrives in one is seen nine later, and what an answer
leaves to be done, as a label that is shown by an event of its own, may not be done yet when the answer is.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from pytestqt.exceptions import TimeoutError as Waited

PATIENCE_MS = 30_000
LOOK_MS = 10
"""What no event tells of, as a file that another program writes, is looked for so often."""
STEP_S = 0.5
"""What a single turn of waiting counts at most: a computer that stood still meanwhile has not kept anybody waiting."""


def deal_with_all(loop: QEventLoop) -> None:
    """Let the program do what there is to do, and what comes of it; of what never ends, for a look's time."""
    until = time.monotonic() + LOOK_MS / 1000
    while loop.processEvents() and time.monotonic() < until:
        pass
    bury()  # as a loop does that runs by itself: only what was asked of it while it ran would die otherwise


def bury() -> None:
    """Let what was closed die now: a change of theme would polish it anew."""
    for _ in range(2):  # a window goes after its frame
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def comes_to_hold(right: Callable[[], bool], patience_s: float) -> bool:
    """Whether something holds within a time, of which only that counts in which this program could run."""
    if right():
        return True
    loop = QEventLoop()
    loop.startTimer(LOOK_MS)
    waited, last = 0.0, time.monotonic()
    while True:
        deal_with_all(loop)
        if right():
            return True
        if waited > patience_s:
            return False
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        now = time.monotonic()
        waited, last = waited + min(now - last, STEP_S), now


def wait_until(_qtbot: Any, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
    """Stands in for pytest-qt's `waitUntil`, and refuses what it refuses."""
    __tracebackhide__ = True
    last: list[AssertionError | None] = [None]

    def right() -> bool:
        try:
            answer = callback()
        except AssertionError as error:
            last[0] = error
            return False
        last[0] = None
        if answer not in (None, True, False):
            raise ValueError(f"waitUntil() callback must return None, True or False, returned {answer!r}")
        return answer is not False

    if not comes_to_hold(right, timeout / 1000):
        raise Waited(f"waitUntil timed out in {timeout} milliseconds") from last[0]
