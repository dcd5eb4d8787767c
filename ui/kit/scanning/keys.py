"""What a key event means to a scanner: a character, a suffix, or nothing."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.kit.scanning.timing import ENTER, TAB

_PLAIN = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
_ENTER = (Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value)
BARE = frozenset(
    key.value
    for key in (
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
    )
)
"""Keys that only colour others."""

_F13 = (Qt.Key.Key_F13.value, Qt.Key.Key_Tools.value)
"""Linux gives the key F13 the meaning XF86Tools by default (xkeyboard-config, symbols/inet)."""

_NAMELESS = (0, Qt.Key.Key_unknown.value)
_F13_CODE = 191
"""Its key code under X11 and Wayland (evdev's 183 and 8), where the keyboard layout gives it no meaning at all."""


@dataclass(frozen=True)
class Pressed:
    """A key event kept back, with the widget that had the focus when it came; enough to send it again."""

    target: QWidget
    down: bool
    key: int
    modifiers: Qt.KeyboardModifier
    text: str
    native: tuple[int, int, int]

    def event(self, kind: QEvent.Type) -> QKeyEvent:
        """The event once more, as `kind`."""
        return QKeyEvent(kind, self.key, self.modifiers, *self.native, self.text, False, 1)


def pressed(event: QKeyEvent, target: QWidget) -> Pressed:
    """Keep what is needed to send `event` again to `target`."""
    native = (event.nativeScanCode(), event.nativeVirtualKey(), event.nativeModifiers())
    down = event.type() != QEvent.Type.KeyRelease
    return Pressed(target, down, event.key(), event.modifiers(), event.text(), native)


def is_plain(event: QKeyEvent) -> bool:
    """Whether no Ctrl, Alt, Meta or group switch was down with the key."""
    return not event.modifiers() & ~_PLAIN


def suffix_of(event: QKeyEvent) -> str:
    """CR for Enter, a tab character for Tab, otherwise nothing."""
    # Some send a line feed key of their own, which Qt knows by its text only.
    if event.key() in _ENTER or (event.text() in ("\r", "\n") and is_plain(event)):
        return ENTER
    return TAB if event.key() == Qt.Key.Key_Tab.value else ""


def character_of(event: QKeyEvent) -> str:
    """The character a scanner meant, control characters (sent as Ctrl with a letter) included; else nothing."""
    if is_plain(event):
        return event.text() if len(event.text()) == 1 else ""
    only_control = not event.modifiers() & ~(_PLAIN | Qt.KeyboardModifier.ControlModifier)
    if only_control and 0x40 <= event.key() <= 0x5F:
        return chr(event.key() - 0x40)
    return ""


def is_f13(event: QKeyEvent) -> bool:
    """Whether the key is F13, whatever the keyboard layout makes of it."""
    if event.key() in _F13:
        return True
    return sys.platform == "linux" and event.key() in _NAMELESS and event.nativeScanCode() == _F13_CODE
