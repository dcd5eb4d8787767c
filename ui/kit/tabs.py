"""View tabs with counts, saved views, and filters in force: the three rows above a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from ui.kit.bidi import isolate
from ui.kit.buttons import Button, Tool
from ui.kit.cards import clear, line
from ui.kit.flow import Flow
from ui.kit.labels import Label


def count_in_words(count: int | None) -> str:
    """A count with thousands separated: 1,204,311; nothing for None."""
    return "" if count is None else f"{count:,}"


@dataclass(frozen=True)
class Tab:
    """One view: its id, its words, and how many rows it has, None where a count says nothing."""

    id: str
    title: str
    count: int | None = None


class Tabs(QWidget):
    """A row of views, one of them chosen; ← and → move between them. `chosen(id)` tells of the person's choice.

    look "tab" for a page's views, "pill" for the quieter row of saved views or for segments.
    """

    chosen = Signal(str)

    def __init__(self, tabs: Sequence[Tab] = (), parent: QWidget | None = None, *, look: str = "tab") -> None:
        super().__init__(parent)
        self._look = look
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        self._tabs: dict[str, Tab] = {}
        self._line = QHBoxLayout()
        self._line.setSpacing(2)
        self.more = Tool("ellipsis", self.tr("More views"), self._offer_more, self)
        self.more.hide()
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2)
        whole.addLayout(self._line)
        whole.addWidget(self.more)
        whole.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_tabs(tabs)

    def show_tabs(self, tabs: Sequence[Tab], chosen: str = "") -> None:
        """Offer these views; the chosen one stays chosen if it is still there."""
        before = chosen or self.current()
        for button in self._buttons.values():
            self._group.removeButton(button)
        clear(self._line)
        self._buttons.clear()
        self._tabs = {tab.id: tab for tab in tabs}
        for tab in tabs:
            self._add(tab)
        if tabs:
            self.choose(before if before in self._buttons else tabs[0].id)
        self.fit()

    def current(self) -> str:
        """The id of the chosen view, "" where there is none."""
        return next((name for name, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, name: str) -> None:
        """Show a view as chosen, without telling anybody."""
        self._buttons[name].setChecked(True)
        for other, button in self._buttons.items():
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus if other == name else Qt.FocusPolicy.ClickFocus)
        self.fit()

    def minimumSizeHint(self) -> QSize:
        """The least size at which it can be used."""
        if not self._buttons:
            return QSize(0, 0)
        chosen = self._buttons.get(self.current())
        hint = chosen.sizeHint() if chosen is not None else QSize(0, 0)
        return QSize(hint.width() + self.more.sizeHint().width() + 4, hint.height())

    def sizeHint(self) -> QSize:
        """The size it would like."""
        widths = [button.sizeHint().width() for button in self._buttons.values()]
        return QSize(sum(widths) + 2 * len(widths), self.minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the new room."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Show the views that find room, the chosen one always; the others are in the menu at the end."""
        room = self.width()
        tight = self.sizeHint().width() > room
        if tight:
            room -= self.more.sizeHint().width() + 4
        chosen = self._buttons.get(self.current())
        if chosen is not None:
            room -= chosen.sizeHint().width() + 2
        for button in self._buttons.values():
            if button is chosen:
                button.show()
                continue
            room -= button.sizeHint().width() + 2
            button.setVisible(not tight or room >= 0)
        self.more.setVisible(tight)

    def changeEvent(self, event: QEvent) -> None:
        """Take a change of letters, theme or direction."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.fit()

    def set_count(self, name: str, count: int | None) -> None:
        """Show how many rows a view has."""
        tab = self._tabs[name]
        self._tabs[name] = Tab(tab.id, tab.title, count)
        self._say(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hear a key."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        names = list(self._buttons)
        if step is None or not names:
            super().keyPressEvent(event)
            return
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            step = -step
        name = names[(names.index(self.current()) + step) % len(names)]
        self._press(name)
        self._buttons[name].setFocus(Qt.FocusReason.TabFocusReason)

    def _add(self, tab: Tab) -> None:
        button = QToolButton(self)
        button.setProperty("look", self._look)
        button.setCheckable(True)
        button.clicked.connect(lambda _=False, name=tab.id: self._press(name))
        self._group.addButton(button)
        self._buttons[tab.id] = button
        self._line.addWidget(button)
        self._say(tab.id)

    def _say(self, name: str) -> None:
        tab = self._tabs[name]
        count = count_in_words(tab.count)
        self._buttons[name].setText(isolate(f"{tab.title}  {count}" if count else tab.title))
        self._buttons[name].setAccessibleName(f"{tab.title}, {count}" if count else tab.title)
        self.updateGeometry()

    def _offer_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, button in self._buttons.items():
            if button.isHidden():
                entry = menu.addAction(button.text())
                entry.triggered.connect(lambda _=False, name=name: self._press(name))
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _press(self, name: str) -> None:
        self.choose(name)
        self.chosen.emit(name)


@dataclass(frozen=True)
class FilterWord:
    """One filter in force: its id, what it is about, what it demands."""

    id: str
    about: str
    demand: str


class FilterChips(QWidget):
    """The filters in force as chips that can be taken off; `removed(id)`, `pressed(id)`, `add_asked`, `save_asked`."""

    removed = Signal(str)
    pressed = Signal(str)
    add_asked = Signal()
    save_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.add_button = Button(self.tr("Filter"), "plus", "link", self.add_asked.emit)
        self.save_button = Button(self.tr("Save as view"), "", "link", self.save_asked.emit)
        self._chips = Flow()
        self._words = QWidget(self)
        self._words.setLayout(self._chips)
        row = line(self._words, self.save_button)
        row.setStretch(0, 1)
        row.setAlignment(self.save_button, Qt.AlignmentFlag.AlignTop)
        self.setLayout(row)
        self._chips.addWidget(self.add_button)
        self.save_button.hide()

    def show_filters(self, words: Sequence[FilterWord]) -> None:
        """Show these filters."""
        self._chips.removeWidget(self.add_button)
        clear(self._chips)
        for word in words:
            self._chips.addWidget(self._chip(word))
        self._chips.addWidget(self.add_button)
        self.save_button.setVisible(bool(words))

    def _chip(self, word: FilterWord) -> QFrame:
        box = QFrame(self)
        box.setProperty("look", "chip")
        name = self.tr("Take off the filter {about} {demand}").format(about=word.about, demand=word.demand)
        cross = Tool("x", name, lambda: self.removed.emit(word.id), size=12)
        cross.setProperty("look", "tiny")
        box.setLayout(
            line(
                10,
                Label(word.about, "small-muted"),
                Label(word.demand, "small-strong"),
                cross,
                margins=(2, 1, 2, 1),
                gap=4,
            )
        )
        return box


def segments(choices: Sequence[tuple[str, str]], chosen: Callable[[str], object], current: str = "") -> Tabs:
    """A small either-or switch: (id, words) pairs."""
    tabs = Tabs([Tab(name, words) for name, words in choices], look="pill")
    if current:
        tabs.choose(current)
    tabs.chosen.connect(chosen)
    return tabs
