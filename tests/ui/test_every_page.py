"""What holds for every page of the window: help, actions, keys, names read aloud, longer words."""

from __future__ import annotations

import ast
import contextlib
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible, QKeySequence

import ui
from tests.ui.kit.test_gallery import clipped
from tests.ui.kit.test_languages import SHOWS, Longer
from tests.ui.kit.test_shell import focusables
from tests.ui.places.conftest import Hands, furnish, hands, made, open_window, window
from ui.kit.shipped import SHIPPED
from ui.kit.theme import apply_theme

__all__ = ["furnish", "hands", "made", "open_window", "window"]

DESKS = ("today", "conference", "property", "mail", "places", "people", "settings")
FURTHER = ("fleet", "drivers", "incidents", "shuttles", "times", "costs", "plan")
TRANSPORT = ("transport", *(f"transport/{name}" for name in FURTHER))
CONFERENCE = ("week", "month", "season", "find", "bookings", "holds", "waitlist", "spaces", "project", "use")
VIEWS = {"places": ("map",), "people": ("entities",), "conference": CONFERENCE}
PANELS = ("database", "accounts", "dated", "printers", "scanner", "look")
SOURCES = sorted(
    file
    for name in ("mail", "conference", "places", "people", "settings", "transport")
    for file in (Path(ui.__file__).parent / name).glob("*.py")
)
ICONS = SHIPPED / "icons"


def looks(hands, desks=DESKS):
    """Every page, view and panel in turn, settled."""
    shell = hands.window.shell
    for desk in desks:
        page = shell.go(desk)
        hands.still()
        yield desk
        for view in VIEWS.get(desk, ()):
            (page.show_view if desk == "conference" else page._show_view)(view)
            hands.still()
            yield f"{desk}, {view}"
        if desk == "settings":
            for name in PANELS:
                page.open_at(name)
                hands.still()
                yield f"settings, {name}"


def test_every_page_has_its_help(hands):
    for desk in (*DESKS, *TRANSPORT):
        page = hands.window.shell.go(desk)
        file = SHIPPED / "help" / f"{page.help_page}.md"
        assert file.is_file(), desk
        assert file.read_text("utf-8").startswith("# ")
    asked = re.findall(
        r'help_page="(\w+)"', "".join(f.read_text("utf-8") for f in Path(ui.__file__).parent.rglob("*.py"))
    )
    assert {name for name in asked if not (SHIPPED / "help" / f"{name}.md").is_file()} == set()


def test_f1_shows_the_help_of_the_page_in_front_with_its_keys(hands):
    hands.window.shell.go("places")
    hands.still()
    hands.window.shell.page().tree.setFocus()
    hands.press(Qt.Key.Key_F1)
    shown = hands.window._help.markdown()
    assert shown.startswith("# Places")
    assert "| Move | **M** |" in shown
    hands.window._help.close()


def test_every_action_has_words_an_icon_and_a_key_of_its_own(hands):
    list(looks(hands, (*DESKS, *TRANSPORT)))
    actions = hands.window.shell.actions_.all()
    assert len(actions) > 30
    assert [action.id for action in actions if not action.label.strip()] == []
    assert [f"{action.id}: {action.icon}" for action in actions if not (ICONS / f"{action.icon}.svg").is_file()] == []
    for scope in ("", *DESKS, "transport"):
        # A further page, for instance the import, has the desk's scope and keys that hold on it alone.
        keys: dict[str, str] = {}
        for action in actions:
            if action.scope not in (scope, "") or not action.shortcut or action.id.count(".") > 1:
                continue
            key = QKeySequence(action.shortcut).toString()
            assert keys.setdefault(key, action.id) == action.id, f"{key} runs {keys[key]} and {action.id}"
    for name in FURTHER:
        keys = {}
        for action in actions:
            if action.shortcut and (not action.scope or action.id.startswith(f"transport.{name}.")):
                key = QKeySequence(action.shortcut).toString()
                assert keys.setdefault(key, action.id) == action.id, f"{key} runs {keys[key]} and {action.id}"


def test_everything_that_takes_the_focus_has_a_name(hands):
    unnamed = []
    for where in looks(hands, (*DESKS, *TRANSPORT)):
        found = list(focusables(QAccessible.queryAccessibleInterface(hands.window.shell)))
        # A further page without a record has its head, its filter and its list alone.
        assert len(found) > (8 if where.startswith("transport/") else 15), where
        unnamed += [f"{where}: {' > '.join(path)}" for path, name, _child in found if not name.strip()]
    assert unnamed == []


@pytest.mark.parametrize(("size", "scale"), [((1440, 900), 1.0), ((1366, 768), 1.25)])
def test_nothing_is_clipped_even_in_longer_words(qapp, open_window, sqlite_office, made, qtbot, size, scale):
    longer = Longer()
    QCoreApplication.installTranslator(longer)
    try:
        window = open_window(sqlite_office)
        hands = Hands(qtbot, window)
        apply_theme(qapp, "light", scale)
        window.shell.resize(*size)
        out = []
        for where in looks(hands, ("conference", "places", "people", "settings", *TRANSPORT)):
            with contextlib.suppress(qtbot.TimeoutError):  # layouts settle in the event loop
                qtbot.waitUntil(lambda: not clipped(window.shell.page()), timeout=2000)
            out += [f"{where}: {one}" for one in clipped(window.shell.page())]
            assert window.shell.width() == size[0], where
        assert out == []
    finally:
        QCoreApplication.removeTranslator(longer)


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: f"{file.parent.name}.{file.stem}")
def test_no_words_are_written_into_the_code(file):
    """Every literal with a letter that goes to the screen passes through `tr`."""
    told = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        places = {"Tool": (1,), "State": (1, 2), "Field": (1,), "Action": (1,), "setting_row": (1, 2)}.get(called)
        if places is None and called in SHOWS:
            places = (0,)
        for place in places or ():
            value = node.args[place] if len(node.args) > place else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and re.search("[a-z]", value.value):
                told.append(f"{file.name}:{node.lineno} {value.value!r}")
    assert told == []
