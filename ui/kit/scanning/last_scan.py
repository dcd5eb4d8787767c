"""The strip that always shows the last scan: what, when, what became of it, and how much waits or was dropped."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from cbo_desk.context import local
from ui.kit.bidi import identifier
from ui.kit.cards import line
from ui.kit.chips import Chip, Status
from ui.kit.labels import ElidedLabel, Figure, IconLabel, Label
from ui.kit.scanning.feed import Outcome, ScanFeed, Scanned
from ui.kit.scanning.showing import visible
from ui.kit.scanning.sounds import Sounds
from ui.kit.toasts import InSight

_ROOM = 240
LOOKED_UP_MS = 40
"""A scan that is dealt with sooner is shown once, with its outcome: painting it twice makes the next one wait."""
FOLLOWS_MS = 160
"""Good outcomes that follow each other faster are shown so often: nobody reads faster, and each delays the next."""


class LastScan(InSight):
    """One line on the feed's doings; with `sounds` it is also heard."""

    def __init__(self, feed: ScanFeed, sounds: Sounds | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "sunk")
        self._sounds = sounds
        self._scan: Scanned | None = None
        self.code = ElidedLabel(self.tr("Nothing scanned yet"), "h3", self)
        self.code.setMinimumWidth(_ROOM)
        self.said = ElidedLabel("", "muted", self)
        self.when = Figure("", "small-muted", self)
        self._asked = Status(self.tr("Being looked up"), "live", "hourglass")
        self._good = Status(self.tr("Done"), "ok", "circle-check")
        self._bad = Status(self.tr("Not done"), "bad", "circle-x")
        self._waits = Status(self.tr("Waits"), "warn", "hourglass")
        self.outcome = Chip(Status(self.tr("Ready"), "idle", "scan-barcode"), self)
        self.outcome.keep_room_for(self._asked, self._good, self._bad, self._waits)
        self.repeats = Label("", "small-muted", self)
        self.queue = Figure("", "warn", self)
        head = (IconLabel("scan-barcode", "muted", 16, self), Label(self.tr("Last scan"), "cap", self))
        row = line(*head, self.code, self.outcome, self.said, self.repeats, self.queue, self.when)
        row.setContentsMargins(12, 4, 12, 4)
        row.setStretch(2, 2)
        row.setStretch(4, 3)
        self.setLayout(row)
        for label in (self.code, self.said):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._looked_up = QTimer(self, singleShot=True, interval=LOOKED_UP_MS)
        self._looked_up.timeout.connect(self._show_asked)
        self._late: tuple[Scanned, Outcome] | None = None
        self._follows = QTimer(self, singleShot=True, interval=FOLLOWS_MS)
        self._follows.timeout.connect(self._show_late)
        self._behind = 0
        self._wait = QTimer(self, singleShot=True, interval=FOLLOWS_MS)
        self._wait.timeout.connect(self._show_behind)
        feed.scanned.connect(self._hear)
        feed.repeated.connect(self._show_repeat)
        feed.finished.connect(self._show_outcome)
        feed.waiting.connect(self._show_waiting)
        feed.held.connect(self._show_held)
        self._name_it()

    def _hear(self, scan: Scanned) -> None:
        self._scan = scan
        self.repeats.setText("")
        if not self._looked_up.isActive():
            self._looked_up.start()

    def _show_asked(self) -> None:
        """What was scanned last is still being dealt with: say so meanwhile."""
        scan, self._late = self._scan, None
        if scan is None:
            return
        self.code.setText(identifier(visible(scan.text)))
        self.when.setText(self._origin(scan))
        self.said.setText("")
        self.outcome.show_status(self._asked)
        self._name_it()

    def _show_outcome(self, scan: Scanned, outcome: Outcome) -> None:
        if self._sounds is not None:
            self._sounds.play("good" if outcome.good else "bad")
        if self._scan is not None and scan is not self._scan and outcome.good:
            return  # a later scan comes here at once; only bad news comes back to an earlier one
        self._looked_up.stop()
        self._late = (scan, outcome)
        if not outcome.good or not self._follows.isActive():
            self._show_late()

    def _show_late(self) -> None:
        """Show the newest outcome that is not shown yet, if there is one."""
        if self._late is None:
            return
        scan, outcome = self._late
        self._late = None
        self.code.setText(identifier(visible(scan.text)))
        self.when.setText(self._origin(scan))
        self.said.setText(visible(outcome.words, 300))
        self.outcome.show_status(self._good if outcome.good else self._bad)
        self._name_it()
        if outcome.good:
            self._follows.start()

    def _show_held(self, scans: Sequence[Scanned]) -> None:
        if not scans or scans[-1] is not self._scan:
            return
        if self._sounds is not None:
            self._sounds.play("bad")  # who scans looks at the thing: the screen has to be looked at
        self._looked_up.stop()
        self._late = None
        self.code.setText(identifier(visible(scans[-1].text)))
        self.when.setText(self._origin(scans[-1]))
        self.said.setText(self.tr("Waits until what stands in front is done with."))
        self.outcome.show_status(self._waits)
        self._name_it()

    def _show_repeat(self, scan: Scanned, times: int) -> None:
        self.repeats.setText(
            self.tr("1 repeat dropped") if times == 1 else self.tr("%1 repeats dropped").replace("%1", str(times))
        )
        self._name_it()

    def _show_waiting(self, count: int) -> None:
        self._behind = count - 1  # the one in hand does not wait
        if self._behind <= 0:
            self._wait.stop()
            self.queue.setText("")
        elif not self._wait.isActive():
            self._wait.start()

    def _show_behind(self) -> None:
        """How many wait, once some do for a while: to paint it in a burst would make them wait longer."""
        self.queue.setText(self.tr("%1 waiting").replace("%1", str(self._behind)))

    def _origin(self, scan: Scanned) -> str:
        sources = {
            "keyboard": self.tr("scanner"),
            "serial": self.tr("serial scanner"),
            "image": self.tr("picture"),
            "camera": self.tr("camera"),
        }
        return f"{local(scan.at):%H:%M:%S} · {sources[scan.source]}"

    def _name_it(self) -> None:
        """Say the strip in one sentence to a screen reader."""
        words = (self.code.words(), self.outcome.status.word, self.said.words(), self.repeats.words())
        self.setAccessibleName(self.tr("Last scan: %1").replace("%1", ", ".join(filter(None, words))))
