"""Issue 3, point 6: photos and papers on an asset's card, several of them, and files that are not what they claim."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu

from cbo_desk.attachments import attachments_of
from cbo_desk.property import KIND
from tests.ui.places.conftest import hands, made, open_window, window
from tests.ui.property.leaving import at

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
    page.register.open_asset(made.asset2)
    hands.still()
    hands.until(lambda: papers.more.accessibleName() == "Add photo")  # those of another asset
