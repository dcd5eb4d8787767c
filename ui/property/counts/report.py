"""The reconciliation report of a campaign, written to a file in the background."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from cbo_desk.property.verification import CampaignLine, write_report
from ui.bench import Bench
from ui.kit.files import ask_save, show_folder

ON_PAPER = ".pdf"
"""A PDF holds the differences alone: what was found where it is listed needs no paper."""


def ask_report(bench: Bench, page: QWidget, line: CampaignLine) -> None:
    """Ask for the file, and write the report there; its kind says whether it is a table or paper."""
    kinds = (
        QCoreApplication.translate("counts", "PDF of the differences (*.pdf)"),
        QCoreApplication.translate("counts", "Excel, every line (*.xlsx)"),
        QCoreApplication.translate("counts", "CSV, every line (*.csv)"),
    )
    heading = QCoreApplication.translate("counts", "Report of {campaign}").format(campaign=line.name)
    write = partial(write_to, bench, page, line)
    ask_save(page, heading, f"{line.reference}.pdf", kinds, "export", bench.preferences, write)


def write_to(bench: Bench, page: QWidget, line: CampaignLine, path: Path) -> None:
    """Write the report and say so, with its folder at hand."""
    office = bench.runner.office
    differences = path.suffix.lower() == ON_PAPER

    def work(progress: Progress) -> int:
        return write_report(office, line.id, path, progress, differences=differences)

    def done(count: int) -> None:
        words = QCoreApplication.translate("counts", "{count:line|lines} written to {file}")
        said = words.format(count=Count(count), file=path.name)
        open_it = QCoreApplication.translate("counts", "Open folder")
        bench.shell.toasts.say(said, open_it, partial(show_folder, path))

    bench.runner.job(page, work, done)
