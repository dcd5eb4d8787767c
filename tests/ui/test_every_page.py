"""What holds for every page of the window beside its look: help, actions, keys, and words that can be translated."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

import ui
from tests.ui.kit.test_languages import SHOWS
from tests.ui.places.conftest import furnish, hands, made, open_window, window
from tests.ui.test_look import every_page
from ui.kit.shipped import SHIPPED

__all__ = ["furnish", "hands", "made", "open_window", "window"]

DESKS = ("today", "conference", "property", "mail", "places", "people", "settings")
FURTHER = ("fleet", "drivers", "incidents", "shuttles", "times", "costs", "plan")
SOURCES = sorted(
    file
    for name in ("mail", "conference", "places", "people", "settings", "transport")
    for file in (Path(ui.__file__).parent / name).glob("*.py")
)
ICONS = SHIPPED / "icons"


def test_every_help_page_that_is_asked_for_is_there():
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
    list(every_page(hands, "transport/"))
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
