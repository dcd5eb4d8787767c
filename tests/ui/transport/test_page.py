"""The dispatch page: the main flow by keys alone, the road by a scanner alone, the board by mouse, keys and refusal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from cbo_desk.transport import State, assign_request, request_card
from db.tags import Tag, UnknownScan
from tests.writing import rows
from ui.kit.timeline_parts import Move


def code_of(office, kind, ident):
    wanted = select(Tag.code).where(Tag.subject_kind == kind, Tag.subject_id == ident)
    return rows(office, wanted)[0][0]


def state(office, ident):
    return office.read(request_card, ident).row.state


def fill_form(desk, form, **values):
    """Type into the open form's fields by Tab alone: each field is reached in its order."""
    for name, value in values.items():
        form.editors[name].setFocus()
        desk.still()
        form.editors[name].set_typed(value)


def test_a_trip_from_new_to_back_by_keys_alone(desk, sqlite_office, clock):
    """Ctrl+N, the form, Ctrl+Enter; A approves, S assigns, L leaves, B is back with a reading."""
    page, fleet = desk.page, desk.fleet
    desk.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    form = desk.form()
    fill_form(
        desk, form, requester="Okafor, Ngozi", purpose="Site meeting", day="24 Aug 2026", pickup_from="11",
        drop_by="10", people="3", passengers="Ngozi Okafor\n*Iris Bello",
    )  # fmt: skip
    form.editors["from_zone_id"].set_value(fleet.zones["GIG"])
    form.editors["to_zone_id"].set_value(fleet.zones["UH"])
    desk.save()
    assert "The drop-off comes after the pick-up" in form._faults["drop_by"].words()
    fill_form(desk, form, drop_by="25:00")
    desk.save()
    assert "is no hour" in form._faults["drop_by"].words()
    fill_form(desk, form, drop_by="")
    desk.save()
    desk.gone()
    desk.still()
    desk.until(lambda: page.list.model.rowCount() == 1)
    ident = page.list.model.id_at(0)
    desk.choose(ident)
    desk.press(Qt.Key.Key_A)
    desk.until(lambda: page.card.card.row.state is State.APPROVED)
    desk.until(lambda: any(each.fits for each in page.card.suggested))
    desk.press(Qt.Key.Key_S)
    desk.until(lambda: page.card.card.row.state is State.PLANNED)
    clock.now += timedelta(hours=2)
    desk.press(Qt.Key.Key_L)
    desk.form()
    desk.save()
    assert (
        "Iris Bello on T-0001 is not of the UN"
        in desk.window.shell._overlay.box.form.notice.findChild(type(page.card._cap)).words()
    )
    desk.press(Qt.Key.Key_Escape)
    desk.gone()
    desk.choose(ident)
    desk.press(Qt.Key.Key_R)
    desk.until(lambda: page.card.card.unreleased == 0)
    desk.press(Qt.Key.Key_L)
    desk.form()
    desk.save()
    desk.gone()
    desk.until(lambda: page.card.card.row.state is State.ON_ROAD)
    clock.now += timedelta(hours=2)
    desk.choose(ident)
    desk.press(Qt.Key.Key_B)
    form = desk.form()
    assert form.editors["km"].value() == 41_036
    form.editors["km"].set_typed("40000")
    desk.save()
    assert "goes backwards" in form._faults["km"].words()
    form.editors["km"].set_typed("41040")
    desk.save()
    desk.gone()
    desk.until(lambda: page.card.card.row.state is State.DONE)
    assert "is back with 40 km" in desk.window.shell.toasts.notices.all[0].said


def test_departure_and_return_by_the_scanner_alone(desk, sqlite_office, clock):
    ident = desk.ask(11)
    version = sqlite_office.read(request_card, ident).version
    [trip] = sqlite_office.write(assign_request, ident, version, desk.fleet.vehicles[0], None).ids
    code = code_of(sqlite_office, "transport.trip", trip)
    clock.now += timedelta(hours=2)
    desk.scan(code)
    desk.until(lambda: state(sqlite_office, ident) is State.ON_ROAD)
    assert desk.page.card.card.id == ident
    clock.now += timedelta(hours=1)
    desk.scan(code)
    desk.until(lambda: desk.window.shell._overlay is not None)
    assert desk.form().editors["km"].value() == 41_036
    desk.scan(code)
    desk.until(lambda: state(sqlite_office, ident) is State.DONE)
    desk.gone()
    desk.scan(code)
    assert state(sqlite_office, ident) is State.DONE
    # A tag that nobody knows is kept, never dropped.
    desk.scan("NOT A TAG 99")
    assert "NOT A TAG 99" in [row[0] for row in rows(sqlite_office, select(UnknownScan.text))]


def test_the_board_moves_assigns_and_refuses(desk, sqlite_office):
    page, (one, two, three) = desk.page, desk.fleet.vehicles
    ident, other = desk.ask(11, people=5), desk.ask(12.5)
    desk.until(lambda: page.board.timeline.whole())
    board = page.board.timeline
    assert {bar.key for bar in board.bars()} == {("request", ident), ("request", other)}
    # Dragged onto a vehicle: it is asked for at each step whether it fits, and the answer comes from memory.
    start = desk.midnight + timedelta(hours=11)
    assert page.board._clash(Move(("request", ident), ("vehicle", two), start, start)) == "UN 022 takes 4, not 5"
    assert page.board._clash(Move(("request", ident), ("tray", 0), start, start)) == "Put it on a vehicle"
    move = Move(("request", ident), ("vehicle", one), start, start + timedelta(minutes=45))
    assert page.board._clash(move) == ""
    board.moved.emit(move)
    desk.until(lambda: state(sqlite_office, ident) is State.PLANNED)
    desk.until(lambda: any(bar.key[0] == "trip" for bar in board.bars()))
    [trip] = [bar for bar in board.bars() if bar.key[0] == "trip"]
    assert "until 12:06" in page.board._clash(Move(("request", other), ("vehicle", one), start, start + timedelta(1)))
    # By keys: the chosen bar is picked up, goes a step later, and is put down.
    desk.choose(ident)
    board.setFocus()
    page.board.choose_request(ident)
    assert desk.window.shell.actions_.run("transport.pick_up")
    QTest.keyClick(board, Qt.Key.Key_Right)
    QTest.keyClick(board, Qt.Key.Key_Return)
    desk.still()
    desk.until(lambda: any(b.key == trip.key and b.starts > trip.starts for b in board.bars()))
    # Undo is in the toast, and takes it back.
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: any(b.key == trip.key and b.starts == trip.starts for b in board.bars()))
    # What another workstation did first is told, and the bar goes back.
    version = sqlite_office.read(request_card, other).version
    sqlite_office.write(assign_request, other, version, three, None)
    waiting = page.board.waiting(other)
    page.hand.put_request(other, two, waiting.pickup_from)
    desk.still()
    assert "is planned already" in desk.window.shell.toasts.notices.all[0].said


def test_views_days_filter_and_drivers(desk, sqlite_office):
    page = desk.page
    desk.ask(11)
    second = desk.ask(14, approve=False)
    desk.until(lambda: "2 trips" in page.summary.words())
    page.show_view("requests")
    desk.still()
    assert page.list.model.rowCount() == 1
    page.show_view("all", "t-0001")
    desk.until(lambda: page.list.model.rowCount() == 1)
    page.show_view("all")
    page.step(1)
    desk.still()
    assert page.list.model.rowCount() == 0
    page.open_at(f"transport.request:{second}")
    desk.until(lambda: page.card.card is not None and page.card.card.id == second)
    assert page.day == desk.midnight.date()
    page.board.show_view("drivers")
    assert [row.name for row in page.board.timeline.rows()][-3:] == ["Mwangi P.", "Njeri L.", "Otieno J."]
    assert any(bar.key[0] == "duty" for bar in page.board.timeline.bars())


@pytest.mark.parametrize("kind", ["fleet", "drivers"])
def test_the_pages_beside_the_board(desk, sqlite_office, kind):
    page = desk.window.shell.go(f"transport/{kind}")
    desk.still()
    assert page.list.model.rowCount() == 3
    page.list.table.setFocus()
    page.list.show_record(page.list.model.id_at(0))
    desk.until(lambda: page.shown is not None)
    name = {"fleet": "UN 022", "drivers": "Mwangi, Peter"}[kind]
    assert (page.shown.form.plate if kind == "fleet" else page.shown.name) == name
    desk.window.shell.actions_.run(f"transport.{kind}.paper")
    form = desk.form()
    form.editors["expires"].set_typed("1 Jan 2020")
    desk.save()
    assert "A paper runs out after it begins" in form._faults["expires"].words()
    form.editors["expires"].set_typed("31 Dec 2029")
    desk.save()
    desk.gone()
    desk.until(lambda: any(p.expires.year == 2029 for p in page.shown.papers))


def test_fleet_deeds_by_their_forms(desk, sqlite_office):
    page = desk.window.shell.go("transport/fleet")
    desk.still()
    run = desk.window.shell.actions_.run
    page.list.show_record(desk.fleet.vehicles[0])
    desk.until(lambda: page.shown is not None and page.shown.form.plate == "UN 041")
    run("transport.fleet.fuel")
    form = desk.form()
    form.editors["litres"].set_typed("40")
    form.editors["km"].set_typed("40000")
    desk.save()
    assert "goes backwards" in form._faults["km"].words()
    form.editors["km"].set_typed("41200")
    desk.save()
    desk.gone()
    desk.until(lambda: page.shown.km == 41_200)
    run("transport.fleet.outage")
    desk.form()
    desk.save()
    desk.gone()
    desk.until(lambda: [out[3] for out in page.shown.outages] == ["Workshop"])
    run("transport.fleet.new")
    form = desk.form()
    form.editors["plate"].set_typed("un 041")
    desk.save()
    assert "Another vehicle has the plate UN 041" in form._faults["plate"].words()
    form.editors["plate"].set_typed("un 200")
    desk.save()
    desk.gone()
    desk.until(lambda: page.list.model.rowCount() == 4)
