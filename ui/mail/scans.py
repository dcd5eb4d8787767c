"""What a scan means at the mailroom: an item of ours is shown, a new carrier's number is received, the rest said."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from cbo_desk.mail import KIND, ROUND, Recognised, receive_item, recognise
from cbo_desk.tags import Answer, Opened, keep_unknown_scan, resolve
from ui.bench import Bench
from ui.kit.scanning.feed import Outcome, Scanned

RAPID = "mail/rapid"
OURS = (KIND, ROUND, "mail.outgoing", "mail.manifest", "mail.bag")
"""Kinds of records that a tag of the mail desk opens."""


class MailScans(QObject):
    """Hears the scans while a page of the mail desk is in front.

    `receive(scan)` is what a carrier's number leads to; without one, rapid receive opens and takes the scan.
    `opened(Opened)`, where given, gets what was found and answers whether it dealt with it. `unknown(scan, why)`,
    where given, hears of what we do not have, which is kept; nothing is received then. `refused(text, why)` tells of
    a scan that nothing came of.
    """

    refused = Signal(object, object)  # not str: a scan may hold what is no text
    def __init__(
        self,
        bench: Bench,
        parent: QObject,
        receive: Callable[[Scanned], object] | None = None,
        opened: Callable[[Scanned, Opened], bool] | None = None,
        unknown: Callable[[Scanned, str], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self._bench, self._receive, self._opened, self._not_ours = bench, receive, opened, unknown

    def heard(self, scan: Scanned) -> None:
        """Deal with one scan; the feed is told what became of it."""
        read = recognise(scan.text)
        if self._receive is not None and read.matches and not read.fault:
            self._receive(scan)  # certainly a carrier's number: nothing needs to be looked up first
            return
        self._bench.runner.read(
            self, resolve, scan.text, done=partial(self._answered, scan, read), failed=partial(self._failed, scan)
        )

    def done(self, scan: Scanned, good: bool, words: str) -> None:
        """Tell the feed what became of a scan."""
        self._bench.feed.done(scan, Outcome(good, words))

    def say_refused(self, scan: Scanned, why: str) -> None:
        """Say to the person and to the feed why nothing came of a scan."""
        self._bench.shell.toasts.say(why, tone="warn")
        self.refused.emit(scan.text, why)
        self.done(scan, False, why)

    def _answered(self, scan: Scanned, read: Recognised, answer: Answer) -> None:
        if answer.opened is not None and answer.opened.title:
            self._open(scan, answer.opened)
        elif answer.choices:
            self._bench.shell.open_palette(answer.text.strip())
            self.done(scan, False, answer.why)
        elif self._not_ours is not None:
            self._keep_unknown(scan, partial(self._not_ours, scan, read.fault))
        elif read.fault:
            self._refuse(scan, read.fault)
        elif not self._bench.may(receive_item):
            self._refuse(scan, self.tr("This is no item that we have, and you may not receive mail."))
        elif self._receive is not None:
            self._receive(scan)
        else:
            page = self._bench.shell.go(RAPID)
            page.receive(scan)  # type: ignore[attr-defined]

    def _open(self, scan: Scanned, opened: Opened) -> None:
        if self._opened is not None and self._opened(scan, opened):
            return
        words = f"{opened.title} · {opened.detail}"
        if opened.kind not in OURS:
            words = self.tr("{thing} is not mail: it is shown on its own desk.").format(thing=opened.title)
            self._bench.shell.toasts.say(words, tone="warn")
        if not self._bench.open_record(opened.kind, opened.record_id):
            self._refuse(scan, self.tr("No desk shows this yet."))
            return
        self.done(scan, opened.kind in OURS, words)

    def _refuse(self, scan: Scanned, why: str) -> None:
        """Say why nothing came of a scan; it is kept, so that it can be looked into later."""

        self._keep_unknown(scan, partial(self.say_refused, scan, why))

    def _keep_unknown(self, scan: Scanned, told: Callable[[], object]) -> None:
        if self._bench.may(keep_unknown_scan) and scan.text.strip():
            done = lambda _kept: told()  # noqa: E731
            self._bench.runner.write(keep_unknown_scan, scan.text, done=done, failed=partial(self._failed, scan))
        else:
            told()

    def _failed(self, scan: Scanned, error: Exception) -> None:
        self._bench.runner.failed.emit(error)
        self.done(scan, False, self.tr("Nothing was looked up. Scan it again."))
