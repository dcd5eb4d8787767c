"""A scan while a form, a question or Ctrl+K stands in front: the form uses it, or it waits in sight; none is lost."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cbo_desk.mail import (
    Addressed,
    Details,
    MailList,
    address_item,
    item_card,
    load_items,
    plan_round,
    receive_item,
)
from cbo_desk.office import Office
from tests.mail.codes import s10
from tests.ui.mail.conftest import Clerk
from ui.kit.scanning.held import HeldStrip
from ui.mail.deeds import addressed_of
from ui.mail.messenger import MessengerWindow


def received(office: Office) -> list[str]:
    lines = office.read(MailList().first)
    return [line.row.carrier_number for line in sorted(lines, key=lambda line: line.id)]


def waiting(clerk: Clerk) -> str:
    """What stands below the box in front of those that wait."""
    return " ".join(strip.accessibleName() for strip in clerk.window.shell.findChildren(HeldStrip) if strip.isVisible())


def test_at_the_counter_the_next_item_waits_for_the_form(counter, sqlite_office):
    """F4, a weight, and the next scan before it was saved: nothing of it is received behind the form."""
    window, feed = counter.window, counter.window.bench.feed
    counter.scan(s10(1))
    counter.press(Qt.Key.Key_F4)
    form = counter.form()
    counter.type("1.5")
    for again in range(2):  # nothing seems to happen, so it is scanned once more
        feed._heard.clear()
        assert feed.put("serial", s10(2)) is (again == 0)
        counter.until(lambda: "1 scan waits until this is done with," in waiting(counter))
    counter.scan(s10(3))
    counter.until(lambda: "2 scans wait" in waiting(counter))
    assert s10(2) in waiting(counter)
    assert window.scanners.strip.outcome.status.word == "Waits"
    assert received(sqlite_office) == [s10(1)]
    assert form.editors["weight"].line.text() == "1.5"
    assert [scan.text for scan in feed._held] == window.bench.drafts.find("scans.held").typed["texts"]
    counter.save()
    counter.gone()
    counter.still()
    counter.until(lambda: received(sqlite_office) == [s10(1), s10(2), s10(3)])
    counter.until(lambda: counter.page.item is not None and counter.page.item.carrier_number == s10(3))
    details = [sqlite_office.read(item_card, ident).details.weight_g for ident in (1, 2, 3)]
    assert details == [1500, None, None]
    assert window.bench.drafts.find("scans.held") is None


def test_what_waits_can_be_left_out_and_taken_back(counter, sqlite_office):
    counter.scan(s10(1))
    counter.press(Qt.Key.Key_F9)
    counter.form()
    counter.type("corner torn")
    counter.scan(s10(2))
    counter.until(lambda: waiting(counter))
    for _ in range(12):  # it is reached by Tab
        if QApplication.focusWidget().accessibleName() == "Leave out":
            break
        counter.press(Qt.Key.Key_Tab)
    counter.press(Qt.Key.Key_Space)
    counter.until(lambda: counter.told() == f"Left out: {s10(2)}")
    assert waiting(counter) == ""
    counter.window.shell.toasts.now.run()
    counter.until(lambda: "1 scan waits" in waiting(counter))
    counter.press(Qt.Key.Key_Escape)
    counter.gone()
    counter.until(lambda: received(sqlite_office) == [s10(1), s10(2)])
    assert sqlite_office.read(item_card, 1).details.damage == ""


def test_ctrl_k_gives_way_to_a_scan(counter, sqlite_office):
    counter.window.shell.open_palette("shel")
    counter.scan(s10(1))
    counter.gone()
    counter.until(lambda: received(sqlite_office) == [s10(1)])


def test_a_question_is_answered_before_the_scan_is_heard(clerk, sqlite_office):
    from ui.kit.dialogs import ask

    run: list[int] = []
    page = clerk.page
    ask(clerk.window.shell, "Close it?", "It can never be changed again.", "Close for good", lambda: run.append(1))
    clerk.scan(s10(1))
    clerk.until(lambda: "1 scan waits" in waiting(clerk))
    assert (clerk.page, received(sqlite_office), run) == (page, [], [])
    clerk.press(Qt.Key.Key_Tab)
    clerk.press(Qt.Key.Key_Return)  # a scanner that cannot be told from typing ends with it: never the verb
    assert clerk.window.shell.in_front() is not None
    clerk.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    clerk.press(Qt.Key.Key_Return)  # Cancel has the focus
    clerk.gone()
    clerk.until(lambda: received(sqlite_office) == [s10(1)])
    assert run == []


def test_of_two_windows_the_one_that_is_worked_in_hears_the_scan(clerk, sqlite_office, mailroom):
    """The messenger's window stays open beside the clerk's: a badge at the clerk's is nobody who takes mail there."""
    erik = Details(addressed=Addressed(person_id=mailroom.people["Erik"]))
    item = sqlite_office.write(receive_item, s10(1), erik).ids
    tour = sqlite_office.write(plan_round, "North", "Kamau").ids[0]
    sqlite_office.write(load_items, item, tour)
    shell, badge = clerk.window.shell, mailroom.badges["Samir"]
    shell.actions_.run("mail.rounds")
    clerk.page.open_at(f"mail.round:{tour}")
    clerk.until(lambda: clerk.page.card.card is not None)
    shell.actions_.run("mail.messenger")
    [window] = clerk.page.findChildren(MessengerWindow)
    clerk.until(lambda: window.isActiveWindow() and len(window.rows) == 1)
    shell.activateWindow()
    clerk.until(shell.isActiveWindow)
    shell.go("people")
    clerk.scan(mailroom.badges["Amina"])
    clerk.until(lambda: "Yusuf" in clerk.window.scanners.strip.said.words())
    assert window.taking.name.text() == ""
    shell.open_palette("shel")  # a box of the one window holds nothing up in the other
    window.activateWindow()
    clerk.until(window.isActiveWindow)
    clerk.scan(badge)
    clerk.until(lambda: window.taking.name.text() == "Haddad, Samir")
    assert shell.in_front() is not None
    window.close()
    shell.close_topmost()


def test_a_badge_and_a_shelf_go_into_the_form_that_asks_for_them(clerk, sqlite_office, mailroom):
    """Hand over: the badge is the proof. Shelving: the shelf's tag chooses it. Address: the badge names the person."""
    office, shell = sqlite_office, clerk.window.shell
    erik = Details(addressed=Addressed(person_id=mailroom.people["Erik"]))
    first, second = (office.write(receive_item, s10(n), erik).ids[0] for n in (1, 2))
    clerk.page.list.refresh()
    clerk.still()
    clerk.page.list.show_record(first)
    clerk.until(lambda: clerk.page.card.card is not None and clerk.page.card.card.id == first)
    shell.actions_.run("mail.hand_over")
    form = clerk.form()
    clerk.scan(mailroom.doors["GIGIRI"])  # of no use here
    clerk.until(lambda: "1 scan waits" in waiting(clerk))
    clerk.scan(mailroom.badges["Samir"])
    clerk.until(lambda: form.editors["name"].line.text() == "Haddad, Samir")
    clerk.window.bench.feed.leave_out()
    clerk.save()
    clerk.gone()
    [proof] = [event.proof for event in office.read(item_card, first).events if event.proof is not None]
    assert (proof.taken_by, proof.how) == ("Haddad, Samir", "badge")
    clerk.page.list.show_record(second)
    clerk.until(lambda: clerk.page.card.card.id == second)
    shell.actions_.run("mail.shelve")
    form = clerk.form()
    shelf = next(name for name in mailroom.doors if name != "GIGIRI")
    clerk.scan(mailroom.doors[shelf])
    clerk.until(lambda: form.editors["shelf"].line.text() == shelf)
    clerk.press(Qt.Key.Key_Escape)
    clerk.gone()
    shell.actions_.run("mail.address")
    form = clerk.form()
    clerk.scan(mailroom.badges["Samir"])
    clerk.until(lambda: form.editors["whom"].line.text() == "Haddad, Samir")
    clerk.save()
    clerk.gone()
    assert office.read(item_card, second).details.addressed.person_id == mailroom.people["Samir"]


def test_what_waited_when_the_program_ended_is_offered(clerk, sqlite_office, open_window):
    clerk.window.bench.drafts.keep("scans.held", {"texts": [s10(1), "\ud800\x00"]})
    window = open_window(sqlite_office, "mail")
    later = Clerk(clerk.qtbot, window)
    later.until(lambda: "2 scans were not dealt with when the program ended" in later.told())
    window.shell.toasts.now.run()
    later.still()
    later.until(lambda: received(sqlite_office) == [s10(1)])
    assert window.bench.drafts.find("scans.held") is None


def test_addressed_by_key_stays(counter, sqlite_office, mailroom):
    """A field that a person typed in is not overwritten by a scan that another field can use."""
    office = sqlite_office
    ident = office.write(receive_item, s10(1), Details()).ids[0]
    office.write(address_item, ident, Addressed(person_id=mailroom.people["Erik"]))
    counter.window.shell.go("mail")
    page = counter.page
    page.list.show_record(ident)
    counter.until(lambda: page.card.card is not None and page.card.card.id == ident)
    counter.window.shell.actions_.run("mail.edit")
    form = counter.form()
    form.editors["place"].line.setFocus()
    counter.type("own words")
    form.editors["sender"].line.setFocus()
    shelf = next(name for name in mailroom.doors if name != "GIGIRI")
    counter.scan(mailroom.doors[shelf])
    counter.until(lambda: "1 scan waits" in waiting(counter))
    assert form.editors["place"].line.text() == "own words"
    form.keep_draft()
    kept = counter.window.bench.drafts.find(f"mail.item.{ident}")
    assert kept is not None, "nothing typed is lost, whoever an item is for"
    assert kept.typed["place"]["text"] == "own words"
    form.editors["whom"].set_typed(kept.typed["whom"])
    assert addressed_of(form.editors["whom"].value()) == office.read(item_card, ident).details.addressed
    counter.press(Qt.Key.Key_Escape)
    counter.gone()
    counter.still()
