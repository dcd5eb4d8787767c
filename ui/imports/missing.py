"""What a file names and nobody knows yet: told above the rows, and added at one press, all of a kind together."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from cbo_desk.changes import Changes
from cbo_desk.plurals import Count
from ui.bench import Bench
from ui.imports.kinds import ImportKind
from ui.imports.notice import Notice
from ui.imports.task import ImportTask
from ui.imports.work import Checked

SHOWN = 4
"""So many names of what is missing are told; the list of faults has them all."""


class Missing(QObject):
    """Offers to add it. The file is checked anew once it is there, and once that is undone, here or elsewhere."""

    def __init__(self, bench: Bench, kind: ImportKind, task: ImportTask, notice: Notice, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._kind, self._task, self._notice = bench, kind, task, notice
        bench.runner.changed.connect(self._hear)

    def offer(self, result: Checked) -> None:
        """Say what is missing, where something is that the person at work may add; a question comes before it."""
        if result.preview.questions:
            return
        missing: dict[str, dict[str, None]] = {}
        adds, columns = self._kind.adds, self._task.mapping.columns
        for fault in result.listed.faults:
            name = columns.get(fault.column, "") if fault.missing else ""
            if name in adds and self._bench.may(adds[name].command):
                missing.setdefault(name, {})[fault.missing] = None
        names = [word for words in missing.values() for word in words]
        if not names:
            return
        more = self.tr(" and {count} more").format(count=len(names) - SHOWN) if len(names) > SHOWN else ""
        words = self.tr("Not known here yet: {names}{more}.").format(names=", ".join(names[:SHOWN]), more=more)
        write = self._bench.runner.write
        answers = [
            (adds[name].words.format(count=Count(len(found))), partial(write, adds[name].command, tuple(found)))
            for name, found in missing.items()
        ]
        self._notice.say(words, answers)

    def _hear(self, changes: Changes) -> None:
        kinds = {each.kind for each in self._kind.adds.values()}
        if self._task.file is not None and not self._task.writing and kinds & changes.touched().keys():
            self._task.check()
