"""The shadow of what lies over the page: as Qt's own effect draws it, and without what that costs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QVBoxLayout, QWidget

from tests.waiting import bury
from ui.kit.labels import Label
from ui.kit.shadow import cast_shadow
from ui.kit.theme import apply_theme, colour
from ui.kit.toasts import Toasts


def cast_by_qt(widget: QWidget, blur: int, drop: int, **_more: int) -> None:
    effect = QGraphicsDropShadowEffect(widget)
    effect.setBlurRadius(blur)
    effect.setOffset(0, drop)
    effect.setColor(colour("shadow"))
    widget.setGraphicsEffect(effect)


class Painted(QObject):
    """What of a window is painted."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.window, self.region = window, QRegion()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.region += event.region()
        return False


@pytest.fixture
def ground(app, qtbot):
    """A window with words on it."""
    window = QWidget()
    window.setLayout(QVBoxLayout())
    window.layout().addWidget(Label("Words"))
    window.resize(900, 500)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


def come_to_rest() -> None:
    for _ in range(3):
        QCoreApplication.processEvents()


SEEN = QRect(360, 260, 440, 150)


def pixels(ground: QWidget) -> bytes:
    picture = ground.grab(SEEN).toImage().convertToFormat(QImage.Format.Format_RGB32)
    return bytes(picture.constBits())


def with_a_box(ground: QWidget, cast) -> bytes:
    box = QFrame(ground)
    box.setProperty("look", "raised")
    box.setGeometry(400, 300, 360, 60)
    cast(box, 28, 6)
    box.show()
    come_to_rest()
    found = pixels(ground)
    box.hide()
    box.deleteLater()
    bury()
    return found


def test_it_looks_as_qt_would_draw_it(app, ground):
    for theme in ("light", "dark"):
        apply_theme(app, theme, 1.0)
        bare, ours, theirs = pixels(ground), with_a_box(ground, cast_shadow), with_a_box(ground, cast_by_qt)
        assert max(abs(one - other) for one, other in zip(ours, theirs, strict=True)) <= 2, "but for rounding"
        beside = [at for at, (one, other) in enumerate(zip(ours, bare, strict=True)) if abs(one - other) > 5]
        assert any(at // 4 // SEEN.width() > 105 for at in beside), "the control: below the box there is a shadow"


def painted_by_a_toast(ground: QWidget) -> QRegion:
    toasts = Toasts(ground)
    painted = Painted(ground)
    toasts.say("6 laptops moved to Store S1", "Undo", lambda: None)
    come_to_rest()
    toasts.close_it()
    come_to_rest()
    bury()
    come_to_rest()
    ground.removeEventFilter(painted)
    return painted.region


def test_a_toast_comes_and_goes_and_the_window_is_not_painted_for_it(ground, monkeypatch):
    come_to_rest()
    region = painted_by_a_toast(ground)
    assert not region.isEmpty()
    assert region.boundingRect().top() > 300, "where it lies and its shadow, at the foot"
    monkeypatch.setattr("ui.kit.toasts.cast_shadow", cast_by_qt)
    assert painted_by_a_toast(ground).boundingRect() == ground.rect(), "the control: when Qt's effect goes"
