"""The counter's screen: a door is scanned and its room opens, then one thing after the other is counted there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.compound import site_map
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.plurals import Share
from cbo_desk.property.verification import (
    CAMPAIGN,
    CampaignProgress,
    CountMade,
    RoomLine,
    RoomView,
    after_scan,
    count_item,
    finish_room,
    mark_missing,
    open_room,
    room_view,
)
from cbo_desk.tray import KeptHere
from ui.bench import Bench
from ui.kit.buttons import Button
from ui.kit.page import Page
from ui.kit.scanning.feed import Outcome, Scanned
from ui.property.counts import words
from ui.property.counts.board import RoomBoard
from ui.property.counts.counter_deeds import CounterDeeds
from ui.property.counts.side import ProgressSide
from ui.property.counts.takings import Takings
from ui.property.counts.waiting import WaitingScans
from ui.property.counts.watching import LATEST_S, CampaignEar, ProgressWatch, ReadPause
from ui.property.sections import COUNTS, show_sections

COMING_S = 3.0
"""So long after the screen was opened a door is about to be scanned: what nobody waits for waits for it."""
EMPTY_MS = 120
"""A room that is read within this time is shown at once; the columns are emptied before only if it takes longer."""
FRAME_MS = 160
"""So long the columns stand as they are in a burst of scans: painting them takes half the time between two scans."""


class CounterPage(Page):
    """One room of one campaign. Every scan is shown as soon as it is saved; the window never waits for one."""

    goes_on = True

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Count"), parent, help_page="counts")
        self.bench = bench
        self.campaign_id = 0
        self.room_id: int | None = None
        self._view: RoomView | None = None
        self._shown_late: list[RoomLine] = []
        self.last: RoomLine | None = None
        self.progress: CampaignProgress | None = None
        self.waiting = WaitingScans(bench, self)
        self.takings = Takings(self)
        self.watch = ProgressWatch(bench, self)
        self.watch.told.connect(self._progress_read)
        self._since: list[RoomLine] = []
        self._reading = self._spoken = self._stale = self._behind = False
        self._read_pause = ReadPause(self._read_room, self)
        self._frame = QTimer(self, singleShot=True)
        self._frame.timeout.connect(self._catch_up)
        self._emptied = QTimer(self, singleShot=True, interval=EMPTY_MS)
        self._emptied.timeout.connect(self._show_view)
        self.deeds = CounterDeeds(self)
        self._build()
        self.deeds.add_actions()
        bench.feed.ask(self, self.heard)
        CampaignEar(bench, self, self._later, 0)
        bench.runner.heard.connect(self._others_counted)
        bench.runner.walk(self, site_map, done=self.side.load_map)
        self.waiting.changed.connect(self.board.say_waiting)
        self.waiting.saved.connect(lambda _made: self._read_pause.start())
        self.board.say_waiting(self.waiting.count())

    @property
    def view(self) -> RoomView | None:
        """The room as it stands, all scans of this counter included; None before it was read."""
        if self._view is not None:
            for one in self._shown_late:
                self._view = after_scan(self._view, one)
        self._shown_late = []
        return self._view

    @view.setter
    def view(self, view: RoomView | None) -> None:
        self._view, self._shown_late = view, []

    def open_at(self, detail: str) -> None:
        """Show a campaign, told as "campaign" or "campaign:room"."""
        self.bench.runner.hurry(COMING_S)
        campaign, _, room = detail.partition(":")
        if campaign.isdigit() and int(campaign) != self.campaign_id:
            self._forget_room()
            self._show_view()
            self.campaign_id = int(campaign)
        if room.isdigit() and int(room) != self.room_id:
            self._enter(int(room))
        self.watch.look(self.campaign_id)
        self.bench.shell.top.field.setFocus()

    def keeps_scan_field(self) -> bool:
        """Scans and typed numbers go to the field; whoever leaves did not ask for it."""
        return True

    def open_room(self, place_id: int) -> None:
        """Begin to count in a room without scanning its door."""
        self.order(open_room, self.campaign_id, place_id, done=self._entered)

    def heard(self, scan: Scanned) -> None:
        """Count what was scanned; the feed gives the next one as soon as this one is saved."""
        room = self.room_id or 0
        self.bench.runner.write(
            count_item, self.campaign_id, room, scan.text,
            done=partial(self._counted, scan), failed=partial(self._not_counted, scan, room), quiet=True,
        )  # fmt: skip

    def count_chosen(self) -> None:
        """Count the thing that is chosen among the expected ones: it is here, and its tag is not."""
        chosen = self._chosen()
        if chosen is not None and self.room_id is not None:
            self.order(count_item, self.campaign_id, self.room_id, "", chosen.asset_id, done=self._show)

    def _counted(self, scan: Scanned, made: Changes) -> None:
        if isinstance(made, KeptHere):
            self._kept(scan, made)
            return
        assert isinstance(made, CountMade)
        self._show(made)
        self.bench.feed.done(scan, Outcome(made.good, made.said))
        if self.waiting.count():
            self.waiting.save()

    def _kept(self, scan: Scanned, kept: KeptHere) -> None:
        """The server is away: a door opens its room all the same, and a thing is kept with the room it is in."""
        [room] = kept.touched().get("places.place", (0,))
        if room:
            self._enter(room)
        self._spoken = True
        self.strip.say(self.tr("Kept here"), scan.text[:60], kept.said, "warn", "inbox")
        self.bench.feed.done(scan, Outcome(True, kept.said))

    def _not_counted(self, scan: Scanned, room: int, error: Exception) -> None:
        said = str(error)
        if isinstance(error, Trouble):
            self.waiting.keep(self.campaign_id, room, scan.text)
            said = self.tr("{trouble} The scan is kept on this computer.").format(trouble=said)
        elif not isinstance(error, Refusal):
            self.bench.runner.failed.emit(error)
            said = self.tr("This scan could not be dealt with. Scan it again.")
        self._spoken = True
        self.strip.say(self.tr("Not counted"), scan.text[:60], said, "bad", "circle-x")
        self.bench.feed.done(scan, Outcome(False, said))

    def _show(self, changes: Changes) -> None:
        """Show what became of a scan, at once: the room itself is read again when there is time."""
        if isinstance(changes, KeptHere):
            self.strip.say(self.tr("Kept here"), changes.said, "", "warn", "inbox")
            return
        assert isinstance(changes, CountMade)
        if changes.what is None and changes.good:
            self._entered(changes)
            return
        self._spoken = True
        self.strip.show_count(changes)
        if changes.line is None:
            self._read_room()
            return
        self.last = changes.line
        self.takings.note_scan(changes.room_id)
        if changes.room_id == self.room_id:
            self._since.append(changes.line)  # also while the room is still read for the first time
            if self._view is not None:
                self._shown_late.append(changes.line)  # thousands of lines are gone through for it, behind the strip
                self._show_soon()
        self._later()

    def _entered(self, changes: Changes) -> None:
        if isinstance(changes, KeptHere):
            [room] = changes.touched().get("places.place", (0,))
        else:
            assert isinstance(changes, CountMade)
            room = changes.room_id
        self._enter(room)
        self.watch.later()  # the things behind the door are scanned right now

    def _enter(self, room: int) -> None:
        self._forget_room()
        self.room_id = room
        self._emptied.start()
        self._read_room()
        self.bench.shell.note_stop("property/counting", f"{self.campaign_id}:{room}")

    def _forget_room(self) -> None:
        self.room_id, self.view, self.last = None, None, None
        self._since, self._spoken = [], False

    def _read_room(self) -> None:
        self._read_pause.stop()
        if self._reading:
            self._read_pause.start()
        if self.room_id is None or self._reading:
            return
        self._reading = True
        self._since = []
        asked = (self.campaign_id, self.room_id)
        self.bench.runner.read(self, room_view, *asked, done=partial(self._room_read, asked), failed=self._room_unread)

    def _room_read(self, asked: tuple[int, int], view: RoomView) -> None:
        self._reading = False
        if self._stale or asked != (self.campaign_id, self.room_id):
            self._stale = False
            self._read_room()
            return
        newest = max((one.event_id for one in view.last), default=0)
        for one in self._since:  # saved while the room was being read
            if one.event_id > newest:
                view = after_scan(view, one)
        fresh = self.view is None
        self.view = view
        self._emptied.stop()
        # The map follows in a pause: to paint it anew would hold up what is scanned behind the door.
        self.bench.runner.in_a_rest(self.side, lambda: self.side.stand_in(self._here()), of_scans=True)
        if fresh and not self._spoken:  # on a slow day the first scan is told before its room was read
            said = self.tr("{count} expected here. Scan one thing after the other.").format(count=f"{view.listed:,}")
            self.strip.say(self.tr("Counting in"), self._room_name(), said, "live", "door-open")
        self._show_view()

    def _room_unread(self, error: Exception) -> None:
        self._reading = self._stale = False
        self.bench.runner.failed.emit(error)

    def _progress_read(self, progress: CampaignProgress) -> None:
        self.progress = progress
        self.title.setText(progress.card.line.name)
        self.side.show_progress(progress, self._here())
        self._say_summary()

    def _later(self) -> None:
        """Something was counted, here or elsewhere."""
        self._read_pause.later()
        self.watch.later()

    def _others_counted(self, changes: Changes) -> None:
        """Others count here as well: what they did is seen, however fast this counter scans."""
        if CAMPAIGN in changes.touched() and self.isVisible():
            self._read_pause.later(LATEST_S)

    def order(self, command: Callable[..., Changes], *args: Any, done: Callable[[Changes], object]) -> None:
        """Order a deed that the page itself speaks of; what a rule refuses stands where the scans are told."""
        self.bench.runner.write(command, *args, done=done, failed=self.refused, quiet=True)

    def undo_last(self) -> bool:
        """Take back what was done last on this page (Ctrl+Z)."""
        return self.takings.undo_last()

    def mark_missing(self, only_chosen: bool = False) -> None:
        """Say that what is still expected is not there, or that the chosen thing is not."""
        if self.room_id is None:
            return
        chosen = self._chosen() if only_chosen else None
        if only_chosen and chosen is None:
            return  # nothing chosen is not everything
        some = () if chosen is None else (chosen.asset_id,)
        self.order(mark_missing, self.campaign_id, self.room_id, some, done=self.takings.did)

    def _chosen(self) -> RoomLine | None:
        """What is chosen among the expected things; where nothing is, how to choose is told."""
        chosen = self.board.expected.chosen() if self.view is not None else None
        if chosen is None:
            said = self.tr("Choose it in Expected first: press it, or go there with Tab and the arrow keys.")
            self.strip.say(self.tr("Not done"), self.tr("No thing is chosen"), said, "warn", "triangle-alert")
        return chosen

    def finish(self) -> None:
        """Say that the room is counted; the next door may be scanned."""
        if self.room_id is not None:
            self.order(finish_room, self.campaign_id, self.room_id, done=self._finished)

    def _finished(self, changes: Changes) -> None:
        self.takings.did(changes)
        self.strip.say(self.tr("Room counted"), changes.said, self.tr("Scan the next door."), "ok", "circle-check")

    def refused(self, error: Exception) -> None:
        """Say what a rule refused where the scans are told."""
        if isinstance(error, Refusal):
            self.strip.say(self.tr("Not done"), str(error), "", "warn", "triangle-alert")
        else:
            self.bench.runner.failed.emit(error)

    def again(self) -> None:
        """Read the room and how far all is anew; what is being read was asked for before the deed."""
        self._stale = self._reading
        self._read_room()
        self.watch.look(self.campaign_id)

    def _build(self) -> None:
        run = self.bench.shell.actions_.run
        finish = partial(run, "property.counts.finish")
        self.finish_button = Button(self.tr("Finish room"), "check", "primary", finish, "F9")
        self.add_buttons(
            Button(self.tr("Report"), "file-text", "plain", partial(run, "property.counts.report_here")),
            Button(self.tr("Undo last scan"), "undo-2", "plain", partial(run, "property.counts.undo"), "Ctrl+Z"),
            self.finish_button,
        )
        show_sections(self.bench, self, COUNTS)
        self.board = RoomBoard(run, partial(self.waiting.save, self.refused), self)
        self.board.picked.connect(self.count_chosen)
        self.strip = self.board.strip
        self.side = ProgressSide(self)
        self.side.chosen.connect(self.open_room)
        self.set_body(self.board, self.side, preferences=self.bench.preferences, name="property.counting")
        self._show_view()

    def _show_soon(self) -> None:
        """Show the columns after the strip, in a burst some times a second: each scan itself stands in the strip."""
        self._behind = True
        if not self._frame.isActive():
            self._frame.start(0)

    def _catch_up(self) -> None:
        if self._behind:
            self._behind = False
            self._show_view()
            self._frame.start(FRAME_MS)

    def _show_view(self) -> None:
        self.finish_button.setEnabled(self.view is not None)
        self.board.show_room(self.view)
        if self.view is not None:
            self.finish_button.set_words(self.tr("Finish room {code}").format(code=self.view.code or "—"), "F9")
        self._say_summary()

    def _say_summary(self) -> None:
        if self.progress is None:
            return
        card, here = self.progress.card, self.tr("Room {code} now").format(code=self._room_name())
        rooms = self.tr("{rooms:room|rooms} counted").format(rooms=Share(card.rooms_counted, card.rooms))
        closed = [words.campaign_state(card.line).word] if card.line.closed_at else []
        self.say(" · ".join([here if self.view else self.tr("Scan a door"), *closed, rooms, words.frozen(card.line)]))

    def _here(self) -> str:
        return self.view.code if self.view else ""

    def _room_name(self) -> str:
        return self._here() or self.tr("no place")
