"""Issue 3, point 6: photos and papers on an asset's card, several of them, and files that are not what they claim."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMenu

from cbo_desk.attachments import attachments_of
from cbo_desk.property import KIND
from tests.ui.places.conftest import hands, made, open_window, viewer, window
from tests.ui.property.leaving import at
from ui.papers import Papers

__all__ = ["hands", "made", "open_window", "window"]


def picture(colour):
    file = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(file, "JPEG")
    return file.getvalue()


def colour_of(icon):
    """The colour in the middle of an icon in a word; nothing for none."""
    if icon.isNull():
        return ""
    image = icon.pixmap(40, 40).toImage()
    middle = image.pixelColor(image.width() // 2, image.height() // 2)
    return max(("red", "green", "blue"), key=lambda name: getattr(middle, name)())


def test_several_photos_a_paper_and_a_broken_picture(hands, made, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()) or True)
    page = at(hands, "property", f"{KIND}:{made.asset1}")
    hands.until(lambda: page.register.card.card is not None and page.register.card.card.id == made.asset1)
    papers, office = page.register.card.papers, hands.window.office

    def kept():
        return [row.name for row in office.read(attachments_of, KIND, made.asset1)]

    def add(name, content):
        path = tmp_path / name
        path.write_bytes(content)
        papers.add_file(path)
        hands.still()

    add("front.jpg", picture("red"))
    add("back.jpg", picture("blue"))
    add("invoice.pdf", b"%PDF-1.7 an invoice")
    assert kept() == ["invoice.pdf", "back.jpg", "front.jpg"]
    hands.until(lambda: papers.more.accessibleName() == "2 photos · 1 paper")
    hands.until(lambda: len(papers._small) == 2)
    papers.offer()
    menu = next(one for one in papers.findChildren(QMenu) if one.property("look") == "pictures")
    parts = [action.menu() for action in menu.actions() if action.menu()]
    assert [(part.title(), colour_of(part.icon())) for part in parts] == [
        ("invoice.pdf", ""), ("back.jpg", "blue"), ("front.jpg", "red"),
    ]  # fmt: skip
    if folder := os.environ.get("CBO_PICTURES"):
        menu.grab().save(f"{folder}/papers.png")
    menu.close()
    rows = office.read(attachments_of, KIND, made.asset1)
    assert [row.has_thumbnail for row in rows] == [False, True, True]
    papers._open(rows[1].id)
    hands.until(lambda: shown)
    assert Path(shown[0]).read_bytes() == picture("blue")
    for name, content in (
        ("broken.jpg", picture("green")[:300]),
        ("claims.png", b"MZ\x90\x00\x03 a program"),
        ("empty.jpg", b""),
        ("label.png", b"<p>404: the picture is gone</p>"),
    ):
        add(name, content)
        assert name in hands.told()
        assert len(kept()) == 3
    add("again.jpg", picture("red"))
    assert "again.jpg is there already, as front.jpg." in hands.told()
    with (tmp_path / "film.pdf").open("wb") as file:
        file.write(b"%PDF-1.7")
        file.truncate(50_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path.name} was read whole"))
    papers.add_file(tmp_path / "film.pdf")
    hands.still()
    assert "film.pdf is larger than 20 MB." in hands.told()
    monkeypatch.undo()
    assert len(kept()) == 3
    papers.add_file(tmp_path / "gone.jpg")
    hands.still()
    assert "gone.jpg" in hands.told()
    long = f"Smith & sons {'x' * 90}.jpg"
    add(long, picture("green"))
    hands.window.shell.activateWindow()  # offscreen nothing is in front once a menu closed
    page.register.table.setFocus()
    hands.press(Qt.Key.Key_I)  # the menu by its key
    hands.until(lambda: QApplication.activePopupWidget() is not None)
    first, menu = shown_menu()
    assert first.title().startswith("Smith && sons xxx")  # no letter of a name is a key
    assert "…" in first.title()
    assert first.title().endswith("x.jpg")
    first.actions()[-1].trigger()
    hands.still()
    menu.close()
    assert f"{long} taken off." in hands.told()
    assert len(kept()) == 3
    hands.window.shell.toasts.now.run()
    hands.still()
    assert kept()[0] == long
    seen = look_only(hands, made.asset1)
    hands.until(lambda: seen.more.accessibleName() == "3 photos · 1 paper")
    assert seen.more.isVisibleTo(seen)
    seen.photo.pressed.emit()
    assert [part.text() for part in shown_menu()[0].actions()] == ["Open"]  # to be looked at, and no more
    QApplication.activePopupWidget().close()
    seen.show_record(made.asset2, "package")
    assert not seen.more.isVisibleTo(seen)  # nothing there, and nothing that they may add
    card = page.register.card
    card.show_card(card.card, [])
    assert not any(piece.isVisible() for piece in card._offered)  # nor is a heading without any deed
    page.register.open_asset(made.asset2)
    hands.still()
    hands.until(lambda: papers.more.accessibleName() == "Add photo")  # those of another asset


def shown_menu():
    """The part of the newest photo in the menu in front, and the menu."""
    menu = QApplication.activePopupWidget()
    return next(action.menu() for action in menu.actions() if action.menu()), menu


def look_only(hands, ident):
    """The photos and papers of an asset as somebody sees them who may look at everything and change nothing."""
    office = hands.window.office
    mine, office.actor = office.actor, viewer()
    seen = Papers(hands.window.bench, KIND, hands.window.shell.page())
    seen.show_record(ident, "package")
    hands.still()
    office.actor = mine
    return seen
