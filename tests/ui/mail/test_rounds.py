"""A round by scanning, from loading to closing, with the messenger's window and one signature for a whole stop."""

from __future__ import annotations

import pytest

from cbo_desk.mail import Addressed, Details, State, item_card, plan_round, receive_item, round_card
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
    clerk.until(lambda: window.deliver_button.height() >= 64)
    assert not window.deliver_button.isEnabled()  # name before signature
    clerk.scan(clerk.room.badges["Amina"])
    clerk.until(lambda: window.name.text() == "Yusuf, Amina")
    clerk.scan("NOSUCH 2")
    clerk.until(lambda: "No item has NOSUCH 2." in clerk.told())
    assert type(clerk.window.shell.page()).__name__ == "RoundsPage"
    window.name.setText("Erik Lindqvist")  # a name that was typed is no badge
    sign(clerk, window.pad)
    window.deliver_button.click()
    clerk.until(lambda: window.stop is not None and window.stop.seq == 2)
    proofs = [sqlite_office.read(item_card, ident).events[-1].proof for ident in clerk.items[:2]]
    assert proofs[0].id == proofs[1].id
    assert (proofs[0].how, len(proofs[0].strokes)) == ("signature", 2)
    assert window.pad.is_empty()
    window.fail_button.click()
    assert [button.text().strip() for button in window.why.buttons][:2] == ["Nobody there", "Office closed"]
    clerk.until(lambda: all(button.sizeHint().height() >= 64 for button in window.why.buttons))
    window.why.buttons[1].click()
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


def test_a_badge_proves_and_one_left_out_stays(round_page, sqlite_office):
    from ui.mail.messenger import MessengerWindow

    clerk = round_page
    for ident in clerk.items:
        clerk.scan(tag(sqlite_office, ident))
    clerk.window.shell.actions_.run("mail.messenger")
    window = clerk.page.findChild(MessengerWindow)
    clerk.until(lambda: len(window.rows) == 2)
    window.rows[clerk.items[0]].click()
    clerk.until(lambda: window.deliver_button.text().strip().endswith("1"))
    clerk.scan(clerk.room.badges["Amina"])
    window.deliver_button.click()
    clerk.still()
    clerk.until(lambda: sqlite_office.read(item_card, clerk.items[1]).events[-1].proof.how == "badge")
    assert sqlite_office.read(item_card, clerk.items[0]).state is State.OUT
    clerk.scan(tag(sqlite_office, clerk.items[2]))
    clerk.until(lambda: window.stop is not None and window.stop.seq == 2)
    window.close()
