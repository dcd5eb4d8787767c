"""Custody: who has what. Handovers, loans and holders as lists; each row leads to its sheet or its deed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.plurals import Count
from cbo_desk.property import KIND
from cbo_desk.property.custody import (
    HANDOVER,
    LOAN,
    CustodyFigures,
    HandoverList,
    HandoverRow,
    HolderList,
    Kind,
    LoanList,
    custody_figures,
    hand_over_assets,
    remind_borrowers,
    reverse_handover,
    sign_handover,
)
from cbo_desk.property.custody import exporting as files
from ui.bench import Bench, record_of
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cards import stack
from ui.kit.export import Export
from ui.kit.list_views import ListViews
from ui.kit.page import Page
from ui.kit.phrases import day
from ui.kit.record_list import RecordList
from ui.kit.saved_views import SavedView
from ui.kit.states import State
from ui.kit.tabs import Tab
from ui.property.custody.columns import handover_columns, holder_columns, loan_columns
from ui.property.custody.deeds import HANDING_OVER
from ui.property.custody.sheets import Sheets
from ui.property.custody.sign_box import open_sign_box
from ui.property.sections import CUSTODY, show_sections

VIEWS = ("handovers", "unsigned", "loans", "overdue", "holders", "unconfirmed")


class CustodyPage(Page):
    """Three lists, two views each."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Custody"), parent, help_page="custody")
        self.bench = bench
        self.view = "handovers"
        self.figures: CustodyFigures | None = None
        self.sheets = Sheets(bench, self)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self)
        self.lists = QStackedWidget(self)
        self._built: dict[str, RecordList] = {}
        self._build()
        self._add_actions()
        self._count()

    def open_at(self, detail: str) -> None:
        """Show a view, for instance "overdue", or one handover."""
        record = record_of(detail)
        if record is not None:
            self.open_at("handovers")
            self._list().show_record(record[1])
        elif detail in VIEWS:
            self.views.choose(detail)

    # --- parts

    def _build(self) -> None:
        show_sections(self.bench, self, CUSTODY)
        self.use_filter(self.tr("Filter this list"))
        run = self.bench.shell.actions_.run
        if self.bench.may(hand_over_assets):
            go = partial(run, "property.custody.begin")
            self.add_buttons(Button(self.tr("Hand over by scanning"), "scan-barcode", "primary", go, "Ctrl+N"))
        self.add_tools(Tool("download", self.tr("Export this list"), partial(run, "property.custody.export")))
        words = {
            "handovers": self.tr("Handovers"),
            "unsigned": self.tr("Not signed"),
            "loans": self.tr("Loans"),
            "overdue": self.tr("Overdue"),
            "holders": self.tr("Holders"),
            "unconfirmed": self.tr("Not confirmed"),
        }
        shipped = [Tab(name, words[name]) for name in VIEWS]
        self.views = ListViews(self.bench.shell, self.bench.preferences, "property.custody", shipped, self)
        self.views.shown.connect(self._show_view)
        self.views.taken.connect(self._take_view)
        self.views.keep_from(
            lambda: self._list().view(words=self.filter_box.text().strip(), view=self.view),
            lambda: self._list().columns,
        )
        left = QWidget(self)
        whole = stack(self.views.row(), self.lists, gap=8)
        whole.setStretch(1, 1)
        left.setLayout(whole)
        self.set_body(left)
        self.filtered.connect(lambda typed: self._list().find_words(typed))
        self.bench.runner.changed.connect(self._hear)

    def _list(self) -> RecordList:
        """The list in front, made when it is first shown; before the figures are there, holders have to wait."""
        if self.view not in self._built:
            made = self._make(self.view)
            self._built[self.view] = made
            self.lists.addWidget(made)
            made.all_asked.connect(self.filter_box.clear)
            made.table.doubleClicked.connect(lambda _index: self._open())
        return self._built[self.view]

    def _make(self, view: str) -> RecordList:
        today = local(clock()).date()
        since = self.figures.confirmed_since if self.figures else clock()
        makers: dict[str, tuple[Any, Callable[[str, str, bool], Any], str, bool]] = {
            "handovers": (handover_columns(), HandoverList, "at", True),
            "unsigned": (handover_columns(), partial(HandoverList, unsigned=True), "at", True),
            "loans": (loan_columns(), LoanList, "due", False),
            "overdue": (loan_columns(), partial(LoanList, due_before=today), "due", False),
            "holders": (holder_columns(), partial(HolderList, since=since), "person", False),
            "unconfirmed": (holder_columns(), partial(HolderList, since=since, unconfirmed=True), "person", False),
        }
        columns, listing, sort, down = makers[view]
        return RecordList(
            self.bench.runner,
            columns,
            listing,
            name=f"property.custody.{view}",
            title=self._things(view),
            things=self._of_them(view),
            sort=sort,
            descending=down,
            empty=partial(self._nothing, view),
            preferences=self.bench.preferences,
            parent=self,
        )

    def _things(self, view: str) -> str:
        if view in ("handovers", "unsigned"):
            return self.tr("handovers")
        return self.tr("loans") if view in ("loans", "overdue") else self.tr("people")

    def _of_them(self, view: str) -> str:
        if view in ("handovers", "unsigned"):
            return self.tr("{count:handover|handovers}")
        return self.tr("{count:loan|loans}") if view in ("loans", "overdue") else self.tr("{count:person|people}")

    def _nothing(self, view: str) -> State:
        words = {
            "handovers": self.tr("Nothing has changed hands yet. Ctrl+N begins: scan a badge, then assets, then Done."),
            "unsigned": self.tr("Every handover is signed."),
            "loans": self.tr("Nothing is on loan."),
            "overdue": self.tr("Nothing is late."),
            "holders": self.tr("Nobody holds anything."),
            "unconfirmed": self.tr("Everybody has confirmed what they hold."),
        }
        return State("empty", self.tr("Nothing here"), words[view], icon="handshake")

    def _add_actions(self) -> None:
        say = self.tr
        self.views.add_actions(self, "property.custody", "property")
        begin = partial(self.bench.shell.go, HANDING_OVER)
        self._action("begin", say("Hand over by scanning"), begin, "scan-barcode", "Ctrl+N", "", hand_over_assets)
        self._action("sheet", say("Open the sheet of this handover"), self._sheet, "file-text", "P", "handovers")
        self._action("sign", say("Sign this handover"), self._sign, "signature", "G", "handovers", sign_handover)
        self._action("reverse", say("Reverse this handover"), self._reverse, "undo-2", "U", "handovers",
                     reverse_handover)  # fmt: skip
        self._action("asset", say("Show this asset"), self._asset, "package", "A", "loans")
        back, longer = partial(self._hand_over, "return"), partial(self._hand_over, "extend")
        self._action("return", say("Take this back"), back, "package", "S", "loans", hand_over_assets)
        self._action("extend", say("Extend this loan"), longer, "calendar-clock", "D", "loans", hand_over_assets)
        remind = partial(self.bench.runner.write, remind_borrowers)
        self._action("remind", say("Remind borrowers by mail"), remind, "mail", "", "", remind_borrowers)
        self._action("clear", say("Clearance sheet of this person"), self._clear, "file-check", "C", "holders")
        self._action("held", say("Show what this person holds"), self._held, "boxes", "B", "holders")
        self._action("export", say("Export this list"), self._export, "download", "Ctrl+Shift+E", "")

    def _action(
        self,
        name: str,
        label: str,
        run: Callable[[], object],
        icon: str,
        key: str,
        on: str,
        work: Callable[..., Any] = custody_figures,
    ) -> None:
        """One deed: `on` is the list whose chosen row it is about, empty for what needs none."""
        if self.bench.may(work):
            enabled = partial(self._chosen_on, on)
            action = Action(f"property.custody.{name}", label, run, icon, key, "property", enabled=enabled)
            self.bench.shell.actions_.add(self, action)

    def _chosen_on(self, on: str) -> bool:
        pairs = {"handovers": VIEWS[:2], "loans": VIEWS[2:4], "holders": VIEWS[4:]}
        return not on or (self.view in pairs[on] and self._row() is not None)

    # --- what is chosen

    def _row(self) -> Any:
        found = self._built.get(self.view)
        return found.model.row_at(found.table.currentIndex().row()) if found is not None else None

    def _open(self) -> None:
        """A double click does what is likeliest."""
        name = {"handovers": "sheet", "unsigned": "sheet", "loans": "asset", "overdue": "asset"}.get(self.view, "held")
        self.bench.shell.actions_.run(f"property.custody.{name}")

    def _sheet(self) -> None:
        self.sheets.handover(self._row().id)

    def _sign(self) -> None:
        row: HandoverRow = self._row()
        if row.signed_by:
            words = self.tr("{reference} was signed by {name} already.")
            self.bench.shell.toasts.say(words.format(reference=row.reference, name=row.signed_by), tone="warn")
            return
        who = row.giver if row.kind is Kind.RETURN else row.taker
        open_sign_box(self.bench, row.id, row.reference, who, row.items, back=row.kind is Kind.RETURN)

    def _reverse(self) -> None:
        self.bench.runner.write(reverse_handover, self._row().id)

    def _asset(self) -> None:
        self.bench.open_record(KIND, self._row().asset_id)

    def _hand_over(self, what: str) -> None:
        """Begin a return or an extension with the chosen loans."""
        found = self._list()
        rows = [found.model.row_at(index.row()) for index in found.table.selectionModel().selectedRows()]
        chosen = [str(row.asset_id) for row in rows or [self._row()] if row is not None]
        self.bench.shell.go(HANDING_OVER, f"{what}:{','.join(chosen)}")

    def _clear(self) -> None:
        self.sheets.clearance(self._row().id)

    def _held(self) -> None:
        self.bench.shell.go("property", f"people.person:{self._row().id}")

    def _export(self) -> None:
        office, listing = self.bench.runner.office, self._list().listing()
        columns = {"handovers": files.HANDOVERS, "unsigned": files.HANDOVERS, "loans": files.LOANS}
        columns["overdue"] = files.LOANS
        wanted = columns.get(self.view, files.HOLDERS)
        title = self._things(self.view).capitalize()
        total, narrowed = self._list().model.rowCount(), self._list().narrowed(self.views.title())
        self.export.ask(title, wanted, lambda: files.rows(office, listing), total=total, narrowed=narrowed)  # type: ignore[arg-type]

    # --- what is shown

    def _show_view(self, view: str) -> None:
        self.view = view
        shown = self._list()
        shown.find_words(self.filter_box.text().strip())
        self.lists.setCurrentWidget(shown)

    def _take_view(self, view: SavedView) -> None:
        name = str(view.filters.get("view"))
        self.view = name if name in VIEWS else VIEWS[0]
        self._list().take_view(view)
        self.lists.setCurrentWidget(self._list())
        self.filter_box.setText(str(view.filters.get("words", "")))

    def _count(self) -> None:
        self.bench.runner.walk(self, custody_figures, done=self._say_figures)

    def _say_figures(self, found: CustodyFigures) -> None:
        first = self.figures is None
        self.figures = found
        parts = [self.tr("{count:asset|assets} on loan").format(count=Count(found.loans))]
        if found.overdue and found.oldest:
            since = self.tr("{count} overdue since {day}")
            parts.append(since.format(count=f"{found.overdue:,}", day=day(found.oldest)))
        if found.unconfirmed:
            parts.append(self.tr("{count:person has|people have} not confirmed").format(count=Count(found.unconfirmed)))
        self.say(" · ".join(parts))
        for name, count in (("loans", found.loans), ("overdue", found.overdue), ("unconfirmed", found.unconfirmed)):
            self.views.tabs.set_count(name, count)
        if first:
            waiting = self.hasFocus()  # the keys were led here before there was a list
            self._show_view(self.view)
            if waiting:
                self.focus_body()

    def _hear(self, changes: Changes) -> None:
        touched = changes.touched()
        if HANDOVER in touched:
            for found in self._built.values():
                found.refresh()
        if HANDOVER in touched or KIND in touched or LOAN in touched:
            self._count()
