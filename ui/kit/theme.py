"""How everything looks: colour tokens, letters and sizes of the theme in force, and the switch between themes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from ui.kit.shipped import SHIPPED

ThemeName = Literal["system", "light", "dark"]
SCALES = (1.0, 1.25, 1.5)
"""Text sizes a person may choose, as factors of 13 px."""

FAMILIES = ["Inter", "Noto Sans Arabic", "Noto Sans SC", "Droid Sans Fallback"]
"""Letters are looked for in this order; all but Inter are the computer's own."""

TEXT = 13
"""Height of running text in pixels at 100 %."""


@dataclass(frozen=True)
class Theme:
    """The theme in force: colours by token name, whether it is dark, and the factor for text sizes."""

    dark: bool
    scale: float
    tokens: Mapping[str, str] = field(repr=False)


@cache
def read_tokens(name: str) -> Mapping[str, str]:
    """The colours of the theme `name` ("light" or "dark"), as `#RRGGBB` or `#AARRGGBB` by token."""
    return tomllib.loads((SHIPPED / "theme" / f"{name}.toml").read_text(encoding="utf-8"))


class _Switch(QObject):
    """Holds the theme in force and tells of its change."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = Theme(False, 1.0, read_tokens("light"))
        self.chosen: ThemeName = "system"
        self.listening = False
        self.in_force = False


_switch = _Switch()
changed = _switch.changed
"""Emitted after every change of theme or text size, when palette and stylesheet are in force already."""


def current() -> Theme:
    """The theme in force."""
    return _switch.theme


def chosen() -> ThemeName:
    """What the person chose; "system" follows the computer's own setting."""
    return _switch.chosen


def colour(token: str) -> QColor:
    """The colour of a token in the theme in force; KeyError for a token that does not exist."""
    return QColor(_switch.theme.tokens[token])


def px(length: float) -> int:
    """A length in pixels at 100 %, at the text size in force."""
    return round(length * _switch.theme.scale)


def letters(size: float = TEXT, weight: QFont.Weight = QFont.Weight.Normal, *, tabular: bool = False) -> QFont:
    """Letters of `size` pixels at 100 %; `tabular` gives every digit the same width, for columns of numbers."""
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setPixelSize(px(size))
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def apply_theme(app: QApplication, name: ThemeName = "system", scale: float = 1.0) -> None:
    """Put a theme and a text size in force in the whole running program, at once."""
    from ui.kit.icons import renew_icons
    from ui.kit.stylesheet import write_stylesheet

    _load_letters()
    _follow_system(app)
    hints = app.styleHints()
    _switch.chosen = name
    if name == "system":
        hints.unsetColorScheme()
    else:
        hints.setColorScheme(Qt.ColorScheme.Dark if name == "dark" else Qt.ColorScheme.Light)
    dark = name == "dark" or (name == "system" and hints.colorScheme() == Qt.ColorScheme.Dark)
    if _switch.in_force and (dark, scale) == (_switch.theme.dark, _switch.theme.scale):
        return  # every widget would be polished anew for nothing
    _switch.in_force = True
    _switch.theme = Theme(dark, scale, read_tokens("dark" if dark else "light"))
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setFont(letters())
    app.setPalette(_palette())
    app.setStyleSheet(write_stylesheet(_switch.theme))
    renew_icons()
    changed.emit()


@cache
def _load_letters() -> None:
    """Make the shipped faces known to Qt, once."""
    for face in sorted((SHIPPED / "fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(face))


def _follow_system(app: QApplication) -> None:
    """Hear of the computer's own switch between light and dark, once per program."""
    if _switch.listening:
        return
    _switch.listening = True

    def hear() -> None:
        if _switch.chosen == "system":
            apply_theme(app, "system", _switch.theme.scale)

    app.styleHints().colorSchemeChanged.connect(hear, Qt.ConnectionType.QueuedConnection)


def _palette() -> QPalette:
    """The palette for what Fusion draws by itself."""
    palette = QPalette()
    role = QPalette.ColorRole
    for which, token in {
        role.Window: "window",
        role.Base: "surface",
        role.AlternateBase: "sunken",
        role.Button: "surface",
        role.ToolTipBase: "raised",
        role.WindowText: "text",
        role.Text: "text",
        role.ButtonText: "text",
        role.ToolTipText: "text",
        role.PlaceholderText: "faint",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.Accent: "accent",
        role.Link: "accent",
        role.Mid: "border",
    }.items():
        palette.setColor(which, colour(token))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, colour("faint"))
    return palette
