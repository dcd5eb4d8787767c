"""Who is it for: letters of a name bring three candidates; 1 to 3 or Enter chooses, 0 is later. Nobody by itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from cbo_desk.mail import Candidate, suggest_addressees
from cbo_desk.plurals import Count
from ui.bench import Bench
from ui.kit.cards import line, stack
from ui.kit.chips import Chip, Status
from ui.kit.labels import ElidedLabel, KeyCap, Label
from ui.kit.phrases import day

PAUSE_MS = 40
MOST = 3


class NameField(QLineEdit):
    """Where letters of a name are typed; digits, Enter and Esc are taken as orders. `pressed(str)` tells which."""

    pressed = Signal(str)

    def event(self, event: QEvent) -> bool:
        """Leave Ctrl+Z to the page while nothing was typed: it takes the last receipt back."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_idle_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take 0 to 3, Enter and an idle Ctrl+Z out of what is typed."""
        key = event.text()
        if self._is_idle_undo(event):
            event.ignore()
            return
        if key in ("0", "1", "2", "3") and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.pressed.emit(key)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pressed.emit("enter")
        else:
            super().keyPressEvent(event)

    def _is_idle_undo(self, event: QKeyEvent) -> bool:
        return not self.text() and event.matches(QKeySequence.StandardKey.Undo)


class CandidateBox(QFrame):
    """One candidate with the key that chooses them. `chosen` when it is clicked."""

    chosen = Signal()

    def __init__(self, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self._name, self._about = Label("", "h3"), ElidedLabel("", "muted")
        self._away = Chip(Status("", "warn", "calendar-days"))
        self._enter = KeyCap("Enter")
        self._more = Label("", "small-muted")
        second = line(self._about, self._away, self._more)
        second.setStretch(0, 1)  # what speaks for somebody has all the room that the chips leave
        words = stack(line(self._name, None, self._enter), second)
        row = line(KeyCap(key), words, margins=(14, 10, 14, 10), gap=12)
        row.setStretch(1, 1)
        self.setLayout(row)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_candidate(self, one: Candidate, first: bool) -> None:
        """Show somebody."""
        self._name.setText(one.name)
        about = [one.entity, one.place, " ".join(one.evidence)]
        if one.goes_to:
            about[2] = self.tr("goes to {name}").format(name=one.goes_to)
        self._about.setText(" · ".join(part for part in about if part))
        self._away.setVisible(one.away_until is not None or one.left)
        if one.left:
            self._away.show_status(Status(self.tr("Has left"), "warn", "log-out"))
        elif one.away_until is not None:
            words = self.tr("Away until {day}").format(day=day(one.away_until))
            self._away.show_status(Status(words, "warn", "calendar-days"))
        self._enter.setVisible(first)
        more = self.tr("a group of {count:person|people}").format(count=Count(one.members)) if one.members else ""
        if one.items:
            more = self.tr("{count:item|items} so far").format(count=Count(one.items))
        self._more.setText(more)
        self.setProperty("look", "chosen" if first else "card")
        self.style().unpolish(self)
        self.style().polish(self)
        self.setAccessibleName(f"{one.name}, {about[0]}, {about[1]}")

    def mousePressEvent(self, event: object) -> None:
        """A click chooses."""
        self.chosen.emit()


class WhoBox(QWidget):
    """The field and its candidates. `addressed(Candidate)` when a person chose one, `later` for 0."""

    addressed = Signal(object)
    later = Signal()

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self.found: Sequence[Candidate] = ()
        self._asked = ""
        self._waiting = ""
        self.field = NameField(self)
        self.field.setAccessibleName(self.tr("Who is it for?"))
        self.field.setPlaceholderText(self.tr("Letters of a name, a group or an entity"))
        self.boxes = [CandidateBox(str(at + 1), self) for at in range(MOST)]
        self.nobody = Label("", "muted", wrap=True)
        head = line(
            Label(self.tr("Who is it for?"), "h2"), None, Label(self.tr("1 to 3 chooses, 0 is later"), "small-muted")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.field)
        for at, box in enumerate(self.boxes):
            column.addWidget(box)
            box.chosen.connect(lambda at=at: self._choose(at))
            box.hide()
        column.addWidget(self.nobody)
        column.addLayout(line(KeyCap("0"), Label(self.tr("Later: into the queue, and the next scan")), None))
        column.addStretch()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.field.textChanged.connect(self._typed)
        self.field.pressed.connect(self._pressed)

    def begin(self, hint: str = "") -> None:
        """Begin anew for another item; `hint` is what its label says, looked up but never taken by itself."""
        self.field.blockSignals(True)
        self.field.clear()
        self.field.blockSignals(False)
        self._pause.stop()
        self._waiting, self._asked = "", hint
        self._show_none()
        if hint:
            self._look_up(hint)

    def _show_none(self) -> None:
        """Show nobody, and do not say so: nobody was asked for yet."""
        self._show(())
        self.nobody.setText("")

    def is_busy(self) -> bool:
        """Whether a person is saying whom something is for: letters stand there, or a key waits for its answer."""
        return bool(self.field.text() or self._waiting)

    def _typed(self, words: str) -> None:
        self._asked = words.strip()
        self._pause.start()

    def _ask(self) -> None:
        if self._asked:
            self._look_up(self._asked)
        else:
            self._show(())

    def _look_up(self, words: str) -> None:
        def answered(found: Sequence[Candidate]) -> None:
            if words == self._asked:
                self._show(found)

        self._bench.runner.read(self, suggest_addressees, words, MOST, done=answered)

    def _show(self, found: Sequence[Candidate]) -> None:
        self.found = found
        for at, box in enumerate(self.boxes):
            box.setVisible(at < len(found))
            if at < len(found):
                box.show_candidate(found[at], at == 0)
        nobody = self._asked and not found and not self._pause.isActive()
        self.nobody.setText(self.tr("Nobody has a name like this.") if nobody else "")
        if self._waiting and found:
            key, self._waiting = self._waiting, ""
            self._pressed(key)

    def _pressed(self, key: str) -> None:
        if key == "0":
            self.later.emit()
            return
        if self._pause.isActive() or (not self.found and self._asked):
            # The key was quicker than the answer: it is kept until the candidates for what was typed are there.
            self._waiting = key
            if self._pause.isActive():
                self._pause.stop()
                self._found_none()
                self._ask()
            return
        self._choose(0 if key == "enter" else int(key) - 1)

    def _found_none(self) -> None:
        self.found = ()

    def _choose(self, at: int) -> None:
        if at < len(self.found):
            self.addressed.emit(self.found[at])
