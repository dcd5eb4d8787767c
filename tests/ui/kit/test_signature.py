"""The signature field: strokes by mouse, pen and finger, with times; taken back, cleared, and painted."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QEventPoint, QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.kit.signature import SignaturePad
from ui.kit.theme import apply_theme


@pytest.fixture
def pad(qapp, qtbot):
    """A field of 400 × 200 pixels, so that one hundredth of its height is two pixels."""
    apply_theme(qapp, "light", 1.0)
    pad = SignaturePad("Signature", "Sign here")
    qtbot.addWidget(pad)
    pad.resize(400, 200)
    pad.show()
    return pad


def stroke(qtbot, pad, *points):
    first, *rest = (QPoint(*point) for point in points)
    qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=first)
    for point in rest:
        qtbot.mouseMove(pad, point)
    qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=rest[-1] if rest else first)


def places(pad):
    return [[(x, y) for x, y, _at in stroke] for stroke in pad.strokes()]


def test_the_mouse_draws_in_hundredths_of_the_height(qtbot, pad):
    told = []
    pad.changed.connect(lambda: told.append(len(pad.strokes())))
    stroke(qtbot, pad, (20, 40), (60, 80), (60, 80), (100, 40))
    stroke(qtbot, pad, (200, 100))
    assert places(pad) == [[(10, 20), (30, 40), (50, 20)], [(100, 50)]]
    assert told == [1, 2]
    times = [at for stroke_ in pad.strokes() for _x, _y, at in stroke_]
    assert all(early <= late for early, late in pairwise(times))
    assert all(isinstance(at, int) for at in times)


def test_moving_without_pressing_draws_nothing(qtbot, pad):
    qtbot.mouseMove(pad, QPoint(30, 30))
    qtbot.mousePress(pad, Qt.MouseButton.RightButton, pos=QPoint(30, 30))
    qtbot.mouseMove(pad, QPoint(90, 30))
    assert pad.is_empty()


def test_strokes_are_taken_back_by_keys(qtbot, pad):
    for at in (20, 120, 220):
        stroke(qtbot, pad, (at, 40), (at + 50, 90))
    qtbot.keyClick(pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(pad.strokes()) == 2
    qtbot.keyClick(pad, Qt.Key.Key_Backspace)
    assert len(pad.strokes()) == 1
    qtbot.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.is_empty()
    assert not pad.undo_stroke()


def test_a_pen_draws(pad):
    device = QPointingDevice("pen", 1, QInputDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen,
                             QInputDevice.Capability.Position, 1, 1)  # fmt: skip

    def send(kind, x, y):
        spot = QPointF(x, y)
        button = Qt.MouseButton.LeftButton
        event = QTabletEvent(
            kind, device, spot, spot, 0.5, 0, 0, 0, 0, 0, Qt.KeyboardModifier.NoModifier, button, button
        )
        QApplication.sendEvent(pad, event)
        return event

    assert send(QTabletEvent.Type.TabletPress, 20, 40).isAccepted()
    send(QTabletEvent.Type.TabletMove, 60, 80)
    send(QTabletEvent.Type.TabletRelease, 60, 80)
    assert places(pad) == [[(10, 20), (30, 40)]]


def test_a_finger_draws(pad):
    device = QTest.createTouchDevice()
    touch = QTest.touchEvent(pad, device, False)
    touch.press(0, QPoint(20, 40), pad).commit()
    touch.move(0, QPoint(60, 80), pad).commit()
    touch.release(0, QPoint(60, 80), pad).commit()
    assert places(pad) == [[(10, 20), (30, 40)]]
    assert QEventPoint.State.Released is not None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_ink_is_dark_on_white_in_every_theme(qapp, qtbot, pad, theme):
    apply_theme(qapp, theme, 1.0)
    stroke(qtbot, pad, (50, 50), (150, 50))
    picture = pad.grab().toImage()
    assert picture.pixelColor(100, 50).lightness() < 60
    assert picture.pixelColor(300, 60) == QColor("#FFFFFF")
    apply_theme(qapp, "light", 1.0)


def test_a_stroke_goes_on_at_any_size(qtbot, pad):
    stroke(qtbot, pad, (20, 40), (60, 80))
    before = pad.strokes()
    pad.resize(800, 400)
    assert pad.strokes() == before
    assert pad.grab().toImage().pixelColor(80, 120).lightness() < 100
