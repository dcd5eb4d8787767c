"""What stands where a list would be: nothing yet, no match, an error, offline; each with one next action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from ui.kit.buttons import Button
from ui.kit.cards import line, stack
from ui.kit.icons import put_icon
from ui.kit.labels import IconLabel, Label

StateKind = Literal["empty", "no-match", "error", "offline"]
_ICON: dict[StateKind, tuple[str, str]] = {
    "empty": ("inbox", "faint"),
    "no-match": ("search", "faint"),
    "error": ("circle-alert", "bad_text"),
    "offline": ("cloud-off", "warn_text"),
}
SHOW_AFTER_MS = 400
"""Work shorter than this shows no progress (rule 7)."""

NARROWEST, WIDEST, MARGIN = 200, 440, 24
"""Pixels: of a state's sentence, and around it."""


class State(QWidget):
    """One such state: an icon, a heading, a sentence or two, and the next action."""

    def __init__(
        self,
        kind: StateKind,
        heading: str,
        sentence: str = "",
        next_action: Button | None = None,
        other: Button | None = None,
        *,
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kind: StateKind = kind
        self.next_action = next_action
        name, token = _ICON[kind]
        self.mark = IconLabel(icon or name, token, 40)
        self.heading = Label(heading, "h2", centred=True, wrap=True)
        self.sentence = Label(sentence, "muted", centred=True, wrap=True)
        self._wide = min(WIDEST, max(NARROWEST, self.sentence.fontMetrics().horizontalAdvance(sentence) + 20))
        self.sentence.setMinimumWidth(NARROWEST)
        buttons = [button for button in (other, next_action) if button is not None]
        self.setLayout(
            stack(
                None,
                line(None, self.mark, None),
                8,
                self.heading,
                2,
                line(None, self.sentence, None),
                12,
                line(None, *buttons, None),
                None,
                margins=(MARGIN, MARGIN, MARGIN, MARGIN),
            )
        )
        self.setAccessibleName(heading)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The sentence is as wide as its words want and the room allows: a card is narrower than a list."""
        super().resizeEvent(event)
        self.sentence.setMinimumWidth(max(NARROWEST, min(self._wide, self.width() - 2 * MARGIN)))

    def say(self, heading: str, sentence: str) -> None:
        """Say it in other words."""
        self.heading.setText(heading)
        self.sentence.setText(sentence)
        self.setAccessibleName(heading)

    def set_icon(self, icon: str, token: str = "faint") -> None:
        """Show another icon."""
        put_icon(self.mark, icon, token, 40)


class Nothing(State):
    """What stands on a card while no record is chosen; see `ui.kit.reading` for who lets it say that one is read."""

    def __init__(self, heading: str, sentence: str = "", *, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__("empty", heading, sentence, icon=icon, parent=parent)
        self._words = heading, sentence
        self._on_the_way = 0

    def begin_reading(self) -> None:
        """Something was chosen, and is on its way: that nothing is chosen would not be true."""
        self._on_the_way += 1
        self.say(self.tr("Reading…"), "")

    def end_reading(self) -> None:
        """An answer came; with the last of them, say again what it says while nothing is chosen."""
        self._on_the_way -= 1
        if not self._on_the_way:
            self.say(*self._words)


def not_known() -> State:
    """What stands where nobody has looked before the server went away."""
    heading = QCoreApplication.translate("states", "Not known on this computer")
    words = QCoreApplication.translate(
        "states", "This was not looked at before the server went away. It is read as soon as that is back."
    )
    return State("offline", heading, words)


class ListOrState(QStackedWidget):
    """A list, or the state that stands in its place."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = content
        self.state: State | None = None
        self.setAccessibleName(content.accessibleName())
        self.addWidget(content)

    def show_state(self, state: State) -> None:
        """Show a state instead of the list; who had the state before it in hand has its next action in hand."""
        held = self._holds_focus()
        self._drop()
        self.state = state
        self.addWidget(state)
        self.setCurrentWidget(state)
        if held and state.next_action is not None:
            state.next_action.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_unread(self) -> None:
        """Nothing is known of the list: it was not looked at before the server went away."""
        self.show_state(not_known())

    def end_unread(self) -> None:
        """It is known now."""
        if self.state is not None and self.state.kind == "offline":
            self.show_content()

    def show_content(self) -> None:
        """Show the list again, in hand where the state was."""
        held = self._holds_focus()
        self.setCurrentWidget(self.content)
        self._drop()
        if held:
            self.content.setFocus(Qt.FocusReason.OtherFocusReason)

    def _holds_focus(self) -> bool:
        """Whether the state that is shown has the focus, which must not go to whatever comes next in the window."""
        focus = QApplication.focusWidget()
        return self.state is not None and focus is not None and self.state.isAncestorOf(focus)

    def _drop(self) -> None:
        if self.state is not None:
            self.removeWidget(self.state)
            self.state.deleteLater()
            self.state = None


class ProgressStrip(QWidget):
    """Work under way: words, a bar and Cancel; it appears only when the work takes longer than 400 ms."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = Label("", "small-muted")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.cancel = Button(self.tr("Cancel"), "x", "link", self._stop)
        row = line(self.words, self.bar, self.cancel, gap=10)
        row.setStretch(1, 1)
        row.setAlignment(self.bar, Qt.AlignmentFlag.AlignVCenter)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(14, 4, 8, 4)
        outer.addLayout(row)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SHOW_AFTER_MS)
        self._pause.timeout.connect(self.show)
        self.hide()

    def begin(self, words: str, cancel: Callable[[], object] | None = None, verb: str = "") -> None:
        """Work has begun; `cancel` is called when the person stops it, and without it no Cancel is offered.

        `verb` stands on it instead of Cancel, such as Stop where what was found so far is kept.
        """
        self._on_cancel = cancel
        self.cancel.setText(verb or self.tr("Cancel"))
        self.words.setText(words)
        self.bar.setRange(0, 0)
        self.cancel.setVisible(cancel is not None)
        self._pause.start()

    def report(self, done: int, total: int) -> None:
        """So much is done, of so much; 0 in all means that nobody knows."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def end(self) -> None:
        """The work is over."""
        self._pause.stop()
        self.hide()

    def _stop(self) -> None:
        self.cancelled.emit()
        if self._on_cancel is not None:
            self._on_cancel()
        self.end()
