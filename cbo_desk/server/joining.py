"""How a workstation comes to trust the office's server: by its fingerprint, compared once, kept as its certificate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from cbo_desk.context import local
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.locations import data_folder
from cbo_desk.server.certificates import Certificate, fingerprint_at, read_certificate, same_fingerprint

PORT = 5432


def split_server(server: str) -> tuple[str, int]:
    """The host and port of what a person typed; Refusal for a port that is none."""
    host, colon, port = server.strip().rpartition(":")
    if not colon:
        return server.strip(), PORT
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise Refusal("The port behind the colon is a number from 1 to 65535.", "server")
    return host, int(port)


def kept_certificate(server: str) -> Path:
    """Where the certificate of a trusted server lies on this workstation, whether or not it is there."""
    host, port = split_server(server)
    return data_folder() / "servers" / f"{re.sub(r'[^A-Za-z0-9.-]', '_', host)}_{port}.crt"


def trust(server: str, fingerprint: str) -> Path:
    """Keep the certificate that a server shows, if it has this fingerprint.

    This asks the network and waits for it, so it is nothing for a window's thread. Raises Refusal where the server
    shows another one, Trouble where it does not answer.
    """
    host, port = split_server(server)
    shown = fingerprint_at(host, port)
    if not same_fingerprint(shown.fingerprint, fingerprint):
        raise Refusal(
            f"The server shows another fingerprint: {shown.fingerprint}. Compare it with your administrator's. If they "
            "differ, somebody may be listening: do not join.",
            "fingerprint",
        )
    path = kept_certificate(server)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(shown.pem, encoding="ascii")
    except OSError as error:
        raise Trouble(f"The server's certificate cannot be kept in {path.parent}: {error.strerror}.") from error
    return path


def trusting(url: str, server: str) -> str:
    """A server's address that asks for the certificate kept here; as it is where none is kept."""
    path = kept_certificate(server)
    if not path.is_file():
        return url
    # TLS alone: where there is a ticket libpq would otherwise encrypt by Kerberos, which our servers do not listen to.
    return f"{url}?sslmode=verify-full&gssencmode=disable&sslrootcert={quote(str(path), safe='')}"


@dataclass(frozen=True)
class Compared:
    """The certificate that a workstation trusts, None where none is kept, beside the one that its server shows."""

    server: str
    trusted: Certificate | None
    shown: Certificate

    @property
    def same(self) -> bool:
        """Whether it is the very one that is trusted."""
        return self.trusted is not None and self.trusted.fingerprint == self.shown.fingerprint

    def why(self, now: datetime) -> str:
        """Why the server is not believed, by this computer's clock, and who does what."""
        if self.trusted is None:
            return "The certificate that this workstation trusts can no longer be read here. Join anew."
        if not self.same:
            return (
                "The server shows another certificate than the one this workstation trusts. Either whoever keeps it "
                "gave it a new one, or somebody stands in between."
            )
        if self.shown.until < now:
            return (
                f"It is the certificate that this workstation trusts, but it ran out on {_day(self.shown.until)} by "
                "this computer's clock. If the clock is right, whoever keeps the server gives it a new one."
            )
        host = split_server(self.server)[0]
        if host not in self.shown.names:
            return (
                f"It is the certificate that this workstation trusts, but it is for {', '.join(self.shown.names)}, and "
                f"this workstation asks for {host}. Join by a name that it is for."
            )
        return (
            f"It is the certificate that this workstation trusts, and it is not believed yet: look whether this "
            f"computer's clock is right. It says {_day(now)}, {local(now):%H:%M}."
        )


def compare(url: str) -> Compared:
    """Look at both certificates of a server's address. This asks the network and waits for it.

    Raises Trouble where the server does not answer.
    """
    parts = urlsplit(url)
    server = parts.netloc.rpartition("@")[2]
    kept = parse_qs(parts.query).get("sslrootcert", [str(kept_certificate(server))])[0]
    try:
        trusted = read_certificate(Path(kept))
    except Refusal:
        trusted = None
    return Compared(server, trusted, fingerprint_at(*split_server(server)))


def _day(instant: datetime) -> str:
    return f"{local(instant):%d %b %Y}".lstrip("0")
