"""Where this person's compounds lie, known without opening any."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from pathlib import Path

from cbo_desk.errors import Trouble

APP = "CBO Desk"
_BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite lays beside a database file."""


def data_folder() -> Path:
    """Where this person's compound and preferences lie; `CBO_DATA` names another place."""
    if "CBO_DATA" in os.environ:
        return Path(os.environ["CBO_DATA"])
    home = Path.home()
    if platform.system() == "Windows":
        return Path(os.environ.get("APPDATA", home / "AppData" / "Roaming")) / APP
    if platform.system() == "Darwin":
        return home / "Library" / "Application Support" / APP
    return Path(os.environ.get("XDG_DATA_HOME", home / ".local" / "share")) / "cbo-desk"


def default_url() -> str:
    """The database on this workstation."""
    return str(data_folder() / "compound.db")


def demo_url() -> str:
    """The demo compound on this workstation: a file of its own, so that it can be deleted at one press."""
    return str(data_folder() / "demo.db")


def file_of(url: str) -> Path | None:
    """The file that a database's address names, None for a server's."""
    if "://" not in url:
        return Path(url).expanduser()
    scheme, _, rest = url.partition("://")
    return Path(rest.removeprefix("/")) if scheme.startswith("sqlite") else None


def forget_file(path: Path) -> None:
    """Delete a database file and what lies beside it; Trouble where the disk refuses."""
    for ending in _BESIDE:
        try:
            with suppress(FileNotFoundError):
                path.with_name(path.name + ending).unlink()
        except OSError as error:
            raise Trouble(f"{path.name} cannot be deleted: {error.strerror}.") from error
