"""The way to the office's server: whether it answers, and how a call that hangs is freed.

A call that waits is no proof of anything: the query may be slow. So the link asks the server a question of its own, one
that it answers before anybody signs in. Where no answer comes, every connection is shut down at its socket, which frees
whoever waits on one at once, and calls fail without waiting until the server answers again (docs/decisions/0029).
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count

from sqlalchemy import Engine
from sqlalchemy.engine import URL

from cbo_desk.context import clock
from db.connections import connections_of

LONGEST = 40.0
"""Seconds after which a call is freed though the server answers: its own limit for a statement is 30."""
_TICK = 0.25
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)


class Link:
    """Whether the server of an engine answers. `told(away)` is called when that changes, on the link's own thread.

    `since` is when the server was last known to answer before it went away; None while it answers. In seconds:
    `patience` that a call may wait before the server is asked, `answer` within which one that is there answers, `again`
    between two questions while it is away.
    """

    patience, answer, again = 3.0, 4.0, 2.0
    # Why a server that answers is not worked with; "" where it is, or does not answer.
    barred = ""

    def __init__(
        self,
        engine: Engine,
        told: Callable[[bool], object] = lambda _away: None,
        proven: Callable[[], str | None] = str,
    ) -> None:
        self.told = told
        self._proven = proven
        self.since: datetime | None = None
        self._heard = clock()
        self._address = address_of(engine.url)
        self._connections = connections_of(engine)
        self._calls: dict[int, float] = {}
        self._numbers = count()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._asked = 0.0
        self._thread = threading.Thread(target=self._watch, name="link", daemon=True)
        self._thread.start()

    @property
    def away(self) -> bool:
        """Whether the server is known not to answer."""
        return self.since is not None

    @contextmanager
    def call(self) -> Iterator[None]:
        """What is done within it is freed if the server goes away meanwhile."""
        number = next(self._numbers)
        self._calls[number] = time.monotonic()
        try:
            yield
            self._heard = clock()
        finally:
            self._calls.pop(number, None)

    def lost(self) -> None:
        """The server does not answer: whoever waits is freed, and nobody waits any more until it is back."""
        with self._lock:
            if self.away or self._ended.is_set():
                return
            self.since = self._heard
        self._free()
        self.told(True)

    def ask_now(self) -> None:
        """Ask at once whether the server is back."""
        self._asked = 0.0

    def close(self) -> None:
        """Watch no more."""
        self._ended.set()

    def _watch(self) -> None:
        while not self._ended.wait(min(_TICK, self.again)):
            now = time.monotonic()
            oldest = min(list(self._calls.values()), default=now)
            if self.away:
                if now - self._asked >= self.again and self._answers():
                    self._prove()
            elif now - oldest > LONGEST:
                self._free()
            elif now - oldest > self.patience < now - self._asked and not self._answers():
                self.lost()

    def _prove(self) -> None:
        found = self._proven()
        if found is None:
            return
        was, self.barred = self.barred, found
        if not found:
            self._back()
        elif found != was and not self._ended.is_set():
            self.told(True)

    def _back(self) -> None:
        with self._lock:
            self.since = None
            self._heard = clock()
        if not self._ended.is_set():
            self.told(False)

    def _answers(self) -> bool:
        try:
            return answers(self._address, self.answer)
        finally:
            self._asked = time.monotonic()

    def _free(self) -> None:
        for raw in self._connections.all():
            with suppress(Exception):  # it is gone already, which is what was wanted
                if not raw.closed:
                    _shut(raw.pgconn.socket)


def answers(address: tuple[str, int], seconds: float) -> bool:
    """Ask as a client does that wants to speak TLS: a server says yes or no before it asks who we are."""
    try:
        with socket.create_connection(address, seconds) as asking:
            asking.settimeout(seconds)
            asking.sendall(_SSL_REQUEST)
            return asking.recv(1) in (b"S", b"N")
    except OSError:
        return False


def address_of(url: URL) -> tuple[str, int]:
    """Where the server of an address listens."""
    return url.host or "localhost", url.port or 5432


def _shut(number: int) -> None:
    """Shut a socket down for whoever reads from it; it stays its owner's to close."""
    other = socket.socket(fileno=number)
    try:
        other.shutdown(socket.SHUT_RDWR)
    finally:
        other.detach()
