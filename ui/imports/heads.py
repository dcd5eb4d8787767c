"""Above each column of the preview: its name in the file, and the choice of the field it fills."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QTableView, QWidget

from cbo_desk.tabular import Field, Mapping
from ui.imports.choice import Choice
from ui.kit.cards import stack
from ui.kit.labels import ElidedLabel
from ui.kit.theme import changed, px

HEIGHT = 60


class Head(QFrame):
    """The head of one column. `chosen(column, field)` tells of the person's choice, "" for leaving it out."""

    chosen = Signal(str, str)

    def __init__(self, column: str, fields: Sequence[Field], parent: QWidget) -> None:
        super().__init__(parent)
        self.column = column
        self.setProperty("look", "head")
        name = ElidedLabel(column, "cap")
        self.box = Choice(self)
        self.box.setAccessibleName(self.tr("The field that {column} fills").format(column=column))
        self.box.setMinimumContentsLength(3)
        self.box.addItem(self.tr("Leave out"), "")
        for one in fields:
            self.box.addItem(one.title, one.name)
        self.box.setMaxVisibleItems(24)
        self.box.view().setMinimumWidth(px(190))
        self.box.activated.connect(lambda: self.chosen.emit(self.column, self.box.currentData()))
        inner = stack(name, 3, self.box, None, margins=(4, 7, 4, 4))
        name.setContentsMargins(6, 0, 0, 0)
        self.setLayout(inner)

    def show_field(self, name: str, reason: str) -> None:
        """Show which field is filled, and why it was taken."""
        self.box.setCurrentIndex(max(0, self.box.findData(name)))
        self.box.setToolTip(reason)


class Heads(QObject):
    """Keeps a head over every column of the file that can be seen; made when first seen, so that width costs nothing.

    `chosen(column, field)` passes on the person's choice.
    """

    chosen = Signal(str, str)

    def __init__(self, table: QTableView, fields: Sequence[Field]) -> None:
        super().__init__(table)
        self._table, self.fields = table, fields
        self._names: Sequence[str] = ()
        self._heads: dict[str, Head] = {}
        self._mapping = Mapping()
        header = table.horizontalHeader()
        header.setSectionsMovable(False)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(0)
        self._pause.timeout.connect(self.place)
        header.sectionResized.connect(lambda *_: self._pause.start())
        header.installEventFilter(self)
        table.horizontalScrollBar().valueChanged.connect(self.place)
        changed.connect(self._rescale)
        self._rescale()

    def show_columns(self, names: Sequence[str]) -> None:
        """Show the heads of another file."""
        for head in self._heads.values():
            head.hide()
            head.deleteLater()
        self._heads = {}
        self._names = names
        self._pause.start()

    def show_mapping(self, mapping: Mapping) -> None:
        """Show which column fills which field."""
        self._mapping = mapping
        for head in self._heads.values():
            self._tell(head)

    def head(self, column: str) -> Head:
        """The head of a column of the file."""
        if column not in self._heads:
            head = Head(column, self.fields, self._table.horizontalHeader())
            head.chosen.connect(self.chosen)
            self._heads[column] = head
            self._tell(head)
        return self._heads[column]

    def place(self) -> None:
        """Put every head over its column."""
        header = self._table.horizontalHeader()
        seen: set[str] = set()
        previous: QWidget | None = None
        for at, name in enumerate(self._names, 1):
            left, width = header.sectionViewportPosition(at), header.sectionSize(at)
            if header.isSectionHidden(at) or left + width <= 0 or left >= header.width():
                continue
            head = self.head(name)
            head.setGeometry(left, 0, width, header.height() - 1)
            head.show()
            if previous is not None:
                QWidget.setTabOrder(previous, head.box)
            previous = head.box
            seen.add(name)
        for name, head in self._heads.items():
            if name not in seen:
                head.hide()

    def set_enabled(self, enabled: bool) -> None:
        """Whether choices are open."""
        for head in self._heads.values():
            head.setEnabled(enabled)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the header's size."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutDirectionChange, QEvent.Type.Show):
            self._pause.start()
        return False

    def _tell(self, head: Head) -> None:
        head.show_field(self._mapping.columns.get(head.column, ""), self._mapping.reasons.get(head.column, ""))

    def _rescale(self) -> None:
        header = self._table.horizontalHeader()
        header.setFixedHeight(px(HEIGHT))
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeading)
        self._pause.start()
