"""The compound map: places are where the drawing puts them, pressed, reached by keys, zoomed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from cbo_desk.demo.site_map import draw
from cbo_desk.demo.world import DemoSize
from ui.kit.map_view import MapView
from ui.kit.marks import Mark
from ui.kit.neighbours import leaves, neighbour

GRID = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200" width="300" height="200">'
    '<rect id="BLOCK" x="0" y="0" width="300" height="200" fill="#EEF0F4"/>'
    '<g transform="translate(10 10)">'
    + "".join(
        f'<rect id="R{row}{column}" x="{column * 70}" y="{row * 60}" width="60" height="50" fill="#FFFFFF"/>'
        for row in range(3)
        for column in range(4)
    )
    + "</g></svg>"
)


@pytest.fixture
def view(app, qtbot):
    view = MapView("Compound map")
    qtbot.addWidget(view)
    view.resize(616, 416)
    view.load(GRID)
    view.show()
    return view


def test_places_lie_where_the_drawing_puts_them(view):
    assert len(view.codes()) == 13
    box = view.box_of("R21")  # x 10+70, y 10+120 in a drawing shown at twice its size with an edge of 8
    assert (box.x(), box.y(), box.width(), box.height()) == pytest.approx((168, 268, 120, 100), abs=0.5)
    assert view.code_at(box.center()) == "R21"
    assert view.code_at(QPointF(10, 10)) == "BLOCK"
    assert view.code_at(QPointF(2, 2)) == ""


def test_a_press_opens_the_smallest_place_and_a_drag_opens_none(view, qtbot):
    opened = []
    view.opened.connect(opened.append)
    spot = view.box_of("R12").center().toPoint()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot)
    assert opened == ["R12"]
    view.zoom(3)
    before = view.box_of("R12").center()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=spot)
    from PySide6.QtTest import QTest

    QTest.mouseMove(view, spot + QPoint(30, 0))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=spot + QPoint(30, 0))
    assert opened == ["R12"] or view.box_of("R12").center() != before


def test_keys_walk_the_places_and_enter_opens(view, qtbot):
    opened = []
    view.opened.connect(opened.append)
    walk = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left):
        qtbot.keyClick(view, key)
        walk.append(view.chosen())
    assert walk == ["R00", "R01", "R11", "R21", "R21", "R20"]
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened == ["R20"]


def test_zoom_keeps_the_point_under_the_mouse(view):
    spot = view.box_of("R12").center()
    view.zoom(2.0, spot)
    assert view.box_of("R12").center().x() == pytest.approx(spot.x(), abs=0.5)
    assert view.box_of("R12").width() == pytest.approx(240, abs=0.5)
    view.zoom(1000)
    assert view.box_of("R12").width() == pytest.approx(120 * 8, abs=1)
    view.show_all()
    assert view.box_of("R12").width() == pytest.approx(120, abs=0.5)


def test_choosing_brings_a_place_into_sight(view):
    view.zoom(8)
    view.choose("R23")
    assert view.rect().toRectF().intersects(view.box_of("R23"))
    view.choose("nowhere")
    assert view.chosen() == "R23"


def test_marks_are_painted_and_said(view):
    from ui.kit.theme import colour

    view.show_marks({"R11": Mark("warn", "3", "3 differences", "triangle-alert"), "gone": Mark()})
    picture = view.grab().toImage()
    inside = view.box_of("R11").topLeft() + QPointF(8, 8)
    assert picture.pixelColor(inside.toPoint()) == colour("warn_back")
    assert view._said("R11") == "R11: 3 differences"


def test_the_map_takes_the_colours_of_the_theme(app, view):
    from ui.kit.theme import apply_theme, colour

    spot = view.box_of("R00").center().toPoint()
    assert view.grab().toImage().pixelColor(spot) == colour("surface")
    apply_theme(app, "dark")
    assert view.grab().toImage().pixelColor(spot) == colour("surface")


@pytest.mark.parametrize("text", ["", "no drawing", "<svg", b"\xff\xfe\x00"])
def test_what_is_no_drawing_is_refused(app, qtbot, text):
    view = MapView("x")
    qtbot.addWidget(view)
    with pytest.raises(ValueError, match="cannot be read"):
        view.load(text)
    view.grab()
    assert view.code_at(QPointF(5, 5)) == ""


def test_the_demo_compound_is_a_map(app, qtbot):
    view = MapView("Demo")
    qtbot.addWidget(view)
    view.resize(900, 700)
    assert view.load(draw(DemoSize())) > 20
    view.grab()
    rooms = leaves(view._areas)
    assert all(view.code_at(view.box_of(code).center()) == code for code in rooms)


def test_no_neighbour_at_the_edge(view):
    assert neighbour(view._areas, "R00", QPoint(-1, 0)) == ""
    assert neighbour({}, "", QPoint(1, 0)) == ""


def test_marks_that_change_are_painted_as_if_all_were_painted_anew(view):
    marks = {"BLOCK": Mark("warn", "all")}
    marks |= {f"R{row}{column}": Mark("idle", f"{row}{column}") for row in range(3) for column in range(4)}
    view.show_marks(marks)
    view.grab()
    kept = view._ground._picture
    later = {**marks, "R12": Mark("ok", "12", "counted", "check"), "R00": Mark("live", "00")}
    for other in (later, {**later, "BLOCK": Mark("ok", "all")}, {code: later[code] for code in later if code != "R21"}):
        view.show_marks(other)
        assert view._ground._picture is kept
        renewed = kept.toImage()
        view._ground.forget()
        view.grab()
        kept = view._ground._picture
        assert renewed == kept.toImage()
    view.show_marks(dict.fromkeys(marks, Mark("ok")))
    view.show_marks({})
    view.grab()
    assert view._ground._picture.toImage() != renewed
