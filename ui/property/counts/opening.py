"""The form that opens a count: what is counted, and how many things that are, said before anything is frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from cbo_desk.context import clock, local
from cbo_desk.errors import Refusal
from cbo_desk.people import EntityRow, entities
from cbo_desk.plurals import Count
from cbo_desk.property import categories
from cbo_desk.property.verification import Expected, Scope, open_campaign, preview_scope
from ui import picks
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form

Done = Callable[[], object]
Failed = Callable[[Exception], object]
PLACES = ("place", "place_2", "place_3")
PREVIEW_MS = 200


class OpeningForm(QObject):
    """Opens the form, once entities and categories to choose from are known; `opened` gets the campaign's id."""

    def __init__(self, bench: Bench, opened: Callable[[int], object], parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._opened = bench, opened
        self._form: Form | None = None
        self._asked = 0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PREVIEW_MS)
        self._pause.timeout.connect(self._preview)

    def ask(self) -> None:
        """Ask what is to be counted."""
        read = self._bench.runner.read
        read(self, entities, done=lambda known: read(self, categories, done=lambda classes: self._ask(known, classes)))

    def _ask(self, known: Sequence[EntityRow], classes: Sequence[tuple[int, str, str]]) -> None:
        suggest = picks.places(self._bench)
        every = (None, self.tr("All"))
        of_entity = [every, *((one.id, f"{one.code} · {one.name}") for one in known)]
        of_category = [every, *((ident, name) for ident, _code, name in classes)]
        hint = self.tr("all of the compound")
        form = Form(
            [
                Field("name", self.tr("Name"), "text", self.tr("like Count 2026, Block M"), required=True, longest=120),
                Field("place", self.tr("Where"), "pick", hint, suggest=suggest),
                Field("place_2", self.tr("and in"), "pick", suggest=suggest, beside=True),
                Field("place_3", self.tr("and in"), "pick", suggest=suggest, beside=True),
                Field("entity", self.tr("Whose"), "choice", choices=of_entity),
                Field("category", self.tr("What"), "choice", choices=of_category, beside=True),
                Field("percent", self.tr("Sample, in per cent"), "number", self.tr("100 is everything"), required=True),
            ],
            "property.count.new",
            self._bench.drafts,
        )
        form.set_values({"name": self.tr("Count {year}").format(year=local(clock()).year), "percent": 100})
        summary = self.tr("The list is frozen as it is now: moves after this do not change what is expected.")
        box = FormBox(self.tr("Open a count"), form, self._save, self.tr("Open"), summary=summary, width=620)
        self._form = form
        form.changed.connect(self._pause.start)
        form.destroyed.connect(self._pause.stop)
        open_form(self._bench.shell, box)
        self._preview()

    def _save(self, values: Mapping[str, Any], done: Done, failed: Failed) -> None:
        def opened(changes: Any) -> None:
            done()
            self._opened(int(changes.ids[0]))

        order = (open_campaign, str(values["name"]), scope_of(values))
        self._bench.runner.write(*order, done=opened, failed=failed)

    def _preview(self) -> None:
        """Say how many things the choice as it stands would have counted."""
        form = self._form
        if form is None or not isValid(form):
            return
        try:
            scope = scope_of(form.values())
        except Refusal:
            return  # what is wrong is said when the form is saved
        self._asked += 1
        asked = self._asked

        def say(words: str) -> None:
            if isValid(form) and asked == self._asked:
                below = form.editors["percent"].understood
                below.setText(words)
                below.show()

        def found(expected: Expected) -> None:
            words = self.tr("{assets:asset|assets} in {rooms:room|rooms} would be expected.")
            say(words.format(assets=Count(expected.assets), rooms=Count(expected.rooms)))

        self._bench.runner.read(self, preview_scope, scope, done=found, failed=lambda error: say(str(error)))


def scope_of(values: Mapping[str, Any]) -> Scope:
    """The scope that a form says."""
    places = tuple(values[name].id for name in PLACES if values[name] is not None)
    return Scope(
        place_ids=tuple(dict.fromkeys(places)),
        entity_ids=(values["entity"],) if values["entity"] else (),
        category_ids=(values["category"],) if values["category"] else (),
        percent=float(values["percent"]),
    )
