"""What the person at work holds: they say of each asset that they have it, or what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.plurals import Count
from cbo_desk.property import KIND
from cbo_desk.property.custody import OwnList, answer_custody
from cbo_desk.property.custody.exporting import OWN, rows
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cards import stack
from ui.kit.dialogs import FormBox, open_form
from ui.kit.export import Export
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.list_views import ListViews
from ui.kit.page import Page
from ui.kit.record_list import RecordList
from ui.kit.saved_views import SavedView
from ui.kit.states import State
from ui.kit.tabs import Tab
from ui.property.choosing import read_chosen
from ui.property.custody.columns import own_columns


class OwnPage(Page):
    """The list of one custodian, to be confirmed or disputed row by row or all at once."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("What I hold"), parent, help_page="custody")
        self.bench = bench
        person = bench.runner.office.actor.person_id or 0
        self.list = RecordList(
            bench.runner,
            own_columns(),
            partial(OwnList, person_id=person),
            name="property.own",
            title=self.tr("What I hold"),
            things=self.tr("{count:asset|assets}"),
            sort="inventory_no",
            empty=partial(self._nothing, person),
            preferences=bench.preferences,
            parent=self,
        )
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self)
        run = bench.shell.actions_.run
        self.use_filter(self.tr("Filter what I hold"))
        self.add_tools(Tool("download", self.tr("Export this list"), partial(run, "property.own.export")))
        if bench.may(answer_custody):
            self.add_buttons(
                Button(self.tr("Something is wrong"), "triangle-alert", "plain", partial(run, "property.own.dispute")),
                Button(self.tr("I have it"), "check", "primary", partial(run, "property.own.confirm"), "Y"),
            )
        whole_list = Tab("all", self.tr("All that I hold"))
        self.views = ListViews(bench.shell, bench.preferences, "property.own", [whole_list], self)
        self.views.shown.connect(lambda _name: self._take_view(SavedView("", {}, "inventory_no")))
        self.views.taken.connect(self._take_view)
        self.views.keep_from(lambda: self.list.view(words=self.filter_box.text().strip()), lambda: self.list.columns)
        left = QWidget(self)
        whole = stack(self.views.row(), self.list, gap=8)
        whole.setStretch(1, 1)
        left.setLayout(whole)
        self.set_body(left)
        self._add_actions()
        self.filtered.connect(self.list.find_words)
        self.list.all_asked.connect(self.filter_box.clear)
        self.list.counted.connect(self._say_count)
        bench.runner.changed.connect(self._hear)

    def _nothing(self, person: int) -> State:
        if not person:
            words = self.tr("Your account is not linked to a person. An administrator links it in Settings, Accounts.")
            return State("empty", self.tr("Nobody's list"), words, icon="user-x")
        return State("empty", self.tr("Nothing"), self.tr("No property is in your hands."), icon="package")

    def _take_view(self, view: SavedView) -> None:
        self.list.take_view(view)
        self.filter_box.setText(str(view.filters.get("words", "")))

    def _add_actions(self) -> None:
        add = self._action
        self.views.add_actions(self, "property.own", "property")
        add("confirm", self.tr("I have the chosen assets"), self._confirm, "check", "Y")
        add("dispute", self.tr("Something is wrong with the chosen assets"), self._dispute, "triangle-alert", "X")
        export = Action("property.own.export", self.tr("Export this list"), self._export, "download", "", "property")
        self.bench.shell.actions_.add(self, export)

    def _action(self, name: str, label: str, run: Callable[[], object], icon: str, key: str) -> None:
        if self.bench.may(answer_custody):
            action = Action(f"property.own.{name}", label, run, icon, key, "property")
            self.bench.shell.actions_.add(self, action)

    def _chosen(self, then: Callable[[list[int]], object]) -> None:
        read_chosen(self.bench.runner, self.list.table, self.list.model, lambda ids: then(ids) if ids else None)

    def _confirm(self) -> None:
        self._chosen(lambda ids: self.bench.runner.write(answer_custody, ids, True))

    def _dispute(self) -> None:
        self._chosen(self._ask_why)

    def _ask_why(self, ids: list[int]) -> None:
        hint = self.tr("I never had it, I gave it back in May, it was stolen")
        field = Field("note", self.tr("What is wrong"), "long", hint, required=True)

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            self.bench.runner.write(
                answer_custody, ids, False, str(values["note"]), done=lambda _changes: done(), failed=failed
            )

        heading = self.tr("Dispute {count:asset|assets}").format(count=Count(len(ids)))
        open_form(self.bench.shell, FormBox(heading, Form([field]), save, self.tr("Say so")))

    def _export(self) -> None:
        office, listing = self.bench.runner.office, self.list.listing()
        total, narrowed = self.list.model.rowCount(), self.list.narrowed()
        self.export.ask(self.tr("What I hold"), OWN, lambda: rows(office, listing), total=total, narrowed=narrowed)  # type: ignore[arg-type]

    def _say_count(self, count: int) -> None:
        held = self.tr("{count:asset|assets} in your hands").format(count=Count(count))
        self.say(self.tr("{held} · choose rows, or Ctrl+A for all, and say how it is").format(held=held))

    def _hear(self, changes: Changes) -> None:
        if KIND in changes.touched():
            self.list.refresh()
