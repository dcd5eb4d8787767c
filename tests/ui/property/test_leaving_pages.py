"""What holds for the pages of gate, disposal and value: names read aloud, nothing clipped, no words in the code."""

from __future__ import annotations

import ast
import contextlib
import re
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAccessible

import ui
from cbo_desk.property import KIND
from cbo_desk.property.disposal import open_case
from cbo_desk.property.gate import PassForm, issue_pass, let_out, pass_card
from tests.ui.kit.test_gallery import clipped
from tests.ui.kit.test_languages import SHOWS, Longer
from tests.ui.kit.test_shell import focusables
from tests.ui.places.conftest import Hands, hands, made, open_window, window
from tests.ui.property.leaving import scan
from ui.kit.theme import apply_theme

__all__ = ["hands", "made", "open_window", "window"]

PAGES = ("property/gate", "property/guard", "property/disposal", "property/value")
SOURCES = sorted(
    file
    for name in ("gate", "disposal", "value")
    for file in (Path(ui.__file__).parent / "property" / name).glob("*.py")
)


def looks(hands, made, clock):
    """Each page with something on it, in turn."""
    office = hands.window.office
    form = PassForm((made.asset1,), clock().date(), clock().date() + timedelta(days=3), made.erik, "", "Repair", "Dell")
    ident = office.write(issue_pass, form).ids[0]
    office.write(let_out, ident, KIND, made.asset1)
    office.write(open_case, made.unep, "Worn out beyond repair", [made.asset2])
    hands.window.shell.go("property")
    hands.still()
    for name in PAGES:
        page = hands.window.shell.go(name)
        hands.still()
        if name == "property/guard":
            scan(hands, office.read(pass_card, ident).code)
        elif name != "property/value":
            hands.until(lambda page=page: page.card.card is not None)
        yield name


def test_everything_that_takes_the_focus_has_a_name(hands, made, clock):
    unnamed = []
    for where in looks(hands, made, clock):
        found = list(focusables(QAccessible.queryAccessibleInterface(hands.window.shell)))
        assert len(found) > 10, where
        unnamed += [f"{where}: {' > '.join(path)}" for path, name, _child in found if not name.strip()]
    assert unnamed == []


@pytest.mark.parametrize(("size", "scale"), [((1440, 900), 1.0), ((1366, 768), 1.25)])
def test_nothing_is_clipped_even_in_longer_words(qapp, open_window, sqlite_office, made, qtbot, clock, size, scale):
    longer = Longer()
    QCoreApplication.installTranslator(longer)
    try:
        window = open_window(sqlite_office)
        apply_theme(qapp, "light", scale)
        window.shell.resize(*size)
        out = []
        for where in looks(Hands(qtbot, window), made, clock):
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
        places = {"Tool": (1,), "State": (1, 2), "Field": (1,), "Action": (1,)}.get(called)
        if places is None and called in SHOWS:
            places = (0,)
        for place in places or ():
            value = node.args[place] if len(node.args) > place else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and re.search("[a-z]", value.value):
                told.append(f"{file.name}:{node.lineno} {value.value!r}")
    assert told == []
