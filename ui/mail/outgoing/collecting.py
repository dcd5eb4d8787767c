"""Handing a manifest over: to the carrier's driver, or to ours with the trip it goes with; either signs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from cbo_desk.handoffs import TripToLoad, give_manifest, trips_to_load
from cbo_desk.mail.outgoing import ManifestCard, collect_manifest
from cbo_desk.plurals import Count
from cbo_desk.tags import Opened
from ui import picks
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.page import Page
from ui.kit.signature import SignaturePad
from ui.loads import trip_pick, trips
from ui.mail.deeds import badge_of, taken_by


def ask_collect(bench: Bench, page: Page, card: ManifestCard, trip: TripToLoad | None = None) -> None:
    """Ask who takes a closed manifest, and for the signature; `trip` is the one of ours that was scanned."""
    fields = [
        Field("name", page.tr("Who takes it"), required=True, suggest=picks.people(bench)),
        Field("trip", page.tr("Where it goes by our own vehicle: the trip"), "pick", suggest=trips(bench)),
    ]
    form = Form(fields)
    if trip is not None:
        form.set_values({"name": trip.driver, "trip": trip_pick(trip)})
    pad = SignaturePad(page.tr("Signature"), page.tr("Sign here with pen, finger or mouse"), form)
    column = form.layout()
    assert isinstance(column, QVBoxLayout)
    column.addWidget(pad)

    def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
        badge = badge_of(form)
        taken = taken_by(str(values["name"]), pad, badge, badge is not None)
        if values["trip"]:
            order: tuple[Any, ...] = (give_manifest, card.row.id, values["trip"].id, taken)
        else:
            order = (collect_manifest, card.row.id, taken)
        bench.runner.write(*order, done=lambda _changes: done(), failed=failed)

    heading = page.tr("{carrier} collects {manifest}").format(carrier=card.row.carrier, manifest=card.row.number)
    if trip is not None:
        heading = page.tr("{manifest} goes with {trip}").format(manifest=card.row.number, trip=trip.reference)
    words = page.tr("{count:item|items} in all. The driver signs.").format(count=Count(len(card.lines)))
    open_form(bench.shell, FormBox(heading, form, save, page.tr("Hand over"), summary=words))


def ask_collect_by(bench: Bench, page: Page, card: ManifestCard, opened: Opened, gone: Callable[[], object]) -> None:
    """The ticket of a trip was scanned: ask with its driver filled in; `gone` is told where it is over."""

    def told(found: list[TripToLoad]) -> None:
        trip = next((one for one in found if one.id == opened.record_id), None)
        if trip is None:
            gone()
        else:
            ask_collect(bench, page, card, trip)

    bench.runner.read(page, trips_to_load, opened.title, done=told)
