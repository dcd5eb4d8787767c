"""Sends keys that were held back on to where they were meant to go."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

from ui.kit.scanning.keys import Pressed

_SECRET = Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData


def focused() -> QWidget | None:
    """The widget that the next key goes to."""
    popup = QApplication.activePopupWidget()
    if popup is not None:
        return popup.focusWidget() or popup
    return QApplication.focusWidget() or QApplication.activeWindow()


def is_secret(target: QWidget) -> bool:
    """Password fields are left alone: programs that fill them in type as fast as scanners."""
    if isinstance(target, QLineEdit) and target.echoMode() != QLineEdit.EchoMode.Normal:
        return True
    return bool(target.inputMethodHints() & _SECRET)


def send_again(one: Pressed) -> None:
    """Send a key that was held back, as if it came now: to shortcuts first where the widget leaves it to them."""
    target: QWidget | None = one.target
    modal = QApplication.activeModalWidget()
    if target is None or not isValid(target) or (modal is not None and target.window() is not modal):
        target = focused()
    if target is None:
        return
    if not one.down:
        QCoreApplication.sendEvent(target, one.event(QEvent.Type.KeyRelease))
        return
    override = one.event(QEvent.Type.ShortcutOverride)
    override.ignore()
    QCoreApplication.sendEvent(target, override)
    if override.isAccepted():
        QCoreApplication.sendEvent(target, one.event(QEvent.Type.KeyPress))
        return
    # Qt's shortcut map has no other door for a key that did not just come from the keyboard.
    from PySide6.QtTest import QTest

    QTest.simulateEvent(target, True, one.key, one.modifiers, one.text, False)
