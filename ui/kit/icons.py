"""Lucide icons in the colours of the theme in force; those put on widgets follow its switch by themselves."""

from __future__ import annotations

from functools import cache
from typing import Any

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from ui.kit.own_files import own_folder
from ui.kit.shipped import SHIPPED
from ui.kit.theme import current

_KEPT = "kitIcon"
_ON_FILLED = ("on_accent", "surface")
STROKE = 'stroke-width="1.75"'
"""A little thinner than Lucide's own 2, to go with 13 px letters."""


def pixmap(name: str, token: str = "muted", size: int = 16) -> QPixmap:
    """The icon `name` in a token's colour, `size` pixels at any screen density."""
    ratio = QGuiApplication.instance().devicePixelRatio()  # type: ignore[union-attr]
    return _draw(name, current().tokens[token], size, ratio)


def icon(name: str, token: str = "muted", size: int = 16) -> QIcon:
    """The same as an icon for a button or a menu."""
    return QIcon(pixmap(name, token, size))


def put_icon(holder: QAbstractButton | QLabel | QAction, name: str, token: str = "muted", size: int = 16) -> None:
    """Put an icon on a button, label or action that keeps the right colours when the theme changes."""
    holder.setProperty(_KEPT, [name, token, size])
    _renew(holder)


def renew_icons() -> None:
    """Draw again every icon that was put on a widget, after a change of theme."""
    for widget in QApplication.allWidgets():
        _renew(widget)
        for action in widget.actions():
            _renew(action)


def _renew(holder: Any) -> None:
    kept = holder.property(_KEPT)
    if not kept:
        return
    name, token, size = str(kept[0]), str(kept[1]), int(kept[2])
    if isinstance(holder, QLabel):
        holder.setPixmap(pixmap(name, token, size))
        return
    drawn = icon(name, token, size)
    if token in _ON_FILLED:  # a filled button that is not enabled is not filled: its icon would be lost on it
        drawn.addPixmap(pixmap(name, "muted", size), QIcon.Mode.Disabled)
    holder.setIcon(drawn)
    if isinstance(holder, QAbstractButton):
        holder.setIconSize(QSize(size, size))


@cache
def file_of(name: str, shade: str) -> str:
    """A coloured icon as a file, for the stylesheet, which takes pictures only so; it goes when the program ends."""
    path = own_folder() / f"{name}-{shade.lstrip('#')}.svg"
    path.write_text(_shape(name).replace("currentColor", shade), encoding="utf-8")
    return path.as_posix()


@cache
def _shape(name: str) -> str:
    return (SHIPPED / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@cache
def _draw(name: str, shade: str, size: int, ratio: float) -> QPixmap:
    svg = _shape(name).replace("currentColor", shade).replace('stroke-width="2"', STROKE)
    picture = QPixmap(QSize(size, size) * ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    try:
        QSvgRenderer(QByteArray(svg.encode())).render(painter)
    finally:
        painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture
