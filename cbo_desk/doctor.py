"""Examines this computer and its database: what is there, what is missing, and the command that mends it."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from ctypes import CDLL
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cbo_desk.compound import data_folder, default_url
from cbo_desk.findings import Finding
from cbo_desk.server_clock import MOST_AHEAD, own_clock
from db import guard, migrate
from db.engine import open_engine, read_url, sqlite_module, wal_is_sound
from db.programs import find_program
from db.schema import LEAST_SERVER, server_version

# What Qt's own platform plugins load, and the Debian package each comes in.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
_LIBRARIES = ("reportlab", "openpyxl", "qrcode", "PIL", "numpy", "argon2", "rapidfuzz", "pypdfium2", "bidi")
_LEAST_FREE = 1_000_000_000


def examine(url: str | None = None) -> list[Finding]:
    """Everything the program needs here; `url` is the database to look at, else this workstation's own."""
    steps: tuple[Callable[[], Iterator[Finding]], ...] = (
        _python, _qt, _qt_libraries, _libraries, _sqlite, _server_programs, _scanners, _printers, _fonts,
    )  # fmt: skip
    findings = [finding for step in steps for finding in step()]
    findings += _folder(_place(url))
    return [*findings, *_database(url or default_url())]


def _python() -> Iterator[Finding]:
    sound = sys.version_info >= (3, 11)
    mend = "" if sound else "Install Python 3.11 or newer, then: make clean run"
    yield Finding(sound, "Python", platform.python_version(), mend)


def _qt() -> Iterator[Finding]:
    installed = _version_of("PySide6_Essentials")
    if installed is None:
        yield Finding(False, "PySide6", "not installed", "make run")
        return
    # 6.12.0 drops a reference to True with every signal under Python 3.10 and 3.11, and aborts after some thousand.
    bad = installed.startswith("6.12.0") and sys.version_info < (3, 12)
    mend = "pip install 'PySide6-Essentials>=6.8,<6.12'" if bad else ""
    yield Finding(not bad, "PySide6", f"{installed}{', which aborts on this Python' if bad else ''}", mend)


def _qt_libraries() -> Iterator[Finding]:
    if sys.platform != "linux":
        return
    missing = [package for library, package in QT_LIBRARIES.items() if not _loads(library)]
    if missing:
        yield Finding(
            False, "Qt's system libraries", f"missing {', '.join(missing)}", f"apt install {' '.join(missing)}"
        )
    else:
        yield Finding(True, "Qt's system libraries", "all there")


def _libraries() -> Iterator[Finding]:
    missing = [name for name in _LIBRARIES if importlib.util.find_spec(name) is None]
    found = f"missing {', '.join(missing)}" if missing else "all there"
    yield Finding(not missing, "libraries", found, "make run" if missing else "")
    reader = _version_of("zxing-cpp")
    yield Finding(
        reader is not None, "code reader (zxing-cpp)", reader or "not installed", "" if reader else "make run"
    )


def _sqlite() -> Iterator[Finding]:
    module = sqlite_module()
    sound = wal_is_sound(module.sqlite_version_info)
    if sound:
        yield Finding(True, "SQLite", f"{module.sqlite_version}, write-ahead logging is sound")
        return
    found = f"{module.sqlite_version} has the WAL-reset bug, so the slower rollback journal is used"
    yield Finding(True, "SQLite", found, "pip install pysqlite3")


def _server_programs() -> Iterator[Finding]:
    program = find_program("pg_dump")
    if program is None:
        found, mend = "no pg_dump; needed only to back up a server", "apt install postgresql-client"
        yield Finding(True, "PostgreSQL programs", found, mend)
        return
    yield Finding(True, "PostgreSQL programs", _says([str(program), "--version"]) or str(program))


def _scanners() -> Iterator[Finding]:
    """Scanners that act as keyboards need nothing; serial ones show as ports, which Linux gives to a group."""
    if importlib.util.find_spec("serial") is None:
        yield Finding(False, "serial scanners", "pyserial is not installed", "make run")
        return
    from serial.tools.list_ports import comports

    ports = [port.device for port in comports() if port.vid is not None]
    if not ports:
        yield Finding(True, "serial scanners", "none plugged in (scanners that act as keyboards need no port)")
    for port in ports:
        usable = sys.platform == "win32" or os.access(port, os.R_OK | os.W_OK)
        mend = "" if usable else "sudo usermod -aG dialout $USER, then sign out and in again"
        yield Finding(usable, "serial scanner", f"{port}{'' if usable else ' may not be opened'}", mend)


def _printers() -> Iterator[Finding]:
    if sys.platform == "win32":
        return
    if shutil.which("lpstat") is None:
        yield Finding(True, "printers", "no CUPS; tags can still be saved as PDF", "apt install cups cups-client")
        return
    names = [line.split()[0] for line in _says(["lpstat", "-e"]).splitlines() if line.strip()]
    yield Finding(
        True, "printers", ", ".join(names) or "none set up", "" if names else "Add one in the system's settings"
    )


def _fonts() -> Iterator[Finding]:
    folder = Path(__file__).parents[1] / "resources" / "fonts"
    count = len([file for file in folder.glob("**/*") if file.suffix in (".ttf", ".otf")])
    yield Finding(count > 0, "fonts", f"{count} of our own", "" if count else "Unpack the program again")


def _folder(place: Path) -> Iterator[Finding]:
    there = next(folder for folder in (place, *place.parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            yield Finding(True, "data folder", f"{place} can be written")
    except OSError as error:
        yield Finding(False, "data folder", f"{there}: {error.strerror}", f"chown -R $USER '{there}', or set CBO_DATA")
    free = shutil.disk_usage(there).free
    mend = "" if free > _LEAST_FREE else "Empty the bin, or move the data folder with CBO_DATA"
    yield Finding(free > _LEAST_FREE, "free disk space", f"{free / 1e9:.1f} GB", mend)


def _database(url: str) -> Iterator[Finding]:
    try:
        parsed = read_url(url)
        known = parsed.get_backend_name() in ("sqlite", "postgresql")
    except (SQLAlchemyError, ValueError):
        known = False
    if not known:
        yield Finding(
            False, "database", "the address cannot be read", "Use a file, or postgresql://name@server/database"
        )
        return
    shown = parsed.render_as_string(hide_password=True)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        yield Finding(True, "database", f"none yet at {parsed.database}", "main.py, or main.py demo")
        return
    engine = open_engine(parsed)
    try:
        with engine.connect() as connection:
            schema = migrate.schema_of(connection)
            yield Finding(True, "database", f"{shown} answers, schema {schema or 'empty'}")
            if engine.dialect.name == "postgresql":
                server = connection.scalar(text("SHOW server_version"))
                ahead = (connection.scalar(text("SELECT clock_timestamp()")) - own_clock()).total_seconds()
                sound = (server_version(connection) or 0) >= LEAST_SERVER
                mend = "" if sound else f"Bring the server to version {LEAST_SERVER} or newer"
                yield Finding(sound, "PostgreSQL server", str(server), mend)
                right = abs(ahead) <= MOST_AHEAD.total_seconds()
                mend = "" if right else "timedatectl set-ntp true, here and on the server"
                yield Finding(right, "clock", f"{ahead:+.1f} s against the server's", mend)
        if schema is not None and schema not in migrate.revisions():
            yield Finding(False, "schema", f"{schema} is of a newer CBO Desk", "Install that version")
        elif schema == migrate.newest():
            found = guard.deviations(engine)
            mend = "main.py check" if found else ""
            yield Finding(not found, "schema", found[0] if found else "as this program expects it", mend)
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", error)).strip().splitlines()[0]
        mend = "Is the server on and reachable?" if parsed.host else "Restore the last backup: main.py restore FILE"
        yield Finding(False, "database", f"{shown}: {said}", mend)
    finally:
        engine.dispose()


def _place(url: str | None) -> Path:
    if url and "://" not in url:
        return Path(url).expanduser().absolute().parent
    if url and url.startswith("sqlite:///"):
        return Path(urlsplit(url).path[1:]).absolute().parent
    return data_folder().absolute()


def _version_of(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _loads(library: str) -> bool:
    try:
        CDLL(library)
    except OSError:
        return False
    return True


def _says(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=False).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""
