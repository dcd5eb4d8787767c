"""Outgoing mail on the screen: handed in, priced side by side, put on a manifest, followed on its way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.mail.outgoing import (
    MANIFEST,
    OUTGOING,
    OutgoingCard,
    OutgoingFigures,
    OutgoingList,
    State,
    choose_carrier,
    edit_outgoing,
    give_back_outgoing,
    hand_in,
    hand_in_for_pouch,
    list_waiting,
    lose_outgoing,
    number_outgoing,
    outgoing_card,
    outgoing_figures,
    unlist_items,
    withdraw_outgoing,
)
from cbo_desk.mail.outgoing.exporting import OUTGOING_COLUMNS, outgoing_rows_of
from cbo_desk.plurals import Count
from cbo_desk.tags import log_print
from ui.bench import Bench, record_of
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cards import frame, rule
from ui.kit.export import Export
from ui.kit.page import Page
from ui.kit.record_list import RecordList
from ui.kit.scanning.feed import Scanned
from ui.kit.states import ProgressStrip
from ui.kit.states import State as Empty
from ui.kit.tabs import Tab
from ui.mail.outgoing.card import OFFERED, OutgoingCardView
from ui.mail.outgoing.columns import outgoing_columns
from ui.mail.outgoing.forms import OutgoingForms
from ui.mail.outgoing.offered import deeds_of
from ui.mail.outgoing.views import VIEWS, OutgoingViews, of_view, view_words
from ui.mail.scans import MailScans

COUNT_PAUSE_MS = 200
Run = Callable[[list[int], str], object]


class OutgoingPage(Page):
    """The list with its card. A carrier's label that is scanned becomes the number of the item in hand."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Outgoing"), parent, help_page="outgoing")
        self.bench = bench
        self.views = OutgoingViews(bench, self)
        self.card = OutgoingCardView(bench, self)
        self.forms = OutgoingForms(bench, self)
        self.list = RecordList(
            bench.runner,
            outgoing_columns(),
            self._listing,
            name="mail.outgoing",
            title=self.tr("Outgoing mail"),
            things=self.tr("{count:item|items}"),
            sort="handed_in",
            descending=True,
            empty=self._nothing_yet,
            preferences=bench.preferences,
            parent=self,
        )
        self.strip = ProgressStrip(self)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self, self.strip)
        self.scans = MailScans(bench, self, self._numbered)
        self._add_actions()
        self._add_head()
        self.body.addWidget(self.strip)
        left = frame(self.views.chips, rule(), self.list, look="plain", gap=4)
        self.set_body(left, self.card, card=420, preferences=bench.preferences, name="mail.outgoing")
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.setInterval(COUNT_PAUSE_MS)
        self._recount.timeout.connect(self._count)
        self._connect()
        self._count()

    def open_at(self, detail: str) -> None:
        """Show one item, or a view."""
        record = record_of(detail)
        if record is not None and record[0] == OUTGOING:
            self.list.show_record(record[1])
        elif detail.startswith("show:"):
            self.show_view(detail.removeprefix("show:"))

    def show_view(self, view: str) -> None:
        """Show one of the shipped views."""
        self.tabs.choose(view)
        self.views.view = view
        self.list.begin_anew()

    # --- head

    def _add_head(self) -> None:
        run = self.bench.shell.actions_.run
        self.add_buttons(
            Button(self.tr("Prices"), "coins", "plain", partial(run, "mail.rates")),
            Button(self.tr("Manifests"), "clipboard-list", "plain", partial(run, "mail.manifests")),
        )
        if self.bench.may(hand_in):
            words = self.tr("Hand in")
            self.add_buttons(Button(words, "plus", "primary", partial(run, "mail.hand_in"), "Ctrl+N"))
        self.tabs.show_tabs([Tab(name, words, None) for name, words in view_words().items()], "all")
        self.use_filter(self.tr("Filter outgoing mail"))
        export = Tool("download", self.tr("Export this view"), partial(run, "mail.export_outgoing"))
        self.add_tools(Tool("list-filter", self.tr("Filter outgoing mail"), self.views.ask), self.views.tool, export)

    def _connect(self) -> None:
        self.list.chosen.connect(self._read)
        self.list.all_asked.connect(self.filter_box.clear)
        self.card.chosen.connect(self.bench.shell.actions_.run)
        self.tabs.chosen.connect(self.show_view)
        self.filtered.connect(self.list.find_words)
        self.views.changed.connect(lambda _filter: self.list.refresh())
        self.views.opened.connect(self.show_view)
        self.bench.runner.changed.connect(self._hear)
        self.bench.feed.ask(self, self.scans.heard)

    def _listing(self, words: str, sort: str, descending: bool) -> OutgoingList:
        wanted = of_view(self.views.view, self.views.filter)
        return OutgoingList(wanted.with_words(words), sort or "handed_in", descending)

    def _nothing_yet(self) -> Empty:
        if self.views.view != "all" or self.views.in_words():
            return Empty("empty", self.tr("Nothing here"), self.tr("No item stands so just now."), icon="send")
        run = partial(self.bench.shell.actions_.run, "mail.hand_in")
        button = Button(self.tr("Hand in"), "plus", run=run) if self.bench.may(hand_in) else None
        words = self.tr("Hand in the first item: its carriers are compared, and its cost goes to its entity.")
        return Empty("empty", self.tr("No outgoing mail yet"), words, button, icon="send")

    def _count(self) -> None:
        self.bench.runner.walk(self, outgoing_figures, done=self._say_figures)

    def _say_figures(self, found: OutgoingFigures) -> None:
        for view, states in VIEWS.items():
            if states and view != "gone":
                self.tabs.set_count(view, sum(found.by_state.get(state, 0) for state in states))
        self.tabs.set_count("loose", found.no_carrier)
        waiting = sum(found.by_state.get(state, 0) for state in (State.HANDED_IN, State.MANIFESTED, State.BAGGED))
        parts = [self.tr("{count:item waits|items wait} to go out").format(count=Count(waiting))]
        if found.no_carrier:
            parts.append(self.tr("{count:has|have} no carrier yet").format(count=Count(found.no_carrier)))
        if found.manifests_waiting:
            words = self.tr("{count:manifest waits|manifests wait} for pick-up")
            parts.append(words.format(count=Count(found.manifests_waiting)))
        self.say(" · ".join(parts))

    def _hear(self, changes: Changes) -> None:
        touched = changes.touched()
        if {OUTGOING, MANIFEST, "mail.rate", "mail.carrier"} & set(touched):
            self._recount.start()
            shown = self.card.card
            if shown is not None and (changes.everything or OUTGOING not in touched or shown.id in touched[OUTGOING]):
                self._read(shown.id)

    # --- card

    def _read(self, ident: int) -> None:
        gone: Callable[[Exception], object] = lambda _gone: self.card.show_nothing()  # noqa: E731
        self.bench.read_card(self, self.card, outgoing_card, ident, done=self._show, failed=gone)

    def _show(self, card: OutgoingCard) -> None:
        self.card.show_card(card, self._offered(card))
        self.bench.shell.note_stop("mail/outgoing", f"{OUTGOING}:{card.id}")

    def _offered(self, card: OutgoingCard) -> list[Action]:
        known = {action.id: action for action in self.bench.shell.actions_.of("mail")}
        return [known[f"mail.{name}"] for name in deeds_of(card) if f"mail.{name}" in known]

    # --- scans

    def _numbered(self, scan: Scanned) -> None:
        """A carrier's label: it is the number of the item in hand."""
        card = self.card.card
        if card is None or card.way != "carrier" or card.state not in (State.HANDED_IN, State.MANIFESTED):
            why = self.tr("Scan our own tag first: a carrier's label belongs to the item in hand.")
            self.bench.shell.toasts.say(why, tone="warn")
            self.scans.done(scan, False, why)
            return

        def failed(error: Exception) -> None:
            self.bench.runner.failed.emit(error)
            self.scans.done(scan, False, str(error))

        done: Callable[[Changes], object] = lambda changes: self.scans.done(scan, True, changes.said)  # noqa: E731
        self.bench.runner.write(number_outgoing, card.id, scan.text, done=done, failed=failed, owner=self)

    # --- deeds

    def _add_actions(self) -> None:
        forms, order = self.forms, self._order
        self._deed("to_manifest", self.tr("To manifest"), "clipboard-list", "M", order(list_waiting), list_waiting)
        self._deed("off_manifest", self.tr("Off manifest"), "undo-2", "U", order(unlist_items), unlist_items)
        self._deed("print_outgoing", self.tr("Print tag"), "qr-code", "P", self._print, log_print)
        self._deed("edit_outgoing", self.tr("Edit"), "pencil", "E", self._edit, edit_outgoing)
        self._deed(
            "give_outgoing_back", self.tr("Give back"), "corner-up-right", "G", forms.give_back, give_back_outgoing
        )
        self._deed("lose_outgoing", self.tr("Report lost"), "circle-help", "X", forms.lose, lose_outgoing)
        self._deed("withdraw_outgoing", self.tr("Take back"), "undo-2", "", order(withdraw_outgoing), withdraw_outgoing)
        self._deed("show_manifest", self.tr("Show manifest"), "clipboard-list", "S", self._manifest, outgoing_card)
        self._deed("show_bag", self.tr("Show bag"), "briefcase", "B", self._bag, outgoing_card)
        for place in range(1, OFFERED + 1):
            words = self.tr("Carrier {place}").format(place=place)
            run = partial(self._choose, place)
            self._add(f"carrier_{place}", words, run, "truck", str(place), choose_carrier, listed=False)
        self._add(
            "no_carrier", self.tr("No carrier yet"), partial(self._choose, 0), "circle-dashed", "0", choose_carrier
        )
        saved: Callable[[Changes], object] = lambda changes: self.list.show_record(changes.ids[0])  # noqa: E731
        self._add("hand_in", self.tr("Hand in"), partial(forms.hand_in, saved), "plus", "Ctrl+N", hand_in)
        by_pouch = partial(forms.hand_in_for_pouch, saved)
        self._add("hand_in_pouch", self.tr("Hand in for the pouch"), by_pouch, "briefcase", "Ctrl+B", hand_in_for_pouch)
        self._add(
            "export_outgoing", self.tr("Export this view"), self._export, "download", "Ctrl+Shift+E", outgoing_card
        )
        self._add("keep_outgoing_view", self.tr("Save as view"), self.views.keep, "bookmark", "", outgoing_card)

    def _add(
        self,
        name: str,
        label: str,
        run: Callable[[], object],
        icon: str,
        key: str,
        work: Callable[..., Any],
        listed: bool = True,
    ) -> None:
        if self.bench.may(work):
            self.bench.shell.actions_.add(self, Action(f"mail.{name}", label, run, icon, key, "mail", listed=listed))

    def _deed(self, name: str, label: str, icon: str, key: str, run: Run, work: Callable[..., Any]) -> None:
        """One deed on the chosen items: offered only to those who may."""
        if not self.bench.may(work):
            return

        def order() -> None:
            ids = self.list.chosen_ids() or ([self.card.card.id] if self.card.card else [])
            if ids:
                run(ids, self._name(ids))

        enabled = lambda: self.card.card is not None  # noqa: E731
        self.bench.shell.actions_.add(self, Action(f"mail.{name}", label, order, icon, key, "mail", enabled=enabled))

    def _order(self, command: Callable[..., Changes]) -> Run:
        return lambda ids, _what: self.bench.runner.write(command, ids)

    def _name(self, ids: Sequence[int]) -> str:
        card = self.card.card
        if len(ids) == 1 and card is not None and card.id == ids[0]:
            return card.number
        return self.tr("{count:item|items}").format(count=Count(len(ids)))

    def _choose(self, place: int) -> None:
        """Give the item in hand to the carrier with this key; 0 takes its carrier away."""
        found, card = self.card.offer_at(place), self.card.card
        if card is not None and (found is not None or place == 0):
            self.bench.runner.write(choose_carrier, [card.id], found.carrier_id if found else None)

    def _edit(self, _ids: list[int], _what: str) -> None:
        if self.card.card is not None and not self.card.card.hidden:
            self.forms.edit(self.card.card)

    def _print(self, ids: list[int], _what: str) -> None:
        self.bench.print_tags(OUTGOING, ids)

    def _manifest(self, _ids: list[int], _what: str) -> None:
        self._go("mail/manifests", MANIFEST, self.card.card.manifest_id if self.card.card else None)

    def _bag(self, _ids: list[int], _what: str) -> None:
        self._go("mail/pouch", "mail.bag", self.card.card.bag_id if self.card.card else None)

    def _go(self, page: str, kind: str, ident: int | None) -> None:
        if ident is not None:
            self.bench.shell.go(page, f"{kind}:{ident}")

    def _export(self) -> None:
        office, listing = self.bench.runner.office, self.list.listing()
        if isinstance(listing, OutgoingList):
            total, narrowed = self.list.model.rowCount(), self.views.in_words()
            title = f"{self.tr('Outgoing')} {view_words()[self.views.view]}"
            rows = partial(outgoing_rows_of, office, listing)
            self.export.ask(title, OUTGOING_COLUMNS, rows, total=total, narrowed=narrowed)
