"""Scan, scan, scan: nothing is lost however slow a save is, and an addressee takes three keys and never none."""

from __future__ import annotations

import threading

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cbo_desk.changes import Changes
from cbo_desk.mail import MailFilter, MailList, State, item_card
from cbo_desk.property import AssetForm, receive_assets
from cbo_desk.tags import tags_of, unknown_scans
from tests.mail.codes import s10
from tests.ui.places.conftest import CONTROL
from ui.kit.cursor import choose_row


def count(office, **wanted):
    return office.read(MailList(MailFilter(**wanted)).count)


def test_a_scan_and_three_keys_receive_an_item(counter, sqlite_office):
    counter.scan(s10(1))
    counter.until(lambda: counter.page.item is not None and counter.page.item.number == "M-000001")
    counter.until(lambda: count(sqlite_office) == 1)
    assert counter.page.item.addressee == ""
    for key in "ha1":
        counter.qtbot.keyClicks(counter.page.who.field, key)
    counter.until(lambda: counter.page.item.addressee == "Haddad, Samir")
    counter.still()
    counter.until(counter.page.who.field.hasFocus)  # the next name can be typed at once
    counter.scan(s10(2))
    counter.qtbot.keyClicks(counter.page.who.field, "0")
    counter.still()
    counter.until(lambda: count(sqlite_office, incomplete=True) == 1)
    counter.until(lambda: counter.page.summary.words().startswith("2 received since"))


def test_nobody_is_assigned_without_a_key(counter, sqlite_office):
    """The label names Erik: he is offered first, and Enter takes him; the next scan alone would not."""
    from tests.mail.codes import sscc

    counter.scan("\x1d".join((f"]C100{sscc(5)}4301Erik+Lindqvist", "3301000450")))
    counter.until(lambda: counter.page.who.found)
    assert counter.page.item.addressee == ""
    counter.scan(s10(3))
    assert [row.addressee for row in counter.page.model.rows] == ["", ""]
    choose_row(counter.page.table, 1)
    counter.still()
    counter.qtbot.keyClicks(counter.page.who.field, "erik lind")
    counter.until(lambda: counter.page.who.found)
    counter.qtbot.keyClick(counter.page.who.field, Qt.Key.Key_Return)
    counter.until(lambda: counter.page.model.rows[1].addressee == "Lindqvist, Erik")


class Pace:
    """A clock of its own: scans come every 50 ms, and a save takes 70, so that the line grows for half a minute."""

    def __init__(self):
        self.now, self.saves = 0.0, []

    def __call__(self):
        return self.now

    def save(self, command, *args, done=None, failed=None, owner=None):
        begins = max([self.now, *(ends for ends, _done, _text in self.saves[-1:])])
        self.saves.append((begins + 0.07, done, args[0]))

    def go_to(self, now):
        """Let time pass; what is saved by then is told."""
        self.now = now
        waiting = [save for save in self.saves if save[1] is not None]
        for ends, done, text in waiting:
            if ends <= now:
                self.saves[self.saves.index((ends, done, text))] = (ends, None, text)
                done(Changes("mail.item", (), f"{text} received."))


def test_five_hundred_scans_at_twenty_a_second_while_saving_is_slower(counter, monkeypatch):
    """The real page and feed, painting; time and the saving alone are played. None is lost, and the order is kept."""
    pace, window = Pace(), counter.window
    feed = window.bench.feed
    monkeypatch.setattr(feed, "_clock", pace)
    monkeypatch.setattr(window.runner, "write", pace.save)
    codes, longest = [s10(1000 + n) for n in range(500)], 0
    for number, code in enumerate(codes):
        pace.go_to(number * 0.05)
        assert feed.put("serial", code)
        QApplication.processEvents()
        longest = max(longest, feed.pending)
    assert longest > 100  # the line did grow
    while feed.pending:
        pace.go_to(pace.now + 0.07)
        QApplication.processEvents()
    assert [text for _ends, _done, text in pace.saves] == codes
    assert pace.now >= 500 * 0.07  # one after the other


def test_a_burst_into_the_database_while_the_first_save_hangs(either_counter, office, monkeypatch):
    """Every scan arrives while the first save hangs; in the end each is an item, in the order of scanning, shown."""
    counter = either_counter
    gate, write = threading.Event(), office.write

    def slow(command, *args, **named):
        gate.wait(20)
        return write(command, *args, **named)

    monkeypatch.setattr(office, "write", slow)
    codes = [s10(1000 + n) for n in range(40)]
    for code in codes:
        assert counter.window.bench.feed.put("serial", code)
    assert counter.window.bench.feed.pending == 40
    gate.set()
    counter.still()
    counter.until(lambda: len(counter.page.model.rows) == 40)
    lines = office.read(MailList().first)
    assert [line.row.carrier_number for line in sorted(lines, key=lambda line: line.id)] == codes
    assert [row.carrier_number for row in counter.page.model.rows] == codes[::-1]
    assert counter.page.item.carrier_number == codes[-1]


def test_a_scanner_that_sends_everything_twice_receives_once(counter, sqlite_office):
    feed = counter.window.bench.feed
    assert feed.put("serial", s10(9))
    assert not feed.put("serial", s10(9))
    counter.still()
    # Longer after, the feed lets it through, and the rule of twelve months speaks.
    counter.scan(s10(9))
    counter.until(lambda: count(sqlite_office) == 1)
    counter.until(lambda: "was received on 24 Aug 2026 at 09:00 as M-000001" in counter.page.strip.fault.words())
    counter.until(counter.page.strip.again_button.isVisible)
    counter.press(Qt.Key.Key_R, CONTROL)
    counter.still()
    counter.until(lambda: count(sqlite_office) == 2)


def test_after_a_refused_scan_no_other_item_is_in_hand(counter, sqlite_office):
    """What the clerk holds is what was scanned last: a name must not go to the item before."""
    page = counter.page
    for code in (1, 2):
        counter.scan(s10(code))
    counter.until(lambda: page.item is not None and page.item.carrier_number == s10(2))
    counter.scan(s10(1))  # received already: it is that item that is held, with its own tag
    counter.until(lambda: page.item.carrier_number == s10(1) and page.strip.again_button.isVisible())
    counter.until(lambda: page.waiting.text().startswith("2 of this session"))
    counter.scan("RR123456784KE")
    counter.until(lambda: page.item is None and "check digit" in page.strip.fault.words())
    assert not page.strip.again_button.isVisible()
    assert not page.table.currentIndex().isValid()
    counter.press(Qt.Key.Key_R, CONTROL)
    counter.qtbot.keyClicks(page.who.field, "erik")
    counter.press(Qt.Key.Key_Return)
    counter.until(lambda: "Scan an item first." in counter.told())
    assert count(sqlite_office) == 2
    assert not any(line.row.addressee for line in sqlite_office.read(MailList().first))
    assert page.who.nobody.words() == "", "nobody was asked for"


def test_a_wrong_check_digit_is_said_and_kept(counter, sqlite_office):
    counter.scan("RR123456784KE")
    assert count(sqlite_office) == 0
    counter.until(lambda: "The check digit of this postal item number is wrong" in counter.told())
    counter.until(lambda: [line.text for line in sqlite_office.read(unknown_scans)] == ["RR123456784KE"])


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
    counter.until(lambda: "10,000 characters long" in counter.told())
    counter.scan("\x01\x02")
    assert count(sqlite_office) == 0


def test_our_own_item_is_taken_in_hand_again(counter, sqlite_office):
    counter.scan(s10(4))
    first = counter.page.item
    counter.scan(s10(5))
    counter.scan(sqlite_office.read(item_card, first.id).code)
    counter.until(lambda: counter.page.item is not None and counter.page.item.number == "M-000001")
    counter.until(lambda: count(sqlite_office) == 2)


def test_undo_takes_the_last_receipt_back(counter, sqlite_office):
    counter.scan(s10(6))
    counter.undo()
    counter.until(lambda: count(sqlite_office) == 0 and counter.page.model.rows == [])
    counter.scan(s10(6))
    counter.until(lambda: counter.page.item is not None and counter.page.item.number == "M-000002")


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


def test_two_carriers_fit_and_a_digit_chooses(counter, sqlite_office):
    from ui.mail.fitting import FittingBox

    counter.scan("01000000002")
    counter.press(Qt.Key.Key_F6)
    counter.until(lambda: counter.window.shell.findChildren(FittingBox))
    [box] = counter.window.shell.findChildren(FittingBox)
    assert [match.carrier for match in box.matches][:2] == ["DHL Express", "Aramex"]
    assert all(match.why for match in box.matches)
    assert sqlite_office.read(item_card, counter.page.item.id).details.carrier == ""
    counter.press(Qt.Key.Key_2)
    counter.until(lambda: counter.page.item.carrier == "Aramex")
    strip = counter.page.strip
    counter.until(lambda: (strip._carrier.words(), strip._why.words()) == ("Aramex", "chosen by hand"))
    counter.press(Qt.Key.Key_F6)  # known now: the form
    assert counter.form().values()["carrier"] == "Aramex"


def test_a_photo_completes_a_damaged_item(counter, sqlite_office, monkeypatch, tmp_path):
    from PIL import Image
    from PySide6.QtWidgets import QFileDialog

    counter.press(Qt.Key.Key_F5)
    counter.still()
    counter.press(Qt.Key.Key_F9)
    counter.form()
    counter.type("corner torn")
    counter.save()
    counter.gone()
    counter.until(lambda: "photo" in sqlite_office.read(item_card, counter.page.item.id).missing)
    picture = tmp_path / "corner.png"
    Image.new("RGB", (40, 30), "grey").save(picture)
    # The computer's own dialog cannot be driven without a display; what it answers can.
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: ([str(picture)], ""))
    counter.press(Qt.Key.Key_F3)
    counter.until(lambda: "photo" not in sqlite_office.read(item_card, counter.page.item.id).missing)
    counter.still()


def test_the_label_is_printed_at_once_where_a_label_printer_is_set(counter, sqlite_office, tmp_path):
    """A real printer's port on this computer takes the ZPL; without one the label is queued and it is said."""
    import socketserver

    from cbo_desk.tags import never_printed
    from cbo_desk.tags.stocks import stocks
    from ui.tags import habits

    counter.scan(s10(1))
    counter.until(lambda: counter.page.strip._label.accessibleName() == "Queued: no label printer")
    assert len(sqlite_office.read(never_printed, "mail.item")) == 1
    heard = []

    class Printer(socketserver.StreamRequestHandler):
        def handle(self):
            heard.append(self.rfile.read())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Printer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        roll = next(stock.name for stock in stocks() if stock.is_roll)
        counter.window.bench.preferences.set_entry(habits.STOCKS, "mail.item", roll)
        way = {"way": "host", "host": "127.0.0.1", "port": str(server.server_address[1]), "queue": ""}
        counter.window.bench.preferences.set(habits.ZPL, way)
        counter.scan(s10(2))
        counter.until(lambda: len(sqlite_office.read(never_printed, "mail.item")) == 1)
        counter.still()
        server.shutdown()
    assert b"M-000002" in b"".join(heard)
    counter.until(lambda: counter.page.strip._label.accessibleName() == "Label printed")


def test_what_is_ordered_while_a_receipt_is_on_its_way_is_for_the_item_that_comes(counter, sqlite_office, monkeypatch):
    """Scan, letters, a digit and F4 before the save is through: none of it concerns the item before."""
    counter.scan(s10(1))
    first = counter.page.item
    gate, write = threading.Event(), sqlite_office.write

    def slow(command, *args, **named):
        gate.wait(20)
        return write(command, *args, **named)

    monkeypatch.setattr(sqlite_office, "write", slow)
    feed = counter.window.bench.feed
    assert feed.put("serial", s10(2))
    counter.until(lambda: counter.page._coming)
    counter.qtbot.keyClicks(counter.page.who.field, "ha")
    counter.until(lambda: counter.page.who.found)
    counter.qtbot.keyClicks(counter.page.who.field, "1")
    counter.press(Qt.Key.Key_F4)
    counter.qtbot.keyClicks(counter.page.who.field, "lind")  # the next letters, before anything of it is saved
    assert counter.page.item.id == first.id
    gate.set()
    counter.form()
    counter.type("1.5")
    counter.save()
    counter.gone()
    counter.until(lambda: [row.addressee for row in counter.page.model.rows] == ["Haddad, Samir", ""])
    counter.still()
    details = [sqlite_office.read(item_card, row.id).details for row in counter.page.model.rows]
    assert [one.weight_g for one in details] == [1500, None]
    assert counter.page.who.field.text() == "lind", "nothing typed is lost"


def test_what_was_ordered_for_an_item_that_is_refused_is_said(counter, sqlite_office, monkeypatch):
    counter.scan(s10(1))
    gate, write = threading.Event(), sqlite_office.write

    def slow(command, *args, **named):
        gate.wait(20)
        return write(command, *args, **named)

    monkeypatch.setattr(sqlite_office, "write", slow)
    counter.window.bench.feed._heard.clear()
    counter.window.bench.feed.put("serial", s10(1))  # received already
    counter.until(lambda: counter.page._coming)
    counter.press(Qt.Key.Key_F9)
    gate.set()
    counter.still()
    counter.until(lambda: "Nothing was received, so nothing is noted about it." in counter.told())
    assert counter.window.shell._overlay is None
    assert sqlite_office.read(item_card, counter.page.item.id).details.damage == ""
