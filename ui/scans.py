"""What a scan does: it opens what was scanned, keeps what is not known, and says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from cbo_desk.search import Hit as Found
from cbo_desk.search import find
from cbo_desk.tags import Answer, Opened, keep_unknown_scan, note_scan, resolve
from ui.bench import Bench
from ui.kit.palette import Hit

FOUND = 12
Answered = Callable[[Sequence[Hit]], object]


class Scans(QObject):
    """Takes scanned and typed texts from wherever they come.

    Signals: `opened(Opened)` when a record was found, `unknown(str)` when nothing has this code.
    """

    opened = Signal(object)
    unknown = Signal(str)

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench

    def typed(self, text: str) -> None:
        """Open what a person typed into the field and confirmed; words open Ctrl+K with what they find."""
        self._resolve(text, scanned=False)

    def scanned(self, text: str) -> None:
        """Open what a scanner read; an unknown code is kept."""
        self._resolve(text, scanned=True)

    def search(self, typed: str, answer: Answered) -> None:
        """Look for records while a person types into Ctrl+K."""
        self._bench.runner.read(self._bench.shell, find, typed, FOUND, done=partial(self._found, answer))

    def _found(self, answer: Answered, hits: Sequence[Found]) -> None:
        answer([self._hit(hit) for hit in hits])

    def _hit(self, hit: Found) -> Hit:
        desk = self._bench.shell.desks.get(self._bench.home_of(hit.kind))
        run = partial(self._bench.open_record, hit.kind, hit.record_id)
        return Hit(desk.icon if desk else "search", hit.title, hit.detail, run)

    def _resolve(self, text: str, *, scanned: bool) -> None:
        if text.strip():
            self._bench.runner.read(self, resolve, text, done=partial(self._answered, scanned))

    def _answered(self, scanned: bool, answer: Answer) -> None:
        if answer.opened is not None:
            self._open(answer.opened)
        elif answer.choices or not scanned:
            self._bench.shell.open_palette(answer.text.strip())
        else:
            self.unknown.emit(answer.text)
            self._bench.shell.toasts.say(answer.why, tone="warn")
            if self._bench.may(keep_unknown_scan):
                self._bench.runner.write(keep_unknown_scan, answer.text)

    def _open(self, opened: Opened) -> None:
        if not opened.title:
            self._bench.shell.toasts.say(opened.said, tone="warn")
            return
        self._bench.open_record(opened.kind, opened.record_id)
        self.opened.emit(opened)
        if opened.said:
            self._bench.shell.toasts.say(opened.said, tone="warn")
        if self._bench.may(note_scan):
            self._bench.runner.write(note_scan, opened.title, opened.detail, opened.kind, opened.record_id)
