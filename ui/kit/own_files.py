"""Files of this run of the program that something else reads: icons for the stylesheet, papers that are looked at.

They lie in a folder of their own among the computer's temporary files, which goes when the program ends. One that was
killed leaves its folder behind, with papers in it that are not everybody's: the next paper that is looked at takes away
what such runs left.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from PySide6.QtCore import QLockFile, QUrl
from PySide6.QtGui import QDesktopServices

from cbo_desk.errors import Trouble

_PREFIX = "cbo-desk-"
_IN_USE = "in-use"


def own_folder() -> Path:
    """The folder of this run."""
    return Path(_run()[0].name)


def write_to_show(name: str, write: Callable[[Path], object]) -> Path:
    """Write a file of that name to be looked at, for `show`; `Trouble` where there is no room for it.

    It may be called beside the window; what `write` refuses is passed on.
    """
    take_away_left()
    path = Path(tempfile.mkdtemp(dir=own_folder())) / name
    try:
        write(path)
    except OSError as error:
        raise Trouble(f"{name} cannot be written to be shown: {error.strerror}.") from error
    return path


def show(path: Path) -> None:
    """Open a file or a folder with the program that this computer opens such with."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def take_away_left() -> None:
    """Remove the folders of runs that are no more; what is another person's is left alone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_IN_USE}"):
        held = _lock(folder.parent)
        if folder.parent != own_folder() and held.tryLock(0):
            held.unlock()
            shutil.rmtree(folder.parent, ignore_errors=True)


@cache
def _run() -> tuple[tempfile.TemporaryDirectory[str], QLockFile]:
    folder = tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True)
    held = _lock(Path(folder.name))
    held.lock()
    return folder, held


def _lock(folder: Path) -> QLockFile:
    """Says that a run is there: whoever holds it has to live, however long ago it took it."""
    lock = QLockFile(str(folder / _IN_USE))
    lock.setStaleLockTime(0)
    return lock
