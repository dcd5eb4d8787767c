"""Resolving an unknown scan: saying what it was, or letting its code open a record from now on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.errors import Faults
from cbo_desk.reports import Need
from cbo_desk.search import Hit, find
from cbo_desk.tags import Opened, resolve_unknown_scan
from cbo_desk.tags.unknown import link_unknown_scan
from ui.bench import Bench
from ui.kit.dialogs import Done, Failed, FormBox, open_form
from ui.kit.fields import Field, Pick, Source
from ui.kit.forms import Form
from ui.kit.scanning.showing import visible
from ui.picks import scanned

OFFERED = 8


class Resolving(QObject):
    """The form, and what its answer leads to."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench

    def ask(self, need: Need) -> FormBox:
        """Open the form for one unknown scan."""
        form = Form(
            [
                Field(
                    "record",
                    self.tr("Opens from now on"),
                    "pick",
                    self.tr("an asset, a place, a person: number, name or serial"),
                    suggest=records(self._bench),
                ),
                Field(
                    "what",
                    self.tr("Or say what it was"),
                    "text",
                    self.tr("a carton, a tag of another office"),
                    longest=500,
                ),
            ]
        )
        heading = self.tr("Unknown tag {text}").format(text=visible(need.name, 60))
        summary = self.tr("Scanned at {where}.").format(where=need.detail)
        save = partial(self._save, need.record_id)
        return open_form(self._bench.shell, FormBox(heading, form, save, self.tr("Resolve"), summary=summary))

    def _save(self, scan_id: int, values: dict[str, Any], done: Done, failed: Failed) -> None:
        picked = values["record"]
        finished: Callable[[object], object] = lambda _changes: done()  # noqa: E731 - one shape for both orders
        if isinstance(picked, Pick):
            kind, record_id = picked.id
            self._bench.runner.write(link_unknown_scan, scan_id, kind, record_id, done=finished, failed=failed)
        elif values["what"]:
            self._bench.runner.write(resolve_unknown_scan, scan_id, values["what"], done=finished, failed=failed)
        else:
            failed(Faults({"record": self.tr("Choose what it opens, or say below what it was.")}))


def records(bench: Bench) -> Source:
    """Anything that can be found, by the words that find it or a tag that it has."""

    def suggest(typed: str, answer: Callable[[Sequence[Pick]], object]) -> None:
        def found(hits: Sequence[Hit]) -> None:
            answer([Pick((hit.kind, hit.record_id), hit.title, hit.detail) for hit in hits])

        bench.runner.read(bench.shell, find, typed, OFFERED, done=found)

    def by_tag(opened: Opened, answer: Callable[[Pick | None, str], object]) -> None:
        answer(Pick((opened.kind, opened.record_id), opened.title, opened.detail), "")

    return Source(suggest, scanned(bench, None, by_tag))
