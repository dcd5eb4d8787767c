"""Where the compound's data lies, how it is backed up, and whether it is whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from cbo_desk.changes import Changes
from cbo_desk.compound import BACK_UP, FACTS, about, compound_name, last_backup, name_compound
from cbo_desk.context import clock, local
from cbo_desk.findings import Finding
from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from cbo_desk.replica import Standing as ReplicaStanding
from cbo_desk.replica import reports_server, set_reports_server, standing_at
from cbo_desk.versions import Unchanged
from ui.bench import Bench
from ui.kit.buttons import Button
from ui.kit.cards import ScrollCard
from ui.kit.chips import Status
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.meeting import Save, Standing
from ui.kit.phrases import when
from ui.kit.states import ProgressStrip
from ui.settings.backups import KeptBackups
from ui.settings.restoring import may_restore, open_restoring
from ui.settings.rows import setting_row

COMPOUND = "settings.compound"


class DatabasePanel(QWidget):
    """Backup, check, and the compound's name."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self._findings: Sequence[Finding] = ()
        self._facts: dict[str, Any] = {}
        self._shown = False
        self._backup: datetime | None = None
        self._reports_server = ""
        self._reports_standing: ReplicaStanding | None = None
        self.kept = KeptBackups(bench, lambda: self._show(self._facts), self)
        self.card = ScrollCard(self)
        self.strip = ProgressStrip(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.strip)
        box.addWidget(self.card, 1)
        bench.runner.progressed.connect(self.strip.report)
        bench.runner.changed.connect(self._hear)
        self.refresh()

    def refresh(self) -> None:
        """Read anew what this compound is."""
        read = self._bench.runner.read
        if self._bench.may(last_backup):
            read(self, last_backup, done=self._take_backup)
            self.kept.refresh()
        read(self, about, done=self._show)
        if self._bench.may(reports_server):
            read(self, reports_server, done=self._take_reports_server)

    def back_up(self) -> None:
        """Ask for a file and write a proven backup there."""
        stamp = f"{local(clock()):%Y-%m-%d %H%M}"
        suggested = str(Path.home() / f"CBO Desk {stamp}.backup")
        name, _kind = QFileDialog.getSaveFileName(self, self.tr("Back up to"), suggested)
        if name:
            self.back_up_to(Path(name))

    def back_up_to(self, file: Path) -> None:
        """Write a proven backup in the background."""
        from cbo_desk.backup import backup

        office = self._bench.runner.office
        job = self._bench.runner.job(
            self, lambda progress: backup(office, file, progress), self._backed_up, self._failed
        )
        self.strip.begin(self.tr("Writing and proving a backup"), job.cancel)

    def check(self) -> None:
        """Prove the database in the background."""
        from cbo_desk.integrity import check

        office = self._bench.runner.office

        def work(progress: Progress) -> list[Finding]:
            return check(office, progress)

        job = self._bench.runner.job(self, work, self._checked, self._failed)
        self.strip.begin(self.tr("Checking the database"), job.cancel)

    def _show(self, facts: dict[str, Any]) -> None:
        self._facts, self._shown = facts, True
        office = self._bench.runner.office
        url = office.engine.url
        server = office.engine.dialect.name == "postgresql"
        where = f"{url.host}:{url.port or 5432} / {url.database}" if server else str(url.database)
        size = "" if server else _megabytes(Path(str(url.database)))
        kind = self.tr("Office server") if server else self.tr("A file on this computer")
        rows = [
            setting_row(
                "building-2",
                self.tr("Compound"),
                self.tr("Its name stands on every page and paper."),
                str(facts.get("name", "")) + (self.tr(" · demo") if facts.get("demo") else ""),
                ends=self._may(name_compound, Button(self.tr("Rename"), run=self._rename)),
            ),
            setting_row("server" if server else "hard-drive", kind, where, size),
            *([self._reports_row()] if server else []),
            setting_row(
                "archive",
                self.tr("Backup"),
                self.tr("Written beside the work that goes on, then proven: pages, references, counts, audit chain."),
                self._last_backup(),
                ends=self._backup_button(),
            ),
            *([self._restore_row()] if may_restore(self._bench) else []),
            *([self.kept.row()] if self._bench.runner.office.actor.may(BACK_UP) else []),
            setting_row(
                "shield-check",
                self.tr("Check"),
                self.tr("Reads every page, reference, constraint and audit entry and names the first that is wrong."),
                ends=[Button(self.tr("Check now"), run=self.check)],
            ),
        ]
        rows += [self._finding(finding) for finding in self._findings]
        if self._lost_rules():
            rows.append(
                setting_row(
                    "wrench",
                    self.tr("Put the lost rules back"),
                    self.tr("What was changed while they were missing stays as it is; it is written down."),
                    ends=[Button(self.tr("Put back"), run=self.mend)],
                )
            )
        self.card.show_content(*rows, gap=0)

    def name_reports_server(self) -> None:
        """Ask for the replica that answers reports."""
        form = Form([Field("to", self.tr("Address"), hint=self.tr("replica.example:5433"))])

        def standing(address: str) -> Standing:
            order = Unchanged(set_reports_server, reports_server, (), address)
            return Standing({"to": address}, self._saving(order, lambda values: (values["to"] or "",)))

        words = self.tr("A streaming replica of the office's server. Left empty, the server answers all by itself.")
        heading, ident = self.tr("Server for reports"), FACTS["reports_server"]
        self._open(heading, form, standing, self._reports_server, reports_server, ident, words)

    def _open(
        self, heading: str, form: Form, standing: Callable[[Any], Standing], now: Any, query: Callable[..., Any],
        fact: int, summary: str = "",
    ) -> None:  # fmt: skip
        """Open the form of a fact of the compound, which somebody else may be changing too."""
        stands = standing(now)
        form.set_values(stands.values)
        edited = self._bench.edited(self, COMPOUND, fact, query, standing, ())
        box = FormBox(heading, form, stands.save, self.tr("Save"), summary=summary, edited=edited)
        open_form(self._bench.shell, box)

    def _saving(self, order: Callable[..., Changes], args: Callable[[dict[str, Any]], tuple[Any, ...]]) -> Save:
        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            self._bench.runner.write(order, *args(values), done=lambda _changes: done(), failed=failed)

        return save

    def _reports_row(self) -> QWidget:
        return setting_row(
            "server",
            self.tr("Server for reports"),
            self.tr("A replica answers Today, answers about mail and totals of value, once it knows what you know."),
            self._reports_server or self.tr("the office's server"),
            self._reports_status(),
            ends=self._may(set_reports_server, Button(self.tr("Change"), run=self.name_reports_server)),
        )

    def _take_reports_server(self, address: str) -> None:
        """Show which server it is, then how it stands once it was asked, which may take some seconds."""
        self._reports_server, self._reports_standing = address, None
        engine = self._bench.runner.office.engine
        if address and engine.dialect.name == "postgresql":
            ask = partial(standing_at, engine, address)
            self._bench.runner.job(self, lambda _progress: ask(), self._take_reports_standing)
        self._show_again()

    def _show_again(self) -> None:
        if self._shown:  # what this compound is, is known: its rows stand there already
            self._show(self._facts)

    def _take_reports_standing(self, standing: ReplicaStanding) -> None:
        self._reports_standing = standing
        self._show_again()

    def _reports_status(self) -> Status | None:
        found = self._reports_standing
        if not self._reports_server or found is None:
            return None
        if not found.answers:
            return Status(self.tr("Away: the office's server answers"), "bad", "cloud-off")
        if not found.follows:
            return Status(self.tr("No replica: the office's server answers"), "bad", "unlink")
        if found.behind_s is None or found.behind_s >= 60:
            minutes = Count(round((found.behind_s or 0) / 60))
            return Status(self.tr("{count:minute|minutes} behind").format(count=minutes), "warn", "clock-alert")
        words = self.tr("Answers, {seconds} s behind").format(seconds=f"{found.behind_s:.1f}")
        return Status(words, "ok", "circle-check")

    def _restore_row(self) -> QWidget:
        words = self.tr("It is proven, compared with what was done since, and put into a new file; then you switch.")
        button = Button(self.tr("Restore…"), run=partial(open_restoring, self._bench))
        return setting_row("rotate-ccw", self.tr("Restore a backup"), words, ends=[button])

    def mend(self) -> None:
        """Put back the rules that the database lost, and check again."""
        from cbo_desk.integrity import mend_rules

        self._bench.runner.write(mend_rules, done=lambda _changes: self.check())

    def _lost_rules(self) -> bool:
        """Whether a check found rules missing that the person at work may put back."""
        if not self._findings:
            return False
        from cbo_desk.integrity import MEND, mend_rules

        return any(finding.mend == MEND for finding in self._findings) and self._bench.may(mend_rules)

    def _finding(self, finding: Finding) -> QWidget:
        status = (
            Status(self.tr("Sound"), "ok", "circle-check")
            if finding.ok
            else Status(self.tr("Wrong"), "bad", "circle-alert")
        )
        detail = f"{finding.found} {finding.mend}".strip()
        return setting_row("dot", finding.what[:1].upper() + finding.what[1:], detail, status=status)

    def _backup_button(self) -> list[Button]:
        if not self._bench.runner.office.actor.may(BACK_UP):
            return []
        return [Button(self.tr("Back up now…"), "download", "primary", self.back_up)]

    def _may(self, work: Any, button: Button) -> list[Button]:
        return [button] if self._bench.may(work) else []

    def _last_backup(self) -> str:
        return when(self._backup, clock()) if self._backup is not None else self.tr("never")

    def _hear(self, changes: Changes) -> None:
        """What this compound is was changed, here, by an undo, or at another workstation."""
        if COMPOUND in changes.touched():
            self.refresh()

    def _take_backup(self, made: datetime | None) -> None:
        self._backup = made

    def _backed_up(self, written: Any) -> None:
        self.strip.end()
        words = self.tr("Backup proven: {rows:row|rows} in {file}.")
        self._bench.shell.toasts.say(words.format(rows=Count(written.rows), file=Path(written.file).name))
        # The foot of the window tells its age.
        self._bench.runner.changed.emit(Changes(COMPOUND, (FACTS["backed_up"],)))

    def _checked(self, findings: Sequence[Finding]) -> None:
        self.strip.end()
        self._findings = findings
        self._show(self._facts)

    def _failed(self, error: Exception) -> None:
        self.strip.end()
        self._bench.runner.failed.emit(error)

    def _rename(self) -> None:
        form = Form([Field("name", self.tr("Name of the compound"), required=True)])

        def standing(named: tuple[str, bool]) -> Standing:
            order = Unchanged(name_compound, compound_name, (), named)
            return Standing({"name": named[0]}, self._saving(order, lambda values: (values["name"], named[1])))

        now = str(self._facts.get("name", "")), bool(self._facts.get("demo"))
        self._open(self.tr("Rename the compound"), form, standing, now, compound_name, FACTS["name"])


def _megabytes(file: Path) -> str:
    return f"{file.stat().st_size / 1_000_000:,.1f} MB" if file.exists() else ""
