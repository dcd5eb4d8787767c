"""What holds for every page of the window holds for the pages of counts: names read aloud, longer words, the map."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QAccessible

import ui.property.counts
from cbo_desk.compound import set_map
from cbo_desk.property.verification import count_item, finish_room, mark_missing
from tests.ui.kit.test_gallery import clipped
from tests.ui.kit.test_languages import Longer
from tests.ui.kit.test_shell import focusables
from tests.ui.places.conftest import Hands
from tests.ui.test_every_page import test_no_words_are_written_into_the_code as no_words_in
from ui.kit.theme import apply_theme

MAP = """<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100" viewBox="0 0 200 100">
<g id="M"><rect id="M-214" x="10" y="10" width="40" height="30" fill="#EEF0F4"/>
<rect id="M-215" x="60" y="10" width="40" height="30" fill="#EEF0F4"/></g>
<rect id="S1" x="10" y="60" width="40" height="30" fill="#EEF0F4"/></svg>"""
FILES = sorted(Path(ui.property.counts.__file__).parent.glob("*.py"))


def pages(hands, made):
    """The three pages in turn, settled, with a scan in the counter's room."""
    shell = hands.window.shell
    shell.go("property")
    for name, detail in (("counts", ""), ("rooms", str(made.campaign)), ("counting", f"{made.campaign}:{made.m214}")):
        shell.go(f"property/{name}", detail)
        hands.still()
        if name == "counting":
            for text in (made.tag("A1"), made.tag("B1"), "KE-2207"):
                hands.window.bench.feed.put("keyboard", text)
            hands.until(lambda: hands.window.bench.feed.pending == 0)
            hands.still()
        yield name


def test_all_that_takes_the_focus_has_a_name(hands, made):
    for name in pages(hands, made):
        found = list(focusables(QAccessible.queryAccessibleInterface(hands.window.shell)))
        assert [" > ".join(path) for path, words, _child in found if not words.strip()] == [], name


@pytest.mark.parametrize(("size", "scale"), [((1440, 900), 1.0), ((1366, 768), 1.25)])
def test_nothing_is_clipped_even_in_longer_words(qapp, open_window, sqlite_office, made, qtbot, size, scale):
    longer = Longer()
    QCoreApplication.installTranslator(longer)
    try:
        window = open_window(sqlite_office, "property")
        apply_theme(qapp, "light", scale)
        window.shell.resize(*size)
        out = []
        for name in pages(Hands(qtbot, window), made):
            with contextlib.suppress(qtbot.TimeoutError):  # layouts settle in the event loop
                qtbot.waitUntil(lambda: not clipped(window.shell.page()), timeout=2000)
            out += [f"{name}: {one}" for one in clipped(window.shell.page())]
            assert window.shell.width() == size[0], name
        assert out == []
    finally:
        QCoreApplication.removeTranslator(longer)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_word_can_be_translated(file):
    no_words_in(file)


def test_the_map_is_coloured_by_how_far_rooms_are(counter, made, sqlite_office):
    sqlite_office.write(set_map, MAP)
    sqlite_office.write(count_item, made.campaign, made.m215, made.tag("B1"))
    sqlite_office.write(mark_missing, made.campaign, made.m215)
    sqlite_office.write(finish_room, made.campaign, made.m215)
    counter.window.shell.go("property")
    page = counter.window.shell.go("property/rooms", str(made.campaign))
    counter.hands.until(lambda: page.progress is not None and page.side.map.codes())
    counter.hands.still()
    marks = page.side.map._marks
    assert {code: mark.tone for code, mark in marks.items()} == {"M-214": "idle", "M-215": "warn", "S1": "idle"}
    assert marks["M-215"].said == "With differences · 4 / 4"
    at = page.side.map.box_of("M-215").center()
    assert page.side.map.code_at(QPointF(at)) == "M-215"
    page.side.map.opened.emit("M-215")
    counter.hands.until(lambda: page.list.chosen_ids() == [made.m215])
