"""What people come to do is found by Ctrl+K from any desk, before the page where it begins was opened."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cbo_desk.mail import RoundList, receive_item
from cbo_desk.permissions import Actor, Role
from tests.mail.codes import s10
from tests.ui.mail.conftest import Clerk
from tests.ui.places.conftest import CONTROL
from ui.leads import leads

Key = Qt.Key


def offered(clerk):
    """What Ctrl+K offers of the ways in, by the ids of what they lead to."""
    return {one.id.removeprefix("lead.") for one in clerk.window.shell.actions_.all() if one.id.startswith("lead.")}


def test_a_round_is_planned_from_another_desk_by_ctrl_k(qtbot, open_window, sqlite_office, mailroom):
    clerk = Clerk(qtbot, open_window(sqlite_office, "today"))
    shell = clerk.window.shell
    assert list(shell._pages) == ["today"]
    clerk.press(Key.Key_K, CONTROL)
    clerk.until(lambda: shell._overlay is not None)
    clerk.qtbot.keyClicks(QApplication.focusWidget(), "plan a round")
    assert [hit.title for hit in shell._overlay.box.hits.hits[:1]] == ["Plan a round"]
    clerk.press(Key.Key_Return)
    clerk.form()
    clerk.type("North blocks")
    clerk.save()
    clerk.gone()
    clerk.until(lambda: clerk.page.title.words() == "Rounds")
    assert [line.row.name for line in sqlite_office.read(RoundList("", "planned", True).first)] == ["North blocks"]
    # On every page, what a lead stands for is there, is called the same, and is offered once.
    for lead in leads():
        shell.go(lead.page, lead.detail)
        clerk.still()
        action = shell.actions_.get(lead.action)
        assert (action.label, action.icon) == (lead.label, lead.icon)
        assert [one.id for one in shell.actions_.offered() if one.label == lead.label] == [lead.action]
    assert offered(clerk) == {lead.action for lead in leads()}
    # One leads to a view of a page, which another view of it covers.
    shell.go("conference", "show:week")
    shell.go("today")
    assert shell.actions_.run("lead.conference.set_ceiling")
    assert {"kind", "most"} <= set(clerk.form().editors)
    assert clerk.page.tabs.current() == "spaces"


def test_nobody_is_led_to_what_they_may_not_do(qtbot, open_window, sqlite_office, mailroom):
    roles = {"mail": Role.CLERK, "pouch": Role.VIEWER, "tags": Role.CLERK, "places": Role.VIEWER}
    clerk = Clerk(qtbot, open_window(sqlite_office.signed_in(Actor("ada", "Ada", roles, "DESK-2")), "today"))
    for lead in leads():
        if lead.action in offered(clerk):
            clerk.window.shell.go(lead.page, lead.detail)
    clerk.still()
    there = {one.id for one in clerk.window.shell.actions_.all()}
    assert offered(clerk) == {lead.action for lead in leads()} & there
    assert {"mail.plan_round", "mail.receive"} <= offered(clerk)
    assert not {"mail.open_bag", "mail.set_rate"} & offered(clerk)
    # Who may not look at photos is neither offered one nor told so at every card.
    told = []
    clerk.window.runner.failed.connect(told.append)
    ident = sqlite_office.write(receive_item, s10(1)).ids[0]
    page = clerk.window.shell.go("mail", f"mail.item:{ident}")
    clerk.until(lambda: page.card.papers._id == ident and not page.card.papers._pause.isActive())
    clerk.still()
    assert told == []
    assert not page.card.papers.more.isVisible()
