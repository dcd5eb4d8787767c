"""This computer's clock against the server's, or against what was written last: one that is wrong is said while it is.

Nothing waits for it. On a server all is saved and shown with the server's time, whatever the clock here says.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from cbo_desk.plurals import Count
from cbo_desk.server_clock import MOST_AHEAD, own_clock
from cbo_desk.versions import newest_at
from ui.bench import Bench
from ui.kit.cards import frame, line
from ui.kit.labels import IconLabel, Label

BEAT_MS = 2_000
FIRST_MS, ASK_MS = 5_000, 60_000
"""Over a file what was written last is asked for when the person has begun to work, and then once a minute."""
_HOUR = timedelta(hours=1)


class Timekeeping(QObject):
    """Watches the clock of one window's computer; its strip stands below every page while the clock is wrong."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._newest: datetime | None = None
        self.strip = ClockStrip()
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(self.look)
        self._ask = QTimer(self, singleShot=True, interval=FIRST_MS)
        self._ask.timeout.connect(self.ask)

    def start(self) -> None:
        """Begin to look."""
        self._beat.start()
        if not self._on_server():
            self._ask.start()

    def stop(self) -> None:
        """Look no more."""
        self._beat.stop()
        self._ask.stop()

    def look(self) -> None:
        """Compare the clocks as they stand, and say what is wrong; nothing once the clock was set right."""
        if self._on_server():
            self.strip.show_ahead(self._bench.runner.office.server_clock.ahead)
        elif self._newest is not None:
            self.strip.show_behind_last(own_clock(), self._newest)

    def ask(self) -> None:
        """Ask when the last deed in the file was written."""
        self._bench.runner.read(self.strip, newest_at, done=self._hear, failed=lambda _error: None)
        self._ask.start(ASK_MS)

    def _hear(self, newest: datetime | None) -> None:
        self._newest = newest
        self.look()

    def _on_server(self) -> bool:
        return self._bench.runner.office.engine.dialect.name == "postgresql"


class ClockStrip(QWidget):
    """Says by how much the clock is wrong, what that means for the work, and what is to be done."""

    def __init__(self) -> None:
        super().__init__()
        self.words = Label("", wrap=True)
        self.words.setAccessibleName(self.tr("This computer's clock is wrong"))
        row = line(IconLabel("clock-alert", "warn_text", 16), self.words, gap=10)
        row.setStretch(1, 1)
        whole = line(frame(row, look="notice", margins=(12, 6, 8, 6)), margins=(0, 0, 16, 10))
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.hide()

    def show_ahead(self, ahead: timedelta) -> None:
        """The clock is `ahead` of the server's; behind it where that is negative."""
        if abs(ahead) < MOST_AHEAD:
            self.hide()
            return
        if ahead > -ahead:
            words = self.tr("This computer's clock is {count:minute|minutes} ahead of the server's.")
        else:
            words = self.tr("This computer's clock is {count:minute|minutes} behind the server's.")
        said = [
            words.format(count=Count(round(abs(ahead) / timedelta(minutes=1)))),
            self.tr("All is saved and shown with the server's time; have the clock set."),
        ]
        if abs(abs(ahead) - round(abs(ahead) / _HOUR) * _HOUR) < 2 * MOST_AHEAD and abs(ahead) > _HOUR / 2:
            said.append(self.tr("Whole hours mostly come from a wrong time zone or summer time."))
        self._say(" ".join(said))

    def show_behind_last(self, now: datetime, newest: datetime) -> None:
        """Over a file nobody else tells the time, but what was written last was written before now."""
        if newest - now < MOST_AHEAD:
            self.hide()
            return
        minutes = Count(round((newest - now) / timedelta(minutes=1)))
        words = self.tr(
            "This computer's clock is wrong: the last deed in this file was written {count:minute|minutes} later than "
            "the time it shows. Set it first; what is saved now carries the time it shows."
        )
        self._say(words.format(count=minutes))

    def _say(self, words: str) -> None:
        if words != self.words.text():
            self.words.setText(words)
        self.show()
