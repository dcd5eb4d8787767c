"""Backups that are made by themselves: one when it is due, put back for a trial, and so many of them kept.

Where and how often is a workstation's matter, since the folder is one that it reaches.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from cbo_desk.backup import ENDING, backup, read_manifest, rehearse_on_server, restore
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.office import Office
from cbo_desk.progress import Progress

LEAST_KEPT, MOST_KEPT = 2, 400
_NAMED = re.compile(r"cbo-(\d{8}-\d{6})\.backup")


@dataclass(frozen=True)
class Plan:
    """Into which folder, after how many hours, and how many backups stay there."""

    folder: str
    hours: int = 24
    keep: int = 14


@dataclass(frozen=True)
class Kept:
    """One backup that was made by itself: its file, how it was proven, and how many older ones went."""

    file: str
    rows: int
    proven: str
    removed: int


def checked(folder: str, hours: int, keep: int) -> Plan:
    """A plan that can be carried out; Refusal beside the field where it cannot."""
    place = Path(folder.strip()).expanduser()
    if not folder.strip() or not place.is_absolute():
        raise Refusal("Name the folder from the root of its disk, on another disk than the compound's.", "folder")
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place) as trial:
            trial.write(b"\0")
    except OSError as error:
        raise Refusal(f"Nothing can be written into {place}: {error.strerror}.", "folder") from error
    if not 1 <= hours <= 24 * 31:
        raise Refusal("A backup is made every 1 to 744 hours.", "hours")
    if not LEAST_KEPT <= keep <= MOST_KEPT:
        raise Refusal(f"Between {LEAST_KEPT} and {MOST_KEPT} backups are kept.", "keep")
    return Plan(str(place), hours, keep)


def backups_in(folder: Path) -> list[tuple[datetime, Path]]:
    """The backups that were made by themselves and have their manifest, the newest first."""
    found = []
    with suppress(OSError):
        for path in folder.iterdir():
            named = _NAMED.fullmatch(path.name)
            if named and path.with_name(path.name + ENDING).is_file():
                found.append((datetime.strptime(named[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC), path))
    return sorted(found, reverse=True)


def is_due(plan: Plan, now: datetime) -> bool:
    """Whether the newest backup is older than the plan wants; one of the future, by a wrong clock, does not count."""
    made = [at for at, _path in backups_in(Path(plan.folder)) if at <= now]
    return not made or now - made[0] >= timedelta(hours=plan.hours)


def keep_one(office: Office, plan: Plan, now: datetime, progress: Progress | None = None) -> Kept:
    """Make a backup, put it back for a trial, and only then let the oldest go.

    Raises Trouble where it cannot be written or does not come back as it was; the older ones then stay.
    """
    folder = Path(plan.folder)
    file = folder / f"cbo-{now.astimezone(UTC):%Y%m%d-%H%M%S}.backup"
    made = backup(office, file, progress)
    try:
        proven = rehearse(office, file)
    except BaseException:
        _remove([file])
        raise
    old = [path for _at, path in backups_in(folder)][plan.keep :]
    _remove(old)
    return Kept(str(file), made.rows, proven, len(old))


def rehearse(office: Office, file: Path) -> str:
    """Put a backup back beside everything else and look at what came; how far that went, in words."""
    if office.engine.dialect.name == "sqlite":
        with tempfile.TemporaryDirectory(prefix="cbo-trial-", dir=file.parent) as folder:
            restored = restore(file, str(Path(folder) / "trial.db"))
        return f"put back for a trial: {restored.rows:,} rows, audit chain of {restored.audit_entries:,}"
    try:
        return rehearse_on_server(office.engine.url, file)
    except DBAPIError as error:
        raise Trouble(f"{file.name} could not be put back for a trial: {str(error.orig).splitlines()[0]}.") from error


def newest_proven(plan: Plan) -> datetime | None:
    """When the newest backup was made whose bytes are as its manifest says; reads it whole."""
    for at, path in backups_in(Path(plan.folder)):
        with suppress(Refusal):
            read_manifest(path)
            return at
    return None


def _remove(files: Sequence[Path]) -> None:
    for file in files:
        for path in (file, file.with_name(file.name + ENDING)):
            path.unlink(missing_ok=True)
