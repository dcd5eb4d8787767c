"""Other languages: longer words are not clipped, mirrored windows keep identifiers readable, nothing is hard-coded."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

import ui.kit
from tests.ui.kit.gallery import open_gallery
from tests.ui.kit.test_gallery import clipped
from ui.kit.bidi import identifier, isolate
from ui.kit.buttons import Button
from ui.kit.labels import Label
from ui.kit.theme import apply_theme


def longer(text: str) -> str:
    """The same words, 40 % longer and marked, as a language with long words would write them."""
    swap = str.maketrans("aeiouyAEIOU", "àéîõüÿÀÉÎÕÜ")
    parts = re.split(r"(\{[^}]*\})", text)  # what is filled in stays
    turned = "".join(part if part.startswith("{") else part.translate(swap) for part in parts)
    return f"[{turned}{'~' * round(len(text) * 0.4)}]" if text else text


class Longer(QTranslator):
    """Translates everything into `longer`."""

    def translate(self, context, text, disambiguation=None, n=-1):
        return longer(text)

    def isEmpty(self):
        return False


@pytest.fixture
def pseudo(app):
    translator = Longer()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def stretch(window: QWidget) -> None:
    """Make the gallery's own words longer too; identifiers and numbers stay as they are."""
    for label in window.findChildren(Label):
        if label.property("look") not in ("cap", "key") and label.words().istitle() is False:
            label.setText(longer(label.words()) if not label.words().startswith("[") else label.words())
    for button in window.findChildren(Button):
        if not button.accessibleName().startswith("["):
            button.set_words(longer(button.accessibleName()))


@pytest.mark.parametrize("size", [(1440, 900), (1366, 768)])
def test_longer_words_are_not_clipped(app, qtbot, preferences, pseudo, size):
    window = open_gallery(preferences)
    qtbot.addWidget(window)
    window.resize(*size)
    window.show()
    stretch(window)
    qtbot.waitUntil(lambda: not clipped(window))
    assert window.top.field.placeholderText().startswith("[Scàn")
    assert window.width() == size[0]
    assert clipped(window) == []


def test_a_clipped_label_would_be_found(app, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    label = Label("words that need more room", parent=window)
    label.setGeometry(0, 0, 30, 20)
    window.show()
    assert clipped(window) != []


def test_every_word_of_the_frame_can_be_translated(app, qtbot, preferences, pseudo):
    window = open_gallery(preferences)
    qtbot.addWidget(window)
    names = {entry.text() for key, entry in window.sidebar.entries.items() if key in ("help", "settings")}
    assert all(name.startswith("[") for name in names)
    for action in window.actions_.all():
        assert action.scope or action.label.startswith("["), action.id


KIT = sorted(Path(ui.kit.__file__).parent.glob("*.py"))
SHOWS = {"Label", "ElidedLabel", "Button", "Tool", "setPlaceholderText", "setToolTip", "setAccessibleName", "say"}
NAMES = {"CBO Desk"}


@pytest.mark.parametrize("file", KIT, ids=lambda file: file.stem)
def test_no_words_are_written_into_the_code(file):
    """Every literal with a letter that goes to the screen passes through `tr`."""
    told = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called not in SHOWS:
            continue
        place = 1 if called == "Tool" else 0
        first = node.args[place] if len(node.args) > place else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            words = first.value
            if any(letter.isalpha() for letter in words) and words not in NAMES:
                told.append(f"{file.name}:{node.lineno} {words!r}")
    assert told == []


def test_mirrored_windows_isolate_names_and_keep_identifiers_left_to_right(app, qtbot):
    assert (isolate("Otieno J."), identifier("UNEP-104882")) == ("Otieno J.", "UNEP-104882")
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert isolate("Otieno J.") == "\u2068Otieno J.\u2069"
    assert identifier("UNEP-104882") == "\u2066UNEP-104882\u2069"
    assert isolate("") == identifier("") == ""


def test_labels_turn_with_the_window(app, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    label = Label("Place", parent=window)
    assert label.alignment() & Qt.AlignmentFlag.AlignLeft
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert label.alignment() & Qt.AlignmentFlag.AlignRight
    assert label.words() == "Place"
    assert label.text() == "\u2068Place\u2069"


@pytest.mark.parametrize("scale", [1.0, 1.25])
def test_the_mirrored_window_is_the_mirror_of_the_other(app, qtbot, preferences, scale):
    apply_theme(app, "light", scale)
    window = open_gallery(preferences)
    qtbot.addWidget(window)
    window.show()

    def lefts() -> dict[str, tuple[int, int]]:
        parts = [window.sidebar, window.top.field, window.top.person, window.page().table, window.page().title]
        return {type(part).__name__ + part.accessibleName(): box(part) for part in parts}

    def box(part: QWidget) -> tuple[int, int]:
        left = part.mapTo(window, part.rect().topLeft()).x()
        return left, left + part.width()

    before = lefts()
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    qtbot.wait(1)
    after = lefts()
    for name, (left, right) in before.items():
        mirrored = (window.width() - right, window.width() - left)
        assert after[name] == pytest.approx(mirrored, abs=12), name
    assert clipped(window) == []


def test_nothing_on_the_screen_is_rich_text_by_accident(app, qtbot, preferences):
    window = open_gallery(preferences)
    qtbot.addWidget(window)
    for label in window.findChildren(Label):
        assert label.textFormat() == Qt.TextFormat.PlainText
    label = Label("<b>Tom & Jerry</b>")
    qtbot.addWidget(label)
    assert isinstance(label, QLabel)
    assert label.text() == "<b>Tom & Jerry</b>"
    assert not [button for button in window.findChildren(QAbstractButton) if "<" in button.text()]
