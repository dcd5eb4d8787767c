"""How the rooms are used: by room, by hour and by entity, with no-shows and early ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QGridLayout, QWidget

from cbo_desk.conference.use import COLUMNS, EntityUse, RoomUse, Use, rows, use_of
from cbo_desk.context import clock, local
from cbo_desk.plurals import Count
from ui.conference.view import View
from ui.kit.buttons import Button, Tool
from ui.kit.cards import ScrollCard, line, rule
from ui.kit.dialogs import FormBox, open_form
from ui.kit.drawings import Drawing, paint_share
from ui.kit.export import Export
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.labels import Label
from ui.kit.phrases import day
from ui.kit.states import ProgressStrip, State
from ui.kit.theme import colour, letters, px

if TYPE_CHECKING:
    from ui.conference.page import ConferencePage


_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_WORDS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class UseView(View):
    """The last quarter, or any days that are asked for."""

    def __init__(self, page: ConferencePage) -> None:
        super().__init__(page)
        today = local(clock()).date()
        self.first, self.last = today - timedelta(days=90), today
        self.use: Use | None = None
        self.sheet = ScrollCard(self)
        self.strip = ProgressStrip(self)
        self.export = Export(self.bench.runner, self.bench.preferences, self.bench.shell.toasts, self, self.strip)
        self.box.addWidget(self.strip)
        self.box.addWidget(self.sheet, 1)
        self.span = Button("", "calendar-days", "plain", self._ask, parent=self)

    def tools(self) -> Sequence[QWidget]:
        """Which days, and the table as a file."""
        run = self.bench.shell.actions_.run
        return [
            self.span,
            Tool("download", self.tr("Export the use of rooms"), lambda: run("conference.export_use"), self),
        ]

    def enter(self) -> None:
        """Read the use of the days in force."""
        self.span.set_words(f"{day(self.first)} – {day(self.last)}")
        self.bench.runner.walk(self, use_of, self.first, self.last, done=self._show)

    def ask_export(self) -> None:
        """Ask where to, and write the rooms' use as a table."""
        title = self.tr("Use of rooms")
        narrowed = f"{day(self.first)} – {day(self.last)}"
        office, first, last = self.bench.runner.office, self.first, self.last
        self.export.ask(title, COLUMNS, lambda: rows(office.read(use_of, first, last)), narrowed=narrowed)

    def _ask(self) -> None:
        form = Form([
            Field("first", self.tr("From"), "date", required=True),
            Field("last", self.tr("To"), "date", required=True, beside=True),
        ])  # fmt: skip
        form.set_values({"first": self.first, "last": self.last})

        def save(values: dict[str, date], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            def found(use: Use) -> None:
                self.first, self.last = values["first"], values["last"]
                done()
                self.span.set_words(f"{day(self.first)} – {day(self.last)}")
                self._show(use)

            self.bench.runner.walk(self, use_of, values["first"], values["last"], done=found, failed=failed)

        open_form(self.bench.shell, FormBox(self.tr("Use of the rooms"), form, save, self.tr("Show")))

    def _show(self, use: Use) -> None:
        self.use = use
        parts = [
            self.tr("{count:meeting|meetings}").format(count=Count(sum(each.meetings for each in use.rooms))),
            self._who_came(use),
            self.tr("{count:no-show|no-shows}").format(count=Count(use.no_shows)),
            self.tr("{count:early end|early ends}").format(count=Count(use.early)),
        ]
        self.tell(" · ".join(parts))
        if not any(each.meetings for each in use.rooms):
            words = self.tr("Choose other days, or confirm meetings first.")
            self.sheet.show_content(State("no-match", self.tr("No meetings in these days"), words), fill=True)
            return
        chart = Drawing(self._paint_hours, ", ".join(f"{hour}: {share:.0%}" for hour, share in use.by_hour))
        chart.setFixedHeight(px(110))
        self.sheet.show_content(
            Label(self.tr("By hour, on weekdays"), "h3"), chart, rule(), Label(self.tr("By room"), "h3"),
            self._rooms(use.rooms), rule(), Label(self.tr("By entity"), "h3"), self._entities(use.entities),
        )  # fmt: skip

    def _grid(self, heads: Sequence[str]) -> tuple[QWidget, QGridLayout]:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(0, 1)
        for at, words in enumerate(heads):
            grid.addWidget(Label(words, "cap"), 0, at, _NUMBER if at else _WORDS)
        return holder, grid

    def _rooms(self, rooms: Sequence[RoomUse]) -> QWidget:
        heads = (self.tr("Space"), self.tr("Use"), self.tr("Meetings"), self.tr("Hours"), self.tr("Seats taken"),
                 self.tr("Staff"), self.tr("Visitors"), self.tr("No-shows"), self.tr("Early ends"))  # fmt: skip
        holder, grid = self._grid(heads)
        for at, each in enumerate(rooms, 1):
            share = Drawing(partial(_paint_share, min(each.share, 1.0)), f"{each.share:.0%}")
            share.setFixedSize(px(120), px(14))
            share.setToolTip(f"{each.share:.0%}")
            values = (str(each.meetings), f"{each.hours:,.1f}", f"{each.fit:.0%}" if each.seats else "–",
                      _count(each.people - each.visitors), _count(each.visitors),
                      str(each.no_shows or "–"), str(each.early or "–"))  # fmt: skip
            grid.addWidget(Label(each.space, "small"), at, 0)
            grid.addLayout(line(share, Label(f"{each.share:.0%}", "small-muted")), at, 1, _NUMBER)
            for column, words in enumerate(values, 2):
                grid.addWidget(Label(words, "small"), at, column, _NUMBER)
        return holder

    def _entities(self, entities: Sequence[EntityUse]) -> QWidget:
        holder, grid = self._grid((
            self.tr("Entity"), self.tr("Meetings"), self.tr("Hours"), self.tr("Staff"), self.tr("Visitors"),
            self.tr("No-shows"),
        ))  # fmt: skip
        for at, each in enumerate(entities, 1):
            for column, words in enumerate((each.entity or self.tr("not said"), str(each.meetings),
                                            f"{each.hours:,.1f}", _count(each.staff), _count(each.visitors),
                                            str(each.no_shows or "–"))):  # fmt: skip
                grid.addWidget(Label(words, "small"), at, column, _NUMBER if column else _WORDS)
        return holder

    def _who_came(self, use: Use) -> str:
        """How many came, and how many of them from outside."""
        share = use.visitors / use.people if use.people else 0.0
        return self.tr("{count:person|people}, {visitors:visitor|visitors} ({share})").format(
            count=Count(use.people), visitors=Count(use.visitors), share=f"{share:.0%}"
        )

    def _paint_hours(self, painter: QPainter, room: QRectF) -> None:
        if self.use is None:
            return
        wide = room.width() / len(self.use.by_hour)
        high = room.height() - px(34)
        most = max([share for _hour, share in self.use.by_hour] + [0.01])
        painter.setFont(letters(11, QFont.Weight.Medium, tabular=True))
        for at, (hour, share) in enumerate(self.use.by_hour):
            left = room.left() + at * wide
            if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                left = room.right() - left - wide
            tall = share / most * high
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent"))
            painter.drawRoundedRect(QRectF(left + wide * 0.2, px(16) + high - tall, wide * 0.6, tall), 2, 2)
            painter.setPen(colour("muted"))
            centre = int(Qt.AlignmentFlag.AlignCenter)
            painter.drawText(QRectF(left, px(16) + high - tall - px(16), wide, px(16)), centre, f"{share:.0%}")
            painter.drawText(QRectF(left, room.bottom() - px(18), wide, px(18)), centre, f"{hour:02}")


def _count(number: int) -> str:
    return f"{number:,}" if number else "–"


def _paint_share(share: float, painter: QPainter, room: QRectF) -> None:
    paint_share(painter, room, share, "info")
