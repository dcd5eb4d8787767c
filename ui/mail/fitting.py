"""Which carrier is it: those that a code fits, best proven first with the reason; a digit chooses, none by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QWidget

from cbo_desk.mail import CarrierMatch
from ui.kit.buttons import Button
from ui.kit.cards import line, stack
from ui.kit.labels import KeyCap, Label
from ui.kit.shell import Shell
from ui.kit.theme import px

MOST = 9


class FittingRow(QFrame):
    """One carrier with the key that chooses it and what speaks for it. `chosen` when it is clicked."""

    chosen = Signal()

    def __init__(self, key: int, match: CarrierMatch, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "chosen" if key == 1 else "card")
        service = match.service[:1].upper() + match.service[1:]
        named = " · ".join(part for part in (match.carrier, service) if part)
        self.setAccessibleName(f"{key}: {named}. {match.why}")
        words = stack(line(Label(named, "h3"), None), Label(match.why, "muted", wrap=True), gap=2)
        row = line(KeyCap(str(key)), words, margins=(14, 10, 14, 10), gap=12)
        row.setStretch(1, 1)
        self.setLayout(row)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        self.chosen.emit()


class FittingBox(QFrame):
    """The carriers of one code. `closed` asks for the box to go; a digit or Enter chooses, 0 is another carrier."""

    closed = Signal()

    def __init__(
        self,
        number: str,
        matches: Sequence[CarrierMatch],
        chosen: Callable[[CarrierMatch], object],
        other: Callable[[], object],
    ) -> None:
        super().__init__()
        self.setProperty("look", "raised")
        self.setAccessibleName(self.tr("Which carrier is it?"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.matches = list(matches)[:MOST]
        self._chosen, self._other = chosen, other
        pieces: list[QWidget] = []
        for at, match in enumerate(self.matches):
            row = FittingRow(at + 1, match, self)
            row.chosen.connect(partial(self._choose, at))
            pieces.append(row)
        about = self.tr("{number} has the form of several carriers. Compare it with the label.")
        self.setLayout(
            stack(
                Label(self.tr("Which carrier is it?"), "h2"),
                Label(about.format(number=number), "muted", wrap=True),
                6,
                *pieces,
                8,
                line(
                    Button(self.tr("Another carrier"), "pencil", "plain", self._ask_other, "0"),
                    None,
                    Button(self.tr("Cancel"), "", "plain", self.closed.emit, "Esc"),
                ),
                margins=(20, 18, 20, 16),
                gap=6,
            )
        )

    def sizeHint(self) -> QSize:
        """As high as its carriers need."""
        layout = self.layout()
        width = px(520)
        return QSize(width, layout.heightForWidth(width) + px(8) if layout is not None else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit chooses, Enter the first, 0 asks for another."""
        key = event.text()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(0)
        elif key == "0":
            self._ask_other()
        elif key.isdecimal() and int(key) <= len(self.matches):
            self._choose(int(key) - 1)
        else:
            super().keyPressEvent(event)

    def _choose(self, at: int) -> None:
        self.closed.emit()
        self._chosen(self.matches[at])

    def _ask_other(self) -> None:
        self.closed.emit()
        self._other()


def ask_carrier(shell: Shell, box: FittingBox) -> None:
    """Put the choice in front of the page, unless something else is there."""
    if shell.actions_.covered():
        box.deleteLater()
        return
    overlay = shell.open_overlay(box)
    box.closed.connect(overlay.close_it)
    box.setFocus()
