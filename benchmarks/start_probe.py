"""One start of the real program that notes when it is usable and goes: `benchmarks.start` runs it again and again."""

from __future__ import annotations

import sys
import time
from pathlib import Path


def main(url: str, desk: str) -> int:
    """Start on a desk; print the Unix times of the painted frame and of the shown rows, the CPU seconds, the rows."""
    import gc

    gc.disable()
    from PySide6.QtCore import QTimer

    from ui.application import make_app
    from ui.kit.preferences import LAST_DESK, Preferences
    from ui.opening import Opening

    preferences = Preferences(Path(sys.argv[1]).parent / f"probe-{desk}.ini")
    preferences.set(LAST_DESK, desk)
    app = make_app(preferences)
    opening = Opening(url, preferences, app)
    stamps: list[float] = []

    def framed() -> None:
        stamps.append(time.time())

    def look() -> None:
        window = opening.window
        page = window.shell.page() if window is not None else None
        if page is None:
            return
        rows = rows_of(page)
        if rows and app.focusWidget() is opening.frame.top.field:
            page.repaint()
            stamps.append(time.time())
            stamps.extend((time.process_time(), rows))
            poll.stop()
            opening.finish()
            app.quit()

    poll = QTimer(app)
    poll.setInterval(2)
    poll.timeout.connect(look)

    def begin() -> None:
        opening.begin()
        opening.frame.repaint()
        framed()
        poll.start()

    QTimer.singleShot(0, begin)
    app.exec()
    print(*stamps)
    return 0


def rows_of(page: object) -> int:
    """How many rows of its list a page shows by now."""
    needs = getattr(page, "needs", None)
    if needs is not None:
        return len(needs.rows)
    register = getattr(page, "register", None)
    return int(register.model.rowCount()) if register is not None else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
