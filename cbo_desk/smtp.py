"""Hands one message to a mail server, and tells apart what failed: the way there, this message, or only the answer."""

from __future__ import annotations

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
        mail.add_alternative(message.calendar, subtype="calendar", params={"method": method}, cte="base64")
    for paper in papers:
        main, _, sub = paper.media_type.partition("/")
        mail.add_attachment(
            paper.content, maintype=main or "application", subtype=sub or "octet-stream", filename=paper.name
        )
    return mail


class Connection:
    """A line to the server over which messages go one after the other; `close` may be called by another thread."""

    def __init__(self, server: MailServer, password: Secret | None) -> None:
        self._server = server
        try:
            self._line = self._open(password)
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

    def _open(self, password: Secret | None) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=PATIENCE, context=ssl.create_default_context()
            )
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
        try:
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
        return line

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
