"""Drivers: what they may drive, their papers, hours and absences, and what they drive next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from PySide6.QtWidgets import QWidget

from cbo_desk.context import ZONE, clock, local
from cbo_desk.errors import Refusal
from cbo_desk.tabular import Column as FileColumn
from cbo_desk.transport import (
    DRIVER,
    PAPER_WORDS,
    TIME_WORDS,
    DriverForm,
    Hours,
    add_drivers,
    add_paper,
    edit_driver,
    note_time,
    retire_drivers,
    set_hours,
)
from cbo_desk.transport.fleet_queries import DriverCard, DriverLine, DriverList, driver_card
from ui import picks
from ui.bench import Bench
from ui.kit.cards import rule
from ui.kit.cells import Look
from ui.kit.chips import Status
from ui.kit.columns import Column
from ui.kit.fields import Field
from ui.kit.meeting import Standing
from ui.kit.phrases import day
from ui.kit.states import State as Empty
from ui.transport.paper_form import ask_paper, capital
from ui.transport.papers import print_day_sheets
from ui.transport.records import RecordsPage, facts, head, section, simple_form
from ui.transport.times import hour_field, hour_of


class DriversPage(RecordsPage):
    """Drivers: the list, and the card with its deeds."""

    kind, scope, icon = DRIVER, "drivers", "id-card"

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(bench, self.tr("Drivers"), parent)
        self.say(self.tr("Who is on leave, ill, or has no valid licence enters no plan."))

    def columns(self) -> Sequence[Column]:
        """The columns of the list."""
        tr = self.tr

        def chip(row: DriverLine) -> Status:
            if row.tone == "gone":
                return Status(tr("No plans"), "bad", "file-warning")
            if row.away:
                return Status(row.away.capitalize(), "idle", "calendar")
            if row.tone:
                return Status(tr("Ends {day}").format(day=day(row.ends)), "warn" if row.tone == "30" else "idle",
                              "clock-alert")  # fmt: skip
            return Status(tr("Ready"), "ok", "circle-check")

        return (
            Column(Look("name", "ref", 190, stretch=True), tr("Name"), lambda row: row.name, sort="name"),
            Column(Look("classes", "text", 90), tr("Classes"), lambda row: row.classes),
            Column(Look("languages", "muted", 110, 3), tr("Languages"), lambda row: row.languages or "—"),
            Column(Look("skills", "muted", 110, 5), tr("Skills"), lambda row: row.skills or "—"),
            Column(Look("phone", "muted", 120, 4), tr("Phone"), lambda row: row.phone or "—"),
            Column(Look("ends", "muted", 124, 2), tr("First paper ends"), lambda row: day(row.ends) or "—"),
            Column(Look("state", "chip", 168, 1), tr("Status"), lambda row: chip(row).word, value=chip),
        )

    def listing(self, words: str, _sort: str, descending: bool) -> DriverList:
        """What is listed."""
        return DriverList(words, descending, self.gone)

    def things(self) -> str:
        """What the list counts."""
        return self.tr("{count:driver|drivers}")

    def first_sort(self) -> str:
        """By name."""
        return "name"

    def nothing(self) -> Empty:
        """What stands in place of an empty list."""
        words = self.tr("Add somebody of the People page, or import drivers from a file.")
        return Empty("empty", self.tr("No drivers yet"), words, icon="id-card")

    def query(self) -> Any:
        """What reads the card."""
        return driver_card

    def file_columns(self) -> Sequence[FileColumn]:
        """The columns of an export."""
        return (
            FileColumn("Name"), FileColumn("Classes"), FileColumn("Languages"), FileColumn("Skills"),
            FileColumn("Phone"), FileColumn("First paper ends", "date"),
        )  # fmt: skip

    def file_row(self, row: DriverLine) -> Sequence[Any]:
        """One line of an export."""
        return row.name, row.classes, row.languages, row.skills, row.phone, row.ends

    def add_deeds(self) -> None:
        """Make the page's deeds known."""
        tr = self.tr
        self.page_deed("new", tr("Add a driver"), "plus", "Ctrl+N", self._new, add_drivers)
        self.deed("edit", tr("Edit"), "pencil", "E", self._edit, edit_driver)
        self.deed("paper", tr("Paper"), "file-check", "R", self._paper, add_paper)
        self.deed("hours", tr("Hours"), "clock", "H", self._hours, set_hours)
        self.deed("time", tr("Absence"), "calendar-days", "L", self._time, note_time)
        self.deed("sheet", tr("Sheets"), "printer", "P", self._sheet, driver_card)
        self.deed("retire", tr("Retire"), "archive", "", self._retire, retire_drivers)

    def pieces(self, card: DriverCard) -> Iterable[Any]:
        """What the card shows."""
        ready = Status(self.tr("Ready"), "ok", "circle-check")
        chip = Status(card.barred.rstrip("."), "bad", "file-warning") if card.barred else ready
        yield from head(card.entity, card.name, chip)
        yield facts(
            ("id-card", self.tr("May drive"), card.form.classes),
            ("languages", self.tr("Languages"), card.form.languages),
            ("star", self.tr("Skills"), card.form.skills),
            ("phone", self.tr("Phone"), card.form.phone),
            ("mail", self.tr("E-mail"), card.email),
            ("clock", self.tr("Duty hours"), card.hours or self.tr("none set: enters no plan")),
            ("sticky-note", self.tr("Notes"), card.form.notes),
        )
        yield rule()
        yield self.deeds()
        papers = [
            (day(p.expires), " · ".join(part for part in (capital(PAPER_WORDS[p.kind]), p.number,
             self.tr("has run out") if p.tone == "gone" else "") if part))
            for p in card.papers
        ]  # fmt: skip
        yield from section(self.tr("Papers"), papers, self.tr("No licence on record: enters no plan."))
        away = [
            (f"{local(t.starts):%d %b}", f"{TIME_WORDS[t.kind].capitalize()} → {local(t.ends):%d %b %H:%M}")
            for t in card.times
        ]
        trips = [(f"{local(t.starts):%d %b %H:%M}", f"{t.whom} → {local(t.ends):%H:%M}") for t in card.ahead]
        yield from section(self.tr("Ahead"), [*away, *trips], self.tr("Nothing is planned."))

    # --- deeds

    def _new(self) -> None:
        form = simple_form(
            Field("person_id", self.tr("Person"), "pick", required=True, suggest=picks.people(self.bench)),
            *self._written(),
            *self._weekly(),
            classes=DriverForm().classes, languages=DriverForm().languages, **_usual(),
        )  # fmt: skip

        def make(values: Mapping[str, Any]) -> Any:
            return ([(values["person_id"].id, _written_of(values), _hours_of(values))],)

        words = self.tr("Without a licence on record they enter no plan: renew it on the card next.")
        self.ask(self.tr("Add a driver"), form, self.saves(add_drivers, make=make), self.tr("Add"), words)

    def _edit(self, card: DriverCard) -> None:
        def standing(card: DriverCard) -> Standing:
            values = {name: getattr(card.form, name) for name in card.form.__dataclass_fields__}
            return Standing(values, self.saves(edit_driver, card.id, card.version, make=_written_of))

        stands = standing(card)
        form = simple_form(*self._written(), Field("notes", self.tr("Notes"), "long"), **stands.values)
        heading = self.tr("Edit {name}").format(name=card.name)
        self.ask(heading, form, stands.save, self.tr("Save"), standing=standing)

    def _paper(self, card: DriverCard) -> None:
        ask_paper(self, DRIVER, card.id, card.name)

    def _hours(self, card: DriverCard) -> None:
        form = simple_form(*self._weekly(), **_usual())
        save = self.saves(set_hours, card.id, make=_hours_of)
        self.ask(self.tr("Duty hours of {name}").format(name=card.name), form, save, self.tr("Save"), card.hours)

    def _time(self, card: DriverCard) -> None:
        today = local(clock()).date()
        kinds = [("leave", self.tr("Leave")), ("sick", self.tr("Illness")), ("training", self.tr("Training")),
                 ("shift", self.tr("A shift that day"))]  # fmt: skip
        form = simple_form(
            Field("kind", self.tr("What"), "choice", choices=kinds),
            Field("day", self.tr("From"), "date", required=True),
            hour_field("starts", self.tr("at")),
            Field("until", self.tr("Until"), "date", required=True, beside=True),
            hour_field("ends", self.tr("at")),
            Field("note", self.tr("Notes")),
            kind="leave", day=today, until=today,
        )  # fmt: skip

        def make(values: Mapping[str, Any]) -> tuple[Any, ...]:
            first = hour_of(str(values["starts"] or ""), "starts") or time()
            last = hour_of(str(values["ends"] or ""), "ends") or time(23, 59)
            starts = datetime.combine(values["day"], first, ZONE)
            ends = datetime.combine(values["until"], last, ZONE)
            return str(values["kind"]), starts, ends, str(values["note"])

        self.ask(card.name, form, self.saves(note_time, card.id, make=make), self.tr("Save"),
                 self.tr("Without hours, whole days."))  # fmt: skip

    def _sheet(self, _card: DriverCard) -> None:
        print_day_sheets(self.bench, self, local(clock()).date())

    def _retire(self, card: DriverCard) -> None:
        self.bench.runner.write(retire_drivers, [card.id])

    def _written(self) -> list[Field]:
        return [
            Field("classes", self.tr("Licence classes"), required=True, hint="B C1 D"),
            Field("languages", self.tr("Languages"), beside=True),
            Field("skills", self.tr("Skills"), hint=self.tr("VIP armoured firstaid")),
            Field("phone", self.tr("Phone"), beside=True),
        ]

    def _weekly(self) -> list[Field]:
        return [
            Field("weekdays", self.tr("Days, 1 is Monday"), required=True),
            hour_field("from_minute", self.tr("From"), required=True),
            hour_field("to_minute", self.tr("To"), required=True),
            Field("break_minutes", self.tr("Break, minutes"), "number", beside=True),
        ]


def _written_of(values: Mapping[str, Any]) -> DriverForm:
    return DriverForm(**{n: str(values.get(n) or "") for n in ("classes", "languages", "skills", "phone", "notes")})


def _hours_of(values: Mapping[str, Any]) -> Hours:
    first, last = hour_of(values["from_minute"], "from_minute"), hour_of(values["to_minute"], "to_minute")
    if first is None or last is None:
        raise Refusal("Give both hours.", "from_minute")
    minutes = [each.hour * 60 + each.minute for each in (first, last)]
    return Hours(str(values["weekdays"]).replace(" ", ""), minutes[0], minutes[1], int(values["break_minutes"] or 0))


def _usual() -> dict[str, Any]:
    """The weekly hours that are proposed."""
    usual = Hours()
    first, last = (f"{minute // 60:02}:{minute % 60:02}" for minute in (usual.from_minute, usual.to_minute))
    return {"weekdays": usual.weekdays, "from_minute": first, "to_minute": last, "break_minutes": usual.break_minutes}
