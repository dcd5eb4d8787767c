"""A round by scanning, from loading to closing, with the messenger's window and one signature for a whole stop."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget

from cbo_desk.mail import (
    Addressed,
    Details,
    State,
    item_card,
    load_items,
    plan_round,
    reasons,
    receive_item,
    round_card,
)
from tests.mail.codes import s10
from tests.ui.mail.test_page import sign


@pytest.fixture
def round_page(clerk, sqlite_office):
    """Three items on their shelves and a round without stops, in front."""
    people = clerk.room.people
    clerk.items = []
    for who, code in (("Erik", ""), ("Samir", s10(1)), ("Elin", "")):
        details = Details(addressed=Addressed(person_id=people[who]))
        clerk.items += sqlite_office.write(receive_item, code, details).ids
    clerk.round = sqlite_office.write(plan_round, "North blocks", "Kamau S.").ids[0]
    clerk.window.shell.actions_.run("mail.rounds")
    clerk.page.open_at(f"mail.round:{clerk.round}")
    clerk.until(lambda: clerk.page.card.card is not None)
    return clerk


def tag(office, ident):
    return office.read(item_card, ident).code


def test_a_whole_round_by_scanner_and_finger(round_page, sqlite_office):
    from ui.mail.messenger import MessengerWindow

    clerk = round_page
    for ident in clerk.items:
        clerk.scan(tag(sqlite_office, ident))
    clerk.until(lambda: [len(stop.aboard) for stop in sqlite_office.read(round_card, clerk.round).stops] == [2, 1])
    clerk.scan("NOSUCH 1")
    clerk.until(lambda: "No item has NOSUCH 1." in clerk.told())
    assert type(clerk.window.shell.page()).__name__ == "RoundsPage"  # nothing is received by the way
    clerk.window.shell.actions_.run("mail.send_round")
    clerk.still()
    clerk.window.shell.actions_.run("mail.messenger")
    window = clerk.page.findChild(MessengerWindow)
    clerk.until(lambda: len(window.rows) == 2)
    assert all(row.height() >= 72 for row in window.rows.values())
    clerk.until(lambda: window.taking.deliver_button.height() >= 64)
    assert not window.taking.deliver_button.isEnabled()  # name before signature
    clerk.scan(clerk.room.badges["Amina"])
    clerk.until(lambda: window.taking.name.text() == "Yusuf, Amina")
    clerk.scan("NOSUCH 2")
    clerk.until(lambda: "No item has NOSUCH 2." in clerk.told())
    assert type(clerk.window.shell.page()).__name__ == "RoundsPage"
    window.taking.name.setText("Erik Lindqvist")  # a name that was typed is no badge
    sign(clerk, window.taking.pad)
    window.taking.deliver_button.click()
    clerk.until(lambda: window.stop is not None and window.stop.seq == 2)
    proofs = [sqlite_office.read(item_card, ident).events[-1].proof for ident in clerk.items[:2]]
    assert proofs[0].id == proofs[1].id
    assert (proofs[0].how, len(proofs[0].strokes)) == ("signature", 2)
    assert window.taking.pad.is_empty()
    window.taking.fail_button.click()
    assert [button.text().strip() for button in window.taking.why.buttons][:2] == ["Nobody there", "Office closed"]
    clerk.until(lambda: all(button.sizeHint().height() >= 64 for button in window.taking.why.buttons))
    window.taking.why.buttons[1].click()
    clerk.until(lambda: sqlite_office.read(item_card, clerk.items[2]).state is State.ATTEMPTED)
    clerk.still()
    card = sqlite_office.read(item_card, clerk.items[2])
    assert (card.state, card.events[-1].reason) == (State.ATTEMPTED, "office closed")
    window.close()
    clerk.window.shell.actions_.run("mail.close_round")
    clerk.still()
    clerk.until(lambda: "still aboard" in clerk.told())
    clerk.scan(tag(sqlite_office, clerk.items[2]))
    clerk.until(lambda: sqlite_office.read(item_card, clerk.items[2]).state is State.RECEIVED)
    clerk.window.shell.actions_.run("mail.close_round")
    clerk.until(lambda: sqlite_office.read(round_card, clerk.round).closed_at is not None)
    clerk.until(lambda: clerk.page.card.card.closed_at is not None)
    clerk.scan(tag(sqlite_office, clerk.items[2]))
    clerk.until(lambda: "R-0001 is closed: M-000003 is not put on it." in clerk.told())
    assert type(clerk.window.shell.page()).__name__ == "RoundsPage"
    assert sqlite_office.read(item_card, clerk.items[2]).state is State.RECEIVED


def test_a_stop_is_delivered_by_fingers_alone(round_page, sqlite_office, tmp_path):
    """Nothing but touches: one item left out, who takes the other, the signature, Deliver. Its ink is on the proof."""
    from cbo_desk.mail.paper import write_proof
    from tests.mail.test_rounds import strokes_of
    from ui.mail.messenger import MessengerWindow

    clerk, device = round_page, QTest.createTouchDevice()
    sqlite_office.write(load_items, clerk.items, clerk.round)
    clerk.still()
    clerk.window.shell.actions_.run("mail.messenger")
    window = clerk.page.findChild(MessengerWindow)
    clerk.until(lambda: len(window.rows) == 2 and window.taking.names)

    def touch(widget, *way):
        """A finger goes down on a widget, along the way, and up again."""
        clerk.until(window.isActiveWindow)
        clerk.until(lambda: _at(window, widget) in (widget, *widget.findChildren(QWidget)))  # it lies where it will
        spots = [widget.mapTo(window, spot) for spot in (way or (widget.rect().center(),))]
        QTest.touchEvent(window, device).press(0, spots[0], window).commit()
        for spot in spots[1:]:
            QTest.touchEvent(window, device).move(0, spot, window).commit()
        QTest.touchEvent(window, device).release(0, spots[-1], window).commit()

    touch(window.rows[clerk.items[0]])
    clerk.until(lambda: window.chosen() == clerk.items[1:2])
    touch(next(button for button in window.taking.names if button.accessibleName() == "Haddad, Samir"))
    clerk.until(lambda: window.taking.name.text() == "Haddad, Samir")
    for across in (30, 90):
        touch(window.taking.pad, *(QPoint(across + 8 * n, 30 + 6 * (n % 3)) for n in range(6)))
    clerk.until(lambda: len(window.taking.pad.strokes()) == 2)
    touch(window.taking.deliver_button)
    clerk.until(lambda: sqlite_office.read(item_card, clerk.items[1]).state is State.DELIVERED)
    clerk.still()
    cards = [sqlite_office.read(item_card, ident) for ident in clerk.items]
    assert [card.state for card in cards] == [State.OUT, State.DELIVERED, State.OUT]
    write_proof("Gigiri", cards[1], tmp_path / "proof.pdf")
    assert strokes_of(tmp_path / "proof.pdf") == 2
    window.close()


def _at(window, widget):
    return window.childAt(widget.mapTo(window, widget.rect().center()))


def titles(window):
    """The rows on the messenger's left, as they are read aloud."""
    return [row.accessibleName() for row in window.way.rows]


def test_the_messenger_sees_how_far_it_is_and_takes_two_stops_with_one_signature(round_page, sqlite_office):
    from ui.mail.messenger import MessengerWindow

    clerk = round_page
    sqlite_office.write(load_items, clerk.items, clerk.round)
    clerk.still()
    clerk.window.shell.actions_.run("mail.messenger")
    window = clerk.page.findChild(MessengerWindow)
    clerk.until(lambda: len(window.rows) == 2)
    assert titles(window) == ["M-214 2 to deliver · UNEP, WFP 2", "M-118 1 to deliver · UNEP 1"]
    # What the next stop gets is signed for here, and one that was left out before stays so.
    window.rows[clerk.items[0]].click()
    assert window.along_button.text().strip().endswith("Add 1")
    window.along_button.click()
    assert (list(window.rows), window.chosen()) == (clerk.items, clerk.items[1:])
    assert not window.along_button.isVisible()
    window.taking.names[1].click()
    assert [name.property("look") for name in window.taking.names] == ["button", "taken", "button"]
    sign(clerk, window.taking.pad)
    clerk.until(window.taking.clear_button.isVisible)
    window.taking.deliver_button.click()
    clerk.until(lambda: len(window.rows) == 1)
    cards = [sqlite_office.read(item_card, ident) for ident in clerk.items]
    assert [card.state for card in cards] == [State.OUT, State.DELIVERED, State.DELIVERED]
    assert cards[1].events[-1].proof.id == cards[2].events[-1].proof.id
    assert cards[1].events[-1].proof.taken_by == "Haddad, Samir"
    window.taking.refuse_button.click()
    window.taking.why.buttons[0].click()
    clerk.until(lambda: window.stop is None)
    assert titles(window)[0].startswith("M-214 1 delivered, 1 refused · 09:0")
    choose(window.way.tabs, "Comes back")
    assert titles(window) == [f"Lindqvist, Erik M-000001 · {sqlite_office.read(reasons).refused[0]}"]
    choose(window.way.tabs, "Still aboard")
    assert titles(window) == []
    # A server that is away is said here, too: the messenger has no other window in sight.
    clerk.window.shell.set_connection("Server away since 11:04", "14 kept, not yet sent", tone="warn")
    clerk.until(lambda: window.connection.isVisible())
    assert window.connection.status.word == "Server away since 11:04 · 14 kept, not yet sent"
    clerk.window.shell.set_connection("Saved · office server")
    assert not window.connection.isVisible()
    window.close()


def choose(tabs, words):
    """Press a tab."""
    next(one for one in tabs.findChildren(QToolButton) if one.text().startswith(words)).click()


def test_a_badge_proves_and_one_left_out_stays(round_page, sqlite_office):
    from ui.mail.messenger import MessengerWindow

    clerk = round_page
    for ident in clerk.items:
        clerk.scan(tag(sqlite_office, ident))
    clerk.window.shell.actions_.run("mail.messenger")
    window = clerk.page.findChild(MessengerWindow)
    clerk.until(lambda: len(window.rows) == 2)
    window.rows[clerk.items[0]].click()
    clerk.until(lambda: window.taking.deliver_button.text().strip().endswith("1"))
    clerk.scan(clerk.room.badges["Amina"])
    window.taking.deliver_button.click()
    clerk.still()
    clerk.until(lambda: sqlite_office.read(item_card, clerk.items[1]).events[-1].proof.how == "badge")
    assert sqlite_office.read(item_card, clerk.items[0]).state is State.OUT
    clerk.scan(tag(sqlite_office, clerk.items[2]))
    clerk.until(lambda: window.stop is not None and window.stop.seq == 2)
    window.close()
