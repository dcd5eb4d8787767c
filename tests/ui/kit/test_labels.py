"""Words on a card can be selected with the mouse, and cost nothing until it is over them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.kit.labels import Selectable


def enter(label):
    """The mouse comes over it."""
    at = QPointF(2, 2)
    QApplication.sendEvent(label, QEnterEvent(at, at, QPointF(label.mapToGlobal(at.toPoint()))))


def drag(label):
    """The mouse is drawn over all of its words."""
    middle = label.height() // 2
    QTest.mousePress(label, Qt.MouseButton.LeftButton, pos=QPoint(1, middle))
    QTest.mouseMove(label, QPoint(label.width() - 2, middle))
    QTest.mouseRelease(label, Qt.MouseButton.LeftButton, pos=QPoint(label.width() - 2, middle))


def test_words_are_selected_by_the_mouse_and_made_plain_again(qtbot):
    label = Selectable("7Y-20441 Dell")
    qtbot.addWidget(label)
    label.show()
    assert label.findChild(QTextDocument) is None, "no document is kept for what no mouse points at"
    drag(label)
    assert label.selectedText() == ""
    enter(label)
    drag(label)
    assert label.selectedText() == "7Y-20441 Dell"
    assert label.focusPolicy() == Qt.FocusPolicy.NoFocus
    QApplication.sendEvent(label, QEvent(QEvent.Type.Leave))
    assert label.selectedText() == "7Y-20441 Dell", "it is still to be copied"
    label.setText("another")
    assert (label.words(), label.selectedText()) == ("another", "")
    assert label.textInteractionFlags() == Qt.TextInteractionFlag.NoTextInteraction
    enter(label)
    QApplication.sendEvent(label, QEvent(QEvent.Type.Leave))
    assert label.textInteractionFlags() == Qt.TextInteractionFlag.NoTextInteraction
