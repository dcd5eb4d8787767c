"""What every import shares: what can be imported, rows that can be read again, mappings remembered per form of file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import now
from cbo_desk.errors import Refusal
from cbo_desk.folding import fold
from cbo_desk.office import Office
from cbo_desk.permissions import deed, reads, rule_of
from cbo_desk.tabular import Field, Ready, Table, known_names, open_table, signature
from cbo_desk.tabular import Mapping as ColumnMapping
from cbo_desk.versions import Stands
from db.records import AuditEntry, RememberedMapping


class Rows:
    """The rows to write, read anew as often as the transaction has to be tried; shown in the audit by its name."""

    def __init__(self, name: str, batches: Callable[[], Iterable[Sequence[Ready]]]) -> None:
        self._name = name
        self._batches = batches

    def __iter__(self) -> Iterator[Sequence[Ready]]:
        """The batches from the first one on."""
        return iter(self._batches())

    def __str__(self) -> str:
        """The file's name."""
        return self._name


@dataclass(frozen=True)
class Importable:
    """A kind of record that can be imported.

    `what` names it on the command line ("assets"), `kind` in the change feed; `lookup` makes the desk's answers for an
    office (a `tabular.Lookup` with a `rule`), `command` writes the good rows in one transaction. `more` reads the
    fields that a compound has defined for itself.
    """

    what: str
    kind: str
    fields: tuple[Field, ...]
    lookup: Callable[[Office], Any]
    command: Callable[..., Changes]
    more: Callable[[Session], tuple[Field, ...]] | None = None

    def whole(self, office: Office) -> Importable:
        """The same with the fields that this compound has defined for itself; to be asked off the GUI thread."""
        if self.more is None:
            return self
        return replace(self, fields=(*self.fields, *office.read(self.more)), more=None)

    def open(self, path: Path | str | bytes, **chosen: Any) -> Table:
        """Open a file of such records; what is `chosen` (encoding, delimiter, sheet, header_row) overrules."""
        return open_table(path, known=known_names(self.fields), **chosen)


@reads("people", "see how files were taken")
def remembered_mappings(session: Session, what: str) -> dict[str, Mapping[str, Any]]:
    """How files of a kind of record were taken before, by the signature of their headings."""
    wanted = select(RememberedMapping.signature, RememberedMapping.mapping).where(RememberedMapping.what == what)
    return {row.signature: row.mapping for row in session.execute(wanted)}


@dataclass(frozen=True)
class PastImport:
    """An import that was done: when, by whom (the login), and what came of it in a sentence."""

    at: datetime
    who: str
    said: str


@reads("people", "see how files were taken")
def past_imports(session: Session, what: Importable, most: int = 5) -> list[PastImport]:
    """The newest imports of a kind of record, as the audit tells them."""
    wanted = (
        select(AuditEntry.at, AuditEntry.actor, AuditEntry.said)
        .where(AuditEntry.command == rule_of(what.command).name)
        .order_by(AuditEntry.seq.desc())
        .limit(most)
    )
    return [PastImport(row.at, row.actor, row.said) for row in session.execute(wanted)]


@deed("people.remember_mapping", "remember how files are taken")
def remember_mapping(session: Session, what: str, headings: Sequence[str], mapping: ColumnMapping) -> Changes:
    """Remember how a file with these headings was taken, for the next one of its form."""
    _remember(session, what, signature(headings), what, _kept(mapping))
    return Changes("imports.mapping", (), "", everything=True)


LONGEST_NAME = 60
_NAMED = "name "
"""How the key of a mapping with a name begins: the signature of a file's headings never does."""


@reads("people", "see how files were taken")
def named_mappings(session: Session, what: str) -> dict[str, Mapping[str, Any]]:
    """The mappings that were kept under a name for a kind of record, in the order of their names."""
    wanted = (
        select(RememberedMapping.name, RememberedMapping.mapping)
        .where(RememberedMapping.what == what, RememberedMapping.signature.startswith(_NAMED))
        .order_by(RememberedMapping.signature)
    )
    return {row.name: row.mapping for row in session.execute(wanted)}


@reads("people", "see how files were taken")
def mapping_stands(session: Session, what: str, name: str) -> Stands | None:
    """The mapping that is kept under a name, which `keep_mapping` would replace."""
    found = session.get(RememberedMapping, (what, _NAMED + fold(" ".join(name.split()))))
    if found is None:
        return None
    return Stands(f"A mapping is called {found.name} already.", dict(found.mapping))


@deed("people.remember_mapping", "remember how files are taken")
def keep_mapping(session: Session, what: str, name: str, mapping: ColumnMapping) -> Changes:
    """Keep how a file is taken under a name, for files of any form that have its columns; the same name is replaced."""
    name = " ".join(name.split())
    if not name:
        raise Refusal("Give the mapping a name, such as the program that writes such files.", "name")
    if len(name) > LONGEST_NAME:
        raise Refusal(f"A name has at most {LONGEST_NAME} characters; this one has {len(name)}.", "name")
    before = session.get(RememberedMapping, (what, _NAMED + fold(name)))
    undo = Deed(forget_mapping, (what, name)) if before is None else Deed(_put_back, (what, name, before.mapping))
    _remember(session, what, _NAMED + fold(name), name, _kept(mapping))
    return Changes("imports.mapping", (), f"The mapping {name} is kept.", undo, everything=True)


@deed("people.remember_mapping", "remember how files are taken")
def forget_mapping(session: Session, what: str, name: str) -> Changes:
    """Forget a mapping that was kept under a name."""
    found = session.get(RememberedMapping, (what, _NAMED + fold(name)))
    if found is None:
        raise Refusal(f"No mapping is called {name}.", "name")
    undo = Deed(_put_back, (what, found.name, found.mapping))
    session.delete(found)
    return Changes("imports.mapping", (), f"The mapping {found.name} is forgotten.", undo, everything=True)


@deed("people.remember_mapping", "remember how files are taken")
def _put_back(session: Session, what: str, name: str, kept: Mapping[str, Any]) -> Changes:
    _remember(session, what, _NAMED + fold(name), name, kept)
    return Changes("imports.mapping", (), f"The mapping {name} is as before.", everything=True)


def _kept(mapping: ColumnMapping) -> dict[str, Any]:
    return {
        "columns": dict(mapping.columns),
        "fixed": dict(mapping.fixed),
        "dates": dict(mapping.dates),
        "numbers": dict(mapping.numbers),
        "trusted": list(mapping.trusted),
    }


def _remember(session: Session, what: str, key: str, name: str, kept: Mapping[str, Any]) -> None:
    session.merge(RememberedMapping(what=what, signature=key, name=name, mapping=dict(kept), used_at=now(session)))
