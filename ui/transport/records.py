"""A page of the transport desk beside the board: a list, the card of the chosen record, its deeds, its export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.paging import Listing
from cbo_desk.tabular import Column as FileColumn
from ui.bench import Bench, record_of
from ui.kit.actions import Action
from ui.kit.buttons import Button, DeedButton, Tool
from ui.kit.cards import Deeds, Fact, Facts, History, ScrollCard, frame, line, rule
from ui.kit.chips import Chip, Status
from ui.kit.columns import Column
from ui.kit.dialogs import FormBox, open_form
from ui.kit.export import Export
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.labels import Label
from ui.kit.meeting import Save, Standing
from ui.kit.page import Page
from ui.kit.record_list import RecordList
from ui.kit.states import Nothing, ProgressStrip
from ui.kit.states import State as Empty

Done = Callable[[], object]
Failed = Callable[[Exception], object]
Piece = Any


class RecordsPage(Page):
    """What fleet, drivers and incidents share. A derived page says what it lists and what its card shows.

    `kind` is the kind of record; `scope` the second part of its action ids.
    """

    kind = ""
    scope = ""
    icon = "car"

    def __init__(self, bench: Bench, title: str, parent: QWidget) -> None:
        super().__init__(title, parent, help_page="transport")
        self.bench = bench
        self.shown: Any = None
        self.gone = False
        self.card = ScrollCard(self)
        self.list = RecordList(
            bench.runner,
            self.columns(),
            self.listing,
            name=f"transport.{self.scope}",
            title=title,
            things=self.things(),
            sort=self.first_sort(),
            empty=self.nothing,
            preferences=bench.preferences,
            parent=self,
        )
        self.strip = ProgressStrip(self)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self, self.strip)
        self.add_buttons(Button(self.tr("Dispatch"), "arrow-left", "plain", partial(bench.shell.go, "transport")))
        self.use_filter(self.tr("Filter"))
        self.add_tools(Tool("download", self.tr("Export this list"), self.ask_export))
        self.add_deeds()
        self.body.addWidget(self.strip)
        self.set_body(frame(self.list, look="plain"), self.card, card=380, preferences=bench.preferences,
                      name=f"transport.{self.scope}")  # fmt: skip
        self.show_nothing()
        self.list.chosen.connect(self.read)
        self.list.all_asked.connect(self.filter_box.clear)
        self.filtered.connect(self.list.find_words)
        bench.runner.changed.connect(self._hear)

    # --- what a derived page says

    def columns(self) -> Sequence[Column]:
        """The columns of the list."""
        raise NotImplementedError

    def listing(self, words: str, sort: str, descending: bool) -> Listing[Any]:
        """What is listed."""
        raise NotImplementedError

    def things(self) -> str:
        """What the list counts, for one and for many."""
        raise NotImplementedError

    def first_sort(self) -> str:
        """The order at first."""
        return ""

    def nothing(self) -> Empty:
        """What stands in place of an empty list."""
        raise NotImplementedError

    def add_deeds(self) -> None:
        """Make the page's deeds known."""

    def query(self) -> Callable[..., Any]:
        """What reads the card of a record by its id."""
        raise NotImplementedError

    def pieces(self, card: Any) -> Iterable[Piece]:
        """What the card shows."""
        raise NotImplementedError

    def file_columns(self) -> Sequence[FileColumn]:
        """The columns of an export."""
        raise NotImplementedError

    def file_row(self, row: Any) -> Sequence[Any]:
        """One line of an export."""
        raise NotImplementedError

    # --- what they share

    def open_at(self, detail: str) -> None:
        """Show one record."""
        record = record_of(detail)
        if record is not None and record[0] == self.kind:
            self.list.show_record(record[1])

    def read(self, ident: int) -> None:
        """Read a record's card."""
        self.bench.read_card(self, self.card, self.query(), ident, done=self.show_card)

    def show_card(self, card: Any) -> None:
        """Show a record."""
        self.shown = card
        self.card.show_content(*self.pieces(card))
        self.bench.shell.note_stop(f"transport/{self.scope}", f"{self.kind}:{card.id}")

    def show_nothing(self) -> None:
        """Say that nothing is chosen."""
        self.card.show_content(Nothing(self.tr("Nothing chosen"), self.tr("Choose a row."), icon=self.icon),
                               fill=True)  # fmt: skip

    def deed(
        self, name: str, label: str, icon: str, key: str, run: Callable[[Any], object], work: Callable[..., Any],
        possible: Callable[[Any], bool] = lambda _card: True,
    ) -> None:  # fmt: skip
        """One deed on the shown record: offered only to those who may."""
        if not self.bench.may(work):
            return

        def order() -> None:
            if self.shown is not None:
                run(self.shown)

        def enabled() -> bool:
            return self.shown is not None and possible(self.shown)

        action = Action(f"transport.{self.scope}.{name}", label, order, icon, key, "transport", enabled=enabled)
        self.bench.shell.actions_.add(self, action)

    def page_deed(self, name: str, label: str, icon: str, key: str, run: Done, work: Callable[..., Any]) -> None:
        """One deed of the page, as a primary button and an action."""
        if not self.bench.may(work):
            return
        action = Action(f"transport.{self.scope}.{name}", label, run, icon, key, "transport")
        self.bench.shell.actions_.add(self, action)
        if key == "Ctrl+N":
            self.add_buttons(Button(label, icon, "primary", run, key))

    def deeds(self) -> Deeds:
        """The deeds that can be done with the shown record, as buttons."""
        run = self.bench.shell.actions_.run
        own = f"transport.{self.scope}."
        known = [a for a in self.bench.shell.actions_.of("transport") if a.id.startswith(own) and a.enabled()]
        known = [action for action in known if action.shortcut != "Ctrl+N"]
        return Deeds([DeedButton(a.label, a.icon, partial(run, a.id), a.shortcut) for a in known])

    def ask(
        self, heading: str, form: Form, save: Save, verb: str, summary: str = "", width: int = 520,
        standing: Callable[[Any], Standing] | None = None,
    ) -> None:  # fmt: skip
        """Open a form in front of the page; one that changes the shown record says what it shows of it, `standing`."""
        edited = None
        if standing is not None:
            edited = self.bench.edited(self, self.kind, self.shown.id, self.query(), standing)
        open_form(self.bench.shell, FormBox(heading, form, save, verb, summary=summary, width=width, edited=edited))

    def saves(self, command: Callable[..., Changes], *before: Any, make: Callable[[Mapping[str, Any]], Any]) -> Save:
        """A save that orders a command with what the form says; what cannot be read is shown beside its field."""

        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            from cbo_desk.errors import Refusal

            try:
                made = make(values)
            except Refusal as refusal:
                failed(refusal)
                return
            order = made if isinstance(made, tuple) else (made,)
            self.bench.runner.write(command, *before, *order, done=lambda _changes: done(), failed=failed)

        return save

    def ask_export(self) -> None:
        """Ask for a file and write the list there."""
        office, listing = self.bench.runner.office, self.list.listing()

        def rows() -> Iterable[Sequence[Any]]:
            outline = office.read(listing.outline)
            for start in outline.starts:
                yield from (self.file_row(each.row) for each in office.read(listing.page, start, 200))

        total = self.list.model.rowCount()
        self.export.ask(self.title.words(), self.file_columns(), rows, total=total)

    def _hear(self, changes: Changes) -> None:
        touched = changes.touched()
        mine = self.shown is not None and self.shown.id in touched.get(self.kind, ())
        if mine or (self.shown is not None and "attachment" in touched):
            self.read(self.shown.id)


def head(cap: str, title: str, *chips: Status) -> list[Piece]:
    """The head of a card: a small line, the title, chips."""
    return [Label(cap, "cap"), Label(title, "h2", wrap=True), line(*(Chip(chip) for chip in chips), None), rule()]


def facts(*known: tuple[str, str, str]) -> Facts:
    """Facts as (icon, caption, value), those without a value left out."""
    return Facts([Fact(*each) for each in known if each[2]])


def section(title: str, entries: Sequence[tuple[str, str]], nothing: str) -> list[Piece]:
    """A part of a card: a heading and lines of two columns."""
    shown: list[Piece] = [rule(), Label(title, "h3")]
    shown.append(History(entries) if entries else Label(nothing, "muted", wrap=True))
    return shown


def simple_form(*fields: Field, **values: Any) -> Form:
    """A form of a few fields with their values."""
    form = Form(list(fields))
    form.set_values({name: value for name, value in values.items() if name in form.editors})
    return form
