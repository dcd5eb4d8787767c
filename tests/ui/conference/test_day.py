"""A booking clerk's day by the keyboard alone: book, move, confirm, cancel, undo."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt

from cbo_desk.conference import BookingForm, Status, book, booking_card, cancel_bookings
from cbo_desk.context import local
from cbo_desk.places import PlaceForm, add_place
from tests.ui.conference.conftest import at, slot
from ui.conference.bringing import bring_in
from ui.conference.door import DoorWindow
from ui.kit.fields import Pick


def card(clerk, name):
    return clerk.window.runner.office.read(booking_card, clerk.rooms.bookings[name])


def test_the_day_is_booked_moved_and_confirmed_by_keys(clerk):
    clerk.until(lambda: clerk.page.card.card is not None)
    assert clerk.page.card.card.row.title == "Urban forum", "what is held is first"
    clerk.until(lambda: len(clerk.page.card.checks._rows) >= 3)
    # Below: Committee and budget at ten, the forum if it is confirmed; who comes from outside is told apart.
    people = clerk.page.view.people
    clerk.until(lambda: people.words()[1:] == ["Now 0", "Peak 560 at 15:00", "Ceiling 6,500"])
    ten = next(each for each in people._day.points if each.at == at(10))
    assert (ten.firm, ten.held, ten.visitors) == (534, 0, 10)
    clerk.board.setFocus()
    clerk.press(Qt.Key.Key_C)
    clerk.still()
    assert card(clerk, "Urban forum").row.status is Status.CONFIRMED
    assert "confirmed" in clerk.told()

    clerk.board.choose(clerk.rooms.bookings["Budget review"])
    clerk.page.show_booking(clerk.rooms.bookings["Budget review"])
    clerk.still()
    clerk.board.setFocus()
    clerk.press(Qt.Key.Key_M)
    clerk.press(Qt.Key.Key_Up)
    clerk.press(Qt.Key.Key_Right)
    clerk.press(Qt.Key.Key_Return)
    clerk.still()
    moved = card(clerk, "Budget review")
    assert (moved.space_name, f"{local(moved.row.starts):%H:%M}") == ("Room 3", "10:15")
    clerk.undo()
    clerk.still()
    assert card(clerk, "Budget review").space_name == "Room 4"

    clerk.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    form = clerk.form()
    clerk.type("Wetlands")
    form.set_values(
        {"people": 41, "kind": "boardroom", "space_id": clerk.rooms.spaces["R3"], "starts": "9", "ends": "11:30"}
    )
    clerk.save()
    clerk.gone()
    clerk.until(lambda: clerk.page.card.card is not None and clerk.page.card.card.row.title == "Wetlands")
    assert clerk.page.card.card.row.status is Status.HOLD


def test_what_is_opened_from_a_list_is_on_the_card_though_the_keys_come_to_the_board_before_it(clerk):
    office = clerk.window.runner.office
    later = office.write(book, BookingForm("Later", 20, kind="boardroom"), slot(9, 12, 3), clerk.rooms.spaces["R4"])
    for ident, day in ((later.ids[0], date(2026, 8, 27)), (clerk.rooms.bookings["Budget review"], date(2026, 8, 24))):
        clerk.page.show_view("bookings")
        clerk.still()
        clerk.page.views["day"].timeline.choose(None)
        clerk.page.view.list.table.setFocus()
        clerk.window.bench.open_record("conference.booking", ident)
        clerk.until(lambda day=day: clerk.page.day == day and clerk.page.views["day"].board.first == day)
        clerk.still()
        assert clerk.page.card.card.row.id == ident
        assert clerk.page.view.chosen_ids() == [ident]
        clerk.press(Qt.Key.Key_E)
        clerk.form()
        assert clerk.page.card.card.row.reference in clerk.window.shell._overlay.box.accessibleName()
        clerk.press(Qt.Key.Key_Escape)
        clerk.gone()


def test_what_stands_in_the_way_is_said_while_it_is_in_hand_and_nothing_moves(clerk):
    clerk.board.choose(clerk.rooms.bookings["Budget review"])
    clerk.page.show_booking(clerk.rooms.bookings["Budget review"])
    clerk.still()
    clerk.board.setFocus()
    clerk.press(Qt.Key.Key_M)
    for _ in range(22):
        clerk.press(Qt.Key.Key_Right)
    assert "Urban forum" in clerk.board.carry.clash
    clerk.press(Qt.Key.Key_Return)
    clerk.still()
    assert f"{local(card(clerk, 'Budget review').row.starts):%H:%M}" == "10:00"
    clerk.press(Qt.Key.Key_Escape)
    assert clerk.board.carry.shown() is None


def test_week_month_and_lists_show_the_same_bookings(clerk):
    for view in ("week", "month"):
        clerk.page.show_view(view)
        clerk.still()
        assert {bar.key for bar in clerk.board.bars()} == set(clerk.rooms.bookings.values())
    for view, count in (("bookings", 3), ("holds", 1), ("waitlist", 0)):
        clerk.page.show_view(view)
        clerk.still()
        assert clerk.page.view.list.model.rowCount() == count


def test_teams_are_ticked_for_a_booking_and_one_in_use_says_by_whom(clerk):
    one, two = clerk.rooms.teams
    clerk.page.show_booking(clerk.rooms.bookings["Budget review"])
    clerk.still()
    clerk.run("units")
    clerk.form().set_values({f"unit{one}": True})
    clerk.save()
    clerk.gone()
    assert [name for _, name in card(clerk, "Budget review").units] == ["EN-FR 1"]
    clerk.page.show_booking(clerk.rooms.bookings["Governing committee"])
    clerk.still()
    clerk.run("units")
    form = clerk.form()
    boxes = {name: editor.box.text() for name, editor in form.editors.items()}
    assert "with B-000002 Budget review" in boxes[f"unit{one}"]
    assert "with" not in boxes[f"unit{two}"]
    form.set_values({f"unit{one}": True, f"unit{two}": True})
    clerk.save()
    assert "EN-FR 1 is with B-000002 Budget review then" in clerk.fault(f"unit{one}")
    assert card(clerk, "Governing committee").units == ()


def test_a_closed_window_strikes_no_more(clerk):
    """The answer of a stroke that was under way when the window closed winds nothing up again."""
    lapsing = clerk.window.lapsing
    lapsing.stop()
    lapsing.start()
    lapsing._strike()
    lapsing.stop()
    clerk.until(lambda: not lapsing.busy)
    assert not lapsing._timer.isActive()


def test_a_view_of_bookings_is_kept_with_its_words_and_shown_again(clerk):
    clerk.page.show_view("bookings")
    clerk.still()
    view = clerk.page.view
    view.views.choose("past")
    clerk.still()
    assert view.list.model.rowCount() == 0, "all three are today"
    view.views.choose("coming")
    clerk.page.filter_box.setText("Budget")
    clerk.until(lambda: view.list.model.rowCount() == 1)
    clerk.run("bookings.keep_view")
    clerk.form().set_values({"name": "Budgets"})
    clerk.save()
    clerk.gone()
    clerk.page.filter_box.clear()
    view.views.choose("all")
    clerk.until(lambda: view.list.model.rowCount() == 3)
    view.views.choose("saved:Budgets")
    clerk.until(lambda: view.list.model.rowCount() == 1)
    assert (clerk.page.filter_box.text(), view.within) == ("Budget", "coming")


def test_spaces_are_filtered_sorted_edited_retired_and_brought_back(clerk):
    clerk.page.show_view("spaces")
    clerk.still()
    view, ident = clerk.page.view, clerk.rooms.spaces["R3"]
    office = clerk.window.runner.office
    site = office.write(add_place, PlaceForm("G", "site", "Compound")).ids[0]
    block = office.write(add_place, PlaceForm("M", "building", "Block M"), site).ids[0]
    door = office.write(add_place, PlaceForm("M-118", "room", "Room 118"), block).ids[0]
    clerk.page.filter_box.setText("room 3")
    clerk.until(lambda: view.list.model.rowCount() == 3)  # Room 3, Rooms 2+3, Rooms 2+3+4
    clerk.page.filter_box.clear()
    clerk.until(lambda: view.list.model.rowCount() == 6)
    view.list._sort_by(1)
    clerk.until(lambda: view.list.model.id_at(0) == clerk.rooms.spaces["HALL-A"])
    view.list.show_record(ident)
    clerk.until(lambda: view.shown is not None and view.shown.id == ident)
    clerk.run("edit_space")
    clerk.form().set_values({"name": "", "booths": 3, "features": "streaming, accessible"})
    clerk.save()
    assert clerk.fault("name")
    form = clerk.form()
    form.set_values({
        "name": "Room Three", "booths": 3, "features": "streaming, accessible", "equipment": "Recording, projector",
        "place": Pick(door, "M-118"),
    })  # fmt: skip
    clerk.save()
    clerk.gone()
    clerk.until(lambda: view.shown.name == "Room Three")
    shown = view.shown
    assert (shown.booths, shown.features, shown.equipment) == (3, "accessible streaming", "projector, recording")
    assert (shown.place_id, shown.place, "Block M" in shown.where) == (door, "M-118", True)
    clerk.undo()
    clerk.until(lambda: view.shown.name == "Room 3")
    assert (view.shown.place_id, view.shown.equipment) == (None, "")
    clerk.run("retire_space")
    clerk.until(lambda: view.list.model.rowCount() == 5)
    view.views.choose("all")
    clerk.until(lambda: view.list.model.rowCount() == 6)
    clerk.undo()
    clerk.until(lambda: not view.shown.retired)


def test_a_calendar_brought_in_says_what_was_saved_and_what_not_and_why(clerk, tmp_path):
    def event(uid, title, room, start, end):
        return (
            f"BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:{title}\r\nLOCATION:{room}\r\nDTSTAMP:20260801T000000Z\r\n"
            f"DTSTART:20260825T{start:02}0000Z\r\nDTEND:20260825T{end:02}0000Z\r\nEND:VEVENT\r\n"
        )

    soil = ("1", "Soil", "R2", 7, 9)
    events = [soil, ("2", "Water", "R2", 8, 10), ("3", "Air", "R22", 7, 9), ("4", "Ice", "R3", 7, 9)]
    file = tmp_path / "week.ics"
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//T//EN\r\n"
    file.write_text(head + "".join(event(*each) for each in events) + "END:VCALENDAR\r\n", newline="")
    bring_in(clerk.page.bench, clerk.page, file)
    clerk.until(lambda: clerk.window.shell._overlay is not None)
    box = clerk.window.shell._overlay.box
    assert box.summary.words() == "2 bookings saved · 2 not saved"
    told = {row.title: (row.room, row.why) for row in box.model.rows}
    assert told["Air"][0] == "R22"
    assert "No space is called R22. Is it R2?" in told["Air"][1]
    assert "taken by" in told["Water"][1]
    assert "overlaps Soil in the file itself" in told["Water"][1]
    box.close_it()
    clerk.gone()
    clerk.undo()
    broken = tmp_path / "broken.ics"
    broken.write_text("hello")
    bring_in(clerk.page.bench, clerk.page, broken)
    clerk.until(lambda: "neither an iCalendar file" in clerk.told())
    assert clerk.window.shell._overlay is None


def test_the_sign_on_a_door_follows_the_clock_and_what_is_changed(clerk, clock):
    clerk.page.show_view("spaces")
    clerk.still()
    view, ident = clerk.page.view, clerk.rooms.spaces["R4"]
    view.list.show_record(ident)
    clerk.until(lambda: view.shown is not None and view.shown.id == ident)
    clerk.run("show_door")
    [sign] = view.findChildren(DoorWindow)
    clerk.until(lambda: sign.sign is not None)
    begins = clock.now
    assert sign.lines()[2:] == ["Free now", "10:00–11:45  Budget review", "15:00–18:00  Urban forum · Rooms 2+3+4"]
    clock.now = card(clerk, "Budget review").row.starts
    sign.renew()
    assert sign.lines()[2:4] == ["Budget review", "10:00–11:45"]
    assert "Budget review" in sign.accessibleName()
    assert not sign.grab().isNull()
    clock.now = begins
    clerk.window.runner.write(cancel_bookings, [clerk.rooms.bookings["Budget review"]])
    clerk.until(lambda: "Budget review" not in " ".join(sign.lines()))
    clerk.qtbot.keyClick(sign, Qt.Key.Key_Escape)
    assert not sign.isVisible()
