"""The day on one timeline: meetings by room, trips by vehicle, mail by messenger, the pouch, the gate and counts."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date, datetime, timedelta

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from cbo_desk.context import local
from cbo_desk.plurals import Count, Share
from cbo_desk.reports import FOCUS, DayEntry, DayLine, Line, Stand, in_focus, lanes
from ui.kit.buttons import Tool
from ui.kit.cards import line, stack
from ui.kit.labels import ElidedLabel, Label
from ui.kit.phrases import day as day_words
from ui.kit.states import ListOrState, State
from ui.kit.timeline import Timeline
from ui.kit.timeline_parts import Axis, Bar, Look, Row
from ui.today.words import ICONS

HOURS = (7, 19)
"""The working day; what begins earlier or ends later widens the axis."""
ROW, NAMES = 29, 132
"""The height of a line and the width of the names, in pixels at 100 %."""

_LOOKS = {
    Stand.OVER: Look("idle", plain=True, faded=True),
    Stand.LIVE: Look("idle", plain=True, outlined=True),
    Stand.AHEAD: Look("idle", plain=True),
    Stand.HELD: Look("idle", hatched=True),
    Stand.WAITS: Look("warn", "triangle-alert", outlined=True),
    Stand.LATE: Look("bad", "circle-alert", outlined=True),
}


class DayView(QFrame):
    """The card of the day. Signals: `opened(DayLine, DayEntry)` an entry is to be shown on its desk."""

    opened = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self._lines: Sequence[DayLine] = ()
        self._day = date.min
        self._now: datetime | None = None
        self._age = ""
        self._entries: dict[Hashable, tuple[DayLine, DayEntry]] = {}
        self.every = False
        self.timeline = Timeline(self.tr("The day by the hour"), self, row_height=ROW, opens_at_once=True)
        self.timeline.opened.connect(self._open)
        self.states = ListOrState(self.timeline)
        self.about = ElidedLabel("", "small-muted")
        self.narrow = Tool("sliders-horizontal", self.tr("Show every line, or what is running, late or yours"))
        self.narrow.clicked.connect(self.toggle)
        self.narrow.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        head = line(Label(self.tr("The day"), "h3"), self.about, self.narrow, margins=(16, 6, 8, 0))
        head.setStretch(1, 1)
        self.setLayout(stack(head, self.states, margins=(1, 1, 1, 6)))

    def expect(self, day: date, now: datetime) -> None:
        """Another day is on its way: its hours stand already."""
        self._lines, self._day, self._age = (), day, ""
        self._now = now if local(now).date() == day else None
        self.timeline.show_board(Axis(day, 1, HOURS), (), (), (), NAMES)
        self.timeline.show_now(self._now)
        self.narrow.hide()
        self.about.setText(self._words(0))
        self.states.show_content()

    def show_day(self, lines: Sequence[DayLine], day: date, now: datetime, *, age: str = "") -> None:
        """Show the lines of a day; `age` says how old they are where that is to be said."""
        self._lines, self._day, self._age = lines, day, age
        self._now = now if local(now).date() == day else None
        self._show()

    def say_unknown(self) -> None:
        """Nothing was ever read: the server is away."""
        words = self.tr("It is read as soon as the server answers.")
        self.states.show_state(State("offline", self.tr("The day is not known here yet"), words))

    def toggle(self) -> None:
        """Show every line, or only what is running, late or one's own."""
        self.every = not self.every
        self._show()

    def shown(self) -> list[DayLine]:
        """The lines on the timeline."""
        if self.every or self._now is None:
            return list(self._lines)
        return in_focus(self._lines, self._now)

    def _show(self) -> None:
        shown = self.shown()
        self.narrow.setVisible(self._now is not None and len(self._lines) > FOCUS)
        self.about.setText(self._words(len(shown)))
        if not shown:
            self._show_nothing()
            return
        self._entries.clear()
        rows: list[Row] = []
        bars: list[Bar] = []
        for each in shown:
            for at, lane in enumerate(lanes(each)):
                row = (each.what, each.name, at)
                rows.append(Row(row, line_name(each) if at == 0 else "", mark=ICONS.get(each.desk, "box")))
                bars += [self._bar(each, entry, row) for entry in lane]
        self.timeline.show_board(Axis(self._day, 1, self._hours(shown)), rows, bars, (), NAMES)
        self.timeline.show_now(self._now)
        self.states.show_content()

    def _show_nothing(self) -> None:
        words = self.tr("Meetings, trips, rounds of mail, gate passes and counts of the day stand here by themselves.")
        if self.states.state is None or self.states.state.kind != "empty":
            self.states.show_state(State("empty", self.tr("Nothing is planned"), words, icon="calendar-days"))

    def _words(self, shown: int) -> str:
        count: Count = Count(len(self._lines))
        parts = [] if self._now is not None else [day_words(self._day)]
        if shown < len(self._lines):
            count = Share(shown, len(self._lines))
            parts += [self.tr("{count:line|lines}").format(count=count), self.tr("what is running, late or yours")]
        elif self._lines:
            parts.append(self.tr("{count:line|lines}").format(count=count))
        return " · ".join(part for part in (*parts, self._age) if part)

    def _hours(self, shown: Sequence[DayLine]) -> tuple[int, int]:
        """From seven to seven, or as far as the day goes: what crosses midnight stands at the edge of its day."""
        low, high = HOURS
        if self._now is not None:
            low, high = min(low, local(self._now).hour), max(high, local(self._now).hour + 1)
        for each in shown:
            for entry in each.entries:
                if not entry.whole_day:
                    starts, ends = local(entry.starts), local(entry.ends)
                    low = 0 if starts.date() < self._day else min(low, starts.hour)
                    later = ends.date() > self._day
                    high = 24 if later else max(high, ends.hour + (ends.minute > 0 or ends.second > 0))
        return low, high

    def _bar(self, each: DayLine, entry: DayEntry, row: tuple[Line, str, int]) -> Bar:
        key = (each.what, each.name, entry.kind, entry.record_id, entry.title if entry.kind else entry.starts)
        self._entries[key] = each, entry
        title = entry_title(each, entry)
        said = f"{hours(entry, self._day)} · {line_name(each)} · {title}"
        more = " · ".join(part for part in (entry.detail, stand_words(entry)) if part)
        if entry.count == 1 and more:
            said += f"\n{more}"
        ends = max(entry.ends, entry.starts + timedelta(minutes=10))
        return Bar(key, row, entry.starts, ends, title, look=_LOOKS[entry.stand], movable=False, said=said)

    def _open(self, key: Hashable) -> None:
        self.opened.emit(*self._entries[key])


def line_name(each: DayLine) -> str:
    """What a line is called."""
    return each.name or {
        Line.NO_VEHICLE: QCoreApplication.translate("today", "No vehicle yet"),
        Line.ROUND: QCoreApplication.translate("today", "Rounds"),
        Line.PICK_UP: QCoreApplication.translate("today", "Pick-ups"),
        Line.POUCH: QCoreApplication.translate("today", "Pouch"),
        Line.GATE: QCoreApplication.translate("today", "Gate passes"),
        Line.COUNT: QCoreApplication.translate("today", "Counts"),
    }.get(each.what, "–")


def entry_title(each: DayLine, entry: DayEntry) -> str:
    """What stands on a bar."""
    if entry.count > 1:
        return QCoreApplication.translate("today", "{count} more").format(count=entry.count)
    if each.what is Line.POUCH:
        words = QCoreApplication.translate("today", "To {place}")
        if entry.inward:
            words = QCoreApplication.translate("today", "From {place}")
        return words.format(place=entry.title)
    return entry.title


def stand_words(entry: DayEntry) -> str:
    """How an entry stands, in a word or two; nothing of what is still ahead."""
    return {
        Stand.OVER: QCoreApplication.translate("today", "over"),
        Stand.LIVE: QCoreApplication.translate("today", "running"),
        Stand.LATE: QCoreApplication.translate("today", "late"),
        Stand.WAITS: QCoreApplication.translate("today", "needs somebody"),
        Stand.HELD: QCoreApplication.translate("today", "not firm yet"),
    }.get(entry.stand, "")


def hours(entry: DayEntry, day: date) -> str:
    """From when to when on the site's clock, with the day where it is another one."""
    if entry.whole_day:
        return QCoreApplication.translate("today", "All day")
    starts, ends = local(entry.starts), local(entry.ends)
    parts = [f"{at:%H:%M}" if at.date() == day else f"{day_words(at.date())} {at:%H:%M}" for at in (starts, ends)]
    return "–".join(parts)
