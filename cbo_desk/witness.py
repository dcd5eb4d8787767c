"""The head of the audit chain, written down outside the database day by day, and held against it ever after.

Who owns the database can shorten the chain at its end and set its head back, and nothing inside would tell. A line in a
file elsewhere does: the entry it names must still be there, with the same hash.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.compound import about
from cbo_desk.context import now
from cbo_desk.errors import Refusal, file_news
from cbo_desk.findings import Finding
from cbo_desk.office import Office
from cbo_desk.permissions import reads
from db.records import AuditEntry, AuditHead

_STEP = 500


@dataclass(frozen=True)
class Line:
    """What stood at the head of a compound's audit at an instant."""

    at: str
    compound: str
    seq: int
    hash: str


def hold_against(office: Office, file: Path) -> list[Finding]:
    """Look whether every entry that was written down still stands, then write down today's head.

    Nothing is added where one does not: what was seen first is what counts. Raises Refusal for a file of another
    compound or one that is no witness, Trouble where it cannot be read or written.
    """
    lines = read_lines(file)
    name = str(office.read(about).get("name", ""))
    others = {line.compound for line in lines} - {name}
    if others:
        raise Refusal(f"{file.name} witnesses another compound: {sorted(others)[0]}. Name a file for this one.")
    wrong = _first_wrong(office, lines)
    if wrong is not None:
        found = f"entry {wrong.seq:,} is not what stood there on {wrong.at[:10]}: the chain was altered since then"
        mend = "Keep database and witness as they are, and show them to the auditor."
        return [Finding(False, "audit witness", found, mend)]
    head = office.read(_head, name)
    if not lines or lines[-1].seq != head.seq:
        _append(file, head)
    first = f", the first of {lines[0].at[:10]}" if lines else ""
    return [Finding(True, "audit witness", f"{len(lines):,} earlier heads still stand{first}; now at {head.seq:,}")]


def read_lines(file: Path) -> list[Line]:
    """What was written down, oldest first; nothing where there is no file yet."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise file_news(error, f"{file.name} cannot be read. Name another file.") from error
    try:
        return [Line(**json.loads(line)) for line in text.splitlines() if line.strip()]
    except (ValueError, TypeError) as error:
        raise Refusal(f"{file.name} is no witness of an audit, or it is damaged. Name another file.") from error


def _first_wrong(office: Office, lines: list[Line]) -> Line | None:
    for start in range(0, len(lines), _STEP):
        some = [line for line in lines[start : start + _STEP] if line.seq]
        known = office.read(_hashes, [line.seq for line in some])
        for line in some:
            if known.get(line.seq) != line.hash:
                return line
    return None


def _append(file: Path, head: Line) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as written:
            written.write(json.dumps(asdict(head), ensure_ascii=False) + "\n")
    except OSError as error:
        raise file_news(error, f"{file} cannot be written: {error.strerror}.") from error


@reads("settings", "check the database")
def _head(session: Session, compound: str) -> Line:
    head = session.execute(select(AuditHead.seq, AuditHead.hash)).one()
    return Line(now(session).isoformat(timespec="seconds"), compound, head.seq, head.hash)


@reads("settings", "check the database")
def _hashes(session: Session, seqs: list[int]) -> dict[int, str]:
    found = session.execute(select(AuditEntry.seq, AuditEntry.hash).where(AuditEntry.seq.in_(seqs)))
    return {row.seq: row.hash for row in found}
