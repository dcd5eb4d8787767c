"""Scans that wait because a box stands in front: how many, which, until when, and a way to leave them out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from cbo_desk.plurals import Count
from ui.kit.bidi import identifier
from ui.kit.buttons import Button
from ui.kit.cards import line, stack
from ui.kit.labels import IconLabel, Label
from ui.kit.scanning.feed import Scanned
from ui.kit.scanning.showing import visible
from ui.kit.toasts import InSight

NAMED = 4
"""So many of the scans that wait are named, the latest of them."""
LONGEST = 28


class HeldStrip(InSight):
    """Stands below a box while scans wait for it to go."""

    def __init__(self, leave_out: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "raised")
        self.words, self.codes = Label("", "warn", wrap=True), Label("", "small-muted", wrap=True)
        self.leave_button = Button(self.tr("Leave out"), "x", "link", leave_out)
        row = line(IconLabel("scan-barcode", "warn_text", 18), stack(self.words, self.codes), self.leave_button)
        row.setContentsMargins(16, 8, 10, 8)
        row.setStretch(1, 1)
        self.setLayout(row)
        self.codes.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)

    def show_scans(self, scans: Sequence[Scanned]) -> None:
        """Name those that wait, and say when it is their turn."""
        words = self.tr("{count:scan waits|scans wait} until this is done with, and nothing was done yet.")
        self.words.setText(words.format(count=Count(len(scans))))
        self.codes.setText(names([scan.text for scan in scans]))
        self.setAccessibleName(f"{self.words.words()} {self.codes.words()}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press beside the words must not close the box."""
        event.accept()


def names(texts: Sequence[str]) -> str:
    """Some scanned texts for the eye, the latest ones where they are many."""
    shown = [identifier(visible(text.strip(), LONGEST)) for text in texts[-NAMED:]]
    return " · ".join(["…", *shown] if len(texts) > NAMED else shown)
