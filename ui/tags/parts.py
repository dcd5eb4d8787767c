"""The parts of the print window and what they say: head, three columns, notice, foot, and a form in their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cbo_desk.plurals import Count
from cbo_desk.tags import save_printer, save_stock, set_label_wording
from cbo_desk.tags.plan import PrintPlan
from cbo_desk.tags.stocks import LabelStock
from ui.bench import Bench
from ui.kit.buttons import Button, Tool
from ui.kit.cards import ScrollCard, clear, frame, line, rule, stack, upright_rule
from ui.kit.dialogs import FormBox
from ui.kit.labels import ElidedLabel, IconLabel, Label
from ui.kit.states import ProgressStrip
from ui.kit.theme import px
from ui.tags import habits
from ui.tags.choice import Choice
from ui.tags.log import PrintLog
from ui.tags.preview import PreviewPanel
from ui.tags.queue import QueuePanel
from ui.tags.settings_panel import SettingsPanel
from ui.tags.stock_panel import StockPanel

if TYPE_CHECKING:
    from ui.tags.print_box import PrintBox


class BoxParts(QObject):
    """Builds the window's parts; what the person at work may not change is not offered."""

    def __init__(self, box: PrintBox, bench: Bench, kind: str, choice: Choice) -> None:
        super().__init__(box)
        self.box = box
        self.panel: QWidget | None = None
        self.queue = QueuePanel(bench.runner, kind, choice, box)
        self.stock = StockPanel(box)
        self.preview = PreviewPanel(bench.preferences.get(habits.ENLARGED), box)
        self.settings = SettingsPanel(bench.preferences.get(habits.LAYOUT).split(","), box)
        self.strip = ProgressStrip(box)
        self.summary = ElidedLabel("", "muted")
        self.notice = frame(look="notice", margins=(10, 6, 10, 6), parent=box)
        self.notice.hide()
        self.print_button = Button(self.tr("Print"), "printer", "primary", box.deeds.print_now, "Enter")
        self.pdf_button = Button(self.tr("Save PDF"), "file-down", run=lambda: box.deeds.save_as(".pdf"))
        self.png_button = Button(self.tr("Save PNG"), "image", run=lambda: box.deeds.save_as(".png"))
        self.zpl_button = Button(self.tr("ZPL"), "barcode", run=box.deeds.ask_zpl)
        self.zpl_button.setEnabled(False)
        self.stock.edit_button.setVisible(bench.may(save_stock))
        self.stock.new_button.setVisible(bench.may(save_stock))
        self.settings.measure_button.setVisible(bench.may(save_printer))
        self.settings.wording_button.setVisible(bench.may(set_label_wording))
        self.body = QStackedWidget(box)
        self.body.addWidget(self._columns())
        whole = QVBoxLayout(box)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addLayout(self._head())
        whole.addWidget(rule(box))
        whole.addWidget(self.body, 1)
        whole.addWidget(rule(box))
        whole.addLayout(line(self.notice, margins=(20, 0, 20, 0)))
        whole.addWidget(self.strip)
        self.foot = QWidget(box)
        self.foot.setLayout(self._foot())
        whole.addWidget(self.foot)

    # --- showing

    def show_sheet(self, stock: LabelStock, used: Sequence[int], plan: PrintPlan | None, place: int) -> None:
        """Show the page on which the label at a place of the print stands."""
        page, cell = plan.spots[place] if plan is not None and plan.spots else (1, 0)
        self.stock.show_sheet(stock, used, plan, page, cell)

    def show_page(self, page: int) -> None:
        """Show the first label of a page, and with it the page."""
        plan = self.preview.plan
        if plan is not None:
            self.preview.look_at(next((place for place, (on, _cell) in enumerate(plan.spots) if on == page), 0))

    def look_at(self, tag_id: int) -> None:
        """Show the label of a tag, if it is printed."""
        plan = self.preview.plan
        ticked = [line.tag_id for line in self.box.choice.ticked()]
        if plan is not None and tag_id in ticked and ticked.index(tag_id) in plan.tags:
            self.preview.look_at(plan.tags.index(ticked.index(tag_id)))

    # --- saying

    def say_plan(self, stock: LabelStock, tags: int, plan: PrintPlan | None) -> None:
        """Say in the head and on the button what will be printed."""
        self.summary.setText(self._summary(stock, tags, plan))
        many = self.tr("Print {count:tag|tags}").format(count=Count(tags))
        self.print_button.set_words(many if tags else self.tr("Print"), "Enter")
        some = plan is not None and tags > 0
        for button in (self.print_button, self.pdf_button, self.png_button):
            button.setEnabled(some)
        self.zpl_button.setEnabled(some and stock.is_roll)
        self.zpl_button.setToolTip("" if stock.is_roll else self.tr("ZPL needs a roll stock."))

    def _summary(self, stock: LabelStock, tags: int, plan: PrintPlan | None) -> str:
        if plan is None or not tags:
            return self.tr("Choose tags in the queue: tick them, or add a delivery.")
        labels = len(plan.labels)
        what = self.tr("{count:tag|tags}").format(count=Count(tags))
        if labels != tags:
            what = self.tr("{what}, {labels:label|labels}").format(what=what, labels=Count(labels))
        if stock.is_roll:
            return self.tr("{what} on a roll").format(what=what)
        free = plan.free_after()
        if plan.pages == 1:
            mine = plan.cells_of(1)
            cells = self.tr("cell {first}") if len(mine) == 1 else self.tr("cells {first} to {last}")
            cells = cells.format(first=min(mine), last=max(mine))
            words = self.tr("{what} on one sheet, {cells} · {free:cell stays|cells stay} free")
            return words.format(what=what, cells=cells, free=Count(free))
        words = self.tr("{what} on {pages:sheet|sheets} · {free:cell stays|cells stay} free on the last one")
        return words.format(what=what, pages=Count(plan.pages), free=Count(free))

    def show_faults(self, field: str = "", sentence: str = "") -> bool:
        """Say beside its field what is wrong; without a sentence all is well. False where no field here has it."""
        self.say_notice("")
        self.stock.show_fault(sentence if field == "stock" else "")
        here = self.settings.show_fault(field, sentence)
        if sentence:
            for button in (self.print_button, self.pdf_button, self.png_button, self.zpl_button):
                button.setEnabled(False)
        return here or field == "stock"

    def say_notice(self, sentence: str, verb: str = "", run: Callable[[], object] | None = None) -> None:
        """Say something above the buttons, with one thing to do about it; nothing for an empty sentence."""
        layout = self.notice.layout()
        assert layout is not None
        clear(layout)
        self.notice.setVisible(bool(sentence))
        if not sentence:
            return
        row = QWidget(self.notice)
        inner = line(IconLabel("triangle-alert", "warn_text", 16), Label(sentence, "amber", wrap=True), gap=8)
        inner.setStretch(1, 1)
        if run is not None:
            inner.addWidget(Button(verb, "", "link", run))
        row.setLayout(inner)
        layout.addWidget(row)

    # --- a form or the log in place of the columns

    def open_panel(self, panel: FormBox | PrintLog) -> None:
        """Show a form or the log instead of the three columns until it is closed."""
        self.close_panel()
        self.panel = panel
        holder = QFrame(self.box)
        holder.setProperty("look", "sunk")
        across = line(None, panel, None) if isinstance(panel, FormBox) else line(panel)
        holder.setLayout(stack(across, margins=(24, 16, 24, 16)))
        panel.closed.connect(self.close_panel)
        self.body.addWidget(holder)
        self.body.setCurrentWidget(holder)
        self.foot.hide()
        if isinstance(panel, FormBox):
            size = panel.sizeHint()
            panel.setFixedWidth(min(size.width(), self.box.width() - px(60)))
            panel.setMaximumHeight(size.height())
            panel.tell_elsewhere = self.box.bench.shell.problems.show
            if panel.edited is not None:
                self.box.bench.shell.heard.connect(panel.hear)
            panel.form.focus_first()

    def close_panel(self) -> None:
        """Show the three columns again; what was typed in a form stays as its draft."""
        panel, self.panel = self.panel, None
        if panel is None:
            return
        if isinstance(panel, FormBox):
            panel.leave()
        holder = self.body.currentWidget()
        self.body.setCurrentIndex(0)
        if holder is not None:
            self.body.removeWidget(holder)
            holder.deleteLater()
        self.foot.show()
        self.print_button.setFocus()

    # --- building

    def _head(self) -> QHBoxLayout:
        log = Button(self.tr("Print log"), "history", "link", lambda: self.box.deeds.show_log())
        close = Tool("x", self.tr("Close"), self.box.closed.emit, key="Esc")
        words = stack(Label(self.tr("Print tags"), "h1"), self.summary)
        head = line(words, log, close, margins=(24, 16, 16, 12), gap=12)
        head.setStretch(0, 1)
        return head

    def _columns(self) -> QWidget:
        right = ScrollCard(self.box, look="plain")
        right.show_content(self.preview, 12, rule(), 12, self.settings, margins=(20, 14, 20, 12), gap=0)
        columns = QWidget(self.box)
        row = QHBoxLayout(columns)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.queue, 352)
        row.addWidget(upright_rule())
        row.addWidget(self.stock, 412)
        row.addWidget(upright_rule())
        row.addWidget(right, 430)
        return columns

    def _foot(self) -> QHBoxLayout:
        hint = ElidedLabel(
            self.tr("Every print is logged with its tags and cells. ZPL needs a roll stock."), "small-muted"
        )
        cancel = Button(self.tr("Cancel"), run=self.box.closed.emit, key="Esc")
        buttons = (self.zpl_button, self.png_button, self.pdf_button, cancel, self.print_button)
        foot = line(hint, *buttons, margins=(24, 12, 24, 14))
        foot.setStretch(0, 1)
        return foot
