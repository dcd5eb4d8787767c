"""The desks of the sidebar, in their order. One line per desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ui.bench import Bench
from ui.kit.page import Page
from ui.kit.sidebar import Desk
from ui.kit.states import State

PROPERTY = (
    "property.asset",
    "property.handover",
    "property.gate_pass",
    "property.gate_line",
    "property.disposal_case",
)
PEOPLE = ("people.person", "people.entity")
MAIL = ("mail.item", "mail.round", "mail.outgoing", "mail.manifest", "mail.bag")
TRANSPORT = (
    "transport.request",
    "transport.trip",
    "transport.vehicle",
    "transport.driver",
    "transport.incident",
    "transport.shuttle",
    "transport.zone",
)
CONFERENCE = ("conference.booking", "conference.space", "conference.phase")
ROLES = {"mail": ("mail", "pouch")}
"""Where one role of several will do to see a desk's page."""
Benches = Callable[[], Bench]


def desks(bench: Benches) -> tuple[Desk, ...]:
    """Every desk, with the class of its page and the kinds of records that it shows.

    A page is imported and made when it is first opened, so that the window opens at once; `bench` is asked for only
    then, since the frame shows the desks before a compound is open.
    """

    def desk(name: str, icon: str, title: str, page: str, *kinds: str) -> Desk:
        return Desk(name, icon, title, partial(_page_or_why_not, bench, name, title, page), kinds)

    return (
        desk("today", "layout-dashboard", QCoreApplication.translate("desks", "Today"), "TodayPage"),
        desk("property", "package", QCoreApplication.translate("desks", "Property"), "PropertyPage", *PROPERTY),
        desk("mail", "mail", QCoreApplication.translate("desks", "Mail"), "MailPage", *MAIL),
        desk("transport", "car", QCoreApplication.translate("desks", "Transport"), "TransportPage", *TRANSPORT),
        desk(
            "conference",
            "calendar-days",
            QCoreApplication.translate("desks", "Conference"),
            "ConferencePage",
            *CONFERENCE,
        ),
        desk("places", "map-pinned", QCoreApplication.translate("desks", "Places"), "PlacesPage", "places.place"),
        desk("people", "users", QCoreApplication.translate("desks", "People"), "PeoplePage", *PEOPLE),
    )


def settings(bench: Benches) -> Callable[[QWidget], QWidget]:
    """What makes the Settings page, at the foot of the sidebar."""
    return partial(_page, bench, "settings", "SettingsPage")


def page_module(desk: str) -> str:
    """The module of a desk's page, so that it can be imported ahead."""
    return f"ui.{desk}.page"


def _page(bench: Benches, desk: str, name: str, parent: QWidget) -> QWidget:
    page = getattr(import_module(page_module(desk)), name)(bench(), parent)
    assert isinstance(page, QWidget)
    return page


def _page_or_why_not(bench: Benches, desk: str, title: str, name: str, parent: QWidget) -> QWidget:
    """The page of a desk, or for somebody who has no role there one that says so."""
    roles = bench().runner.office.actor.roles
    if desk == "today" or any(role in roles for role in ROLES.get(desk, (desk,))):
        return _page(bench, desk, name, parent)  # Today shows everybody what is theirs
    page = Page(title, parent, help_page="people")
    page.shut = True
    page.filter_box.hide()
    sentence = QCoreApplication.translate(
        "desks", "Whoever administers CBO Desk gives roles under Settings. A viewer sees all that is here."
    )
    heading = QCoreApplication.translate("desks", "You have no role at this desk")
    page.body.addWidget(State("empty", heading, sentence, icon="lock"))
    return page
