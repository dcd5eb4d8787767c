"""What a scan means while the print window is in front: the tag of what was scanned is printed too."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from cbo_desk.tags import Answer, TagLine, resolve, tags_of
from ui.bench import Bench
from ui.kit.scanning.feed import Outcome, Scanned
from ui.tags.print_box import PrintBox


class ScannedTags(QObject):
    """Adds each scanned record's tag to the choice of a print window, for as long as that is shown."""

    def __init__(self, bench: Bench, kind: str, box: PrintBox) -> None:
        super().__init__(box)
        self._bench, self._kind, self._box = bench, kind, box
        bench.feed.ask(box, self.hear)

    def hear(self, scan: Scanned) -> None:
        """Look up what was scanned."""
        failed = partial(self._failed, scan)
        self._bench.runner.read(self, resolve, scan.text, done=partial(self._answered, scan), failed=failed)

    def _answered(self, scan: Scanned, answer: Answer) -> None:
        found = answer.opened
        if found is None or not found.title:
            self._done(scan, False, answer.why or self.tr("Nothing has this code."))
        elif found.kind != self._kind:
            words = self.tr("{title} is of another kind. Print its tag from its own page.").format(title=found.title)
            self._done(scan, False, words)
        else:
            done, failed = partial(self._take, scan, found.title), partial(self._failed, scan)
            self._bench.runner.read(self, tags_of, self._kind, [found.record_id], done=done, failed=failed)

    def _take(self, scan: Scanned, title: str, lines: list[TagLine]) -> None:
        if not lines:
            self._done(scan, False, self.tr("{title} has no tag in use. Give it a new one first.").format(title=title))
            return
        self._box.choice.put(lines)
        self._done(scan, True, self.tr("{title} is printed too.").format(title=title))

    def _failed(self, scan: Scanned, error: Exception) -> None:
        self._bench.runner.failed.emit(error)
        self._done(scan, False, self.tr("Nothing was looked up. Scan it again."))

    def _done(self, scan: Scanned, good: bool, words: str) -> None:
        if not good:
            self._bench.shell.toasts.say(words, tone="warn")
        self._bench.feed.done(scan, Outcome(good, words))
