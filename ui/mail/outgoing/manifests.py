"""Manifests on the screen: filled by scanning, closed for good, printed, collected against a signature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import ZONE, clock, local
from cbo_desk.errors import Faults
from cbo_desk.handoffs import give_manifest
from cbo_desk.mail.outgoing import (
    MANIFEST,
    OUTGOING,
    CarrierRow,
    ManifestCard,
    ManifestList,
    carriers,
    close_manifest,
    collect_manifest,
    drop_manifest,
    list_items,
    manifest_card,
    open_manifest,
)
from cbo_desk.mail.outgoing.exporting import MANIFEST_COLUMNS, manifest_rows_of
from cbo_desk.plurals import Count
from cbo_desk.tags import Opened
from cbo_desk.transport import TRIP
from ui.bench import Bench, record_of
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.dialogs import FormBox, ask, open_form
from ui.kit.export import Export
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.page import Page
from ui.kit.phrases import money
from ui.kit.record_list import RecordList
from ui.kit.scanning.feed import Scanned
from ui.kit.scanning.showing import visible
from ui.kit.states import ProgressStrip
from ui.kit.states import State as Empty
from ui.kit.tabs import Tab
from ui.kit.worded_views import WordedViews
from ui.mail.outgoing.collecting import ask_collect, ask_collect_by
from ui.mail.outgoing.columns import manifest_columns
from ui.mail.outgoing.manifest_card import ManifestCardView
from ui.mail.outgoing.offered import deeds_of_manifest
from ui.mail.papers import ask_paper
from ui.mail.scans import MailScans


def instant_of(on: Any, typed: str, field: str) -> datetime:
    """A day and a time as typed; raises Faults beside the field for a time that is none."""
    parts = typed.strip().split(":")
    if len(parts) == 2 and all(part.isdigit() for part in parts) and int(parts[0]) < 24 and int(parts[1]) < 60:
        return datetime.combine(on, time(int(parts[0]), int(parts[1])), ZONE)
    raise Faults({field: "A time is hours and minutes, such as 15:30."})


class ManifestsPage(Page):
    """Manifests with their cards. While an open one is chosen, every outgoing item that is scanned goes on it."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Manifests"), parent, help_page="outgoing")
        self.bench = bench
        self.views = WordedViews(bench.shell, bench.preferences, "mail.manifests", self._shipped(), self.tabs, self)
        self.card = ManifestCardView(bench, self)
        self.list = RecordList(
            bench.runner,
            manifest_columns(),
            self._listing,
            name="mail.manifests",
            title=self.tr("Manifests"),
            things=self.tr("{count:manifest|manifests}"),
            sort="pickup",
            descending=True,
            empty=self._none_yet,
            preferences=bench.preferences,
            parent=self,
        )
        self.strip = ProgressStrip(self)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self, self.strip)
        self.scans = MailScans(bench, self, None, self._scanned, self._unknown)
        self._add_actions()
        run = bench.shell.actions_.run
        if bench.may(open_manifest):
            begin = partial(run, "mail.open_manifest")
            self.add_buttons(Button(self.tr("Begin a manifest"), "plus", "primary", begin, "Ctrl+N"))
        self.use_filter(self.tr("Filter manifests"))
        self.add_tools(
            self.views.tool, Tool("download", self.tr("Export this view"), partial(run, "mail.export_manifests"))
        )
        self.body.addWidget(self.strip)
        self.set_body(self.list, self.card, card=420, preferences=bench.preferences, name="mail.manifests")
        self.list.chosen.connect(self._read)
        self.list.all_asked.connect(self.filter_box.clear)
        self.filtered.connect(self.list.find_words)
        self.views.narrow(self.list, self.filter_box)
        self.card.chosen.connect(run)
        bench.runner.changed.connect(self._hear)
        bench.feed.ask(self, self.scans.heard)
        self.say(self.tr("Scan an item: it goes on the chosen manifest. A closed one can no longer be changed."))

    def open_at(self, detail: str) -> None:
        """Show one manifest, or a view."""
        record = record_of(detail)
        if record is not None and record[0] == MANIFEST:
            self.list.show_record(record[1])
        elif detail.startswith("show:"):
            self.views.choose(detail.removeprefix("show:"))

    def _shipped(self) -> list[Tab]:
        return [
            Tab("all", self.tr("All")),
            Tab("open", self.tr("Open")),
            Tab("waiting", self.tr("Waits for pick-up")),
            Tab("collected", self.tr("Collected")),
        ]

    def _listing(self, words: str, sort: str, descending: bool) -> ManifestList:
        return ManifestList(words, "" if self.views.whole() else self.views.view, sort or "pickup", descending)

    def _none_yet(self) -> Empty:
        if not self.views.whole():
            return Empty(
                "empty", self.tr("Nothing here"), self.tr("No manifest stands so just now."), icon="clipboard-list"
            )
        run = partial(self.bench.shell.actions_.run, "mail.open_manifest")
        button = Button(self.tr("Begin a manifest"), "plus", run=run) if self.bench.may(open_manifest) else None
        words = self.tr("A manifest holds what one carrier takes at one pick-up.")
        return Empty("empty", self.tr("No manifests yet"), words, button, icon="clipboard-list")

    def _read(self, ident: int) -> None:
        gone: Callable[[Exception], object] = lambda _gone: self.card.show_nothing()  # noqa: E731
        self.bench.read_card(self, self.card, manifest_card, ident, done=self._show, failed=gone)

    def _show(self, card: ManifestCard) -> None:
        known = {action.id: action for action in self.bench.shell.actions_.of("mail")}
        self.card.show_card(
            card, [known[f"mail.{name}"] for name in deeds_of_manifest(card) if f"mail.{name}" in known]
        )
        self.bench.shell.note_stop("mail/manifests", f"{MANIFEST}:{card.row.id}")

    def _hear(self, changes: Changes) -> None:
        if {MANIFEST, OUTGOING} & set(changes.touched()) and self.card.card is not None:
            self._read(self.card.card.row.id)

    # --- scans

    def _unknown(self, scan: Scanned, why: str) -> None:
        """What nothing here has must not become incoming mail by the way."""
        words = self.tr("No outgoing item has {code}. The scan is kept; hand the item in on the Outgoing page first.")
        self.scans.say_refused(scan, why or words.format(code=visible(scan.text.strip(), 40)))

    def _scanned(self, scan: Scanned, opened: Opened) -> bool:
        """An item goes on the open manifest; a trip's ticket takes the closed one along."""
        card = self.card.card
        waits = card is not None and card.row.closed_at is not None and card.row.collected_at is None
        if opened.kind == TRIP and card is not None and waits and self.bench.may(give_manifest):
            gone = self.tr("{trip} is over: nothing can be put on it any more.").format(trip=opened.title)
            say = partial(self.bench.shell.toasts.say, gone, tone="warn")
            ask_collect_by(self.bench, self, card, opened, say)
            self.scans.done(scan, True, opened.title)
            return True
        if opened.kind != OUTGOING or card is None:
            return False
        if card.row.closed_at is not None:
            words = self.tr("{manifest} is closed: {item} is not put on it. Choose another manifest.")
            self.scans.say_refused(scan, words.format(manifest=card.row.number, item=opened.title))
            return True

        def failed(error: Exception) -> None:
            self.bench.runner.failed.emit(error)
            self.scans.done(scan, False, str(error))

        done: Callable[[Changes], object] = lambda changes: self.scans.done(scan, True, changes.said)  # noqa: E731
        order = (list_items, [opened.record_id], card.row.id)
        self.bench.runner.write(*order, done=done, failed=failed, owner=self)
        return True

    # --- deeds

    def _add_actions(self) -> None:
        add = self._action
        self.views.add_actions(self, "mail.manifests", "mail")
        add("open_manifest", self.tr("Begin a manifest"), self._open, "plus", "Ctrl+N", open_manifest, False)
        add("list_waits", self.tr("All that waits"), self._list_waits, "package-plus", "L", list_items)
        add("close_manifest", self.tr("Close"), self._close, "lock", "C", close_manifest)
        add("collect_manifest", self.tr("Collected"), self._collect, "signature", "H", collect_manifest)
        add("print_manifest", self.tr("Print"), self._print, "printer", "P", manifest_card)
        add("drop_manifest", self.tr("Take back"), self._drop, "undo-2", "", drop_manifest)
        add(
            "export_manifests",
            self.tr("Export this view"),
            self._export,
            "download",
            "Ctrl+Shift+E",
            manifest_card,
            False,
        )

    def _action(
        self, name: str, label: str, run: Callable[[], object], icon: str, key: str, work: Callable[..., Any],
        chosen: bool = True,
    ) -> None:  # fmt: skip
        if self.bench.may(work):
            enabled = (lambda: self.card.card is not None) if chosen else (lambda: True)
            action = Action(f"mail.{name}", label, run, icon, key, "mail", enabled=enabled)
            self.bench.shell.actions_.add(self, action)

    def _list_waits(self) -> None:
        card = self.card.card
        if card is not None and card.waits:
            self.bench.runner.write(list_items, card.waits, card.row.id)

    def _drop(self) -> None:
        if self.card.card is not None:
            self.bench.runner.write(drop_manifest, self.card.card.row.id)

    def _close(self) -> None:
        card = self.card.card
        if card is None or card.row.closed_at is not None:
            return
        items = self.tr("{count:item|items}").format(count=Count(len(card.lines)))
        total = " + ".join(money(cents, currency) for currency, cents in card.totals.items())
        ask(
            self.bench.shell,
            self.tr("Close {manifest}?").format(manifest=card.row.number),
            self.tr("{items} are charged to their entities: {total}. A closed manifest cannot be changed.").format(
                items=items, total=total or "0"
            ),
            self.tr("Close it"),
            lambda: self.bench.runner.write(close_manifest, card.row.id),
        )

    def _collect(self) -> None:
        card = self.card.card
        if card is None:
            return
        ask_collect(self.bench, self, card)

    def _print(self) -> None:
        card = self.card.card
        if card is None:
            return

        def write(compound: str, path: Any) -> None:
            from cbo_desk.mail.outgoing.paper import write_manifest

            write_manifest(compound, card, path)

        title = self.tr("Manifest {number}").format(number=card.row.number)
        ask_paper(self.bench, self, title, write)

    def _open(self) -> None:
        self.bench.runner.read(self, carriers, done=self._ask_open)

    def _ask_open(self, known: Sequence[CarrierRow]) -> None:
        fields = [
            Field(
                "carrier", self.tr("Carrier"), "choice", required=True, choices=[(one.id, one.name) for one in known]
            ),
            Field("on", self.tr("Pick-up on"), "date", required=True),
            Field("at", self.tr("Time"), hint="15:30", beside=True, required=True),
        ]
        form = Form(fields)
        usual = known[0].pickup if known else ""
        form.set_values({"on": local(clock()).date(), "at": usual or "16:00"})

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            def saved(changes: Changes) -> None:
                done()
                self.list.show_record(changes.ids[0])

            pickup = instant_of(values["on"], values["at"], "at")
            self.bench.runner.write(open_manifest, values["carrier"], pickup, done=saved, failed=failed)

        open_form(self.bench.shell, FormBox(self.tr("Begin a manifest"), form, save, self.tr("Begin"), width=460))

    def _export(self) -> None:
        office, listing = self.bench.runner.office, self.list.listing()
        if isinstance(listing, ManifestList):
            rows = partial(manifest_rows_of, office, listing)
            narrowed, total = self.list.narrowed(self.views.title()), self.list.model.rowCount()
            self.export.ask(self.tr("Manifests"), MANIFEST_COLUMNS, rows, total=total, narrowed=narrowed)
