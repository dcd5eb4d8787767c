"""What completes the item in hand at the counter: weight, damage, class and carrier, a photo; each behind its key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.errors import Faults
from cbo_desk.mail import KIND, CarrierMatch, ItemCard, edit_item, item_card, recognise
from cbo_desk.mail.rules import class_of
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.forms import Form
from ui.kit.meeting import Save, Standing
from ui.mail.deeds import MailDeeds, details_of, values_of
from ui.mail.fitting import FittingBox, ask_carrier
from ui.papers import Papers

CLASS_FIELDS = ("item_class", "accountable", "carrier", "screening")


class Completing(QWidget):
    """Asks for parts of one item; `completed(id)` is called after each was saved. Itself it is never shown."""

    def __init__(self, bench: Bench, parent: QWidget, completed: Callable[[int], object]) -> None:
        super().__init__(parent)
        self._bench, self._completed = bench, completed
        self._deeds = MailDeeds(bench, self)
        self.papers = Papers(bench, KIND, self)
        self.hide()

    def details(self, item_id: int, names: Sequence[str]) -> None:
        """Ask for some details of an item."""
        self._bench.runner.read(self, item_card, item_id, done=partial(self._ask_details, names))

    def carrier(self, item_id: int) -> None:
        """Ask which of the fitting carriers it is, or, where it is known, for class and carrier in a form."""
        self._bench.runner.read(self, item_card, item_id, done=self._ask_carrier)

    def photo(self, item_id: int) -> None:
        """Ask for photos of an item."""
        self.papers.show_record(item_id, "package")
        self.papers.add()

    def _ask_carrier(self, card: ItemCard) -> None:
        matches = recognise(card.carrier_number).matches if card.carrier_number else ()
        if card.details.carrier or len({match.carrier for match in matches}) < 2:
            self._ask_details(CLASS_FIELDS, card)
            return
        other = partial(self._ask_details, CLASS_FIELDS, card)
        ask_carrier(self._bench.shell, FittingBox(card.carrier_number, matches, partial(self._fits, card), other))

    def _fits(self, card: ItemCard, match: CarrierMatch) -> None:
        """The clerk compared the label and chose this carrier."""
        details = replace(
            card.details,
            carrier=match.carrier,
            service=match.service,
            item_class=class_of(match.service, match.accountable),
            accountable=match.accountable,
        )
        order = (edit_item, card.id, card.version, details)
        self._bench.runner.write(*order, done=lambda _changes: self._completed(card.id))

    def _ask_details(self, names: Sequence[str], card: ItemCard) -> None:
        form = Form([replace(one, beside=False) for one in self._deeds.fields_of_item() if one.name in names])
        stands = values_of(card)
        form.set_values({name: stands[name] for name in names})

        def saving(card: ItemCard) -> Save:
            def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
                try:
                    details = details_of({**values_of(card), **values}, card.details)
                except Faults as faults:
                    failed(faults)
                    return
                order = (edit_item, card.id, card.version, details)

                def saved(_changes: Changes) -> None:
                    done()
                    self._completed(card.id)

                self._bench.runner.write(*order, done=saved, failed=failed)

            return save

        def standing(card: ItemCard) -> Standing:
            now = values_of(card)
            return Standing({name: now[name] for name in names}, saving(card))

        heading = self.tr("Complete {number}").format(number=card.number)
        edited = self._bench.edited(self, KIND, card.id, item_card, standing)
        box = FormBox(heading, form, saving(card), self.tr("Save"), width=420, edited=edited)
        open_form(self._bench.shell, box)
