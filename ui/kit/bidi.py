"""Right-to-left windows: references and names stay readable, labels align with the layout."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

_FIRST_STRONG, _LEFT_TO_RIGHT, _END = "\u2068", "\u2066", "\u2069"


def mirrored() -> bool:
    """Whether the whole program runs from right to left."""
    return QApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft


def isolate(text: str) -> str:
    """A name or sentence that keeps its own direction within a mirrored window; apply after eliding."""
    return f"{_FIRST_STRONG}{text}{_END}" if text and mirrored() else text


def identifier(text: str) -> str:
    """An inventory number, code or date that always reads from left to right."""
    return f"{_LEFT_TO_RIGHT}{text}{_END}" if text and mirrored() else text


def leading() -> Qt.AlignmentFlag:
    """Where a line of text begins, for `QLabel`, which would otherwise align by the text's own letters."""
    side = Qt.AlignmentFlag.AlignRight if mirrored() else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignAbsolute


def trailing() -> Qt.AlignmentFlag:
    """Where a line of text ends."""
    side = Qt.AlignmentFlag.AlignLeft if mirrored() else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignAbsolute
