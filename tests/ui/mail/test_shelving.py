"""Shelving by scanner alone: a shelf, items, the next shelf; what cannot be shelved stays in sight."""

from __future__ import annotations

import pytest

from cbo_desk.mail import State, Taken, deliver_items, item_card, receive_item
from cbo_desk.tags import unknown_scans
from tests.mail.codes import s10


@pytest.fixture
def shelving(clerk, sqlite_office):
    """Three items that were received, and the page for shelving in front."""
    clerk.items = [sqlite_office.write(receive_item, code).ids[0] for code in ("", s10(1), "")]
    clerk.codes = [sqlite_office.read(item_card, ident).code for ident in clerk.items]
    clerk.window.shell.actions_.run("mail.shelving")
    clerk.still()
    return clerk


def lies(office, ident):
    card = office.read(item_card, ident)
    return card.state, card.shelf


def test_a_shelf_items_and_the_next_shelf(shelving, sqlite_office):
    shelving.scan(shelving.codes[0])  # no shelf yet
    assert lies(sqlite_office, shelving.items[0]) == (State.RECEIVED, "")
    shelving.until(lambda: shelving.page.fault.words() == "M-000001: Scan the shelf first.")
    shelving.scan(shelving.room.doors["H-01"])
    shelving.until(lambda: shelving.page.code.words() == "H-01")
    shelving.scan(shelving.codes[0])
    shelving.scan(s10(1))  # by the carrier's own barcode
    shelving.scan(shelving.room.doors["R-02"])
    shelving.scan(shelving.codes[2])
    lying = [(State.SHELVED, "H-01"), (State.SHELVED, "H-01"), (State.SHELVED, "R-02")]
    shelving.until(lambda: [lies(sqlite_office, ident) for ident in shelving.items] == lying)
    shelving.until(lambda: shelving.page.summary.words() == "3 put on shelves · 1 scan to look at")
    shelving.undo()
    shelving.until(lambda: lies(sqlite_office, shelving.items[2]) == (State.RECEIVED, ""))
    shelving.until(lambda: shelving.page.model.rows[0].taken_back)
    shelving.undo()
    shelving.until(lambda: lies(sqlite_office, shelving.items[1]) == (State.RECEIVED, ""))


def test_what_cannot_be_shelved_stays_in_sight(shelving, sqlite_office):
    shelving.scan(shelving.room.doors["H-01"])
    shelving.scan(s10(77))
    assert shelving.window.shell.page() is shelving.page
    shelving.until(lambda: [line.text for line in sqlite_office.read(unknown_scans)] == [s10(77)])
    shelving.until(lambda: "It has not been received yet." in shelving.page.fault.words())
    shelving.scan(shelving.room.doors["GIGIRI"])
    shelving.until(lambda: "GIGIRI is a site: mail lies on a shelf or in a room of it." in shelving.page.fault.words())
    shelving.until(lambda: shelving.page.code.words() == "H-01")
    sqlite_office.write(deliver_items, [shelving.items[0]], Taken("Somebody"))
    shelving.scan(shelving.codes[0])
    shelving.until(lambda: "has been delivered already" in shelving.page.fault.words())
    shelving.scan(shelving.room.badges["Erik"])
    shelving.until(lambda: "This is no mail." in shelving.page.fault.words())
    shelving.until(lambda: [row.good for row in shelving.page.model.rows] == [False, False, False, False])


def test_a_burst_is_shelved_in_order_while_the_first_save_hangs(shelving, sqlite_office, monkeypatch):
    import threading

    gate, write = threading.Event(), sqlite_office.write

    def slow(command, *args, **named):
        gate.wait(20)
        return write(command, *args, **named)

    monkeypatch.setattr(sqlite_office, "write", slow)
    feed = shelving.window.bench.feed
    for code in (shelving.room.doors["H-01"], *shelving.codes[:2], shelving.room.doors["R-02"], shelving.codes[2]):
        assert feed.put("serial", code)
    shelving.until(lambda: shelving.page.shelf is not None)
    assert feed.pending == 4
    gate.set()
    shelving.still()
    shelving.until(lambda: [lies(sqlite_office, ident)[1] for ident in shelving.items] == ["H-01", "H-01", "R-02"])
