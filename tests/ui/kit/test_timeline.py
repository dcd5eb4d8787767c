"""The timeline: chosen, opened, dragged, carried by keys, refused while in hand, mirrored; and never slow."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from cbo_desk.context import ZONE
from ui.kit.theme import apply_theme, colour, px
from ui.kit.timeline import Timeline
from ui.kit.timeline_ink import Ink
from ui.kit.timeline_parts import Axis, Bar, Column, Look, Move, Placed, Row

DAY = date(2026, 7, 14)


def at(hour: float, day: int = 0) -> datetime:
    """An hour of DAY, or of a day after it, at the site."""
    return datetime(2026, 7, 14, tzinfo=ZONE) + timedelta(days=day, hours=hour)


ROWS = [
    Row("a", "Hall A", ("900", "600"), 1),
    *(Row(str(n), f"Room {n}", ("190", "96"), group="2+3") for n in (2, 3)),
    Row("9", "Rooms 9-12", closed="Closed until 18 Dec 2026", icon="hard-hat"),
]
BARS = [
    Bar(
        "x",
        "a",
        at(10),
        at(13),
        "Committee",
        "Classroom",
        Look("live", "circle-dot"),
        at(9.5),
        at(13.25),
        said="X said",
    ),
    Bar("y", "a", at(15), at(17), "Town hall"),
    Bar("z", "2", at(10), at(12), "Joined", "2+3", Look("warn", "hourglass", hatched=True), rows=2),
]


@pytest.fixture
def board(app, qtbot):
    board = Timeline("Spaces today")
    qtbot.addWidget(board)
    board.resize(1000, 300)
    board.show_board(Axis(DAY), ROWS, BARS, [Column("Theatre"), Column("Class")])
    board.show_now(at(10.7))
    board.show()
    qtbot.waitExposed(board)
    board.activateWindow()
    board.setFocus()
    qtbot.waitUntil(board.hasFocus)
    return board


def heard(signal):
    """Everything a signal tells from now on."""
    found = []
    signal.connect(lambda *values: found.append(values[0] if len(values) == 1 else values))
    return found


def drag(board, start: QPointF, end: QPointF, *, drop: bool = True) -> None:
    """Press, move in steps, let go."""
    view = board.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start.toPoint())
    for part in (0.3, 0.7, 1.0):
        QTest.mouseMove(view, (start + (end - start) * part).toPoint())
    if drop:
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end.toPoint())


def key(board, which, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(board, which, modifiers)


def test_arrows_go_from_bar_to_bar_and_enter_opens(board):
    chosen, opened = heard(board.chosen), heard(board.opened)
    for which in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up):
        key(board, which)
    key(board, Qt.Key.Key_Return)
    assert chosen[-3:] == ["y", "z", "x"]
    assert opened == ["x"]
    assert board.accessibleDescription() == "X said"


def test_keys_carry_a_bar_and_a_clash_keeps_it_in_hand(board):
    moved, refused = heard(board.moved), heard(board.refused)
    board.clash = lambda move: "Room 3 is taken." if move.row == "3" else ""
    board.choose("y")
    assert board.pick_up()
    key(board, Qt.Key.Key_Down)
    key(board, Qt.Key.Key_Down)
    assert "Room 3 is taken" in board.accessibleDescription()
    key(board, Qt.Key.Key_Return)
    assert refused == ["Room 3 is taken."]
    assert moved == []
    key(board, Qt.Key.Key_Up)
    key(board, Qt.Key.Key_Left)
    key(board, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    key(board, Qt.Key.Key_Return)
    assert moved == [Move("y", "2", at(14.75), at(17))]
    assert board.carry.shown().row == "2", "it stays where it was put until the page knows"
    board.put_back()
    assert board.carry.shown() is None


def test_escape_puts_it_back_and_what_does_not_move_is_not_told(board):
    moved = heard(board.moved)
    board.choose("x")
    board.pick_up()
    key(board, Qt.Key.Key_Right)
    key(board, Qt.Key.Key_Escape)
    assert board.carry.shown() is None
    board.pick_up()
    key(board, Qt.Key.Key_Return)
    assert moved == []


def test_the_mouse_moves_a_bar_and_pulls_its_end(board):
    moved = heard(board.moved)
    drag(board, board.spot_of(0, at(16)), board.spot_of(1, at(17)))
    assert moved == [Move("y", "2", at(16), at(18))]
    board.put_back()
    end = board.box_of("y").right()
    drag(board, QPointF(end - 1, board.box_of("y").center().y()), board.spot_of(0, at(18)))
    assert moved[-1] == Move("y", "a", at(15), at(18))


def test_a_drag_is_refused_in_words_while_it_hovers(board):
    moved, refused = heard(board.moved), heard(board.refused)
    board.clash = lambda move: "Hall A is taken by Committee." if move.starts < at(13.25) and move.row == "a" else ""
    drag(board, board.spot_of(0, at(16)), board.spot_of(0, at(13)), drop=False)
    assert board.carry.clash == "Hall A is taken by Committee."
    board.grab()
    QTest.mouseRelease(board.viewport(), Qt.MouseButton.LeftButton, pos=board.spot_of(0, at(13)).toPoint())
    assert moved == []
    assert refused == ["Hall A is taken by Committee."]


def test_the_sign_of_a_bar_in_hand_is_not_hidden_by_the_words_of_a_closed_row(board):
    def sign(words, icon):
        rows = [*ROWS[:-1], Row("9", "Rooms 9-12", closed=words, icon=icon)]
        board.show_board(Axis(DAY), rows, BARS, [Column("Theatre"), Column("Class")])
        start = board.box_of("y").center()
        drag(board, start, board.spot_of(2, at(9)), drop=False)
        picture = board.viewport().grab().toImage()
        board.put_back()
        shade = colour("toast_back").rgb()
        return sum(picture.pixel(x, y) == shade for x in range(picture.width()) for y in range(picture.height()))

    free = sign(".", "")
    assert free > 500
    assert sign("Closed until 18 Dec 2026", "hard-hat") == free


def test_an_empty_stretch_asks_for_a_new_bar(board):
    asked = heard(board.asked)
    drag(board, board.spot_of(1, at(15)), board.spot_of(1, at(16.5)))
    assert asked == [("2", at(15), at(16.5))]
    QTest.mouseDClick(board.viewport(), Qt.MouseButton.LeftButton, pos=board.spot_of(2, at(14.1)).toPoint())
    assert asked[-1] == ("3", at(14), at(15))


def test_joined_rows_are_one_bar_and_moved_within_the_rows_there_are(board):
    assert board.box_of("z").height() > 70
    board.choose("z")
    board.pick_up()
    for _ in range(5):
        key(board, Qt.Key.Key_Down)
    assert board.carry.shown().row == "3"


def test_the_mirrored_board_reads_from_the_right(board, app):
    left = board.box_of("x").left()
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert board.box_of("x").right() == pytest.approx(1000 - left, abs=40)
    moved = heard(board.moved)
    board.choose("y")
    board.pick_up()
    key(board, Qt.Key.Key_Left)
    key(board, Qt.Key.Key_Return)
    assert moved[0].starts == at(15.25), "the left arrow is later there"
    board.grab()


def test_it_is_painted_in_every_theme_and_size(board, app):
    board.choose("z")
    for theme in ("light", "dark"):
        for scale in (1.0, 1.25):
            apply_theme(app, theme, scale)
            picture = board.grab().toImage()
            assert len({picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, 200, 7)}) > 8


def test_a_narrow_bar_says_the_letters_that_fit_instead_of_dots(app):
    ink = Ink()
    ink.renew()
    for text in ("Governing", "Ill", "Wetlands"):
        for width in range(5, 80, 7):
            short = ink.cut("detail", text, width)
            room = ink.metrics["detail"].horizontalAdvance
            assert text.startswith(short)
            assert room(short) <= width
            assert short == text or room(text[: len(short) + 1]) >= width


def test_a_narrow_bar_says_the_end_of_a_reference(app):
    """Of T-2288 the beginning is that of every other one."""
    ink = Ink()
    ink.renew()
    measure = ink.metrics["detail"].horizontalAdvance
    said = {ink.cut("detail", "T-2288", width) for width in range(2, measure("T-2288") + 4)}
    assert said == {"", "8", "88", "288", "2288", "T-2288"}


def test_a_months_dates_are_read_whole_or_not_at_all(board):
    """Scrolled by any amount, at either end: half of "25" would read as the 2nd."""
    board.resize(700, 300)
    board.show_board(Axis(DAY, 31), ROWS, BARS)
    room, metrics = board._room, board._paint.ink.metrics["hour"]
    seen = set()
    for scrolled in range(0, board.horizontalScrollBar().maximum() + 1, 7):
        board.horizontalScrollBar().setValue(scrolled)
        named = [(x, words) for x, words, _ in board._paint.frame.ticks(room) if words]
        seen |= {words for _, words in named}
        assert len(named) > 15
        ends = [(x + px(4), x + px(4) + metrics.horizontalAdvance(words)) for x, words in named]
        assert all(room.gutter <= left <= right <= room.width for left, right in ends)
    assert seen == {str(number) for number in range(1, 32)}


def test_a_new_day_forgets_the_bar_in_hand(board):
    board.choose("x")
    board.pick_up()
    board.show_board(Axis(DAY + timedelta(days=1)), ROWS, [])
    assert board.carry.shown() is None
    assert board.current() is None


@given(st.floats(0, 3, exclude_max=True), st.integers(1, 5))
def test_places_and_instants_agree(place, days):
    axis = Axis(DAY, days, (7, 20))
    place = min(place, days - 0.001)
    assert axis.place(axis.instant(place)) == pytest.approx(place, abs=1e-4)


@given(st.lists(st.tuples(st.integers(0, 6), st.floats(0, 100), st.floats(0.25, 30), st.integers(1, 3)), max_size=40))
def test_what_is_seen_is_found_and_nothing_else(drawn):
    rows = [Row(n, str(n)) for n in range(7)]
    bars = [Bar(n, row, at(a), at(a + long), rows=tall) for n, (row, a, long, tall) in enumerate(drawn)]
    found = {bar.key for bar in Placed(rows, bars).within(2, 4, at(20), at(40))}
    wanted = {
        bar.key
        for bar in bars
        if bar.row <= 4 and bar.row + bar.rows > 2 and bar.begins <= at(40) and bar.finishes > at(20)
    }
    assert found == wanted
