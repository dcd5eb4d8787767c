"""Scan, scan, scan: nothing is lost however slow a save is, and an addressee takes three keys and never none."""

from __future__ import annotations

import threading

from PySide6.QtCore import Qt

from cbo_desk.mail import MailFilter, MailList, State, item_card
from cbo_desk.property import AssetForm, receive_assets
from cbo_desk.tags import tags_of, unknown_scans
from tests.mail.codes import s10


def count(office, **wanted):
    return office.read(MailList(MailFilter(**wanted)).count)


def test_a_scan_and_three_keys_receive_an_item(counter, sqlite_office):
    counter.scan(s10(1))
    assert counter.page.item.number == "M-000001"
    assert count(sqlite_office) == 1
    assert counter.page.item.addressee == ""
    for key in "ha1":
        counter.qtbot.keyClicks(counter.page.who.field, key)
    counter.until(lambda: counter.page.item.addressee == "Haddad, Samir")
    counter.still()
    assert counter.page.who.field.hasFocus()  # the next name can be typed at once
    counter.scan(s10(2))
    counter.qtbot.keyClicks(counter.page.who.field, "0")
    counter.still()
    assert count(sqlite_office, incomplete=True) == 1
    assert counter.page.summary.words().startswith("2 received since")


def test_nobody_is_assigned_without_a_key(counter, sqlite_office):
    """The label names Erik: he is offered first, and Enter takes him; the next scan alone would not."""
    from tests.mail.codes import sscc

    counter.scan("\x1d".join((f"]C100{sscc(5)}4301Erik+Lindqvist", "3301000450")))
    counter.until(lambda: counter.page.who.found)
    assert counter.page.item.addressee == ""
    counter.scan(s10(3))
    assert [row.addressee for row in counter.page.model.rows] == ["", ""]
    counter.page.table.selectRow(1)
    counter.still()
    counter.qtbot.keyClicks(counter.page.who.field, "erik lind")
    counter.until(lambda: counter.page.who.found)
    counter.qtbot.keyClick(counter.page.who.field, Qt.Key.Key_Return)
    counter.until(lambda: counter.page.model.rows[1].addressee == "Lindqvist, Erik")


def test_five_hundred_scans_while_a_save_is_slow(counter, sqlite_office, monkeypatch):
    """Every scan arrives while the first save hangs; in the end each is an item, in the order of scanning."""
    gate, write = threading.Event(), sqlite_office.write

    def slow(command, *args, **named):
        gate.wait(20)
        return write(command, *args, **named)

    monkeypatch.setattr(sqlite_office, "write", slow)
    counter.window.shell.setUpdatesEnabled(False)  # what it looks like meanwhile is not asked here
    codes = [s10(1000 + n) for n in range(500)]
    for code in codes:
        assert counter.window.bench.feed.put("serial", code)
    assert counter.window.bench.feed.pending == 500
    gate.set()
    counter.qtbot.waitUntil(lambda: counter.window.bench.feed.pending == 0, timeout=120_000)
    counter.still()
    lines = [line for start in sqlite_office.read(MailList().outline).starts
             for line in sqlite_office.read(MailList().page, start, 200)]  # fmt: skip
    assert [line.row.carrier_number for line in sorted(lines, key=lambda line: line.id)] == codes


def test_a_scanner_that_sends_everything_twice_receives_once(counter, sqlite_office):
    feed = counter.window.bench.feed
    assert feed.put("serial", s10(9))
    assert not feed.put("serial", s10(9))
    counter.still()
    # Longer after, the feed lets it through, and the rule of twelve months speaks.
    counter.scan(s10(9))
    assert count(sqlite_office) == 1
    assert "was received on 24 Aug 2026 at 09:00 as M-000001" in counter.page.strip.fault.words()
    assert counter.page.strip.again_button.isVisible()
    counter.page.strip.again_button.click()
    counter.still()
    assert count(sqlite_office) == 2


def test_a_wrong_check_digit_is_said_and_kept(counter, sqlite_office):
    counter.scan("RR123456784KE")
    assert count(sqlite_office) == 0
    assert "The check digit of this postal item number is wrong" in counter.told()
    assert [line.text for line in sqlite_office.read(unknown_scans)] == ["RR123456784KE"]


def test_an_asset_is_opened_on_its_desk_and_it_is_said(counter, sqlite_office):
    form = AssetForm(entity_id=counter.room.unep, inventory_no="L-1", description="Laptop")
    ids = sqlite_office.write(receive_assets, form).ids
    [tag] = sqlite_office.read(tags_of, "property.asset", list(ids))
    counter.scan(tag.code)
    counter.until(lambda: counter.window.shell.desk() == "property")
    assert count(sqlite_office) == 0
    assert "L-1 is not mail: it is shown on its own desk." in counter.told()


def test_long_and_invisible_scans_are_said(counter, sqlite_office):
    counter.scan("x" * 10_000)
    assert "10,000 characters long" in counter.told()
    counter.scan("\x01\x02")
    assert count(sqlite_office) == 0


def test_our_own_item_is_taken_in_hand_again(counter, sqlite_office):
    counter.scan(s10(4))
    first = counter.page.item
    counter.scan(s10(5))
    counter.scan(sqlite_office.read(item_card, first.id).code)
    assert counter.page.item.number == "M-000001"
    assert count(sqlite_office) == 2


def test_undo_takes_the_last_receipt_back(counter, sqlite_office):
    counter.scan(s10(6))
    counter.undo()
    assert count(sqlite_office) == 0
    assert counter.page.model.rows == []
    counter.scan(s10(6))
    assert counter.page.item.number == "M-000002"


def test_damage_and_weight_by_function_keys(counter, sqlite_office):
    counter.press(Qt.Key.Key_F5)
    counter.still()
    counter.press(Qt.Key.Key_F9)
    counter.form()
    counter.type("corner torn")
    counter.save()
    counter.gone()
    counter.press(Qt.Key.Key_F4)
    counter.form()
    counter.type("1.5")
    counter.save()
    counter.gone()
    details = sqlite_office.read(item_card, counter.page.item.id).details
    assert (details.damage, details.weight_g) == ("corner torn", 1500)
    assert counter.page.item.state is State.RECEIVED
    assert "photo" in sqlite_office.read(item_card, counter.page.item.id).missing
