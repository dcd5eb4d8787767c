"""The pouch on the screen: bags packed and counted by scanner alone, certified, sealed, dispatched, confirmed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.handoffs import give_bag
from cbo_desk.mail import pouch
from cbo_desk.mail.outgoing import OUTGOING
from cbo_desk.mail.pouch import BAG, BagCard, BagList, BagState, PouchFigures
from cbo_desk.mail.pouch.exporting import COLUMNS, rows
from cbo_desk.plurals import Count
from cbo_desk.tags import Opened, log_print
from cbo_desk.transport import TRIP
from ui.bench import Bench, record_of
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.dialogs import ask
from ui.kit.export import Export
from ui.kit.page import Page
from ui.kit.record_list import RecordList
from ui.kit.scanning.feed import Scanned
from ui.kit.states import ProgressStrip
from ui.kit.states import State as Empty
from ui.kit.tabs import Tab
from ui.kit.worded_views import WordedViews
from ui.mail.papers import ask_paper
from ui.mail.pouch.card import BagCardView
from ui.mail.pouch.forms import PouchForms
from ui.mail.pouch.looks import columns
from ui.mail.pouch.offered import deeds_of
from ui.mail.scans import MailScans

PAGE = "mail/pouch"


class PouchPage(Page):
    """Bags with their cards. Scan a bag, then its packages: they go into it, or are counted where it came in."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Pouch"), parent, help_page="pouch")
        self.bench = bench
        self.views = WordedViews(bench.shell, bench.preferences, "mail.pouch", self._shipped(), self.tabs, self)
        self.card = BagCardView(bench, self)
        self.forms = PouchForms(bench, self)
        self.list = RecordList(
            bench.runner,
            columns(),
            self._listing,
            name="mail.pouch",
            title=self.tr("Pouch bags"),
            things=self.tr("{count:bag|bags}"),
            sort="cut_off",
            descending=True,
            empty=self._none_yet,
            preferences=bench.preferences,
            parent=self,
        )
        self.strip = ProgressStrip(self)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self, self.strip)
        self.scans = MailScans(bench, self, self._foreign, self._scanned)
        self._add_actions()
        self._add_head()
        self.body.addWidget(self.strip)
        self.set_body(self.list, self.card, card=420, preferences=bench.preferences, name="mail.pouch")
        self.list.chosen.connect(self._read)
        self.list.all_asked.connect(self.filter_box.clear)
        self.filtered.connect(self.list.find_words)
        self.views.narrow(self.list, self.filter_box)
        self.views.renewed.connect(self._count)
        self.card.chosen.connect(bench.shell.actions_.run)
        bench.runner.changed.connect(self._hear)
        bench.feed.ask(self, self.scans.heard)
        self._count()

    def open_at(self, detail: str) -> None:
        """Show one bag, or a view."""
        record = record_of(detail)
        if record is not None and record[0] == BAG:
            self.list.show_record(record[1])
        elif detail.startswith("show:"):
            self.views.choose(detail.removeprefix("show:"))

    # --- head

    def _add_head(self) -> None:
        run = self.bench.shell.actions_.run
        if self.bench.may(pouch.announce):
            words = self.tr("Announce")
            self.add_buttons(Button(words, "log-in", "plain", partial(run, "mail.announce_bag")))
        if self.bench.may(pouch.open_bag):
            words = self.tr("Open a bag")
            self.add_buttons(Button(words, "plus", "primary", partial(run, "mail.open_bag"), "Ctrl+N"))
        self.use_filter(self.tr("Filter bags"))
        self.add_tools(self.views.tool, Tool("download", self.tr("Export this view"), partial(run, "mail.export_bags")))

    def _shipped(self) -> list[Tab]:
        tabs = {
            "all": self.tr("All"), "packing": self.tr("To pack"), "counting": self.tr("Coming in"),
            "out": self.tr("Gone out"), "in": self.tr("All that came in"),
        }  # fmt: skip
        return [Tab(name, words) for name, words in tabs.items()]

    def _listing(self, words: str, sort: str, descending: bool) -> BagList:
        return BagList(words, "" if self.views.whole() else self.views.view, sort or "cut_off", descending)

    def _none_yet(self) -> Empty:
        if not self.views.whole():
            return Empty("empty", self.tr("Nothing here"), self.tr("No bag stands so just now."), icon="briefcase")
        run = partial(self.bench.shell.actions_.run, "mail.open_bag")
        button = Button(self.tr("Open a bag"), "plus", run=run) if self.bench.may(pouch.open_bag) else None
        words = self.tr("Open a bag, scan what goes into it, have it certified, seal it.")
        return Empty("empty", self.tr("No bags yet"), words, button, icon="briefcase")

    def _count(self) -> None:
        self.bench.runner.walk(self, pouch.pouch_figures, done=self._say_figures)

    def _say_figures(self, found: PouchFigures) -> None:
        self.tabs.set_count("packing", found.packing)
        self.tabs.set_count("counting", found.coming)
        parts = [self.tr("{count:bag|bags} to pack or send").format(count=Count(found.packing))]
        if found.coming:
            parts.append(self.tr("{count:bag|bags} coming in").format(count=Count(found.coming)))
        if found.cases:
            parts.append(self.tr("{count:case|cases} open").format(count=Count(found.cases)))
        self.say(" · ".join(parts))

    def _hear(self, changes: Changes) -> None:
        touched = changes.touched()
        if {BAG, OUTGOING, pouch.CASE} & set(touched):
            self._count()
            if self.card.card is not None:
                if self.card.card.row.id in touched.get(BAG, ()):
                    self.card.say_fault("")  # something was done with the bag since: the refused scan is past
                self._read(self.card.card.row.id)

    # --- card

    def _read(self, ident: int) -> None:
        gone: Callable[[Exception], object] = lambda _gone: self.card.show_nothing()  # noqa: E731
        self.bench.read_card(self, self.card, pouch.bag_card, ident, done=self._show, failed=gone)

    def _show(self, card: BagCard) -> None:
        self.card.show_card(card, self._offered(card))
        self.bench.shell.note_stop(PAGE, f"{BAG}:{card.row.id}")

    def _offered(self, card: BagCard) -> list[Action]:
        known = {action.id: action for action in self.bench.shell.actions_.of("mail")}
        return [known[f"mail.{name}"] for name in deeds_of(card) if f"mail.{name}" in known]

    # --- scans

    def _scanned(self, scan: Scanned, opened: Opened) -> bool:
        """A bag becomes the one in hand; a package goes into it; a trip's ticket takes the sealed one along."""
        if opened.kind == BAG:
            self.list.show_record(opened.record_id)
            self.card.say_fault("")
            self.scans.done(scan, True, opened.title)
            return True
        card = self.card.card
        if opened.kind == TRIP and card is not None and card.row.state is BagState.SEALED and self.bench.may(give_bag):
            self._order(scan, give_bag, card.row.id, opened.record_id)
            return True
        if opened.kind == OUTGOING:
            if card is None or card.row.direction == "in":
                self._fail(scan, self.tr("Scan the bag first, then what goes into it."))
            else:
                self._order(scan, pouch.pack, card.row.id, [opened.record_id])
            return True
        return False

    def _foreign(self, scan: Scanned) -> None:
        """A barcode of somebody else's: a package of the bag that is being counted."""
        card = self.card.card
        if card is None or card.row.state is not BagState.ARRIVED:
            self._fail(scan, self.tr("Scan a bag that has arrived first, then its packages."))
            return
        self._order(scan, pouch.count, card.row.id, scan.text)

    def _order(self, scan: Scanned, command: Callable[..., Changes], *args: Any) -> None:
        def done(changes: Changes) -> None:
            self.card.say_fault("")
            self.scans.done(scan, True, changes.said)

        self.bench.runner.write(
            command, *args, done=done, failed=lambda error: self._fail(scan, str(error)), owner=self
        )

    def _fail(self, scan: Scanned, why: str) -> None:
        """Said at the bag, where the eyes of whoever scans are; nothing else has happened."""
        say = self.card.say_fault if self.card.card is not None else partial(self.bench.shell.toasts.say, tone="warn")
        say(why)
        self.scans.done(scan, False, why)

    # --- deeds

    def _add_actions(self) -> None:
        add, on, forms = self._action, self._on_bag, self.forms
        self.views.add_actions(self, "mail.pouch", "mail")
        saved = lambda changes: self.list.show_record(changes.ids[0])  # noqa: E731
        add("open_bag", self.tr("Open a bag"), partial(forms.open_bag, saved), "plus", "Ctrl+N", pouch.open_bag, False)
        announce = partial(forms.announce, saved)
        add("announce_bag", self.tr("Announce a bag"), announce, "log-in", "Ctrl+B", pouch.announce, False)
        add("certify", self.tr("Certify"), on(pouch.certify), "badge-check", "C", pouch.certify)
        undo = on(pouch.take_certificate_back)
        add("uncertify", self.tr("Uncertify"), undo, "undo-2", "U", pouch.take_certificate_back)
        add("pack_waits", self.tr("Pack waiting"), self._pack_waits, "package-plus", "L", pouch.pack)
        add("seal", self.tr("Seal"), self._with(forms.seal), "lock", "S", pouch.seal)
        add("dispatch_bag", self.tr("Dispatch"), self._with(forms.dispatch), "send", "D", pouch.dispatch)
        add("confirm_bag", self.tr("Arrived"), on(pouch.confirm_delivery), "circle-check", "A",
            pouch.confirm_delivery)  # fmt: skip
        add("take_in_bag", self.tr("Take in"), self._with(forms.take_in), "log-in", "T", pouch.take_in)
        add("confirm_count", self.tr("Count done"), self._confirm, "list-checks", "K", pouch.confirm)
        add("mark_missing", self.tr("Rest missing"), on(pouch.mark_missing), "circle-help", "X",
            pouch.mark_missing)  # fmt: skip
        add("close_case", self.tr("Close case"), self._close_case, "check", "E", pouch.close_case)
        add("way_bill", self.tr("Way bill"), self._with(self._way_bill), "printer", "W", pouch.bag_card)
        add("invoice", self.tr("Invoice"), self._with(self._invoice), "scroll-text", "I", pouch.bag_card)
        add("print_bag", self.tr("Print tag"), self._print_tag, "qr-code", "P", log_print)
        add("drop_bag", self.tr("Take back"), on(pouch.drop_bag), "undo-2", "", pouch.drop_bag)
        add("export_bags", self.tr("Export this view"), self._export, "download", "Ctrl+Shift+E", pouch.bag_card, False)
        add("add_destination", self.tr("Add a destination of the pouch"), forms.add_destination, "map-pin", "",
            pouch.add_destination, False)  # fmt: skip
        add("set_pouch_limit", self.tr("Limit of a destination of the pouch"), forms.set_limit, "scale", "",
            pouch.set_pouch_limit, False)  # fmt: skip

    def _action(
        self, name: str, label: str, run: Callable[[], object], icon: str, key: str, work: Callable[..., Any],
        chosen: bool = True,
    ) -> None:  # fmt: skip
        if self.bench.may(work):
            enabled = (lambda: self.card.card is not None) if chosen else (lambda: True)
            action = Action(f"mail.{name}", label, run, icon, key, "mail", enabled=enabled)
            self.bench.shell.actions_.add(self, action)

    def _on_bag(self, command: Callable[..., Changes]) -> Callable[[], object]:
        def order() -> None:
            if self.card.card is not None:
                self.bench.runner.write(command, self.card.card.row.id)

        return order

    def _with(self, run: Callable[[BagCard], object]) -> Callable[[], object]:
        return lambda: run(self.card.card) if self.card.card is not None else None

    def _pack_waits(self) -> None:
        card = self.card.card
        if card is not None and card.waits:
            self.bench.runner.write(pouch.pack, card.row.id, card.waits)

    def _confirm(self) -> None:
        card = self.card.card
        if card is None or card.row.state is not BagState.ARRIVED:
            return
        ask(
            self.bench.shell,
            self.tr("Confirm {bag}?").format(bag=card.row.number),
            self.tr("What is here becomes mail to be handed out. A confirmed bag cannot be changed."),
            self.tr("Confirm it"),
            lambda: self.bench.runner.write(pouch.confirm, card.row.id),
        )

    def _close_case(self) -> None:
        if self.card.card is not None:
            case = next((one for one in self.card.card.cases if one.closed_at is None), None)
            if case is not None:
                self.forms.close_case(case)

    def _way_bill(self, card: BagCard) -> None:
        def write(compound: str, path: Any) -> None:
            from cbo_desk.mail.pouch.paper import write_way_bill

            write_way_bill(compound, card, path)

        ask_paper(self.bench, self, self.tr("Way bill {bag}").format(bag=card.row.number), write)

    def _invoice(self, card: BagCard) -> None:
        def write(compound: str, path: Any) -> None:
            from cbo_desk.mail.pouch.paper import write_invoice

            write_invoice(compound, card, path)

        ask_paper(self.bench, self, self.tr("Invoice {bag}").format(bag=card.row.number), write)

    def _print_tag(self) -> None:
        if self.card.card is not None:
            self.bench.print_tags(BAG, [self.card.card.row.id])

    def _export(self) -> None:
        office, listing = self.bench.runner.office, self.list.listing()
        if isinstance(listing, BagList):
            narrowed, total = self.list.narrowed(self.views.title()), self.list.model.rowCount()
            found = partial(rows, office, listing)
            self.export.ask(self.tr("Pouch bags"), COLUMNS, found, total=total, narrowed=narrowed)
