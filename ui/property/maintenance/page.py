"""Maintenance: what is due for service, what is being repaired, and which warranties end, each as a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from PySide6.QtWidgets import QStackedWidget, QWidget

from cbo_desk.changes import Changes
from cbo_desk.plurals import Count
from cbo_desk.property import KIND, State, change_state
from cbo_desk.property import maintenance as desk
from cbo_desk.property.maintenance import PlanRow, UpkeepFigures, Warranties
from ui.bench import Bench, record_of
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cards import stack
from ui.kit.export import Export
from ui.kit.list_views import ListViews
from ui.kit.page import Page
from ui.kit.record_list import RecordList
from ui.kit.saved_views import SavedView
from ui.kit.tabs import Tab
from ui.property.maintenance.columns import plan_columns, repair_columns, warranty_columns
from ui.property.maintenance.forms import MaintenanceForms
from ui.property.maintenance.views import (
    PLANS,
    REPAIRS,
    VIEWS,
    long_words,
    nothing,
    of_them,
    things,
    view_words,
)
from ui.property.sections import MAINTENANCE, show_sections

_RADAR: Mapping[str, Warranties] = {"w30": "30", "w60": "60", "w90": "90", "wended": "ended"}


class MaintenancePage(Page):
    """Nine lists behind one row of views, and the deeds on the chosen line."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Maintenance"), parent, help_page="maintenance")
        self.bench = bench
        self.view = "due"
        self.forms = MaintenanceForms(bench, self)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self)
        self.lists = QStackedWidget(self)
        self._built: dict[str, RecordList] = {}
        self._build()
        self._add_actions()
        self._show_view(self.view)
        self._count()

    def open_at(self, detail: str) -> None:
        """Show a view, for instance "w30", or plan a service: "new:" and the ids of assets."""
        record = record_of(detail)
        if record is not None:
            self.open_at("plans" if record[0] == desk.PLAN else "repaired")
            self.list().show_record(record[1])
        elif detail.startswith("new:"):
            ids = [int(ident) for ident in detail.removeprefix("new:").split(",") if ident]
            self.forms.plan_for(ids)
        elif detail in VIEWS:
            self.views.choose(detail)

    def list(self) -> RecordList:
        """The list in front, made when it is first shown."""
        if self.view not in self._built:
            made = self._make(self.view)
            self._built[self.view] = made
            self.lists.addWidget(made)
            made.all_asked.connect(self.filter_box.clear)
            made.table.doubleClicked.connect(lambda _index: self._open())
        return self._built[self.view]

    # --- parts

    def _build(self) -> None:
        show_sections(self.bench, self, MAINTENANCE)
        self.use_filter(self.tr("Filter this list"))
        run = self.bench.shell.actions_.run
        if self.bench.may(desk.remind_of_warranties):
            words = self.tr("Remind of warranties")
            self.add_buttons(Button(words, "bell-ring", "plain", partial(run, "property.maintenance.remind")))
        if self.bench.may(desk.plan_service):
            words = self.tr("Plan a service")
            self.add_buttons(Button(words, "plus", "primary", partial(run, "property.maintenance.plan"), "Ctrl+N"))
        export = Tool("download", self.tr("Export this list"), partial(run, "property.maintenance.export"))
        self.add_tools(export)
        titles = view_words()
        shipped = [Tab(name, titles[name]) for name in VIEWS]
        self.views = ListViews(self.bench.shell, self.bench.preferences, "property.maintenance", shipped, self)
        self.views.shown.connect(self._show_view)
        self.views.taken.connect(self._take_view)
        self.views.renewed.connect(self._count)
        self.views.keep_from(
            lambda: self.list().view(words=self.filter_box.text().strip(), view=self.view), lambda: self.list().columns
        )
        left = QWidget(self)
        whole = stack(self.views.row(), self.lists, gap=8)
        whole.setStretch(1, 1)
        left.setLayout(whole)
        self.set_body(left)
        self.filtered.connect(lambda typed: self.list().find_words(typed))
        self.bench.runner.changed.connect(self._hear)

    def _make(self, view: str) -> RecordList:
        makers: dict[str, tuple[Any, Callable[[str, str, bool], Any], str, bool]] = {
            "due": (plan_columns(), partial(desk.PlanList, which="due"), "next_due", False),
            "plans": (plan_columns(), desk.PlanList, "next_due", False),
            "past": (plan_columns(), partial(desk.PlanList, which="ended"), "next_due", True),
            "repairs": (repair_columns(), partial(desk.RepairList, which="open"), "began_on", False),
            "repaired": (repair_columns(), desk.RepairList, "began_on", True),
        }
        for name, which in _RADAR.items():
            makers[name] = (warranty_columns(), partial(desk.WarrantyList, which=which), "until", which == "ended")
        columns, listing, sort, down = makers[view]
        return RecordList(
            self.bench.runner,
            columns,
            listing,
            name=f"property.maintenance.{view}",
            title=things(view),
            things=of_them(view),
            sort=sort,
            descending=down,
            empty=partial(nothing, view),
            preferences=self.bench.preferences,
            parent=self,
        )

    def _add_actions(self) -> None:
        say = self.tr
        self._action("plan", say("Plan a service"), self.forms.ask_assets, "plus", "Ctrl+N", (), desk.plan_service)
        self._action("done", say("Service was done"), self._done, "circle-check", "D", PLANS, desk.record_service)
        self._action("change", say("Change this service plan"), self._change, "pencil", "E", PLANS, desk.change_plan)
        self._action("end", say("End this service plan, or let it go on"), self._end, "archive", "X", PLANS,
                     desk.end_plans)  # fmt: skip
        self._action("repair", say("Note this repair"), self._repair, "wrench", "N", REPAIRS, desk.note_repair)
        self._action("back", say("In service again"), self._back, "circle-check", "B", REPAIRS[:1], change_state)
        self._action("asset", say("Show this asset"), self._open, "package", "A", VIEWS, desk.upkeep_of)
        self._action("remind", say("Remind of warranties by mail"), self._remind, "bell-ring", "", (),
                     desk.remind_of_warranties)  # fmt: skip
        self.views.add_actions(self, "property.maintenance", "property")
        self._action("export", say("Export this list"), self._export, "download", "Ctrl+Shift+E", (), desk.upkeep_of)

    def _action(
        self,
        name: str,
        label: str,
        run: Callable[[], object],
        icon: str,
        key: str,
        on: tuple[str, ...],
        work: Callable[..., Any],
    ) -> None:
        """One deed: `on` are the views whose chosen row it is about, none for what needs no row."""
        if not self.bench.may(work):
            return

        def possible() -> bool:
            return not on or (self.view in on and self._row() is not None)

        action = Action(f"property.maintenance.{name}", label, run, icon, key, "property", enabled=possible)
        self.bench.shell.actions_.add(self, action)

    # --- deeds

    def _row(self) -> Any:
        found = self._built.get(self.view)
        return found.model.row_at(found.table.currentIndex().row()) if found is not None else None

    def _done(self) -> None:
        self.forms.done(self._row())

    def _change(self) -> None:
        self.forms.change(self._row())

    def _end(self) -> None:
        row: PlanRow = self._row()
        self.bench.runner.write(desk.end_plans, (row.id,), not row.ended)

    def _repair(self) -> None:
        self.forms.repair(self._row())

    def _back(self) -> None:
        self.bench.runner.write(change_state, (self._row().asset_id,), State.IN_SERVICE)

    def _open(self) -> None:
        row = self._row()
        if row is not None:
            self.bench.open_record(KIND, getattr(row, "asset_id", row.id))

    def _remind(self) -> None:
        self.forms.remind(_RADAR.get(self.view, "30"))

    def _export(self) -> None:
        office, listing = self.bench.runner.office, cast(Any, self.list().listing())
        wanted = desk.PLANS if self.view in PLANS else desk.REPAIRS if self.view in REPAIRS else desk.WARRANTIES
        title = things(self.view).capitalize()
        words = self.filter_box.text().strip()
        named = long_words()[self.view]
        narrowed = " · ".join([named, *([f"“{words}”"] if words else [])])
        total = self.list().model.rowCount()
        self.export.ask(title, wanted, lambda: desk.rows(office, listing), total=total, narrowed=narrowed)

    # --- views

    def _show_view(self, name: str) -> None:
        self.view = name
        shown = self.list()
        shown.find_words(self.filter_box.text().strip())
        self.lists.setCurrentWidget(shown)

    def _take_view(self, view: SavedView) -> None:
        name = str(view.filters.get("view"))
        self.view = name if name in VIEWS else VIEWS[0]
        self.list().take_view(view)
        self.lists.setCurrentWidget(self.list())
        self.filter_box.setText(str(view.filters.get("words", "")))

    # --- what is shown

    def _count(self) -> None:
        self.bench.runner.walk(self, desk.upkeep_figures, done=self._say_figures)

    def _say_figures(self, found: UpkeepFigures) -> None:
        parts = [self.tr("{count:service|services} due").format(count=Count(found.due))]
        if found.late:
            parts[0] += self.tr(", {count} late").format(count=f"{found.late:,}")
        parts.append(self.tr("{count:asset|assets} under repair").format(count=Count(found.repairs)))
        soon = found.warranties["90"]
        parts.append(self.tr("{count:warranty ends|warranties end} in 90 days").format(count=Count(soon)))
        self.say(" · ".join(parts))
        counts = {"due": found.due, "repairs": found.repairs}
        counts |= {name: found.warranties[which] for name, which in _RADAR.items()}
        for name, count in counts.items():
            self.views.tabs.set_count(name, count)

    def _hear(self, changes: Changes) -> None:
        touched = set(changes.touched())
        if touched & {KIND, desk.PLAN, desk.REPAIR}:
            for made in self._built.values():
                made.refresh()
            self._count()
