"""The forms of the find page: what is wanted, field by field, and who meets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from cbo_desk.conference.asking import FEATURES, LANGUAGES, Request, read_request
from cbo_desk.conference.booking import BookingForm, make_bookings, note_bookings
from cbo_desk.conference.overflow import book_split
from cbo_desk.conference.rules import KINDS, Status
from cbo_desk.conference.searching import Hit, SplitHit
from cbo_desk.context import clock, local
from cbo_desk.errors import Faults, Refusal
from ui.conference.forms import clock_time, whole
from ui.conference.looks import hours, kind_word, short_day
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form

if TYPE_CHECKING:
    from ui.conference.find import FindView

Order = Callable[[BookingForm], tuple[Callable[..., Any], tuple[Any, ...]]]


class FindForms(QObject):
    """Opens them, and hands on what they say."""

    def __init__(self, view: FindView) -> None:
        super().__init__(view)
        self._view, self._bench = view, view.bench

    def ask_fields(self) -> None:
        """Ask what is wanted; what cannot be looked for is said beside its field."""
        asked = self._view.request
        first = asked.days[0] if asked.days else local(clock()).date()
        kinds = [("", self.tr("Any")), *((kind, kind_word(kind)) for kind in KINDS)]
        form = Form([
            Field("people", self.tr("People"), "number", required=True),
            Field("kind", self.tr("Layout"), "choice", choices=kinds, beside=True),
            Field("day", self.tr("First day"), "date", required=True),
            Field("count", self.tr("Days in a row"), "number", beside=True),
            Field("starts", self.tr("From"), required=True),
            Field("ends", self.tr("To"), required=True, beside=True),
            Field("languages", self.tr("Languages"), hint=self.tr("such as English, French")),
            Field("features", self.tr("Features"), hint=", ".join(sorted(set(FEATURES.values()))), beside=True),
            Field("cars", self.tr("Cars"), "number"),
        ])  # fmt: skip
        form.set_values({
            "people": asked.people or None, "kind": asked.kind, "day": first, "count": len(asked.days) or 1,
            "starts": f"{asked.starts:%H:%M}", "ends": f"{asked.ends:%H:%M}",
            "languages": ", ".join(LANGUAGES[each] for each in asked.languages), "features": ", ".join(asked.features),
            "cars": asked.cars or None,
        })  # fmt: skip

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            try:
                request = self.of_fields(values)
                request.need()
            except Refusal as refusal:
                failed(refusal)
                return
            done()
            self._view.ask_for(request)

        open_form(self._bench.shell, FormBox(self.tr("What is wanted"), form, save, self.tr("Find")))

    def of_fields(self, values: dict[str, Any]) -> Request:
        """What the fields say; Faults beside those that say nothing that can be looked for."""
        starts, ends = clock_time(values["starts"]), clock_time(values["ends"])
        wrong = {
            name: self.tr("Give a time such as 10:00.")
            for name, found in (("starts", starts), ("ends", ends))
            if found is None
        }
        today = local(clock()).date()
        languages, features = read_request(values["languages"], today), read_request(values["features"], today)
        strange = {"languages": languages.unread + languages.features, "features": features.unread + features.languages}
        for name, unread in strange.items():
            if unread:
                wrong[name] = self.tr("Not understood: {words}").format(words=", ".join(unread))
        if wrong or starts is None or ends is None:
            raise Faults(wrong)
        count = whole(values["count"], "count") if values["count"] else 1
        if not 1 <= count <= 31:
            raise Faults({"count": self.tr("One day at least, 31 at most.")})
        first: date = values["day"]
        try:
            days = tuple(first + timedelta(days=n) for n in range(count))
        except OverflowError:
            raise Faults({"day": self.tr("Choose a day that is nearer.")}) from None
        return replace(
            Request(), people=whole(values["people"], "people"), kind=values["kind"] or "", starts=starts, ends=ends,
            days=days, languages=languages.languages, features=features.features,
            cars=whole(values["cars"], "cars") if values["cars"] else 0,
        )  # fmt: skip

    def hold(self, found: Hit) -> None:
        """Hold a space that fits: who meets is asked first."""
        name, placings = found.offer.space.name, found.offer.placings
        order: Order = lambda form: (make_bookings, (form, placings, Status.HOLD))  # noqa: E731
        self._ask(self.tr("Hold {space}").format(space=name), self.tr("Hold"), order, placings[0].kind)

    def wait(self) -> None:
        """Put what is looked for on the waitlist."""
        asked = self._view.request
        times = asked.need().times
        order: Order = lambda form: (note_bookings, (form, times, Status.WAITLIST, asked.features))  # noqa: E731
        self._ask(self.tr("Put on the waitlist"), self.tr("Wait"), order, asked.kind)

    def hold_both(self, found: SplitHit) -> None:
        """Hold two rooms; how the people are shared out was shown, and is what is held."""
        main, other = found.split.main, found.split.overflow
        halves = ((main.people, main.placings), (other.people, other.placings))
        order: Order = lambda form: (book_split, (form, *halves))  # noqa: E731
        heading = self.tr("Hold {main} and {other}").format(main=main.space.name, other=other.space.name)
        self._ask(heading, self.tr("Hold both"), order, main.placings[0].kind, people_fixed=True)

    def _ask(self, heading: str, verb: str, order: Order, kind: str, *, people_fixed: bool = False) -> None:
        ask = partial(self.ask_who, heading, verb, order, kind, people_fixed=people_fixed)
        self._bench.shell.set_off(ask)

    def ask_who(self, heading: str, verb: str, order: Order, kind: str, *, people_fixed: bool = False) -> None:
        """Ask who meets, and order it; `people_fixed` where the number of people is what was looked for."""
        asked = self._view.request

        def opened(fields: list[Field]) -> None:
            shown = [field for field in fields if not (people_fixed and field.name == "people")]
            form = Form(shown, "conference.find", self._bench.drafts)
            form.set_values({"rank": 6} if people_fixed else {"people": asked.people, "rank": 6})

            def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
                try:
                    people = asked.people if people_fixed else whole(values["people"], "people")
                    made = BookingForm(
                        values["title"], people, values["rank"], values["entity_id"], values["contact"], kind,
                        cars=asked.cars, languages=" ".join(asked.languages),
                    )  # fmt: skip
                except Faults as faults:
                    failed(faults)
                    return
                command, args = order(made)

                def saved(changes: Any) -> None:
                    done()
                    self._view.page.show_booking(changes.ids[0])
                    self._view.search()

                self._bench.runner.write(command, *args, done=saved, failed=failed)

            day = f"{short_day(asked.days[0])}, " if asked.days else ""
            need = asked.need().times[0]
            summary = day + hours(need.starts, need.ends)
            open_form(self._bench.shell, FormBox(heading, form, save, verb, summary=summary))

        self._view.page.deeds.forms.who_fields(opened)
