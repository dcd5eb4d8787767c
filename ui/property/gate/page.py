"""Gate: every pass in a list, the chosen one as a card, and the way to the guard's screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from cbo_desk.property.gate import (
    LINE,
    PASS,
    PassCard,
    PassList,
    cancel_pass,
    extend_pass,
    issue_pass,
    let_out,
    pass_card,
    pass_of_line,
)
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cards import stack
from ui.kit.export import Export
from ui.kit.list_views import ListViews
from ui.kit.own_files import show, write_to_show
from ui.kit.page import Page
from ui.kit.record_list import RecordList
from ui.kit.saved_views import SavedView
from ui.kit.states import State
from ui.kit.tabs import Tab
from ui.property.gate.card import PassCardView
from ui.property.gate.columns import pass_columns
from ui.property.gate.forms import GateForms
from ui.property.sections import GATE, GUARD, show_sections


class GatePage(Page):
    """The list of passes."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Gate"), parent, help_page="gate")
        self.bench = bench
        self._which: Any = "current"
        self._wanted = 0
        self.forms = GateForms(bench, self._written, self)
        self.card = PassCardView(self)
        self.list = RecordList(
            bench.runner,
            pass_columns(),
            lambda text, order, down: PassList(text, order, down, shown=self._which),
            name="property.gate",
            title=self.tr("Gate passes"),
            things=self.tr("{count:pass|passes}"),
            sort="reference",
            descending=True,
            empty=self._nothing_yet,
            preferences=bench.preferences,
            parent=self,
        )
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self)
        self._build()
        self._add_actions()

    def open_at(self, detail: str) -> None:
        """Show one pass, or write one: scans, Ctrl+K and the register lead here."""
        kind, _, ids = detail.partition(":")
        if kind == "new":
            self.forms.write([int(ident) for ident in ids.split(",") if ident])
        elif kind == "shown" and ids in ("current", "overdue", "all"):
            self.views.choose(ids)
        elif kind == LINE and ids.isdigit():
            self.bench.runner.read(self, pass_of_line, int(ids), done=self.list.show_record)
        elif ids.isdigit():
            self.list.show_record(int(ids))

    def _build(self) -> None:
        run = self.bench.shell.actions_.run
        if self.bench.may(let_out):
            guard = Button(self.tr("At the gate"), "scan-line", "plain", partial(run, "property.gate.guard"), "Ctrl+G")
            self.add_buttons(guard)
        if self.bench.may(issue_pass):
            words = self.tr("Write a pass")
            self.add_buttons(Button(words, "plus", "primary", partial(run, "property.gate.write"), "Ctrl+N"))
        show_sections(self.bench, self, GATE)
        self.use_filter(self.tr("Filter gate passes"))
        self.add_tools(Tool("download", self.tr("Export this list"), partial(run, "property.gate.export")))
        shipped = [Tab("current", self.tr("Current")), Tab("overdue", self.tr("Overdue")), Tab("all", self.tr("All"))]
        self.views = ListViews(self.bench.shell, self.bench.preferences, "property.gate", shipped, self)
        self.views.shown.connect(self._show_only)
        self.views.taken.connect(self._take_view)
        self.views.keep_from(
            lambda: self.list.view(words=self.filter_box.text().strip(), which=self._which), lambda: self.list.columns
        )
        left = QWidget(self)
        whole = stack(self.views.row(), self.list, gap=8)
        whole.setStretch(1, 1)
        left.setLayout(whole)
        self.set_body(left, self.card, preferences=self.bench.preferences, name="property.gate")
        self.list.chosen.connect(self._choose)
        self.list.counted.connect(self._say_count)
        self.list.all_asked.connect(self.filter_box.clear)
        self.filtered.connect(self.list.find_words)
        self.card.deed.connect(run)
        self.bench.runner.changed.connect(self._hear)

    def _add_actions(self) -> None:
        add = self.bench.shell.actions_.add
        if self.bench.may(issue_pass):
            add(
                self,
                Action(
                    "property.gate.write", self.tr("Write a gate pass"), self.forms.write, "plus", "Ctrl+N", "property"
                ),
            )
        if self.bench.may(let_out):
            go = partial(self.bench.shell.go, GUARD)
            add(self, Action("property.gate.guard", self.tr("At the gate"), go, "scan-line", "Ctrl+G", "property"))
        self.views.add_actions(self, "property.gate", "property")
        self._action("print", self.tr("Print"), self._print, "printer", "P", pass_card)
        self._action("later", self.tr("Back later"), self._later, "calendar-clock", "L", extend_pass)
        self._action("cancel", self.tr("Cancel"), self._cancel, "ban", "X", cancel_pass)
        export = Action(
            "property.gate.export",
            self.tr("Export the gate passes"),
            self._export,
            "download",
            "Ctrl+Shift+E",
            "property",
        )
        add(self, export)

    def _action(
        self, name: str, label: str, run: Callable[[], object], icon: str, key: str, work: Callable[..., object]
    ) -> None:
        if not self.bench.may(work):
            return
        here = Action(
            f"property.gate.{name}", label, run, icon, key, "property", enabled=lambda: self.card.card is not None
        )
        self.bench.shell.actions_.add(self, here)

    # --- deeds

    def _later(self) -> None:
        if self.card.card is not None:
            self.forms.extend(self.card.card)

    def _cancel(self) -> None:
        if self.card.card is not None:
            self.forms.cancel(self.card.card)

    def _print(self) -> None:
        """Write the three copies and open them in the computer's own viewer, which prints at true size."""
        card = self.card.card
        if card is None:
            return

        def work(_progress: Progress) -> Path:
            from cbo_desk.property.gate.paper import write_pass

            return write_to_show(f"{card.reference}.pdf", lambda path: write_pass(card, path))

        self.bench.runner.job(self, work, self._printed)

    def _printed(self, path: Path) -> None:
        show(path)
        self.bench.shell.toasts.say(self.tr("{file}: three copies are ready to print").format(file=path.name))

    def _export(self) -> None:
        from cbo_desk.property.gate.paper import COLUMNS, rows

        listing, office = cast(PassList, self.list.listing()), self.bench.runner.office
        total = self.list.model.rowCount()
        narrowed = self.list.narrowed(self.views.title())
        self.export.ask(self.tr("Gate passes"), COLUMNS, lambda: rows(office, listing), total=total, narrowed=narrowed)

    def _written(self, ident: int) -> None:
        self.list.show_record(ident)

    # --- what is shown

    def _show_only(self, which: str) -> None:
        self._which = which
        self.list.refresh()

    def _take_view(self, view: SavedView) -> None:
        which = view.filters.get("which")
        self._which = which if which in ("current", "overdue", "all") else "current"
        self.list.take_view(view)
        self.filter_box.setText(str(view.filters.get("words", "")))

    def _choose(self, ident: int) -> None:
        self._wanted = ident
        self._read()
        self.bench.shell.note_stop(GATE, f"{PASS}:{ident}")

    def _read(self) -> None:
        if self._wanted:
            self.bench.read_card(self, self.card, pass_card, self._wanted, done=self._show)

    def _show(self, card: PassCard) -> None:
        known = {action.id: action for action in self.bench.shell.actions_.of("property")}
        wanted = ["print", *([] if card.cancelled_why else ["later", "cancel"])]
        deeds = [known[f"property.gate.{name}"] for name in wanted if f"property.gate.{name}" in known]
        self.card.show_pass(card, deeds)

    def _hear(self, changes: Changes) -> None:
        if PASS in changes.touched():
            self._read()

    def _say_count(self, count: int) -> None:
        words = self.tr("{count:pass|passes}").format(count=Count(count))
        which = {"current": self.tr("current"), "overdue": self.tr("overdue"), "all": self.tr("in all")}[self._which]
        self.say(f"{words} {which}")

    def _nothing_yet(self) -> State:
        if self._which == "overdue":
            words = self.tr("Everything that left the compound on a pass is back, or has time.")
            return State("empty", self.tr("Nothing is overdue"), words, icon="circle-check")
        words = self.tr("A pass says what leaves the compound, with whom, and when it comes back.")
        run = partial(self.bench.shell.actions_.run, "property.gate.write")
        button = Button(self.tr("Write a pass"), "plus", run=run) if self.bench.may(issue_pass) else None
        return State("empty", self.tr("No gate passes"), words, button, icon="door-open")
