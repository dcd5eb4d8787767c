"""Forms declared as data: faults beside their field, what was typed is never lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cbo_desk.context import local
from cbo_desk.errors import Faults, Refusal
from ui.kit.bidi import leading
from ui.kit.buttons import Button
from ui.kit.cards import frame, line, stack
from ui.kit.drafts import Drafts
from ui.kit.fields import ChoiceField, DateField, Editor, Field, LineField, LongField, NumberField, Unclear, YesField
from ui.kit.labels import IconLabel, Label
from ui.kit.meeting import Meeting
from ui.kit.phrases import day
from ui.kit.pick import PickField

KEEP_AFTER_MS = 400
_MAKERS: dict[str, Callable[[Field], Editor]] = {
    "text": LineField,
    "long": LongField,
    "date": DateField,
    "money": NumberField,
    "number": NumberField,
    "whole": NumberField,
    "choice": ChoiceField,
    "pick": PickField,
    "yes": YesField,
}


class Form(QWidget):
    """The fields of one form. `changed` tells that the person changed something.

    `name` is where its draft is kept, for instance "property.asset.new"; without drafts nothing is kept.
    """

    changed = Signal()

    def __init__(
        self, fields: Sequence[Field], name: str = "", drafts: Drafts | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.editors: dict[str, Editor] = {}
        self._faults: dict[str, Label] = {}
        self._columns: dict[str, QVBoxLayout] = {}
        self.meeting = Meeting(self)
        self._name, self._drafts = name, drafts
        self._stood: dict[str, Any] = {}
        self._dirty = False
        self._last: QWidget | None = None
        self._aside: dict[str, Any] = {}
        self.notice = frame(look="notice", margins=(10, 6, 10, 6), parent=self)
        self.notice.hide()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(10)
        self._rows.addWidget(self.notice)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(KEEP_AFTER_MS)
        self._pause.timeout.connect(self.keep_draft)
        self._build(fields, self._rows)

    def put_last(self, fields: Sequence[Field], values: Mapping[str, Any], *, anew: bool = False) -> None:
        """Show these fields below the others instead of those put there before.

        What was typed in one comes back, unless they are to say `values` anew: those of another record.
        """
        for name in [name for name, editor in self.editors.items() if self._is_last(editor)]:
            self._aside[name] = self.editors.pop(name).typed()
            self._faults.pop(name)
        if self._last is not None:
            self._last.hide()
            self._last.deleteLater()
        self._last = QWidget(self)
        rows = QVBoxLayout(self._last)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        self._rows.addWidget(self._last)
        self._build(fields, rows)
        self._give({field.name: values[field.name] for field in fields if field.name in values})
        for field in fields:
            if field.name in self._aside and not anew:
                self.editors[field.name].set_typed(self._aside[field.name])

    def _is_last(self, editor: Editor) -> bool:
        return self._last is not None and self._last.isAncestorOf(editor)

    def values(self) -> dict[str, Any]:
        """What the form says, field by field; raises `Faults` for what cannot be read or is missing."""
        values: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for name, editor in self.editors.items():
            try:
                values[name] = editor.value()
            except Unclear as unclear:
                faults[name] = str(unclear)
                continue
            # the empty text is a choice like any other
            missing = values[name] is None or (values[name] == "" and editor.field.kind != "choice")
            if editor.field.required and missing:
                faults[name] = self.tr("{label} is needed.").format(label=editor.field.label)
        if faults:
            raise Faults(faults)
        return values

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show a record's values; the form counts as unchanged."""
        self._give(values)
        self._dirty = False

    def _give(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            self.editors[name].set_value(value)
            self._stood[name] = self.editors[name].typed()
        self.meeting.note_given(values)

    def meet(self, values: Mapping[str, Any], who: str) -> tuple[list[str], list[str]]:
        """Put newer values of the record beside what is typed: the fields taken over, and those to choose between."""
        found = self.meeting.meet(values, who)
        self._stood.update({name: self.editors[name].typed() for name in found[0]})
        return found

    def stands_as_given(self, name: str) -> bool:
        """Whether a field says what it was given: nobody has typed in it."""
        return bool(self.editors[name].typed() == self._stood[name])

    def put_below(self, name: str, piece: QWidget) -> None:
        """Put something below a field."""
        column = self._columns[name]
        column.insertWidget(column.count() - 1, piece)

    @property
    def is_one_line(self) -> bool:
        """Whether a single line is all there is to fill in."""
        editor = next(iter(self.editors.values()), None)
        return len(self.editors) == 1 and isinstance(editor, LineField | PickField)

    @property
    def keeps_drafts(self) -> bool:
        """Whether what is typed is kept on this computer until it is saved."""
        return self._drafts is not None and bool(self._name)

    def dirty(self) -> bool:
        """Whether the person changed something since the values were set."""
        return self._dirty

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Put each sentence below its field and lead the focus to the first; those of no field stand on top."""
        for name, label in self._faults.items():
            sentence = faults.get(name, "")
            label.setText(sentence)
            label.setVisible(bool(sentence))
            self.editors[name].set_faulty(bool(sentence))
            self.editors[name].input.setAccessibleDescription(sentence or self.editors[name].field.hint)
        rest = [sentence for name, sentence in faults.items() if name not in self._faults]
        self.say(" ".join(rest))
        first = next((name for name in self.editors if faults.get(name)), None)
        if first is not None:
            self.editors[first].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, error: Exception) -> bool:
        """Show a refusal where it belongs; False for what is not about the form."""
        if isinstance(error, Faults):
            self.show_faults(error.faults)
        elif isinstance(error, Refusal):
            self.show_faults({error.field or "": str(error)})
        else:
            return False
        return True

    def say(self, sentence: str, verb: str = "", run: Callable[[], object] | None = None) -> None:
        """Say something above the fields, with one thing to do about it; nothing for an empty sentence."""
        layout = self.notice.layout()
        while layout is not None and (item := layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.notice.setVisible(bool(sentence))
        if not sentence or layout is None:
            return
        row = QWidget(self.notice)
        words = Label(sentence, "amber", wrap=True)
        words.setAlignment(leading() | Qt.AlignmentFlag.AlignVCenter)
        pieces = [IconLabel("triangle-alert", "warn_text", 16), words]
        inner = line(*pieces, gap=8)
        inner.setStretch(1, 1)
        if run is not None:
            inner.addWidget(Button(verb, "", "link", run))
        row.setLayout(inner)
        layout.addWidget(row)

    def offer_draft(self, *, of_record: bool = False) -> bool:
        """Put a kept draft back and say so; the person may start afresh. False where there is none.

        `of_record`: the form changes a record, which may have been changed since the draft was typed. Fields that
        were not typed in stand as they are now; where both changed, the person chooses.
        """
        draft = self._drafts.find(self._name) if self._drafts and self._name else None
        if draft is None:
            return False
        before = {name: editor.typed() for name, editor in self.editors.items()}
        for name, typed in draft.typed.items():
            if name not in self.editors:
                self._aside[name] = typed
            elif not of_record or self._was_typed(name, typed, draft.stood):
                self.editors[name].set_typed(typed)
        self._dirty = True
        at = local(draft.when)
        words = self.tr("This was typed on {day} at {clock} and not saved.")
        words = words.format(day=day(at.date()), clock=f"{at:%H:%M}")
        self.say(words, self.tr("Start afresh"), lambda: self._start_afresh(before))
        return True

    def _was_typed(self, name: str, typed: Any, stood: Mapping[str, Any]) -> bool:
        """Whether a draft's value was typed by the person; where the record has another by now, both are shown."""
        now, before = self.editors[name].typed(), stood.get(name, typed)
        if typed in (now, before) and name in stood:
            return False
        if name in stood and now != before and name in self.meeting.given:
            self.editors[name].set_typed(typed)
            self.meeting.ask(name, self.meeting.given[name], "")
        return True

    def keep_draft(self) -> None:
        """Keep what is typed now, if anything was changed."""
        self._pause.stop()
        if self._dirty and self._drafts is not None and self._name:
            self._drafts.keep(self._name, {n: editor.typed() for n, editor in self.editors.items()}, self._stood)

    def saved(self) -> None:
        """What was typed is saved: the draft goes."""
        self._pause.stop()
        self._dirty = False
        self.forget_draft()

    def forget_draft(self) -> None:
        """Throw the draft away; also when the form itself has gone from the screen meanwhile."""
        if self._drafts is not None and self._name:
            self._drafts.forget(self._name)

    def focus_first(self) -> None:
        """Lead the keys to the first field; what is typed there takes the place of what was proposed."""
        first = next(iter(self.editors.values()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
            for box in first.findChildren(QLineEdit):
                box.selectAll()

    def _start_afresh(self, before: dict[str, Any]) -> None:
        for name, typed in before.items():
            if name in self.editors:
                self.editors[name].set_typed(typed)
        self._aside = {}
        self.meeting.clear()
        self.say("")
        self.saved()

    def _build(self, fields: Sequence[Field], rows: QVBoxLayout) -> None:
        row = line(gap=12)
        for field in fields:
            editor = _MAKERS[field.kind](field)
            editor.setParent(self)
            editor.edited.connect(self._edited)
            self.editors[field.name] = editor
            fault = Label("", "fault", self, wrap=True)
            fault.hide()
            self._faults[field.name] = fault
            # a choice that must be made stands at one of its words already, unless it offers none
            is_open = field.kind != "choice" or any(key is None for key, _words in field.choices)
            words = self.tr("{label} (needed)") if field.required and is_open else "{label}"
            caption = Label(words.format(label=field.label), "cap")
            caption.setBuddy(editor.input)
            pieces = [editor, fault] if field.kind == "yes" else [caption, 2, editor, fault]
            if not field.beside:
                row = line(gap=12)
                rows.addLayout(row)
            self._columns[field.name] = stack(*pieces, None)
            self._stood[field.name] = editor.typed()
            row.addLayout(self._columns[field.name], 1)

    def _edited(self) -> None:
        self._dirty = True
        sender = self.sender()
        if isinstance(sender, Editor):
            self._faults[sender.field.name].hide()
            sender.set_faulty(False)
        self._pause.start()
        self.changed.emit()
