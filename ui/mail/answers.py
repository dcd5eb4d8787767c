"""Answers about mail: how much came, of which class, from whom, for whom and when, and how long delivery took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QWidget

from cbo_desk.context import clock, local
from cbo_desk.errors import NotRead
from cbo_desk.mail import Answers, MailFilter, answers
from cbo_desk.mail.answers import Volume
from cbo_desk.plurals import Count
from cbo_desk.progress import Cancelled, Progress
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cards import ScrollCard, frame, line, stack
from ui.kit.chart_kinds import Bars, Field, Histogram, Lines, LyingBars
from ui.kit.chart_legend import ChartLegend
from ui.kit.charts import Chart, Series
from ui.kit.files import ask_save, show_folder
from ui.kit.labels import Label
from ui.kit.page import Page
from ui.kit.phrases import day
from ui.kit.states import ProgressStrip, State, not_known
from ui.kit.tabs import Tab
from ui.kit.theme import px
from ui.mail.answer_words import lasting, short, span_words, stacked, step_words, time_words
from ui.mail.deeds import CLASSES
from ui.mail.looks import class_word
from ui.mail.views import MailViews

PERIODS = {"7": 7, "30": 30, "90": 90, "365": 365}
OTHER = "other"
MOST_NAMES = 10


class AnswersPage(Page):
    """Charts over one period and one filter; every bar leads to the items that it counts.

    `counted(int, int)`: so many items of so many are counted.
    """

    counted = Signal(int, int)

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Answers about mail"), parent, help_page="answers")
        self.bench = bench
        self.found: Answers | None = None
        self.views = MailViews(bench, self, "mail.answers")
        self.charts: dict[str, Chart] = {
            "time": Bars(self.tr("Received, by class")),
            "hour": Field(self.tr("When it comes in")),
            "spans": Histogram(self.tr("Time from receipt to delivery")),
            "carrier": LyingBars(self.tr("By carrier")),
            "entity": LyingBars(self.tr("By entity")),
            "speed": Lines(self.tr("How delivery goes"), shown=lasting),
        }
        self._legends = {name: ChartLegend(chart) for name, chart in self.charts.items()}
        self._tiles = [(Label("", "big"), Label("", "small-muted")) for _ in range(5)]
        self.strip = ProgressStrip(self)
        self._counting = Progress()
        self.counted.connect(self.strip.report)
        self._build()
        self.choose_period("30")

    def choose_period(self, name: str) -> None:
        """Show the last so many days up to today."""
        if name not in PERIODS:
            self.views.ask()
            return
        today = local(clock()).date()
        since = today - timedelta(days=PERIODS[name] - 1)
        self.views.set_filter(replace(self.views.filter, received_from=since, received_to=today))

    # --- parts

    def _build(self) -> None:
        words = (self.tr("7 days"), self.tr("30 days"), self.tr("90 days"), self.tr("12 months"),
                 self.tr("Other days…"))  # fmt: skip
        self.tabs.show_tabs([Tab(*one) for one in zip((*PERIODS, OTHER), words, strict=True)], "30")
        self.tabs.chosen.connect(self.choose_period)
        actions = self.bench.shell.actions_
        actions.add(
            self,
            Action("mail.answers.export", self.tr("Write these figures to Excel"), self.ask_file, "download",
                   "Ctrl+Shift+E", "mail"),
            Action("mail.answers.filter", self.tr("Narrow the figures"), self.views.ask, "list-filter",
                   "Ctrl+Shift+F", "mail"),
            Action("mail.answers.back", self.tr("Back to the mail"), partial(self.bench.shell.go, "mail"), "mail",
                   "", "mail"),
        )  # fmt: skip
        self.add_buttons(
            Button(self.tr("Mail"), "mail", "plain", partial(actions.run, "mail.answers.back")),
            Button(self.tr("To Excel"), "download", "plain", partial(actions.run, "mail.answers.export")),
        )
        self.add_tools(Tool("list-filter", self.tr("Narrow the figures"), self.views.ask), self.views.tool)
        self.views.changed.connect(self._changed)
        self.known.connect(lambda: self._changed(self.views.filter))
        self.body.addWidget(self.views.chips)
        self.body.addWidget(self.strip)
        self._stack, self._card = QStackedWidget(self), ScrollCard(self, look="plain")
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 4, 0)
        grid.setSpacing(12)
        tiles = line(*map(self._tile, self._tiles), gap=12)
        for place in range(len(self._tiles)):
            tiles.setStretch(place, 1)
        grid.addLayout(tiles, 0, 0, 1, 2)
        grid.addWidget(self._boxed("time", 230), 1, 0, 1, 2)
        for place, name in enumerate(("hour", "spans", "carrier", "entity")):
            grid.addWidget(self._boxed(name, 230), 2 + place // 2, place % 2)
        grid.addWidget(self._boxed("speed", 200), 4, 0, 1, 2)
        self._card.show_content(inner, margins=(0, 0, 0, 0))
        self._stack.addWidget(self._card)
        self._none = ScrollCard(self)
        self._stack.addWidget(self._none)
        self.set_body(self._stack)
        for name, chart in self.charts.items():
            chart.opened.connect(partial(self._open, name))

    def _tile(self, labels: tuple[Label, Label]) -> QWidget:
        return frame(stack(*labels, gap=2, margins=(16, 10, 16, 10)))

    def _boxed(self, name: str, height: int) -> QWidget:
        chart = self.charts[name]
        chart.setMinimumHeight(px(height))
        head = line(Label(chart.name, "h3"), None, self._legends[name], gap=12)
        whole = stack(head, 6, chart, margins=(14, 12, 14, 10))
        whole.setStretch(2, 1)
        return frame(whole)

    def _changed(self, wanted: MailFilter) -> None:
        """Another filter: count anew, behind everything else."""
        if wanted.received_from is None or wanted.received_to is None:
            self.choose_period("30")
            return
        days = (wanted.received_to - wanted.received_from).days + 1
        today = local(clock()).date()
        known = next((name for name, count in PERIODS.items() if count == days and wanted.received_to == today), OTHER)
        self.tabs.choose(known)
        self._count(wanted)

    def _count(self, wanted: MailFilter) -> None:
        """Count behind everything else; what was being counted before is no longer wanted."""
        self._counting.cancel()
        if self.found is None:  # charts that say there is nothing would be read before the first count is through
            words = self.tr("The figures stand here as soon as they are counted.")
            self._say_instead(State("empty", self.tr("Counting…"), words, icon="hourglass"))
        self._counting = progress = Progress(self.counted.emit)
        self.strip.begin(self.tr("Counting the mail of these days"), partial(self._stopped, progress))
        done, failed = partial(self._ended, progress), partial(self._failed, progress)
        self.bench.runner.walk(self, answers, wanted, progress, done=done, failed=failed)

    def _ended(self, progress: Progress, found: Answers) -> None:
        if progress is self._counting:
            self.strip.end()
            self._show(found)

    def _failed(self, progress: Progress, error: Exception) -> None:
        if progress is self._counting:
            self.strip.end()
            if isinstance(error, NotRead):  # the figures of other days would stand below these
                self._say_instead(not_known())
            if not isinstance(error, Cancelled):
                self.bench.runner.failed.emit(error)

    def _stopped(self, progress: Progress) -> None:
        """The person stopped it: nothing is shown that does not belong to these days."""
        progress.cancel()
        self.found = None
        self.say("")
        button = Button(self.tr("Count again"), "repeat", run=lambda: self._count(self.views.filter))
        words = self.tr("Nothing is shown, since nothing was counted to the end.")
        self._say_instead(State("empty", self.tr("Counting was stopped"), words, button, icon="x"))

    def _show(self, found: Answers) -> None:
        self.found = found
        total = self.tr("{count:item|items} received").format(count=Count(found.total))
        self.say(f"{day(found.since)} – {day(found.until)} · {total}{self.bench.age_words(answers, before=' · ')}")
        if not found.total:
            self._show_nothing()
            return
        self._show_tiles(found)
        kinds = [class_word(kind) for kind in CLASSES]
        starts = [start for start, _volume in found.by_time]
        said = [step_words(start, found.step) for start in starts]
        shown = [short(start, found.step) for start in starts]
        self._draw("time", shown, stacked(kinds, [volume for _start, volume in found.by_time]), said)
        hours = [f"{hour:02}" for hour in range(24)]
        days = [QLocale().dayName(number + 1, QLocale.FormatType.ShortFormat) for number in range(7)]
        rows = [Series(name, tuple(row)) for name, row in zip(days, found.by_hour, strict=True)]
        self._draw("hour", hours, rows, [self.tr("{hour}:00").format(hour=hour) for hour in hours])
        self._draw("spans", span_words(), [Series(self.tr("Items"), tuple(found.spans))])
        self._draw_named("carrier", found.by_carrier, self.tr("no carrier yet"), kinds)
        self._draw_named("entity", found.by_entity, self.tr("no entity yet"), kinds)
        lines = [
            Series(self.tr("half within"), tuple(times.median for times in found.times_by_step)),
            Series(self.tr("nine of ten within"), tuple(times.p90 for times in found.times_by_step), dashed=True),
        ]
        self._draw("speed", shown, lines, said)
        self._legends["hour"].hide()
        self._stack.setCurrentWidget(self._card)

    def _show_nothing(self) -> None:
        button = Button(self.tr("Show 12 months"), run=partial(self.choose_period, "365"))
        words = self.tr("Nothing came in on these days that fits the filter.")
        self._say_instead(State("no-match", self.tr("No mail"), words, button, icon="mail"))

    def _say_instead(self, state: State) -> None:
        """Say something in the place of the charts."""
        self._none.show_content(state, fill=True)
        self._stack.setCurrentWidget(self._none)

    def _show_tiles(self, found: Answers) -> None:
        oldest = self.tr("the oldest for {days:working day|working days}").format(days=Count(found.oldest_accountable))
        tiles = [
            (f"{found.total:,}", self.tr("received")),
            (f"{found.times.count:,}", self.tr("of these delivered")),
            (time_words(found.times, 0.5), self.tr("half delivered within")),
            (time_words(found.times, 0.9), self.tr("nine of ten within")),
            (f"{found.open_accountable:,}", self.tr("accountable, open now")
             + (f" · {oldest}" if found.open_accountable else "")),
        ]  # fmt: skip
        for (figure, about), (value, words) in zip(self._tiles, tiles, strict=True):
            figure.setText(value)
            about.setText(words)

    def _draw(self, name: str, labels: Sequence[str], series: Sequence[Series], said: Sequence[str] = ()) -> None:
        self.charts[name].show_data(labels, series, said_labels=said)
        self._legends[name].renew()

    def _draw_named(self, name: str, rows: Sequence[tuple[str, Volume]], nobody: str, kinds: Sequence[str]) -> None:
        shown, rest = list(rows[:MOST_NAMES]), rows[MOST_NAMES:]
        if rest:
            every = tuple(sum(parts) for parts in zip(*(volume for _name, volume in rest), strict=True))
            shown.append((self.tr("{count:other|others}").format(count=Count(len(rest))), every))
        labels = [words or nobody for words, _volume in shown]
        self.charts[name].setMinimumHeight(max(px(230), px(LyingBars.LINE) * len(labels) + px(8)))
        self._draw(name, labels, stacked(kinds, [volume for _name, volume in shown]))

    # --- what is done

    def _open(self, name: str, label: int, series: int) -> None:
        """Show the items behind a bar in the list."""
        found, wanted = self.found, self.views.filter
        if found is None or name not in ("time", "carrier", "entity"):
            return
        if name == "time":
            start = found.by_time[label][0]
            ends = [one for one, _volume in found.by_time[label + 1 : label + 2]]
            end = ends[0] - timedelta(days=1) if ends else found.until
            wanted = replace(wanted, received_from=max(start, found.since), received_to=min(end, found.until))
        else:
            rows = found.by_carrier if name == "carrier" else found.by_entity
            if label >= min(len(rows), MOST_NAMES) or not rows[label][0]:
                return
            part = {"carriers" if name == "carrier" else "entities": (rows[label][0],)}
            wanted = replace(wanted, **part)  # type: ignore[arg-type]
        self._show_list(replace(wanted, classes=(CLASSES[series],)))

    def _show_list(self, wanted: MailFilter) -> None:
        from ui.mail.page import MailPage

        page = self.bench.shell.go("mail", "show:all")
        if isinstance(page, MailPage):
            page.views.set_filter(wanted)

    def ask_file(self) -> None:
        """Ask for a file, and write the figures there."""
        if self.found is None:
            return
        name = self.tr("Mail {since} to {until}.xlsx").format(since=self.found.since, until=self.found.until)
        ask_save(self, self.tr("Write the figures"), name, (self.tr("Excel (*.xlsx)"),), "export",
                 self.bench.preferences, self.write)  # fmt: skip

    def write(self, path: Path) -> None:
        """Write the figures on the screen, in the background."""
        found, note = self.found, self.views.in_words()
        if found is None:
            return

        def work(_progress: Progress) -> int:
            from cbo_desk.mail.answers_file import write_answers

            return write_answers(path, found, note)

        def done(_count: int) -> None:
            said = self.tr("The figures are in {file}").format(file=path.name)
            self.bench.shell.toasts.say(said, self.tr("Open folder"), partial(show_folder, path))

        self.bench.runner.job(self, work, done)
