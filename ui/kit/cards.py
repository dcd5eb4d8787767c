"""Cards and what stands on them: frames, rules, facts, deeds, history, and short ways to line widgets up."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.kit.buttons import DeedButton
from ui.kit.icons import put_icon
from ui.kit.labels import IconLabel, Label, Selectable
from ui.kit.theme import changed

DeedT = TypeVar("DeedT", bound=Hashable)
Piece = QWidget | QLayout | int | None
Margins = tuple[int, int, int, int]
_NONE: Margins = (0, 0, 0, 0)


def line(*pieces: Piece, margins: Margins = _NONE, gap: int = 8) -> QHBoxLayout:
    """Pieces side by side: a widget, a layout, a number of pixels, or None for what takes the free room."""
    layout = QHBoxLayout()
    _fill(layout, pieces, margins, gap)
    return layout


def stack(*pieces: Piece, margins: Margins = _NONE, gap: int = 0) -> QVBoxLayout:
    """Pieces below each other, told as in `line`."""
    layout = QVBoxLayout()
    _fill(layout, pieces, margins, gap)
    return layout


def frame(
    *pieces: Piece, look: str = "card", margins: Margins = _NONE, gap: int = 0, parent: QWidget | None = None
) -> QFrame:
    """A framed stack: look "card", "sunk", "chosen", "raised", "white", "notice" or "plain"."""
    box = QFrame(parent)
    box.setProperty("look", look)
    _fill(QVBoxLayout(box), pieces, margins, gap)
    return box


def rule(parent: QWidget | None = None) -> QFrame:
    """A thin line between parts of a card."""
    box = QFrame(parent)
    box.setProperty("look", "rule")
    return box


def upright_rule(parent: QWidget | None = None) -> QFrame:
    """A thin upright line."""
    box = QFrame(parent)
    box.setProperty("look", "vrule")
    return box


class ScrollCard(QFrame):
    """A card whose content scrolls when the window is low; fill it with `show_content`."""

    def __init__(self, parent: QWidget | None = None, *, look: str = "card") -> None:
        super().__init__(parent)
        self.setProperty("look", look)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        _fill(QVBoxLayout(self), [self.area], (1, 1, 1, 1), 0)

    def show_content(
        self, *pieces: Piece, margins: Margins = (16, 14, 16, 12), gap: int = 8, fill: bool = False
    ) -> QWidget:
        """Show these pieces instead of what was there; they lie at the top unless `fill`."""
        inner = QWidget()
        _fill(QVBoxLayout(inner), [*pieces, *([] if fill else [None])], margins, gap)
        self.area.setWidget(inner)
        return inner


@dataclass(frozen=True)
class Fact:
    """One fact about a record: an icon, what it is, its value."""

    icon: str
    caption: str
    value: str


class Facts(QWidget):
    """The facts of a record, one or more columns wide."""

    def __init__(self, facts: Iterable[Fact] = (), parent: QWidget | None = None, *, columns: int = 1) -> None:
        super().__init__(parent)
        self._columns = columns
        self._rows: list[tuple[IconLabel, Label, Label]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(*_NONE)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(5)
        self.show_facts(facts)

    def show_facts(self, facts: Iterable[Fact]) -> None:
        """Show these facts instead; what is there already only changes its words, for a card is read many times."""
        shown = list(facts)
        while len(self._rows) < len(shown):
            self._add_row()
        for number, (mark, caption, value) in enumerate(self._rows):
            if number < len(shown):
                put_icon(mark, shown[number].icon, "faint", 15)
                caption.setText(shown[number].caption)
                value.setText(shown[number].value or "—")
            for piece in (mark, caption, value):
                piece.setVisible(number < len(shown))

    def _add_row(self) -> None:
        row, column = divmod(len(self._rows), self._columns)
        value = Selectable("", wrap=True)
        mark, caption = IconLabel("dot", "faint", 15), Label("", "cap")
        self._grid.addWidget(mark, row, 2 * column)
        self._grid.addLayout(stack(caption, value), row, 2 * column + 1)
        self._grid.setColumnStretch(2 * column + 1, 1)
        self._rows.append((mark, caption, value))


class Deeds(QWidget):
    """What can be done with the record, two buttons a row; one where two would be wider than the card."""

    def __init__(self, deeds: Sequence[DeedButton] = (), parent: QWidget | None = None, *, columns: int = 2) -> None:
        super().__init__(parent)
        self._columns, self._across = columns, 0
        self._deeds: list[DeedButton] = []
        self._made: dict[tuple[Hashable, ...], list[DeedButton]] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(*_NONE)
        self._grid.setSpacing(8)
        self.show_deeds(deeds)
        changed.connect(self._arrange)  # text of another size takes other room

    def show_deeds(self, deeds: Sequence[DeedButton]) -> None:
        """Offer these deeds instead."""
        clear(self._grid)
        self._deeds, self._across = list(deeds), 0
        self._arrange()

    def offer(self, deeds: Sequence[DeedT], make: Callable[[DeedT], DeedButton]) -> None:
        """Offer these deeds; the buttons of each row of deeds are made once and kept, since to make a dozen takes as
        long as to show a card. They are kept together, so that Tab goes through them in their order.
        """
        offered = self._made.setdefault(tuple(deeds), [])
        if len(offered) < len(deeds):
            offered += map(make, deeds)
        while self._grid.takeAt(0) is not None:
            pass
        for button in self._deeds:
            button.hide()
        self._deeds, self._across = offered, 0
        self._arrange()
        for button in offered:
            button.show()

    def minimumSizeHint(self) -> QSize:
        """As wide as one button: a card is not widened beyond its edge for two."""
        return QSize(self._widest(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many in a row as there is room for."""
        super().resizeEvent(event)
        self._arrange()

    def _widest(self) -> int:
        return max((each.minimumSizeHint().width() for each in self._deeds), default=0)

    def _arrange(self) -> None:
        needed = self._columns * self._widest() + (self._columns - 1) * self._grid.horizontalSpacing()
        across = self._columns if self.width() >= needed else 1
        if across == self._across:
            return
        self._across = across
        for number, deed in enumerate(self._deeds):
            self._grid.addWidget(deed, number // across, number % across)
        for column in range(self._columns):
            self._grid.setColumnStretch(column, int(column < across))
        self.updateGeometry()


class History(QWidget):
    """What happened to a record: when, and a sentence."""

    def __init__(self, entries: Iterable[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[Label, Label]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(*_NONE)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self.show_entries(entries)

    def show_entries(self, entries: Iterable[tuple[str, str]]) -> None:
        """Show these (when, sentence) pairs instead, latest first."""
        shown = list(entries)
        for row in range(len(self._rows), len(shown)):
            when, sentence = Label("", "small-muted"), Label("", "small", wrap=True)
            self._grid.addWidget(when, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(sentence, row, 1)
            self._rows.append((when, sentence))
        for number, pair in enumerate(self._rows):
            for place, piece in enumerate(pair):
                piece.setText(shown[number][place] if number < len(shown) else "")
                piece.setVisible(number < len(shown))


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and throw it away."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)
            inner.deleteLater()


def _fill(layout: QBoxLayout, pieces: Iterable[Piece], margins: Margins, gap: int) -> None:
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    for piece in pieces:
        if piece is None:
            layout.addStretch(1)
        elif isinstance(piece, int):
            layout.addSpacing(piece)
        elif isinstance(piece, QWidget):
            layout.addWidget(piece)
        else:
            layout.addLayout(piece)
