"""Disposal: every case in a list, the chosen one as a card with its next step; scans go into the case that is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QWidget

from cbo_desk.attachments import attachments_of
from cbo_desk.changes import Changes
from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from cbo_desk.property.disposal import (
    CASE,
    CaseCard,
    CaseList,
    CaseState,
    add_to_case,
    cancel_case,
    case_card,
    complete_case,
    open_case,
    recall_case,
    record_decision,
    submit_case,
    take_out_of_case,
)
from cbo_desk.property.disposal.papers import COLUMNS, rows, write_board_pack
from cbo_desk.property.picking import PickedAsset, pick_assets
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cards import stack
from ui.kit.dialogs import ask
from ui.kit.export import Export
from ui.kit.files import ask_save, show_folder
from ui.kit.list_views import ListViews
from ui.kit.page import Page
from ui.kit.record_list import RecordList
from ui.kit.saved_views import SavedView
from ui.kit.scanning.feed import Outcome, Scanned
from ui.kit.states import State
from ui.kit.tabs import Tab
from ui.property.disposal.card import CaseCardView
from ui.property.disposal.columns import case_columns
from ui.property.disposal.forms import DisposalForms
from ui.property.kept_scans import keep_if_unknown
from ui.property.sections import DISPOSAL, show_sections

_OFFERED = {
    CaseState.OPEN: ("add", "submit", "take_out", "pack", "cancel"),
    CaseState.SUBMITTED: ("decide", "complete", "recall", "pack", "cancel"),
    CaseState.APPROVED: ("complete", "decide", "pack", "cancel"),
    CaseState.REFUSED: ("recall", "decide", "pack", "cancel"),
    CaseState.COMPLETE: ("pack",),
    CaseState.CANCELLED: ("pack",),
}


class DisposalPage(Page):
    """The list of cases."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Disposal"), parent, help_page="disposal")
        self.bench = bench
        self._closed = False
        self._wanted = 0
        self.forms = DisposalForms(bench, self._opened, self)
        self.card = CaseCardView(bench, self)
        self.list = RecordList(
            bench.runner,
            case_columns(),
            lambda text, order, down: CaseList(text, order, down, closed=self._closed),
            name="property.disposal",
            title=self.tr("Disposal cases"),
            things=self.tr("{count:case|cases}"),
            sort="reference",
            descending=True,
            empty=self._nothing_yet,
            preferences=bench.preferences,
            parent=self,
        )
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self)
        self._build()
        self._add_actions()
        bench.feed.ask(self.card.scans, self.heard)

    def open_at(self, detail: str) -> None:
        """Show one case, or open one with assets: scans, Ctrl+K and the register lead here."""
        kind, _, ids = detail.partition(":")
        if kind == "new":
            self.forms.open_new([int(ident) for ident in ids.split(",") if ident])
        elif ids.isdigit():
            self.list.show_record(int(ids))

    def heard(self, scan: Scanned) -> None:
        """A scan goes into the case that is shown."""
        case = self.card.card
        assert case is not None

        def refuse(error: Exception) -> None:
            keep_if_unknown(self.bench, scan.text, error)
            self.bench.shell.toasts.say(str(error), tone="warn")
            self.bench.feed.done(scan, Outcome(False, str(error)))

        def put_in(found: Sequence[PickedAsset]) -> None:
            ids = tuple(one.id for one in found)
            self.bench.runner.write(add_to_case, case.id, ids, done=done, failed=refuse, owner=self)

        def done(changes: Changes) -> None:
            self.bench.feed.done(scan, Outcome(True, changes.said))

        self.bench.runner.read(self, pick_assets, [scan.text], done=put_in, failed=refuse)

    # --- parts

    def _build(self) -> None:
        run = self.bench.shell.actions_.run
        if self.bench.may(open_case):
            words = self.tr("Open a case")
            self.add_buttons(Button(words, "plus", "primary", partial(run, "property.disposal.open"), "Ctrl+N"))
        show_sections(self.bench, self, DISPOSAL)
        self.use_filter(self.tr("Filter disposal cases"))
        self.add_tools(Tool("download", self.tr("Export this list"), partial(run, "property.disposal.export")))
        shipped = [Tab("current", self.tr("Current")), Tab("closed", self.tr("Closed"))]
        self.views = ListViews(self.bench.shell, self.bench.preferences, "property.disposal", shipped, self)
        self.views.shown.connect(self._show_only)
        self.views.taken.connect(self._take_view)
        self.views.keep_from(
            lambda: self.list.view(words=self.filter_box.text().strip(), closed=self._closed), lambda: self.list.columns
        )
        left = QWidget(self)
        whole = stack(self.views.row(), self.list, gap=8)
        whole.setStretch(1, 1)
        left.setLayout(whole)
        self.set_body(left, self.card, preferences=self.bench.preferences, name="property.disposal")
        self.list.chosen.connect(self._choose)
        self.list.counted.connect(self._say_count)
        self.list.all_asked.connect(self.filter_box.clear)
        self.filtered.connect(self.list.find_words)
        self.card.deed.connect(run)
        self.bench.runner.changed.connect(self._hear)

    def _add_actions(self) -> None:
        add = self.bench.shell.actions_.add
        if self.bench.may(open_case):
            words = self.tr("Open a disposal case")
            add(self, Action("property.disposal.open", words, self.forms.open_new, "plus", "Ctrl+N", "property"))
        self.views.add_actions(self, "property.disposal", "property")
        self._action("add", self.tr("Put in"), self.forms.add, "package-plus", "A", add_to_case)
        self._action("take_out", self.tr("Take out"), self._take_out, "package-x", "O", take_out_of_case)
        self._action("submit", self.tr("Submit"), self._submit, "send", "S", submit_case)
        self._action("recall", self.tr("Take back"), self._recall, "undo-2", "B", recall_case)
        self._action("decide", self.tr("Decision"), self.forms.decide, "stamp", "D", record_decision)
        self._action("complete", self.tr("Carry out"), self.forms.complete, "archive", "F", complete_case)
        self._action("pack", self.tr("Board pack"), self._pack, "scroll-text", "P", case_card)
        if self.bench.may(attachments_of):
            words, shown = self.tr("Photos and papers"), self.card.papers
            there = lambda: self.card.card is not None  # noqa: E731
            add(self, Action("property.disposal.papers", words, shown.offer, "image", "I", "property", enabled=there))
        self._action("cancel", self.tr("Cancel"), self._cancel, "ban", "X", cancel_case)
        export = Action(
            "property.disposal.export",
            self.tr("Export the disposal cases"),
            self._export,
            "download",
            "Ctrl+Shift+E",
            "property",
        )
        add(self, export)

    def _action(
        self,
        name: str,
        label: str,
        run: Callable[[CaseCard], object],
        icon: str,
        key: str,
        work: Callable[..., object],
    ) -> None:
        if not self.bench.may(work):
            return

        def possible() -> bool:
            return self.card.card is not None and name in _OFFERED[self.card.card.state]

        def go() -> None:
            if self.card.card is not None:
                run(self.card.card)

        action = Action(f"property.disposal.{name}", label, go, icon, key, "property", enabled=possible)
        self.bench.shell.actions_.add(self, action)

    # --- deeds

    def _take_out(self, card: CaseCard) -> None:
        if card.items:
            self.forms.take_out(card)

    def _submit(self, card: CaseCard) -> None:
        self.bench.runner.write(submit_case, card.id)

    def _recall(self, card: CaseCard) -> None:
        self.bench.runner.write(recall_case, card.id)

    def _cancel(self, card: CaseCard) -> None:
        words = self.tr("Its {count:asset stands|assets stand} as before. The case stays in the list of closed ones.")
        question = self.tr("Cancel {reference}?").format(reference=card.reference)
        run = partial(self.bench.runner.write, cancel_case, card.id)
        ask(self.bench.shell, question, words.format(count=Count(len(card.items))), self.tr("Cancel the case"), run)

    def _pack(self, card: CaseCard) -> None:
        kinds = (self.tr("PDF (*.pdf)"), self.tr("Excel (*.xlsx)"), self.tr("CSV (*.csv)"))
        heading = self.tr("Board pack of {reference}").format(reference=card.reference)
        write = partial(self.write_pack, card)
        ask_save(self, heading, f"{card.reference}.pdf", kinds, "export", self.bench.preferences, write)

    def write_pack(self, card: CaseCard, path: Path) -> None:
        """Write the board pack and say so, with its folder at hand."""
        office = self.bench.runner.office

        def work(progress: Progress) -> int:
            return write_board_pack(office, card.id, path, progress)

        def done(_count: int) -> None:
            said = self.tr("Board pack written to {file}").format(file=path.name)
            self.bench.shell.toasts.say(said, self.tr("Open folder"), partial(show_folder, path))

        self.bench.runner.job(self, work, done)

    def _export(self) -> None:
        listing, office = cast(CaseList, self.list.listing()), self.bench.runner.office
        total = self.list.model.rowCount()
        narrowed = self.list.narrowed(self.views.title())
        self.export.ask(
            self.tr("Disposal cases"), COLUMNS, lambda: rows(office, listing), total=total, narrowed=narrowed
        )

    def _opened(self, ident: int) -> None:
        self.list.show_record(ident)

    # --- what is shown

    def _show_only(self, which: str) -> None:
        self._closed = which == "closed"
        self.list.refresh()

    def _take_view(self, view: SavedView) -> None:
        self._closed = bool(view.filters.get("closed"))
        self.list.take_view(view)
        self.filter_box.setText(str(view.filters.get("words", "")))

    def _choose(self, ident: int) -> None:
        self._wanted = ident
        self._read()
        self.bench.shell.note_stop(DISPOSAL, f"{CASE}:{ident}")

    def _read(self) -> None:
        if self._wanted:
            self.bench.read_card(self, self.card, case_card, self._wanted, done=self._show)

    def _show(self, card: CaseCard) -> None:
        known = {action.id: action for action in self.bench.shell.actions_.of("property")}
        names = (f"property.disposal.{name}" for name in _OFFERED[card.state])
        deeds = [known[name] for name in names if name in known]
        self.card.show_case(card, deeds, takes_scans=self.bench.may(add_to_case))

    def _hear(self, changes: Changes) -> None:
        if self._wanted in changes.touched().get(CASE, ()) or (changes.everything and changes.kind == CASE):
            self._read()

    def _say_count(self, count: int) -> None:
        words = self.tr("{count:case|cases}").format(count=Count(count))
        self.say(f"{words} {self.tr('closed') if self._closed else self.tr('current')}")

    def _nothing_yet(self) -> State:
        words = self.tr("A case gathers what is to go, lays it before the review body, and records how it went.")
        run = partial(self.bench.shell.actions_.run, "property.disposal.open")
        button = Button(self.tr("Open a case"), "plus", run=run) if self.bench.may(open_case) else None
        return State("empty", self.tr("No disposal cases"), words, button, icon="archive")
