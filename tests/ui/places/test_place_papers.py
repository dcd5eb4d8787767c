"""Photos and papers on the card of a place, and the help of the box in front."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from cbo_desk.attachments import attachments_of
from db.people import Entity, Person
from db.places import Place
from tests.ui.imports.conftest import open_window, press, settled, window
from tests.writing import rows
from ui.papers import Papers

__all__ = ["open_window", "press", "settled", "window"]


@pytest.fixture
def card(window, sqlite_office, qtbot):
    """The card of room M-118."""
    [(ident,)] = rows(sqlite_office, select(Place.id).where(Place.code == "M-118"))
    page = window.shell.go("places", f"places.place:{ident}")
    qtbot.waitUntil(lambda: page.card.card is not None and page.card.card.id == ident)
    return page.card


def test_a_photo_is_hung_on_a_room_and_shown_on_its_card(card, sqlite_office, tmp_path, qtbot):
    path = tmp_path / "door.png"
    picture = io.BytesIO()
    Image.new("RGB", (80, 60), (20, 120, 60)).save(picture, "PNG")
    path.write_bytes(picture.getvalue())
    ident = card.card.id
    [papers] = [each for each in card.findChildren(Papers) if each.isVisible()]
    assert papers.more.accessibleName() == "Add photo"
    papers.add_file(path)
    qtbot.waitUntil(lambda: len(sqlite_office.read(attachments_of, "places.place", ident)) == 1)
    qtbot.waitUntil(
        lambda: any(each.isVisible() and each.more.accessibleName() == "1 photo" for each in card.findChildren(Papers))
    )


@pytest.mark.parametrize(("kind", "model"), [("person", Person), ("entity", Entity)])
def test_the_cards_of_people_and_entities_take_photos_too(window, sqlite_office, tmp_path, qtbot, kind, model):
    [(ident,)] = rows(sqlite_office, select(model.id).limit(1))
    page = window.shell.go("people", f"people.{kind}:{ident}")
    qtbot.waitUntil(lambda: getattr(getattr(page.card, kind), "id", None) == ident)
    path = tmp_path / "emblem.png"
    Image.new("RGB", (40, 40), (0, 90, 160)).save(path)
    [papers] = [each for each in page.card.findChildren(Papers) if each.isVisible()]
    qtbot.waitUntil(lambda: papers._id == ident)
    told = []
    window.runner.failed.connect(told.append)
    papers.add_file(path)
    qtbot.waitUntil(lambda: told or len(sqlite_office.read(attachments_of, f"people.{kind}", ident)) == 1)
    assert told == []


def test_f1_in_the_print_window_leads_to_its_own_help(window, card, qtbot):
    asked = []
    window.shell.help_asked.connect(asked.append)
    window.bench.print_tags("places.place", [card.card.id])
    qtbot.waitUntil(lambda: window.shell._overlay is not None)
    qtbot.keyClick(QApplication.focusWidget() or window.shell, Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: asked == ["print"])
    window.shell.close_topmost()
    window.shell._help()
    assert asked[-1] == "places"
