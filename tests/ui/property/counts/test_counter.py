"""The counter's screen, by keyboard and scanner alone: every kind of find, mis-scans, closings in between."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from sqlalchemy import select

from cbo_desk.errors import Trouble
from cbo_desk.property.verification import (
    close_campaign,
    count_item,
    finish_room,
    mark_missing,
    progress_by_room,
    room_view,
)
from cbo_desk.tags import replace_tag, to_reprint, unknown_scans
from db.property import Asset
from db.verification import CampaignCount
from tests.writing import rows
from ui.kit.dialogs import ask
from ui.kit.scanning.held import HeldStrip
from ui.property.counts import watching

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def register(office):
    wanted = select(Asset.inventory_no, Asset.state, Asset.place_code, Asset.condition).order_by(Asset.id)
    return rows(office, wanted)


def type_number(counter, text):
    counter.window.shell.top.field.setFocus()
    counter.hands.type(text)
    counter.hands.press(Qt.Key.Key_Return)
    counter.hands.until(lambda: counter.window.bench.feed.pending == 0)
    counter.hands.still()


def test_a_room_from_its_door_to_the_next_one(counter, made, sqlite_office):
    before = register(sqlite_office)
    counter.begin(made.campaign)
    assert counter.said().startswith("No room yet | Scan a door")
    counter.scan(made.door("m214"))
    listed = counter.column("expected")
    assert listed[:4] == ["A1", "A2", "A3", "A4"]
    assert "Finish room M-214" in counter.page.finish_button.accessibleName()
    counter.hands.until(lambda: counter.page.side._here == "M-214")  # the map leads there in the first pause
    counter.scan(made.tag("A1"))
    assert counter.said().startswith("Found here")
    assert "Chair A | A1" in counter.said()
    counter.scan(made.tag("B1"))
    assert counter.said().startswith("Found elsewhere")
    assert "B1 is listed in M-215" in counter.said()
    type_number(counter, "a2")
    assert "Counted by its number; a tag is to be printed." in counter.said()
    assert made.A2 in {line.subject_id for line in sqlite_office.read(to_reprint)}
    counter.scan("KE-2207")
    assert counter.said().startswith("Unknown tag")
    counter.scan(made.badge)
    assert counter.said().startswith("For the supervisor")
    assert "| Lindqvist, Erik: this is the tag of a person, and no asset." in counter.said()
    assert counter.column("found") == ["A2", "A1"]
    assert counter.column("extra") == [made.badge[:60], "KE-2207", "B1"]
    counter.hands.press(Qt.Key.Key_F9)
    counter.hands.still()
    assert "still to be found in M-214" in counter.said()
    counter.hands.press(Qt.Key.Key_F8)
    counter.hands.still()
    assert counter.column("expected") == []
    assert len(counter.column("missing")) == len(listed) - 2
    counter.hands.press(Qt.Key.Key_F9)
    counter.hands.until(lambda: counter.said().startswith("Room counted"))
    counter.scan(made.door("m215"))
    assert counter.column("expected") == ["B2", "B3", "B4"]
    rooms = {room.code: room.state for room in sqlite_office.read(progress_by_room, made.campaign)}
    assert (rooms["M-214"], rooms["M-215"]) == ("counted", "counting")
    assert register(sqlite_office) == before  # nothing moves before a supervisor closes it


def test_a_burst_loses_nothing(counter, made, sqlite_office):
    counter.begin(made.campaign)
    numbers = [f"{letter}{n}" for letter in "ABC" for n in range(1, 5)]
    shown = []
    strip = counter.page.board.strip
    kept = strip.show_count
    strip.show_count = lambda changes: (shown.append(changes.line.inventory_no), kept(changes))
    counter.scan(made.door("m214"), *(made.tag(number) for number in numbers))
    assert shown == numbers
    wanted = select(CampaignCount.asset_id).where(CampaignCount.asset_id.is_not(None)).order_by(CampaignCount.id)
    assert [row[0] for row in rows(sqlite_office, wanted)] == [getattr(made, number) for number in numbers]
    counter.hands.until(lambda: not counter.page._read_pause.isActive())
    counter.hands.still()
    assert counter.page.view == sqlite_office.read(room_view, made.campaign, made.m214)


def test_what_the_screen_shows_at_once_is_what_the_room_says_when_it_is_read(counter, made, sqlite_office):
    page = counter.begin(made.campaign)
    counter.scan(made.door("m214"))
    for text in (made.tag("A1"), made.tag("B1"), "KE-1", made.tag("A1"), made.tag("B1"), made.badge, made.tag("A3")):
        counter.window.bench.feed._heard.clear()  # the same tag again is no repeat of the scanner here
        page._read_pause.stop()
        counter.scan(text)
        assert page.view == sqlite_office.read(room_view, made.campaign, made.m214), text


def test_a_wrong_scan_is_taken_back_and_put_back(counter, made):
    counter.begin(made.campaign)
    counter.scan(made.door("m214"), made.tag("A1"), made.tag("A2"))
    counter.hands.undo()
    counter.hands.until(lambda: counter.said().startswith("Taken back | A2 taken back."))
    counter.hands.until(lambda: counter.column("found") == ["A1"])
    counter.hands.undo()
    counter.hands.until(lambda: counter.column("found") == [])
    counter.hands.press(Qt.Key.Key_Z, CONTROL | SHIFT)
    counter.hands.until(lambda: counter.column("found") == ["A1"])
    counter.hands.undo()
    counter.hands.until(lambda: counter.column("found") == [])
    counter.hands.undo()
    counter.hands.until(lambda: "No scan of yours is left in this room." in counter.said())


def test_damage_is_said_by_a_key_and_taken_back(counter, made, sqlite_office):
    counter.begin(made.campaign)
    counter.scan(made.door("m214"), made.tag("A1"))
    counter.hands.press(Qt.Key.Key_F7)
    counter.hands.still()
    assert counter.said().startswith("Condition noted | A1: broken noted.")
    [line] = sqlite_office.read(room_view, made.campaign, made.m214).found
    assert line.condition == "broken"
    counter.hands.undo()
    counter.hands.still()
    [line] = sqlite_office.read(room_view, made.campaign, made.m214).found
    assert line.condition == ""
    counter.hands.press(Qt.Key.Key_F7, SHIFT)
    form = counter.hands.form()
    form.editors["condition"].set_value("poor")
    form.editors["note"].input.setFocus()
    counter.hands.type("one leg is loose")
    counter.hands.save()
    counter.hands.gone()
    counter.hands.still()
    [line] = sqlite_office.read(room_view, made.campaign, made.m214).found
    assert (line.condition, line.note) == ("poor", "one leg is loose")


def test_a_thing_without_its_tag_is_counted_from_the_list(counter, made):
    page = counter.begin(made.campaign)
    counter.scan(made.door("m214"))
    page.board.expected.view.setFocus()
    counter.hands.press(Qt.Key.Key_Down)
    counter.hands.press(Qt.Key.Key_Down)
    chosen = page.board.expected.chosen().inventory_no
    counter.hands.press(Qt.Key.Key_F6)
    counter.hands.still()
    assert counter.column("found") == [chosen]
    assert "Counted by its number" in counter.said()


def test_one_thing_is_marked_as_missing(counter, made):
    page = counter.begin(made.campaign)
    counter.scan(made.door("m215"))
    page.board.expected.view.setFocus()
    counter.hands.press(Qt.Key.Key_Down)
    counter.hands.press(Qt.Key.Key_F8, SHIFT)
    counter.hands.still()
    assert len(counter.column("missing")) == 1
    counter.hands.undo()
    counter.hands.still()
    assert counter.column("missing") == []


def test_a_key_that_needs_a_choice_or_a_scan_says_so_and_does_nothing_else(counter, made):
    counter.begin(made.campaign)
    counter.scan(made.door("m215"))
    counter.hands.press(Qt.Key.Key_F7)
    assert counter.said() == "Not done | Nothing was scanned yet | Scan the thing first, then say how it is."
    counter.scan(made.badge)
    for modifiers in (Qt.KeyboardModifier.NoModifier, SHIFT):
        counter.hands.press(Qt.Key.Key_F7, modifiers)
        assert counter.said().startswith("Not done | That was no thing")
    assert counter.window.shell._overlay is None
    for key, modifiers in ((Qt.Key.Key_F8, SHIFT), (Qt.Key.Key_F6, Qt.KeyboardModifier.NoModifier)):
        counter.scan(made.tag("B1"))
        counter.window.bench.feed._heard.clear()
        counter.hands.press(key, modifiers)
        counter.hands.still()
        assert counter.said().startswith("Not done | No thing is chosen | Choose it in Expected first")
    assert (counter.column("missing"), counter.column("found")) == ([], ["B1"])


def test_a_retired_tag_counts_and_says_so(counter, made, sqlite_office):
    old = made.tag("A1")
    sqlite_office.write(replace_tag, old, "Torn.")
    counter.begin(made.campaign)
    counter.scan(made.door("m214"), old)
    assert counter.column("found") == ["A1"]
    assert "Its tag is retired; the new one is to be printed and put on." in counter.said()


def test_a_scan_while_its_room_is_read_for_the_first_time_is_there_at_once(counter, made, sqlite_office):
    """The door and the first thing come in one breath: the room's answer may be older than the scan behind it."""
    page = counter.begin(made.campaign)
    before = sqlite_office.read(room_view, made.campaign, made.m214)
    counter.scan(made.door("m214"))
    page._read_pause.stop()
    page.view, page._reading = None, True  # its first reading is on its way
    counter.scan(made.tag("A1"))
    page._read_pause.stop()
    page._room_read((page.campaign_id, page.room_id), before)
    assert counter.column("found") == ["A1"]
    assert "A1" not in counter.column("expected")


def test_no_scan_moves_the_columns(counter, made):
    """What a scan changes is painted in its place: a window that is laid out anew takes longer than the saving."""
    page = counter.begin(made.campaign)
    counter.scan(made.door("m214"))
    columns = (page.board.expected, page.board.found, page.board.missing, page.board.extra)
    places = [column.geometry() for column in columns]
    assert len({column.width() for column in columns}) <= 2  # all alike, but for a pixel
    counter.scan(*(made.tag(f"A{n}") for n in range(1, 5)), made.tag("B1"), "KE-2207")
    assert [column.geometry() for column in columns] == places


def test_two_counters_meet_one_thing(counter, made, sqlite_office):
    counter.begin(made.campaign)
    sqlite_office.write(count_item, made.campaign, made.m215, made.tag("A1"))
    counter.scan(made.door("m214"), made.tag("A1"))
    counter.hands.until(lambda: "ada counted it in M-215 at" in counter.said())
    counter.hands.until(lambda: counter.column("found") == ["A1"])


def test_a_room_that_is_read_late_does_not_talk_over_the_scan(counter, made):
    page = counter.begin(made.campaign)
    counter.scan(made.door("m214"), made.tag("A1"))
    counter.hands.until(lambda: page.view is not None and not page._reading)
    view = page.view
    page.view = None  # as it was before the door's room was first read
    page._room_read((page.campaign_id, page.room_id), view)
    assert "A1" in counter.said()


def test_a_scan_without_a_room_is_told(counter, made):
    counter.begin(made.campaign)
    counter.scan(made.tag("A1"))
    assert "Scan a door first" in counter.said()


def test_the_campaign_is_closed_while_somebody_scans(counter, made, sqlite_office):
    counter.begin(made.campaign)
    counter.scan(made.door("m214"), made.tag("A1"))
    sqlite_office.write(close_campaign, made.campaign)
    counter.scan(made.tag("A2"), made.tag("A3"))
    assert "Count 2026 was closed by ada" in counter.said()
    assert "The scan is kept on the Today page." in counter.said()
    assert [line.text for line in sqlite_office.read(unknown_scans)] == [made.tag("A3"), made.tag("A2")]
    counter.hands.press(Qt.Key.Key_F9)
    counter.hands.still()
    assert "nothing in it can be changed any more" in counter.said()


def test_a_disk_that_refuses_loses_no_scan(counter, made, sqlite_office, monkeypatch):
    page = counter.begin(made.campaign)
    counter.scan(made.door("m214"))
    write = sqlite_office.write

    def refuse(command, *args):
        raise Trouble("The disk is full.")

    monkeypatch.setattr(sqlite_office, "write", refuse)
    counter.scan(made.tag("A1"), made.tag("A2"))
    assert "The disk is full. The scan is kept on this computer." in counter.said()
    assert page.board.waiting_bar.isVisible()
    assert page.waiting.count() == 2
    again = type(page.waiting)(page.bench, page)  # what another start of the program finds
    assert again.count() == 2
    monkeypatch.setattr(sqlite_office, "write", write)
    counter.scan(made.tag("A3"))
    counter.hands.until(lambda: page.waiting.count() == 0)
    counter.hands.still()
    view = sqlite_office.read(room_view, made.campaign, made.m214)
    assert {line.inventory_no for line in view.found} == {"A1", "A2", "A3"}
    assert not page.board.waiting_bar.isVisible()


@pytest.mark.parametrize("number", ["A1", "zz"])
def test_a_room_can_be_opened_without_its_door(counter, made, number):
    counter.begin(made.campaign)
    counter.hands.press(Qt.Key.Key_F4)
    counter.hands.form().editors["place"].input.setFocus()
    counter.hands.pick("M-214")
    counter.hands.save()
    counter.hands.gone()
    counter.hands.still()
    assert counter.column("expected")[0] == "A1"
    type_number(counter, number)
    assert counter.column("found") == (["A1"] if number == "A1" else [])
    assert ("zz" in counter.column("extra")) is (number == "zz")


def test_what_others_do_in_the_room_is_seen(counter, made, sqlite_office):
    page = counter.begin(made.campaign)
    counter.scan(made.door("m215"))
    for number in ("B1", "B2", "B3"):
        sqlite_office.write(count_item, made.campaign, made.m215, made.tag(number))
    sqlite_office.write(mark_missing, made.campaign, made.m215)
    sqlite_office.write(finish_room, made.campaign, made.m215)
    page._later()  # what the runner's ear orders once a second
    counter.hands.until(lambda: counter.column("missing") == ["B4"])
    assert counter.column("found") == ["B3", "B2", "B1"]


def test_a_thing_scanned_while_a_form_is_open_waits_and_is_counted_afterwards(counter, made):
    """F9 asks for the condition of the last scan; the next thing must not become the last one behind it."""
    counter.begin(made.campaign)
    counter.scan(made.door("m214"), made.tag("A1"))
    counter.window.shell.actions_.run("property.counts.condition")
    counter.hands.form()
    counter.scan(made.tag("A2"))
    shell = counter.window.shell
    counter.hands.until(lambda: [strip.isVisible() for strip in shell.findChildren(HeldStrip)] == [True])
    assert counter.page.last.inventory_no == "A1"
    assert "A2" not in counter.column("found")
    counter.hands.save()
    counter.hands.gone()
    counter.hands.until(lambda: counter.page.last.inventory_no == "A2")
    assert {"A1", "A2"} <= set(counter.column("found"))
    # A door that is scanned into the form for a room chooses it.
    shell.actions_.run("property.counts.go_room")
    form = counter.hands.form()
    counter.scan(made.door("m215"))
    counter.hands.until(lambda: form.editors["place"].line.text() == "M-215")
    counter.hands.save()
    counter.hands.gone()
    counter.hands.until(lambda: counter.page.room_id == made.m215)


def test_a_thing_scanned_while_closing_is_asked_is_counted_when_nothing_is_closed(counter, made):
    counter.begin(made.campaign)
    counter.scan(made.door("m214"))
    run: list[int] = []
    ask(counter.window.shell, "Close it?", "A closed count can never be changed again.", "Close", lambda: run.append(1))
    counter.scan(made.tag("A1"))
    assert "A1" not in counter.column("found")
    counter.hands.press(Qt.Key.Key_Escape)
    counter.hands.gone()
    counter.hands.until(lambda: "A1" in counter.column("found"))
    assert run == []


def test_in_a_burst_only_what_others_did_is_read_before_a_pause(qtbot, window, monkeypatch):
    """One's own scans are shown already; reading a store of thousands takes the time of several scans."""
    instant = [100.0]
    monkeypatch.setattr(watching, "monotonic", lambda: instant[0])
    pause = watching.ReadPause(lambda: None, window, 60_000)
    put_off = []
    monkeypatch.setattr(pause, "start", lambda: (put_off.append(instant[0]), QTimer.start(pause)))
    pause.later()
    instant[0] += 3600
    pause.later()
    assert put_off == [100.0, 3700.0]  # nobody else counts: the pause is waited for
    pause.later(watching.LATEST_S)
    instant[0] += watching.LATEST_S - 1
    pause.later()
    instant[0] += 1
    pause.later()  # somebody else does: no longer put off
    pause.later(watching.LATEST_S)
    assert put_off == [100.0, 3700.0, 3700.0, 3704.0]
    pause.stop()
