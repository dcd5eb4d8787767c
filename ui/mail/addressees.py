"""Absences and groups: who is away and whose mail goes to whom, and the groups that mail may be for."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QStackedWidget, QWidget

from cbo_desk.context import clock, local
from cbo_desk.mail import add_group, bring_back_group, edit_group, note_absence, remove_absence, remove_group
from cbo_desk.mail.addressee_lists import (
    ABSENCE_COLUMNS,
    GROUP_COLUMNS,
    AbsenceList,
    GroupList,
    absence_rows,
    group_rows,
)
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cells import Look
from ui.kit.columns import Column
from ui.kit.export import Export
from ui.kit.page import Page
from ui.kit.phrases import day
from ui.kit.record_list import RecordList
from ui.kit.states import State
from ui.kit.tabs import Tab
from ui.mail.addressee_forms import AddresseeForms

VIEWS = ("coming", "past", "groups", "removed")
ABSENCES = VIEWS[:2]
IMPORT = "mail/groups/import"


class AddresseesPage(Page):
    """Four lists behind one row of views; what is removed can be undone."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Absences and groups"), parent, help_page="mail")
        self.bench = bench
        self.view = "coming"
        self._forms = AddresseeForms(bench, self)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self)
        self._built: dict[str, RecordList] = {}
        self.stack = QStackedWidget(self)
        words = {
            "coming": self.tr("Away now or soon"),
            "past": self.tr("Past absences"),
            "groups": self.tr("Groups"),
            "removed": self.tr("Removed groups"),
        }
        self.tabs.show_tabs([Tab(name, words[name]) for name in VIEWS], self.view)
        self.tabs.chosen.connect(self.show_view)
        self.use_filter(self.tr("Filter this list"))
        self.filtered.connect(lambda typed: self.list().find_words(typed))
        self.say(self.tr("Mail of somebody who is away goes to whom they named, or is held."))
        self._add_actions()
        self.set_body(self.stack)
        self.show_view(self.view)

    def open_at(self, detail: str) -> None:
        """Show one of the views."""
        if detail in VIEWS:
            self.tabs.choose(detail)
            self.show_view(detail)

    def show_view(self, view: str) -> None:
        """Show one of the lists, made when it is first shown."""
        self.view = view
        if view not in self._built:
            self._built[view] = self._make(view)
            self._built[view].all_asked.connect(self.filter_box.clear)
            self.stack.addWidget(self._built[view])
        self.stack.setCurrentWidget(self._built[view])
        self.list().find_words(self.filter_box.text().strip())

    def list(self) -> RecordList:
        """The list in front."""
        return self._built[self.view]

    # --- parts

    def _make(self, view: str) -> RecordList:
        away = view in ABSENCES
        make: Any = partial(self._absences, view) if away else partial(_groups, view)
        return RecordList(
            self.bench.runner,
            _absence_columns() if away else _group_columns(),
            make,
            name=f"mail.addressees.{view}",
            title=self.tr("Absences") if away else self.tr("Groups"),
            things=self.tr("{count:absence|absences}") if away else self.tr("{count:group|groups}"),
            sort="until" if away else "name",
            descending=view == "past",
            empty=partial(self._nothing, view),
            preferences=self.bench.preferences,
            parent=self,
        )

    def _absences(self, view: Any, words: str, sort: str, descending: bool) -> AbsenceList:
        return AbsenceList(local(clock()).date(), view, words, sort or "until", descending)

    def _nothing(self, view: str) -> State:
        if view in ABSENCES:
            button = Button(self.tr("Note an absence"), "calendar-days", run=self._forms.absence)
            mine = button if self.bench.may(note_absence) and view == "coming" else None
            words = self.tr("Whoever suggests an addressee is told that they are away, and whom mail goes to.")
            return State("empty", self.tr("Nobody is away"), words, mine, icon="calendar-days")
        words = self.tr("A group such as a registry is suggested as an addressee beside the people.")
        return State("empty", self.tr("No groups"), words, icon="users")

    def _add_actions(self) -> None:
        actions = self.bench.shell.actions_
        run = actions.run
        add = partial(actions.add, self)
        if self.bench.may(add_group):
            add(Action("mail.addressees.group", self.tr("Add a group of addressees"), self._forms.add_group, "users",
                       "", "mail"))  # fmt: skip
            self.add_buttons(Button(self.tr("Add a group"), "users", "plain", partial(run, "mail.addressees.group")))
            # Who may add may import, whose own command is loaded when it is wanted.
            self.bench.shell.add_page(IMPORT, self._make_import)
            go = partial(self.bench.shell.go, IMPORT, "choose")
            words = self.tr("Import groups from a file")
            add(Action("mail.addressees.import", words, go, "upload", "Ctrl+I", "mail"))
            self.add_tools(Tool("upload", words, partial(run, "mail.addressees.import")))
        if self.bench.may(note_absence):
            add(Action("mail.addressees.absence", self.tr("Note an absence"), self._forms.absence, "calendar-days",
                       "Ctrl+N", "mail"))  # fmt: skip
            words = self.tr("Note an absence")
            self.add_buttons(Button(words, "plus", "primary", partial(run, "mail.addressees.absence"), "Ctrl+N"))
        if self.bench.may(edit_group):
            words = self.tr("Change this group")
            add(Action("mail.addressees.edit", words, self._edit, "pencil", "E", "mail",
                       enabled=partial(self._possible, VIEWS[2:])))  # fmt: skip
            self.add_tools(Tool("pencil", words, partial(run, "mail.addressees.edit")))
        if self.bench.may(remove_absence):
            words = self.tr("Take back this absence, or remove this group")
            add(Action("mail.addressees.remove", words, self._remove, "undo-2", "X", "mail",
                       enabled=partial(self._possible, VIEWS[:3])))  # fmt: skip
            words = self.tr("Suggest this group again")
            add(Action("mail.addressees.bring_back", words, partial(self._do, bring_back_group), "repeat", "B", "mail",
                       enabled=partial(self._possible, VIEWS[3:])))  # fmt: skip
            self.add_tools(
                Tool("trash-2", self.tr("Take back or remove the chosen line"), self._remove),
                Tool("repeat", words, partial(run, "mail.addressees.bring_back")),
            )
        add(Action("mail.addressees.export", self.tr("Export this list"), self._export, "download", "Ctrl+Shift+E",
                   "mail"))  # fmt: skip
        self.add_tools(Tool("download", self.tr("Export this list"), partial(run, "mail.addressees.export")))

    def _remove(self) -> None:
        if self._possible(VIEWS[:3]):
            self._do(remove_absence if self.view in ABSENCES else remove_group)

    def _make_import(self, parent: QWidget) -> QWidget:
        from cbo_desk.mail.group_import import GROUPS
        from ui.imports.kinds import ImportKind
        from ui.imports.page import ImportPage

        show = partial(self.open_at, "groups")
        kind = ImportKind(GROUPS, self.tr("Import groups"), self.tr("groups"), IMPORT, "mail/addressees", show)
        return ImportPage(self.bench, kind, parent)

    def _edit(self) -> None:
        """Change the chosen group, also by a double click."""
        if self._possible(VIEWS[2:]):
            self._forms.edit_group(self.list().chosen_ids()[0])

    def _possible(self, views: tuple[str, ...]) -> bool:
        return self.view in views and self.view in self._built and bool(self.list().chosen_ids())

    def _do(self, deed: Any) -> None:
        ids = self.list().chosen_ids()
        if ids:
            self.bench.runner.write(deed, ids[0])

    def _export(self) -> None:
        listing, office = self.list().listing(), self.bench.runner.office
        total = self.list().model.rowCount()
        if isinstance(listing, AbsenceList):
            rows = partial(absence_rows, office, listing)
            self.export.ask(self.tr("Absences"), ABSENCE_COLUMNS, rows, total=total)
        elif isinstance(listing, GroupList):
            self.export.ask(self.tr("Groups"), GROUP_COLUMNS, partial(group_rows, office, listing), total=total)


def _groups(view: Any, words: str, _sort: str, descending: bool) -> GroupList:
    return GroupList(view, words, descending)


def _absence_columns() -> tuple[Column, ...]:
    return (
        Column(Look("name", "ref", 200), QCoreApplication.translate("mail", "Who"), lambda row: row.name),
        Column(
            Look("entity", "muted", 100, 2), QCoreApplication.translate("mail", "Entity"), lambda row: row.entity or "—"
        ),
        Column(
            Look("since", "date", 110),
            QCoreApplication.translate("mail", "From"),
            lambda row: day(row.since),
            sort="since",
        ),
        Column(
            Look("until", "date", 110),
            QCoreApplication.translate("mail", "Until"),
            lambda row: day(row.until),
            sort="until",
        ),
        Column(
            Look("other", "text", 200),
            QCoreApplication.translate("mail", "Mail goes to"),
            lambda row: row.goes_to or QCoreApplication.translate("mail", "held"),
        ),
        Column(
            Look("note", "muted", 160, 3, stretch=True),
            QCoreApplication.translate("mail", "Note"),
            lambda row: row.note or "—",
        ),
    )


def _group_columns() -> tuple[Column, ...]:
    return (
        Column(
            Look("name", "ref", 260, stretch=True),
            QCoreApplication.translate("mail", "Group"),
            lambda row: row.name,
            sort="name",
        ),
        Column(Look("entity", "muted", 120), QCoreApplication.translate("mail", "Entity"), lambda row: row.entity),
        Column(
            Look("place", "muted", 140, 2),
            QCoreApplication.translate("mail", "Brought to"),
            lambda row: row.place or "—",
        ),
        Column(
            Look("email", "muted", 220, 3),
            QCoreApplication.translate("mail", "E-mail"),
            lambda row: row.email or QCoreApplication.translate("mail", "is not told"),
        ),
        Column(
            Look("members", "num", 90, 1),
            QCoreApplication.translate("mail", "People"),
            lambda row: f"{row.members:,}" if row.members else "—",
        ),
    )
