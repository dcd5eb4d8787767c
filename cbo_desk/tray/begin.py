"""Beginning with a tray: which file it is, what is said of one that is not as it should be."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine import URL

from cbo_desk.context import clock
from cbo_desk.errors import Trouble
from cbo_desk.link import Link
from cbo_desk.locations import data_folder
from cbo_desk.office import Office
from cbo_desk.tray.tray import Tray, tray_of
from db.engine import sqlite_module
from db.tray_file import NewerTrayError, TrayFile

KEPT_FOR = timedelta(days=30)
"""So long the tray remembers what the server took: a page may still show a stand-in for it."""


def begin(office: Office, folder: Path | None = None) -> Tray | None:
    """Let an office on a server work on without it; None over a file of one's own, which needs no server.

    What is to be said of the tray stands in its `notes`. Raises Trouble where no tray can be kept here.
    """
    if office.engine.dialect.name != "postgresql":
        return None
    folder = folder or data_folder() / "trays"
    path = path_of(folder, office.engine.url, office.actor.login)
    file, notes = _open(path)
    compound = compound_of(office.engine.url)
    known = {"compound": compound, "login": office.actor.login, "workstation": office.actor.workstation}
    begun_at = file.about("workstation")
    if begun_at and begun_at != known["workstation"] and file.count("waiting"):
        notes.append(f"This tray was begun at {begun_at}: what both workstations hold is taken once.")
    for name, value in known.items():
        if not file.about(name):
            file.note(name, value)
    file.forget_before(clock() - KEPT_FOR)
    notes += list(_of_others(folder, path, compound))
    office.link = Link(office.engine, proven=office.prove)
    if office.proof is not None:
        office.link.lost()  # it was away when the program was started: nothing is asked before it is proven
    tray = Tray(office, office.link, file, tuple(notes))
    office.tray = tray
    return tray


def end(office: Office) -> None:
    """Let go of the tray; what it holds stays."""
    tray = tray_of(office)
    if tray is not None:
        tray.told = lambda: None
        tray.close()
        office.tray = None


def _open(path: Path) -> tuple[TrayFile, list[str]]:
    try:
        return TrayFile(path), []
    except NewerTrayError as error:
        raise Trouble(
            f"The tray of this workstation was kept by a newer CBO Desk (form {error}). Install that version; nothing "
            "is lost. Until then nothing can be kept here."
        ) from error
    except OSError as error:
        raise Trouble(f"No tray can be kept in {path.parent}: {error.strerror}.") from error
    except sqlite_module().Error as error:
        aside = path.with_name(f"{path.stem}-unreadable-{clock():%Y%m%d-%H%M%S}{path.suffix}")
        try:
            path.replace(aside)
            for ending in ("-wal", "-shm"):  # they belong to the file that was put aside
                beside = path.with_name(path.name + ending)
                if beside.exists():
                    beside.replace(aside.with_name(aside.name + ending))
            return TrayFile(path), [
                f"The tray of this workstation cannot be read. It was put aside as {aside.name}: show it to an "
                "administrator, who may bring back what is in it."
            ]
        except (OSError, sqlite_module().Error):
            raise Trouble(f"No tray can be kept in {path.parent}: {error}.") from error


def _of_others(folder: Path, own: Path, compound: str) -> Iterator[str]:
    """What lies here for the same compound from others: the server takes nobody's deeds from another."""
    for file in readable_trays(folder, compound):
        waiting, whose = file.count("waiting") + file.count("refused"), file.about("login")
        if waiting and file.path != own:
            deeds = "1 deed" if waiting == 1 else f"{waiting:,} deeds"
            yield f"{deeds} kept by {whose} wait here until {whose} signs in."


def readable_trays(folder: Path, compound: str) -> Iterator[TrayFile]:
    """The trays that lie in a folder for a compound, each open for as long as it is looked at."""
    for path in sorted(folder.glob("*.db")):
        if "unreadable" in path.name:
            continue
        try:
            file = TrayFile(path)
        except (OSError, NewerTrayError, sqlite_module().Error):
            continue  # it is told when its owner signs in
        with closing(file):
            if file.about("compound") == compound:
                yield file


def compound_of(url: URL) -> str:
    """The compound that an address of a server means, whoever signs in."""
    return f"{url.host}:{url.port or 5432}/{url.database}"


def path_of(folder: Path, url: URL, login: str) -> Path:
    """Where the tray of a person for a compound lies."""
    return folder / f"{hashlib.sha256(f'{compound_of(url)} {login}'.encode()).hexdigest()[:20]}.db"
