"""The whole window as the property desk will look; CBO_PICTURES=DIR keeps its pictures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from tests.ui.kit.gallery import open_gallery
from ui.kit.theme import apply_theme


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("CBO_PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def take(window: QWidget, path: Path, qtbot) -> None:
    for _ in range(3):
        window.repaint()
        qtbot.wait(1)
    assert window.grab().save(str(path))


@pytest.mark.parametrize(
    ("name", "theme", "scale", "size", "mirrored"),
    [
        ("light", "light", 1.0, (1440, 900), False),
        ("dark", "dark", 1.0, (1440, 900), False),
        ("small_125", "light", 1.25, (1366, 768), False),
        ("mirrored", "light", 1.0, (1440, 900), True),
    ],
)
def test_pictures(app, qtbot, preferences, pictures, name, theme, scale, size, mirrored):
    apply_theme(app, theme, scale)
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight)
    window = open_gallery(preferences)
    qtbot.addWidget(window)
    window.resize(*size)
    window.show()
    window.toasts.say("6 laptops moved to Store S1", "Undo", lambda: None)
    take(window, pictures / f"gallery_{name}.png", qtbot)
    assert window.size().toTuple() == size
    assert clipped(window) == []


def clipped(window: QWidget) -> list[str]:
    """Visible widgets that stick out of their parents, and labels whose words find no room."""
    out = []
    for widget in window.findChildren(QWidget):
        parent = widget.parentWidget()
        if not widget.isVisible() or parent is None or widget.isWindow():
            continue
        if inside_scrolling(widget):
            continue
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(widget.geometry()):
            out.append(f"{type(widget).__name__} {widget.accessibleName()} {widget.geometry()}")
        plain = isinstance(widget, QLabel) and type(widget).__name__ == "Label" and not widget.wordWrap()
        if plain and widget.width() < widget.sizeHint().width() - 1:
            out.append(f"label {widget.text()!r} {widget.width()} < {widget.sizeHint().width()}")
    return out


def inside_scrolling(widget: QWidget) -> bool:
    from PySide6.QtWidgets import QAbstractScrollArea

    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False
