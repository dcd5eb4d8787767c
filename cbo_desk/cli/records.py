"""The commands on records: import and export."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from cbo_desk.cli.answering import say
from cbo_desk.cli.arguments import DONE, FLEET, REFUSED, Order
from cbo_desk.cli.listings import importable, listing
from cbo_desk.cli.opening import office
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.folding import fold
from cbo_desk.imports import Importable, Rows, named_mappings, remember_mapping, remembered_mappings
from cbo_desk.office import Office
from cbo_desk.permissions import check, rule_of
from cbo_desk.plurals import Count
from cbo_desk.tabular import (
    BadRow,
    Choices,
    Counts,
    Fault,
    Mapping,
    Question,
    Ready,
    Stream,
    Table,
    check_in_batches,
    mapping_from_dict,
    read_mapping,
    suggest_mapping,
    write_bad_rows,
    write_table,
)


def take(order: Order) -> Iterable[Any]:
    """Write a list to a file."""
    if order.what in FLEET:
        from cbo_desk.cli import fleet

        yield from fleet.take(order)
        return
    with office(order) as opened:
        columns, rows = listing(opened, order.what, order.query)
        note = f"{order.query} · {opened.actor.name}" if order.query else opened.actor.name
        count = write_table(Path(order.file), columns, rows, title=order.what.capitalize(), note=note)
    yield {"exported": count, "file": order.file}


def bring(order: Order) -> Iterable[Any]:
    """Bring records in: all rows, or only the good ones where that is asked for."""
    if order.what in FLEET:
        from cbo_desk.cli import fleet

        yield from fleet.bring(order)
        return
    if order.what == "bookings":
        from cbo_desk.cli import schedules

        yield from schedules.bring(order)
        return
    if order.bad_rows and _same_file(order.bad_rows, order.file):
        raise Refusal("The file for bad rows is the file that is read. Name another one.")
    with office(order) as opened:
        check(opened.actor, rule_of(importable(order.what).command))
        yield from _Import(opened, order).run()


def _same_file(one: str, other: str) -> bool:
    return Path(one).resolve() == Path(other).resolve()


class _Import:
    """One import of the command line: the file is surveyed, then judged and written as it streams by."""

    def __init__(self, opened: Office, order: Order) -> None:
        self._office, self._order = opened, order
        self._kind: Importable = importable(order.what).whole(opened)
        self._table: Table = self._kind.open(order.file, encoding=order.encoding, sheet=order.sheet)
        self._mapping = self._choose_mapping()
        self._stream = self._survey()
        self._begin()

    def run(self) -> Iterator[Any]:
        """Write what may be written; then the faults, then the counts."""
        with _collecting_less():
            self._pass_through()
        for fault in self._faults:
            yield fault.as_dict()
        for asked in self._stream.questions:
            yield {"column": asked.column, "question": asked.text, "what_to_do": _answer_to(asked)}
        if self._counts.refused and not self._order.good_rows and not self._order.dry_run:
            refused = f"{Count(self._counts.refused):row is|rows are} refused"
            say(f"{refused}, so nothing was written. --good-rows takes the others.")
        yield self._tally()
        yield REFUSED if self._counts.refused and not self._order.good_rows else DONE

    def _pass_through(self) -> None:
        if self._order.dry_run:
            for _batch in self._batches():
                pass
        else:
            self._write()

    def _choose_mapping(self) -> Mapping:
        """As `--map` says; where that names no column, the columns are found as without it."""
        given = self._named_mapping(self._order.map) if self._order.map else Mapping()
        if given.columns:
            return given
        known = self._office.may(remembered_mappings)
        remembered = self._office.read(remembered_mappings, self._kind.what) if known else {}
        found = suggest_mapping(self._table.names, self._kind.fields, remembered)
        return replace(
            found,
            fixed={**found.fixed, **given.fixed},
            dates={**found.dates, **given.dates},
            numbers={**found.numbers, **given.numbers},
            trusted=(*found.trusted, *given.trusted),
        )

    def _named_mapping(self, name: str) -> Mapping:
        """The mapping of a file, or where there is no such file, the one that was kept under this name."""
        if os.path.exists(name) or not self._office.may(named_mappings):  # noqa: PTH110 - of any text, without an error
            return read_mapping(name)
        kept = self._office.read(named_mappings, self._kind.what)
        for known, mapping in kept.items():
            if fold(known) == fold(name):
                return mapping_from_dict(mapping)
        names = f"Kept under a name: {', '.join(kept)}." if kept else "None is kept under a name yet."
        raise Refusal(f"There is neither a file nor a mapping “{name[:60]}”. {names}")

    def _survey(self) -> Stream:
        both = self._order.create == self._order.update
        choices = Choices(both or self._order.create, both or self._order.update, self._order.blank_empties)
        lookup = self._kind.lookup(self._office)
        return check_in_batches(self._table, self._mapping, self._kind.fields, choices, lookup, rules=lookup.rule)

    def _begin(self) -> None:
        self._counts = Counts()
        self._faults: list[Fault] = []
        self._bad: list[BadRow] = []
        self._written = False

    def _batches(self) -> Iterator[Sequence[Ready]]:
        """The rows to write; raises `_StopError` at the end where nothing is to be kept."""
        self._begin()
        for batch in self._stream.batches():
            self._counts = batch.counts
            self._faults += batch.faults
            if self._order.bad_rows:
                self._bad += batch.bad
            yield batch.ready
        # Before the end of the transaction: where this file cannot be written, nothing else is.
        if self._bad:
            write_bad_rows(self._table, self._bad, self._order.bad_rows)
        if self._order.dry_run:
            return
        if self._counts.refused and not self._order.good_rows:
            raise _StopError
        if not self._counts.create + self._counts.update:
            raise _StopError

    def _write(self) -> None:
        name = Path(self._order.file).name
        try:
            self._office.write(self._kind.command, Rows(name, self._batches))
        except _StopError:
            return
        self._written = True
        # The import stands; that its form is not remembered for the next time is no failure of it.
        with suppress(Refusal, Trouble):
            self._office.write(remember_mapping, self._kind.what, self._table.names, self._mapping)

    def _tally(self) -> dict[str, int]:
        counts = self._counts
        nothing = not self._written and not self._order.dry_run
        return {
            "created": 0 if nothing else counts.create,
            "updated": 0 if nothing else counts.update,
            "unchanged": counts.unchanged,
            "refused": counts.refused,
        }


def _answer_to(asked: Question) -> str:
    """How a question about a column is answered on the command line."""
    either = '"dmy" or "mdy"' if asked.kind == "dates" else '"point" or "comma"'
    example = f"[{asked.kind}] {asked.field} = {either}"
    return f"Answer in a file for --map, which needs to hold no more than this: {example}."


@contextmanager
def _collecting_less() -> Iterator[None]:
    """Look for garbage seldom: an import makes millions of values and no rings of them."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


class _StopError(Refusal):
    """Some rows are refused, or no row changes anything: the transaction ends without a trace."""

    def __init__(self) -> None:
        super().__init__("Nothing was written.")
