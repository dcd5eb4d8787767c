"""What LOOK asks of every window, held on every desk and every further page: the ones that come later too."""

from __future__ import annotations

import contextlib

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from tests.ui.kit.test_gallery import clipped
from tests.ui.kit.test_languages import Longer
from tests.ui.kit.test_shell import focusables
from tests.ui.places.conftest import Hands, furnish, hands, made, open_window, window
from ui.kit.shipped import SHIPPED
from ui.kit.theme import apply_theme

__all__ = ["furnish", "hands", "made", "open_window", "window"]

SMALLEST = 24
"""Pixels of a target's shorter side."""


VIEWS = {
    "places": ("map",),
    "people": ("entities",),
    "conference": ("week", "month", "season", "find", "bookings", "holds", "waitlist", "spaces", "project", "use"),
}
"""Of a desk whose page has several faces, those behind the first."""
PANELS = ("database", "accounts", "dated", "printers", "scanner", "look")


def every_page(hands, further=""):
    """Every desk with its views, the settings with their panels, and every further page whose name begins with
    `further`; each in front and settled."""
    shell = hands.window.shell

    def settled():
        hands.still()
        QCoreApplication.processEvents()  # what was put in by an answer is laid out only now

    for name in (*shell.desks, "settings"):
        page = shell.go(name)
        settled()
        yield name
        for view in VIEWS.get(name, ()):
            (page.show_view if name == "conference" else page._show_view)(view)
            settled()
            yield f"{name}, {view}"
        for panel in PANELS if name == "settings" else ():
            page.open_at(panel)
            settled()
            yield f"settings, {panel}"
    for name in sorted(name for name in shell._further if name.startswith(further)):
        shell.go(name)
        settled()
        yield name


def settle(qtbot, window: QWidget) -> list[str]:
    """What is clipped once the layouts have come to rest."""
    with contextlib.suppress(qtbot.TimeoutError):
        qtbot.waitUntil(lambda: not clipped(window), timeout=600)
    return clipped(window)


def told_by(where, shell):
    """What of the page in front has no name, is too small to be met by a finger, or has no help."""
    page = shell.page()
    told = SHIPPED / "help" / f"{page.help_page}.md"
    out = [] if told.is_file() and told.read_text("utf-8").startswith("# ") else [f"{where}: no help"]
    # With the sidebar and the head around it; a further page without a record has its head, filter and list alone.
    found = list(focusables(QAccessible.queryAccessibleInterface(shell)))
    assert len(found) > (8 if "/" in where else 15), where
    for path, name, child in found:
        if not name.strip():
            out.append(f"{where}: {' > '.join(path)} has no name")
        rect = child.rect()
        if 0 < min(rect.width(), rect.height()) < SMALLEST:
            out.append(f"{where}: {path[-1]} {rect.width()}×{rect.height()}")
    return out


def not_mirrored(where, shell):
    """What of the page in front does not run from right to left."""
    page = shell.page()
    side = shell.sidebar.mapTo(shell, shell.sidebar.rect().center()).x()
    title = page.title.mapTo(shell, page.title.rect().center()).x()
    assert side > title, where
    turned = [w for w in page.findChildren(QWidget) if w.isVisible() and not w.isRightToLeft()]
    return [f"{where}: {type(one).__name__} {one.accessibleName()} is not mirrored" for one in turned]


@pytest.fixture
def longer_words():
    """Every text by half as long again, as in other languages."""
    longer = Longer()
    QCoreApplication.installTranslator(longer)
    yield
    QCoreApplication.removeTranslator(longer)


@pytest.fixture
def turn(qapp):
    """Has windows run as for Arabic and Hebrew from now on: one that opens has the direction of its language."""
    yield lambda: qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def walk(hands, size, look):
    """Every page in a window of one size: nothing is clipped, nothing makes the window wider, and what `look` finds."""
    shell = hands.window.shell
    shell.resize(*size)
    out, seen = [], 0
    for where in every_page(hands):
        out += [f"{where}: {one}" for one in settle(hands.qtbot, shell.page())]
        out += [f"{where}: the window is {shell.width()} wide"] if shell.width() != size[0] else []
        out += look(where, shell)
        shell.resize(*size)
        seen += 1
    assert seen >= 40
    assert not out, "\n".join(out)


def test_every_page_has_names_targets_help_and_room_for_longer_words(
    longer_words, open_window, sqlite_office, made, qtbot
):
    walk(Hands(qtbot, open_window(sqlite_office)), (1440, 900), told_by)


def test_every_page_is_mirrored_and_has_room_on_the_smallest_screen_at_125(
    qapp, longer_words, turn, open_window, sqlite_office, made, qtbot
):
    hands = Hands(qtbot, open_window(sqlite_office))
    apply_theme(qapp, "light", 1.25)
    turn()
    walk(hands, (1366, 768), not_mirrored)
