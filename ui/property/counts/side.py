"""How far a campaign is: the map coloured by rooms, the whole and its parts as bars, and who counts where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from cbo_desk.context import local
from cbo_desk.plurals import Share
from cbo_desk.property.verification import CampaignProgress, Counting, Room
from ui.kit.cards import Piece, ScrollCard, clear, line, rule, stack
from ui.kit.chips import Tone
from ui.kit.drawings import Drawing, paint_share
from ui.kit.labels import IconLabel, Label
from ui.kit.legend import Legend
from ui.kit.map_view import MapView
from ui.kit.marks import Mark
from ui.kit.theme import colour, px
from ui.property.counts import words

BARS = 12
"""So many parts have a bar of their own."""


def parts_of(rooms: Iterable[Room], building: str) -> list[tuple[str, int, int]]:
    """The floors of a building, or where there is one alone or none is named the buildings: name, counted, all."""
    sums: dict[str, list[int]] = {}
    for room in rooms:
        if building and room.building != building:
            continue
        counts = sums.setdefault((room.floor if building else room.building) or "—", [0, 0])
        counts[0] += room.state in ("counted", "closed")
        counts[1] += 1
    return [(name, done, whole) for name, (done, whole) in sums.items()]


class ProgressSide(ScrollCard):
    """The side of the counter's screen and of the list of rooms; `chosen(int)`: a room was pressed on the map."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.progress: CampaignProgress | None = None
        self._here = self._framed = ""
        self._rooms: dict[str, Room] = {}
        self._marks: dict[str, Mark] = {}
        self._told: list[tuple[Tone, str]] = []
        self._bars: list[tuple[str, int, int]] = []
        self._counters: Sequence[Counting] | None = None
        self.map = MapView(self.tr("Map of the rooms by how far they are counted"), self)
        self.map.setFixedHeight(px(190))
        self.map.opened.connect(self._opened)
        self.map.hide()
        self._legend = QVBoxLayout()
        self.title = Label("", "h3")
        self.share = Label("", "h3", at_end=True)
        self._whole = Drawing(self._paint_whole, self.tr("Share of the count that is decided"), self)
        self._whole.setFixedHeight(px(8))
        self.sums = Label("", "small-muted", wrap=True)
        self._parts = QGridLayout()
        self._parts.setHorizontalSpacing(10)
        self._parts.setVerticalSpacing(6)
        self._parts.setColumnStretch(1, 1)
        self._people = QVBoxLayout()
        self._people.setSpacing(4)
        hint = Label(self.tr("Nothing in the register changes before a supervisor closes the room."), "small-muted")
        hint.setWordWrap(True)
        self.show_content(
            *self.head(),
            stack(self.map, self._legend, gap=8),
            rule(),
            line(self.title, None, self.share),
            self._whole,
            self.sums,
            self._parts,
            rule(),
            Label(self.tr("Counting now"), "h3"),
            self._people,
            hint,
            gap=10,
        )

    def head(self) -> list[Piece]:
        """What stands above the progress; nothing here."""
        return []

    def load_map(self, svg: str) -> None:
        """Show the compound's map; without one its place stays empty."""
        try:
            there = bool(svg) and self.map.load(svg) > 0
        except ValueError:
            there = False
        self.map.setVisible(there)
        self._mark()

    def show_progress(self, progress: CampaignProgress, here: str = "") -> None:
        """Show how far all is; `here` is the code of the room that is counted."""
        self.progress, self._here = progress, here
        before, self._rooms = self._rooms, {room.code: room for room in progress.rooms}
        self._marks = {code: mark for code, mark in self._marks.items() if before.get(code) == self._rooms.get(code)}
        self._mark()
        card = progress.card
        expected = card.line.expected
        decided = expected - card.left
        self.title.setText(self.tr("Whole count"))
        self.share.setText(f"{100 * decided // expected if expected else 100} %")
        said = self.tr("{items:item|items} · {elsewhere} elsewhere · {missing} missing")
        self.sums.setText(
            said.format(
                items=Share(decided, expected),
                elsewhere=f"{card.elsewhere:,}",
                missing=f"{card.missing:,}",
            )
        )
        self._whole.update()
        self._show_parts(progress)
        self._show_people(progress.counting)

    def stand_in(self, code: str) -> None:
        """Another room is counted: lead the eye there on the map, before it is known how far it is."""
        if code != self._here:
            self._here = code
            self._mark()
            if self.progress is not None:
                self._show_parts(self.progress)

    def _show_parts(self, progress: CampaignProgress) -> None:
        room = self._rooms.get(self._here)
        building = room.building if room is not None else ""
        bars = parts_of(progress.rooms, building)[:BARS]
        if bars == self._bars:
            return
        self._bars = bars
        clear(self._parts)
        for row, (name, done, whole) in enumerate(bars):
            said = self.tr("{done} of {all}").format(done=f"{done:,}", all=f"{whole:,}")
            bar = Drawing(partial(_paint_part, done / whole), f"{name}: {said}")
            bar.setFixedHeight(px(5))
            self._parts.addWidget(Label(name, "small"), row, 0)
            self._parts.addWidget(bar, row, 1)
            self._parts.addWidget(Label(said, "small-muted", at_end=True), row, 2)

    def _show_people(self, counting: Sequence[Counting]) -> None:
        if counting == self._counters:
            return
        self._counters = counting
        clear(self._people)
        for one in counting[:BARS]:
            who = self.tr("{login}, since {time}").format(login=one.login, time=f"{local(one.since):%H:%M}")
            mark = IconLabel("circle-dot", "live_text", 14)
            self._people.addLayout(line(mark, Label(who, "small"), None, Label(one.room, "small-muted")))
        if not counting:
            self._people.addWidget(Label(self.tr("Nobody counts just now."), "small-muted"))

    def _mark(self) -> None:
        """Colour the map, and say below it how many rooms are how far; what did not change is left as it is."""
        if self.progress is None or not self.map.codes():
            return
        sums = dict.fromkeys(("ok", "warn", "live", "idle"), 0)
        marks: dict[str, Mark] = {}
        for room in self.progress.rooms:
            mark = self._marks.get(room.code)
            if mark is None:
                status = words.room_state(room)
                mark = Mark(status.tone, room.code.rpartition("-")[2], said(room), status.icon)
            marks[room.code] = mark
            sums[mark.tone] = sums.get(mark.tone, 0) + 1
        self._marks = marks
        self.map.show_marks(marks)
        here = self._rooms.get(self._here)
        if here is not None:
            if here.building != self._framed:
                self._framed = here.building
                self.map.frame(here.building)
            if self.map.chosen() != self._here:
                self.map.choose(self._here)
        legend: list[tuple[Tone, str]] = [
            ("ok", self.tr("Counted, {count}").format(count=f"{sums['ok']:,}")),
            ("warn", self.tr("With differences, {count}").format(count=f"{sums['warn']:,}")),
            ("live", self.tr("Counting now, {count}").format(count=f"{sums['live']:,}")),
            ("idle", self.tr("Not yet, {count}").format(count=f"{sums['idle']:,}")),
        ]
        if legend != self._told:
            self._told = legend
            clear(self._legend)
            self._legend.addWidget(Legend(legend))

    def _opened(self, code: str) -> None:
        room = self._rooms.get(code)
        if room is not None:
            self.chosen.emit(room.place_id)

    def _paint_whole(self, painter: QPainter, room: QRectF) -> None:
        """Found in green, what is elsewhere or missing in amber behind it, the rest empty."""
        card = self.progress.card if self.progress else None
        track = QPainterPath()
        track.addRoundedRect(room, room.height() / 2, room.height() / 2)
        painter.fillPath(track, colour("border"))
        if card is None or not card.line.expected:
            return
        painter.setClipPath(track)
        found, odd = QRectF(room), QRectF(room)
        found.setWidth(room.width() * card.found / card.line.expected)
        odd.setLeft(found.right())
        odd.setWidth(room.width() * (card.elsewhere + card.missing) / card.line.expected)
        painter.fillRect(found, colour("ok_text"))
        painter.fillRect(odd, colour("warn_text"))


def said(room: Room) -> str:
    """A room of the map in words."""
    return f"{words.room_state(room).word} · {room.decided:,} / {room.expected:,}"


def _paint_part(share: float, painter: QPainter, room: QRectF) -> None:
    paint_share(painter, room, share, "ok")
