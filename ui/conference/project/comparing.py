"""Plans side by side as the objective itself: a line counts before the next one; proven, a gap, or not proven."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QWidget

from cbo_desk.conference.project import PlanRow
from ui.kit.buttons import Button
from ui.kit.cards import clear, line
from ui.kit.labels import IconLabel, Label, number_label
from ui.kit.theme import px

MOST = 3
"""Plans that are compared at once, the newest."""
GOALS = ("unplaced", "bumped", "times", "rooms", "series", "seats", "walls")


def goal_words(goal: str) -> str:
    """A line of the objective in words."""
    return {
        "unplaced": QCoreApplication.translate("capital", "Unplaced"),
        "bumped": QCoreApplication.translate("capital", "Confirmed ones bumped"),
        "times": QCoreApplication.translate("capital", "Times changed"),
        "rooms": QCoreApplication.translate("capital", "Rooms changed"),
        "series": QCoreApplication.translate("capital", "Series split"),
        "seats": QCoreApplication.translate("capital", "Seats wasted"),
        "walls": QCoreApplication.translate("capital", "Wall moves"),
    }[goal]


class Comparison(QFrame):
    """The newest plans for a phase. `chosen(int)` is the plan whose moves are to be shown."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(14, 10, 14, 10)
        self.grid.setHorizontalSpacing(14)
        self.grid.setVerticalSpacing(4)

    def show_plans(self, title: str, plans: Sequence[PlanRow], shown: int) -> None:
        """Show the newest plans, one of them as the one that is listed below."""
        clear(self.grid)
        newest = plans[:MOST][::-1]
        self.grid.addWidget(Label(title, "h3"), 0, 0)
        self.grid.addWidget(Label(self.tr("A line counts before the next one"), "small-muted"), 1, 0)
        for number, goal in enumerate(GOALS):
            self.grid.addLayout(line(Label(f"{number + 1}", "muted"), Label(goal_words(goal)), None), number + 2, 0)
        values = {plan.id: {goal: sum(value) for goal, value, _ in plan.measures} for plan in newest}
        for place, plan in enumerate(newest):
            self._column(plan, 1 + place, plan.id == shown, values)
        self.grid.setColumnStretch(0, 1)
        for place in range(len(newest)):
            self.grid.setColumnStretch(1 + place, 2)

    def _column(self, plan: PlanRow, column: int, shown: bool, values: dict[int, dict[str, int]]) -> None:
        switch = Button(self.tr("Shown below") if shown else self.tr("Show this"), "", "link",
                        lambda: self.chosen.emit(plan.id))  # fmt: skip
        switch.setEnabled(not shown)
        switch.setAccessibleName(f"{plan.name}: {switch.text()}")
        self.grid.addLayout(line(Label(plan.name, "h3"), None, switch), 0, column)
        checked = self.tr("Checked · {seconds} s").format(seconds=f"{plan.seconds:.0f}")
        self.grid.addLayout(
            line(IconLabel("shield-check", "ok_text", 14), Label(checked, "small-muted"), None, gap=5), 1, column
        )
        certain = True
        known = {goal: (value, bound) for goal, value, bound in plan.measures}
        for number, goal in enumerate(GOALS):
            if goal not in known:
                continue
            value, bound = known[goal]
            proven = certain and value == bound
            best = values[plan.id][goal] < min(
                (other[goal] for ident, other in values.items() if ident != plan.id), default=values[plan.id][goal]
            )
            self.grid.addLayout(self._value(sum(value), sum(bound), proven, certain, best), number + 2, column)
            # What comes after a line that is not proven is best only among plans that are as good in that line.
            certain = proven

    def _value(self, value: int, bound: int, proven: bool, certain: bool, best: bool) -> QHBoxLayout:
        figure = number_label(f"{value:,}")
        figure.setMinimumWidth(px(58))
        figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if proven:
            mark, words = IconLabel("circle-check", "ok_text", 14), Label(self.tr("proven best"), "small")
        else:
            gap = (value - bound) / max(1, value)
            known = self.tr("gap {percent} %").format(percent=f"{100 * gap:.1f}")
            mark = IconLabel("circle-dashed", "muted", 14)
            words = Label(known if certain and 0 < gap < 1 else self.tr("not proven"), "small-muted")
        better = Label(self.tr("better") if best else "", "small-strong")
        return line(figure, mark, words, None, better, gap=8)
