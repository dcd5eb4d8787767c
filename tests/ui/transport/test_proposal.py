"""Plan the day in the real window, by keys alone; a solver that breaks; two dispatchers at once."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt

from cbo_desk.routing import compiling, working
from cbo_desk.routing.working import Budget
from cbo_desk.transport import State, assign_request, lock_trips, request_card
from cbo_desk.transport.difference import Turn
from tests.transport.dispatch import breaking


def state(office, ident):
    return office.read(request_card, ident).row.state


def open_plan(desk):
    desk.window.shell.actions_.run("transport.plan")
    desk.still()
    page = desk.page
    page.open_at(f"day:{desk.midnight.date()}")
    page.budget = Budget(seconds=1.0, seed=2)
    page.focus_body()
    return page


def planned(desk, page, key):
    desk.press(key)
    is_there(desk, page)


def is_there(desk, page):
    """Wait for the plan: processes are started for it, which takes its time on a busy computer."""
    desk.qtbot.waitUntil(lambda: page.planned is not None and page.watch is None, timeout=60_000)
    desk.still()


def written(export, file, title, columns, rows, **about):
    """Write where the dialog would have asked."""
    export.write(title, columns, rows, file, **about)


def test_planned_and_accepted_by_keys_alone(desk, sqlite_office, tmp_path, monkeypatch):
    wanted = [desk.ask(hour, end=end) for hour, end in ((11, "UH"), (11, "CBD"), (13, "JKIA"))]
    early = desk.ask(5.0)
    page = open_plan(desk)
    assert page.list.state is not None
    desk.press(Qt.Key.Key_W)
    assert page.watch is not None
    is_there(desk, page)
    assert page.stamp.isVisible()
    assert "3 of 4 rides placed" in page.summary.text()
    assert [each.turn for each in page.model.rows] == [Turn.NEW] * 3
    # Ordered by its headings, narrowed by words, and counted.
    page.lines.sort_by(2)
    page.lines.sort_by(2)
    ways = [each.way for each in page.model.rows]
    assert ways == sorted(ways, reverse=True)
    page.filter_box.setText("jkia")
    desk.until(lambda: [each.way for each in page.model.rows] == ["Gigiri → JKIA"])
    assert page.shown.way == "Gigiri → JKIA"
    page.filter_box.clear()
    desk.until(lambda: len(page.model.rows) == 3)
    file = tmp_path / "plan.csv"
    monkeypatch.setattr(page.lines.export, "ask", partial(written, page.lines.export, file))
    page.ask_export()
    desk.until(file.exists)
    desk.still()
    assert "Gigiri → JKIA" in file.read_text(encoding="utf-8-sig")
    page.focus_body()
    # The one at five in the morning is over before it is asked: why, per vehicle.
    page.tabs.choose("left")
    page.show_view("left")
    desk.still()
    assert page.shown.name == f"T-{early:04}"
    desk.until(lambda: "Why it goes with no vehicle" in _words(page.card))
    assert "UN 041 · Hiace" in _words(page.card)
    page.show_view("changes")
    desk.still()
    desk.press(Qt.Key.Key_T)
    desk.until(lambda: sum(state(sqlite_office, ident) is State.PLANNED for ident in wanted) >= 1)
    desk.still()
    desk.press(Qt.Key.Key_A)
    desk.until(lambda: all(state(sqlite_office, ident) is State.PLANNED for ident in wanted))
    desk.still()
    assert {each.turn for each in page.planned.lines} == {Turn.SAME, Turn.LEFT}
    desk.undo()
    desk.until(lambda: not all(state(sqlite_office, ident) is State.PLANNED for ident in wanted))


def test_the_first_plan_of_a_computer_says_what_it_does_and_is_stopped_with_the_best_so_far(
    desk, tmp_path, monkeypatch
):
    """Where no machine code is kept yet, one of the two processes makes it, and hears nothing meanwhile."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    desk.ask(11)
    page = open_plan(desk)
    page.budget = Budget(seconds=60.0)
    desk.press(Qt.Key.Key_W)
    desk.qtbot.waitUntil(lambda: page._so_far is not None, timeout=60_000)
    if compiling.njit is not None:
        desk.qtbot.waitUntil(lambda: "once on this computer" in page.strip.words.words(), timeout=60_000)
    assert "1 of 1 rides placed" in page.strip.words.words()
    assert page.strip.cancel.text() == "Stop"
    desk.press(Qt.Key.Key_S)
    is_there(desk, page)
    assert page.planned.proposal.unassigned == ()
    assert page.planned.proposal.seconds < 30
    assert page.told.words() == ""


@pytest.mark.our_bug
def test_a_missing_wheel_and_a_crash_are_told_and_what_was_planned_is_taken(hands, office, monkeypatch):
    """On either engine: the plan is begun without VROOM, then made by insertion alone, and written all the same."""
    from cbo_desk.transport import dispatch

    wanted = [hands.ask(11), hands.ask(13, end="JKIA")]
    page = open_plan(hands)
    monkeypatch.setattr(dispatch, "search", breaking.absent)
    page.budget = Budget(seconds=30.0)  # the searches take a third of a second; on a busy computer they start late
    planned(hands, page, Qt.Key.Key_W)
    assert page.planned.proposal.unassigned == ()
    assert "VROOM is missing on this computer: the plan was begun by our own insertion." in page.told.words()
    # The process that searches is given a function it cannot run: it ends with our fault, as a crash would.
    monkeypatch.setattr(dispatch, "search", working.ortools_alone)
    hands.press(Qt.Key.Key_W)
    hands.qtbot.waitUntil(lambda: page.watch is None and page.planned.proposal.solver == "insertion", timeout=60_000)
    hands.still()
    assert page.planned.proposal.unassigned == ()
    assert "This plan was made by plain insertion." in page.told.words()
    hands.press(Qt.Key.Key_A)
    hands.until(lambda: {state(office, ident) for ident in wanted} == {State.PLANNED})


@pytest.mark.parametrize("how", [breaking.plain, breaking.full], ids=["without numba", "no room for machine code"])
def test_where_no_machine_code_can_be_made_the_day_is_planned_plainly(desk, monkeypatch, how):
    from cbo_desk.transport import dispatch

    desk.ask(11)
    page = open_plan(desk)
    monkeypatch.setattr(dispatch, "search", how)
    page.budget = Budget(seconds=30.0)  # the searches take a third of a second; on a busy computer they start late
    planned(desk, page, Qt.Key.Key_W)
    assert page.planned.proposal.unassigned == ()
    assert (page.planned.proposal.solver, page.told.words()) == ("search", "")


def test_the_second_dispatcher_is_told(hands, office):
    one = hands.ask(11)
    card = office.read(request_card, one)
    office.write(assign_request, one, card.version, hands.fleet.vehicles[1], None, 0)
    two = hands.ask(11, people=12)
    page = open_plan(hands)
    planned(hands, page, Qt.Key.Key_O)
    assert {each.turn for each in page.planned.lines} == {Turn.SAME, Turn.NEW}
    # Elsewhere somebody takes the vehicle that was proposed.
    vehicle = next(each.vehicle for each in page.planned.lines if each.turn is Turn.NEW)
    card = office.read(request_card, two)
    office.write(assign_request, two, card.version, vehicle, None, 0)
    office.write(lock_trips, [office.read(request_card, two).row.trip_id])
    hands.press(Qt.Key.Key_A)
    hands.until(lambda: hands.window.shell.toasts.now is not None)
    assert "Look at it anew" in hands.told() or "is on" in hands.told() or "Plan the day again" in hands.told()


def _words(card) -> str:
    from ui.kit.labels import Label

    return " ".join(label.words() for label in card.findChildren(Label))
