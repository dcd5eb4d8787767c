"""Mappings with a name: kept for files of any form that have their columns, chosen again beside the file, forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cbo_desk.imports import LONGEST_NAME, forget_mapping, keep_mapping, mapping_stands
from ui.bench import Bench
from ui.imports.task import ImportTask
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.replacing import Replacing


class MappingNames(QObject):
    """Asks for a name, keeps the mapping in hand under it, and forgets it; `show` tells the page that names changed."""

    def __init__(self, bench: Bench, task: ImportTask, show: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._bench, self._task, self._show = bench, task, show

    def ask(self) -> None:
        """Ask under which name the mapping is kept."""
        file = self._task.file
        if file is None:
            return
        form = Form([Field("name", self.tr("Name"), required=True, longest=LONGEST_NAME)])
        form.set_values({"name": file.name_of(self._task.mapping)})
        what, mapping = self._task.kind.importable.what, self._task.mapping

        replacing = Replacing(self._bench.runner, self, mapping_stands)

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            def kept() -> None:
                file.named[" ".join(values["name"].split())] = mapping
                self._show()
                done()

            place = (what, values["name"])
            replacing.write(place, keep_mapping, *place, mapping, done=kept, failed=failed, field="name")

        summary = self.tr("For files of any form that have these columns: it can be chosen beside the next one.")
        box = FormBox(self.tr("Keep this mapping"), form, save, self.tr("Keep"), summary=summary, width=440)
        open_form(self._bench.shell, box)

    def forget(self) -> None:
        """Forget the name of the mapping in hand."""
        file = self._task.file
        name = file.name_of(self._task.mapping) if file is not None else ""
        if file is None or not name:
            words = self.tr("The mapping in hand has no name. Choose one beside “Mapping” first.")
            self._bench.shell.toasts.say(words, tone="warn")
            return

        def gone(_changes: object) -> None:
            file.named.pop(name, None)
            self._show()

        self._bench.runner.write(forget_mapping, self._task.kind.importable.what, name, done=gone)
