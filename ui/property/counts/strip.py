"""The largest thing on the counter's screen: what the last scan turned out to be, and those before it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbo_desk.context import local
from cbo_desk.property.verification import CountMade, RoomLine, RoomView, What
from ui.kit.cards import line, rule, stack
from ui.kit.chips import Tone
from ui.kit.icons import put_icon
from ui.kit.labels import ElidedLabel, Figure, IconLabel, Label
from ui.kit.toasts import InSight
from ui.property.counts import words
from ui.property.counts.told import Told

SHOWN_BEFORE = 3
LONGEST_NUMBER = 16


class _Earlier(QWidget):
    """One scan before the last one; it is made once and only changes its words, for scans come fast."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._mark = IconLabel("dot", "muted", 14)
        self._number, self._said = Figure("", "small-strong", at_end=False), ElidedLabel("", "small-muted")
        row = line(self._mark, self._number, self._said, gap=6)
        row.setStretch(2, 1)
        self.setLayout(row)

    def show_line(self, one: RoomLine) -> None:
        """Show a scan; one that was taken back is struck through."""
        status = words.find(one.what)
        put_icon(self._mark, status.icon, f"{status.tone}_text" if status.tone != "idle" else "muted", 14)
        font = self._number.font()
        font.setStrikeOut(one.what is What.TAKEN_BACK)
        self._number.setFont(font)
        self._number.setText(one.inventory_no[:LONGEST_NUMBER])
        listed = one.where and one.what is What.ELSEWHERE
        word = self.tr("listed in {room}").format(room=one.where) if listed else status.word.lower()
        self._said.setText(f"{word} · {local(one.at):%H:%M:%S}" if one.at else word)


class LastScan(InSight):
    """The last scan in large letters, how much of the room is decided, and what was scanned before."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self._told = Told(self)
        self.decided = Figure("", "h2")
        self.decided_words = Label("", "small-muted", at_end=True)
        row = line(self._told, gap=16, margins=(16, 12, 20, 12))
        row.setStretch(0, 1)
        row.addLayout(stack(None, self.decided, self.decided_words, None))
        self._heading = Label("", "small-muted")
        self._earlier = [_Earlier(self) for _ in range(SHOWN_BEFORE)]
        before = line(self._heading, *self._earlier, gap=16, margins=(16, 8, 16, 8))
        for place in range(1, SHOWN_BEFORE + 1):
            before.setStretch(place, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addLayout(row)
        whole.addWidget(rule(self))
        whole.addLayout(before)
        self.say(self.tr("No room yet"), self.tr("Scan a door"), self.tr("Its room opens here."))
        self.show_before(())

    def say(self, outcome: str, thing: str, detail: str, tone: Tone = "idle", icon: str = "scan-line") -> None:
        """Say something in the place of a scan, for instance that a door is to be scanned or what went wrong."""
        self._told.say(outcome, thing, detail, tone, icon)
        self.setAccessibleName(" · ".join((outcome, thing, detail)))

    def words(self) -> tuple[str, str, str]:
        """What the last scan is said to be, in three lines."""
        return self._told.words()

    def show_count(self, made: CountMade) -> None:
        """Show what became of a scan."""
        one = made.line
        if one is None:
            self.say(self.tr("Not counted"), made.said, "", "bad", "circle-x")
            return
        status = words.find(one.what)
        at = f" · {local(one.at):%H:%M:%S}" if one.at else ""
        tone: Tone = status.tone if made.good else "warn"
        thing = one.inventory_no if one.what is What.UNKNOWN else one.description or one.inventory_no
        rest = made.said.removeprefix(f"{one.inventory_no} found here.").strip()
        detail = " · ".join(part for part in (one.inventory_no, rest) if part) if rest != made.said else rest
        if not one.is_thing:  # whose badge it is stands above already
            detail = one.inventory_no
        self.say(f"{status.word}{at}", thing, detail, tone, status.icon)

    def show_room(self, view: RoomView) -> None:
        """How much of the room is decided, and the scans before the last one."""
        known = view.listed - len(view.expected)
        self.decided.setText(self.tr("{known} of {all}").format(known=f"{known:,}", all=f"{view.listed:,}"))
        self.decided_words.setText(self.tr("decided in this room"))
        self.show_before(view.last[1 : SHOWN_BEFORE + 1])

    def show_before(self, lines: Sequence[RoomLine]) -> None:
        """Show the scans before the last one."""
        self._heading.setText(self.tr("Before that") if lines else self.tr("Nothing before that"))
        for number, earlier in enumerate(self._earlier):
            earlier.setVisible(number < len(lines))
            if number < len(lines):
                earlier.show_line(lines[number])
