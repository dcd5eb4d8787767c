"""The room that is counted at a glance: the last scan on top, then expected, found, missing and not expected."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cbo_desk.plurals import Count
from cbo_desk.property.verification import RoomView
from ui.kit.buttons import Button
from ui.kit.cards import frame, line, stack
from ui.kit.labels import IconLabel, Label
from ui.kit.theme import px
from ui.property.counts.column import Column
from ui.property.counts.strip import LastScan

NARROW = 780
"""Below this width, in pixels at 100 %, the columns have room for short words only."""


class RoomBoard(QWidget):
    """The strip of the last scan over four columns. `picked` tells of Enter on a thing that is still expected.

    `run` carries out an action by its name; `save` saves the scans that wait on this computer.
    """

    picked = Signal()

    def __init__(self, run: Callable[[str], object], save: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._left = 0
        self.strip = LastScan(self)
        self.missing_button = Button(
            self.tr("Missing"), "circle-help", "plain", partial(run, "property.counts.missing"), "F8"
        )
        self.expected = Column("circle-dashed", "muted", self.tr("Expected"), self, deed=self.missing_button)
        self.found = Column("circle-check", "ok_text", self.tr("Found"), self)
        self.missing = Column("triangle-alert", "warn_text", self.tr("Missing"), self)
        self.extra = Column("arrow-left-right", "info_text", self.tr("Not expected"), self)
        self.expected.picked.connect(lambda _line: self.picked.emit())
        self.waiting_words = Label("", "amber", wrap=True)
        again = Button(self.tr("Save them now"), "refresh-cw", "plain", save)
        mark = IconLabel("cloud-off", "warn_text")
        self.waiting_bar = frame(
            line(mark, self.waiting_words, again, gap=10), look="notice", margins=(12, 6, 8, 6), parent=self
        )
        columns = QHBoxLayout()
        columns.setSpacing(8)
        for column in (self.expected, self.found, self.missing, self.extra):
            columns.addWidget(column, 1)
        whole = stack(self.strip, self.waiting_bar, columns, gap=10)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.show_room(None)
        self.say_waiting(0)

    def show_room(self, view: RoomView | None) -> None:
        """Show a room as it stands, or that there is none yet."""
        self.missing_button.setEnabled(view is not None and bool(view.expected))
        if view is None:
            for column in (self.expected, self.found, self.missing, self.extra):
                column.show_lines(())
            self.strip.show_before(())
            self.strip.say(self.tr("No room yet"), self.tr("Scan a door"), self.tr("Its room opens here."))
            return
        listed = self.tr("still to find, of {count} listed").format(count=f"{view.listed:,}")
        self.expected.show_lines(view.expected, listed)
        typed = sum(one.by_number for one in view.found)
        found = self.tr("{scanned} scanned · {typed} by number")
        self.found.show_lines(view.found, found.format(scanned=f"{len(view.found) - typed:,}", typed=f"{typed:,}"))
        away = self.tr("{count} found elsewhere").format(count=f"{len(view.elsewhere):,}")
        self.missing.show_lines(view.missing, away if view.elsewhere else self.tr("Follow-up after closing"))
        self.extra.show_lines(view.not_expected, self.tr("Place corrected at closing"))
        self._left = len(view.expected)
        self._say_left()
        self.strip.show_room(view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the new room."""
        super().resizeEvent(event)
        self._say_left()

    def _say_left(self) -> None:
        """Name the number that is marked as missing where there is room for it."""
        if not self._left or self.width() < px(NARROW):
            self.missing_button.set_words(self.tr("Missing"), "F8")
        else:
            words = self.tr("Mark {count} as missing").format(count=f"{self._left:,}")
            self.missing_button.set_words(words, "F8")

    def say_waiting(self, count: int) -> None:
        """So many scans wait on this computer to be saved."""
        self.waiting_bar.setVisible(count > 0)
        said = self.tr("{count:scan waits|scans wait} on this computer, to be saved with the next scan that can be.")
        self.waiting_words.setText(said.format(count=Count(count)))
