"""Sends what waits in the outbox: one message after the other, each claimed, handed over and marked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from cbo_desk.chores import do_chores, program
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.mail_server import MailServer, can_send, mail_server, password_of
from cbo_desk.notifications import (
    UNKNOWN,
    Message,
    claim,
    due,
    mark_failed,
    mark_sent,
    messages,
    note_lost,
    overdue,
    papers_of,
)
from cbo_desk.office import Office
from cbo_desk.smtp import Connection, DeclinedError, DoubtfulError, NotReachedError, write_message

FIRST_PAUSE, LONGEST_PAUSE = 60.0, 900.0
"""Seconds between two attempts to reach a server that is away: twice as long each time."""
MARK_TRIES = 5


@dataclass(frozen=True)
class Run:
    """What one run came to: how many went out, how many did not, and why the server could not be reached, if so."""

    sent: int = 0
    failed: int = 0
    trouble: str = ""


class Sender:
    """Sends for one office, on whatever thread calls it; any number of senders share the work.

    It acts as the program itself, whoever is signed in: a clerk may queue a message and need not be able to send it.
    """

    def __init__(self, office: Office, told: Callable[[Message, str], object] | None = None) -> None:
        self._office = office.signed_in(program(office))
        self._told = told
        self._stopped = threading.Event()
        self._line: Connection | None = None
        self._not_before = 0.0
        self._pause = FIRST_PAUSE
        self.trouble = ""

    def stop(self) -> None:
        """Begin no further message; the one being handed over is finished, a server that is waited for is left."""
        self._stopped.set()
        if (line := self._line) is not None:
            line.break_off()

    def run(self) -> Run:
        """Do the desks' chores, which may queue messages, then send what is due. Trouble where the database is away."""
        do_chores(self._office)
        if self._office.read(overdue):
            self._office.write(note_lost)
        server = self._office.read(mail_server)
        if server is None or not can_send(server) or time.monotonic() < self._not_before:
            return Run(trouble=self.trouble)
        if self._stopped.is_set() or not self._office.read(due, 1):
            return Run()
        line = self._line = Connection(server)
        try:
            line.open(password_of(server))
            return self._send_all(line, server)
        except NotReachedError as error:
            return Run(trouble=self._wait(str(error)))
        finally:
            self._line = None
            line.close()

    def try_again(self) -> None:
        """Do not wait for the pause to end: somebody mended what was wrong."""
        self._not_before, self._pause = 0.0, FIRST_PAUSE

    def _send_all(self, line: Connection, server: MailServer) -> Run:
        sent = failed = 0
        while not self._stopped.is_set() and self._office.read(due, 1):
            claimed = self._office.write(claim, 1).ids
            if not claimed:
                continue  # another workstation was faster
            [message] = self._office.read(messages, claimed)
            try:
                mail = write_message(message, self._office.read(papers_of, message.id), server.sender)
                line.hand_over(mail)
            except (DeclinedError, Refusal, ValueError) as error:
                self._mark(message, str(error), final=getattr(error, "final", True))
                failed += 1
            except DoubtfulError as error:
                self._mark(message, f"{error} {UNKNOWN}", final=True)
                failed += 1
                return Run(sent, failed, self._wait(str(error)))
            except NotReachedError as error:
                self._mark(message, str(error), final=False)
                return Run(sent, failed + 1, self._wait(str(error)))
            else:
                self._mark(message)
                sent += 1
        self.trouble, self._pause = "", FIRST_PAUSE
        return Run(sent, failed)

    def _mark(self, message: Message, trouble: str = "", *, final: bool = False) -> None:
        """Write down what became of a message; a database that is away for a moment is waited for."""
        for attempt in range(1, MARK_TRIES + 1):
            try:
                if trouble:
                    self._office.write(mark_failed, message.id, trouble, final)
                else:
                    self._office.write(mark_sent, message.id)
                break
            except Trouble:
                if attempt == MARK_TRIES:
                    raise
                time.sleep(min(2.0**attempt, 10.0))
        if self._told is not None:
            self._told(message, trouble)

    def _wait(self, trouble: str) -> str:
        self.trouble = trouble
        self._not_before = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        return trouble
