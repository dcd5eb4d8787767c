"""The pages beside the board: fleet, drivers, incidents, shuttles, travel times, costs; each an action and a page."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from cbo_desk.transport import DRIVER, INCIDENT, SHUTTLE, VEHICLE, ZONE_KIND, request_card
from ui.bench import Bench
from ui.kit.actions import Action

if TYPE_CHECKING:
    from ui.transport.page import TransportPage

FURTHER = {
    VEHICLE: "transport/fleet",
    DRIVER: "transport/drivers",
    INCIDENT: "transport/incidents",
    SHUTTLE: "transport/shuttles",
    ZONE_KIND: "transport/times",
    "transport.cost": "transport/costs",
}
"""Which page shows records of a kind."""
_PAGES = {
    "fleet": ("ui.transport.fleet_page", "FleetPage", "truck"),
    "plan": ("ui.transport.proposal_page", "ProposalPage", "sparkles"),
    "drivers": ("ui.transport.drivers_page", "DriversPage", "id-card"),
    "incidents": ("ui.transport.incidents_page", "IncidentsPage", "shield-alert"),
    "shuttles": ("ui.transport.shuttles_page", "ShuttlesPage", "bus"),
    "times": ("ui.transport.times_page", "TimesPage", "timer"),
    "costs": ("ui.transport.costs_page", "CostsPage", "banknote"),
}


def add_further(bench: Bench, page: TransportPage) -> None:
    """Make the pages beside the board known, each with the action that opens it."""
    words = {
        "fleet": QCoreApplication.translate("transport", "Fleet"),
        "drivers": QCoreApplication.translate("transport", "Drivers"),
        "incidents": QCoreApplication.translate("transport", "Incidents"),
        "shuttles": QCoreApplication.translate("transport", "Shuttles"),
        "times": QCoreApplication.translate("transport", "Travel times"),
        "costs": QCoreApplication.translate("transport", "Costs"),
        "plan": QCoreApplication.translate("transport", "Plan the day"),
    }
    if not bench.may(request_card):
        return
    for name, (module, kind, icon) in _PAGES.items():

        def make(parent: QWidget, module: str = module, kind: str = kind) -> QWidget:
            made = getattr(import_module(module), kind)(bench, parent)
            assert isinstance(made, QWidget)
            return made

        def go(name: str = name) -> None:
            # What is planned is the day on the board.
            bench.shell.go(f"transport/{name}", f"day:{page.day}" if name == "plan" else "")

        bench.shell.add_page(f"transport/{name}", make)
        bench.shell.actions_.add(page, Action(f"transport.{name}", words[name], go, icon, "", "transport"))


def pop_further(bench: Bench, page: QWidget, button: QWidget) -> None:
    """Open the menu of the desk's other pages below a button."""
    known = {action.id for action in bench.shell.actions_.of("transport")}
    names = [f"transport.{name.partition('/')[2]}" for name in dict.fromkeys(FURTHER.values())]
    names += ["", "transport.chains", "transport.shuttles_on", "transport.keep_view"]
    menu = bench.shell.actions_.menu(page, [name for name in names if not name or name in known])
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
