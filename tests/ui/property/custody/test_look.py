"""What holds for every page of custody: help, names read aloud, nothing clipped in longer words or larger text."""

from __future__ import annotations

import contextlib

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAccessible

from cbo_desk.property.custody import Kind, Order, hand_over_assets
from tests.conftest import MORNING
from tests.ui.kit.test_gallery import clipped
from tests.ui.kit.test_languages import Longer
from tests.ui.kit.test_shell import focusables
from ui.kit.shipped import SHIPPED
from ui.kit.theme import apply_theme
from ui.property.custody.sign_box import open_sign_box

PAGES = ("property/handover", "property/custody", "property/own")


@pytest.fixture
def filled(window, shop, scan, sqlite_office):
    """A trolley with good and refused lines, a loan, and handovers."""
    order = Order(Kind.LEND, shop.erik, due_on=MORNING.date())
    sqlite_office.write(hand_over_assets, [shop.assets["L10"]], order)
    window.shell.go("property")
    window.shell.go("property/handover")
    scan(shop.badge, shop.tag("L00"), shop.tag("L10"), "NOSUCHTAG")
    return shop


def pages(window, qtbot):
    runner = window.runner
    for name in PAGES:
        page = window.shell.go(name)
        qtbot.waitUntil(lambda: not any(q.busy for q in (runner._reads, runner._walks, runner._jobs)))
        yield name, page


def test_each_page_has_its_help_and_names(window, filled, qtbot):
    unnamed = []
    for name, page in pages(window, qtbot):
        assert (SHIPPED / "help" / f"{page.help_page}.md").is_file(), name
        for path, said, _child in focusables(QAccessible.queryAccessibleInterface(window.shell)):
            unnamed += [] if said.strip() else [f"{name}: {' > '.join(path)}"]
    assert unnamed == []


@pytest.mark.parametrize(("size", "scale"), [((1440, 900), 1.0), ((1366, 768), 1.25)])
def test_nothing_is_clipped(qapp, window, filled, qtbot, size, scale):
    longer = Longer()
    QCoreApplication.installTranslator(longer)
    try:
        apply_theme(qapp, "light", scale)
        window.shell.resize(*size)
        out = []
        for name, page in pages(window, qtbot):
            with contextlib.suppress(qtbot.TimeoutError):
                qtbot.waitUntil(lambda page=page: not clipped(page), timeout=2000)
            out += [f"{name}: {one}" for one in clipped(page)]
        assert out == []
        assert window.shell.width() == size[0]
    finally:
        QCoreApplication.removeTranslator(longer)
        apply_theme(qapp, "light", 1.0)


def test_the_box_to_sign_is_named_and_whole(window, filled, qtbot):
    box = open_sign_box(window.bench, 1, "HO-0001", "Lindqvist, Erik", 1)
    found = list(focusables(QAccessible.queryAccessibleInterface(window.shell)))
    assert [path for path, said, _child in found if not said.strip()] == []
    assert clipped(box) == []
    box.closed.emit()
