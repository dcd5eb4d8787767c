"""The tree of places: a branch is read when it is opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
    QWidget,
)

from cbo_desk.places import PlaceNode, open_branches, place_children, way_to
from ui.bench import Bench
from ui.kit.cells import ROW
from ui.kit.icons import icon
from ui.kit.theme import changed, colour, letters, px
from ui.places.kinds import ICONS, kind_word

WIDTHS = {1: 96, 2: 116, 3: 78, 4: 84}
"""Pixels at 100 % of kind, occupier, people, assets; the name has the rest, and at least NAME."""
NAME = 250
HIDE_FIRST = (2, 3, 1)
FIGURES = (3, 4)
GAP = 7
"""With Qt's own 3 pixels the 10 that stand beside the words of every list."""
_ID = Qt.ItemDataRole.UserRole
_KIND = Qt.ItemDataRole.UserRole + 1
_TRAILING = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class PlaceTree(QTreeWidget):
    """Sites, buildings, floors, rooms.

    Signals: `chosen(int)` which place is chosen, again after the tree was read anew; `counted(int)` how many sites.
    """

    chosen = Signal(int)
    counted = Signal(int)

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self._way: list[int] = []
        self._hover = QPersistentModelIndex()
        self.setAccessibleName(self.tr("Places"))
        self.setHeaderLabels(
            [self.tr("Place"), self.tr("Kind"), self.tr("Occupier"), self.tr("People"), self.tr("Assets")]
        )
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(True)
        self.setMouseTracking(True)
        self.setItemDelegate(_Inset(self))
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        for column in FIGURES:
            self.headerItem().setTextAlignment(column, _TRAILING)
        self.itemExpanded.connect(self._open)
        self.currentItemChanged.connect(self._chose)
        changed.connect(self._rescale)
        self._rescale()
        self.refresh()

    def refresh(self) -> None:
        """Read anew all that is open; what is chosen stays chosen, and where it is gone the place that held it is."""
        opened = [_id_of(item) for item in self._all() if item.isExpanded()]
        self._bench.runner.read(self, open_branches, opened, self.place_id(), done=self._begin)

    def show_place(self, place_id: int) -> None:
        """Open the tree down to a place and choose it."""
        self._bench.runner.read(self, way_to, place_id, done=self._walk)

    def place_id(self) -> int | None:
        """The chosen place."""
        item = self.currentItem()
        return _id_of(item) if item is not None else None

    # --- what Qt asks

    def drawRow(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint a row as every list does: hover, hairline, a bar at what is chosen, a ring where the keys are."""
        row = option.rect
        chosen = self.selectionModel().isSelected(index)
        if chosen or self._hover == index.sibling(index.row(), 0):
            painter.fillRect(row, colour("sel" if chosen else "hover"))
        super().drawRow(painter, option, index)
        painter.save()
        painter.setPen(QPen(colour("border"), 1))
        painter.drawLine(row.bottomLeft(), row.bottomRight())
        if chosen:
            x = row.right() - 2 if self.isRightToLeft() else row.left()
            painter.fillRect(QRect(x, row.top(), 3, row.height()), colour("accent"))
        if self.hasFocus() and self.currentIndex().siblingAtColumn(0) == index.sibling(index.row(), 0):
            painter.setPen(QPen(colour("accent"), 2))
            painter.drawRect(row.adjusted(1, 1, -1, -1))
        painter.restore()

    def viewportEvent(self, event: QEvent) -> bool:
        """Follow the mouse from row to row."""
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._point_at(self.indexAt(event.position().toPoint()))
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.Wheel):
            self._point_at(QModelIndex())
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On little room the least needed columns hide: names come first."""
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens and closes a branch, as a double click does."""
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            item.setExpanded(not item.isExpanded())
            return
        super().keyPressEvent(event)

    # --- parts

    def _begin(self, branches: Mapping[int | None, Sequence[PlaceNode]]) -> None:
        current = self.currentItem()
        way = _ids_down_to(current)
        top = self.verticalScrollBar().value()
        self.blockSignals(True)
        self.clear()
        self._hang(None, branches)
        self.blockSignals(False)
        self.counted.emit(self.topLevelItemCount())
        item = next((found for ident in reversed(way) if (found := self._find(ident)) is not None), None)
        if item is None and (item := self.topLevelItem(0)) is not None and not way:
            item.setExpanded(True)
        if item is not None:
            self.blockSignals(True)
            self.setCurrentItem(item)
            self.blockSignals(False)
            self.chosen.emit(_id_of(item))
        self.verticalScrollBar().setValue(top)
        self._walk_on()

    def _hang(self, above: QTreeWidgetItem | None, branches: Mapping[int | None, Sequence[PlaceNode]]) -> None:
        for node in branches.get(_id_of(above) if above is not None else None, ()):
            item = self._item(node)
            (above or self.invisibleRootItem()).addChild(item)
            if node.id in branches:
                self._hang(item, branches)
                item.setExpanded(True)

    def _item(self, node: PlaceNode) -> QTreeWidgetItem:
        name = node.code if node.name == node.code else f"{node.code}  ·  {node.name}"
        figures = [f"{count:,}" if count else "—" for count in (node.people, node.assets)]
        item = QTreeWidgetItem([name, kind_word(node.kind), node.occupier or "—", *figures])
        item.setData(0, _ID, node.id)
        item.setData(0, _KIND, node.kind)
        item.setToolTip(0, name)
        for column in FIGURES:
            item.setTextAlignment(column, _TRAILING)
        if node.children:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        self._dress(item)
        return item

    def _dress(self, item: QTreeWidgetItem) -> None:
        item.setSizeHint(0, QSize(px(100), px(ROW)))
        item.setFont(0, letters(weight=QFont.Weight.Medium))
        item.setIcon(0, icon(ICONS[str(item.data(0, _KIND))], "muted"))
        for column in range(1, self.columnCount()):
            item.setFont(column, letters(tabular=column in FIGURES))
            item.setForeground(column, colour("faint" if item.text(column) == "—" else "muted"))

    def _rescale(self) -> None:
        self.setIndentation(px(20))
        for column, width in WIDTHS.items():
            self.setColumnWidth(column, px(width))
        for item in self._all():
            self._dress(item)
        self._fit()

    def _fit(self) -> None:
        room = self.viewport().width() - px(NAME)
        shown = set(WIDTHS)
        for column in HIDE_FIRST:
            if sum(px(WIDTHS[one]) for one in shown) > room:
                shown.discard(column)
        for column in WIDTHS:
            self.setColumnHidden(column, column not in shown)

    def _point_at(self, index: QModelIndex) -> None:
        before, self._hover = self._hover, QPersistentModelIndex(index.siblingAtColumn(0))
        if before != self._hover:
            self.viewport().update()

    def _all(self) -> Iterator[QTreeWidgetItem]:
        """Every item that was read so far."""
        walk = QTreeWidgetItemIterator(self)
        while (item := walk.value()) is not None:
            yield item
            walk += 1

    def _open(self, item: QTreeWidgetItem) -> None:
        if item.childCount() == 0:
            ident = _id_of(item)
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
            item.setExpanded(True)
            if item.childCount() == 0:
                return
            self._way.pop(0)

    def _find(self, ident: int) -> QTreeWidgetItem | None:
        return next((item for item in self._all() if _id_of(item) == ident), None)

    def _chose(self, current: QTreeWidgetItem | None, _before: QTreeWidgetItem | None) -> None:
        if current is not None:
            self.chosen.emit(_id_of(current))


class _Inset(QStyledItemDelegate):
    """Leaves the same room beside every figure as other lists do; the row's ground is the tree's affair."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        inset = QStyleOptionViewItem(option)
        inset.state &= ~QStyle.StateFlag.State_HasFocus
        if index.column():
            inset.rect = option.rect.adjusted(GAP, 0, -GAP, 0)
        super().paint(painter, inset, index)


def _id_of(item: QTreeWidgetItem) -> int:
    return int(item.data(0, _ID))


def _ids_down_to(item: QTreeWidgetItem | None) -> list[int]:
    """The ids from the site down to an item."""
    way: list[int] = []
    while item is not None:
        way.insert(0, _id_of(item))
        item = item.parent()
    return way
