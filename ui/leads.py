"""Ways in: what begins on a page of its own is found by Ctrl+K before that page was ever opened.

A page makes its actions known when it is made, which is when it is first opened, so that the window opens at once. What
people come to do, such as receiving mail, must be found without knowing where it is. So a lead stands for such an
action: it opens the page and runs it there. From then on the page's own action is offered instead wherever it is in
front, since both are called the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from cbo_desk.permissions import Role, Rule
from ui.bench import Bench
from ui.kit.actions import Action


@dataclass(frozen=True)
class Lead:
    """A deed that begins on a page: `page` as the window knows it, the action's id there, its words and icon.

    It is offered to who has at least `role` on the desk `of`, as the page itself offers it. `detail` opens the page
    where its view is.
    """

    page: str
    action: str
    label: str
    icon: str
    role: Role = Role.CLERK
    of: str = "mail"
    detail: str = ""

    @property
    def desk(self) -> str:
        """The desk that the page belongs to."""
        return self.page.partition("/")[0]


def leads() -> Sequence[Lead]:
    """Every way in."""
    say = QCoreApplication.translate  # in the words of the pages themselves, so that an action and its lead are one
    return (
        Lead("mail", "mail.receive", say("ItemDeeds", "Receive mail"), "scan-barcode"),
        Lead("mail", "mail.shelving", say("ItemDeeds", "Shelve by scanning"), "archive"),
        Lead("mail", "mail.rounds", say("ItemDeeds", "Rounds"), "route"),
        Lead("mail", "mail.outgoing", say("ItemDeeds", "Outgoing mail"), "send", Role.VIEWER),
        Lead("mail", "mail.manifests", say("ItemDeeds", "Manifests"), "clipboard-list", Role.VIEWER),
        Lead("mail", "mail.pouch", say("ItemDeeds", "Pouch"), "briefcase", Role.VIEWER),
        Lead("mail", "mail.rates", say("ItemDeeds", "Prices of carriers"), "coins", Role.VIEWER),
        Lead("mail", "mail.answers", say("ItemDeeds", "Answers about mail"), "chart-column", Role.VIEWER),
        Lead("mail", "mail.addressees", say("ItemDeeds", "Absences and groups"), "users", Role.VIEWER),
        Lead("mail", "mail.absence", say("ItemDeeds", "Note an absence"), "calendar-days"),
        Lead("mail", "mail.add_group", say("ItemDeeds", "Add a group of addressees"), "users"),
        Lead("mail/rapid", "mail.rapid_letter", say("RapidPage", "Receive without a barcode"), "mail"),
        Lead("mail/rounds", "mail.plan_round", say("RoundsPage", "Plan a round"), "plus"),
        Lead("mail/outgoing", "mail.hand_in", say("OutgoingPage", "Hand in"), "plus"),
        Lead("mail/outgoing", "mail.hand_in_pouch", say("OutgoingPage", "Hand in for the pouch"), "briefcase"),
        Lead("mail/manifests", "mail.open_manifest", say("ManifestsPage", "Begin a manifest"), "plus"),
        Lead("mail/rates", "mail.set_rate", say("RatesPage", "Set a price"), "plus", Role.SUPERVISOR),
        Lead("mail/rates", "mail.add_carrier", say("RatesPage", "Add a carrier"), "truck", Role.SUPERVISOR),
        Lead("mail/pouch", "mail.open_bag", say("PouchPage", "Open a bag"), "plus", of="pouch"),
        Lead("mail/pouch", "mail.announce_bag", say("PouchPage", "Announce a bag"), "log-in", of="pouch"),
        Lead("mail/pouch", "mail.add_destination", say("PouchPage", "Add a destination of the pouch"), "map-pin",
             Role.SUPERVISOR),
        Lead("mail/pouch", "mail.set_pouch_limit", say("PouchPage", "Limit of a destination of the pouch"), "scale",
             Role.SUPERVISOR),
        Lead("transport", "transport.new", say("RequestDeeds", "New trip"), "plus", of="transport"),
        Lead("property", "property.receive", say("PropertyPage", "Receive assets"), "plus", of="property"),
        *(Lead("conference", f"conference.{name}", words, icon, role, "conference", detail)
          for name, words, icon, role, detail in _of_conference()),
    )  # fmt: skip


def _of_conference() -> Sequence[tuple[str, str, str, Role, str]]:
    """Ways to the conference desk: the action, its words and icon, who may, and the view where it is."""
    say = QCoreApplication.translate
    spaces, project = "show:spaces", "show:project"
    return (
        ("new", say("ConferenceDeeds", "New booking"), "plus", Role.CLERK, ""),
        ("find", say("ConferenceDeeds", "Find a space"), "search", Role.VIEWER, ""),
        ("day_sheet", say("ConferenceDeeds", "Day sheet"), "printer", Role.VIEWER, ""),
        ("bring", say("ConferenceDeeds", "Bring in a calendar or schedule"), "upload", Role.CLERK, ""),
        ("fill", say("ConferenceDeeds", "Serve the waitlist"), "list-checks", Role.CLERK, ""),
        ("standing", say("SpacesView", "Teams, ceilings and ranks"), "gauge", Role.VIEWER, spaces),
        ("add_space", say("SpacesView", "Add a space"), "plus", Role.SUPERVISOR, spaces),
        ("set_ceiling", say("SpacesView", "Set a ceiling"), "gauge", Role.SUPERVISOR, spaces),
        ("add_unit", say("SpacesView", "Add a team or set"), "plus", Role.SUPERVISOR, spaces),
        ("set_ranks", say("SpacesView", "Order of ranks"), "arrow-up-down", Role.SUPERVISOR, spaces),
        ("project.new", say("ProjectView", "New phase"), "plus", Role.SUPERVISOR, project),
    )


def add_leads(bench: Bench) -> None:
    """Make the ways in known that the person at work may go."""
    shell, actor = bench.shell, bench.runner.office.actor
    nobody = QWidget(shell)  # never seen, so that the action of a page that is seen goes before its lead
    nobody.hide()
    for lead in leads():
        if actor.may(Rule(lead.action, lead.of, lead.role, "")):
            run = partial(_follow, bench, lead)
            shell.actions_.add(nobody, Action(f"lead.{lead.action}", lead.label, run, lead.icon, scope=lead.desk))


def _follow(bench: Bench, lead: Lead) -> None:
    bench.shell.go(lead.page, lead.detail)
    bench.shell.actions_.run(lead.action)
