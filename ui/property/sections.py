"""The sections of the property desk: the same tabs stand at the top of each of their pages."""

from __future__ import annotations

from functools import partial
from importlib import import_module

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.page import Page
from ui.kit.tabs import Tab

REGISTER = "property"
CUSTODY = "property/custody"
COUNTS = "property/counts"
GATE = "property/gate"
GUARD = "property/guard"
DISPOSAL = "property/disposal"
VALUE = "property/value"
MAINTENANCE = "property/maintenance"
FIELDS = "property/fields"


def sections() -> tuple[tuple[str, str], ...]:
    """The page of each section and its words, in their order."""
    return (
        (REGISTER, QCoreApplication.translate("sections", "Register")),
        (CUSTODY, QCoreApplication.translate("sections", "Custody")),
        (COUNTS, QCoreApplication.translate("sections", "Counts")),
        (GATE, QCoreApplication.translate("sections", "Gate")),
        (DISPOSAL, QCoreApplication.translate("sections", "Disposal")),
        (VALUE, QCoreApplication.translate("sections", "Value")),
        (MAINTENANCE, QCoreApplication.translate("sections", "Maintenance")),
    )


PAGES = {
    CUSTODY: ("ui.property.custody.page", "CustodyPage"),
    COUNTS: ("ui.property.counts.page", "CountsPage"),
    GATE: ("ui.property.gate.page", "GatePage"),
    GUARD: ("ui.property.gate.guard", "GuardPage"),
    DISPOSAL: ("ui.property.disposal.page", "DisposalPage"),
    VALUE: ("ui.property.value.page", "ValuePage"),
    MAINTENANCE: ("ui.property.maintenance.page", "MaintenancePage"),
    FIELDS: ("ui.property.fields.page", "FieldsPage"),
    "property/counting": ("ui.property.counts.counter", "CounterPage"),
    "property/rooms": ("ui.property.counts.rooms", "RoomsPage"),
}
"""Further pages of the desk, each with its module and class: imported when it is first opened."""


HOMES = {
    "property.handover": CUSTODY,
    "property.gate_pass": GATE,
    "property.gate_line": GATE,
    "property.disposal_case": DISPOSAL,
    "property.service_plan": MAINTENANCE,
    "property.repair": MAINTENANCE,
}
"""Which of these pages shows records of a kind."""


SHOWN = {
    "overdue_pass": (GATE, "shown:overdue"),
    "disposal_due": (DISPOSAL, ""),
    "service_due": (MAINTENANCE, "due"),
    "warranty30": (MAINTENANCE, "w30"),
    "warranty60": (MAINTENANCE, "w60"),
    "warranty90": (MAINTENANCE, "w90"),
}
"""What Today's lines of several lead to, where that is not the register."""


def add_section_pages(bench: Bench, page: QWidget) -> None:
    """Make the desk's further pages known to the window, and the sections to Ctrl+K."""
    for name, (module, title) in PAGES.items():
        bench.shell.add_page(name, partial(_make, bench, module, title))
    held = _what_they_hold()
    for name, words in sections()[1:]:
        label = QCoreApplication.translate("sections", "Property: {section}").format(section=words)
        run = partial(bench.shell.go, name)
        bench.shell.actions_.add(page, Action(f"go.{name}", label, run, "clipboard-check", "", "property", held[name]))
    words = QCoreApplication.translate("sections", "Property: Fields of categories")
    fields = Action(f"go.{FIELDS}", words, partial(bench.shell.go, FIELDS), "list-checks")
    bench.shell.actions_.add(page, fields)


def _what_they_hold() -> dict[str, str]:
    """What stands on each page: who looks for a loan or a warranty need not know what we call its page."""
    return {
        CUSTODY: QCoreApplication.translate("sections", "loans, overdue, handovers, who holds what"),
        COUNTS: QCoreApplication.translate("sections", "physical verification, inventory"),
        GATE: QCoreApplication.translate("sections", "passes, what is outside, overdue"),
        DISPOSAL: QCoreApplication.translate("sections", "cases, review body, write-off"),
        VALUE: QCoreApplication.translate("sections", "depreciation, policies, totals"),
        MAINTENANCE: QCoreApplication.translate("sections", "warranty, services, repairs"),
    }


def _make(bench: Bench, module: str, title: str, parent: QWidget) -> QWidget:
    page = getattr(import_module(module), title)(bench, parent)
    assert isinstance(page, QWidget)
    return page


def show_sections(bench: Bench, page: Page, here: str) -> None:
    """Put the tabs of the desk on one of its pages, where `here` stays chosen; the others lead to theirs."""

    def go(name: str) -> None:
        page.tabs.choose(here)
        bench.shell.go(name)

    page.tabs.show_tabs([Tab(name, words) for name, words in sections()], here)
    page.tabs.chosen.connect(go)
