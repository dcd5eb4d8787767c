"""The review: what the server refused is tried again, changed or dropped; below it what only waits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, QObject
from PySide6.QtWidgets import QTableView, QWidget

from cbo_desk.context import clock
from cbo_desk.tray import Question, ReviewRow, Tray, change_kept, drop_kept, review, try_again
from ui import picks
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.background import Background
from ui.kit.buttons import Button, DeedButton
from ui.kit.cards import Deeds, Fact, Facts, ScrollCard, frame, rule
from ui.kit.cells import Look
from ui.kit.chips import Chip, Status
from ui.kit.columns import Column
from ui.kit.cursor import choose_row
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.labels import Label
from ui.kit.lines import Lines
from ui.kit.page import Page
from ui.kit.phrases import when
from ui.kit.states import State
from ui.kit.tables import dress
from ui.outage import Outage


class KeptModel(Lines):
    """Everything in the tray that has not ended, what must be looked at first."""

    def __init__(self, parent: QObject) -> None:
        super().__init__((), parent)
        say = self.tr
        self.rows: list[ReviewRow] = []
        self.columns = [
            Column(Look("time", "date", 110, sortable=False), say("Done at"), lambda row: when(row.at, clock())),
            Column(Look("what", "text", 240, stretch=True, sortable=False), say("What was done"), lambda row: row.about,
                   tip=lambda row: row.said or row.about),
            Column(Look("said", "muted", 260, 2, sortable=False), say("What the server said"),
                   lambda row: row.said or "—", tip=lambda row: row.said or row.about),
            Column(Look("state", "chip", 150, sortable=False), say("Status"), lambda row: self.status(row).word,
                   value=self.status),
        ]  # fmt: skip

    def status(self, row: ReviewRow) -> Status:
        """How a deed stands."""
        if row.refused:
            return Status(self.tr("To look at"), "warn", "triangle-alert")
        return Status(self.tr("Waits"), "idle", "clock")


class KeptPage(Page):
    """The tray on the screen. `chosen` is the deed whose card is shown."""

    goes_on = True

    def __init__(self, bench: Bench, outage: Outage, parent: QWidget) -> None:
        super().__init__(self.tr("Kept on this workstation"), parent, help_page="outage")
        self.bench, self.outage = bench, outage
        self.chosen: ReviewRow | None = None
        self._own = Background(1, self)
        self.model = KeptModel(self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        title = self.tr("Kept deeds")
        looks = [column.look for column in self.model.columns]
        dress(self.table, looks, "tray.kept", bench.preferences, title=title, sortable=False)
        self.card = ScrollCard(self)
        run = bench.shell.actions_.run
        self.all_button = Button(self.tr("Try all again"), "refresh-cw", "primary", partial(run, "tray.all"))
        self.add_buttons(self.all_button)
        self.set_body(frame(self.table, margins=(1, 1, 1, 1)), self.card, preferences=bench.preferences, name="tray")
        self._add_actions()
        self.table.selectionModel().currentRowChanged.connect(self._chose)
        outage.stands.connect(self.refresh)
        self.refresh()

    @property
    def busy(self) -> int:
        """How much is under way."""
        return self._own.busy

    def refresh(self, _standing: object = None) -> None:
        """Read the tray again; the chosen deed stays chosen while it is there."""
        tray = self.outage.tray
        rows = review(tray) if tray is not None else []
        if rows == self.model.rows and rows:
            return
        self.model.show_rows(rows)
        refused = sum(row.refused for row in rows)
        words = self.tr("{refused} to look at · {waiting} waiting for the server")
        self.say(words.format(refused=f"{refused:,}", waiting=f"{len(rows) - refused:,}"))
        self.all_button.setEnabled(bool(refused))
        at = next((at for at, row in enumerate(rows) if self.chosen and row.n == self.chosen.n), 0)
        if rows:
            choose_row(self.table, at)
        self._show(rows[at] if rows else None)

    # --- deeds

    def try_again(self) -> None:
        """Bring the chosen deed to the server again."""
        if self.chosen is not None and self.chosen.refused:
            self._order(partial(try_again, self._tray(), [self.chosen.n]))

    def try_all(self) -> None:
        """Bring everything to the server again, in its order."""
        ns = [row.n for row in self.model.rows if row.refused]
        if ns:
            self._order(partial(try_again, self._tray(), ns))

    def change(self) -> None:
        """Change what may be changed of the chosen deed, and bring it again."""
        row = self.chosen
        if row is None or not row.questions:
            return
        form = Form([self._field(one) for one in row.questions])
        form.set_values({one.name: one.value for one in row.questions if one.kind != "place"})

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            answers = {name: getattr(value, "id", value) for name, value in values.items() if value is not None}
            self._order(partial(change_kept, self._tray(), row.n, answers), done, failed)

        box = FormBox(self.tr("Change what is kept"), form, save, self.tr("Save and try again"), summary=row.said)
        open_form(self.bench.shell, box)

    def drop(self) -> None:
        """Drop the chosen deed, with a reason that the server keeps."""
        row = self.chosen
        if row is None or not row.refused:
            return

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            self._order(partial(drop_kept, self._tray(), row.n, values["reason"] or ""), done, failed)

        form = Form([Field("reason", self.tr("Why is it dropped?"), required=True)])
        words = self.tr("{what}. The server notes all of it with your reason; nothing of it is done.")
        box = FormBox(
            self.tr("Drop what is kept"), form, save, self.tr("Drop"), summary=words.format(what=row.about)
        )  # fmt: skip
        open_form(self.bench.shell, box)

    def _order(
        self, work: Callable[[], Any], done: Callable[[], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:  # fmt: skip
        def ended(_answer: object) -> None:
            if done is not None:
                done()
            self.outage.look_at_it()
            self.outage.bring()

        self._own.run(self, work, ended, failed or self.bench.runner.failed.emit)

    # --- what is shown

    def _field(self, one: Question) -> Field:
        if one.kind == "place":
            return Field(one.name, one.label, "pick", suggest=picks.places(self.bench))
        return Field(one.name, one.label, "yes" if one.kind == "yes" else "text")

    def _tray(self) -> Tray:
        assert self.outage.tray is not None, "there is no page without a tray"
        return self.outage.tray

    def _add_actions(self) -> None:
        def refused() -> bool:
            return self.chosen is not None and self.chosen.refused

        def again() -> bool:
            return self.chosen is not None and self.chosen.refused and not self.chosen.final

        def able() -> bool:
            return self.chosen is not None and self.chosen.refused and bool(self.chosen.questions)

        add, say = self.bench.shell.actions_.add, self.tr
        add(self, Action("tray.again", say("Try again"), self.try_again, "refresh-cw", "T", "today", enabled=again))
        add(self, Action("tray.change", say("Change"), self.change, "pencil", "E", "today", enabled=able))
        add(self, Action("tray.drop", say("Drop"), self.drop, "trash-2", "D", "today", enabled=refused))
        add(self, Action("tray.all", say("Try all again"), self.try_all, "refresh-cw", "", "today"))

    def _chose(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and current.row() < len(self.model.rows):
            self._show(self.model.rows[current.row()])

    def _show(self, row: ReviewRow | None) -> None:
        self.chosen = row
        if row is None:
            words = self.tr("What is done while the server is away is kept here until the server has it.")
            self.card.show_content(State("empty", self.tr("Nothing is kept here"), words, icon="inbox"), fill=True)
            return
        facts = [
            Fact("clock", self.tr("Done at"), when(row.at, clock())),
            Fact("hash", self.tr("Place in the order"), f"{row.n:,}"),
        ]
        if row.clock is not None:
            facts.append(Fact("clock-alert", self.tr("By this computer's clock"), when(row.clock, clock())))
        if not row.sure:
            words = self.tr("by this computer's clock: the server had not told the time")
            facts.append(Fact("clock-alert", self.tr("How sure"), words))
        pieces: list[Any] = [Chip(self.model.status(row)), Label(row.about, "h2", wrap=True), Facts(facts)]
        if row.said:
            pieces += [rule(), Label(self.tr("What the server said"), "h3"), Label(row.said, wrap=True)]
        run = self.bench.shell.actions_.run
        names = ["again", "change", "drop"] if row.refused else []
        offered = [self.bench.shell.actions_.get(f"tray.{name}") for name in names]
        buttons = [DeedButton(a.label, a.icon, partial(run, a.id), a.shortcut) for a in offered if a.enabled()]
        if buttons:
            pieces += [rule(), Deeds(buttons)]
        elif not row.refused:
            pieces += [rule(), Label(self.tr("It goes to the server by itself."), "muted", wrap=True)]
        self.card.show_content(*pieces)
