"""Who else has the record on screen open: told and heard once a second on a server, and never on a file."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from cbo_desk.open_records import Present
from ui.bench import Bench
from ui.kit.background import Background

SOON_MS, EVERY_MS = 250, 1_000
"""Who walks along a list opens many records and looks at none of them; after this pause they do."""


class Attending(QObject):
    """Tells the other workstations what is open here, and shows who else has it open."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._queue = Background(1, self)
        self._watching = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._strike)

    @property
    def busy(self) -> int:
        """How much is under way."""
        return self._queue.busy

    def start(self) -> None:
        """Begin to tell and to hear, where there is anybody."""
        if self._bench.runner.office.engine.dialect.name != "postgresql":
            return
        self._watching = True
        self._bench.shell.presence.moved.connect(self._soon)
        self._timer.start(SOON_MS)

    def stop(self) -> None:
        """Nothing is open here any more; a server that is away forgets it by itself."""
        if not self._watching:
            return
        self._watching = False
        self._timer.stop()
        self._bench.shell.presence.moved.disconnect(self._soon)
        self._queue.run(self, lambda: self._bench.runner.office.attend(frozenset()), _nothing, _nothing)
        self._queue.finish(all_of_it=True)

    def _soon(self) -> None:
        self._timer.start(SOON_MS)

    def _strike(self) -> None:
        if self._queue.busy:
            self._timer.start(SOON_MS)
            return
        opened = self._bench.shell.presence.opened()
        self._queue.run(self, lambda: self._bench.runner.office.attend(opened), self._heard, self._away)

    def _heard(self, others: list[Present]) -> None:
        if self._watching:
            self._bench.shell.presence.hear(others)
            self._wind()

    def _away(self, _error: Exception) -> None:
        """The window says already that the server is away; who is there is not known then."""
        if self._watching:
            self._bench.shell.presence.hear(())
            self._wind()

    def _wind(self) -> None:
        if not self._timer.isActive():
            self._timer.start(EVERY_MS)


def _nothing(_answer: object) -> None:
    pass
