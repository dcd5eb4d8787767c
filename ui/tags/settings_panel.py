"""The right of the print window, below: what stands on the label, where it begins, how often, on which printer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from cbo_desk.context import local
from cbo_desk.tags import Measured
from cbo_desk.tags.plan import PrintPlan
from cbo_desk.tags.stocks import LabelStock
from ui.kit.bidi import isolate
from ui.kit.buttons import Button
from ui.kit.cards import frame, line, rule, stack
from ui.kit.icons import icon
from ui.kit.labels import ElidedLabel, Label
from ui.kit.phrases import day
from ui.tags.habits import TO_PDF

_COPIES = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 25, 50, 100)
_LAYOUTS = (
    ("entity", "number", "name", "code"),
    ("entity", "number", "name", "code", "text"),
    ("number", "name", "code"),
    ("entity", "number", "code"),
    ("number", "code"),
    ("text", "number", "code"),
    ("code",),
    ("emblem", "entity", "number", "name", "code"),
    ("emblem", "number", "code"),
)


class SettingsPanel(QWidget):
    """Signals: `changed` after any choice by the person; `printer_chosen(name)`; `ruler_asked`, `measure_asked`,
    `wording_asked`.
    """

    changed = Signal()
    printer_chosen = Signal(str)
    ruler_asked = Signal()
    measure_asked = Signal()
    wording_asked = Signal()

    def __init__(self, layout: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.layout_box = self._combo(self.tr("On the label"))
        self.start_box = self._combo(self.tr("Start at cell"))
        self.copies_box = self._combo(self.tr("Copies of each"))
        self.printer_box = self._combo(self.tr("Printer"))
        self.start_fault, self.layout_fault = (Label("", "fault", self, wrap=True) for _ in range(2))
        self.start_fault.hide()
        self.layout_fault.hide()
        self._explicit: int | None = None
        self._start_key: object = None
        self._figures = [Label("", "h3") for _ in range(3)]
        self._measured = ElidedLabel("", "small-muted")
        self.ruler_button = Button(self.tr("Print ruler page"), "ruler", "link", self.ruler_asked.emit)
        self.measure_button = Button(self.tr("Enter what was measured"), "pencil", "link", self.measure_asked.emit)
        self.wording_button = Button(self.tr("Own line"), "", "link", self.wording_asked.emit)
        for copies in _COPIES:
            self.copies_box.addItem(str(copies), copies)
        self._build()
        self._wanted = ",".join(layout)
        self.offer_layouts("")
        self.show_printers(())
        self._connect()

    # --- what the window asks

    def elements(self) -> tuple[str, ...]:
        """What stands on the label, in order."""
        return tuple(str(self.layout_box.currentData()).split(","))

    def start_at(self) -> int | None:
        """The cell that the person chose to start at; None for the next free one."""
        return self._explicit

    def copies(self) -> int:
        """How many of each tag."""
        return int(self.copies_box.currentData())

    def printer(self) -> str:
        """The chosen printer, "" for a PDF."""
        return str(self.printer_box.currentData() or "")

    def forget_start(self) -> None:
        """Begin at the next free cell again: another stock, or other cells are gone."""
        self._explicit = None

    def offer_layouts(self, wording: str, *, emblems: bool = False) -> None:
        """Offer what can stand on a label: the own line by its words, emblems where an entity has one."""
        self.layout_box.clear()
        own = f"“{wording}”" if wording else self.tr("own line")
        names = {
            "emblem": self.tr("emblem"),
            "entity": self.tr("entity"),
            "number": self.tr("number"),
            "name": self.tr("name"),
            "code": self.tr("code"),
            "text": own,
        }
        for elements in _LAYOUTS:
            if "emblem" in elements and not emblems:
                continue
            words = ", ".join(names[element] for element in elements)
            self.layout_box.addItem(words[0].upper() + words[1:], ",".join(elements))
        self.layout_box.setCurrentIndex(max(0, self.layout_box.findData(self._wanted)))
        self.wording_button.set_words(self.tr("Change the own line") if wording else self.tr("Set an own line"))

    def show_start(self, stock: LabelStock, used: Sequence[int], plan: PrintPlan | None) -> None:
        """Offer the free cells to start at, and show where this print starts."""
        key = (stock, tuple(used))
        if key != self._start_key:
            self._start_key = key
            self.start_box.clear()
            for cell in range(1, stock.per_page + 1):
                if cell not in used and not stock.is_roll:
                    row, column = divmod(cell - 1, stock.columns)
                    words = self.tr("{cell}, row {row} column {column}")
                    self.start_box.addItem(words.format(cell=cell, row=row + 1, column=column + 1), cell)
            if not self.start_box.count():
                words = self.tr("The next label") if stock.is_roll else self.tr("1, on a new sheet")
                self.start_box.addItem(words, 1)
        self.start_box.setEnabled(not stock.is_roll)
        if plan is not None:
            self.start_box.setCurrentIndex(max(0, self.start_box.findData(plan.start_at)))

    def show_printers(self, names: Sequence[str], chosen: str = TO_PDF) -> None:
        """Offer these printers, and a PDF."""
        self.printer_box.clear()
        for name in names:
            self.printer_box.addItem(icon("printer"), isolate(name), name)
        self.printer_box.addItem(icon("file-down"), self.tr("Save as PDF"), TO_PDF)
        self.printer_box.setCurrentIndex(max(0, self.printer_box.findData(chosen)))

    def show_measured(self, measured: Mapping[str, Measured]) -> None:
        """Say how far the chosen printer is off."""
        found = measured.get(self.printer())
        figures = (found.right_mm, found.up_mm) if found else (0.0, 0.0)
        for label, millimetres in zip(self._figures, figures, strict=False):
            label.setText(self.tr("{length} mm").format(length=f"{millimetres:.1f}"))
        self._figures[2].setText(f"{found.scale:.1%}".replace("%", " %") if found else "100 %")
        if self.printer() == TO_PDF:
            words = self.tr("A PDF is exact.")
        elif found is None:
            words = self.tr("Not measured yet.")
        else:
            words = self.tr("Measured {day} by {name}").format(
                day=day(local(found.measured_at).date()), name=isolate(found.measured_by)
            )
        self._measured.setText(words)
        self.measure_button.setEnabled(self.printer() != TO_PDF)

    def show_fault(self, field: str, sentence: str) -> bool:
        """Say beside a field what is wrong; False where the field is not here. Without a field, all is well."""
        labels = {"start_at": self.start_fault, "used_cells": self.start_fault, "elements": self.layout_fault}
        for label in labels.values():
            label.hide()
        if field in labels:
            labels[field].setText(sentence)
            labels[field].show()
        return field in labels

    # --- parts

    def _combo(self, name: str) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(6)
        box.setMaxVisibleItems(16)
        return box

    def _build(self) -> None:
        start, copies = (stack(Label(box.accessibleName(), "cap"), 4, box) for box in (self.start_box, self.copies_box))
        two = line(gap=12)
        two.addLayout(start, 1)
        two.addLayout(copies, 1)
        boxes = line(gap=8)
        for caption, figure in zip(
            (self.tr("Move right"), self.tr("Move up"), self.tr("Scale")), self._figures, strict=True
        ):
            boxes.addWidget(frame(Label(caption, "cap"), figure, look="sunk", margins=(10, 6, 10, 6)), 1)
        links = line(self._measured, self.ruler_button)
        links.setStretch(0, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for piece in (
            line(Label(self.layout_box.accessibleName(), "cap"), None, self.wording_button),
            2,
            self.layout_box,
            self.layout_fault,
            10,
            two,
            self.start_fault,
            14,
            rule(self),
            14,
            Label(self.printer_box.accessibleName(), "cap"),
            4,
            self.printer_box,
            8,
            boxes,
            6,
            links,
            line(None, self.measure_button),
        ):
            if isinstance(piece, int):
                whole.addSpacing(piece)
            elif isinstance(piece, QWidget):
                whole.addWidget(piece)
            else:
                whole.addLayout(piece)

    def _connect(self) -> None:
        self.layout_box.activated.connect(lambda _index: self._choose_layout())
        self.copies_box.activated.connect(lambda _index: self.changed.emit())
        self.start_box.activated.connect(lambda _index: self._choose_start())
        self.printer_box.activated.connect(lambda _index: self.printer_chosen.emit(self.printer()))

    def _choose_layout(self) -> None:
        self._wanted = str(self.layout_box.currentData())
        self.changed.emit()

    def _choose_start(self) -> None:
        self._explicit = int(self.start_box.currentData())
        self.changed.emit()
