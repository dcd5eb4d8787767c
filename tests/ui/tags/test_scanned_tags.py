"""Scans while the print window is in front: their tags are printed too, and nothing opens behind it."""

from __future__ import annotations

from sqlalchemy import select

from cbo_desk.tags import tags_of
from db.places import Place
from tests.ui.tags.conftest import KIND
from tests.writing import rows
from ui.tags.print_window import open_print_window


def test_a_scan_adds_its_tag_to_the_print(window, sqlite_office, asset_ids, qtbot):
    box = open_print_window(window.bench, KIND, asset_ids[:2])
    qtbot.waitUntil(lambda: len(box.choice.lines()) == 2)
    shown = window.shell.page().register.card.card.id
    [third] = sqlite_office.read(tags_of, KIND, [asset_ids[5]])
    window.bench.feed.put("keyboard", third.code)
    qtbot.waitUntil(lambda: [line.tag_id for line in box.choice.lines()][2:] == [third.tag_id])
    assert window.shell._overlay is not None
    assert window.shell.page().register.card.card.id == shown


def test_a_door_or_an_unknown_code_is_told_and_not_added(window, sqlite_office, asset_ids, qtbot):
    box = open_print_window(window.bench, KIND, asset_ids[:1])
    qtbot.waitUntil(lambda: len(box.choice.lines()) == 1)
    [(door,)] = rows(sqlite_office, select(Place.id).limit(1))
    code = sqlite_office.read(tags_of, "places.place", [door])[0].code
    outcomes = []
    window.bench.feed.finished.connect(lambda _scan, outcome: outcomes.append(outcome))
    window.bench.feed.put("keyboard", code)
    window.bench.feed.put("keyboard", "NOBODY-KNOWS")
    qtbot.waitUntil(lambda: len(outcomes) == 2)
    assert "another kind" in outcomes[0].words
    assert not any(outcome.good for outcome in outcomes)
    assert len(box.choice.lines()) == 1
