"""Counts: every campaign in a list, the chosen one as a card with what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from cbo_desk.compound import site_map
from cbo_desk.plurals import Count
from cbo_desk.property.verification import (
    CAMPAIGN_COLUMNS,
    CampaignList,
    CampaignProgress,
    campaign_progress,
    campaign_rows,
    close_campaign,
    count_item,
    open_campaign,
)
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cards import stack
from ui.kit.export import Export
from ui.kit.list_views import ListViews
from ui.kit.page import Page
from ui.kit.record_list import RecordList
from ui.kit.saved_views import SavedView
from ui.kit.states import State
from ui.kit.tabs import Tab
from ui.property.counts.card import CampaignCardView
from ui.property.counts.closing import Closing
from ui.property.counts.columns import campaign_columns
from ui.property.counts.opening import OpeningForm
from ui.property.counts.report import ask_report
from ui.property.counts.watching import CampaignEar
from ui.property.sections import COUNTS, show_sections

COUNTING = "property/counting"
ROOMS = "property/rooms"


class CountsPage(Page):
    """The list of campaigns."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Counts"), parent, help_page="counts")
        self.bench = bench
        self.progress: CampaignProgress | None = None
        self._state = ""
        self._wanted = 0
        self.opening = OpeningForm(bench, self._opened, self)
        self.closing = Closing(bench, self)
        self.card = CampaignCardView(self)
        self.list = RecordList(
            bench.runner,
            campaign_columns(),
            lambda text, order, down: CampaignList(text, order, down, self._state),
            name="property.counts",
            title=self.tr("Counts"),
            things=self.tr("{count:count|counts}"),
            sort="opened",
            descending=True,
            empty=self._nothing_yet,
            preferences=bench.preferences,
            parent=self,
        )
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self)
        CampaignEar(bench, self, self._read)
        self._build()
        self._add_actions()

    def open_at(self, detail: str) -> None:
        """Show one campaign."""
        if detail.isdigit():
            self.list.show_record(int(detail))

    def _build(self) -> None:
        run = self.bench.shell.actions_.run
        if self.bench.may(open_campaign):
            words = self.tr("Open a count")
            self.add_buttons(Button(words, "plus", "primary", partial(run, "property.counts.open"), "Ctrl+N"))
        show_sections(self.bench, self, COUNTS)
        self.use_filter(self.tr("Filter counts"))
        self.add_tools(Tool("download", self.tr("Export this list"), partial(run, "property.counts.export")))
        shipped = [Tab("", self.tr("All")), Tab("open", self.tr("Open")), Tab("closed", self.tr("Closed"))]
        self.views = ListViews(self.bench.shell, self.bench.preferences, "property.counts", shipped, self)
        self.views.shown.connect(self._show_state)
        self.views.taken.connect(self._take_view)
        self.views.keep_from(
            lambda: self.list.view(words=self.filter_box.text().strip(), state=self._state), lambda: self.list.columns
        )
        left = QWidget(self)
        whole = stack(self.views.row(), self.closing.strip, self.list, gap=8)
        whole.setStretch(2, 1)
        left.setLayout(whole)
        self.set_body(left, self.card, preferences=self.bench.preferences, name="property.counts")
        self.list.chosen.connect(self._choose)
        self.list.counted.connect(self._say_count)
        self.list.all_asked.connect(self.filter_box.clear)
        self.filtered.connect(self.list.find_words)
        self.card.deed.connect(run)
        self.bench.runner.walk(self, site_map, done=self.card.load_map)

    def _add_actions(self) -> None:

        self._action("count", self.tr("Count here"), self._count, "scan-line", "C", count_item)
        self._action("rooms", self.tr("Rooms of this count"), self._rooms, "list-checks", "R")
        self._action("report", self.tr("Write the report of this count"), self._report, "file-text", "P")
        self._action("close", self.tr("Close this count"), self._close, "lock", "X", close_campaign)
        self.views.add_actions(self, "property.counts", "property")
        actions = self.bench.shell.actions_
        export = Action(
            "property.counts.export", self.tr("Export this list"), self._export, "download", "Ctrl+Shift+E", "property"
        )
        actions.add(self, export)
        if self.bench.may(open_campaign):
            new = Action(
                "property.counts.open", self.tr("Open a count"), self.opening.ask, "plus", "Ctrl+N", "property"
            )
            actions.add(self, new)

    def _action(
        self,
        name: str,
        label: str,
        run: Callable[[], object],
        icon: str,
        key: str,
        work: Callable[..., object] = campaign_progress,
    ) -> None:
        if not self.bench.may(work):
            return
        action = Action(
            f"property.counts.{name}", label, run, icon, key, "property", enabled=lambda: bool(self._wanted)
        )
        self.bench.shell.actions_.add(self, action)

    # --- deeds

    def _count(self) -> None:
        if self._wanted:  # what is chosen, though its card may still be on its way
            self.bench.shell.go(COUNTING, str(self._wanted))

    def _rooms(self) -> None:
        if self._wanted:
            self.bench.shell.go(ROOMS, str(self._wanted))

    def _report(self) -> None:
        if self.progress is not None and self.progress.card.line.id == self._wanted:
            ask_report(self.bench, self, self.progress.card.line)

    def _close(self) -> None:
        if self.progress is not None and self.progress.card.line.id == self._wanted:
            line = self.progress.card.line
            self.closing.ask_campaign(line.id, line.name)

    def _export(self) -> None:
        listing, office = self.list.listing(), self.bench.runner.office
        assert isinstance(listing, CampaignList)
        total = self.list.model.rowCount()
        narrowed = self.list.narrowed(self.views.title())
        write = partial(campaign_rows, office, listing)
        self.export.ask(self.tr("Counts"), CAMPAIGN_COLUMNS, write, total=total, narrowed=narrowed)

    def _opened(self, campaign: int) -> None:
        self.list.show_record(campaign)

    # --- what is shown

    def _show_state(self, state: str) -> None:
        self._state = state
        self.list.refresh()

    def _take_view(self, view: SavedView) -> None:
        self._state = str(view.filters.get("state", ""))
        self.list.take_view(view)
        self.filter_box.setText(str(view.filters.get("words", "")))

    def _choose(self, campaign: int) -> None:
        self._wanted = campaign
        self._read()
        self.bench.shell.note_stop(COUNTS, str(campaign))

    def _read(self) -> None:
        if self._wanted:
            self.bench.read_card(self, self.card, campaign_progress, self._wanted, done=self._show, long=True)

    def _show(self, progress: CampaignProgress) -> None:
        if progress.card.line.id == self._wanted:
            self.progress = progress
            known = {action.id: action for action in self.bench.shell.actions_.of("property")}
            offered = [
                ("count", self.tr("Count")),
                ("rooms", self.tr("Rooms")),
                ("report", self.tr("Report")),
                *([("close", self.tr("Close"))] if progress.card.line.closed_at is None else []),
            ]
            deeds = [(word, known.get(f"property.counts.{name}")) for name, word in offered]
            self.card.show_campaign(progress, [(word, deed) for word, deed in deeds if deed is not None])

    def _say_count(self, count: int) -> None:
        words = self.tr("{counts} · nothing in the register changes before one is closed")
        self.say(words.format(counts=self.tr("{count:count|counts}").format(count=Count(count))))

    def _nothing_yet(self) -> State:
        words = self.tr("A count freezes what the register expects in every room, and compares it with what is there.")
        run = partial(self.bench.shell.actions_.run, "property.counts.open")
        button = Button(self.tr("Open a count"), "plus", run=run) if self.bench.may(open_campaign) else None
        return State("empty", self.tr("No counts yet"), words, button, icon="clipboard-check")
