"""Everything that can be done with mail, as actions that Ctrl+K, menus and keys find."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from cbo_desk.mail import (
    KIND,
    MailList,
    address_item,
    answers,
    bring_back,
    deliver_items,
    dispose_items,
    edit_item,
    fail_delivery,
    find_items,
    forward_items,
    hold_items,
    item_card,
    lose_items,
    note_absence,
    override_state,
    plan_round,
    receive_item,
    refuse_items,
    remind_addressee,
    return_items,
    shelve_items,
)
from cbo_desk.mail.exporting import COLUMNS, rows
from cbo_desk.plurals import Count
from cbo_desk.tags import log_print
from ui.kit.actions import Action
from ui.mail.addressee_forms import AddresseeForms
from ui.mail.deeds import MailDeeds
from ui.mail.papers import print_proof
from ui.mail.views import view_words

if TYPE_CHECKING:  # the page makes its deeds, which know it
    from ui.mail.page import MailPage

Run = Callable[[list[int], str], object]
RAPID, ROUNDS, SHELVING, ANSWERS = "mail/rapid", "mail/rounds", "mail/shelving", "mail/answers"
ADDRESSEES = "mail/addressees"
OUTGOING, MANIFESTS, RATES, POUCH = "mail/outgoing", "mail/manifests", "mail/rates", "mail/pouch"


class ItemDeeds(QObject):
    """The deeds of the mail page on the chosen items."""

    def __init__(self, page: MailPage) -> None:
        super().__init__(page)
        self._page = page
        self._forms = MailDeeds(page.bench, self)
        self._addressees = AddresseeForms(page.bench, self)

    def add(self) -> None:
        """Make every deed known that the person may do."""
        deeds = self._forms
        self._deed("hand_over", self.tr("Hand over"), "signature", "H", self._hand_over, deliver_items)
        self._deed("shelve", self.tr("Shelve"), "archive", "S", deeds.shelve, shelve_items)
        self._deed("hold", self.tr("Hold"), "hand", "K", deeds.hold, hold_items)
        self._deed("remind", self.tr("Remind"), "bell-ring", "M", self._remind, remind_addressee)
        self._deed("forward", self.tr("Forward"), "send", "F", deeds.forward, forward_items)
        self._deed("fail", self.tr("Could not deliver"), "triangle-alert", "N", deeds.fail, fail_delivery)
        self._deed("refuse", self.tr("Refused"), "ban", "R", deeds.refuse, refuse_items)
        self._deed("back", self.tr("Brought back"), "corner-up-right", "B", deeds.back, bring_back)
        self._deed("give_back", self.tr("Return to sender"), "corner-up-right", "G", deeds.give_back, return_items)
        self._deed("lose", self.tr("Report lost"), "circle-help", "X", deeds.lose, lose_items)
        self._deed("found", self.tr("Found again"), "package-check", "", deeds.found, find_items)
        self._deed("dispose", self.tr("Dispose of"), "trash-2", "", deeds.dispose, dispose_items)
        self._deed(
            "address", self.tr("Address"), "user", "A", lambda ids, what: deeds.address(ids[0], what), address_item
        )
        self._deed("edit", self.tr("Edit"), "pencil", "E", self._edit, edit_item)
        self._deed("print_tag", self.tr("Print tag"), "qr-code", "P", self._print_tags, log_print)
        self._deed("proof", self.tr("Proof of delivery"), "file-check", "D", self._proof, item_card)
        self._deed("override", self.tr("Override custody"), "shield-alert", "", self._override, override_state)
        self._page_action("receive", self.tr("Receive mail"), self._receive, "scan-barcode", "Ctrl+N", receive_item)
        self._page_action("rounds", self.tr("Rounds"), self._rounds, "route", "", plan_round)
        self._page_action("shelving", self.tr("Shelve by scanning"), self._shelving, "archive", "", shelve_items)
        addressees = partial(self._page.bench.shell.go, ADDRESSEES)
        self._page_action("addressees", self.tr("Absences and groups"), addressees, "users", "", answers)
        self._page_action("answers", self.tr("Answers about mail"), self._answers, "chart-column", "", answers)
        go = self._page.bench.shell.go
        for name, label, icon, page in (
            ("outgoing", self.tr("Outgoing mail"), "send", OUTGOING),
            ("manifests", self.tr("Manifests"), "clipboard-list", MANIFESTS),
            ("rates", self.tr("Prices of carriers"), "coins", RATES),
            ("pouch", self.tr("Pouch"), "briefcase", POUCH),
        ):
            self._page_action(name, label, partial(go, page), icon, "", item_card)
        self._page_action("export", self.tr("Export this view"), self._export, "download", "Ctrl+Shift+E", item_card)
        self._page_action(
            "filter", self.tr("Filter mail"), self._page.views.ask, "list-filter", "Ctrl+Shift+F", item_card
        )
        self._page_action("keep_view", self.tr("Save as view"), self._page.views.keep, "bookmark", "", item_card)
        self._page_action(
            "absence", self.tr("Note an absence"), self._addressees.absence, "calendar-days", "", note_absence
        )
        self._page_action(
            "add_group", self.tr("Add a group of addressees"), self._addressees.add_group, "users", "", note_absence
        )

    def _page_action(
        self, name: str, label: str, run: Callable[[], object], icon: str, key: str, work: Callable[..., Any]
    ) -> None:
        if self._page.bench.may(work):
            self._page.bench.shell.actions_.add(self._page, Action(f"mail.{name}", label, run, icon, key, "mail"))

    def _deed(self, name: str, label: str, icon: str, key: str, run: Run, work: Callable[..., Any]) -> None:
        """One deed on the chosen items: offered only to those who may."""
        if not self._page.bench.may(work):
            return

        def order() -> None:
            ids = self._page.list.chosen_ids() or ([self._page.card.card.id] if self._page.card.card else [])
            if ids:
                run(ids, self._name(ids))

        action = Action(
            f"mail.{name}", label, order, icon, key, "mail", enabled=lambda: self._page.card.card is not None
        )  # fmt: skip
        self._page.bench.shell.actions_.add(self._page, action)

    def _name(self, ids: Sequence[int]) -> str:
        card = self._page.card.card
        if len(ids) == 1 and card is not None and card.id == ids[0]:
            return card.number
        return self.tr("{count:item|items}").format(count=Count(len(ids)))

    def _receive(self) -> None:
        self._page.bench.shell.go(RAPID)

    def _shelving(self) -> None:
        self._page.bench.shell.go(SHELVING)

    def _rounds(self) -> None:
        self._page.bench.shell.go(ROUNDS)

    def _answers(self) -> None:
        self._page.bench.shell.go(ANSWERS)

    def _remind(self, ids: list[int], _what: str) -> None:
        self._page.bench.runner.write(remind_addressee, ids)

    def _hand_over(self, ids: list[int], what: str) -> None:
        card = self._page.card.card
        self._forms.hand_over(ids, what, card.addressee if card is not None and ids == [card.id] else "")

    def _edit(self, _ids: list[int], _what: str) -> None:
        if self._page.card.card is not None:
            self._forms.edit(self._page.card.card)

    def _override(self, _ids: list[int], _what: str) -> None:
        if self._page.card.card is not None:
            self._forms.override(self._page.card.card)

    def _proof(self, _ids: list[int], _what: str) -> None:
        if self._page.card.card is not None:
            print_proof(self._page.bench, self._page, self._page.card.card)

    def _print_tags(self, ids: list[int], _what: str) -> None:
        self._page.bench.print_tags(KIND, ids)

    def _export(self) -> None:
        office, listing = self._page.bench.runner.office, self._page.list.listing()
        if isinstance(listing, MailList):
            title = view_words()[self._page.views.view]
            total, narrowed = self._page.list.model.rowCount(), self._page.views.in_words()
            self._page.export.ask(title, COLUMNS, partial(rows, office, listing), total=total, narrowed=narrowed)
