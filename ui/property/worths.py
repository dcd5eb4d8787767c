"""What the shown asset is worth, read behind its card, and the schedule of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer

from cbo_desk.changes import Changes
from cbo_desk.property import AssetCard
from ui.bench import Bench
from ui.property.card import AssetCardView

PAUSE_MS = 150
"""The card of a burst of scans does not ask; only the one that stays."""


class Worths(QObject):
    """Reads the value of the asset that a card shows, once the eye has settled on it."""

    def __init__(self, bench: Bench, card: AssetCardView, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._card = bench, card
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        bench.runner.changed.connect(self._hear)

    def read(self, _card: AssetCard) -> None:
        """A card is shown: ask for its value soon."""
        self._pause.start()

    def open_schedule(self, card: AssetCard) -> None:
        """Show the shown asset's value month by month."""
        from cbo_desk.property.value import AssetValue, Month, asset_schedule
        from ui.property.value.schedule import charged_months, last_month, open_schedule, said

        def have(worth: AssetValue, months: list[Month]) -> None:
            open_schedule(self._bench, card.form.inventory_no, worth, charged_months(months))

        def known(worth: AssetValue) -> None:
            if worth.terms is None:
                self._bench.shell.toasts.say(said(worth), tone="warn")
                return
            self._bench.runner.read(self, asset_schedule, card.id, last_month(worth), done=partial(have, worth))

        self._value_of(card.id, known)

    def _ask(self) -> None:
        card = self._card.card
        if self._bench.runner.scanning:
            self._pause.start()
        elif card is not None:
            self._value_of(card.id, partial(self._show, card.id))

    def _value_of(self, asset_id: int, done: Callable[[Any], object]) -> None:
        from cbo_desk.property.value import asset_value  # a start does without it

        self._bench.runner.read(self, asset_value, asset_id, done=done)

    def _show(self, asset_id: int, worth: Any) -> None:
        if self._card.card is not None and self._card.card.id == asset_id:
            self._card.show_worth(worth)

    def _hear(self, changes: Changes) -> None:
        """Policies and rates change what the shown asset is worth."""
        if {"property.value_policy", "property.exchange_rate"} & set(changes.touched()):
            self._pause.start()
