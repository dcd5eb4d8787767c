"""Hands one message to a mail server, and tells apart what failed: the way there, this message, or only the answer."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses, parseaddr

from cbo_desk.errors import Refusal
from cbo_desk.mail_server import MailServer
from cbo_desk.notifications import Message, Paper, method_of
from cbo_desk.secret import Secret

PATIENCE = 20.0
"""Seconds to wait for any one answer of a server."""
CONNECT_S = 5.0
"""Seconds to wait until a server takes the call at all: nobody can break off this wait."""

_MEETING = re.compile(r"^(BEGIN:VEVENT)(\r?\n.*?^END:VEVENT)", re.MULTILINE | re.DOTALL)
_ORGANIZER = re.compile(r"^ORGANIZER[:;]", re.MULTILINE)


class NotReachedError(Exception):
    """The server cannot be reached or does not let us in; no message was touched."""


class DeclinedError(Exception):
    """The server did not take this message. `final`: it never will, so trying later is of no use."""

    def __init__(self, text: str, final: bool) -> None:
        super().__init__(text)
        self.final = final


class DoubtfulError(Exception):
    """The message was handed over whole, but no answer came: nobody knows whether the server took it."""


def write_message(message: Message, papers: Sequence[Paper], sender: str) -> EmailMessage:
    """The message as it goes over the line, after RFC 5322; an invitation after RFC 6047 (iMIP)."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address(sender)
    mail["To"] = _address(message.to)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = message.message_id
    # No machine answers a machine (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(message.body, cte="quoted-printable")
    if message.calendar is not None:
        method = method_of(message.calendar)
        calendar = _organised(message.calendar, sender)
        mail.add_alternative(calendar, subtype="calendar", params={"method": method}, cte="base64")
    for paper in papers:
        main, _, sub = paper.media_type.partition("/")
        mail.add_attachment(
            paper.content, maintype=main or "application", subtype=sub or "octet-stream", filename=paper.name
        )
    return mail


def _organised(calendar: str, sender: str) -> str:
    """An invitation whose meetings have an ORGANIZER (RFC 5546, 3.2), which one written before mail was set up has not.

    Answers go to who sends it, so it is the sender.
    """
    head = f"\r\nORGANIZER:mailto:{parseaddr(sender)[1]}"
    return _MEETING.sub(lambda met: met[0] if _ORGANIZER.search(met[0]) else met[1] + head + met[2], calendar)


class _Line(smtplib.SMTP):
    """A line whose socket is known as soon as the server took the call, so that another thread can break it off."""

    raw: socket.socket | None = None

    def _get_socket(self, host: str, port: int, timeout: float | None) -> socket.socket:
        self.raw = socket.create_connection((host, port), CONNECT_S)
        self.raw.settimeout(timeout)
        return self.raw


class _SafeLine(smtplib.SMTP_SSL):
    """The same under TLS from the start."""

    raw: socket.socket | None = None

    def _get_socket(self, host: str, port: int, timeout: float | None) -> socket.socket:
        self.raw = socket.create_connection((host, port), CONNECT_S)
        self.raw.settimeout(timeout)
        return self.context.wrap_socket(self.raw, server_hostname=host)


class Connection:
    """A line to the server over which messages go one after the other.

    `break_off` may be called by another thread: while no message is being handed over, it ends the line at once.
    """

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._line: _Line | _SafeLine = (
            _SafeLine(timeout=PATIENCE, context=ssl.create_default_context())
            if server.security == "tls"
            else _Line(timeout=PATIENCE)
        )
        self._handing = False
        self._ended = False

    def open(self, password: Secret | None) -> None:
        """Call the server and sign in; NotReachedError where it cannot be reached or does not let us in."""
        server = self._server
        try:
            self._open(password)
        except smtplib.SMTPAuthenticationError as error:
            raise NotReachedError(
                f"{server.host} does not accept the login {server.login}: {_words(error.smtp_error)}"
            ) from error
        except ssl.SSLError as error:
            raise NotReachedError(
                f"{server.host} does not prove who it is: {error.reason or error}. Nothing was sent."
            ) from error
        except smtplib.SMTPException as error:
            raise NotReachedError(f"{server.host} does not let us in: {_said(error)}") from error
        except (OSError, UnicodeError) as error:
            raise NotReachedError(f"{server.host} cannot be reached: {_reason(error)}.") from error

    def hand_over(self, mail: EmailMessage) -> None:
        """Hand one message over; returns when the server has answered for it.

        Raises DeclinedError, DoubtfulError, or NotReachedError where the line broke before the message was whole.
        """
        content = _bytes(mail)
        self._handing = True
        try:
            self._deliver(mail, content)
        finally:
            self._handing = False

    def break_off(self) -> None:
        """End the line, unless a message is being handed over: that one is finished."""
        self._ended = True
        raw = self._line.raw
        if raw is not None and not self._handing:
            with suppress(OSError):
                raw.shutdown(socket.SHUT_RDWR)

    def _deliver(self, mail: EmailMessage, content: bytes) -> None:
        try:
            self._announce(mail)
            code, words = self._line.docmd("DATA")
            if code != 354:
                raise _declined(code, words)
            self._line.send(_dotted(content))
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            # Until its last line has gone out a server must not deliver it (RFC 5321, 4.1.1.4).
            raise NotReachedError(f"{self._server.host} broke off: {_reason(error)}. Nothing was sent.") from error
        try:
            self._line.send(b".\r\n")
            code, words = self._line.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise DoubtfulError(f"{self._server.host} gave no answer: {_reason(error)}.") from error
        if code != 250:
            raise _declined(code, words)

    def close(self) -> None:
        """Hang up."""
        with suppress(smtplib.SMTPException, OSError):
            self._line.quit()
        self._line.close()

    def _open(self, password: Secret | None) -> None:
        server, line = self._server, self._line
        if self._ended:
            raise OSError("it was broken off")
        # For the name in the certificate: smtplib takes it from here where the line is secured later.
        line._host = server.host  # type: ignore[union-attr]
        try:
            code, words = line.connect(server.host, server.port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, words)
            line.ehlo()
            if server.security == "starttls":
                # Raises where the server offers none: an attacker on the way may have taken the offer out.
                line.starttls(context=ssl.create_default_context())
                line.ehlo()
            if server.login:
                line.login(server.login, password.reveal() if password else "")
        except BaseException:
            line.close()
            raise

    def _announce(self, mail: EmailMessage) -> None:
        sender, to = parseaddr(str(mail["From"]))[1], getaddresses([str(mail["To"])])[0][1]
        options = []
        if not (to.isascii() and sender.isascii()):
            if not self._line.has_extn("smtputf8"):
                raise DeclinedError("The mail server takes no address with letters beyond A to Z.", final=True)
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        code, words = self._line.mail(sender, options)
        if code != 250:
            self._line.rset()
            raise _declined(code, words)
        code, words = self._line.rcpt(to)
        if code not in (250, 251):
            self._line.rset()
            raise _declined(code, words)


def _bytes(mail: EmailMessage) -> bytes:
    plain = mail.as_bytes(policy=SMTP.clone(utf8=True) if not str(mail["To"]).isascii() else SMTP)
    return plain if plain.endswith(b"\r\n") else plain + b"\r\n"


def _dotted(content: bytes) -> bytes:
    """A line that begins with a dot gets a second one (RFC 5321, 4.5.2)."""
    doubled = content.replace(b"\r\n.", b"\r\n..")
    return b"." + doubled if doubled.startswith(b".") else doubled


def _address(written: str) -> Address:
    name, address = getaddresses([written])[0]
    local, _, domain = address.rpartition("@")
    try:
        return Address(name, local, domain)
    except (ValueError, IndexError) as error:
        raise Refusal(f"{address} is no e-mail address.", "to") from error


def _declined(code: int, words: bytes) -> DeclinedError:
    """4xx may pass, 5xx will not (RFC 5321, 4.2.1)."""
    return DeclinedError(f"The mail server says {code}: {_words(words)}", final=500 <= code < 600)


def _words(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(text.split())[:300].rstrip(".") + "."


def _said(error: smtplib.SMTPException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _words(error.smtp_error)
    return _words(str(error))


def _reason(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "no computer of this name is known"
    if isinstance(error, TimeoutError):
        return f"no answer within {PATIENCE:.0f} seconds"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return " ".join(str(error).split())[:200].rstrip(".") or "the line is closed"
