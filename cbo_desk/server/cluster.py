"""One PostgreSQL cluster for the office: made, started, stopped and looked at with PostgreSQL's own programs.

Everybody signs in with SCRAM over TLS, pages carry checksums, and the superuser's password lies in a file that only
the cluster's owner can read; the program never works with it again.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cbo_desk.errors import Refusal, Trouble
from cbo_desk.server.certificates import Certificate, make_certificate, read_certificate, write_secret
from db.programs import find_program
from db.schema import LEAST_SERVER

SECONDS = 60
SUPERUSER = "cbo_superuser"
_SETTINGS = """\
# Written by CBO Desk when this cluster was made.
listen_addresses = '{listen}'
max_connections = 300  # up to six a workstation: its own, those of its reports, and of numbers taken beside a deed
port = {port}
ssl = on
ssl_cert_file = 'server.crt'
ssl_key_file = 'server.key'
ssl_min_protocol_version = 'TLSv1.2'
password_encryption = 'scram-sha-256'
log_connections = on
log_disconnections = on
timezone = 'UTC'
log_timezone = 'UTC'
unix_socket_directories = ''
"""
_DOOR = """\
# Written by CBO Desk when this cluster was made: a password, over TLS, or nobody.
hostssl   all  all  all  scram-sha-256
hostnossl all  all  all  reject
"""


@dataclass(frozen=True)
class Cluster:
    """A cluster's folder and how it is reached; `run_as` is the system's user it belongs to, for root alone."""

    folder: Path
    port: int = 5432
    names: tuple[str, ...] = ("localhost",)
    listen: str = "*"
    run_as: str = ""
    certificate: Certificate | None = field(default=None, compare=False)

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.folder / "data"


@dataclass(frozen=True)
class Status:
    """Whether a cluster runs, and the fingerprint that workstations compare."""

    folder: str
    running: bool
    said: str
    fingerprint: str
    until: str


def init_server(cluster: Cluster, certificate: Path | None = None, key: Path | None = None) -> tuple[Cluster, str]:
    """Make a cluster in a new or empty folder and start it; returns it with its superuser's password.

    Raises Refusal for a folder that holds something, Trouble where PostgreSQL's programs do not do it; then the folder
    is as it was.
    """
    if (certificate is None) != (key is None):
        raise Refusal("A certificate and its key belong together: give both, or neither.")
    if cluster.folder.exists() and any(cluster.folder.iterdir()):
        raise Refusal(f"{cluster.folder} holds something already. A server needs a folder of its own.")
    _look_at_version(cluster)
    new = not cluster.folder.exists()
    password = secrets.token_urlsafe(24)
    try:
        cluster.data.mkdir(parents=True)
        _initialise(cluster, password)
        made = _trusted(cluster, certificate, key)
        _write_settings(made)
        start_server(made)
    except OSError as error:
        _clear(cluster, new)
        raise Trouble(f"The server cannot be made in {cluster.folder}: {error.strerror}.") from error
    except BaseException:
        _clear(cluster, new)
        raise
    return made, password


def start_server(cluster: Cluster) -> None:
    """Start a cluster and wait until it answers; one that runs already is left alone."""
    if status_of(cluster).running:
        return
    log = cluster.data / "log.txt"
    answer = _call(cluster, "pg_ctl", "-D", str(cluster.data), "-w", "-t", str(SECONDS), "-l", str(log), "start")
    if answer.returncode:
        raise Trouble(f"The server does not start: {_last_words(log, answer)} Its log is {log}.")


def stop_server(cluster: Cluster) -> None:
    """Stop a cluster: who is connected is sent away, what was saved stays saved."""
    if not status_of(cluster).running:
        return
    answer = _call(cluster, "pg_ctl", "-D", str(cluster.data), "-w", "-t", str(SECONDS), "-m", "fast", "stop")
    if answer.returncode:
        raise Trouble(f"The server does not stop: {_last_words(None, answer)}")


def status_of(cluster: Cluster) -> Status:
    """Whether a cluster runs; Refusal for a folder that is none."""
    if not (cluster.data / "PG_VERSION").is_file():
        raise Refusal(f"There is no server in {cluster.folder}. Make one with: main.py server init DIR")
    answer = _call(cluster, "pg_ctl", "-D", str(cluster.data), "status")
    known = read_certificate(cluster.data / "server.crt") if (cluster.data / "server.crt").is_file() else None
    return Status(
        str(cluster.folder),
        answer.returncode == 0,
        "The server runs." if answer.returncode == 0 else "The server is stopped.",
        known.fingerprint if known else "",
        f"{known.until:%d %b %Y}".lstrip("0") if known else "",
    )


def _look_at_version(cluster: Cluster) -> None:
    """Refuse programs that are older than any that serves a compound; missing ones are named when they are called."""
    program = find_program("initdb", to_serve=True)
    if program is None:
        return
    told = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"(\d+)", told)
    if number is not None and int(number[0]) < LEAST_SERVER:
        raise Refusal(
            f"{program.parent} holds PostgreSQL {number[0]}. CBO Desk needs version {LEAST_SERVER} or newer: install "
            "that, or set CBO_PG_BIN to the folder of its programs."
        )


def _initialise(cluster: Cluster, password: str) -> None:
    secret = cluster.folder / "superuser.secret"
    write_secret(secret, password.encode())
    _give_away(cluster, cluster.folder, cluster.data, secret)
    how = ("--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--no-instructions")
    answer = _call(cluster, "initdb", "-D", str(cluster.data), "-U", SUPERUSER, f"--pwfile={secret}", *how)
    if answer.returncode:
        raise Trouble(f"The server cannot be made: {_last_words(None, answer)}")


def _trusted(cluster: Cluster, certificate: Path | None, key: Path | None) -> Cluster:
    """The cluster with the certificate that was given, or one that is made for it."""
    if certificate is None or key is None:
        known = make_certificate(cluster.data, cluster.names)
    else:
        known = read_certificate(certificate)
        (cluster.data / "server.crt").write_text(known.pem, encoding="ascii")
        write_secret(cluster.data / "server.key", key.read_bytes())
    _give_away(cluster, cluster.data / "server.crt", cluster.data / "server.key")
    return Cluster(cluster.folder, cluster.port, cluster.names, cluster.listen, cluster.run_as, known)


def _write_settings(cluster: Cluster) -> None:
    settings = cluster.data / "postgresql.auto.conf"
    settings.write_text(_SETTINGS.format(listen=cluster.listen, port=cluster.port), encoding="utf-8")
    (cluster.data / "pg_hba.conf").write_text(_DOOR, encoding="utf-8")


def _give_away(cluster: Cluster, *paths: Path) -> None:
    """Let the cluster's own user have what root made for it."""
    if _as_user(cluster):
        for path in paths:
            shutil.chown(path, cluster.run_as)


def _call(cluster: Cluster, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = find_program(name, to_serve=True)
    if program is None:
        raise Trouble(
            f"{name} is not on this computer. Install PostgreSQL (apt install postgresql), or set CBO_PG_BIN to the "
            "folder of its programs."
        )
    quiet: Any = subprocess.DEVNULL if name == "pg_ctl" and "start" in arguments else subprocess.PIPE
    return subprocess.run(
        [str(program), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=quiet,  # a server that was started would keep a pipe open for as long as it lives
        stderr=quiet,
        text=True,
        errors="replace",
        check=False,
        cwd=cluster.data,
        env={**os.environ, "LC_ALL": "C"},
        **_as_user(cluster),
    )


def _as_user(cluster: Cluster) -> dict[str, Any]:
    """How a program is run as the cluster's user: PostgreSQL refuses to serve as root."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    if not cluster.run_as:
        raise Refusal("PostgreSQL does not run as root. Name the user it shall run as, such as: --run-as postgres")
    import pwd

    try:
        known = pwd.getpwnam(cluster.run_as)
    except KeyError as error:
        raise Refusal(f"There is no user called {cluster.run_as} on this computer.") from error
    return {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": []}


def _last_words(log: Path | None, answer: subprocess.CompletedProcess[str]) -> str:
    """What PostgreSQL complained of, as the end of a sentence."""
    told = (answer.stderr or answer.stdout or "").strip()
    if log is not None and log.is_file():
        told = log.read_text(encoding="utf-8", errors="replace")
    fatal = [line.partition(":")[2].strip() for line in told.splitlines() if "FATAL" in line or "error:" in line]
    words = fatal[-1] if fatal else (told.splitlines() or ["no reason was given"])[-1]
    return words.rstrip(".") + "."


def _clear(cluster: Cluster, new: bool) -> None:
    """Take away what a server that was not made left behind."""
    if (cluster.data / "postmaster.pid").is_file():
        _call(cluster, "pg_ctl", "-D", str(cluster.data), "-w", "-m", "immediate", "stop")
    inside: Sequence[Path] = [cluster.folder] if new else [cluster.data, cluster.folder / "superuser.secret"]
    for path in inside:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
