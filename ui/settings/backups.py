"""Backups that are made by themselves: what this workstation does for a compound, and the form for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from cbo_desk.context import clock
from cbo_desk.keeping import Plan, backups_in, checked
from cbo_desk.office import Office
from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from ui.bench import Bench
from ui.kit.buttons import Button
from ui.kit.chips import Status
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.phrases import when
from ui.kit.preferences import BACKUPS, Preferences
from ui.settings.rows import setting_row

LATE = 2
"""A newest backup older than so many times the plan's hours is late."""


def plan_of(preferences: Preferences, office: Office) -> Plan | None:
    """What this workstation does for a compound; None where nothing was said, or nothing readable."""
    told = preferences.entry(BACKUPS, address_of(office))
    try:
        return Plan(**told) if isinstance(told, dict) and told else None
    except TypeError:
        return None


def keep_plan(preferences: Preferences, office: Office, plan: Plan | None) -> None:
    """Remember what this workstation does for a compound, or that it does nothing."""
    told = {} if plan is None else {"folder": plan.folder, "hours": plan.hours, "keep": plan.keep}
    preferences.set_entry(BACKUPS, address_of(office), told)


def address_of(office: Office) -> str:
    """What a compound is remembered by: its file, or its server and database."""
    url = office.engine.url
    return f"{url.host}/{url.database}" if url.host else str(Path(url.database or "").resolve())


class KeptBackups(QObject):
    """The row of the database panel. `changed` is run when there is something else to show."""

    def __init__(self, bench: Bench, changed: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._bench, self._changed = bench, changed
        self._newest: tuple[Plan, datetime | None, int] | None = None

    @property
    def plan(self) -> Plan | None:
        """What is in force."""
        return plan_of(self._bench.preferences, self._bench.runner.office)

    def refresh(self) -> None:
        """Look into the folder, which may be on a disk that takes its time."""
        plan = self.plan
        if plan is None:
            self._newest = None
            return

        def look(_progress: Progress) -> tuple[Plan, datetime | None, int]:
            found = backups_in(Path(plan.folder))
            return plan, found[0][0] if found else None, len(found)

        self._bench.runner.job(self, look, self._show)

    def row(self) -> QWidget:
        """What holds, how old the newest one is, and the way to change it."""
        plan = self.plan
        detail = self.tr("Made while CBO Desk is open, put back for a trial, and the oldest let go.")
        value, status = self.tr("off"), None
        if plan is not None:
            words = self.tr("Every {hours:hour|hours} into {folder}, {keep:backup|backups} kept.")
            detail = words.format(hours=Count(plan.hours), folder=plan.folder, keep=Count(plan.keep))
            value, status = self._age(plan)
        button = Button(self.tr("Change…"), run=self.ask)
        return setting_row("history", self.tr("Backups by themselves"), detail, value, status, [button])

    def ask(self) -> None:
        """Ask into which folder, how often, and how many stay."""
        plan = self.plan
        form = Form(
            [
                Field("folder", self.tr("Folder"), hint=self.tr("On another disk; empty turns it off"), longest=400),
                Field("hours", self.tr("Every so many hours"), "number"),
                Field("keep", self.tr("Backups kept"), "number", beside=True),
            ]
        )
        start = plan or Plan("")
        form.set_values({"folder": start.folder, "hours": start.hours, "keep": start.keep})
        box = FormBox(self.tr("Backups by themselves"), form, self._save, self.tr("Save"))
        open_form(self._bench.shell, box)

    def _save(self, values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
        folder, hours, keep = (values.get(name) for name in ("folder", "hours", "keep"))

        def take(plan: Plan | None) -> None:
            keep_plan(self._bench.preferences, self._bench.runner.office, plan)
            done()
            self._newest = None
            self.refresh()
            self._changed()

        if not folder:
            take(None)
            return

        def check(_progress: Progress) -> Plan:
            return checked(str(folder), int(hours or 0), int(keep or 0))

        self._bench.runner.job(self, check, take, failed)

    def _age(self, plan: Plan) -> tuple[str, Status | None]:
        if self._newest is None or self._newest[0] != plan:
            return "", None
        _plan, newest, _count = self._newest
        if newest is None:
            return "", Status(self.tr("None yet"), "warn", "clock")
        late = (clock() - newest).total_seconds() > LATE * 3600 * plan.hours
        return when(newest, clock()), Status(self.tr("Late"), "bad", "circle-alert") if late else None

    def _show(self, newest: tuple[Plan, datetime | None, int]) -> None:
        self._newest = newest
        self._changed()


def words_of_kept(file: str, proven: str) -> str:
    """What is said of one backup that was made by itself."""
    words = QCoreApplication.translate("backups", "Backup {name} made by itself, {proven}.")
    return words.format(name=Path(file).name, proven=proven)
