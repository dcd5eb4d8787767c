"""What the property page offers of custody: the pages behind it and the deeds that lead there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cbo_desk.property import HAND_OVER, asset_card
from ui import picks
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.property.custody.sheets import Sheets
from ui.property.sections import CUSTODY

HANDING_OVER = "property/handover"
OWN = "property/own"
MOST_CHOSEN = 500


class CustodyDeeds(QObject):
    """Adds the pages of custody and their actions to the property desk."""

    def __init__(self, bench: Bench, page: QWidget) -> None:
        super().__init__(page)
        self._bench, self._page = bench, page
        self.sheets = Sheets(bench, self)
        if bench.may(HAND_OVER):
            bench.shell.add_page(HANDING_OVER, self._make_handing_over)
        bench.shell.add_page(OWN, self._make_own)

    def add_actions(self) -> None:
        """Everything that can be done without an asset chosen."""
        go = self._bench.shell.go
        if self._bench.may(HAND_OVER):
            self._add("trolley", self.tr("Hand over by scanning"), partial(go, HANDING_OVER), "scan-barcode", "F7")
        self._add("own", self.tr("What I hold"), partial(go, OWN), "user-check")
        self._add("clearance", self.tr("Clearance sheet of a person"), self._ask_person, "file-check")

    def open_at(self, detail: str) -> bool:
        """Follow what another desk asks for: things for a person, a clearance sheet, late loans; False for the rest."""
        what, _, rest = detail.partition(":")
        if what == "to":
            self._give_to(detail)
        elif what == "clearance" and rest.isdigit():
            self.sheets.clearance(int(rest))
        elif detail == "show:overdue_loan":
            self._bench.shell.go(CUSTODY, "overdue")
        else:
            return False
        return True

    def _give_to(self, detail: str) -> None:
        if self._bench.may(HAND_OVER):
            self._bench.shell.go(HANDING_OVER, detail)
        else:
            words = self.tr("You may not hand over assets. An administrator can give you the role.")
            self._bench.shell.toasts.say(words, tone="warn")

    def give(self, ids: Sequence[int], _what: str) -> None:
        """Hand over what is chosen in the register or shown on the card."""
        self._go("give", ids)

    def take_back(self, ids: Sequence[int], _what: str) -> None:
        """Take back what is chosen."""
        self._go("return", ids)

    def lend(self, ids: Sequence[int], _what: str) -> None:
        """Lend what is chosen until a day."""
        self._go("lend", ids)

    def extend(self, ids: Sequence[int], _what: str) -> None:
        """Let a borrower keep what is chosen until a later day."""
        self._go("extend", ids)

    def _go(self, what: str, ids: Sequence[int]) -> None:
        if len(ids) > MOST_CHOSEN:
            words = self.tr("A handover holds at most {count} assets. Choose fewer.").format(count=MOST_CHOSEN)
            self._bench.shell.toasts.say(words, tone="warn")
            return
        self._bench.shell.go(HANDING_OVER, f"{what}:{','.join(map(str, ids))}")

    def _ask_person(self) -> None:
        field = Field("person_id", self.tr("Who leaves"), "pick", required=True, suggest=picks.people(self._bench))

        def save(values: dict[str, Any], done: Callable[[], object], _failed: object) -> None:
            self.sheets.clearance(values["person_id"].id)
            done()

        words = self.tr("Everything that the person holds, on one sheet.")
        heading = self.tr("Clearance sheet")
        open_form(self._bench.shell, FormBox(heading, Form([field]), save, self.tr("Open sheet"), summary=words))

    def _add(self, name: str, label: str, run: Callable[[], object], icon: str, key: str = "") -> None:
        if self._bench.may(asset_card):
            action = Action(f"property.{name}", label, run, icon, key, "property")
            self._bench.shell.actions_.add(self._page, action)

    def _make_handing_over(self, parent: QWidget) -> QWidget:
        from ui.property.custody.handing_over import HandoverPage

        return HandoverPage(self._bench, parent)

    def _make_own(self, parent: QWidget) -> QWidget:
        from ui.property.custody.own import OwnPage

        return OwnPage(self._bench, parent)
