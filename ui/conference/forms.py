"""The forms behind bookings: a new one, an edited one, another time or space. Each orders one command."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.conference import (
    BoardSpace,
    BookingCard,
    BookingForm,
    Slot,
    Status,
    book,
    booking_card,
    edit_booking,
    edit_occurrences,
    move_occurrences,
    ranks_now,
    shift_booking,
    spaces_on,
)
from cbo_desk.conference.booking import KIND as BOOKING
from cbo_desk.conference.rules import KINDS
from cbo_desk.context import ZONE, local
from cbo_desk.errors import Faults
from cbo_desk.people import EntityRow, entities
from ui.bench import Bench
from ui.conference.looks import kind_word
from ui.conference.series import SeriesForms, recurrence_of, scopes, series_fields
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.meeting import Save, Standing

_CLOCK = re.compile(r"^(\d{1,2})(?:[:.h ]?(\d{2}))?$")
NEW = "conference.booking.new"


class BookingForms(QObject):
    """Opens the forms of bookings; choices are read before, off the GUI thread."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self.series = SeriesForms(bench, self)
        # As they are called and ordered today; read with the other choices.
        self._ranks: Sequence[tuple[int, str]] = ()

    def new(
        self, day: date, space_id: int | None, starts: datetime | None, ends: datetime | None,
        then: Callable[[int], object],
    ) -> None:  # fmt: skip
        """Open the form of a new booking, filled with where and when it was drawn."""
        first = local(starts).date() if starts is not None else day

        def opened(spaces: Sequence[BoardSpace], known: Sequence[EntityRow]) -> None:
            form = Form(self._fields(spaces, known), NEW, self._bench.drafts)
            form.set_values({
                "day": first, "starts": f"{starts:%H:%M}" if starts else "10:00",
                "ends": f"{ends:%H:%M}" if ends else "13:00", "space_id": space_id, "rank": 6, "state": Status.HOLD,
                "kind": "classroom", "recurs": "",
            })  # fmt: skip

            def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
                try:
                    slot, made = self.slot(values), self._form(values)
                    recurrence = recurrence_of(values, slot)
                except Faults as faults:
                    failed(faults)
                    return
                state, space = Status(values["state"]), values["space_id"]
                units = [code for code in values["units"].split(",") if code.strip()]
                if recurrence is not None and space is None:
                    failed(Faults({"space_id": self.tr("A series needs its space.")}))
                elif recurrence is not None:
                    self.series.preview(made, recurrence, space, state, units, then, failed, done)
                else:

                    def saved(changes: Any) -> None:
                        done()
                        then(changes.ids[0])

                    self._bench.runner.write(book, made, slot, space, state, units, done=saved, failed=failed)

            heading = self.tr("New booking")
            open_form(self._bench.shell, FormBox(heading, form, save, self.tr("Book"), width=620))

        self._with_choices(first, opened)

    def edit(self, card: BookingCard) -> None:
        """Open the form of what is written about a booking."""

        def opened(_spaces: Sequence[BoardSpace], known: Sequence[EntityRow]) -> None:
            which = [Field("scope", self.tr("Change"), "choice", choices=scopes(self.tr), required=True)]
            fields = [*(which if card.row.in_series else []), *self._words(known)]
            form = Form(fields, f"conference.booking.{card.row.id}", self._bench.drafts)
            if card.row.in_series:
                form.set_values({"scope": "this"})
            form.set_values(_written(card))

            def saving(card: BookingCard) -> Save:
                return self._saving(lambda v: self._edited(card, v))

            def standing(card: BookingCard) -> Standing:
                return Standing(_written(card), saving(card))

            heading = self.tr("Edit {number}").format(number=card.row.reference)
            edited = self._bench.edited(self, BOOKING, card.row.id, booking_card, standing)
            box = FormBox(heading, form, saving(card), self.tr("Save"), width=620, edited=edited)
            open_form(self._bench.shell, box)

        self._with_choices(local(card.row.starts).date(), opened)

    def place(self, card: BookingCard) -> None:
        """Ask for another time or space."""
        day = local(card.row.starts).date()

        def opened(spaces: Sequence[BoardSpace], _known: Sequence[EntityRow]) -> None:
            form = Form(self._when(spaces, needs_space=True))
            form.set_values(_placed(card))

            def saving(card: BookingCard) -> Save:
                return self._saving(lambda v: (shift_booking, card.row.id, card.version, v["space_id"], self.slot(v)))

            def standing(card: BookingCard) -> Standing:
                return Standing(_placed(card), saving(card))

            heading = self.tr("Where and when: {number}").format(number=card.row.reference)
            edited = self._bench.edited(self, BOOKING, card.row.id, booking_card, standing)
            open_form(self._bench.shell, FormBox(heading, form, saving(card), self.tr("Move"), edited=edited))

        self._with_choices(day, opened)

    def who_fields(self, then: Callable[[list[Field]], object]) -> None:
        """The fields of who meets, for a form that knows the rest already."""

        def found(ranks: Sequence[tuple[int, str]], known: Sequence[EntityRow]) -> None:
            self._ranks = ranks
            names = ("title", "entity_id", "contact", "people", "rank")
            then([field for field in self._words(known) if field.name in names])

        def with_ranks(ranks: Sequence[tuple[int, str]]) -> None:
            self._bench.runner.read(self, entities, done=lambda known: found(ranks, known))

        self._bench.runner.read(self, ranks_now, done=with_ranks)

    def ask_reason(self, heading: str, order: Callable[[str], tuple[Callable[..., Any], tuple[Any, ...]]]) -> None:
        """Ask why, and order it."""
        form = Form([Field("reason", self.tr("Why"), required=True)])

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            command, args = order(values["reason"])
            self._bench.runner.write(command, *args, done=lambda _changes: done(), failed=failed)

        open_form(self._bench.shell, FormBox(heading, form, save, heading))

    def shift_series(self, booking_id: int) -> None:
        """Ask by how much an occurrence moves, and which others with it."""
        form = Form([
            Field("scope", self.tr("Which"), "choice", choices=scopes(self.tr), required=True),
            Field("minutes", self.tr("Minutes later"), "number", required=True, beside=True),
        ])  # fmt: skip
        form.set_values({"scope": "future", "minutes": 30})

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            try:
                minutes = whole(values["minutes"], "minutes")
            except Faults as faults:
                failed(faults)
                return
            self._bench.runner.write(
                move_occurrences, booking_id, values["scope"], minutes, done=lambda _changes: done(), failed=failed
            )

        open_form(self._bench.shell, FormBox(self.tr("Move the series"), form, save, self.tr("Move")))

    # --- parts

    def _edited(self, card: BookingCard, values: dict[str, Any]) -> tuple[Any, ...]:
        """The command that a form of a booking orders; of a series, for as many as it says."""
        made, scope = self._form(values), values.get("scope", "this")
        if scope == "this":
            return edit_booking, card.row.id, card.version, made
        return edit_occurrences, card.row.id, card.version, made, scope

    def _saving(self, order: Callable[[dict[str, Any]], tuple[Any, ...]]) -> Save:
        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            try:
                ordered = order(values)
            except Faults as faults:
                failed(faults)
                return
            self._bench.runner.write(*ordered, done=lambda _changes: done(), failed=failed)

        return save

    def _with_choices(self, day: date, then: Callable[[Sequence[BoardSpace], Sequence[EntityRow]], object]) -> None:
        def with_ranks(spaces: Sequence[BoardSpace], ranks: Sequence[tuple[int, str]]) -> None:
            self._ranks = ranks
            self._bench.runner.read(self, entities, done=lambda known: then(spaces, known))

        def with_spaces(spaces: Sequence[BoardSpace]) -> None:
            self._bench.runner.read(self, ranks_now, done=lambda ranks: with_ranks(spaces, ranks))

        self._bench.runner.read(self, spaces_on, day, done=with_spaces)

    def _words(self, known: Sequence[EntityRow]) -> list[Field]:
        return [
            Field("title", self.tr("Title"), required=True),
            Field("entity_id", self.tr("Entity"), "choice", choices=[(each.id, each.code) for each in known]),
            Field("contact", self.tr("Contact"), hint=self.tr("Name, extension or e-mail"), beside=True),
            Field("people", self.tr("People planned"), "number", required=True),
            Field("registered", self.tr("Registered so far"), "number", beside=True),
            Field("visitors", self.tr("Of them visitors"), "number", hint=self.tr("Who do not work here"), beside=True),
            Field("kind", self.tr("Layout"), "choice", choices=[(kind, kind_word(kind)) for kind in KINDS]),
            Field("rank", self.tr("Rank"), "choice", required=True, beside=True,
                  choices=[(rank, f"{rank} · {words}") for rank, words in self._ranks]),
            Field("languages", self.tr("Languages"), hint=self.tr("en, fr")),
            Field("equipment", self.tr("Equipment"), hint=self.tr("projector, recording"), beside=True),
            Field("cars", self.tr("Cars"), "number", beside=True),
            Field("notes", self.tr("Notes"), "long"),
        ]  # fmt: skip

    def _when(self, spaces: Sequence[BoardSpace], *, needs_space: bool = False) -> list[Field]:
        choices = [(space.id, space.name) for space in spaces]
        return [
            Field("day", self.tr("Day"), "date", required=True),
            Field("starts", self.tr("From"), hint="10:00", required=True, beside=True),
            Field("ends", self.tr("To"), hint="13:00", required=True, beside=True),
            Field("space_id", self.tr("Space"), "choice", choices=choices, required=needs_space),
        ]

    def _fields(self, spaces: Sequence[BoardSpace], known: Sequence[EntityRow]) -> list[Field]:
        words = self._words(known)
        states = [
            (Status.HOLD, self.tr("Hold")),
            (Status.CONFIRMED, self.tr("Confirmed")),
            (Status.ENQUIRY, self.tr("Enquiry")),
            (Status.WAITLIST, self.tr("Waitlist")),
        ]
        state = Field("state", self.tr("As"), "choice", choices=states, required=True, beside=True)
        units = Field("units", self.tr("Teams and sets"), hint=self.tr("Codes: EN-FR 1, AV-2"))
        return [*words[:-1], units, *self._when(spaces), state, *series_fields(self.tr), words[-1]]

    def _form(self, values: dict[str, Any]) -> BookingForm:
        people, registered = values["people"], values["registered"]
        return BookingForm(
            values["title"], whole(people, "people"), values["rank"], values["entity_id"], values["contact"],
            values["kind"] or "", values["notes"], whole(registered, "registered") if registered else 0,
            whole(values["cars"], "cars") if values["cars"] else 0, values["languages"], values["equipment"],
            whole(values["visitors"], "visitors") if values["visitors"] else 0,
        )  # fmt: skip

    def slot(self, values: dict[str, Any]) -> Slot:
        """When it is, from a day and two clock times; Faults beside the field that cannot be read."""
        faults: dict[str, str] = {}
        times = {}
        for name in ("starts", "ends"):
            found = clock_time(values[name])
            if found is None:
                faults[name] = self.tr("Give a time such as 10:00.")
            else:
                times[name] = found
        if faults:
            raise Faults(faults)
        starts = datetime.combine(values["day"], times["starts"], ZONE)
        ends = datetime.combine(values["day"], times["ends"], ZONE)
        if ends <= starts:
            raise Faults({"ends": self.tr("The end comes after the start.")})
        return Slot(starts, ends)


def _written(card: BookingCard) -> dict[str, Any]:
    """What is written about a booking, as its form shows it."""
    return {
        "title": card.row.title, "entity_id": card.entity_id, "contact": card.contact,
        "people": card.row.people, "registered": card.registered or None, "kind": card.row.layout or None,
        "rank": card.row.rank, "notes": card.notes,
        "languages": card.languages, "equipment": card.equipment, "cars": card.cars or None,
        "visitors": card.visitors or None,
    }  # fmt: skip


def _placed(card: BookingCard) -> dict[str, Any]:
    """Where and when a booking is, as its form shows it."""
    starts, ends = local(card.row.starts), local(card.row.ends)
    return {"day": starts.date(), "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}", "space_id": card.space_id}


def clock_time(text: str) -> time | None:
    """A clock time as people type it: 9, 930, 9:30, 09.30; None for anything else."""
    found = _CLOCK.match(text.strip())
    if found is None:
        return None
    hour, minute = int(found.group(1)), int(found.group(2) or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def whole(number: Any, field: str) -> int:
    """A whole number from what a number field gives; Faults where it is none."""
    if number != int(number):
        raise Faults({field: "Give a whole number."})
    return int(number)
