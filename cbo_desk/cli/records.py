"""The commands on records: import, export, find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from cbo_desk.cli.arguments import DONE, REFUSED, Order
from cbo_desk.cli.opening import office
from cbo_desk.errors import Refusal
from cbo_desk.imports import Importable, Rows, remember_mapping, remembered_mappings
from cbo_desk.office import Office
from cbo_desk.search import find
from cbo_desk.tabular import (
    BadRow,
    Choices,
    Counts,
    Fault,
    Mapping,
    Ready,
    Stream,
    Table,
    check_in_batches,
    read_mapping,
    suggest_mapping,
    write_bad_rows,
    write_table,
)

FOUND = 50


def look_for(order: Order) -> Iterable[Any]:
    """Every record that holds the words."""
    with office(order) as opened:
        hits = opened.read(find, " ".join(order.words), FOUND)
    for hit in hits:
        yield {"kind": hit.kind, "id": hit.record_id, "title": hit.title, "detail": hit.detail, "near": hit.near}
    yield DONE if hits else REFUSED


def take(order: Order) -> Iterable[Any]:
    """Write a list to a file."""
    from cbo_desk.cli.listings import listing

    with office(order) as opened:
        columns, rows = listing(opened, order.what, order.query)
        note = f"{order.query} · {opened.actor.name}" if order.query else opened.actor.name
        count = write_table(Path(order.file), columns, rows, title=order.what.capitalize(), note=note)
    yield {"exported": count, "file": order.file}


def bring(order: Order) -> Iterable[Any]:
    """Bring records in: all rows, or only the good ones where that is asked for."""
    with office(order) as opened:
        yield from _Import(opened, order).run()


class _Import:
    """One import of the command line: the file is surveyed, then judged and written as it streams by."""

    def __init__(self, opened: Office, order: Order) -> None:
        from cbo_desk.cli.listings import importable

        self._office, self._order = opened, order
        self._kind: Importable = importable(order.what)
        self._table: Table = self._kind.open(order.file, encoding=order.encoding, sheet=order.sheet)
        self._mapping = self._choose_mapping()
        self._stream = self._survey()
        self._begin()

    def run(self) -> Iterator[Any]:
        """Write what may be written; then the faults, then the counts."""
        if self._order.dry_run:
            for _batch in self._batches():
                pass
        else:
            self._write()
        for fault in self._faults:
            yield fault.as_dict()
        for asked in self._stream.questions:
            yield {"column": asked.column, "question": asked.text}
        if self._order.bad_rows and self._bad:
            write_bad_rows(self._table, self._bad, self._order.bad_rows)
        yield self._tally()
        yield REFUSED if self._counts.refused and not self._order.good_rows else DONE

    def _choose_mapping(self) -> Mapping:
        if self._order.map:
            return read_mapping(self._order.map)
        remembered = self._office.read(remembered_mappings, self._kind.what)
        return suggest_mapping(self._table.names, self._kind.fields, remembered)

    def _survey(self) -> Stream:
        both = self._order.create == self._order.update
        choices = Choices(both or self._order.create, both or self._order.update, self._order.blank_empties)
        lookup = self._kind.lookup(self._office)
        return check_in_batches(self._table, self._mapping, self._kind.fields, choices, lookup, rules=lookup.rule)

    def _begin(self) -> None:
        self._counts = Counts()
        self._faults: list[Fault] = []
        self._bad: list[BadRow] = []
        self.written = False

    def _batches(self) -> Iterator[Sequence[Ready]]:
        """The rows to write; raises `_FaultyError` at the end where bad rows must stop the whole import."""
        self._begin()
        for batch in self._stream.batches():
            self._counts = batch.counts
            self._faults += batch.faults
            self._bad += batch.bad
            yield batch.ready
        if self._counts.refused and not (self._order.good_rows or self._order.dry_run):
            raise _FaultyError

    def _write(self) -> None:
        name = Path(self._order.file).name
        try:
            self._office.write(self._kind.command, Rows(name, self._batches))
        except _FaultyError:
            return
        self.written = True
        if self._office.may(remember_mapping):
            self._office.write(remember_mapping, self._kind.what, self._table.names, self._mapping)

    def _tally(self) -> dict[str, int]:
        counts = self._counts
        nothing = not self.written and not self._order.dry_run
        return {
            "created": 0 if nothing else counts.create,
            "updated": 0 if nothing else counts.update,
            "unchanged": counts.unchanged,
            "refused": counts.refused,
        }


class _FaultyError(Refusal):
    """Some rows are refused, so none is written."""

    def __init__(self) -> None:
        super().__init__("Some rows are refused, so nothing was written.")
