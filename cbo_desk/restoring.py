"""Putting a backup back with open eyes: what it holds, what was done since, and into which new database it goes.

The compound that is open is never touched: a backup is put into a database of its own, which is opened in its place
when the person says so.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from cbo_desk.backup import Restored, check_known, read_manifest, restore
from cbo_desk.compound import BACK_UP
from cbo_desk.context import clock, local
from cbo_desk.errors import Refusal
from cbo_desk.keeping import Plan, backups_in
from cbo_desk.office import Office
from cbo_desk.permissions import check, reads
from cbo_desk.progress import Progress
from db.records import AuditEntry

SHOWN = 5


@dataclass(frozen=True)
class Kept:
    """A backup that can be chosen: its file and when it was made."""

    file: Path
    made_at: datetime


@dataclass(frozen=True)
class Since:
    """What was done after a backup was made: how many deeds, by how many people, and the newest, as sentences.

    `same` says whether the backup is of this compound at all: its newest entry of the audit stands here too.
    """

    same: bool
    deeds: int = 0
    people: int = 0
    newest: tuple[tuple[datetime, str, str], ...] = ()


@dataclass(frozen=True)
class Offered:
    """A backup that was proven, and what putting it back would cost."""

    file: Path
    made_at: datetime
    size: int
    rows: int
    audit_entries: int
    since: Since


def choices(plan: Plan | None) -> Sequence[Kept]:
    """The backups that this workstation made by itself, the newest first."""
    return [Kept(path, at) for at, path in backups_in(Path(plan.folder))] if plan is not None else []


def look_at(office: Office, file: Path, progress: Progress | None = None) -> Offered:
    """Prove a backup and tell what was done since; raises Refusal, in a sentence, for one damaged or too new."""
    check(office.actor, BACK_UP)
    told = progress or Progress()
    told.report(0, 2)
    manifest = read_manifest(file)
    check_known(manifest, file)
    if manifest.engine != office.engine.dialect.name:
        raise Refusal(f"{file.name} is a backup of another kind of database than the one that is open.")
    told.report(1, 2)
    since = office.read(done_since, manifest.audit_entries, manifest.audit_hash)
    made_at = datetime.fromisoformat(manifest.made_at)
    return Offered(file, made_at, manifest.size, sum(manifest.rows.values()), manifest.audit_entries, since)


def put_beside(office: Office, file: Path, progress: Progress | None = None) -> Restored:
    """Put a backup into a new file beside the one that is open; raises Refusal or Trouble, then nothing is left."""
    check(office.actor, BACK_UP)
    return restore(file, str(beside(office)), progress=progress)


def beside(office: Office) -> Path:
    """The new file that a backup is put into; Refusal on a server, where its keeper makes databases."""
    if office.engine.dialect.name != "sqlite":
        raise Refusal("On a server a new database is made by whoever keeps the server.")
    open_now = Path(str(office.engine.url.database))
    return open_now.with_name(f"{open_now.stem}-restored-{local(clock()):%Y%m%d-%H%M%S}{open_now.suffix}")


def command_for(office: Office, file: Path) -> str:
    """What whoever keeps the server runs to put a backup into a database of its own, which need not be there yet.

    SUPERUSER stands for their name; the password comes from PGPASSWORD or their password file.
    """
    url = office.engine.url
    new = URL.create("postgresql", "SUPERUSER", None, url.host, url.port, f"{url.database}_restored", url.query)
    return f"main.py restore {shlex.quote(file.name)} --database {shlex.quote(new.render_as_string())}"


@reads("settings", "see what was done since a backup")
def done_since(session: Session, seq: int, digest: str) -> Since:
    """What the audit tells after its entry `seq`, which must be there with this hash."""
    stands = session.scalar(select(AuditEntry.hash).where(AuditEntry.seq == seq))
    if seq and stands != digest:
        return Since(False)
    after = AuditEntry.seq > seq
    deeds, people = session.execute(
        select(func.count(), func.count(func.distinct(AuditEntry.actor))).where(after)
    ).one()
    newest = select(AuditEntry.at, AuditEntry.actor, AuditEntry.said).where(after, AuditEntry.said != "")
    rows = session.execute(newest.order_by(AuditEntry.seq.desc()).limit(SHOWN))
    return Since(True, deeds, people, tuple((row.at, row.actor, row.said) for row in rows))
