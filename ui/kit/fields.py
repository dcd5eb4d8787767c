"""The fields a form can have: each reads what was typed, says what it understood, and holds on to what it did not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from ui.kit.labels import Label
from ui.kit.theme import px

SHORTEST = 8
"""Letters that a choice has room for at least: long words shorten before a form grows wider than its box."""
Kind = Literal["text", "long", "date", "money", "number", "whole", "choice", "pick", "yes"]


@dataclass(frozen=True)
class Pick:
    """A record that was chosen: what identifies it, a number or a text so that a draft can keep it, and how it is
    called; `detail` tells it from its namesakes.
    """

    id: Any
    name: str
    detail: str = ""


Suggest = Callable[[str, Callable[[Sequence[Pick]], object]], object]
"""Looks for records off the GUI thread: `suggest(typed, answer)` calls `answer(picks)` later, on the GUI thread."""
Read = Callable[[str, Callable[["Pick | None", str], object]], object]
"""Reads a scan off the GUI thread: `answer(pick, why)`. Neither pick nor `why` where it is of another kind."""


@dataclass(frozen=True)
class Source:
    """Where a pick field finds records: by letters, and by their tag, badge or any other code of theirs."""

    suggest: Suggest
    read: Read

    def __call__(self, typed: str, answer: Callable[[Sequence[Pick]], object]) -> object:
        """Look for what is typed."""
        return self.suggest(typed, answer)


@dataclass(frozen=True)
class Field:
    """One field of a form, as data.

    `kind` decides what is read: text and long give str, date gives date or None, money and number give Decimal or None,
    whole gives int or None, choice gives the chosen key, pick gives a `Pick` or None, yes gives bool. `choices` are
    (key, words). `suggest` finds records for a pick; where it is a `Source`, a scan chooses one, too, and writes its
    name into a text. `beside` puts the field in the same row as the one before. `scans`: a text that one scans, such as
    a seal's or a serial number.
    """

    name: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    required: bool = False
    choices: Sequence[tuple[Any, str]] = ()
    suggest: Suggest | None = None
    beside: bool = False
    longest: int = 32_000
    scans: bool = False


class Unclear(Exception):
    """What stands in a field cannot be read; the text says what to do."""


class Editor(QWidget):
    """One field on the screen. `edited` tells of a change by the person."""

    edited = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.input: QWidget = self
        self.understood = Label("", "small-muted", self)
        self.understood.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def value(self) -> Any:
        """What the field says; raises `Unclear`."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value."""
        raise NotImplementedError

    def typed(self) -> Any:
        """What stands in the field, for the draft: plain JSON."""
        raise NotImplementedError

    def set_typed(self, typed: Any) -> None:
        """Put a draft back."""
        raise NotImplementedError

    def words(self) -> str:
        """What stands in the field, for a sentence."""
        return str(self.typed() or "")

    def set_faulty(self, faulty: bool) -> None:
        """Show by its edge whether the field is at fault; the sentence stands below it."""
        if bool(self.input.property("faulty")) != faulty:
            self.input.setProperty("faulty", faulty)
            self.input.style().unpolish(self.input)
            self.input.style().polish(self.input)

    def _take(self, widget: QWidget) -> None:
        self.input = widget
        widget.setAccessibleName(self.field.label)
        widget.setAccessibleDescription(self.field.hint)
        self.setFocusProxy(widget)
        self._column.addWidget(widget)
        self._column.addWidget(self.understood)

    def _say(self, words: str) -> None:
        self.understood.setText(words)
        self.understood.setVisible(bool(words))


class LineField(Editor):
    """A single line: text, and what is read out of it."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(field.hint)
        self.line.setMaxLength(field.longest)
        self._scanned: Pick | None = None
        self._take(self.line)
        self.line.textEdited.connect(lambda: self.edited.emit())

    def choose(self, pick: Pick) -> None:
        """Take the name of a record that was scanned."""
        self._scanned = pick
        self.line.setText(pick.name)
        self.edited.emit()

    def scanned(self) -> Pick | None:
        """The record whose name stands here because it was scanned, such as a badge."""
        return self._scanned if self._scanned is not None and self._scanned.name == self.line.text().strip() else None

    def value(self) -> Any:
        """The text without blanks around it."""
        return self.line.text().strip()

    def set_value(self, value: Any) -> None:
        """Show a text."""
        self.line.setText("" if value is None else str(value))

    def typed(self) -> Any:
        """The text as it stands."""
        return self.line.text()

    def set_typed(self, typed: Any) -> None:
        """Put a draft back."""
        self.line.setText(str(typed or ""))


class DateField(LineField):
    """A date in any usual spelling: 14 Jul 2026, 2026-07-14, 14/7/26; it shows what it understood."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line.setPlaceholderText(field.hint or self.tr("like 14 Jul 2026"))
        self.line.textChanged.connect(self._tell)

    def value(self) -> date | None:
        """The date, None for an empty field."""
        from cbo_desk.tabular.date_values import DateReading, read_date
        from cbo_desk.tabular.faults import Wrong

        try:
            return read_date(self.line.text(), DateReading("dmy", "chosen"))
        except Wrong as wrong:
            raise Unclear(wrong.what_to_do) from wrong

    def set_value(self, value: Any) -> None:
        """Show a date."""
        from cbo_desk.tabular.date_values import spoken

        self.line.setText(spoken(value) if value else "")

    def _tell(self) -> None:
        from cbo_desk.tabular.date_values import spoken

        try:
            day = self.value()
        except Unclear:
            day = None
        words = spoken(day) if day else ""
        self._say("" if words == self.line.text().strip() else words and f"= {words}")


class NumberField(LineField):
    """A number, a whole number or an amount of money.

    Decimals follow a point or a comma, thousands may be grouped by the other. A single comma before three digits groups
    thousands, as the field itself writes them.
    """

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self.line.editingFinished.connect(self._group)

    def value(self) -> Decimal | int | None:
        """The number, None for an empty field."""
        from cbo_desk.tabular.faults import Wrong
        from cbo_desk.tabular.number_values import NumberReading, read_money, read_number, survey_numbers

        typed, is_money = self.line.text().strip(), self.field.kind == "money"
        reading = NumberReading(survey_numbers([typed], money=is_money).style or "point", "chosen")
        try:
            if not is_money:
                number = read_number(typed, reading)
                return self._whole(number) if self.field.kind == "whole" else number
            money = read_money(typed, reading)
            return money.amount if money else None
        except Wrong as wrong:
            raise Unclear(wrong.what_to_do) from wrong

    def _whole(self, number: Decimal | None) -> int | None:
        if number is not None and number != int(number):
            raise Unclear(self.tr("This is a whole number, without a fraction."))
        return None if number is None else int(number)

    def set_value(self, value: Any) -> None:
        """Show a number, money with two decimals."""
        if value is None:
            self.line.setText("")
        else:
            self.line.setText(f"{value:,.2f}" if self.field.kind == "money" else f"{value:,}")

    def _group(self) -> None:
        try:
            number = self.value()
        except Unclear:
            return
        if number is not None:
            self.set_value(number)


class LongField(Editor):
    """Text of several lines; Tab leads on to the next field."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.box = QPlainTextEdit(self)
        self.box.setPlaceholderText(field.hint)
        self.box.setTabChangesFocus(True)
        self.box.setFixedHeight(px(78))
        self._take(self.box)
        self.box.textChanged.connect(lambda: self.edited.emit())

    def value(self) -> str:
        """The text without blanks around it."""
        return self.box.toPlainText().strip()

    def set_value(self, value: Any) -> None:
        """Show a text."""
        self.box.blockSignals(True)
        self.box.setPlainText("" if value is None else str(value))
        self.box.blockSignals(False)

    def typed(self) -> Any:
        """The text as it stands."""
        return self.box.toPlainText()

    def set_typed(self, typed: Any) -> None:
        """Put a draft back."""
        self.set_value(typed)


class ChoiceField(Editor):
    """One of a few."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.box = QComboBox(self)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(SHORTEST)
        if not field.required and all(key is not None for key, _words in field.choices):
            self.box.addItem(self.tr("Not said"), None)
        for key, words in field.choices:
            self.box.addItem(words, key)
        self.box.installEventFilter(self)
        self._take(self.box)
        self.box.activated.connect(lambda: self.edited.emit())

    def value(self) -> Any:
        """The key of the choice, None where nothing is chosen."""
        return self.box.currentData()

    def set_value(self, value: Any) -> None:
        """Show a choice."""
        self.box.setCurrentIndex(max(0, self.box.findData(value)))

    def typed(self) -> Any:
        """The chosen words, which are plain text whatever the keys are."""
        return self.box.currentText()

    def set_typed(self, typed: Any) -> None:
        """Put a draft back."""
        self.box.setCurrentIndex(max(0, self.box.findText(str(typed))))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A wheel that scrolls the form must not change a choice it passes over."""
        return event.type() == QEvent.Type.Wheel and not self.box.hasFocus()


class YesField(Editor):
    """Yes or no; its words stand beside the box."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.box = QCheckBox(field.label, self)
        self._take(self.box)
        self.box.clicked.connect(lambda: self.edited.emit())

    def value(self) -> bool:
        """Whether it is ticked."""
        return self.box.isChecked()

    def set_value(self, value: Any) -> None:
        """Tick it or not."""
        self.box.setChecked(bool(value))

    def typed(self) -> Any:
        """Whether it is ticked."""
        return self.box.isChecked()

    def set_typed(self, typed: Any) -> None:
        """Put a draft back."""
        self.box.setChecked(bool(typed))

    def words(self) -> str:
        """Yes or no."""
        return self.tr("yes") if self.box.isChecked() else self.tr("no")
