"""The mail server that messages go out by: where it is and who sends, for everybody; its password on this computer.

The password is never written into the database, which every workstation reads and every backup copies. It lies in a
file of this person's own on each computer that sends, or comes from CBO_MAIL_PASSWORD, or from the file that
CBO_MAIL_PASSWORD_FILE names, such as one that the system decrypts for this program alone.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.locations import data_folder
from cbo_desk.notifications import is_address
from cbo_desk.permissions import Role, deed, reads
from cbo_desk.secret import Secret
from cbo_desk.versions import Unchanged
from db.records import Compound

KIND = "settings.mail_server"
_ROW = "mail_server"
PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""How the line is kept from others' eyes, with the port that goes with it."""
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.\-]{0,251}[A-Za-z0-9])?|\[?[0-9a-fA-F:.]{2,45}\]?")
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in, and as whom. `security` is starttls, tls or none; without a login none is needed."""

    host: str
    port: int
    security: str
    login: str
    sender: str


@reads("settings", "see the mail server")
def mail_server(session: Session) -> MailServer | None:
    """The mail server of this compound; None where none is named yet."""
    kept = session.scalar(select(Compound.value).where(Compound.name == _ROW))
    return MailServer(**kept) if kept else None


@deed("settings.set_mail_server", "name the mail server", Role.ADMINISTRATOR)
def set_mail_server(session: Session, server: MailServer | None) -> Changes:
    """Name the mail server, or none: then messages wait."""
    before = mail_server(session)
    if server is None:
        session.merge(Compound(name=_ROW, value=None))
        undo = Deed(Unchanged(set_mail_server, mail_server, (), None), (before,))
        return Changes(KIND, (1,), "No mail is sent from now on; messages wait.", undo)
    tidy = MailServer(server.host.strip(), server.port, server.security, server.login.strip(), server.sender.strip())
    _check(tidy)
    session.merge(Compound(name=_ROW, value=asdict(tidy)))
    undo = Deed(Unchanged(set_mail_server, mail_server, (), tidy), (before,))
    return Changes(KIND, (1,), f"Mail goes out by {tidy.host}.", undo)


def password_of(server: MailServer) -> Secret | None:
    """The password for the server's login as this computer knows it; None where it does not."""
    if (given := os.environ.get("CBO_MAIL_PASSWORD")) is not None:
        return Secret(given)
    if named := os.environ.get("CBO_MAIL_PASSWORD_FILE"):
        try:
            return Secret(Path(named).read_text(encoding="utf-8").rstrip("\r\n"))
        except (OSError, ValueError):
            return None
    kept = _kept().get(_name(server))
    return Secret(kept) if kept is not None else None


def keep_password(server: MailServer, password: Secret | None) -> None:
    """Keep the password in a file that only this person can read, or forget it.

    Raises Trouble where the disk refuses.
    """
    kept = _kept()
    if password is None:
        kept.pop(_name(server), None)
    else:
        kept[_name(server)] = password.reveal()
    file = _file()
    beside = file.with_suffix(".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            beside.unlink()
        # Made for its owner alone from the first moment on, never opened to others in between.
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(kept, out)
        beside.replace(file)
    except OSError as error:
        raise Trouble(f"The password cannot be kept: {error.strerror}. It was not saved.") from error


def can_send(server: MailServer | None) -> bool:
    """Whether this computer knows all that sending takes."""
    return server is not None and (not server.login or password_of(server) is not None)


def _check(server: MailServer) -> None:
    if not _HOST.fullmatch(server.host):
        raise Refusal("Name the mail server as it is called in the network, for instance smtp.example.org.", "host")
    if not 1 <= server.port <= 65_535:
        raise Refusal("A port is a number from 1 to 65535; mail is usually handed in at 587.", "port")
    if server.security not in PORTS:
        raise Refusal("The line is secured by STARTTLS, by TLS from the start, or not at all.", "security")
    if server.security == "none" and server.login and server.host not in _HERE:
        raise Refusal("Without TLS everybody on the way could read the password. Choose STARTTLS or TLS.", "security")
    if any(ord(letter) < 32 for letter in server.login) or len(server.login) > 320:
        raise Refusal("A login is one line of letters.", "login")
    if not is_address(server.sender):
        raise Refusal("Name the address that messages come from, for instance mailroom@example.org.", "sender")


def _name(server: MailServer) -> str:
    return f"{server.login}@{server.host}:{server.port}"


def _file() -> Path:
    return data_folder() / "mail-password.json"


def _kept() -> dict[str, str]:
    try:
        kept = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in kept.items()} if isinstance(kept, dict) else {}
