"""Writes the sheets of custody behind the window and opens them with the computer's own viewer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from cbo_desk.compound import about
from cbo_desk.progress import Progress
from ui.bench import Bench
from ui.kit.own_files import show, write_to_show


class Sheets(QObject):
    """Makes PDF files to be looked at."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench

    def handover(self, handover_id: int) -> None:
        """The sheet of a handover."""

        def work(_progress: Progress) -> Path:
            from cbo_desk.property.custody.paper import write_handover
            from cbo_desk.property.custody.sheets import handover_sheet

            sheet = self._bench.runner.office.read(handover_sheet, handover_id)
            return write_to_show(f"{sheet.reference}.pdf", lambda path: write_handover(sheet, path))

        self._bench.runner.job(self, work, done=show)

    def clearance(self, person_id: int) -> None:
        """The clearance sheet of a person."""

        def work(_progress: Progress) -> Path:
            from cbo_desk.property.custody.paper import write_clearance
            from cbo_desk.property.custody.sheets import clearance_sheet

            sheet = self._bench.runner.office.read(clearance_sheet, person_id)
            return write_to_show(f"clearance-{person_id}.pdf", lambda path: write_clearance(sheet, path))

        self._bench.runner.job(self, work, done=show)

    def command_tags(self) -> None:
        """The page of command tags."""

        def work(_progress: Progress) -> Path:
            from cbo_desk.property.custody.paper import write_command_tags

            name = str(self._bench.runner.office.read(about).get("name", ""))
            return write_to_show("command-tags.pdf", lambda path: write_command_tags(name, path))

        self._bench.runner.job(self, work, done=show)
