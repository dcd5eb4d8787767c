"""What every card says while its first record is on its way: that it is being read, never that nothing is chosen."""

from __future__ import annotations

import threading

from PySide6.QtWidgets import QWidget

from cbo_desk.permissions import reads
from tests.ui.places.conftest import Hands, furnish, hands, made, open_window, window
from ui.kit.record_list import RecordList
from ui.kit.states import Nothing
from ui.places.tree import PlaceTree
from ui.property.register import Register

__all__ = ["Hands", "furnish", "hands", "made", "open_window", "window"]

CARDS = {
    "conference, bookings", "conference, holds", "conference, waitlist", "conference, spaces", "mail", "mail/manifests",
    "mail/outgoing", "mail/pouch", "mail/rates", "mail/rounds", "property/counts", "property/disposal",
    "property/gate", "settings, messages", "transport", "transport/drivers", "transport/fleet",
    "transport/incidents",
}  # fmt: skip
AT_HAND = {"transport/shuttles"}
"""Whose card shows a row of its list, and reads nothing."""


@reads("places", "look at places")
def look_once_it_may(_session, may):
    """A question of this test that is answered when the test lets it."""
    may.wait(60)


def choosers(page):
    """The signals of what a page's records are chosen in."""
    for each in page.findChildren(QWidget):
        if not each.isVisible():
            continue
        if isinstance(each, (RecordList, PlaceTree)):
            yield each.chosen
        elif isinstance(each, Register):
            yield each.in_hand.settled


def looks(hands):
    """Every page of the window whose records have a card, in turn, settled."""
    shell = hands.window.shell
    seen = []
    # A desk makes its further pages known when it is opened.
    while left := [name for name in (*shell.desks, *shell._further) if name not in seen]:
        name = left[0]
        seen.append(name)
        page = shell.go(name)
        hands.still()
        views = ("bookings", "holds", "waitlist", "spaces", "project") if name == "conference" else ("",)
        for view in views:
            if view:
                page.show_view(view)
                hands.still()
            yield f"{name}, {view}" if view else name, page
    page = shell.go("settings")
    page.open_at("messages")
    hands.still()
    yield "settings, messages", page


def words(page):
    """What the cards say that show no record."""
    return [each.heading.words() for each in page.findChildren(Nothing) if each.isVisible()]


def test_every_card_says_that_its_record_is_being_read(hands):
    reading, silent = set(), set()
    for name, page in looks(hands):
        for chosen in list(choosers(page)):
            before = words(page)
            if not before:
                continue
            may = threading.Event()
            hands.window.runner.read(page, look_once_it_may, may, done=lambda _: None)
            try:
                chosen.emit(1)
                (reading if words(page) == ["Reading…"] else silent).add(name)
            finally:
                may.set()
            hands.still()
            hands.until(lambda page=page: "Reading…" not in words(page))
            assert words(page) in ([], before), "there is a record, or as before there is none"
    # Where there are records already, as of people and assets, the first may stand on its card by now.
    assert silent <= AT_HAND, "these say that none is chosen"
    assert reading >= CARDS
