"""Writes the sheets of custody behind the window and opens them with the computer's own viewer."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from cbo_desk.compound import about
from cbo_desk.progress import Progress
from ui.bench import Bench


class Sheets(QObject):
    """Makes PDF files in a folder of this session, which goes when the page does; `show` is what opens them."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._folder = tempfile.TemporaryDirectory(prefix="cbo-desk-sheets-", ignore_cleanup_errors=True)
        self.opened: list[Path] = []
        self.show: Callable[[Path], object] = _show

    def handover(self, handover_id: int) -> None:
        """The sheet of a handover."""

        def work(_progress: Progress) -> Path:
            from cbo_desk.property.custody.paper import write_handover
            from cbo_desk.property.custody.sheets import handover_sheet

            sheet = self._bench.runner.office.read(handover_sheet, handover_id)
            return self._written(sheet.reference, lambda path: write_handover(sheet, path))

        self._bench.runner.job(self, work, done=self._open)

    def clearance(self, person_id: int) -> None:
        """The clearance sheet of a person."""

        def work(_progress: Progress) -> Path:
            from cbo_desk.property.custody.paper import write_clearance
            from cbo_desk.property.custody.sheets import clearance_sheet

            sheet = self._bench.runner.office.read(clearance_sheet, person_id)
            return self._written(f"clearance-{person_id}", lambda path: write_clearance(sheet, path))

        self._bench.runner.job(self, work, done=self._open)

    def command_tags(self) -> None:
        """The page of command tags."""

        def work(_progress: Progress) -> Path:
            from cbo_desk.property.custody.paper import write_command_tags

            name = str(self._bench.runner.office.read(about).get("name", ""))
            return self._written("command-tags", lambda path: write_command_tags(name, path))

        self._bench.runner.job(self, work, done=self._open)

    def _written(self, name: str, write: Callable[[Path], Any]) -> Path:
        path = Path(self._folder.name) / f"{name}.pdf"
        write(path)
        return path

    def _open(self, path: Path) -> None:
        self.opened.append(path)
        self.show(path)


def _show(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
