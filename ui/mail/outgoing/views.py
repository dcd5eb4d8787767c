"""The views of outgoing mail: shipped ones by state with their counts, and what narrows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from cbo_desk.mail.outgoing import CarrierRow, OutgoingFilter, State, carriers
from cbo_desk.people import EntityRow, entities
from ui.bench import Bench
from ui.kept_views import KeptViews
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.phrases import day
from ui.kit.tabs import FilterWord

VIEWS: dict[str, tuple[State, ...]] = {
    "waiting": (State.HANDED_IN,),
    "loose": (),
    "manifested": (State.MANIFESTED,),
    "bagged": (State.BAGGED,),
    "gone": (State.COLLECTED, State.DISPATCHED, State.DELIVERED),
    "all": (),
}


def view_words() -> dict[str, str]:
    """The shipped views in the person's language."""
    return {
        "waiting": QCoreApplication.translate("mail", "Waiting"),
        "loose": QCoreApplication.translate("mail", "Carrier to come"),
        "manifested": QCoreApplication.translate("mail", "On a manifest"),
        "bagged": QCoreApplication.translate("mail", "In a bag"),
        "gone": QCoreApplication.translate("mail", "Gone"),
        "all": QCoreApplication.translate("mail", "All"),
    }


def of_view(view: str, wanted: OutgoingFilter) -> OutgoingFilter:
    """A filter narrowed to a shipped view."""
    states = tuple(str(state) for state in VIEWS.get(view, ()))
    if view == "loose":
        return replace(wanted, states=(str(State.HANDED_IN),), no_carrier=True)
    return replace(wanted, states=states, no_carrier=False)


class OutgoingViews(KeptViews[OutgoingFilter]):
    """What narrows the list of outgoing mail."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(bench, parent, "mail.outgoing", OutgoingFilter(), "all")

    def ask(self) -> None:
        """Ask what the list is to be narrowed to."""
        read = self._bench.runner.read
        read(self, entities, done=lambda known: read(self, carriers, done=partial(self._ask, known)))

    def words(self) -> Sequence[FilterWord]:
        """The filter in force, part by part."""
        now = self.filter
        ways = {"carrier": self.tr("carrier"), "pouch": self.tr("pouch")}
        return [
            FilterWord("entities", self.tr("Entity"), ", ".join(now.entities)),
            FilterWord("carriers", self.tr("Carrier"), ", ".join(now.carriers)),
            FilterWord("way", self.tr("Goes by"), ways.get(now.way, "")),
            FilterWord("since", self.tr("Handed in from"), day(now.since)),
            FilterWord("until", self.tr("Handed in to"), day(now.until)),
        ]

    def _ask(self, known: Sequence[EntityRow], found: Sequence[CarrierRow]) -> None:
        ways = [(None, "—"), ("carrier", self.tr("A carrier")), ("pouch", self.tr("The pouch"))]
        fields = [
            Field("entity", self.tr("Entity"), "choice", choices=[(None, "—"), *((e.code, e.code) for e in known)]),
            Field(
                "carrier",
                self.tr("Carrier"),
                "choice",
                choices=[(None, "—"), *((one.name, one.name) for one in found)],
                beside=True,
            ),
            Field("way", self.tr("Goes by"), "choice", choices=ways),
            Field("since", self.tr("Handed in from"), "date"),
            Field("until", self.tr("Handed in to"), "date", beside=True),
        ]
        form, now = Form(fields), self.filter
        form.set_values(
            {
                "entity": now.entities[0] if now.entities else None,
                "carrier": now.carriers[0] if now.carriers else None,
                "way": now.way or None,
                "since": now.since,
                "until": now.until,
            }
        )

        def save(values: Mapping[str, Any], done: Callable[[], object], _failed: Callable[[Exception], object]) -> None:
            done()
            self.set_filter(
                OutgoingFilter(
                    words=self.filter.words,
                    entities=(values["entity"],) if values["entity"] else (),
                    carriers=(values["carrier"],) if values["carrier"] else (),
                    way=values["way"] or "",
                    since=values["since"],
                    until=values["until"],
                )
            )

        open_form(self._bench.shell, FormBox(self.tr("Filter outgoing mail"), form, save, self.tr("Show")))
