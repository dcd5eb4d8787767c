"""Charts: bars are as long as their values, keys reach every one, and what is said is what is drawn."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from ui.kit.chart_kinds import Bars, Field, Histogram, Lines, LyingBars
from ui.kit.chart_legend import ChartLegend
from ui.kit.chart_scale import every, round_steps
from ui.kit.charts import Chart, Limit, Series
from ui.kit.theme import apply_theme, colour

LETTERS = Series("Letters", (4, 0, 10))
PARCELS = Series("Parcels", (2, 6, 5))
DAYS = ("Mon", "Tue", "Wed")
FULL_DAYS = ("Mon 30 Nov", "Tue 1 Dec", "Wed 2 Dec")


@pytest.fixture
def stacked(app, qtbot):
    chart = Bars("Mail by day")
    qtbot.addWidget(chart)
    chart.resize(600, 300)
    chart.show_data(DAYS, (LETTERS, PARCELS), said_labels=FULL_DAYS)
    chart.show()
    return chart


@given(st.floats(min_value=0.001, max_value=1e9), st.integers(min_value=1, max_value=12), st.booleans())
def test_the_scale_holds_the_largest_value_and_not_much_more(most, about, whole):
    steps = round_steps(most, about, whole=whole)
    assert steps[0] == 0
    assert steps[-1] >= most * (1 - 1e-6)
    assert len(steps) < 3 or steps[-2] < most
    assert len(steps) <= about + 2


def test_known_scales():
    assert round_steps(0) == [0, 1]
    assert round_steps(7, 4) == [0, 2, 4, 6, 8]
    assert round_steps(97, 4) == [0, 25, 50, 75, 100]
    assert round_steps(1, 4) == [0, 1], "half an item is nothing"
    assert every(30, 300, 25) == 3


def test_bars_stand_on_one_another_and_are_as_high_as_their_values(stacked):
    boxes = stacked.boxes()
    unit = boxes[0, 0].height() / 4
    for spot, value in {(0, 1): 2, (1, 0): 0, (1, 1): 6, (2, 0): 10, (2, 1): 5}.items():
        assert boxes[spot].height() == pytest.approx(unit * value)
    assert boxes[2, 1].bottom() == pytest.approx(boxes[2, 0].top())
    picture = stacked.grab().toImage()
    assert picture.pixelColor(boxes[2, 0].center().toPoint()) == colour("chart_1")
    assert picture.pixelColor(boxes[2, 1].center().toPoint()) == colour("chart_2")


def test_keys_reach_every_value_and_each_is_said(stacked, qtbot):
    stacked.setFocus()
    opened = []
    stacked.opened.connect(lambda *spot: opened.append(spot))
    said = []
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up):
        qtbot.keyClick(stacked, key)
        said.append(stacked.accessibleDescription())
    assert said == [
        "Mon 30 Nov: Letters, 4",
        "Mon 30 Nov: Parcels, 2",
        "Tue 1 Dec: Parcels, 6",
        "Wed 2 Dec: Parcels, 5",
        "Wed 2 Dec: Parcels, 5",
        "Wed 2 Dec: Letters, 10",
    ]
    qtbot.keyClick(stacked, Qt.Key.Key_Return)
    assert opened == [(2, 0)]
    qtbot.keyClick(stacked, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text().splitlines()[:2] == ["\tLetters\tParcels", "Mon 30 Nov\t4\t2"]
    qtbot.mouseClick(stacked, Qt.MouseButton.LeftButton, pos=stacked.boxes()[1, 1].center().toPoint())
    assert opened[-1] == (1, 1)


def test_what_is_over_its_ceiling_is_red_and_nothing_else(stacked):
    stacked.show_data(DAYS, (Series("Seats", (4, 6, 10)),), limit=Limit("Ceiling", (8, 6, 8)))
    picture = stacked.grab().toImage()
    shades = [picture.pixelColor((box.center() + QPointF(0, 3)).toPoint()) for box in stacked.boxes().values()]
    assert shades == [colour("chart_1"), colour("chart_1"), colour("bad_text")]


def test_lying_bars_and_lines_and_fields(app, qtbot):
    lying, lines, field = LyingBars("By entity"), Lines("By week"), Field("By hour")
    for chart in (lying, lines, field):
        qtbot.addWidget(chart)
        chart.resize(500, 240)
    lying.show_data(DAYS, (LETTERS, PARCELS))
    boxes = lying.boxes()
    assert boxes[2, 0].width() == pytest.approx(boxes[0, 0].width() * 2.5)
    assert boxes[2, 1].left() == pytest.approx(boxes[2, 0].right())
    assert lying.step(Qt.Key.Key_Down) == (1, 0)
    lines.show_data(DAYS, (Series("Median", (3.5, None, 1.0), dashed=True),))
    assert set(lines.boxes()) == {(0, 0), (2, 0)}, "a missing value is no zero"
    assert lines.said(1, 0) == "Tue: —"
    assert lines.said(0, 0) == "Mon: 3.5"
    field.show_data(DAYS, (LETTERS, PARCELS))
    picture = field.grab().toImage()
    corner = field.boxes()[2, 0].topLeft() + QPointF(6, 6)
    assert picture.pixelColor(corner.toPoint()) == colour("accent")
    corner = field.boxes()[1, 0].topLeft() + QPointF(6, 6)
    assert picture.pixelColor(corner.toPoint()) == colour("sunken")


def test_empty_and_wrong_data(stacked, qtbot):
    with pytest.raises(ValueError, match="Parcels has 3 values for 2 labels"):
        stacked.show_data(("a", "b"), (PARCELS,))
    stacked.show_data((), ())
    assert stacked.accessibleDescription() == "Nothing to show"
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_End):
        qtbot.keyClick(stacked, key)
    assert stacked.spot_at(QPointF(5, 5)) is None
    stacked.show_data(("a",), (Series("Nothing", (0,)),))
    stacked.grab()


KINDS = (Bars, Histogram, LyingBars, Lines, Field)


def inked(picture, ground):
    """The columns of pixels of a picture that hold anything but its ground, read from both ends."""
    width, height = picture.width(), picture.height()
    columns = [x for x in range(width) if any(picture.pixelColor(x, y) != ground for y in range(0, height, 2))]
    return columns[0], width - 1 - columns[-1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_mirrored_where_the_script_runs_from_right_to_left(app, qtbot, kind):
    chart = kind("Mail")
    qtbot.addWidget(chart)
    chart.resize(500, 240)
    chart.show_data(DAYS, (LETTERS, PARCELS), limit=Limit("Ceiling", (8, 9, 12)))
    before, plain = chart.boxes(), chart.grab().toImage()
    ground = plain.pixelColor(0, 0)
    chart.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    after, turned = chart.boxes(), chart.grab().toImage()
    assert after.keys() == before.keys()
    for spot, box in before.items():
        assert (after[spot].left(), after[spot].right()) == pytest.approx((500 - box.right(), 500 - box.left()))
        # What is painted lies there too: the same shade at the mirrored place.
        if box.height() > 8 and box.width() > 8:
            there = QPointF(box.left() + 4, box.top() + 4)
            mirrored = QPointF(499 - there.x(), there.y())
            assert turned.pixelColor(mirrored.toPoint()) == plain.pixelColor(there.toPoint())
    # Names and figures change sides with the bars.
    left, right = inked(plain, ground)
    assert inked(turned, ground) == pytest.approx((right, left), abs=4)


@pytest.mark.parametrize(("kind", "steps"), [(Bars, (1, 0)), (Lines, (1, 0)), (Field, (1, 0)), (LyingBars, (0, 1))])
def test_an_arrow_goes_where_it_points_in_either_direction(app, qtbot, kind, steps):
    chart = kind("Mail")
    qtbot.addWidget(chart)
    chart.resize(500, 240)
    chart.show_data(DAYS, (LETTERS, PARCELS))
    chart.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    for key, wanted in ((Qt.Key.Key_Left, steps), (Qt.Key.Key_Right, (0, 0))):
        qtbot.keyClick(chart, key)
        assert chart.spot() == wanted


def test_a_legends_square_stands_before_its_name_in_either_direction(app, qtbot, stacked):
    legend = ChartLegend(stacked)
    qtbot.addWidget(legend)
    legend.resize(300, 40)
    legend.renew()
    legend.show()
    key = legend.findChildren(QWidget)[0]
    for direction, at in ((Qt.LayoutDirection.LeftToRight, 5), (Qt.LayoutDirection.RightToLeft, key.width() - 6)):
        legend.setLayoutDirection(direction)
        assert key.grab().toImage().pixelColor(at, key.height() // 2) == colour("chart_1")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures(app, qtbot, tmp_path, theme):
    apply_theme(app, theme, 1.25 if theme == "light" else 1.0)
    window = QWidget()
    window.setAutoFillBackground(True)
    qtbot.addWidget(window)
    window.resize(1200, 800)
    grid = QGridLayout(window)
    hours = [f"{hour:02}" for hour in range(7, 19)]
    charts: list[Chart] = [Bars("Volume"), LyingBars("Entities"), Lines("Median"), Field("Hours"), Histogram("Time")]
    charts[0].show_data([str(n) for n in range(1, 29)], [Series(c, tuple((n * k) % 17 for n in range(28))) for k, c in
                        enumerate(("Ordinary", "Registered", "Parcel"), 3)])  # fmt: skip
    charts[1].show_data(("UNEP", "UN-Habitat", "UNON", "A very long name of an entity that has one"),
                        (Series("Letters", (400, 220, 90, 3)), Series("Parcels", (120, 44, 12, 1))))  # fmt: skip
    charts[2].show_data(hours, (Series("Median", tuple(float(n % 5) for n in range(12))),
                                Series("Planned", tuple(n / 2 for n in range(12)), dashed=True)))  # fmt: skip
    charts[3].show_data(hours, [Series(day, tuple((n * k) % 40 for n in range(12))) for k, day in enumerate(DAYS, 3)])
    charts[4].show_data([str(n) for n in range(20)], (Series("Items", tuple((20 - n) ** 2 // 8 for n in range(20))),))
    for place, chart in enumerate(charts):
        legend = ChartLegend(chart)
        legend.renew()
        grid.addWidget(chart, place // 2 * 2 + 1, place % 2)
        grid.addWidget(legend, place // 2 * 2, place % 2)
    charts[0].setFocus()
    window.show()
    qtbot.wait(5)
    folder = Path(os.environ.get("CBO_PICTURES", tmp_path))
    assert window.grab().save(str(folder / f"charts_{theme}.png"))
