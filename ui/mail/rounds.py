"""Rounds on the screen: planned, loaded by scanning, sent out, and closed when all is accounted for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.handoffs import put_round
from cbo_desk.mail import (
    KIND,
    ROUND,
    RoundCard,
    RoundList,
    State,
    bring_back,
    close_round,
    load_items,
    load_waiting,
    plan_round,
    round_card,
    rows_of,
    send_round,
)
from cbo_desk.mail.exporting import ROUND_COLUMNS, round_rows
from cbo_desk.tags import Opened
from cbo_desk.transport import TRIP
from ui import picks
from ui.bench import Bench, record_of
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.dialogs import FormBox, open_form
from ui.kit.export import Export
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.page import Page
from ui.kit.record_list import RecordList
from ui.kit.scanning.feed import Scanned
from ui.kit.scanning.showing import visible
from ui.kit.states import State as Empty
from ui.loads import trips
from ui.mail.papers import print_round_sheet
from ui.mail.round_card import RoundCardView
from ui.mail.round_looks import columns
from ui.mail.scans import MailScans


class RoundsPage(Page):
    """Rounds with their cards. While a round that is not closed is chosen, scanned items go on it or come back."""

    goes_on = True

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Rounds"), parent, help_page="mail")
        self.bench = bench
        self.card = RoundCardView(bench, self)
        self.list = RecordList(
            bench.runner,
            columns(),
            lambda words, sort, down: RoundList(words, sort or "planned", down if sort else True),
            name="mail.rounds",
            title=self.tr("Rounds"),
            things=self.tr("{count:round|rounds}"),
            sort="planned",
            descending=True,
            empty=self._none_yet,
            preferences=bench.preferences,
            parent=self,
        )
        self.scans = MailScans(bench, self, None, self._scanned, self._unknown)
        self.use_filter(self.tr("Filter rounds"))
        plan = partial(bench.shell.actions_.run, "mail.plan_round")
        self.add_buttons(Button(self.tr("Plan a round"), "plus", "primary", plan))
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self)
        self.add_tools(
            Tool("download", self.tr("Export this list"), partial(bench.shell.actions_.run, "mail.export_rounds"))
        )
        self.set_body(self.list, self.card, card=400, preferences=bench.preferences, name="mail.rounds")
        self._add_actions()
        self.list.chosen.connect(self._read)
        self.list.all_asked.connect(self.filter_box.clear)
        self.filtered.connect(self.list.find_words)
        self.card.chosen.connect(bench.shell.actions_.run)
        bench.runner.changed.connect(self._hear)
        bench.feed.ask(self, self.scans.heard)
        self.say(self.tr("Scan an item: it goes on the chosen round, or comes back from it."))

    def open_at(self, detail: str) -> None:
        """Show one round."""
        record = record_of(detail)
        if record is not None and record[0] == ROUND:
            self.list.show_record(record[1])

    def _export(self) -> None:
        listing, office = self.list.listing(), self.bench.runner.office
        if isinstance(listing, RoundList):
            total = self.list.model.rowCount()
            self.export.ask(self.tr("Rounds"), ROUND_COLUMNS, partial(round_rows, office, listing), total=total)

    def _none_yet(self) -> Empty:
        run = partial(self.bench.shell.actions_.run, "mail.plan_round")
        button = Button(self.tr("Plan a round"), "plus", run=run)
        words = self.tr("A round has stops in order and is loaded by scanning.")
        return Empty("empty", self.tr("No rounds yet"), words, button, icon="route")

    def _read(self, ident: int) -> None:
        self.bench.read_card(self, self.card, round_card, ident, done=self._show,
                  failed=lambda _gone: self.card.show_nothing())  # fmt: skip

    def _show(self, card: RoundCard) -> None:
        wanted = ["load_waiting", "send_round", "messenger", "round_sheet", "round_by_vehicle", "close_round"]
        if card.closed_at is not None:
            wanted = ["round_sheet"]
        elif card.left_at is not None:
            wanted.remove("send_round")
        known = {action.id: action for action in self.bench.shell.actions_.of("mail")}
        self.card.show_card(card, [known[f"mail.{name}"] for name in wanted if f"mail.{name}" in known])

    def _hear(self, changes: Changes) -> None:
        if {ROUND, KIND} & set(changes.touched()) and self.card.card is not None:
            self._read(self.card.card.id)

    # --- scans

    def _unknown(self, scan: Scanned, why: str) -> None:
        """What nothing here has must not become incoming mail by the way."""
        words = self.tr("No item has {code}. The scan is kept; receive the item first (Ctrl+N on the Mail page).")
        self.scans.say_refused(scan, why or words.format(code=visible(scan.text.strip(), 40)))

    def _scanned(self, scan: Scanned, opened: Opened) -> bool:
        """An item goes on the chosen round or comes back from it; a trip's ticket takes the round along."""
        card = self.card.card
        if opened.kind == TRIP and card is not None and card.closed_at is None and self.bench.may(put_round):
            self._order_scanned(scan, put_round, card.id, opened.record_id)
            return True
        if opened.kind != KIND or card is None:
            return False
        if card.closed_at is not None:
            words = self.tr("{round} is closed: {item} is not put on it. Choose another round.")
            self.scans.say_refused(scan, words.format(round=card.number, item=opened.title))
            return True
        self.bench.runner.read(self, rows_of, [opened.record_id], done=partial(self._load, scan, card.id))
        return True

    def _load(self, scan: Scanned, round_id: int, rows: Sequence[Any]) -> None:
        """An item from the shelves goes on the round; one the messenger has comes back.

        Before the round has left nothing comes back: what is scanned twice, by its two barcodes or by accident, stays
        aboard.
        """
        if not rows:
            self.scans.done(scan, False, self.tr("This item is gone."))
            return
        card = self.card.card
        if card is not None and card.left_at is None and any(one.id == rows[0].id and one.aboard for one in card.items):
            words = self.tr("{item} is aboard {round} already. “Brought back” on its card takes it off.")
            self.scans.say_refused(scan, words.format(item=rows[0].number, round=card.number))
            return
        back = rows[0].state in (State.OUT, State.ATTEMPTED) or (
            rows[0].state is State.REFUSED and any(item.id == rows[0].id and item.aboard for item in self._items())
        )
        if back:
            self._order_scanned(scan, bring_back, [rows[0].id])
        else:
            self._order_scanned(scan, load_items, [rows[0].id], round_id)

    def _order_scanned(self, scan: Scanned, *order: Any) -> None:
        def failed(error: Exception) -> None:
            self.bench.runner.failed.emit(error)
            self.scans.done(scan, False, str(error))

        self.bench.runner.write(
            *order, done=lambda changes: self.scans.done(scan, True, changes.said), failed=failed, owner=self
        )

    def _items(self) -> Sequence[Any]:
        return self.card.card.items if self.card.card is not None else ()

    # --- deeds

    def _add_actions(self) -> None:
        add = self._action
        add("plan_round", self.tr("Plan a round"), self._plan, "plus", "", plan_round, False)
        add("load_waiting", self.tr("Load waiting"), partial(self._order, load_waiting), "package-plus", "L",
            load_waiting)  # fmt: skip
        add("send_round", self.tr("Send out"), partial(self._order, send_round), "footprints", "S", send_round)
        add("messenger", self.tr("Messenger"), self._messenger, "tablet", "M", round_card)
        add("round_sheet", self.tr("Round sheet"), self._sheet, "printer", "P", round_card)
        add("round_by_vehicle", self.tr("Go by vehicle"), self._by_vehicle, "car", "V", put_round)
        add("export_rounds", self.tr("Export this list"), self._export, "download", "Ctrl+Shift+E", round_card, False)
        add("close_round", self.tr("Close"), partial(self._order, close_round), "check", "C", close_round)

    def _action(
        self, name: str, label: str, run: Callable[[], object], icon: str, key: str, work: Callable[..., Any],
        chosen: bool = True,
    ) -> None:  # fmt: skip
        if self.bench.may(work):
            enabled = (lambda: self.card.card is not None) if chosen else (lambda: True)
            action = Action(f"mail.{name}", label, run, icon, key, "mail", enabled=enabled)
            self.bench.shell.actions_.add(self, action)

    def _order(self, command: Callable[..., Changes]) -> None:
        if self.card.card is not None:
            self.bench.runner.write(command, self.card.card.id)

    def _sheet(self) -> None:
        if self.card.card is not None:
            print_round_sheet(self.bench, self, self.card.card)

    def _by_vehicle(self) -> None:
        """Ask with which trip the round goes; off it again is the undo, or another trip."""
        card = self.card.card
        if card is None:
            return
        field = Field("trip", self.tr("With which trip"), "pick", required=True, suggest=trips(self.bench))

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            order = (put_round, card.id, values["trip"].id)
            self.bench.runner.write(*order, done=lambda _changes: done(), failed=failed)

        heading = self.tr("{round} goes by vehicle").format(round=card.number)
        open_form(self.bench.shell, FormBox(heading, Form([field]), save, self.tr("Put it there")))

    def _messenger(self) -> None:
        from ui.mail.messenger import MessengerWindow

        if self.card.card is not None:
            window = MessengerWindow(self.bench, self.card.card.id, self)
            window.show()

    def _plan(self) -> None:
        fields = [
            Field("name", self.tr("Name"), required=True, hint=self.tr("Round 2, north blocks")),
            Field("messenger", self.tr("Messenger")),
            Field("on", self.tr("Date"), "date", required=True, beside=True),
            Field("first", self.tr("First stop"), "pick", suggest=picks.places(self.bench)),
            Field("second", self.tr("Second stop"), "pick", suggest=picks.places(self.bench), beside=True),
        ]

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            stops = [values[name].id for name in ("first", "second") if values[name]]
            order = (plan_round, values["name"], values["messenger"], stops, values["on"])

            def saved(changes: Changes) -> None:
                done()
                self.list.show_record(changes.ids[0])

            self.bench.runner.write(*order, done=saved, failed=failed)

        words = self.tr("Further stops are added by the items that are loaded.")
        form = Form(fields)
        form.set_values({"on": local(clock()).date()})
        open_form(self.bench.shell, FormBox(self.tr("Plan a round"), form, save, self.tr("Plan"), summary=words))
