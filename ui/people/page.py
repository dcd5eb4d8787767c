"""The people desk on the screen: people and client entities, each with a list and a card."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from cbo_desk.changes import Changes
from cbo_desk.people import (
    EntityCard,
    EntityList,
    PersonCard,
    PersonList,
    add_entity,
    add_person,
    edit_entity,
    edit_person,
    entities,
    entity_card,
    leave,
    person_card,
    remove_entity,
    remove_person,
)
from cbo_desk.people.exporting import COLUMNS, ENTITY_COLUMNS, entity_rows, rows
from cbo_desk.people.importing import PEOPLE
from cbo_desk.permissions import Role, Rule
from cbo_desk.plurals import Count
from cbo_desk.tags import log_print
from ui.bench import Bench, record_of
from ui.imports.kinds import ImportKind
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.export import Export
from ui.kit.page import Page
from ui.kit.record_list import RecordList
from ui.kit.states import State
from ui.kit.tabs import Tab
from ui.people.cards import PeopleCard
from ui.people.columns import entity_columns, people_columns
from ui.people.forms import PeopleForms

PERSON = "people.person"
ENTITY = "people.entity"
IMPORT = "people/import"
_GIVES = Rule("property.hand_over_assets", "property", Role.CLERK, "hand over assets")
"""What it takes to be led to the property desk, which this desk does not know."""


class PeoplePage(Page):
    """Two lists, one card."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("People"), parent, help_page="people")
        self.bench = bench
        self.forms = PeopleForms(bench, self)
        self.card = PeopleCard(bench, self)
        self.people = self._list(
            people_columns(),
            PersonList,
            "people.people",
            self.tr("People"),
            self.tr("{count:person|people}"),
            "name",
            self._nobody_yet,
        )
        self.entities = self._list(
            entity_columns(),
            EntityList,
            "people.entities",
            self.tr("Entities"),
            self.tr("{count:entity|entities}"),
            "code",
            self._no_entity_yet,
        )
        self.lists = QStackedWidget(self)
        self.lists.addWidget(self.people)
        self.lists.addWidget(self.entities)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self)
        self._add_head()
        self._add_actions()
        self.set_body(self.lists, self.card, preferences=bench.preferences, name="people")
        self._connect()

    def open_at(self, detail: str) -> None:
        """Show a person or an entity: Ctrl+K, a scanned badge and Alt+← come here."""
        record = record_of(detail)
        if record is None:
            return
        kind, ident = record
        self._show_view("entities" if kind == ENTITY else "people")
        (self.entities if kind == ENTITY else self.people).show_record(ident)

    def _list(
        self, columns: Any, listing: Any, name: str, title: str, things: str, sort: str, empty: Callable[[], State]
    ) -> RecordList:
        return RecordList(
            self.bench.runner,
            columns,
            lambda text, order, down: listing(text, order, down),
            name=name,
            title=title,
            things=things,
            sort=sort,
            empty=empty,
            preferences=self.bench.preferences,
            parent=self,
        )

    def _nobody_yet(self) -> State:
        words = self.tr("Add the first one, or import a list from CSV or Excel.")
        run = partial(self.bench.shell.actions_.run, "people.add_person")
        button = Button(self.tr("Add a person"), "plus", run=run) if self.bench.may(add_person) else None
        return State("empty", self.tr("Nobody here yet"), words, button, icon="user")

    def _no_entity_yet(self) -> State:
        words = self.tr("People, places and assets belong to client entities. Add the first one.")
        run = partial(self.bench.shell.actions_.run, "people.add_entity")
        button = Button(self.tr("Add an entity"), "plus", run=run) if self.bench.may(add_entity) else None
        return State("empty", self.tr("No entities yet"), words, button, icon="building-2")

    def _connect(self) -> None:
        self.people.chosen.connect(self._read_person)
        self.entities.chosen.connect(self._read_entity)
        self.people.counted.connect(partial(self._count, "people"))
        self.entities.counted.connect(partial(self._count, "entities"))
        self.card.chosen.connect(self.bench.shell.actions_.run)
        self.tabs.chosen.connect(self._show_view)
        self.filtered.connect(lambda words: self._in_front().find_words(words))
        for one in (self.people, self.entities):
            one.all_asked.connect(self.filter_box.clear)
        self.bench.runner.changed.connect(self._hear)

    def _add_head(self) -> None:
        self.tabs.show_tabs([Tab("people", self.tr("People"), 0), Tab("entities", self.tr("Entities"), 0)])
        self.use_filter(self.tr("Filter people and entities"))
        run = self.bench.shell.actions_.run
        if self.bench.may(PEOPLE.command):
            self.add_buttons(Button(self.tr("Import"), "upload", "plain", partial(run, "people.import"), "Ctrl+I"))
        if self.bench.may(add_entity):
            self.add_buttons(Button(self.tr("Add an entity"), "building-2", "plain", partial(run, "people.add_entity")))
        if self.bench.may(add_person):
            self.add_buttons(
                Button(self.tr("Add a person"), "plus", "primary", partial(run, "people.add_person"), "Ctrl+N")
            )
        self.add_tools(Tool("download", self.tr("Export this list"), partial(run, "people.export")))

    def _add_actions(self) -> None:
        add = self._action
        add("add_person", self.tr("Add a person"), self._add_person, "plus", "Ctrl+N", add_person)
        add("add_entity", self.tr("Add an entity"), self._add_entity, "building-2", "", add_entity)
        add("import", self.tr("Import people from a file"), self._import, "upload", "Ctrl+I", PEOPLE.command)
        add("export", self.tr("Export this list"), self._export, "download", "", person_card)
        add("edit", self.tr("Edit"), self._edit, "pencil", "E", edit_person)
        add("leave", self.tr("Leaves"), self._leave, "log-out", "L", leave)
        add("assets", self.tr("Assets"), self._show_assets, "package", "A", person_card)
        if self.bench.runner.office.actor.may(_GIVES):
            add("give", self.tr("Give assets"), self._give, "user-check", "H", person_card)
            add("clearance", self.tr("Clearance"), self._clearance, "file-check", "C", person_card)
        add("badge", self.tr("Badge tag"), self._print, "qr-code", "P", log_print)
        add("remove", self.tr("Remove"), self._remove, "trash-2", "Del", remove_person)
        if self.bench.may(PEOPLE.command):
            self.bench.shell.add_page(IMPORT, self._make_import)

    def _action(
        self, name: str, label: str, run: Callable[[], object], icon: str, key: str, work: Callable[..., Any]
    ) -> None:
        if not self.bench.may(work):
            return
        needs = self._somebody if name in ("leave", "badge", "give", "clearance") else self._anything
        enabled = needs if len(key) == 1 or key == "Del" else lambda: True
        action = Action(f"people.{name}", label, run, icon, key, "people", enabled=enabled)
        self.bench.shell.actions_.add(self, action)

    def _somebody(self) -> bool:
        return self.card.person is not None

    def _anything(self) -> bool:
        return self.card.person is not None or self.card.entity is not None

    def _add_person(self) -> None:
        self.forms.add_person(partial(self._added, PERSON))

    def _add_entity(self) -> None:
        self.forms.add_entity(partial(self._added, ENTITY))

    def _added(self, kind: str, changes: Changes) -> None:
        self.open_at(f"{kind}:{changes.ids[0]}")

    def _import(self) -> None:
        self.bench.shell.go(IMPORT, "choose")

    def _make_import(self, parent: QWidget) -> QWidget:
        from ui.imports.page import ImportPage

        show = partial(self._show_view, "people")
        kind = ImportKind(
            PEOPLE, self.tr("Import people"), self.tr("people"), IMPORT, "people", show, offers={"entity": entities}
        )
        return ImportPage(self.bench, kind, parent)

    def _export(self) -> None:
        office, listing = self.bench.runner.office, self._in_front().listing()
        if isinstance(listing, EntityList):
            self.export.ask(self.tr("Entities"), ENTITY_COLUMNS, partial(entity_rows, office, listing))
        elif isinstance(listing, PersonList):
            self.export.ask(self.tr("People"), COLUMNS, partial(rows, office, listing))

    def _deeds(self, *names: str) -> list[Action]:
        known = {action.id: action for action in self.bench.shell.actions_.of("people")}
        return [known[f"people.{name}"] for name in names if f"people.{name}" in known]

    def _in_front(self) -> RecordList:
        return self.entities if self.tabs.current() == "entities" else self.people

    def _show_view(self, view: str) -> None:
        self.tabs.choose(view)
        self.lists.setCurrentWidget(self._in_front())
        self._in_front().find_words(self.filter_box.text().strip())
        ids = self._in_front().chosen_ids()
        if ids:
            (self._read_entity if view == "entities" else self._read_person)(ids[0])

    def _count(self, view: str, total: int) -> None:
        self.tabs.set_count(view, total)
        words = self.tr("{people:person|people} of {entities:entity|entities}")
        self.say(words.format(people=Count(self.people.total), entities=Count(self.entities.total)))

    def _read_person(self, ident: int) -> None:
        if self._in_front() is self.people:
            self.bench.read_card(self, self.card, person_card, ident, done=self._show_person, failed=self._gone)

    def _read_entity(self, ident: int) -> None:
        if self._in_front() is self.entities:
            self.bench.read_card(self, self.card, entity_card, ident, done=self._show_entity, failed=self._gone)

    def _show_person(self, card: PersonCard) -> None:
        self.card.show_person(card, self._deeds("assets", "give", "clearance", "edit", "leave", "badge", "remove"))
        self.bench.shell.note_stop("people", f"{PERSON}:{card.id}")

    def _show_entity(self, card: EntityCard) -> None:
        self.card.show_entity(card, self._deeds("assets", "edit", "remove"))
        self.bench.shell.note_stop("people", f"{ENTITY}:{card.id}")

    def _gone(self, error: Exception) -> None:
        self.card.show_nothing()
        self.bench.runner.failed.emit(error)

    def _hear(self, changes: Changes) -> None:
        if not {PERSON, ENTITY, "property.asset", "places.place"} & set(changes.touched()):
            return
        read = partial(self.bench.runner.read, self, failed=lambda _gone: self.card.show_nothing())
        if self.card.person:
            read(person_card, self.card.person.id, done=self._show_person)
        elif self.card.entity:
            read(entity_card, self.card.entity.id, done=self._show_entity)

    def _edit(self) -> None:
        if self.card.person:
            self.forms.edit_person(self.card.person)
        elif self.card.entity and self.bench.may(edit_entity):
            self.forms.edit_entity(self.card.entity)

    def _leave(self) -> None:
        if self.card.person:
            self.forms.leave(self.card.person)

    def _remove(self) -> None:
        if self.card.person:
            self.bench.runner.write(remove_person, self.card.person.id, self.card.person.version)
        elif self.card.entity:
            self.bench.runner.write(remove_entity, self.card.entity.id, self.card.entity.version)

    def _print(self) -> None:
        if self.card.person:
            self.bench.print_tags(PERSON, [self.card.person.id])

    def _give(self) -> None:
        """The property desk hands things over; it is asked by the window, since this desk does not know it."""
        if self.card.person:
            self.bench.shell.go("property", f"to:{self.card.person.id}")

    def _clearance(self) -> None:
        if self.card.person:
            self.bench.shell.go("property", f"clearance:{self.card.person.id}")

    def _show_assets(self) -> None:
        person, entity = self.card.person, self.card.entity
        if person:
            self.bench.shell.go("property", f"{PERSON}:{person.id}")
        elif entity:
            self.bench.shell.go("property", f"{ENTITY}:{entity.id}")
