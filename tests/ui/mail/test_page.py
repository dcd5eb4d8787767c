"""The list and the card: scans open, letters do, nothing happens without its proof."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from cbo_desk.mail import Addressed, Details, State, item_card, receive_item
from cbo_desk.tabular import open_table
from tests.mail.codes import s10


@pytest.fixture
def items(clerk, sqlite_office):
    """A registered letter for Samir and an ordinary one for Elin."""
    people = clerk.room.people
    ids = []
    for who, code in (("Samir", s10(1)), ("Elin", "")):
        details = Details(addressed=Addressed(person_id=people[who]))
        ids += sqlite_office.write(receive_item, code, details).ids
    clerk.page.list.refresh()
    clerk.page._count()
    clerk.still()
    return ids


def sign(clerk, pad):
    """Draw two strokes with the mouse."""
    for start in (QPoint(20, 40), QPoint(60, 30)):
        clerk.qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=start)
        for step in range(1, 5):
            clerk.qtbot.mouseMove(pad, start + QPoint(step * 9, step * 5))
        clerk.qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=start + QPoint(40, 20))


def test_a_scan_opens_an_item_and_a_new_one_is_received(clerk, items, sqlite_office):
    clerk.scan(sqlite_office.read(item_card, items[1]).code)
    clerk.until(lambda: clerk.page.card.card and clerk.page.card.card.id == items[1])
    clerk.scan(s10(1))
    clerk.until(lambda: clerk.page.card.card.id == items[0])
    clerk.scan(s10(77))
    clerk.until(lambda: clerk.page.title.words() == "Rapid receive")
    clerk.until(lambda: clerk.page.item is not None and clerk.page.item.number == "M-000003")


def test_hand_over_an_accountable_item_with_a_signature(clerk, items, sqlite_office):
    from ui.kit.signature import SignaturePad

    clerk.page.list.show_record(items[0])
    clerk.still()
    clerk.page.list.table.setFocus()
    clerk.press(Qt.Key.Key_H)
    form = clerk.form()
    clerk.save()
    assert sqlite_office.read(item_card, items[0]).state is State.RECEIVED
    assert "is accountable: whoever takes it signs for it" in str(
        [label.text() for label in clerk.window.shell._overlay.box.findChildren(type(form._faults["name"]))]
    )
    sign(clerk, form.findChild(SignaturePad))
    clerk.save()
    clerk.gone()
    card = sqlite_office.read(item_card, items[0])
    assert card.state is State.DELIVERED
    assert card.events[-1].proof.how == "signature"
    assert len(card.events[-1].proof.strokes) == 2
    clerk.until(lambda: clerk.page.card.card.state is State.DELIVERED)
    way = "Ada Achieng → Haddad, Samir, delivered · signed"
    clerk.until(lambda: way in clerk.page.card.chain.accessibleName())


def test_views_count_and_filters_narrow(clerk, items, sqlite_office, qtbot):
    page = clerk.page
    clerk.until(lambda: "2 items in our hands" in page.summary.words())
    page.show_view("shelved")
    clerk.until(lambda: page.list.model.rowCount() == 0)
    page.show_view("received")
    clerk.until(lambda: page.list.model.rowCount() == 2)
    page.filter_box.setText("haddad")
    clerk.until(lambda: page.list.model.rowCount() == 1)
    page.filter_box.clear()
    clerk.window.shell.actions_.run("mail.filter")
    clerk.form().set_values({"accountable": True})
    clerk.save()
    clerk.until(lambda: page.list.model.rowCount() == 1)
    clerk.until(lambda: page.views.in_words() == "Accountable yes")
    clerk.window.shell.actions_.run("mail.keep_view")
    clerk.form().set_values({"name": "Registered"})
    clerk.save()
    page.views._take_off("accountable")
    clerk.until(lambda: page.list.model.rowCount() == 2)
    page.views.open_view(page.views.saved.all()[0])
    clerk.until(lambda: page.list.model.rowCount() == 1)


def test_the_list_is_written_to_a_file(clerk, items, tmp_path, sqlite_office):
    from functools import partial

    from cbo_desk.mail.exporting import COLUMNS, rows

    page = clerk.page
    path = tmp_path / "mail.xlsx"
    page.export.write("Mail", COLUMNS, partial(rows, sqlite_office, page.list.listing()), path)
    clerk.until(path.is_file)
    clerk.still()
    table = open_table(path)
    assert [str(cells[1]) for _, cells in table.rows()] == ["Lindqvist, Elin", "Haddad, Samir"]  # newest first


def test_shelve_and_undo_by_the_keyboard(clerk, items, sqlite_office):
    clerk.page.list.show_record(items[1])
    clerk.still()
    clerk.page.list.table.setFocus()
    clerk.press(Qt.Key.Key_S)
    clerk.form()
    clerk.pick("H-01")
    clerk.save()
    clerk.gone()
    clerk.until(lambda: sqlite_office.read(item_card, items[1]).shelf == "H-01")
    clerk.undo()
    clerk.until(lambda: sqlite_office.read(item_card, items[1]).state is State.RECEIVED)


def test_a_broken_way_stands_in_red(clerk, items, sqlite_office):
    card = clerk.page.card
    clerk.page.list.show_record(items[0])
    clerk.until(lambda: card.card is not None and card.card.id == items[0])
    assert card.chain_words.isVisible()
    assert not card.broken.isVisible()
    with sqlite_office.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER tr_mail_item_refuse_rewrite")
        connection.exec_driver_sql(f"UPDATE mail_item SET holder = 'Eve' WHERE id = {items[0]}")
    clerk.page._read(items[0])
    clerk.until(lambda: card.broken.isVisible())
    assert "M-000001 is said to be with Eve, but its steps end with Ada Achieng." in card.broken.words()
    assert card.broken.property("look") == "fault"
    assert not card.chain_words.isVisible()
