"""Fields of categories: what each category of property notes of its own, kept by a supervisor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.plurals import Count
from cbo_desk.property import categories
from cbo_desk.property.fields import (
    KIND,
    CustomField,
    FieldForm,
    FieldKind,
    FieldList,
    FieldRow,
    change_field,
    define_field,
    field_now,
    move_field,
    retire_field,
)
from cbo_desk.property.fields.exporting import COLUMNS, rows
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cards import stack
from ui.kit.dialogs import Done, Failed, FormBox, open_form
from ui.kit.export import Export
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.list_views import ListViews
from ui.kit.meeting import Save, Standing
from ui.kit.page import Page
from ui.kit.record_list import RecordList
from ui.kit.saved_views import SavedView
from ui.kit.states import State
from ui.kit.tabs import Tab
from ui.property.fields.columns import field_columns, kind_word
from ui.property.sections import REGISTER, show_sections

Category = tuple[int, str, str]


class FieldsPage(Page):
    """The list of all custom fields, and what a supervisor does with them."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Fields of categories"), parent, help_page="fields")
        self.bench = bench
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self)
        self.list = RecordList(
            bench.runner,
            field_columns(),
            FieldList,
            name="property.fields",
            title=self.tr("Fields of categories"),
            things=self.tr("{count:field|fields}"),
            sort="label",
            empty=self._nothing_yet,
            preferences=bench.preferences,
            parent=self,
        )
        self._build()
        self._add_actions()

    def open_at(self, detail: str) -> None:
        """Show one field: Ctrl+K leads here."""
        ident = detail.rpartition(":")[2]
        if ident.isdigit():
            self.list.show_record(int(ident))

    # --- parts

    def _build(self) -> None:
        run = self.bench.shell.actions_.run
        if self.bench.may(define_field):
            words = self.tr("Add a field")
            self.add_buttons(Button(words, "plus", "primary", partial(run, "property.fields.add"), "Ctrl+N"))
        show_sections(self.bench, self, REGISTER)
        self.use_filter(self.tr("Filter fields"))
        self.add_tools(Tool("download", self.tr("Export this list"), partial(run, "property.fields.export")))
        self.views = ListViews(self.bench.shell, self.bench.preferences, "property.fields", [self._all()], self)
        self.views.shown.connect(lambda _name: self._take_view(SavedView("", {}, "label")))
        self.views.taken.connect(self._take_view)
        self.views.keep_from(lambda: self.list.view(words=self.filter_box.text().strip()), lambda: self.list.columns)
        left = QWidget(self)
        whole = stack(self.views.row(), self.list, gap=8)
        whole.setStretch(1, 1)
        left.setLayout(whole)
        self.set_body(left)
        self.list.counted.connect(self._say_count)
        self.list.all_asked.connect(self.filter_box.clear)
        self.filtered.connect(self.list.find_words)
        self.list.table.doubleClicked.connect(lambda _index: run("property.fields.edit"))
        self.bench.runner.changed.connect(self._hear)

    def _add_actions(self) -> None:
        say, add = self.tr, self.bench.shell.actions_.add
        self.views.add_actions(self, "property.fields", "property")
        if self.bench.may(define_field):
            words = say("Add a field to a category")
            add(self, Action("property.fields.add", words, self._add, "plus", "Ctrl+N", "property"))
        self._action("edit", say("Change this field"), self._edit, "pencil", "E", change_field)
        self._action("retire", say("Retire this field, or bring it back"), self._retire, "archive", "X", retire_field)
        self._action("up", say("Move this field up"), partial(self._move, True), "arrow-up", "U", move_field)
        self._action("down", say("Move this field down"), partial(self._move, False), "arrow-down", "D", move_field)
        words = say("Export the fields of categories")
        add(self, Action("property.fields.export", words, self._export, "download", "Ctrl+Shift+E", "property"))

    def _action(
        self, name: str, label: str, run: Callable[[FieldRow], object], icon: str, key: str, work: Callable[..., object]
    ) -> None:
        if not self.bench.may(work):
            return

        def go() -> None:
            row = self._row()
            if row is not None:
                run(row)

        action = Action(
            f"property.fields.{name}", label, go, icon, key, "property", enabled=lambda: self._row() is not None
        )
        self.bench.shell.actions_.add(self, action)

    def _row(self) -> FieldRow | None:
        row = self.list.model.row_at(self.list.table.currentIndex().row())
        return row if isinstance(row, FieldRow) else None

    # --- deeds

    def _add(self) -> None:
        self.bench.runner.read(self, categories, done=self._ask)

    def _edit(self, row: FieldRow) -> None:
        self._ask([(row.field.form.category_id, "", row.category)], row.field)

    def _ask(self, classes: Sequence[Category], field: CustomField | None = None) -> None:
        """Ask for a definition, new or changed; the choices stand one a line."""
        kinds = [(str(kind), kind_word(kind)) for kind in FieldKind]
        named = [(ident, name) for ident, _code, name in classes]
        fields = [
            Field("category_id", self.tr("Category"), "choice", required=True, choices=named),
            Field("label", self.tr("Name"), required=True, hint=self.tr("Memory"), longest=60),
            Field("kind", self.tr("Kind"), "choice", required=True, choices=kinds, beside=True),
            Field("unit", self.tr("Unit of a number"), hint="GB", longest=20),
            Field("least", self.tr("At least"), "number", beside=True),
            Field("most", self.tr("At most"), "number", beside=True),
            Field("choices", self.tr("What may be chosen"), "long", self.tr("one a line, for one of a list")),
            Field("required", self.tr("Needed on every asset of this category"), "yes"),
        ]
        form = Form(fields, "" if field else "property.field.new", None if field else self.bench.drafts)
        if field is not None:
            form.set_values(_values_of(field))

        def saving(field: CustomField | None) -> Save:
            def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
                said = _form_of(values)
                order = (define_field, said) if field is None else (change_field, field.id, field.version, said)
                self.bench.runner.write(*order, done=partial(self._made, done), failed=failed)

            return save

        def standing(field: CustomField) -> Standing:
            return Standing(_values_of(field), saving(field))

        edited = self.bench.edited(self, KIND, field.id, field_now, standing) if field is not None else None
        heading = self.tr("Change {field}").format(field=field.form.label) if field else self.tr("Add a field")
        summary = self.tr("It stands in the form of the category's assets, on their cards, in imports and exports.")
        verb = self.tr("Save") if field else self.tr("Add")
        box = FormBox(heading, form, saving(field), verb, summary=summary, width=600, edited=edited)
        open_form(self.bench.shell, box)

    def _made(self, done: Done, changes: Changes) -> None:
        done()
        self.list.show_record(changes.ids[0])

    def _retire(self, row: FieldRow) -> None:
        self.bench.runner.write(retire_field, row.id, not row.field.retired)

    def _move(self, up: bool, row: FieldRow) -> None:
        self.bench.runner.write(move_field, row.id, up)

    def _export(self) -> None:
        office, listing = self.bench.runner.office, self.list.listing()
        words = self.filter_box.text().strip()
        narrowed = f"“{words}”" if words else ""
        total = self.list.model.rowCount()
        self.export.ask(
            self.tr("Fields of categories"), COLUMNS, lambda: rows(office, listing), total=total, narrowed=narrowed
        )

    # --- what is shown

    def _all(self) -> Tab:
        return Tab("all", self.tr("All fields"))

    def _take_view(self, view: SavedView) -> None:
        self.list.take_view(view)
        self.filter_box.setText(str(view.filters.get("words", "")))

    def _hear(self, changes: Changes) -> None:
        if KIND in changes.touched():
            self.list.refresh()

    def _say_count(self, count: int) -> None:
        self.say(self.tr("{count:field|fields}").format(count=Count(count)))

    def _nothing_yet(self) -> State:
        words = self.tr("A category can note what its assets have of their own: memory, licence, number plate.")
        run = partial(self.bench.shell.actions_.run, "property.fields.add")
        button = Button(self.tr("Add a field"), "plus", run=run) if self.bench.may(define_field) else None
        return State("empty", self.tr("No fields yet"), words, button, icon="list-checks")


def _form_of(values: Mapping[str, Any]) -> FieldForm:
    lines = tuple(line.strip() for line in str(values["choices"]).splitlines() if line.strip())
    least: Decimal | None = values["least"]
    return FieldForm(
        values["category_id"],
        values["label"],
        FieldKind(values["kind"]),
        values["unit"],
        least,
        values["most"],
        lines,
        bool(values["required"]),
    )


def _values_of(field: CustomField) -> dict[str, Any]:
    """A definition as its form shows it."""
    stands = field.form
    named = {name: getattr(stands, name) for name in ("category_id", "label", "unit", "least", "most", "required")}
    return named | {"kind": str(stands.kind), "choices": "\n".join(stands.choices)}
