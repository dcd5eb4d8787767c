"""Whatever takes the focus shows it by a ring at least two pixels thick, in both themes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from ui.kit.buttons import Button, DeedButton, Tool
from ui.kit.theme import apply_theme

KINDS = {
    "plain": lambda parent: Button("Move", parent=parent),
    "primary": lambda parent: Button("Receive", kind="primary", parent=parent),
    "danger": lambda parent: Button("Delete", kind="danger", parent=parent),
    "link": lambda parent: Button("Undo", kind="link", parent=parent),
    "deed": lambda parent: DeedButton("Move", "map-pin", lambda: None, "M"),
    "tool": lambda parent: Tool("download", "Export", lambda: None),
    "line": QLineEdit,
    "text": QPlainTextEdit,
    "choice": QComboBox,
    "tick": lambda parent: QCheckBox("Only mine", parent),
}


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def changed(before: QImage, after: QImage) -> list[list[bool]]:
    """Which pixels differ, row by row."""
    return [[before.pixel(x, y) != after.pixel(x, y) for x in range(before.width())] for y in range(before.height())]


def thickest(differs: list[list[bool]]) -> int:
    """The most pixels side by side that differ on the line through the middle: the ring is crossed there."""
    best = run = 0
    for pixel in differs[len(differs) // 2]:
        run = run + 1 if pixel else 0
        best = max(best, run)
    return best


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_focus_is_seen_by_a_ring(app, qtbot, theme, kind):
    apply_theme(app, theme, 1.0)
    window = QWidget()
    qtbot.addWidget(window)
    box = QVBoxLayout(window)
    other, widget = Button("Elsewhere", parent=window), KINDS[kind](window)
    box.addWidget(other)
    box.addWidget(widget)
    window.resize(320, 200)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    other.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(other.hasFocus)
    before = picture(widget)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(widget.hasFocus)
    if isinstance(widget, QLineEdit):
        widget.setCursorPosition(0)
    assert thickest(changed(before, picture(widget))) >= 2
    apply_theme(app, "light", 1.0)


def test_without_the_focus_nothing_changes(app, qtbot):
    button = Button("Move")
    qtbot.addWidget(button)
    button.show()
    assert thickest(changed(picture(button), picture(button))) == 0
