"""Closing a room or a campaign: what it will change is said first, since nobody can undo it; then how far it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from cbo_desk.property.verification import Outlook, close_campaign, close_room, preview_closing
from ui.bench import Bench
from ui.kit.dialogs import ask
from ui.kit.states import ProgressStrip

NAMED = 6
"""So many rooms that are still counted are named."""


class Closing(QObject):
    """Closes what a supervisor chose; `strip` shows how far it is."""

    def __init__(self, bench: Bench, page: QWidget) -> None:
        super().__init__(page)
        self._bench, self._page = bench, page
        self.strip = ProgressStrip(page)
        self._under_way = False
        bench.runner.progressed.connect(self._report)

    def ask_campaign(self, campaign: int, name: str) -> None:
        """Say what closing the whole campaign would do, and close it on the supervisor's word."""
        close = partial(self._close, self.tr("Closing {name}").format(name=name), close_campaign, campaign)
        self._look(name, close, campaign, None)

    def ask_room(self, campaign: int, room: int, code: str) -> None:
        """The same for one room that is counted."""
        close = partial(self._close, self.tr("Closing {name}").format(name=code), close_room, campaign, room)
        self._look(code, close, campaign, room)

    def _look(self, name: str, close: Callable[[], object], campaign: int, room: int | None) -> None:
        shown = partial(self._ask, name, close)
        self._bench.runner.walk(self, preview_closing, campaign, room, done=shown)

    def _ask(self, name: str, close: Callable[[], object], outlook: Outlook) -> None:
        if self._bench.shell.actions_.covered():
            return
        heading = self.tr("Close {name}?").format(name=name)
        verb = self.tr("Close for good")
        ask(self._bench.shell, heading, self.said(outlook), verb, close)

    def said(self, outlook: Outlook) -> str:
        """What closing would do, in sentences."""
        known = self.tr(
            "{moved:place is|places are} corrected, {missing:asset goes|assets go} missing, {damaged:is|are} broken."
        )
        sentences = [
            known.format(moved=Count(outlook.moved), missing=Count(outlook.missing), damaged=Count(outlook.damaged)),
        ]
        if outlook.overtaken:
            words = self.tr("{count:was|were} changed after being counted: the count leaves that as it is.")
            sentences.append(words.format(count=Count(outlook.overtaken)))
        if outlook.left:
            words = self.tr("{count:is|are} neither found nor marked as missing, and will stay so.")
            sentences.append(words.format(count=Count(outlook.left)))
        if outlook.unfinished:
            rooms = ", ".join(code or self.tr("no place") for code in outlook.unfinished[:NAMED])
            more = len(outlook.unfinished) - NAMED
            words = self.tr("Rooms not finished: {rooms}.") if more <= 0 else self.tr("Rooms not finished: {rooms} …")
            sentences.append(words.format(rooms=rooms))
        sentences.append(self.tr("A closed count can never be changed again."))
        return " ".join(sentences)

    def _close(self, words: str, command: Callable[..., Changes], *args: int) -> None:
        """Close in the background, with progress: 100,000 assets take some seconds."""
        self._under_way = True
        self.strip.begin(words)
        office = self._bench.runner.office

        def work(progress: Progress) -> Changes:
            return office.write(command, *args, progress)

        self._bench.runner.job(self, work, self._done, self._failed)

    def _done(self, changes: Changes) -> None:
        self._end()
        self._bench.runner.changed.emit(changes)
        self._bench.runner.did.emit(changes)

    def _failed(self, error: Exception) -> None:
        self._end()
        if isinstance(error, Refusal):
            self._bench.shell.toasts.say(str(error), tone="warn")
        else:
            self._bench.runner.failed.emit(error)

    def _end(self) -> None:
        self._under_way = False
        self.strip.end()

    def _report(self, done: int, total: int) -> None:
        if self._under_way:
            self.strip.report(done, total)
