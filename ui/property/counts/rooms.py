"""The rooms of a campaign: how far each is, on the map and as a list; a supervisor closes them here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from cbo_desk.compound import site_map
from cbo_desk.plurals import Share
from cbo_desk.property.verification import (
    ROOM_COLUMNS,
    CampaignProgress,
    RoomFilter,
    RoomList,
    campaign_progress,
    close_campaign,
    close_room,
    room_rows,
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
from ui.property.counts import words
from ui.property.counts.closing import Closing
from ui.property.counts.columns import room_columns
from ui.property.counts.report import ask_report
from ui.property.counts.side import ProgressSide
from ui.property.counts.watching import CampaignEar
from ui.property.sections import COUNTS, show_sections

COUNTING = "property/counting"


class RoomsPage(Page):
    """The rooms of one campaign."""

    goes_on = True

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Rooms"), parent, help_page="counts")
        self.bench = bench
        self.campaign_id = 0
        self.progress: CampaignProgress | None = None
        self._state = ""
        self.closing = Closing(bench, self)
        self.side = ProgressSide(self)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self)
        self.list = RecordList(
            bench.runner,
            room_columns(),
            lambda text, order, down: RoomList(RoomFilter(self.campaign_id, text, self._state), order, down),
            name="property.count_rooms",
            title=self.tr("Rooms"),
            things=self.tr("{count:room|rooms}"),
            sort="place",
            empty=lambda: State("empty", self.tr("No rooms"), self.tr("No room of this count is so far.")),
            preferences=bench.preferences,
            parent=self,
        )
        CampaignEar(bench, self, self._read)
        self._build()
        self._add_actions()
        bench.runner.walk(self, site_map, done=self.side.load_map)

    def open_at(self, detail: str) -> None:
        """Show the rooms of a campaign."""
        if detail.isdigit():
            self.campaign_id = int(detail)
            self._read()
            self.bench.shell.note_stop("property/rooms", detail)

    def _build(self) -> None:
        run = self.bench.shell.actions_.run
        report = Button(self.tr("Report"), "file-text", "plain", partial(run, "property.counts.report_rooms"))
        self.add_buttons(report)
        if self.bench.may(close_room):
            close = self.tr("Close this room")
            self.add_buttons(Button(close, "lock", "plain", partial(run, "property.counts.close_room")))
        self.add_buttons(
            Button(self.tr("Count here"), "scan-line", "primary", partial(run, "property.counts.count_here"))
        )
        show_sections(self.bench, self, COUNTS)
        self.use_filter(self.tr("Filter rooms"))
        self.add_tools(Tool("download", self.tr("Export this list"), partial(run, "property.counts.export_rooms")))
        shipped = [
            Tab("", self.tr("All")),
            Tab("waiting", self.tr("Not yet")),
            Tab("counting", self.tr("Counting now")),
            Tab("counted", self.tr("Counted")),
            Tab("closed", self.tr("Closed")),
        ]
        self.views = ListViews(self.bench.shell, self.bench.preferences, "property.count_rooms", shipped, self)
        self.views.shown.connect(self._show_state)
        self.views.taken.connect(self._take_view)
        self.views.keep_from(
            lambda: self.list.view(words=self.filter_box.text().strip(), state=self._state), lambda: self.list.columns
        )
        left = QWidget(self)
        whole = stack(self.views.row(), self.closing.strip, self.list, gap=8)
        whole.setStretch(2, 1)
        left.setLayout(whole)
        self.set_body(left, self.side, preferences=self.bench.preferences, name="property.count_rooms")
        self.side.chosen.connect(self.list.show_record)
        self.list.all_asked.connect(self.filter_box.clear)
        self.filtered.connect(self.list.find_words)

    def _add_actions(self) -> None:

        self._action("count_here", self.tr("Count in this room"), self._count, "scan-line", "C", campaign_progress)
        self._action("close_room", self.tr("Close this room"), self._close_room, "lock", "X", close_room)
        self._action("close_all", self.tr("Close the whole count"), self._close_all, "lock", "", close_campaign)
        self._action("report_rooms", self.tr("Write the report"), self._report, "file-text", "P", campaign_progress)
        self.views.add_actions(self, "property.counts.rooms", "property")
        self._action("export_rooms", self.tr("Export the rooms"), self._export, "download", "", campaign_progress)

    def _action(
        self, name: str, label: str, run: Callable[[], object], icon: str, key: str, work: Callable[..., object]
    ) -> None:
        if self.bench.may(work):
            action = Action(
                f"property.counts.{name}", label, run, icon, key, "property", enabled=lambda: self.progress is not None
            )
            self.bench.shell.actions_.add(self, action)

    def _chosen(self) -> int | None:
        return next(iter(self.list.chosen_ids()), None)

    def _count(self) -> None:
        room = self._chosen()
        if room is not None:
            self.bench.shell.go(COUNTING, f"{self.campaign_id}:{room}")

    def _close_room(self) -> None:
        room = self._chosen()
        if room is None or self.progress is None:
            return
        code = next((one.code for one in self.progress.rooms if one.place_id == room), "")
        self.closing.ask_room(self.campaign_id, room, code or self.tr("no place"))

    def _close_all(self) -> None:
        if self.progress is not None:
            self.closing.ask_campaign(self.campaign_id, self.progress.card.line.name)

    def _report(self) -> None:
        if self.progress is not None:
            ask_report(self.bench, self, self.progress.card.line)

    def _export(self) -> None:
        listing, office = self.list.listing(), self.bench.runner.office
        assert isinstance(listing, RoomList)
        total = self.list.model.rowCount()
        named = self.progress.card.line.name if self.progress is not None else ""
        narrowed = self.list.narrowed(named, self.views.title())
        write = partial(room_rows, office, listing)
        self.export.ask(self.tr("Rooms counted"), ROOM_COLUMNS, write, total=total, narrowed=narrowed)

    def _show_state(self, state: str) -> None:
        self._state = state
        self.list.refresh()

    def _take_view(self, view: SavedView) -> None:
        self._state = str(view.filters.get("state", ""))
        self.list.take_view(view)
        self.filter_box.setText(str(view.filters.get("words", "")))

    def _read(self) -> None:
        self.list.refresh()
        self.bench.runner.walk(self, campaign_progress, self.campaign_id, done=self._show)

    def _show(self, progress: CampaignProgress) -> None:
        if progress.card.line.id != self.campaign_id:
            return
        self.progress = progress
        card = progress.card
        self.title.setText(card.line.name)
        rooms = self.tr("{rooms:room|rooms} counted").format(rooms=Share(card.rooms_counted, card.rooms))
        self.say(" · ".join((words.campaign_state(card.line).word, rooms, words.frozen(card.line))))
        self.side.show_progress(progress)
