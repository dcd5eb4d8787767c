"""The guard's screen: large, scanner only. Scan the pass, then each thing; the pass again turns out into in."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QStackedWidget, QTableView, QWidget

from cbo_desk.changes import Changes, Deed
from cbo_desk.plurals import Count
from cbo_desk.property.gate import (
    PASS,
    AtGate,
    LineState,
    PassCard,
    let_in,
    let_out,
    pass_card,
    scanned_at_gate,
    take_back_crossing,
)
from cbo_desk.tags.orders import Order, order_of
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button
from ui.kit.cards import frame, line, stack
from ui.kit.chips import Chip, Status
from ui.kit.export import Export
from ui.kit.icons import put_icon
from ui.kit.labels import IconLabel, Label
from ui.kit.lines import Lines
from ui.kit.page import Page
from ui.kit.phrases import day
from ui.kit.scanning.feed import Outcome, Scanned
from ui.kit.tables import dress
from ui.property.gate.columns import line_columns
from ui.property.gate.late import ROW_PX, LatePasses
from ui.property.gate.words import greeting, pass_status
from ui.property.kept_scans import keep_unknown
from ui.property.sections import GATE


class GuardPage(Page):
    """What a guard sees: the direction, the pass, its things, what the last scan did. Scans arrive while it shows."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("At the gate"), parent, help_page="gate")
        self.bench = bench
        self.card: PassCard | None = None
        self.outward = True
        self._undo: Deed | None = None
        self.direction = Label("", "title")
        self.chip = Chip(Status(""))
        self.reference = Label("", "title")
        self.about = Label("", "h3", wrap=True)
        self.mark = IconLabel("scan-line", "muted", 34)
        self.last = Label("", "title", wrap=True)
        self.model = Lines(line_columns(), self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        looks = [column.look for column in self.model.columns]
        about = self.tr("Things on the pass")
        dress(self.table, looks, "property.guard", bench.preferences, title=about).make_rows(ROW_PX)
        self.late = LatePasses(bench, self)
        self.late.opened.connect(self._open)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self)
        self._build()
        self._add_actions()
        bench.runner.changed.connect(self._hear)
        bench.feed.ask(self, self.heard)
        self.clear()

    def clear(self) -> None:
        """Begin anew with no pass in hand."""
        self.card, self._undo, self.outward = None, None, True
        self.model.show_rows([])
        self.reference.setText("")
        self.about.setText("")
        self.chip.hide()
        self._say_direction()
        self._tell(None, self.tr("Scan the pass."))
        self.below.setCurrentWidget(self.late)

    def heard(self, scan: Scanned) -> None:
        """Deal with one scan: a command, a pass, or a thing."""
        if order_of(scan.text) is Order.UNDO:
            self._take_back(scan)
            return
        if order_of(scan.text) is Order.DONE:
            self.clear()
            self.bench.feed.done(scan, Outcome(True, self.tr("Next one.")))
            return
        self.bench.runner.read(
            self, scanned_at_gate, scan.text, done=partial(self._known, scan), failed=partial(self._refused, scan)
        )

    def undo_last(self) -> bool:
        """Take the last scan back (Ctrl+Z); False where there is none."""
        if self._undo is None:
            return False
        self._take_back()
        return True

    # --- parts

    def _build(self) -> None:
        run = self.bench.shell.actions_.run
        self.add_buttons(
            Button(self.tr("Export"), "download", "plain", partial(run, "property.guard.export")),
            Button(self.tr("All passes"), "list", "plain", partial(self.bench.shell.go, GATE)),
            Button(self.tr("Take back"), "undo-2", "plain", partial(run, "property.guard.undo"), "Ctrl+Z"),
            Button(self.tr("Next pass"), "x", "plain", partial(run, "property.guard.next"), "Ctrl+N"),
        )
        head = line(stack(self.reference, self.about, gap=2), self.chip, self.direction, gap=18)
        head.setStretch(0, 1)
        told = line(self.mark, self.last, gap=14)
        told.setStretch(1, 1)
        top = frame(head, 10, told, margins=(20, 14, 20, 14))
        left = QWidget(self)
        self.below = QStackedWidget(self)
        self.things = QWidget(self)
        self.things.setLayout(stack(frame(self.table, margins=(1, 1, 1, 1))))
        self.below.addWidget(self.late)
        self.below.addWidget(self.things)
        whole = stack(top, self.below, gap=12)
        whole.setStretch(1, 1)
        left.setLayout(whole)
        self.set_body(left)

    def _add_actions(self) -> None:
        add = self.bench.shell.actions_.add
        add(
            self,
            Action("property.guard.next", self.tr("Next pass"), self.clear, "x", "Ctrl+N", "property"),
            Action(
                "property.guard.turn", self.tr("Turn out into in"), self._turn, "arrow-left-right", "Ctrl+T", "property"
            ),
            Action(
                "property.guard.undo", self.tr("Take back the last scan"), self._take_back, "undo-2", "", "property"
            ),
            Action(
                "property.guard.export",
                self.tr("Export the things on this pass"),
                self._export,
                "download",
                "Ctrl+Shift+E",
                "property",
                enabled=lambda: self.card is not None,
            ),
        )

    def _export(self) -> None:
        """Write the things on the pass in hand, each with where it is."""
        from cbo_desk.property.gate.paper import LINE_COLUMNS, line_rows

        card = self.card
        if card is not None:
            told = f"{card.reference} · {card.bearer}"
            title = self.tr("Things on {reference}").format(reference=card.reference)
            lines = tuple(self.model.rows)
            self.export.ask(title, LINE_COLUMNS, lambda: line_rows(lines), total=len(lines), narrowed=told)

    def keeps_scan_field(self) -> bool:
        """Scans and typed numbers go to the field; whoever leaves did not ask for it."""
        return True

    # --- scans

    def _known(self, scan: Scanned, found: AtGate) -> None:
        if not found.kind:
            if found.unknown:
                keep_unknown(self.bench, scan.text)
            self._refused(scan, ValueError(found.why))
        elif found.kind == PASS:
            self._take_pass(scan, found)
        elif self.card is not None:
            self._cross(scan, found, self.card.id)
        elif found.pass_id:
            # Back without its paper: the thing itself says on which pass it is out.
            self.outward = False
            self._cross(scan, found, found.pass_id)
        else:
            self._refused(scan, ValueError(self.tr("{thing}: scan its pass first.").format(thing=found.title)))

    def _take_pass(self, scan: Scanned, found: AtGate) -> None:
        if self.card is not None and self.card.id == found.ident:
            self._turn()
            way = self.tr("Now OUT.") if self.outward else self.tr("Now IN.")
            self._tell(True, way)
            self.bench.feed.done(scan, Outcome(True, way))
            return

        def shown(card: PassCard) -> None:
            good, words = self._take(card)
            self.bench.feed.done(scan, Outcome(good, words))

        self.bench.runner.read(self, pass_card, found.ident, done=shown, failed=partial(self._refused, scan))

    def _take(self, card: PassCard) -> tuple[bool, str]:
        """Take a pass in hand: whether anything may be done on it, and what."""
        self.outward = card.out == 0 and any(one.state is LineState.LISTED for one in card.lines)
        self._show(card)
        good, words = card.holds or not self.outward, greeting(card, self.outward)
        self._tell(good, words)
        if card.overdue:
            put_icon(self.mark, "clock-alert", "bad_text", 34)
        return good, words

    def _open(self, pass_id: int) -> None:
        """Take a pass in hand without its paper: it was chosen among those that are overdue."""
        self.bench.runner.read(self, pass_card, pass_id, done=self._take)
        self.bench.shell.top.field.setFocus()

    def _cross(self, scan: Scanned, found: AtGate, pass_id: int) -> None:
        command = let_out if self.outward else let_in
        self.bench.runner.write(
            command,
            pass_id,
            found.kind,
            found.ident,
            done=partial(self._crossed, scan, found.why),
            failed=partial(self._refused, scan),
            owner=self,
            quiet=True,  # it stands in large letters: a toast would cover the buttons
        )

    def _crossed(self, scan: Scanned, note: str, changes: Changes) -> None:
        self._undo = changes.undo
        said = f"{changes.said} {note}".strip()
        self._tell(True, said)
        self.bench.feed.done(scan, Outcome(True, said))
        self._read(changes.ids[0])

    def _refused(self, scan: Scanned, error: Exception) -> None:
        self._tell(False, str(error))
        self.bench.feed.done(scan, Outcome(False, str(error)))

    def _take_back(self, scan: Scanned | None = None) -> None:
        if self._undo is None or self._undo.command is not take_back_crossing:
            self._tell(False, self.tr("There is no scan to take back."))
            if scan is not None:
                self.bench.feed.done(scan, Outcome(False, self.last.words()))
            return
        undo, self._undo = self._undo, None

        def done(changes: Changes) -> None:
            self._tell(True, changes.said)
            if scan is not None:
                self.bench.feed.done(scan, Outcome(True, changes.said))
            self._read(changes.ids[0])

        def failed(error: Exception) -> None:
            self._tell(False, str(error))
            if scan is not None:
                self.bench.feed.done(scan, Outcome(False, str(error)))

        self.bench.runner.write(undo.command, *undo.args, done=done, failed=failed, owner=self, quiet=True)

    # --- what is shown

    def _turn(self) -> None:
        self.outward = not self.outward
        self._say_direction()

    def _read(self, pass_id: int) -> None:
        self.bench.runner.read(self, pass_card, pass_id, done=self._show)

    def _show(self, card: PassCard) -> None:
        self.card = card
        self.reference.setText(f"{card.reference} · {card.bearer}")
        back = self.tr("does not return")
        if card.return_on is not None:
            back = self.tr("back by {day}").format(day=day(card.return_on))
        left = sum(1 for one in card.lines if one.state is LineState.LISTED)
        words = self.tr("{lines:line|lines} · {left} not out yet · {out} out · {back}")
        self.about.setText(words.format(lines=Count(len(card.lines)), left=left, out=card.out, back=back))
        self.chip.show_status(pass_status(card))
        self.chip.show()
        self.model.show_rows(card.lines)
        self.below.setCurrentWidget(self.things)
        self._say_direction()

    def _say_direction(self) -> None:
        self.direction.setText(self.tr("OUT →") if self.outward else self.tr("← IN"))

    def _tell(self, good: bool | None, words: str) -> None:
        icon, token = {
            None: ("scan-line", "muted"), True: ("circle-check", "ok_text"), False: ("circle-alert", "bad_text"),
        }[good]  # fmt: skip
        put_icon(self.mark, icon, token, 34)
        self.last.set_look("title")
        self.last.setText(words)

    def _hear(self, changes: Changes) -> None:
        if self.card is None and PASS in changes.touched():
            self.late.refresh()
        elif self.card is not None and self.card.id in changes.touched().get(PASS, ()):
            self._read(self.card.id)
