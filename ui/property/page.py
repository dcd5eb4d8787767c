"""The property desk on the screen: the register and what can be done with what is chosen in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from cbo_desk.attachments import attachments_of
from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.permissions import Work
from cbo_desk.plurals import Count
from cbo_desk.property import (
    HAND_OVER,
    ISSUE_PASS,
    OPEN_CASE,
    AssetCard,
    Figures,
    State,
    add_category,
    asset_card,
    change_state,
    edit_asset,
    figures,
    move_assets,
    receive_assets,
)
from cbo_desk.tags import TagLine, link_code, log_print, replace_tag, tags_of, want_reprint
from ui.bench import Bench, record_of
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.page import Page
from ui.property.card import CardDeed
from ui.property.custody.deeds import CustodyDeeds
from ui.property.deeds import PropertyDeeds
from ui.property.filters import waiting
from ui.property.forms import AssetForms
from ui.property.leads import Leads
from ui.property.list_deeds import ListDeeds
from ui.property.register import Register
from ui.property.sections import HOMES, REGISTER, SHOWN, add_section_pages, show_sections
from ui.property.worths import Worths

IMPORT = "property/import"


class PropertyPage(Page):
    """The register with its card; everything that can be done is an action that Ctrl+K finds."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Property"), parent, help_page="property")
        self.bench = bench
        self.deeds = PropertyDeeds(bench, self)
        self.forms = AssetForms(bench, self)
        self.leads = Leads(bench.runner, lambda wanted, names: self.register.set_filter(wanted, names), self)
        self.register = Register(bench, self)
        self.list_deeds = ListDeeds(bench, self.register, self)
        self.custody = CustodyDeeds(bench, self)
        self.worths = Worths(bench, self.register.card, self)
        self.body.addWidget(self.list_deeds.strip)
        self.body.addWidget(self.register, 1)
        self._add_head()
        self._add_actions()
        self.register.shown.connect(self._show_card)
        self.register.card.chosen.connect(bench.shell.actions_.run)
        self.register.card.more.connect(self._more)
        self.filtered.connect(self.register.find_words)
        bench.runner.changed.connect(self._hear)
        self._count()

    def open_at(self, detail: str) -> None:
        """Show one asset, or the assets of a place, a person or an entity: scans, Ctrl+K and other desks lead here."""
        if self.custody.open_at(detail):
            return
        record = record_of(detail)
        if record is not None and record[0] in HOMES:
            self.bench.shell.go(HOMES[record[0]], detail)
        elif record is not None and not self.leads.follow(*record):
            self.register.open_asset(record[1])
        elif detail.removeprefix("show:") in SHOWN:
            self.bench.shell.go(*SHOWN[detail.removeprefix("show:")])
        elif detail.startswith("show:"):
            self.register.set_filter(waiting(detail.removeprefix("show:"), local(clock()).date()))

    # --- head

    def _add_head(self) -> None:
        buttons = []
        if self.bench.may(receive_assets):
            buttons.append(
                Button(self.tr("Import"), "upload", "plain", partial(self._run, "property.import"), "Ctrl+I")
            )
        if self.bench.may(log_print):
            buttons.append(Button(self.tr("Print tags"), "tags", "plain", partial(self._run, "property.print_tags")))
        if self.bench.may(receive_assets):
            words = self.tr("Receive assets")
            buttons.append(Button(words, "plus", "primary", partial(self._run, "property.receive"), "Ctrl+N"))
        self.add_buttons(*buttons)
        show_sections(self.bench, self, REGISTER)
        self.use_filter(self.tr("Filter assets"))
        columns = Tool("columns-3", self.tr("Columns"), self._choose_columns)
        export = Tool("download", self.tr("Export this view"), partial(self._run, "property.export"))
        self.add_tools(columns, export)

    def _run(self, action: str) -> None:
        self.bench.shell.actions_.run(action)

    def _choose_columns(self) -> None:
        self.register.columns.menu(self).popup(QCursor.pos())

    def _count(self) -> None:
        self.bench.runner.walk(self, figures, done=self._say_figures)

    def _say_figures(self, found: Figures) -> None:
        self.register.total = found.total
        self.tabs.set_count(REGISTER, found.total)
        parts = [self.tr("{assets:asset|assets} of {entities:entity|entities}")]
        waiting = found.waiting
        if waiting:
            parts.append(self.tr("{waiting} missing or in repair"))
        if found.never_printed:
            parts.append(self.tr("{fresh:tag|tags} never printed"))
        counts = {"assets": found.total, "entities": found.entities, "waiting": waiting, "fresh": found.never_printed}
        self.say(" · ".join(parts).format(**{name: Count(count) for name, count in counts.items()}))
        self.bench.shell.set_count("property", waiting)

    def _hear(self, changes: Changes) -> None:
        touched = changes.touched()
        if "property.asset" in touched or "tags.tag" in touched:
            self._count()

    # --- deeds

    def _add_actions(self) -> None:
        say = self.tr
        deeds = self.deeds
        self._deed("move", say("Move"), "map-pin", "M", deeds.move, move_assets)
        self._deed("hand_over", say("Hand over"), "user-check", "H", self.custody.give, HAND_OVER)
        self._deed("lend", say("Lend"), "handshake", "L", self.custody.lend, HAND_OVER)
        self._deed("extend", say("Extend"), "calendar-clock", "D", self.custody.extend, HAND_OVER)
        self._deed("return", say("Return"), "package", "S", self.custody.take_back, HAND_OVER)
        self._deed("repair", say("Repair"), "wrench", "R", deeds.repair, change_state)
        self._deed("missing", say("Missing"), "circle-help", "X", deeds.missing, change_state)
        self._deed("back", say("In service again"), "circle-check", "B", deeds.back_in_service, change_state)
        self._deed("edit", say("Edit"), "pencil", "E", self._edit, edit_asset)
        bulk_edit = partial(deeds.bulk_edit, self.list_deeds.strip)
        self._deed("bulk_edit", say("Change a field of these"), "sliders-horizontal", "F", bulk_edit, edit_asset)
        self._deed("plan_service", say("Plan a service for these"), "wrench", "", deeds.plan_service, edit_asset)
        self._deed("dispose", say("Put these into a disposal case"), "archive", "", deeds.dispose, OPEN_CASE)
        self._deed("gate_pass", say("Gate pass"), "door-open", "G", deeds.gate_pass, ISSUE_PASS)
        self._deed("schedule", say("Value month by month"), "hourglass", "V", self._schedule, asset_card)
        self._deed("papers", say("Photos and papers"), "image", "I", self._papers, attachments_of)
        self._deed("print_tag", say("Print tag"), "qr-code", "P", self._print_chosen, log_print)
        self._deed("reprint", say("Queue tag for reprint"), "rotate-ccw", "", self._reprint, want_reprint)
        self._deed("replace_tag", say("Replace tag"), "qr-code", "", self._replace_tag, replace_tag)
        self._deed("link_code", say("Link another barcode"), "barcode", "", self._link_code, link_code)
        self.list_deeds.add_actions()
        self.custody.add_actions()
        add_section_pages(self.bench, self)
        if self.bench.may(add_category):
            add, change = say("Add a category of property"), say("Change a category of property")
            self.bench.shell.actions_.add(
                self,
                Action("property.add_category", add, deeds.add_category, "tags", "", "property"),
                Action("property.edit_category", change, deeds.edit_category, "pencil", "", "property"),
            )
        # Who may receive may import; the import's own command is loaded when it is wanted, not at every start.
        if self.bench.may(receive_assets):
            self.bench.shell.add_page(IMPORT, self._make_import)
            words = say("Import assets from a file")
            run = partial(self.bench.shell.go, IMPORT, "choose")
            self.bench.shell.actions_.add(self, Action("property.import", words, run, "upload", "Ctrl+I", "property"))
        if self.bench.may(log_print):
            self.bench.shell.actions_.add(
                self,
                Action("property.print_tags", say("Print tags"), self._print_tags, "tags", "", "property"),
                Action("property.print_log", say("Prints so far"), self._print_log, "history", "", "property"),
            )
        if self.bench.may(receive_assets):
            new = Action("property.receive", say("Receive assets"), self.forms.receive, "plus", "Ctrl+N", "property")
            self.bench.shell.actions_.add(self, new)

    def _make_import(self, parent: QWidget) -> QWidget:
        from ui.imports.page import ImportPage
        from ui.property.import_kind import import_kind

        return ImportPage(self.bench, import_kind(IMPORT, self.register.show_newest), parent)

    def _deed(self, name: str, label: str, icon: str, key: str, run: Callable[..., object], work: Work) -> None:
        """One deed on the chosen assets: offered only to those who may, and only where it makes sense."""
        if not self.bench.may(work):
            return

        def order(ids: list[int]) -> None:
            ids = ids or ([self.register.card.card.id] if self.register.card.card else [])
            if ids:
                run(ids, self._name(ids))

        action = Action(
            f"property.{name}", label, partial(self.register.with_chosen, order), icon, key, "property",
            enabled=lambda: self.register.card.card is not None,
        )  # fmt: skip
        self.bench.shell.actions_.add(self.register, action)

    def _with_card(self, ids: list[int], then: Callable[[AssetCard], object]) -> None:
        """Do something with the card that is shown, which of several chosen assets is that of the cursor's."""
        card = self.register.card.card
        if card is not None and card.id in ids:
            then(card)

    def _name(self, ids: list[int]) -> str:
        card = self.register.card.card
        if len(ids) == 1 and card is not None and card.id == ids[0]:
            return card.form.inventory_no
        return self.tr("{count:asset|assets}").format(count=Count(len(ids)))

    def _show_card(self, card: AssetCard) -> None:
        self.register.card.show_card(card, self._offered(card))
        self.bench.shell.note_stop("property", f"property.asset:{card.id}")
        self.worths.read(card)

    def _offered(self, card: AssetCard) -> list[CardDeed]:
        """The six deeds that make sense for an asset as it stands; the rest is behind the ellipsis."""
        away = card.state in (State.MISSING, State.UNDER_REPAIR)
        lent = card.state is State.ON_LOAN
        wanted = ["extend" if lent else "hand_over", "move", "return" if lent or away else "lend"]
        wanted += ["back" if away else "repair"]
        wanted += ["gate_pass", "print_tag"]
        if card.state in (State.DISPOSED, State.TAKEN_BACK):
            wanted = ["print_tag"]
        known = {action.id: action for action in self.bench.shell.actions_.of("property")}
        found = [known[f"property.{name}"] for name in wanted if f"property.{name}" in known]
        return [CardDeed(action.label, action.icon, action.shortcut, action.id) for action in found]

    def _more(self, button: QWidget) -> None:
        known = {action.id for action in self.bench.shell.actions_.of("property")}
        wanted = (
            "edit", "papers", "return", "missing", "bulk_edit", "plan_service", "dispose", "schedule", "link_code",
            "reprint", "replace_tag",
        )  # fmt: skip
        names = [f"property.{name}" for name in wanted if f"property.{name}" in known]
        menu = self.bench.shell.actions_.menu(self, names)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _schedule(self, ids: list[int], _what: str) -> None:
        self._with_card(ids, self.worths.open_schedule)

    def _papers(self, ids: list[int], _what: str) -> None:
        self._with_card(ids, lambda _card: self.register.card.papers.offer())

    def _edit(self, ids: list[int], _what: str) -> None:
        self._with_card(ids, self.forms.edit)

    def _link_code(self, ids: list[int], what: str) -> None:
        self.deeds.link_code(ids[0], what)

    def _replace_tag(self, ids: list[int], _what: str) -> None:
        self._with_card(ids, self._replace_tag_of)

    def _replace_tag_of(self, card: AssetCard) -> None:
        if card.code:
            self.deeds.replace_tag(card.code, card.form.inventory_no)

    def _reprint(self, ids: list[int], _what: str) -> None:
        self.bench.runner.read(self, tags_of, "property.asset", ids, done=self._queue_reprint)

    def _queue_reprint(self, found: list[TagLine]) -> None:
        self.bench.runner.write(want_reprint, [line.tag_id for line in found])

    def _print_chosen(self, ids: list[int], _what: str) -> None:
        from ui.tags.print_window import open_print_window

        open_print_window(self.bench, "property.asset", ids)

    def _print_tags(self) -> None:
        """Print the selected assets' tags; with one or none selected, choose from the queue of tags never printed."""
        self.register.with_chosen(lambda ids: self._print_chosen(ids if len(ids) > 1 else [], ""))

    def _print_log(self) -> None:
        from ui.tags.print_window import open_print_log

        open_print_log(self.bench, "property.asset")
