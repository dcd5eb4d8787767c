"""A wire between a workstation and its server that can be cut, stalled, slowed, or made to lose answers.

For tests and campaigns: a real TCP connection on loopback, whose other end is a real server.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress


class Wire:
    """Listens on a port of its own and carries to `target`.

    `cut()` ends every connection and refuses new ones; `stall()` takes them and carries nothing, so that a caller
    waits; `delay` seconds before anything is carried; `lose_answers()` lets requests through and no answer back;
    `lose_commit()` does so from the next COMMIT on, which is the moment that doubles; `mend()` carries again.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.delay = 0.0
        self._open = threading.Event()
        self._answers = threading.Event()
        self._trap = False
        self._open.set()
        self._answers.set()
        self._ends: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._listener: socket.socket | None = None
        self._closed = False
        self.port = 0
        self._listen()

    @property
    def sockets(self) -> int:
        """How many it holds open itself."""
        return len(self._ends) + (self._listener is not None)

    def cut(self) -> None:
        """Pull the plug: everything breaks, and nobody listens any more."""
        listener, self._listener = self._listener, None
        if listener is not None:
            _end(listener)
        self._open.set()
        self._break()

    def stall(self) -> None:
        """Accept and carry nothing."""
        self._open.clear()

    def lose_answers(self) -> None:
        """Carry to the server and nothing back."""
        self._answers.clear()

    def lose_commit(self) -> None:
        """Carry until somebody commits; that is carried, and its answer is not."""
        self._trap = True

    def mend(self) -> None:
        """Carry again; what hung before is broken off, as after a cable was put back too late."""
        self._trap = False
        if not self._open.is_set() or not self._answers.is_set():
            self._break()
        self._open.set()
        self._answers.set()
        if self._listener is None and not self._closed:
            self._listen()

    def close(self) -> None:
        """Take it down."""
        self._closed = True
        self.cut()
        self._answers.set()
        for thread in self._threads:
            thread.join(5)

    def _listen(self) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.port = listener.getsockname()[1]
        self._listener = listener
        self._start(self._accept, listener)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _address = listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.target), 5)
            except OSError:
                _end(near)
                continue
            with self._lock:
                self._ends |= {near, far}
            self._start(self._carry, near, far, None)
            self._start(self._carry, far, near, self._answers)

    def _carry(self, source: socket.socket, sink: socket.socket, gate: threading.Event | None) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if self.delay:
                    time.sleep(self.delay)
                self._open.wait()
                if gate is not None:
                    gate.wait()
                elif self._trap and b"COMMIT" in data:
                    self._answers.clear()
                sink.sendall(data)
        for end in (source, sink):
            _end(end)
            with self._lock:
                self._ends.discard(end)

    def _break(self) -> None:
        with self._lock:
            ends, self._ends = self._ends, set()
        for end in ends:
            _end(end)

    def _start(self, work: object, *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()


def _end(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        end.close()
