"""The views of the list of mail: shipped ones by state with their counts, filters as chips, and saved views."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from cbo_desk.context import clock, local
from cbo_desk.mail import MailFilter, State, carriers_seen
from cbo_desk.mail.limits import Ageing, day_before
from cbo_desk.people import EntityRow, entities
from ui.bench import Bench
from ui.kit.buttons import Tool
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.phrases import day
from ui.kit.saved_views import SavedView, SavedViews
from ui.kit.tabs import FilterChips, FilterWord
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


class MailViews(QObject):
    """What narrows the list beside its tabs. `changed(MailFilter)` tells of another filter, `opened(str)` of a view."""

    changed = Signal(object)
    opened = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget, listing: str = LISTING) -> None:
        super().__init__(parent)
        self._bench = bench
        self.filter = MailFilter()
        self.view = "all"
        self.saved = SavedViews(bench.preferences, listing)
        self.chips = FilterChips(parent)
        self.tool = Tool("bookmark", self.tr("Saved views"), self.open_menu, parent)
        self.chips.removed.connect(self._take_off)
        self.chips.add_asked.connect(self.ask)
        self.chips.save_asked.connect(self.keep)
        self._show()

    def set_filter(self, wanted: MailFilter) -> None:
        """Narrow the list to something else."""
        self.filter = wanted
        self._show()
        self.changed.emit(wanted)

    def ask(self) -> None:
        """Ask what the list is to be narrowed to."""
        read = self._bench.runner.read
        read(self, entities, done=lambda known: read(self, carriers_seen, done=partial(self._ask, known)))

    def keep(self) -> None:
        """Ask what the filter in force is to be called, and keep it as a view."""
        form = Form([Field("name", self.tr("Name of the view"), required=True, longest=60)])

        def save(values: Mapping[str, Any], done: Callable[[], object], _failed: Callable[[Exception], object]) -> None:
            plain = {
                name: str(value) if isinstance(value, date) else value for name, value in asdict(self.filter).items()
            }
            self.saved.keep(SavedView(values["name"], {**plain, "view": self.view}))
            done()

        open_form(self._bench.shell, FormBox(self.tr("Save as view"), form, save, self.tr("Save"), width=420))

    def open_menu(self) -> None:
        """Every saved view, to open or to throw away."""
        menu = QMenu(self.tool)
        for view in self.saved.all():
            menu.addAction(view.name, partial(self.open_view, view))
        if not self.saved.all():
            menu.addAction(self.tr("No saved views yet")).setEnabled(False)
        else:
            menu.addSeparator()
            for view in self.saved.all():
                menu.addAction(self.tr("Delete {view}").format(view=view.name), partial(self.forget, view))
        menu.popup(self.tool.mapToGlobal(self.tool.rect().bottomLeft()))

    def open_view(self, view: SavedView) -> None:
        """Show a saved view."""
        kept = dict(view.filters)
        self.opened.emit(str(kept.pop("view", "all")))
        known: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()
        }
        for name in ("received_from", "received_to"):
            known[name] = date.fromisoformat(known[name]) if known.get(name) else None
        self.set_filter(MailFilter(**known))

    def forget(self, view: SavedView) -> None:
        """Throw a saved view away; the toast brings it back."""
        self.saved.forget(view.name)
        said = self.tr("The view {view} is gone").format(view=view.name)
        self._bench.shell.toasts.say(said, self.tr("Undo"), partial(self.saved.keep, view))

    def in_words(self) -> str:
        """What the list is narrowed to, for the head of a paper."""
        return ", ".join(f"{word.about} {word.demand}" for word in self._words())

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

    def _words(self) -> list[FilterWord]:
        now = self.filter
        words = [
            FilterWord("entities", self.tr("Entity"), ", ".join(now.entities)),
            FilterWord("carriers", self.tr("Carrier"), ", ".join(now.carriers)),
            FilterWord("classes", self.tr("Class"), ", ".join(class_word(one) for one in now.classes)),
            FilterWord("accountable", self.tr("Accountable"), self.tr("yes") if now.accountable else ""),
            FilterWord("received_from", self.tr("Received from"), day(now.received_from)),
            FilterWord("received_to", self.tr("Received to"), day(now.received_to)),
        ]
        return [one for one in words if one.demand]

    def _take_off(self, part: str) -> None:
        plain: dict[str, Any] = asdict(MailFilter())
        self.set_filter(replace(self.filter, **{part: plain[part]}))

    def _show(self) -> None:
        self.chips.show_filters(self._words())
