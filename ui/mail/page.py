"""The mail desk on the screen: what is in our hands, by state, with the card of the chosen item."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.mail import (
    KIND,
    ROUND,
    ItemCard,
    MailFigures,
    MailList,
    State,
    check_missing,
    figures,
    get_ready,
    item_card,
    plan_round,
    receive_item,
    shelve_items,
)
from cbo_desk.plurals import Count
from ui.bench import Bench, record_of
from ui.kit.buttons import Button, Tool
from ui.kit.cards import frame, rule
from ui.kit.export import Export
from ui.kit.page import Page
from ui.kit.record_list import RecordList
from ui.kit.states import ProgressStrip
from ui.kit.states import State as Empty
from ui.kit.tabs import Tab
from ui.mail.card import CardDeed, ItemCardView
from ui.mail.columns import Lying, columns
from ui.mail.item_deeds import (
    ADDRESSEES,
    ANSWERS,
    MANIFESTS,
    OUTGOING,
    POUCH,
    RAPID,
    RATES,
    ROUNDS,
    SHELVING,
    ItemDeeds,
)  # fmt: skip
from ui.mail.scans import MailScans
from ui.mail.views import VIEWS, MailViews, of_view, view_words

Run = Callable[[list[int], str], object]
COUNT_PAUSE_MS = 200
HOMES = {ROUND: ROUNDS, "mail.outgoing": OUTGOING, "mail.manifest": MANIFESTS, "mail.bag": POUCH}
"""Kinds of records that have a page of their own."""


class MailPage(Page):
    """The list with its card; everything that can be done is an action that Ctrl+K finds."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Mail"), parent, help_page="mail")
        self.bench = bench
        self.views = MailViews(bench, self)
        self.lying = Lying()
        self.card = ItemCardView(bench, self)
        self.list = RecordList(
            bench.runner,
            columns(self.lying),
            self._listing,
            name="mail.items",
            title=self.tr("Items"),
            things=self.tr("{count:item|items}"),
            sort="received",
            empty=self._nothing_yet,
            preferences=bench.preferences,
            parent=self,
        )
        self.strip = ProgressStrip(self)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self, self.strip)
        self.scans = MailScans(bench, self)
        self.deeds = ItemDeeds(self)
        self._add_head()
        self._add_pages()
        self.deeds.add()
        self.body.addWidget(self.strip)
        left = frame(self.views.chips, rule(), self.list, look="plain", gap=4)
        self.set_body(left, self.card, card=400, preferences=bench.preferences, name="mail")
        self._recount = QTimer(self, singleShot=True, interval=COUNT_PAUSE_MS)
        self._recount.timeout.connect(self._count)
        self._connect()
        self._count()
        done, failed = (lambda _ready: None), (lambda _error: None)  # nobody waits for it
        bench.runner.in_a_rest(self, partial(bench.runner.read, self, get_ready, done=done, failed=failed))

    def open_at(self, detail: str) -> None:
        """Show one item, or a view: scans, Ctrl+K and Alt+← lead here."""
        record = record_of(detail)
        if record is not None and record[0] == KIND:
            self.list.show_record(record[1])
        elif record is not None and record[0] in HOMES:
            self.bench.shell.go(HOMES[record[0]], detail)
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
        buttons = [Button(self.tr("Answers"), "chart-column", "plain", partial(run, "mail.answers"))]
        buttons.append(Button(self.tr("Pouch"), "briefcase", "plain", partial(run, "mail.pouch")))
        buttons.append(Button(self.tr("Outgoing"), "send", "plain", partial(run, "mail.outgoing")))
        if self.bench.may(plan_round):
            buttons.append(Button(self.tr("Rounds"), "route", "plain", partial(run, "mail.rounds")))
        if self.bench.may(shelve_items):
            buttons.append(Button(self.tr("Shelving"), "archive", "plain", partial(run, "mail.shelving")))
        if self.bench.may(receive_item):
            words = self.tr("Receive")
            buttons.append(Button(words, "scan-barcode", "primary", partial(run, "mail.receive"), "Ctrl+N"))
        self.add_buttons(*buttons)
        self.tabs.show_tabs([Tab(name, words, 0) for name, words in view_words().items()], "all")
        self.use_filter(self.tr("Filter mail"))
        export = Tool("download", self.tr("Export this view"), partial(run, "mail.export"))
        self.add_tools(Tool("list-filter", self.tr("Filter mail"), self.views.ask), self.views.tool, export)

    def _add_pages(self) -> None:
        shell = self.bench.shell
        shell.add_page(ANSWERS, self._make_answers)
        shell.add_page(ADDRESSEES, self._make_addressees)
        if self.bench.may(receive_item):
            shell.add_page(RAPID, self._make_rapid)
        if self.bench.may(plan_round):
            shell.add_page(ROUNDS, self._make_rounds)
        if self.bench.may(shelve_items):
            shell.add_page(SHELVING, self._make_shelving)
        shell.add_page(OUTGOING, self._make_outgoing)
        shell.add_page(MANIFESTS, self._make_manifests)
        shell.add_page(RATES, self._make_rates)
        shell.add_page(POUCH, self._make_pouch)

    def _make_addressees(self, parent: QWidget) -> QWidget:
        from ui.mail.addressees import AddresseesPage

        return AddresseesPage(self.bench, parent)

    def _make_answers(self, parent: QWidget) -> QWidget:
        from ui.mail.answers import AnswersPage

        return AnswersPage(self.bench, parent)

    def _make_outgoing(self, parent: QWidget) -> QWidget:
        from ui.mail.outgoing.page import OutgoingPage

        return OutgoingPage(self.bench, parent)

    def _make_manifests(self, parent: QWidget) -> QWidget:
        from ui.mail.outgoing.manifests import ManifestsPage

        return ManifestsPage(self.bench, parent)

    def _make_rates(self, parent: QWidget) -> QWidget:
        from ui.mail.outgoing.rates import RatesPage

        return RatesPage(self.bench, parent)

    def _make_pouch(self, parent: QWidget) -> QWidget:
        from ui.mail.pouch.page import PouchPage

        return PouchPage(self.bench, parent)

    def _make_rapid(self, parent: QWidget) -> QWidget:
        from ui.mail.rapid import RapidPage

        return RapidPage(self.bench, parent)

    def _make_rounds(self, parent: QWidget) -> QWidget:
        from ui.mail.rounds import RoundsPage

        return RoundsPage(self.bench, parent)

    def _make_shelving(self, parent: QWidget) -> QWidget:
        from ui.mail.shelving import ShelvingPage

        return ShelvingPage(self.bench, parent)

    def _connect(self) -> None:
        self.list.chosen.connect(self._read)
        self.list.all_asked.connect(self.filter_box.clear)
        self.card.chosen.connect(self.bench.shell.actions_.run)
        self.card.more.connect(self._more)
        self.tabs.chosen.connect(self.show_view)
        self.filtered.connect(self.list.find_words)
        self.views.changed.connect(lambda _filter: self.list.refresh())
        self.views.opened.connect(self.show_view)
        self.bench.runner.changed.connect(self._hear)
        self.bench.runner.did.connect(self._look_again)
        self.bench.feed.ask(self, self.scans.heard)

    def _listing(self, words: str, sort: str, descending: bool) -> MailList:
        wanted = of_view(self.views.view, self.views.filter, self.lying.ageing)
        over = self.views.view in ("all", "delivered") and sort in ("", "received")  # the newest first
        return MailList(wanted.with_words(words), sort or "received", descending != over)

    def _nothing_yet(self) -> Empty:
        run = partial(self.bench.shell.actions_.run, "mail.receive")
        button = Button(self.tr("Receive"), "scan-barcode", run=run) if self.bench.may(receive_item) else None
        if self.views.view != "all" or self.views.in_words():
            return Empty("empty", self.tr("Nothing here"), self.tr("No item stands so just now."), icon="mail")
        return Empty(
            "empty",
            self.tr("No mail yet"),
            self.tr("Scan the first item's barcode to receive it."),
            button,
            icon="mail",
        )

    def _count(self) -> None:
        self.bench.runner.walk(self, figures, done=self._say_figures)

    def _say_figures(self, found: MailFigures) -> None:
        for view, states in VIEWS.items():
            if states and view not in ("ageing", "accountable"):
                self.tabs.set_count(view, sum(found.by_state.get(state, 0) for state in states))
        self.tabs.set_count("complete", found.to_complete)
        self.tabs.set_count("all", None)
        self.tabs.set_count("ageing", found.lying_long)
        self.tabs.set_count("accountable", found.accountable)
        self.lying.ageing = found.ageing
        parts = [self.tr("{count:item|items} in our hands").format(count=Count(found.in_hands))]
        if found.accountable:
            parts.append(self.tr("{count} accountable").format(count=f"{found.accountable:,}"))
        if found.exceptions:
            parts.append(self.tr("{count:exception|exceptions}").format(count=Count(found.exceptions)))
        if found.to_complete:
            parts.append(self.tr("{count} to be completed").format(count=f"{found.to_complete:,}"))
        if found.going_back:
            parts.append(self.tr("{count:goes|go} back to the sender this week").format(count=Count(found.going_back)))
        self.say(" · ".join(parts))
        self.bench.shell.set_count("mail", found.waiting)

    def _hear(self, changes: Changes) -> None:
        touched = changes.touched()
        if KIND not in touched and "tags.tag" not in touched:
            return
        self._recount.start()
        shown = self.card.card
        if shown is not None and (changes.everything or shown.id in touched.get(KIND, ())):
            self._read(shown.id)

    def _look_again(self, changes: Changes) -> None:
        """A photo that was missing may have been added here, or taken off."""
        touched = changes.touched()
        if "attachment" in touched and self.bench.may(check_missing):
            for ident in touched.get(KIND, ()):
                self.bench.runner.write(check_missing, ident)

    # --- card

    def _read(self, ident: int) -> None:
        self.bench.read_card(self, self.card, item_card, ident, done=self._show, failed=self._gone)

    def _show(self, card: ItemCard) -> None:
        self.card.show_card(card, self._offered(card))
        self.bench.shell.note_stop("mail", f"{KIND}:{card.id}")

    def _gone(self, error: Exception) -> None:
        self.card.show_nothing()
        self.bench.runner.failed.emit(error)

    def _offered(self, card: ItemCard) -> list[CardDeed]:
        """The deeds that make sense for an item as it stands; the rest is behind the ellipsis."""
        here = ["hand_over", "shelve", "hold", "address", "edit", "forward"]
        if card.details.addressed.person_id is not None:
            here[3] = "remind"  # whom it is for is known: to say somebody else is behind the ellipsis
        by_state = {
            State.OUT: ["hand_over", "fail", "refuse", "back"],
            State.ATTEMPTED: ["hand_over", "back", "refuse"],
            State.REFUSED: ["give_back", "back", "shelve"],
            State.LOST: ["found", "dispose"],
            State.DELIVERED: ["proof"],
        }
        wanted = by_state.get(card.state, here if card.state in (State.RECEIVED, State.SHELVED, State.HELD) else [])
        known = {action.id: action for action in self.bench.shell.actions_.of("mail")}
        found = [known[f"mail.{name}"] for name in wanted if f"mail.{name}" in known]
        return [CardDeed(action.label, action.icon, action.shortcut, action.id) for action in found]

    def _more(self, button: QWidget) -> None:
        known = {action.id for action in self.bench.shell.actions_.of("mail")}
        wanted = ("address", "give_back", "refuse", "lose", "found", "dispose", "print_tag", "proof", "override")
        names = [f"mail.{name}" for name in wanted if f"mail.{name}" in known]
        menu = self.bench.shell.actions_.menu(self, names)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
