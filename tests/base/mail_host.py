"""A real mail server on loopback that keeps what it takes, counts by message id, and fails as it is told to."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class MailHost:
    """What a server took, in its order. `answer` decides on each message; a waiting `answer` makes the server slow."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.answer: Callable[[EmailMessage], str | None] = lambda _message: None
        self.refuse: dict[str, str] = {}
        self.port = 0
        self._lock = threading.Lock()

    @property
    def counts(self) -> Counter[str]:
        """How often each message id was taken."""
        return Counter(str(message["Message-ID"]) for message in self.taken)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        """Take or decline an addressee."""
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a message; what is taken is kept before the answer goes out."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        with self._lock:
            self.taken.append(message)
            self.raw.append(envelope.content)
        told = self.answer(message)
        if told is not None and told[0] != "2":
            with self._lock:
                self.taken.remove(message)
        return told or "250 taken"


class _FreePort(Controller):
    """A controller that asks, once the server listens, which port the system gave it."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


@contextmanager
def mail_host(*, login: tuple[str, str] | None = None, tls: Any = None, starttls: Any = None) -> Iterator[MailHost]:
    """A running server on a free port of this computer."""
    host = MailHost()
    settings: dict[str, Any] = {}
    if login is not None:

        def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
            good = (given.login.decode(), given.password.decode()) == login
            return AuthResult(success=good, handled=False)

        settings |= {"authenticator": check, "auth_required": True, "auth_require_tls": False}
    if starttls is not None:
        settings |= {"tls_context": starttls, "require_starttls": True}
    controller = _FreePort(host, hostname="127.0.0.1", port=0, ssl_context=tls, ready_timeout=20, **settings)
    controller.start()
    host.port = controller.port
    try:
        yield host
    finally:
        controller.stop()


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
