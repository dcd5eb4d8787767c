"""The tree of places: a branch is read when it is opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QTreeWidgetItemIterator, QWidget

from cbo_desk.places import PlaceNode, place_children, way_to
from ui.bench import Bench
from ui.kit.icons import icon
from ui.kit.theme import changed, colour, letters, px
from ui.places.kinds import ICONS, kind_word

_ID = Qt.ItemDataRole.UserRole
_KIND = Qt.ItemDataRole.UserRole + 1


class PlaceTree(QTreeWidget):
    """Sites, buildings, floors, rooms. `chosen(int)` tells which place was chosen."""

    chosen = Signal(int)

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self._way: list[int] = []
        self.setAccessibleName(self.tr("Places"))
        self.setHeaderLabels(
            [self.tr("Place"), self.tr("Kind"), self.tr("Occupier"), self.tr("People"), self.tr("Assets")]
        )
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(True)
        self.setIndentation(px(20))
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        for column, width in ((1, 96), (2, 110), (3, 72), (4, 84)):
            self.setColumnWidth(column, px(width))
        for column in (3, 4):
            item = self.headerItem()
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.itemExpanded.connect(self._open)
        self.currentItemChanged.connect(self._chose)
        changed.connect(self._recolour)
        self.refresh()

    def refresh(self) -> None:
        """Read the tree anew and open it again where the chosen place is."""
        current = self.currentItem()
        ident = int(current.data(0, _ID)) if current is not None else 0
        self._bench.runner.read(self, place_children, None, done=partial(self._begin, ident))

    def show_place(self, place_id: int) -> None:
        """Open the tree down to a place and choose it."""
        self._bench.runner.read(self, way_to, place_id, done=self._walk)

    def place_id(self) -> int | None:
        """The chosen place."""
        item = self.currentItem()
        return int(item.data(0, _ID)) if item is not None else None

    def _begin(self, ident: int, nodes: Sequence[PlaceNode]) -> None:
        self.blockSignals(True)
        self.clear()
        self.blockSignals(False)
        self.addTopLevelItems([self._item(node) for node in nodes])
        if ident:
            self.show_place(ident)
        elif nodes:
            first = self.topLevelItem(0)
            if first is not None:
                self.setCurrentItem(first)
                first.setExpanded(True)

    def _item(self, node: PlaceNode) -> QTreeWidgetItem:
        name = node.code if node.name == node.code else f"{node.code}  ·  {node.name}"
        people = f"{node.people:,}" if node.people else "—"
        item = QTreeWidgetItem([name, kind_word(node.kind), node.occupier or "—", people, f"{node.assets:,}"])
        item.setData(0, _ID, node.id)
        item.setData(0, _KIND, node.kind)
        item.setSizeHint(0, QSize(px(100), px(32)))
        item.setFont(0, letters(13, QFont.Weight.Medium))
        for column in (3, 4):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if node.children:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        self._dress(item)
        return item

    def _dress(self, item: QTreeWidgetItem) -> None:
        item.setIcon(0, icon(ICONS[str(item.data(0, _KIND))], "muted"))
        for column in range(1, 5):
            item.setForeground(column, colour("muted"))

    def _recolour(self) -> None:
        for item in self._all():
            self._dress(item)

    def _all(self) -> Iterator[QTreeWidgetItem]:
        """Every item that was read so far."""
        walk = QTreeWidgetItemIterator(self)
        while (item := walk.value()) is not None:
            yield item
            walk += 1

    def _open(self, item: QTreeWidgetItem) -> None:
        if item.childCount() == 0:
            ident = int(item.data(0, _ID))
            self._bench.runner.read(self, place_children, ident, done=partial(self._fill, ident))

    def _fill(self, parent_id: int, nodes: Sequence[PlaceNode]) -> None:
        parent = self._find(parent_id)
        if parent is None:
            return
        if parent.childCount() == 0:
            parent.addChildren([self._item(node) for node in nodes])
        self._walk_on()

    def _walk(self, way: Sequence[int]) -> None:
        self._way = list(way)
        self._walk_on()

    def _walk_on(self) -> None:
        """Open the next step of the way that is being walked; choose its end."""
        while self._way:
            item = self._find(self._way[0])
            if item is None:
                return
            if len(self._way) == 1:
                self._way = []
                self.setCurrentItem(item)
                self.scrollToItem(item)
                return
            if item.childCount() == 0:
                item.setExpanded(True)
                if item.childCount() == 0:
                    return
            item.setExpanded(True)
            self._way.pop(0)

    def _find(self, ident: int) -> QTreeWidgetItem | None:
        return next((item for item in self._all() if int(item.data(0, _ID)) == ident), None)

    def _chose(self, current: QTreeWidgetItem | None, _before: QTreeWidgetItem | None) -> None:
        if current is not None:
            self.chosen.emit(int(current.data(0, _ID)))
