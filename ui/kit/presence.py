"""Who else has a record open: what this window shows and changes, and what other workstations do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from cbo_desk.open_records import Opened, Present

if TYPE_CHECKING:
    from ui.kit.dialogs import FormBox


class Presence(QObject):
    """The records that are open in this window.

    Signals: `moved` when others are open than before; `heard` when it was heard who else has them open.
    """

    moved = Signal()
    heard = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[str, int] | None = None
        self._form: tuple[FormBox, str, int] | None = None
        self._others: Sequence[Present] = ()

    def attend(self, record: tuple[str, int] | None) -> None:
        """A page shows this record, or none."""
        if record != self._shown:
            self._shown = record
            self.moved.emit()

    def attend_form(self, box: FormBox, kind: str, ident: int) -> None:
        """A form that changes a record is open."""
        self._form = (box, kind, ident)
        self.moved.emit()

    def leave_form(self, box: FormBox) -> None:
        """The form is gone."""
        if self._form is not None and self._form[0] is box:
            self._form = None
            self.moved.emit()

    def opened(self) -> frozenset[Opened]:
        """What is open here: the record that is shown, and the one that is being changed."""
        found = {self._shown: False} if self._shown is not None else {}
        if self._form is not None:
            found[self._form[1:]] = True
        return frozenset(Opened(kind, ident, editing) for (kind, ident), editing in found.items())

    def hear(self, others: Iterable[Present]) -> None:
        """These have the same records open at other workstations."""
        told = tuple(others)
        if told != self._others:
            self._others = told
        if self._form is not None:
            self._form[0].tell_others(self)
        self.heard.emit()

    def others(self, kind: str, ident: int) -> list[Present]:
        """Who else has a record open."""
        return [one for one in self._others if (one.kind, one.ident) == (kind, ident)]

    def beside(self) -> list[Present]:
        """Who else has the shown record open."""
        return self.others(*self._shown) if self._shown is not None else []


def spoken(others: Sequence[Present]) -> str:
    """Who else has a record open, in a sentence; "" for nobody."""
    translate = QCoreApplication.translate
    editing = list(dict.fromkeys(one.name for one in others if one.editing))
    looking = [one for one in dict.fromkeys(one.name for one in others) if one not in editing]
    parts = []
    if editing:
        parts.append(translate("presence", "{names} is changing this").format(names=_list(editing)))
    if looking:
        parts.append(translate("presence", "{names} has this open").format(names=_list(looking)))
    return " · ".join(parts)


def _list(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return QCoreApplication.translate("presence", "{some} and {last}").format(
        some=", ".join(names[:-1]), last=names[-1]
    )
