"""The day on Today's timeline: its lines, live news, what Enter opens, other days, midnight, three hundred meetings."""

from __future__ import annotations

from datetime import date, timedelta

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMenu

from cbo_desk.conference import BookingForm, LayoutForm, Slot, SpaceForm, Status, add_space, book
from cbo_desk.mail import plan_round
from cbo_desk.permissions import Actor, Role
from cbo_desk.reports import DayEntry, DayLine, Line, Stand
from tests.conftest import MORNING
from tests.transport.conftest import at
from ui.kit.preferences import LAST_DESK, Preferences
from ui.kit.theme import apply_theme
from ui.today.briefs import brief
from ui.today.day_view import DayView
from ui.window import Window

TODAY = date(2026, 8, 24)


@pytest.fixture
def show(qapp, qtbot, tmp_path):
    apply_theme(qapp, "light", 1.0)
    opened = []

    def make(office):
        preferences = Preferences(tmp_path / "preferences.ini")
        preferences.set(LAST_DESK, "today")
        opened.append(Window(office, preferences))
        opened[-1].show()
        opened[-1].shell.activateWindow()
        qtbot.waitUntil(opened[-1].shell.isActiveWindow)
        return opened[-1]

    yield make
    for window in opened:
        window.close()
        window.deleteLater()


def names(page):
    return [row.name for row in page.timeline.timeline.rows()]


def test_a_day_from_morning_to_midnight(show, qtbot, sqlite_office, clock, monkeypatch, tmp_path):
    window = show(sqlite_office)
    page, board = window.shell.page(), window.shell.page().timeline.timeline
    qtbot.waitUntil(lambda: page.timeline.states.state is not None)
    assert page.timeline.states.state.heading.words() == "Nothing is planned"
    assert "today" not in window.waiting._unopened  # the page that is open counts for itself
    # What another workstation does stands there by itself.
    qtbot.waitUntil(lambda: sqlite_office._position is not None)
    elsewhere = sqlite_office.signed_in(Actor("ben", "Ben", {"conference": Role.SUPERVISOR, "mail": Role.CLERK}))
    layouts = (LayoutForm("classroom", 60, 0, 0, date(2026, 1, 1)),)
    space = elsewhere.write(add_space, SpaceForm("R9", "Room 9", ("9",), layouts)).ids[0]
    ident = elsewhere.write(book, BookingForm("Bureau", 20), Slot(at(10), at(12)), space, Status.CONFIRMED).ids[0]
    qtbot.waitUntil(lambda: names(page) == ["Room 9"])
    assert page.summary.words() == "Nothing needs you just now · next: Bureau in Room 9 at 10:00, in 1 h"
    elsewhere.write(plan_round, "North blocks", "Kamau S.")
    qtbot.waitUntil(lambda: names(page) == ["Room 9", "Kamau S."])
    assert page.timeline.about.words() == "2 lines"
    # Keys alone lead there and back: Tab chooses the first, the arrows go on, Enter opens, as one press does.
    board.setFocus(Qt.FocusReason.TabFocusReason)
    assert board.accessibleDescription().startswith("10:00–12:00 · Room 9 · Bureau\nB-000001")
    qtbot.keyClick(board, Qt.Key.Key_Down)
    assert "North blocks" in board.accessibleDescription()
    assert "not firm yet" in board.accessibleDescription()
    qtbot.keyClick(board, Qt.Key.Key_Up)
    qtbot.keyClick(board, Qt.Key.Key_Return)
    assert window.shell.desk() == "conference"
    qtbot.waitUntil(lambda: window.shell.page().card.card is not None and window.shell.page().card.card.row.id == ident)
    window.shell.go("today")
    spot = board.box_of(board.bars()[0].key).center().toPoint()
    qtbot.mouseClick(board.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert window.shell.desk() == "conference"
    window.shell.go("today")
    # Other days, and the day as a paper.
    page._step(1)
    qtbot.waitUntil(lambda: page.timeline.states.state is not None)
    page._step(0)
    qtbot.waitUntil(lambda: names(page) == ["Room 9", "Kamau S."])
    window.shell.actions_.run("today.print")
    [dialog] = window.shell.findChildren(QFileDialog)
    out = tmp_path / "day.pdf"
    dialog.fileSelected.emit(str(out))
    dialog.close()
    qtbot.waitUntil(out.exists)
    words = pypdfium2.PdfDocument(out)[0].get_textpage().get_text_bounded()
    for each in ("Day sheet", "2026-08-24", "Room 9", "10:00–12:00", "Bureau", "B-000001"):
        assert each in words
    # What can be begun is one menu, and a desk's own tab narrows the day to it.
    window.shell.actions_.run("today.new")
    [menu] = page.findChildren(QMenu)
    assert [each.text().partition("\t")[0] for each in menu.actions()] == [
        "New booking", "New trip", "Receive mail", "Hand in", "Receive assets"
    ]  # fmt: skip
    menu.close()
    # Midnight: the page goes on to the new day by itself; what is looked at on purpose stays.
    clock.now = at(24.1)
    page._move_on()
    qtbot.waitUntil(lambda: page.timeline.states.state is not None)
    assert page.day == TODAY + timedelta(days=1)
    page._step(-1)
    clock.now = at(48.1)
    page._move_on()
    qtbot.waitUntil(lambda: names(page) == ["Room 9"])
    assert page.day == TODAY
    assert page.timeline.about.words() == "24 Aug 2026 · 1 line"


def many(count):
    """So many meetings of half an hour in as many rooms as it takes to have five of them in each."""
    slots = [MORNING + timedelta(hours=n % 5) for n in range(count)]
    entries = [
        DayEntry("conference.booking", n + 1, starts, starts + timedelta(minutes=30),
                 Stand.LIVE if n % 5 == 0 else Stand.AHEAD, f"Meeting {n}")
        for n, starts in enumerate(slots)
    ]  # fmt: skip
    return [DayLine("conference", Line.ROOM, f"Room {n}", tuple(entries[n * 5 : n * 5 + 5])) for n in range(count // 5)]


@pytest.mark.parametrize(
    ("theme", "direction"),
    [("light", Qt.LayoutDirection.LeftToRight), ("dark", Qt.LayoutDirection.RightToLeft)],
)
def test_three_hundred_meetings_bands_and_the_edges_of_the_day(qapp, qtbot, theme, direction):
    apply_theme(qapp, theme, 1.0)
    view = DayView()
    qtbot.addWidget(view)
    view.setLayoutDirection(direction)
    view.resize(860, 340)
    view.show()
    opened = []
    view.opened.connect(lambda line, entry: opened.append((line.name, entry.title)))
    view.show_day(many(300), TODAY, MORNING)
    assert view.about.words() == "60 lines"  # every one of them has a meeting under way
    assert view.narrow.isVisible()
    board = view.timeline
    assert (board.axis.hours, len(board.rows()), len(board.bars())) == ((7, 19), 60, 300)
    board.choose(board.bars()[0].key)
    # The clock runs with the reading: the later meeting lies on the side to which one reads.
    forward = Qt.Key.Key_Left if direction == Qt.LayoutDirection.RightToLeft else Qt.Key.Key_Right
    qtbot.keyClick(board, forward)
    first, second = (board.box_of(bar.key).center().x() for bar in board.bars()[:2])
    assert (second < first) == (direction == Qt.LayoutDirection.RightToLeft)
    qtbot.keyClick(board, Qt.Key.Key_Return)
    assert opened == [("Room 0", "Meeting 1")]
    # Only some are under way: those, then what begins next; the tool shows every line.
    lines = [*many(15), *(DayLine("mail", Line.ROUND, f"Messenger {n}", (later(n),)) for n in range(30))]
    view.show_day(lines, TODAY, MORNING)
    assert view.about.words() == "9 of 33 lines · what is running, late or yours"
    view.narrow.click()
    assert (view.about.words(), len(board.rows())) == ("33 lines", 33)
    # Forty at once for want of a vehicle: four lie below each other, the others are told together.
    crowd = tuple(DayEntry("transport.request", n + 1, MORNING, MORNING + timedelta(hours=2), Stand.WAITS, f"T-{n}")
                  for n in range(40))  # fmt: skip
    view.show_day([DayLine("transport", Line.NO_VEHICLE, "", crowd)], TODAY, MORNING, age="as of 09:00:00")
    assert [row.name for row in board.rows()] == ["No vehicle yet", "", "", "", ""]
    assert board.bars()[-1].title == "36 more"
    assert view.about.words() == "1 line · as of 09:00:00"
    # What crosses midnight stands at the edge of its day, on either.
    night = DayEntry("conference.booking", 9, at(22), at(26), Stand.AHEAD, "Assembly")
    for day, hours in ((TODAY, (7, 24)), (TODAY + timedelta(days=1), (0, 19))):
        view.show_day([DayLine("conference", Line.ROOM, "Hall", (night,))], day, MORNING)
        assert board.axis.hours == hours
        box = board.box_of(board.bars()[0].key)
        assert 0 < box.width() < board.viewport().width()
    view.say_unknown()
    assert view.states.state.kind == "offline"
    assert not view.grab().isNull()


def later(n):
    return DayEntry("mail.round", 1000 + n, MORNING + timedelta(hours=1 + n / 10), MORNING + timedelta(hours=6),
                    Stand.AHEAD, f"Round {n}")  # fmt: skip


def test_what_waits_on_a_desk_in_a_few_words(qapp):
    from cbo_desk.reports import Need, What

    needs = [
        Need(What.TRIP_LATE, "transport", 1, "T-1", due=MORNING - timedelta(minutes=32)),
        Need(What.NEEDS_VEHICLE, "transport", 3, due=MORNING + timedelta(hours=1)),
        Need(What.PAPER_ENDS, "transport", 2, until=TODAY + timedelta(days=9)),
    ]
    assert brief(needs, MORNING) == ("1 late", "3 need a vehicle")
    assert brief(needs[1:], MORNING) == ("", "3 need a vehicle · 2 papers end")
    assert brief([], MORNING) == ("", "")
