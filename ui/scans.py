"""What a scan does: it opens what was scanned, keeps what is not known, and says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from cbo_desk.search import Hit as Found
from cbo_desk.search import find
from cbo_desk.tags import Answer, Opened, keep_unknown_scan, note_scans, resolve
from ui.bench import Bench
from ui.kit.page import Page
from ui.kit.palette import Hit
from ui.kit.runner import Asked
from ui.kit.scanning.feed import Outcome, Scanned

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
        self._unnoted: list[Opened] = []

    def typed(self, text: str) -> None:
        """Open what a person typed into the field and confirmed; words open Ctrl+K with what they find.

        A page that asks for the scans gets it as one: a number typed in place of a tag that is gone.
        """
        if text.strip() and self._bench.feed.asked_by_page():
            self._bench.feed.put("keyboard", text)
        elif text.strip():
            self._bench.runner.read(self, resolve, text, done=self._answered)

    def heard(self, scan: Scanned) -> None:
        """Open what a scanner read; an unknown code is kept. The feed is told what became of it."""
        self._bench.runner.read(
            self,
            resolve,
            scan.text,
            done=partial(self._answered_scan, scan),
            failed=partial(self._unanswered, scan),
            ahead=True,
            along=self._card_of,
        )

    def search(self, typed: str, answer: Answered) -> None:
        """Look for records while a person types into Ctrl+K."""
        self._bench.runner.read(self._bench.shell, find, typed, FOUND, done=partial(self._found, answer))

    def _card_of(self, answer: Answer) -> Asked | None:
        """What the page will ask to show what a scan opens."""
        opened = answer.opened
        query = self._bench.cards.get(opened.kind) if opened is not None and opened.title else None
        return None if opened is None or query is None else (query, opened.record_id)

    def _found(self, answer: Answered, hits: Sequence[Found]) -> None:
        answer([self._hit(hit) for hit in hits])

    def _hit(self, hit: Found) -> Hit:
        desk = self._bench.shell.desks.get(self._bench.home_of(hit.kind))
        run = partial(self._open_found, hit.kind, hit.record_id)
        return Hit(desk.icon if desk else "search", hit.title, hit.detail, run)

    def _open_found(self, kind: str, record_id: int) -> None:
        if self._bench.open_record(kind, record_id):
            self._lead_on()

    def _answered(self, answer: Answer) -> None:
        if answer.opened is not None:
            self._open(answer.opened)
        else:
            self._bench.shell.open_palette(answer.text.strip())

    def _answered_scan(self, scan: Scanned, answer: Answer) -> None:
        if answer.opened is not None:
            shown = self._open(answer.opened)
            words = f"{answer.opened.title} · {answer.opened.detail}" if shown else answer.opened.said
            words = words or self.tr("No desk shows this yet.")
            self._done(scan, shown, words)
        elif answer.choices:
            self._bench.shell.open_palette(answer.text.strip())
            self._done(scan, False, answer.why)
        else:
            self._keep(scan, answer)

    def _keep(self, scan: Scanned, answer: Answer) -> None:
        """Nothing answers to the scan: it is kept before the next one is heard."""
        self.unknown.emit(answer.text)
        if not self._bench.may(keep_unknown_scan):
            self._bench.shell.toasts.say(answer.why, tone="warn")
            self._done(scan, False, answer.why)
            return
        self._bench.runner.write(
            keep_unknown_scan,
            answer.text,
            done=lambda _changes: self._done(scan, False, answer.why),
            failed=partial(self._unanswered, scan),
        )

    def _unanswered(self, scan: Scanned, error: Exception) -> None:
        self._bench.runner.failed.emit(error)
        self._done(scan, False, self.tr("Nothing was looked up. Scan it again."))

    def _done(self, scan: Scanned, good: bool, words: str) -> None:
        self._bench.feed.done(scan, Outcome(good, words))

    def _open(self, opened: Opened) -> bool:
        """Show the record on its desk; False where it is gone, or no desk shows its kind."""
        if not opened.title:
            self._bench.shell.toasts.say(opened.said, tone="warn")
            return False
        if not self._bench.open_record(opened.kind, opened.record_id):
            return False
        self.opened.emit(opened)
        self._lead_on()
        if opened.said:
            self._bench.shell.toasts.say(opened.said, tone="warn")
        if self._bench.may(note_scans):
            if not self._unnoted:
                self._bench.runner.behind(self._note)
            self._unnoted.append(opened)
        return True

    def _note(self) -> None:
        """Note what was opened since the last time, a burst of scans in one deed."""
        opened, self._unnoted = self._unnoted, []
        self._bench.runner.write(note_scans, *opened)

    def _lead_on(self) -> None:
        """Lead the keys from the scan field to the card that opened, so that its letters work.

        They stay in the field for a scanner that cannot be told from typing: its next code would land on the card. Who
        has gone on elsewhere meanwhile is left there.
        """
        shell = self._bench.shell
        page = shell.page()
        if shell.top.field.hasFocus() and self._bench.wedge.tells_scans and isinstance(page, Page):
            page.focus_body()
