"""Sends the outbox from this workstation, beside everything else, and rings the bell for what concerns who is here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from cbo_desk.changes import Changes
from cbo_desk.context import local
from cbo_desk.mail_server import KIND as SERVER
from cbo_desk.notifications import KIND, Message
from ui.bench import Bench
from ui.kit.background import Background
from ui.kit.toasts import Notice

if TYPE_CHECKING:  # what speaks to mail servers is imported when the first message is sent, not at the start
    from cbo_desk.sending import Run, Sender

EVERY_MS = 30_000
SOON_MS = 1_500
"""After a message was queued: the deed's toast is read, and Undo may still give the message up."""


class Mailing(QObject):
    """The worker of one window. A server that hangs holds up nothing: it has a thread of its own."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._sender: Sender | None = None
        self._own = Background(1, self)
        self._rung: dict[int, Notice] = {}
        self._told = ""
        self._beat = QTimer(self)
        self._beat.setInterval(EVERY_MS)
        self._beat.timeout.connect(self.send)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(lambda: self._bench.runner.in_a_rest(self, self._send_in_a_rest))

    def start(self) -> None:
        """Begin to send, and to ring."""
        self._bench.runner.changed.connect(self._hear)
        self._bench.shell.toasts.notices.changed.connect(self._seen)
        self._beat.start()
        self._soon.start()
        self._look()

    def stop(self) -> None:
        """Finish the message under way and begin no other."""
        self._beat.stop()
        self._soon.stop()
        if self._sender is not None:
            self._sender.stop()
        self._own.finish()

    def send(self) -> None:
        """Send what is due now, unless that is being done already."""
        if not self._own.busy:
            self._own.run(self, self._run, self._sent, self._failed)

    def _send_in_a_rest(self) -> None:
        if self._beat.isActive():
            self.send()

    def _run(self) -> Run:
        """One run of the sender, on its own thread, which is also where it is imported and made."""
        from cbo_desk.sending import Sender

        if self._sender is None:
            self._sender = Sender(self._bench.runner.office)
        return self._sender.run()

    def _hear(self, changes: Changes) -> None:
        touched = changes.touched()
        if SERVER in touched and self._sender is not None:
            self._sender.try_again()
        if KIND in touched or SERVER in touched:
            self._soon.start()
            self._look()

    def _sent(self, run: Run) -> None:
        """A server that is away is told once, and once more when it fails in another way."""
        if run.trouble and run.trouble != self._told:
            words = self.tr("Messages wait: {trouble}").format(trouble=run.trouble)
            go = partial(self._bench.shell.go, "settings", "messages")
            self._bench.shell.toasts.notices.add(Notice(words, "warn", self.tr("Look"), go))
        self._told = run.trouble

    def _failed(self, error: Exception) -> None:
        """The database is away: whoever works here is told by what they do themselves."""

    # --- the bell

    def _look(self) -> None:
        from cbo_desk.bell import for_me

        if self._bench.runner.office.actor.person_id is not None and self._bench.may(for_me):
            self._bench.runner.walk(self, for_me, done=self._ring)

    def _ring(self, found: list[Message]) -> None:
        for message in found:
            if message.id in self._rung:
                continue
            run = None
            if self._bench.home_of(message.record_kind):
                run = partial(self._bench.open_record, message.record_kind, message.record_id)
            at = local(message.sent_at or message.due_at)
            notice = Notice(message.subject, "warn", self.tr("Open") if run else "", run, at)
            self._rung[message.id] = notice
            self._bench.shell.toasts.notices.add(notice)

    def _seen(self) -> None:
        """The bell's list was opened: what it showed needs not ring again, here or elsewhere."""
        if self._bench.shell.toasts.notices.unread or not self._rung:
            return
        from cbo_desk.bell import see_messages

        ids, self._rung = tuple(self._rung), {}
        self._bench.runner.write(see_messages, ids, quiet=True)
