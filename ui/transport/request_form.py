"""The form of a request: everything in one box, each fault beside its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.errors import Refusal
from cbo_desk.people import EntityRow, entities
from cbo_desk.transport import (
    REQUEST,
    Passenger,
    RequestCard,
    RequestForm,
    ZoneRow,
    edit_request,
    make_requests,
    request_card,
    zones,
)
from ui import picks
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field, Pick
from ui.kit.forms import Form
from ui.kit.meeting import Save, Standing
from ui.transport.times import hour_field, instant, shown

Done = Callable[[], object]
Failed = Callable[[Exception], object]
NOT_UN = "*"
"""Before a passenger's name: not of the UN. Two of them: the release form is here."""


class RequestForms(QObject):
    """Opens the request's form, once entities and zones to choose from are known. `made(int)`: a request more."""

    made = Signal(int)

    def __init__(self, bench: Bench, parent: QObject, day: Callable[[], date] | None = None) -> None:
        super().__init__(parent)
        self._bench, self._day = bench, day or _today

    def ask(self, at: datetime | None = None) -> None:
        """Ask for a new trip, at an hour if one was pointed at."""
        self._with_choices(partial(self._new, at))

    def edit(self, card: RequestCard) -> None:
        """Ask what is to be changed."""
        self._with_choices(partial(self._edit, card))

    def _with_choices(self, then: Callable[[Sequence[EntityRow], Sequence[ZoneRow]], None]) -> None:
        read = self._bench.runner.read
        read(self, entities, done=lambda known: read(self, zones, done=partial(then, known)))

    def _new(self, at: datetime | None, known: Sequence[EntityRow], places: Sequence[ZoneRow]) -> None:
        if not known:
            raise Refusal(self.tr("There is no entity to charge yet. Press “Add an entity” on the People page."))
        if not places:
            raise Refusal(self.tr("There are no zones yet. Add them on the Travel times page, or import them."))
        form = Form(self._fields(known, places), "transport.request.new", self._bench.drafts)
        # The day that is looked at, unless it is over.
        day = local(at).date() if at is not None else max(self._day(), _today())
        values: dict[str, Any] = {
            "entity_id": known[0].id, "from_zone_id": None, "to_zone_id": None, "day": day,
            "people": 1, "priority": 3, "way_back": "none", "pooled": True, "official": True,
        }  # fmt: skip
        form.set_values(values | ({"pickup_from": shown(at)} if at is not None else {}))

        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            order = _tried(failed, lambda: [_form_of(values, None)])
            if order is not None:

                def made(changes: Changes) -> None:
                    done()
                    self.made.emit(changes.ids[0])

                self._bench.runner.write(make_requests, order, done=made, failed=failed)

        words = self.tr("It waits for approval; the requester is told by mail.")
        box = FormBox(self.tr("New trip"), form, save, self.tr("Request"), summary=words, width=680)
        open_form(self._bench.shell, box)

    def _edit(self, card: RequestCard, known: Sequence[EntityRow], places: Sequence[ZoneRow]) -> None:
        form = Form(self._fields(known, places, edited=True), f"transport.request.{card.id}", self._bench.drafts)
        stands = _values_of(card)
        form.set_values({key: stands[key] for key in form.editors})

        def saving(card: RequestCard) -> Save:
            def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
                changed = _tried(failed, lambda: _form_of(values, card.form))
                if changed is not None:
                    order = (edit_request, card.id, card.version, changed)
                    self._bench.runner.write(*order, done=lambda _changes: done(), failed=failed)

            return save

        def standing(card: RequestCard) -> Standing:
            return Standing(_values_of(card), saving(card))

        heading = self.tr("Edit {reference}").format(reference=card.row.reference)
        edited = self._bench.edited(self, REQUEST, card.id, request_card, standing)
        box = FormBox(heading, form, saving(card), self.tr("Save"), width=680, edited=edited)
        open_form(self._bench.shell, box)

    def _fields(self, known: Sequence[EntityRow], places: Sequence[ZoneRow], edited: bool = False) -> list[Field]:
        entities_shown = [(e.id, f"{e.code} · {e.name}") for e in known]
        # Nobody is driven from wherever comes first in the alphabet because a choice was passed over.
        zones_shown = [*([] if edited else [(None, self.tr("Choose a zone"))]), *((z.id, z.name) for z in places)]
        ways = [("none", self.tr("One way")), ("wait", self.tr("The vehicle waits"))]
        ways += [] if edited else [("separate", self.tr("Another vehicle may come"))]
        return [
            Field("entity_id", self.tr("Entity"), "choice", required=True, choices=entities_shown),
            Field("charge_code", self.tr("Charge code"), hint=self.tr("the entity's own, if empty"), beside=True),
            Field("requester", self.tr("Requester"), required=True, hint=self.tr("Okafor, Ngozi")),
            Field("email", self.tr("E-mail"), hint=self.tr("is told of approval and changes"), beside=True),
            Field("contact", self.tr("Contact"), hint=self.tr("ext. 24117"), beside=True),
            Field("from_zone_id", self.tr("From"), "choice", required=True, choices=zones_shown),
            Field("from_place", self.tr("Meet at"), hint=self.tr("Block M, main porch"), beside=True),
            Field("to_zone_id", self.tr("To"), "choice", required=True, choices=zones_shown),
            Field("to_place", self.tr("Where there"), hint=self.tr("Terminal 1A"), beside=True),
            Field("day", self.tr("Day"), "date", required=True),
            hour_field("pickup_from", self.tr("Pick-up"), required=True),
            hour_field("pickup_to", self.tr("Pick-up at the latest")),
            hour_field("drop_by", self.tr("There by")),
            Field("way_back", self.tr("Way back"), "choice", choices=ways),
            hour_field("return_at", self.tr("Starts back")),
            Field("people", self.tr("Passengers"), "number", required=True),
            Field("wheelchairs", self.tr("Wheelchairs"), "number", beside=True),
            Field("luggage", self.tr("Pieces of luggage"), "number", beside=True),
            Field("priority", self.tr("Priority, 1 is highest"), "number", beside=True),
            Field("passengers", self.tr("Names, one a line; * before who is not of the UN, ** once released"), "long"),
            Field("purpose", self.tr("Purpose"), required=True),
            Field("needs", self.tr("Vehicle has"), hint=self.tr("4x4 lift"), beside=True),
            Field("driver_needs", self.tr("Driver speaks or has"), hint=self.tr("French firstaid")),
            Field("clearance", self.tr("Security clearance"), hint=self.tr("for trips upcountry"), beside=True),
            Field("pooled", self.tr("May share the vehicle with others"), "yes"),
            Field("official", self.tr("Official use"), "yes", beside=True),
            Field("requester_id", self.tr("Requester's record"), "pick", suggest=picks.people(self._bench)),
            Field("notes", self.tr("Notes"), "long"),
        ]


def _today() -> date:
    return local(clock()).date()


def _tried(failed: Failed, make: Callable[[], Any]) -> Any:
    """What the form says, or nothing after its fault was shown beside the field."""
    try:
        return make()
    except Refusal as refusal:
        failed(refusal)
        return None


def _values_of(card: RequestCard) -> dict[str, Any]:
    form = card.form
    values: dict[str, Any] = {name: getattr(form, name) for name in form.__dataclass_fields__}
    marks = {(True, False): "", (False, False): NOT_UN, (False, True): NOT_UN * 2}
    values["passengers"] = "\n".join(marks[p.of_un, p.released and not p.of_un] + p.name for p in form.passengers)
    values |= {
        "day": local(form.pickup_from).date(),
        "pickup_from": shown(form.pickup_from),
        "pickup_to": shown(form.pickup_to),
        "drop_by": shown(form.drop_by),
        "return_at": shown(form.return_at),
        "requester_id": Pick(form.requester_id, form.requester) if form.requester_id else None,
    }
    return values


def _form_of(values: Mapping[str, Any], before: RequestForm | None) -> RequestForm:
    """The form's values as what is asked for. Raises Refusal beside the field that cannot be read."""
    typed = dict(values)
    pickup = instant(typed, "day", "pickup_from")
    assert pickup is not None
    plain = {name: typed[name] for name in (
        "entity_id", "charge_code", "requester", "email", "contact", "from_zone_id", "from_place", "to_zone_id",
        "to_place", "way_back", "purpose", "needs", "driver_needs", "clearance", "pooled", "official", "notes",
    )}  # fmt: skip
    numbers: dict[str, Any] = {name: int(typed[name] or 0) for name in ("people", "wheelchairs", "luggage")}
    picked = typed["requester_id"]
    made = RequestForm(
        **plain, **numbers, priority=int(typed["priority"] or 3), pickup_from=pickup,
        pickup_to=instant(typed, "day", "pickup_to"), drop_by=instant(typed, "day", "drop_by"),
        return_at=instant(typed, "day", "return_at") if typed["way_back"] != "none" else None,
        requester_id=picked.id if picked else None, passengers=_passengers(str(typed["passengers"])),
    )  # fmt: skip
    return made if before is None else replace(before, **{n: getattr(made, n) for n in made.__dataclass_fields__})


def _passengers(text: str) -> tuple[Passenger, ...]:
    found = []
    for row in text.splitlines():
        name = row.strip()
        if name:
            stars = len(name) - len(name.lstrip(NOT_UN))
            found.append(Passenger(name.lstrip(NOT_UN).strip(), stars == 0, stars >= 2))
    return tuple(found)
