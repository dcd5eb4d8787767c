"""One field finds any record: each desk enters its records here, folded so that case and accents do not matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
    table,
    true,
    update,
)
from sqlalchemy.orm import Session

from cbo_desk.folding import fold as fold
from cbo_desk.permissions import reads
from cbo_desk.slips import FEWEST, parts, slips_between
from db.base import table_of
from db.records import SearchEntry

LONGEST = 200  # Letters of a question; what follows is not looked at.


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
    """One answer: the record and how it is shown in a list of answers.

    `near` says that the words do not stand in it as asked, only much like it: show it as "did you mean".
    """

    kind: str
    record_id: int
    title: str
    detail: str
    near: bool = False


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
    rows = list({(item.kind, item.record_id): entry_of(item) for item in findables}.values())
    for start in range(0, len(rows), 5000):
        _enter(session, rows[start : start + 5000])


# Built once: every deed on a record that can be found runs them.
_ENTRIES = table_of(SearchEntry)
_KNOWN = select(_ENTRIES.c.record_id).where(
    _ENTRIES.c.kind == bindparam("of"), _ENTRIES.c.record_id.in_(bindparam("ids", expanding=True))
)
_ADD = insert(_ENTRIES)
_CHANGE = (
    update(_ENTRIES)
    .where(_ENTRIES.c.kind == bindparam("new_kind"), _ENTRIES.c.record_id == bindparam("new_record_id"))
    .values(title=bindparam("new_title"), detail=bindparam("new_detail"), folded=bindparam("new_folded"))
)


def _enter(session: Session, rows: Sequence[dict[str, object]]) -> None:
    known: dict[object, set[int]] = {}
    for kind in {row["kind"] for row in rows}:
        ids = [row["record_id"] for row in rows if row["kind"] == kind]
        known[kind] = set(session.connection().execute(_KNOWN, {"of": kind, "ids": ids}).scalars())
    new = [row for row in rows if row["record_id"] not in known[row["kind"]]]
    old = [row for row in rows if row["record_id"] in known[row["kind"]]]
    if new:
        session.connection().execute(_ADD, new)
    if old:
        session.connection().execute(_CHANGE, [{f"new_{name}": value for name, value in row.items()} for row in old])


def withdraw(session: Session, kind: str, ids: Sequence[int]) -> None:
    """Make records unfindable."""
    for start in range(0, len(ids), 5000):
        some = ids[start : start + 5000]
        session.execute(delete(SearchEntry).where(SearchEntry.kind == kind, SearchEntry.record_id.in_(some)))


@reads("people", "search")
def find(session: Session, words: str, most: int = 20, kinds: Sequence[str] = ()) -> list[Hit]:
    """The records that hold every one of the words, those that begin with them first.

    Where there are none, the ones that hold something much like them: a letter wrong, missing, doubled or swapped.
    """
    folded = _asked(words)
    if not folded:
        return []
    found: dict[int, Hit] = {}
    for wanted in (_beginning(session, folded), _holding(session, folded.split())):
        if wanted is None or len(found) >= most or (found and _is_reference(folded)):
            continue
        if kinds:
            wanted = wanted.where(SearchEntry.kind.in_(kinds))
        for row in session.execute(wanted.limit(most)):
            found.setdefault(row.id, Hit(row.kind, row.record_id, row.title, row.detail))
    return list(found.values())[:most] or _near(session, folded, most, kinds)


def asked(words: str) -> list[str]:
    """The words of a question as they are looked for."""
    return _asked(words).split()


def matching(session: Session, kind: str, words: str) -> Select[Any] | None:
    """A subquery of the ids of one kind that hold every word; None where there is nothing to look for."""
    folded = _asked(words)
    if not folded:
        return None
    holding = _holding(session, folded.split())
    if holding is None:
        return select(SearchEntry.record_id).where(SearchEntry.kind == kind, _starts(session, folded))
    # SQLite would walk all entries of the kind: said as an expression, their index is no way in.
    on_server = session.get_bind().dialect.name == "postgresql"
    of_kind = SearchEntry.kind if on_server else func.coalesce(SearchEntry.kind, "")
    return holding.with_only_columns(SearchEntry.record_id).where(of_kind == kind)


def entries_holding(session: Session, words: str) -> Select[Any]:
    """The ids of the search entries of whatever kind that hold every word, asked of its index alone if it can."""
    folded = _asked(words)
    asked = folded.split()
    if any(len(word) < FEWEST for word in asked) or session.get_bind().dialect.name == "postgresql":
        holding = _holding(session, asked)
        condition = _starts(session, folded)
        return select(SearchEntry.id).where(condition) if holding is None else holding.with_only_columns(SearchEntry.id)
    return select(_FTS.c.rowid).where(_matches(asked))


def entries_loosely(session: Session, words: str) -> Select[Any] | None:
    """Entries among which are all that hold every word, found much sooner; None where nothing is sooner.

    The index keeps three letters each: a longer word is found by comparing where its parts stand in every text.
    """
    asked = [word[:FEWEST] for word in _asked(words).split() if len(word) >= FEWEST]
    if not asked or session.get_bind().dialect.name == "postgresql":
        return None
    return select(_FTS.c.rowid).where(_matches(asked))


def held_by(session: Session, kind: str, words: str, ident: Any) -> ColumnElement[bool]:
    """What `matching` says, asked of the record `ident`: for words that very many hold."""
    folded = _asked(words)
    asked = folded.split()
    holds = [SearchEntry.folded.contains(word, autoescape=True) for word in asked]
    if all(len(word) < FEWEST for word in asked):
        holds = [_starts(session, folded)]
    # PostgreSQL would answer EXISTS by gathering every record that holds the words.
    entry = select(SearchEntry.id).where(SearchEntry.kind == kind, SearchEntry.record_id == ident, *holds)
    return entry.scalar_subquery().is_not(None)


def many_hold(session: Session, words: str, many: int) -> bool:
    """Whether so many records hold every word; no more of them are looked at."""
    wanted = _holding(session, _asked(words).split())
    if wanted is None:
        wanted = _SHOWN.where(_starts(session, _asked(words)))
    some = wanted.with_only_columns(SearchEntry.id).limit(many).subquery()
    return int(session.scalar(select(func.count()).select_from(some)) or 0) >= many


_CANDIDATES = 120
_MOST_WORDS = 5
_MOST_WRONG = 2
_FTS = table("search_fts", column("rowid", Integer))
_SHOWN = select(SearchEntry.id, SearchEntry.kind, SearchEntry.record_id, SearchEntry.title, SearchEntry.detail)


def _asked(words: str) -> str:
    """The question as it is compared, cut to a length that any engine can take."""
    return fold(words[: 4 * LONGEST])[:LONGEST].strip()


def _is_reference(folded: str) -> bool:
    """Whether this is a reference or code as people read it out: what begins with it is what is meant."""
    return " " not in folded and len(folded) >= 6 and any(letter.isdigit() for letter in folded)


def _beginning(session: Session, folded: str) -> Select[int, str, int, str, str]:
    return _SHOWN.where(_starts(session, folded)).order_by(_start_key(session))


def _holding(session: Session, words: Sequence[str]) -> Select[*tuple[Any, ...]] | None:
    """The records that hold every word, handed over as they are found: the first twenty need not wait for the rest."""
    condition = _words(session, words)
    if condition is None or session.get_bind().dialect.name == "postgresql":
        return None if condition is None else _SHOWN.where(condition)
    rest = [SearchEntry.folded.contains(word, autoescape=True) for word in words if len(word) < FEWEST]
    return _SHOWN.join(_FTS, _FTS.c.rowid == SearchEntry.id).where(_matches(words), *rest)


def _matches(words: Sequence[str]) -> ColumnElement[bool]:
    long = ('"' + word.replace('"', '""') + '"' for word in words if len(word) >= FEWEST)
    return literal_column("search_fts").op("MATCH")(" AND ".join(long))


def _start_key(session: Session) -> ColumnElement[str]:
    if session.get_bind().dialect.name == "postgresql":
        return literal_column('left(folded, 40) COLLATE "C"')
    return SearchEntry.folded.expression


def _starts(session: Session, folded: str) -> ColumnElement[bool]:
    key = _start_key(session)
    low = folded[:40]
    # PostgreSQL's index knows the first forty letters; a longer beginning is compared letter by letter after that.
    exact = SearchEntry.folded.startswith(folded, autoescape=True) if len(folded) > len(low) else true()
    return and_(key >= low, key < low + "\U0010ffff", exact)


def _words(session: Session, words: Sequence[str]) -> ColumnElement[bool] | None:
    """Every word of three letters or more somewhere in the text; shorter ones narrow what these found."""
    long = [word for word in words if len(word) >= FEWEST]
    if not long:
        return None
    rest = [SearchEntry.folded.contains(word, autoescape=True) for word in words if len(word) < FEWEST]
    if session.get_bind().dialect.name == "postgresql":
        return and_(*(SearchEntry.folded.contains(word, autoescape=True) for word in long), *rest, true())
    return and_(SearchEntry.id.in_(select(_FTS.c.rowid).where(_matches(words))), *rest, true())


def _near(session: Session, folded: str, most: int, kinds: Sequence[str]) -> list[Hit]:
    """Records that hold every word but for a slip of the hand, the likest first.

    One slip leaves a part of the word whole, so that part is looked up in the index and only what it finds is
    compared letter by letter: the first `_CANDIDATES` of each part, so that a common part costs no more than a rare
    one.
    """
    words = [word for word in folded.split() if len(word) >= FEWEST][:_MOST_WORDS]
    scored: dict[int, tuple[int, Hit]] = {}
    # A word that stands nowhere is the one that was mistyped; where each stands somewhere, it may be any of them.
    wrong = [word for word in words if not _stands(session, word)] or words
    for word in wrong[:_MOST_WRONG]:
        others = [other for other in words if other not in wrong]
        for part in sorted(parts(word)):
            wanted = _holding(session, [part, *others])
            assert wanted is not None
            if kinds:
                wanted = wanted.where(SearchEntry.kind.in_(kinds))
            for row in session.execute(wanted.add_columns(SearchEntry.folded).limit(_CANDIDATES)):
                slips = slips_between(words, row.folded.split())
                if slips is not None:
                    scored[row.id] = (slips, Hit(row.kind, row.record_id, row.title, row.detail, near=True))
            if sum(slips <= 1 for slips, _ in scored.values()) >= most:
                break
    best = sorted((slips, len(hit.title), ident) for ident, (slips, hit) in scored.items())[:most]
    return [scored[ident][1] for *_, ident in best]


def _stands(session: Session, word: str) -> bool:
    wanted = _holding(session, [word])
    return wanted is not None and session.execute(wanted.limit(1)).first() is not None


def count(session: Session) -> int:
    """How many records can be found."""
    return int(session.scalar(select(func.count()).select_from(SearchEntry)) or 0)
