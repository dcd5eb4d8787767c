"""A count from its opening to its report, by a supervisor with a keyboard: the list, the form, rooms, closings."""

from __future__ import annotations

import openpyxl
import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from cbo_desk.property.verification import (
    CampaignList,
    Scope,
    campaign_card,
    count_item,
    finish_room,
    mark_missing,
    open_campaign,
)
from db.property import Asset
from tests.ui.places.conftest import viewer
from tests.ui.property.test_list import type_file
from tests.writing import rows

CONTROL = Qt.KeyboardModifier.ControlModifier


def places(office):
    return dict(rows(office, select(Asset.inventory_no, Asset.place_code)))


def states(office):
    return dict(rows(office, select(Asset.inventory_no, Asset.state)))


@pytest.fixture
def page(counter, made):
    """The list of campaigns, with the first one chosen."""
    counter.window.shell.go("property")
    page = counter.window.shell.go("property/counts")
    counter.hands.until(lambda: page.progress is not None)
    counter.hands.still()
    return page


def answer(hands):
    """Say yes to the question in front, by the keyboard."""
    hands.until(lambda: hands.window.shell._overlay is not None)
    box = hands.window.shell._overlay.box
    assert QApplication.focusWidget() is box.cancel_button
    said = box.findChildren(type(box.cancel_button))
    hands.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is box.verb_button, said
    hands.press(Qt.Key.Key_Space)
    hands.gone()
    hands.still()


def consequence(hands):
    hands.until(lambda: hands.window.shell._overlay is not None)
    labels = hands.window.shell._overlay.box.findChildren(type(hands.window.shell.page().title))
    return " ".join(label.words() for label in labels)


def test_a_count_is_opened_over_one_building(counter, page, made, sqlite_office):
    hands = counter.hands
    hands.press(Qt.Key.Key_N, CONTROL)
    form = hands.form()
    hands.until(lambda: "assets in" in form.editors["percent"].understood.words())
    hands.type("Block M only")
    hands.press(Qt.Key.Key_Tab)
    hands.pick("Block M")
    hands.until(lambda: "11 assets in 2 rooms" in form.editors["percent"].understood.words())
    hands.save()
    hands.gone()
    hands.until(lambda: page.progress.card.line.name == "Block M only")
    card = page.progress.card
    assert (card.line.expected, card.rooms, card.left) == (11, 2, 11)
    assert page.list.model.rowCount() == 2


def test_a_sample_of_nothing_is_refused_beside_its_field(counter, page):
    hands = counter.hands
    hands.press(Qt.Key.Key_N, CONTROL)
    form = hands.form()
    form.editors["percent"].input.setFocus()
    hands.type("0")
    hands.save()
    assert hands.fault("percent") == "A sample is more than 0 and at most 100 per cent."


def test_the_flow_of_a_count(counter, page, made, sqlite_office, tmp_path):
    hands = counter.hands
    page.list.table.setFocus()
    hands.press(Qt.Key.Key_C)
    hands.still()
    counter.scan(made.door("m215"), made.tag("B1"), made.tag("B2"), made.tag("A1"))
    hands.press(Qt.Key.Key_F8)
    hands.still()
    hands.press(Qt.Key.Key_F9)
    hands.still()
    before = places(sqlite_office)
    counter.window.shell.go("property/counts")
    page.list.table.setFocus()
    hands.press(Qt.Key.Key_R)
    rooms = counter.window.shell.page()
    hands.until(lambda: rooms.progress is not None)
    hands.still()
    rooms.list.show_record(made.m215)
    hands.until(lambda: rooms.list.chosen_ids() == [made.m215])
    rooms.list.table.setFocus()
    hands.press(Qt.Key.Key_X)
    told = consequence(hands)
    assert "Close M-215?" in told
    assert "1 place is corrected, 2 assets go missing, 0 are broken." in told
    assert places(sqlite_office) == before
    answer(hands)
    hands.until(lambda: places(sqlite_office)["A1"] == "M-215")
    assert {number for number, state in states(sqlite_office).items() if state == "missing"} >= {"B3", "B4"}
    counter.window.shell.go("property/counts")
    page.list.table.setFocus()
    hands.press(Qt.Key.Key_X)
    assert "are neither found nor marked as missing" in consequence(hands)
    answer(hands)
    hands.until(lambda: sqlite_office.read(campaign_card, made.campaign).line.closed_by == "ada")
    assert "Count 2026 closed" in hands.told()
    reports(hands, page, sqlite_office, tmp_path)


def pdf_words(path):
    """All the words of a PDF."""
    document = pypdfium2.PdfDocument(path)
    try:
        return " ".join(document[page].get_textpage().get_text_range() for page in range(len(document)))
    finally:
        document.close()


def reports(hands, page, office, folder):
    """Write the report to both kinds of file, as the dialog asks for it."""
    for name in ("count.pdf", "count.xlsx"):
        page.list.table.setFocus()
        hands.press(Qt.Key.Key_P)
        type_file(hands.qtbot, folder / name)
        hands.until((folder / name).exists)
        hands.until(lambda name=name: hands.told().endswith(f" written to {name}"))
    words = pdf_words(folder / "count.pdf")
    assert "B3" in words
    assert "reconciliation" in words
    sheet = openpyxl.load_workbook(folder / "count.xlsx").active
    found = {row[1]: row[0] for row in sheet.iter_rows(values_only=True)}
    assert (found["B1"], found["B3"], found["A1"], found["C1"]) == (
        "Found here", "Missing", "Found elsewhere", "Not counted"
    )  # fmt: skip


def test_lists_are_narrowed_and_written_to_files(counter, page, made, sqlite_office, tmp_path):
    hands = counter.hands
    for name in ("Store", "Yard", "Attic"):
        sqlite_office.write(open_campaign, name, Scope(place_ids=(made.store,)))
    page.list.refresh()
    hands.still()
    hands.press(Qt.Key.Key_Slash)
    hands.type("att count-0004")
    hands.until(lambda: page.list.model.rowCount() == 1)
    page.filter_box.clear()
    page.views.choose("closed")
    hands.until(lambda: page.list.model.rowCount() == 0)
    page.views.choose("open")
    hands.until(lambda: page.list.model.rowCount() == 4)
    counter.window.shell.actions_.run("property.counts.export")
    type_file(hands.qtbot, tmp_path / "counts.csv")
    hands.until((tmp_path / "counts.csv").exists)
    hands.still()
    text = (tmp_path / "counts.csv").read_text("utf-8-sig")
    assert [line.split(",")[1] for line in text.splitlines()[1:]] == ["Attic", "Yard", "Store", "Count 2026"]
    rooms_to_file(counter, made, sqlite_office, tmp_path)


def rooms_to_file(counter, made, office, folder):
    """The rooms of a campaign, narrowed to those that are counted."""
    hands = counter.hands
    office.write(count_item, made.campaign, made.m215, made.tag("B1"))
    office.write(mark_missing, made.campaign, made.m215)
    office.write(finish_room, made.campaign, made.m215)
    rooms = counter.window.shell.go("property/rooms", str(made.campaign))
    hands.until(lambda: rooms.list.model.rowCount() == 3)
    rooms.views.choose("counted")
    hands.until(lambda: rooms.list.model.rowCount() == 1)
    counter.window.shell.actions_.run("property.counts.export_rooms")
    type_file(hands.qtbot, folder / "rooms.csv")
    hands.until((folder / "rooms.csv").exists)
    hands.still()
    [_head, line] = (folder / "rooms.csv").read_text("utf-8-sig").splitlines()
    assert line.split(",") == ["M-215", "M", "M-2", "4", "1", "0", "3", "0", "counted", "ada"]


def test_a_viewer_looks_and_changes_nothing(open_window, sqlite_office, made, qtbot):
    window = open_window(sqlite_office.signed_in(viewer()), "property")
    window.shell.go("property")
    page = window.shell.go("property/counts")
    qtbot.waitUntil(lambda: page.progress is not None)
    ids = {action.id for action in window.shell.actions_.all()}
    assert {"property.counts.rooms", "property.counts.report", "property.schedule", "property.papers"} <= ids
    assert not {"property.counts.open", "property.counts.close", "property.counts.count", "property.edit"} & ids


def test_the_newest_campaign_comes_first(sqlite_office, made, clock):
    from datetime import timedelta

    for number in range(3):
        clock.now += timedelta(hours=1)
        sqlite_office.write(open_campaign, f"Later {number}", Scope())
    listing = CampaignList()
    names = [line.row.name for line in sqlite_office.read(listing.first)]
    assert names == ["Later 2", "Later 1", "Later 0", "Count 2026"]


def test_what_was_counted_meanwhile_stands_on_the_card(counter, page, made):
    """Who comes back from counting saw the card as it was before: a page that is not shown had not listened."""
    hands = counter.hands
    page.list.table.setFocus()
    hands.press(Qt.Key.Key_C)
    hands.still()
    counter.scan(made.door("m215"), made.tag("B1"))
    hands.press(Qt.Key.Key_F8)
    hands.still()
    hands.press(Qt.Key.Key_F9)
    hands.until(lambda: counter.said().startswith("Room counted"))
    hands.still()
    counter.window.shell.go("property/counts")
    hands.until(lambda: page.progress.card.rooms_counted == 1)


def test_a_key_counts_in_what_is_chosen_while_its_card_is_still_on_its_way(counter, page, made, sqlite_office):
    other = sqlite_office.write(open_campaign, "Another", Scope()).ids[0]
    counter.hands.still()
    assert page.progress.card.line.id == made.campaign
    page._choose(other)  # the card of the first is still shown
    page._close()
    assert counter.window.shell._overlay is None
    counter.window.shell.actions_.run("property.counts.count")
    assert counter.window.shell.page().campaign_id == other
