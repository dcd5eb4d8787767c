"""Makes the backups that are made by themselves, while the window is open and beside everything else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from cbo_desk.changes import Changes
from cbo_desk.compound import BACK_UP, last_backup
from cbo_desk.context import clock
from cbo_desk.progress import Progress
from ui.bench import Bench
from ui.kit.phrases import when
from ui.kit.preferences import BACKUPS
from ui.kit.toasts import Notice

if TYPE_CHECKING:  # backups bring the machinery of migrations, which a start has no time for
    from cbo_desk.keeping import Kept

LATE_DAYS = 7
"""A last good backup older than this is late; Today says so too."""
FIRST_MS, EVERY_MS = 60_000, 600_000
"""Nobody waits for a backup at the start; looking every ten minutes is often enough for a day."""


class Keeping(QObject):
    """The clock of one window's backups."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._said = ""
        self._job: Progress | None = None
        self._beat = QTimer(self)
        self._beat.timeout.connect(self.look)

    def start(self) -> None:
        """Begin to look; what is said in the settings counts at once."""
        self._beat.start(FIRST_MS)
        self._bench.runner.changed.connect(self._heard)
        self._tell_age()
        self._bench.preferences.changed.connect(self._told)

    def stop(self) -> None:
        """Stop looking; a backup that is being written is given up, and nothing of it stays."""
        self._beat.stop()
        self._bench.preferences.changed.disconnect(self._told)
        if self._job is not None:
            self._job.cancel()

    def look(self) -> None:
        """Make a backup where one is due, unless one is being made."""
        self._beat.setInterval(EVERY_MS)
        self._tell_age()
        office = self._bench.runner.office
        if not self._bench.preferences.get(BACKUPS):
            return
        from cbo_desk.keeping import is_due, keep_one
        from ui.settings.backups import plan_of

        plan = plan_of(self._bench.preferences, office)
        if plan is None or self._job is not None or not office.actor.may(BACK_UP):
            return

        def work(progress: Progress) -> Kept | None:
            return keep_one(office, plan, clock(), progress) if is_due(plan, clock()) else None

        self._job = self._bench.runner.job(self, work, self._done, self._failed)

    def _tell_age(self) -> None:
        """Say at the foot of the window how old the last good backup is, to whom it concerns."""
        if self._bench.runner.office.actor.may(BACK_UP):
            self._bench.runner.read(self, last_backup, done=self._say_age, failed=lambda _error: None)

    def _say_age(self, made: datetime | None) -> None:
        if not self._beat.isActive():
            return  # the window has closed meanwhile, and its sidebar with it
        if made is None:
            self._bench.shell.sidebar.set_backup(self.tr("No backup yet"))
            return
        late = clock() - made > timedelta(days=LATE_DAYS)
        words = self.tr("Backup {when}").format(when=when(made, clock()))
        self._bench.shell.sidebar.set_backup(words, "warn" if late else "idle")

    def _heard(self, changes: Changes) -> None:
        if "settings.compound" in changes.touched():
            self._tell_age()

    def _told(self, key: str) -> None:
        if key == BACKUPS.key:
            self.look()

    def _done(self, kept: Kept | None) -> None:
        self._job = None
        self._said = ""
        if kept is not None:
            from ui.settings.backups import words_of_kept

            self._bench.shell.toasts.notices.add(Notice(words_of_kept(kept.file, kept.proven), "ok"), unread=False)

    def _failed(self, error: Exception) -> None:
        """Said once in the bell, until it fails in another way: a disk that is away is away every ten minutes."""
        self._job = None
        if str(error) != self._said:
            self._said = str(error)
            words = self.tr("No backup was made by itself: {why}").format(why=error)
            self._bench.shell.toasts.notices.add(Notice(words, "bad"))
