"""The desks of the sidebar, in their order. One line per desk."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ui.bench import Bench
from ui.kit.sidebar import Desk

# Which desk shows records of which kind: a scan, Ctrl+K and a link all lead there.
HOMES = {
    "property.asset": "property",
    "places.place": "places",
    "people.person": "people",
    "people.entity": "people",
}


Benches = Callable[[], Bench]


def desks(bench: Benches) -> tuple[Desk, ...]:
    """Every desk; its page is imported and made when it is first opened, so that the window opens at once.

    `bench` is asked for only then: the frame shows the desks before a compound is open.
    """
    return (
        Desk(
            "today",
            "layout-dashboard",
            QCoreApplication.translate("desks", "Today"),
            _page(bench, "ui.today.page", "TodayPage"),
        ),
        Desk(
            "property",
            "package",
            QCoreApplication.translate("desks", "Property"),
            _page(bench, "ui.property.page", "PropertyPage"),
        ),
        Desk(
            "places",
            "map-pinned",
            QCoreApplication.translate("desks", "Places"),
            _page(bench, "ui.places.page", "PlacesPage"),
        ),
        Desk(
            "people",
            "users",
            QCoreApplication.translate("desks", "People"),
            _page(bench, "ui.people.page", "PeoplePage"),
        ),
    )


def settings(bench: Benches) -> Callable[[QWidget], QWidget]:
    """What makes the Settings page, at the foot of the sidebar."""
    return _page(bench, "ui.settings.page", "SettingsPage")


def page_module(desk: str) -> str:
    """The module of a desk's page, so that it can be imported ahead."""
    return f"ui.{desk}.page"


def _page(bench: Benches, module: str, name: str) -> Callable[[QWidget], QWidget]:
    def make(parent: QWidget) -> QWidget:
        page = getattr(import_module(module), name)(bench(), parent)
        assert isinstance(page, QWidget)
        return page

    return make
