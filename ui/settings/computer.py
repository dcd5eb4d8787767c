"""What this computer has and lacks, with the command that mends it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbo_desk.findings import Finding
from cbo_desk.progress import Progress
from ui.bench import Bench
from ui.kit.cards import ScrollCard
from ui.kit.chips import Status
from ui.kit.labels import Label
from ui.settings.rows import setting_row


class ComputerPanel(QWidget):
    """The doctor's findings, examined in the background."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self.card = ScrollCard(self)
        self.card.show_content(Label(self.tr("Looking at this computer…"), "muted"))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.card)
        url = bench.runner.office.engine.url.render_as_string(hide_password=False)

        def work(_progress: Progress) -> list[Finding]:
            from cbo_desk.doctor import examine

            return examine(url)

        bench.runner.job(self, work, self._show)

    def _show(self, findings: Sequence[Finding]) -> None:
        self.card.show_content(*[self._row(finding) for finding in findings], gap=0)

    def _row(self, finding: Finding) -> QWidget:
        good = Status(self.tr("Good"), "ok", "circle-check")
        status = good if finding.ok else Status(self.tr("Missing"), "warn", "triangle-alert")
        return setting_row(
            "monitor",
            finding.what[:1].upper() + finding.what[1:],
            f"{finding.found} {finding.mend}".strip(),
            status=status,
        )
