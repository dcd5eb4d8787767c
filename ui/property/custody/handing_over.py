"""The page on which assets change hands: scan who takes, scan the assets, scan Done; the keyboard does it too."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QTableView, QWidget

from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.people import PersonCard, person_card
from cbo_desk.plurals import Count
from cbo_desk.property.custody import (
    HandoverMade,
    ItemLine,
    ItemsRefused,
    Kind,
    hand_over_assets,
    look_over,
)
from ui import picks
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button
from ui.kit.cards import frame, line, rule, stack
from ui.kit.fields import DateField, Field, Pick, Unclear
from ui.kit.labels import Label
from ui.kit.page import Page
from ui.kit.pick import PickField
from ui.kit.states import ListOrState, State
from ui.kit.tables import RowCount, dress
from ui.kit.tabs import Tab
from ui.property.custody.meanings import Meanings
from ui.property.custody.sheets import Sheets
from ui.property.custody.sign_box import SignBox, open_sign_box
from ui.property.custody.trolley import Scan, Trolley

_WAYS = {"give": None, "return": Kind.RETURN, "lend": Kind.LEND, "extend": Kind.EXTEND}
"""How chosen assets go, by what the register asks; None where it follows from how they stand."""


class HandoverPage(Page):
    """Puts a handover together. Scans arrive here while the page is in front; nothing moves before Done."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Hand over assets"), parent, help_page="custody")
        self.bench = bench
        office = bench.runner.office
        self.trolley = Trolley(bench.drafts, f"{office.engine.url} {office.actor.login}", self)
        self.sheets = Sheets(bench, self)
        self.sign_box: SignBox | None = None
        self._writing = False
        self._picks: tuple[Pick | None, Pick | None] = (None, None)
        self.meanings = Meanings(bench, self.trolley, self.finish, self)
        self._build()
        self._add_actions()
        self.trolley.changed.connect(self._changed)
        self.trolley.judged.connect(self._judged)
        self.trolley.rowsInserted.connect(lambda *_: self.table.scrollToTop())
        self.trolley.restore()
        self._show()
        self.meanings.judge()
        bench.feed.ask(self, self.meanings.heard)

    def open_at(self, detail: str) -> None:
        """Begin with assets ("give:1,2", or return, lend, extend) or a person ("to:7"); earlier scans stay."""
        what, _, ids = detail.partition(":")
        numbers = [int(part) for part in ids.split(",") if part.isdigit()]
        if not numbers:
            return
        if what == "to":
            self.bench.runner.read(self, person_card, numbers[0], done=self._begin_with)
        elif what in _WAYS:
            done = partial(self._take_along, _WAYS[what])
            self.bench.runner.read(self, look_over, numbers, self.trolley.order(), done=done)

    def focus_body(self) -> None:
        """Lead the keys to where numbers are typed."""
        self.entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def undo_last(self) -> bool:
        """Ctrl+Z takes the last scan back."""
        return self.meanings.undo_last()

    # --- parts

    def _build(self) -> None:
        kinds = {
            Kind.ISSUE: self.tr("Issue"),
            Kind.RETURN: self.tr("Take back"),
            Kind.HAND_OVER: self.tr("Hand over"),
            Kind.LEND: self.tr("Lend"),
            Kind.EXTEND: self.tr("Extend"),
        }
        self.tabs.show_tabs([Tab(str(kind), words) for kind, words in kinds.items()])
        self.tabs.chosen.connect(self._choose_kind)
        self.add_buttons(
            Button(self.tr("Command tags"), "qr-code", "plain", self.sheets.command_tags),
            Button(self.tr("Start afresh"), "rotate-ccw", "plain", self._afresh),
        )
        self.done_button = Button(self.tr("Done"), "check", "primary", self.finish, "Ctrl+Enter")
        self.add_buttons(self.done_button)
        self.taker = PickField(Field("taker_id", self.tr("Who takes"), "pick", suggest=picks.people(self.bench)))
        self.place = PickField(Field("place_id", self.tr("To which place"), "pick", suggest=picks.places(self.bench)))
        self.due = DateField(Field("due_on", self.tr("Back on"), "date"))
        self.entry = QLineEdit(self)
        self.entry.setAccessibleName(self.tr("Scan, or type a number and press Enter"))
        self.entry.setPlaceholderText(self.tr("Scan, or type a number and press Enter"))
        self.fault = Label("", "fault", self, wrap=True)
        self.fault.hide()
        self._due_box = self._captioned(self.due, self.tr("Back on"))
        self._taker_box = self._captioned(self.taker, self.tr("Who takes"))
        self._taker_caption = self._taker_box.findChild(Label)
        self._place_box = self._captioned(self.place, self.tr("To which place"))
        head = line(self._taker_box, self._place_box, self._due_box, gap=12)
        for at in range(3):
            head.setStretch(at, 1)
        self.table = QTableView(self)
        self.table.setModel(self.trolley)
        looks = [column.look for column in self.trolley.columns]
        title = self.tr("Assets to hand over")
        self.columns = dress(self.table, looks, "property.trolley", self.bench.preferences, title=title)
        self.states = ListOrState(self.table)
        self.foot = RowCount(self)
        top = QWidget(self)
        top.setLayout(stack(head, self.fault, 10, self.entry))
        self.body.addWidget(frame(top, margins=(14, 12, 14, 12)))
        self.body.addWidget(frame(self.states, rule(), self.foot, margins=(1, 1, 1, 7)), 1)
        self.taker.edited.connect(self._picked)
        self.place.edited.connect(self._picked)
        self.due.edited.connect(self._dated)
        self.entry.returnPressed.connect(self._typed)

    def _captioned(self, editor: QWidget, words: str) -> QWidget:
        box = QWidget(self)
        caption = Label(words, "cap")
        caption.setBuddy(editor)
        layout = stack(caption, 2, editor, None)
        box.setLayout(layout)
        return box

    def _add_actions(self) -> None:
        add, sheets = self.bench.shell.actions_.add, self.sheets
        remove = Action("property.trolley.remove", self.tr("Take off the list"), self._remove, "minus", "Del",
                        "property", enabled=lambda: bool(self._rows()))  # fmt: skip
        add(self.table, remove)
        add(
            self,
            Action(
                "property.trolley.done", self.tr("Done: hand over"), self.finish, "check", "Ctrl+Return", "property"
            ),
            Action(
                "property.trolley.back", self.tr("Take back the last scan"), self.undo_last, "undo-2", "F6", "property"
            ),
            Action(
                "property.trolley.tags", self.tr("Print command tags"), sheets.command_tags, "qr-code", "", "property"
            ),
        )

    # --- the order

    def _choose_kind(self, name: str) -> None:
        self.trolley.set_order(kind=Kind(name))
        self.meanings.judge()

    def _picked(self) -> None:
        """Somebody was typed and chosen; the fields say so themselves while it is not clear."""
        try:
            taker, place = self.taker.value(), self.place.value()
        except Unclear:
            return
        if (taker, place) != (self.trolley.taker, self.trolley.place):
            self.trolley.set_order(taker=taker, place=place)
            self.meanings.judge()

    def _dated(self) -> None:
        try:
            due = self.due.value()
        except Unclear:
            return
        if due != self.trolley.due_on:
            self.trolley.set_order(due_on=due)
            if self.trolley.kind is Kind.EXTEND:
                self.meanings.judge()  # it must be later than the day that stands

    def _changed(self) -> None:
        """Somebody changed the order or its lines: what was at fault with the one before is told no longer."""
        self._say_fault("")
        self._show()

    def _judged(self) -> None:
        """An answer came back in its own time: it takes no sentence away that somebody reads."""
        empty = self.trolley.kind is not Kind.EXTEND and not self.done_button.isEnabled()
        if self.trolley.goods() and empty:
            self._say_fault("")  # there is something to hand over now
        self._show()
        self.meanings.find_borrower()

    def _unclear(self, editor: PickField | DateField) -> str:
        """What a field says of what is typed in it and cannot be taken; empty where it can."""
        try:
            editor.value()
        except Unclear as unclear:
            return str(unclear)
        return ""

    def _show(self) -> None:
        """Show what the trolley holds; what is typed and not understood stays, unless a scan puts another there."""
        trolley = self.trolley
        self.tabs.choose(str(trolley.kind))
        before, self._picks = self._picks, (trolley.taker, trolley.place)
        for editor, pick, shown in zip((self.taker, self.place), self._picks, before, strict=True):
            scanned = pick is not shown  # also where it is the same person's badge once more
            if scanned and (pick != editor.chosen or (pick is not None and self._unclear(editor))):
                editor.set_value(pick)
        if not self.due.line.hasFocus() and not self._unclear(self.due):
            self.due.set_value(trolley.due_on)
        self._due_box.setVisible(trolley.kind in (Kind.LEND, Kind.EXTEND))
        self._place_box.setVisible(trolley.kind is not Kind.EXTEND)
        if self._taker_caption is not None:
            self._taker_caption.setText(self.tr("Borrower") if trolley.kind is Kind.EXTEND else self.tr("Who takes"))
        self._taker_box.setVisible(trolley.kind is not Kind.RETURN)
        goods, refused = len(trolley.goods()), trolley.refused()
        how = self.tr("{count} refused").format(count=refused) if refused else ""
        self.foot.say(goods, goods, self.tr("{count:goes|go} along"), how)
        self.done_button.setEnabled(goods > 0)
        self.say(self._next_step())
        if trolley.scans:
            self.states.show_content()
        else:
            words = self.tr("Scan a badge or a door, then the assets, then Done. Or type numbers above.")
            self.states.show_state(State("empty", self.tr("Nothing scanned yet"), words, icon="scan-barcode"))

    def _next_step(self) -> str:
        trolley = self.trolley
        if trolley.kind is Kind.RETURN:
            if trolley.place is None:
                return self.tr("Scan the store that takes the assets back")
        elif trolley.kind is Kind.EXTEND and not trolley.scans:
            return self.tr("Scan what is on loan")
        elif trolley.taker is None and (trolley.place is None or trolley.kind is not Kind.ISSUE):
            return self.tr("Scan the badge of whoever takes the assets")
        if trolley.kind in (Kind.LEND, Kind.EXTEND) and trolley.due_on is None:
            return self.tr("Say on which day the loan comes back")
        if not trolley.goods():
            return self.tr("Scan the assets")
        return self.tr("Scan more assets, or Done")

    def _say_fault(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    # --- scans

    def _typed(self) -> None:
        text = self.entry.text().strip()
        self.entry.clear()
        if text:
            self.meanings.read(text)

    def _begin_with(self, card: PersonCard) -> None:
        why = self.meanings.take_person(Pick(card.id, card.name, card.entity))
        if why:
            self._say_fault(why)
        self.entry.setFocus()

    def _take_along(self, kind: Kind | None, lines: Sequence[ItemLine]) -> None:
        """Assets chosen in the register come onto the list; the way follows from how they stand."""
        if kind is None:
            kind = Kind.HAND_OVER if lines and all(item.person for item in lines) else Kind.ISSUE
        if not self.trolley.scans:
            self.trolley.set_order(kind=kind, **({"taker": None} if kind is Kind.EXTEND else {}))
        fresh = [Scan(item.inventory_no, item.why, item) for item in lines if not self.trolley.has(item.asset_id)]
        if fresh:
            self.trolley.add(*reversed(fresh))
        self.meanings.judge()
        asked = {Kind.RETURN: self.place, Kind.EXTEND: self.due}.get(kind, self.taker)
        asked.setFocus(Qt.FocusReason.OtherFocusReason)

    def _rows(self) -> list[int]:
        return [index.row() for index in self.table.selectionModel().selectedRows()]

    def _remove(self) -> None:
        self.trolley.remove(self._rows())

    def _afresh(self) -> None:
        """Clear the list; Undo brings it back."""
        scans = list(self.trolley.scans)
        if scans:
            words = self.tr("{count:scan|scans} cleared").format(count=Count(len(scans)))
            self.bench.shell.toasts.say(words, self.tr("Undo"), lambda: self.trolley.add(*scans))
        self.trolley.empty()
        self.entry.setFocus()

    # --- done

    def finish(self) -> str:
        """Write the handover; the sentence where it cannot be written yet."""
        if self._writing:
            return ""
        self._dated()
        goods = self.trolley.goods()
        if self.trolley.kind is Kind.EXTEND:  # a day that is no day to come is told before what it does to each loan
            goods = goods or self.trolley.asset_ids()
        for editor in (self.taker, self.place, self.due):
            why = self._unclear(editor) if editor.isVisibleTo(self) else ""
            if why:  # not to whom was written there before
                self._say_fault(why)
                editor.line.setFocus(Qt.FocusReason.OtherFocusReason)
                return why
        if not goods:
            words = self.tr("There is nothing to hand over yet. Scan the assets.")
            self._say_fault(words)
            return words
        self._writing = True
        who = self.trolley.giver() if self.trolley.kind is Kind.RETURN else getattr(self.trolley.taker, "name", "")
        done = partial(self._written, who, self.trolley.kind, list(self.trolley.scans))
        order = (hand_over_assets, goods, self.trolley.order())
        self.bench.runner.write(*order, done=done, failed=self._refused, owner=self)
        return ""

    def _written(self, who: str, kind: Kind, scans: list[Scan], made: Changes) -> None:
        self._writing = False
        assert isinstance(made, HandoverMade)
        self.trolley.finish(scans)
        self.entry.setFocus()
        if kind is Kind.EXTEND:  # agreed from afar as often as at the counter: the paper can be signed
            self.sheets.handover(made.handover_id)
            return
        back = kind is Kind.RETURN
        box = open_sign_box(self.bench, made.handover_id, made.reference, who, len(made.ids), back=back)
        self.sign_box = box
        overlay = box.parentWidget()
        assert overlay is not None
        overlay.closed.connect(partial(self._signed, made.handover_id))  # type: ignore[attr-defined]

    def _signed(self, handover_id: int) -> None:
        self.sign_box = None
        self.sheets.handover(handover_id)

    def _refused(self, error: Exception) -> None:
        """Nothing was written: what was refused says why in its line, the rest stays."""
        self._writing = False
        if isinstance(error, ItemsRefused):
            self.trolley.refuse(error.items)
            words = self.tr("Some assets were refused just now. See the list, then press Done for the rest.")
            self._say_fault(words if self.trolley.goods() else str(error))
        elif isinstance(error, Refusal):
            self._say_fault(str(error))
            if error.field == "due_on":
                self.due.line.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.bench.runner.failed.emit(error)
