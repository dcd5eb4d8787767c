"""What waits, on the Today page: the list, its verbs by the keyboard, resolving, live news, and the empty state."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select

from cbo_desk.compound import last_backup, note_backup
from cbo_desk.permissions import Actor, Role
from cbo_desk.property import AssetForm, State, change_state, receive_assets
from cbo_desk.property.custody import Kind, Order, hand_over_assets
from cbo_desk.reports import (
    Need,
    What,
    doings,
    leaving_needs,
    most_urgent_first,
    property_needs,
    setting_needs,
    tag_needs,
)
from cbo_desk.tags import Opened, keep_unknown_scan, note_scans, resolve, resolve_unknown_scan, unknown_scans
from cbo_desk.tags.unknown import link_unknown_scan
from db.people import Entity, Person
from tests.conftest import MORNING
from tests.writing import insert
from ui.kit.dialogs import FormBox
from ui.kit.fields import Pick
from ui.kit.preferences import LAST_DESK, Preferences
from ui.kit.states import State as PageState
from ui.kit.theme import apply_theme
from ui.today.urgency import in_words
from ui.today.words import worded
from ui.window import Window

KIND = "property.asset"


def some_assets(office, count=6, warranty=date(2026, 9, 10)):
    """A few laptops with tags that were never printed."""

    def fill(session):
        unep = Entity(code="UNEP", name="Environment")
        session.add(unep)
        session.flush()
        return int(unep.id)

    numbers = [f"UNEP-{1000 + n}" for n in range(count)]
    form = AssetForm(insert(office, fill), numbers[0], "Laptop", warranty_until=warranty)
    return list(office.write(receive_assets, form, numbers).ids)


# --- what waits, on both engines


def test_needs_are_counted_and_told_one_by_one_when_few(office, clock):
    ids = some_assets(office)
    office.write(change_state, ids[:2], State.MISSING, "Not in the room.")
    office.write(change_state, ids[2:], State.UNDER_REPAIR, "Broken.")
    office.write(keep_unknown_scan, "4006381333931")
    found = office.read(property_needs)
    missing = [need for need in found if need.what is What.MISSING]
    assert [(need.name, need.count, need.record_id) for need in missing] == [
        ("UNEP-1000", 1, ids[0]),
        ("UNEP-1001", 1, ids[1]),
    ]
    [repair] = [need for need in found if need.what is What.UNDER_REPAIR]
    assert (repair.count, repair.record_id) == (4, 0)
    [warranty] = [need for need in found if need.what is What.WARRANTY]
    assert (warranty.count, warranty.within, warranty.until) == (6, 30, date(2026, 9, 10))
    tags = office.read(tag_needs)
    assert [(need.what, need.count) for need in tags] == [(What.UNKNOWN_SCAN, 1), (What.NEVER_PRINTED, 6)]
    assert [need.what for need in most_urgent_first(found + tags)] == [
        What.UNKNOWN_SCAN, What.MISSING, What.MISSING, What.WARRANTY, What.UNDER_REPAIR, What.NEVER_PRINTED
    ]  # fmt: skip


@pytest.mark.parametrize(("days", "within"), [(0, 30), (30, 30), (31, 60), (60, 60), (61, 90), (90, 90), (91, 0)])
def test_a_warranty_is_told_in_its_own_thirty_days(office, clock, days, within):
    some_assets(office, 1, date(2026, 8, 24) + timedelta(days=days))
    found = [need.within for need in office.read(property_needs) if need.what is What.WARRANTY]
    assert found == ([within] if within else [])


def test_the_last_fortnight(office, clock):
    some_assets(office)
    for text in ("A", "B", "C"):
        office.write(keep_unknown_scan, text)
    clock.now += timedelta(days=1)
    office.write(keep_unknown_scan, "D")
    per_day = office.read(doings).per_day
    assert per_day["tags"][-2:] == (3, 1)
    assert per_day["property"][-2:] == (1, 0)
    assert sum(per_day["tags"]) == 4


def test_a_linked_scan_opens_its_asset_and_is_undone_whole(office, clock):
    [ident] = some_assets(office, 1)
    scan = office.write(keep_unknown_scan, "4006381333931").ids[0]
    done = office.write(link_unknown_scan, scan, KIND, ident)
    assert office.read(unknown_scans) == []
    assert office.read(resolve, "4006381333931").opened.record_id == ident
    office.write(done.undo.command, *done.undo.args)
    assert [line.text for line in office.read(unknown_scans)] == ["4006381333931"]
    assert office.read(resolve, "4006381333931").opened is None


def test_ages_in_words(qapp):
    spans = [timedelta(minutes=4), timedelta(minutes=78), timedelta(hours=3), timedelta(hours=7, minutes=9),
             timedelta(days=1), timedelta(days=20), timedelta(days=200)]  # fmt: skip
    assert [in_words(span) for span in spans] == [
        "4 min", "1 h 18 min", "3 h", "7 h", "1 day", "20 days", "7 months"
    ]  # fmt: skip
    fresh = worded(Need(What.NOT_SENT, "settings", 1, since=MORNING), MORNING + timedelta(seconds=20))
    assert fresh.status.word == "Just now"  # not "Waiting 0 min"


def test_what_is_lost_is_red_and_what_can_wait_grey(qapp, clock):
    lost = worded(Need(What.MISSING, "property", 1, "A-1", "Laptop", 7, date(2026, 8, 1)), clock.now)
    assert (lost.status.tone, lost.verb, lost.title) == ("bad", "Open", "A-1 is missing")
    printed = worded(Need(What.NEVER_PRINTED, "tags", 1204, since=clock.now), clock.now)
    assert (printed.status.tone, printed.verb, printed.title) == ("idle", "Print", "1,204 tags were never printed")


# --- on the screen


@pytest.fixture
def show(qapp, qtbot, tmp_path):
    apply_theme(qapp, "light", 1.0)
    opened = []

    def make(office):
        preferences = Preferences(tmp_path / "preferences.ini")
        preferences.set(LAST_DESK, "today")
        window = Window(office, preferences)
        opened.append(window)
        window.show()
        window.shell.activateWindow()
        qtbot.waitUntil(window.shell.isActiveWindow)
        return window

    yield make
    for window in opened:
        window.close()
        window.deleteLater()


def test_nothing_waits(show, qtbot, sqlite_office):
    page = show(sqlite_office).shell.page()
    qtbot.waitUntil(lambda: page.states.state is not None)
    assert page.states.state.heading.words() == "Nothing waits for you"
    assert page.summary.words() == "Nothing needs you just now"


def test_an_unknown_scan_is_kept_and_resolved_from_today_by_keys(show, qtbot, sqlite_office):
    ids = some_assets(sqlite_office)
    window = show(sqlite_office)
    page = window.shell.page()
    qtbot.waitUntil(lambda: [row.worded.need.what for row in page.needs.rows] == [What.WARRANTY, What.NEVER_PRINTED])
    window.bench.feed.put("keyboard", "4006381333931")
    qtbot.waitUntil(lambda: page.needs.rows[0].worded.need.what is What.UNKNOWN_SCAN)
    page.needs.setFocus()
    qtbot.keyClick(page.needs, Qt.Key.Key_Home)
    qtbot.keyClick(page.needs, Qt.Key.Key_Return)
    [box] = window.shell.findChildren(FormBox)
    box.save()
    assert box.form.editors["record"].input.property("faulty")
    box.form.editors["record"].set_value(Pick((KIND, ids[0]), "UNEP-1000"))
    box.save()
    qtbot.waitUntil(lambda: page.needs.rows[0].worded.need.what is What.WARRANTY)
    assert sqlite_office.read(resolve, "4006381333931").opened.record_id == ids[0]


def test_up_and_down_choose_and_enter_shows_what_waits(show, qtbot, sqlite_office):
    ids = some_assets(sqlite_office)
    sqlite_office.write(change_state, ids[:4], State.MISSING, "")
    window = show(sqlite_office)
    page = window.shell.page()
    qtbot.waitUntil(lambda: len(page.needs.rows) == 3)
    page.needs.setFocus()
    assert page.needs.chosen().need.what is What.MISSING
    qtbot.keyClick(page.needs, Qt.Key.Key_Down)
    assert page.needs.chosen().need.what is What.WARRANTY
    qtbot.keyClick(page.needs, Qt.Key.Key_Up)
    qtbot.keyClick(page.needs, Qt.Key.Key_Return)
    assert window.shell.desk() == "property"
    register = window.shell.page().register
    qtbot.waitUntil(lambda: register.model.rowCount() == 4)


def test_what_another_workstation_does_appears_by_itself(show, qtbot, sqlite_office):
    page = show(sqlite_office).shell.page()
    qtbot.waitUntil(lambda: page.states.state is not None)
    elsewhere = sqlite_office.signed_in(Actor("ben", "Ben", {"tags": Role.CLERK}, "DESK-2"))
    qtbot.waitUntil(lambda: sqlite_office._position is not None)  # it listens by now
    elsewhere.write(keep_unknown_scan, "CARTON-7")
    elsewhere.write(note_scans, Opened(KIND, 1, "UNEP-1", "Laptop"))
    qtbot.waitUntil(lambda: [row.worded.title for row in page.needs.rows] == ["Unknown tag CARTON-7"])
    qtbot.waitUntil(lambda: page.scans._shown is not None and len(page.scans._shown[0]) == 2)
    assert {scan.title for scan in page.scans._shown[0]} == {"CARTON-7", "UNEP-1"}


def test_a_viewer_of_one_desk_is_told_of_that_desk_alone(show, qtbot, sqlite_office):
    ids = some_assets(sqlite_office)
    sqlite_office.write(change_state, ids[:1], State.MISSING, "")
    viewer = sqlite_office.signed_in(Actor("eve", "Eve", {"property": Role.VIEWER}, "DESK-3"))
    shell = show(viewer).shell
    page = shell.page()
    qtbot.waitUntil(lambda: bool(page.needs.rows))
    assert {row.worded.need.desk for row in page.needs.rows} == {"property"}
    # Another desk says that it is not theirs, wherever in it they are led; it was an empty list, and a toast.
    for desk in ("mail", "transport", "conference", "places", "people"):
        shut = shell.go(desk)
        [why] = shut.findChildren(PageState)
        assert (why.heading.words(), why.isVisible()) == ("You have no role at this desk", True)
        assert shell.go(f"{desk}/further", "record:1") is shut
    assert shell.toasts.now is None
    assert not shell.go("property").shut


# --- one code scanned again and again


def test_a_code_scanned_again_and_again_stands_once_and_is_resolved_once(office, clock):
    for text in ("CARTON-7", "A", "CARTON-7", "CARTON-7"):
        office.write(keep_unknown_scan, text)
        clock.now += timedelta(minutes=10)
    carton, single = office.read(tag_needs)
    assert (carton.name, carton.count, single.name, single.count) == ("CARTON-7", 3, "A", 1)
    shown = worded(carton, clock.now)
    assert shown.title == "Unknown tag CARTON-7"
    assert shown.detail == "Scanned 3 times. Last: Today 09:30 at DESK-1 · ada."
    assert shown.status.word == "Waiting 40 min"
    done = office.write(resolve_unknown_scan, carton.record_id, "A carton.")
    assert len(done.ids) == 3
    assert [need.name for need in office.read(tag_needs)] == ["A"]
    office.write(done.undo.command, *done.undo.args)
    assert [(need.name, need.count) for need in office.read(tag_needs)] == [("CARTON-7", 3), ("A", 1)]


def test_linking_a_code_scanned_again_and_again_resolves_all_of_it_and_is_undone_whole(office):
    [ident] = some_assets(office, 1)
    scans = [office.write(keep_unknown_scan, "4006381333931").ids[0] for _ in range(3)]
    done = office.write(link_unknown_scan, scans[-1], KIND, ident)
    assert office.read(unknown_scans) == []
    office.write(done.undo.command, *done.undo.args)
    assert len(office.read(unknown_scans)) == 3


# --- the age of the last backup


def test_a_backup_is_due_after_a_week_and_no_more_once_it_is_made(office, clock, tmp_path):
    some_assets(office, 1)
    assert [need for need in office.read(setting_needs) if need.what is What.BACKUP] == []
    clock.now += timedelta(days=8)
    [due] = [need for need in office.read(setting_needs) if need.what is What.BACKUP]
    shown = worded(due, clock.now)
    assert (shown.title, shown.verb, shown.status.word) == ("A backup is due", "Back up", "8 days old")
    assert shown.detail == "None was made since the work began 24 Aug."
    office.write(note_backup)
    assert [need for need in office.read(setting_needs) if need.what is What.BACKUP] == []
    clock.now += timedelta(days=7)
    [due] = [need for need in office.read(setting_needs) if need.what is What.BACKUP]
    assert worded(due, clock.now).detail == "The last one was made 1 Sep. Keep copies on another disk."


def test_a_backup_is_written_down_for_every_workstation(sqlite_office, tmp_path):
    from cbo_desk.backup import backup

    some_assets(sqlite_office, 1)
    assert sqlite_office.read(last_backup) is None
    backup(sqlite_office, tmp_path / "one.backup")
    assert sqlite_office.read(last_backup) == sqlite_office._now()


def test_a_loan_that_is_late_is_red_and_leads_to_the_overdue_list(office, clock, qapp):
    ids = some_assets(office, warranty=None)

    def fill(session):
        unep = session.scalar(select(Entity.id))
        person = Person(entity_id=unep, entity_code="UNEP", family_name="Otieno", sort_name="Otieno, Grace")
        session.add(person)
        session.flush()
        return person.id

    person = insert(office, fill)
    order = Order(Kind.LEND, person, due_on=date(2026, 8, 25))
    office.write(hand_over_assets, ids[:1], order)
    assert office.read(leaving_needs) == []
    clock.now += timedelta(days=3)
    (need,) = office.read(leaving_needs)
    assert (need.name, need.detail, need.record_id) == ("UNEP-1000", "Laptop · Otieno, Grace", ids[0])
    told = worded(need, clock())
    assert (told.title, told.status.word, told.status.tone) == ("UNEP-1000 is not back from loan", "Late 2 days", "bad")
    order = Order(Kind.LEND, person, due_on=date(2026, 8, 27))
    office.write(hand_over_assets, ids[1:], order)
    clock.now += timedelta(days=3)
    (need,) = office.read(leaving_needs)
    assert worded(need, clock()).title == "6 loans are overdue"
