"""The frame of every page: title with its line of summary, buttons, views with counts, filter, tools, list and card."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QSplitter, QVBoxLayout, QWidget

from ui.kit.buttons import Button, Tool
from ui.kit.cards import frame, line, stack
from ui.kit.labels import ElidedLabel, IconLabel, Label
from ui.kit.preferences import SPLITS, Preferences
from ui.kit.states import State
from ui.kit.tabs import Tabs
from ui.kit.theme import changed, px

FILTER_PAUSE_MS = 120
"""So long after the last key the filter is asked for."""
CARD = 346
"""Width of the card in pixels at 100 %."""
LEAST_CARD, SHARE = 264, 0.33
"""On a narrow page the card gives way, down to so many pixels at 100 %, until it has this share of the page."""


@runtime_checkable
class Opens(Protocol):
    """A page that can show one thing in particular."""

    def open_at(self, detail: str) -> None:
        """Show it."""


@runtime_checkable
class Closes(Protocol):
    """A page with something of its own that Esc closes, for instance a side panel."""

    def close_topmost(self) -> bool:
        """Close it; False where nothing is open."""


@runtime_checkable
class Undoes(Protocol):
    """A page with deeds of its own that Ctrl+Z takes back before anything else, for instance scans."""

    def undo_last(self) -> bool:
        """Take back the last one; False where there is none."""


class Split(QSplitter):
    """List on the left, card on the right; the card can be folded away and its width is remembered."""

    def __init__(
        self,
        left: QWidget,
        right: QWidget,
        name: str = "",
        preferences: Preferences | None = None,
        card: int = CARD,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._name, self._preferences, self._card = name, preferences, card
        self.setHandleWidth(10)
        self._right = right
        self.addWidget(left)
        self.addWidget(right)
        self.setCollapsible(0, False)
        self.setCollapsible(1, True)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)
        right.setMinimumWidth(px(LEAST_CARD))
        kept = preferences.entry(SPLITS, name) if preferences else None
        self._width = int(kept[0]) if kept else 0
        self.setSizes([100_000, px(self._width or card)])
        self.splitterMoved.connect(self._moved)
        changed.connect(self._rescale)

    def folded(self) -> bool:
        """Whether the card is folded away."""
        return self.sizes()[1] == 0

    def fold(self, away: bool) -> None:
        """Fold the card away or back."""
        self.setSizes([100_000, 0 if away else self._wide()])

    def toggle(self) -> None:
        """Fold the card away, or back."""
        self.fold(not self.folded())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new room between list and card, unless the person has set the card's width."""
        super().resizeEvent(event)
        if not self._width and not self.folded():
            self.fold(False)

    def _wide(self) -> int:
        if self._width:
            return px(self._width)
        return max(px(LEAST_CARD), min(px(self._card), round(self.width() * SHARE)))

    def _rescale(self) -> None:
        self._right.setMinimumWidth(px(LEAST_CARD))
        if not self.folded():
            self.fold(False)

    def _moved(self) -> None:
        width = self.sizes()[1]
        if width:
            self._width = round(width * 100 / px(100))
        if self._preferences is not None and self._name:
            self._preferences.set_entry(SPLITS, self._name, [self._width])


class Cover(QWidget):
    """What stands before all of a page but its head while nothing of it is known."""

    def __init__(self, page: Page, state: State) -> None:
        super().__init__(page)
        self.setProperty("look", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._page = page
        self.setLayout(stack(frame(state)))
        page.installEventFilter(self)
        self._lie()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as what it covers."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._lie()
        return False

    def _lie(self) -> None:
        layout = self._page.layout()
        first = layout.itemAt(0) if layout is not None else None
        head = first.geometry() if first is not None else self._page.rect()
        self.setGeometry(0, head.bottom() + 10, self._page.width(), self._page.height() - head.bottom() - 10)
        self.raise_()


class Page(QWidget):
    """One page. `filtered(text)` tells what is typed in the filter box, a breath after the last key.

    `tabs.chosen(id)` tells which view was chosen; `known` that a server is back without which nothing was known. A page
    that can show one thing in particular has a method `open_at(detail: str)`, which the window calls when history or a
    search leads there.
    """

    filtered = Signal(str)
    known = Signal()
    goes_on = False
    """Whether it works without a server, from what this workstation knows."""
    shut = False
    """Whether it only says why there is nothing to see: what leads to a further page of its desk ends here."""

    def __init__(self, title: str, parent: QWidget | None = None, *, help_page: str = "") -> None:
        super().__init__(parent)
        self.setProperty("look", "plain")
        self.help_page = help_page
        self._cover: Cover | None = None
        self.title = Label(title, "h1", self)
        self.summary = ElidedLabel("", "muted", self)
        self.tabs = Tabs(parent=self)
        self.filter_box = QLineEdit(self)
        self.filter_box.setPlaceholderText(self.tr("Filter  ( / )"))
        self.filter_box.setAccessibleName(self.tr("Filter"))
        self.filter_box.setClearButtonEnabled(True)
        self._buttons = line(gap=6)  # six buttons in longer words fit 1366 pixels at 125 %
        self._shown: list[Button] = []
        self._tools = line(gap=2)
        head = line(stack(self.title, self.summary), self._buttons, gap=12)
        head.setStretch(0, 1)
        self._views = line(self.tabs, self.filter_box, 4, self._tools, gap=2)
        self._views.setStretch(0, 1)
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        whole = stack(head, self._views, self.body, gap=10)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self._others_words = Label("", "amber", wrap=True)
        words = line(IconLabel("users", "warn_text", 15), self._others_words, gap=6)
        words.setStretch(1, 1)
        self._others = frame(words, look="notice", margins=(10, 6, 10, 6), parent=self)
        self._others.hide()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(FILTER_PAUSE_MS)
        self._pause.timeout.connect(lambda: self.filtered.emit(self.filter_box.text().strip()))
        self.filter_box.textChanged.connect(lambda: self._pause.start())
        changed.connect(self._rescale)
        self.filter_box.hide()
        self._rescale()

    def say(self, summary: str) -> None:
        """Show the one line below the title."""
        self.summary.setText(summary)

    def cover(self, state: State) -> None:
        """Show this before everything, for nothing is known of the page: its counts would be false."""
        self.uncover()
        self.summary.hide()
        self._cover = Cover(self, state)
        self._cover.show()

    def uncover(self) -> None:
        """What the page shows is true again."""
        if self._cover is not None:
            self.removeEventFilter(self._cover)
            self._cover.hide()
            self._cover.deleteLater()
            self._cover = None
            self.summary.show()
            self.known.emit()

    @property
    def covered(self) -> bool:
        """Whether nothing of it is known."""
        return self._cover is not None

    def say_others(self, words: str) -> None:
        """Say above the card who else has its record open; nothing for an empty sentence."""
        if words != self._others_words.words():
            if self._others.parentWidget() is self:  # a page that lays itself out
                self.body.insertWidget(0, self._others)
            self._others_words.setText(words)
            self._others.setVisible(bool(words))

    def add_buttons(self, *buttons: Button) -> None:
        """Buttons at the right of the title, the primary one last; ValueError for a second primary one."""
        for button in buttons:
            self._buttons.addWidget(button)
        self._shown = [*self._shown, *buttons]
        if sum(1 for button in self._shown if button.property("look") == "primary") > 1:
            raise ValueError("A page has at most one primary button.")

    def add_tools(self, *tools: QWidget) -> None:
        """Small tools at the right of the views, for instance columns and export."""
        for tool in tools:
            self._tools.addWidget(tool)

    def use_filter(self, name: str) -> None:
        """Offer the filter box; `name` is read aloud, for instance "Filter assets". The key / leads to it."""
        self.filter_box.setAccessibleName(name)
        self.filter_box.show()

    def focus_filter(self) -> None:
        """Lead the keys to the filter box."""
        self.filter_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_box.selectAll()

    def keeps_scan_field(self) -> bool:
        """Whether the page itself leads the keys to the scan field, as a counter's screen does; else a person did."""
        return False

    def focus_body(self) -> None:
        """Lead the keys to the list of the page, or to where it will stand once it is read: its letter keys work."""
        views = [view for view in self.findChildren(QAbstractItemView) if view.window() is self.window()]
        wanted: QWidget = next((view for view in views if view.isVisible()), views[0] if views else self)
        while not wanted.isVisible() and wanted is not self:
            wanted = wanted.parentWidget() or self
        if wanted.focusPolicy() == Qt.FocusPolicy.NoFocus:
            wanted.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            if not wanted.accessibleName():
                wanted.setAccessibleName(self.title.words())
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_body(
        self,
        left: QWidget,
        right: QWidget | None = None,
        *,
        card: int = CARD,
        preferences: Preferences | None = None,
        name: str = "",
    ) -> Split | None:
        """Fill the page with a list and, if there is one, a card beside it; answers their split."""
        if right is None:
            self.body.addWidget(left, 1)
            return None
        beside = QWidget(self)
        beside.setLayout(stack(self._others, right, gap=6))
        split = Split(left, beside, name, preferences, card)
        fold = Tool("panel-right", self.tr("Show or hide the card"), split.toggle, self)
        self.add_tools(fold)
        self.body.addWidget(split, 1)
        return split

    def _rescale(self) -> None:
        self.filter_box.setFixedWidth(px(200))
