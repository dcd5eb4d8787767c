"""Two editors of one record: what somebody else saved while a form was open stands beside what was typed in it.

What only they changed is taken over, what only this person changed stays, and where both changed one field the person
chooses: nothing of either is overwritten without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout

from ui.kit.buttons import Button
from ui.kit.cards import line
from ui.kit.fields import Editor, Unclear
from ui.kit.flow import Flow
from ui.kit.labels import IconLabel, Label

if TYPE_CHECKING:
    from ui.kit.forms import Form

Save = Callable[[dict[str, Any], Callable[[], object], Callable[[Exception], object]], object]


@dataclass(frozen=True)
class Standing:
    """How a record stands now: its values as the form shows them, the save that is bound to its version, and who
    changed it last. `then` runs once the values were put beside those of the form."""

    values: Mapping[str, Any]
    save: Save
    who: str = ""
    then: Callable[[], object] | None = None


@dataclass
class Edited:
    """The record that a form changes: its kind and id, which a choice in the form may change, and how to read it once
    more. The id 0 stands for whichever record of the kind: what a form says may become one that has no id yet.

    `again(done, failed)` reads off the GUI thread and hands on a `Standing`.
    """

    kind: str
    ident: int
    again: Callable[[Callable[[Standing], object], Callable[[Exception], object]], object]

    def is_touched_by(self, touched: Mapping[str, tuple[int, ...]]) -> bool:
        """Whether a deed that touched these records may have changed this one."""
        ids = touched.get(self.kind)
        return ids is not None and (self.ident == 0 or self.ident in ids)


class Theirs(QFrame):
    """What somebody else put into a field, below it; with two buttons where the person has to choose."""

    def __init__(self, words: str, parent: QObject, *, take: Callable[[], object] | None = None,
                 keep: Callable[[], object] | None = None) -> None:  # fmt: skip
        super().__init__()
        self.open = take is not None
        self.setProperty("look", "notice" if self.open else "sunk")
        self.words = Label(words, "amber" if self.open else "small-muted", self, wrap=True)
        self.buttons: list[Button] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        head = line(IconLabel("users", "warn_text" if self.open else "faint", 15), self.words, gap=6)
        head.setStretch(1, 1)
        column.addLayout(head)
        if take is not None and keep is not None:
            self.buttons = [Button(self.tr("Take theirs"), "", "plain", take), Button(self.tr("Keep mine"), "", "plain",
                            keep)]  # fmt: skip
            row = Flow(None, gap=6)
            for button in self.buttons:
                row.addWidget(button)
            column.addLayout(row)


class Meeting(QObject):
    """What a form was filled with, and what became of the record since."""

    def __init__(self, form: Form) -> None:
        super().__init__(form)
        self._form = form
        self.given: dict[str, Any] = {}
        self.notes: dict[str, Theirs] = {}

    def note_given(self, values: Mapping[str, Any]) -> None:
        """These values were put into the form."""
        self.given.update(values)
        self.clear(values)

    def clear(self, names: Mapping[str, Any] | None = None) -> None:
        """Take away the notes of these fields, or of all."""
        for name in list(self.notes if names is None else names):
            note = self.notes.pop(name, None)
            if note is not None:
                note.hide()
                note.deleteLater()

    def meet(self, values: Mapping[str, Any], who: str) -> tuple[list[str], list[str]]:
        """Put a record's newer values beside what is typed; the fields that were taken over, and those to choose."""
        taken, to_choose = [], []
        for name, theirs in values.items():
            editor, before = self._form.editors.get(name), self.given.get(name)
            if editor is None or _same(before, theirs):
                continue
            stood, stands = self._as(editor, before), self._as(editor, theirs)
            self.given[name] = theirs
            if stood[0] == stands[0]:
                continue
            mine = said(editor)
            self.clear({name: None})
            if mine == stands[0]:
                continue
            if mine == stood[0] and not _in_hand(editor):
                editor.set_value(theirs)
                self._say_taken(name, who, stood[1])
                taken.append(name)
            else:
                self.ask(name, theirs, who)
                to_choose.append(name)
        return taken, to_choose

    def ask(self, name: str, theirs: Any, who: str) -> None:
        """Ask whose value of a field is to stand."""
        editor = self._form.editors[name]

        def take() -> None:
            editor.set_value(theirs)
            keep()

        def keep() -> None:
            self.clear({name: None})
            editor.setFocus(Qt.FocusReason.OtherFocusReason)

        now = self._as(editor, theirs)[1]
        if who:
            words = self.tr("{who} put “{value}” here.") if now else self.tr("{who} emptied this.")
        else:
            words = self.tr("“{value}” stands here by now.") if now else self.tr("This is empty by now.")
        self._put(name, Theirs(words.format(who=who, value=_short(now)), self, take=take, keep=keep))

    def undecided(self) -> list[str]:
        """The fields for which it is still to be chosen whose value stands."""
        return [name for name, note in self.notes.items() if note.open and name in self._form.editors]

    def lead_to(self, name: str) -> None:
        """Lead the keys to the choice below a field."""
        self.notes[name].buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_taken(self, name: str, who: str, before: str) -> None:
        words = self.tr("{who} changed this from “{value}”.") if before else self.tr("{who} filled this in.")
        self._put(name, Theirs(words.format(who=who or self.tr("Somebody"), value=_short(before)), self))

    def _put(self, name: str, note: Theirs) -> None:
        self.clear({name: None})
        self.notes[name] = note
        self._form.put_below(name, note)

    def _as(self, editor: Editor, value: Any) -> tuple[Any, str]:
        """A value as its field would say it, and in words, without touching the field."""
        probe = type(editor)(editor.field)
        probe.set_value(value)
        found = said(probe), probe.words()
        probe.deleteLater()
        return found


def said(editor: Editor) -> Any:
    """What a field says, or what stands in it where that cannot be read."""
    try:
        value = editor.value()
    except Unclear:
        return ("unread", str(editor.typed()))
    return getattr(value, "id", value)


def _same(one: Any, other: Any) -> bool:
    return bool(getattr(one, "id", one) == getattr(other, "id", other)) and type(one) is type(other)


def _in_hand(editor: Editor) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and (editor is focus or editor.isAncestorOf(focus))


def _short(words: str, most: int = 120) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"
