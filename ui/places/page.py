"""The places desk on the screen: the tree, the map, and the card of the chosen place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from cbo_desk.changes import Changes
from cbo_desk.compound import set_map
from cbo_desk.errors import Trouble
from cbo_desk.places import PlaceCard, add_place, edit_place, move_place, place_card, remove_place
from cbo_desk.tags import log_print
from ui.bench import Bench, record_of
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cards import frame
from ui.kit.page import Page
from ui.kit.tabs import Tab
from ui.places.card import PlaceCardView
from ui.places.forms import PlaceForms
from ui.places.site_map import SiteMap
from ui.places.tree import PlaceTree

KIND = "places.place"


class PlacesPage(Page):
    """Tree and map show the same place; the card says what stands there."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Places"), parent, help_page="places")
        self.bench = bench
        self.forms = PlaceForms(bench, self)
        self.tree = PlaceTree(bench, self)
        self.map = SiteMap(bench, self)
        self.card = PlaceCardView(self)
        self.views = QStackedWidget(self)
        self.views.addWidget(frame(self.tree, margins=(1, 1, 1, 1)))
        self.views.addWidget(self.map)
        self._add_head()
        self._add_actions()
        self.set_body(self.views, self.card, preferences=bench.preferences, name="places")
        self.tree.chosen.connect(self._read)
        self.map.chosen.connect(self.tree.show_place)
        self.map.load_asked.connect(self._load_map)
        self.card.chosen.connect(bench.shell.actions_.run)
        self.tabs.chosen.connect(self._show_view)
        bench.runner.changed.connect(self._hear)

    def open_at(self, detail: str) -> None:
        """Show one place: Ctrl+K, a scan of a door and Alt+← come here."""
        record = record_of(detail)
        if record is not None:
            self.tree.show_place(record[1])

    def _add_head(self) -> None:
        self.tabs.show_tabs([Tab("tree", self.tr("Tree")), Tab("map", self.tr("Map"))])
        if self.bench.may(add_place):
            run = partial(self.bench.shell.actions_.run, "places.add")
            self.add_buttons(Button(self.tr("Add a place"), "plus", "primary", run, "N"))
        if self.bench.may(set_map):
            self.add_tools(Tool("upload", self.tr("Load another map"), self._load_map))

    def _add_actions(self) -> None:
        say = self.tr
        self._deed("add", say("Add inside"), "plus", "N", self.forms.add, add_place)
        self._deed("edit", say("Edit"), "pencil", "E", self.forms.edit, edit_place)
        self._deed("move", say("Move"), "map-pin", "M", self.forms.move, move_place)
        self._deed("print_tag", say("Print tag"), "qr-code", "P", self._print, log_print)
        self._deed("remove", say("Remove"), "trash-2", "Del", self._remove, remove_place)
        show = Action("places.assets", say("Assets"), self._show_assets, "package", "A", "places")
        self.bench.shell.actions_.add(self, show)

    def _deed(
        self,
        name: str,
        label: str,
        icon: str,
        key: str,
        run: Callable[[PlaceCard], object],
        work: Callable[..., Changes],
    ) -> None:
        if not self.bench.may(work):
            return

        def order() -> None:
            if self.card.card is not None:
                run(self.card.card)
            elif name == "add":
                self.forms.add(None)

        self.bench.shell.actions_.add(self, Action(f"places.{name}", label, order, icon, key, "places"))

    def _show_view(self, view: str) -> None:
        self.views.setCurrentIndex(1 if view == "map" else 0)
        if view == "map" and self.card.card is not None:
            self.map.choose(self.card.card.code)

    def _read(self, place_id: int) -> None:
        self.bench.runner.read(self, place_card, place_id, done=self._show, failed=self._gone)

    def _show(self, card: PlaceCard) -> None:
        if card.id != self.tree.place_id():
            return
        self.say(card.where)
        known = {action.id: action for action in self.bench.shell.actions_.of("places")}
        wanted = ("places.assets", "places.add", "places.edit", "places.move", "places.print_tag", "places.remove")
        self.card.show_card(card, [known[name] for name in wanted if name in known])
        self.map.choose(card.code)
        self.bench.shell.note_stop("places", f"{KIND}:{card.id}")

    def _gone(self, error: Exception) -> None:
        self.card.show_nothing()
        self.bench.runner.failed.emit(error)

    def _hear(self, changes: Changes) -> None:
        touched = changes.touched()
        if KIND in touched or "property.asset" in touched:
            self.map.count_again()
            self.tree.refresh()
            if self.card.card is not None:
                self._read(self.card.card.id)
        if "settings.compound" in touched:
            self.map.refresh()

    def _print(self, card: PlaceCard) -> None:
        self.bench.print_tags(KIND, [card.id])

    def _remove(self, card: PlaceCard) -> None:
        self.bench.runner.write(remove_place, card.id, card.version)

    def _show_assets(self) -> None:
        if self.card.card is not None:
            self.bench.shell.go("property", f"{KIND}:{self.card.card.id}")

    def _load_map(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(self, self.tr("Load a map"), "", self.tr("Drawings (*.svg)"))
        if not name:
            return
        try:
            svg = Path(name).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            self.bench.runner.failed.emit(Trouble(self.tr("The map cannot be read.")))
            return
        self.bench.runner.write(set_map, svg)
