"""The places desk on the screen: the tree, the map, and the card of the chosen place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QStackedWidget, QWidget

from cbo_desk.changes import Changes
from cbo_desk.compound import set_map
from cbo_desk.errors import Trouble
from cbo_desk.places import PlaceCard, PlaceList, add_place, edit_place, move_place, place_card, remove_place
from cbo_desk.places.exporting import COLUMNS, rows
from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from cbo_desk.tags import log_print
from ui.bench import Bench, record_of
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cards import frame
from ui.kit.export import Export
from ui.kit.files import ask_open
from ui.kit.page import Page
from ui.kit.states import ListOrState, State
from ui.kit.tabs import Tab
from ui.places.card import PlaceCardView
from ui.places.forms import PlaceForms
from ui.places.site_map import SiteMap
from ui.places.tree import PlaceTree

KIND = "places.place"
IMPORT = "places/import"


class PlacesPage(Page):
    """Tree and map show the same place; the card says what stands there."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Places"), parent, help_page="places")
        self.bench = bench
        self.forms = PlaceForms(bench, self)
        self.tree = PlaceTree(bench, self)
        self.map = SiteMap(bench, self)
        self.card = PlaceCardView(bench, self)
        self.views = QStackedWidget(self)
        self.states = ListOrState(self.tree)
        self.views.addWidget(frame(self.states, margins=(1, 1, 1, 7)))
        self.views.addWidget(self.map)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self)
        self._add_head()
        self._add_actions()
        self.set_body(self.views, self.card, preferences=bench.preferences, name="places")
        self.tree.chosen.connect(self._read)
        self.tree.counted.connect(self._show_why_empty)
        self.map.counted.connect(self._say_figures)
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
        run = self.bench.shell.actions_.run
        if self.bench.may(add_place):
            self.add_buttons(Button(self.tr("Import"), "upload", "plain", partial(run, "places.import"), "Ctrl+I"))
        if self.bench.may(add_place):
            self.add_buttons(Button(self.tr("Add a place"), "plus", "primary", partial(run, "places.add"), "Ctrl+N"))
        if self.bench.may(set_map):
            self.add_tools(Tool("map", self.tr("Load another map"), partial(run, "places.load_map")))
        self.add_tools(Tool("download", self.tr("Export the places"), partial(run, "places.export")))

    def _add_actions(self) -> None:
        may = self.bench.may
        add = partial(self.bench.shell.actions_.add, self)
        if may(add_place):
            add(Action("places.add", self.tr("Add a place"), self._add, "plus", "Ctrl+N", "places"))
        self._deed("edit", self.tr("Edit"), "pencil", "E", self.forms.edit, edit_place)
        self._deed("move", self.tr("Move"), "map-pin", "M", self.forms.move, move_place)
        self._deed("print_tag", self.tr("Print tag"), "qr-code", "P", self._print, log_print)
        self._deed("remove", self.tr("Remove"), "trash-2", "Del", self._remove, remove_place)
        add(Action("places.assets", self.tr("Assets"), self._show_assets, "package", "A", "places", enabled=self._any))
        add(Action("places.export", self.tr("Export the places"), self._export, "download", "", "places"))
        if may(set_map):
            add(Action("places.load_map", self.tr("Load another map"), self._load_map, "map", "", "places"))
        if may(add_place):  # who may add may import, whose own command is loaded when it is wanted
            self.bench.shell.add_page(IMPORT, self._make_import)
            go = partial(self.bench.shell.go, IMPORT, "choose")
            add(Action("places.import", self.tr("Import places from a file"), go, "upload", "Ctrl+I", "places"))

    def _make_import(self, parent: QWidget) -> QWidget:
        from cbo_desk.places.importing import PLACES
        from ui.imports.kinds import ImportKind
        from ui.imports.page import ImportPage

        kind = ImportKind(PLACES, self.tr("Import places"), self.tr("places"), IMPORT, "places", self.tree.refresh)
        return ImportPage(self.bench, kind, parent)

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

        action = Action(f"places.{name}", label, order, icon, key, "places", enabled=self._any)
        self.bench.shell.actions_.add(self, action)

    def _any(self) -> bool:
        return self.card.card is not None

    def _add(self) -> None:
        self.forms.add(self.card.card, self._added)

    def _added(self, changes: Changes) -> None:
        self.tree.show_place(int(changes.ids[0]))

    def _show_why_empty(self, sites: int) -> None:
        if sites:
            self.states.show_content()
            return
        self.card.show_nothing()
        words = self.tr("Add the site first, then its buildings, floors and rooms; or import them from CSV or Excel.")
        button = None
        if self.bench.may(add_place):
            button = Button(self.tr("Add a site"), "plus", run=self._add)
        self.states.show_state(State("empty", self.tr("No places yet"), words, button, icon="map-pin"))

    def _say_figures(self, places: int, assets: int, missing: int) -> None:
        words = self.tr("{places:place|places} · {assets:asset|assets}") if places else ""
        if missing:
            words = self.tr("{places:place|places} · {assets:asset|assets} · {missing} missing")
        self.say(words.format(places=Count(places), assets=Count(assets), missing=Count(missing)))

    def _export(self) -> None:
        office = self.bench.runner.office
        self.export.ask(self.tr("Places"), COLUMNS, lambda: rows(office, PlaceList()))

    def _show_view(self, view: str) -> None:
        self.views.setCurrentIndex(1 if view == "map" else 0)
        if view == "map" and self.card.card is not None:
            self.map.choose(self.card.card.code)

    def _read(self, place_id: int) -> None:
        self.bench.read_card(self, self.card, place_card, place_id, done=self._show, failed=self._gone)

    def _show(self, card: PlaceCard) -> None:
        if card.id != self.tree.place_id():
            return
        known = {action.id: action for action in self.bench.shell.actions_.of("places")}
        wanted = ("places.assets", "places.edit", "places.move", "places.print_tag", "places.remove")
        self.card.show_card(card, [known[name] for name in wanted if name in known])
        self.map.choose(card.code)
        self.bench.shell.note_stop("places", f"{KIND}:{card.id}")

    def _gone(self, error: Exception) -> None:
        self.card.show_nothing()
        self.bench.runner.failed.emit(error)

    def _hear(self, changes: Changes) -> None:
        touched = changes.touched()
        if {KIND, "property.asset", "people.person", "people.entity"} & set(touched):
            self.map.count_again()
            self.tree.refresh()
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
        kinds = (self.tr("Drawings (*.svg)"),)
        ask_open(self, self.tr("Load a map"), kinds, "map", self.bench.preferences, self.load_map)

    def load_map(self, path: Path) -> None:
        """Keep the drawing of a file as the compound's map."""
        unreadable = self.tr("{file} cannot be read. A map is an SVG drawing in UTF-8.").format(file=path.name)

        def work(_progress: Progress) -> str:
            try:
                return path.read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise Trouble(unreadable) from error

        self.bench.runner.job(self, work, partial(self.bench.runner.write, set_map))
