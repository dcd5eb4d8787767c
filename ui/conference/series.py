"""A series of bookings: how it recurs, and before it is saved which of its days can be had and what is in the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QCheckBox, QFrame, QWidget

from cbo_desk.conference import (
    BookingForm,
    Recurrence,
    SeriesReport,
    Slot,
    Status,
    cancel_occurrences,
    make_series,
    preview_series,
)
from cbo_desk.context import local
from cbo_desk.errors import Faults
from cbo_desk.plurals import Count
from ui.bench import Bench
from ui.conference.looks import hours, short_day
from ui.kit.buttons import Button, Tool
from ui.kit.cards import ScrollCard, line, rule, stack
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.labels import IconLabel, Label

MOST_SHOWN = 60
RULES = ("", "DAILY", "WEEKDAYS", "WEEKLY", "FORTNIGHT", "MONTHLY")
_RULES = {
    "DAILY": "FREQ=DAILY", "WEEKDAYS": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "WEEKLY": "FREQ=WEEKLY",
    "FORTNIGHT": "FREQ=WEEKLY;INTERVAL=2",
}  # fmt: skip


def series_fields(tr: Callable[[str], str]) -> list[Field]:
    """How a booking recurs, as fields of its form."""
    choices = [
        ("", tr("once")), ("DAILY", tr("every day")), ("WEEKDAYS", tr("every weekday")),
        ("WEEKLY", tr("every week")), ("FORTNIGHT", tr("every two weeks")), ("MONTHLY", tr("every month")),
    ]  # fmt: skip
    return [
        Field("recurs", tr("Recurs"), "choice", choices=choices, required=True),
        Field("times", tr("How often"), "number", beside=True),
    ]


def scopes(tr: Callable[[str], str]) -> list[tuple[str, str]]:
    """Which occurrences of a series a deed means."""
    return [("this", tr("this one")), ("future", tr("this one and those to come")), ("all", tr("all of them"))]


def recurrence_of(values: dict[str, Any], slot: Slot) -> Recurrence | None:
    """The rule that a form says, None for a single booking; Faults where it does not say how often."""
    kind = values.get("recurs") or ""
    if not kind:
        return None
    if not values.get("times") or not 2 <= values["times"] <= 400 or values["times"] != int(values["times"]):
        raise Faults({"times": "Say how often: a number from 2 to 400."})
    starts = local(slot.starts)
    rule = _RULES.get(kind) or f"FREQ=MONTHLY;BYDAY={(starts.day - 1) // 7 + 1}{starts:%a}".upper()[:-1]
    minutes = int((slot.ends - slot.starts).total_seconds()) // 60
    return Recurrence(f"{rule};COUNT={int(values['times'])}", starts.replace(tzinfo=None), minutes)


class SeriesBox(QFrame):
    """What can be had of a series, and what cannot: each of those can be left out; then the rest is saved at once."""

    def __init__(
        self, bench: Bench, form: BookingForm, recurrence: Recurrence, space_id: int, status: Status,
        report: SeriesReport, then: Callable[[int], object], units: Sequence[str] = (),
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("look", "raised")
        self.setAccessibleName(self.tr("Series of {title}").format(title=form.title))
        self._bench, self._then = bench, then
        self._order = (form, recurrence, space_id)
        self._status, self._units, self.report = status, units, report
        self.close_it: Callable[[], object] = lambda: None
        self.skips: dict[datetime, QCheckBox] = {}
        self.fault = Label("", "fault", wrap=True)
        self.fault.hide()
        free, taken = Count(len(report.free)), Count(len(report.conflicts))
        summary = self.tr("{free:day|days} can be had").format(free=free)
        if report.conflicts:
            summary += " · " + self.tr("{taken:day has|days have} something in the way").format(taken=taken)
        self.save_button = Button("", "", "primary", self.save, "Ctrl+Enter")
        head = line(stack(Label(form.title, "h2"), Label(summary, "muted")), None,
                    Tool("x", self.tr("Close"), lambda: self.close_it()))  # fmt: skip
        body = ScrollCard(self, look="plain")
        body.show_content(*self._lines(report), gap=6)
        body.setMinimumSize(560, 280)
        foot = line(self.fault, None, Button(self.tr("Cancel"), "", "plain", lambda: self.close_it(), "Esc"),
                    self.save_button)  # fmt: skip
        head.setContentsMargins(20, 16, 16, 12)
        foot.setContentsMargins(20, 12, 20, 14)
        whole = stack(margins=(1, 1, 1, 1))
        whole.addLayout(head)
        whole.addWidget(rule(self))
        whole.addWidget(body, 1)
        whole.addWidget(rule(self))
        whole.addLayout(foot)
        self.setLayout(whole)
        self._count()

    def save(self) -> None:
        """Save what is left of the series."""
        skip = [start for start, box in self.skips.items() if box.isChecked()]
        self.save_button.setEnabled(False)
        self._bench.runner.write(
            make_series, *self._order, tuple(skip), self._status, self._units, done=self._saved, failed=self._failed
        )

    def _saved(self, changes: Any) -> None:
        self.close_it()
        self._then(changes.ids[0])

    def _failed(self, error: Exception) -> None:
        self.save_button.setEnabled(True)
        self.fault.setText(str(error))
        self.fault.show()

    def _lines(self, report: SeriesReport) -> list[QWidget]:
        found: list[QWidget] = []
        for conflict in report.conflicts[:MOST_SHOWN]:
            box = QCheckBox(self.tr("Leave out"))
            box.setChecked(True)
            box.toggled.connect(lambda _on: self._count())
            self.skips[conflict.slot.starts] = box
            sentence = Label(conflict.sentence, "small", wrap=True)
            row = QWidget()
            row.setLayout(line(IconLabel("triangle-alert", "warn_text", 15), sentence, box))
            row.layout().setStretch(1, 1)  # type: ignore[union-attr]
            box.setAccessibleDescription(conflict.sentence)
            found.append(row)
        for conflict in report.conflicts[MOST_SHOWN:]:
            box = QCheckBox()
            box.setChecked(True)
            self.skips[conflict.slot.starts] = box
        if len(report.conflicts) > MOST_SHOWN:
            more = self.tr("{count} more have something in the way and are left out.")
            found.append(Label(more.format(count=Count(len(report.conflicts) - MOST_SHOWN)), "small-muted"))
        if report.conflicts:
            found.append(rule(self))
        for placing in report.free[:MOST_SHOWN]:
            day = local(placing.slot.starts).date()
            words = f"{short_day(day)} {day:%Y}, {hours(placing.slot.starts, placing.slot.ends)}"
            row = QWidget()
            row.setLayout(line(IconLabel("circle-check", "ok_text", 15), Label(words, "small"), None))
            found.append(row)
        if len(report.free) > MOST_SHOWN:
            more = self.tr("and {count} more").format(count=Count(len(report.free) - MOST_SHOWN))
            found.append(Label(more, "small-muted"))
        return found

    def _count(self) -> None:
        kept = [start for start, box in self.skips.items() if not box.isChecked()]
        free = Count(len(self.report.free))
        self.save_button.set_words(self.tr("Book {count:day|days}").format(count=free))
        self.save_button.setEnabled(not kept and free > 0)
        words = self.tr("What has something in the way is left out, or moved first.") if kept else ""
        self.fault.setText(words)
        self.fault.setVisible(bool(words))


class SeriesForms(QObject):
    """Shows what a series comes to before it is saved, and asks how much of it is cancelled."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench

    def preview(
        self, form: BookingForm, recurrence: Recurrence, space_id: int, status: Status, units: Sequence[str],
        then: Callable[[int], object], failed: Callable[[Exception], object], opened: Callable[[], object],
    ) -> None:  # fmt: skip
        """Read the report, let the form in front go by `opened`, and show the report in its place."""

        def show(report: SeriesReport) -> None:
            opened()
            box = SeriesBox(self._bench, form, recurrence, space_id, status, report, then, units)
            overlay = self._bench.shell.open_overlay(box)
            box.close_it = overlay.close_it
            box.save_button.setFocus()

        self._bench.runner.read(self, preview_series, form, recurrence, space_id, units, done=show, failed=failed)

    def ask_cancel(self, booking_id: int, reference: str) -> None:
        """Ask whether one occurrence is cancelled, it and those to come, or all of them."""
        form = Form([Field("scope", self.tr("Cancel"), "choice", choices=scopes(self.tr), required=True)])
        form.set_values({"scope": "this"})

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            self._bench.runner.write(
                cancel_occurrences, booking_id, values["scope"], done=lambda _changes: done(), failed=failed
            )

        heading = self.tr("Cancel {number}").format(number=reference)
        open_form(self._bench.shell, FormBox(heading, form, save, self.tr("Cancel the booking")))
