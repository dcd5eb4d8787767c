"""Rounds on the screen: planned, loaded by scanning, sent out, and closed when all is accounted for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from cbo_desk.changes import Changes
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
from ui import picks
from ui.bench import Bench, record_of
from ui.kit.actions import Action
from ui.kit.buttons import Button, DeedButton, Tool
from ui.kit.cards import Deeds, Fact, Facts, ScrollCard, line, rule
from ui.kit.chips import Chip
from ui.kit.dialogs import FormBox, open_form
from ui.kit.export import Export
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.labels import Label
from ui.kit.page import Page
from ui.kit.phrases import day, when
from ui.kit.record_list import RecordList
from ui.kit.scanning.feed import Scanned
from ui.kit.states import State as Empty
from ui.mail.papers import print_round_sheet
from ui.mail.round_looks import columns, round_status
from ui.mail.scans import MailScans


class RoundCardView(QStackedWidget):
    """The card of one round: its stops in order with what is aboard. `chosen(str)` with the action of a deed."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.card: RoundCard | None = None
        self._nothing, self._sheet = ScrollCard(self), ScrollCard(self)
        words = self.tr("Choose a round, or plan one.")
        self._nothing.show_content(Empty("empty", self.tr("No round chosen"), words, icon="route"), fill=True)
        self.addWidget(self._nothing)
        self.addWidget(self._sheet)

    def show_card(self, card: RoundCard, deeds: Sequence[Action]) -> None:
        """Show a round and what can be done with it."""
        self.card = card
        aboard = [item for item in card.items if item.aboard]
        left = when(card.left_at, card.left_at) if card.left_at else self.tr("not yet")
        facts = [
            Fact("user", self.tr("Messenger"), card.messenger or self.tr("nobody yet")),
            Fact("calendar", self.tr("Date"), day(card.planned_on)),
            Fact(
                "package",
                self.tr("Aboard"),
                self.tr("{aboard} of {all}").format(aboard=len(aboard), all=len(card.items)),
            ),
            Fact("footprints", self.tr("Left"), left),
        ]
        buttons = [DeedButton(a.label, a.icon, partial(self.chosen.emit, a.id), a.shortcut) for a in deeds]
        pieces: list[Any] = [
            line(Label(card.number, "cap"), None, Chip(round_status(card))),
            Label(card.name, "h2", wrap=True),
            Facts(facts, columns=2),
            rule(),
            Deeds(buttons),
            rule(),
            Label(self.tr("Stops"), "h3"),
        ]
        if not card.stops:
            pieces.append(Label(self.tr("None yet. Scan items: each brings its stop."), "muted", wrap=True))
        for stop in card.stops:
            delivered = sum(item.state is State.DELIVERED for item in stop.items)
            words = self.tr("{done} of {all} delivered") if stop.items else self.tr("nothing to deliver")
            about = words.format(done=delivered, all=len(stop.items))
            pieces.append(line(Label(f"{stop.seq}. {stop.name}", "small-strong"), None, Label(about, "small-muted")))
            for item in stop.items:
                said = item.said or (self.tr("aboard") if item.aboard else "")
                words = " · ".join(part for part in (item.number, item.addressee, said) if part)
                pieces.append(Label(words, "small-muted", wrap=True))
        self._sheet.show_content(*pieces)
        self.setCurrentWidget(self._sheet)

    def show_nothing(self) -> None:
        """Say that nothing is chosen."""
        self.card = None
        self.setCurrentWidget(self._nothing)


class RoundsPage(Page):
    """Rounds with their cards. While a round that is not closed is chosen, scanned items go on it or come back."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Rounds"), parent, help_page="mail")
        self.bench = bench
        self.card = RoundCardView(self)
        self.list = RecordList(
            bench.runner,
            columns(),
            lambda words, sort, down: RoundList(words, sort or "planned", down if sort else True),
            name="mail.rounds",
            title=self.tr("Rounds"),
            things=self.tr("{count:round|rounds}"),
            sort="planned",
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
        self.bench.runner.read(self, round_card, ident, done=self._show, failed=lambda _gone: self.card.show_nothing())

    def _show(self, card: RoundCard) -> None:
        wanted = ["load_waiting", "send_round", "messenger", "round_sheet", "close_round"]
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
        self.scans.say_refused(scan, why or words.format(code=scan.text.strip()))

    def _scanned(self, scan: Scanned, opened: Opened) -> bool:
        card = self.card.card
        if opened.kind != KIND or card is None or card.closed_at is not None:
            return False
        self.bench.runner.read(self, rows_of, [opened.record_id], done=partial(self._load, scan, card.id))
        return True

    def _load(self, scan: Scanned, round_id: int, rows: Sequence[Any]) -> None:
        """An item from the shelves goes on the round; one the messenger has comes back."""
        if not rows:
            self.scans.done(scan, False, self.tr("This item is gone."))
            return
        back = rows[0].state in (State.OUT, State.ATTEMPTED) or (
            rows[0].state is State.REFUSED and any(item.id == rows[0].id and item.aboard for item in self._items())
        )
        order: tuple[Any, ...] = (bring_back, [rows[0].id]) if back else (load_items, [rows[0].id], round_id)

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

    def _messenger(self) -> None:
        from ui.mail.messenger import MessengerWindow

        if self.card.card is not None:
            window = MessengerWindow(self.bench, self.card.card.id, self)
            window.show()

    def _plan(self) -> None:
        fields = [
            Field("name", self.tr("Name"), required=True, hint=self.tr("Round 2, north blocks")),
            Field("messenger", self.tr("Messenger")),
            Field("on", self.tr("Date"), "date", beside=True),
            Field("first", self.tr("First stop"), "pick", suggest=picks.places(self.bench)),
            Field("second", self.tr("Second stop"), "pick", suggest=picks.places(self.bench), beside=True),
        ]

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            stops = [values[name].id for name in ("first", "second") if values[name]]
            on: date | None = values["on"]
            order = (plan_round, values["name"], values["messenger"], stops, on)

            def saved(changes: Changes) -> None:
                done()
                self.list.show_record(changes.ids[0])

            self.bench.runner.write(*order, done=saved, failed=failed)

        words = self.tr("Further stops are added by the items that are loaded.")
        open_form(
            self.bench.shell, FormBox(self.tr("Plan a round"), Form(fields), save, self.tr("Plan"), summary=words)
        )
