"""The dispatch page: the main flow by keys alone, the road by a scanner alone, the board by mouse, keys and refusal."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pypdfium2
import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea
from sqlalchemy import select, text

from cbo_desk.transport import (
    RequestFilter,
    RequestForm,
    ShuttleForm,
    State,
    StopForm,
    add_shuttle,
    assign_request,
    depart,
    make_requests,
    note_time,
    request_card,
    return_trip,
)
from db.tags import Tag, UnknownScan
from tests.transport.conftest import at
from tests.writing import rows
from ui.kit.labels import Label
from ui.kit.saved_views import SavedView
from ui.kit.timeline_parts import Move
from ui.transport.vehicle_forms import back_on


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
    desk.save()
    assert form._faults["to_zone_id"].words() == "To is needed."
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
    # Without a vehicle there is neither a ticket nor an incident.
    known = {action.id: action for action in desk.window.shell.actions_.of("transport")}
    assert not any(known[f"transport.{name}"].enabled() for name in ("ticket", "incident", "depart"))
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
    # The evening before, the ticket of another day in the scanner moves nothing.
    clock.now -= timedelta(hours=14)
    desk.scan(code)
    desk.until(lambda: "is planned for 24 Aug 11:00, so nothing was noted" in desk.told())
    assert state(sqlite_office, ident) is State.PLANNED
    clock.now += timedelta(hours=16)
    desk.scan(code)
    desk.until(lambda: state(sqlite_office, ident) is State.ON_ROAD)
    assert desk.page.card.card.id == ident
    clock.now += timedelta(hours=1)
    heard = []
    desk.window.bench.feed.finished.connect(lambda _scan, outcome: heard.append(outcome.words))
    desk.scan(code)
    desk.until(lambda: desk.window.shell._overlay is not None)
    assert desk.form().editors["km"].value() == 41_036
    # Nothing is noted yet, and nothing says so.
    assert state(sqlite_office, ident) is State.ON_ROAD
    assert heard == ["TT-0001: look at its reading, then save or scan again"]
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
    # A frozen trip stays where it is: M says so, and what to do.
    desk.choose(ident)
    desk.press(Qt.Key.Key_F)
    desk.until(lambda: page.card.card.row.locked)
    desk.until(lambda: not next(b for b in board.bars() if b.key == trip.key).movable)
    desk.press(Qt.Key.Key_M)
    assert desk.told() == "TT-0001 is frozen. Let it go first (F), then move it."
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
    desk.ask(3)  # before the board's usual hours: they begin earlier then
    desk.until(lambda: page.board._hours(page.board.picture)[0] == 3)
    page.step(1)
    desk.still()
    assert page.list.model.rowCount() == 0
    page.open_at(f"transport.request:{second}")
    desk.until(lambda: page.card.card is not None and page.card.card.id == second)
    assert page.day == desk.midnight.date()
    page.board.show_view("drivers")
    assert [row.name for row in page.board.timeline.rows()][-3:] == ["Mwangi P.", "Njeri L.", "Otieno J."]
    assert any(bar.key[0] == "duty" for bar in page.board.timeline.bars())


def test_the_head_counts_what_the_list_holds_before_the_feed_tells(desk, sqlite_office):
    """Written at another workstation and led to: the head does not say one trip less than the list shows."""
    page, fleet = desk.page, desk.fleet
    desk.ask(11)
    desk.until(lambda: page._figures.total == 1)
    start = desk.midnight + timedelta(hours=14)
    form = RequestForm(fleet.entities[0], "Okafor, N.", "Site meeting", fleet.zones["GIG"], fleet.zones["UH"], start)
    [ident] = sqlite_office.write(make_requests, [form]).ids
    page.lead_to(ident)
    desk.until(lambda: page.list.model.rowCount() == 2)
    desk.until(lambda: page._figures.total == 2)


def test_another_day_is_led_to_and_taken_back(desk, sqlite_office):
    """A new trip for tomorrow shows tomorrow; H moves a trip a day on with its requests, Ctrl+Z brings them back."""
    page, fleet, office = desk.page, desk.fleet, sqlite_office
    today, tomorrow = desk.midnight.date(), desk.midnight.date() + timedelta(days=1)
    desk.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    form = desk.form()
    fill_form(desk, form, requester="Okafor, Ngozi", purpose="Visit", day=f"{tomorrow:%d %b %Y}", pickup_from="8")
    form.editors["from_zone_id"].set_value(fleet.zones["GIG"])
    form.editors["to_zone_id"].set_value(fleet.zones["UH"])
    desk.save()
    desk.gone()
    desk.until(lambda: page.day == tomorrow and page.card.card is not None and page.list.model.rowCount() == 1)
    # The day that is looked at is the one that is asked for next, unless it is over.
    ahead = datetime.now(desk.midnight.tzinfo).date() + timedelta(days=40)
    page.show_day(ahead)
    desk.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert desk.form().editors["day"].value() == ahead
    desk.press(Qt.Key.Key_Escape)
    desk.gone()
    page.show_day(today)
    ident = desk.ask(11, return_at=desk.midnight + timedelta(hours=13), way_back="wait")
    version = office.read(request_card, ident).version
    office.write(assign_request, ident, version, fleet.vehicles[0], fleet.drivers[0])
    desk.choose(ident)
    desk.until(lambda: page.card.card.row.state is State.PLANNED)
    stood = office.read(request_card, ident)
    desk.press(Qt.Key.Key_H)
    form = desk.form()
    assert form.editors["day"].value() == today
    fill_form(desk, form, day=f"{today - timedelta(days=1):%d %b %Y}")
    desk.save()
    desk.until(lambda: "This day is over" in form._faults["day"].words())
    fill_form(desk, form, day=f"{tomorrow:%d %b %Y}", starts="12:30")
    desk.save()
    desk.gone()
    desk.until(lambda: page.day == tomorrow and page.card.card is not None and page.card.card.id == ident)
    moved = office.read(request_card, ident)
    assert moved.form.pickup_from == stood.form.pickup_from + timedelta(days=1)
    assert moved.form.return_at == stood.form.return_at + timedelta(days=1)
    assert [stop.arrives.astimezone(desk.midnight.tzinfo).date() for stop in moved.stops] == [tomorrow] * 4
    assert "moved to UN 041, 25 Aug 12:30" in desk.told()
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: office.read(request_card, ident).form.pickup_from == stood.form.pickup_from)
    assert office.read(request_card, ident).stops == stood.stops


def test_the_board_reaches_to_a_trip_of_the_evening_before(desk, sqlite_office):
    """Its pick-up is at a quarter past midnight, so its vehicle leaves the day before: list and board both show it."""
    ident = desk.ask(24.25)
    version = sqlite_office.read(request_card, ident).version
    sqlite_office.write(assign_request, ident, version, desk.fleet.vehicles[0], desk.fleet.drivers[0], -5)
    desk.page.step(1)
    desk.until(lambda: desk.page.list.model.rowCount() == 1)
    desk.until(lambda: desk.page.board.picture.day == desk.page.day and desk.page.board.picture.trips)
    assert desk.page.board._hours(desk.page.board.picture)[0] == 0


def test_the_list_is_narrowed_to_an_entity_and_a_vehicle_by_chips(desk, sqlite_office):
    page, fleet = desk.page, desk.fleet
    mine = desk.ask(11)
    start = desk.midnight + timedelta(hours=12)
    other = RequestForm(fleet.entities[1], "Bello, I.", "Visit", fleet.zones["GIG"], fleet.zones["UH"], start, 1)
    [theirs] = sqlite_office.write(make_requests, [other]).ids
    page.list.refresh()
    page._count()
    desk.until(lambda: page.list.model.rowCount() == 2 and page.board.picture is not None)
    page.views.chips.add_button.click()
    form = desk.form()
    form.editors["entity"].set_value("UNON")
    desk.save()
    desk.gone()
    desk.until(lambda: [page.list.model.id_at(row) for row in range(page.list.model.rowCount())] == [theirs])
    assert page.views.in_words() == "Entity UNON"
    page.views.saved.keep(SavedView("Ours", {"entities": ["UNON"], "view": "all"}))
    page.views.chips.removed.emit("entities")
    desk.until(lambda: page.list.model.rowCount() == 2)
    page.views.open_view(page.views.saved.all()[0])
    desk.until(lambda: page.list.model.rowCount() == 1)
    page.views.set_filter(RequestFilter())
    sqlite_office.write(
        assign_request, mine, sqlite_office.read(request_card, mine).version, fleet.vehicles[0], fleet.drivers[0]
    )
    page.views.set_filter(RequestFilter(vehicle_id=fleet.vehicles[0]))
    desk.until(lambda: [page.list.model.id_at(row) for row in range(page.list.model.rowCount())] == [mine])
    assert page.views.in_words() == "Vehicle UN 041 · Hiace"


def test_costs_and_shuttles_are_written_to_the_cent(desk, sqlite_office, clock, tmp_path, monkeypatch):
    """What the two lists write as Excel and PDF, opened again, against the charges themselves."""
    shell, fleet, office = desk.window.shell, desk.fleet, sqlite_office
    for hour, vehicle, km in ((10, 0, 17), (10.5, 1, 29)):
        ident = desk.ask(hour)
        version = office.read(request_card, ident).version
        [trip] = office.write(assign_request, ident, version, fleet.vehicles[vehicle], fleet.drivers[vehicle]).ids
        clock.now = desk.midnight + timedelta(hours=hour)
        office.write(depart, trip)
        clock.now += timedelta(minutes=75)
        office.write(return_trip, trip, 41_000 + km)
        clock.now = desk.midnight + timedelta(hours=9)
    stops = (StopForm(fleet.zones["GIG"], 1050, "Gate 2"), StopForm(fleet.zones["CBD"], 1080, "Kencom"))
    office.write(add_shuttle, ShuttleForm("EVE", "Evening", fleet.entities[0], 9, stops))
    charged = [Decimal(amount) / 100 for (amount,) in rows(office, text("SELECT amount_cents FROM charge"))]
    assert len(charged) > 1
    for name, wanted in (("costs", f"{sum(charged):,.2f}"), ("shuttles", "Evening")):
        page = shell.go(f"transport/{name}")
        page.month, page.day = desk.midnight.date().replace(day=1), desk.midnight.date()
        page.read()
        desk.until(lambda page=page: page.list.model.rowCount() == 1)
        page.list.table.selectRow(0)
        desk.until(lambda page=page: page.list.table.currentIndex().row() == 0)
        desk.still()
        area = (page.right if name == "costs" else page.card).findChild(QScrollArea)
        assert area.widget().width() <= area.viewport().width(), name
        assert name != "costs" or page.right.findChild(Label, "statement") is not None
        for kind in ("xlsx", "pdf"):
            file = tmp_path / f"{name}.{kind}"

            def written(title, columns, lines, file=file, page=page, **about):
                page.export.write(title, columns, lines, file, **about)

            monkeypatch.setattr(page.export, "ask", written)
            page.ask_export()
            desk.until(file.exists)
            desk.until(lambda page=page: page.export._progress is None)
            if kind == "xlsx":
                _, values = load_workbook(file).active.iter_rows(values_only=True)
                assert name != "costs" or Decimal(str(values[3])).quantize(Decimal("0.01")) == sum(charged)
                assert name != "shuttles" or "Evening" in values
            else:
                document = pypdfium2.PdfDocument(file)
                assert wanted in document[0].get_textpage().get_text_bounded()
                document.close()
    # No statement of this month stands beside another one.
    page = shell.go("transport/costs")
    page.step(-1)
    desk.until(lambda: page.list.model.rowCount() == 0 and page.right.findChild(Label, "statement") is None)


@pytest.mark.parametrize("kind", ["fleet", "drivers"])
def test_the_pages_beside_the_board(desk, sqlite_office, kind):
    page = desk.window.shell.go(f"transport/{kind}")
    desk.still()
    assert page.list.model.rowCount() == 3
    page.list.table.setFocus()
    page.list.show_record(page.list.model.id_at(0))
    desk.until(lambda: page.shown is not None)
    if kind == "drivers":
        today = desk.midnight
        sqlite_office.write(note_time, desk.fleet.drivers[1], "leave", today, today + timedelta(days=1))
        page.list.refresh()
        desk.until(lambda: [page.list.model.row_at(row).away for row in range(3)] == ["on leave", "", ""])
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


@pytest.mark.parametrize(("hour", "later"), [(8, 0), (16.9, 0), (17, 1), (23.5, 1)])
def test_a_workshop_is_proposed_to_be_done_by_the_next_five_o_clock(hour, later):
    assert back_on(at(hour)) == at(hour, later).date()


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


def test_travel_times_are_added_filled_imported_and_asked(desk, sqlite_office, tmp_path):
    page = desk.window.shell.go("transport/times")
    desk.still()
    model = page.list.model
    desk.until(lambda: model.rowCount() == 12)
    page.list._sort_by(3)
    page.list._sort_by(3)
    desk.still()
    seconds = [model.row_at(row).seconds for row in range(12)]
    assert seconds == sorted(seconds, reverse=True)
    page.list._sort_by(0)
    page.filter_box.setText("gig jkia")
    desk.until(lambda: model.rowCount() == 2)
    desk.still()
    page.list.table.setCurrentIndex(model.index(0, 0))
    desk.window.shell.actions_.run("transport.times.edit")
    form = desk.form()
    form.editors["minutes"].set_typed("2000")
    desk.save()
    assert "between 0 and 1,440" in form._faults["minutes"].words()
    form.editors["minutes"].set_typed("51")
    desk.save()
    desk.gone()
    desk.until(lambda: model.row_at(0) is not None and model.row_at(0).seconds == 51 * 60)
    file = tmp_path / "matrix.csv"
    file.write_text("From,To,Band,Minutes\nGIG,MARS,day,5\n", encoding="utf-8")
    page.take(file)
    desk.still()
    assert "there is no zone “MARS”" in desk.window.shell.toasts.notices.all[0].said
    desk.window.shell.actions_.run("transport.times.route")
    form = desk.form()
    form.editors["address"].set_typed("localhost")
    desk.save()
    desk.still()
    assert "Write the address as" in form._faults["address"].words()
    desk.press(Qt.Key.Key_Escape)
    desk.gone()
    page.views.choose("assumed")
    desk.until(lambda: model.rowCount() == 0)


def test_shuttles_incidents_and_costs(desk, sqlite_office, clock):
    shell = desk.window.shell
    page = shell.go("transport/shuttles")
    page.day = desk.midnight.date()
    page.read()
    desk.still()
    shell.actions_.run("transport.shuttles.new")
    form = desk.form()
    for name, value in {"code": "eve", "name": "Evening", "seats": "2", "stops": "17:30 GIG Gate 2\n17:20 CBD"}.items():
        form.editors[name].set_typed(value)
    desk.save()
    desk.still()
    assert "Each stop comes after the one before" in form._faults["stops"].words()
    form.editors["stops"].set_typed("17:30 NOWHERE")
    desk.save()
    assert "write an hour, a zone's code" in form._faults["stops"].words()
    form.editors["stops"].set_typed("1730 GIG Gate 2\n18:00 CBD Kencom")
    desk.save()
    desk.gone()
    desk.until(lambda: len(page.rows) == 1)
    page._ask_seats(page.rows[0])
    form = desk.form()
    form.editors["names"].set_typed("Ngozi Okafor\nIris Bello\nTom Odero")
    desk.save()
    desk.still()
    assert "EVE has 2 of 2 seats left" in form._faults["names"].words()
    form.editors["names"].set_typed("Ngozi Okafor\nIris Bello")
    desk.save()
    desk.gone()
    desk.until(lambda: [seat[2] for seat in page.rows[0].taken] == ["Ngozi Okafor", "Iris Bello"])
    page._run()
    desk.until(lambda: page.rows[0].request_id is not None)
    page.filter_box.setText("bello")  # found by who has a seat
    desk.until(lambda: page.list.model.rowCount() == 1)
    page.views.choose("runs")
    page.filter_box.setText("nobody")
    desk.until(lambda: page.list.model.rowCount() == 0)
    page.filter_box.clear()
    shell.go("transport/fleet")
    desk.still()
    fleet = shell.page()
    fleet.list.show_record(desk.fleet.vehicles[1])
    desk.until(lambda: fleet.shown is not None and fleet.shown.form.plate == "UN 022")
    clock.now += timedelta(days=400)
    shell.actions_.run("transport.fleet.incident")
    form = desk.form()
    form.editors["day"].set_typed("24 Aug 2026")
    desk.save()
    assert "needed" in form._faults["what"].words()
    form.editors["what"].set_typed("A scratch at the gate")
    desk.save()
    desk.gone()
    page = shell.go("transport/incidents")
    desk.until(lambda: page.list.model.rowCount() == 1)
    page.list.show_record(page.list.model.id_at(0))
    desk.until(lambda: page.shown is not None and page.shown.what == "A scratch at the gate")
    shell.actions_.run("transport.incidents.close")
    desk.until(lambda: page.shown.closed_at is not None)
    page = shell.go("transport/costs")
    desk.still()
    assert "0 entities charged" in page.summary.words()
    assert page.list.states.state is not None
    page.step(-1)
    desk.still()


def test_chains_and_what_the_window_refuses(desk, sqlite_office):
    """Every bad input of a request in the form, an expired licence by hand, and a chain that names who must agree."""
    from cbo_desk.transport import DRIVER, PaperForm, add_paper

    run, shell = desk.window.shell.actions_.run, desk.window.shell
    run("transport.chains")
    form = desk.form()
    desk.still()
    form.editors["steps"].set_typed("Head of unit: grace\nTransport desk")
    desk.save()
    desk.gone()
    assert shell.toasts.notices.all[0].said == "UNEP: Head of unit → Transport desk."
    run("transport.new")
    form = desk.form()
    desk.still()
    fill_form(desk, form, requester="Okafor", purpose="Meeting", day="24 Aug 2026", pickup_from="11", people="2")
    form.editors["from_zone_id"].set_value(desk.fleet.zones["GIG"])
    form.editors["to_zone_id"].set_value(desk.fleet.zones["UH"])
    for field, typed, sentence in (
        ("drop_by", "11:10", "The ride takes about 30 min, so they arrive at 11:30"),
        ("people", "60", "No vehicle takes 60 passengers; the largest takes 25"),
        ("pickup_to", "10", "The latest pick-up comes after the earliest"),
        ("wheelchairs", "9", "There are more wheelchairs than people"),
        ("wheelchairs", "-1", "Wheelchairs are counted: zero or more"),
        ("luggage", "-2", "counted in pieces: zero or more"),
        ("day", "1 Jan 2020", "This day is over"),
    ):
        before = form.editors[field].typed()
        form.editors[field].set_typed(typed)
        desk.save()
        desk.still()
        where = {"day": "pickup_from"}.get(field, field)
        assert sentence in form._faults[where].words(), field
        form.editors[field].set_typed(before)
    form.editors["needs"].set_typed("4×4, ")  # as people write it, not as the fleet's list does
    desk.save()
    desk.gone()
    desk.until(lambda: desk.page.list.model.rowCount() == 1)
    ident = desk.page.list.model.id_at(0)
    desk.choose(ident)
    desk.until(lambda: [each.name for each in desk.page.card.suggested if each.fits] == ["UN 022 · Prado"])
    assert desk.page.card.card.due == "Head of unit"
    run("transport.approve")
    run("transport.approve")
    desk.until(lambda: state(sqlite_office, ident) is State.APPROVED)
    # The licence of the first driver has run out: the rules answer beside the field, nothing is half saved.
    past = PaperForm("permit", desk.midnight.date() - timedelta(days=90), desk.midnight.date() - timedelta(days=1))
    sqlite_office.write(add_paper, DRIVER, desk.fleet.drivers[0], past)
    desk.choose(ident)
    run("transport.choose")
    form = desk.form()
    form.editors["vehicle_id"].set_value(desk.fleet.vehicles[0])
    form.editors["driver_id"].set_value(desk.fleet.drivers[0])
    desk.save()
    desk.still()
    assert "needs 4x4; UN 041 has not" in form._faults["vehicle_id"].words()
    form.editors["vehicle_id"].set_value(desk.fleet.vehicles[1])
    desk.save()
    desk.still()
    assert "cannot be planned: UN driving permit ended on 23 Aug 2026" in form._faults["driver_id"].words()
    assert state(sqlite_office, ident) is State.APPROVED


def test_another_ticket_waits_until_the_readings_are_noted(desk, sqlite_office):
    """The return is open when the next car leaves: its ticket must not put another form there, nor be lost."""
    idents = [desk.ask(11), desk.ask(11.5)]
    codes = []
    for ident, vehicle in zip(idents, desk.fleet.vehicles, strict=False):
        version = sqlite_office.read(request_card, ident).version
        [trip] = sqlite_office.write(assign_request, ident, version, vehicle, None).ids
        codes.append(code_of(sqlite_office, "transport.trip", trip))
    desk.scan(codes[0])
    desk.until(lambda: state(sqlite_office, idents[0]) is State.ON_ROAD)
    desk.scan(codes[0])
    form = desk.form()
    desk.scan(codes[1])
    assert [scan.text for scan in desk.window.bench.feed._held] == [codes[1]]
    assert desk.form() is form
    assert state(sqlite_office, idents[1]) is State.PLANNED
    desk.scan(codes[0])
    desk.until(lambda: state(sqlite_office, idents[0]) is State.DONE)
    desk.gone()
    desk.until(lambda: state(sqlite_office, idents[1]) is State.ON_ROAD)
