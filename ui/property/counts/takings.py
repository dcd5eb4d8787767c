"""What was done last on the counter's screen, and how it is taken back and put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cbo_desk.changes import Changes, Deed
from cbo_desk.property.verification import last_own_event, take_back_counts

if TYPE_CHECKING:
    from ui.property.counts.counter import CounterPage


class Takings(QObject):
    """The deeds of one counter's screen, the latest last; a scan stands there without a deed.

    Which scan is meant is asked for when it is taken back: noting its condition gives it another number.
    """

    def __init__(self, page: CounterPage) -> None:
        super().__init__(page)
        self._page, self._bench = page, page.bench
        self._done: list[tuple[int, Deed | None]] = []
        self._put_back: Deed | None = None

    def note_scan(self, room: int) -> None:
        """Something was scanned in a room."""
        self._done.append((room, None))

    def note(self, undo: Deed | None) -> None:
        """Something was done that a deed takes back."""
        if undo is not None:
            self._done.append((self._page.room_id or 0, undo))

    def did(self, changes: Changes) -> None:
        """The same, told in a toast."""
        self.note(changes.undo)
        self._bench.shell.toasts.say(changes.said, self.tr("Undo"), self.undo_last)
        self._page.again()

    def described(self, changes: Changes) -> None:
        """The condition of a scan was noted."""
        self.note(changes.undo)
        self._page.strip.say(self.tr("Condition noted"), changes.said, "", "ok", "wrench")
        self._page.again()

    def undo_last(self) -> bool:
        """Take back what was done last; False where no room is open."""
        page = self._page
        if not self._done:
            if page.room_id is None:
                return False
            self.note_scan(page.room_id)  # what this person scanned here before the window was opened
        room, back = self._done.pop()
        if back is not None:
            page.order(back.command, *back.args, done=self._taken_back)
            return True
        who = self._bench.runner.office.actor.login
        self._bench.runner.read(page, last_own_event, page.campaign_id, room, who, done=self._take_back)
        return True

    def put_back(self) -> None:
        """Do again what was taken back last."""
        if self._put_back is not None:
            back, self._put_back = self._put_back, None
            self._page.order(back.command, *back.args, done=self._told)

    def _take_back(self, event: int) -> None:
        page = self._page
        if event:
            page.order(take_back_counts, page.campaign_id, (event,), done=self._taken_back)
        else:
            page.strip.say(self.tr("Nothing taken back"), self.tr("No scan of yours is left in this room."), "")

    def _taken_back(self, changes: Changes) -> None:
        self._put_back = changes.undo
        if changes.undo is None:
            self._bench.shell.toasts.say(changes.said)
        else:
            self._bench.shell.toasts.say(changes.said, self.tr("Put back"), self.put_back)
        self._page.strip.say(self.tr("Taken back"), changes.said, "", "idle", "undo-2")
        self._page.again()

    def _told(self, changes: Changes) -> None:
        self.note(changes.undo)
        self._page.strip.say(self.tr("Done again"), changes.said, "", "ok", "redo-2")
        self._page.again()
