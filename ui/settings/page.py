"""The settings: database, accounts, dated settings, messages, printers, scanners, look, and this computer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.bench import Bench
from ui.kit.page import Page
from ui.kit.tabs import Tab
from ui.settings.accounts import AccountsPanel
from ui.settings.computer import ComputerPanel
from ui.settings.database import DatabasePanel
from ui.settings.dated import DatedPanel
from ui.settings.look import LookPanel
from ui.settings.messages import MessagesPanel
from ui.settings.printers import PrintersPanel
from ui.settings.scanner import ScannerPanel

Make = Callable[[Bench, QWidget], QWidget]
_PANELS: dict[str, Make] = {
    "database": DatabasePanel,
    "accounts": AccountsPanel,
    "dated": DatedPanel,
    "messages": MessagesPanel,
    "printers": PrintersPanel,
    "scanner": ScannerPanel,
    "look": LookPanel,
    "computer": ComputerPanel,
}

_ALSO = {"unconfirmed": "dated", "backup": "database", "not_sent": "messages"}
"""Where what Today names is settled."""


class SettingsPage(Page):
    """One panel a tab; each is made when it is first looked at."""

    goes_on = True

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Settings"), parent, help_page="settings")
        self.bench = bench
        self.panels: dict[str, QWidget] = {}
        self.stack = QStackedWidget(self)
        self.body.addWidget(self.stack, 1)
        words = {
            "database": self.tr("Database"),
            "accounts": self.tr("Accounts"),
            "dated": self.tr("Thresholds and rates"),
            "messages": self.tr("Messages"),
            "printers": self.tr("Printers"),
            "scanner": self.tr("Scanner"),
            "look": self.tr("Look"),
            "computer": self.tr("This computer"),
        }
        self.tabs.show_tabs([Tab(name, words[name]) for name in _PANELS])
        self.tabs.chosen.connect(self.open_at)
        self.say(self.tr("What is set here for everybody is audited; look and scanner are this workstation's own."))
        self.open_at("database")

    def open_at(self, detail: str) -> None:
        """Show one panel."""
        detail = _ALSO.get(detail, detail)
        if detail not in _PANELS:
            return
        if detail not in self.panels:
            panel = _PANELS[detail](self.bench, self)
            self.panels[detail] = panel
            self.stack.addWidget(panel)
        self.tabs.choose(detail)
        self.stack.setCurrentWidget(self.panels[detail])
