"""The views of the list of mail: shipped ones by state with their counts, filters as chips, and saved views."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from cbo_desk.context import clock, local
from cbo_desk.mail import MailFilter, State, carriers_seen
from cbo_desk.mail.limits import Ageing, day_before
from cbo_desk.people import EntityRow, entities
from ui.bench import Bench
from ui.kept_views import KeptViews
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.phrases import day
from ui.kit.tabs import FilterWord
from ui.mail.deeds import CLASSES
from ui.mail.looks import class_word

LISTING = "mail.items"
EXCEPTIONS = (State.ATTEMPTED, State.REFUSED, State.LOST)
VIEWS: dict[str, tuple[State, ...]] = {
    "received": (State.RECEIVED,),
    "shelved": (State.SHELVED,),
    "out": (State.OUT,),
    "held": (State.HELD,),
    "ageing": (State.RECEIVED, State.SHELVED, State.HELD),
    "accountable": (
        State.RECEIVED,
        State.SHELVED,
        State.HELD,
        State.OUT,
        State.ATTEMPTED,
        State.REFUSED,
    ),
    "exceptions": EXCEPTIONS,
    "complete": (),
    "delivered": (State.DELIVERED,),
    "all": (),
}


def view_words() -> dict[str, str]:
    """The shipped views in the person's language."""
    return {
        "received": QCoreApplication.translate("mail", "Received"),
        "shelved": QCoreApplication.translate("mail", "Shelved"),
        "out": QCoreApplication.translate("mail", "Out for delivery"),
        "held": QCoreApplication.translate("mail", "Held"),
        "ageing": QCoreApplication.translate("mail", "Lying long"),
        "accountable": QCoreApplication.translate("mail", "Accountable"),
        "exceptions": QCoreApplication.translate("mail", "Exceptions"),
        "complete": QCoreApplication.translate("mail", "To complete"),
        "delivered": QCoreApplication.translate("mail", "Delivered"),
        "all": QCoreApplication.translate("mail", "All"),
    }


def of_view(view: str, wanted: MailFilter, ageing: Ageing) -> MailFilter:
    """A filter narrowed to a shipped view; lying long is what its addressee is to be reminded of."""
    states = tuple(str(state) for state in VIEWS.get(view, ()))
    found = replace(wanted, states=states, incomplete=view == "complete")
    if view == "accountable":
        return replace(found, accountable=True)
    if view == "ageing":
        last = day_before(local(clock()).date(), ageing.remind)
        return replace(found, received_to=min(last, wanted.received_to or last))
    return found


class MailViews(KeptViews[MailFilter]):
    """What narrows the list of mail beside its tabs."""

    def __init__(self, bench: Bench, parent: QWidget, listing: str = LISTING) -> None:
        super().__init__(bench, parent, listing, MailFilter(), "all")

    def ask(self) -> None:
        """Ask what the list is to be narrowed to."""
        read = self._bench.runner.read
        read(self, entities, done=lambda known: read(self, carriers_seen, done=partial(self._ask, known)))

    def _ask(self, known: Sequence[EntityRow], carriers: Sequence[str]) -> None:
        fields = [
            Field("entity", self.tr("Entity"), "choice", choices=[(None, "—"), *((e.code, e.code) for e in known)]),
            Field(
                "carrier", self.tr("Carrier"), "choice", choices=[(None, "—"), *((c, c) for c in carriers)], beside=True
            ),
            Field(
                "item_class", self.tr("Class"), "choice", choices=[(None, "—"), *((c, class_word(c)) for c in CLASSES)]
            ),
            Field("accountable", self.tr("Accountable only"), "yes", beside=True),
            Field("since", self.tr("Received from"), "date"),
            Field("until", self.tr("Received to"), "date", beside=True),
        ]
        form = Form(fields)
        now = self.filter
        form.set_values(
            {
                "entity": now.entities[0] if now.entities else None,
                "carrier": now.carriers[0] if now.carriers else None,
                "item_class": now.classes[0] if now.classes else None,
                "accountable": now.accountable,
                "since": now.received_from,
                "until": now.received_to,
            }
        )

        def save(values: Mapping[str, Any], done: Callable[[], object], _failed: Callable[[Exception], object]) -> None:
            done()
            self.set_filter(
                MailFilter(
                    words=self.filter.words,
                    entities=(values["entity"],) if values["entity"] else (),
                    carriers=(values["carrier"],) if values["carrier"] else (),
                    classes=(values["item_class"],) if values["item_class"] else (),
                    accountable=values["accountable"],
                    received_from=values["since"],
                    received_to=values["until"],
                )
            )

        open_form(self._bench.shell, FormBox(self.tr("Filter mail"), form, save, self.tr("Show")))

    def words(self) -> list[FilterWord]:
        """The filter in force, part by part."""
        now = self.filter
        return [
            FilterWord("entities", self.tr("Entity"), ", ".join(now.entities)),
            FilterWord("carriers", self.tr("Carrier"), ", ".join(now.carriers)),
            FilterWord("classes", self.tr("Class"), ", ".join(class_word(one) for one in now.classes)),
            FilterWord("accountable", self.tr("Accountable"), self.tr("yes") if now.accountable else ""),
            FilterWord("received_from", self.tr("Received from"), day(now.received_from)),
            FilterWord("received_to", self.tr("Received to"), day(now.received_to)),
        ]
