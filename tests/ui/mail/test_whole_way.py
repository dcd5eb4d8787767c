"""The whole way of mail by keyboard and scanner, in a clerk's window and a messenger's: in, shelf, round, proof."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from cbo_desk.mail import MailFilter, MailList, State, item_card, round_card
from tests.mail.codes import s10
from tests.transport.test_papers import read as text_and_codes
from tests.ui.mail.test_page import sign
from tests.ui.places.conftest import CONTROL
from ui.mail.messenger import MessengerWindow

Key = Qt.Key


def go_by_palette(clerk, words, title):
    """Ctrl+K, some words of what is wanted, Enter."""
    clerk.press(Key.Key_K, CONTROL)
    clerk.until(lambda: clerk.window.shell._overlay is not None)
    clerk.qtbot.keyClicks(QApplication.focusWidget(), words)
    clerk.press(Key.Key_Return)
    clerk.until(lambda: clerk.page.title.words() == title)
    clerk.still()


def tab_to(clerk, window, wanted):
    """Press Tab until something has the focus; what the keyboard does not reach fails here."""
    for _ in range(60):
        if QApplication.focusWidget() is wanted:
            return
        clerk.qtbot.keyClick(QApplication.focusWidget() or window, Key.Key_Tab)
    raise AssertionError(f"Tab does not reach {wanted.accessibleName()}")


def address(clerk, ident, keys, name):
    """Letters of a name into the field that has the focus, and a digit or Enter."""
    for key in keys:
        clerk.qtbot.keyClicks(QApplication.focusWidget(), key)
    clerk.until(lambda: name in {one.name for one in clerk.page.who.found})
    clerk.press(Key.Key_Return)
    clerk.until(lambda: clerk.window.runner.office.read(item_card, ident).addressee == name)
    clerk.still()


def open_ends(office, items, tour):
    """What is still to be done or proven of some items and their round: nothing once the way is gone to its end."""
    found = [f"{card.number} {card.missing}" for card in cards(office, items) if card.missing]
    for card in cards(office, items):
        last = card.events[-1]
        if card.state is State.DELIVERED and not (last.proof and last.proof.strokes):
            found.append(f"{card.number} unproven")
        elif card.state not in (State.DELIVERED, State.RETURNED):
            found.append(f"{card.number} {card.state}")
    return found + ([f"round {tour} open"] if office.read(round_card, tour).closed_at is None else [])


def cards(office, items):
    return [office.read(item_card, ident) for ident in items]


def receive(clerk):
    """Rapid mode: three items by scanner, two addressed at once, one left for later and completed from the queue."""
    office = clerk.window.runner.office
    clerk.press(Key.Key_N, CONTROL)
    clerk.until(lambda: clerk.page.title.words() == "Rapid receive")
    ids = []
    for code, keys, name in ((1, "erik", "Lindqvist, Erik"), (2, "hadd", "Haddad, Samir"), (3, "", "")):
        clerk.scan(s10(code))
        clerk.until(lambda code=code: clerk.page.item is not None and clerk.page.item.carrier_number == s10(code))
        clerk.until(clerk.page.who.field.hasFocus)
        ids.append(clerk.page.item.id)
        if keys:
            address(clerk, ids[-1], keys, name)
    clerk.press(Key.Key_0)
    assert office.read(MailList(MailFilter(incomplete=True)).count) == 1
    clerk.press(Key.Key_F8)
    clerk.until(lambda: clerk.page.title.words() == "Mail" and clerk.page.list.model.rowCount() == 1)
    clerk.still()
    return ids


def complete(clerk, ident):
    """The first of the queue is addressed from the list."""
    office = clerk.window.runner.office
    tab_to(clerk, clerk.window, clerk.page.list.table)
    clerk.press(Key.Key_Home)
    clerk.until(lambda: clerk.page.card.card is not None and clerk.page.card.card.id == ident)
    clerk.press(Key.Key_A)
    clerk.form()
    clerk.pick("lindqvist elin")
    clerk.save()
    clerk.gone()
    clerk.until(lambda: office.read(item_card, ident).addressee == "Lindqvist, Elin")


def shelve(clerk, items):
    """A shelf, then everything that goes on it."""
    office = clerk.window.runner.office
    go_by_palette(clerk, "shelve by scanning", "Shelving")
    clerk.scan(clerk.room.doors["H-01"])
    for card in cards(office, items):
        clerk.scan(card.code)
    clerk.until(lambda: [card.shelf for card in cards(office, items)] == ["H-01"] * len(items))


def load(clerk, items):
    """A round is planned by its form, loaded by scanner and sent out."""
    office = clerk.window.runner.office
    go_by_palette(clerk, "rounds", "Rounds")
    go_by_palette(clerk, "plan a round", "Rounds")
    clerk.form()
    clerk.type("North blocks")
    clerk.press(Key.Key_Tab)
    clerk.type("Kamau S.")
    clerk.save()
    clerk.gone()
    clerk.until(lambda: clerk.page.card.card is not None)
    tour = clerk.page.card.card.id
    for card in cards(office, items):
        clerk.scan(card.code)
    clerk.until(lambda: len(clerk.page.card.card.items) == len(items))
    clerk.page.focus_body()
    clerk.press(Key.Key_S)
    clerk.until(lambda: office.read(round_card, tour).left_at is not None)
    clerk.still()
    return tour


def deliver(clerk, items):
    """On the messenger's window: one stop signed for, the other refused; by badge, pen and keys."""
    office = clerk.window.runner.office
    clerk.page.focus_body()
    clerk.press(Key.Key_M)
    clerk.until(lambda: clerk.page.findChildren(MessengerWindow))
    [window] = clerk.page.findChildren(MessengerWindow)
    clerk.until(lambda: window.isActiveWindow() and len(window.rows) == 2)
    tab_to(clerk, window, window.taking.name)
    clerk.type("Somebody")
    tab_to(clerk, window, window.taking.deliver_button)
    clerk.press(Key.Key_Space)  # a control: what is accountable is not handed over on a name alone
    clerk.until(lambda: "whoever takes it signs for it" in clerk.told())
    assert [card.state for card in cards(office, items)] == [State.OUT] * 3
    clerk.scan(clerk.room.badges["Samir"])
    clerk.until(lambda: window.taking.name.text() == "Haddad, Samir")
    sign(clerk, window.taking.pad)
    tab_to(clerk, window, window.taking.deliver_button)
    clerk.press(Key.Key_Space)
    clerk.until(lambda: [card.state for card in cards(office, items[:2])] == [State.DELIVERED] * 2)
    clerk.until(lambda: window.stop is not None and list(window.rows) == items[2:])
    tab_to(clerk, window, window.taking.refuse_button)
    clerk.press(Key.Key_Space)
    clerk.until(lambda: window.taking.why.buttons and window.taking.why.isVisible())
    tab_to(clerk, window, window.taking.why.buttons[0])
    clerk.press(Key.Key_Space)
    clerk.until(lambda: office.read(item_card, items[2]).state is State.REFUSED)
    clerk.still()
    window.close()
    clerk.window.shell.activateWindow()  # which a desktop does by itself, and a screen without one does not
    clerk.until(clerk.window.shell.isActiveWindow)


def show(clerk, ident):
    """An item's card by its tag, from whichever page is in front."""
    go_by_palette(clerk, "go to mail", "Mail")
    clerk.scan(clerk.window.runner.office.read(item_card, ident).code)
    clerk.until(lambda: clerk.page.card.card is not None and clerk.page.card.card.id == ident)
    clerk.page.focus_body()


def give_back(clerk, ident):
    """What was refused goes back to its sender."""
    show(clerk, ident)
    clerk.press(Key.Key_G)
    clerk.form()
    clerk.type("refused at the door")
    clerk.save()
    clerk.gone()
    clerk.until(lambda: clerk.window.runner.office.read(item_card, ident).state is State.RETURNED)


def prove(clerk, ident, path):
    """The proof of a delivered item is written where the file dialog is told to."""
    show(clerk, ident)
    clerk.press(Key.Key_D)
    clerk.until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    dialog = QApplication.activeModalWidget()
    clerk.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    clerk.type(str(path))
    clerk.press(Key.Key_Return)
    clerk.until(path.is_file)
    clerk.still()
    assert dialog is not QApplication.activeModalWidget()


def test_mail_from_the_counter_to_its_proof_by_keyboard_and_scanner(clerk, tmp_path):
    office = clerk.window.runner.office
    items = receive(clerk)
    complete(clerk, items[2])
    shelve(clerk, items)
    tour = load(clerk, items)
    # The control of what is asked at the end: on the road everything is still open.
    assert open_ends(office, items, tour) == ["M-000001 out", "M-000002 out", "M-000003 out", f"round {tour} open"]
    deliver(clerk, items)
    clerk.page.focus_body()
    clerk.press(Key.Key_C)
    clerk.until(lambda: "M-000003: still aboard" in clerk.told())
    clerk.scan(office.read(item_card, items[2]).code)
    clerk.until(lambda: not any(item.aboard for item in office.read(round_card, tour).items))
    clerk.page.focus_body()
    clerk.press(Key.Key_C)
    clerk.until(lambda: office.read(round_card, tour).closed_at is not None)
    give_back(clerk, items[2])
    assert open_ends(office, items, tour) == []
    prove(clerk, items[0], tmp_path / "proof.pdf")
    text, codes = text_and_codes(tmp_path / "proof.pdf")
    assert codes == [office.read(item_card, items[0]).code]
    for word in ("M-000001", "Lindqvist, Erik", "Haddad, Samir", s10(1), "signed on the screen", "H-01", "R-0001"):
        assert word in text, word
