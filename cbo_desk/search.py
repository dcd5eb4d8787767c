"""One field finds any record: each desk enters its records here, folded so that case and accents do not matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    true,
    update,
)
from sqlalchemy.orm import Session

from cbo_desk.permissions import reads
from db.records import SearchEntry

FEWEST = 3  # A trigram needs three letters; shorter words are looked up as beginnings only.
_FIRST_MARK = "\u0300"  # below it nothing combines: most letters need no look-up
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True)
class Findable:
    """A record as search knows it: `words` are what it is found by besides title and detail."""

    kind: str
    record_id: int
    title: str
    detail: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """One answer: the record and how it is shown in a list of answers."""

    kind: str
    record_id: int
    title: str
    detail: str


def fold(words: str) -> str:
    """Text as it is compared: no case, no accents, no control characters, single spaces."""
    words = _CONTROL.sub(" ", words.replace("·", " "))
    if words.isascii():
        return " ".join(words.lower().split())
    marked = unicodedata.normalize("NFKD", words)
    bare = "".join([c for c in marked if c < _FIRST_MARK or not unicodedata.combining(c)])
    return " ".join(bare.casefold().split())


def entry_of(findable: Findable) -> dict[str, object]:
    """The row of the search table for a record."""
    parts = [findable.title, *findable.words, findable.detail]
    return {
        "kind": findable.kind,
        "record_id": findable.record_id,
        "title": findable.title,
        "detail": findable.detail,
        "folded": fold(" ".join(part for part in parts if part)),
    }


def enter(session: Session, findables: Iterable[Findable]) -> None:
    """Make records findable, or findable under their new words."""
    rows = [entry_of(item) for item in findables]
    for start in range(0, len(rows), 5000):
        _enter(session, rows[start : start + 5000])


def _enter(session: Session, rows: Sequence[dict[str, object]]) -> None:
    known: dict[object, set[int]] = {}
    for kind in {row["kind"] for row in rows}:
        ids = [row["record_id"] for row in rows if row["kind"] == kind]
        wanted = select(SearchEntry.record_id).where(SearchEntry.kind == kind, SearchEntry.record_id.in_(ids))
        known[kind] = set(session.scalars(wanted))
    new = [row for row in rows if row["record_id"] not in known[row["kind"]]]
    old = [row for row in rows if row["record_id"] in known[row["kind"]]]
    if new:
        session.execute(insert(SearchEntry), new)
    if old:
        table = SearchEntry.__table__
        change = (
            update(SearchEntry)
            .where(table.c.kind == bindparam("new_kind"), table.c.record_id == bindparam("new_record_id"))
            .values(title=bindparam("new_title"), detail=bindparam("new_detail"), folded=bindparam("new_folded"))
        )
        session.connection().execute(change, [{f"new_{name}": value for name, value in row.items()} for row in old])


def withdraw(session: Session, kind: str, ids: Sequence[int]) -> None:
    """Make records unfindable."""
    session.execute(delete(SearchEntry).where(SearchEntry.kind == kind, SearchEntry.record_id.in_(ids)))


@reads("people", "search")
def find(session: Session, words: str, most: int = 20, kinds: Sequence[str] = ()) -> list[Hit]:
    """The records that hold every one of the words, those that begin with them first."""
    folded = fold(words)
    if not folded:
        return []
    found: dict[int, Hit] = {}
    for wanted in (_beginning(session, folded), _holding(session, folded)):
        if wanted is None or len(found) >= most:
            continue
        if kinds:
            wanted = wanted.where(SearchEntry.kind.in_(kinds))
        for row in session.execute(wanted.limit(most)):
            found.setdefault(row.id, Hit(row.kind, row.record_id, row.title, row.detail))
    return list(found.values())[:most]


def matching(session: Session, kind: str, words: str) -> Select[Any] | None:
    """A subquery of the ids of one kind that hold every word; None where there is nothing to look for."""
    folded = fold(words)
    if not folded:
        return None
    condition = _words(session, folded.split())
    if condition is None:
        condition = _starts(session, folded)
    return select(SearchEntry.record_id).where(SearchEntry.kind == kind, condition)


_SHOWN = select(SearchEntry.id, SearchEntry.kind, SearchEntry.record_id, SearchEntry.title, SearchEntry.detail)


def _beginning(session: Session, folded: str) -> Select[int, str, int, str, str]:
    return _SHOWN.where(_starts(session, folded)).order_by(_start_key(session))


def _holding(session: Session, folded: str) -> Select[int, str, int, str, str] | None:
    condition = _words(session, folded.split())
    return None if condition is None else _SHOWN.where(condition)


def _start_key(session: Session) -> ColumnElement[str]:
    if session.get_bind().dialect.name == "postgresql":
        return literal_column('left(folded, 40) COLLATE "C"')
    return SearchEntry.folded.expression


def _starts(session: Session, folded: str) -> ColumnElement[bool]:
    key = _start_key(session)
    low = folded[:40]
    return and_(key >= low, key < low + "\U0010ffff")


def _words(session: Session, words: Sequence[str]) -> ColumnElement[bool] | None:
    """Every word of three letters or more somewhere in the text; shorter ones narrow what these found."""
    long = [word for word in words if len(word) >= FEWEST]
    if not long:
        return None
    rest = [SearchEntry.folded.contains(word, autoescape=True) for word in words if len(word) < FEWEST]
    if session.get_bind().dialect.name == "postgresql":
        return and_(*(SearchEntry.folded.contains(word, autoescape=True) for word in long), *rest, true())
    match = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
    rows = text("SELECT rowid FROM search_fts WHERE search_fts MATCH :words").bindparams(words=match)
    return and_(SearchEntry.id.in_(rows.columns(rowid=SearchEntry.id.type)), *rest, true())


def count(session: Session) -> int:
    """How many records can be found."""
    return int(session.scalar(select(func.count()).select_from(SearchEntry)) or 0)
