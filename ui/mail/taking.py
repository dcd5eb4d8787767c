"""Who takes mail from a messenger: a name by one touch, a badge or letters, and the signature; or why nobody does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from cbo_desk.context import clock, local
from cbo_desk.mail import Taken
from ui.kit.cards import line, stack
from ui.kit.labels import Label
from ui.kit.signature import SignaturePad
from ui.kit.theme import px
from ui.mail.deeds import taken_by
from ui.mail.touch import NameButton, TouchButton, TouchChoices

MOST_NAMES = 4


class Taking(QStackedWidget):
    """The right side of the messenger's window. `delivered`, `failed` and `refused` when their button is pressed."""

    delivered = Signal()
    failed = Signal()
    refused = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.names: list[NameButton] = []
        self._badge: tuple[str, int] | None = None
        self._count = 0
        self._names_box = QGridLayout()
        self._names_box.setContentsMargins(0, 0, 0, 0)
        self._names_box.setSpacing(8)
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Who takes them?"))
        self.name.setPlaceholderText(self.tr("Somebody else: their name, or scan a badge"))
        self.name.setTextMargins(0, px(9), 0, px(9))  # a finger's height, which the stylesheet does not know
        self.name.textChanged.connect(self._say)
        self.clear_button = NameButton(self.tr("Clear"), "eraser", "plain")
        self.pad = self._make_pad()
        self.deliver_button = TouchButton(self.tr("Deliver"), "check", "primary", self.delivered.emit)
        self.fail_button = TouchButton(self.tr("Could not deliver"), "triangle-alert", "plain", self.failed.emit)
        self.refuse_button = TouchButton(self.tr("Refused"), "ban", "plain", self.refused.emit)
        side = QWidget()
        whole = stack(
            Label(self.tr("Who takes them?"), "h3"), 8, self._names_box, 8, self.name, 12, self.pad, 8,
            self.deliver_button, 8, line(self.fail_button, self.refuse_button),
        )  # fmt: skip
        whole.setStretch(whole.indexOf(self.pad), 1)
        side.setLayout(whole)
        self.why = TouchChoices(partial(self.setCurrentIndex, 0))
        self.addWidget(side)
        self.addWidget(self.why)

    def begin(self) -> None:
        """Nobody has said yet that they take anything."""
        self.setCurrentIndex(0)
        self._badge = None
        self.name.clear()
        self.pad.clear()

    def show_badge(self, name: str, person_id: int) -> None:
        """Somebody's badge was scanned: they take it."""
        self._badge = (name, person_id)
        self.name.setText(name)

    def taken(self) -> Taken:
        """Who takes it, and by what that is proven."""
        name = self.name.text().strip()
        badge = self._badge is not None and self._badge[0] == name
        person = self._badge[1] if badge and self._badge is not None else None
        return taken_by(name, self.pad, person, badge)

    def show_names(self, names: Sequence[str]) -> None:
        """Offer those whom the mail is for, two in a row: a touch says that this one takes it."""
        while (piece := self._names_box.takeAt(0)) is not None:
            widget = piece.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.names = []
        for place, name in enumerate(names[:MOST_NAMES]):
            button = NameButton(name, "user", "plain", partial(self.name.setText, name))
            self.names.append(button)
            self._names_box.addWidget(button, place // 2, place % 2, 1, 2 if len(names) == 1 else 1)

    def say_count(self, count: int, of: int) -> None:
        """Say how many of the items in front are handed over."""
        self._count = count
        words = self.tr("Deliver all {count}") if count and count == of else self.tr("Deliver {count}")
        self.deliver_button.set_words(words.format(count=count))
        self._say()

    def ask(self, question: str, answers: Sequence[str], chosen: Callable[[str], object]) -> None:
        """Ask something with large buttons where the signature was."""
        self.why.ask(question, answers, chosen)
        self.setCurrentWidget(self.why)

    def _say(self, *_changed: Any) -> None:
        name, now = self.name.text().strip(), local(clock())
        for button in self.names:
            button.show_chosen(bool(name) and button.accessibleName() == name)
        self.pad.say_who(f"{name} · {now:%-d %b %Y, %H:%M}" if name else "")
        self.deliver_button.setEnabled(bool(self._count) and bool(name))
        self.fail_button.setEnabled(bool(self._count))
        self.refuse_button.setEnabled(bool(self._count))

    def _make_pad(self) -> SignaturePad:
        pad = SignaturePad(self.tr("Signature"), self.tr("Sign here with pen, finger or mouse"))
        pad.setMinimumHeight(px(120))
        pad.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        pad.changed.connect(lambda: self.clear_button.setVisible(not pad.is_empty()))
        inside = QVBoxLayout(pad)
        inside.setContentsMargins(px(12), px(12), px(12), px(10))
        inside.addStretch()
        inside.addLayout(line(None, self.clear_button))
        self.clear_button.clicked.connect(pad.clear)
        self.clear_button.hide()
        return pad
