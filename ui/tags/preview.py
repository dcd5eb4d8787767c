"""The right of the print window, above: one label as it will be printed, and what is to be said about it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cbo_desk.tags.plan import PrintPlan
from ui.kit.bidi import isolate
from ui.kit.buttons import Button, Tool
from ui.kit.cards import line
from ui.kit.labels import ElidedLabel, IconLabel, Label
from ui.kit.tabs import Tab, Tabs, segments
from ui.kit.theme import colour, px
from ui.tags.label_painting import paint_label

_MM = 25.4
_NAMED = 4
"""So many labels are named in a warning; the rest is counted."""


class LabelPicture(QWidget):
    """One label, of true size or as large as the room allows. ← and → ask for the next one: `stepped(±1)`."""

    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plan: PrintPlan | None = None
        self.place = 0
        self.enlarged = True
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Preview of the label"))

    def sizeHint(self) -> QSize:
        """The size it would like."""
        return QSize(px(340), px(190))

    def scale(self) -> float:
        """Pixels a millimetre, as the label is painted now."""
        return self.fitting() if self.enlarged else self.true_scale()

    def fitting(self) -> float:
        """Pixels a millimetre at which the label just fits."""
        assert self.plan is not None
        width, height = self.plan.stock.label
        return max(1.0, min((self.width() - 24) / width, (self.height() - 20) / height))

    def true_scale(self) -> float:
        """Pixels a millimetre on this screen, as the screen itself tells."""
        dots = self.screen().physicalDotsPerInch()
        return (dots if 40 <= dots <= 800 else self.screen().logicalDotsPerInch()) / _MM

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it stands now."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("sunken"))
            painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
            if self.plan is not None and self.plan.labels:
                composer = self.plan.composer
                scale = self.scale()
                room = QRectF(0, 0, composer.stock.label[0] * scale, composer.stock.label[1] * scale)
                room.moveCenter(QRectF(self.rect()).center())
                painter.setClipRect(self.rect())
                paint_label(painter, self.plan.labels[self.place], self.plan.composed[self.place], composer, room)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(colour("border"), 1))
                corner = composer.stock.corner * scale
                painter.drawRoundedRect(room, corner, corner)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(colour("accent"), 2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        finally:
            painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step through the labels."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)


class PreviewPanel(QWidget):
    """The label, browsing, the symbol's size and warnings.

    Signals: `looked(place)` after another label is shown; `size_chosen(enlarged)`.
    """

    looked = Signal(int)
    size_chosen = Signal(bool)

    def __init__(self, enlarged: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.plan: PrintPlan | None = None
        self.place = 0
        self.picture = LabelPicture(self)
        self.picture.enlarged = enlarged
        names = [("true", self.tr("True size")), ("large", self.tr("Enlarged"))]
        self.sizes: Tabs = segments(names, self._choose_size, "large" if enlarged else "true")
        self._times = ""
        self.before = Tool("chevron-left", self.tr("Tag before"), partial(self.step, -1), self)
        self.after = Tool("chevron-right", self.tr("Next tag"), partial(self.step, 1), self)
        self.which = ElidedLabel("", "small")
        self.symbol = ElidedLabel("", "small-muted")
        self._good = IconLabel("circle-check", "ok_text", 15)
        self._small = IconLabel("triangle-alert", "warn_text", 15)
        self.warning = Label("", "warn", wrap=True)
        self.show_button = Button(self.tr("Show"), "", "link", self._show_next_warned)
        self._warned = QWidget(self)
        row = line(IconLabel("triangle-alert", "warn_text", 15), self.warning, self.show_button)
        row.setStretch(1, 1)
        self._warned.setLayout(row)
        self._warned.hide()
        self._build()
        self.picture.stepped.connect(self.step)

    def show_plan(self, plan: PrintPlan | None) -> None:
        """Show a print; the label shown before stays if it is still there."""
        code = self.plan.labels[self.place].code if self.plan is not None and self.plan.labels else ""
        self.plan = self.picture.plan = plan
        labels = plan.labels if plan is not None else ()
        self.place = next((place for place, label in enumerate(labels) if label.code == code), 0)
        self.sizes.setVisible(bool(labels))
        if plan is not None:
            self._say_symbol(plan)
        self._say_warnings(plan)
        self._look()

    def look_at(self, place: int) -> None:
        """Show one label of the print."""
        if self.plan is not None and 0 <= place < len(self.plan.labels):
            self.place = place
            self._look()

    def step(self, way: int) -> None:
        """Show the label before or after."""
        self.look_at(self.place + way)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the new room."""
        super().resizeEvent(event)
        if self.plan is not None and self.plan.labels:
            self._say_scale()

    # --- parts

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(line(Label(self.tr("Preview"), "h2"), None, self.sizes))
        whole.addSpacing(8)
        whole.addWidget(self.picture)
        whole.addSpacing(4)
        browse = line(self.before, self.which, self.after, gap=4)
        browse.setStretch(1, 1)
        whole.addLayout(browse)
        said = line(self._good, self._small, self.symbol)
        said.setStretch(2, 1)
        whole.addLayout(said)
        whole.addWidget(self._warned)

    def _choose_size(self, name: str) -> None:
        self.picture.enlarged = name == "large"
        self.size_chosen.emit(self.picture.enlarged)
        self._look()

    def _look(self) -> None:
        plan = self.plan
        some = plan is not None and bool(plan.labels)
        for widget in (self.before, self.after, self.which, self.symbol, self._good, self._small):
            widget.setVisible(some)
        if plan is not None and plan.labels:
            small = bool(plan.composer.warnings)
            self._good.setVisible(not small)
            self._small.setVisible(small)
            tag = plan.labels[self.place]
            page, cell = plan.spots[self.place]
            words = self.tr("Tag {place} of {count} · {number}, cell {cell}")
            if plan.stock.is_roll:
                words = self.tr("Tag {place} of {count} · {number}, label {page}")
            number = isolate(tag.number or tag.name)
            total = len(plan.labels)
            self.which.setText(words.format(place=self.place + 1, count=total, number=number, cell=cell, page=page))
            self.before.setEnabled(self.place > 0)
            self.after.setEnabled(self.place < total - 1)
            self.picture.setAccessibleDescription(f"{tag.number} {tag.name} {tag.code}".strip())
            self._say_scale()
        self.picture.place = self.place
        self.picture.update()
        self.looked.emit(self.place)

    def _say_scale(self) -> None:
        """Say on the switch how many times as large as printed the enlarged label is."""
        times = self.tr("{scale} times").format(scale=f"{self.picture.fitting() / self.picture.true_scale():.1f}")
        if times != self._times:
            self._times = times
            self.sizes.show_tabs([Tab("true", self.tr("True size")), Tab("large", times)])

    def _say_symbol(self, plan: PrintPlan) -> None:
        composer = plan.composer
        words = self.tr("Symbol {side} mm · {dots} dots per module at {dpi} dpi").format(
            side=f"{composer.side:.1f}", dots=composer.dots, dpi=composer.stock.dpi
        )
        if composer.warnings:
            words = self.tr("{symbol}: small, hold the scanner close").format(symbol=words)
        self.symbol.setText(words)

    def _say_warnings(self, plan: PrintPlan | None) -> None:
        warned = plan.warned if plan is not None else ()
        self._warned.setVisible(bool(warned))
        if plan is None or not warned:
            return
        named = ", ".join(str(place + 1) for place in warned[:_NAMED])
        if len(warned) > _NAMED:
            named = self.tr("{named} and {more} more").format(named=named, more=f"{len(warned) - _NAMED:,}")
        one = len(warned) == 1
        if plan.shortened_only:
            words = self.tr("Name shortened on tag {named}") if one else self.tr("Name shortened on tags {named}")
        else:
            words = self.tr("Text does not fit on tag {named}") if one else self.tr("Text does not fit on tags {named}")
        self.warning.setText(words.format(named=named))
        said = [sentence for place in warned[:12] for sentence in plan.composed[place].warnings]
        self._warned.setToolTip("\n".join(said))

    def _show_next_warned(self) -> None:
        """Jump to the next label with a warning, round and round."""
        if self.plan is not None and self.plan.warned:
            after = [place for place in self.plan.warned if place > self.place]
            self.look_at((after or list(self.plan.warned))[0])
