"""The one small stylesheet of the program, written from the tokens of a theme.

Widgets say what they are by the property `look` (see `labels`, `buttons`, `cards`); no widget has a stylesheet of its
own. No rule is for all labels: a widget that a rule fits costs a third more to show, and most of a window are labels.
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.kit.theme import Theme

_SHEET = Template("""
QMainWindow, QDialog, QWidget[look="page"] { background: $window; }
QWidget[look="side"] { background: $side; border: none; }
QWidget[look="plain"] { background: transparent; border: none; }
QFrame[look="card"] { background: $surface; border: 1px solid $border; border-radius: 8px; }
QFrame[look="sunk"] { background: $sunken; border: none; border-radius: 6px; }
QFrame[look="row"] { background: transparent; border: 2px solid transparent; border-radius: 6px; }
QFrame[look="row-chosen"] { background: transparent; border: 2px solid $accent; border-radius: 6px; }
QFrame[look="chosen"] { background: $sel; border: 1px solid $accent; border-radius: 8px; }
QFrame[look="raised"] { background: $raised; border: 1px solid $border; border-radius: 12px; }
QFrame[look="white"] { background: #FFFFFF; border: 1px solid $border; border-radius: 6px; }
QFrame[look="head"] { background: $surface; border: none; }
QFrame[look="chip"] { background: $surface; border: 1px solid $border; border-radius: 14px; }
QFrame[look="rule"] { background: $border; max-height: 1px; min-height: 1px; border: none; }
QFrame[look="vrule"] { background: $border; max-width: 1px; min-width: 1px; border: none; }
QFrame[look="veil"] { background: $veil_css; border: none; }
QFrame[look="notice"] { background: $warn_back; border: none; border-radius: 6px; }
QLabel[look="title"] { font-size: ${f28}px; font-weight: 600; }
QLabel[look="big"] { font-size: ${f24}px; font-weight: 600; }
QLabel[look="h1"] { font-size: ${f20}px; font-weight: 600; }
QLabel[look="h2"] { font-size: ${f16}px; font-weight: 600; }
QLabel[look="h3"] { font-weight: 600; }
QLabel[look="muted"] { color: $muted; }
QLabel[look="small"] { font-size: ${f12}px; }
QLabel[look="small-muted"] { color: $muted; font-size: ${f12}px; }
QLabel[look="small-strong"] { font-size: ${f12}px; font-weight: 600; }
QLabel[look="cap"] { color: $faint; font-size: ${f11}px; font-weight: 600; }
QLabel[look="warn"] { color: $warn_text; font-size: ${f12}px; font-weight: 500; }
QLabel[look="fault"] { color: $bad_text; font-size: ${f12}px; font-weight: 500; }
QLabel[look="amber"] { color: $warn_text; }
QLabel[look="key"] { color: $muted; background: $sunken; border: 1px solid $border; border-radius: 4px;
    padding: 1px 5px; font-size: ${f11}px; }
QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox { background: $surface; border: 1px solid $strong;
    border-radius: 6px; padding: 5px 9px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit, QComboBox, QAbstractSpinBox { min-height: ${f18}px; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {
    border: 2px solid $accent; padding: 4px 8px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { color: $faint; background: $sunken; }
QLineEdit[faulty="true"], QPlainTextEdit[faulty="true"], QComboBox[faulty="true"] {
    border: 2px solid $bad_text; padding: 4px 8px; }
QLineEdit[look="command"] { min-height: ${f26}px; }
QLineEdit[look="bare"], QLineEdit[look="bare"]:focus { border: none; font-size: ${f16}px; background: transparent;
    padding: 4px 2px; min-height: ${f26}px; }
QFrame[look="head"] QComboBox { padding: 2px 2px 2px 6px; }
QFrame[look="head"] QComboBox:focus { padding: 1px 1px 1px 5px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url($arrow); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $strong; outline: none; padding: 4px;
    selection-background-color: $sel; selection-color: $text; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; min-height: 24px; }
QCheckBox::indicator, QRadioButton::indicator { width: ${f16}px; height: ${f16}px; border: 1px solid $strong;
    background: $surface; margin: 3px 1px; }
QCheckBox::indicator { border-radius: 4px; } QRadioButton::indicator { border-radius: ${f8}px; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url($tick); }
QRadioButton::indicator:checked { background: $accent; border: 4px solid $surface; outline: 1px solid $strong; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent; margin: 2px 0px; }
QPushButton { background: $surface; border: 1px solid $border; border-radius: 6px; padding: 5px 12px;
    min-height: ${f20}px; font-weight: 500; }
QPushButton:hover { background: $hover; } QPushButton:pressed { background: $sunken; }
QPushButton:disabled { color: $faint; }
QPushButton:focus { border: 2px solid $accent; padding: 4px 11px; }
QPushButton[look="primary"] { background: $accent; border-color: $accent; color: $on_accent; }
QPushButton[look="primary"]:hover { background: $accent_hover; }
QPushButton[look="primary"]:focus { border: 2px solid $accent; }
QPushButton[look="primary"]:disabled { background: $sunken; border-color: $border; color: $faint; }
QPushButton[look="danger"] { background: $bad_text; border-color: $bad_text; color: $surface; }
QPushButton[look="danger"]:focus { border: 2px solid $bad_text; }
QPushButton[look="link"] { border: 2px solid transparent; background: transparent; color: $accent; padding: 1px 4px;
    font-weight: 600; } QPushButton[look="link"]:focus { border: 2px solid $accent; padding: 1px 4px; }
QPushButton[look="link"]:disabled { color: $faint; }
QPushButton[look="taken"] { background: $sel; border: 2px solid $accent; }
QPushButton[look="deed"] { text-align: left; padding: 5px 10px; } QPushButton[look="deed"]:focus { padding: 4px 9px; }
QToolButton { border: 1px solid transparent; border-radius: 6px; padding: 5px; background: transparent; }
QToolButton:hover { background: $hover; } QToolButton:focus { border: 2px solid $accent; padding: 4px; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }
QToolButton[look="tab"] { padding: 6px 10px; color: $muted; font-weight: 500; }
QToolButton[look="tab"]:checked { background: $sel; color: $text; }
QToolButton[look="tab"]:focus { padding: 5px 9px; }
QToolButton[look="touch"] { padding: 12px 16px; color: $muted; font-weight: 500; }
QToolButton[look="touch"]:checked { background: $sel; color: $text; }
QToolButton[look="touch"]:focus { padding: 11px 15px; }
QToolButton[look="pill"] { padding: 5px 9px; color: $muted; font-weight: 500; }
QToolButton[look="pill"]:checked { color: $text; background: $sunken; }
QToolButton[look="pill"]:focus { padding: 4px 8px; }
QToolButton[look="tiny"] { padding: 3px; border-radius: 12px; } QToolButton[look="tiny"]:focus { padding: 2px; }
QTableView, QTreeView { background: $surface; border: none; gridline-color: transparent; outline: none;
    selection-background-color: $sel; selection-color: $text; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section { background: $surface; color: $faint; border: none; border-bottom: 1px solid $border;
    padding: 0 10px; font-size: ${f11}px; font-weight: 600; height: ${f30}px; }
QHeaderView::section:hover { color: $text; }
QHeaderView::up-arrow { image: url($up); width: 12px; height: 12px; subcontrol-position: center right;
    subcontrol-origin: padding; right: 2px; }
QHeaderView::down-arrow { image: url($arrow); width: 12px; height: 12px; subcontrol-position: center right;
    subcontrol-origin: padding; right: 2px; }
QListView { background: transparent; border: none; outline: none; }
QListView::item { padding: 5px 8px; border-radius: 4px; }
QListView::item:selected { background: $sel; color: $text; }
QListView::item:hover { background: $hover; } QListView::item:selected:hover { background: $sel; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QGraphicsView { background: $surface; border: none; }
QTextBrowser { background: $surface; border: none; padding: 8px; }
QScrollBar:vertical { background: transparent; width: 10px; }
QScrollBar:horizontal { background: transparent; height: 10px; }
QScrollBar::handle { background: $border; border-radius: 4px; margin: 1px; }
QScrollBar::handle:vertical { min-height: 32px; } QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $strong; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    width: 0; height: 0; background: transparent; }
QSplitter::handle { background: transparent; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 4px 6px; }
QMenu { background: $raised; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 8px; border-radius: 4px; } QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: $sel; color: $text; } QMenu::item:disabled { color: $faint; }
QMenu[look="pictures"] { icon-size: 40px; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QProgressBar { background: $border; border: none; border-radius: 4px; max-height: 8px; min-height: 8px; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QFrame[look="toast"] { background: $toast_back; border: none; border-radius: 8px; }
QFrame[look="toast"] QLabel { color: $toast_text; }
QFrame[look="toast"] QPushButton { background: transparent; border: 2px solid transparent; color: $toast_link;
    font-weight: 600; padding: 3px 6px; }
QFrame[look="toast"] QPushButton:focus { border: 2px solid $toast_link; }
QFrame[look="toast"] QToolButton:hover { background: transparent; border: 1px solid $toast_text; }
QFrame[look="toast"] QToolButton:focus { border: 2px solid $toast_link; }
""")

_SIZES = (8, 11, 12, 13, 16, 18, 20, 24, 26, 28, 30)


def write_stylesheet(theme: Theme) -> str:
    """The stylesheet with a theme's colours and text sizes filled in."""
    from ui.kit.icons import file_of

    veil = theme.tokens["veil"]
    alpha, rest = int(veil[1:3], 16), [int(veil[place : place + 2], 16) for place in (3, 5, 7)]
    return _SHEET.substitute(
        theme.tokens,
        veil_css=f"rgba({rest[0]}, {rest[1]}, {rest[2]}, {alpha})",
        arrow=file_of("chevron-down", theme.tokens["muted"]),
        up=file_of("chevron-up", theme.tokens["muted"]),
        tick=file_of("check", theme.tokens["on_accent"]),
        **{f"f{size}": round(size * theme.scale) for size in _SIZES},
    )
