"""What the tags desk can look up: what a scan opens, what waits to be printed, what was scanned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, select, text
from sqlalchemy.orm import Session

from cbo_desk import search
from cbo_desk.folding import storable
from cbo_desk.paging import starts_with
from cbo_desk.permissions import reads
from cbo_desk.tags.scan import Scan, our_code, parse
from cbo_desk.tags.subjects import Subject, describe
from db.base import table_of
from db.records import SearchEntry
from db.tags import LastScan, Tag, UnknownScan

LONGEST_REFERENCE = 100
# Said as its index says it: SQLite takes a partial index only for the very same words.
WANTED_AGAIN = text("tag.reprint_wanted")


@dataclass(frozen=True)
class Opened:
    """A record that a scan opens; `said` tells what is worth knowing, such as that its tag is `retired`."""

    kind: str
    record_id: int
    title: str
    detail: str
    said: str = ""
    retired: bool = False


@dataclass(frozen=True)
class Answer:
    """What a scanned text is: the record it opens, several it may open, or why none."""

    text: str
    opened: Opened | None
    choices: tuple[Opened, ...]
    why: str
    code: str = ""


_TAG = table_of(Tag).c
# Built once, and without the unit of work: every scan asks for it.
_BY_CODE: Select[Any] = select(_TAG.subject_kind, _TAG.subject_id, _TAG.ours, _TAG.retired_at, _TAG.retired_why).where(
    _TAG.code == bindparam("asked")
)


@reads("tags", "scan")
def resolve(session: Session, text: str) -> Answer:
    """Find what a scanned or typed text opens: our tag, a linked code, a reference, a serial."""
    ours = our_code(text)  # most scans; what else the text could be, a carrier's number for instance, is not asked then
    if ours and (tag := _tag_with(session, ours)) is not None:
        return Answer(storable(text), _opened(session, tag), (), "", ours)
    parsed, text = parse(text), storable(text)
    for code in _candidates(parsed, text):
        if (tag := _tag_with(session, code)) is not None:
            return Answer(text, _opened(session, tag), (), "", code)
    exact = _by_reference(session, text)
    if len(exact) == 1:
        return Answer(text, exact[0], (), "")
    return Answer(text, None, tuple(exact), _why(parsed, exact), _best_code(parsed))


def _tag_with(session: Session, code: str) -> Row[Any] | None:
    return session.connection().execute(_BY_CODE, {"asked": code}).one_or_none()


def _candidates(parsed: Scan, text: str) -> list[str]:
    """The codes under which a tag may be known, the surest first."""
    readings = [reading.code for reading in parsed.readings if reading.code]
    return list(dict.fromkeys([*readings, " ".join(text.split())[:200]]))


def _best_code(parsed: Scan) -> str:
    return parsed.readings[0].code if parsed.readings else ""


def _why(parsed: Scan, exact: Sequence[Opened]) -> str:
    if exact:
        return "Several records have this number. Choose one."
    return parsed.why or "Nothing here has this code or number."


def _opened(session: Session, tag: Row[Any]) -> Opened:
    found = describe(session, tag.subject_kind, [tag.subject_id]).get(tag.subject_id)
    if found is None:
        return Opened(tag.subject_kind, tag.subject_id, "", "", "The record of this tag is gone.")
    said, gone = "", tag.retired_at is not None
    if gone:
        said = f"This tag is retired: {tag.retired_why} Print the new one."
    elif not tag.ours:
        said = "Opened by a linked barcode."
    somebody = tag.subject_kind == "people.person"  # called by name: an index number says nothing to who reads it
    called = (found.name, found.entity) if somebody else (found.number or found.name, found.name)
    return Opened(tag.subject_kind, tag.subject_id, *called, said, gone)


def numbered(session: Session, text: str) -> list[SearchEntry]:
    """The entries of the records whose own number or code is just this text."""
    folded = search.fold(text)
    if not folded or len(folded) > LONGEST_REFERENCE:
        return []
    key = SearchEntry.folded
    wanted = select(SearchEntry).where(starts_with(key, folded)).order_by(key).limit(200)
    return [entry for entry in session.scalars(wanted) if search.fold(entry.title) == folded]


def _by_reference(session: Session, text: str) -> list[Opened]:
    """Records whose reference is just this text, or that have it as a word, such as a serial."""
    folded = search.fold(text)
    if len(folded) > LONGEST_REFERENCE:
        return []
    found = numbered(session, text)
    if not found and len(folded) >= 4:
        hits = search.find(session, text, 20)
        words = {(hit.kind, hit.record_id) for hit in hits}
        rows = session.scalars(select(SearchEntry).where(SearchEntry.record_id.in_([h.record_id for h in hits])))
        found = [row for row in rows if (row.kind, row.record_id) in words and _has_word(row.folded, folded)]
    return [Opened(entry.kind, entry.record_id, entry.title, entry.detail) for entry in found[:20]]


def _has_word(folded: str, word: str) -> bool:
    return f" {word} " in f" {folded} "


@dataclass(frozen=True)
class TagLine:
    """A tag in the print window: what it stands for and whether it waits to be printed again."""

    tag_id: int
    code: str
    subject: Subject
    subject_kind: str
    subject_id: int
    prints: int
    reprint: bool


@reads("tags")
def tags_of(session: Session, kind: str, ids: Sequence[int]) -> list[TagLine]:
    """The tags in use of records, in the order of `ids`."""
    wanted = select(Tag).where(Tag.subject_kind == kind, Tag.ours, Tag.retired_at.is_(None))
    rows: dict[int, Tag] = {}
    for start in range(0, len(ids), 500):
        for tag in session.scalars(wanted.where(Tag.subject_id.in_(ids[start : start + 500]))):
            rows[tag.subject_id] = tag
    return lines_of(session, [rows[ident] for ident in ids if ident in rows])


@reads("tags")
def never_printed(session: Session, kind: str, most: int = 500) -> list[TagLine]:
    """The queue of tags that were never printed, oldest first."""
    wanted = select(Tag).where(is_never_printed(kind))
    return lines_of(session, session.scalars(wanted.order_by(Tag.id).limit(most)).all())


@reads("tags")
def to_reprint(session: Session, most: int = 500) -> list[TagLine]:
    """The queue of tags to be printed again, oldest first."""
    wanted = select(Tag).where(WANTED_AGAIN, Tag.retired_at.is_(None))
    return lines_of(session, session.scalars(wanted.order_by(Tag.id).limit(most)).all())


@dataclass(frozen=True)
class Queues:
    """How many tags wait."""

    never_printed: int
    reprint: int


@reads("tags")
def queues(session: Session, kind: str) -> Queues:
    """How many tags of a kind were never printed, and how many of any kind wait to be printed again."""
    fresh = select(func.count()).where(is_never_printed(kind))
    again = select(func.count()).where(WANTED_AGAIN, Tag.retired_at.is_(None))
    return Queues(int(session.scalar(fresh) or 0), int(session.scalar(again) or 0))


@reads("tags")
def tags_in_use(session: Session, tag_ids: Sequence[int]) -> list[TagLine]:
    """The tags of these ids that are in use, in their order: a choice that was kept is looked up anew."""
    found: dict[int, Tag] = {}
    for start in range(0, len(tag_ids), 500):
        wanted = select(Tag).where(Tag.id.in_(tag_ids[start : start + 500]), Tag.retired_at.is_(None))
        found.update((tag.id, tag) for tag in session.scalars(wanted))
    return lines_of(session, [found[ident] for ident in tag_ids if ident in found])


@dataclass(frozen=True)
class UnknownLine:
    """A scan that nothing answered to."""

    id: int
    text: str
    at: datetime
    by: str
    workstation: str
    note: str


@reads("tags")
def unknown_scans(session: Session, most: int = 200) -> list[UnknownLine]:
    """Scans that wait for a person to say what they were, newest first."""
    wanted = select(UnknownScan).where(UnknownScan.resolved_at.is_(None)).order_by(UnknownScan.id.desc()).limit(most)
    return [UnknownLine(s.id, s.text, s.at, s.by, s.workstation, s.note) for s in session.scalars(wanted)]


@dataclass(frozen=True)
class ScanLine:
    """One scan of the strip of last scans."""

    id: int
    at: datetime
    title: str
    detail: str
    kind: str
    record_id: int


@reads("tags")
def last_scans(session: Session, most: int = 20) -> list[ScanLine]:
    """The newest scans of all workstations."""
    wanted = select(LastScan).order_by(LastScan.id.desc()).limit(most)
    return [ScanLine(s.id, s.at, s.title, s.detail, s.subject_kind, s.subject_id) for s in session.scalars(wanted)]


def is_never_printed(kind: str) -> ColumnElement[bool]:
    """The condition that a tag of a kind is in use and was never printed."""
    return and_(Tag.subject_kind == kind, Tag.prints == 0, Tag.ours, Tag.retired_at.is_(None))


def lines_of(session: Session, tags: Sequence[Tag]) -> list[TagLine]:
    """The tags as lists show them; a tag whose record is gone is left out."""
    subjects: dict[tuple[str, int], Subject] = {}
    for kind in {tag.subject_kind for tag in tags}:
        ids = [tag.subject_id for tag in tags if tag.subject_kind == kind]
        for start in range(0, len(ids), 500):
            for ident, subject in describe(session, kind, ids[start : start + 500]).items():
                subjects[kind, ident] = subject
    return [
        TagLine(tag.id, tag.code, subjects[key], *key, tag.prints, tag.reprint_wanted)
        for tag in tags
        if (key := (tag.subject_kind, tag.subject_id)) in subjects
    ]
