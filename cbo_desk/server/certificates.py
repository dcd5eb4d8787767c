"""The server's certificate: made here where none is given, told by its fingerprint, asked for over the network."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cbo_desk.errors import Refusal, Trouble

if TYPE_CHECKING:
    from cryptography.x509 import GeneralName

YEARS = 5
TIMEOUT_S = 5.0
_ASK_FOR_TLS = bytes.fromhex("00000008" "04d2162f")
"""The packet with which PostgreSQL's protocol asks for encryption: its length and the code 80877103."""


@dataclass(frozen=True)
class Certificate:
    """A certificate as PEM text, the names it is for, its last day, and its SHA-256 in groups of two digits."""

    pem: str
    names: tuple[str, ...]
    until: datetime
    fingerprint: str


def make_certificate(folder: Path, names: Sequence[str]) -> Certificate:
    """Make a key and a certificate for these host names and addresses: `server.key` and `server.crt` in `folder`.

    It is signed by itself: workstations trust it by its fingerprint, which people compare once.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0][:64])])
    began = datetime.now(UTC) - timedelta(days=1)  # a workstation's clock may be hours behind
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=365 * YEARS))
        .add_extension(x509.SubjectAlternativeName([_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_secret(folder / "server.key", secret)
    (folder / "server.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return read_certificate(folder / "server.crt")


def write_secret(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, from its first byte on."""
    with suppress(FileNotFoundError):
        path.unlink()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def read_certificate(path: Path) -> Certificate:
    """A certificate's meaning; Refusal for a file that is none."""
    try:
        return described(path.read_text(encoding="ascii"))
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise Refusal(f"{path.name} is no certificate in PEM form.") from error


def described(pem: str) -> Certificate:
    """What a certificate's PEM text says; ValueError where it is none."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    read = x509.load_pem_x509_certificate(pem.encode("ascii"))
    names: list[str] = []
    with suppress(x509.ExtensionNotFound):
        told = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = [str(name.value) for name in told]
    return Certificate(pem, tuple(names), read.not_valid_after_utc, shown(read.fingerprint(hashes.SHA256())))


def shown(digest: bytes) -> str:
    """A fingerprint as people compare it: AB:CD:…"""
    return digest.hex(":").upper()


def same_fingerprint(one: str, other: str) -> bool:
    """Whether two fingerprints are the same, however they were typed."""
    return _bare(one) == _bare(other) != ""


def fingerprint_at(host: str, port: int) -> Certificate:
    """The certificate that a PostgreSQL server shows at an address, not yet trusted by anybody.

    Raises Trouble where nothing answers, Refusal where the server offers no encryption.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection((host, port), TIMEOUT_S) as plain:
            plain.sendall(_ASK_FOR_TLS)
            if plain.recv(1) != b"S":
                raise Refusal(f"The server at {host} offers no encryption. Ask who keeps it to turn TLS on.")
            with context.wrap_socket(plain) as wrapped:
                shown_there = wrapped.getpeercert(binary_form=True) or b""
    except (OSError, ValueError) as error:
        raise Trouble(f"No server answers at {host}, port {port}. Look at the address and the network.") from error
    found = described(ssl.DER_cert_to_PEM_cert(shown_there))
    assert found.fingerprint == shown(hashlib.sha256(shown_there).digest())
    return found


def _bare(fingerprint: str) -> str:
    return "".join(letter for letter in fingerprint.upper() if letter in "0123456789ABCDEF")


def _name(name: str) -> GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
