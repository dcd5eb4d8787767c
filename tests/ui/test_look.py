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


def test_every_page_has_names_targets_and_help(hands):
    unnamed, small, helpless, seen = [], [], [], []
    for where in every_page(hands):
        seen.append(where)
        page = hands.window.shell.page()
        told = SHIPPED / "help" / f"{page.help_page}.md"
        if not told.is_file() or not told.read_text("utf-8").startswith("# "):
            helpless.append(where)
        # With the sidebar and the head around it; a further page without a record has its head, filter and list alone.
        found = list(focusables(QAccessible.queryAccessibleInterface(hands.window.shell)))
        assert len(found) > (8 if "/" in where else 15), where
        for path, name, child in found:
            if not name.strip():
                unnamed.append(f"{where}: {' > '.join(path)}")
            rect = child.rect()
            if 0 < min(rect.width(), rect.height()) < SMALLEST:
                small.append(f"{where}: {path[-1]} {rect.width()}×{rect.height()}")
    assert len(seen) >= 40
    assert not [*unnamed, *small, *helpless], "\n".join([*unnamed, *small, *helpless])


@pytest.mark.parametrize(("size", "scale"), [((1440, 900), 1.0), ((1366, 768), 1.25)])
def test_longer_words_are_not_clipped_on_any_page(qapp, open_window, sqlite_office, made, qtbot, size, scale):
    longer = Longer()
    QCoreApplication.installTranslator(longer)
    try:
        hands = Hands(qtbot, open_window(sqlite_office))
        apply_theme(qapp, "light", scale)
        shell = hands.window.shell
        shell.resize(*size)
        out = []
        for where in every_page(hands):
            out += [f"{where}: {one}" for one in settle(qtbot, shell.page())]
            out += [f"{where}: the window is {shell.width()} wide"] if shell.width() != size[0] else []
            shell.resize(*size)
        assert not out, "\n".join(out)
    finally:
        QCoreApplication.removeTranslator(longer)


def test_every_page_is_mirrored_for_languages_from_right_to_left(qapp, open_window, sqlite_office, made, qtbot):
    hands = Hands(qtbot, open_window(sqlite_office))
    shell = hands.window.shell
    shell.resize(1440, 900)
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        out = []
        for where in every_page(hands):
            page = shell.page()
            out += [f"{where}: {one}" for one in settle(qtbot, page)]
            side = shell.sidebar.mapTo(shell, shell.sidebar.rect().center()).x()
            title = page.title.mapTo(shell, page.title.rect().center()).x()
            assert side > title, where
            turned = [w for w in page.findChildren(QWidget) if w.isVisible() and not w.isRightToLeft()]
            out += [f"{where}: {type(one).__name__} {one.accessibleName()} is not mirrored" for one in turned]
        assert not out, "\n".join(out)
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
